//! Rate limits: so many requests a minute to one endpoint.
//!
//! Pluggy limits some endpoints to 20 or 360 a minute. Here a limit holds only when a misbehaviour asks for it, because
//! tests and large practice profiles would otherwise wait for real minutes.
//!
//! Source: Pluggy's documentation on rate limits: `Retry-After`, `RateLimit-Limit`, `-Remaining`, `-Reset`, and a body
//! of `{message, code: 429}` (checked 2026-11-21).

use super::World;
use super::refusal::Refusal;
use crate::Misbehaviour;
use crate::clock::later;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Addresses of endpoints have at most this many kinds; what is counted beyond it is forgotten.
const KINDS: usize = 64;

/// Requests of the current minute, by endpoint.
#[derive(Default)]
pub(super) struct Limits(Mutex<BTreeMap<String, Window>>);

struct Window {
    began_at: Timestamp,
    count: u32,
}

/// What is left of a limit.
struct Left {
    limit: u32,
    remaining: Option<u32>,
    seconds: i64,
}

impl Limits {
    fn count(&self, endpoint: String, limit: u32, length: Duration, now: Timestamp) -> Left {
        let mut windows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        windows.retain(|_, window| now < later(window.began_at, length));
        if windows.len() > KINDS {
            windows.clear();
        }
        let window = windows.entry(endpoint).or_insert(Window { began_at: now, count: 0 });
        window.count = window.count.saturating_add(1);
        let ends = later(window.began_at, length);
        let millis = ends.duration_since(now).as_millis();
        let seconds = i64::try_from(millis).unwrap_or(60_000).saturating_add(999) / 1000;
        Left { limit, remaining: limit.checked_sub(window.count), seconds: seconds.max(1) }
    }
}

/// Hands on what a limit allows.
pub(super) async fn guard(State(world): State<Arc<World>>, request: Request, next: Next) -> Response {
    let limit = world.mood().play(|one| match one {
        Misbehaviour::PluggyRateLimit(limit) => Some(limit),
        _ => None,
    });
    let Some(limit) = limit else { return next.run(request).await };
    let first = request.uri().path().split('/').find(|part| !part.is_empty()).unwrap_or_default();
    let left = world.limits.count(
        format!("{} {first}", request.method()),
        limit,
        world.settings.limit_window,
        world.now(),
    );
    let told = [
        ("ratelimit-limit", i64::from(left.limit)),
        ("ratelimit-remaining", i64::from(left.remaining.unwrap_or(0))),
        ("ratelimit-reset", left.seconds),
    ];
    if left.remaining.is_some() {
        return with_headers(next.run(request).await, &told);
    }
    let refusal = Refusal::new(StatusCode::TOO_MANY_REQUESTS, "Too many requests, please try again later.");
    let response = with_headers(refusal.into_response(), &told);
    with_headers(response, &[(header::RETRY_AFTER.as_str(), left.seconds)])
}

fn with_headers(mut response: Response, headers: &[(&str, i64)]) -> Response {
    for (name, value) in headers {
        if let Ok(name) = HeaderName::try_from(*name) {
            response.headers_mut().insert(name, HeaderValue::from(*value));
        }
    }
    response
}
