//! Judges the answer that comes back through the person's browser or window (RFC 6749 §4.1.2, RFC 9207).
//!
//! Order: parse; refuse repeated parameters; the address it arrived on; `state`; the deadline; `iss`; `error`; `code`.
//! Until `state` has matched, an answer is foreign and changes nothing: else any local page could end an attempt.

use crate::{AttemptSecrets, ServerError};
use jiff::Timestamp;
use secret::SecretString;
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

/// What an answer must fit.
pub struct ExpectedResponse<'a> {
    /// The redirect address of the attempt.
    pub redirect_uri: &'a str,
    /// The secrets of the attempt.
    pub secrets: &'a AttemptSecrets,
    /// The issuer that was asked.
    pub issuer: Option<&'a str>,
    /// Whether that issuer promises to name itself in answers.
    pub iss_required: bool,
    /// The parameter that holds the code; `code`, unless the provider deviates.
    pub code_parameter: &'a str,
    /// When the attempt ends.
    pub expires_at: Timestamp,
}

/// An answer that belongs to the attempt and carries a code.
pub struct AuthorizationResponse {
    /// The authorization code: for one token request.
    pub code: SecretString,
    /// What the provider sent besides (realmId, shop ...): at most 20 values of at most 256 characters.
    pub extras: BTreeMap<String, String>,
}

/// Why an answer gives no code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthorizationResponseError {
    /// It does not belong to the attempt; the attempt goes on.
    #[error("the answer does not belong to this attempt")]
    Foreign,
    /// The person refused (`access_denied`).
    #[error("the person refused")]
    Refused,
    /// The attempt was over.
    #[error("the attempt was over")]
    Expired,
    /// The server answered with an error.
    #[error("the server answered `{0}`")]
    Failed(ServerError),
    /// It belongs to the attempt and makes no sense.
    #[error("the answer is malformed: {0}")]
    Malformed(&'static str),
}

/// Longest answer that is looked at.
const LONGEST_ANSWER: usize = 16 * 1024;
/// Extra parameters that are kept.
const MOST_EXTRAS: usize = 20;
/// Longest extra value that is kept.
const LONGEST_EXTRA: usize = 256;

/// Whether `url` points at `redirect_uri`: same scheme, host, port and path; query and fragment are the answer.
pub fn is_redirect(url: &str, redirect_uri: &str) -> bool {
    let (Ok(url), Ok(redirect)) = (Url::parse(url), Url::parse(redirect_uri)) else { return false };
    let bare = url.username().is_empty() && url.password().is_none();
    bare && url.scheme() == redirect.scheme()
        && url.host_str() == redirect.host_str()
        && url.port_or_known_default() == redirect.port_or_known_default()
        && url.path() == redirect.path()
}

/// The `state` that an address claims, to find the attempt by. Proves nothing by itself.
pub fn state_of(address: &SecretString) -> Option<SecretString> {
    // EXPOSE: parsed; the claimed state is a secret again.
    let text = address.expose();
    if text.len() > LONGEST_ANSWER {
        return None;
    }
    let url = Url::parse(text.trim()).ok()?;
    let mut states = url.query_pairs().filter(|(name, _)| name == "state");
    let (_, state) = states.next()?;
    (states.next().is_none() && !state.is_empty()).then(|| SecretString::from(state.into_owned()))
}

/// Judges an answer.
///
/// # Errors
/// [`AuthorizationResponseError`]; only `Foreign` leaves the attempt alive.
pub fn judge_authorization_response(
    address: &SecretString,
    expected: &ExpectedResponse<'_>,
    now: Timestamp,
) -> Result<AuthorizationResponse, AuthorizationResponseError> {
    use AuthorizationResponseError as Error;
    let claimed = state_of(address).ok_or(Error::Foreign)?;
    // EXPOSE: parsed below; what is secret in it becomes a secret again.
    let text = address.expose().trim();
    if !is_redirect(text, expected.redirect_uri) || !expected.secrets.is_state(&claimed) {
        return Err(Error::Foreign);
    }
    let url = Url::parse(text).map_err(|_| Error::Foreign)?;
    let parameters = unique_parameters(&url)?;
    if now >= expected.expires_at {
        return Err(Error::Expired);
    }
    check_issuer(parameters.get("iss").map(String::as_str), expected)?;
    if let Some(code) = parameters.get("error").filter(|code| !code.is_empty()) {
        if parameters.contains_key(expected.code_parameter) {
            return Err(Error::Malformed("both an error and a code"));
        }
        if code == "access_denied" {
            return Err(Error::Refused);
        }
        return Err(Error::Failed(ServerError::new(
            code,
            parameters.get("error_description").map(String::as_str),
        )));
    }
    let code = parameters.get(expected.code_parameter).filter(|code| !code.is_empty());
    let code = code.ok_or(Error::Malformed("no code"))?;
    if code.chars().any(char::is_control) {
        return Err(Error::Malformed("a code with control characters"));
    }
    Ok(AuthorizationResponse {
        code: SecretString::from(code.as_str()),
        extras: extras(&parameters, expected.code_parameter),
    })
}

/// RFC 6749 §3.1: parameters must not be included more than once.
fn unique_parameters(url: &Url) -> Result<BTreeMap<String, String>, AuthorizationResponseError> {
    let mut parameters = BTreeMap::new();
    for (name, value) in url.query_pairs() {
        if parameters.insert(name.into_owned(), value.into_owned()).is_some() {
            return Err(AuthorizationResponseError::Malformed("a parameter is repeated"));
        }
    }
    Ok(parameters)
}

/// RFC 9207 §2.4: an `iss` must be the issuer that was asked, to the letter; for errors too.
fn check_issuer(
    claimed: Option<&str>,
    expected: &ExpectedResponse<'_>,
) -> Result<(), AuthorizationResponseError> {
    match (claimed, expected.issuer) {
        (Some(claimed), Some(issuer)) if claimed != issuer => {
            Err(AuthorizationResponseError::Malformed("another issuer answered"))
        }
        (None, _) if expected.iss_required => {
            Err(AuthorizationResponseError::Malformed("the issuer is missing"))
        }
        _ => Ok(()),
    }
}

fn extras(parameters: &BTreeMap<String, String>, code_parameter: &str) -> BTreeMap<String, String> {
    let protocol = BTreeSet::from([
        "code",
        code_parameter,
        "state",
        "iss",
        "scope",
        "session_state",
        "error",
        "error_description",
        "error_uri",
    ]);
    let kept = parameters.iter().filter(|(name, value)| {
        !protocol.contains(name.as_str()) && name.len() <= LONGEST_EXTRA && value.len() <= LONGEST_EXTRA
    });
    kept.take(MOST_EXTRAS).map(|(name, value)| (name.clone(), value.clone())).collect()
}
