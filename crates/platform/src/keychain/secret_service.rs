//! Secret Service over D-Bus: GNOME Keyring, KWallet, KeePassXC.
//!
//! Knows the service's errors and what they mean for us. The key crosses the bus encrypted for this session.
//!
//! Source: the freedesktop.org Secret Service API 0.2; the behaviour of GNOME Keyring 42 is pinned by
//! `tests/keychain.rs`.

use keyring_core::Entry;
use keyring_core::api::CredentialStoreApi;
use secret_service::EncryptionType;
use secret_service::blocking::SecretService;
use std::collections::HashMap;
use vault::KeychainError;
use zbus_secret_service_keyring_store::Store;

/// What password programs list the item as.
const LABEL: &str = "Mooring vault key";

/// The item with this name, whether it is there or not.
pub(super) fn entry(service: &str, account: &str) -> Result<Entry, KeychainError> {
    let store = Store::new().map_err(judge)?;
    store.build(service, account, Some(&HashMap::from([("label", LABEL)]))).map_err(judge)
}

/// Whether the service answers and has a default collection. Shows no prompt.
pub(super) fn probe() -> Result<(), KeychainError> {
    let service = connect()?;
    let collection = service.get_default_collection().map_err(|error| of_service(&error))?;
    collection.is_locked().map_err(|error| of_service(&error))?;
    Ok(())
}

/// Unlocks the default collection, with a prompt if need be. False if it was not locked.
pub(super) fn uncover() -> Result<bool, KeychainError> {
    let service = connect()?;
    let collection = service.get_default_collection().map_err(|error| of_service(&error))?;
    if !collection.is_locked().map_err(|error| of_service(&error))? {
        return Ok(false);
    }
    collection.unlock().map_err(|error| of_service(&error))?;
    Ok(true)
}

fn connect() -> Result<SecretService<'static>, KeychainError> {
    SecretService::connect(EncryptionType::Dh).map_err(|error| of_service(&error))
}

/// What a failure means.
pub(super) fn judge(error: keyring_core::Error) -> KeychainError {
    match error {
        keyring_core::Error::PlatformFailure(inner) | keyring_core::Error::NoStorageAccess(inner) => {
            match inner.downcast::<secret_service::Error>() {
                Ok(inner) => of_service(&inner),
                Err(inner) => KeychainError::Other(inner.to_string()),
            }
        }
        // Its display form has no secret; its debug form may have.
        other => KeychainError::Other(other.to_string()),
    }
}

fn of_service(error: &secret_service::Error) -> KeychainError {
    use secret_service::Error;
    match error {
        // No result is what there is when no collection carries the alias "default".
        Error::Unavailable | Error::NoResult | Error::PromptDisconnected => KeychainError::NoService,
        Error::Locked | Error::Prompt => KeychainError::Locked,
        Error::Zbus(error) => of_bus(error),
        Error::ZbusFdo(error) => of_bus(&zbus::Error::FDO(Box::new(error.clone()))),
        other => KeychainError::Other(other.to_string()),
    }
}

fn of_bus(error: &zbus::Error) -> KeychainError {
    match error {
        zbus::Error::MethodError(name, _, _) => of_name(name.as_str()),
        zbus::Error::FDO(error) => of_name(zbus::DBusError::name(error.as_ref()).as_str()),
        zbus::Error::InputOutput(_)
        | zbus::Error::Connection(..)
        | zbus::Error::Address(_)
        | zbus::Error::Handshake(_)
        | zbus::Error::InterfaceNotFound => KeychainError::NoService,
        other => KeychainError::Other(other.to_string()),
    }
}

/// Only the error's name is kept: its text is written by the service and could say anything.
fn of_name(name: &str) -> KeychainError {
    match name.strip_prefix("org.freedesktop.").unwrap_or(name) {
        "Secret.Error.IsLocked" => KeychainError::Locked,
        "DBus.Error.AccessDenied" | "DBus.Error.AuthFailed" => KeychainError::Denied,
        "DBus.Error.NoReply" | "DBus.Error.Timeout" | "DBus.Error.TimedOut" => KeychainError::Timeout,
        "DBus.Error.ServiceUnknown"
        | "DBus.Error.NameHasNoOwner"
        | "DBus.Error.Disconnected"
        | "DBus.Error.NoServer"
        | "DBus.Error.NotSupported"
        | "DBus.Error.UnknownInterface"
        | "DBus.Error.UnknownMethod"
        | "DBus.Error.UnknownObject" => KeychainError::NoService,
        start if start.starts_with("DBus.Error.Spawn.") => KeychainError::NoService,
        _ => KeychainError::Other(format!("it answered {name}")),
    }
}

#[cfg(test)]
mod tests {
    use super::{judge, of_name};
    use vault::KeychainError;

    #[test]
    fn names_of_errors_mean_what_the_person_can_do() {
        for (name, reason) in [
            ("org.freedesktop.Secret.Error.IsLocked", "locked"),
            ("org.freedesktop.DBus.Error.AccessDenied", "denied"),
            ("org.freedesktop.DBus.Error.NoReply", "timeout"),
            ("org.freedesktop.DBus.Error.ServiceUnknown", "noService"),
            ("org.freedesktop.DBus.Error.Spawn.ExecFailed", "noService"),
            ("org.example.Surprise", "other"),
        ] {
            assert_eq!(of_name(name).reason(), reason, "{name}");
        }
    }

    #[test]
    fn an_item_that_is_not_text_is_never_quoted() {
        let error = judge(keyring_core::Error::BadEncoding(b"CANARY-1".to_vec()));
        assert!(matches!(error, KeychainError::Other(_)));
        assert!(!format!("{error:?}{error}").contains("CANARY"), "{error:?}");
        assert!(!format!("{error:?}").contains("67, 65, 78"), "bytes are content as well: {error:?}");
    }
}
