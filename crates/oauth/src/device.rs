//! Approving on another device (RFC 8628): two codes, a page where the person types one, and patient asking.
//!
//! Invariants
//! - The device code is a secret; the user code and the addresses are for the person.
//! - An address that is not https (or this computer's own) is refused, and so is one that leads elsewhere than the
//!   page it completes: a person opens it without reading it.

use crate::client_form::client_form;
use crate::error_code::is_unprintable;
use crate::json::{self, text};
use crate::metadata::is_acceptable_endpoint;
use crate::{
    AnswerShape, ClientRegistration, Disposition, Grant, Request, RequestError, Response, ServerError,
    TokenError, judge_token_response_in,
};
use jiff::{SignedDuration, Timestamp};
use secret::SecretString;
use serde_json::Value;
use url::Url;

/// RFC 8628 §3.4.
const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// Pause between two questions where the server names none (§3.2).
const DEFAULT_INTERVAL: i64 = 5;
/// Longest pause that a server may ask for and get.
const LONGEST_INTERVAL: i64 = 120;
/// Longest life of the codes that is believed.
const LONGEST_LIFE: i64 = 60 * 60;
/// Longest code that a person is asked to type.
const LONGEST_USER_CODE: usize = 64;

/// What a server gives a device.
pub struct DeviceAuthorization {
    /// For the token endpoint alone.
    pub device_code: SecretString,
    /// What the person types.
    pub user_code: String,
    /// Where they type it.
    pub verification_uri: Url,
    /// The same with the code filled in, where the server offers it.
    pub verification_uri_complete: Option<Url>,
    /// When both codes end.
    pub expires_at: Timestamp,
    /// Pause between two questions.
    pub interval: SignedDuration,
}

/// Why there are no codes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeviceError {
    /// The server's own word.
    #[error("the device endpoint answered `{0}`")]
    Server(ServerError),
    /// A status without a word that we know.
    #[error("the device endpoint answered with status {0}")]
    Status(u16),
    /// What came cannot be used.
    #[error("the device endpoint's answer: {0}")]
    Unusable(&'static str),
}

impl DeviceError {
    /// Whether the client registration is at fault, and only the person can help.
    pub fn is_about_the_client(&self) -> bool {
        let Self::Server(error) = self else { return false };
        matches!(
            error.code.as_str(),
            "invalid_client"
                | "unauthorized_client"
                | "invalid_scope"
                | "invalid_request"
                | "unsupported_grant_type"
        )
    }
}

/// How one question at the token endpoint was answered.
pub enum DevicePoll {
    /// The person approved.
    Granted(Box<Grant>),
    /// Not yet.
    Pending,
    /// Not yet, and the pause is to grow by five seconds.
    SlowDown,
    /// The person refused.
    Refused,
    /// The codes are over.
    Expired,
    /// The server fails or asks to wait; ask again later.
    Trouble(TokenError),
    /// It will not be answered otherwise.
    Failed(TokenError),
}

/// Asks for codes (§3.1).
///
/// # Errors
/// [`RequestError`].
pub fn device_authorization_request(
    endpoint: &Url,
    client: &ClientRegistration,
    scopes: &[String],
    scope_separator: &str,
) -> Result<Request, RequestError> {
    let scope = scopes.join(scope_separator);
    let scope = (!scope.is_empty()).then_some(("scope", scope.as_str()));
    // The id is sent whatever the proof is: §3.1 names it, and servers look for it there.
    let id = (client.authentication == crate::ClientAuthentication::Basic)
        .then_some(("client_id", client.client_id.as_str()));
    let pairs: Vec<_> = scope.into_iter().chain(id).collect();
    client_form(endpoint, client, &pairs)
}

/// Asks whether the person has approved (§3.4).
///
/// # Errors
/// [`RequestError`].
pub fn device_token_request(
    token_endpoint: &Url,
    client: &ClientRegistration,
    device_code: &SecretString,
) -> Result<Request, RequestError> {
    // EXPOSE: the body of the request, which cannot be printed.
    let pairs = [("grant_type", GRANT_TYPE), ("device_code", device_code.expose().as_str())];
    client_form(token_endpoint, client, &pairs)
}

/// Judges what the device endpoint answers (§3.2). Lives count from `sent_at`.
///
/// # Errors
/// [`DeviceError`].
pub fn judge_device_authorization(
    response: &Response,
    sent_at: Timestamp,
) -> Result<DeviceAuthorization, DeviceError> {
    let object = json::object(response);
    if let Some(code) = object.as_ref().ok().and_then(|object| text(object, "error")) {
        if response.status >= 500 || response.status == 429 {
            return Err(DeviceError::Status(response.status));
        }
        let description = object.as_ref().ok().and_then(|object| text(object, "error_description"));
        return Err(DeviceError::Server(ServerError::new(code, description)));
    }
    if response.status != 200 {
        return Err(DeviceError::Status(response.status));
    }
    let object = object.map_err(|_| DeviceError::Unusable("it is no JSON object"))?;
    let device_code = text(&object, "device_code").filter(|code| {
        !code.is_empty() && code.len() <= 4096 && code.bytes().all(|byte| (0x20..=0x7e).contains(&byte))
    });
    let user_code = text(&object, "user_code").map(str::trim).filter(|code| {
        !code.is_empty() && code.chars().count() <= LONGEST_USER_CODE && !code.chars().any(is_unprintable)
    });
    // Before the RFC was finished the member was named `verification_url`; some servers kept it.
    let page = text(&object, "verification_uri").or_else(|| text(&object, "verification_url"));
    let verification_uri = page.and_then(address).ok_or(DeviceError::Unusable("there is no page to open"))?;
    let complete = text(&object, "verification_uri_complete").and_then(address);
    let seconds = |name: &str, otherwise: i64| object.get(name).and_then(whole).unwrap_or(otherwise);
    let life = seconds("expires_in", 600).clamp(1, LONGEST_LIFE);
    Ok(DeviceAuthorization {
        device_code: device_code.ok_or(DeviceError::Unusable("there is no device code"))?.into(),
        user_code: user_code.ok_or(DeviceError::Unusable("there is no code to type"))?.to_owned(),
        verification_uri_complete: complete.filter(|one| one.origin() == verification_uri.origin()),
        verification_uri,
        expires_at: sent_at.checked_add(SignedDuration::from_secs(life)).unwrap_or(sent_at),
        interval: SignedDuration::from_secs(seconds("interval", DEFAULT_INTERVAL).clamp(1, LONGEST_INTERVAL)),
    })
}

fn address(text: &str) -> Option<Url> {
    Url::parse(text).ok().filter(is_acceptable_endpoint)
}

/// A number of seconds; servers write it as a number or as a text.
fn whole(value: &Value) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "cut to an hour by whoever asks")]
    let cut = |number: f64| number.is_finite().then_some(number as i64);
    match value {
        Value::Number(number) => number.as_f64().and_then(cut),
        Value::String(text) => text.trim().parse().ok().and_then(cut),
        _ => None,
    }
}

/// Judges what the token endpoint answers to a device (§3.5).
pub fn judge_device_token(
    response: &Response,
    shape: &AnswerShape<'_>,
    asked: &[String],
    sent_at: Timestamp,
) -> DevicePoll {
    let error = match judge_token_response_in(response, shape, asked, sent_at) {
        Ok(grant) => return DevicePoll::Granted(Box::new(grant)),
        Err(error) => error,
    };
    match error.server_error().map(|error| error.code.as_str()) {
        Some("authorization_pending") => DevicePoll::Pending,
        Some("slow_down") => DevicePoll::SlowDown,
        Some("access_denied" | "authorization_declined") => DevicePoll::Refused,
        // Some servers know a code that is over no more.
        Some("expired_token" | "invalid_grant") => DevicePoll::Expired,
        None if matches!(error.disposition(), Disposition::Later { .. }) => DevicePoll::Trouble(error),
        _ => DevicePoll::Failed(error),
    }
}
