//! What a connection is about: accounting, banking, commerce, or something else.
//!
//! Source: docs.codat.io, connection management: the component shows the first three.

use crate::words::open_enum;
use crate::{Connection, Integration};

open_enum! {
    /// Codat's kinds of platforms.
    SourceType {
        /// Accounting software.
        Accounting = "Accounting",
        /// Banks, read.
        Banking = "Banking",
        /// Bank feeds: bank data written into accounting software.
        BankFeed = "BankFeed",
        /// Shops and payment providers.
        Commerce = "Commerce",
        /// Expenses, written into accounting software.
        Expense = "Expense",
        /// What Codat itself calls unknown.
        Unknown = "Unknown",
    }
}

/// What a connection is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Category {
    /// Accounting software.
    Accounting,
    /// Banks.
    Banking,
    /// Shops and payment providers.
    Commerce,
    /// Bank feeds, expenses, files, and kinds that this version does not know.
    Other,
}

/// Anything that has a category.
pub trait Categorized {
    /// The kind of platform.
    fn source_type(&self) -> &SourceType;
}

impl Categorized for Connection {
    fn source_type(&self) -> &SourceType {
        &self.source_type
    }
}

impl Categorized for Integration {
    fn source_type(&self) -> &SourceType {
        &self.source_type
    }
}

/// What `one` is about.
pub fn category(one: &impl Categorized) -> Category {
    match one.source_type() {
        SourceType::Accounting => Category::Accounting,
        SourceType::Banking => Category::Banking,
        SourceType::Commerce => Category::Commerce,
        // Bank feeds and expenses write into accounting software; Codat's component shows neither as a category.
        SourceType::BankFeed | SourceType::Expense | SourceType::Unknown | SourceType::Other(_) => {
            Category::Other
        }
    }
}

impl Category {
    /// A filter of integrations that are enabled and of this category; none for the rest, which has no one word.
    pub const fn integrations_query(self) -> Option<&'static str> {
        match self {
            Self::Accounting => Some("sourceType=Accounting&&enabled=true"),
            Self::Banking => Some("sourceType=Banking&&enabled=true"),
            Self::Commerce => Some("sourceType=Commerce&&enabled=true"),
            Self::Other => None,
        }
    }
}
