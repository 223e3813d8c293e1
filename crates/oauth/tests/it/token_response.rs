//! What the token endpoint answers. Numbers T50 to T73 name the failure cases.

use crate::fixtures::{answer, answer_with_pause, later, now};
use jiff::{SignedDuration, Timestamp};
use oauth::{
    AnswerShape, Disposition, Grant, Response, TokenError, judge_token_response, judge_token_response_in,
};
use serde_json::{Value, json};

const LATER: Disposition = Disposition::Later { not_before: None };
const YEAR: i64 = 366 * 24 * 3600;

fn judge(response: &Response) -> Result<Grant, TokenError> {
    let judged = judge_token_response(response, &["accounts".to_owned()], now());
    if let Err(error) = &judged {
        let printed = format!("{error} {error:?} {error:#?}");
        assert!(!printed.contains("CANARY"), "{printed}");
    }
    judged
}

/// An ordinary answer in which `name` is `value`, or missing.
fn with(name: &str, value: Option<Value>) -> Response {
    let mut body = json!({
        "access_token": "CANARY-access",
        "refresh_token": "CANARY-refresh",
        "token_type": "Bearer",
        "expires_in": 3600,
    });
    let members = body.as_object_mut().unwrap();
    match value {
        Some(value) => drop(members.insert(name.to_owned(), value)),
        None => drop(members.remove(name)),
    }
    answer(200, body.to_string())
}

fn granted(name: &str, value: Option<Value>) -> Grant {
    judge(&with(name, value)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn refused(response: &Response) -> TokenError {
    judge(response).err().unwrap_or_else(|| panic!("{response:?} is no grant"))
}

#[test]
fn ordinary_answer_is_a_grant() {
    let grant = granted("id_token", Some(json!("CANARY-id")));
    assert!(grant.access_token.matches("CANARY-access"));
    assert!(grant.refresh_token.is_some_and(|token| token.matches("CANARY-refresh")));
    assert!(grant.id_token.is_some_and(|token| token.matches("CANARY-id")));
    assert_eq!(grant.expires_at, Some(later(3600)), "from when the request was sent");
    let raw: Value = serde_json::from_str(grant.raw.expose()).unwrap();
    assert_eq!(raw["expires_in"], 3600);
}

#[test]
fn lifetimes_are_read_as_servers_write_them() {
    let table: [(Option<Value>, Option<Timestamp>); 16] = [
        (None, None),
        (Some(json!(0)), Some(now())),
        (Some(json!(-5)), Some(now())),
        (Some(json!("3600")), Some(later(3600))),
        (Some(json!(" 3600 ")), Some(later(3600))),
        (Some(json!("abc")), None),
        (Some(json!("")), None),
        (Some(json!("NaN")), None),
        (Some(json!(3600.7)), Some(later(3600))),
        (Some(json!(1e15)), Some(later(YEAR))),
        (Some(json!(u64::MAX)), Some(later(YEAR))),
        (Some(json!(i64::MIN)), Some(now())),
        (Some(json!("99999999999999999999999999")), Some(later(YEAR))),
        (Some(Value::Null), None),
        (Some(json!(true)), None),
        (Some(json!([3600])), None),
    ];
    for (value, expected) in table {
        assert_eq!(granted("expires_in", value.clone()).expires_at, expected, "T50 {value:?}");
    }
}

#[test]
fn lifetime_of_the_refresh_token_is_found_under_its_three_names() {
    for name in ["refresh_token_expires_in", "x_refresh_token_expires_in", "refresh_expires_in"] {
        let grant = granted(name, Some(json!(8_726_400)));
        assert_eq!(grant.refresh_expires_at, Some(later(8_726_400)), "{name}");
    }
    assert_eq!(granted("scope", None).refresh_expires_at, None);
}

fn judged_in(shape: &AnswerShape<'_>, body: &Value) -> Grant {
    judge_token_response_in(&answer(200, body.to_string()), shape, &[], now()).ok().unwrap()
}

#[test]
fn an_end_that_is_said_as_an_instant_is_read_as_servers_write_it() {
    let shape = AnswerShape { expires_at: Some("/expires_at"), ..AnswerShape::default() };
    let in_an_hour = now().as_second() + 3600;
    let table: [(Value, Option<Timestamp>); 12] = [
        (json!(later(3600).to_string()), Some(later(3600))),
        (json!("2026-11-21T10:00:00-03:00"), Some(later(3600))),
        (json!(in_an_hour), Some(later(3600))),
        (json!(in_an_hour * 1000), Some(later(3600))),
        (json!(in_an_hour.to_string()), Some(later(3600))),
        (json!("9999-12-30T00:00:00Z"), Some(later(YEAR))),
        (json!(now().to_string()), None),
        (json!(0), None),
        (json!(-5), None),
        (json!(f64::MAX), None),
        (json!("soon"), None),
        (Value::Null, None),
    ];
    for (said, expected) in table {
        let body = json!({"access_token": "at", "expires_at": said});
        assert_eq!(judged_in(&shape, &body).expires_at, expected, "{said}");
    }
    let both = json!({"access_token": "at", "expires_in": 60, "expires_at": in_an_hour});
    assert_eq!(judged_in(&shape, &both).expires_at, Some(later(60)), "a life needs no clock");
    let deep = AnswerShape { refresh_expires_at: Some("/data/0"), ..shape };
    let body = json!({"access_token": "at", "data": [in_an_hour]});
    assert_eq!(judged_in(&deep, &body).refresh_expires_at, Some(later(3600)));
    assert_eq!(judged_in(&AnswerShape::default(), &both).expires_at, Some(later(60)));
}

#[test]
fn a_life_that_is_known_counts_where_the_answer_says_nothing() {
    let known = SignedDuration::from_secs(600);
    let shape = AnswerShape {
        access_token_life: Some(known),
        expires_at: Some("/expires_at"),
        ..AnswerShape::default()
    };
    for said in [json!({}), json!({"expires_in": "abc"}), json!({"expires_at": "1970-01-01T00:00:00Z"})] {
        let mut body = said.clone();
        body["access_token"] = json!("at");
        assert_eq!(judged_in(&shape, &body).expires_at, Some(later(600)), "{said}");
    }
    let body = json!({"access_token": "at", "expires_in": 60});
    assert_eq!(judged_in(&shape, &body).expires_at, Some(later(60)), "the answer knows better");
}

#[test]
fn types_of_token_are_accepted_where_they_are_known_to_be_bearer_tokens() {
    let types = ["bot".to_owned()];
    let shape = AnswerShape { token_types: &types, ..AnswerShape::default() };
    let judge = |kind: &str| {
        let body = json!({"access_token": "at", "token_type": kind}).to_string();
        judge_token_response_in(&answer(200, body), &shape, &[], now()).is_ok()
    };
    assert!(judge("bot") && judge("Bot") && judge("Bearer"));
    assert!(!judge("user") && !judge("DPoP") && !judge(""));
}

#[test]
fn instants_at_the_end_of_time_do_not_overflow() {
    let response = with("expires_in", Some(json!(3600)));
    let grant = judge_token_response(&response, &[], Timestamp::MAX).ok().unwrap();
    assert_eq!(grant.expires_at, None, "T88: unknown, rather than wrong");
}

#[test]
fn token_type_is_bearer_in_any_case() {
    for kind in [Some(json!("bearer")), Some(json!("BEARER")), Some(json!("Bearer")), Some(Value::Null), None]
    {
        assert!(judge(&with("token_type", kind.clone())).is_ok(), "T51 {kind:?}");
    }
    for kind in [json!("DPoP"), json!("mac"), json!("Bearer "), json!(""), json!(1), json!(["Bearer"])] {
        let error = refused(&with("token_type", Some(kind.clone())));
        assert_eq!(
            error.to_string(),
            "the token endpoint's answer: the token type is not Bearer",
            "T51 {kind}"
        );
        assert!(error.salvaged().is_some(), "T51 {kind}: the server may have rotated all the same");
    }
}

#[test]
fn scopes_in_the_answer_are_the_truth() {
    for (scope, expected) in [
        (None, vec!["accounts"]),
        (Some(json!("")), vec!["accounts"]),
        (Some(Value::Null), vec!["accounts"]),
        (Some(json!("a")), vec!["a"]),
        (Some(json!("a  b")), vec!["a", "b"]),
        (Some(json!("a,b")), vec!["a", "b"]),
        (Some(json!(["a", "b"])), vec!["a", "b"]),
    ] {
        assert_eq!(granted("scope", scope.clone()).scopes, expected, "T52 {scope:?}");
    }
}

#[test]
fn access_token_must_fit_a_header() {
    for (token, why) in [
        (None, "there is no access token"),
        (Some(Value::Null), "there is no access token"),
        (Some(json!(17)), "there is no access token"),
        (Some(json!("")), "the access token is malformed"),
        (Some(json!("CANARY\r\nX-Injected: 1")), "the access token is malformed"),
        (Some(json!("CANARY\u{0}")), "the access token is malformed"),
        (Some(json!("CANARY\u{7f}")), "the access token is malformed"),
        (Some(json!("CANARYé")), "the access token is malformed"),
        (Some(json!("x".repeat(64 * 1024 + 1))), "the access token is malformed"),
    ] {
        let error = refused(&with("access_token", token));
        assert_eq!(error.to_string(), format!("the token endpoint's answer: {why}"), "T53");
        assert_eq!(error.disposition(), LATER, "T53: no word about the grant");
        assert!(error.may_have_been_carried_out());
        assert!(
            error.salvaged().is_some_and(|token| token.matches("CANARY-refresh")),
            "T53: the refresh token in a bad answer is not lost"
        );
    }
    assert!(judge(&with("access_token", Some(json!("x".repeat(64 * 1024))))).is_ok());
}

#[test]
fn refresh_token_that_is_none_means_keep_the_old_one() {
    for token in [None, Some(Value::Null), Some(json!("")), Some(json!(5)), Some(json!("a\nb"))] {
        assert!(granted("refresh_token", token.clone()).refresh_token.is_none(), "T54 {token:?}");
    }
    let same = granted("refresh_token", Some(json!("CANARY-refresh")));
    assert!(same.refresh_token.is_some(), "T54: the same again is still one");
}

#[test]
fn bad_rest_loses_no_refresh_token() {
    for (name, value) in [
        ("expires_in", json!({"CANARY": []})),
        ("scope", json!(7)),
        ("id_token", json!("not\na token")),
        ("refresh_token_expires_in", json!("CANARY")),
        ("unknown", json!({"nested": [{"deep": null}]})),
    ] {
        assert!(granted(name, Some(value)).refresh_token.is_some(), "T55 {name}");
    }
    let odd = answer(202, r#"{"access_token":"CANARY-a","refresh_token":"CANARY-r"}"#);
    let error = refused(&odd);
    assert!(error.may_have_been_carried_out(), "a success that is not 200 may have rotated");
    assert!(error.salvaged().is_some_and(|token| token.matches("CANARY-r")));
}

#[test]
fn what_is_no_json_object_says_nothing_about_the_grant() {
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    let huge = format!("{{\"error\":\"invalid_grant\",\"a\":\"{}\"}}", "x".repeat(1 << 20));
    let bodies: [(&str, &[u8]); 13] = [
        ("T55 nested deep", deep.as_bytes()),
        ("T55 repeated member", br#"{"error":"invalid_grant","error":"invalid_grant"}"#),
        ("T57 a page", b"<html>CANARY invalid_grant</html>"),
        ("T59 empty", b""),
        ("T59 blank", b" \r\n "),
        ("T65 more than 1 MiB", huge.as_bytes()),
        ("T70 cut off", br#"{"error":"invalid_gr"#),
        ("T71 not UTF-8", b"{\"error\":\"invalid_grant\xff\"}"),
        ("T71 UTF-16", b"\xff\xfe{\x00}\x00"),
        ("an array", br#"["invalid_grant"]"#),
        ("a text", br#""invalid_grant""#),
        ("two documents", br#"{"error":"invalid_grant"}{}"#),
        ("form-encoded", b"error=invalid_grant"),
    ];
    for (case, body) in bodies {
        for status in [200, 400, 401, 502] {
            let error = refused(&answer(status, body));
            assert_eq!(error.disposition(), LATER, "{case} with {status}");
            assert!(error.server_error().is_none(), "{case} with {status}: nobody said invalid_grant");
            assert_eq!(
                error.may_have_been_carried_out(),
                status == 200 || status == 502,
                "{case} with {status}"
            );
            assert!(error.salvaged().is_none());
        }
    }
}

#[test]
fn errors_of_the_protocol_are_told_apart_by_code() {
    for (code, disposition) in [
        ("invalid_grant", Disposition::Dead),
        ("interaction_required", Disposition::Dead),
        ("login_required", Disposition::Dead),
        ("consent_required", Disposition::Dead),
        ("invalid_client", Disposition::Configuration),
        ("unauthorized_client", Disposition::Configuration),
        ("unsupported_grant_type", Disposition::Configuration),
        ("invalid_scope", Disposition::Configuration),
        ("invalid_request", Disposition::Configuration),
        ("temporarily_unavailable", LATER),
        ("server_error", LATER),
        ("slow_down", LATER),
        ("Invalid_Grant", LATER),
        ("a code that nobody registered", LATER),
    ] {
        let body = json!({"error": code, "error_description": "CANARY"}).to_string();
        // T58: some servers answer errors with 200, T60: or with 401.
        for status in [200, 400, 401, 403] {
            let error = refused(&answer(status, &body));
            assert_eq!(error.disposition(), disposition, "{code} with {status}");
            assert!(!error.may_have_been_carried_out(), "{code} with {status}: the server said no");
        }
    }
}

#[test]
fn outage_that_speaks_oauth_is_still_an_outage() {
    for status in [429, 500, 502, 503, 504] {
        let error = refused(&answer(status, r#"{"error":"invalid_grant"}"#));
        assert_eq!(
            error.disposition(),
            LATER,
            "{status}: a dead grant behind a failing server is not believed"
        );
    }
}

#[test]
fn error_that_is_no_text_is_no_error_code() {
    for value in [json!({"code": "invalid_grant"}), json!(["invalid_grant"]), json!(400), json!("")] {
        let body = json!({"error": value}).to_string();
        assert_eq!(refused(&answer(400, &body)).disposition(), LATER, "{body}");
        let error = refused(&answer(200, &body));
        assert_eq!(error.to_string(), "the token endpoint's answer: there is no access token", "{body}");
    }
    let null = json!({"error": null, "access_token": "CANARY"}).to_string();
    assert!(judge(&answer(200, null)).is_ok(), "an error that is null is none");
}

#[test]
fn redirects_and_client_errors_without_a_word_are_kept_for_later() {
    for status in [301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 418] {
        for body in ["", "{}", r#"{"access_token":"CANARY","token_type":"Bearer"}"#] {
            let error = refused(&answer(status, body));
            assert_eq!(error.disposition(), LATER, "T61 {status} {body}");
            assert!(!error.may_have_been_carried_out(), "T61 {status}");
        }
    }
}

#[test]
fn pauses_are_honored_within_reason() {
    for (pause, expected) in [
        ("2", Some(later(2))),
        (" 2 ", Some(later(2))),
        ("Sat, 21 Nov 2026 12:01:30 GMT", Some(later(90))),
        ("Sat, 21 Nov 2026 23:00:00 GMT", Some(later(3600))),
        ("Sat, 21 Nov 2026 11:00:00 GMT", None),
        ("-1", None),
        ("0", None),
        ("1000000000", Some(later(3600))),
        ("9223372036854775807", Some(later(3600))),
        ("99999999999999999999", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
    ] {
        let later = Disposition::Later { not_before: expected };
        for status in [429, 503] {
            assert_eq!(
                refused(&answer_with_pause(status, "<html>", pause)).disposition(),
                later,
                "T62 {pause:?}"
            );
            let body = r#"{"error":"temporarily_unavailable"}"#;
            assert_eq!(
                refused(&answer_with_pause(status, body, pause)).disposition(),
                later,
                "T62 {pause:?}"
            );
        }
    }
    assert_eq!(refused(&answer(429, "")).disposition(), LATER, "T62 no pause asked");
    let dead = answer_with_pause(400, r#"{"error":"invalid_grant"}"#, "60");
    assert_eq!(refused(&dead).disposition(), Disposition::Dead, "a pause does not wake a dead grant");
}

#[test]
fn failing_server_may_have_carried_the_request_out() {
    for (status, may) in [(500, true), (502, true), (504, true), (503, false), (429, false)] {
        assert_eq!(refused(&answer(status, "")).may_have_been_carried_out(), may, "{status}");
    }
}

#[test]
fn wrapping_does_not_matter() {
    let body = r#"{"access_token":"CANARY","token_type":"bearer"}"#;
    assert!(judge(&answer(200, format!("\u{feff}{body}"))).is_ok(), "T72 byte order mark");
    assert!(judge(&answer(201, body)).is_ok());
    let page = Response { content_type: Some("text/html".to_owned()), ..answer(200, body) };
    assert!(judge(&page).is_ok(), "T73 wrong content type with right JSON");
    let untyped = Response { content_type: None, ..answer(200, body) };
    assert!(judge(&untyped).is_ok());
}

#[test]
fn words_of_the_server_are_bounded_and_never_printed() {
    let body = json!({"error": "invalid_grant", "error_description": format!("CANARY\u{202e}\r\n{}", "x".repeat(900))});
    let error = refused(&answer(400, body.to_string()));
    // Pinned: this line goes into the log.
    insta::assert_snapshot!(error, @"the token endpoint answered `invalid_grant` (400)");
    let said = error.server_error().and_then(|error| error.description.clone()).unwrap();
    assert_eq!(said.chars().count(), 200);
    assert!(said.starts_with("CANARYx"), "control and direction characters are gone");
}
