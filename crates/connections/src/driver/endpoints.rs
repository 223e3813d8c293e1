//! A provider's endpoints and deviations, as requests and answers need them.

use crate::error::{CoreError, ErrorCode};
use crate::ports::Grant;
use crate::step::add;
use oauth::{Request, Response, ServerMetadata, TokenError};
use providers::{ParameterError, Provider};
use std::collections::BTreeMap;
use url::Url;

/// Values of a connection's parameters, by name.
type Parameters = BTreeMap<String, String>;

/// The server behind a provider, with a connection's parameters filled in.
pub(super) fn metadata_of(provider: &Provider, parameters: &Parameters) -> Result<ServerMetadata, CoreError> {
    provider.metadata(parameters).map_err(|error| bad_parameter(&error))
}

/// What is known of the server before the person approved. Where the callback brings a part of the addresses, the
/// exchange fills them in anew ([`metadata_of`]); nothing is sent to what stands here in their place.
pub(super) fn metadata_to_begin(
    provider: &Provider,
    parameters: &Parameters,
) -> Result<ServerMetadata, CoreError> {
    let brought = |name: &str| provider.quirks.callback.iter().any(|one| one.name == name);
    let authorization_endpoint =
        provider.authorization_endpoint(parameters).map_err(|error| bad_parameter(&error))?;
    match provider.metadata(parameters) {
        Err(ParameterError::Missing(name)) if brought(&name) => Ok(ServerMetadata {
            issuer: provider.issuer().map(ToOwned::to_owned),
            token_endpoint: authorization_endpoint.clone(),
            authorization_endpoint,
            device_authorization_endpoint: None,
            revocation_endpoint: None,
            userinfo_endpoint: None,
            jwks_uri: None,
            scopes_supported: Vec::new(),
            client_authentication_methods: Vec::new(),
            id_token_algorithms: Vec::new(),
            iss_parameter_supported: false,
        }),
        other => other.map_err(|error| bad_parameter(&error)),
    }
}

/// Where access is renewed.
pub(super) fn refresh_endpoint(provider: &Provider, parameters: &Parameters) -> Result<Url, CoreError> {
    provider.refresh_endpoint(parameters).map_err(|error| bad_parameter(&error))
}

/// Where the client itself gets its tokens.
pub(super) fn token_endpoint(provider: &Provider, parameters: &Parameters) -> Result<Url, CoreError> {
    provider.token_endpoint(parameters).map_err(|error| bad_parameter(&error))
}

pub(super) fn bad_parameter(error: &ParameterError) -> CoreError {
    let problem = if matches!(error, ParameterError::Missing(_)) { "required" } else { "unknown" };
    CoreError::new(ErrorCode::BadInput).with("field", error.parameter().to_owned()).with("problem", problem)
}

/// A token request as this provider wants it.
pub(super) fn dressed(provider: &Provider, request: Request) -> Result<Request, oauth::RequestError> {
    provider.dress().on(request)
}

/// Judges a token answer where this provider puts its tokens.
pub(super) fn judged(
    provider: &Provider,
    response: &Response,
    asked: &[String],
    sent_at: jiff::Timestamp,
) -> Result<oauth::Grant, TokenError> {
    oauth::judge_token_response_in(response, &provider.answer_shape(), asked, sent_at)
}

/// When an access token ends of which the answer did not say it, where the provider's documentation does.
pub(super) fn known_end(provider: &Provider, obtained_at: jiff::Timestamp) -> Option<jiff::Timestamp> {
    provider.answer_shape().access_token_life.map(|life| add(obtained_at, life))
}

/// What the provider says in a token answer and nowhere else.
pub(super) fn said_in_answer(
    provider: &Provider,
    grant: &Grant,
) -> Result<Parameters, providers::TakenError> {
    // EXPOSE: parsed; what is taken is not secret, the catalogue's report sees to it.
    let raw = serde_json::from_str(grant.raw.whole().expose()).unwrap_or_default();
    provider.taken_from_token_answer(&raw)
}

/// Of what a provider said, what fills its addresses.
pub(super) fn parameters_in(provider: &Provider, said: &Parameters) -> Parameters {
    let fills = |name: &str| provider.parameters.iter().any(|one| one.name == name);
    let kept = said.iter().filter(|(name, _)| fills(name));
    kept.map(|(name, value)| (name.clone(), value.clone())).collect()
}
