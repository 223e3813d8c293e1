//! Access tokens of a company, origins of web pages, and the redirect.
//!
//! Invariants
//! - A token is handed out once; what is kept is its hash.
//! - A redirect is set only where it can lead to an address that is registered.
//!
//! Source: the Platform API's OpenAPI description 3.0.0; the older token path lives an hour, today's a day. Whether
//! setting origins replaces or adds is not documented; here it replaces (checked 2026-11-21).

use super::World;
use super::answer::{Failure, object};
use super::knobs::Switch;
use super::link::leads_to_registered;
use crate::values::random;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use url::Url;

type Codat = State<Arc<World>>;
type Answer = Result<Response, Failure>;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const HOUR: Duration = Duration::from_secs(60 * 60);
const ORIGINS: usize = 100;
const LONGEST_REDIRECT: usize = 2048;

pub(super) async fn access_token(State(world): Codat, Path(company): Path<String>) -> Answer {
    let token = issue(world, company, Switch::AccessTokens, DAY).await?;
    Ok(Json(json!({ "expiresIn": DAY.as_secs(), "accessToken": token, "tokenType": "Bearer" }))
        .into_response())
}

pub(super) async fn older_access_token(State(world): Codat, Path(company): Path<String>) -> Answer {
    let token = issue(world, company, Switch::OlderAccessTokens, HOUR).await?;
    Ok(Json(json!({ "accessToken": token })).into_response())
}

async fn issue(world: Arc<World>, company: String, path: Switch, life: Duration) -> Result<String, Failure> {
    world.served(path)?;
    let token = random().map(|drawn| format!("codat_sandbox_{drawn}")).map_err(|_| Failure::trouble())?;
    let kept = token.clone();
    world
        .alter(move |ledger, now| {
            if ledger.company(&company).is_none() {
                return Err(Failure::missing("Company"));
            }
            ledger.add_token(&kept, &company, life, now);
            Ok(())
        })
        .await?;
    Ok(token)
}

pub(super) async fn origins(State(world): Codat) -> Answer {
    world.served(Switch::CorsSettings)?;
    Ok(shown_origins(&world))
}

fn shown_origins(world: &World) -> Response {
    let origins = world.store.read(|ledger, _| ledger.origins.clone());
    Json(json!({ "allowedOrigins": origins })).into_response()
}

pub(super) async fn set_origins(State(world): Codat, body: Bytes) -> Answer {
    world.served(Switch::CorsSettings)?;
    change_origins(world, body).await
}

async fn change_origins(world: Arc<World>, body: Bytes) -> Answer {
    let members = object(&body)?;
    let wrong = || Failure::bad("allowedOrigins: at most 100 web origins such as https://example.com");
    let origins = match members.get("allowedOrigins") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(origins)) if origins.len() <= ORIGINS => origins.clone(),
        Some(_) => return Err(wrong()),
    };
    let origins: Option<Vec<String>> = origins.iter().map(|one| one.as_str().and_then(origin)).collect();
    let origins = origins.ok_or_else(wrong)?;
    let set = origins.clone();
    world
        .alter(move |ledger, _| {
            ledger.origins = set;
            Ok(())
        })
        .await?;
    Ok(Json(json!({ "allowedOrigins": origins })).into_response())
}

pub(super) async fn older_origins(State(world): Codat) -> Answer {
    world.served(Switch::OlderCorsSettings)?;
    Ok(shown_origins(&world))
}

pub(super) async fn set_older_origins(State(world): Codat, body: Bytes) -> Answer {
    world.served(Switch::OlderCorsSettings)?;
    change_origins(world, body).await
}

pub(super) async fn profile(State(world): Codat) -> Answer {
    let redirect = world.store.read(|ledger, _| ledger.redirect_url.clone());
    Ok(Json(shown_profile(&redirect)).into_response())
}

pub(super) async fn set_profile(State(world): Codat, body: Bytes) -> Answer {
    let members = object(&body)?;
    let redirect = members.get("redirectUrl").and_then(Value::as_str);
    let redirect = redirect.ok_or_else(|| Failure::bad("redirectUrl is required"))?.to_owned();
    if redirect.len() > LONGEST_REDIRECT || !leads_to_registered(&redirect) {
        return Err(Failure::bad("redirectUrl leads to no registered address"));
    }
    let set = redirect.clone();
    world
        .alter(move |ledger, _| {
            ledger.redirect_url = set;
            Ok(())
        })
        .await?;
    Ok(Json(shown_profile(&redirect)).into_response())
}

fn shown_profile(redirect: &str) -> Value {
    json!({
        "name": "Mooring practice",
        "redirectUrl": redirect,
        "whiteListUrls": [],
        "confirmCompanyName": false,
    })
}

impl World {
    fn served(&self, path: Switch) -> Result<(), Failure> {
        if self.knobs().is_on(path) { Ok(()) } else { Err(Failure::new(StatusCode::NOT_FOUND, "NotFound")) }
    }
}

/// A web origin as browsers write it.
fn origin(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https");
    let written = url.origin().ascii_serialization();
    (is_web && text.trim_end_matches('/').eq_ignore_ascii_case(&written)).then_some(written)
}
