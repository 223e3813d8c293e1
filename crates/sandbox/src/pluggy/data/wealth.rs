//! Investments, loans and bills of an item. All made up.
//!
//! Source: npm `pluggy-sdk` 0.90.0 `types/investment.d.ts`, `types/loan.d.ts`, `types/creditCardBills.d.ts`
//! (checked 2026-11-21).

use super::accounts::{Account, Kind};
use super::transactions;
use crate::pluggy::ids::{self, Numbers};
use crate::pluggy::item::Item;
use crate::pluggy::json::{instant, maybe, midnight, money};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde_json::{Map, Value, json};

/// Name, type, subtype, code, what it was bought for in cents, and how far it has risen in thousandths.
type Holding = (&'static str, &'static str, &'static str, Option<&'static str>, i64, i64);

const HOLDINGS: &[Holding] = &[
    ("Tesouro Selic 2031", "FIXED_INCOME", "TREASURY", None, 850_000, 71),
    ("CDB Banco Farol 110% CDI", "FIXED_INCOME", "CDB", None, 500_000, 48),
    ("Fundo Multimercado Brisa", "MUTUAL_FUND", "MULTIMARKET_FUND", None, 320_000, 23),
    ("FARO3", "EQUITY", "STOCK", Some("FARO3"), 214_500, -37),
];

/// Members that these holdings have no value for.
const UNKNOWN: &[&str] = &[
    "issuerCNPJ",
    "number",
    "isin",
    "taxes",
    "taxes2",
    "amountWithdrawal",
    "dueDate",
    "issuer",
    "issueDate",
    "rate",
    "rateType",
    "fixedAnnualRate",
    "lastMonthRate",
    "annualRate",
    "lastTwelveMonthsRate",
    "transactions",
    "metadata",
    "institution",
];

fn day_of(item: &Item) -> Date {
    item.last_success().unwrap_or(item.created_at).to_zoned(TimeZone::UTC).date()
}

pub(in crate::pluggy) fn investments(item: &Item) -> Vec<Value> {
    HOLDINGS.iter().map(|holding| investment(item, *holding)).collect()
}

fn investment(item: &Item, (name, kind, subtype, code, bought, risen): Holding) -> Value {
    let day = day_of(item);
    let drift = Numbers::of(name, i64::from(day.day_of_year())).between(-9, 10);
    let value = bought + bought * (risen + drift) / 1000;
    let mut fields: Map<String, Value> =
        UNKNOWN.iter().map(|name| ((*name).to_owned(), Value::Null)).collect();
    let known = json!({
        "id": ids::derived(&["investment", &item.id, name]),
        "itemId": item.id,
        "code": code,
        "type": kind,
        "subtype": subtype,
        "name": name,
        "currencyCode": "BRL",
        "date": midnight(day),
        "value": money(value / 100),
        "quantity": 100,
        "balance": money(value),
        "amount": money(value),
        "amountProfit": money(value - bought),
        "amountOriginal": money(bought),
        "purchaseDate": "2025-02-10T00:00:00.000Z",
        "status": "ACTIVE",
        "owner": super::person::NAME,
    });
    if let Value::Object(known) = known {
        fields.extend(known);
    }
    Value::Object(fields)
}

pub(in crate::pluggy) fn loans(item: &Item) -> Vec<Value> {
    let day = day_of(item);
    let paid = 14;
    vec![json!({
        "id": ids::derived(&["loan", &item.id]),
        "itemId": item.id,
        "contractNumber": "90000001",
        "ipocCode": null,
        "productName": "Crédito pessoal",
        "type": "CREDITO_PESSOAL_SEM_CONSIGNACAO",
        "kind": "LOAN",
        "date": midnight(day),
        "contractDate": "2025-09-01T00:00:00.000Z",
        "disbursementDates": ["2025-09-02T00:00:00.000Z"],
        "settlementDate": null,
        "contractAmount": money(1_500_000),
        "currencyCode": "BRL",
        "dueDate": "2028-09-01T00:00:00.000Z",
        "installmentPeriodicity": "MONTHLY",
        "installmentPeriodicityAdditionalInfo": null,
        "firstInstallmentDueDate": "2025-10-01T00:00:00.000Z",
        "CET": 0.29,
        "amortizationScheduled": "PRICE",
        "amortizationScheduledAdditionalInfo": null,
        "cnpjConsignee": null,
        "interestRates": [],
        "contractedFees": [],
        "contractedFinanceCharges": [],
        "warranties": [],
        "installments": {
            "typeNumberOfInstallments": "MONTH",
            "totalNumberOfInstallments": 36,
            "typeContractRemaining": "MONTH",
            "contractRemainingNumber": 36 - paid,
            "paidInstallments": paid,
            "dueInstallments": 36 - paid,
            "pastDueInstallments": 0,
            "balloonPayments": [],
        },
        "payments": { "contractOutstandingBalance": money(1_038_420), "releases": [] },
    })]
}

/// The closed bills of a card, newest first: one for each month of its history.
pub(in crate::pluggy) fn bills(account: &Account, item: &Item) -> Vec<Value> {
    if account.kind != Kind::Card {
        return Vec::new();
    }
    let all = transactions::of_account(account, item);
    let this_month = day_of(item).first_of_month();
    (1..=3_i64).map(|back| bill(account, item, &all, this_month.saturating_sub(back.months()))).collect()
}

fn bill(account: &Account, item: &Item, all: &[transactions::Transaction], month: Date) -> Value {
    let in_month = |at: Timestamp| at.to_zoned(TimeZone::UTC).date().first_of_month() == month;
    let total: i64 = all.iter().filter(|one| in_month(one.at)).map(|one| one.cents).sum();
    let closed = month.last_of_month();
    json!({
        "id": ids::derived(&["bill", &account.id, &month.to_string()]),
        "dueDate": midnight(closed.saturating_add(7.days())),
        "billClosingDate": midnight(closed),
        "totalAmount": money(total),
        "totalAmountCurrencyCode": "BRL",
        "minimumPaymentAmount": money(total / 10),
        "allowsInstallments": true,
        "financeCharges": [],
        "payments": [],
        "createdAt": instant(item.created_at),
        "updatedAt": maybe(item.last_success()),
    })
}
