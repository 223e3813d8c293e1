//! What every request passes before anything looks at it.
//!
//! Sources: Fetch standard (CORS, `Sec-Fetch-*`), RFC 9110 §7.4 (misdirected requests), Private Network Access.

use super::who::Socket;
use super::{Limits, Site, error_json};
use crate::caller::{Access, Caller};
use crate::gate::Outcome;
use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use connections::error::ErrorCode;
use secret::{Secret, SecretString};
use std::sync::Arc;
use tower::ServiceExt as _;

const NO_SECRET: &str = "Authentication failed. The request is missing a valid secret key.";
const WRONG_SECRET: &str = "Authentication failed. The provided secret key is invalid.";

/// The routes, and what stands before them. Not a layer of theirs, which would copy a route for each request.
pub(super) struct Guarded {
    pub(super) site: Arc<Site>,
    pub(super) router: Router,
}

impl Guarded {
    pub(super) fn limits(&self) -> Limits {
        self.site.limits
    }

    /// Judges a request, has it answered or refuses it, and marks the answer.
    pub(super) async fn answer(&self, mut request: Request, socket: &Socket) -> Response {
        let origin = match judge_names(&self.site, &request) {
            Ok(origin) => origin,
            Err(refused) => {
                return marked(turned_away(&self.site, request.uri(), None, *refused).await, None);
            }
        };
        if let Some(origin) = &origin
            && request.method() == Method::OPTIONS
        {
            return marked(preflight(request.headers()), Some(origin));
        }
        if !has_pages(request.uri().path())
            && let Err(refused) = judge_secret(&self.site, request.headers())
        {
            let response = turned_away(&self.site, request.uri(), Some(socket), *refused).await;
            return marked(response, origin.as_deref());
        }
        if socket.is_of_another_user().await {
            let response = error_json(StatusCode::FORBIDDEN, "Another user's program asked.");
            let refused = TurnedAway { reason: "otherUser", response };
            return marked(turned_away(&self.site, request.uri(), None, refused).await, None);
        }
        let asker = match &origin {
            Some(origin) => Arc::new(Caller::page(origin)),
            None => socket.caller().await,
        };
        request.extensions_mut().insert(asker);
        // Routes do not fail; what they answer may be a refusal.
        let answered = self.router.clone().oneshot(request).await;
        marked(answered.unwrap_or_else(|never| match never {}), origin.as_deref())
    }
}

/// Why a request does not come as far as the gate.
struct TurnedAway {
    /// In one word, for the audit.
    reason: &'static str,
    response: Response,
}

/// Has it written down; answers what the program hears. The program is named where `socket` is given and the system
/// tells: a page that floods is not looked up again and again.
async fn turned_away(site: &Site, asked: &Uri, socket: Option<&Socket>, refused: TurnedAway) -> Response {
    let caller = match socket {
        Some(socket) if !socket.is_of_another_user().await => socket.caller().await,
        _ => Arc::new(Caller::http(None, None)),
    };
    let why = Outcome::Refused { code: ErrorCode::NotPermitted, reason: Some(refused.reason.to_owned()) };
    site.gate.record(&caller, wanted_at(asked.path()), None, &why).await;
    refused.response
}

/// What a path gives, for the audit.
fn wanted_at(path: &str) -> Access {
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    match first {
        "connection" => Access::Token,
        "config" => Access::Manage,
        "oauth" => Access::Connect,
        _ if path.ends_with("/token") || path.ends_with("/token/rejected") => Access::Token,
        _ if path.starts_with("/v1/accounts") => Access::ReadData,
        _ => Access::List,
    }
}

/// Paths that a person's browser shows; it cannot know the secret.
fn has_pages(path: &str) -> bool {
    path.starts_with("/oauth/")
}

/// The origin of the page that asks, if one asks and may.
fn judge_names(site: &Site, request: &Request) -> Result<Option<String>, Box<TurnedAway>> {
    let headers = request.headers();
    let host = only(headers, &header::HOST);
    let named = request.uri().authority().map(axum::http::uri::Authority::as_str);
    let ours = |name: Option<&str>| name.is_some_and(|name| site.is_own_host(name));
    if !ours(host) || named.is_some_and(|name| !site.is_own_host(name)) {
        let text = "This is Mooring on this computer, and no other host.";
        let response = error_json(StatusCode::MISDIRECTED_REQUEST, text);
        return Err(Box::new(TurnedAway { reason: "foreignHost", response }));
    }
    let foreign = || {
        let text = "The page's origin is not allowed; it can be allowed in Mooring.";
        let response = error_json(StatusCode::FORBIDDEN, text);
        Err(Box::new(TurnedAway { reason: "foreignOrigin", response }))
    };
    if headers.contains_key(header::ORIGIN) {
        return match only(headers, &header::ORIGIN).filter(|origin| site.allows(origin)) {
            Some(origin) => Ok(Some(origin.to_owned())),
            None => foreign(),
        };
    }
    // A page can ask without telling its origin (an image, a frame); the browser still says that it is another's.
    let site_of_page = headers.get("sec-fetch-site").and_then(|value| value.to_str().ok());
    if matches!(site_of_page, Some("cross-site" | "same-site")) && !has_pages(request.uri().path()) {
        return foreign();
    }
    Ok(None)
}

/// The value of a header that is there once.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    values.next().is_none().then(|| value.to_str().ok()).flatten()
}

fn judge_secret(site: &Site, headers: &HeaderMap) -> Result<(), Box<TurnedAway>> {
    let refuse = |reason: &'static str, text: &str| {
        let mut response = error_json(StatusCode::UNAUTHORIZED, text);
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        Err(Box::new(TurnedAway { reason, response }))
    };
    let Some(given) = only(headers, &header::AUTHORIZATION).filter(|value| !value.trim().is_empty()) else {
        return refuse("noSecret", NO_SECRET);
    };
    if proves(given, &site.secret) { Ok(()) } else { refuse("wrongSecret", WRONG_SECRET) }
}

/// Whether an `Authorization` header holds the secret: after `Bearer`, or as the user of `Basic`. As Pizzly did, what
/// follows a colon is not looked at, and the word `Basic` may be left out.
pub(super) fn proves(header: &str, secret: &SecretString) -> bool {
    let header = header.trim();
    let (scheme, rest) = header.split_once(' ').unwrap_or(("basic", header));
    if scheme.eq_ignore_ascii_case("bearer") {
        return secret.matches(rest.trim());
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return false;
    }
    let decoded = base64::engine::general_purpose::STANDARD.decode(rest.trim()).ok().map(Secret::new);
    // EXPOSE: cut at the colon, and what is before it compared in constant time.
    let text = decoded.as_ref().and_then(|decoded| str::from_utf8(decoded.expose()).ok());
    text.and_then(|text| text.split(':').next()).is_some_and(|user| secret.matches(user))
}

fn preflight(asked: &HeaderMap) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    let methods = HeaderValue::from_static("GET, POST, PUT, DELETE");
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
    let allowed = HeaderValue::from_static("authorization, content-type");
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, allowed);
    if asked.contains_key("access-control-request-private-network") {
        headers.insert("access-control-allow-private-network", HeaderValue::from_static("true"));
    }
    response
}

/// Nothing is kept by browsers and nothing guessed; only an allowed page may read it.
fn marked(mut response: Response, origin: Option<&str>) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::VARY, HeaderValue::from_static("origin"));
    if let Some(origin) = origin.and_then(|origin| HeaderValue::from_str(origin).ok()) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
    response
}
