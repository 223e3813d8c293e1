//! OAuth 2.0 as values: requests are built, responses are judged.
//!
//! Knows no socket, clock, randomness, file, provider or vault: random bytes, the present instant and the answers of
//! servers are arguments. Requests are made with the `oauth2` crate; answers are judged here, because what is kept of
//! a half-broken answer decides whether a connection survives.
//!
//! Invariants
//! - `state` is compared before anything else in an answer counts, in constant time.
//! - Errors hold no token, code, body or query; what they quote of a server is bounded and printable.
//! - A refresh token in an answer that is otherwise unusable is not lost ([`TokenError::salvaged`]).
//!
//! Source: RFC 6749, 6750, 7009, 7636, 8252, 8414, 8628, 9207, 9700; OpenID Connect Core 1.0 and Discovery 1.0.

mod attempt_secrets;
mod authorization_request;
mod authorization_response;
mod client;
mod client_form;
mod device;
mod dress;
mod error_code;
mod id_token;
mod json;
mod metadata;
mod revocation;
mod token_request;
mod token_response;
mod userinfo;

pub use attempt_secrets::AttemptSecrets;
pub use authorization_request::{AuthorizationRequest, RequestError, authorization_url};
pub use authorization_response::{
    AuthorizationResponse, AuthorizationResponseError, ExpectedResponse, is_redirect,
    judge_authorization_response, state_of,
};
pub use client::{ClientAuthentication, ClientRegistration};
pub use device::{
    DeviceAuthorization, DeviceError, DevicePoll, device_authorization_request, device_token_request,
    judge_device_authorization, judge_device_token,
};
pub use dress::{Dress, Encoding};
pub use error_code::ServerError;
pub use id_token::{ExpectedIdentity, IdTokenError, Identity, Jwks, judge_id_token, judge_renewed_id_token};
pub use metadata::{DiscoveryError, ServerMetadata, discovery_urls, is_acceptable_endpoint, judge_discovery};
pub use revocation::{RevocationOutcome, judge_revocation, revocation_request};
pub use token_request::{
    client_credentials_request, code_request, get_request, refresh_request, userinfo_request,
};
pub use token_response::{
    AnswerShape, Disposition, Grant, TokenError, carry_over, judge_token_response, judge_token_response_in,
};
pub use userinfo::{AccountsShape, UserinfoError, judge_accounts, judge_userinfo};
pub use web::{RateLimit, Request, Response};
