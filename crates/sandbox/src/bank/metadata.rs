//! What the bank says about itself; one document serves both well-known addresses.
//!
//! Source: RFC 8414 §2 and §3, OIDC Discovery §3, RFC 9207 §3 (checked 2026-11-21).

use super::Bank;
use super::clients::SCOPES;
use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};
use std::sync::Arc;

const GRANT_TYPES: [&str; 4] = [
    "authorization_code",
    "refresh_token",
    "client_credentials",
    "urn:ietf:params:oauth:grant-type:device_code",
];
const METHODS: [&str; 3] = ["none", "client_secret_basic", "client_secret_post"];

pub(super) async fn document(State(bank): State<Arc<Bank>>) -> Json<Value> {
    let at = |path: &str| format!("{}{path}", bank.issuer);
    Json(json!({
        "issuer": bank.issuer,
        "authorization_endpoint": at("/oauth/authorize"),
        "token_endpoint": at("/oauth/token"),
        "device_authorization_endpoint": at("/oauth/device_authorization"),
        "revocation_endpoint": at("/oauth/revoke"),
        "userinfo_endpoint": at("/oauth/userinfo"),
        "jwks_uri": at("/oauth/jwks"),
        "scopes_supported": SCOPES,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": GRANT_TYPES,
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": METHODS,
        "revocation_endpoint_auth_methods_supported": METHODS,
        "authorization_response_iss_parameter_supported": true,
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "request_uri_parameter_supported": false,
        "ui_locales_supported": ["en", "pt-BR"],
    }))
}

pub(super) async fn keys(State(bank): State<Arc<Bank>>) -> Json<Value> {
    Json(json!({ "keys": [bank.signer.public_key()] }))
}
