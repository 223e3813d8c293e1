//! Systems for which no keychain adapter exists. Every call says so.

use keyring_core::Entry;
use vault::KeychainError;

/// Always fails.
pub(super) const fn entry(_service: &str, _account: &str) -> Result<Entry, KeychainError> {
    Err(KeychainError::NoService)
}

/// Always fails.
pub(super) const fn probe() -> Result<(), KeychainError> {
    Err(KeychainError::NoService)
}

/// Always fails.
pub(super) const fn uncover() -> Result<bool, KeychainError> {
    Err(KeychainError::NoService)
}

/// Never reached, as there is no entry to fail.
pub(super) fn judge(error: keyring_core::Error) -> KeychainError {
    KeychainError::Other(error.to_string())
}
