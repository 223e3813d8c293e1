//! What accounts come to, by currency. Never added across currencies.

use crate::view::{AccountKind, AccountView};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// What the accounts in one currency come to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CurrencyTotal {
    /// ISO 4217 code.
    pub currency: String,
    /// What there is on accounts; none where there is no account with a known balance. Decimal.
    pub owned: Option<String>,
    /// What is owed on cards; none where there is no card with a known balance. Decimal.
    pub owed: Option<String>,
    /// Accounts in this currency.
    pub accounts: usize,
}

/// One total for each currency, the most used first, ties by code.
pub fn totals<'a>(accounts: impl IntoIterator<Item = &'a AccountView>) -> Vec<CurrencyTotal> {
    let mut sums: BTreeMap<&str, (Option<Decimal>, Option<Decimal>, usize)> = BTreeMap::new();
    for account in accounts {
        let Some(currency) = account.account.currency.as_deref() else { continue };
        let (owned, debt, count) = sums.entry(currency).or_default();
        *count += 1;
        let Some(balance) = exact(account.account.balance.as_deref()) else { continue };
        let sum = if account.account.kind == AccountKind::CreditCard { debt } else { owned };
        *sum = sum.unwrap_or_default().checked_add(balance).or(*sum);
    }
    let mut totals: Vec<CurrencyTotal> = sums
        .into_iter()
        .map(|(currency, (owned, debt, accounts))| CurrencyTotal {
            currency: currency.to_owned(),
            owned: owned.map(|sum| sum.to_string()),
            owed: debt.map(|sum| sum.to_string()),
            accounts,
        })
        .collect();
    totals.sort_by_key(|total| std::cmp::Reverse(total.accounts));
    totals
}

/// A decimal that is exact, or none.
pub(super) fn exact(amount: Option<&str>) -> Option<Decimal> {
    Decimal::from_str_exact(amount?).ok()
}
