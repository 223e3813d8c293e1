//! Names of kinds of data: invoices, bank transactions, orders.

use crate::words::is_id;
use crate::{Category, IdError};

/// A kind of data, as Codat writes it: `invoices`, `banking-transactions`, `commerce-orders`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DataType(String);

impl DataType {
    /// From a word; one that this version does not know is kept.
    ///
    /// # Errors
    /// [`IdError`]: the word becomes a part of an address.
    pub fn parse(word: &str) -> Result<Self, IdError> {
        if is_id(word) { Ok(Self(word.to_owned())) } else { Err(IdError) }
    }

    /// As Codat writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this version knows it.
    pub fn is_known(&self) -> bool {
        KNOWN.contains(&self.as_str())
    }

    /// What it belongs to: by its prefix; without one, accounting, if it is known.
    pub fn category(&self) -> Category {
        match self.0.split_once('-') {
            Some(("banking", _)) => Category::Banking,
            Some(("commerce", _)) => Category::Commerce,
            None if self.is_known() => Category::Accounting,
            _ => Category::Other,
        }
    }
}

impl DataType {
    /// Every data type that this version knows, accounting first.
    pub fn known() -> impl Iterator<Item = Self> {
        KNOWN.iter().map(|word| Self((*word).to_owned()))
    }

    /// Its name in small English words without the category, where nobody has a better one: `product categories`.
    pub fn words(&self) -> String {
        let name = match self.0.split_once('-') {
            Some(("banking" | "commerce", rest)) => rest,
            _ => &self.0,
        };
        let mut words = String::with_capacity(name.len() + 4);
        for c in name.chars() {
            if c.is_ascii_uppercase() || matches!(c, '-' | '_') {
                words.push(' ');
            }
            if !matches!(c, '-' | '_') {
                words.push(c.to_ascii_lowercase());
            }
        }
        words.trim().to_owned()
    }
}

impl std::fmt::Display for DataType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Every data type of the platform API 3.0.0.
const KNOWN: &[&str] = &[
    "accountTransactions",
    "balanceSheet",
    "bankAccounts",
    "bankTransactions",
    "billCreditNotes",
    "billPayments",
    "bills",
    "cashFlowStatement",
    "chartOfAccounts",
    "company",
    "creditNotes",
    "customers",
    "directCosts",
    "directIncomes",
    "invoices",
    "itemReceipts",
    "items",
    "journalEntries",
    "journals",
    "paymentMethods",
    "payments",
    "profitAndLoss",
    "purchaseOrders",
    "salesOrders",
    "suppliers",
    "taxRates",
    "trackingCategories",
    "transfers",
    "banking-accountBalances",
    "banking-accounts",
    "banking-transactionCategories",
    "banking-transactions",
    "commerce-companyInfo",
    "commerce-customers",
    "commerce-disputes",
    "commerce-locations",
    "commerce-orders",
    "commerce-paymentMethods",
    "commerce-payments",
    "commerce-productCategories",
    "commerce-products",
    "commerce-taxComponents",
    "commerce-transactions",
];
