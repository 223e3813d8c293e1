//! Access tokens of one company: where they come from and how long they count.
//!
//! Two generations of the endpoint exist: the current one answers with a lifetime (a day), the former one without (an
//! hour), and is announced to answer 404. A third source is an address of the person's accountant or lender, who has
//! the key and hands out tokens for one company.
//!
//! Source: docs.codat.io, connection management; update of 2026-06-24 on the former endpoint.

use crate::answer;
use crate::api::{is_confidential, is_loopback};
use crate::json::Object;
use crate::{ApiError, CompanyId, ErrorKind, RequestError};
use jiff::{SignedDuration, Timestamp};
use secret::SecretString;
use url::Url;
use web::{Request, Response};

/// An access token of one company.
#[derive(Debug)]
pub struct CompanyToken {
    company: CompanyId,
    token: SecretString,
    issued_at: Timestamp,
    expires_at: Timestamp,
    renew_at: Timestamp,
}

/// Longest token that is accepted; the largest in use are a few kilobytes.
const LONGEST_TOKEN: usize = 64 * 1024;
/// What a token without a lifetime lives: the former endpoint's hour.
const FORMER_LIFE: SignedDuration = SignedDuration::from_hours(1);
/// Longest life that is believed.
const LONGEST_LIFE: SignedDuration = SignedDuration::from_hours(24 * 31);
/// How long before its end a token is renewed, if its life is long enough.
const MARGIN: SignedDuration = SignedDuration::from_mins(5);

impl CompanyToken {
    /// From its parts. It is renewed five minutes before its end, or after nine tenths of a short life.
    ///
    /// # Errors
    /// [`RequestError::Token`] when it could not be sent in a header.
    pub fn new(
        company: CompanyId,
        token: SecretString,
        issued_at: Timestamp,
        expires_at: Timestamp,
    ) -> Result<Self, RequestError> {
        // EXPOSE: looked at for characters that no header may hold.
        if !is_token(token.expose()) {
            return Err(RequestError::Token);
        }
        let margin = (issued_at.duration_until(expires_at) / 10).min(MARGIN);
        let renew_at = expires_at.checked_sub(margin).unwrap_or(expires_at);
        Ok(Self { company, token, issued_at, expires_at, renew_at })
    }

    /// Whose connections it opens.
    pub const fn company(&self) -> &CompanyId {
        &self.company
    }

    /// The token itself, for a caller who was permitted to have it.
    pub const fn token(&self) -> &SecretString {
        &self.token
    }

    /// When it was issued.
    pub const fn issued_at(&self) -> Timestamp {
        self.issued_at
    }

    /// When it ends.
    pub const fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    /// When a new one should be had.
    pub const fn renew_at(&self) -> Timestamp {
        self.renew_at
    }

    /// Whether a new one must be had before the next request.
    pub fn needs_renewal(&self, now: Timestamp) -> bool {
        now >= self.renew_at
    }

    pub(crate) fn header(&self) -> SecretString {
        // EXPOSE: a new secret.
        SecretString::from(format!("Bearer {}", self.token.expose()))
    }
}

/// Which generation of an endpoint is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Generation {
    /// Today's.
    #[default]
    Current,
    /// The one before it, below `connectionManagement`.
    Former,
}

impl Generation {
    /// What to ask after `error`: the former generation once, when the current one is not there.
    ///
    /// A 404 of both means that the company is not there.
    pub fn next_after_404(self, error: &ApiError) -> Option<Self> {
        (self == Self::Current && error.kind() == ErrorKind::NotFound).then_some(Self::Former)
    }
}

/// Judges an answer about `company` of either generation. `sent_at` is when the request left, from which lives count.
///
/// # Errors
/// [`ApiError`].
pub fn judge_access_token(
    response: &Response,
    company: &CompanyId,
    sent_at: Timestamp,
) -> Result<CompanyToken, ApiError> {
    answer::object(response, sent_at, |object| token(object, company.clone(), sent_at))
}

/// Judges an answer of a [`TokenEndpoint`]. Without an `expected` company, the answer must name one.
///
/// # Errors
/// [`ApiError`]; an answer about another company, or about none, is unreadable.
pub fn judge_token_endpoint(
    response: &Response,
    expected: Option<&CompanyId>,
    sent_at: Timestamp,
) -> Result<CompanyToken, ApiError> {
    answer::object(response, sent_at, |object| {
        let named = object.text("companyId").or_else(|| object.text("company_id"));
        let named = named.map(CompanyId::parse).transpose().ok()?;
        let company = match (expected, named) {
            (Some(expected), Some(named)) if !expected.is(&named) => return None,
            (Some(expected), _) => expected.clone(),
            (None, named) => named?,
        };
        token(object, company, sent_at)
    })
}

fn token(object: Object<'_>, company: CompanyId, sent_at: Timestamp) -> Option<CompanyToken> {
    let bearer = |name: &str| object.text(name).is_none_or(|kind| kind.trim().eq_ignore_ascii_case("bearer"));
    if !bearer("tokenType") || !bearer("token_type") {
        return None;
    }
    let token = object.secret("accessToken").or_else(|| object.secret("access_token"))?;
    let seconds = object.whole("expiresIn").or_else(|| object.whole("expires_in"));
    let life = seconds.map_or(FORMER_LIFE, |seconds| SignedDuration::from_secs(seconds.max(0)));
    let expires_at = sent_at.checked_add(life.min(LONGEST_LIFE)).ok()?;
    CompanyToken::new(company, token, sent_at, expires_at).ok()
}

/// Visible ASCII only: anything else could end a header early.
fn is_token(token: &str) -> bool {
    !token.is_empty() && token.len() <= LONGEST_TOKEN && token.bytes().all(|byte| byte.is_ascii_graphic())
}

/// An address of somebody who hands out access tokens of one company.
///
/// The address may itself be what opens it, so it is a secret; only its host is shown.
pub struct TokenEndpoint {
    address: SecretString,
    host: String,
}

/// Why an address cannot be asked for tokens. Does not quote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenEndpointError {
    /// Not an address at all.
    #[error("this is not an address")]
    NotAnAddress,
    /// The token would travel in the clear.
    #[error("the address must begin with https://")]
    NotHttps,
    /// A name or password before the host.
    #[error("the address must not hold a name or password before its host")]
    UserInformation,
}

impl TokenEndpoint {
    /// From what the person pasted: https, or http where it is this computer.
    ///
    /// # Errors
    /// [`TokenEndpointError`].
    pub fn parse(pasted: &SecretString) -> Result<Self, TokenEndpointError> {
        // EXPOSE: parsed; the error does not quote it.
        let mut url = Url::parse(pasted.expose().trim()).map_err(|_| TokenEndpointError::NotAnAddress)?;
        if !is_confidential(&url, true) {
            return Err(TokenEndpointError::NotHttps);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(TokenEndpointError::UserInformation);
        }
        url.set_fragment(None);
        let host = url.host_str().unwrap_or_default().to_owned();
        Ok(Self { address: SecretString::from(String::from(url)), host })
    }

    /// Who is asked.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether it is this computer.
    pub fn is_loopback(&self) -> bool {
        // EXPOSE: parsed again for its host.
        Url::parse(self.address.expose()).is_ok_and(|url| is_loopback(&url))
    }

    /// The address, for the encrypted vault; [`Self::parse`] reads it again.
    pub fn to_vault(&self) -> SecretString {
        self.address.duplicate()
    }

    /// Asks for a token, with `bearer` if the person was given one.
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn request(&self, bearer: Option<&SecretString>) -> Result<Request, RequestError> {
        // EXPOSE: the target of the request, which prints only its host.
        let url = Url::parse(self.address.expose()).map_err(|_| RequestError::Assembly)?;
        let header = match bearer {
            // EXPOSE: looked at, and put into the header, which is marked as not to be printed.
            Some(bearer) if !is_token(bearer.expose()) => return Err(RequestError::Token),
            Some(bearer) => Some(SecretString::from(format!("Bearer {}", bearer.expose()))),
            None => None,
        };
        crate::request::assemble(&http::Method::GET, &url, header.as_ref(), None)
    }
}

impl std::fmt::Debug for TokenEndpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TokenEndpoint({})", self.host)
    }
}
