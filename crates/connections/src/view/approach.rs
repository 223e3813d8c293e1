//! How an account is linked, and what is asked for it.

use super::ParameterView;
use crate::id::ConfigKey;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How an account is linked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Approach {
    /// The person approves at the provider.
    #[default]
    Approval,
    /// The person types a key that the provider hands out.
    Key,
    /// The person types a user name and a password made for programs.
    Basic,
    /// The registration speaks for itself; nobody approves.
    Client,
    /// As the aggregator has it.
    Aggregator,
}

/// What to type on another device, and where. The device code stays in Rust.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DeviceView {
    /// What the person types.
    pub user_code: String,
    /// Where.
    pub verification_uri: String,
    /// The same with the code filled in, for a picture to scan or a link to open.
    pub verification_uri_complete: Option<String>,
    /// When the code ends.
    #[ts(type = "string")]
    pub expires_at: Timestamp,
}

/// One thing that is asked where a key is enough. What is typed goes in and never comes out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeyFieldView {
    /// Its name.
    pub name: String,
    /// Label in English.
    pub en: String,
    /// Label in Brazilian Portuguese.
    pub pt_br: String,
    /// Where the person finds it, in English.
    pub where_en: String,
    /// The same in Brazilian Portuguese.
    pub where_pt_br: String,
    /// Whether it is hidden while it is typed.
    pub secret: bool,
}

/// Everything that a form for a key asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeyForm {
    /// With which registration.
    pub config_key: ConfigKey,
    /// The provider's name.
    pub provider_name: String,
    /// The provider's page about keys, if the catalogue names one.
    pub documentation: Option<String>,
    /// Host of the request that proves the key: whom it is sent to.
    pub host: String,
    /// The key, in parts.
    pub fields: Vec<KeyFieldView>,
    /// Values that are not secret.
    pub parameters: Vec<ParameterView>,
}
