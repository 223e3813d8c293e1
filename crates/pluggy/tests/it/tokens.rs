//! When keys and tokens lapse, and what is no key at all.

use crate::fixtures::{answer, json_answer, later, now};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pluggy::{ErrorKind, Retry, judge_api_key, judge_company_connect_token, judge_connect_token};
use secret::SecretString;
use serde_json::{Value, json};

const HOUR: i64 = 3_600;

fn jwt(payload: &Value) -> String {
    format!("eyJhbGciOiJIUzI1NiJ9.{}.CANARY", URL_SAFE_NO_PAD.encode(payload.to_string()))
}

fn sent() -> SecretString {
    SecretString::from("CANARY-secret")
}

#[test]
fn a_key_lapses_when_it_says_but_never_after_two_hours() {
    let end = |seconds: i64| json!({ "exp": later(seconds).as_second() });
    for (payload, expected) in [
        (end(HOUR), HOUR),
        (end(2 * HOUR), 2 * HOUR),
        (end(100 * HOUR), 2 * HOUR),
        // A clock that runs ahead makes every end lie in the past; the key is new all the same.
        (end(-HOUR), 2 * HOUR),
        (json!({ "exp": format!("{}", later(HOUR).as_second()) }), HOUR),
        (json!({ "exp": 1_795_266_000.5 }), HOUR),
        (json!({ "exp": i64::MAX }), 2 * HOUR),
        (json!({ "exp": null }), 2 * HOUR),
        (json!({}), 2 * HOUR),
        (json!([1]), 2 * HOUR),
    ] {
        let key =
            judge_api_key(&json_answer(200, &json!({ "apiKey": jwt(&payload) })), &sent(), now()).unwrap();
        assert_eq!(key.expires_at, later(expected), "{payload}");
        assert_eq!(key.renew_at(), later(expected - 300), "{payload}");
        assert!(key.secret.matches(&jwt(&payload)));
        assert!(!format!("{key:?}").contains("CANARY"));
    }
}

#[test]
fn a_key_need_be_no_jwt() {
    for token in ["CANARY", "a.b", "a.!.c", "a.e30.c", "..", "a.bm90IGpzb24.c"] {
        let key = judge_api_key(&json_answer(200, &json!({ "apiKey": token })), &sent(), now()).unwrap();
        assert_eq!(key.expires_at, later(2 * HOUR), "{token}");
    }
}

#[test]
fn a_connect_token_lapses_within_half_an_hour() {
    let body = json!({ "accessToken": jwt(&json!({ "exp": later(2 * HOUR).as_second() })) });
    let token = judge_connect_token(&json_answer(200, &body), now()).unwrap();
    assert_eq!(token.expires_at, later(1_800));
    assert_eq!(token.renew_at(), later(1_800 - 120));
    assert!(!format!("{token:?}").contains("CANARY"));
}

#[test]
fn what_is_no_key_is_none() {
    for body in [
        "{}",
        "[]",
        "null",
        "{\"apiKey\":null}",
        "{\"apiKey\":\"\"}",
        "{\"apiKey\":7}",
        "{\"apiKey\":\"a b\"}",
        "{\"apiKey\":\"a\\nb\"}",
        "<html>",
        "",
        "{\"apiKey\":\"CANA",
    ] {
        let error = judge_api_key(&answer(200, body), &sent(), now()).unwrap_err();
        assert!(matches!(error.kind, ErrorKind::Unreadable(_)), "{body}: {error:?}");
    }
}

#[test]
fn a_wrong_client_secret_is_not_quoted() {
    let body = json!({ "code": 401, "message": "Client secret CANARY-secret is invalid" });
    let error = judge_api_key(&json_answer(401, &body), &sent(), now()).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unauthorized);
    assert_eq!(error.message.as_deref(), Some("Client secret … is invalid"));
}

#[test]
fn a_company_without_its_keys_says_so() {
    let missing = json_answer(500, &json!({ "error": "Missing PLUGGY_CLIENT_ID" }));
    let error = judge_company_connect_token(&missing, now()).unwrap_err();
    assert_eq!((error.kind.clone(), error.retry()), (ErrorKind::CompanyMisconfigured, Retry::No));
    assert_eq!(error.message.as_deref(), Some("Missing PLUGGY_CLIENT_ID"));
    let outage = judge_company_connect_token(&answer(500, "<html>oops</html>"), now()).unwrap_err();
    assert_eq!(outage.kind, ErrorKind::Unavailable { retry_after: None });
    let token =
        judge_company_connect_token(&json_answer(200, &json!({ "accessToken": "t" })), now()).unwrap();
    assert!(token.secret.matches("t"));
}
