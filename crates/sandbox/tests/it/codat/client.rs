//! A small client of Codat's API that says exactly what a test tells it to.

use crate::client::http;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::{Method, Response};
use sandbox::codat::{API_KEY, Settings};
use sandbox::{Options, Sandbox};
use serde_json::Value;
use std::time::Duration;

pub(crate) async fn codat(settings: Settings) -> Sandbox {
    Sandbox::start(Options { codat: settings, ..Options::default() }).await.unwrap()
}

/// One where pull operations take eight seconds, one stage a second.
pub(crate) async fn usual() -> Sandbox {
    codat(Settings { pace: Duration::from_secs(8), ..Settings::default() }).await
}

pub(crate) fn basic() -> String {
    format!("Basic {}", STANDARD.encode(API_KEY))
}

pub(crate) async fn send(
    world: &Sandbox,
    method: Method,
    path: &str,
    authorization: &str,
    body: Option<Value>,
) -> Response {
    let mut request = http().request(method, format!("{}{path}", world.codat_api()));
    if !authorization.is_empty() {
        request = request.header("authorization", authorization);
    }
    if let Some(body) = body {
        request = request.header("content-type", "application/json").body(body.to_string());
    }
    request.send().await.unwrap()
}

pub(crate) async fn get(world: &Sandbox, path: &str) -> Value {
    let answer = send(world, Method::GET, path, &basic(), None).await;
    assert_eq!(answer.status(), 200, "{path}");
    answer.json().await.unwrap()
}

pub(crate) async fn get_status(world: &Sandbox, path: &str) -> u16 {
    send(world, Method::GET, path, &basic(), None).await.status().as_u16()
}

/// With a body or without; answers status and body, null where there is none.
pub(crate) async fn act(world: &Sandbox, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
    let answer = send(world, method, path, &basic(), body).await;
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or(Value::Null))
}

/// An access token of a company, from today's path.
pub(crate) async fn token(world: &Sandbox, company: &str) -> String {
    let answer = get(world, &format!("/companies/{company}/accessToken")).await;
    answer["accessToken"].as_str().unwrap().to_owned()
}

pub(crate) fn connection_path(of: &sandbox::codat::Known) -> String {
    format!("/companies/{}/connections/{}", of.company, of.connection)
}

/// A connection as the API shows it now.
pub(crate) async fn shown(world: &Sandbox, of: &sandbox::codat::Known) -> Value {
    get(world, &connection_path(of)).await
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("a text instead of {value}")).to_owned()
}
