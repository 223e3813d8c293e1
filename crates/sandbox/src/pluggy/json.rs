//! How values are written: instants, days and amounts.
//!
//! Invariant: an instant has milliseconds and ends in `Z`, because Pluggy's own clients recognise only that as a date.
//!
//! Source: npm `pluggy-sdk` 0.90.0 `transforms.js` (its pattern for dates).

use super::refusal::Refusal;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// An instant, such as `2026-11-21T08:00:00.000Z`.
pub(super) fn instant(at: Timestamp) -> Value {
    json!(format!("{at:.3}"))
}

/// An instant that may be missing.
pub(super) fn maybe(at: Option<Timestamp>) -> Value {
    at.map_or(Value::Null, instant)
}

/// Midnight of a day, in UTC.
pub(super) fn midnight(day: Date) -> Value {
    json!(format!("{day}T00:00:00.000Z"))
}

/// An amount of cents as a JSON number with at most two decimals.
pub(super) fn money(cents: i64) -> Value {
    let sign = if cents < 0 { "-" } else { "" };
    let digits = cents.unsigned_abs();
    // Read back as the nearest double, which serde_json writes in its shortest form: exactly these digits.
    let number: f64 = format!("{sign}{}.{:02}", digits / 100, digits % 100).parse().unwrap_or_default();
    json!(number)
}

/// A JSON body; an empty one reads as `{}`.
pub(super) fn body<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    let bytes = if bytes.trim_ascii().is_empty() { b"{}".as_slice() } else { bytes };
    serde_json::from_slice(bytes).map_err(|_| Refusal::bad("The body is not the JSON that was expected"))
}

/// The first instant of a date filter: an instant, or a day such as `2026-11-21`.
pub(super) fn filter(text: &str) -> Result<Timestamp, Refusal> {
    let wrong = || Refusal::bad("A date filter is an ISO date or YYYY-MM-dd");
    if let Ok(instant) = text.parse() {
        return Ok(instant);
    }
    let day: Date = text.parse().map_err(|_| wrong())?;
    Ok(day.to_zoned(jiff::tz::TimeZone::UTC).map_err(|_| wrong())?.timestamp())
}

#[cfg(test)]
mod tests {
    use super::{filter, instant, money};
    use jiff::Timestamp;

    #[test]
    fn instants_have_the_form_that_clients_recognise() {
        let at = |text: &str| instant(text.parse::<Timestamp>().unwrap());
        assert_eq!(at("2026-11-21T08:00:00Z"), "2026-11-21T08:00:00.000Z");
        assert_eq!(at("2026-11-21T08:00:00.123456Z"), "2026-11-21T08:00:00.123Z");
    }

    #[test]
    fn amounts_keep_their_digits() {
        for (cents, text) in
            [(481_237, "4812.37"), (-5, "-0.05"), (100, "1.0"), (0, "0.0"), (-124_390, "-1243.9")]
        {
            assert_eq!(money(cents).to_string(), text);
        }
    }

    #[test]
    fn filters_take_days_and_instants() {
        assert_eq!(filter("2026-11-21").unwrap(), "2026-11-21T00:00:00Z".parse().unwrap());
        assert_eq!(filter("2026-11-21T08:00:00.000Z").unwrap(), "2026-11-21T08:00:00Z".parse().unwrap());
        assert!(filter("yesterday").is_err());
    }
}
