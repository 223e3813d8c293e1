//! Caderno: a made-up bookkeeping service that hands out a key and knows no OAuth.
//!
//! Invariant: the key is compared in constant time, and a key that was revoked opens nothing until another one is made.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use subtle::ConstantTimeEq as _;

/// The header that carries the key.
pub const KEY_HEADER: &str = "x-caderno-key";
/// What each key begins with; the rest is its number.
const KEY_START: &str = "caderno-practice-";
/// Keys have four digits, so that they look alike.
const FIRST_KEY: u16 = 2041;

/// The service: which key is good, and whether it answers at all.
pub struct Caderno {
    key: AtomicU16,
    /// Zero, or the status that everything is answered with.
    trouble: AtomicU16,
}

impl Default for Caderno {
    fn default() -> Self {
        Self { key: AtomicU16::new(FIRST_KEY), trouble: AtomicU16::new(0) }
    }
}

impl Caderno {
    /// The key that is good now. It is synthetic, and written beside the field where it is asked.
    pub fn key(&self) -> String {
        format!("{KEY_START}{}", self.key.load(Ordering::Relaxed))
    }

    /// The person revokes the key at the service and makes another one; answers the new one.
    pub fn replace_key(&self) -> String {
        self.key.fetch_add(1, Ordering::Relaxed);
        self.key()
    }

    /// From now on everything is answered with this status; `None` ends that.
    pub fn trouble(&self, status: Option<u16>) {
        self.trouble.store(status.unwrap_or(0), Ordering::Relaxed);
    }

    fn opens(&self, headers: &HeaderMap) -> bool {
        let shown = headers.get(KEY_HEADER).map(axum::http::HeaderValue::as_bytes).unwrap_or_default();
        bool::from(shown.ct_eq(self.key().as_bytes()))
    }
}

pub(crate) fn routes(service: Arc<Caderno>) -> Router {
    Router::new().route("/api/me", get(me)).with_state(service)
}

/// Whom the key belongs to.
async fn me(State(service): State<Arc<Caderno>>, headers: HeaderMap) -> Response {
    if let Ok(status) = StatusCode::from_u16(service.trouble.load(Ordering::Relaxed)) {
        return status.into_response();
    }
    if !service.opens(&headers) {
        return (StatusCode::UNAUTHORIZED, Json(json!({ "error": "unknown key" }))).into_response();
    }
    Json(json!({ "synthetic": true, "company": "Ateliê Maré" })).into_response()
}
