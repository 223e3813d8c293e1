//! Accounts of an item.
//!
//! Invariants
//! - There is at least one checking account and one credit card, unless the person shared fewer.
//! - A balance is what the transactions up to the last update add up to.
//!
//! Source: npm `pluggy-sdk` 0.90.0 `types/account.d.ts` (checked 2026-11-21).

use super::transactions;
use crate::pluggy::connectors::Connector;
use crate::pluggy::ids::{self, Numbers};
use crate::pluggy::item::Item;
use crate::pluggy::json::{instant, midnight, money};
use crate::pluggy::login::Variant;
use crate::pluggy::products::Product;
use jiff::Timestamp;
use jiff::ToSpan as _;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

/// What an account is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::pluggy) enum Kind {
    Checking,
    Card,
    Savings,
}

/// One account, before its numbers are worked out.
#[derive(Clone, Debug)]
pub(in crate::pluggy) struct Account {
    pub id: String,
    pub kind: Kind,
    /// Position in the item.
    pub position: usize,
    pub number: String,
}

/// The accounts that a person has, `count` of them when that is more than the usual three.
pub(in crate::pluggy) fn of_person(item: &Item, count: usize) -> Vec<Account> {
    kinds(item, count).into_iter().enumerate().map(|(position, kind)| account(item, position, kind)).collect()
}

fn kinds(item: &Item, count: usize) -> Vec<Kind> {
    let mut kinds = vec![Kind::Checking, Kind::Card, Kind::Savings];
    if item.variant() == Variant::TwoCheckings {
        kinds.push(Kind::Checking);
    }
    let more = count.saturating_sub(kinds.len());
    kinds.extend([Kind::Checking, Kind::Savings, Kind::Card].into_iter().cycle().take(more));
    kinds
}

/// The accounts that can be read: brought, and shared where the person chose.
pub(in crate::pluggy) fn of_item(item: &Item, count: usize) -> Vec<Account> {
    let can_be_read = |account: &Account| is_readable(item, account.position, account.kind);
    of_person(item, count).into_iter().filter(can_be_read).collect()
}

/// The account at a position, if it can be read.
pub(in crate::pluggy) fn at(item: &Item, count: usize, position: usize) -> Option<Account> {
    let kind = kinds(item, count).get(position).copied()?;
    is_readable(item, position, kind).then(|| account(item, position, kind))
}

fn is_readable(item: &Item, position: usize, kind: Kind) -> bool {
    let product = if kind == Kind::Card { Product::CreditCards } else { Product::Accounts };
    item.has(product) && item.consent.as_ref().is_none_or(|consent| consent.accounts.contains(&position))
}

fn account(item: &Item, position: usize, kind: Kind) -> Account {
    let id = ids::derived(&["account", &item.id, &position.to_string()]);
    let mut numbers = Numbers::of(&id, 0);
    let number = match kind {
        Kind::Card => format!("{:04}", numbers.between(0, 10_000)),
        _ => format!("0001/{:05}-{}", numbers.between(10_000, 100_000), numbers.between(0, 10)),
    };
    Account { id, kind, position, number }
}

impl Account {
    pub(in crate::pluggy) const fn type_name(&self) -> &'static str {
        match self.kind {
            Kind::Card => "CREDIT",
            _ => "BANK",
        }
    }

    const fn subtype(&self) -> &'static str {
        match self.kind {
            Kind::Checking => "CHECKING_ACCOUNT",
            Kind::Savings => "SAVINGS_ACCOUNT",
            Kind::Card => "CREDIT_CARD",
        }
    }

    pub(in crate::pluggy) const fn name(&self) -> &'static str {
        match self.kind {
            Kind::Checking => "Conta Corrente",
            Kind::Savings => "Conta Poupança",
            Kind::Card => "Cartão de Crédito",
        }
    }

    /// What lay there before the first transaction, in cents.
    fn opening(&self) -> i64 {
        let mut numbers = Numbers::of(&self.id, 1);
        match self.kind {
            Kind::Checking => numbers.between(150_000, 900_000),
            Kind::Savings => numbers.between(500_000, 4_000_000),
            Kind::Card => 0,
        }
    }

    /// The balance at the last update, in cents. For a card, what this month's purchases add up to.
    pub(in crate::pluggy) fn balance(&self, item: &Item) -> i64 {
        let since = if self.kind == Kind::Card { month_of(item) } else { Timestamp::MIN };
        self.opening() + transactions::sum(self, item, since)
    }

    /// The account as JSON; `reduced` leaves out who holds it and its details.
    pub(in crate::pluggy) fn to_json(&self, item: &Item, connector: &Connector, reduced: bool) -> Value {
        let balance = self.balance(item);
        let updated_at = item.last_success().unwrap_or(item.created_at);
        let is_card = self.kind == Kind::Card;
        let mut account = json!({
            "id": self.id,
            "itemId": item.id,
            "type": self.type_name(),
            "subtype": self.subtype(),
            "number": self.number,
            "name": self.name(),
            "balance": money(balance),
            "currencyCode": "BRL",
            "marketingName": null,
            "owner": null,
            "taxNumber": null,
            "bankData": null,
            "creditData": null,
            "createdAt": instant(item.created_at),
            "updatedAt": instant(updated_at),
        });
        let (false, Some(fields)) = (reduced, account.as_object_mut()) else { return account };
        let bank = connector.name.trim_end_matches(" (Sandbox)");
        fields.insert("marketingName".to_owned(), json!(format!("{bank} {}", self.name())));
        fields.insert("owner".to_owned(), json!(super::person::NAME));
        fields.insert("taxNumber".to_owned(), json!(super::person::CPF));
        if is_card {
            fields.insert("creditData".to_owned(), Self::credit_data(balance, updated_at));
        } else {
            fields.insert("bankData".to_owned(), self.bank_data(balance));
        }
        account
    }

    fn bank_data(&self, balance: i64) -> Value {
        json!({
            "transferNumber": format!("000/{}", self.number),
            "closingBalance": money(balance),
            "automaticallyInvestedBalance": money(if self.kind == Kind::Checking { 12_050 } else { 0 }),
            "overdraftContractedLimit": money(if self.kind == Kind::Checking { 200_000 } else { 0 }),
            "overdraftUsedLimit": money(0),
            "unarrangedOverdraftAmount": money(0),
            "hasReservedBalance": false,
            "reservedBalances": [],
        })
    }

    fn credit_data(owed: i64, at: Timestamp) -> Value {
        let limit = 1_200_000;
        let day = at.to_zoned(TimeZone::UTC).date();
        let closes = day.last_of_month();
        let due = closes.saturating_add(7.days());
        json!({
            "level": "GOLD",
            "brand": "VISA",
            "balanceCloseDate": midnight(closes),
            "balanceDueDate": midnight(due),
            "availableCreditLimit": money(limit - owed),
            "balanceForeignCurrency": money(0),
            "minimumPayment": money(owed / 10),
            "creditLimit": money(limit),
            "isLimitFlexible": false,
            "status": "ACTIVE",
            "holderType": "MAIN",
        })
    }
}

/// When the month of the last update began.
fn month_of(item: &Item) -> Timestamp {
    let last = item.last_success().unwrap_or(item.created_at).to_zoned(TimeZone::UTC).date();
    last.first_of_month().to_zoned(TimeZone::UTC).map_or(Timestamp::MIN, |start| start.timestamp())
}
