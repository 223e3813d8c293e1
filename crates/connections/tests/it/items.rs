//! What a look at an item means, and when the next one is worth it: tables without a network.

use connections::activity::ActivityKind;
use connections::connection::{Connection, Needs, Reachability, Status};
use connections::id::ConnectionKey;
use connections::item::{ItemFacts, next_look, observe};
use connections::step::{Effect, Event, LookFailure, step};
use connections::view::{LinkPhase, LinkReason};
use jiff::Timestamp;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).unwrap()
}

fn item(status: &str, execution: &str, more: &serde_json::Value) -> pluggy::Item {
    let mut body = serde_json::json!({ "id": "i-1", "status": status, "executionStatus": execution });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    let response = web::Response {
        status: 200,
        content_type: None,
        retry_after: None,
        body: secret::Secret::new(body.to_string().into_bytes()),
    };
    pluggy::judge_item(&response, at(0)).unwrap()
}

fn facts(phase: LinkPhase) -> ItemFacts {
    ItemFacts {
        item_id: "i-1".to_owned(),
        institution: 0,
        brand_color: None,
        client_user_id: None,
        phase,
        phase_since: at(0),
        products: Vec::new(),
        problem: None,
        asked: true,
        was_linked: false,
        last_updated_at: None,
        next_sync_at: None,
        consent_expires_at: None,
        look_at: Some(at(0)),
        failed_looks: 0,
    }
}

fn pending() -> Connection {
    let key = ConnectionKey::parse("pluggy", "i-1").unwrap();
    Connection::of_item(key, "Banco".to_owned(), facts(LinkPhase::Working), at(0))
}

fn seen(connection: &Connection, item: &pluggy::Item, now: i64) -> connections::step::Step {
    step(connection, Event::Observed(Box::new(observe(item))), at(now))
}

fn linked() -> Connection {
    let done = item("UPDATED", "SUCCESS", &serde_json::json!({ "lastUpdatedAt": "2027-01-15T08:00:00Z" }));
    seen(&pending(), &done, 5).connection
}

#[test]
fn each_way_a_run_can_end_means_one_thing() {
    let asks = serde_json::json!({ "parameter": { "name": "token", "label": "Token", "type": "text" } });
    for (status, execution, expected, needs) in [
        ("UPDATING", "ACCOUNTS_IN_PROGRESS", Status::Linked, Needs::Nothing),
        ("UPDATED", "SUCCESS", Status::Linked, Needs::Nothing),
        ("UPDATED", "PARTIAL_SUCCESS", Status::Linked, Needs::Nothing),
        ("WAITING_USER_INPUT", "WAITING_USER_INPUT", Status::Linked, Needs::Answer),
        (
            "LOGIN_ERROR",
            "INVALID_CREDENTIALS",
            Status::Linked,
            Needs::SignIn { reason: LinkReason::WrongLogin },
        ),
        (
            "LOGIN_ERROR",
            "ACCOUNT_LOCKED",
            Status::Linked,
            Needs::ActThere { reason: LinkReason::AccountLocked },
        ),
        ("OUTDATED", "SITE_NOT_AVAILABLE", Status::Linked, Needs::Nothing),
        ("OUTDATED", "UNEXPECTED_ERROR", Status::Linked, Needs::Nothing),
    ] {
        let after = seen(&linked(), &item(status, execution, &asks), 60).connection;
        assert_eq!((after.status, after.needs), (expected, needs), "{status} {execution}");
    }
}

#[test]
fn an_institution_that_is_down_is_trouble_and_nobodys_fault() {
    let after =
        seen(&linked(), &item("OUTDATED", "SITE_NOT_AVAILABLE", &serde_json::json!({})), 60).connection;
    assert!(matches!(after.reachability, Reachability::ProviderTrouble { .. }));
}

#[test]
fn a_refused_consent_of_something_linked_ends_it() {
    let refused = item("LOGIN_ERROR", "USER_AUTHORIZATION_NOT_GRANTED", &serde_json::json!({}));
    let after = seen(&linked(), &refused, 60).connection;
    assert_eq!(after.status, Status::Deauthorized);
    assert!(matches!(after.needs, Needs::Approval { .. }));
}

#[test]
fn the_first_success_is_written_once_and_brings_the_data() {
    let done = item("UPDATED", "SUCCESS", &serde_json::json!({ "lastUpdatedAt": "2027-01-15T08:00:00Z" }));
    let first = seen(&pending(), &done, 5);
    assert!(first.effects.contains(&Effect::Log(ActivityKind::Connected, Vec::new())));
    assert!(first.effects.contains(&Effect::FetchData));
    let second = seen(&first.connection, &done, 6);
    assert!(second.effects.is_empty(), "{:?}", second.effects);
}

#[test]
fn what_the_person_disconnected_stays_so_whatever_pluggy_does() {
    let gone = step(&linked(), Event::Disconnect, at(10)).connection;
    let synced = item("UPDATED", "SUCCESS", &serde_json::json!({ "lastUpdatedAt": "2027-02-01T08:00:00Z" }));
    let after = seen(&gone, &synced, 20);
    assert_eq!(after.connection.status, Status::Unlinked);
    assert_eq!(after.connection.item.unwrap().look_at, None, "nobody looks any more");
    // Asked for by the person, the same links it again.
    let asked = step(&gone, Event::Asked, at(30)).connection;
    assert_eq!(seen(&asked, &synced, 31).connection.status, Status::Linked);
}

#[test]
fn no_answer_changes_no_status() {
    for failure in [LookFailure::Offline, LookFailure::Trouble { not_before: Some(at(900)) }] {
        let after = step(&linked(), Event::LookFailed(failure), at(10)).connection;
        assert_eq!((after.status, after.needs), (Status::Linked, Needs::Nothing));
    }
    let wait = LookFailure::Trouble { not_before: Some(at(900)) };
    let after = step(&linked(), Event::LookFailed(wait), at(10)).connection;
    assert_eq!(after.item.unwrap().look_at, Some(at(900)), "the server says when");
    let gone = step(&linked(), Event::LookFailed(LookFailure::Gone), at(10)).connection;
    assert_eq!(gone.status, Status::Deauthorized);
}

#[test]
fn looks_become_rarer_and_end_when_nothing_is_to_be_expected() {
    let pause = |phase, waited: i64| {
        next_look(&facts(phase), None, at(waited)).map(|next| next.duration_since(at(waited)).as_secs())
    };
    assert_eq!(pause(LinkPhase::Working, 0), Some(1));
    assert_eq!(pause(LinkPhase::Action, 60), Some(3));
    assert_eq!(pause(LinkPhase::Action, 3_600), Some(120));
    assert_eq!(pause(LinkPhase::Action, 3 * 86_400), Some(3_600), "an approval may take days");
    assert_eq!(pause(LinkPhase::Done, 0), None);
    assert_eq!(pause(LinkPhase::Failed, 0), None);
    // After Pluggy's own daily sync there may be news.
    let synced = ItemFacts { next_sync_at: Some(at(86_400)), ..facts(LinkPhase::Done) };
    assert_eq!(next_look(&synced, None, at(0)), Some(at(86_400 + 600)));
    assert_eq!(next_look(&synced, None, at(90_000)), None);
    // A question that ends is looked at just then.
    assert_eq!(next_look(&facts(LinkPhase::Question), Some(at(4_000)), at(3_999)), Some(at(4_001)));
    let all_day: i64 = {
        let (mut now, mut looks) = (0, 0);
        while now < 86_400 {
            looks += 1;
            now += pause(LinkPhase::Action, now).unwrap();
        }
        looks
    };
    assert!(all_day < 400, "{all_day} looks a day");
}
