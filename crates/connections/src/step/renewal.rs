//! When a token counts as stale, and when a connection is worth a request that nobody asked for.
//!
//! Knows instants and lives, no provider: what the catalogue says about idleness is in the connection already.

use super::{LONGEST_RETRY, add};
use crate::connection::{Connection, Needs, Reachability, Status};
use jiff::{SignedDuration, Timestamp};

/// How long before its end an access token of this life counts as stale.
///
/// A tenth of the life, at least 5 seconds and at most 5 minutes, and never more than half of it: tokens of 300 s
/// exist, and one of 5 s must still be of use.
pub fn freshness_margin(life: SignedDuration) -> SignedDuration {
    let tenth = SignedDuration::from_millis(i64::try_from(life.as_millis() / 10).unwrap_or(i64::MAX));
    let half = SignedDuration::from_millis(i64::try_from(life.as_millis() / 2).unwrap_or(i64::MAX));
    tenth.max(SignedDuration::from_secs(5)).min(SignedDuration::from_mins(5)).min(half)
}

/// For how long after its last use a connection is kept fresh ahead of time, so that a caller does not wait.
const KEPT_FRESH_FOR: SignedDuration = SignedDuration::from_hours(1);
/// Shortest life that is worth renewing ahead of time; shorter ones are renewed when asked for.
const SHORTEST_BACKGROUND_LIFE: SignedDuration = SignedDuration::from_secs(60);
/// How often an unused grant is renewed when nobody says when it lapses.
const KEEPALIVE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// When the connection is next worth a request in the background; `None` when it is not.
///
/// A provider is asked for four reasons only: an answer is in doubt, or a try failed or was refused; somebody used the connection
/// within the hour and its token is about to end; the grant would lapse from disuse; or its dates are of a clock that
/// was set back since, and say nothing.
pub fn next_refresh(connection: &Connection, now: Timestamp) -> Option<Timestamp> {
    if connection.status != Status::Linked || connection.paused || !connection.renewable {
        return None;
    }
    if connection.needs == Needs::Credentials {
        return after_refusal(connection, now);
    }
    if let Some(retry_at) = retry_at(connection, now) {
        return Some(retry_at);
    }
    if connection.in_flight.is_some() || connection.unproven {
        return Some(now);
    }
    let obtained =
        connection.last_refreshed_at.max(connection.last_authorized_at).unwrap_or(connection.created_at);
    // By how much the clock was set back nobody knows; one renewal sets all dates right.
    if lies_ahead(obtained, SignedDuration::ZERO, now) {
        return Some(now);
    }
    let ahead = ahead_of_expiry(connection, obtained);
    ahead.into_iter().chain(keepalive_at(connection, obtained)).min()
}

/// When a provider that failed may be asked again; `None` when it did not fail. A pause that is longer than any that is
/// made began before the clock was set back, and is over.
pub fn retry_at(connection: &Connection, now: Timestamp) -> Option<Timestamp> {
    let retry_at = match connection.reachability {
        Reachability::ProviderTrouble { retry_at, .. } | Reachability::Offline { retry_at, .. } => retry_at,
        Reachability::Reachable => return None,
    };
    Some(if lies_ahead(retry_at, LONGEST_RETRY, now) { now } else { retry_at })
}

/// Pause after a registration was refused; each refusal doubles it, up to a day. Most are refused because something is
/// wrong with them, which only the person can mend; some because something is wrong at the provider, which passes.
const REFUSAL_PAUSE: SignedDuration = SignedDuration::from_hours(1);
const LONGEST_REFUSAL_PAUSE: SignedDuration = SignedDuration::from_hours(24);

/// When a provider that refused our registration may be asked with it again; `None` when it did not.
pub fn after_refusal(connection: &Connection, now: Timestamp) -> Option<Timestamp> {
    let refused_at = connection.refused_at?;
    if lies_ahead(refused_at, SignedDuration::ZERO, now) {
        return Some(now);
    }
    let doublings = connection.failures.saturating_sub(1).min(5);
    let pause = SignedDuration::from_secs(REFUSAL_PAUSE.as_secs() << doublings);
    Some(add(refused_at, pause.min(LONGEST_REFUSAL_PAUSE)))
}

/// By how much a clock may be set back without notice: those that are kept right by the network are, all the time.
pub(crate) const CLOCK_STEP: SignedDuration = SignedDuration::from_mins(1);

/// Whether an instant that was at most `ahead` of the clock lies further ahead now: then the clock was set back.
fn lies_ahead(instant: Timestamp, ahead: SignedDuration, now: Timestamp) -> bool {
    instant > add(now, ahead.saturating_add(CLOCK_STEP))
}

/// When the grant is renewed for its own sake; `None` when that would gain nothing.
fn keepalive_at(connection: &Connection, obtained: Timestamp) -> Option<Timestamp> {
    if connection.without_person {
        return None;
    }
    let Some(until) = connection.holds_until else { return Some(add(obtained, KEEPALIVE)) };
    // Half of the time left: a machine that sleeps for weeks still wakes in time.
    let half = SignedDuration::from_secs((until.duration_since(obtained).as_secs() / 2).max(60));
    if connection.hold_renews {
        return Some(add(obtained, half));
    }
    // Whether a renewal moves the end is seen by one of them; what did not move it then is not asked for again.
    let seen = connection.last_refreshed_at > connection.last_authorized_at;
    (!seen && connection.hard_stop != Some(until)).then(|| add(obtained, half.min(KEEPALIVE)))
}

fn ahead_of_expiry(connection: &Connection, obtained: Timestamp) -> Option<Timestamp> {
    let expires_at = connection.access_expires_at?;
    let life = expires_at.duration_since(obtained);
    let due = add(expires_at, -freshness_margin(life));
    let used = connection.last_used_at.max(connection.last_authorized_at)?;
    (life >= SHORTEST_BACKGROUND_LIFE && due <= add(used, KEPT_FRESH_FOR)).then_some(due)
}
