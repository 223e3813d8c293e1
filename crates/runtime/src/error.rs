//! The vault's failures in the words of the closed list.

use connections::error::{CoreError, ErrorCode};
use vault::{CreateError, KeychainError, OpenError};

/// Why a vault could not be made.
pub fn create_error(error: &CreateError) -> CoreError {
    let told = match error {
        CreateError::Exists => CoreError::new(ErrorCode::VaultExists),
        CreateError::Keychain(keychain) => keychain_error(keychain),
        CreateError::DiskFull => CoreError::new(ErrorCode::DiskFull),
        CreateError::ReadOnly => CoreError::new(ErrorCode::ReadOnly),
        CreateError::InUse { .. } => CoreError::new(ErrorCode::VaultInUse),
        CreateError::Failed(_) => CoreError::new(ErrorCode::Storage),
    };
    told.detail(error)
}

/// Why a vault could not be opened.
pub fn open_error(error: &OpenError) -> CoreError {
    let told = match error {
        OpenError::WrongKey => CoreError::new(ErrorCode::WrongPassphrase),
        OpenError::KeyMissing => CoreError::new(ErrorCode::KeyMissing),
        OpenError::Keychain(keychain) => keychain_error(keychain),
        OpenError::TornFile(_) => CoreError::new(ErrorCode::VaultDamaged),
        OpenError::NewerVersion { .. } => CoreError::new(ErrorCode::VaultNewer),
        OpenError::ReadOnly => CoreError::new(ErrorCode::ReadOnly),
        OpenError::DiskFull => CoreError::new(ErrorCode::DiskFull),
        OpenError::InUse { pid } => {
            let told = CoreError::new(ErrorCode::VaultInUse);
            pid.map_or(told.clone(), |pid| told.with("pid", pid.to_string()))
        }
        OpenError::Missing => CoreError::new(ErrorCode::NoVault),
        OpenError::NoSuchSlot | OpenError::Failed(_) => CoreError::new(ErrorCode::Storage),
    };
    told.detail(error)
}

fn keychain_error(error: &KeychainError) -> CoreError {
    CoreError::new(ErrorCode::KeychainUnavailable).with("reason", error.reason())
}
