//! The login keychain of macOS.
//!
//! The item belongs to whoever the code signature names: another build asks the person again.

use apple_native_keyring_store::keychain::Store;
use keyring_core::Entry;
use keyring_core::api::CredentialStoreApi;
use vault::KeychainError;

/// The item with this name, whether it is there or not.
pub(super) fn entry(service: &str, account: &str) -> Result<Entry, KeychainError> {
    Store::new().and_then(|store| store.build(service, account, None)).map_err(judge)
}

/// Asks for an item that nobody has; that shows no prompt.
pub(super) fn probe() -> Result<(), KeychainError> {
    match entry(super::SERVICE, "probe")?.get_credential() {
        Ok(_) | Err(keyring_core::Error::NoEntry) => Ok(()),
        Err(error) => Err(judge(error)),
    }
}

/// Items of a locked keychain are not hidden here.
#[expect(clippy::unnecessary_wraps, reason = "other systems can fail at this")]
pub(super) const fn uncover() -> Result<bool, KeychainError> {
    Ok(false)
}

/// What a failure means. Numbers are those of Apple's `SecBase.h`.
pub(super) fn judge(error: keyring_core::Error) -> KeychainError {
    let (keyring_core::Error::PlatformFailure(inner) | keyring_core::Error::NoStorageAccess(inner)) = error
    else {
        // Its display form has no secret; its debug form may have.
        return KeychainError::Other(error.to_string());
    };
    match inner.downcast_ref::<security_framework::base::Error>().map(|error| error.code()) {
        // The person dismissed the prompt, or there is nobody to show one to.
        Some(-128 | -25308) => KeychainError::Locked,
        Some(-25293 | -25244 | -25292 | -61 | -34018) => KeychainError::Denied,
        Some(-25291 | -25294 | -25295 | -25307) => KeychainError::NoService,
        Some(code) => KeychainError::Other(format!("status {code}")),
        None => KeychainError::Other(inner.to_string()),
    }
}
