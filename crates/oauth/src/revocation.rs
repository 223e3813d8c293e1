//! Telling a server that a grant is over (RFC 7009).

use crate::token_response::retry_after;
use crate::{ClientAuthentication, ClientRegistration, Request, RequestError, Response};
use base64::Engine as _;
use jiff::Timestamp;
use secret::SecretString;
use url::Url;
use url::form_urlencoded::{Serializer, byte_serialize};

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

/// A revocation request. Built by hand: the oauth2 crate refuses servers on loopback, which tests and the practice
/// bank are.
///
/// # Errors
/// [`RequestError`].
pub fn revocation_request(
    endpoint: &Url,
    client: &ClientRegistration,
    token: &SecretString,
    is_refresh_token: bool,
) -> Result<Request, RequestError> {
    let mut form = Serializer::new(String::new());
    // EXPOSE: the body of the request, which cannot be printed.
    form.append_pair("token", token.expose());
    form.append_pair("token_type_hint", if is_refresh_token { "refresh_token" } else { "access_token" });
    let mut request = http::Request::builder()
        .method(http::Method::POST)
        .uri(endpoint.as_str())
        .header(http::header::ACCEPT, "application/json")
        .header(http::header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    match (client.authentication, &client.client_secret) {
        (ClientAuthentication::None, _) => drop(form.append_pair("client_id", &client.client_id)),
        (ClientAuthentication::Post, Some(secret)) => {
            form.append_pair("client_id", &client.client_id);
            // EXPOSE: the body of the request, which cannot be printed.
            form.append_pair("client_secret", secret.expose());
        }
        (ClientAuthentication::Basic, Some(secret)) => {
            request = request.header(http::header::AUTHORIZATION, basic(&client.client_id, secret)?);
        }
        (_, None) => return Err(RequestError::SecretMissing),
    }
    request.body(form.finish().into_bytes()).map(Request::new).map_err(|_| RequestError::Assembly)
}

/// RFC 6749 §2.3.1: both are form-encoded before they are joined.
fn basic(client_id: &str, secret: &SecretString) -> Result<http::HeaderValue, RequestError> {
    let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    // EXPOSE: the header of the request, marked as not to be printed.
    let pair = format!("{}:{}", encoded(client_id), encoded(secret.expose()));
    let text = format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair));
    let mut value = http::HeaderValue::try_from(text).map_err(|_| RequestError::Assembly)?;
    value.set_sensitive(true);
    Ok(value)
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
