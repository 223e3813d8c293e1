//! Lifetimes and pauses, as servers write them.

use super::LONGEST_LIFE;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// Longest pause that a server may ask for and get.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(1);

/// When something ends that lives `value` seconds from `sent_at`.
///
/// Numbers and numeric texts count; fractions are cut; zero and less mean that it is over; more than a year is a
/// year; anything else says nothing.
pub(super) fn expiry(value: &Value, sent_at: Timestamp) -> Option<Timestamp> {
    let seconds = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse::<f64>().ok()?,
        _ => return None,
    };
    if !seconds.is_finite() {
        return None;
    }
    let longest = LONGEST_LIFE.as_secs_f64();
    #[expect(clippy::cast_possible_truncation, reason = "clamped to a year before it is cut")]
    let seconds = seconds.clamp(0.0, longest) as i64;
    sent_at.checked_add(SignedDuration::from_secs(seconds)).ok()
}

/// The instant that `value` names: a date and time of RFC 3339, or seconds or milliseconds since 1970, as a number or a
/// text.
///
/// One that was over when the request left says nothing about a token that was made after it: then a clock is wrong.
/// More than a year ahead is a year.
pub(super) fn instant(value: &Value, sent_at: Timestamp) -> Option<Timestamp> {
    let named = match value {
        Value::Number(number) => since_1970(number.as_f64()?)?,
        Value::String(text) => {
            let text = text.trim();
            text.parse().ok().or_else(|| since_1970(text.parse().ok()?))?
        }
        _ => return None,
    };
    let latest = sent_at.checked_add(LONGEST_LIFE).ok()?;
    (named > sent_at).then(|| named.min(latest))
}

/// Numbers that would be later than the year 5138 in seconds are milliseconds.
const LARGEST_SECONDS: f64 = 1e11;

fn since_1970(number: f64) -> Option<Timestamp> {
    let seconds = if number < LARGEST_SECONDS { number } else { number / 1e3 };
    if !(0.0..LARGEST_SECONDS).contains(&seconds) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "bounded just above")]
    let whole = seconds as i64;
    Timestamp::from_second(whole).ok()
}

/// When a server wants to be asked again: `Retry-After` as seconds or as a date (RFC 9110 §10.2.3), an hour at most.
pub(crate) fn retry_after(value: Option<&str>, now: Timestamp) -> Option<Timestamp> {
    let value = value?.trim();
    let at = match value.parse::<i64>() {
        Ok(seconds) if seconds >= 0 => {
            now.checked_add(SignedDuration::from_secs(seconds.min(LONGEST_PAUSE.as_secs()))).ok()?
        }
        Ok(_) => return None,
        Err(_) => jiff::fmt::rfc2822::parse(value).ok()?.timestamp(),
    };
    let latest = now.checked_add(LONGEST_PAUSE).ok()?;
    (at > now).then(|| at.min(latest))
}
