//! The address that the person is sent to (RFC 6749 §4.1.1, RFC 7636 §4.3).

use crate::{AttemptSecrets, ServerMetadata};
use oauth2::basic::BasicClient;
use oauth2::{AuthUrl, ClientId, CsrfToken, RedirectUrl, Scope};
use url::Url;

/// What goes into an authorization request.
pub struct AuthorizationRequest<'a> {
    /// The server.
    pub metadata: &'a ServerMetadata,
    /// Our id there.
    pub client_id: &'a str,
    /// Where the answer goes.
    pub redirect_uri: &'a str,
    /// Scopes to ask for.
    pub scopes: &'a [String],
    /// What parts them; a space, unless the provider deviates.
    pub scope_separator: &'a str,
    /// State, verifier, nonce.
    pub secrets: &'a AttemptSecrets,
    /// Whether to send a challenge. Only a provider that is known to fail on it goes without.
    pub pkce: bool,
    /// Parameters of the provider's own.
    pub extra: &'a [(String, String)],
}

/// Why a request cannot be built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// An extra parameter, or one in the endpoint's own query, has the name of one of the protocol.
    #[error("the extra parameter `{0}` would shadow one of the protocol")]
    Shadows(String),
    /// The redirect address is no address.
    #[error("the redirect address is malformed")]
    Redirect,
    /// The client must prove itself and has no secret.
    #[error("the client has no secret")]
    SecretMissing,
    /// The request could not be assembled.
    #[error("the request could not be assembled")]
    Assembly,
}

/// Names that nobody but the protocol may set. The last two belong into no address at all.
const PROTOCOL_PARAMETERS: [&str; 13] = [
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
    "nonce",
    "response_mode",
    "request",
    "request_uri",
    "code_verifier",
    "client_secret",
];

/// Builds the address.
///
/// # Errors
/// [`RequestError::Shadows`], [`RequestError::Redirect`], [`RequestError::Assembly`] when the secrets are damaged.
pub fn authorization_url(request: &AuthorizationRequest<'_>) -> Result<Url, RequestError> {
    let endpoint = &request.metadata.authorization_endpoint;
    let of_endpoint = endpoint.query_pairs().map(|(name, _)| name.into_owned());
    let mut foreign = request.extra.iter().map(|(name, _)| name.clone()).chain(of_endpoint);
    if let Some(name) = foreign.find(|name| is_protocol_parameter(name)) {
        return Err(RequestError::Shadows(name));
    }
    let redirect = RedirectUrl::new(request.redirect_uri.to_owned()).map_err(|_| RequestError::Redirect)?;
    let client = BasicClient::new(ClientId::new(request.client_id.to_owned()))
        .set_auth_uri(AuthUrl::from_url(endpoint.clone()))
        .set_redirect_uri(redirect);
    // EXPOSE: `state` goes to the person's page, which is what it is for.
    let state = CsrfToken::new(request.secrets.state().expose().clone());
    let mut building = client.authorize_url(|| state);
    if request.pkce {
        let challenge = request.secrets.code_challenge().ok_or(RequestError::Assembly)?;
        building = building.set_pkce_challenge(challenge);
    }
    // The crate joins scopes with a space; a provider's own separator is joined before it.
    if !request.scopes.is_empty() {
        building = building.add_scope(Scope::new(request.scopes.join(request.scope_separator)));
    }
    if request.scopes.iter().any(|scope| scope == "openid") {
        // EXPOSE: the nonce goes to the server, which repeats it in the ID token.
        building = building.add_extra_param("nonce", request.secrets.nonce().expose().clone());
    }
    for (name, value) in request.extra {
        building = building.add_extra_param(name.clone(), value.clone());
    }
    Ok(building.url().0)
}

/// Without regard to case, as some servers read names.
fn is_protocol_parameter(name: &str) -> bool {
    PROTOCOL_PARAMETERS.iter().any(|protocol| protocol.eq_ignore_ascii_case(name.trim()))
}
