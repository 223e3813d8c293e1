//! The server's own description of itself (RFC 8414, OpenID Connect Discovery 1.0).

use crate::Response;
use crate::json::{self, NotAnObject, Object, text};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::{Host, Url};

/// An authorization server, all of it: attempts keep the whole, never one address (RFC 9700 §4.4.2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerMetadata {
    /// The issuer identifier, to the letter.
    pub issuer: Option<String>,
    /// Where the person approves.
    pub authorization_endpoint: Url,
    /// Where codes and refresh tokens are exchanged.
    pub token_endpoint: Url,
    /// Where grants are ended (RFC 7009).
    pub revocation_endpoint: Option<Url>,
    /// Who approved.
    pub userinfo_endpoint: Option<Url>,
    /// Keys of ID tokens.
    pub jwks_uri: Option<Url>,
    /// Scopes that the server names.
    #[serde(default)]
    pub scopes_supported: Vec<String>,
    /// Ways of clients to prove themselves, in the registry's words.
    #[serde(default)]
    pub client_authentication_methods: Vec<String>,
    /// Algorithms of ID tokens.
    #[serde(default)]
    pub id_token_algorithms: Vec<String>,
    /// Whether answers name the issuer (RFC 9207).
    #[serde(default)]
    pub iss_parameter_supported: bool,
}

/// Why a server cannot be described.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DiscoveryError {
    /// The issuer is no https address, or has a query or a fragment.
    #[error("the issuer must be an https address without query and fragment")]
    Issuer,
    /// The server has no document there.
    #[error("the server answered with status {0}")]
    Status(u16),
    /// What came is no document.
    #[error("the answer is no discovery document")]
    NotADocument,
    /// The document is another issuer's.
    #[error("the document names another issuer")]
    OtherIssuer,
    /// An endpoint is missing, or neither https nor on this computer.
    #[error("`{0}` is missing or not https")]
    Endpoint(&'static str),
    /// The server says what it supports, and PKCE with S256 is not in it.
    #[error("the server does not support PKCE with S256")]
    NoPkce,
}

/// Whether an endpoint may be asked: https, or http on this computer's own loopback (tests, the practice bank).
pub fn is_acceptable_endpoint(url: &Url) -> bool {
    let on_loopback = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    let bare = url.username().is_empty() && url.password().is_none();
    bare && (url.scheme() == "https" || (url.scheme() == "http" && on_loopback))
}

/// Where an issuer's document may lie: RFC 8414 puts the well-known part before the path, OpenID Connect after it.
///
/// # Errors
/// [`DiscoveryError::Issuer`].
pub fn discovery_urls(issuer: &str) -> Result<Vec<Url>, DiscoveryError> {
    let url = Url::parse(issuer).map_err(|_| DiscoveryError::Issuer)?;
    if !is_acceptable_endpoint(&url) || url.query().is_some() || url.fragment().is_some() {
        return Err(DiscoveryError::Issuer);
    }
    let path = url.path().trim_end_matches('/');
    let at = |path: String| {
        let mut document = url.clone();
        document.set_path(&path);
        document
    };
    let mut urls = vec![
        at(format!("/.well-known/oauth-authorization-server{path}")),
        at(format!("{path}/.well-known/openid-configuration")),
    ];
    urls.dedup();
    Ok(urls)
}

/// Judges what came from one of the [`discovery_urls`] of `issuer`.
///
/// # Errors
/// [`DiscoveryError`]. Nothing of a document that fails is used.
pub fn judge_discovery(issuer: &str, response: &Response) -> Result<ServerMetadata, DiscoveryError> {
    if response.status != 200 {
        return Err(DiscoveryError::Status(response.status));
    }
    let document = json::object(response).map_err(|_: NotAnObject| DiscoveryError::NotADocument)?;
    // A plain comparison: a slash more or less is another issuer (RFC 8414 §3.3).
    if text(&document, "issuer") != Some(issuer) {
        return Err(DiscoveryError::OtherIssuer);
    }
    let methods = list(&document, "code_challenge_methods_supported");
    if methods.as_ref().is_some_and(|methods| !methods.iter().any(|method| method == "S256")) {
        return Err(DiscoveryError::NoPkce);
    }
    Ok(ServerMetadata {
        issuer: Some(issuer.to_owned()),
        authorization_endpoint: required(&document, "authorization_endpoint")?,
        token_endpoint: required(&document, "token_endpoint")?,
        revocation_endpoint: optional(&document, "revocation_endpoint")?,
        userinfo_endpoint: optional(&document, "userinfo_endpoint")?,
        jwks_uri: optional(&document, "jwks_uri")?,
        scopes_supported: list(&document, "scopes_supported").unwrap_or_default(),
        client_authentication_methods: list(&document, "token_endpoint_auth_methods_supported")
            // RFC 8414 §2: what a server does not say is Basic.
            .unwrap_or_else(|| vec!["client_secret_basic".to_owned()]),
        id_token_algorithms: list(&document, "id_token_signing_alg_values_supported").unwrap_or_default(),
        iss_parameter_supported: document.get("authorization_response_iss_parameter_supported")
            == Some(&Value::Bool(true)),
    })
}

fn required(document: &Object, name: &'static str) -> Result<Url, DiscoveryError> {
    optional(document, name)?.ok_or(DiscoveryError::Endpoint(name))
}

fn optional(document: &Object, name: &'static str) -> Result<Option<Url>, DiscoveryError> {
    let Some(value) = document.get(name).filter(|value| !value.is_null()) else { return Ok(None) };
    let url = value.as_str().and_then(|text| Url::parse(text).ok()).filter(is_acceptable_endpoint);
    url.map(Some).ok_or(DiscoveryError::Endpoint(name))
}

fn list(document: &Object, name: &str) -> Option<Vec<String>> {
    let values = document.get(name)?.as_array()?;
    Some(values.iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect())
}
