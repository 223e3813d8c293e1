//! The way to the platform's sign-in: link addresses, and the address that brings the person back.
//!
//! Codat sends no `state`. It does pass on parameters of the client's own, so a nonce in one of them binds a return to
//! its attempt: it is put on the link address, and the redirect that is set at Codat names it in braces.
//!
//! Source: docs.codat.io, set up redirects.

use crate::Api;
use crate::api::{is_confidential, is_loopback};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secret::SecretString;
use url::Url;

/// Name of the parameter that carries the nonce. Codat distinguishes case.
pub const NONCE_PARAMETER: &str = "mooringNonce";

/// Binds one return to one attempt; used once.
///
/// Shape: 43 characters, base64url without padding, of 32 random bytes.
#[derive(Debug)]
pub struct LinkNonce(SecretString);

impl LinkNonce {
    /// From a draw of 32 random bytes.
    pub fn from_random(bytes: [u8; 32]) -> Self {
        Self(SecretString::from(URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// From [`Self::to_vault`]; an empty one matches nothing.
    pub fn from_vault(text: &SecretString) -> Self {
        Self(text.duplicate())
    }

    /// Its text, for the encrypted vault: an attempt may be answered after a restart.
    pub fn to_vault(&self) -> SecretString {
        self.0.duplicate()
    }

    /// Compares in constant time.
    pub fn matches(&self, claimed: &str) -> bool {
        !self.0.is_empty() && self.0.matches(claimed)
    }

    const fn as_secret(&self) -> &SecretString {
        &self.0
    }
}

/// Why a link address is not opened. Does not quote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkUrlError {
    /// Not an address.
    #[error("the link address is malformed")]
    Malformed,
    /// Neither https, nor this computer while the API is this computer.
    #[error("the link address is not https")]
    NotHttps,
    /// A name or password before the host makes a host look like another.
    #[error("the link address has a name before its host")]
    UserInformation,
    /// It carries a nonce already: it is not from the API.
    #[error("the link address was used before")]
    HasNonce,
}

/// A link address as the API gave it, ready to be opened: with the nonce after whatever parameters it has.
///
/// # Errors
/// [`LinkUrlError`].
pub fn link_url_with_nonce(
    link_url: &SecretString,
    nonce: &LinkNonce,
    api: &Api,
) -> Result<SecretString, LinkUrlError> {
    let mut url = checked(link_url, api)?;
    if url.query_pairs().any(|(name, _)| name.eq_ignore_ascii_case(NONCE_PARAMETER)) {
        return Err(LinkUrlError::HasNonce);
    }
    // EXPOSE: into the address, which stays a secret.
    url.query_pairs_mut().append_pair(NONCE_PARAMETER, nonce.as_secret().expose());
    Ok(SecretString::from(String::from(url)))
}

/// A link address fit to be copied and forwarded: checked like one that is opened, without a nonce, since whoever
/// opens it elsewhere does not come back here.
///
/// # Errors
/// [`LinkUrlError`].
pub fn link_url_to_forward(link_url: &SecretString, api: &Api) -> Result<SecretString, LinkUrlError> {
    checked(link_url, api).map(|url| SecretString::from(String::from(url)))
}

fn checked(link_url: &SecretString, api: &Api) -> Result<Url, LinkUrlError> {
    // EXPOSE: parsed; the errors do not quote it.
    let url = Url::parse(link_url.expose()).map_err(|_| LinkUrlError::Malformed)?;
    if !is_confidential(&url, api.is_loopback()) {
        return Err(LinkUrlError::NotHttps);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(LinkUrlError::UserInformation);
    }
    Ok(url)
}

/// Parameters that Codat fills in, under the names that [`LinkReturn`](crate::LinkReturn) reads.
const FILLED_IN: &[&str] = &[
    NONCE_PARAMETER,
    "companyId",
    "connectionId",
    "integrationId",
    "sourceId",
    "platform",
    "statusCode",
    "errorMessage",
    "statusText",
    "data.company.companyName",
];

/// Why an address cannot be set as the redirect at Codat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RedirectError {
    /// Codat takes http and https only; http is for this computer.
    #[error("a redirect begins with https://, or with http:// on this computer")]
    Scheme,
    /// The parameters are added here.
    #[error("a redirect has no parameters of its own")]
    HasQuery,
}

/// The redirect to set at Codat so that returns to `redirect` can be judged, with its parameters in braces.
///
/// # Errors
/// [`RedirectError`].
pub fn redirect_template(redirect: &Url) -> Result<String, RedirectError> {
    if !is_confidential(redirect, true) || (redirect.scheme() == "http" && !is_loopback(redirect)) {
        return Err(RedirectError::Scheme);
    }
    if redirect.query().is_some() || redirect.fragment().is_some() {
        return Err(RedirectError::HasQuery);
    }
    let pairs: Vec<String> = FILLED_IN.iter().map(|name| format!("{name}={{{name}}}")).collect();
    Ok(format!("{redirect}?{}", pairs.join("&")))
}
