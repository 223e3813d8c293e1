//! What goes in and out of the commands that help.

use doctor::CheckOf;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What to put right.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RepairAsk {
    /// The thing that was looked at; only the folder and the links can be put right from here.
    pub of: CheckOf,
}

/// A report for whoever helps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Diagnostics {
    /// As it would be written.
    pub text: String,
}

/// The report was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DiagnosticsSaved {
    /// The file's name.
    pub name: String,
}
