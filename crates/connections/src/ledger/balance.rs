//! What an account held, day by day: as it was read, and before that as its transactions tell.

use super::total::exact;
use crate::view::{Account, AccountKind, TransactionView};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use ts_rs::TS;

/// One point a day is kept, and a day's last reading counts. This many days is more than a lifetime of looking back.
const MOST_POINTS: usize = 20 * 366;

/// The balance of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BalancePoint {
    /// The day.
    #[ts(type = "string")]
    pub date: Date,
    /// The balance at its end, or when it was last read. Decimal.
    pub balance: String,
}

/// What an account held over time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BalanceHistory {
    /// ISO 4217 code of all points.
    pub currency: Option<String>,
    /// Before the first reading, worked out from transactions; oldest first. Empty where they do not tell.
    pub worked_out: Vec<BalancePoint>,
    /// As read; oldest first.
    pub read: Vec<BalancePoint>,
}

/// Notes the balance of a day in a list that is oldest first. Answers whether anything changed.
///
/// Of a run of days with the same balance its first and its last are kept: what lies between is the same.
pub fn note_balance(points: &mut Vec<BalancePoint>, date: Date, balance: &str) -> bool {
    if points.last().is_some_and(|last| last.date > date) {
        // The computer's clock went back: what was noted then stands.
        return false;
    }
    let point = BalancePoint { date, balance: balance.to_owned() };
    if points.last() == Some(&point) {
        return false;
    }
    if points.last().is_some_and(|last| last.date == date) {
        points.pop();
    }
    let run = points.iter().rev().take(2).filter(|one| one.balance == point.balance).count();
    if run == 2 {
        points.pop();
    }
    points.push(point);
    let extra = points.len().saturating_sub(MOST_POINTS);
    points.drain(..extra);
    true
}

/// What the balance was before the first reading, going back along booked transactions; oldest first.
///
/// Only where they tell all of it: an account and no card (whose bill is another sum), and no amount that is missing or
/// in another currency.
pub fn worked_out(
    account: &Account,
    transactions: &[TransactionView],
    read: &[BalancePoint],
) -> Vec<BalancePoint> {
    let Some(first) = read.first() else { return Vec::new() };
    let Some(known) = exact(Some(&first.balance)) else { return Vec::new() };
    if account.kind == AccountKind::CreditCard {
        return Vec::new();
    }
    let Some(by_day) = sums_by_day(account, transactions) else { return Vec::new() };
    let Some(oldest) = by_day.keys().next().copied().filter(|day| *day < first.date) else {
        return Vec::new();
    };
    let mut points = Vec::new();
    // Standing at the end of the day of the first reading; each step back takes off what that day brought.
    let mut balance = known;
    let mut later = first.date;
    for (day, sum) in by_day.range(..=first.date).rev() {
        if *day != later {
            points.push(BalancePoint { date: *day, balance: balance.to_string() });
            later = *day;
        }
        let Some(before) = balance.checked_sub(*sum) else { return Vec::new() };
        balance = before;
    }
    if let Ok(eve) = oldest.yesterday() {
        points.push(BalancePoint { date: eve, balance: balance.to_string() });
    }
    points.reverse();
    points
}

/// What several accounts in one currency held together; what is owed on cards is taken off.
///
/// From the first day on which the balance of each is known: before it, a sum would be of some and look like all.
pub fn together(histories: &[(AccountKind, BalanceHistory)]) -> BalanceHistory {
    let currency = histories.first().and_then(|(_, history)| history.currency.clone());
    let first_read = histories.iter().filter_map(|(_, one)| one.read.first()).map(|one| one.date).max();
    let series: Vec<BTreeMap<Date, Decimal>> =
        histories.iter().map(|(kind, one)| series(*kind, one)).collect();
    let begins = series.iter().map(|one| one.keys().next().copied()).collect::<Option<Vec<_>>>();
    let begin = begins.and_then(|begins| begins.into_iter().max());
    let (Some(begin), Some(first_read)) = (begin, first_read) else {
        return BalanceHistory { currency, ..BalanceHistory::default() };
    };
    let days: BTreeSet<Date> =
        series.iter().flat_map(|one| one.range(begin..).map(|(day, _)| *day)).collect();
    let mut all = BalanceHistory { currency, ..BalanceHistory::default() };
    for date in days.into_iter().chain([begin]).collect::<BTreeSet<_>>() {
        let known = |one: &BTreeMap<Date, Decimal>| one.range(..=date).next_back().map(|(_, sum)| *sum);
        let sum = series.iter().filter_map(known).try_fold(Decimal::ZERO, Decimal::checked_add);
        let Some(sum) = sum else { continue };
        let point = BalancePoint { date, balance: sum.to_string() };
        if date < first_read { all.worked_out.push(point) } else { all.read.push(point) }
    }
    all
}

fn series(kind: AccountKind, history: &BalanceHistory) -> BTreeMap<Date, Decimal> {
    let points = history.worked_out.iter().chain(&history.read);
    let sums = points.filter_map(|point| Some((point.date, exact(Some(&point.balance))?)));
    sums.map(|(day, sum)| (day, if kind == AccountKind::CreditCard { -sum } else { sum })).collect()
}

fn sums_by_day(account: &Account, transactions: &[TransactionView]) -> Option<BTreeMap<Date, Decimal>> {
    let mut by_day: BTreeMap<Date, Decimal> = BTreeMap::new();
    for one in transactions.iter().filter(|one| !one.pending) {
        let is_foreign = one.currency.is_some() && one.currency != account.currency;
        let (Some(date), Some(amount), false) = (one.date, exact(one.amount.as_deref()), is_foreign) else {
            return None;
        };
        let sum = by_day.entry(date).or_default();
        *sum = sum.checked_add(amount)?;
    }
    Some(by_day)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics says so")]
mod tests {
    use super::{BalanceHistory, BalancePoint, note_balance, together, worked_out};
    use crate::view::{Account, AccountKind, TransactionView};
    use jiff::civil::date;

    fn account(kind: AccountKind) -> Account {
        Account {
            id: "a".to_owned(),
            name: "A".to_owned(),
            kind,
            last_digits: None,
            owner: None,
            balance: Some("100.00".to_owned()),
            currency: Some("BRL".to_owned()),
            credit: None,
            overdraft_limit: None,
            fetched_at: "2026-11-20T10:00:00Z".parse().unwrap(),
        }
    }

    fn line(day: i8, amount: &str) -> TransactionView {
        TransactionView {
            id: format!("{day}{amount}"),
            date: Some(date(2026, 11, day)),
            description: String::new(),
            amount: Some(amount.to_owned()),
            currency: None,
            category: None,
            pending: false,
        }
    }

    #[test]
    fn a_day_has_one_point_and_a_run_has_two() {
        let mut points = Vec::new();
        assert!(note_balance(&mut points, date(2026, 11, 1), "1.00"));
        assert!(!note_balance(&mut points, date(2026, 11, 1), "1.00"));
        assert!(note_balance(&mut points, date(2026, 11, 1), "2.00"), "the day's last reading counts");
        for day in 2..=20 {
            assert!(note_balance(&mut points, date(2026, 11, day), "2.00"));
        }
        assert_eq!(points.len(), 2);
        assert_eq!((points[0].date, points[1].date), (date(2026, 11, 1), date(2026, 11, 20)));
        note_balance(&mut points, date(2026, 11, 21), "3.00");
        assert_eq!(points.len(), 3);
        assert!(
            !note_balance(&mut points, date(2026, 11, 19), "9.00"),
            "a clock that went back changes nothing"
        );
    }

    #[test]
    fn transactions_tell_what_the_balance_was() {
        let read = [BalancePoint { date: date(2026, 11, 20), balance: "100.00".to_owned() }];
        let lines = [line(20, "10.00"), line(15, "-5.50"), line(15, "0.50"), line(3, "20.00")];
        let points = worked_out(&account(AccountKind::Checking), &lines, &read);
        let told: Vec<(i8, &str)> = points.iter().map(|one| (one.date.day(), one.balance.as_str())).collect();
        assert_eq!(told, [(2, "75.00"), (3, "95.00"), (15, "90.00")]);
    }

    #[test]
    fn where_they_do_not_tell_all_of_it_nothing_is_made_up() {
        let read = [BalancePoint { date: date(2026, 11, 20), balance: "100.00".to_owned() }];
        let none = |kind, lines: &[TransactionView]| worked_out(&account(kind), lines, &read).is_empty();
        assert!(none(AccountKind::CreditCard, &[line(3, "1.00")]));
        assert!(none(AccountKind::Checking, &[TransactionView { amount: None, ..line(3, "1.00") }]));
        let foreign = TransactionView { currency: Some("USD".to_owned()), ..line(3, "1.00") };
        assert!(none(AccountKind::Checking, &[foreign]));
        assert!(none(AccountKind::Checking, &[]));
        assert!(worked_out(&account(AccountKind::Checking), &[line(3, "1.00")], &[]).is_empty());
    }

    #[test]
    fn several_accounts_are_added_from_the_day_that_all_are_known() {
        let point =
            |day, balance: &str| BalancePoint { date: date(2026, 11, day), balance: balance.to_owned() };
        let history =
            |worked_out, read| BalanceHistory { currency: Some("BRL".to_owned()), worked_out, read };
        let account = history(vec![point(1, "5.00"), point(8, "50.00")], vec![point(10, "100.10")]);
        let card = history(Vec::new(), vec![point(9, "30.05"), point(12, "0.00")]);
        let all = together(&[(AccountKind::Checking, account), (AccountKind::CreditCard, card)]);
        assert_eq!(all.worked_out, [point(9, "19.95")]);
        assert_eq!(all.read, [point(10, "70.05"), point(12, "100.10")]);
        assert_eq!(together(&[]), BalanceHistory::default());
    }
}
