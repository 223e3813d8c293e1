//! Banco Farol: a made-up bank with an OAuth 2.0 and OpenID authorization server and a page of accounts.
//!
//! Knows nothing of who talks to it beyond its two registered clients.
//!
//! Invariants
//! - A request for another host name is refused before anything else is looked at (DNS rebinding).
//! - Nothing is redirected to an address that is not registered.
//! - A grant is on disk, where there is a state file, before the client hears of it.
//!
//! Source: RFC 6749, 7009, 7636, 8252 §7, 8414, 9207; RFC 9700 §4.14.2 (checked 2026-11-21).

mod accounts;
mod authorize;
pub(crate) mod book;
mod clients;
mod device;
mod front;
mod grants;
pub(crate) mod html;
mod id_token;
mod metadata;
pub(crate) mod odd_answers;
pub(crate) mod pages;
mod resources;
mod response;
mod revoke;
mod token;
mod visits;
pub(crate) mod words;

use crate::misbehaviour::Mood;
use crate::traffic::{Endpoint, Refreshes, Requests};
use crate::values::random;
use crate::{Clock, Options};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use book::Book;
use id_token::Signer;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use visits::Visits;

pub(crate) use clients::{CLIENT_NAME, CONFIDENTIAL_CLIENT, PUBLIC_CLIENT, is_registered};
pub(crate) use front::{browser_language, cookie, source_of};
pub(crate) use odd_answers::cut_connection;

/// No form of this bank comes near it.
const BODY_LIMIT: usize = 16 * 1024;
/// An authorization request with long state and scopes fits several times.
const QUERY_LIMIT: usize = 8 * 1024;

/// The bank's whole state.
pub(crate) struct Bank {
    address: SocketAddr,
    authority: String,
    issuer: String,
    client_secret: String,
    access_token_life: Duration,
    clock: Clock,
    mood: Mood,
    requests: Mutex<Requests>,
    refreshes: watch::Sender<Refreshes>,
    visits: Visits,
    devices: device::Devices,
    book: Book,
    signer: Signer,
    over: watch::Receiver<()>,
}

impl Bank {
    pub(crate) async fn open(
        options: &Options,
        address: SocketAddr,
        over: watch::Receiver<()>,
    ) -> io::Result<Self> {
        let path = options.state_file.clone();
        let book =
            tokio::task::spawn_blocking(move || Book::open(path)).await.map_err(io::Error::other)??;
        Ok(Self {
            address,
            authority: address.to_string(),
            issuer: format!("http://{address}"),
            client_secret: random()?,
            access_token_life: options.access_token_life,
            clock: options.clock.clone(),
            mood: Mood::default(),
            requests: Mutex::default(),
            refreshes: watch::Sender::default(),
            visits: Visits::default(),
            devices: device::Devices::default(),
            book,
            signer: Signer::generate().map_err(io::Error::other)?,
            over,
        })
    }

    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn issuer(&self) -> &str {
        &self.issuer
    }

    pub(crate) fn client_secret(&self) -> &str {
        &self.client_secret
    }

    pub(crate) const fn clock(&self) -> &Clock {
        &self.clock
    }

    pub(crate) const fn mood(&self) -> &Mood {
        &self.mood
    }

    pub(crate) fn requests(&self) -> Requests {
        self.log().clone()
    }

    pub(crate) fn refreshes(&self) -> watch::Receiver<Refreshes> {
        self.refreshes.subscribe()
    }

    pub(crate) fn revoke_all(&self) {
        // Memory is right at once; a full disk must not keep a test or a person from withdrawing.
        let _ = self.book.change(grants::Ledger::revoke_all);
    }

    fn log(&self) -> MutexGuard<'_, Requests> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Every path of the bank, and of the places that stand behind the same door.
pub(crate) fn routes(bank: Arc<Bank>, pluggy: Router, codat: Router, caderno: Router) -> Router {
    Router::new()
        .route("/", get(front::home))
        .route("/farol.css", get(pages::stylesheet))
        .route("/.well-known/oauth-authorization-server", get(metadata::document))
        .route("/.well-known/openid-configuration", get(metadata::document))
        .route("/oauth/authorize", get(front::authorize))
        .route("/open", get(front::open))
        .route("/sign-in", get(front::sign_in_page).post(front::sign_in))
        .route("/consent", get(front::consent_page).post(front::consent))
        .route("/oauth/token", post(token::endpoint))
        .route("/oauth/device_authorization", post(device::endpoint))
        .route("/device", get(device::page).post(device::typed))
        .route("/oauth/revoke", post(revoke::endpoint))
        .route("/oauth/jwks", get(metadata::keys))
        .route("/oauth/userinfo", get(resources::user_info))
        .route("/api/accounts", get(resources::accounts))
        .nest("/pluggy", pluggy.with_state(()))
        .nest("/codat", codat.with_state(()))
        .nest("/caderno", caderno.with_state(()))
        .fallback(front::not_found)
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(middleware::from_fn_with_state(Arc::clone(&bank), guard))
        .with_state(bank)
}

/// Stands before every path: own host name only, bounded addresses, nothing cached, sniffed or referred.
async fn guard(State(bank): State<Arc<Bank>>, request: Request, next: Next) -> Response {
    let mut response = if !names_this_bank(request.headers(), request.uri(), &bank.authority) {
        (StatusCode::MISDIRECTED_REQUEST, "unknown host").into_response()
    } else if request.uri().query().is_some_and(|query| query.len() > QUERY_LIMIT) {
        StatusCode::URI_TOO_LONG.into_response()
    } else {
        let endpoint = Endpoint::of(request.uri().path());
        bank.log().arrived(endpoint, bank.clock.now());
        next.run(request).await
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// Exactly one `Host`, and it is the one in the issuer; a name that merely resolves to loopback is not.
fn names_this_bank(headers: &HeaderMap, uri: &Uri, authority: &str) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    let host = hosts.next().is_some_and(|host| host.as_bytes() == authority.as_bytes());
    host && hosts.next().is_none() && uri.authority().is_none_or(|named| named.as_str() == authority)
}
