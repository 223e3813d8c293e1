//! Until when a connection holds, and how seldom it has to be renewed for that.

use crate::world::{at, pending};
use connections::connection::Connection;
use connections::step::{Event, GrantFacts, Hold, freshness_margin, next_refresh, step};
use jiff::{SignedDuration, Timestamp};

const DAY: i64 = 86_400;

fn facts(now: i64, hold: Option<Hold>) -> GrantFacts {
    GrantFacts { access_expires_at: Some(at(now + 1800)), renewable: true, hold, ..GrantFacts::default() }
}

fn moving(now: i64, days: i64) -> Hold {
    Hold { until: at(now + days * DAY), renews: true }
}

fn approved(hold: Option<Hold>, hard_stop: Option<Timestamp>) -> Connection {
    let facts = GrantFacts { hard_stop, ..facts(0, hold) };
    step(&pending(), Event::Authorized(facts), at(0)).connection
}

fn renewed(connection: &Connection, now: i64, hold: Option<Hold>) -> Connection {
    let event =
        Event::Refreshed { revision: connection.grant_revision, facts: facts(now, hold), given_to: None };
    step(connection, event, at(now)).connection
}

/// The days on which an unused connection is renewed within `days`.
fn days_asked(mut connection: Connection, days: i64, idle: Option<i64>) -> Vec<i64> {
    let mut asked = Vec::new();
    for day in 1..=days {
        let now = at(day * DAY);
        if next_refresh(&connection, now).is_some_and(|due| due <= now) {
            asked.push(day);
            connection = renewed(&connection, day * DAY, idle.map(|idle| moving(day * DAY, idle)));
        }
    }
    asked
}

#[test]
fn idle_lapses_are_met_with_half_of_them_to_spare() {
    // The approval counts as a use, so the first renewal belongs to it and not to idleness.
    for (days, wakes) in
        [(60, vec![1, 31, 61, 91]), (31, vec![1, 17, 33, 49, 65, 81, 97]), (90, vec![1, 46, 91])]
    {
        let connection = approved(Some(moving(0, days)), None);
        assert_eq!(days_asked(connection, 100, Some(days)), wakes, "a lapse after {days} idle days");
    }
}

#[test]
fn a_hard_stop_is_shown_when_it_comes_first_and_is_moved_by_nothing() {
    let stop = at(5 * 365 * DAY);
    let young = approved(Some(moving(0, 100)), Some(stop));
    assert_eq!((young.holds_until, young.hold_renews), (Some(at(100 * DAY)), true));
    let late = 5 * 365 * DAY - 50 * DAY;
    let old = renewed(&young, late, Some(moving(late, 100)));
    assert_eq!((old.holds_until, old.hold_renews), (Some(stop), false), "the person must approve by then");
    assert_eq!(next_refresh(&old, at(late + 20 * DAY)), None, "asking would gain nothing");
    let again = step(&old, Event::Authorized(facts(late, Some(moving(late, 100)))), at(late)).connection;
    assert_eq!(again.hard_stop, None, "a new approval counts anew");
}

#[test]
fn an_end_that_a_renewal_moves_is_one_that_renewals_move() {
    let told = Some(Hold { until: at(DAY), renews: false });
    let fresh = approved(told, None);
    assert!(
        next_refresh(&fresh, at(0)).is_some_and(|due| due <= at(DAY / 2)),
        "one renewal shows what it is"
    );
    let moved = renewed(&fresh, DAY / 2, Some(Hold { until: at(DAY / 2 + DAY), renews: false }));
    assert!(moved.hold_renews);
    let fixed = renewed(&fresh, DAY / 2, Some(Hold { until: at(DAY), renews: false }));
    assert!(!fixed.hold_renews);
    assert_eq!(next_refresh(&Connection { last_used_at: None, ..fixed }, at(DAY / 2 + 7200)), None);
}

#[test]
fn what_is_unknown_is_kept_alive_weekly_and_what_is_paused_not_at_all() {
    let unknown = approved(None, None);
    assert_eq!(days_asked(unknown.clone(), 21, None), [1, 8, 15]);
    let paused = step(&unknown, Event::Pause, at(1)).connection;
    assert_eq!(days_asked(paused, 100, None), Vec::<i64>::new());
}

#[test]
fn margins_fit_short_lives() {
    for (life, margin) in [(300, 30), (600, 60), (1800, 180), (3600, 300), (86_400, 300), (8, 4)] {
        let margin = SignedDuration::from_secs(margin);
        assert_eq!(freshness_margin(SignedDuration::from_secs(life)), margin, "{life} s");
    }
}
