//! What the gate needs kept. Implemented on the encrypted vault.

use crate::audit::AuditLine;
use crate::caller::{Caller, CallerId};
use crate::permission::Permission;
use crate::settings::AccessSettings;
use async_trait::async_trait;
use connections::ports::StoreError;
use jiff::Timestamp;
use secret::SecretString;
use serde::{Deserialize, Serialize};

/// Keeps callers, what was decided about them, the audit, and the settings of the local API.
#[async_trait]
pub trait AccessStore: Send + Sync {
    /// What is read once, at start.
    async fn load(&self) -> Result<StoredAccess, StoreError>;
    /// Writes callers, each in place of what was known about it.
    async fn put_callers(&self, callers: Vec<KnownCaller>) -> Result<(), StoreError>;
    /// Forgets callers and what was decided about them.
    async fn delete_callers(&self, ids: Vec<CallerId>) -> Result<(), StoreError>;
    /// Writes the settings.
    async fn put_settings(&self, settings: &AccessSettings) -> Result<(), StoreError>;
    /// The secret of the HTTP interface, once there is one.
    async fn http_secret(&self) -> Result<Option<SecretString>, StoreError>;
    /// Writes the secret of the HTTP interface.
    async fn put_http_secret(&self, secret: &SecretString) -> Result<(), StoreError>;
    /// Writes lines of the audit, each in place of the one of its number.
    async fn put_audit(&self, lines: Vec<AuditLine>) -> Result<(), StoreError>;
    /// Lines of the audit, the newest first, before a number.
    async fn audit(&self, before: Option<u64>, limit: usize) -> Result<Vec<AuditLine>, StoreError>;
    /// Removes the lines before a number.
    async fn prune_audit(&self, before: u64) -> Result<(), StoreError>;
}

/// What is kept, but for the audit and the secret.
#[derive(Default)]
pub struct StoredAccess {
    /// Callers.
    pub callers: Vec<KnownCaller>,
    /// The settings; none before the first change.
    pub settings: AccessSettings,
    /// The number of the newest line of the audit.
    pub last_audit: Option<u64>,
}

/// A caller that has asked, or about which something was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownCaller {
    /// Who it is.
    pub caller: Caller,
    /// What was decided.
    pub permissions: Vec<Permission>,
    /// When it was first heard of.
    pub since: Timestamp,
    /// When it last asked for something.
    pub last_asked_at: Option<Timestamp>,
    /// How often it has asked.
    pub asked: u64,
}
