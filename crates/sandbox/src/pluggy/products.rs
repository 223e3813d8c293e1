//! Products: what Pluggy can bring from an institution, one after the other.
//!
//! Source: npm `pluggy-sdk` 0.90.0 `types/connector.d.ts`, `types/execution.d.ts`, `types/item.d.ts` (checked 2026-11-21).

use super::execution::Execution;
use serde::{Deserialize, Serialize};

/// A kind of data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Product {
    Accounts,
    CreditCards,
    Transactions,
    PaymentData,
    Investments,
    InvestmentsTransactions,
    Identity,
    BrokerageNote,
    MoveSecurity,
    Loans,
    AccountStatements,
}

/// What a bank with accounts only delivers.
pub(super) const BANK: &[Product] = &[
    Product::Accounts,
    Product::CreditCards,
    Product::Transactions,
    Product::PaymentData,
    Product::Identity,
];

/// What a bank delivers that also invests and lends.
pub(super) const FULL: &[Product] = &[
    Product::Accounts,
    Product::CreditCards,
    Product::Transactions,
    Product::PaymentData,
    Product::Investments,
    Product::InvestmentsTransactions,
    Product::Identity,
    Product::Loans,
];

/// What a broker delivers.
pub(super) const BROKER: &[Product] =
    &[Product::Accounts, Product::Investments, Product::InvestmentsTransactions, Product::Identity];

impl Product {
    /// The step in which it is brought; none for what comes along with another.
    pub(super) const fn step(self) -> Option<Execution> {
        match self {
            Self::Accounts => Some(Execution::AccountsInProgress),
            Self::CreditCards => Some(Execution::CreditcardsInProgress),
            Self::Transactions => Some(Execution::TransactionsInProgress),
            Self::PaymentData => Some(Execution::PaymentDataInProgress),
            Self::Investments => Some(Execution::InvestmentsInProgress),
            Self::InvestmentsTransactions => Some(Execution::InvestmentsTransactionsInProgress),
            Self::Identity => Some(Execution::IdentityInProgress),
            Self::Loans => Some(Execution::LoansInProgress),
            Self::AccountStatements => Some(Execution::AccountStatementsInProgress),
            Self::BrokerageNote | Self::MoveSecurity => None,
        }
    }

    /// Its name in an item's `statusDetail`.
    pub(super) const fn detail(self) -> Option<&'static str> {
        match self {
            Self::Accounts => Some("accounts"),
            Self::CreditCards => Some("creditCards"),
            Self::Transactions => Some("transactions"),
            Self::PaymentData => Some("paymentData"),
            Self::Investments => Some("investments"),
            Self::InvestmentsTransactions => Some("investmentTransactions"),
            Self::Identity => Some("identity"),
            Self::Loans => Some("loans"),
            Self::AccountStatements => Some("accountStatements"),
            Self::BrokerageNote | Self::MoveSecurity => None,
        }
    }

    /// Every product that `statusDetail` has a place for.
    pub(super) const DETAILED: [Self; 9] = [
        Self::Accounts,
        Self::CreditCards,
        Self::Transactions,
        Self::Investments,
        Self::InvestmentsTransactions,
        Self::Identity,
        Self::PaymentData,
        Self::Loans,
        Self::AccountStatements,
    ];
}
