//! A form that a client sends to the back channel, with the proof of who it is.

use crate::{ClientAuthentication, ClientRegistration, Request, RequestError};
use base64::Engine as _;
use secret::SecretString;
use url::Url;
use url::form_urlencoded::{Serializer, byte_serialize};

/// A POST of `pairs`, with the client's id and proof where its way of authentication has them.
///
/// Built by hand where the oauth2 crate has no such request or refuses servers on loopback, which tests and the
/// practice bank are.
pub(crate) fn client_form(
    endpoint: &Url,
    client: &ClientRegistration,
    pairs: &[(&str, &str)],
) -> Result<Request, RequestError> {
    let mut form = Serializer::new(String::new());
    form.extend_pairs(pairs);
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
