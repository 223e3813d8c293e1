//! `GET /connection/:id`: a connection with a fresh token, in one body that all four dialects read.

use super::{first, instant, number_of, pairs};
use crate::caller::Access;
use crate::handing_out::handed_out;
use crate::http::{Asker, Site, error_json, sentence};
use crate::wire::Token;
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use connections::ConnectionKey;
use connections::error::{CoreError, ErrorCode};
use connections::view::ConnectionView;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The names that the query parameter had; the first is the older.
const KEY_NAMES: [&str; 2] = ["integration_key", "provider_config_key"];

/// Without a connection id.
pub(crate) async fn no_id() -> Response {
    error_json(StatusCode::BAD_REQUEST, "Missing param connection_id.")
}

/// A connection with a fresh token.
pub(crate) async fn show(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    Asker(caller): Asker,
) -> Response {
    let pairs = pairs(query.as_deref());
    let asked = KEY_NAMES.iter().find_map(|name| Some((*name, first(&pairs, name)?)));
    let Some((name, config_key)) = asked else {
        return error_json(StatusCode::BAD_REQUEST, "Missing param provider_config_key.");
    };
    let unknown = || {
        let text = format!("No matching connection for connection_id: {id} and {name}: {config_key}");
        error_json(StatusCode::BAD_REQUEST, text)
    };
    let Some(key) = resolve(&site, &config_key, &id) else { return unknown() };
    let work = async {
        let token = site.core.token(&key, None, &caller.name).await?;
        Ok((token, site.core.connection(&key)?, site.core.parameters(&key)?))
    };
    match site.admitted(&caller, Access::Token, Some(&key), work).await {
        Ok((token, view, parameters)) => Json(body(&view, &parameters, handed_out(&token))).into_response(),
        // In Pizzly a connection is there once it has been approved.
        Err(error) if matches!(error.code, ErrorCode::NotApproved | ErrorCode::UnknownConnection) => {
            unknown()
        }
        Err(error) => refused(&error),
    }
}

/// The connection that is meant: as the contract says, or the other way round, as the first document had it.
fn resolve(site: &Site, config_key: &str, id: &str) -> Option<ConnectionKey> {
    let known = |config_key: &str, id: &str| {
        let key = ConnectionKey::parse(config_key, id).ok()?;
        site.core.connection(&key).is_ok().then_some(key)
    };
    known(config_key, id).or_else(|| known(id, config_key))
}

/// What a program did wrong or may not is told as JSON; a renewal that failed as the plain text that it always was.
fn refused(error: &CoreError) -> Response {
    let text = sentence(error);
    match error.code {
        ErrorCode::NotPermitted => error_json(StatusCode::FORBIDDEN, text),
        ErrorCode::NoTokens | ErrorCode::Disconnected | ErrorCode::Paused => {
            error_json(StatusCode::BAD_REQUEST, text)
        }
        _ => {
            let text =
                format!("There was a problem refreshing the OAuth 2 credentials, operation failed: {text}");
            (StatusCode::INTERNAL_SERVER_ERROR, text).into_response()
        }
    }
}

/// All names of all dialects; no client minds those of the others.
fn body(view: &ConnectionView, parameters: &BTreeMap<String, String>, token: Token) -> Value {
    let expires_at = token.expires_at.as_deref().and_then(|text| text.parse::<Timestamp>().ok());
    let raw = raw_response(token.raw, expires_at);
    let mut credentials = Map::new();
    credentials.insert("type".to_owned(), json!("OAUTH2"));
    for name in ["access_token", "accessToken"] {
        credentials.insert(name.to_owned(), json!(token.access_token));
    }
    if let Some(at) = expires_at {
        for name in ["expires_at", "expiresAt"] {
            credentials.insert(name.to_owned(), json!(instant(at)));
        }
    }
    credentials.insert("raw".to_owned(), raw.clone());
    let updated = [Some(view.created_at), view.last_authorized_at, view.last_refreshed_at];
    let config: Map<String, Value> = parameters
        .iter()
        .map(|(name, value)| (format!("connectionConfig.params.{name}"), json!(value)))
        .collect();
    let mut bare = json!({
        "id": number_of(&view.key.to_string()),
        "created_at": instant(view.created_at),
        "updated_at": instant(updated.into_iter().flatten().max().unwrap_or(view.created_at)),
        "integration_key": view.key.config_key,
        "provider_config_key": view.key.config_key,
        "connection_id": view.key.connection_id,
        "credentials": credentials,
        "connection_config": config,
        "raw_response": raw,
    });
    let wrapped = bare.clone();
    if let Some(members) = bare.as_object_mut() {
        members.insert("connection".to_owned(), wrapped);
    }
    bare
}

/// The provider's answer as Pizzly's library left it: with the instant of its end where a lifetime was told.
fn raw_response(mut raw: Value, expires_at: Option<Timestamp>) -> Value {
    if let Some(members) = raw.as_object_mut()
        && members.contains_key("expires_in")
        && let Some(at) = expires_at
    {
        members.entry("expires_at").or_insert_with(|| json!(instant(at)));
    }
    raw
}
