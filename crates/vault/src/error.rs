//! What can go wrong, each with another next step.

use crate::KeychainError;
use std::io;

/// Why a vault could not be made. Nothing is left behind.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// There is one already.
    #[error("there is a vault already")]
    Exists,
    /// The keychain did not take the key.
    #[error("the keychain did not take the key: {0}")]
    Keychain(#[source] KeychainError),
    /// Another process works in the folder.
    #[error("another process has the vault")]
    InUse {
        /// Which, if it left its number.
        pid: Option<u32>,
    },
    /// No space left.
    #[error("the disk is full")]
    DiskFull,
    /// The folder cannot be written.
    #[error("the folder cannot be written")]
    ReadOnly,
    /// Anything else.
    #[error("the vault could not be made: {0}")]
    Failed(String),
}

/// Why a vault could not be opened. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is none.
    #[error("there is no vault")]
    Missing,
    /// The passphrase, or the key in the keychain, does not open it.
    #[error("the key does not open the vault")]
    WrongKey,
    /// The vault has no such way in.
    #[error("the vault is not protected that way")]
    NoSuchSlot,
    /// The keychain answers and has no key for this vault.
    #[error("the keychain has no key for this vault")]
    KeyMissing,
    /// The keychain does not answer.
    #[error("the keychain did not answer: {0}")]
    Keychain(#[source] KeychainError),
    /// The file or its key slots are damaged.
    #[error("the vault is damaged: {0}")]
    TornFile(String),
    /// A newer Mooring wrote it.
    #[error("the vault has format {found}, this program knows up to {known}")]
    NewerVersion {
        /// The format found.
        found: u32,
        /// The newest format known.
        known: u32,
    },
    /// Another process has it open.
    #[error("another process has the vault open")]
    InUse {
        /// Which, if it left its number.
        pid: Option<u32>,
    },
    /// The file or folder cannot be written.
    #[error("the vault cannot be written")]
    ReadOnly,
    /// No space left.
    #[error("the disk is full")]
    DiskFull,
    /// Anything else.
    #[error("the vault could not be opened: {0}")]
    Failed(String),
}

/// Why a backup could not be made. A file that was there before is as it was.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// There is a file of that name.
    #[error("there is a file of that name")]
    Exists,
    /// No space left.
    #[error("the disk is full")]
    DiskFull,
    /// The place cannot be written.
    #[error("the place cannot be written")]
    ReadOnly,
    /// It was written, and did not open again as it should.
    #[error("the backup did not open again: {0}")]
    Unproven(String),
    /// Anything else.
    #[error("the backup could not be made: {0}")]
    Failed(String),
}

/// Why a backup could not be restored. The vault that was there is as it was.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// The file is something else.
    #[error("this is no backup")]
    NotABackup,
    /// It is not whole, or was changed.
    #[error("the backup is damaged: {0}")]
    Torn(String),
    /// The passphrase does not open it.
    #[error("the passphrase does not open the backup")]
    WrongPassphrase,
    /// A newer Mooring made it.
    #[error("a newer program made the backup")]
    Newer,
    /// The keychain did not take the new vault's key.
    #[error("the keychain did not take the key: {0}")]
    Keychain(#[source] KeychainError),
    /// Another process has the vault open.
    #[error("another process has the vault open")]
    InUse {
        /// Which, if it left its number.
        pid: Option<u32>,
    },
    /// No space left.
    #[error("the disk is full")]
    DiskFull,
    /// The folder cannot be written.
    #[error("the folder cannot be written")]
    ReadOnly,
    /// Anything else.
    #[error("the backup could not be restored: {0}")]
    Failed(String),
}

impl BackupError {
    pub(crate) fn file(attempted: &str, error: &io::Error) -> Self {
        match disk(attempted, error) {
            Disk::Full => Self::DiskFull,
            Disk::ReadOnly => Self::ReadOnly,
            Disk::Other(text) => Self::Failed(text),
        }
    }
}

impl From<VaultError> for BackupError {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::DiskFull => Self::DiskFull,
            VaultError::ReadOnly => Self::ReadOnly,
            other => Self::Failed(other.to_string()),
        }
    }
}

impl From<OpenError> for BackupError {
    fn from(error: OpenError) -> Self {
        Self::Failed(error.to_string())
    }
}

impl RestoreError {
    pub(crate) fn file(attempted: &str, error: &io::Error) -> Self {
        match disk(attempted, error) {
            Disk::Full => Self::DiskFull,
            Disk::ReadOnly => Self::ReadOnly,
            Disk::Other(text) => Self::Failed(text),
        }
    }
}

impl From<VaultError> for RestoreError {
    fn from(error: VaultError) -> Self {
        Self::from(OpenError::from(error))
    }
}

impl From<OpenError> for RestoreError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::DiskFull => Self::DiskFull,
            OpenError::ReadOnly => Self::ReadOnly,
            OpenError::TornFile(what) => Self::Torn(what),
            OpenError::NewerVersion { .. } => Self::Newer,
            OpenError::InUse { pid } => Self::InUse { pid },
            OpenError::Keychain(error) => Self::Keychain(error),
            other => Self::Failed(other.to_string()),
        }
    }
}

/// Why a record could not be read or written. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// No space left.
    #[error("the disk is full")]
    DiskFull,
    /// The file cannot be written.
    #[error("the vault cannot be written")]
    ReadOnly,
    /// The file, or a record, is damaged.
    #[error("the vault is damaged: {0}")]
    Corrupt(String),
    /// The record moved since it was read.
    #[error("the record has another revision")]
    Conflict,
    /// Anything else.
    #[error("the vault failed: {0}")]
    Failed(String),
}

/// Whether there was no room for the journal's index, for which SQLite has no primary code.
fn no_room_for_index(error: &rusqlite::Error) -> bool {
    error.sqlite_error().is_some_and(|error| error.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE)
}

impl From<rusqlite::Error> for VaultError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        if no_room_for_index(&error) {
            return Self::DiskFull;
        }
        match error.sqlite_error_code() {
            Some(Code::DiskFull) => Self::DiskFull,
            Some(Code::ReadOnly | Code::PermissionDenied | Code::CannotOpen) => Self::ReadOnly,
            Some(Code::DatabaseCorrupt | Code::NotADatabase) => Self::Corrupt("the file".to_owned()),
            // The code, never the statement or its values.
            Some(code) => Self::Failed(format!("{code:?}")),
            None => Self::Failed("a statement failed".to_owned()),
        }
    }
}

/// What a failed file operation means.
pub(crate) enum Disk {
    Full,
    ReadOnly,
    Other(String),
}

pub(crate) fn disk(attempted: &str, error: &io::Error) -> Disk {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Disk::Full,
        io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => Disk::ReadOnly,
        kind => Disk::Other(format!("{attempted}: {kind}")),
    }
}

impl CreateError {
    pub(crate) fn file(attempted: &str, error: &io::Error) -> Self {
        match disk(attempted, error) {
            Disk::Full => Self::DiskFull,
            Disk::ReadOnly => Self::ReadOnly,
            Disk::Other(text) => Self::Failed(text),
        }
    }
}

impl OpenError {
    pub(crate) fn file(attempted: &str, error: &io::Error) -> Self {
        match disk(attempted, error) {
            Disk::Full => Self::DiskFull,
            Disk::ReadOnly => Self::ReadOnly,
            Disk::Other(text) => Self::Failed(text),
        }
    }
}

impl From<VaultError> for OpenError {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::DiskFull => Self::DiskFull,
            VaultError::ReadOnly => Self::ReadOnly,
            VaultError::Corrupt(what) => Self::TornFile(what),
            VaultError::Conflict => Self::Failed("conflict".to_owned()),
            VaultError::Failed(what) => Self::Failed(what),
        }
    }
}

impl From<OpenError> for CreateError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::DiskFull => Self::DiskFull,
            OpenError::ReadOnly => Self::ReadOnly,
            OpenError::InUse { pid } => Self::InUse { pid },
            OpenError::Keychain(error) => Self::Keychain(error),
            other => Self::Failed(other.to_string()),
        }
    }
}
