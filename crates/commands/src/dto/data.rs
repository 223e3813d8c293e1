//! Requests about accounts and transactions, and their answers.

use connections::id::ConnectionKey;
use connections::ledger::CurrencyTotal;
use connections::view::{AccountKind, AccountView, TransactionView};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// All accounts and what they come to.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AccountsOverview {
    /// Accounts, in the order of their connections.
    pub accounts: Vec<AccountView>,
    /// One total for each currency, the most used first. Practice money is not counted with real money.
    pub totals: Vec<CurrencyTotal>,
}

/// Which transactions are looked for. What is none is not looked at.
#[derive(Debug, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct TransactionsAsk {
    /// Words and amounts.
    pub text: String,
    /// Of this connection.
    pub connection: Option<ConnectionKey>,
    /// Of this account.
    pub account: Option<String>,
    /// Of accounts at this institution.
    pub institution: Option<String>,
    /// Of accounts in this currency.
    pub currency: Option<String>,
    /// Of such accounts.
    pub kind: Option<AccountKind>,
    /// From this day on.
    #[ts(type = "string | null")]
    pub from: Option<Date>,
    /// Until this day, and with it.
    #[ts(type = "string | null")]
    pub to: Option<Date>,
    /// How many to pass over.
    pub offset: u32,
    /// How many to answer; 200 at most.
    pub limit: u32,
}

/// A part of what was found.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TransactionsPage {
    /// How many were found in all.
    pub total: u32,
    /// How many were passed over.
    pub offset: u32,
    /// Newest first.
    pub transactions: Vec<FoundTransaction>,
    /// What all that was found comes to.
    pub flows: Vec<CurrencyFlow>,
}

/// A transaction that was found, and whose it is.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FoundTransaction {
    /// The connection.
    #[serde(flatten)]
    pub key: ConnectionKey,
    /// The account.
    pub account_id: String,
    /// What the institution calls it.
    pub account_name: String,
    /// The institution's name.
    pub institution: String,
    /// ISO 4217 code of the account.
    pub account_currency: Option<String>,
    /// The transaction.
    pub transaction: TransactionView,
}

/// Money in and money out, in one currency.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CurrencyFlow {
    /// ISO 4217 code.
    pub currency: String,
    /// Came in. Decimal.
    pub money_in: String,
    /// Went out; less than nothing. Decimal.
    pub money_out: String,
}

/// Whose balance over time is asked for: several accounts of one currency are added up.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BalanceAsk {
    /// The accounts.
    pub accounts: Vec<super::AccountRef>,
}

/// What a file is written as.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ExportFormat {
    /// Transactions as CSV.
    Csv,
    /// Accounts as CSV.
    CsvAccounts,
    /// Everything as JSON.
    Json,
    /// Statements as OFX 2.2.
    Ofx,
    /// Statements as OFX 1.0.2.
    OfxSgml,
}

/// A file that is to be written.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExportAsk {
    /// As what.
    pub format: ExportFormat,
    /// Only of this connection.
    pub connection: Option<ConnectionKey>,
    /// Only of this account.
    pub account: Option<String>,
    /// Only of accounts at this institution.
    pub institution: Option<String>,
    /// Only of accounts in this currency.
    pub currency: Option<String>,
    /// From this day on.
    #[ts(type = "string | null")]
    pub from: Option<Date>,
    /// Until this day, and with it.
    #[ts(type = "string | null")]
    pub to: Option<Date>,
}

/// A file that was written.
#[derive(Debug, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExportSaved {
    /// Its name, without the folders.
    pub name: String,
    /// Accounts in it.
    pub accounts: u32,
    /// Transactions in it.
    pub transactions: u32,
    /// Transactions that the format has no place for.
    pub left_out: u32,
}
