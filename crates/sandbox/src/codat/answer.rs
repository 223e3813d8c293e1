//! Answers: error bodies in Codat's shape, and lists in pages.
//!
//! Knows nothing of what is listed.
//!
//! Invariant: an error says nothing of what was sent beyond names that the sender knows.
//!
//! Source: docs.codat.io, using the API, errors and paging; the Platform API's OpenAPI description 3.0.0 (checked
//! 2026-11-21).

use super::ids::correlation_id;
use super::query::{Query, values};
use crate::values::Parameters;
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};
use url::form_urlencoded::Serializer;

/// Entries of a page unless asked otherwise.
const PAGE_SIZE: usize = 100;
/// Codat's largest page.
const LARGEST_PAGE: usize = 5000;

/// Why a request is not answered as asked.
#[derive(Debug)]
pub(super) struct Failure {
    pub status: StatusCode,
    pub error: String,
    /// What the client is told about trying again; `Unknown` is the only word that Codat's examples show.
    pub can_be_retried: &'static str,
    /// Seconds, for `Retry-After`.
    pub retry_after: Option<u64>,
}

impl Failure {
    pub(super) fn new(status: StatusCode, error: impl Into<String>) -> Self {
        Self { status, error: error.into(), can_be_retried: "Unknown", retry_after: None }
    }

    pub(super) fn bad(error: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error)
    }

    pub(super) fn missing(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("{what} not found"))
    }

    /// The disk or the randomness of this computer failed.
    pub(super) fn trouble() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "the sandbox could not keep this")
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let body = json!({
            "statusCode": self.status.as_u16(),
            "service": "PublicApi",
            "error": self.error,
            "correlationId": correlation_id(),
            "validation": Value::Null,
            "canBeRetried": self.can_be_retried,
            "detailedErrorCode": 0,
        });
        let mut response = (self.status, Json(body)).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// What a list was asked for.
pub(super) struct Asked {
    page: usize,
    size: usize,
    query: Option<String>,
    filter: Option<Query>,
    order: Option<String>,
}

impl Asked {
    pub(super) fn read(parameters: &Parameters) -> Result<Self, Failure> {
        let one = |name: &str| parameters.one(name).map_err(|_| Failure::bad(format!("{name} is repeated")));
        let number = |name: &str, usual: usize| match one(name)? {
            None => Ok(usual),
            Some(text) => text.parse().map_err(|_| Failure::bad(format!("{name} is not a number"))),
        };
        let (page, size) = (number("page", 1)?, number("pageSize", PAGE_SIZE)?);
        if page == 0 || size == 0 || size > LARGEST_PAGE {
            return Err(Failure::bad("page begins at 1, pageSize is 1 to 5000"));
        }
        let query = one("query")?.map(str::to_owned);
        let filter = query.as_deref().map(Query::parse).transpose();
        let filter = filter.map_err(|_| Failure::bad("query is malformed"))?;
        Ok(Self { page, size, query, filter, order: one("orderBy")?.map(str::to_owned) })
    }

    /// The page of these entries.
    pub(super) fn page(&self, path: &str, mut entries: Vec<Value>) -> Response {
        if let Some(filter) = &self.filter {
            entries.retain(|entry| filter.matches(entry));
        }
        if let Some(order) = &self.order {
            sort(&mut entries, order);
        }
        let total = entries.len();
        let before = (self.page - 1).saturating_mul(self.size);
        let results: Vec<Value> = entries.into_iter().skip(before).take(self.size).collect();
        let mut links = Map::new();
        links.insert("self".to_owned(), json!({ "href": path }));
        links.insert("current".to_owned(), self.link(path, self.page));
        if before.saturating_add(self.size) < total {
            links.insert("next".to_owned(), self.link(path, self.page + 1));
        }
        if self.page > 1 {
            links.insert("previous".to_owned(), self.link(path, self.page - 1));
        }
        Json(json!({
            "results": results,
            "pageNumber": self.page,
            "pageSize": self.size,
            "totalResults": total,
            "_links": links,
        }))
        .into_response()
    }

    fn link(&self, path: &str, page: usize) -> Value {
        let mut pairs = Serializer::new(String::new());
        pairs.append_pair("page", &page.to_string()).append_pair("pageSize", &self.size.to_string());
        if let Some(query) = &self.query {
            pairs.append_pair("query", query);
        }
        if let Some(order) = &self.order {
            pairs.append_pair("orderBy", order);
        }
        json!({ "href": format!("{path}?{}", pairs.finish()) })
    }
}

/// By one member; a minus before it turns the order round.
fn sort(entries: &mut [Value], order: &str) {
    let (name, falling) = order.strip_prefix('-').map_or((order, false), |name| (name, true));
    let path: Vec<String> = name.split('.').map(str::to_owned).collect();
    entries.sort_by_cached_key(|entry| values(entry, &path).into_iter().next());
    if falling {
        entries.reverse();
    }
}

/// A JSON object from a request.
pub(super) fn object(body: &[u8]) -> Result<Map<String, Value>, Failure> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(members)) => Ok(members),
        _ => Err(Failure::bad("the body is not a JSON object")),
    }
}
