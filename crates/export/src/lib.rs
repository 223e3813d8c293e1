//! Accounts and their transactions as files that other programs read: CSV, JSON, OFX.
//!
//! Knows no file, socket, vault, clock or provider: statements and the instant they are made at go in, a text comes out.
//!
//! Invariants
//! - An amount is written digit by digit as it was fetched; none passes through a float.
//! - No text of an institution can break a row, start a formula in a spreadsheet, or close an element.
//! - The same statements make the same file, whatever their order of arrival; identifiers are the same in each export.
//!
//! The shapes are written down in `docs/export.md`, which is normative.

mod amount;
mod csv;
mod json;
mod ofx;
mod statement;

pub use amount::is_decimal;
pub use statement::{Export, Statement};

use serde::{Deserialize, Serialize};

/// What a file is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Format {
    /// Transactions, one a row.
    Csv,
    /// Accounts, one a row.
    CsvAccounts,
    /// Everything, as one object.
    Json,
    /// Bank and card statements for accounting programs: OFX 2.2.
    Ofx,
    /// The same as OFX 1.0.2, for programs that know no XML.
    OfxSgml,
}

impl Format {
    /// How the name of such a file ends, without the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Csv | Self::CsvAccounts => "csv",
            Self::Json => "json",
            Self::Ofx | Self::OfxSgml => "ofx",
        }
    }

    /// Writes the file.
    pub fn write(self, export: &Export) -> Written {
        match self {
            Self::Csv => csv::transactions(export),
            Self::CsvAccounts => csv::accounts(export),
            Self::Json => json::everything(export),
            Self::Ofx => ofx::write(export, ofx::Dialect::Xml),
            Self::OfxSgml => ofx::write(export, ofx::Dialect::Sgml),
        }
    }
}

/// A file's content, and what became of what was to be in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The content, UTF-8.
    pub text: String,
    /// Accounts in it.
    pub accounts: usize,
    /// Transactions in it.
    pub transactions: usize,
    /// Transactions that the format has no place for: pending ones, and ones without a date or an amount, in OFX.
    pub left_out: usize,
}
