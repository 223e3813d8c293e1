//! The institution's own page: what is shared, approve or decline. And where a window that cannot close itself ends.
//!
//! It looks like the practice bank. After the answer it tries to close its window, and goes to the redirect address
//! only when that fails, as Pluggy's OAuth support guide says.
//!
//! Invariants
//! - An item is answered once, and only while it waits.
//! - The window is sent to the item's own redirect address, else to this world's callback page, nowhere else.

mod words;

use super::World;
use super::connectors::Connector;
use super::data::accounts::{self, Account};
use super::item::{Consent, Item};
use super::run::Step;
use super::{execution::Execution, ids};
use crate::bank::html::{Html, escape};
use crate::bank::pages::{self, Policy};
use crate::bank::words::Language;
use crate::clock::later;
use crate::values::{Parameters, random};
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::tz::TimeZone;
use std::sync::Arc;
use std::time::Duration;
use words::{Words, words};

/// A bank shows its customer's accounts on one page; more are for machines.
const SHOWN: usize = 50;

/// An item that waits for this page.
struct Waiting<'w> {
    item: Item,
    connector: &'w Connector,
}

impl World {
    /// The item of a request, if it waits for its answer here.
    fn waiting(&self, id: &str) -> Option<Waiting<'_>> {
        let item = self.book.look(|state| {
            let item = state.item_mut(id)?;
            item.settle(self.pace(), self.now());
            (item.run.steps.front() == Some(&Step::Authorize)).then(|| item.clone())
        })?;
        let connector = self.connector(item.connector)?;
        Some(Waiting { item, connector })
    }

    /// Takes the person's answer; false when the item does not wait for one.
    pub(super) fn decided(&self, id: &str, shared: Option<Vec<usize>>) -> std::io::Result<bool> {
        let now = self.now();
        let consent = ids::fresh()?;
        self.book.change(|state| {
            let Some(item) = state.item_mut(id) else { return false };
            item.settle(self.pace(), now);
            if item.run.steps.front() != Some(&Step::Authorize) {
                return false;
            }
            let days = self.connector(item.connector).and_then(|connector| connector.consent_days);
            let life = |days: u16| Duration::from_secs(u64::from(days) * 24 * 60 * 60);
            item.run.answered(shared.is_none().then_some(Execution::UserAuthorizationNotGranted), now);
            if let Some(accounts) = shared {
                let expires_at = days.map(|days| later(now, life(days)));
                item.consent =
                    Some(Consent { id: consent, created_at: now, expires_at, revoked_at: None, accounts });
            }
            true
        })
    }
}

fn language(headers: &HeaderMap) -> Language {
    Language::choose(None, headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()))
}

/// The page with its form.
pub(super) async fn show(
    State(world): State<Arc<World>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let language = language(&headers);
    let query = Parameters::parse(query.unwrap_or_default().as_bytes());
    match query.one("item").ok().flatten().and_then(|id| world.waiting(id)) {
        Some(waiting) => world.ask(&waiting, language, None),
        None => over(language),
    }
}

/// The answer of the form.
pub(super) async fn decide(State(world): State<Arc<World>>, headers: HeaderMap, bytes: Bytes) -> Response {
    let language = language(&headers);
    let form = Parameters::parse(&bytes);
    let Some(waiting) = form.one("item").ok().flatten().and_then(|id| world.waiting(id)) else {
        return over(language);
    };
    let approved = form.one("decision") == Ok(Some("approve"));
    let offered = accounts::of_person(&waiting.item, world.settings.accounts);
    let chosen = |account: &&Account| form.all("account").any(|id| id == account.id);
    let shared: Vec<_> = if form.one("all") == Ok(Some("yes")) {
        offered.iter().map(|account| account.position).collect()
    } else {
        offered.iter().filter(chosen).map(|account| account.position).collect()
    };
    if approved && shared.is_empty() {
        return world.ask(&waiting, language, Some(words(language).missing));
    }
    match world.decided(&waiting.item.id, approved.then_some(shared)) {
        Ok(true) => world.closing(&waiting.item, waiting.connector, approved, language),
        Ok(false) => over(language),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// The institution's home, for who follows its address from a list.
pub(super) async fn home(
    State(world): State<Arc<World>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let language = language(&headers);
    let Some(connector) = id.parse().ok().and_then(|id| world.connector(id)) else { return over(language) };
    let words = language.words();
    let content = Html::markup(format!("<p>{}</p>", words.home_text));
    pages::respond_as(
        &connector.name,
        StatusCode::OK,
        language,
        words.home_title,
        &content,
        &Policy::default(),
    )
}

/// Where a window ends that could not close itself, when there is no redirect address.
pub(super) async fn callback(headers: HeaderMap) -> Response {
    let language = language(&headers);
    let words = words(language);
    let content = Html::markup(format!("<p>{}</p>", words.done_text));
    close(StatusCode::OK, language, &content, words.done_title, words.bank, None)
}

impl World {
    fn ask(&self, waiting: &Waiting<'_>, language: Language, wrong: Option<&str>) -> Response {
        let words = words(language);
        let Waiting { item, connector } = waiting;
        let offered = accounts::of_person(item, self.settings.accounts);
        let many = offered.len() > SHOWN;
        let choices: Html = offered.iter().take(SHOWN).map(|account| choice(account, words)).collect();
        let all = if many { "<input type=\"hidden\" name=\"all\" value=\"yes\">" } else { "" };
        let wrong = wrong.map(|text| format!(r#"<p class="wrong" role="alert">{}</p>"#, escape(text)));
        let content = Html::markup(format!(
            r#"<p>{text}</p>
{wrong}<form method="post" action="/pluggy/bank/authorize">
<input type="hidden" name="item" value="{id}">{all}
<fieldset><legend>{legend}</legend>
{choices}</fieldset>
<h2>{until_title}</h2>
<p>{until}</p>
<div class="actions"><button type="submit" name="decision" value="approve">{approve}</button><button type="submit" name="decision" value="decline" class="second">{decline}</button></div>
</form>"#,
            text = words.text,
            wrong = wrong.unwrap_or_default(),
            id = escape(&item.id),
            legend = words.legend,
            until_title = words.until_title,
            until = self.until(connector, language),
            approve = words.approve,
            decline = words.decline,
        ));
        pages::respond_as(
            &connector.name,
            StatusCode::OK,
            language,
            words.title,
            &content,
            &Policy::default(),
        )
    }

    /// Until when the consent would hold.
    fn until(&self, connector: &Connector, language: Language) -> String {
        let words = words(language);
        let Some(days) = connector.consent_days else { return words.endless.to_owned() };
        let end = later(self.now(), Duration::from_secs(u64::from(days) * 24 * 60 * 60));
        let day = language.words().date(end.to_zoned(TimeZone::system()).date());
        format!("{} {day}. {}", words.until, words.revoke)
    }

    fn closing(&self, item: &Item, connector: &Connector, approved: bool, language: Language) -> Response {
        let words = words(language);
        let own = format!("{}/oauthCallback.html?itemId={}", self.api(), item.id);
        let target = item.oauth_redirect_uri.clone().unwrap_or(own);
        let text = if approved { words.done_text } else { words.declined_text };
        let content = Html::markup(format!("<p>{text}</p>"));
        close(StatusCode::OK, language, &content, words.done_title, &connector.name, Some(&target))
    }
}

fn choice(account: &Account, words: &Words) -> Html {
    Html::markup(format!(
        r#"<label class="account"><input type="checkbox" name="account" value="{id}" checked><span class="name">{name}<span>{ending} {number}</span></span></label>
"#,
        id = escape(&account.id),
        name = escape(words.account(account.kind)),
        ending = words.ending,
        number = last_four(&account.number),
    ))
}

/// The last four digits of a number.
fn last_four(number: &str) -> String {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    digits.iter().skip(digits.len().saturating_sub(4)).collect()
}

/// A page that closes its window, and goes to `target` when that does not happen.
fn close(
    status: StatusCode,
    language: Language,
    content: &Html,
    title: &str,
    bank: &str,
    target: Option<&str>,
) -> Response {
    let Ok(nonce) = random() else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let on = target.map_or_else(String::new, |target| {
        format!(r#"<p class="small"><a id="on" href="{}">{}</a></p>"#, escape(target), words(language).go_on)
    });
    let script = if target.is_some() {
        "window.close();setTimeout(()=>location.replace(document.getElementById('on').href),600)"
    } else {
        "window.close()"
    };
    let content =
        Html::markup(format!(r#"{content}{on}<script nonce="{}">{script}</script>"#, escape(&nonce)));
    let policy = Policy { script: Some(nonce), ..Policy::default() };
    pages::respond_as(bank, status, language, title, &content, &policy)
}

fn over(language: Language) -> Response {
    let words = words(language);
    let content = Html::markup(format!(r#"<p role="alert">{}</p>"#, words.over));
    let policy = Policy::default();
    pages::respond_as(words.bank, StatusCode::BAD_REQUEST, language, words.over_title, &content, &policy)
}
