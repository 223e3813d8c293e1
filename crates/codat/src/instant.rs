//! Instants as Codat writes them: with `Z`, with an offset, or with no zone at all.
//!
//! Source: docs.codat.io, data model, dates and times; no zone means UTC for what Codat itself records.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Longest pause that a server may ask for and get.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(1);

/// The instant that `text` names; none for nonsense, and for the year 1, which is how an unset date leaks out.
pub(crate) fn instant(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let at = text.parse::<Timestamp>().ok().or_else(|| {
        let civil: DateTime = text.parse().ok()?;
        civil.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
    })?;
    let year = at.to_zoned(TimeZone::UTC).year();
    (year > 1).then_some(at)
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

#[cfg(test)]
mod tests {
    use super::{instant, retry_after};
    use jiff::Timestamp;

    #[test]
    fn a_date_without_a_zone_is_utc() {
        for (text, expected) in [
            ("2022-10-27T10:22:43.6464237Z", Some("2022-10-27T10:22:43.6464237Z")),
            ("2021-11-15T01:00:00-05:00", Some("2021-11-15T06:00:00Z")),
            ("2021-01-01T00:00:00", Some("2021-01-01T00:00:00Z")),
            (" 2021-01-01T00:00:00.5 ", Some("2021-01-01T00:00:00.5Z")),
            ("2021-01-01", Some("2021-01-01T00:00:00Z")),
            ("0001-01-01T00:00:00", None),
            ("0001-01-01T00:00:00Z", None),
            ("yesterday", None),
            ("", None),
        ] {
            assert_eq!(instant(text), expected.map(|text| text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn a_pause_is_seconds_or_a_date_and_an_hour_at_most() {
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        for (value, expected) in [
            (Some("30"), Some("2026-11-21T12:00:30Z")),
            (Some("Sat, 21 Nov 2026 12:01:00 GMT"), Some("2026-11-21T12:01:00Z")),
            (Some("999999999999"), Some("2026-11-21T13:00:00Z")),
            (Some("Sun, 22 Nov 2026 12:00:00 GMT"), Some("2026-11-21T13:00:00Z")),
            (Some("0"), None),
            (Some("-1"), None),
            (Some("soon"), None),
            (None, None),
        ] {
            assert_eq!(retry_after(value, now), expected.map(|text| text.parse().unwrap()), "{value:?}");
        }
    }
}
