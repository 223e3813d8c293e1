//! What a look at an item means, and when the next one is worth it: tables without a network.

use connections::activity::ActivityKind;
use connections::connection::{ApprovalReason, Connection, Needs, Reachability, Status};
use connections::id::ConnectionKey;
use connections::item::{ItemFacts, next_look, observe};
use connections::step::{Effect, Event, FetchEnd, LookFailure, step};
use connections::view::{LinkPhase, LinkReason, LinkRemedy};
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
    ItemFacts { phase, ..ItemFacts::begun("i-1".to_owned(), 0, at(0)) }
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
}

#[test]
fn what_is_gone_is_connected_again_on_the_same_connection() {
    let gone = step(&linked(), Event::LookFailed(LookFailure::Gone), at(10));
    assert_eq!(gone.connection.status, Status::Deauthorized);
    assert_eq!(gone.connection.needs, Needs::SignIn { reason: LinkReason::Gone });
    let facts = gone.connection.item.as_ref().unwrap();
    assert!(facts.is_gone());
    assert_eq!(facts.problem.as_ref().unwrap().remedy, LinkRemedy::ConnectAgain);
    let again = step(&gone.connection, Event::LookFailed(LookFailure::Gone), at(20));
    assert!(again.effects.is_empty(), "it is said once");
    let replaced = step(&again.connection, Event::ItemReplaced { item_id: "i-2".to_owned() }, at(30));
    let facts = replaced.connection.item.clone().unwrap();
    assert_eq!((facts.item_id.as_str(), facts.phase), ("i-2", LinkPhase::Working));
    let done = item("UPDATED", "SUCCESS", &serde_json::json!({ "lastUpdatedAt": "2027-02-01T08:00:00Z" }));
    let linked_again = seen(&replaced.connection, &done, 40);
    assert_eq!(linked_again.connection.status, Status::Linked);
    assert_eq!(linked_again.connection.first_authorized_at, linked().first_authorized_at);
    assert!(linked_again.effects.contains(&Effect::Log(ActivityKind::Reconnected, Vec::new())));
}

#[test]
fn what_is_forbidden_is_said_and_not_asked_again() {
    let refused = step(&linked(), Event::LookFailed(LookFailure::Forbidden), at(10));
    let after = &refused.connection;
    assert_eq!(after.status, Status::Linked, "nobody said that it is over");
    assert_eq!(after.reachability, Reachability::Reachable, "and it is no outage");
    assert_eq!(after.needs, Needs::ActThere { reason: LinkReason::Forbidden });
    let facts = after.item.as_ref().unwrap();
    assert_eq!((facts.phase, facts.look_at), (LinkPhase::Failed, None));
    assert_eq!(facts.problem.as_ref().unwrap().remedy, LinkRemedy::AskKeyHolder);
    assert_eq!(refused.effects.len(), 1, "{:?}", refused.effects);
    assert!(step(after, Event::LookFailed(LookFailure::Forbidden), at(20)).effects.is_empty());
}

#[test]
fn a_consent_that_was_taken_back_is_understood_as_that() {
    let revoked = item("LOGIN_ERROR", "USER_AUTHORIZATION_REVOKED", &serde_json::json!({}));
    let after = seen(&linked(), &revoked, 60).connection;
    assert_eq!(after.status, Status::Deauthorized);
    assert_eq!(after.needs, Needs::Approval { reason: ApprovalReason::ConsentEnded });
    let problem = after.item.unwrap().problem.unwrap();
    assert_eq!((problem.reason, problem.remedy), (LinkReason::ConsentOver, LinkRemedy::ApproveAgain));
}

#[test]
fn who_waits_for_others_keeps_what_is_linked_and_needs_nobody_here() {
    let waiting = |more: &serde_json::Value| item("OUTDATED", "USER_AUTHORIZATION_PENDING", more);
    let until = serde_json::json!({
        "error": { "code": "USER_AUTHORIZATION_PENDING", "attributes": { "waitUntil": at(7_200).to_string() } }
    });
    let after = seen(&linked(), &waiting(&until), 60).connection;
    assert_eq!((after.status, after.needs), (Status::Linked, Needs::Nothing));
    let facts = after.item.clone().unwrap();
    assert_eq!((facts.phase, facts.problem.clone()), (LinkPhase::WaitsForOthers, None));
    assert_eq!(facts.waits_until, Some(at(7_200)));
    assert!(!facts.others_had_their_time(at(7_199)) && facts.others_had_their_time(at(7_200)));
    assert_eq!(next_look(&facts, facts.waits_until, at(7_190)), Some(at(7_201)), "it looks at just then");
    // Another run that leads to the same end is not begun again and again; one with a later end is.
    let again = step(&after, Event::GoesOn, at(7_201)).connection;
    let again = seen(&again, &waiting(&until), 7_202).connection.item.unwrap();
    assert_eq!(again.phase, LinkPhase::WaitsForOthers);
    assert!(!again.others_had_their_time(at(9_000)));
    assert!(ItemFacts { waits_until: Some(at(8_000)), ..again }.others_had_their_time(at(9_000)));
    // Where nobody says until when, it is looked at all the same, ever more rarely.
    let never = seen(&pending(), &waiting(&serde_json::json!({})), 60).connection;
    let facts = never.item.clone().unwrap();
    assert_eq!((facts.waits_until, never.status, never.needs), (None, Status::PendingAuth, Needs::Nothing));
    assert!(facts.look_at.is_some() && !facts.others_had_their_time(at(1_000_000)));
    assert_eq!(next_look(&facts, None, at(3 * 86_400)), Some(at(3 * 86_400 + 3_600)));
}

#[test]
fn an_outage_without_a_plan_is_looked_at_when_that_is_promised() {
    let after =
        seen(&linked(), &item("OUTDATED", "SITE_NOT_AVAILABLE", &serde_json::json!({})), 60).connection;
    let Reachability::ProviderTrouble { retry_at, .. } = after.reachability else { panic!() };
    assert_eq!(retry_at, at(60 + 86_400));
    assert_eq!(after.item.unwrap().look_at, Some(retry_at));
}

#[test]
fn a_fetch_that_was_cut_short_goes_on_when_it_may_and_ends_once_all_is_here() {
    let connection = linked();
    let began = at(5);
    assert_eq!(connection.item.as_ref().unwrap().fetch_at, Some(began), "new data is to be fetched");
    let fetched = |connection: &Connection, end: FetchEnd, now: i64| {
        step(connection, Event::Fetched { began, end }, at(now)).connection
    };
    let later = fetched(&connection, FetchEnd::Unfinished { not_before: Some(at(65)) }, 6);
    assert_eq!(later.item.as_ref().unwrap().fetch_at, Some(at(65)), "the server says when");
    let plain = fetched(&connection, FetchEnd::Unfinished { not_before: None }, 6);
    assert_eq!(plain.item.as_ref().unwrap().fetch_at, Some(at(11)));
    assert_eq!((later.status, later.needs), (Status::Linked, Needs::Nothing));
    let whole = fetched(&connection, FetchEnd::Whole { transactions_refused: true }, 6).item.unwrap();
    assert_eq!((whole.fetch_at, whole.failed_fetches, whole.transactions_refused), (None, 0, true));
    // Data that came while it was read is fetched besides.
    let newer = item("UPDATED", "SUCCESS", &serde_json::json!({ "lastUpdatedAt": "2027-02-01T08:00:00Z" }));
    let newer = seen(&connection, &newer, 6).connection;
    let whole = fetched(&newer, FetchEnd::Whole { transactions_refused: false }, 7).item.unwrap();
    assert_eq!(whole.fetch_at, Some(at(6)));
    // Whoever disconnected wants nothing fetched.
    let gone = step(&connection, Event::Disconnect, at(6)).connection;
    let gone = fetched(&gone, FetchEnd::Unfinished { not_before: None }, 7).item.unwrap();
    assert_eq!(gone.fetch_at, None);
}

#[test]
fn looks_become_rarer_and_are_none_where_nothing_is_to_be_expected() {
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
    // One that is late may yet come; the later it is the more rarely it is looked for, and never less than four times
    // a day.
    let late = |now: i64| next_look(&synced, None, at(now)).unwrap().duration_since(at(now)).as_secs();
    assert_eq!((late(87_000), late(90_000)), (900, 1_500));
    assert_eq!((late(120_000), late(10 * 86_400)), (16_500, 6 * 3_600));
    // The end of a consent is looked at when it comes, whatever else is expected.
    let ends = ItemFacts { consent_expires_at: Some(at(3_600)), ..synced.clone() };
    assert_eq!(next_look(&ends, None, at(0)), Some(at(3_600 + 600)));
    assert_eq!(next_look(&ends, None, at(80_000)), Some(at(86_400 + 600)));
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
