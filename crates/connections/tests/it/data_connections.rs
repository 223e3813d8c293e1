//! What a look at a data connection means, and when the next one is worth it: tables without a network.

use connections::activity::ActivityKind;
use connections::connection::{Connection, Needs, Reachability, Status};
use connections::data_connection::{DataConnection, DataObservation, look_after_failure, next_look, observe};
use connections::id::ConnectionKey;
use connections::ports::{PageEnd, PageStep};
use connections::step::{Effect, Event, LookFailure, Step, step};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use url::Url;

const COMPANY: &str = "11111111-1111-4111-8111-111111111111";
const ID: &str = "22222222-2222-4222-8222-222222222222";

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).unwrap()
}

fn codat_says(status: &str) -> codat::Connection {
    let body = serde_json::json!({
        "id": ID, "integrationKey": "gbol", "sourceType": "Accounting", "platformName": "Xero",
        "status": status, "created": "2027-01-10T08:00:00", "linkUrl": "https://link.codat.example/x",
    });
    let response = web::Response {
        status: 200,
        content_type: None,
        retry_after: None,
        body: secret::Secret::new(body.to_string().into_bytes()),
    };
    codat::judge_connection(&response, at(0)).unwrap()
}

fn facts() -> DataConnection {
    DataConnection {
        company: COMPANY.to_owned(),
        company_name: None,
        id: ID.to_owned(),
        platform: None,
        source_id: None,
        word: String::new(),
        made_at: None,
        organization: None,
        profile: None,
        profile_at: None,
        other_organization: None,
        gone: false,
        approving_since: None,
        known_error: None,
        reading_since: None,
        look_at: None,
        failed_looks: 0,
    }
}

fn new() -> Connection {
    Connection::of_data(ConnectionKey::parse("codat", ID).unwrap(), facts(), at(0))
}

fn seen(connection: &Connection, status: &str, organization: Option<&str>, now: i64) -> Step {
    let observation = observe(&codat_says(status), organization.map(ToOwned::to_owned), None);
    step(connection, Event::DataSeen(Box::new(observation)), at(now))
}

fn in_status(status: &str) -> Connection {
    match status {
        "Linked" => seen(&new(), "Linked", None, 1).connection,
        other => seen(&in_status("Linked"), other, None, 2).connection,
    }
}

fn kinds(step: &Step) -> Vec<ActivityKind> {
    let kind = |effect: &Effect| match effect {
        Effect::Log(kind, _) => Some(*kind),
        _ => None,
    };
    step.effects.iter().filter_map(kind).collect()
}

#[test]
fn each_word_of_codats_becomes_the_status_and_one_line() {
    use ActivityKind::{Connected, Deauthorized, Disconnected, Reconnected};
    for (before, word, after, lines) in [
        ("", "PendingAuth", Status::PendingAuth, vec![]),
        ("", "Linked", Status::Linked, vec![Connected]),
        ("Linked", "Linked", Status::Linked, vec![]),
        ("Linked", "Unlinked", Status::Unlinked, vec![Disconnected]),
        ("Linked", "Deauthorized", Status::Deauthorized, vec![Deauthorized]),
        ("Unlinked", "Linked", Status::Linked, vec![Reconnected]),
        ("Deauthorized", "Linked", Status::Linked, vec![Reconnected]),
        ("Unlinked", "Unlinked", Status::Unlinked, vec![]),
        ("Deauthorized", "Unlinked", Status::Unlinked, vec![]),
        ("Linked", "linked", Status::Linked, vec![]),
        ("Linked", "Sleeping", Status::Linked, vec![]),
        ("Deauthorized", "", Status::Deauthorized, vec![]),
    ] {
        let connection = if before.is_empty() { new() } else { in_status(before) };
        let taken = seen(&connection, word, None, 10);
        assert_eq!(taken.connection.status, after, "{before} then {word}");
        assert_eq!(kinds(&taken), lines, "{before} then {word}");
        let quiet = taken.connection.needs == Needs::Nothing;
        assert_eq!(quiet, after == Status::Linked, "{before} then {word}");
        assert_eq!(seen(&taken.connection, word, None, 11).effects, [], "{word} twice says nothing new");
    }
}

#[test]
fn a_reconnect_keeps_the_first_approval_and_carries_the_components_event() {
    let linked = in_status("Linked");
    let ended = seen(&linked, "Unlinked", None, 5);
    assert!(ended.effects.contains(&Effect::Log(
        ActivityKind::Disconnected,
        vec![("event", "onDisconnect".to_owned()), ("connectionId", ID.to_owned())],
    )));
    let again = seen(&ended.connection, "Linked", None, 9).connection;
    assert_eq!(again.first_authorized_at, linked.first_authorized_at);
    assert_eq!(again.last_authorized_at, Some(at(9)));
}

#[test]
fn another_organization_is_noticed_only_where_both_are_known() {
    let first = seen(&new(), "Linked", Some("Rowan Ltd"), 1).connection;
    for (name, noticed) in
        [(Some("Rowan Ltd"), false), (Some("ROWAN LTD"), false), (None, false), (Some("Elm"), true)]
    {
        let taken = seen(&first, "Linked", name, 2);
        let facts = taken.connection.data_connection.as_ref().unwrap();
        assert_eq!(facts.other_organization.is_some(), noticed, "{name:?}");
        assert_eq!(kinds(&taken).contains(&ActivityKind::OtherOrganization), noticed, "{name:?}");
    }
    let other = seen(&first, "Linked", Some("Elm"), 2).connection;
    let kept = step(&other, Event::OrganizationKept, at(3));
    assert!(kept.connection.data_connection.as_ref().unwrap().other_organization.is_none());
    assert_eq!(kinds(&kept), [ActivityKind::OrganizationKept]);
}

#[test]
fn the_bank_of_a_first_approval_is_no_other_one() {
    let of = |source: &str, status: &str, connection: &Connection, now: i64| {
        let observation = DataObservation {
            source_id: Some(source.to_owned()),
            platform: Some("upvr".to_owned()),
            ..observe(&codat_says(status), None, None)
        };
        step(connection, Event::DataSeen(Box::new(observation)), at(now))
    };
    // TrueLayer's connections get the source of their bank once it was chosen.
    let pending = of("nobody", "PendingAuth", &new(), 1).connection;
    let linked = of("a-bank", "Linked", &pending, 2);
    assert!(linked.connection.data_connection.as_ref().unwrap().other_organization.is_none());
    assert_eq!(kinds(&linked), [ActivityKind::Connected]);
    let ended = of("a-bank", "Unlinked", &linked.connection, 3).connection;
    // Another bank is chosen, and seen before it is approved.
    let chosen = of("b-bank", "Unlinked", &ended, 4).connection;
    let again = of("b-bank", "Linked", &chosen, 5);
    assert!(again.connection.data_connection.unwrap().other_organization.is_some());
}

#[test]
fn an_organization_that_is_told_before_the_approval_counts_counts_with_it() {
    let first = seen(&new(), "Linked", Some("Rowan Ltd"), 1).connection;
    let ended = seen(&first, "Unlinked", None, 2).connection;
    let told = seen(&ended, "Unlinked", Some("Elm"), 3).connection;
    let again = seen(&told, "Linked", Some("Elm"), 4).connection.data_connection.unwrap();
    let other = again.other_organization.expect("it is another one");
    assert_eq!((other.before.as_deref(), other.after.as_deref()), (Some("Rowan Ltd"), Some("Elm")));
}

#[test]
fn the_data_tells_another_organization_after_it_was_approved_again() {
    let profiled = |connection: &Connection, name: Option<&str>, now: i64| {
        step(connection, Event::Profiled(name.map(ToOwned::to_owned)), at(now))
    };
    let first = profiled(&in_status("Linked"), Some("Rowan Ltd"), 5).connection;
    // A company that changes its name is the same one.
    let renamed = profiled(&first, Some("Rowan Limited"), 6);
    assert!(renamed.effects.is_empty());
    let again =
        seen(&seen(&renamed.connection, "Unlinked", None, 7).connection, "Linked", None, 8).connection;
    for (name, noticed) in [(Some("ROWAN LIMITED"), false), (None, false), (Some("Elm"), true)] {
        let taken = profiled(&again, name, 9);
        let other = taken.connection.data_connection.as_ref().unwrap().other_organization.as_ref();
        assert_eq!(other.is_some(), noticed, "{name:?}");
        assert_eq!(kinds(&taken).contains(&ActivityKind::OtherOrganization), noticed, "{name:?}");
    }
}

#[test]
fn a_reading_that_nobody_answers_about_is_given_up_and_said() {
    let reading = step(&in_status("Linked"), Event::Reading, at(10)).connection;
    let failed = |failure, now| step(&reading, Event::LookFailed(failure), at(now));
    let day = 24 * 3_600;
    for (failure, now, code) in [
        (LookFailure::Configuration, 20, Some("client_refused")),
        (LookFailure::Trouble { not_before: None }, 20, None),
        (LookFailure::Offline, day, None),
        (LookFailure::Trouble { not_before: None }, day + 60, Some("provider_trouble")),
        (LookFailure::Offline, day + 60, Some("offline")),
    ] {
        let taken = failed(failure, now);
        assert_eq!(taken.connection.is_being_read(), code.is_none(), "{failure:?} after {now}");
        let line = code.map(|code| Effect::Log(ActivityKind::SyncFailed, vec![("code", code.to_owned())]));
        assert_eq!(taken.effects, line.into_iter().collect::<Vec<_>>(), "{failure:?} after {now}");
    }
}

#[test]
fn an_outage_keeps_the_status_and_a_deletion_elsewhere_is_said_once() {
    let linked = in_status("Linked");
    for failure in [LookFailure::Trouble { not_before: None }, LookFailure::Offline] {
        let taken = step(&linked, Event::LookFailed(failure), at(20));
        assert_eq!(taken.connection.status, Status::Linked);
        assert_ne!(taken.connection.reachability, Reachability::Reachable);
        let back = seen(&taken.connection, "Linked", None, 30).connection;
        assert_eq!(back.reachability, Reachability::Reachable);
    }
    let refused = step(&linked, Event::LookFailed(LookFailure::Configuration), at(20)).connection;
    assert_eq!((refused.status, refused.needs), (Status::Linked, Needs::Credentials));
    assert_eq!(seen(&refused, "Linked", None, 30).connection.needs, Needs::Nothing);
    let gone = step(&linked, Event::LookFailed(LookFailure::Gone), at(20));
    assert_eq!(kinds(&gone), [ActivityKind::GoneElsewhere]);
    assert!(gone.connection.data_connection.as_ref().unwrap().gone);
    assert!(kinds(&step(&gone.connection, Event::LookFailed(LookFailure::Gone), at(21))).is_empty());
}

#[test]
fn codat_is_asked_only_while_something_is_to_be_expected_and_ever_less() {
    assert_eq!(next_look(&facts(), at(0)), None);
    let waiting = DataConnection { approving_since: Some(at(0)), ..facts() };
    let pause = |waited: i64| next_look(&waiting, at(waited)).unwrap().duration_since(at(waited)).as_secs();
    let pauses: Vec<i64> = [0, 60, 600, 3_600, 20_000, 200_000].into_iter().map(pause).collect();
    assert!(pauses.windows(2).all(|two| two[0] < two[1]), "{pauses:?}");
    assert_eq!(next_look(&waiting, at(8 * 86_400)), None, "after a week nobody comes");
    let of_a_time_to_come = next_look(&waiting, at(-30 * 86_400)).unwrap();
    assert_eq!(
        of_a_time_to_come,
        at(-30 * 86_400 + 3_600),
        "the clock was set back: nobody knows by how much"
    );
    let requests_of_a_day = {
        let (mut now, mut count) = (at(0), 0);
        while now < at(86_400) {
            now = next_look(&waiting, now).unwrap();
            count += 1;
        }
        count
    };
    assert!(requests_of_a_day < 400, "{requests_of_a_day}");
    let linked = step(&new(), Event::Approving { known_error: None }, at(0)).connection;
    assert!(linked.data_connection.as_ref().unwrap().look_at.is_some());
    let settled = seen(&linked, "Linked", None, 5).connection;
    assert_eq!(settled.data_connection.unwrap().look_at, None);
}

#[test]
fn who_asked_to_wait_is_not_asked_before() {
    let soon = look_after_failure(1, None, at(0));
    assert!(soon > at(0));
    assert_eq!(look_after_failure(1, Some(at(900)), at(0)), at(900));
    let late = look_after_failure(40, None, at(0));
    assert_eq!(late.duration_since(at(0)), SignedDuration::from_hours(1));
}

#[test]
fn a_reading_ends_with_what_was_not_read() {
    let reading = step(&in_status("Linked"), Event::Reading, at(10)).connection;
    assert!(reading.is_being_read());
    let over = step(&reading, Event::ReadingOver(vec!["bills".to_owned()]), at(20));
    assert!(!over.connection.is_being_read());
    assert!(over.effects.contains(&Effect::Log(ActivityKind::Synced, vec![("gaps", "bills".to_owned())])));
    assert!(step(&over.connection, Event::ReadingOver(Vec::new()), at(21)).effects.is_empty());
}

#[test]
fn a_window_hands_in_the_return_and_nothing_else() {
    let nonce = codat::LinkNonce::from_random([7; 32]);
    // EXPOSE: a nonce of this test, put into made-up addresses.
    let text = nonce.to_vault().expose().to_owned();
    let end = PageEnd::Link { nonce: Arc::new(nonce), origin: "https://link.codat.example".to_owned() };
    let url = |text: &str| Url::parse(text).unwrap();
    let with = |address: &str| url(&format!("{address}?mooringNonce={text}&statusCode=200"));
    assert_eq!(end.step(&with("http://127.0.0.1:47621/callback")), PageStep::Answer);
    assert_eq!(end.step(&with("https://link.codat.example/start")), PageStep::Go, "Codat's own page");
    assert_eq!(end.step(&url("http://127.0.0.1:47621/callback?mooringNonce=other")), PageStep::Go);
    assert_eq!(end.step(&url("xero://open")), PageStep::Stay, "no window leads to another program");
    assert!(!end.is_over_at(&with("https://link.codat.example/done")));
}
