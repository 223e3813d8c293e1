//! One encrypted SQLite file with one owner, and the ways to its key.
//!
//! Knows nothing of OAuth, of what a record means, of how a keychain works, or of the interface.
//!
//! Invariants
//! - Nothing of a record is on disk in clear, neither in the file nor in its journal.
//! - What `write` has answered is on disk (WAL, `synchronous=FULL`); what it has refused has changed nothing. Writes
//!   that come at once share a commit, and nobody reads what is not committed.
//! - One process has a vault open. A second one is told, and touches nothing.
//! - There is no way in but the keychain or the passphrase; none falls back to plain text.
//!
//! The format is written down in `docs/vault-format.md`.

mod backup;
mod create;
mod error;
mod keychain;
mod keys;
mod lock;
mod migrations;
mod open;
mod private;
mod record;
mod restore;
mod slots;
mod swap;
mod writing;

#[cfg(feature = "fakes")]
pub mod fakes;

pub use backup::{Backup, Counts};
pub use error::{BackupError, CreateError, OpenError, RestoreError, VaultError};
pub use keychain::{Keychain, KeychainError};
pub use keys::Argon2Cost;
pub use open::{CreateWith, OldKey, UnlockWith, Vault};
pub use record::{LogRecord, Reader, Record, Writer};
pub use restore::{Restored, backup_made_at, prove_backup};
pub use slots::Protection;
pub use swap::{destroy, forget_set_aside, set_aside_vaults};

use std::path::Path;

/// Whether there is a vault in the folder, whole or torn.
pub fn exists(folder: &Path) -> bool {
    let files = || folder.join(slots::FILE).exists() || folder.join(open::FILE).exists();
    !swap::is_ending(folder) && (swap::is_decided(folder) || files())
}

/// Whether this is the way in, without opening the vault: for somebody who has it open already.
///
/// # Errors
/// [`OpenError`]; nothing was changed.
pub fn check(folder: &Path, with: UnlockWith<'_>) -> Result<(), OpenError> {
    slots::KeySlots::read(folder)?.unlock(&with).map(drop)
}

/// What protects the vault in the folder.
///
/// # Errors
/// There is none, or its key slots cannot be read.
pub fn protection(folder: &Path) -> Result<Protection, OpenError> {
    slots::KeySlots::read(folder).map(|slots| slots.protection())
}
