//! Companies: list, create, read, replace, update, delete.
//!
//! Source: the Platform API's OpenAPI description 3.0.0; docs.codat.io, core concepts, companies (checked 2026-11-21).

use super::World;
use super::answer::{Asked, Failure, object};
use super::ids::new_uuid;
use super::ledger::{COMPANIES, Company};
use super::query::Query;
use crate::values::Parameters;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;

type Codat = State<Arc<World>>;
type Answer = Result<Response, Failure>;

/// Tags of a company, letters of a tag's name, letters of its value.
const TAGS: (usize, usize, usize) = (10, 27, 100);

pub(super) async fn list(State(world): Codat, RawQuery(query): RawQuery) -> Answer {
    let parameters = Parameters::parse(query.unwrap_or_default().as_bytes());
    let asked = Asked::read(&parameters)?;
    let tags = parameters.one("tags").map_err(|_| Failure::bad("tags is repeated"))?;
    let tags = tags.map(Query::parse).transpose().map_err(|_| Failure::bad("tags is malformed"))?;
    let companies = world.store.read(|ledger, now| {
        let wanted = ledger.companies.iter().map(|company| world.company(company, now));
        wanted.filter(|company| tags.as_ref().is_none_or(|tags| tags.matches(&company["tags"]))).collect()
    });
    Ok(asked.page("/companies", companies))
}

pub(super) async fn create(State(world): Codat, body: Bytes) -> Answer {
    let members = object(&body)?;
    let named = named(&members)?.ok_or_else(|| Failure::bad("name is required"))?;
    let (description, tags) = (described(&members)?, tagged(&members)?);
    let id = new_uuid().map_err(|_| Failure::trouble())?;
    let shown = Arc::clone(&world);
    let company = world.alter(move |ledger, now| {
        if ledger.companies.len() >= COMPANIES {
            return Err(Failure::new(
                StatusCode::PAYMENT_REQUIRED,
                "The account's limit of companies is reached",
            ));
        }
        let tags = tags.unwrap_or_default();
        let company = Company { id, name: named, description, tags, created: now, connections: Vec::new() };
        let answer = shown.company(&company, now);
        ledger.companies.push(company);
        Ok(answer)
    });
    Ok(Json(company.await?).into_response())
}

pub(super) async fn read(State(world): Codat, Path(id): Path<String>) -> Answer {
    let company =
        world.store.read(|ledger, now| ledger.company(&id).map(|company| world.company(company, now)));
    company.map(|company| Json(company).into_response()).ok_or_else(|| Failure::missing("Company"))
}

pub(super) async fn replace(State(world): Codat, Path(id): Path<String>, body: Bytes) -> Answer {
    let members = object(&body)?;
    let named = named(&members)?.ok_or_else(|| Failure::bad("name is required"))?;
    let (description, tags) = (described(&members)?, tagged(&members)?.unwrap_or_default());
    change(world, id, move |company| {
        company.name = named;
        company.description = description;
        company.tags = tags;
    })
    .await
}

pub(super) async fn update(State(world): Codat, Path(id): Path<String>, body: Bytes) -> Answer {
    let members = object(&body)?;
    let (named, description, tags) = (named(&members)?, described(&members)?, tagged(&members)?);
    change(world, id, move |company| {
        company.name = named.unwrap_or_else(|| std::mem::take(&mut company.name));
        company.description = description.or_else(|| company.description.take());
        company.tags = tags.unwrap_or_else(|| std::mem::take(&mut company.tags));
    })
    .await
}

pub(super) async fn delete(State(world): Codat, Path(id): Path<String>) -> Answer {
    world
        .alter(
            move |ledger, _| {
                if ledger.remove_company(&id) { Ok(()) } else { Err(Failure::missing("Company")) }
            },
        )
        .await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn change(world: Arc<World>, id: String, change: impl FnOnce(&mut Company) + Send + 'static) -> Answer {
    let shown = Arc::clone(&world);
    let company = world.alter(move |ledger, now| {
        let company = ledger.company_mut(&id).ok_or_else(|| Failure::missing("Company"))?;
        change(company);
        Ok(shown.company(company, now))
    });
    Ok(Json(company.await?).into_response())
}

/// The name without what Codat silently strips.
fn named(members: &Map<String, Value>) -> Result<Option<String>, Failure> {
    let Some(name) = text(members, "name")? else { return Ok(None) };
    let kept = |letter: &char| letter.is_alphanumeric() || " -',&@.?!".contains(*letter);
    let name: String = name.chars().filter(kept).collect();
    if name.trim().is_empty() { Err(Failure::bad("name is empty")) } else { Ok(Some(name)) }
}

fn described(members: &Map<String, Value>) -> Result<Option<String>, Failure> {
    text(members, "description")
}

fn text(members: &Map<String, Value>, name: &str) -> Result<Option<String>, Failure> {
    match members.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Failure::bad(format!("{name} is not a text"))),
    }
}

fn tagged(members: &Map<String, Value>) -> Result<Option<BTreeMap<String, String>>, Failure> {
    let (most, longest_name, longest_value) = TAGS;
    let wrong = || Failure::bad("tags: at most 10, names of 1 to 27 letters, values of at most 100");
    let tags = match members.get("tags") {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Object(tags)) if tags.len() <= most => tags,
        Some(_) => return Err(wrong()),
    };
    let tag = |(name, value): (&String, &Value)| match value.as_str() {
        Some(value)
            if (1..=longest_name).contains(&name.chars().count())
                && value.chars().count() <= longest_value =>
        {
            Ok((name.clone(), value.to_owned()))
        }
        _ => Err(wrong()),
    };
    tags.iter().map(tag).collect::<Result<_, _>>().map(Some)
}
