//! `GET /connectors`, `GET /connectors/:id`, `POST /connectors/:id/validate`, and the institutions' pictures.
//!
//! Source: npm `pluggy-sdk` 0.90.0 `types/connector.d.ts` (`ConnectorFilters`), `types/validation.d.ts`.

use super::whole;
use crate::pluggy::World;
use crate::pluggy::connectors::Connector;
use crate::pluggy::connectors::credentials::Parameters;
use crate::pluggy::json::body;
use crate::pluggy::refusal::Refusal;
use crate::pluggy::tokens::{Caller, Client};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;

/// What is looked for. Lists are separated by commas.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(in crate::pluggy) struct Filters {
    name: Option<String>,
    countries: Option<String>,
    types: Option<String>,
    sandbox: Option<bool>,
    is_open_finance: Option<bool>,
    supports_payment_initiation: Option<bool>,
}

fn is_in(list: Option<&str>, value: &str) -> bool {
    list.is_none_or(|list| list.split(',').any(|one| one.trim() == value))
}

impl Filters {
    fn take(&self, connector: &Connector) -> bool {
        let name = self.name.as_deref().unwrap_or_default().to_lowercase();
        // Everything here is a sandbox connector, and those are listed on request only.
        self.sandbox == Some(true)
            && connector.name.to_lowercase().contains(&name)
            && is_in(self.countries.as_deref(), "BR")
            && is_in(self.types.as_deref(), connector.kind)
            && self.is_open_finance.is_none_or(|wanted| wanted == connector.is_open_finance())
            && self.supports_payment_initiation.is_none_or(|wanted| wanted == connector.is_open_finance())
    }
}

pub(in crate::pluggy) async fn list(
    State(world): State<Arc<World>>,
    _: Caller,
    filters: Result<Query<Filters>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<Value>, Refusal> {
    let Query(filters) = filters.map_err(|_| Refusal::bad("A filter has a value that it cannot have"))?;
    let taken = world.connectors.iter().filter(|connector| filters.take(connector));
    let results: Vec<_> = taken.map(|connector| world.connector_json(connector)).collect();
    Ok(Json(whole(&results)))
}

pub(in crate::pluggy) async fn show(
    State(world): State<Arc<World>>,
    _: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    Ok(Json(world.connector_json(found(&world, &id)?)))
}

/// Judges parameters without signing in.
pub(in crate::pluggy) async fn validate(
    State(world): State<Arc<World>>,
    _: Client,
    Path(id): Path<String>,
    bytes: Bytes,
) -> Result<Json<Value>, Refusal> {
    let connector = found(&world, &id)?;
    let given: Parameters = body(&bytes)?;
    let errors = connector.form.check(&given);
    Ok(Json(json!({ "parameters": given, "errors": errors })))
}

fn found<'w>(world: &'w World, id: &str) -> Result<&'w Connector, Refusal> {
    let connector = id.parse().ok().and_then(|id| world.connector(id));
    connector.ok_or_else(|| Refusal::not_found("Connector"))
}

/// An institution's picture: its first letter on its color.
pub(in crate::pluggy) async fn image(
    State(world): State<Arc<World>>,
    Path(name): Path<String>,
) -> Result<Response, Refusal> {
    let connector = found(&world, name.strip_suffix(".svg").unwrap_or_default())?;
    let letter = connector.name.trim_start_matches("Banco ").chars().next().unwrap_or('?');
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 64 64\"><rect width=\"64\" height=\"64\" rx=\"14\" \
         fill=\"#{}\"/><text x=\"32\" y=\"43\" font-family=\"sans-serif\" font-size=\"32\" font-weight=\"600\" \
         text-anchor=\"middle\" fill=\"#fff\">{}</text></svg>",
        connector.color,
        crate::bank::html::escape(&letter.to_string()),
    );
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml"))], svg).into_response())
}
