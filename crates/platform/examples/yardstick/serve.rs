//! Servers that do as little as a server can.

use anyhow::Result;
use axum::body::Bytes;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::net::TcpListener;

/// Answers with `bytes` bytes until it is ended.
pub(crate) async fn echo(bytes: usize) -> Result<()> {
    let body = Bytes::from(vec![b'x'; bytes]);
    let json = || [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    listen(Router::new().fallback(get(async move || (json(), body.clone())))).await
}

/// A provider that renews whatever it is asked to renew, after `milliseconds`.
pub(crate) async fn provider(milliseconds: u64) -> Result<()> {
    let asked = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&asked);
    let token = async move |body: Bytes| token(&asked, &body, Duration::from_millis(milliseconds)).await;
    let count = async move || counted.load(Ordering::SeqCst).to_string();
    listen(Router::new().route("/token", post(token)).route("/count", get(count))).await
}

async fn token(asked: &AtomicU64, body: &[u8], pause: Duration) -> Response {
    let number = asked.fetch_add(1, Ordering::SeqCst);
    if !pause.is_zero() {
        tokio::time::sleep(pause).await;
    }
    if !body.windows(14).any(|part| part == b"refresh_token=") {
        return (StatusCode::BAD_REQUEST, Json(serde_json::json!({ "error": "invalid_request" })))
            .into_response();
    }
    // As long as the tokens of many a provider.
    let long = "x".repeat(800);
    let answer = serde_json::json!({
        "access_token": format!("access-{number}-{long}"),
        "refresh_token": format!("refresh-{number}"),
        "token_type": "bearer",
        "expires_in": 3600,
    });
    Json(answer).into_response()
}

async fn listen(router: Router) -> Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("listening {}", listener.local_addr()?);
    Ok(axum::serve(listener, router).await?)
}
