//! How an attempt stands, by what the API tells and what a return claims.

use crate::fixtures::{answer, connection_with, later, now};
use codat::{AttemptOutcome, LinkClaim, Standing, attempt_outcome, judge_connection, standing};
use serde_json::{Value, json};

fn stands(status: &str, errors: &Value) -> Standing {
    let body = connection_with(&json!({ "status": status, "dataConnectionErrors": errors }));
    standing(&judge_connection(&answer(200, &body), now()).unwrap())
}

fn stopped() -> Value {
    json!([{ "statusCode": "403", "errorMessage": "User cancelled linking", "erroredOnUtc": "2026-11-21T12:00:00Z" }])
}

fn broken() -> Value {
    json!([{ "statusCode": "403", "errorMessage": "Scope missing", "erroredOnUtc": "2026-11-21T12:00:00" }])
}

#[test]
fn the_api_decides_and_a_claim_only_tells_reasons_apart() {
    use LinkClaim::{Cancelled, Failed, NotSupported, NothingDone, Other, Success, Unsaid};
    let none = json!([]);
    let word = |outcome: AttemptOutcome| match outcome {
        AttemptOutcome::Linked => "linked",
        AttemptOutcome::Cancelled => "cancelled",
        AttemptOutcome::NotSupported => "not supported",
        AttemptOutcome::Failed(Some(_)) => "failed, with a reason",
        AttemptOutcome::Failed(None) => "failed",
        AttemptOutcome::NothingDone => "nothing done",
        AttemptOutcome::Waiting => "waiting",
    };
    for (status, errors, claim, expected) in [
        ("Linked", &none, None, "linked"),
        ("Linked", &broken(), Some(Cancelled), "linked"),
        ("PendingAuth", &none, None, "waiting"),
        ("PendingAuth", &none, Some(Success), "waiting"),
        ("Deauthorized", &none, Some(NothingDone), "nothing done"),
        ("PendingAuth", &none, Some(NothingDone), "nothing done"),
        ("Linked", &none, Some(NothingDone), "linked"),
        ("Unlinked", &none, Some(Unsaid), "waiting"),
        ("PendingAuth", &none, Some(Cancelled), "cancelled"),
        ("PendingAuth", &none, Some(NotSupported), "not supported"),
        ("PendingAuth", &none, Some(Failed), "failed"),
        ("PendingAuth", &none, Some(Other(418)), "failed"),
        ("PendingAuth", &stopped(), None, "cancelled"),
        ("Deauthorized", &stopped(), Some(Success), "cancelled"),
        ("PendingAuth", &broken(), None, "failed, with a reason"),
        ("Unlinked", &broken(), Some(Success), "failed, with a reason"),
        ("PendingAuth", &broken(), Some(Cancelled), "cancelled"),
        ("Hibernating", &broken(), Some(Failed), "waiting"),
    ] {
        let outcome = attempt_outcome(&stands(status, errors), None, claim);
        assert_eq!(word(outcome), expected, "{status} {errors} {claim:?}");
    }
}

#[test]
fn an_error_from_before_the_attempt_decides_nothing() {
    let before = stands("PendingAuth", &broken());
    assert_eq!(before.newest_error, Some(now()));
    assert_eq!(attempt_outcome(&before, before.newest_error, None), AttemptOutcome::Waiting);
    let earlier = Some(later(-1));
    assert!(matches!(attempt_outcome(&before, earlier, None), AttemptOutcome::Failed(Some(_))));
    let undated = stands("PendingAuth", &json!([{ "errorMessage": "x" }]));
    assert_eq!(
        attempt_outcome(&undated, None, None),
        AttemptOutcome::Waiting,
        "without a date it is not new"
    );
}
