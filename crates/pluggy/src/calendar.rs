//! Dates and instants in the forms that answers have.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// Longest text that can be a date with a time, a fraction and a zone.
const LONGEST: usize = 64;

/// An instant: with a zone as written; without one in UTC; a bare date is its first moment in UTC.
pub(crate) fn instant(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.len() > LONGEST {
        return None;
    }
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    let local = text.parse::<DateTime>().ok()?;
    local.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

/// A day of the calendar, as written.
///
/// Due dates come as midnight, in UTC or in São Paulo: converted to another zone they would become the day before.
pub(crate) fn day(text: &str) -> Option<Date> {
    let text = text.trim();
    if text.len() > LONGEST {
        return None;
    }
    text.parse::<DateTime>().ok().map(DateTime::date).or_else(|| text.get(..10)?.parse().ok())
}
