//! Judges what the token endpoint answers (RFC 6749 §5).
//!
//! Invariant: only a JSON object with an `error` that we know is the server's word about a grant. Pages, truncated
//! bodies and strange types say nothing about it and never end a connection.

mod lifetime;
mod members;

pub(crate) use lifetime::retry_after;
pub use members::carry_over;

use crate::json::{self, NotAnObject, Object, text};
use crate::{Response, ServerError};
use jiff::{SignedDuration, Timestamp};
use lifetime::{expiry, instant};
use secret::SecretString;
use serde_json::Value;

/// What a token endpoint granted.
pub struct Grant {
    /// The access token; a bearer token, fit for a header.
    pub access_token: SecretString,
    /// The refresh token; none in a refresh means that the old one stays (RFC 6749 §6).
    pub refresh_token: Option<SecretString>,
    /// The ID token, not validated.
    pub id_token: Option<SecretString>,
    /// Scopes granted; those asked for when the server does not say (RFC 6749 §5.1).
    pub scopes: Vec<String>,
    /// Until when the access token lives; none when neither the server nor the shape of its answers says it.
    pub expires_at: Option<Timestamp>,
    /// Until when the refresh token lives, where a server says it.
    pub refresh_expires_at: Option<Timestamp>,
    /// The answer itself, as JSON.
    pub raw: SecretString,
}

/// Why an answer is no grant. Holds nothing secret but what [`Self::salvaged`] gives out.
pub struct TokenError {
    kind: Kind,
    salvaged: Option<SecretString>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    /// The server's own word.
    Server { error: ServerError, status: u16, retry_after: Option<Timestamp> },
    /// A status without an error that we know.
    Status { status: u16, retry_after: Option<Timestamp> },
    /// No JSON object where one must be.
    NotAnAnswer { status: u16, reason: NotAnObject },
    /// An object that is no grant.
    Unusable(&'static str),
}

/// What to do about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disposition {
    /// The grant is over; only the person can help.
    Dead,
    /// The client registration is refused; only the person can help.
    Configuration,
    /// It may pass.
    Later {
        /// Not before, if the server says.
        not_before: Option<Timestamp>,
    },
}

impl TokenError {
    /// What to do about it.
    pub fn disposition(&self) -> Disposition {
        match &self.kind {
            Kind::Server { error, retry_after, .. } => match error.code.as_str() {
                // The last three are OpenID Connect's (Core §3.1.2.6); some servers give them to a refresh.
                "invalid_grant" | "interaction_required" | "login_required" | "consent_required" => {
                    Disposition::Dead
                }
                "invalid_client"
                | "unauthorized_client"
                | "unsupported_grant_type"
                | "invalid_scope"
                | "invalid_request" => Disposition::Configuration,
                _ => Disposition::Later { not_before: *retry_after },
            },
            Kind::Status { retry_after, .. } => Disposition::Later { not_before: *retry_after },
            Kind::NotAnAnswer { .. } | Kind::Unusable(_) => Disposition::Later { not_before: None },
        }
    }

    /// Whether the server may have carried the request out (and rotated) though the answer is of no use.
    pub const fn may_have_been_carried_out(&self) -> bool {
        match &self.kind {
            Kind::NotAnAnswer { status, .. } => *status < 300 || *status >= 500,
            Kind::Status { status, .. } => *status < 300 || (*status >= 500 && *status != 503),
            Kind::Unusable(_) => true,
            Kind::Server { .. } => false,
        }
    }

    /// A new refresh token in an answer that is otherwise of no use: the old one may be dead already.
    pub fn salvaged(self) -> Option<SecretString> {
        self.salvaged
    }

    /// The server's own words, if it had any.
    pub const fn server_error(&self) -> Option<&ServerError> {
        match &self.kind {
            Kind::Server { error, .. } => Some(error),
            _ => None,
        }
    }

    fn unusable(what: &'static str, object: &Object) -> Self {
        Self { kind: Kind::Unusable(what), salvaged: refresh_token(object) }
    }
}

impl std::fmt::Display for TokenError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.kind {
            Kind::Server { error, status, .. } => {
                write!(f, "the token endpoint answered `{error}` ({status})")
            }
            Kind::Status { status, .. } => write!(f, "the token endpoint answered with status {status}"),
            Kind::NotAnAnswer { status, reason } => {
                write!(f, "the token endpoint's answer ({status}): {reason}")
            }
            Kind::Unusable(what) => write!(f, "the token endpoint's answer: {what}"),
        }
    }
}

impl std::fmt::Debug for TokenError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TokenError({:?})", self.kind)
    }
}

impl std::error::Error for TokenError {}

/// Longest token that is accepted; the largest in use are a few kilobytes.
const LONGEST_TOKEN: usize = 64 * 1024;

/// Where a provider's token answers depart from RFC 6749 §5.1.
#[derive(Debug, Clone, Copy, Default)]
pub struct AnswerShape<'a> {
    /// The JSON pointer (RFC 6901) to what holds the tokens, if it is not the whole answer.
    pub tokens_at: Option<&'a str>,
    /// The JSON pointer to the instant at which the access token ends, where that is said instead of a life.
    pub expires_at: Option<&'a str>,
    /// The same of the refresh token.
    pub refresh_expires_at: Option<&'a str>,
    /// Types of token besides Bearer that are sent as bearer tokens are; compared without regard to case.
    pub token_types: &'a [String],
    /// How long access tokens live of which the answer says nothing.
    pub access_token_life: Option<SignedDuration>,
}

/// Judges an answer. `asked` are the scopes that count when the server names none; `sent_at` is when the request left,
/// from which lifetimes count.
///
/// # Errors
/// [`TokenError`]; see [`TokenError::disposition`].
pub fn judge_token_response(
    response: &Response,
    asked: &[String],
    sent_at: Timestamp,
) -> Result<Grant, TokenError> {
    judge_token_response_in(response, &AnswerShape::default(), asked, sent_at)
}

/// The same, of a provider whose answers have a shape of their own.
///
/// # Errors
/// [`TokenError`]; see [`TokenError::disposition`].
pub fn judge_token_response_in(
    response: &Response,
    shape: &AnswerShape<'_>,
    asked: &[String],
    sent_at: Timestamp,
) -> Result<Grant, TokenError> {
    let status = response.status;
    let retry_at = retry_after(response.retry_after.as_deref(), sent_at);
    let object = match json::object(response) {
        Ok(object) => object,
        Err(_) if status >= 400 => {
            return Err(TokenError { kind: Kind::Status { status, retry_after: retry_at }, salvaged: None });
        }
        Err(reason) => return Err(TokenError { kind: Kind::NotAnAnswer { status, reason }, salvaged: None }),
    };
    // Some servers answer errors with 200.
    if let Some(code) = text(&object, "error").filter(|code| !code.is_empty()) {
        let error = ServerError::new(code, text(&object, "error_description"));
        // An outage that is wrapped in an OAuth error is still an outage.
        let kind = if status == 429 || status >= 500 {
            Kind::Status { status, retry_after: retry_at }
        } else {
            Kind::Server { error, status, retry_after: retry_at }
        };
        return Err(TokenError { kind, salvaged: None });
    }
    if status != 200 && status != 201 {
        let salvaged = (status < 300).then(|| refresh_token(&object)).flatten();
        return Err(TokenError { kind: Kind::Status { status, retry_after: retry_at }, salvaged });
    }
    let raw = SecretString::from(serde_json::to_string(&object).unwrap_or_default());
    let whole = Value::Object(object.into_iter().collect());
    let members: Object = match whole.pointer(shape.tokens_at.unwrap_or_default()) {
        Some(Value::Object(members)) => members.clone().into_iter().collect(),
        _ => Object::new(),
    };
    let ends = Ends {
        access: shape.expires_at.and_then(|at| instant(whole.pointer(at)?, sent_at)),
        refresh: shape.refresh_expires_at.and_then(|at| instant(whole.pointer(at)?, sent_at)),
    };
    grant(&members, raw, shape, asked, ends, sent_at)
}

/// Instants that an answer says instead of lives.
#[derive(Clone, Copy)]
struct Ends {
    access: Option<Timestamp>,
    refresh: Option<Timestamp>,
}

fn grant(
    object: &Object,
    raw: SecretString,
    shape: &AnswerShape<'_>,
    asked: &[String],
    ends: Ends,
    sent_at: Timestamp,
) -> Result<Grant, TokenError> {
    let access_token = match object.get("access_token") {
        Some(Value::String(token)) if is_token(token) => SecretString::from(token.as_str()),
        Some(Value::String(_)) => return Err(TokenError::unusable("the access token is malformed", object)),
        _ => return Err(TokenError::unusable("there is no access token", object)),
    };
    // RFC 6749 §5.1 requires a type; servers that forget it mean bearer. Any other is not for us to use, but where it
    // is known to be another name for the same.
    let known = |kind: &str| {
        kind.eq_ignore_ascii_case("bearer")
            || shape.token_types.iter().any(|one| one.eq_ignore_ascii_case(kind))
    };
    if !object.get("token_type").is_none_or(|kind| kind.is_null() || kind.as_str().is_some_and(known)) {
        return Err(TokenError::unusable("the token type is not Bearer", object));
    }
    let lives =
        |names: &[&str]| names.iter().find_map(|name| object.get(*name)).and_then(|one| expiry(one, sent_at));
    let usual_end = shape.access_token_life.and_then(|life| sent_at.checked_add(life).ok());
    Ok(Grant {
        access_token,
        refresh_token: refresh_token(object),
        id_token: text(object, "id_token").filter(|token| is_token(token)).map(SecretString::from),
        scopes: scopes(object).unwrap_or_else(|| asked.to_vec()),
        expires_at: lives(&["expires_in"]).or(ends.access).or(usual_end),
        refresh_expires_at: lives(&[
            "refresh_token_expires_in",
            "x_refresh_token_expires_in",
            "refresh_expires_in",
        ])
        .or(ends.refresh),
        raw,
    })
}

fn refresh_token(object: &Object) -> Option<SecretString> {
    text(object, "refresh_token").filter(|token| is_token(token)).map(SecretString::from)
}

/// Visible ASCII only (RFC 6749 appendix A.12): anything else could end a header early.
fn is_token(token: &str) -> bool {
    !token.is_empty()
        && token.len() <= LONGEST_TOKEN
        && token.bytes().all(|byte| (0x20..=0x7e).contains(&byte))
}

/// Scopes as a text parted by spaces or commas, or as a list.
fn scopes(object: &Object) -> Option<Vec<String>> {
    let found: Vec<String> = match object.get("scope")? {
        Value::String(text) => {
            text.split([' ', ',', '+']).filter(|scope| !scope.is_empty()).map(ToOwned::to_owned).collect()
        }
        Value::Array(list) => list.iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect(),
        _ => return None,
    };
    (!found.is_empty()).then_some(found)
}

/// Longest life that is believed.
pub(crate) const LONGEST_LIFE: SignedDuration = SignedDuration::from_hours(24 * 366);
