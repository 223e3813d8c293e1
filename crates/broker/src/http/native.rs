//! Our own paths, under `/v1`. Described in `docs/openapi.yaml`.

use super::{Asker, Refused, Site, json_members};
use crate::caller::Access;
use crate::handing_out::answer_with;
use crate::listed;
use crate::paging::PageAsk;
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use connections::ConnectionKey;
use connections::error::{CoreError, ErrorCode};
use jiff::SignedDuration;
use secret::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

type Answer = Result<Json<Value>, Refused>;

/// Who answers, and what a page needs to begin an authorization.
pub(super) async fn status(State(site): State<Arc<Site>>) -> Json<Value> {
    Json(json!({
        "version": env!("CARGO_PKG_VERSION"),
        "pid": std::process::id(),
        "publishableKey": site.publishable_key,
        "callback": site.callback(),
    }))
}

/// Which part of a list is asked for, as a query has it.
#[derive(Deserialize)]
pub(super) struct Part {
    limit: Option<String>,
    cursor: Option<String>,
}

impl Part {
    fn ask(self) -> Result<PageAsk, CoreError> {
        let bent =
            |_| CoreError::new(ErrorCode::BadInput).with("field", "limit").with("problem", "is no number");
        let limit = self.limit.map(|text| text.parse::<u32>().map_err(bent)).transpose()?;
        Ok(PageAsk { limit, cursor: self.cursor })
    }
}

/// Connections, in pages.
pub(super) async fn connections(
    State(site): State<Arc<Site>>,
    Query(part): Query<Part>,
    Asker(caller): Asker,
) -> Answer {
    let ask = part.ask()?;
    let work = async { listed::connections(&site.core, &ask) };
    let (page, next) = site.admitted(&caller, Access::List, None, work).await?;
    Ok(Json(json!({ "connections": page, "next": next })))
}

/// How long a token must live.
#[derive(Deserialize)]
pub(super) struct Lasting {
    min_ttl: Option<String>,
}

/// A fresh token.
pub(super) async fn token(
    State(site): State<Arc<Site>>,
    Path((config_key, connection_id)): Path<(String, String)>,
    Query(lasting): Query<Lasting>,
    Asker(caller): Asker,
) -> Result<Response, Refused> {
    let key = ConnectionKey::parse(&config_key, &connection_id)?;
    let min_ttl = lasting.min_ttl.as_deref().map(seconds).transpose()?;
    let work = site.core.token(&key, min_ttl, &caller.name);
    let token = site.admitted(&caller, Access::Token, Some(&key), work).await?;
    Ok(answer_with(&token))
}

/// A token in place of one that the provider refused.
pub(super) async fn token_rejected(
    State(site): State<Arc<Site>>,
    Path((config_key, connection_id)): Path<(String, String)>,
    Asker(caller): Asker,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let members = match json_members(&site, &headers, body).await {
        Ok(members) => members,
        Err(refusal) => return *refusal,
    };
    let rejected = members.get("token").and_then(Value::as_str).filter(|token| !token.is_empty());
    let work = async {
        let key = ConnectionKey::parse(&config_key, &connection_id)?;
        let missing =
            || CoreError::new(ErrorCode::BadInput).with("field", "token").with("problem", "missing");
        let rejected = SecretString::from(rejected.ok_or_else(missing)?);
        let work = site.core.token_rejected(&key, &rejected, &caller.name);
        site.admitted(&caller, Access::Token, Some(&key), work).await
    };
    match work.await {
        Ok(token) => answer_with(&token),
        Err(refused) => Refused(refused).into_response(),
    }
}

fn seconds(text: &str) -> Result<SignedDuration, CoreError> {
    let digits = text.strip_suffix('s').unwrap_or(text);
    digits.parse::<u32>().map(|seconds| SignedDuration::from_secs(i64::from(seconds))).map_err(|_| {
        CoreError::new(ErrorCode::BadInput)
            .with("field", "min_ttl")
            .with("problem", "is not a number of seconds")
    })
}

/// Of one connection only.
#[derive(Deserialize)]
pub(super) struct Of {
    config_key: Option<String>,
    connection_id: Option<String>,
}

/// Accounts that were fetched, in pages.
pub(super) async fn accounts(
    State(site): State<Arc<Site>>,
    Query(of): Query<Of>,
    Query(part): Query<Part>,
    Asker(caller): Asker,
) -> Answer {
    let ask = part.ask()?;
    let only = match (of.config_key, of.connection_id) {
        (Some(config_key), Some(connection_id)) => Some(ConnectionKey::parse(&config_key, &connection_id)?),
        (None, None) => None,
        _ => {
            let half = CoreError::new(ErrorCode::BadInput).with("field", "config_key and connection_id");
            return Err(half.with("problem", "belong together").into());
        }
    };
    let work = async {
        if let Some(key) = &only {
            site.core.connection(key)?;
        }
        listed::accounts(&site.core, only.as_ref(), &ask).await
    };
    let (page, next) = site.admitted(&caller, Access::ReadData, only.as_ref(), work).await?;
    Ok(Json(json!({ "accounts": page, "next": next })))
}

/// Lines of an account, in pages.
pub(super) async fn transactions(
    State(site): State<Arc<Site>>,
    Path((config_key, connection_id, account_id)): Path<(String, String, String)>,
    Query(part): Query<Part>,
    Asker(caller): Asker,
) -> Answer {
    let (key, ask) = (ConnectionKey::parse(&config_key, &connection_id)?, part.ask()?);
    let work = listed::transactions(&site.core, &key, &account_id, &ask);
    let (page, next) = site.admitted(&caller, Access::ReadData, Some(&key), work).await?;
    Ok(Json(json!({ "transactions": page, "next": next })))
}
