//! Investments. Source: P `investment`.

use super::masked::Masked;
use crate::amount::Amount;
use crate::json::{Object, Read};
use crate::words::words;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

words! {
    /// What kind of investment it is.
    InvestmentType {
        /// Shares of a fund.
        MutualFund = "MUTUAL_FUND",
        /// For retirement.
        Security = "SECURITY",
        /// Shares, real estate funds, options.
        Equity = "EQUITY",
        /// Structured notes.
        Coe = "COE",
        /// Bonds and the like.
        FixedIncome = "FIXED_INCOME",
        /// Traded funds.
        Etf = "ETF",
        /// Anything else, in Pluggy's own word.
        Unclassified = "OTHER",
    }
}

words! {
    /// Whether it is still held.
    InvestmentStatus {
        /// Held.
        Active = "ACTIVE",
        /// About to be held.
        Pending = "PENDING",
        /// Held no more.
        TotalWithdrawal = "TOTAL_WITHDRAWAL",
    }
}

words! {
    /// Which way it moved.
    MovementDirection {
        /// Out.
        Debit = "DEBIT",
        /// In.
        Credit = "CREDIT",
    }
}

/// An investment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Investment {
    /// Its identifier.
    pub id: String,
    /// The item that it belongs to.
    pub item_id: Option<String>,
    /// What kind of investment it is.
    pub kind: Option<InvestmentType>,
    /// More exactly, such as `CDB` or `STOCK`.
    pub subtype: Option<String>,
    /// What it is called.
    pub name: Option<String>,
    /// Its code in the country; a CNPJ in Brazil.
    pub code: Option<String>,
    /// Its code in the world.
    pub isin: Option<String>,
    /// The institution's number of it.
    pub number: Option<Masked>,
    /// ISO 4217 code of all amounts.
    pub currency: Option<String>,
    /// What it is worth after taxes.
    pub balance: Option<Amount>,
    /// What it is worth before taxes.
    pub amount: Option<Amount>,
    /// What was paid for it.
    pub amount_original: Option<Amount>,
    /// What it has gained or lost.
    pub amount_profit: Option<Amount>,
    /// What can be taken out.
    pub amount_withdrawal: Option<Amount>,
    /// Worth of one unit.
    pub value: Option<Amount>,
    /// How many units.
    pub quantity: Option<Amount>,
    /// Income tax.
    pub taxes: Option<Amount>,
    /// Tax on financial operations.
    pub taxes2: Option<Amount>,
    /// Rate of interest, of [`Self::rate_type`].
    pub rate: Option<Amount>,
    /// What the rate refers to, such as CDI.
    pub rate_type: Option<String>,
    /// Fixed rate in a year.
    pub fixed_annual_rate: Option<Amount>,
    /// Of which day the worth is.
    pub date: Option<Date>,
    /// When it ends.
    pub due_date: Option<Date>,
    /// When it was issued.
    pub issue_date: Option<Date>,
    /// When it was bought.
    pub purchase_date: Option<Date>,
    /// Who issued it.
    pub issuer: Option<String>,
    /// Who holds it.
    pub owner: Option<String>,
    /// The institution that keeps it.
    pub institution: Option<String>,
    /// Whether it is still held.
    pub status: Option<InvestmentStatus>,
    /// What moved.
    pub transactions: Vec<InvestmentTransaction>,
}

/// A movement of an investment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvestmentTransaction {
    /// Its identifier.
    pub id: String,
    /// `BUY`, `SELL`, `TAX`, `TRANSFER` and more.
    pub kind: Option<String>,
    /// What it was.
    pub description: Option<String>,
    /// Which way.
    pub direction: Option<MovementDirection>,
    /// How many units.
    pub quantity: Option<Amount>,
    /// Worth of one unit.
    pub value: Option<Amount>,
    /// How much in all.
    pub amount: Option<Amount>,
    /// How much with expenses.
    pub net_amount: Option<Amount>,
    /// When it was ordered.
    pub date: Option<Timestamp>,
    /// When it was done.
    pub trade_date: Option<Timestamp>,
}

impl Read for Investment {
    fn read(object: &Object<'_>) -> Option<Self> {
        Some(Self {
            id: object.text("id").filter(|id| !id.is_empty())?,
            item_id: object.text("itemId"),
            kind: object.word("type"),
            subtype: object.label("subtype"),
            name: object.label("name"),
            code: object.label("code"),
            isin: object.label("isin"),
            number: object.text("number").map(Masked::new),
            currency: object.label("currencyCode"),
            balance: object.amount("balance"),
            amount: object.amount("amount"),
            amount_original: object.amount("amountOriginal"),
            amount_profit: object.amount("amountProfit"),
            amount_withdrawal: object.amount("amountWithdrawal"),
            value: object.amount("value"),
            quantity: object.amount("quantity"),
            taxes: object.amount("taxes"),
            taxes2: object.amount("taxes2"),
            rate: object.amount("rate"),
            rate_type: object.label("rateType"),
            fixed_annual_rate: object.amount("fixedAnnualRate"),
            date: object.day("date"),
            due_date: object.day("dueDate"),
            issue_date: object.day("issueDate"),
            purchase_date: object.day("purchaseDate"),
            issuer: object.label("issuer"),
            owner: object.label("owner"),
            institution: object.object("institution").and_then(|institution| institution.label("name")),
            status: object.word("status"),
            transactions: object.parts("transactions"),
        })
    }
}

impl Read for InvestmentTransaction {
    fn read(object: &Object<'_>) -> Option<Self> {
        Some(Self {
            id: object.text("id").filter(|id| !id.is_empty())?,
            kind: object.label("type"),
            description: object.label("description"),
            direction: object.word("movementType"),
            quantity: object.amount("quantity"),
            value: object.amount("value"),
            amount: object.amount("amount"),
            net_amount: object.amount("netAmount"),
            date: object.instant("date"),
            trade_date: object.instant("tradeDate"),
        })
    }
}
