//! A token on its way to a program. What renews the grant stays in the core.

use crate::http::Refused;
use crate::wire::Token;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use connections::FreshToken;
use connections::error::{CoreError, ErrorCode};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// Bytes around the token and the provider's answer, in most cases.
const ROOM: usize = 512;

/// The token as programs get it.
pub(crate) fn handed_out(token: &FreshToken) -> Token {
    Token {
        // EXPOSE: to the program that asked, over a socket of this person's own.
        access_token: token.access_token().expose().clone(),
        expires_at: token.expires_at().map(|at| at.to_string()),
        scopes: token.scopes().to_vec(),
        // EXPOSE: to the program that asked, as above.
        raw: serde_json::from_str(token.raw().expose()).unwrap_or_default(),
        extras: token.extras().clone(),
    }
}

/// The same as the body of an answer: the provider's own answer goes through as it is, without being taken apart.
pub(crate) fn answer_with(token: &FreshToken) -> Response {
    let body = Body {
        // EXPOSE: to the program that asked, as above.
        access_token: token.access_token().expose(),
        expires_at: token.expires_at(),
        scopes: token.scopes(),
        // EXPOSE: to the program that asked, as above.
        raw: serde_json::from_str(token.raw().expose()).unwrap_or(RawValue::NULL),
        extras: token.extras(),
    };
    let json = HeaderValue::from_static("application/json");
    let mut written = Vec::with_capacity(body.access_token.len() + body.raw.get().len() + ROOM);
    match serde_json::to_writer(&mut written, &body) {
        Ok(()) => ([(header::CONTENT_TYPE, json)], written).into_response(),
        // Texts, a list and a map of texts: nothing that could not be written.
        Err(_) => Refused(CoreError::new(ErrorCode::Defect)).into_response(),
    }
}

/// As [`Token`], borrowed.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    access_token: &'a str,
    expires_at: Option<Timestamp>,
    scopes: &'a [String],
    raw: &'a RawValue,
    extras: &'a BTreeMap<String, String>,
}
