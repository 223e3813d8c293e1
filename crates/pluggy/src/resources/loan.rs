//! Loans and other credit. Source: P `loan`, of which what a person would look for is read.

use super::masked::Masked;
use crate::amount::Amount;
use crate::json::{Object, Read};
use crate::words::words;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

words! {
    /// What kind of credit it is.
    LoanKind {
        /// A loan.
        Loan = "LOAN",
        /// Of a house, a car.
        Financing = "FINANCING",
        /// Against invoices.
        InvoiceFinancing = "INVOICE_FINANCING",
        /// An overdraft that was not agreed.
        UnarrangedAccountOverdraft = "UNARRANGED_ACCOUNT_OVERDRAFT",
    }
}

/// A loan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loan {
    /// Its identifier.
    pub id: String,
    /// The item that it belongs to.
    pub item_id: Option<String>,
    /// What kind of credit it is.
    pub kind: Option<LoanKind>,
    /// More exactly, in Open Finance's words.
    pub subtype: Option<String>,
    /// The name under which it is sold.
    pub product_name: Option<String>,
    /// The institution's number of the contract.
    pub contract_number: Option<Masked>,
    /// ISO 4217 code of all amounts.
    pub currency: Option<String>,
    /// What was lent.
    pub contract_amount: Option<Amount>,
    /// When it was agreed.
    pub contract_date: Option<Date>,
    /// When the last installment is due.
    pub due_date: Option<Date>,
    /// When the first installment was due.
    pub first_installment_due_date: Option<Date>,
    /// When it was or will be settled.
    pub settlement_date: Option<Date>,
    /// Of which day this is.
    pub date: Option<Date>,
    /// All costs as a rate in a year (CET).
    pub total_effective_cost: Option<Amount>,
    /// How often an installment is due.
    pub installment_periodicity: Option<String>,
    /// Interest.
    pub interest_rates: Vec<InterestRate>,
    /// How many installments.
    pub installments: Option<LoanInstallments>,
    /// What is still owed.
    pub outstanding_balance: Option<Amount>,
    /// What was paid.
    pub payments: Vec<LoanPayment>,
}

/// Interest of a loan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InterestRate {
    /// `NOMINAL`, `EFFECTIVE` and the like.
    pub kind: Option<String>,
    /// How often it is reckoned.
    pub periodicity: Option<String>,
    /// The fixed part.
    pub pre_fixed_rate: Option<Amount>,
    /// The part that follows an index.
    pub post_fixed_rate: Option<Amount>,
    /// That index.
    pub indexer: Option<String>,
}

/// How many installments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoanInstallments {
    /// In all.
    pub total: Option<u64>,
    /// Paid.
    pub paid: Option<u64>,
    /// Still due.
    pub due: Option<u64>,
    /// Overdue.
    pub past_due: Option<u64>,
}

/// What was paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoanPayment {
    /// When.
    pub paid_date: Option<Date>,
    /// How much.
    pub paid_amount: Option<Amount>,
}

impl Read for Loan {
    fn read(object: &Object<'_>) -> Option<Self> {
        let payments = object.object("payments");
        Some(Self {
            id: object.text("id").filter(|id| !id.is_empty())?,
            item_id: object.text("itemId"),
            kind: object.word("kind"),
            subtype: object.label("type"),
            product_name: object.label("productName"),
            contract_number: object.text("contractNumber").map(Masked::new),
            currency: object.label("currencyCode"),
            contract_amount: object.amount("contractAmount"),
            contract_date: object.day("contractDate"),
            due_date: object.day("dueDate"),
            first_installment_due_date: object.day("firstInstallmentDueDate"),
            settlement_date: object.day("settlementDate"),
            date: object.day("date"),
            total_effective_cost: object.amount("CET"),
            installment_periodicity: object.label("installmentPeriodicity"),
            interest_rates: object.parts("interestRates"),
            installments: object.part("installments"),
            outstanding_balance: payments.as_ref().and_then(|paid| paid.amount("contractOutstandingBalance")),
            payments: payments.map(|paid| paid.parts("releases")).unwrap_or_default(),
        })
    }
}

impl Read for InterestRate {
    fn read(object: &Object<'_>) -> Option<Self> {
        Some(Self {
            kind: object.label("taxType"),
            periodicity: object.label("taxPeriodicity"),
            pre_fixed_rate: object.amount("preFixedRate"),
            post_fixed_rate: object.amount("postFixedRate"),
            indexer: object.label("referentialRateIndexerType"),
        })
    }
}

impl Read for LoanInstallments {
    fn read(object: &Object<'_>) -> Option<Self> {
        Some(Self {
            total: object.count("totalNumberOfInstallments"),
            paid: object.count("paidInstallments"),
            due: object.count("dueInstallments"),
            past_due: object.count("pastDueInstallments"),
        })
    }
}

impl Read for LoanPayment {
    fn read(object: &Object<'_>) -> Option<Self> {
        Some(Self { paid_date: object.day("paidDate"), paid_amount: object.amount("paidAmount") })
    }
}
