//! The catalogue of integrations, with logos that are monograms.
//!
//! Source: the Platform API's OpenAPI description 3.0.0 (checked 2026-11-21).

use super::World;
use super::answer::{Asked, Failure};
use super::catalogue::{INTEGRATIONS, Integration, SourceType};
use crate::values::Parameters;
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

type Codat = State<Arc<World>>;
type Answer = Result<Response, Failure>;

pub(super) async fn list(State(world): Codat, RawQuery(query): RawQuery) -> Answer {
    let asked = Asked::read(&Parameters::parse(query.unwrap_or_default().as_bytes()))?;
    Ok(asked.page("/integrations", INTEGRATIONS.iter().map(|one| world.integration(one)).collect()))
}

pub(super) async fn read(State(world): Codat, Path(key): Path<String>) -> Answer {
    let integration = Integration::find(&key).ok_or_else(|| Failure::missing("Integration"))?;
    Ok(Json(world.integration(integration)).into_response())
}

pub(super) async fn branding(State(world): Codat, Path(key): Path<String>) -> Answer {
    let integration = Integration::find(&key).ok_or_else(|| Failure::missing("Integration"))?;
    Ok(Json(world.branding(integration)).into_response())
}

pub(super) async fn logo(Path(file): Path<String>) -> Response {
    let Some(integration) = file.strip_suffix(".svg").and_then(Integration::find) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let ground = match integration.source_type {
        SourceType::Accounting => "#1d3f72",
        SourceType::Banking | SourceType::BankFeed => "#2f6b4f",
        SourceType::Commerce => "#8a4b12",
        SourceType::Expense | SourceType::Other => "#55617a",
    };
    let letters = integration.monogram();
    let image = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><rect width="48" height="48" rx="24" fill="{ground}"/><text x="24" y="31" font-family="sans-serif" font-size="19" text-anchor="middle" fill="white">{letters}</text></svg>"#
    );
    ([(header::CONTENT_TYPE, "image/svg+xml")], image).into_response()
}
