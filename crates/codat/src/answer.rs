//! The first look at an answer: success with JSON, success without, or an error.

use crate::ApiError;
use crate::json::Object;
use jiff::Timestamp;
use serde_json::Value;
use web::Response;

/// Largest list that is read: companies carry their connections, integrations their features.
pub(crate) const LARGEST_LIST: usize = 16 << 20;

/// The JSON of a success.
pub(crate) fn success(response: &Response, now: Timestamp) -> Result<Value, ApiError> {
    let body = json(response);
    match (response.status, body) {
        (200..=299, Some(body)) => Ok(body),
        (200..=299, None) => Err(ApiError::unreadable(response.status)),
        (_, body) => Err(ApiError::of(response, body.as_ref(), now)),
    }
}

/// What `read` makes of the object of a success.
pub(crate) fn object<T>(
    response: &Response,
    now: Timestamp,
    read: impl FnOnce(Object<'_>) -> Option<T>,
) -> Result<T, ApiError> {
    let body = success(response, now)?;
    Object::of(&body).and_then(read).ok_or_else(|| ApiError::unreadable(response.status))
}

/// A success whose body does not matter.
///
/// # Errors
/// [`ApiError`].
pub fn judge_done(response: &Response, now: Timestamp) -> Result<(), ApiError> {
    match response.status {
        200..=299 => Ok(()),
        _ => Err(ApiError::of(response, json(response).as_ref(), now)),
    }
}

fn json(response: &Response) -> Option<Value> {
    // EXPOSE: parsed; members that are secret are moved into secrets by the callers.
    let body = response.body.expose();
    if body.len() > LARGEST_LIST {
        return None;
    }
    // Some servers put a byte order mark before their JSON.
    let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
    // The parser refuses more than 128 levels by itself.
    serde_json::from_slice(body).ok()
}
