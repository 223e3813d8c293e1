//! Telling a server that a grant is over (RFC 7009).

use crate::client_form::client_form;
use crate::token_response::retry_after;
use crate::{ClientRegistration, Request, RequestError, Response};
use jiff::Timestamp;
use secret::SecretString;
use url::Url;

/// How a server took a revocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevocationOutcome {
    /// The token is over; or it never lived, which is the same (RFC 7009 §2.2).
    Revoked,
    /// It will never be revoked this way (wrong type of token, refused client).
    Refused,
    /// It lives for now; ask again.
    Later {
        /// Not before, if the server says.
        not_before: Option<Timestamp>,
    },
}

/// A revocation request.
///
/// # Errors
/// [`RequestError`].
pub fn revocation_request(
    endpoint: &Url,
    client: &ClientRegistration,
    token: &SecretString,
    is_refresh_token: bool,
) -> Result<Request, RequestError> {
    let hint = if is_refresh_token { "refresh_token" } else { "access_token" };
    // EXPOSE: the body of the request, which cannot be printed.
    client_form(endpoint, client, &[("token", token.expose()), ("token_type_hint", hint)])
}

/// Judges the answer.
pub fn judge_revocation(response: &Response, now: Timestamp) -> RevocationOutcome {
    match response.status {
        200..=299 => RevocationOutcome::Revoked,
        429 | 500..=599 => {
            RevocationOutcome::Later { not_before: retry_after(response.retry_after.as_deref(), now) }
        }
        _ => RevocationOutcome::Refused,
    }
}
