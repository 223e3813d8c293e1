//! What goes in and out of the commands about programs.

use broker::audit::{AuditFilter, AuditLine};
use broker::permission::Decision;
use connections::view::Failure;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The person's answer to a question.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PermissionAnswer {
    /// Which question.
    #[ts(type = "number")]
    pub question: u64,
    /// The answer.
    pub decision: Decision,
    /// Whether it holds for all connections, where the question was about one.
    #[serde(default)]
    pub all_connections: bool,
}

/// Asks for lines of the audit, the newest first.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AuditAsk {
    /// Which.
    pub filter: AuditFilter,
    /// Only lines before this number.
    #[ts(type = "number | null")]
    pub before: Option<u64>,
    /// At most so many, 1 to 1000.
    pub limit: u32,
}

/// Lines of the audit.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AuditPage {
    /// The newest first.
    pub lines: Vec<AuditLine>,
    /// Whether there are older ones.
    pub more: bool,
}

/// Writes the audit into a file.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AuditExport {
    /// Which lines.
    pub filter: AuditFilter,
    /// As what.
    pub target: AuditTarget,
}

/// A file of the audit that was written.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AuditSaved {
    /// Its name, without the folders.
    pub name: String,
    /// Lines in it.
    pub lines: u32,
}

/// How the HTTP interface stands.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum LocalApiState {
    /// It is off.
    Off,
    /// It is on.
    On {
        /// Where it listens: `http://127.0.0.1:3004`.
        address: String,
    },
    /// It should be on and is not.
    Failed {
        /// Why: `loopback_unavailable` with `port`, and `next` where a port nearby is free.
        failure: Failure,
    },
}

/// The kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum AuditTarget {
    /// Comma-separated values (RFC 4180).
    Csv,
    /// JSON.
    Json,
}
