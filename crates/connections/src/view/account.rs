//! Accounts and their lines as shown. Amounts are exact decimals in text; numbers are masked before they leave Rust.

use crate::id::ConnectionKey;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// An account as shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AccountView {
    /// The connection that it came through.
    #[serde(flatten)]
    pub key: ConnectionKey,
    /// What to call that connection.
    pub connection_name: String,
    /// The institution's name.
    pub institution: String,
    /// The rest.
    #[serde(flatten)]
    pub account: Account,
}

/// An account as fetched, and as kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// Its identifier there.
    pub id: String,
    /// What the institution calls it.
    pub name: String,
    /// What it is.
    pub kind: AccountKind,
    /// Its last digits; the whole number is not kept.
    pub last_digits: Option<String>,
    /// Who holds it.
    pub owner: Option<String>,
    /// Owned; for a credit card, owed. Decimal.
    pub balance: Option<String>,
    /// ISO 4217 code of all amounts.
    pub currency: Option<String>,
    /// More about a credit card.
    pub credit: Option<CreditView>,
    /// How far the account may be overdrawn. Decimal.
    pub overdraft_limit: Option<String>,
    /// When it was fetched.
    #[ts(type = "string")]
    pub fetched_at: Timestamp,
}

/// What an account is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum AccountKind {
    /// For daily use.
    Checking,
    /// For saving.
    Savings,
    /// A credit card; its balance is owed.
    CreditCard,
    /// Something that is invested; its balance is what it is worth.
    Investment,
    /// Something else.
    Other,
}

/// More about a credit card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CreditView {
    /// What can be spent in all. Decimal.
    pub limit: Option<String>,
    /// What can still be spent. Decimal.
    pub available: Option<String>,
    /// The least to be paid. Decimal.
    pub minimum_payment: Option<String>,
    /// When the bill closes.
    #[ts(type = "string | null")]
    pub closes_on: Option<Date>,
    /// When the bill is due.
    #[ts(type = "string | null")]
    pub due_on: Option<Date>,
    /// The network.
    pub brand: Option<String>,
}

/// A line of an account as shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TransactionView {
    /// Its identifier there.
    pub id: String,
    /// When.
    #[ts(type = "string | null")]
    pub date: Option<Date>,
    /// What the institution says.
    pub description: String,
    /// Positive when it comes in. Decimal.
    pub amount: Option<String>,
    /// ISO 4217 code.
    pub currency: Option<String>,
    /// The aggregator's word for what it was for.
    pub category: Option<String>,
    /// Whether the bank has not booked it so far.
    pub pending: bool,
}
