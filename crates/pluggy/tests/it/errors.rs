//! Statuses and bodies of errors, and what each becomes.

use crate::fixtures::{answer, item_json, json_answer, later, now, with};
use pluggy::{
    ApiError, ErrorKind, Parameters, Retry, UnreadableAnswer, judge_deletion, judge_item, judge_submission,
    judge_validation,
};
use serde_json::{Value, json};
use web::Response;

fn judged(response: &Response) -> ApiError {
    judge_item(response, now()).unwrap_err()
}

fn invalid() -> ErrorKind {
    ErrorKind::Invalid { fields: Vec::new() }
}

#[test]
fn every_status_has_its_kind_and_says_whether_to_ask_again() {
    let offline = json!({ "code": 400, "message": "Connector is OFFLINE at the moment" });
    let described = |word: &str| json!({ "code": 400, "codeDescription": word, "message": "…" });
    let plain = |code: u16| json!({ "code": code, "message": "Mensagem" });
    let later = Retry::Later { not_before: None };
    for (status, body, kind, retry) in [
        (400, plain(400), invalid(), Retry::AfterCorrection),
        (400, json!({}), invalid(), Retry::AfterCorrection),
        (400, offline, ErrorKind::ConnectorOffline, later),
        (400, described("CONNECTOR_OFFLINE"), ErrorKind::ConnectorOffline, later),
        (400, described("ITEM_ALREADY_UPDATING"), ErrorKind::Conflict, later),
        (400, described("ITEM_IS_ALREADY_UPDATING"), ErrorKind::Conflict, later),
        (400, described("CLIENT_IS_UPDATING_BEFORE_ALLOWED_FREQUENCY"), ErrorKind::Conflict, later),
        (400, described("CREATE_ITEMS_API_FREE_DISABLED"), ErrorKind::Forbidden, Retry::No),
        (400, described("SANDBOX_CLIENT_ITEM_UPDATE_NOT_ALLOWED"), ErrorKind::Forbidden, Retry::No),
        (401, plain(401), ErrorKind::Unauthorized, Retry::WithNewCredential),
        (403, plain(403), ErrorKind::Forbidden, Retry::No),
        (
            403,
            json!({ "message": "Missing or invalid authorization token" }),
            ErrorKind::Unauthorized,
            Retry::WithNewCredential,
        ),
        (404, plain(404), ErrorKind::NotFound, Retry::No),
        (405, plain(405), invalid(), Retry::AfterCorrection),
        (409, plain(409), ErrorKind::Conflict, later),
        (
            409,
            json!({ "codeDescription": "ITEM_USER_ALREADY_EXISTS", "items": ["i-1", "i-2"] }),
            ErrorKind::AlreadyExists { items: vec!["i-1".to_owned(), "i-2".to_owned()] },
            Retry::No,
        ),
        (
            400,
            json!({ "code": "ITEM_USER_ALREADY_EXIST", "data": { "items": [{ "id": "i-1" }, "../x"] } }),
            ErrorKind::AlreadyExists { items: vec!["i-1".to_owned()] },
            Retry::No,
        ),
        (
            409,
            json!({ "code": 409, "message": "ITEM_USER_ALREADY_EXISTS" }),
            ErrorKind::AlreadyExists { items: Vec::new() },
            Retry::No,
        ),
        (410, plain(410), ErrorKind::NotFound, Retry::No),
        (
            429,
            json!({ "message": "Too many", "code": 429 }),
            ErrorKind::RateLimited { retry_after: None },
            later,
        ),
        (500, plain(500), ErrorKind::Unavailable { retry_after: None }, later),
        (503, plain(503), ErrorKind::Unavailable { retry_after: None }, later),
        (599, json!(null), ErrorKind::Unavailable { retry_after: None }, later),
        (302, json!({}), ErrorKind::Unreadable(UnreadableAnswer::Status), later),
        (100, json!({}), ErrorKind::Unreadable(UnreadableAnswer::Status), later),
    ] {
        let error = judged(&json_answer(status, &body));
        assert_eq!((error.status, &error.kind, error.retry()), (status, &kind, retry), "{status} {body}");
        assert!(error.to_string().contains(&status.to_string()));
    }
}

#[test]
fn what_cannot_be_read_is_no_word_about_the_item() {
    let cut = item_json().to_string();
    for (status, body, why) in [
        (200, "", UnreadableAnswer::Empty),
        (200, " \r\n", UnreadableAnswer::Empty),
        (200, "<!doctype html><p>CANARY", UnreadableAnswer::NotJson),
        (200, &cut[..cut.len() - 9], UnreadableAnswer::NotJson),
        (200, "null", UnreadableAnswer::Shape),
        (200, "[]", UnreadableAnswer::Shape),
        (200, "\"CANARY\"", UnreadableAnswer::Shape),
        (200, "{}", UnreadableAnswer::Shape),
        (200, "{\"id\":null}", UnreadableAnswer::Shape),
        (200, "{\"id\":\"\"}", UnreadableAnswer::Shape),
        (400, "<html>CANARY", UnreadableAnswer::NotJson),
        (413, "", UnreadableAnswer::Empty),
    ] {
        let error = judged(&answer(status, body));
        assert_eq!(error.kind, ErrorKind::Unreadable(why), "{status} {body}");
        assert_eq!(error.retry(), Retry::Later { not_before: None });
        assert!(!format!("{error} {error:?}").contains("CANARY"));
    }
    assert_eq!(judged(&answer(502, "<html>Bad gateway")).kind, ErrorKind::Unavailable { retry_after: None });
    assert_eq!(judged(&answer(401, "<html>")).kind, ErrorKind::Unauthorized);
    assert!(judge_item(&answer(200, [0xff, 0xfe, b'{', b'}']), now()).is_err());
}

#[test]
fn an_item_that_may_exist_is_looked_for_before_another_is_made() {
    for (status, body, may) in [
        (200, "{\"id\":", true),
        (201, "", true),
        (302, "{}", true),
        (500, "{}", true),
        (502, "<html>", true),
        (504, "", true),
        (503, "{}", false),
        (400, "<html>", false),
        (400, "{}", false),
        (401, "{}", false),
        (429, "{}", false),
    ] {
        assert_eq!(judged(&answer(status, body)).may_have_been_carried_out(), may, "{status} {body}");
    }
}

#[test]
fn pauses_come_as_seconds_or_as_a_date_and_end_within_the_hour() {
    for (header, expected) in [
        ("0", None),
        ("60", Some(60)),
        (" 5 ", Some(5)),
        ("999999", Some(3_600)),
        ("99999999999999999999999", Some(3_600)),
        ("Sat, 21 Nov 2026 12:10:00 GMT", Some(600)),
        ("Sat, 21 Nov 2026 11:10:00 GMT", None),
        ("Sun, 22 Nov 2026 12:10:00 GMT", Some(3_600)),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("1.5", None),
    ] {
        for status in [429, 503] {
            let response = Response { retry_after: Some(header.to_owned()), ..answer(status, "{}") };
            let not_before = expected.map(later);
            assert_eq!(judged(&response).retry(), Retry::Later { not_before }, "{status} {header}");
        }
    }
}

#[test]
fn fields_are_told_in_both_forms() {
    let fields = json!([
        { "code": "001", "message": "Obrigatório", "parameter": "cpf" },
        { "code": 2, "message": "Não confere", "parameter": "senha" },
        { "message": "Sem campo" },
        { "code": "003" },
        null,
        "x"
    ]);
    for name in ["errors", "details"] {
        let body = json!({ "code": 400, "codeDescription": "PARAMETER_VALIDATION_ERROR", "message": "Inválido", name: fields });
        let error = judged(&json_answer(400, &body));
        let ErrorKind::Invalid { fields } = &error.kind else { panic!("{error:?}") };
        let told: Vec<_> = fields
            .iter()
            .map(|one| (one.code.as_str(), one.message.as_str(), one.parameter.as_str()))
            .collect();
        assert_eq!(
            told,
            [("001", "Obrigatório", "cpf"), ("2", "Não confere", "senha"), ("", "Sem campo", "")],
            "{name}"
        );
        assert_eq!(error.code_description.as_deref(), Some("PARAMETER_VALIDATION_ERROR"));
    }
    // An offline field is a wrong field, not an institution that is offline.
    let body =
        json!({ "message": "offline", "errors": [{ "code": "001", "message": "m", "parameter": "p" }] });
    assert!(matches!(judged(&json_answer(400, &body)).kind, ErrorKind::Invalid { .. }));
}

#[test]
fn words_of_a_server_are_bounded_and_printable() {
    let body = json!({
        "code": "X Y", "codeDescription": "A".repeat(65), "message": format!("a\u{202e}b\nc\u{7}{}", "ç".repeat(900)),
        "errors": vec![json!({ "message": "m".repeat(900) }); 80]
    });
    let error = judged(&json_answer(400, &body));
    assert_eq!((error.code.as_deref(), error.code_description.as_deref()), (None, None));
    let message = error.message.unwrap();
    assert!(message.starts_with("ab cç") && message.chars().count() == 500, "{message}");
    let ErrorKind::Invalid { fields } = error.kind else { panic!() };
    assert_eq!(fields.len(), 50);
    assert!(fields.iter().all(|field| field.message.len() == 500));
}

#[test]
fn what_was_sent_is_hidden_where_a_text_was_cut_in_its_midst() {
    let sent = Parameters::new().with("senha", "CANARY-senha-ção").with("opção", "1");
    for kept in 470..500 {
        let body = json!({ "message": format!("{}CANARY-senha-ção é errada: 1", "x".repeat(kept)) });
        let message = judge_submission(&json_answer(400, &body), &sent, now()).unwrap_err().message.unwrap();
        // Two letters are nobody's password, and sentences end in many.
        assert!(!message.contains("CAN"), "{message}");
        assert!(message.starts_with(&"x".repeat(kept)));
    }
    let body = json!({ "message": "Erro 401" });
    let message = judge_submission(&json_answer(400, &body), &sent, now()).unwrap_err().message;
    assert_eq!(message.as_deref(), Some("Erro 401"), "the number of a choice garbles nothing");
}

/// Answers that quote what was sent wherever a text may stand.
fn quoting(status: u16) -> Response {
    let text = "The value CANARY-senha of senha is wrong (CANARY-senha)";
    let body = json!({
        "code": "CANARY-senha", "codeDescription": "CANARY-senha", "message": text, "error": text,
        "errors": [{ "code": "CANARY-senha", "message": text, "parameter": "senha CANARY-senha" }],
    });
    json_answer(status, &body)
}

#[test]
fn what_was_sent_is_in_no_error() {
    let sent = Parameters::new().with("senha", "CANARY-senha").with("token", "").with("conta", " ");
    for status in [200, 302, 400, 401, 403, 404, 409, 429, 500] {
        for error in [
            judge_submission(&quoting(status), &sent, now()).err(),
            judge_validation(&quoting(status), &sent, now()).err(),
        ]
        .into_iter()
        .flatten()
        {
            let ApiError { kind, status: _, code, code_description, message } = &error;
            let mut texts = vec![format!("{error} {error:?} {error:#?}")];
            texts.extend([code, code_description, message].into_iter().flatten().cloned());
            if let ErrorKind::Invalid { fields } = kind {
                assert_eq!(fields.len(), 1);
                texts.extend(
                    fields.iter().map(|one| format!("{} {} {}", one.code, one.message, one.parameter)),
                );
            }
            assert!(texts.iter().all(|text| !text.contains("CANARY")), "{texts:?}");
        }
    }
    let error = judge_submission(&quoting(400), &sent, now()).unwrap_err();
    assert_eq!(error.message.as_deref(), Some("The value … of senha is wrong (…)"));
}

#[test]
fn what_was_sent_is_in_no_item_or_validation() {
    let sent = Parameters::new().with("senha", "CANARY-senha");
    let text = "wrong: CANARY-senha";
    let body = with(
        item_json(),
        json!({
            "status": "LOGIN_ERROR", "executionStatus": "INVALID_CREDENTIALS",
            "error": { "code": "INVALID_CREDENTIALS", "message": text, "providerMessage": text, "attributes": { "a": text } },
            "statusDetail": { "accounts": { "isUpdated": false, "warnings": [{ "code": "001", "message": text, "providerMessage": text }] } }
        }),
    );
    let item = judge_submission(&json_answer(200, &body), &sent, now()).unwrap();
    let printed = format!("{item:?} {}", serde_json::to_string(&item).unwrap());
    assert!(!printed.contains("CANARY"), "{printed}");
    assert_eq!(item.error.unwrap().message.as_deref(), Some("wrong: …"));

    let body = json!({
        "parameters": { "senha": "CANARY-senha" },
        "errors": [{ "code": "002", "message": text, "parameter": "senha" }, null]
    });
    let validation = judge_validation(&json_answer(200, &body), &sent, now()).unwrap();
    assert_eq!(validation.errors.len(), 1);
    assert_eq!(validation.errors[0].message, "wrong: …");
    assert!(!format!("{validation:?}").contains("CANARY"));
    let well = judge_validation(&json_answer(200, &json!({ "parameters": {}, "errors": [] })), &sent, now());
    assert!(well.unwrap().errors.is_empty());
}

#[test]
fn an_item_that_is_gone_is_deleted() {
    for (status, deleted) in
        [(200, true), (204, true), (404, true), (410, true), (401, false), (403, false), (500, false)]
    {
        assert_eq!(judge_deletion(&answer(status, ""), now()).is_ok(), deleted, "{status}");
    }
}

#[test]
fn errors_print_no_sentence_of_a_server() {
    let body: Value =
        json!({ "message": "CANARY", "errors": [{ "message": "CANARY", "parameter": "CANARY" }] });
    for status in [400, 401, 403, 404, 409, 429, 500] {
        let error = judged(&json_answer(status, &body));
        assert!(!format!("{error} {error:?} {error:#?}").contains("CANARY"));
    }
}
