//! A Connect page to practise with: a stand-in for the page that Pluggy's widget shows in its frame, and a page around
//! it that reports what the widget would call back.
//!
//! The pages use the API as any client does, with a connect token of the company's endpoint. The token goes from page to
//! frame in a message, never in an address.
//!
//! Invariants
//! - The pages run the scripts of this folder only, and are framed by themselves only.
//! - Page and frame listen to their own origin and to each other only.
//!
//! Source: npm `pluggy-connect-sdk` 2.14.2 `pluggy-connect.d.ts` (callbacks and events; checked 2026-11-21).

use crate::bank::words::Language;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      img-src 'self' data:; frame-src 'self'; frame-ancestors 'self'; form-action 'none'; base-uri 'none'";

/// The page in the frame.
pub(super) async fn frame(headers: HeaderMap) -> Response {
    page(&headers, "frame.js", "Connect (Sandbox)")
}

/// The page around the frame.
pub(super) async fn host(headers: HeaderMap) -> Response {
    page(&headers, "host.js", "Widget (Sandbox)")
}

pub(super) async fn frame_script() -> Response {
    file("text/javascript; charset=utf-8", include_str!("connect/frame.js"))
}

pub(super) async fn host_script() -> Response {
    file("text/javascript; charset=utf-8", include_str!("connect/host.js"))
}

pub(super) async fn words_script() -> Response {
    file("text/javascript; charset=utf-8", include_str!("connect/words.js"))
}

pub(super) async fn style() -> Response {
    file("text/css; charset=utf-8", include_str!("connect/connect.css"))
}

fn page(headers: &HeaderMap, script: &str, title: &str) -> Response {
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let language = Language::choose(None, asked);
    let words = language.words();
    let html = format!(
        r#"<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="/farol.css">
<link rel="stylesheet" href="/pluggy/connect/connect.css">
<script type="module" src="/pluggy/connect/{script}"></script>
</head>
<body>
<p class="note"><strong>{practice}.</strong> {note}</p>
<main aria-live="polite"></main>
</body>
</html>
"#,
        lang = language.tag(),
        practice = words.practice,
        note = words.practice_note,
    );
    file("text/html; charset=utf-8", html)
}

fn file(kind: &'static str, content: impl IntoResponse) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN")),
    ];
    (headers, content).into_response()
}
