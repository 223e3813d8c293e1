//! The bank's pages.
//!
//! Knows nothing of requests: a page is made from what it shows.
//!
//! Invariants
//! - A page loads nothing but its style sheet from the bank, and runs no script unless a misbehaviour is one.
//! - Names of buttons and labels are what a screen reader and an automated browser find them by; they are stable.
//!
//! Source: CSP Level 3 (`form-action` also governs the redirects that follow a form; checked 2026-11-21).

use super::accounts::{ACCOUNTS, Account, SUGGESTED_USER, holder};
use super::clients::CLIENT_NAME;
use super::html::{Html, escape};
use super::visits::Visit;
use super::words::{Language, Words};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// The style sheet of every page.
pub(super) async fn stylesheet() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("farol.css"))
}

/// What a page may do beyond showing itself.
#[derive(Default)]
pub(crate) struct Policy {
    /// Where its form may lead besides the bank, as a CSP source.
    pub form_target: Option<String>,
    /// The nonce of its one script.
    pub script: Option<String>,
}

/// A whole page of the bank as a response.
pub(super) fn respond(
    status: StatusCode,
    language: Language,
    title: &str,
    content: &Html,
    policy: &Policy,
) -> Response {
    respond_as(language.words().bank, status, language, title, content, policy)
}

/// A whole page as a response, under the name of an institution.
pub(crate) fn respond_as(
    name: &str,
    status: StatusCode,
    language: Language,
    title: &str,
    content: &Html,
    policy: &Policy,
) -> Response {
    let page = frame(name, language, title, content).into_string();
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, policy.header()),
        (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
        (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    ];
    (status, headers, page).into_response()
}

impl Policy {
    pub(crate) fn header(&self) -> HeaderValue {
        let target = self.form_target.as_deref().unwrap_or_default();
        let script =
            self.script.as_ref().map(|nonce| format!("; script-src 'nonce-{nonce}'")).unwrap_or_default();
        let policy = format!(
            "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; \
             form-action 'self' {target}{script}"
        );
        // A target that is no header text is no registered address either; then nothing may be sent at all.
        HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
    }
}

const LIGHTHOUSE: &str = r#"<svg viewBox="0 0 36 36" aria-hidden="true" focusable="false"><path class="light" d="M14 9 1 4v10l13-3zM22 9l13-5v10l-13-3z"/><path class="tower" d="M18 1l6 5H12zM13 7h10v5H13zM14 14h8l3 19H11z"/><path class="light" d="M12.9 21h10.2l.6 4H12.3z"/></svg>"#;

fn frame(name: &str, language: Language, title: &str, content: &Html) -> Html {
    let words = language.words();
    Html::markup(format!(
        r#"<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · {bank}</title>
<link rel="stylesheet" href="/farol.css">
</head>
<body>
<p class="note"><strong>{practice}.</strong> {note}</p>
<header>{LIGHTHOUSE}<p>{bank}</p></header>
<main>
<h1>{title}</h1>
{content}
</main>
</body>
</html>
"#,
        lang = language.tag(),
        title = escape(title),
        bank = escape(name),
        practice = words.practice,
        note = words.practice_note,
    ))
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
pub(super) fn sign_in(visit: &Visit, wrong: Option<&str>) -> Html {
    let words = visit.language.words();
    Html::markup(format!(
        r#"<p class="quiet">{text} {CLIENT_NAME}</p>
{wrong}<form method="post" action="/sign-in">
{hidden}
<label class="above" for="user">{user}</label>
<input type="text" id="user" name="user" value="{SUGGESTED_USER}" autocomplete="off" autocapitalize="none" spellcheck="false" maxlength="64" required>
<label class="above" for="password">{password}</label>
<input type="password" id="password" name="password" autocomplete="off" aria-describedby="password-hint">
<p class="quiet small" id="password-hint">{hint}</p>
<div class="actions"><button type="submit">{sign_in}</button></div>
</form>"#,
        text = words.sign_in_text,
        wrong = alert(wrong),
        hidden = hidden(visit),
        user = words.user,
        password = words.password,
        hint = words.password_hint,
        sign_in = words.sign_in,
    ))
}

/// The form that asks for the code that a device shows.
pub(super) fn device(language: Language, typed: &str, wrong: Option<&str>) -> Html {
    let words = language.words();
    Html::markup(format!(
        r#"<p>{text}</p>
{wrong}<form method="post" action="/device">
<label class="above" for="user_code">{label}</label>
<input type="text" id="user_code" name="user_code" value="{typed}" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="16" required>
<div class="actions"><button type="submit">{next}</button></div>
</form>"#,
        text = words.code_text,
        wrong = alert(wrong),
        label = words.code,
        typed = escape(typed),
        next = words.open,
    ))
}

/// The form that asks what may be shared; `until` is the last day of the consent.
pub(super) fn consent(visit: &Visit, user: &str, until: &str, wrong: Option<&str>) -> Html {
    let words = visit.language.words();
    let accounts: Html = ACCOUNTS.iter().map(|account| account_choice(account, visit.language)).collect();
    Html::markup(format!(
        r#"<p><strong>{CLIENT_NAME}</strong> {text}</p>
<p class="quiet small who">{signed_in_as} {holder}</p>
{wrong}<form method="post" action="/consent">
{hidden}
<fieldset><legend>{legend}</legend>
{accounts}</fieldset>
<h2>{reads_title}</h2>
<ul>{reads}</ul>
<p class="quiet small">{never}</p>
<h2>{until_title}</h2>
<p>{before} {until}{after}</p>
<div class="actions"><button type="submit" name="decision" value="allow">{allow}</button><button type="submit" name="decision" value="cancel" class="second">{cancel}</button></div>
</form>"#,
        text = words.consent_text,
        signed_in_as = words.signed_in_as,
        holder = escape(&holder(user)),
        wrong = alert(wrong),
        hidden = hidden(visit),
        legend = words.accounts_legend,
        reads_title = words.reads_title,
        reads = reads(words, &visit.request.scopes),
        never = words.never,
        until_title = words.until_title,
        before = words.until_before,
        until = escape(until),
        after = words.until_after,
        allow = words.allow,
        cancel = words.cancel,
    ))
}

fn account_choice(account: &Account, language: Language) -> Html {
    Html::markup(format!(
        r#"<label class="account"><input type="checkbox" name="account" value="{id}" checked><span class="name">{name}<span>•••• {last_four}</span></span><span class="amount">{amount}</span></label>
"#,
        id = account.id,
        name = account.name(language),
        last_four = account.last_four,
        amount = money(account, language),
    ))
}

/// An amount as people write it; separators by language.
fn money(account: &Account, language: Language) -> String {
    let (thousands, decimal) = match language {
        Language::English => (',', '.'),
        Language::Portuguese => ('.', ','),
    };
    let (sign, digits) =
        account.balance.strip_prefix('-').map_or(("", account.balance), |digits| ("−", digits));
    let (whole, cents) = digits.split_once('.').unwrap_or((digits, "00"));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push(thousands);
        }
        grouped.push(digit);
    }
    let symbol = if account.currency == "EUR" { "€" } else { "R$" };
    format!("{sign}{symbol}\u{a0}{grouped}{decimal}{cents}")
}

fn reads(words: &Words, scopes: &[String]) -> Html {
    let asked = |scope: &str| scopes.iter().any(|other| other == scope);
    let lines = [
        (asked("profile"), words.reads_identity),
        (asked("email"), words.reads_email),
        (asked("accounts"), words.reads_accounts),
    ];
    lines
        .into_iter()
        .filter(|(asked, _)| *asked)
        .map(|(_, line)| Html::markup(format!("<li>{line}</li>")))
        .collect()
}

/// A page with a button whose script opens `next` in another window, by way of `about:blank` when `blank`.
pub(super) fn opener(language: Language, next: &str, blank: bool, nonce: &str) -> Html {
    let words = language.words();
    let script = if blank {
        "const w=window.open('about:blank');setTimeout(()=>{w.location.href=next},300)"
    } else {
        "window.open(next,'farol','popup,width=460,height=760')"
    };
    Html::markup(format!(
        r#"<p>{text}</p>
<div class="actions"><button type="button" id="open" data-next="{next}">{open}</button></div>
<script nonce="{nonce}">
const button=document.getElementById('open');
button.addEventListener('click',()=>{{const next=button.dataset.next;{script}}});
</script>"#,
        text = words.open_text,
        next = escape(next),
        open = words.open,
        nonce = escape(nonce),
    ))
}

/// A page that closes its window.
pub(super) fn closing(language: Language, nonce: &str) -> Html {
    let text = language.words().done_text;
    Html::markup(format!(r#"<p>{text}</p><script nonce="{}">window.close()</script>"#, escape(nonce)))
}

/// An error page of the bank.
pub(super) fn error(status: StatusCode, language: Language, what: &str) -> Response {
    let words = language.words();
    let content = Html::markup(format!(
        r#"<p role="alert">{}</p><p class="quiet">{}</p>"#,
        escape(what),
        words.error_safe
    ));
    respond(status, language, words.error_title, &content, &Policy::default())
}
