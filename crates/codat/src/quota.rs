//! How many requests of the day are left, and when that is too few to ask without being asked.
//!
//! An account has a thousand requests a day and a thousand more for each company with a connection, counted from
//! midnight UTC. Each answer says how many there are and how many are left.
//!
//! Source: docs.codat.io, using the API, rate limits.

use crate::instant::instant;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use web::RateLimit;

/// What part of the day's requests is kept for what the person asks: one of so many.
const KEPT_BACK: u64 = 10;
/// The same where an answer does not say how many there are in all.
const KEPT_BACK_UNTOLD: u64 = 100;

/// Whether what is left is to be kept for what the person asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quota {
    /// Enough is left.
    Ample,
    /// Little is left, until then.
    Scarce(Timestamp),
}

/// What an answer of Codat's says of the day's requests; none when it says nothing, or nothing that can be read.
pub fn quota(answer: &RateLimit, now: Timestamp) -> Option<Quota> {
    let number = |text: &Option<String>| text.as_deref()?.trim().parse::<u64>().ok();
    let remaining = number(&answer.remaining)?;
    let kept_back = number(&answer.limit).map_or(KEPT_BACK_UNTOLD, |limit| limit / KEPT_BACK);
    if remaining > kept_back {
        return Some(Quota::Ample);
    }
    Some(Quota::Scarce(reset(answer.reset.as_deref(), now)))
}

/// When there are as many again: as the answer says, if that is within a day, else at midnight UTC.
fn reset(told: Option<&str>, now: Timestamp) -> Timestamp {
    let latest = now.saturating_add(SignedDuration::from_hours(25)).unwrap_or(now);
    let told = told.and_then(|text| {
        let date = || jiff::fmt::rfc2822::parse(text.trim()).ok().map(|date| date.timestamp());
        instant(text).or_else(date)
    });
    told.filter(|at| *at > now && *at <= latest).unwrap_or_else(|| {
        let tomorrow = now.to_zoned(TimeZone::UTC).date().checked_add(1.day());
        let midnight = tomorrow.ok().and_then(|day| day.to_zoned(TimeZone::UTC).ok());
        midnight.map_or(latest, |midnight| midnight.timestamp())
    })
}

#[cfg(test)]
mod tests {
    use super::{Quota, quota};
    use jiff::Timestamp;
    use web::RateLimit;

    fn said(limit: &str, remaining: &str, reset: &str) -> RateLimit {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        RateLimit { limit: some(limit), remaining: some(remaining), reset: some(reset) }
    }

    #[test]
    fn the_last_tenth_of_a_day_is_scarce_until_it_ends() {
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        let until = |text: &str| Some(Quota::Scarce(text.parse().unwrap()));
        let midnight = until("2026-11-22T00:00:00Z");
        for (limit, remaining, reset, expected) in [
            ("1000", "900", "2026-11-22T00:00:00Z", Some(Quota::Ample)),
            ("1000", "101", "", Some(Quota::Ample)),
            ("1000", "100", "2026-11-21T20:00:00Z", until("2026-11-21T20:00:00Z")),
            (" 1000 ", " 0 ", "Sat, 21 Nov 2026 20:00:00 GMT", until("2026-11-21T20:00:00Z")),
            ("1000", "7", "2026-11-21T20:00:00", until("2026-11-21T20:00:00Z")),
            // A date that cannot be: the day ends all the same.
            ("1000", "7", "2026-11-20T00:00:00Z", midnight),
            ("1000", "7", "2027-11-20T00:00:00Z", midnight),
            ("1000", "7", "soon", midnight),
            ("", "99", "", midnight),
            ("", "101", "", Some(Quota::Ample)),
            ("1000", "", "", None),
            ("1000", "many", "", None),
            ("", "", "2026-11-22T00:00:00Z", None),
        ] {
            let seen = quota(&said(limit, remaining, reset), now);
            assert_eq!(seen, expected, "{remaining} of {limit} until {reset}");
        }
    }
}
