//! API keys and connect tokens: how they are issued, and what each of them may do.
//!
//! Invariants
//! - An API key may do everything for two hours; a connect token, for half an hour, only what Pluggy's guide on
//!   authentication lists.
//! - A token is known by its hash. Its signature says nothing here; what was not issued here is refused.
//!
//! Sources: Pluggy's guide on authentication; npm `pluggy-sdk` 0.90.0 `baseApi.js` (an API key is a JWT whose `exp` is
//! read), npm `pluggy-js` 0.19.3 `pluggy.js` (403 for a request that is not authorized) (checked 2026-11-21).

use super::World;
use super::book::{Session, SessionOptions, Token};
use super::item::Item;
use super::json::body;
use super::redirect;
use super::refusal::Refusal;
use crate::clock::later;
use crate::values::{base64url, random, sha256};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use ring::hmac;
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use subtle::ConstantTimeEq as _;

/// The client that is known here: its id.
pub(super) const CLIENT_ID: &str = "6d6f6f72-696e-4672-8c61-63746963653a";
/// The client's secret. Synthetic: it opens made-up data on this machine only.
pub(super) const CLIENT_SECRET: &str = "practice-5b0d7f1e-client-secret";

const KEY_LIFE: Duration = Duration::from_secs(2 * 60 * 60);
const CONNECT_LIFE: Duration = Duration::from_secs(30 * 60);

/// Who asks.
pub(super) enum Caller {
    /// Somebody with an API key.
    Client,
    /// Somebody with a connect token.
    Session { sha256: String, session: Session },
}

/// Somebody with an API key; anybody else is refused.
pub(super) struct Client;

impl Caller {
    /// Whether this caller may read and update an item.
    pub(super) fn may_use(&self, item: &Item) -> bool {
        match self {
            Self::Client => true,
            Self::Session { sha256, session } => {
                item.made_with.as_ref() == Some(sha256) || session.item.as_ref() == Some(&item.id)
            }
        }
    }
}

impl FromRequestParts<Arc<World>> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, world: &Arc<World>) -> Result<Self, Refusal> {
        let refused = || {
            // Its documentation lists both; its own client for browsers expects the first.
            let unusual = world.mood().plays(crate::Misbehaviour::PluggyUnauthorized401);
            let status = if unusual { StatusCode::UNAUTHORIZED } else { StatusCode::FORBIDDEN };
            Refusal::new(status, "Missing or invalid authorization token")
        };
        let token = presented(&parts.headers).ok_or_else(refused)?;
        let (sha256, now) = (sha256(token), world.now());
        let found = world.book.look(|state| {
            state.tokens.iter().find(|token| token.sha256 == sha256 && now < token.expires_at).cloned()
        });
        Ok(match found.ok_or_else(refused)?.connect {
            None => Self::Client,
            Some(session) => Self::Session { sha256, session },
        })
    }
}

impl FromRequestParts<Arc<World>> for Client {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, world: &Arc<World>) -> Result<Self, Refusal> {
        match Caller::from_request_parts(parts, world).await? {
            Caller::Client => Ok(Self),
            Caller::Session { .. } => Err(out_of_scope()),
        }
    }
}

/// A connect token is used for what only an API key may do.
pub(super) fn out_of_scope() -> Refusal {
    Refusal::forbidden("This token does not have the permission for this request")
}

/// The token of a request: `X-API-KEY`, or a bearer token.
fn presented(headers: &HeaderMap) -> Option<&str> {
    let key = headers.get("x-api-key").and_then(|value| value.to_str().ok());
    let bearer = || headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ");
    key.or_else(bearer).filter(|token| !token.is_empty())
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Credentials {
    client_id: String,
    client_secret: String,
}

/// `POST /auth`.
pub(super) async fn auth(State(world): State<Arc<World>>, bytes: Bytes) -> Result<Response, Refusal> {
    let given: Credentials = body(&bytes)?;
    let id = given.client_id.as_bytes().ct_eq(CLIENT_ID.as_bytes());
    let secret = given.client_secret.as_bytes().ct_eq(CLIENT_SECRET.as_bytes());
    if !bool::from(id & secret) {
        let refusal = Refusal::new(StatusCode::UNAUTHORIZED, "Client keys are invalid");
        return Err(refusal.described("CLIENT_KEYS_INVALID"));
    }
    let key = world.issue(None)?;
    Ok(Json(json!({ "apiKey": key })).into_response())
}

/// What is asked for a connect token.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ConnectRequest {
    item_id: Option<String>,
    options: Option<SessionOptions>,
}

/// `POST /connect_token`.
pub(super) async fn connect_token(
    State(world): State<Arc<World>>,
    _: Client,
    bytes: Bytes,
) -> Result<Json<Value>, Refusal> {
    let token = world.issue_connect(&bytes)?;
    Ok(Json(json!({ "accessToken": token })))
}

/// `POST /company/connect-token`: the endpoint that a company serves for its own pages, in front of Pluggy.
pub(super) async fn company(State(world): State<Arc<World>>, bytes: Bytes) -> Response {
    let failed = |status, error: &str| (status, Json(json!({ "error": error }))).into_response();
    if world.mood().plays(crate::Misbehaviour::PluggyCompanyFails) {
        return failed(StatusCode::INTERNAL_SERVER_ERROR, "The company's server has no Pluggy credentials");
    }
    let ignores = world.mood().plays(crate::Misbehaviour::PluggyCompanyIgnoresItem);
    match world.issue_connect_for(&bytes, !ignores) {
        Ok(token) => Json(json!({ "accessToken": token })).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

impl World {
    fn issue_connect(&self, bytes: &Bytes) -> Result<String, Refusal> {
        self.issue_connect_for(bytes, true)
    }

    fn issue_connect_for(&self, bytes: &Bytes, heeds_item: bool) -> Result<String, Refusal> {
        let asked: ConnectRequest = body(bytes)?;
        let options = asked.options.unwrap_or_default();
        redirect::check(options.oauth_redirect_uri.as_deref())?;
        if let Some(id) = &asked.item_id
            && self.book.look(|state| state.item(id).is_none())
        {
            return Err(Refusal::not_found("Item"));
        }
        Ok(self.issue(Some(Session { item: asked.item_id.filter(|_| heeds_item), options }))?)
    }

    /// A new token: an API key, or a connect token for a session.
    fn issue(&self, connect: Option<Session>) -> std::io::Result<String> {
        let now = self.now();
        let life = if connect.is_some() { CONNECT_LIFE } else { KEY_LIFE };
        let expires_at = later(now, life);
        let claims = json!({
            "clientId": CLIENT_ID,
            "jti": random()?,
            "iat": now.as_second(),
            "exp": expires_at.as_second(),
        });
        let header = json!({ "alg": "HS256", "typ": "JWT" });
        let content = format!("{}.{}", base64url(header.to_string()), base64url(claims.to_string()));
        let key = hmac::Key::new(hmac::HMAC_SHA256, random()?.as_bytes());
        let token = format!("{content}.{}", base64url(hmac::sign(&key, content.as_bytes())));
        let kept = Token { sha256: sha256(&token), expires_at, connect };
        self.book.change(|state| state.add_token(kept, now))?;
        Ok(token)
    }
}
