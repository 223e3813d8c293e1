//! A connection as the API tells it, and what its state means to the person.

use crate::fixtures::{CONNECTION, answer, connection_json, connection_with, now};
use codat::{ApprovalReason, Connection, ConnectionStatus, Needs, Status, judge_connection, standing};
use serde_json::{Value, json};

fn read(body: &Value) -> Connection {
    judge_connection(&answer(200, body), now()).unwrap()
}

#[test]
fn a_connection_is_read() {
    let one = read(&connection_json());
    assert_eq!(one.id.as_str(), CONNECTION);
    assert_eq!(one.integration_key.as_ref().unwrap().as_str(), "gbol");
    assert_eq!(one.platform_name.as_deref(), Some("Xero"));
    assert_eq!(one.status, ConnectionStatus::Linked);
    assert_eq!(one.last_sync, Some("2026-11-20T06:15:43.6464237Z".parse().unwrap()));
    assert_eq!(one.created, Some("2024-04-22T08:24:45Z".parse().unwrap()));
    assert_eq!(one.errors.len(), 1);
    assert_eq!(one.errors[0].status_code.as_deref(), Some("403"));
    assert_eq!(one.info.get("organisation"), Some(&json!("Acme Ltd")));
    assert_eq!(one.info.len(), 2);
}

#[test]
fn missing_null_and_strange_members_fail_nothing() {
    for body in [
        json!({ "id": "a" }),
        connection_with(&json!({
            "integrationKey": null, "lastSync": null, "created": null, "dataConnectionErrors": null,
            "connectionInfo": null, "linkUrl": null, "platformName": null, "status": null, "sourceType": null
        })),
        connection_with(&json!({
            "integrationKey": 7, "lastSync": "never", "created": [], "dataConnectionErrors": "x",
            "connectionInfo": [1], "linkUrl": {}, "platformName": true, "status": 3, "sourceType": {}
        })),
    ] {
        let one = read(&body);
        assert!(one.last_sync.is_none() && one.errors.is_empty() && one.info.is_empty(), "{body}");
        assert_eq!(one.status, ConnectionStatus::Other(String::new()));
    }
}

#[test]
fn notes_are_shown_as_bounded_words() {
    let body = connection_with(&json!({
        "connectionInfo": { "b": "see https://x.example/?k=CANARY", "a": 1, "c": { "d": 1 }, "\u{202e}": "x", "e": "" },
        "additionalProperties": { "old": true }
    }));
    let one = read(&body);
    let shown = one.info.shown();
    assert_eq!(shown, [("a".to_owned(), "1".to_owned()), ("b".to_owned(), "see x.example…".to_owned())]);
    assert_eq!(one.additional_properties.shown(), [("old".to_owned(), "true".to_owned())]);
}

#[test]
fn each_status_has_its_meaning() {
    for (word, status, needs) in [
        ("PendingAuth", Some(Status::PendingAuth), Needs::Approval(ApprovalReason::NotApproved)),
        ("pendingAuth", Some(Status::PendingAuth), Needs::Approval(ApprovalReason::NotApproved)),
        ("Linked", Some(Status::Linked), Needs::Nothing),
        ("LINKED", Some(Status::Linked), Needs::Nothing),
        ("Unlinked", Some(Status::Unlinked), Needs::Approval(ApprovalReason::Disconnected)),
        ("Deauthorized", Some(Status::Deauthorized), Needs::Approval(ApprovalReason::EndedByPlatform)),
        ("Hibernating", None, Needs::Nothing),
        ("", None, Needs::Nothing),
    ] {
        let standing = standing(&read(&connection_with(&json!({ "status": word }))));
        assert_eq!((standing.status, standing.needs), (status, needs), "{word}");
        assert!(standing.word.eq_ignore_ascii_case(word));
    }
}

#[test]
fn an_error_changes_no_status_and_open_ones_come_newest_first() {
    let errors = json!([
        { "statusCode": 401, "errorMessage": "no date" },
        { "errorMessage": "old", "erroredOnUtc": "2026-01-01T00:00:00Z", "status": "Active" },
        { "errorMessage": "new", "erroredOnUtc": "2026-11-21T12:00:05" },
        { "errorMessage": "over", "erroredOnUtc": "2026-11-21T13:00:00Z", "status": "resolved" },
        { "errorMessage": "over too", "resolvedOnUtc": "2026-11-21T13:00:00Z", "status": "Strange" },
        "not an error"
    ]);
    let linked = standing(&read(&connection_with(&json!({ "dataConnectionErrors": errors }))));
    assert_eq!((linked.status, linked.needs), (Some(Status::Linked), Needs::Nothing));
    let messages: Vec<&str> =
        linked.open_errors.iter().filter_map(|error| error.message.as_deref()).collect();
    assert_eq!(messages, ["new", "old", "no date"]);
    assert_eq!(linked.open_errors[2].status_code.as_deref(), Some("401"), "a number counts too");
    assert_eq!(linked.resolved_errors, 2);
    assert_eq!(linked.newest_error, Some("2026-11-21T13:00:00Z".parse().unwrap()), "also one that is over");
}
