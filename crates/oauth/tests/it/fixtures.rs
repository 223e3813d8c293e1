//! One server, one client, one attempt; an instant that stands still.

use jiff::Timestamp;
use oauth::{AttemptSecrets, AuthorizationRequest, Request, Response, ServerMetadata, authorization_url};
use secret::Secret;
use std::collections::BTreeMap;
use url::Url;

/// The issuer, to the letter.
pub(crate) const ISSUER: &str = "https://bank.example/tenant";
/// Where answers arrive.
pub(crate) const REDIRECT: &str = "http://127.0.0.1:49152/callback";
/// Our id at the server.
pub(crate) const CLIENT: &str = "client-1";

/// 2026-11-21T12:00:00Z.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_second(1_795_262_400).unwrap()
}

/// `seconds` from [`now`].
pub(crate) fn later(seconds: i64) -> Timestamp {
    Timestamp::from_second(now().as_second() + seconds).unwrap()
}

pub(crate) fn metadata() -> ServerMetadata {
    let at = |path: &str| Url::parse(&format!("https://bank.example/{path}")).unwrap();
    ServerMetadata {
        issuer: Some(ISSUER.to_owned()),
        authorization_endpoint: at("authorize"),
        token_endpoint: at("token"),
        device_authorization_endpoint: None,
        revocation_endpoint: Some(at("revoke")),
        userinfo_endpoint: Some(at("userinfo")),
        jwks_uri: Some(at("keys")),
        scopes_supported: Vec::new(),
        client_authentication_methods: Vec::new(),
        id_token_algorithms: Vec::new(),
        iss_parameter_supported: true,
    }
}

pub(crate) fn secrets() -> AttemptSecrets {
    AttemptSecrets::from_random([1; 32], [2; 32], [3; 32])
}

/// The address of an ordinary authorization request.
pub(crate) fn address() -> Url {
    address_with(&["accounts".to_owned()], &[])
}

pub(crate) fn address_with(scopes: &[String], extra: &[(String, String)]) -> Url {
    authorization_url(&AuthorizationRequest {
        metadata: &metadata(),
        client_id: CLIENT,
        redirect_uri: REDIRECT,
        scopes,
        scope_separator: " ",
        secrets: &secrets(),
        pkce: true,
        extra,
    })
    .unwrap()
}

/// The value of a parameter that occurs exactly once.
pub(crate) fn parameter(address: &Url, name: &str) -> Option<String> {
    let mut values =
        address.query_pairs().filter(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let value = values.next();
    assert!(values.next().is_none(), "{name} occurs once");
    value
}

/// The state of [`secrets`].
pub(crate) fn state() -> String {
    parameter(&address(), "state").unwrap()
}

pub(crate) fn answer(status: u16, body: impl AsRef<[u8]>) -> Response {
    Response {
        status,
        content_type: Some("application/json".to_owned()),
        retry_after: None,
        body: Secret::new(body.as_ref().to_vec()),
    }
}

pub(crate) fn answer_with_pause(status: u16, body: &str, retry_after: &str) -> Response {
    Response { retry_after: Some(retry_after.to_owned()), ..answer(status, body) }
}

/// The form in the body of a request; no name occurs twice.
pub(crate) fn form(request: &http::Request<Vec<u8>>) -> BTreeMap<String, String> {
    let pairs: Vec<_> = url::form_urlencoded::parse(request.body()).into_owned().collect();
    let form: BTreeMap<_, _> = pairs.iter().cloned().collect();
    assert_eq!(form.len(), pairs.len(), "no parameter is repeated (RFC 6749 §3.2)");
    form
}

pub(crate) fn header(request: &http::Request<Vec<u8>>, name: http::HeaderName) -> Option<String> {
    request.headers().get(name).map(|value| value.to_str().unwrap().to_owned())
}

/// What a request prints must not show what it carries.
pub(crate) fn taken(request: Request) -> http::Request<Vec<u8>> {
    let printed = format!("{request:?}{request:#?}");
    assert!(!printed.contains("CANARY"), "{printed}");
    request.into_http()
}
