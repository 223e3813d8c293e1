//! The pages of the Link journey, in the bank's look.
//!
//! Knows nothing of requests: a page is made from what it shows.
//!
//! Invariants
//! - A page loads nothing but the bank's style sheet, and runs no script.
//! - Names of buttons and labels are what a screen reader and an automated browser find them by; they are stable.

use super::super::catalogue::{INTEGRATIONS, Integration, MARK};
use super::visits::Visit;
use super::words::{Words, words};
use crate::bank::html::{Html, escape};
use crate::bank::pages::Policy;
use crate::bank::words::Language;
use crate::bank::{CLIENT_NAME, browser_language};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Whose page it is, in which language.
pub(super) struct Frame {
    name: String,
    monogram: String,
    pub language: Language,
}

impl Frame {
    /// A page of a platform.
    pub(super) fn of(integration: &Integration, language: Language) -> Self {
        Self { name: integration.name(), monogram: integration.monogram(), language }
    }

    /// A page of the practice Codat itself.
    pub(super) fn of_codat(headers: &HeaderMap) -> Self {
        let (name, monogram) = (format!("Codat {MARK}"), "C".to_owned());
        Self { name, monogram, language: browser_language(headers) }
    }

    pub(super) fn respond(
        &self,
        status: StatusCode,
        title: &str,
        content: &Html,
        policy: &Policy,
    ) -> Response {
        let page = self.page(title, content).into_string();
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
            (header::CONTENT_SECURITY_POLICY, policy.header()),
            (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
            (
                HeaderName::from_static("cross-origin-resource-policy"),
                HeaderValue::from_static("same-origin"),
            ),
        ];
        (status, headers, page).into_response()
    }

    pub(super) fn error(&self, status: StatusCode, what: &str) -> Response {
        let words = self.language.words();
        let content = Html::markup(format!(
            r#"<p role="alert">{}</p><p class="quiet">{}</p>"#,
            escape(what),
            words.error_safe
        ));
        self.respond(status, words.error_title, &content, &Policy::default())
    }

    fn page(&self, title: &str, content: &Html) -> Html {
        let Words { practice, practice_note, .. } = words(self.language);
        Html::markup(format!(
            r#"<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · {name}</title>
<link rel="stylesheet" href="/farol.css">
</head>
<body>
<p class="note"><strong>{practice}.</strong> {practice_note}</p>
<header><svg viewBox="0 0 36 36" aria-hidden="true" focusable="false"><rect class="tower" width="36" height="36" rx="18"/><text class="monogram" x="18" y="23" font-size="14" font-weight="600" text-anchor="middle">{monogram}</text></svg><p>{name}</p></header>
<main>
<h1>{title}</h1>
{content}
</main>
</body>
</html>
"#,
            lang = if self.language == Language::English { "en" } else { "pt-BR" },
            title = escape(title),
            name = escape(&self.name),
            monogram = escape(&self.monogram),
        ))
    }
}

fn hidden(visit: &Visit) -> Html {
    Html::markup(format!(
        r#"<input type="hidden" name="visit" value="{}"><input type="hidden" name="proof" value="{}">"#,
        escape(&visit.id),
        escape(&visit.form_proof)
    ))
}

fn alert(text: Option<&str>) -> Html {
    text.map(|text| Html::markup(format!(r#"<p class="wrong" role="alert">{}</p>"#, escape(text))))
        .unwrap_or_default()
}

/// The form that asks who the person is.
pub(super) fn sign_in(visit: &Visit, integration: &Integration, wrong: Option<&str>) -> Html {
    let bank = visit.language.words();
    let connector = integration
        .offline
        .then(|| Html::markup(format!(r#"<p class="quiet small">{}</p>"#, words(visit.language).connector)));
    Html::markup(format!(
        r#"<p class="quiet">{text} {CLIENT_NAME}</p>
{connector}{wrong}<form method="post" action="/codat/link/sign-in">
{hidden}
<label class="above" for="user">{user}</label>
<input type="text" id="user" name="user" value="ana" autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="64" required>
<label class="above" for="password">{password}</label>
<input type="password" id="password" name="password" autocomplete="off" aria-describedby="password-hint">
<p class="quiet small" id="password-hint">{hint}</p>
<div class="actions"><button type="submit">{sign_in}</button></div>
</form>"#,
        text = bank.sign_in_text,
        connector = connector.unwrap_or_default(),
        wrong = alert(wrong),
        hidden = hidden(visit),
        user = bank.user,
        password = bank.password,
        hint = bank.password_hint,
        sign_in = bank.sign_in,
    ))
}

/// The form that asks which organization may be read.
pub(super) fn consent(visit: &Visit, integration: &Integration, user: &str, wrong: Option<&str>) -> Html {
    let words = words(visit.language);
    let organizations: Html = integration.organizations().iter().enumerate().map(organization).collect();
    let types = integration.source_type.data_types().iter().take(3);
    let reads: Html = types.map(|one| Html::markup(format!("<li>{}</li>", (words.names)(one)))).collect();
    Html::markup(format!(
        r#"<p><strong>{CLIENT_NAME}</strong> {text}</p>
<p class="quiet small who">{signed_in_as} {user}</p>
{wrong}<form method="post" action="/codat/link/consent">
{hidden}
<fieldset><legend>{legend}</legend>
{organizations}</fieldset>
<h2>{reads_title}</h2>
<ul>{reads}</ul>
<p class="quiet small">{never}</p>
<div class="actions"><button type="submit" name="decision" value="allow">{allow}</button><button type="submit" name="decision" value="decline" class="second">{decline}</button></div>
</form>"#,
        text = words.consent_text,
        signed_in_as = visit.language.words().signed_in_as,
        user = escape(user),
        wrong = alert(wrong),
        hidden = hidden(visit),
        legend = words.organizations,
        reads_title = words.reads_title,
        never = words.never,
        allow = visit.language.words().allow,
        decline = words.decline,
    ))
}

fn organization((index, name): (usize, &&str)) -> Html {
    let checked = if index == 0 { " checked" } else { "" };
    let name = escape(name);
    Html::markup(format!(
        r#"<label class="account"><input type="radio" name="organization" value="{name}"{checked}><span class="name">{name}</span></label>
"#
    ))
}

/// The form that asks which platform a company uses.
pub(super) fn choose(company: &str, name: &str, proof: &str, language: Language) -> Html {
    let words = words(language);
    let enabled = INTEGRATIONS.iter().filter(|one| one.enabled).enumerate();
    let platforms: Html = enabled
        .map(|(index, one)| {
            let checked = if index == 0 { " checked" } else { "" };
            Html::markup(format!(
                r#"<label class="account"><input type="radio" name="platform" value="{}"{checked}><span class="name">{}</span></label>
"#,
                one.key,
                escape(&one.name())
            ))
        })
        .collect();
    Html::markup(format!(
        r#"<form method="post" action="/codat/link/company/{company}">
<input type="hidden" name="proof" value="{proof}">
<fieldset><legend>{name}: {text}</legend>
{platforms}</fieldset>
<div class="actions"><button type="submit">{choose}</button></div>
</form>"#,
        company = escape(company),
        proof = escape(proof),
        name = escape(name),
        text = words.choose_text,
        choose = words.choose,
    ))
}

/// The end of a journey without a redirect.
pub(super) fn ended(text: &str) -> Html {
    Html::markup(format!("<p>{}</p>", escape(text)))
}
