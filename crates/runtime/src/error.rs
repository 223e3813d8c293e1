//! The vault's failures in the words of the closed list.

use connections::error::{CoreError, ErrorCode};
use vault::{BackupError, CreateError, KeychainError, OpenError, RestoreError};

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

/// Why a vault could not be opened with what the keychain holds: nobody typed anything that could be wrong.
pub fn keychain_open_error(error: &OpenError) -> CoreError {
    match error {
        OpenError::WrongKey => CoreError::new(ErrorCode::KeyMissing).detail(error),
        _ => open_error(error),
    }
}

/// Why a backup could not be made.
pub fn backup_error(error: &BackupError) -> CoreError {
    let code = match error {
        BackupError::Exists => ErrorCode::FileExists,
        BackupError::DiskFull => ErrorCode::DiskFull,
        BackupError::ReadOnly => ErrorCode::ReadOnly,
        BackupError::Unproven(_) => ErrorCode::BackupUnproven,
        BackupError::Failed(_) => ErrorCode::Storage,
    };
    CoreError::new(code).detail(error)
}

/// Why a backup could not be restored.
pub fn restore_error(error: &RestoreError) -> CoreError {
    let told = match error {
        RestoreError::NotABackup => CoreError::new(ErrorCode::NotABackup),
        RestoreError::Torn(_) => CoreError::new(ErrorCode::BackupDamaged),
        RestoreError::WrongPassphrase => CoreError::new(ErrorCode::WrongPassphrase),
        RestoreError::Newer => CoreError::new(ErrorCode::BackupNewer),
        RestoreError::Keychain(keychain) => keychain_error(keychain),
        RestoreError::InUse { .. } => CoreError::new(ErrorCode::VaultInUse),
        RestoreError::DiskFull => CoreError::new(ErrorCode::DiskFull),
        RestoreError::ReadOnly => CoreError::new(ErrorCode::ReadOnly),
        RestoreError::Failed(_) => CoreError::new(ErrorCode::Storage),
    };
    told.detail(error)
}

fn keychain_error(error: &KeychainError) -> CoreError {
    CoreError::new(ErrorCode::KeychainUnavailable).with("reason", error.reason())
}

#[cfg(test)]
mod tests {
    use super::{keychain_open_error, open_error};
    use connections::error::ErrorCode;
    use vault::OpenError;

    #[test]
    fn a_wrong_key_of_the_keychain_is_no_wrong_passphrase() {
        assert_eq!(open_error(&OpenError::WrongKey).code, ErrorCode::WrongPassphrase);
        assert_eq!(keychain_open_error(&OpenError::WrongKey).code, ErrorCode::KeyMissing);
        assert_eq!(keychain_open_error(&OpenError::ReadOnly).code, ErrorCode::ReadOnly);
    }
}
