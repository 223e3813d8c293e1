//! CSV after RFC 4180: UTF-8 without a mark, CRLF, a header, ISO dates, decimals with a point.
//!
//! A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@`, a tab or a return for a formula, and a description can
//! be written by whoever sends a payment. Such texts get an apostrophe in front; numbers stay numbers.
//! Source: OWASP, *CSV Injection*.

use crate::amount::decimal;
use crate::statement::{Export, kind_word, owned};
use crate::{Statement, Written};
use csv::{QuoteStyle, Terminator, Writer, WriterBuilder};

const TRANSACTIONS: [&str; 13] = [
    "date",
    "description",
    "amount",
    "currency",
    "category",
    "status",
    "institution",
    "account",
    "account_kind",
    "account_digits",
    "connection",
    "account_id",
    "transaction_id",
];
const ACCOUNTS: [&str; 14] = [
    "institution",
    "account",
    "account_kind",
    "account_digits",
    "owner",
    "balance",
    "currency",
    "credit_limit",
    "credit_available",
    "bill_due",
    "overdraft_limit",
    "read_at",
    "connection",
    "account_id",
];

/// Transactions, one a row.
pub(crate) fn transactions(export: &Export) -> Written {
    let mut rows = Rows::with(&TRANSACTIONS);
    for statement in &export.statements {
        transactions_of(&mut rows, statement);
    }
    Written {
        text: rows.finish(),
        accounts: export.statements.len(),
        transactions: export.statements.iter().map(|one| one.transactions.len()).sum(),
        left_out: 0,
    }
}

fn transactions_of(rows: &mut Rows, Statement { account, transactions }: &Statement) {
    let (connection, details) = (account.key.to_string(), &account.account);
    for one in transactions {
        let date = one.date.map(|date| date.to_string()).unwrap_or_default();
        let currency = one.currency.as_deref().or(details.currency.as_deref());
        rows.row(&[
            Cell::Plain(&date),
            Cell::Text(&one.description),
            number(one.amount.as_deref()),
            text(currency),
            text(one.category.as_deref()),
            Cell::Plain(if one.pending { "pending" } else { "booked" }),
            Cell::Text(&account.institution),
            Cell::Text(&details.name),
            Cell::Plain(kind_word(details.kind)),
            text(details.last_digits.as_deref()),
            Cell::Text(&connection),
            Cell::Text(&details.id),
            Cell::Text(&one.id),
        ]);
    }
}

/// Accounts, one a row. The balance of a card is what is owed, as a negative number.
pub(crate) fn accounts(export: &Export) -> Written {
    let mut rows = Rows::with(&ACCOUNTS);
    for Statement { account, .. } in &export.statements {
        let details = &account.account;
        let credit = details.credit.as_ref();
        let (balance, connection) = (owned(account), account.key.to_string());
        let due = credit.and_then(|credit| credit.due_on).map(|day| day.to_string());
        let read_at = details.fetched_at.to_string();
        rows.row(&[
            Cell::Text(&account.institution),
            Cell::Text(&details.name),
            Cell::Plain(kind_word(details.kind)),
            text(details.last_digits.as_deref()),
            text(details.owner.as_deref()),
            number(balance.as_deref()),
            text(details.currency.as_deref()),
            number(credit.and_then(|credit| credit.limit.as_deref())),
            number(credit.and_then(|credit| credit.available.as_deref())),
            Cell::Plain(due.as_deref().unwrap_or_default()),
            number(details.overdraft_limit.as_deref()),
            Cell::Plain(&read_at),
            Cell::Text(&connection),
            Cell::Text(&details.id),
        ]);
    }
    Written { text: rows.finish(), accounts: export.statements.len(), transactions: 0, left_out: 0 }
}

/// A cell by where its content comes from.
#[derive(Clone, Copy)]
enum Cell<'a> {
    /// Ours, or a number: it begins no formula that anybody else has chosen.
    Plain(&'a str),
    /// Somebody else's.
    Text(&'a str),
}

fn text(text: Option<&str>) -> Cell<'_> {
    Cell::Text(text.unwrap_or_default())
}

/// What claims to be a number and is none is a text.
fn number(amount: Option<&str>) -> Cell<'_> {
    decimal(amount).map_or_else(|| text(amount), Cell::Plain)
}

/// Begins with what a spreadsheet could take for a formula, also behind an apostrophe that is its own.
fn is_risky(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

struct Rows {
    writer: Writer<Vec<u8>>,
}

impl Rows {
    fn with(header: &[&str]) -> Self {
        let writer = WriterBuilder::new()
            .terminator(Terminator::CRLF)
            .quote_style(QuoteStyle::Necessary)
            .from_writer(Vec::new());
        let mut rows = Self { writer };
        rows.row(&header.iter().map(|name| Cell::Plain(name)).collect::<Vec<_>>());
        rows
    }

    fn row(&mut self, cells: &[Cell<'_>]) {
        for cell in cells {
            // Into memory, and each row is as long as the header: neither can fail.
            let _ = match cell {
                Cell::Text(text) if is_risky(text) => self.writer.write_field(format!("'{text}")),
                Cell::Plain(text) | Cell::Text(text) => self.writer.write_field(text),
            };
        }
        let _ = self.writer.write_record(None::<&[u8]>);
    }

    fn finish(self) -> String {
        self.writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
    }
}
