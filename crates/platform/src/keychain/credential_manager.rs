//! Credential Manager of Windows.
//!
//! The item stays on this machine: the store's usual choice would let it roam with the person's domain profile while
//! the vault does not.

use keyring_core::Entry;
use keyring_core::api::CredentialStoreApi;
use std::collections::HashMap;
use vault::KeychainError;
use windows_native_keyring_store::Store;

/// The item with this name, whether it is there or not.
pub(super) fn entry(service: &str, account: &str) -> Result<Entry, KeychainError> {
    Store::new()
        .and_then(|store| store.build(service, account, Some(&HashMap::from([("persistence", "Local")]))))
        .map_err(judge)
}

/// Asks for an item that nobody has; Credential Manager never shows a prompt.
pub(super) fn probe() -> Result<(), KeychainError> {
    match entry(super::SERVICE, "probe")?.get_credential() {
        Ok(_) | Err(keyring_core::Error::NoEntry) => Ok(()),
        Err(error) => Err(judge(error)),
    }
}

/// There is no lock apart from the person's session.
#[expect(clippy::unnecessary_wraps, reason = "other systems can fail at this")]
pub(super) const fn uncover() -> Result<bool, KeychainError> {
    Ok(false)
}

/// What a failure means.
pub(super) fn judge(error: keyring_core::Error) -> KeychainError {
    match error {
        // No logon session that could hold credentials: a service account, or a session over the network.
        keyring_core::Error::NoStorageAccess(_) => KeychainError::NoService,
        // Its display form has no secret; its debug form may have.
        other => KeychainError::Other(other.to_string()),
    }
}
