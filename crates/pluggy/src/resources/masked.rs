//! Numbers of accounts and documents: stored whole, printed in part.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A number that says who somebody is or where their money lies. Its `Debug` and `Display` show the end of it.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Masked(String);

impl Masked {
    /// Keeps `text`.
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The whole number, for storing and for showing when the person asks.
    pub fn whole(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Masked {
    /// The last four characters of those that are long enough to hide something by it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let length = self.0.chars().count();
        let shown = if length >= 8 { 4 } else { length.min(2) };
        f.write_str("••••")?;
        self.0.chars().skip(length.saturating_sub(shown)).try_for_each(|c| write!(f, "{c}"))
    }
}

impl fmt::Debug for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Masked({self})")
    }
}
