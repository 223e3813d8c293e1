//! The closed list of failures that a person or a program is told about.
//!
//! Growth rule: a code is added only when somebody does something different for it, and removed when nobody does.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Which failure it is. The interface has a sentence for each, in every language; the CLI an exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The person refused at the provider (`access_denied`).
    AccessDenied,
    /// The provider asks the person to approve again.
    ApproveAgain,
    /// The provider fails or asks to wait.
    ProviderTrouble,
    /// No network.
    Offline,
    /// The page or the answer came from a server whose certificate is not trusted.
    CertificateRefused,
    /// The provider does not accept the client id, the secret or the scopes.
    ClientRefused,
    /// The provider answered in a way that no one can use; it says nothing about the grant.
    ProviderAnswer,
    /// A reply that does not belong to a request made here.
    ForeignAnswer,
    /// The attempt is over: expired, finished or unknown.
    AttemptOver,
    /// Another attempt for the same connection took its place.
    Superseded,
    /// The connection is paused.
    Paused,
    /// The person disconnected it.
    Disconnected,
    /// It has never been approved.
    NotApproved,
    /// No such connection.
    UnknownConnection,
    /// No such config key.
    UnknownConfig,
    /// No such provider.
    UnknownProvider,
    /// The name is taken.
    NameTaken,
    /// A name is malformed.
    BadName,
    /// A field is malformed; `field` and `problem` say which and how.
    BadInput,
    /// The config key is in use by connections.
    ConfigInUse,
    /// The surface cannot be used here for this provider.
    SurfaceUnavailable,
    /// The issuer's discovery document could not be used.
    DiscoveryFailed,
    /// The redirect address cannot be listened on.
    LoopbackUnavailable,
    /// The institution cannot be reached through the aggregator at present.
    InstitutionOffline,
    /// Only the company's own key could do it; here is a connect token at most.
    NeedsCompanyKey,
    /// What the plan at the aggregator allows is used up.
    PlanLimit,
    /// Something else is under way there; later it goes.
    Busy,
    /// The aggregator does not support the platform that the person has.
    PlatformNotSupported,
    /// The connection gives data and no tokens.
    NoTokens,
    /// The provider refuses an access token that it gave just now, or one that nothing can renew.
    TokenRefused,
    /// The provider does not accept the key that the person typed; nothing was stored.
    KeyRefused,
    /// The key could not be tried now; nothing was stored.
    KeyNotChecked,
    /// The question is over.
    AnswerTooLate,
    /// The aggregator knows it no more.
    Gone,
    /// The aggregator's own page says that it did not work; the detail is its sentence.
    WidgetFailed,
    /// The person has this login there already; `connection` names it.
    AlreadyConnected,
    /// The person has not allowed the program to do it; `reason` says how that came about.
    NotPermitted,
    /// The vault is locked.
    Locked,
    /// There is no vault so far.
    NoVault,
    /// There is a vault already.
    VaultExists,
    /// The passphrase is wrong.
    WrongPassphrase,
    /// The passphrase is too short.
    WeakPassphrase,
    /// The system keychain does not answer; `reason` says why.
    KeychainUnavailable,
    /// The keychain answers and has no key for this vault.
    KeyMissing,
    /// The vault file is damaged.
    VaultDamaged,
    /// The vault was written by a newer Mooring.
    VaultNewer,
    /// Another Mooring has the vault open.
    VaultInUse,
    /// There is a file of that name already.
    FileExists,
    /// The file is no backup of ours.
    NotABackup,
    /// The backup is not whole, or was changed.
    BackupDamaged,
    /// The backup was made by a newer Mooring.
    BackupNewer,
    /// The backup was written and did not open again as it should; it was removed.
    BackupUnproven,
    /// The disk is full.
    DiskFull,
    /// The folder cannot be written.
    ReadOnly,
    /// Reading or writing failed for another reason.
    Storage,
    /// A file that was asked for could not be written, or not be shown.
    FileNotWritten,
    /// A rule of ours was broken; worth a report.
    Defect,
}

impl ErrorCode {
    /// As programs read it.
    pub fn name(self) -> String {
        wire_name(&self)
    }
}

/// How a code or a reason is spelled where programs and the interface read it; empty for what is no plain name.
pub(crate) fn wire_name(value: &impl Serialize) -> String {
    let spelled = serde_json::to_value(value).ok();
    spelled.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
}

/// A failure on its way to whoever asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoreError {
    /// Which.
    pub code: ErrorCode,
    /// Values for the sentence; never secret.
    pub params: BTreeMap<String, String>,
    /// Technical detail; never secret.
    pub detail: Option<String>,
}

impl CoreError {
    /// A failure without values.
    pub const fn new(code: ErrorCode) -> Self {
        Self { code, params: BTreeMap::new(), detail: None }
    }

    /// With a value for the sentence.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }

    /// With a technical detail, which the caller knows to be free of secrets.
    #[must_use]
    pub fn detail(mut self, text: impl std::fmt::Display) -> Self {
        self.detail = Some(text.to_string());
        self
    }
}

impl std::fmt::Display for CoreError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.code)?;
        if let Some(detail) = &self.detail {
            write!(f, ": {detail}")?;
        }
        Ok(())
    }
}

impl std::error::Error for CoreError {}

impl From<CoreError> for crate::view::Failure {
    fn from(error: CoreError) -> Self {
        Self { code: error.code, params: error.params, detail: error.detail }
    }
}

impl From<crate::ports::StoreError> for CoreError {
    fn from(error: crate::ports::StoreError) -> Self {
        use crate::ports::StoreError;
        let code = match error {
            StoreError::DiskFull => ErrorCode::DiskFull,
            StoreError::ReadOnly => ErrorCode::ReadOnly,
            StoreError::Damaged(_) => ErrorCode::VaultDamaged,
            StoreError::Other(_) => ErrorCode::Storage,
        };
        Self::new(code).detail(error)
    }
}

impl From<crate::id::NameError> for CoreError {
    fn from(error: crate::id::NameError) -> Self {
        Self::new(ErrorCode::BadName).detail(error)
    }
}
