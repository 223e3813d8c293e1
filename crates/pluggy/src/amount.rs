//! Exact decimal amounts: money, quantities and rates.
//!
//! Does not know which currency it is of; the resource that holds it says so.

use rust_decimal::Decimal;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// Longest text that can be an amount; 28 digits, a sign, a point, an exponent.
const LONGEST: usize = 40;

/// An exact decimal of up to 28 digits. Stored and shown as a text, so that no reader makes a float of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Amount(Decimal);

impl Amount {
    /// Reads `1234.56`, `-0.10` or `1e3`; none when it is anything else or has more digits than can be kept exactly.
    ///
    /// A comma is refused: `1,234` is a thousand to some and one and a bit to others.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let fits = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E');
        if text.is_empty() || text.len() > LONGEST || !text.chars().all(fits) {
            return None;
        }
        let plain = match text.split_once(['e', 'E']) {
            Some((digits, exponent)) => shifted(digits, exponent)?,
            None => text.to_owned(),
        };
        Decimal::from_str_exact(&plain).ok().map(Self)
    }

    /// The decimal itself, for sums.
    pub const fn decimal(self) -> Decimal {
        self.0
    }

    /// Whether it is less than nothing.
    pub const fn is_negative(self) -> bool {
        self.0.is_sign_negative() && !self.0.is_zero()
    }
}

/// `digits` with the point moved by `exponent`, written out; the library's own way would round.
fn shifted(digits: &str, exponent: &str) -> Option<String> {
    let exponent: i32 = exponent.parse().ok().filter(|exponent| (-40..=40).contains(exponent))?;
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = format!("{whole}{fraction}");
    if whole.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let point = i32::try_from(whole.len()).ok()? + exponent;
    Some(match usize::try_from(point) {
        Err(_) | Ok(0) => format!("{sign}0.{}{all}", "0".repeat(point.unsigned_abs() as usize)),
        Ok(point) if point >= all.len() => format!("{sign}{all}{}", "0".repeat(point - all.len())),
        Ok(point) => {
            let (whole, fraction) = all.split_at_checked(point)?;
            format!("{sign}{whole}.{fraction}")
        }
    })
}

impl From<Decimal> for Amount {
    fn from(value: Decimal) -> Self {
        Self(value)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("not an amount"))
    }
}
