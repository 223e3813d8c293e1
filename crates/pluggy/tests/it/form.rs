//! What a form asks, what it takes, and what it refuses.

use crate::fixtures::{connector, item, later, now};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pluggy::{Check, Choice, Complaint, Form, Input, Parameters, Picture, PictureKind, Question};
use serde_json::{Value, json};

/// The one field of a form that is described so.
fn form(field: &Value) -> Form {
    let form = Form::of(&connector(json!({ "credentials": [field] })));
    assert_eq!(form.fields.len(), 1);
    form
}

fn check(field: &Value, value: &str) -> Check {
    form(field).fields[0].check(value)
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n0000";

fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

#[test]
fn every_kind_of_field_is_filled_in_somehow() {
    let options = json!([{ "value": "01", "label": "Conta 01" }, { "value": 2 }, { "label": "x" }, null]);
    let unfamiliar = |kind: &str| Input::Unfamiliar(kind.to_owned());
    for (field, input) in [
        (json!({ "name": "a", "type": "number" }), Input::Digits),
        (json!({ "name": "a", "type": "password" }), Input::Hidden),
        (json!({ "name": "a", "type": "text" }), Input::Text),
        (json!({ "name": "a", "type": "ethaddress" }), Input::Text),
        (json!({ "name": "a" }), Input::Text),
        (json!({ "name": "a", "type": null }), Input::Text),
        (json!({ "name": "a", "type": 7 }), unfamiliar("7")),
        (json!({ "name": "a", "type": "hcaptcha" }), unfamiliar("hcaptcha")),
        (json!({ "name": "a", "type": "voiceprint" }), unfamiliar("voiceprint")),
        (
            json!({ "name": "a", "type": "select", "options": options }),
            Input::Choice(vec![
                Choice { value: "01".to_owned(), label: "Conta 01".to_owned() },
                Choice { value: "2".to_owned(), label: "2".to_owned() },
            ]),
        ),
        (json!({ "name": "a", "type": "select", "options": [] }), Input::Text),
        (json!({ "name": "a", "type": "select", "options": "none" }), Input::Text),
        (json!({ "name": "a", "type": "image", "data": null }), Input::Text),
        (json!({ "name": "a", "type": "image", "data": "<svg/>" }), Input::Text),
        (
            json!({ "name": "a", "type": "image", "data": base64(PNG) }),
            Input::Picture(Picture::from_base64(&base64(PNG)).unwrap()),
        ),
    ] {
        assert_eq!(form(&field).fields[0].input, input, "{field}");
    }
}

#[test]
fn words_of_a_field_reach_the_person_in_one_line() {
    let form = form(&json!({
        "name": "token", "label": "Código\n\u{202e}do app", "mfa": true, "optional": true,
        "assistiveText": "Abra o app", "placeholder": "000000", "validationMessage": "Seis dígitos."
    }));
    let field = &form.fields[0];
    assert_eq!((field.name.as_str(), field.label.as_str()), ("token", "Código do app"));
    assert!(field.is_mfa && field.is_optional && !field.pattern_ignored);
    assert_eq!(field.assistive_text.as_deref(), Some("Abra o app"));
    assert_eq!(field.placeholder.as_deref(), Some("000000"));
    assert_eq!(field.validation_message.as_deref(), Some("Seis dígitos."));
}

#[test]
fn fields_without_a_name_cannot_be_sent_and_are_left_out() {
    let fields = json!([{ "label": "CPF" }, null, 7, { "name": "" }, { "name": "senha" }]);
    let form = Form::of(&connector(json!({ "credentials": fields })));
    assert_eq!(form.fields.iter().map(|field| field.label.as_str()).collect::<Vec<_>>(), ["senha"]);
    for none in [json!(null), json!({}), json!("x")] {
        assert!(Form::of(&connector(json!({ "credentials": none }))).fields.is_empty());
    }
}

#[test]
fn values_are_checked_by_kind() {
    use Complaint::{AgainstPattern, Missing, NotAChoice, NotDigits, TooLong};
    let digits = || json!({ "name": "conta", "type": "number" });
    let choice =
        || json!({ "name": "conta", "type": "select", "options": [{ "value": "01", "label": "Um" }] });
    let optional = || json!({ "name": "conta", "type": "number", "optional": true });
    let cpf =
        || json!({ "name": "cpf", "type": "number", "validation": "^\\d{3}\\.?\\d{3}\\.?\\d{3}-?\\d{2}$" });
    let picture = || json!({ "name": "qr", "type": "image", "data": base64(PNG) });
    for (field, value, expected) in [
        (digits(), "007", Check::Fits),
        (digits(), "", Check::Wrong(Missing)),
        (digits(), "12a", Check::Wrong(NotDigits)),
        (digits(), "-1", Check::Wrong(NotDigits)),
        (digits(), "1.5", Check::Wrong(NotDigits)),
        (digits(), "١٢", Check::Wrong(NotDigits)),
        (digits(), &"1".repeat(1_001), Check::Wrong(TooLong)),
        (cpf(), "01234567890", Check::Fits),
        (cpf(), "012.345.678-90", Check::Fits),
        (cpf(), "012.345.678-9x", Check::Wrong(AgainstPattern)),
        (optional(), "", Check::Fits),
        (optional(), "x", Check::Wrong(NotDigits)),
        (choice(), "01", Check::Fits),
        (choice(), "1", Check::Wrong(NotAChoice)),
        (choice(), "Um", Check::Wrong(NotAChoice)),
        (picture(), "", Check::Fits),
        (json!({ "name": "senha", "type": "password" }), " ", Check::Fits),
        (json!({ "name": "x", "type": "voiceprint" }), "anything", Check::Fits),
    ] {
        assert_eq!(check(&field, value), expected, "{field} {value}");
    }
}

#[test]
fn a_form_complains_by_field_and_lets_the_rest_through() {
    let connector = connector(json!({ "credentials": [
        { "name": "cpf", "type": "number", "validation": "^\\d{11}$" },
        { "name": "senha", "type": "password" },
        { "name": "token", "type": "text", "optional": true, "validation": "[" }
    ] }));
    let form = Form::of(&connector);
    let complaints = |parameters: Parameters| {
        form.complaints(&parameters).into_iter().map(|(name, why)| (name.to_owned(), why)).collect::<Vec<_>>()
    };
    let wrong = Parameters::new().with("cpf", "0123").with("token", "CANARY");
    assert_eq!(
        complaints(wrong),
        [("cpf".to_owned(), Complaint::AgainstPattern), ("senha".to_owned(), Complaint::Missing)]
    );
    assert!(complaints(Parameters::new().with("cpf", "01234567890").with("senha", "CANARY")).is_empty());
}

#[test]
fn a_question_is_asked_until_it_expires() {
    assert!(Question::of(&item(json!({}))).is_none());
    for approval in [
        json!({ "name": "oauth_code", "label": "Autorize" }),
        json!({ "name": "x", "type": "oauth", "data": "https://auth.bancoipe.example/" }),
        json!({ "name": "x", "data": { "url": "https://auth.bancoipe.example/" } }),
    ] {
        assert!(
            Question::of(&item(json!({ "parameter": approval }))).is_none(),
            "{approval} is answered elsewhere"
        );
    }
    let item = item(json!({
        "status": "WAITING_USER_INPUT", "executionStatus": "WAITING_USER_INPUT",
        "parameter": {
            "name": "token", "label": "Token", "type": "number", "validation": "^\\d{6}$",
            "instructions": "Enviamos um SMS para (11) 9••••-••12.", "expiresAt": "2026-11-21T12:05:00.000Z"
        }
    }));
    let question = Question::of(&item).unwrap();
    assert_eq!(question.instructions.as_deref(), Some("Enviamos um SMS para (11) 9••••-••12."));
    assert_eq!(question.expires_at, Some(later(300)));
    assert!(!question.is_over(now()) && question.is_over(later(300)));
    assert_eq!(question.field.check("012345"), Check::Fits);
    assert_eq!(question.field.check("01234"), Check::Wrong(Complaint::AgainstPattern));
}

#[test]
fn pictures_are_raster_files_of_a_bounded_size() {
    let jpeg: &[u8] = b"\xff\xd8\xff\xe0data";
    let shown = [
        (base64(PNG), PictureKind::Png),
        (base64(jpeg), PictureKind::Jpeg),
        (base64(b"GIF89a...."), PictureKind::Gif),
        (format!("data:image/png;base64,{}", base64(PNG)), PictureKind::Png),
        // What a file is called does not matter.
        (format!("data:image/svg+xml;base64,{}", base64(jpeg)), PictureKind::Jpeg),
        (format!(" {}\n{}\n", &base64(PNG)[..8], &base64(PNG)[8..]), PictureKind::Png),
    ];
    for (text, kind) in shown {
        let picture = Picture::from_base64(&text).unwrap();
        assert_eq!(picture.kind(), kind, "{text}");
        assert!(!picture.bytes().is_empty());
        assert!(Picture::from_base64(&picture.data_url()).is_some_and(|again| again == picture));
        assert!(!format!("{picture:?}").contains(&base64(PNG)), "a QR code can be a login");
    }
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>";
    let large = [PNG, &vec![0; 512 * 1024][..]].concat();
    for refused in [
        String::new(),
        svg.to_owned(),
        base64(svg.as_bytes()),
        format!("data:image/svg+xml;base64,{}", base64(svg.as_bytes())),
        format!("data:image/svg+xml,{svg}"),
        base64(b"<?xml version=\"1.0\"?><svg/>"),
        base64(b"<html>"),
        "https://cdn.example/qr.png".to_owned(),
        "####".to_owned(),
        base64(&large),
    ] {
        assert!(Picture::from_base64(&refused).is_none(), "{}", &refused[..refused.len().min(60)]);
    }
}
