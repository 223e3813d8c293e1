//! Reading data anew: all of it or one type, how far that has come, and how each type stands.
//!
//! Source: the Platform API's OpenAPI description 3.0.0; docs.codat.io, queueing data syncs. With which status Codat
//! refuses a type that is being read already is not documented; 400 is one that its client package takes as an error of
//! this call (checked 2026-11-21).

use super::World;
use super::answer::{Asked, Failure};
use super::ids::new_uuid;
use super::ledger::{Company, Connection, Ledger, status};
use super::operation::Operation;
use crate::clock::later;
use crate::values::Parameters;
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use std::sync::Arc;

type Codat = State<Arc<World>>;
type Answer = Result<Response, Failure>;

pub(super) async fn status(State(world): Codat, Path(company): Path<String>) -> Answer {
    let types = world
        .store
        .read(|ledger, now| ledger.company(&company).map(|_| world.data_status(ledger, &company, now)));
    types.map(|types| Json(types).into_response()).ok_or_else(|| Failure::missing("Company"))
}

pub(super) async fn refresh_all(State(world): Codat, Path(company): Path<String>) -> Answer {
    let reader = Arc::clone(&world);
    world
        .alter(move |ledger, now| {
            let owner = ledger.company(&company).ok_or_else(|| Failure::missing("Company"))?;
            let linked: Vec<Connection> =
                owner.connections.iter().filter(|one| one.status == status::LINKED).cloned().collect();
            linked.iter().try_for_each(|connection| reader.read_first(ledger, &company, connection, now))
        })
        .await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

pub(super) async fn refresh(
    State(world): Codat,
    Path((company, data_type)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Answer {
    let parameters = Parameters::parse(query.unwrap_or_default().as_bytes());
    let wanted = parameters.one("connectionId").map_err(|_| Failure::bad("connectionId is repeated"))?;
    let wanted = wanted.map(str::to_owned);
    let reader = Arc::clone(&world);
    let operation = world.alter(move |ledger, now| {
        let owner = ledger.company(&company).ok_or_else(|| Failure::missing("Company"))?;
        let connection = source(owner, &data_type, wanted.as_deref())?.clone();
        if let Some(running) = running(ledger, &connection.id, &data_type, now) {
            return Err(Failure::bad(format!(
                "DatasetAlreadyInProgressException: Cannot queue {data_type} sync for {company} as previous sync {} is still in progress",
                running.id
            )));
        }
        let operation = reader.queue(&company, &connection, &data_type, now)?;
        let answer = reader.operation(&operation, now);
        ledger.add_operation(operation);
        Ok(answer)
    });
    Ok(Json(operation.await?).into_response())
}

pub(super) async fn history(
    State(world): Codat,
    Path(company): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    let asked = Asked::read(&Parameters::parse(query.unwrap_or_default().as_bytes()))?;
    let delay = world.knobs().appears_after();
    let operations = world.store.read(|ledger, now| {
        ledger.company(&company)?;
        let appeared = |one: &&Operation| later(one.requested, delay) <= now;
        let of_company = ledger.operations.iter().rev().filter(|one| one.company == company).filter(appeared);
        Some(of_company.map(|one| world.operation(one, now)).collect::<Vec<_>>())
    });
    let operations = operations.ok_or_else(|| Failure::missing("Company"))?;
    Ok(asked.page(&format!("/companies/{company}/data/history"), operations))
}

pub(super) async fn one(State(world): Codat, Path((company, id)): Path<(String, String)>) -> Answer {
    let operation = world.store.read(|ledger, now| {
        let found = ledger.operations.iter().find(|one| one.company == company && one.id == id);
        found.map(|one| world.operation(one, now))
    });
    operation.map(|one| Json(one).into_response()).ok_or_else(|| Failure::missing("Pull operation"))
}

/// The connection that a type of data is read through: the one that is named, or the first that has it.
fn source<'l>(owner: &'l Company, data_type: &str, wanted: Option<&str>) -> Result<&'l Connection, Failure> {
    let has_type = |one: &&Connection| {
        one.integration().is_some_and(|integration| integration.source_type.data_types().contains(&data_type))
    };
    let is_wanted = |one: &&Connection| wanted.is_none_or(|id| one.id == id);
    let mut fitting = owner.connections.iter().filter(is_wanted).filter(has_type).peekable();
    if fitting.peek().is_none() {
        return Err(Failure::new(
            StatusCode::NOT_FOUND,
            "No connection of this company supports the data type",
        ));
    }
    let linked = fitting.find(|one| one.status == status::LINKED);
    linked.ok_or_else(|| Failure::bad("The connection is not Linked"))
}

fn running<'l>(
    ledger: &'l Ledger,
    connection: &str,
    data_type: &str,
    now: Timestamp,
) -> Option<&'l Operation> {
    let same = |one: &&Operation| one.connection == connection && one.data_type == data_type && one.runs(now);
    ledger.operations.iter().find(same)
}

impl World {
    /// Queues what is read at a first link, but for what is being read already.
    pub(super) fn read_first(
        &self,
        ledger: &mut Ledger,
        company: &str,
        connection: &Connection,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let types = connection.integration().map_or(&[][..], |one| one.source_type.data_types());
        for data_type in types.iter().take(3) {
            if running(ledger, &connection.id, data_type, now).is_none() {
                let operation = self.queue(company, connection, data_type, now)?;
                ledger.add_operation(operation);
            }
        }
        Ok(())
    }

    fn queue(
        &self,
        company: &str,
        connection: &Connection,
        data_type: &str,
        now: Timestamp,
    ) -> Result<Operation, Failure> {
        let starts = connection.paused_until.map_or(now, |until| until.max(now));
        Ok(Operation {
            id: new_uuid().map_err(|_| Failure::trouble())?,
            company: company.to_owned(),
            connection: connection.id.clone(),
            data_type: data_type.to_owned(),
            requested: now,
            starts,
            ends: later(starts, self.settings.pace),
            end: self.knobs().end(),
            settled: false,
        })
    }
}
