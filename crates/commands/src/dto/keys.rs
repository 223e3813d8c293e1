//! Requests about keys.

use super::TypedSecret;
use connections::id::{ConfigKey, ConnectionId};
use serde::Deserialize;
use std::collections::BTreeMap;
use ts_rs::TS;

/// Links with a key, or replaces the key of a connection.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeyConnect {
    /// With which registration.
    pub config_key: ConfigKey,
    /// Under which name; none picks a free one.
    pub connection_id: Option<ConnectionId>,
    /// The key, in parts, by the names of the form's fields.
    pub values: BTreeMap<String, TypedSecret>,
    /// Values that are not secret.
    #[serde(default)]
    pub parameters: BTreeMap<String, String>,
}
