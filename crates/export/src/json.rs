//! JSON: one object with a format name and version, accounts, and the transactions under each.
//!
//! Amounts are texts, since a reader of JSON may make a float of a number.

use crate::statement::{Export, kind_word};
use crate::{Statement, Written};
use connections::view::{CreditView, TransactionView};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

/// The version of the shape. Grows when a member changes its meaning or goes; new members do not change it.
const VERSION: u32 = 1;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct File<'a> {
    format: &'static str,
    version: u32,
    made_at: Timestamp,
    from: Option<Date>,
    to: Option<Date>,
    accounts: Vec<AccountRecord<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AccountRecord<'a> {
    connection: String,
    connection_name: &'a str,
    institution: &'a str,
    id: &'a str,
    name: &'a str,
    kind: &'static str,
    last_digits: Option<&'a str>,
    owner: Option<&'a str>,
    balance: Option<&'a str>,
    currency: Option<&'a str>,
    credit: Option<&'a CreditView>,
    overdraft_limit: Option<&'a str>,
    read_at: Timestamp,
    transactions: Vec<TransactionRecord<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TransactionRecord<'a> {
    id: &'a str,
    date: Option<Date>,
    description: &'a str,
    amount: Option<&'a str>,
    currency: Option<&'a str>,
    category: Option<&'a str>,
    status: &'static str,
}

/// Everything, indented, with a newline at the end.
pub(crate) fn everything(export: &Export) -> Written {
    let file = File {
        format: "mooring-export",
        version: VERSION,
        made_at: export.made_at,
        from: export.from,
        to: export.to,
        accounts: export.statements.iter().map(account).collect(),
    };
    // Texts, dates and lists of them: nothing in here has no form in JSON.
    let mut text = serde_json::to_string_pretty(&file).unwrap_or_default();
    text.push('\n');
    Written {
        text,
        accounts: export.statements.len(),
        transactions: export.statements.iter().map(|one| one.transactions.len()).sum(),
        left_out: 0,
    }
}

fn account(Statement { account, transactions }: &Statement) -> AccountRecord<'_> {
    let details = &account.account;
    AccountRecord {
        connection: account.key.to_string(),
        connection_name: &account.connection_name,
        institution: &account.institution,
        id: &details.id,
        name: &details.name,
        kind: kind_word(details.kind),
        last_digits: details.last_digits.as_deref(),
        owner: details.owner.as_deref(),
        balance: details.balance.as_deref(),
        currency: details.currency.as_deref(),
        credit: details.credit.as_ref(),
        overdraft_limit: details.overdraft_limit.as_deref(),
        read_at: details.fetched_at,
        transactions: transactions.iter().map(|one| transaction(one, details.currency.as_deref())).collect(),
    }
}

fn transaction<'a>(one: &'a TransactionView, currency: Option<&'a str>) -> TransactionRecord<'a> {
    TransactionRecord {
        id: &one.id,
        date: one.date,
        description: &one.description,
        amount: one.amount.as_deref(),
        currency: one.currency.as_deref().or(currency),
        category: one.category.as_deref(),
        status: if one.pending { "pending" } else { "booked" },
    }
}
