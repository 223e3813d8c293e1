//! Reads bodies: small ones, in time, and JSON objects only.

use super::{LARGEST, Site, error_json};
use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use serde_json::{Map, Value};

/// The members of a JSON object; a body that is none, too large or too slow has its refusal.
pub(crate) async fn json_members(
    site: &Site,
    headers: &HeaderMap,
    body: Body,
) -> Result<Map<String, Value>, Box<Response>> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, "The body must be application/json.");
    }
    let read = tokio::time::timeout(site.limits.body_within, axum::body::to_bytes(body, LARGEST)).await;
    let bytes = match read {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(_)) => return refuse(StatusCode::PAYLOAD_TOO_LARGE, "The body is larger than 64 KiB."),
        Err(_) => return refuse(StatusCode::REQUEST_TIMEOUT, "The body took too long."),
    };
    // What serde says quotes the body, which may hold a secret: the fact is enough.
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(members)) => Ok(members),
        _ => refuse(StatusCode::BAD_REQUEST, "The body is no JSON object."),
    }
}

fn refuse<T>(status: StatusCode, text: &str) -> Result<T, Box<Response>> {
    Err(Box::new(error_json(status, text)))
}
