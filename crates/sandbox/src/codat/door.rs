//! Who is let in: the API key everywhere, an access token at the connections of its company.
//!
//! Invariants
//! - A token opens the paths in [`is_of_connections`] of one company and nothing else, whatever it asks.
//! - Every answer of the API, a refusal too, says how much of the day's limit is left.
//!
//! Source: docs.codat.io, using the API, authentication and rate limits; which paths take a company's token is
//! documented nowhere, so they are the fewest that managing connections needs (checked 2026-11-21).

use super::answer::Failure;
use super::knobs::Trouble;
use super::{API_KEY, World};
use crate::bank::cut_connection;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::sync::Arc;
use subtle::ConstantTimeEq as _;

/// Requests a day, for the client and once more for each company with a linked connection.
const DAILY: u64 = 1000;
/// Different requests that are counted, and how long one may be written.
const COUNTED: usize = 200;
const LONGEST_COUNTED: usize = 256;

/// Counts requests: of the day, and by what was asked.
#[derive(Default)]
pub(super) struct Meter {
    day: Option<Date>,
    used: u64,
    counts: BTreeMap<String, u64>,
}

impl Meter {
    /// How many requests of today there were, with this one where it counts.
    fn count(&mut self, today: Date, counts: bool) -> u64 {
        if self.day != Some(today) {
            self.day = Some(today);
            self.used = 0;
        }
        self.used += u64::from(counts);
        self.used
    }

    fn note(&mut self, method: &Method, path: &str) {
        let name = |segment: &str| if segment.len() == 36 { "{}".to_owned() } else { segment.to_owned() };
        let shape: Vec<String> = path.split('/').map(name).collect();
        let counted = format!("{method} {}", shape.join("/"));
        // Bounded, so that a client that makes up paths cannot fill the memory.
        if counted.len() <= LONGEST_COUNTED
            && (self.counts.len() < COUNTED || self.counts.contains_key(&counted))
        {
            *self.counts.entry(counted).or_default() += 1;
        }
    }

    pub(super) fn counted(&self, what: &str) -> u64 {
        self.counts.get(what).copied().unwrap_or(0)
    }
}

pub(super) async fn door(State(world): State<Arc<World>>, request: Request, next: Next) -> Response {
    world.meter().note(request.method(), request.uri().path());
    let now = world.clock.now();
    let admitted = world.admit(&request, now);
    // Whoever is not let in must not use up the limit of those who are.
    let day = world.count_request(now, admitted.is_ok());
    let mut response = match admitted.and_then(|()| day.judge(now)) {
        Ok(()) => world.answer(request, next).await,
        Err(failure) => failure.into_response(),
    };
    let headers = response.headers_mut();
    headers.insert("x-rate-limit-limit", HeaderValue::from(day.limit));
    headers.insert("x-rate-limit-remaining", HeaderValue::from(day.limit.saturating_sub(day.used)));
    if let Ok(reset) = HeaderValue::try_from(day.ends.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()) {
        headers.insert("x-rate-limit-reset", reset);
    }
    response
}

/// The limit of a day and how far it is used up.
struct Day {
    limit: u64,
    used: u64,
    ends: Timestamp,
}

impl Day {
    fn judge(&self, now: Timestamp) -> Result<(), Failure> {
        if self.used <= self.limit {
            return Ok(());
        }
        let wait = self.ends.as_second().saturating_sub(now.as_second()).max(1);
        let mut failure = Failure::new(StatusCode::TOO_MANY_REQUESTS, "Daily rate limit exceeded");
        failure.retry_after = u64::try_from(wait).ok();
        Err(failure)
    }
}

impl World {
    fn count_request(&self, now: Timestamp, counts: bool) -> Day {
        let active = self.store.read(|ledger, _| ledger.active_companies());
        let grown = DAILY.saturating_mul(1 + u64::try_from(active).unwrap_or(0));
        let today = now.to_zoned(TimeZone::UTC).date();
        let midnight = today.tomorrow().ok().and_then(|day| day.to_zoned(TimeZone::UTC).ok());
        Day {
            limit: self.settings.daily_limit.unwrap_or(grown),
            used: self.meter().count(today, counts),
            ends: midnight.map_or(now, |midnight| midnight.timestamp()),
        }
    }

    /// Performs the request, unless something goes wrong on request.
    async fn answer(&self, request: Request, next: Next) -> Response {
        let trouble = self.knobs().trouble();
        match trouble.map(Trouble::answer) {
            None => next.run(request).await,
            Some(Some(instead)) => instead,
            Some(None) => {
                next.run(request).await;
                cut_connection()
            }
        }
    }

    fn admit(&self, request: &Request, now: Timestamp) -> Result<(), Failure> {
        let unknown = || Failure::new(StatusCode::UNAUTHORIZED, "Unauthorized");
        let (scheme, value) = credentials(request.headers()).ok_or_else(unknown)?;
        if scheme.eq_ignore_ascii_case("basic") {
            let known = STANDARD.encode(API_KEY);
            let same = bool::from(value.as_bytes().ct_eq(known.as_bytes()));
            return if same { Ok(()) } else { Err(unknown()) };
        }
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(unknown());
        }
        let company = self.store.read(|ledger, _| ledger.company_of_token(value, now).map(str::to_owned));
        let company = company.ok_or_else(unknown)?;
        if is_of_connections(request.method(), request.uri().path(), &company) {
            return Ok(());
        }
        Err(Failure::new(StatusCode::FORBIDDEN, "The token is for the connections of one company"))
    }
}

fn credentials(headers: &HeaderMap) -> Option<(&str, &str)> {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    let (first, second) = (all.next()?, all.next());
    if second.is_some() {
        return None;
    }
    first.to_str().ok()?.split_once(' ')
}

/// What a company's token may ask: list, read and unlink its connections.
fn is_of_connections(method: &Method, path: &str, company: &str) -> bool {
    let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    match segments.as_slice() {
        ["companies", id, "connections"] => *id == company && method == Method::GET,
        ["companies", id, "connections", _] => {
            *id == company && (method == Method::GET || method == Method::PATCH)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_opens_the_connections_of_its_company_only() {
        for (method, path) in [
            (Method::GET, "/companies/c/connections"),
            (Method::GET, "/companies/c/connections/x"),
            (Method::PATCH, "/companies/c/connections/x"),
        ] {
            assert!(is_of_connections(&method, path, "c"), "{method} {path}");
        }
        for (method, path) in [
            (Method::GET, "/companies"),
            (Method::GET, "/companies/c"),
            (Method::POST, "/companies/c/connections"),
            (Method::PATCH, "/companies/c/connections"),
            (Method::DELETE, "/companies/c/connections/x"),
            (Method::PUT, "/companies/c/connections/x/authorization"),
            (Method::GET, "/companies/d/connections"),
            (Method::GET, "/companies/c/connections/x/data/banking-accounts"),
            (Method::GET, "/companies/c/accessToken"),
            (Method::GET, "/corsSettings"),
        ] {
            assert!(!is_of_connections(&method, path, "c"), "{method} {path}");
        }
    }
}
