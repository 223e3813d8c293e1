//! `/webhooks`: kept and told again, never called. A practice world reaches nobody outside of this machine.
//!
//! Source: npm `pluggy-sdk` 0.90.0 `types/webhook.d.ts` (checked 2026-11-21).

use super::whole;
use crate::pluggy::World;
use crate::pluggy::book::WEBHOOKS;
use crate::pluggy::ids;
use crate::pluggy::json::{body, instant};
use crate::pluggy::refusal::Refusal;
use crate::pluggy::tokens::Client;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use url::Url;

type Answer = Result<Json<Value>, Refusal>;
type Place = State<Arc<World>>;

const EVENTS: &[&str] = &[
    "item/created",
    "item/updated",
    "item/error",
    "item/deleted",
    "item/waiting_user_input",
    "item/waiting_user_action",
    "item/login_succeeded",
    "connector/status_updated",
    "transactions/created",
    "transactions/updated",
    "transactions/deleted",
    "all",
];

#[derive(Default, Deserialize)]
#[serde(default)]
struct Asked {
    event: Option<String>,
    url: Option<String>,
    enabled: Option<bool>,
}

impl Asked {
    fn check(&self) -> Result<(), Refusal> {
        if self.event.as_deref().is_some_and(|event| !EVENTS.contains(&event)) {
            return Err(Refusal::bad("event is not one of the known events"));
        }
        let is_good = |url: &str| Url::parse(url).is_ok_and(|url| url.scheme() == "https");
        if self.url.as_deref().is_some_and(|url| !is_good(url)) {
            return Err(Refusal::bad("url must be an HTTPS URL"));
        }
        Ok(())
    }
}

fn is(webhook: &Value, id: &str) -> bool {
    webhook.get("id").and_then(Value::as_str) == Some(id)
}

pub(in crate::pluggy) async fn list(State(world): Place, _: Client) -> Json<Value> {
    Json(whole(&world.book.look(|state| state.webhooks.clone())))
}

pub(in crate::pluggy) async fn show(State(world): Place, _: Client, Path(id): Path<String>) -> Answer {
    let found = world.book.look(|state| state.webhooks.iter().find(|one| is(one, &id)).cloned());
    found.map(Json).ok_or_else(|| Refusal::not_found("Webhook"))
}

pub(in crate::pluggy) async fn create(State(world): Place, _: Client, bytes: Bytes) -> Answer {
    let asked: Asked = body(&bytes)?;
    asked.check()?;
    let (Some(event), Some(url)) = (asked.event, asked.url) else {
        return Err(Refusal::bad("event and url are required"));
    };
    let now = instant(world.now());
    let webhook = json!({
        "id": ids::fresh()?,
        "event": event,
        "url": url,
        "createdAt": now,
        "updatedAt": now,
        "disabledAt": null,
    });
    world.book.change(|state| {
        if state.webhooks.len() == WEBHOOKS {
            return Err(Refusal::bad("There are too many webhooks"));
        }
        state.webhooks.push(webhook.clone());
        Ok(Json(webhook))
    })?
}

pub(in crate::pluggy) async fn update(
    State(world): Place,
    _: Client,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Answer {
    let asked: Asked = body(&bytes)?;
    asked.check()?;
    let now = instant(world.now());
    world.book.change(|state| {
        let found = state.webhooks.iter_mut().find(|one| is(one, &id));
        let webhook = found.ok_or_else(|| Refusal::not_found("Webhook"))?;
        if let Some(fields) = webhook.as_object_mut() {
            let changes = [("event", asked.event), ("url", asked.url)];
            fields.extend(
                changes.into_iter().filter_map(|(name, value)| Some((name.to_owned(), json!(value?)))),
            );
            if let Some(enabled) = asked.enabled {
                fields.insert("disabledAt".to_owned(), if enabled { Value::Null } else { now.clone() });
            }
            fields.insert("updatedAt".to_owned(), now);
        }
        Ok(Json(webhook.clone()))
    })?
}

pub(in crate::pluggy) async fn delete(State(world): Place, _: Client, Path(id): Path<String>) -> Answer {
    let gone = world.book.change(|state| {
        let before = state.webhooks.len();
        state.webhooks.retain(|one| !is(one, &id));
        before - state.webhooks.len()
    })?;
    if gone == 0 { Err(Refusal::not_found("Webhook")) } else { Ok(Json(json!({ "count": gone }))) }
}
