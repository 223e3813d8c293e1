//! Asking the program that owns the vault.

use crate::exit::{self, Failure};
use broker::wire::{Operation, Progress, Reply};
use connections::id::{ConfigKey, ConnectionKey};
use std::path::PathBuf;

/// The socket of this profile.
pub(crate) fn socket() -> Result<PathBuf, Failure> {
    let folder =
        platform::profile::folder().map_err(|error| Failure::new(exit::OS_ERROR, error.to_string()))?;
    Ok(platform::profile::socket(&folder))
}

/// Asks once.
pub(crate) async fn once(operation: Operation) -> Result<Reply, Failure> {
    let tell = |progress| {
        if matches!(progress, Progress::Asking) {
            tell_asking();
        }
    };
    following(operation, tell).await
}

/// Whoever waits learns for what.
pub(crate) fn tell_asking() {
    crate::show::trouble("Mooring asks in its window whether this may be; waiting for the answer.");
}

/// Asks and hears of what comes before the answer.
pub(crate) async fn following(
    operation: Operation,
    progress: impl FnMut(Progress),
) -> Result<Reply, Failure> {
    Ok(broker::client::ask(&socket()?, operation, progress).await?)
}

/// A pair of names.
pub(crate) fn key(config_key: &str, connection_id: &str) -> Result<ConnectionKey, Failure> {
    ConnectionKey::parse(config_key, connection_id)
        .map_err(|error| Failure::new(exit::DATA, error.to_string()))
}

/// A config key.
pub(crate) fn config_key(text: &str) -> Result<ConfigKey, Failure> {
    ConfigKey::parse(text).map_err(|error| Failure::new(exit::DATA, error.to_string()))
}

/// The other side is another Mooring than this one.
pub(crate) fn unexpected() -> Failure {
    Failure::new(exit::SOFTWARE, "the running Mooring answered something else; is it another version?")
}

/// A pair of names in one word.
pub(crate) fn pair(text: &str) -> Result<ConnectionKey, Failure> {
    let (config_key, connection_id) = text
        .split_once('/')
        .ok_or_else(|| Failure::new(exit::DATA, format!("`{text}` is not CONFIG_KEY/CONNECTION_ID")))?;
    key(config_key, connection_id)
}
