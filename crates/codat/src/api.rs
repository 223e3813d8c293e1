//! Where the API is.
//!
//! Source: docs.codat.io, using the API; the one server is `https://api.codat.io`.

use crate::{Authorized, Credentials};
use std::borrow::Cow;
use url::{Host, Url};

/// The address that requests begin with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Api {
    /// A parsed address as text.
    base: Cow<'static, str>,
    loopback: bool,
}

/// Why an address cannot be the API's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ApiAddressError {
    /// Not an address at all.
    #[error("this is not an address")]
    NotAnAddress,
    /// A key would travel in the clear.
    #[error("the address must begin with https://")]
    NotHttps,
    /// A name, a password, a query or a fragment is no part of a base address.
    #[error("the address must be only a host and a path")]
    MoreThanABase,
}

impl Default for Api {
    fn default() -> Self {
        Self::codat()
    }
}

impl Api {
    /// Codat's own.
    pub const fn codat() -> Self {
        Self { base: Cow::Borrowed("https://api.codat.io/"), loopback: false }
    }

    /// Another one: https, or http where it is this computer (the sandbox).
    ///
    /// # Errors
    /// [`ApiAddressError`].
    pub fn at(address: &str) -> Result<Self, ApiAddressError> {
        let base = Url::parse(address.trim()).map_err(|_| ApiAddressError::NotAnAddress)?;
        if !is_confidential(&base, true) {
            return Err(ApiAddressError::NotHttps);
        }
        let more = !base.username().is_empty() || base.password().is_some();
        if more || base.query().is_some() || base.fragment().is_some() {
            return Err(ApiAddressError::MoreThanABase);
        }
        Ok(Self { loopback: is_loopback(&base), base: Cow::Owned(base.into()) })
    }

    /// Whether it is this computer.
    pub const fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// Requests with `credentials`.
    pub const fn with<'a>(&'a self, credentials: &'a Credentials) -> Authorized<'a> {
        Authorized::new(self, credentials)
    }

    /// The address of a path below the base.
    pub(crate) fn address(&self, path: &[&str]) -> Option<Url> {
        let mut address = Url::parse(&self.base).ok()?;
        address.path_segments_mut().ok()?.pop_if_empty().extend(path);
        Some(address)
    }
}

/// Whether what is sent there cannot be read on the way: https, or this computer if `loopback` may be.
pub(crate) fn is_confidential(url: &Url, loopback: bool) -> bool {
    match url.scheme() {
        "https" => url.has_host(),
        "http" => loopback && is_loopback(url),
        _ => false,
    }
}

/// Whether the host is this computer.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
