//! Where the API is, and how every request to it is made.

use secret::SecretString;
use serde::Serialize;
use url::{Host, Url};
use web::Request;

/// Largest list that is read, in bytes: hundreds of connectors with their forms, or a page of 500 transactions.
pub(crate) const LARGEST_LIST: usize = 16 << 20;

/// Longest key or token that is sent.
const LONGEST_TOKEN: usize = 16 * 1024;

/// The address of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Api {
    base: Url,
}

/// Why an address cannot be the API's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ApiAddressRefused {
    /// Plain HTTP to another machine, or another scheme.
    #[error("the address of the API must be https, or http on this machine")]
    NotHttps,
    /// No host, or user information, query or fragment in it.
    #[error("the address of the API must be a plain one: scheme, host, port, path")]
    NotPlain,
}

/// Who asks. Either is sent the same way; a connect token may do far less.
#[derive(Debug, Clone, Copy)]
pub enum Credential<'a> {
    /// Everything, for two hours.
    ApiKey(&'a SecretString),
    /// Connectors, and the items made with it, for half an hour.
    ConnectToken(&'a SecretString),
}

/// Why a request cannot be built. Quotes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// An identifier that is none; it would lead to another address.
    #[error("not an identifier")]
    Id,
    /// A key or token that does not fit into a header.
    #[error("not a key or token")]
    Token,
    /// A company endpoint that is not https (or on this machine).
    #[error("the connect token endpoint must be https, or http on this machine")]
    Endpoint,
    /// The parts do not make a request.
    #[error("the request could not be assembled")]
    Assembly,
}

/// Where the API is for everybody.
pub const PRODUCTION: &str = "https://api.pluggy.ai";

impl Api {
    /// The API at an address that was typed; [`PRODUCTION`] is the usual one.
    ///
    /// # Errors
    /// [`ApiAddressRefused`].
    pub fn parse(address: &str) -> Result<Self, ApiAddressRefused> {
        Self::at(&Url::parse(address.trim()).map_err(|_| ApiAddressRefused::NotPlain)?)
    }

    /// The API at `base`.
    ///
    /// # Errors
    /// [`ApiAddressRefused`].
    pub fn at(base: &Url) -> Result<Self, ApiAddressRefused> {
        if !is_https_or_loopback(base) {
            return Err(ApiAddressRefused::NotHttps);
        }
        let plain = base.has_host()
            && base.username().is_empty()
            && base.password().is_none()
            && base.query().is_none()
            && base.fragment().is_none();
        if plain { Ok(Self { base: base.clone() }) } else { Err(ApiAddressRefused::NotPlain) }
    }

    /// Its address.
    pub const fn base(&self) -> &Url {
        &self.base
    }

    /// Whether it is a practice world on this machine, where plain HTTP is allowed.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.base)
    }

    /// `base` with `path`, whose segments are encoded.
    pub(crate) fn address(&self, path: &[&str]) -> Result<Url, RequestError> {
        let mut url = self.base.clone();
        url.path_segments_mut().map_err(|()| RequestError::Assembly)?.pop_if_empty().extend(path);
        Ok(url)
    }

    pub(crate) fn get(
        &self,
        credential: Credential<'_>,
        path: &[&str],
        query: &[(&str, String)],
    ) -> Result<Request, RequestError> {
        let mut url = self.address(path)?;
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        build(http::Method::GET, &url, Some(credential), Vec::new())
    }

    pub(crate) fn send(
        &self,
        method: http::Method,
        credential: Option<Credential<'_>>,
        path: &[&str],
        body: &impl Serialize,
    ) -> Result<Request, RequestError> {
        let body = serde_json::to_vec(body).map_err(|_| RequestError::Assembly)?;
        build(method, &self.address(path)?, credential, body)
    }
}

/// `id` if it can stand in a path or a query as it is: letters, digits, `-` and `_`.
pub(crate) fn identifier(id: &str) -> Result<&str, RequestError> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if !id.is_empty() && id.len() <= 128 && id.bytes().all(fits) { Ok(id) } else { Err(RequestError::Id) }
}

pub(crate) fn build(
    method: http::Method,
    url: &Url,
    credential: Option<Credential<'_>>,
    body: Vec<u8>,
) -> Result<Request, RequestError> {
    let mut builder = http::Request::builder()
        .method(method)
        .uri(url.as_str())
        .header(http::header::ACCEPT, http::HeaderValue::from_static("application/json"));
    if !body.is_empty() {
        let json = http::HeaderValue::from_static("application/json");
        builder = builder.header(http::header::CONTENT_TYPE, json);
    }
    if let Some(credential) = credential {
        builder = builder.header("x-api-key", header(credential)?);
    }
    builder.body(body).map(Request::new).map_err(|_| RequestError::Assembly)
}

fn header(credential: Credential<'_>) -> Result<http::HeaderValue, RequestError> {
    let (Credential::ApiKey(token) | Credential::ConnectToken(token)) = credential;
    // EXPOSE: the header of the request, marked as not to be printed.
    let token = token.expose();
    let fits = !token.is_empty()
        && token.len() <= LONGEST_TOKEN
        && token.bytes().all(|byte| (0x21..=0x7e).contains(&byte));
    if !fits {
        return Err(RequestError::Token);
    }
    let mut value = http::HeaderValue::from_str(token).map_err(|_| RequestError::Token)?;
    value.set_sensitive(true);
    Ok(value)
}

/// Whether secrets may be sent to `url`.
pub(crate) fn is_https_or_loopback(url: &Url) -> bool {
    url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url))
}

/// Whether `url` certainly leads to this machine: other names are left to a resolver that may say anything.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
