//! Linking with a key that a provider hands out. What is typed goes in, and never comes out.

use crate::Host;
use crate::dto::{ConfigRef, KeyConnect, TypedSecret};
use connections::ConnectKey;
use connections::view::{ConfigView, ConnectionView, Failure, KeyForm};

/// What to ask for a key.
pub async fn key_form(host: &Host, request: ConfigRef) -> Result<KeyForm, Failure> {
    Ok(host.connections()?.key_form(&request.config_key)?)
}

/// Proves a key at the provider and links with it, or replaces the key of a connection.
pub async fn key_connect(host: &Host, request: KeyConnect) -> Result<ConnectionView, Failure> {
    let values = request.values.into_iter().map(|(name, value)| (name, TypedSecret::into_secret(value)));
    let ask = ConnectKey {
        config_key: request.config_key,
        connection_id: request.connection_id,
        values: values.collect(),
        parameters: request.parameters,
    };
    Ok(host.connections()?.connect_key(ask).await?)
}

/// Registers the practice provider that takes a key.
pub async fn key_practice(host: &Host, _request: ()) -> Result<ConfigView, Failure> {
    Ok(host.runtime.practice_caderno().await?)
}
