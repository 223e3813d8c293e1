//! The Link journey: signing in at a made-up platform, choosing an organization, allowing or declining.
//!
//! Knows nothing of access tokens and keys: whoever has a link address may go on.
//!
//! Invariants
//! - A single-use address opens one journey, within its life; using it ends the addresses made before.
//! - A form counts only with its visit's cookie and anti-forgery value, and a visit is answered once.
//! - Nothing is redirected to an address that is not registered.
//!
//! Source: docs.codat.io, hosted Link, set up redirects, and secure linking (checked 2026-11-21).

mod address;
mod finish;
mod pages;
mod redirect;
mod visits;
mod words;

use super::World;
use super::answer::Failure;
use super::catalogue::Integration;
use super::ids::new_uuid;
use super::ledger::{CONNECTIONS, Connection};
use crate::bank::pages::Policy;
use crate::bank::{browser_language, cookie, source_of};
use crate::values::Parameters;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use pages::Frame;
use std::sync::Arc;
use visits::{VISIT_LIFE, Visit};
use words::words;

pub(super) use address::LinkKey;
pub(super) use redirect::leads_to_registered;
pub(super) use visits::Visits;

type Codat = State<Arc<World>>;

/// Longer user names are refused.
const USER_LIMIT: usize = 64;

/// The paths below `/codat/link`.
pub(super) fn routes() -> Router<Arc<World>> {
    Router::new()
        .route("/company/{company}", get(choose_page).post(choose))
        .route("/companies/{company}/connections/{connection}/start", get(start))
        .route("/sign-in", get(sign_in_page).post(sign_in))
        .route("/consent", get(consent_page).post(consent))
        .fallback(|headers: HeaderMap| async move {
            let words = words(browser_language(&headers));
            Frame::of_codat(&headers).error(StatusCode::NOT_FOUND, words.error_missing)
        })
}

/// Where a link address leads.
async fn start(
    State(world): Codat,
    Path((company, connection)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let custom: Vec<(String, String)> =
        url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect();
    let password = custom.iter().find(|(name, _)| name == "otp").map(|(_, value)| value.clone());
    let opened = world.open_link(&company, &connection, password.as_deref()).await;
    let frame = Frame::of_codat(&headers);
    match opened {
        Ok(()) => world.begin(company, connection, custom, &headers),
        Err(status) => frame.error(status, words(frame.language).error_spent),
    }
}

impl World {
    /// Spends a single-use address.
    async fn open_link(
        self: &Arc<Self>,
        company: &str,
        connection: &str,
        password: Option<&str>,
    ) -> Result<(), StatusCode> {
        let found = self.store.read(|ledger, _| ledger.connection(company, connection).cloned());
        let found = found.ok_or(StatusCode::NOT_FOUND)?;
        if !self.needs_password() {
            return Ok(());
        }
        let password = password.unwrap_or_default().to_owned();
        let (world, company) = (Arc::clone(self), company.to_owned());
        let spent = self.alter(move |ledger, now| {
            let connection = ledger.connection_mut(&company, &found.id);
            let fits = |one: &&mut Connection| world.link_key.is_good(&password, one, now);
            let connection = connection.filter(fits).ok_or_else(|| Failure::bad("link"))?;
            connection.links_used += 1;
            Ok(())
        });
        spent.await.map_err(|_| StatusCode::UNAUTHORIZED)
    }

    fn begin(
        &self,
        company: String,
        connection: String,
        custom: Vec<(String, String)>,
        headers: &HeaderMap,
    ) -> Response {
        let begun =
            self.visits.begin(company, connection, custom, browser_language(headers), self.clock.now());
        let Ok((id, cookie)) = begun else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
        let mut response = Redirect::to(&format!("/codat/link/sign-in?visit={id}")).into_response();
        let life = VISIT_LIFE.as_secs();
        let cookie =
            format!("codat-link-{id}={cookie}; Path=/codat/link; Max-Age={life}; HttpOnly; SameSite=Lax");
        if let Ok(cookie) = HeaderValue::try_from(cookie) {
            response.headers_mut().insert(header::SET_COOKIE, cookie);
        }
        response
    }

    /// The visit that a request names, with its connection, if it comes from the browser that it began in.
    fn visit(&self, parameters: &Parameters, headers: &HeaderMap) -> Option<(Visit, &'static Integration)> {
        let id = parameters.one("visit").ok().flatten()?;
        let cookie = cookie(headers, &format!("codat-link-{id}"))?;
        let visit = self.visits.find(id, cookie, self.clock.now())?;
        let connection =
            self.store.read(|ledger, _| ledger.connection(&visit.company, &visit.connection).cloned())?;
        Some((visit, connection.integration()?))
    }

    fn proved_visit(&self, form: &Parameters, headers: &HeaderMap) -> Option<(Visit, &'static Integration)> {
        let proof = form.one("proof").ok().flatten()?;
        self.visit(form, headers).filter(|(visit, _)| visit.is_proved_by(proof))
    }

    fn show_consent(&self, visit: &Visit, integration: &Integration, wrong: Option<&str>) -> Response {
        let Some(user) = &visit.user else {
            return Redirect::to(&format!("/codat/link/sign-in?visit={}", visit.id)).into_response();
        };
        let frame = Frame::of(integration, visit.language);
        let content = pages::consent(visit, integration, user, wrong);
        let target = self.way_back(visit).map(|address| source_of(&address));
        let policy = Policy { form_target: target, ..Policy::default() };
        frame.respond(StatusCode::OK, words(visit.language).consent_title, &content, &policy)
    }
}

async fn sign_in_page(State(world): Codat, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    match world.visit(&Parameters::parse(query.unwrap_or_default().as_bytes()), &headers) {
        Some((visit, integration)) => show_sign_in(&visit, integration, None),
        None => over(&headers),
    }
}

async fn sign_in(State(world): Codat, headers: HeaderMap, body: Bytes) -> Response {
    let form = Parameters::parse(&body);
    let Some((visit, integration)) = world.proved_visit(&form, &headers) else { return over(&headers) };
    let user = form.one("user").ok().flatten().map(str::trim).unwrap_or_default();
    if user.is_empty() || user.chars().count() > USER_LIMIT {
        let wrong = visit.language.words().user_missing;
        return show_sign_in(&visit, integration, Some(wrong));
    }
    world.visits.signed_in(&visit.id, user);
    Redirect::to(&format!("/codat/link/consent?visit={}", visit.id)).into_response()
}

async fn consent_page(State(world): Codat, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    match world.visit(&Parameters::parse(query.unwrap_or_default().as_bytes()), &headers) {
        Some((visit, integration)) => world.show_consent(&visit, integration, None),
        None => over(&headers),
    }
}

async fn consent(State(world): Codat, headers: HeaderMap, body: Bytes) -> Response {
    let form = Parameters::parse(&body);
    let Some((visit, integration)) = world.proved_visit(&form, &headers) else { return over(&headers) };
    if visit.user.is_none() {
        return over(&headers);
    }
    let allowed = form.one("decision") == Ok(Some("allow"));
    let named = form.one("organization").ok().flatten();
    let organization = integration.organizations().iter().find(|one| Some(**one) == named);
    if allowed && organization.is_none() {
        let wrong = words(visit.language).organization_missing;
        return world.show_consent(&visit, integration, Some(wrong));
    }
    if !world.visits.end(&visit.id) {
        return over(&headers);
    }
    let organization = organization.copied().filter(|_| allowed);
    world.finish(&visit, integration, organization).await
}

/// Hosted Link: a company without a connection chooses its platform.
async fn choose_page(State(world): Codat, Path(company): Path<String>, headers: HeaderMap) -> Response {
    let frame = Frame::of_codat(&headers);
    let words = words(frame.language);
    let Some(name) = world.store.read(|ledger, _| ledger.company(&company).map(|one| one.name.clone()))
    else {
        return frame.error(StatusCode::NOT_FOUND, words.error_missing);
    };
    let proof = world.link_key.form_proof(&company);
    let content = pages::choose(&company, &name, &proof, frame.language);
    frame.respond(StatusCode::OK, words.choose_title, &content, &Policy::default())
}

async fn choose(
    State(world): Codat,
    Path(company): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let frame = Frame::of_codat(&headers);
    let form = Parameters::parse(&body);
    let proof = form.one("proof").ok().flatten().unwrap_or_default();
    if !world.link_key.is_form_proof(&company, proof) {
        return over(&headers);
    }
    let key = form.one("platform").ok().flatten().unwrap_or_default();
    let integration = Integration::find(key).filter(|one| one.enabled);
    let (Some(integration), Ok(id)) = (integration, new_uuid()) else { return over(&headers) };
    let (made, owner) = (id.clone(), company.clone());
    let added = world.alter(move |ledger, now| {
        let has_room = ledger.count_connections() < CONNECTIONS;
        let owner = ledger.company_mut(&owner).filter(|_| has_room);
        let owner = owner.ok_or_else(|| Failure::missing("Company"))?;
        owner.connections.push(Connection::pending(made, integration, now));
        Ok(())
    });
    match added.await {
        Ok(()) => world.begin(company, id, Vec::new(), &headers),
        Err(_) => frame.error(StatusCode::NOT_FOUND, words(frame.language).error_missing),
    }
}

fn show_sign_in(visit: &Visit, integration: &Integration, wrong: Option<&str>) -> Response {
    let content = pages::sign_in(visit, integration, wrong);
    let title = visit.language.words().sign_in_title;
    Frame::of(integration, visit.language).respond(StatusCode::OK, title, &content, &Policy::default())
}

fn over(headers: &HeaderMap) -> Response {
    let frame = Frame::of_codat(headers);
    frame.error(StatusCode::BAD_REQUEST, frame.language.words().error_over)
}
