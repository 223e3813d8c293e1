//! Data connections of a company: list, create, read, unlink, delete.
//!
//! Source: the Platform API's OpenAPI description 3.0.0; docs.codat.io, core concepts, connections. How Codat refuses
//! an unlink is not documented; 400 is ours (checked 2026-11-21).

use super::World;
use super::answer::{Asked, Failure, object};
use super::catalogue::Integration;
use super::ids::new_uuid;
use super::ledger::{CONNECTIONS, Connection, status};
use crate::values::Parameters;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::Value;
use std::sync::Arc;

type Codat = State<Arc<World>>;
type Answer = Result<Response, Failure>;

pub(super) async fn list(
    State(world): Codat,
    Path(company): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    let asked = Asked::read(&Parameters::parse(query.unwrap_or_default().as_bytes()))?;
    let connections = world.store.read(|ledger, now| {
        let owner = ledger.company(&company)?;
        Some(owner.connections.iter().map(|one| world.connection(&company, one, now)).collect::<Vec<_>>())
    });
    let connections = connections.ok_or_else(|| Failure::missing("Company"))?;
    Ok(asked.page(&format!("/companies/{company}/connections"), connections))
}

pub(super) async fn create(State(world): Codat, Path(company): Path<String>, body: Bytes) -> Answer {
    let members = object(&body)?;
    let key = members.get("platformKey").and_then(Value::as_str);
    let key = key.ok_or_else(|| Failure::bad("platformKey is required"))?;
    let id = new_uuid().map_err(|_| Failure::trouble())?;
    let integration = Integration::find(key).filter(|one| one.enabled);
    let integration = integration.ok_or_else(|| Failure::bad("platformKey names no enabled integration"))?;
    let shown = Arc::clone(&world);
    let connection = world.alter(move |ledger, now| {
        if ledger.count_connections() >= CONNECTIONS {
            return Err(Failure::new(
                StatusCode::PAYMENT_REQUIRED,
                "The account's limit of connections is reached",
            ));
        }
        let owner = ledger.company_mut(&company).ok_or_else(|| Failure::missing("Company"))?;
        let connection = Connection::pending(id, integration, now);
        let answer = shown.connection(&company, &connection, now);
        owner.connections.push(connection);
        Ok(answer)
    });
    Ok(Json(connection.await?).into_response())
}

pub(super) async fn read(State(world): Codat, Path((company, id)): Path<(String, String)>) -> Answer {
    let connection = world.store.read(|ledger, now| {
        ledger.connection(&company, &id).map(|connection| world.connection(&company, connection, now))
    });
    connection.map(|one| Json(one).into_response()).ok_or_else(|| Failure::missing("Connection"))
}

/// Codat takes one thing here: `{"status":"Unlinked"}`, in these letters.
pub(super) async fn unlink(
    State(world): Codat,
    Path((company, id)): Path<(String, String)>,
    body: Bytes,
) -> Answer {
    let members = object(&body)?;
    let wanted = members.get("status").and_then(Value::as_str);
    if wanted != Some(status::UNLINKED) || members.len() != 1 {
        return Err(Failure::bad("a connection can only be set to Unlinked"));
    }
    let shown = Arc::clone(&world);
    let connection = world.alter(move |ledger, now| {
        let connection = ledger.connection(&company, &id).ok_or_else(|| Failure::missing("Connection"))?;
        if connection.status == status::PENDING {
            return Err(Failure::bad("a connection that is PendingAuth cannot be unlinked"));
        }
        ledger.end_link(&company, &id, status::UNLINKED, now);
        let connection = ledger.connection(&company, &id).ok_or_else(|| Failure::missing("Connection"))?;
        Ok(shown.connection(&company, connection, now))
    });
    Ok(Json(connection.await?).into_response())
}

/// Tokens that the client brings from another system: linked without a journey, and without a first sync. What the
/// tokens are does not matter here, so they are not kept.
pub(super) async fn authorize(
    State(world): Codat,
    Path((company, id)): Path<(String, String)>,
    body: Bytes,
) -> Answer {
    let members = object(&body)?;
    if members.is_empty() || !members.values().all(Value::is_string) {
        return Err(Failure::bad("an authorization is made of texts"));
    }
    let shown = Arc::clone(&world);
    let connection = world.alter(move |ledger, now| {
        let connection =
            ledger.connection_mut(&company, &id).ok_or_else(|| Failure::missing("Connection"))?;
        let organizations = connection.integration().map_or(&[][..], Integration::organizations);
        connection.link(organizations.first().copied().unwrap_or_default(), now);
        Ok(shown.connection(&company, connection, now))
    });
    Ok(Json(connection.await?).into_response())
}

pub(super) async fn delete(State(world): Codat, Path((company, id)): Path<(String, String)>) -> Answer {
    world
        .alter(move |ledger, _| {
            if ledger.remove_connection(&company, &id) { Ok(()) } else { Err(Failure::missing("Connection")) }
        })
        .await?;
    Ok(StatusCode::OK.into_response())
}

impl Connection {
    /// One that nobody has approved.
    pub(super) fn pending(id: String, integration: &Integration, now: Timestamp) -> Self {
        Self {
            id,
            platform_key: integration.key.to_owned(),
            status: status::PENDING.to_owned(),
            created: now,
            last_sync: None,
            errors: Vec::new(),
            organization: None,
            links_used: 0,
            paused_until: None,
        }
    }
}
