//! Requests for keys and tokens.

use crate::api::{Api, Credential, RequestError, build, identifier, is_https_or_loopback};
use crate::redirect::OauthRedirect;
use crate::token::ApiKey;
use secret::SecretString;
use serde::Serialize;
use url::Url;
use web::Request;

/// What a connect token is made for.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConnectTokenOptions {
    /// Our name for the person, given back with the item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_user_id: Option<String>,
    /// Where events are posted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook_url: Option<Url>,
    /// Where the bank's page leads when its window cannot be closed; an item's own wins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oauth_redirect_uri: Option<OauthRedirect>,
    /// Whether a second item of the same person at the same institution is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avoid_duplicates: Option<bool>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ConnectTokenBody<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    item_id: Option<&'a str>,
    options: &'a ConnectTokenOptions,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AuthBody<'a> {
    client_id: &'a str,
    client_secret: &'a str,
    non_expiring: bool,
}

impl Api {
    /// Asks for a key; judged by [`crate::judge_api_key`].
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn auth(&self, client_id: &str, client_secret: &SecretString) -> Result<Request, RequestError> {
        // EXPOSE: the body of the request, which cannot be printed.
        let body = AuthBody { client_id, client_secret: client_secret.expose(), non_expiring: false };
        self.send(http::Method::POST, None, &["auth"], &body)
    }

    /// Asks for a connect token, to make an item or to update the one named; judged by
    /// [`crate::judge_connect_token`].
    ///
    /// # Errors
    /// [`RequestError`].
    pub fn connect_token(
        &self,
        api_key: &ApiKey,
        item_id: Option<&str>,
        options: &ConnectTokenOptions,
    ) -> Result<Request, RequestError> {
        let body = ConnectTokenBody { item_id: item_id.map(identifier).transpose()?, options };
        self.send(http::Method::POST, Some(Credential::ApiKey(&api_key.secret)), &["connect_token"], &body)
    }
}

/// Asks a company's own endpoint for a connect token; judged by [`crate::judge_company_connect_token`].
///
/// The company keeps its client secret; no credential of ours goes there.
///
/// # Errors
/// [`RequestError`].
pub fn company_connect_token(
    endpoint: &Url,
    item_id: Option<&str>,
    options: &ConnectTokenOptions,
) -> Result<Request, RequestError> {
    if !is_https_or_loopback(endpoint) {
        return Err(RequestError::Endpoint);
    }
    let body = ConnectTokenBody { item_id: item_id.map(identifier).transpose()?, options };
    let body = serde_json::to_vec(&body).map_err(|_| RequestError::Assembly)?;
    let mut endpoint = endpoint.clone();
    endpoint.set_fragment(None);
    build(http::Method::POST, &endpoint, None, body)
}
