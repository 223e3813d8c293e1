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
