//! `GET /oauth/connect/:key`: begins an authorization for a page, or for a person with the publishable key.
//!
//! Who may begin one
//! - a page of an allowed origin, by opening this address in a window; the browser tells its origin in `Referer`;
//! - a person who opens the address without any page, with the publishable key.
//!
//! A page that is not allowed may not, whatever it sends: not by a link, not in a frame, and not by hiding where it is.
//! The gate is asked in each case, and the person with it.

use super::page::{End, Failure, Waiting, not_begun, page};
use super::{first, pairs};
use crate::caller::{Access, Caller};
use crate::gate::Outcome;
use crate::http::{Asker, Site, error_json};
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use connections::error::{CoreError, ErrorCode};
use connections::id::ConnectionId;
use connections::{BeginAuthorization, ConfigKey, ConnectionKey};
use std::collections::BTreeMap;
use std::sync::Arc;
use url::Url;

const NO_KEY: &str = "Authentication failed. The request is missing a valid publishable key.";
const WRONG_KEY: &str = "Authentication failed. The provided publishable key is invalid.";
const FOREIGN: &str = "The page's origin is not allowed; it can be allowed in Mooring.";

/// Without a config key.
pub(crate) async fn no_key(
    State(site): State<Arc<Site>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let pairs = pairs(query.as_deref());
    match opener(&site, &headers, &pairs) {
        Err(refusal) => *refusal,
        Ok(origin) => {
            let waiting = Waiting { origin: origin.as_deref(), ..Waiting::default() };
            let failure = Failure::new("no_provider_config_key", "Missing provider unique key.");
            page(&waiting, &End::Failed(failure))
        }
    }
}

/// Begins an authorization and leads to the provider.
pub(crate) async fn begin(
    State(site): State<Arc<Site>>,
    Path(config_key): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    Asker(program): Asker,
) -> Response {
    let pairs = pairs(query.as_deref());
    let origin = match opener(&site, &headers, &pairs) {
        Ok(origin) => origin,
        Err(refusal) => {
            let reason =
                if refusal.status() == StatusCode::FORBIDDEN { "foreignOrigin" } else { "wrongSecret" };
            let why = Outcome::Refused { code: ErrorCode::NotPermitted, reason: Some(reason.to_owned()) };
            site.gate.record(&program, Access::Connect, None, &why).await;
            return *refusal;
        }
    };
    let connection_id = first(&pairs, "connection_id");
    let waiting = Waiting {
        origin: origin.as_deref(),
        config_key: Some(&config_key),
        connection_id: connection_id.as_deref(),
    };
    let Some(connection_id) = &connection_id else {
        return page(&waiting, &End::Failed(Failure::new("missing_connection_id", "Missing connectionId.")));
    };
    let caller = origin.as_deref().map_or(program, |origin| Arc::new(Caller::page(origin)));
    match lead(&site, &caller, origin.clone(), (&config_key, connection_id), &pairs).await {
        Ok(address) => found(&address),
        Err(error) => page(&waiting, &End::Failed(not_begun(&error, &config_key))),
    }
}

/// The origin of the page that opened this window, or none when a person did without a page; else the refusal.
fn opener(
    site: &Site,
    headers: &HeaderMap,
    pairs: &[(String, String)],
) -> Result<Option<String>, Box<Response>> {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let refuse = |status, text: &str| Err(Box::new(error_json(status, text)));
    // A browser says what it asks for; an image, a frame or a script asks for no page.
    let is_page = text("sec-fetch-dest").is_none_or(|dest| dest == "document")
        && text("sec-fetch-mode").is_none_or(|mode| mode == "navigate");
    if !is_page {
        return refuse(StatusCode::FORBIDDEN, "This address is a page of its own.");
    }
    let key = first(pairs, "pizzly_pkey");
    if key.as_deref().is_some_and(|key| key != site.publishable_key) {
        return refuse(StatusCode::UNAUTHORIZED, WRONG_KEY);
    }
    let origin = text("referer").map(|address| {
        Url::parse(address).map_or_else(|_| "null".to_owned(), |url| url.origin().ascii_serialization())
    });
    match (origin, text("sec-fetch-site")) {
        (Some(origin), _) if site.allows(&origin) => Ok(Some(origin)),
        // Where the browser names no page it says whether there is one.
        (None, None | Some("none")) if key.is_some() => Ok(None),
        (None, None | Some("none")) => refuse(StatusCode::UNAUTHORIZED, NO_KEY),
        _ => refuse(StatusCode::FORBIDDEN, FOREIGN),
    }
}

async fn lead(
    site: &Site,
    caller: &Caller,
    origin: Option<String>,
    (config_key, connection_id): (&str, &str),
    pairs: &[(String, String)],
) -> Result<Url, CoreError> {
    let config_key = ConfigKey::parse(config_key)?;
    let connection_id = ConnectionId::parse(connection_id)?;
    let key = ConnectionKey { config_key: config_key.clone(), connection_id: connection_id.clone() };
    // What is not registered is not worth a question to the person.
    site.core.config(&config_key)?;
    let ask = BeginAuthorization {
        config_key,
        connection_id: Some(connection_id),
        surface: None,
        preferred: None,
        parameters: parameters(pairs),
        language: None,
    };
    let callback = site.callback();
    let work = Box::pin(site.core.begin_elsewhere(ask, &callback));
    let (attempt, address) = site.admitted(caller, Access::Connect, Some(&key), work).await?;
    site.openers.remember(attempt.id, origin, key);
    Ok(address)
}

/// `params[subdomain]=acme`.
fn parameters(pairs: &[(String, String)]) -> BTreeMap<String, String> {
    let named = pairs.iter().filter_map(|(name, value)| {
        let name = name.strip_prefix("params[")?.strip_suffix(']')?;
        Some((name.to_owned(), value.clone()))
    });
    named.collect()
}

fn found(address: &Url) -> Response {
    let mut response = StatusCode::FOUND.into_response();
    if let Ok(location) = HeaderValue::from_str(address.as_str()) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::parameters;

    #[test]
    fn parameters_are_told_by_their_brackets() {
        let query = "connection_id=1&params%5Bsubdomain%5D=acme&params[x]=a%20b&params[y=z&params=q";
        let all = parameters(&crate::compat::pairs(Some(query)));
        let all: Vec<_> = all.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(all, [("subdomain", "acme"), ("x", "a b")]);
    }
}
