//! Every transition of a connection, without clock, store or network.

use connections::activity::ActivityKind;
use connections::connection::{ApprovalReason, Connection, Needs, Reachability, Status};
use connections::step::{
    Effect, Event, GrantFacts, Hold, RefreshFailure, freshness_margin, next_refresh, step,
};
use jiff::{SignedDuration, Timestamp};

use crate::world::{at, pending};

fn facts(expires: Timestamp) -> GrantFacts {
    GrantFacts {
        scopes: vec!["a".to_owned()],
        access_expires_at: Some(expires),
        renewable: true,
        ..GrantFacts::default()
    }
}

fn linked() -> Connection {
    step(&pending(), Event::Authorized(facts(at(1800))), at(0)).connection
}

fn logged(effects: &[Effect]) -> Vec<ActivityKind> {
    let kinds = effects.iter().filter_map(|effect| match effect {
        Effect::Log(kind, _) => Some(*kind),
        _ => None,
    });
    kinds.collect()
}

#[test]
fn approval_links_and_a_second_one_is_a_reconnect_that_keeps_the_first_date() {
    let first = step(&pending(), Event::Authorized(facts(at(1800))), at(5));
    assert_eq!(first.connection.status, Status::Linked);
    assert_eq!(logged(&first.effects), [ActivityKind::Connected]);
    let gone = step(&first.connection, Event::Disconnect, at(10));
    assert_eq!(gone.connection.status, Status::Unlinked);
    assert!(gone.effects.contains(&Effect::EraseGrant) && gone.effects.contains(&Effect::RevokeStoredGrant));
    let again = step(&gone.connection, Event::Authorized(facts(at(3600))), at(20));
    assert_eq!(logged(&again.effects), [ActivityKind::Reconnected]);
    assert_eq!(again.connection.first_authorized_at, Some(at(5)));
    assert_eq!(again.connection.last_authorized_at, Some(at(20)));
}

#[test]
fn a_server_that_grants_offline_access_silently_has_granted_it() {
    let asked = Some(vec!["a".to_owned(), "offline_access".to_owned()]);
    let granted = |renewable| {
        let facts = GrantFacts { scopes_asked: asked.clone(), renewable, ..facts(at(1800)) };
        step(&pending(), Event::Authorized(facts), at(0))
    };
    assert!(granted(true).connection.scopes_granted.contains(&"offline_access".to_owned()));
    let without = granted(false);
    assert!(!without.connection.scopes_granted.contains(&"offline_access".to_owned()));
    let told = Effect::Log(ActivityKind::Connected, vec![("scopesMissing", "1".to_owned())]);
    assert_eq!(without.effects, [told], "what was not granted is written down");
}

#[test]
fn only_the_providers_own_word_ends_a_connection() {
    let outage = RefreshFailure::Trouble { not_before: None, in_doubt: false };
    for (failure, status, reason) in [
        (RefreshFailure::Dead, Status::Deauthorized, Some(ApprovalReason::GrantRefused)),
        (RefreshFailure::Configuration, Status::Linked, None),
        (outage, Status::Linked, None),
        (RefreshFailure::Offline, Status::Linked, None),
    ] {
        let sending = step(&linked(), Event::RefreshSending { retry: false }, at(100)).connection;
        let revision = sending.grant_revision;
        let after = step(&sending, Event::RefreshFailed { revision, failure }, at(101)).connection;
        assert_eq!(after.status, status, "{failure:?}");
        let approval = match after.needs {
            Needs::Approval { reason } => Some(reason),
            _ => None,
        };
        assert_eq!(approval, reason, "{failure:?}");
    }
}

#[test]
fn a_refusal_after_a_lost_answer_says_so() {
    let sending = step(&linked(), Event::RefreshSending { retry: true }, at(100)).connection;
    let event = Event::RefreshFailed { revision: sending.grant_revision, failure: RefreshFailure::Dead };
    let after = step(&sending, event, at(101)).connection;
    assert_eq!(after.needs, Needs::Approval { reason: ApprovalReason::RotationLost });
}

#[test]
fn an_outage_is_written_once_and_asked_less_and_less() {
    let mut connection = linked();
    let mut lines = 0;
    let mut pauses = Vec::new();
    for minute in 0..12 {
        let now = at(60 * minute);
        connection = step(&connection, Event::RefreshSending { retry: false }, now).connection;
        let failure = RefreshFailure::Trouble { not_before: None, in_doubt: false };
        let after =
            step(&connection, Event::RefreshFailed { revision: connection.grant_revision, failure }, now);
        lines += logged(&after.effects).len();
        connection = after.connection;
        let Reachability::ProviderTrouble { since, retry_at } = connection.reachability.clone() else {
            panic!()
        };
        assert_eq!(since, at(0), "the trouble began once");
        pauses.push(retry_at.duration_since(now).as_secs());
    }
    assert_eq!(lines, 1);
    assert_eq!(pauses[..4], [30, 60, 120, 240]);
    assert_eq!(*pauses.last().unwrap(), 3600, "an hour at most");
}

#[test]
fn a_late_answer_changes_nothing_and_is_revoked() {
    let sending = step(&linked(), Event::RefreshSending { retry: false }, at(100)).connection;
    let gone = step(&sending, Event::Disconnect, at(101)).connection;
    let given_to = Some("a program".to_owned());
    let refreshed = Event::Refreshed { revision: sending.grant_revision, facts: facts(at(9000)), given_to };
    let late = step(&gone, refreshed, at(102));
    assert_eq!(late.connection, gone);
    assert_eq!(late.effects, [Effect::RevokeReturnedGrant]);
}

#[test]
fn a_fixed_end_survives_a_refresh_that_does_not_repeat_it() {
    let hold = Some(Hold { until: at(86_400), renews: false });
    let connection =
        step(&pending(), Event::Authorized(GrantFacts { hold, ..facts(at(60)) }), at(0)).connection;
    let refreshed =
        Event::Refreshed { revision: connection.grant_revision, facts: facts(at(120)), given_to: None };
    let after = step(&connection, refreshed, at(50)).connection;
    assert_eq!(after.holds_until, Some(at(86_400)));
}

#[test]
fn the_margin_follows_the_life_of_the_token() {
    for (life, margin) in [(5, 2), (10, 5), (300, 30), (1800, 180), (3600, 300), (86_400, 300)] {
        assert_eq!(freshness_margin(SignedDuration::from_secs(life)).as_secs(), margin, "{life} s");
    }
    assert_eq!(freshness_margin(SignedDuration::ZERO), SignedDuration::ZERO);
}

#[test]
fn a_provider_is_asked_in_the_background_for_a_reason_only() {
    let used = linked();
    assert_eq!(next_refresh(&used, at(0)), Some(at(1800 - 180)), "in use: before the token ends");
    let idle =
        Connection { last_authorized_at: Some(at(-100_000)), last_refreshed_at: Some(at(0)), ..linked() };
    assert_eq!(next_refresh(&idle, at(0)), Some(at(7 * 86_400)), "idle: often enough to stay alive");
    let lapsing = Connection { holds_until: Some(at(60 * 86_400)), hold_renews: true, ..idle.clone() };
    assert_eq!(next_refresh(&lapsing, at(0)), Some(at(30 * 86_400)), "idle with a known lapse: half of it");
    for asleep in [
        Connection { paused: true, ..used.clone() },
        Connection { renewable: false, ..used.clone() },
        Connection { status: Status::Unlinked, ..used.clone() },
        Connection { status: Status::Deauthorized, ..used.clone() },
        Connection { needs: Needs::Credentials, ..used.clone() },
    ] {
        assert_eq!(next_refresh(&asleep, at(5000)), None);
    }
    let short = Connection { access_expires_at: Some(at(30)), ..used };
    assert_eq!(
        next_refresh(&short, at(0)),
        Some(at(7 * 86_400)),
        "tokens of seconds are renewed when asked for"
    );
}
