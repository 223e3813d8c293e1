//! Requests about links through an aggregator.

use super::TypedSecret;
use connections::id::{ConfigKey, ConnectionId, ConnectionKey};
use connections::view::Surface;
use serde::Deserialize;
use std::collections::BTreeMap;
use ts_rs::TS;

/// A registration at Pluggy that is being written: with a client id and secret, or with the connect token endpoint of
/// the person's company.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PluggyDraft {
    /// Its name.
    pub config_key: String,
    /// The client id, where the keys are the person's own.
    pub client_id: Option<String>,
    /// The client secret; none in an edit keeps the stored one.
    pub client_secret: Option<TypedSecret>,
    /// The company's endpoint that hands out connect tokens, where it keeps the keys.
    pub connect_token_endpoint: Option<String>,
    /// The name under which Pluggy shall know the person.
    pub client_user_id: Option<String>,
    /// Where a bank's page leads when its window cannot be closed: https, and not this computer.
    pub oauth_redirect_uri: Option<String>,
    /// Whether Pluggy's practice institutions are listed too.
    #[serde(default)]
    pub include_sandbox: bool,
}

/// Names an institution.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct InstitutionRef {
    /// Through which registration.
    pub config_key: ConfigKey,
    /// The aggregator's number for it.
    #[ts(type = "number")]
    pub institution: u64,
}

/// What was typed into an institution's form so far.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct InstitutionValues {
    /// Through which registration.
    pub config_key: ConfigKey,
    /// The aggregator's number for it.
    #[ts(type = "number")]
    pub institution: u64,
    /// By field name.
    pub values: BTreeMap<String, TypedSecret>,
}

/// Begins a link.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LinkBegin {
    /// Through which registration.
    pub config_key: ConfigKey,
    /// The aggregator's number for the institution.
    #[ts(type = "number")]
    pub institution: u64,
    /// Under which name; none takes the aggregator's name for the login.
    pub connection_id: Option<ConnectionId>,
    /// By field name.
    pub values: BTreeMap<String, TypedSecret>,
    /// Whether it is another login than those that there are at this institution.
    #[serde(default)]
    pub another: bool,
}

/// Answers a question, or gives user and password again.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LinkValues {
    /// Which connection.
    pub key: ConnectionKey,
    /// By field name.
    pub values: BTreeMap<String, TypedSecret>,
}

/// Shows the institution's page.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LinkOpen {
    /// Which connection.
    pub key: ConnectionKey,
    /// Where; none follows the settings.
    pub surface: Option<Surface>,
}

/// Opens the aggregator's own page for connecting, in a window of its own.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WidgetOpen {
    /// Through which registration.
    pub config_key: ConfigKey,
    /// To mend this connection; none makes a new one.
    pub key: Option<ConnectionKey>,
}

/// Asks for accounts.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AccountsAsk {
    /// Only of this connection.
    pub key: Option<ConnectionKey>,
}

/// Names an account.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AccountRef {
    /// Through which connection.
    pub key: ConnectionKey,
    /// Its identifier there.
    pub account: String,
}
