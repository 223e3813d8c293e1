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
    /// Where a device asks for its codes (RFC 8628 §4).
    #[serde(default)]
    pub device_authorization_endpoint: Option<Url>,
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
    /// An endpoint is missing, or not https; http and this computer are for issuers on this computer.
    #[error("`{0}` is missing or not https")]
    Endpoint(&'static str),
    /// The server says what it supports, and PKCE with S256 is not in it.
    #[error("the server does not support PKCE with S256")]
    NoPkce,
}

/// Whether an endpoint may be asked: https, or http on this computer's own loopback (tests, the practice bank).
/// Neither user names nor fragments have a place in one (RFC 6749 §3.1).
pub fn is_acceptable_endpoint(url: &Url) -> bool {
    let bare = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    bare && (url.scheme() == "https" || (url.scheme() == "http" && is_on_loopback(url)))
}

fn is_on_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// Where an issuer's document may lie: RFC 8414 puts the well-known part before the path, OpenID Connect after it.
///
/// # Errors
/// [`DiscoveryError::Issuer`].
pub fn discovery_urls(issuer: &str) -> Result<Vec<Url>, DiscoveryError> {
    let url = Url::parse(issuer).map_err(|_| DiscoveryError::Issuer)?;
    if !is_acceptable_endpoint(&url) || url.query().is_some() {
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
    let document =
        Document { members: document, local: Url::parse(issuer).is_ok_and(|url| is_on_loopback(&url)) };
    let methods = document.list("code_challenge_methods_supported");
    if methods.as_ref().is_some_and(|methods| !methods.iter().any(|method| method == "S256")) {
        return Err(DiscoveryError::NoPkce);
    }
    Ok(ServerMetadata {
        issuer: Some(issuer.to_owned()),
        authorization_endpoint: document.required("authorization_endpoint")?,
        token_endpoint: document.required("token_endpoint")?,
        device_authorization_endpoint: document.optional("device_authorization_endpoint")?,
        revocation_endpoint: document.optional("revocation_endpoint")?,
        userinfo_endpoint: document.optional("userinfo_endpoint")?,
        jwks_uri: document.optional("jwks_uri")?,
        scopes_supported: document.list("scopes_supported").unwrap_or_default(),
        client_authentication_methods: document
            .list("token_endpoint_auth_methods_supported")
            // RFC 8414 §2: what a server does not say is Basic.
            .unwrap_or_else(|| vec!["client_secret_basic".to_owned()]),
        id_token_algorithms: document.list("id_token_signing_alg_values_supported").unwrap_or_default(),
        iss_parameter_supported: document.members.get("authorization_response_iss_parameter_supported")
            == Some(&Value::Bool(true)),
    })
}

struct Document {
    members: Object,
    /// Whether the issuer is on this computer. A distant one must not steer codes and secrets to a local port.
    local: bool,
}

impl Document {
    fn required(&self, name: &'static str) -> Result<Url, DiscoveryError> {
        self.optional(name)?.ok_or(DiscoveryError::Endpoint(name))
    }

    fn optional(&self, name: &'static str) -> Result<Option<Url>, DiscoveryError> {
        let Some(value) = self.members.get(name).filter(|value| !value.is_null()) else { return Ok(None) };
        let url = value.as_str().and_then(|text| Url::parse(text).ok()).filter(is_acceptable_endpoint);
        let url = url.filter(|url| self.local || (url.scheme() == "https" && !is_on_loopback(url)));
        url.map(Some).ok_or(DiscoveryError::Endpoint(name))
    }

    fn list(&self, name: &str) -> Option<Vec<String>> {
        let values = self.members.get(name)?.as_array()?;
        Some(values.iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect())
    }
}
