//! `/items`: create, read, update, answer, delete.
//!
//! Invariant: a connect token reaches an item only when it was created with it, or made for it.
//!
//! Sources: npm `pluggy-sdk` 0.90.0 `client.js`; Pluggy's reference of items and its error descriptions
//! (checked 2026-11-21).

use crate::Misbehaviour;
use crate::clock::later;
use crate::pluggy::World;
use crate::pluggy::book::{SessionOptions, State as Kept};
use crate::pluggy::connectors::credentials::Parameters;
use crate::pluggy::connectors::{Access, Connector, Factor, Health};
use crate::pluggy::execution::Execution;
use crate::pluggy::item::Item;
use crate::pluggy::json::body;
use crate::pluggy::login::{self, Login, Question};
use crate::pluggy::products::Product;
use crate::pluggy::refusal::{ParameterError, Refusal};
use crate::pluggy::run::{Run, Step};
use crate::pluggy::tokens::{Caller, Client};
use crate::pluggy::{ids, redirect};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

/// What creates an item; an update has the same members, but for the connector.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Asked {
    connector_id: Option<u32>,
    parameters: Option<Parameters>,
    webhook_url: Option<String>,
    client_user_id: Option<String>,
    products: Option<Vec<Product>>,
    avoid_duplicates: Option<bool>,
    oauth_redirect_uri: Option<String>,
}

type Answer = Result<Json<Value>, Refusal>;

/// `POST /items`.
pub(in crate::pluggy) async fn create(
    State(world): State<Arc<World>>,
    caller: Caller,
    bytes: Bytes,
) -> Answer {
    let asked: Asked = body(&bytes)?;
    redirect::check(asked.oauth_redirect_uri.as_deref())?;
    let id = asked
        .connector_id
        .ok_or_else(|| Refusal::bad("connectorId is required").described("CONNECTOR_REQUIRED"))?;
    let connector = world.connector(id).ok_or_else(|| Refusal::not_found("Connector"))?;
    reachable(&world, connector)?;
    let parameters = asked.parameters.clone().unwrap_or_default();
    fitting(connector, &parameters)?;
    let by_token = match &caller {
        Caller::Client => None,
        Caller::Session { session, .. } => session.options.avoid_duplicates,
    };
    let avoid = asked.avoid_duplicates.or(by_token).unwrap_or_default();
    let item = new_item(&world, connector, asked, &parameters, &caller)?;
    world.book.change(|state| {
        let there = duplicates(state, &item);
        if avoid && !there.is_empty() {
            let refusal =
                Refusal::new(StatusCode::CONFLICT, "This user has an item of this connector already");
            return Err(refusal.described("ITEM_USER_ALREADY_EXISTS").naming(there));
        }
        let answer = world.item_json(&item, connector);
        state.add_item(item);
        Ok(Json(answer))
    })?
}

fn new_item(
    world: &World,
    connector: &Connector,
    asked: Asked,
    parameters: &Parameters,
    caller: &Caller,
) -> Result<Item, Refusal> {
    let now = world.now();
    let (made_with, options) = match caller {
        Caller::Client => (None, SessionOptions::default()),
        Caller::Session { sha256, session } => (Some(sha256.clone()), session.options.clone()),
    };
    let judged = login::judge(connector, parameters, world.others_approve_at(now));
    let wanted = |product: &Product| asked.products.as_ref().is_none_or(|list| list.contains(product));
    let mut item = Item {
        id: ids::fresh()?,
        connector: connector.id,
        products: connector.products.iter().copied().filter(wanted).collect(),
        client_user_id: asked.client_user_id.or(options.client_user_id),
        webhook_url: asked.webhook_url.or(options.webhook_url),
        oauth_redirect_uri: asked.oauth_redirect_uri.or(options.oauth_redirect_uri),
        made_with,
        created_at: now,
        updated_at: now,
        login: judged.login,
        run: Run::begin(VecDeque::new(), now),
        outcome: None,
        successes: VecDeque::new(),
        brought: Vec::new(),
        failed_logins: 0,
        consent: None,
    };
    item.start(connector, judged.question, true, now);
    Ok(item)
}

/// `GET /items/:id`.
pub(in crate::pluggy) async fn show(
    State(world): State<Arc<World>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer {
    world.book.look(|state| {
        let (item, connector) = reached(&world, state, &caller, &id)?;
        Ok(Json(world.item_json(item, connector)))
    })
}

/// `PATCH /items/:id`: new parameters or options; without either, an update of the data.
pub(in crate::pluggy) async fn update(
    State(world): State<Arc<World>>,
    caller: Caller,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Answer {
    let asked: Asked = body(&bytes)?;
    redirect::check(asked.oauth_redirect_uri.as_deref())?;
    let now = world.now();
    world.book.change(|state| {
        let (item, connector) = reached(&world, state, &caller, &id)?;
        reachable(&world, connector)?;
        updatable(&world, item, now)?;
        if let Some(uri) = asked.oauth_redirect_uri {
            item.oauth_redirect_uri = Some(uri);
        }
        if let Some(url) = asked.webhook_url {
            item.webhook_url = Some(url);
        }
        let parameters = asked.parameters.unwrap_or_default();
        let question = if parameters.is_empty() {
            repeated(item, connector)?
        } else {
            fitting(connector, &parameters)?;
            let judged = login::judge(connector, &parameters, world.others_approve_at(now));
            // The bank that authorizes after a while goes on counting from the first time.
            if !(matches!(item.login, Login::Pending { .. }) && matches!(judged.login, Login::Pending { .. }))
            {
                item.login = judged.login;
            }
            judged.question
        };
        item.start(connector, question, !parameters.is_empty(), now);
        Ok(Json(world.item_json(item, connector)))
    })?
}

/// What an update without parameters asks again.
fn repeated(item: &Item, connector: &Connector) -> Result<Option<Question>, Refusal> {
    match (connector.access, &item.login) {
        // A code is good once.
        (Access::Credentials(Factor::AtLogin), _) => {
            Err(Refusal::bad("Parameters were not provided").described("PARAMETERS_NOT_PROVIDED"))
        }
        (Access::Credentials(Factor::Asked), Login::Good(_)) => Ok(Some(Question::Code)),
        (Access::Credentials(Factor::Picture), Login::Good(_)) => Ok(Some(Question::Picture)),
        _ => Ok(None),
    }
}

/// `POST /items/:id/mfa`: the answer to a question, by the name of its parameter.
pub(in crate::pluggy) async fn answer(
    State(world): State<Arc<World>>,
    caller: Caller,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Answer {
    let given: Parameters = body(&bytes)?;
    let now = world.now();
    world.book.change(|state| {
        let (item, connector) = reached(&world, state, &caller, &id)?;
        let Some(Step::Ask(question)) = item.run.steps.front().cloned() else {
            return Err(Refusal::new(StatusCode::NOT_FOUND, "The item is not waiting for an answer"));
        };
        let (name, is_right) = match question {
            Question::Choice => {
                ("device", given.get("device").is_some_and(|device| device == "1" || device == "2"))
            }
            _ => ("token", given.get("token").is_some_and(|token| token == login::CODE)),
        };
        if !given.contains_key(name) {
            return Err(Refusal::parameters(vec![ParameterError {
                code: "001",
                message: format!("{name} is required"),
                parameter: name.to_owned(),
            }]));
        }
        item.run.answered((!is_right).then_some(Execution::InvalidCredentialsMfa), now);
        Ok(Json(world.item_json(item, connector)))
    })?
}

/// `DELETE /items/:id`: takes the consent along. For an API key only.
pub(in crate::pluggy) async fn delete(
    State(world): State<Arc<World>>,
    _: Client,
    Path(id): Path<String>,
) -> Answer {
    let gone = world.book.change(|state| {
        let before = state.items.len();
        state.items.retain(|item| item.id != id);
        before - state.items.len()
    })?;
    if gone == 0 { Err(Refusal::not_found("Item")) } else { Ok(Json(json!({ "count": gone }))) }
}

/// The item, as the clock has it, if this caller may use it.
fn reached<'s, 'w>(
    world: &'w World,
    state: &'s mut Kept,
    caller: &Caller,
    id: &str,
) -> Result<(&'s mut Item, &'w Connector), Refusal> {
    let item = state.item_mut(id).ok_or_else(|| Refusal::not_found("Item"))?;
    if !caller.may_use(item) {
        return Err(Refusal::forbidden("This item was not created with this token"));
    }
    item.settle(world.pace(), world.now());
    let connector = world.connector(item.connector).ok_or_else(|| Refusal::not_found("Connector"))?;
    Ok((item, connector))
}

fn fitting(connector: &Connector, parameters: &Parameters) -> Result<(), Refusal> {
    let errors = connector.form.check(parameters);
    if errors.is_empty() { Ok(()) } else { Err(Refusal::parameters(errors)) }
}

fn reachable(world: &World, connector: &Connector) -> Result<(), Refusal> {
    if world.health(connector) != Health::Offline {
        return Ok(());
    }
    Err(Refusal::bad("The connector is offline, try again later").described("CONNECTOR_OFFLINE"))
}

/// Refuses an update while one runs, and one too soon after another where a misbehaviour says so.
fn updatable(world: &World, item: &Item, now: Timestamp) -> Result<(), Refusal> {
    let waits = matches!(item.run.steps.front(), Some(Step::Ask(_) | Step::Authorize) | None);
    if !waits {
        let refusal = Refusal::new(StatusCode::CONFLICT, "An update is already in progress");
        return Err(refusal.described("ITEM_ALREADY_UPDATING"));
    }
    let last = item.last_success().filter(|last| now < later(*last, Duration::from_secs(60 * 60)));
    let Some(last) = last.filter(|_| world.mood().plays(Misbehaviour::PluggyHourlyUpdates)) else {
        return Ok(());
    };
    let message = format!(
        "Client updates on this item are allowed at most every 1 hours. The last update was at {last:.3}"
    );
    Err(Refusal::bad(message).described("CLIENT_IS_UPDATING"))
}

/// The items of this connector that this person has already.
fn duplicates(state: &Kept, item: &Item) -> Vec<String> {
    let same = |other: &&Item| {
        item.client_user_id.is_some()
            && other.connector == item.connector
            && other.client_user_id == item.client_user_id
    };
    state.items.iter().filter(same).map(|other| other.id.clone()).collect()
}
