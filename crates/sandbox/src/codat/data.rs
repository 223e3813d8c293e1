//! Synthetic invoices, bank transactions and orders.
//!
//! Invariants
//! - The same connection has the same data at every asking, and it stays readable after the connection ended.
//! - What was never read is not there: 409, as Codat says of data that is not ready.
//!
//! Source: docs.codat.io, Lending API, as in the npm package `@codat/lending` (paths and members; checked 2026-11-21).

use super::World;
use super::answer::{Asked, Failure};
use super::catalogue::SourceType;
use super::ids::uuid_of;
use super::ledger::Connection;
use crate::values::Parameters;
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::sync::Arc;

type Codat = State<Arc<World>>;
type Answer = Result<Response, Failure>;

const INVOICES: usize = 60;
const TRANSACTIONS: usize = 240;
const ORDERS: usize = 120;
/// Bank accounts in the books of accounting software, and lines of all of them.
const BOOK_ACCOUNTS: usize = 3;
const BOOK_LINES: usize = 90;
const CUSTOMERS: [&str; 6] =
    ["Brook Cafe", "Harbour School", "Lindens Clinic", "North Quay Gym", "Old Mill Inn", "Parish Council"];
const ITEMS: [&str; 5] = ["Oak table", "Shelf", "Repair by the hour", "Delivery", "Garden bench"];

/// Data of the accounting source of a company.
pub(super) async fn of_company(
    State(world): Codat,
    Path((company, data_type)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Answer {
    let asked = Asked::read(&Parameters::parse(query.unwrap_or_default().as_bytes()))?;
    let source = world.store.read(|ledger, _| {
        let owner = ledger.company(&company).ok_or_else(|| Failure::missing("Company"))?;
        let is_accounting = |one: &&Connection| {
            one.integration().is_some_and(|integration| integration.source_type == SourceType::Accounting)
        };
        let mut sources: Vec<&Connection> = owner.connections.iter().filter(is_accounting).collect();
        sources.sort_by_key(|one| one.last_sync);
        sources.pop().cloned().ok_or_else(|| Failure::missing("Accounting connection"))
    })?;
    if data_type == "info" {
        return profile(&source);
    }
    let entries = match data_type.as_str() {
        "invoices" => list(&world, &source, INVOICES, invoice)?,
        "customers" => list(&world, &source, CUSTOMERS.len(), customer)?,
        _ => return Err(Failure::missing("Data type")),
    };
    Ok(asked.page(&format!("/companies/{company}/data/{data_type}"), entries))
}

/// Data of one connection.
pub(super) async fn of_connection(
    State(world): Codat,
    Path((company, id, data_type)): Path<(String, String, String)>,
    RawQuery(query): RawQuery,
) -> Answer {
    let asked = Asked::read(&Parameters::parse(query.unwrap_or_default().as_bytes()))?;
    let source = world.store.read(|ledger, _| ledger.connection(&company, &id).cloned());
    let source = source.ok_or_else(|| Failure::missing("Connection"))?;
    let kind = source.integration().map(|one| one.source_type);
    if kind == Some(SourceType::Commerce) && data_type == "commerce-info" {
        return profile(&source);
    }
    let entries = match (kind, data_type.as_str()) {
        (Some(SourceType::Banking), "banking-accounts") => list(&world, &source, 2, bank_account)?,
        (Some(SourceType::Banking), "banking-transactions") => {
            list(&world, &source, TRANSACTIONS, bank_transaction)?
        }
        (Some(SourceType::Commerce), "commerce-orders") => list(&world, &source, ORDERS, order)?,
        (Some(SourceType::Accounting), "bankAccounts") => list(&world, &source, BOOK_ACCOUNTS, book_account)?,
        _ => return Err(Failure::missing("Data type")),
    };
    Ok(asked.page(&format!("/companies/{company}/connections/{id}/data/{data_type}"), entries))
}

/// Transactions of one bank account in the books. Those of the last account were never read.
pub(super) async fn of_account(
    State(world): Codat,
    Path((company, id, account)): Path<(String, String, String)>,
    RawQuery(query): RawQuery,
) -> Answer {
    let asked = Asked::read(&Parameters::parse(query.unwrap_or_default().as_bytes()))?;
    let source = world.store.read(|ledger, _| ledger.connection(&company, &id).cloned());
    let source = source.ok_or_else(|| Failure::missing("Connection"))?;
    let is_accounting = source.integration().is_some_and(|one| one.source_type == SourceType::Accounting);
    let index = (0..BOOK_ACCOUNTS).find(|index| self::id(&source, "account", *index) == account);
    let index = index.filter(|_| is_accounting).ok_or_else(|| Failure::missing("Account"))?;
    if index + 1 == BOOK_ACCOUNTS {
        return Err(Failure::new(StatusCode::CONFLICT, "The data type has not been synced"));
    }
    let entries = list(&world, &source, BOOK_LINES, book_line)?;
    let own = entries.into_iter().skip(index).step_by(BOOK_ACCOUNTS).collect();
    let path = format!("/companies/{company}/connections/{id}/data/bankAccounts/{account}/bankTransactions");
    Ok(asked.page(&path, own))
}

/// Whose data it is, by the name that the organization gives itself.
fn profile(source: &Connection) -> Answer {
    if source.last_sync.is_none() {
        return Err(Failure::new(StatusCode::CONFLICT, "The data type has not been synced"));
    }
    let name = source.organization.clone().unwrap_or_default();
    Ok(Json(json!({ "companyName": name, "companyLegalName": name, "baseCurrency": "GBP" })).into_response())
}

type Entry = fn(&World, &Connection, usize) -> Value;

fn list(world: &World, source: &Connection, count: usize, entry: Entry) -> Result<Vec<Value>, Failure> {
    if source.last_sync.is_none() {
        return Err(Failure::new(StatusCode::CONFLICT, "The data type has not been synced"));
    }
    Ok((0..count).map(|index| entry(world, source, index)).collect())
}

fn invoice(world: &World, source: &Connection, index: usize) -> Value {
    let cents = cents(source, "invoice", index);
    let is_paid = !index.is_multiple_of(4);
    json!({
        "id": id(source, "invoice", index),
        "invoiceNumber": format!("INV-{:05}", index + 1),
        "customerRef": reference(source, index),
        "issueDate": world.date(day(source, index * 4)),
        "dueDate": world.date(day(source, index * 4 + 30)),
        "currency": "GBP",
        "lineItems": [{
            "description": pick(&ITEMS, index),
            "unitAmount": amount(cents),
            "quantity": 1,
            "subTotal": amount(cents),
            "taxAmount": amount(cents / 5),
            "totalAmount": amount(cents + cents / 5),
        }],
        "subTotal": amount(cents),
        "totalTaxAmount": amount(cents / 5),
        "totalAmount": amount(cents + cents / 5),
        "amountDue": amount(if is_paid { 0 } else { cents + cents / 5 }),
        "status": if is_paid { "Paid" } else { "Submitted" },
        "modifiedDate": world.date(day(source, index * 4 + 1)),
    })
}

fn customer(world: &World, source: &Connection, index: usize) -> Value {
    json!({
        "id": id(source, "customer", index % CUSTOMERS.len()),
        "customerName": pick(&CUSTOMERS, index),
        "defaultCurrency": "GBP",
        "status": "Active",
        "modifiedDate": world.date(day(source, index)),
    })
}

fn bank_account(world: &World, source: &Connection, index: usize) -> Value {
    json!({
        "id": id(source, "account", index),
        "name": if index == 0 { "Business current" } else { "Business savings" },
        "type": "Debit",
        "balance": { "current": amount(100 * cents(source, "balance", index)) },
        "currency": "GBP",
        "identifiers": { "type": "Depository", "number": format!("000{:05}", cents(source, "number", index)) },
        "institution": { "name": source.organization },
        "modifiedDate": world.date(day(source, 1)),
    })
}

fn book_account(world: &World, source: &Connection, index: usize) -> Value {
    json!({
        "id": id(source, "account", index),
        "accountName": format!("Bank account {}", index + 1),
        "accountType": if index == 1 { "Credit" } else { "Debit" },
        "accountNumber": format!("000{:05}", cents(source, "number", index)),
        "currency": "GBP",
        "balance": amount(100 * cents(source, "balance", index)),
        "institution": source.organization,
        "status": "Active",
        "modifiedDate": world.date(day(source, 1)),
    })
}

fn book_line(world: &World, source: &Connection, index: usize) -> Value {
    let cents = cents(source, "line", index);
    json!({
        "id": id(source, "book", index),
        "amount": if index.is_multiple_of(2) { -amount(cents) } else { amount(cents) },
        "clearedOnDate": world.date(day(source, index)),
        "description": format!("Entry {} {}", index + 1, pick(&CUSTOMERS, index)),
        "reconciled": true,
        "modifiedDate": world.date(day(source, index)),
    })
}

fn bank_transaction(world: &World, source: &Connection, index: usize) -> Value {
    let cents = cents(source, "transaction", index);
    let is_out = !index.is_multiple_of(3);
    json!({
        "id": id(source, "transaction", index),
        "accountId": id(source, "account", index % 2),
        "amount": if is_out { -amount(cents) } else { amount(cents) },
        "currency": "GBP",
        "description": format!("{} {}", if is_out { "Card payment" } else { "Received from" }, pick(&CUSTOMERS, index)),
        "merchantName": pick(&CUSTOMERS, index),
        "authorizedDate": world.date(day(source, index)),
        "postedDate": world.date(day(source, index + 1)),
        "modifiedDate": world.date(day(source, index + 1)),
    })
}

fn order(world: &World, source: &Connection, index: usize) -> Value {
    let cents = cents(source, "order", index);
    json!({
        "id": id(source, "order", index),
        "orderNumber": format!("{}", 1001 + index),
        "country": "GB",
        "currency": "GBP",
        "customerRef": reference(source, index),
        "createdDate": world.date(day(source, index * 2)),
        "closedDate": world.date(day(source, index * 2 + 1)),
        "orderLineItems": [{
            "id": id(source, "line", index),
            "quantity": 1,
            "taxPercentage": 20,
            "totalAmount": amount(cents),
            "totalTaxAmount": amount(cents / 6),
        }],
        "totalAmount": amount(cents),
        "totalTaxAmount": amount(cents / 6),
        "modifiedDate": world.date(day(source, index * 2 + 1)),
    })
}

fn reference(source: &Connection, index: usize) -> Value {
    json!({ "id": id(source, "customer", index % CUSTOMERS.len()), "companyName": pick(&CUSTOMERS, index) })
}

fn pick(names: &[&'static str], index: usize) -> &'static str {
    names.iter().cycle().nth(index % names.len().max(1)).copied().unwrap_or_default()
}

fn id(source: &Connection, what: &str, index: usize) -> String {
    uuid_of(&format!("{}:{what}:{index}", source.id))
}

/// An amount between 10.00 and 3,285.00 that belongs to this entry.
fn cents(source: &Connection, what: &str, index: usize) -> u32 {
    let drawn = id(source, what, index);
    let digits = drawn.get(..4).and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or_default();
    1_000 + digits * 5
}

fn amount(cents: u32) -> f64 {
    f64::from(cents) / 100.0
}

fn day(source: &Connection, after: usize) -> Timestamp {
    let hours = i64::try_from(after.saturating_mul(24)).unwrap_or(0);
    source.created.checked_add(SignedDuration::from_hours(hours)).unwrap_or(source.created)
}
