//! Accounts and credit cards. Source: P `account`.

use super::masked::Masked;
use crate::amount::Amount;
use crate::json::{Object, Read};
use crate::words::words;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

words! {
    /// Whether the person owns or owes the balance.
    AccountKind {
        /// Owns it.
        Bank = "BANK",
        /// Owes it.
        Credit = "CREDIT",
    }
}

words! {
    /// What kind of account it is.
    AccountSubtype {
        /// Savings.
        Savings = "SAVINGS_ACCOUNT",
        /// Checking.
        Checking = "CHECKING_ACCOUNT",
        /// A credit card.
        CreditCard = "CREDIT_CARD",
    }
}

/// An account or a credit card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its identifier.
    pub id: String,
    /// The item that it belongs to.
    pub item_id: Option<String>,
    /// Whether the person owns or owes the balance.
    pub kind: Option<AccountKind>,
    /// What kind of account it is.
    pub subtype: Option<AccountSubtype>,
    /// The institution's number; the last digits of a card.
    pub number: Option<Masked>,
    /// Owned for a bank account, owed for a card.
    pub balance: Option<Amount>,
    /// The institution's word for it.
    pub name: Option<String>,
    /// The name under which it is sold.
    pub marketing_name: Option<String>,
    /// Who holds it.
    pub owner: Option<String>,
    /// CPF or CNPJ of the holder.
    pub tax_number: Option<Masked>,
    /// ISO 4217 code of all amounts.
    pub currency: Option<String>,
    /// More about a bank account.
    pub bank_data: Option<BankData>,
    /// More about a card.
    pub credit_data: Option<CreditData>,
}

/// More about a bank account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankData {
    /// Where money is sent to.
    pub transfer_number: Option<Masked>,
    /// What is available.
    pub closing_balance: Option<Amount>,
    /// What the institution invests by itself.
    pub automatically_invested_balance: Option<Amount>,
    /// How far the account may be overdrawn.
    pub overdraft_contracted_limit: Option<Amount>,
    /// How much of that is used.
    pub overdraft_used_limit: Option<Amount>,
    /// What is overdrawn beyond that.
    pub unarranged_overdraft_amount: Option<Amount>,
    /// Whether something is set aside.
    pub has_reserved_balance: Option<bool>,
    /// What is set aside, for a goal or by a court.
    pub reserved_balances: Vec<ReservedBalance>,
}

/// Something that is set aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReservedBalance {
    /// The person's name for it.
    pub name: Option<String>,
    /// How much, one amount for each rate of interest.
    pub amounts: Vec<Amount>,
}

/// More about a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditData {
    /// Gold, platinum.
    pub level: Option<String>,
    /// The network.
    pub brand: Option<String>,
    /// When the bill closes.
    pub balance_close_date: Option<Date>,
    /// When the bill is due.
    pub balance_due_date: Option<Date>,
    /// What can still be spent.
    pub available_credit_limit: Option<Amount>,
    /// What is owed in foreign currency.
    pub balance_foreign_currency: Option<Amount>,
    /// The least to be paid.
    pub minimum_payment: Option<Amount>,
    /// What can be spent in all.
    pub credit_limit: Option<Amount>,
    /// Whether the limit moves.
    pub is_limit_flexible: Option<bool>,
    /// `ACTIVE`, `BLOCKED`, `CANCELLED`.
    pub status: Option<String>,
    /// `MAIN`, `ADDITIONAL`.
    pub holder_type: Option<String>,
}

impl Read for Account {
    fn read(object: &Object<'_>) -> Option<Self> {
        Some(Self {
            id: object.text("id").filter(|id| !id.is_empty())?,
            item_id: object.text("itemId"),
            kind: object.word("type"),
            subtype: object.word("subtype"),
            number: object.text("number").map(Masked::new),
            balance: object.amount("balance"),
            name: object.label("name"),
            marketing_name: object.label("marketingName"),
            owner: object.label("owner"),
            tax_number: object.text("taxNumber").map(Masked::new),
            currency: object.label("currencyCode"),
            bank_data: object.part("bankData"),
            credit_data: object.part("creditData"),
        })
    }
}

impl Read for BankData {
    fn read(object: &Object<'_>) -> Option<Self> {
        Some(Self {
            transfer_number: object.text("transferNumber").map(Masked::new),
            closing_balance: object.amount("closingBalance"),
            automatically_invested_balance: object.amount("automaticallyInvestedBalance"),
            overdraft_contracted_limit: object.amount("overdraftContractedLimit"),
            overdraft_used_limit: object.amount("overdraftUsedLimit"),
            unarranged_overdraft_amount: object.amount("unarrangedOverdraftAmount"),
            has_reserved_balance: object.flag("hasReservedBalance"),
            reserved_balances: object.parts("reservedBalances"),
        })
    }
}

impl Read for ReservedBalance {
    fn read(object: &Object<'_>) -> Option<Self> {
        struct One(Amount);
        impl Read for One {
            fn read(object: &Object<'_>) -> Option<Self> {
                object.amount("amount").map(Self)
            }
        }
        let amounts = object.parts::<One>("availableAmounts").into_iter().map(|one| one.0).collect();
        Some(Self { name: object.label("name"), amounts })
    }
}

impl Read for CreditData {
    fn read(object: &Object<'_>) -> Option<Self> {
        Some(Self {
            level: object.label("level"),
            brand: object.label("brand"),
            balance_close_date: object.day("balanceCloseDate"),
            balance_due_date: object.day("balanceDueDate"),
            available_credit_limit: object.amount("availableCreditLimit"),
            balance_foreign_currency: object.amount("balanceForeignCurrency"),
            minimum_payment: object.amount("minimumPayment"),
            credit_limit: object.amount("creditLimit"),
            is_limit_flexible: object.flag("isLimitFlexible"),
            status: object.label("status"),
            holder_type: object.label("holderType"),
        })
    }
}
