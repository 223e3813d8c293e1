//! A connector's regular expression, in JavaScript's syntax.
//!
//! Written by others and run on what a person types, by an engine that backtracks as JavaScript's do: so what a match
//! can cost is reckoned first, and one that could take long is not tried.

use super::pattern_cost::{Cost, cost};
use regress::Regex;

/// Most steps that a match may take; a few hundredths of a second.
const MOST_STEPS: u64 = 2_000_000;

/// A pattern that can be tried.
pub(super) struct Pattern {
    regex: Regex,
    cost: Cost,
}

impl Pattern {
    /// None when `source` is no pattern, or one of a form that is not understood here.
    pub(super) fn new(source: &str) -> Option<Self> {
        // First, since it also bounds how long and deep the pattern is.
        let cost = cost(source)?;
        Regex::new(source).ok().map(|regex| Self { regex, cost })
    }

    /// Whether `value` matches as in `new RegExp(source).test(value)`; none when to try could take long.
    pub(super) fn matches(&self, value: &str) -> Option<bool> {
        (self.cost.steps(value.chars().count()) <= MOST_STEPS).then(|| self.regex.find(value).is_some())
    }
}

impl std::fmt::Debug for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pattern(…)")
    }
}
