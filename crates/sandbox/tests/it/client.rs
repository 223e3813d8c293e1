//! A small OAuth client that says exactly what a test tells it to.

use reqwest::{Client as Http, RequestBuilder, Response, redirect::Policy};
use sandbox::person::{self, Choices};
use sandbox::{Options, Sandbox};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;

pub(crate) const VERIFIER: &str = "verifier-verifier-verifier-verifier-verifier";
pub(crate) const REDIRECT: &str = "http://127.0.0.1:7777/callback";

pub(crate) async fn bank() -> Sandbox {
    Sandbox::start(Options::default()).await.unwrap()
}

pub(crate) fn http() -> Http {
    Http::builder().redirect(Policy::none()).no_proxy().build().unwrap()
}

/// A good authorization request, with some parameters replaced, added, or (empty) left out.
pub(crate) fn authorization_url(bank: &Sandbox, changes: &[(&str, &str)]) -> String {
    let challenge = base64::Engine::encode(
        &base64::engine::general_purpose::URL_SAFE_NO_PAD,
        Sha256::digest(VERIFIER.as_bytes()),
    );
    let usual = [
        ("response_type", "code"),
        ("client_id", bank.client_id()),
        ("redirect_uri", REDIRECT),
        ("scope", "openid profile accounts"),
        ("state", "state-1"),
        ("nonce", "nonce-1"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    let kept = usual.iter().filter(|(name, _)| !changes.iter().any(|(other, _)| other == name));
    let all = kept.chain(changes.iter().filter(|(_, value)| !value.is_empty()));
    let mut url = url::Url::parse(&format!("{}/oauth/authorize", bank.issuer())).unwrap();
    url.query_pairs_mut().extend_pairs(all);
    url.into()
}

pub(crate) fn query(address: &str) -> HashMap<String, String> {
    url::Url::parse(address).unwrap().query_pairs().into_owned().collect()
}

/// Where an allowing person comes back with.
pub(crate) async fn approved(bank: &Sandbox) -> HashMap<String, String> {
    let url = authorization_url(bank, &[]);
    query(&person::approve(&url, &Choices::default()).await.unwrap())
}

pub(crate) async fn code(bank: &Sandbox) -> String {
    approved(bank).await.remove("code").unwrap()
}

pub(crate) fn post(bank: &Sandbox, path: &str, form: &[(&str, &str)]) -> RequestBuilder {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let content_type = "application/x-www-form-urlencoded";
    http().post(format!("{}{path}", bank.issuer())).header("content-type", content_type).body(body)
}

pub(crate) async fn exchange(bank: &Sandbox, code: &str, changes: &[(&str, &str)]) -> Response {
    exchange_request(bank, code, changes).send().await.unwrap()
}

pub(crate) fn exchange_request(bank: &Sandbox, code: &str, changes: &[(&str, &str)]) -> RequestBuilder {
    let usual = [
        ("grant_type", "authorization_code"),
        ("client_id", bank.client_id()),
        ("code", code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
    ];
    let kept = usual.iter().filter(|(name, _)| !changes.iter().any(|(other, _)| other == name));
    let all: Vec<_> = kept.chain(changes.iter().filter(|(_, value)| !value.is_empty())).copied().collect();
    post(bank, "/oauth/token", &all)
}

pub(crate) fn refresh_request(bank: &Sandbox, refresh_token: &str) -> RequestBuilder {
    let form =
        [("grant_type", "refresh_token"), ("client_id", bank.client_id()), ("refresh_token", refresh_token)];
    post(bank, "/oauth/token", &form)
}

pub(crate) async fn refresh(bank: &Sandbox, refresh_token: &str) -> Response {
    refresh_request(bank, refresh_token).send().await.unwrap()
}

/// A whole connection: the token response of a fresh approval.
pub(crate) async fn connected(bank: &Sandbox) -> Value {
    let answer = exchange(bank, &code(bank).await, &[]).await;
    assert_eq!(answer.status(), 200);
    answer.json().await.unwrap()
}

pub(crate) async fn api(bank: &Sandbox, path: &str, access_token: &str) -> Response {
    http().get(format!("{}{path}", bank.issuer())).bearer_auth(access_token).send().await.unwrap()
}

pub(crate) async fn accounts_status(bank: &Sandbox, access_token: &str) -> u16 {
    api(bank, "/api/accounts", access_token).await.status().as_u16()
}

pub(crate) fn text<'a>(answer: &'a Value, member: &str) -> &'a str {
    answer[member].as_str().unwrap_or_else(|| panic!("{member} in {answer}"))
}

/// Status and RFC 6749 error code.
pub(crate) async fn refusal(answer: Response) -> (u16, String) {
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.unwrap();
    (status, text(&body, "error").to_owned())
}

pub(crate) fn invalid_grant() -> (u16, String) {
    (400, "invalid_grant".to_owned())
}
