//! What a person's browser meets: authorization endpoint, sign-in, consent.
//!
//! Knows nothing of tokens.
//!
//! Invariants
//! - A form counts only with its visit's cookie and anti-forgery value; otherwise the person sees that it is over.
//! - A visit is answered once.

use super::Bank;
use super::accounts::{ACCOUNTS, USER_LIMIT};
use super::authorize::{Refusal, Trust, judge};
use super::grants::Approval;
use super::html::Html;
use super::pages::{self, Policy};
use super::response::{Failure, see_other};
use super::visits::{VISIT_LIFE, Visit};
use super::words::Language;
use crate::Misbehaviour;
use crate::values::{Parameters, random};
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

type Farol = State<Arc<Bank>>;

pub(super) async fn home(headers: HeaderMap) -> Response {
    let language = browser_language(&headers);
    let words = language.words();
    let content = Html::markup(format!("<p>{}</p>", words.home_text));
    pages::respond(StatusCode::OK, language, words.home_title, &content, &Policy::default())
}

pub(super) async fn not_found(headers: HeaderMap) -> Response {
    let language = browser_language(&headers);
    pages::error(StatusCode::NOT_FOUND, language, language.words().error_missing)
}

/// The authorization endpoint.
pub(super) async fn authorize(State(bank): Farol, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    if bank.mood.plays(Misbehaviour::PageNeverAnswers) {
        crate::ended(bank.over.clone()).await;
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let parameters = Parameters::parse(query.unwrap_or_default().as_bytes());
    let language = Language::choose(
        parameters.one("ui_locales").ok().flatten(),
        headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()),
    );
    let request = match judge(&parameters) {
        Ok(request) => request,
        Err(refusal) => return bank.refuse(refusal, language),
    };
    let Ok((id, cookie)) = bank.visits.begin(request, language, bank.clock.now()) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let page = if bank.mood.plays(Misbehaviour::BlankPage) { "open" } else { "sign-in" };
    let mut response = see_other(&format!("/{page}?visit={id}"));
    let life = VISIT_LIFE.as_secs();
    let cookie = format!("farol-{id}={cookie}; Path=/; Max-Age={life}; HttpOnly; SameSite=Lax");
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// The page of a misbehaviour that goes on in another window.
pub(super) async fn open(State(bank): Farol, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let Some(visit) = bank.visit(&Parameters::parse(query.unwrap_or_default().as_bytes()), &headers) else {
        return over(&headers);
    };
    let Ok(nonce) = random() else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let page = if visit.user.is_some() { "consent" } else { "sign-in" };
    let next = format!("/{page}?visit={}", visit.id);
    let content = pages::opener(visit.language, &next, visit.user.is_none(), &nonce);
    let policy = Policy { script: Some(nonce), ..Policy::default() };
    pages::respond(StatusCode::OK, visit.language, visit.language.words().open_title, &content, &policy)
}

pub(super) async fn sign_in_page(
    State(bank): Farol,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    match bank.visit(&Parameters::parse(query.unwrap_or_default().as_bytes()), &headers) {
        Some(visit) => show_sign_in(&visit, None),
        None => over(&headers),
    }
}

pub(super) async fn sign_in(State(bank): Farol, headers: HeaderMap, body: Bytes) -> Response {
    let form = Parameters::parse(&body);
    let Some(visit) = bank.proved_visit(&form, &headers) else { return over(&headers) };
    let words = visit.language.words();
    if bank.mood.plays(Misbehaviour::LoginErrorPage) {
        return pages::error(StatusCode::SERVICE_UNAVAILABLE, visit.language, words.error_trouble);
    }
    let user = form.one("user").ok().flatten().map(str::trim).unwrap_or_default();
    if user.is_empty() || user.chars().count() > USER_LIMIT {
        return show_sign_in(&visit, Some(words.user_missing));
    }
    bank.visits.signed_in(&visit.id, user);
    let page = if bank.mood.plays(Misbehaviour::PopupConsent) { "open" } else { "consent" };
    see_other(&format!("/{page}?visit={}", visit.id))
}

pub(super) async fn consent_page(
    State(bank): Farol,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    match bank.visit(&Parameters::parse(query.unwrap_or_default().as_bytes()), &headers) {
        Some(visit) => bank.show_consent(&visit, None),
        None => over(&headers),
    }
}

pub(super) async fn consent(State(bank): Farol, headers: HeaderMap, body: Bytes) -> Response {
    let form = Parameters::parse(&body);
    let visit = bank.proved_visit(&form, &headers);
    let Some((visit, user)) = visit.and_then(|visit| visit.user.clone().map(|user| (visit, user))) else {
        return over(&headers);
    };
    let allowed = form.one("decision") == Ok(Some("allow"));
    let chosen = |id: &&str| form.all("account").any(|other| other == *id);
    let accounts: Vec<_> =
        ACCOUNTS.iter().map(|account| account.id).filter(chosen).map(str::to_owned).collect();
    if allowed && accounts.is_empty() {
        return bank.show_consent(&visit, Some(visit.language.words().accounts_missing));
    }
    if !bank.visits.end(&visit.id) {
        return over(&headers);
    }
    let request = &visit.request;
    if let Some(user_code) = &request.device {
        let allowed = allowed && !bank.mood.plays(Misbehaviour::DeniesConsent);
        let approval = allowed.then(|| Approval {
            client_id: request.client.id().to_owned(),
            scopes: request.scopes.clone(),
            accounts,
            user,
            approved_at: bank.clock.now(),
        });
        if !bank.devices.decide(user_code, approval, bank.clock.now()) {
            return over(&headers);
        }
        return decided(visit.language, allowed);
    }
    if let Some(failure) = bank.objection(allowed) {
        return bank.redirect_with_error(&request.redirect_uri, request.state.as_deref(), &failure);
    }
    if bank.mood.plays(Misbehaviour::PageClosesItself) {
        return closing(visit.language);
    }
    let approval = Approval {
        client_id: request.client.id().to_owned(),
        scopes: request.scopes.clone(),
        accounts,
        user,
        approved_at: bank.clock.now(),
    };
    bank.redirect_with_code(request, approval)
}

impl Bank {
    fn refuse(&self, refusal: Refusal, language: Language) -> Response {
        let words = language.words();
        let what = match refusal {
            Refusal::Shown(Trust::UnknownClient) => words.error_client,
            Refusal::Shown(Trust::UnregisteredRedirect) => words.error_redirect,
            Refusal::Redirected { redirect_uri, state, error, description } => {
                return self.redirect_with_error(
                    &redirect_uri,
                    state.as_deref(),
                    &Failure { error, description },
                );
            }
        };
        pages::error(StatusCode::BAD_REQUEST, language, what)
    }

    /// The visit a request names, if it comes from the browser the visit began in.
    fn visit(&self, parameters: &Parameters, headers: &HeaderMap) -> Option<Visit> {
        let id = parameters.one("visit").ok().flatten()?;
        let cookie = cookie(headers, &format!("farol-{id}"))?;
        self.visits.find(id, cookie, self.clock.now())
    }

    fn proved_visit(&self, form: &Parameters, headers: &HeaderMap) -> Option<Visit> {
        let proof = form.one("proof").ok().flatten()?;
        self.visit(form, headers).filter(|visit| visit.is_proved_by(proof))
    }

    fn show_consent(&self, visit: &Visit, wrong: Option<&str>) -> Response {
        let Some(user) = &visit.user else { return see_other(&format!("/sign-in?visit={}", visit.id)) };
        let words = visit.language.words();
        let last_day = Approval::last_day(self.clock.now());
        let content = pages::consent(visit, user, &words.date(last_day), wrong);
        let policy =
            Policy { form_target: Some(source_of(&visit.request.redirect_uri)), ..Policy::default() };
        pages::respond(StatusCode::OK, visit.language, words.consent_title, &content, &policy)
    }

    /// Why there will be no code after all.
    fn objection(&self, allowed: bool) -> Option<Failure<'static>> {
        if !allowed || self.mood.plays(Misbehaviour::DeniesConsent) {
            return Some(Failure { error: "access_denied", description: "the person did not allow it" });
        }
        let trouble = self.mood.plays(Misbehaviour::ErrorServer);
        trouble.then_some(Failure { error: "server_error", description: "the bank is in trouble" })
    }
}

fn show_sign_in(visit: &Visit, wrong: Option<&str>) -> Response {
    let content = pages::sign_in(visit, wrong);
    pages::respond(
        StatusCode::OK,
        visit.language,
        visit.language.words().sign_in_title,
        &content,
        &Policy::default(),
    )
}

/// The last page on the device where the code was typed.
fn decided(language: Language, allowed: bool) -> Response {
    let words = language.words();
    let text = if allowed { words.code_done } else { words.error_safe };
    let content = Html::markup(format!("<p>{text}</p>"));
    pages::respond(StatusCode::OK, language, words.done_title, &content, &Policy::default())
}

fn closing(language: Language) -> Response {
    let Ok(nonce) = random() else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let content = pages::closing(language, &nonce);
    let policy = Policy { script: Some(nonce), ..Policy::default() };
    pages::respond(StatusCode::OK, language, language.words().done_title, &content, &policy)
}

fn over(headers: &HeaderMap) -> Response {
    let language = browser_language(headers);
    pages::error(StatusCode::BAD_REQUEST, language, language.words().error_over)
}

pub(crate) fn browser_language(headers: &HeaderMap) -> Language {
    Language::choose(None, headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()))
}

pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lists = headers.get_all(header::COOKIE).iter().filter_map(|list| list.to_str().ok());
    let mut pairs = lists.flat_map(|list| list.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(other, _)| *other == name).map(|(_, value)| value)
}

/// A registered redirect URI as a CSP source: its origin, or its scheme when it is not of the web.
pub(crate) fn source_of(redirect_uri: &str) -> String {
    match url::Url::parse(redirect_uri) {
        Ok(url) if url.origin().is_tuple() => url.origin().ascii_serialization(),
        Ok(url) => format!("{}:", url.scheme()),
        Err(_) => String::new(),
    }
}
