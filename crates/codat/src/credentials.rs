//! What opens the API: a key of a client of Codat, or an access token of one company.
//!
//! Invariant: a key or token is visible ASCII, so it cannot end a header early.
//!
//! Source: docs.codat.io, using the API, authentication: `Authorization: Basic <base64 of the key>`. The portal shows
//! both the key and the ready-made header value, so both are taken.

use crate::CompanyToken;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secret::SecretString;

/// Credentials of either kind.
#[derive(Debug)]
pub enum Credentials {
    /// A key: every company of the client.
    ApiKey(ApiKey),
    /// An access token: one company.
    CompanyToken(CompanyToken),
}

/// What kind of credentials there are; decides what can be offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    /// A key: every company of the client.
    ApiKey,
    /// An access token: the connections of one company, without deleting.
    CompanyToken,
}

/// A key, ready to be sent.
#[derive(Debug)]
pub struct ApiKey {
    /// Standard base64 of the key.
    encoded: SecretString,
}

/// Why a text is no key. Says nothing of its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ApiKeyError {
    /// Nothing was given.
    #[error("the key is empty")]
    Empty,
    /// Spaces, line ends or letters beyond ASCII in it.
    #[error("the key holds characters that no key has")]
    Malformed,
    /// More than a kilobyte.
    #[error("the key is too long")]
    TooLong,
    /// `Basic` before something that is not base64.
    #[error("what follows `Basic` is not base64")]
    NotEncoded,
}

/// Longest key or header value that is accepted.
const LONGEST_KEY: usize = 1024;
/// Shortest key whose encoded form is recognized without `Basic` before it.
const SHORTEST_RECOGNIZED: usize = 16;

impl ApiKey {
    /// From the key itself, from its base64 form, or from the whole header value.
    ///
    /// A text is taken for the base64 form when it decodes to visible ASCII only: for a random key of 40 letters and
    /// digits, which happens to be base64 too, that chance is below 1 in 10^12.
    ///
    /// # Errors
    /// [`ApiKeyError`].
    pub fn parse(pasted: &SecretString) -> Result<Self, ApiKeyError> {
        // EXPOSE: parsed here; the only copy made is the key's own.
        let text = without_prefix(pasted.expose().trim(), "authorization:").0.trim();
        let (text, is_header) = without_prefix(text, "basic ");
        let text = text.trim();
        if text.is_empty() {
            return Err(ApiKeyError::Empty);
        }
        if text.len() > LONGEST_KEY {
            return Err(ApiKeyError::TooLong);
        }
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(ApiKeyError::Malformed);
        }
        let decoded = STANDARD.decode(text).ok().filter(|key| key.iter().all(u8::is_ascii_graphic));
        match (decoded, is_header) {
            (None, true) => Err(ApiKeyError::NotEncoded),
            (Some(_), true) => Ok(Self { encoded: SecretString::from(text) }),
            (Some(key), false) if key.len() >= SHORTEST_RECOGNIZED => {
                Ok(Self { encoded: SecretString::from(text) })
            }
            _ => Ok(Self { encoded: SecretString::from(STANDARD.encode(text)) }),
        }
    }

    /// The header value, for the encrypted vault; [`Self::parse`] reads it again.
    pub fn to_vault(&self) -> SecretString {
        self.header()
    }

    fn header(&self) -> SecretString {
        // EXPOSE: a new secret.
        SecretString::from(format!("Basic {}", self.encoded.expose()))
    }
}

impl Credentials {
    /// Their kind.
    pub const fn mode(&self) -> Mode {
        match self {
            Self::ApiKey(_) => Mode::ApiKey,
            Self::CompanyToken(_) => Mode::CompanyToken,
        }
    }

    /// The value of `Authorization`.
    pub(crate) fn header(&self) -> SecretString {
        match self {
            Self::ApiKey(key) => key.header(),
            Self::CompanyToken(token) => token.header(),
        }
    }
}

/// `text` without `prefix`, whatever its case, and whether it was there.
fn without_prefix<'a>(text: &'a str, prefix: &str) -> (&'a str, bool) {
    match (text.get(..prefix.len()), text.get(prefix.len()..)) {
        (Some(begin), Some(rest)) if begin.eq_ignore_ascii_case(prefix) => (rest, true),
        _ => (text, false),
    }
}
