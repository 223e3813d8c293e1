//! What a new reading makes of the transactions that are kept.
//!
//! A reading covers a window of days. Inside it the source's word counts: a pending transaction that is not in it any
//! more was booked under another identifier or given up, and a booked one was corrected. Outside it everything stays.

use crate::view::TransactionView;
use jiff::civil::Date;
use jiff::{Span, ToSpan as _};
use std::collections::{BTreeMap, HashSet};

/// How far back the first reading goes, in months.
const FIRST_WINDOW: i64 = 12;
/// Days that each later reading goes over again: institutions book late, and change what was pending.
const OVERLAP: i64 = 30;

/// What was read of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The first day that was asked for.
    pub from: Date,
    /// Everything that the source has since then, or the newest part of it.
    pub transactions: Vec<TransactionView>,
    /// Whether that is all of it.
    pub is_complete: bool,
}

/// The first day to ask for: a year back at first, then a while before the newest booked transaction, and not after the
/// oldest pending one.
pub fn window_start(kept: &[TransactionView], today: Date) -> Date {
    let back = |span: Span, from: Date| from.checked_sub(span).unwrap_or(from);
    let first = back(FIRST_WINDOW.months(), today);
    let booked = kept.iter().filter(|one| !one.pending).filter_map(|one| one.date).max();
    let Some(newest) = booked else { return first };
    let overlap = back(OVERLAP.days(), newest.min(today));
    let pending = kept.iter().filter(|one| one.pending).filter_map(|one| one.date).min();
    pending.map_or(overlap, |pending| overlap.min(pending.max(first)))
}

/// What is kept after a reading, newest first.
pub fn merge(kept: Vec<TransactionView>, reading: Reading) -> Vec<TransactionView> {
    let Reading { from, transactions, is_complete } = reading;
    let read: HashSet<String> = transactions.iter().map(|one| one.id.clone()).collect();
    // An answer without a single line is more often an institution in trouble than a year that never was.
    let is_word = is_complete && !transactions.is_empty();
    let stays = |one: &TransactionView| {
        let is_inside = one.date.is_none_or(|date| date >= from);
        !read.contains(&one.id) && !(is_inside && (one.pending && is_complete || is_word))
    };
    let mut all: Vec<TransactionView> = kept.into_iter().filter(stays).collect();
    let mut seen = HashSet::new();
    all.extend(transactions.into_iter().filter(|one| seen.insert(one.id.clone())));
    sort(&mut all);
    all
}

/// Newest first; the same day by identifier, so that the order never depends on the order of arrival.
fn sort(all: &mut [TransactionView]) {
    all.sort_by(|one, other| other.date.cmp(&one.date).then_with(|| one.id.cmp(&other.id)));
}

/// Transactions by month, `2026-11`; without a date under `0000-00`. How a store keeps them, so that a reading of a few
/// days writes a few days.
pub fn by_month(all: &[TransactionView]) -> BTreeMap<String, Vec<TransactionView>> {
    let mut months: BTreeMap<String, Vec<TransactionView>> = BTreeMap::new();
    for one in all {
        let month = one.date.map_or_else(|| "0000-00".to_owned(), |date| date.strftime("%Y-%m").to_string());
        months.entry(month).or_default().push(one.clone());
    }
    months
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that panics says so")]
mod tests {
    use super::{Reading, by_month, merge, window_start};
    use crate::view::TransactionView;
    use jiff::civil::{Date, date};

    fn line(id: &str, day: Date, pending: bool) -> TransactionView {
        TransactionView {
            id: id.to_owned(),
            date: Some(day),
            description: id.to_owned(),
            amount: Some("1.00".to_owned()),
            currency: None,
            category: None,
            pending,
        }
    }

    fn ids(all: &[TransactionView]) -> Vec<&str> {
        all.iter().map(|one| one.id.as_str()).collect()
    }

    #[test]
    fn a_year_at_first_then_what_may_have_changed() {
        let today = date(2026, 11, 21);
        assert_eq!(window_start(&[], today), date(2025, 11, 21));
        let kept = [line("a", date(2026, 11, 10), false)];
        assert_eq!(window_start(&kept, today), date(2026, 10, 11));
        let pends = [line("a", date(2026, 11, 10), false), line("p", date(2026, 9, 1), true)];
        assert_eq!(window_start(&pends, today), date(2026, 9, 1));
        let ancient = [line("a", date(2026, 11, 10), false), line("p", date(2019, 9, 1), true)];
        assert_eq!(window_start(&ancient, today), date(2025, 11, 21), "never further than a year");
    }

    #[test]
    fn the_same_reading_twice_changes_nothing() {
        let read = || Reading {
            from: date(2026, 11, 1),
            transactions: vec![line("b", date(2026, 11, 2), false), line("a", date(2026, 11, 3), true)],
            is_complete: true,
        };
        let once = merge(vec![line("old", date(2026, 1, 1), false)], read());
        assert_eq!(ids(&once), ["a", "b", "old"]);
        assert_eq!(merge(once.clone(), read()), once);
    }

    #[test]
    fn what_was_pending_is_replaced_and_what_lies_before_the_window_stays() {
        let kept = vec![line("p-1", date(2026, 11, 19), true), line("old", date(2026, 5, 1), false)];
        let booked = Reading {
            from: date(2026, 10, 20),
            transactions: vec![line("b-1", date(2026, 11, 20), false)],
            is_complete: true,
        };
        assert_eq!(ids(&merge(kept, booked)), ["b-1", "old"]);
    }

    #[test]
    fn a_corrected_one_goes_and_an_empty_answer_takes_nothing_that_was_booked() {
        let kept = || vec![line("a", date(2026, 11, 19), false), line("p", date(2026, 11, 20), true)];
        let reading =
            |transactions, is_complete| Reading { from: date(2026, 10, 20), transactions, is_complete };
        let other = || vec![line("c", date(2026, 11, 18), false)];
        assert_eq!(ids(&merge(kept(), reading(other(), true))), ["c"]);
        assert_eq!(ids(&merge(kept(), reading(Vec::new(), true))), ["a"]);
        assert_eq!(
            ids(&merge(kept(), reading(other(), false))),
            ["p", "a", "c"],
            "a part proves nothing gone"
        );
    }

    #[test]
    fn months_are_apart_and_lose_nothing() {
        let undated = TransactionView { date: None, ..line("u", date(2026, 1, 1), false) };
        let all = [line("a", date(2026, 11, 1), false), line("b", date(2026, 10, 31), false), undated];
        let months = by_month(&all);
        assert_eq!(months.keys().map(String::as_str).collect::<Vec<_>>(), ["0000-00", "2026-10", "2026-11"]);
        assert_eq!(months.values().map(Vec::len).sum::<usize>(), 3);
    }
}
