//! API keys and connect tokens: when they lapse, and when to get the next.

use crate::api_error::{ApiError, ErrorKind, UnreadableAnswer, judge_error, why};
use crate::json::{self, Object};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use secret::SecretString;
use web::Response;

/// How long a key lives (D).
const KEY_LIFE: SignedDuration = SignedDuration::from_hours(2);
/// How long a connect token lives (D).
const CONNECT_TOKEN_LIFE: SignedDuration = SignedDuration::from_mins(30);
/// How long before its end a key is replaced; requests under way must still arrive with it.
const KEY_MARGIN: SignedDuration = SignedDuration::from_mins(5);
/// The same for a connect token: a person must have time to fill in a form with it.
const CONNECT_TOKEN_MARGIN: SignedDuration = SignedDuration::from_mins(2);
/// Largest token that is looked into.
const LARGEST_TOKEN: usize = 16 * 1024;

/// The key of a client to the whole API.
#[derive(Debug)]
pub struct ApiKey {
    /// What is sent.
    pub secret: SecretString,
    /// When the server refuses it.
    pub expires_at: Timestamp,
}

/// A token that may make one item.
#[derive(Debug)]
pub struct ConnectToken {
    /// What is sent, and what the widget is given.
    pub secret: SecretString,
    /// When the server refuses it.
    pub expires_at: Timestamp,
}

impl ApiKey {
    /// When to get the next, a while before this one lapses.
    pub fn renew_at(&self) -> Timestamp {
        earlier(self.expires_at, KEY_MARGIN)
    }
}

impl ConnectToken {
    /// When to get the next, a while before this one lapses.
    pub fn renew_at(&self) -> Timestamp {
        earlier(self.expires_at, CONNECT_TOKEN_MARGIN)
    }
}

/// Judges the answer to [`crate::Api::auth`]; `sent_at` is when the request left.
///
/// # Errors
/// [`ApiError`], without the client secret wherever the server quoted it.
pub fn judge_api_key(
    response: &Response,
    client_secret: &SecretString,
    sent_at: Timestamp,
) -> Result<ApiKey, ApiError> {
    let secret = token(response, "apiKey", sent_at).map_err(|error| error.without_secret(client_secret))?;
    let expires_at = lapse(&secret, sent_at, KEY_LIFE);
    Ok(ApiKey { secret, expires_at })
}

/// Judges the answer to [`crate::Api::connect_token`]; `sent_at` is when the request left.
///
/// # Errors
/// [`ApiError`].
pub fn judge_connect_token(response: &Response, sent_at: Timestamp) -> Result<ConnectToken, ApiError> {
    let secret = token(response, "accessToken", sent_at)?;
    let expires_at = lapse(&secret, sent_at, CONNECT_TOKEN_LIFE);
    Ok(ConnectToken { secret, expires_at })
}

/// Judges the answer of a company's own endpoint, see [`crate::company_connect_token`].
///
/// # Errors
/// [`ApiError`]; 500 with an `error` means that the company has not set its keys, which no retry mends.
pub fn judge_company_connect_token(
    response: &Response,
    sent_at: Timestamp,
) -> Result<ConnectToken, ApiError> {
    judge_connect_token(response, sent_at).map_err(|error| {
        let tells = error.status == 500 && error.message.is_some();
        if tells { ApiError { kind: ErrorKind::CompanyMisconfigured, ..error } } else { error }
    })
}

fn token(response: &Response, name: &str, now: Timestamp) -> Result<SecretString, ApiError> {
    if !(200..300).contains(&response.status) {
        return Err(judge_error(response, now));
    }
    // EXPOSE: parsed; the one member that is read becomes a secret.
    let object = json::value(response.body.expose()).and_then(Object::of);
    let Some(object) = object else { return Err(ApiError::unreadable(response.status, why(response))) };
    let fits = |token: &String| !token.is_empty() && token.bytes().all(|byte| (0x21..=0x7e).contains(&byte));
    let token = object.exact(name, LARGEST_TOKEN).filter(fits);
    let token = token.ok_or(ApiError::unreadable(response.status, UnreadableAnswer::Shape))?;
    Ok(SecretString::from(token))
}

/// When a token lapses: what its own `exp` says, and never later than `life` from now.
///
/// The signature is not checked: the token came over TLS from the one who made it, and all that is decided here is
/// when to ask for another. An `exp` in the past means that this machine's clock is wrong, so it says nothing.
fn lapse(token: &SecretString, now: Timestamp, life: SignedDuration) -> Timestamp {
    let latest = now.checked_add(life).unwrap_or(Timestamp::MAX);
    match expiry(token) {
        Some(at) if at > now => at.min(latest),
        _ => latest,
    }
}

/// The `exp` of a JWT (RFC 7519 §4.1.4).
fn expiry(token: &SecretString) -> Option<Timestamp> {
    // EXPOSE: split and decoded; a number leaves.
    let mut parts = token.expose().split('.');
    let (_, payload, _) = (parts.next()?, parts.next()?, parts.next()?);
    let payload = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
    let seconds = Object::of(json::value(&payload)?)?.text("exp")?;
    // Fractions are allowed there and cut here.
    Timestamp::from_second(seconds.split('.').next()?.parse().ok()?).ok()
}

fn earlier(at: Timestamp, margin: SignedDuration) -> Timestamp {
    at.checked_sub(margin).unwrap_or(Timestamp::MIN)
}
