//! Requests about registrations at Codat and connections through it.

use super::TypedSecret;
use connections::id::{ConfigKey, ConnectionId, ConnectionKey};
use connections::view::Surface;
use serde::Deserialize;
use ts_rs::TS;

/// A registration at Codat that is being written: with an API key, or with the endpoint of the person's accountant or
/// lender that hands out access tokens of one company.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CodatDraft {
    /// Its name.
    pub config_key: String,
    /// The API key, or the whole header value that Codat's portal shows; none in an edit keeps the stored one.
    pub api_key: Option<TypedSecret>,
    /// The address that hands out access tokens; it may itself be what opens it. None in an edit keeps the stored one.
    pub token_endpoint: Option<TypedSecret>,
    /// What the person was given to send along to that address, if anything.
    pub token_bearer: Option<TypedSecret>,
    /// The company that the tokens are for, where that address does not say it.
    pub company: Option<String>,
}

/// Makes a company.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CompanyCreate {
    /// Through which registration.
    pub config_key: ConfigKey,
    /// Its name.
    pub name: String,
    /// A note.
    pub description: Option<String>,
}

/// Begins a connection to an integration.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CodatLinkBegin {
    /// Through which registration.
    pub config_key: ConfigKey,
    /// Codat's id for the company.
    pub company: String,
    /// Codat's key for the integration.
    pub integration: String,
    /// Under which name; none takes Codat's id for the connection.
    pub connection_id: Option<ConnectionId>,
    /// Where the person approves; none follows the settings.
    pub surface: Option<Surface>,
}

/// Approves a connection, for the first time or again.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CodatLinkAgain {
    /// Which connection.
    pub key: ConnectionKey,
    /// Where the person approves; none follows the settings.
    pub surface: Option<Surface>,
}

/// Has data read.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CodatSync {
    /// Which connection.
    pub key: ConnectionKey,
    /// Only of this type; none reads everything that the company is set up to read.
    pub data_type: Option<String>,
}

/// Asks what was read.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CodatHistoryAsk {
    /// Which connection.
    pub key: ConnectionKey,
    /// From 1; none is the first.
    pub page: Option<u32>,
}

/// Sets the origins of web pages.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CorsChange {
    /// Through which registration.
    pub config_key: ConfigKey,
    /// An origin to add.
    pub add: Option<String>,
    /// An origin to remove.
    pub remove: Option<String>,
    /// Whether pages on this computer may be added.
    #[serde(default)]
    pub development: bool,
}

/// An origin as it is typed; asks nobody.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OriginAsk {
    /// What was typed.
    pub origin: String,
    /// Whether pages on this computer may be added.
    #[serde(default)]
    pub development: bool,
}

/// Asks for the content security policy of a page.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CspAsk {
    /// Whether each directive is written out.
    #[serde(default)]
    pub detailed: bool,
    /// Whether styles are allowed without a nonce; weaker.
    #[serde(default)]
    pub unsafe_inline: bool,
    /// A policy that there is, to see what it lacks.
    pub policy: Option<String>,
}

/// Words of the person's own: lists, or all of it as Codat's component takes it.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CodatTextsDraft {
    /// `options.text` as JSON; when given, the lists do not count.
    pub json: Option<String>,
    /// About accounting, in Markdown.
    #[serde(default)]
    pub accounting: Vec<String>,
    /// About banking, in Markdown.
    #[serde(default)]
    pub banking: Vec<String>,
    /// About commerce, in Markdown.
    #[serde(default)]
    pub commerce: Vec<String>,
}
