//! Back-channel requests, made by the `oauth2` crate and taken from it before they are sent.

use crate::client_form::client_form;
use crate::{
    AttemptSecrets, ClientAuthentication, ClientRegistration, Request, RequestError, ServerMetadata,
};
use oauth2::{AuthorizationCode, HttpRequest, HttpResponse, RedirectUrl, RefreshToken, TokenUrl};
use secret::SecretString;
use std::cell::RefCell;
use url::Url;

/// Stops the crate where it would send.
#[derive(Debug, thiserror::Error)]
#[error("taken")]
struct Taken;

/// The one request of an authorization code (RFC 6749 §4.1.3, RFC 7636 §4.5).
///
/// The redirect address is the one of the authorization request, byte for byte.
///
/// # Errors
/// [`RequestError`].
pub fn code_request(
    metadata: &ServerMetadata,
    client: &ClientRegistration,
    code: &SecretString,
    redirect_uri: &str,
    secrets: Option<&AttemptSecrets>,
) -> Result<Request, RequestError> {
    let redirect = RedirectUrl::new(redirect_uri.to_owned()).map_err(|_| RequestError::Redirect)?;
    let client = client
        .to_client()?
        .set_token_uri(TokenUrl::from_url(metadata.token_endpoint.clone()))
        .set_redirect_uri(redirect);
    // EXPOSE: the request type of the oauth2 crate, which does not print it.
    let mut building = client.exchange_code(AuthorizationCode::new(code.expose().clone()));
    if let Some(secrets) = secrets {
        building = building.set_pkce_verifier(secrets.code_verifier().ok_or(RequestError::Assembly)?);
    }
    let slot = Slot::default();
    // Always an error: nothing was sent.
    let _ = building.request(&|request| slot.take(request));
    slot.into_request()
}

/// A refresh (RFC 6749 §6). No scope is sent: the granted ones stay.
///
/// # Errors
/// [`RequestError`].
pub fn refresh_request(
    token_endpoint: &Url,
    client: &ClientRegistration,
    refresh_token: &SecretString,
) -> Result<Request, RequestError> {
    let client = client.to_client()?.set_token_uri(TokenUrl::from_url(token_endpoint.clone()));
    // EXPOSE: the request type of the oauth2 crate, which does not print it.
    let token = RefreshToken::new(refresh_token.expose().clone());
    let building = client.exchange_refresh_token(&token);
    let slot = Slot::default();
    // Always an error: nothing was sent.
    let _ = building.request(&|request| slot.take(request));
    slot.into_request()
}

/// A token for the client itself (RFC 6749 §4.4.2). Nobody approves anything, so a public client cannot have one.
///
/// # Errors
/// [`RequestError`].
pub fn client_credentials_request(
    token_endpoint: &Url,
    client: &ClientRegistration,
    scopes: &[String],
    scope_separator: &str,
) -> Result<Request, RequestError> {
    if client.client_secret.is_none() || client.authentication == ClientAuthentication::None {
        return Err(RequestError::SecretMissing);
    }
    let scope = scopes.join(scope_separator);
    let mut pairs = vec![("grant_type", "client_credentials")];
    if !scope.is_empty() {
        pairs.push(("scope", scope.as_str()));
    }
    client_form(token_endpoint, client, &pairs)
}

/// Where a request that the crate has built lies, instead of being sent.
#[derive(Default)]
struct Slot(RefCell<Option<HttpRequest>>);

impl Slot {
    fn take(&self, request: HttpRequest) -> Result<HttpResponse, Taken> {
        *self.0.borrow_mut() = Some(request);
        Err(Taken)
    }

    fn into_request(self) -> Result<Request, RequestError> {
        let mut request = self.0.into_inner().ok_or(RequestError::Assembly)?;
        // The crate does not mark the client's secret; HTTP/2 compresses unmarked headers and debug output shows them.
        if let Some(authorization) = request.headers_mut().get_mut(http::header::AUTHORIZATION) {
            authorization.set_sensitive(true);
        }
        Ok(Request::new(request))
    }
}

/// A plain GET of a public document.
pub fn get_request(url: &Url) -> Request {
    Request::new(get(url, None))
}

/// Asks who approved (OpenID Connect Core §5.3.1, RFC 6750 §2.1).
pub fn userinfo_request(endpoint: &Url, access_token: &SecretString) -> Request {
    Request::new(get(endpoint, Some(access_token)))
}

fn get(url: &Url, bearer: Option<&SecretString>) -> http::Request<Vec<u8>> {
    let mut request = http::Request::new(Vec::new());
    // A parsed address is a well-formed request target, and a judged token a well-formed header.
    if let Ok(target) = url.as_str().parse() {
        *request.uri_mut() = target;
    }
    request.headers_mut().insert(http::header::ACCEPT, http::HeaderValue::from_static("application/json"));
    // EXPOSE: the header of the request, marked as not to be printed.
    let header =
        bearer.and_then(|token| http::HeaderValue::try_from(format!("Bearer {}", token.expose())).ok());
    if let Some(mut header) = header {
        header.set_sensitive(true);
        request.headers_mut().insert(http::header::AUTHORIZATION, header);
    }
    request
}
