//! What an answer that is no success means, and what of it is kept.

use crate::fixtures::{answer, codat_error, later, now, text_answer};
use codat::{ApiError, ErrorKind, judge_company, judge_done};
use serde_json::json;
use web::Response;

fn error(response: &Response) -> ApiError {
    judge_company(response, now()).unwrap_err()
}

fn with_retry_after(status: u16, value: &str) -> Response {
    Response { retry_after: Some(value.to_owned()), ..codat_error(status) }
}

#[test]
fn the_status_decides_the_kind() {
    for (status, kind, retried) in [
        (301, ErrorKind::Unreadable, true),
        (400, ErrorKind::Invalid, false),
        (401, ErrorKind::Unauthorized, false),
        (402, ErrorKind::PaymentRequired, false),
        (403, ErrorKind::Forbidden, false),
        (404, ErrorKind::NotFound, false),
        (405, ErrorKind::Invalid, false),
        (408, ErrorKind::Unavailable { retry_after: None }, true),
        (409, ErrorKind::Conflict, true),
        (410, ErrorKind::NotFound, false),
        (422, ErrorKind::Invalid, false),
        (429, ErrorKind::RateLimited { retry_after: None }, true),
        (451, ErrorKind::Forbidden, false),
        (500, ErrorKind::Unavailable { retry_after: None }, true),
        (503, ErrorKind::Unavailable { retry_after: None }, true),
        (599, ErrorKind::Unavailable { retry_after: None }, true),
    ] {
        let error = error(&codat_error(status));
        assert_eq!(error.kind(), kind, "{status}");
        assert_eq!(error.status(), status);
        assert_eq!(error.can_be_retried(), retried, "{status}");
        assert_eq!(judge_done(&codat_error(status), now()), Err(error));
    }
}

#[test]
fn the_inner_status_does_not_count() {
    let body = json!({ "statusCode": 429, "error": "x", "correlationId": "a" });
    assert_eq!(error(&answer(402, &body)).kind(), ErrorKind::PaymentRequired);
}

#[test]
fn the_pause_that_is_asked_for_is_kept() {
    let kind = |status, value| error(&with_retry_after(status, value)).kind();
    assert_eq!(kind(429, "30"), ErrorKind::RateLimited { retry_after: Some(later(30)) });
    assert_eq!(kind(503, "90000"), ErrorKind::Unavailable { retry_after: Some(later(3_600)) });
    assert_eq!(kind(429, "nonsense"), ErrorKind::RateLimited { retry_after: None });
}

#[test]
fn codats_word_about_a_retry_counts_where_the_status_leaves_it_open() {
    for (status, word, retried) in [
        (500, json!("True"), true),
        (500, json!("False"), false),
        (500, json!(false), false),
        (500, json!("Unknown"), true),
        (500, json!(7), true),
        (400, json!("true"), true),
        (409, json!("False"), false),
        (429, json!("False"), true),
        (401, json!("True"), false),
        (404, json!("True"), false),
    ] {
        let body = json!({ "canBeRetried": word, "error": "x" });
        assert_eq!(error(&answer(status, &body)).can_be_retried(), retried, "{status} {word}");
    }
}

#[test]
fn what_a_support_desk_needs_is_kept() {
    let error = error(&codat_error(404));
    assert_eq!(error.correlation_id(), Some("2b60a2bafedd3238702c2186a2dc833f"));
    assert_eq!(error.error_code(), Some(0));
    assert_eq!(error.service(), Some("PublicApi"));
    assert_eq!(error.message(), Some("Something is wrong"));
    assert!(error.is_from_codat() && error.is_gone());
    assert!(!self::error(&codat_error(403)).is_gone());
    assert_eq!(
        error.to_string(),
        "there is no such thing (404), correlation id 2b60a2bafedd3238702c2186a2dc833f"
    );
}

#[test]
fn a_page_of_somebody_in_between_is_not_codats() {
    for body in ["", "<html>404</html>", "[]", "null", "{}", r#"{"error":"NotFound"}"#] {
        let error = error(&text_answer(404, body));
        assert_eq!(error.kind(), ErrorKind::NotFound);
        assert!(!error.is_from_codat() && !error.is_gone(), "{body}");
        assert_eq!(error.correlation_id(), None);
    }
}

#[test]
fn a_success_that_cannot_be_read_is_said_to_be_so() {
    let deep = "[".repeat(200);
    let large = format!("{}{{\"id\":\"a\"}}", " ".repeat(16 << 20));
    for body in ["", "<html>", "{", "[]", "null", "7", "{}", r#"{"id":7}"#, &deep, &large] {
        let shown = body.trim();
        assert_eq!(error(&text_answer(200, body)).kind(), ErrorKind::Unreadable, "{shown}");
    }
    assert_eq!(judge_done(&text_answer(204, ""), now()), Ok(()));
    assert_eq!(judge_done(&text_answer(200, "true"), now()), Ok(()));
}

#[test]
fn a_sync_that_is_running_is_a_conflict_whatever_its_status() {
    let body = json!({
        "error": "DatasetAlreadyInProgressException: Cannot queue invoices sync for 8a210b68-6988-11ed-a1eb-0242ac120002",
    });
    for status in [400, 409, 500] {
        let error = error(&answer(status, &body));
        assert_eq!(error.kind(), ErrorKind::Conflict, "{status}");
        assert!(error.can_be_retried());
    }
    assert_eq!(error(&answer(401, &body)).kind(), ErrorKind::Unauthorized);
}

#[test]
fn words_of_the_server_are_bounded_and_lose_what_could_open_something() {
    let body = json!({
        "error": format!("Bad key CANARY0123456789012345678 \u{202e}\u{1b}[31m\n{}", "long ".repeat(1_000)),
        "correlationId": "<b>CANARY</b>",
        "validation": { "errors": [{ "itemId": null, "message": "See https://x.example/?k=CANARY", "validatorName": "v" }] },
    });
    let error = error(&answer(400, &body));
    let message = error.message().unwrap();
    assert!(message.chars().count() <= 300 && message.starts_with("Bad key … [31m long"), "{message}");
    assert_eq!(error.correlation_id(), None, "an id is letters, digits and hyphens");
    let short = json!({ "error": "Name", "validation": { "errors": [{ "message": "is https://x.example/?k=CANARY" }] } });
    let detailed = self::error(&answer(400, &short));
    assert_eq!(detailed.message(), Some("Name is x.example…"));
    for shown in [format!("{error:?} {error}"), format!("{detailed:?} {detailed}")] {
        assert!(!shown.contains("Bad key") && !shown.contains("Name"), "{shown}");
    }
}
