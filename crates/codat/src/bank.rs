//! Bank accounts and their transactions, as banks and accounting software have them.
//!
//! Invariant: an amount is the digits that were sent; none passes through a float.
//!
//! Sources: docs.codat.io, Banking API (`banking-accounts`, `banking-transactions`) and Accounting API (`bankAccounts`,
//! `bankAccounts/{accountId}/bankTransactions`), as in the npm packages `@codat/banking` and `@codat/accounting`
//! (checked 2026-11-21).

use crate::ApiError;
use crate::json::Object;
use crate::list::{ListQuery, Page, judge_page};
use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, HashMap};
use web::Response;

/// Whose words an account is told in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BankSource {
    /// A bank.
    Banking,
    /// Accounting software, of the bank accounts in its books.
    Accounting,
}

/// A bank account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankAccount {
    /// Codat's id.
    pub id: String,
    /// What it is called.
    pub name: Option<String>,
    /// Whether it is one on which money is owed: a card or a loan.
    pub is_credit: bool,
    /// Whether it is for saving, where that is told.
    pub is_savings: bool,
    /// The last digits of its number.
    pub last_digits: Option<String>,
    /// Who holds it.
    pub holder: Option<String>,
    /// The balance, as Codat signs it.
    pub balance: Option<Decimal>,
    /// How far it may be overdrawn.
    pub overdraft_limit: Option<Decimal>,
    /// ISO 4217 code.
    pub currency: Option<String>,
}

/// A transaction of a bank account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankTransaction {
    /// Codat's id.
    pub id: String,
    /// The account, where the list is of several.
    pub account_id: Option<String>,
    /// When it was booked; when it was authorized while it is not.
    pub date: Option<Date>,
    /// Whether it is booked.
    pub is_posted: bool,
    /// What it was.
    pub description: Option<String>,
    /// Positive when it comes in.
    pub amount: Option<Decimal>,
    /// ISO 4217 code.
    pub currency: Option<String>,
}

/// Judges a list of bank accounts.
///
/// # Errors
/// [`ApiError`].
pub fn judge_bank_accounts(
    response: &Response,
    asked: &ListQuery,
    source: BankSource,
    now: Timestamp,
) -> Result<Page<BankAccount>, ApiError> {
    let mut page = judge_page(response, asked, now, |object| account(object, source))?;
    let places: &[&str] = match source {
        BankSource::Banking => &["balance", "current"],
        BankSource::Accounting => &["balance"],
    };
    let balances = amounts(response, places);
    let limits = amounts(response, &["overdraftLimit"]);
    for one in &mut page.items {
        one.balance = balances.get(&one.id).copied();
        one.overdraft_limit = limits.get(&one.id).copied();
    }
    Ok(page)
}

/// Judges a list of transactions.
///
/// # Errors
/// [`ApiError`].
pub fn judge_bank_transactions(
    response: &Response,
    asked: &ListQuery,
    now: Timestamp,
) -> Result<Page<BankTransaction>, ApiError> {
    let mut page = judge_page(response, asked, now, transaction)?;
    let amounts = amounts(response, &["amount"]);
    for one in &mut page.items {
        one.amount = amounts.get(&one.id).copied();
    }
    Ok(page)
}

fn account(object: Object<'_>, source: BankSource) -> Option<BankAccount> {
    let name = match source {
        BankSource::Banking => "name",
        BankSource::Accounting => "accountName",
    };
    let kind = object.text("type").or_else(|| object.text("accountType")).unwrap_or_default();
    let identifiers = object.object("identifiers");
    let number = identifiers
        .and_then(|one| one.text("number").or_else(|| one.text("maskedAccountNumber")))
        .or_else(|| object.text("accountNumber"));
    let subtype = identifiers.and_then(|one| one.text("subtype")).unwrap_or_default();
    Some(BankAccount {
        id: object.text("id")?.to_owned(),
        name: object.name(name).or_else(|| object.name("officialName")),
        is_credit: kind.eq_ignore_ascii_case("credit"),
        is_savings: subtype.to_ascii_lowercase().contains("saving"),
        last_digits: number.and_then(last_digits),
        holder: object.name("holder"),
        balance: None,
        overdraft_limit: None,
        currency: currency(object),
    })
}

fn transaction(object: Object<'_>) -> Option<BankTransaction> {
    // `clearedOnDate` is that of the books; `date` stands in what older versions gave.
    let posted =
        day(object, "postedDate").or_else(|| day(object, "clearedOnDate")).or_else(|| day(object, "date"));
    let said = ["description", "merchantName", "reference"].into_iter().find_map(|name| object.name(name));
    Some(BankTransaction {
        id: object.text("id")?.to_owned(),
        account_id: object.text("accountId").map(ToOwned::to_owned),
        date: posted.or_else(|| day(object, "authorizedDate")),
        is_posted: posted.is_some(),
        description: said,
        amount: None,
        currency: currency(object),
    })
}

fn currency(object: Object<'_>) -> Option<String> {
    object.text("currency").filter(|code| code.len() == 3).map(ToOwned::to_owned)
}

/// The day as it is written, whatever hour and zone follow it.
fn day(object: Object<'_>, name: &str) -> Option<Date> {
    object.text(name)?.get(..10)?.parse().ok()
}

/// The end of a number. What is not kept cannot be lost.
fn last_digits(number: &str) -> Option<String> {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    let end = digits.len().saturating_sub(4);
    let last: String = digits.into_iter().skip(end).collect();
    (!last.is_empty()).then_some(last)
}

#[derive(Deserialize)]
struct Rows<'a> {
    #[serde(borrow, default)]
    results: Vec<&'a RawValue>,
}

/// Amounts at a place of each element, by its id, from the digits as they were sent.
fn amounts(response: &Response, place: &[&str]) -> HashMap<String, Decimal> {
    // EXPOSE: parsed; numbers leave.
    let body = response.body.expose();
    let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
    let Ok(rows) = serde_json::from_slice::<Rows<'_>>(body) else { return HashMap::new() };
    let row = |row: &&RawValue| {
        let id: String = serde_json::from_str(member(row, "id")?.get()).ok()?;
        let mut value = *row;
        for name in place {
            value = member(value, name)?;
        }
        Some((id, decimal(value.get())?))
    };
    rows.results.iter().filter_map(row).collect()
}

fn member<'a>(object: &'a RawValue, name: &str) -> Option<&'a RawValue> {
    let mut members: BTreeMap<String, &RawValue> = serde_json::from_str(object.get()).ok()?;
    members.remove(name)
}

fn decimal(digits: &str) -> Option<Decimal> {
    let digits = digits.trim().trim_matches('"');
    if digits.len() > 40 {
        return None;
    }
    Decimal::from_str_exact(digits).or_else(|_| Decimal::from_scientific(digits)).ok()
}
