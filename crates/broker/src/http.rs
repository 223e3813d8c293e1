//! Serves local programs over HTTP on the loopback address, for those that cannot speak to the socket.
//!
//! Off until the person turns it on. Knows nothing of settings and of where its secret is kept.
//!
//! Invariants
//! - Bound to 127.0.0.1 and, where there is one, to `[::1]`; nobody else can be at either end of `localhost`.
//! - A request is judged in this order: its `Host` (DNS rebinding), its `Origin`, the secret, the user at the other
//!   end, then the gate. The pages of an authorization have no secret; see [`crate::compat`] for what they have.
//! - Size, time and number of everything that comes in are bounded, so that no program can starve the others' owner.
//! - No query, no header and no body is logged.

mod accept;
mod answer;
mod body;
mod events;
mod guard;
mod impatient;
mod native;
mod process;
mod site;
mod who;

pub(crate) use answer::{Refused, error_json, sentence};
pub(crate) use body::json_members;
pub(crate) use site::Site;
pub(crate) use who::Asker;

use crate::compat;
use crate::gate::Gate;
use axum::Router;
use axum::http::Method;
use axum::routing::{MethodRouter, delete, get, post, put};
use connections::Connections;
use guard::Guarded;
use secret::SecretString;
use sha2::{Digest as _, Sha256};
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

pub use accept::Serving;

/// Bytes of a head, and of a body, that are read at most.
pub const LARGEST: usize = 64 * 1024;

/// What is served, to whom.
pub struct Options {
    /// Where. Range: 127.0.0.1 or `[::1]`, any port; 0 takes a free one. Both addresses are listened on.
    pub address: SocketAddr,
    /// The core.
    pub core: Connections,
    /// Decides about each program.
    pub gate: Arc<dyn Gate>,
    /// What programs prove themselves with.
    pub secret: SecretString,
    /// With this a person may begin an authorization by an address of their own; no secret, and worth nothing else.
    pub publishable_key: String,
    /// Origins of pages that may ask, such as `http://localhost:8080`.
    pub allowed_origins: Vec<String>,
    /// How much at once.
    pub limits: Limits,
}

/// How much comes in at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Sockets that may be open; whoever comes then is turned away at once.
    pub sockets: usize,
    /// How long a socket may take to send a head, and how long it may be silent between requests.
    pub head_within: Duration,
    /// How long a body may take.
    pub body_within: Duration,
    /// How long an answer may be left unread.
    pub read_within: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            sockets: 256,
            head_within: Duration::from_secs(10),
            body_within: Duration::from_secs(10),
            read_within: Duration::from_secs(60),
        }
    }
}

/// Why nothing is served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address is not of this computer alone.
    #[error("{0} is not an address of this computer alone; use 127.0.0.1 or [::1]")]
    NotLoopback(SocketAddr),
    /// Another program has the port.
    #[error("port {port} is taken by another program{}", next_words(*next))]
    PortTaken {
        /// The port.
        port: u16,
        /// The next one that is free, if one of the next fifty is.
        next: Option<u16>,
    },
    /// An allowed origin is none.
    #[error("`{0}` is no origin; one is written like https://app.example.com or http://localhost:8080")]
    Origin(String),
    /// The operating system refused.
    #[error("the port cannot be listened on: {0}")]
    Refused(io::Error),
}

/// The publishable key that belongs to a secret; with another secret there is another. Tells nothing of the secret.
pub fn publishable_key(secret: &SecretString) -> String {
    let digest = Sha256::new().chain_update(b"mooring publishable key\0");
    // EXPOSE: hashed; the secret has 256 random bits, so its hash leads nowhere back.
    let digest = digest.chain_update(secret.expose().as_bytes()).finalize();
    let short = digest.iter().take(16);
    format!("pk-{}", short.map(|byte| format!("{byte:02x}")).collect::<String>())
}

fn next_words(next: Option<u16>) -> String {
    next.map_or_else(String::new, |port| format!("; {port} is free"))
}

/// Serves until the answer is stopped or dropped.
///
/// # Errors
/// [`ServeError`]; nothing is listened on then.
pub async fn serve(options: Options) -> Result<Serving, ServeError> {
    let own = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
    if !own.contains(&options.address.ip()) {
        return Err(ServeError::NotLoopback(options.address));
    }
    for origin in &options.allowed_origins {
        if !is_origin(origin) {
            return Err(ServeError::Origin(origin.clone()));
        }
    }
    let listeners = accept::Listeners::bind(options.address.port()).await?;
    let site = Arc::new(Site::new(options, listeners.port()));
    let router = router(&site);
    Ok(accept::run(listeners, Guarded { site, router }))
}

/// Whether a text is an origin as browsers write it: scheme, host and port, and nothing after them.
pub fn is_origin(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https") && url.origin().ascii_serialization() == text
    })
}

fn router(site: &Arc<Site>) -> Router {
    let routes = routes().into_iter().fold(Router::new(), |router, (_, path, how)| router.route(path, how));
    routes
        .fallback(answer::no_such_path)
        .method_not_allowed_fallback(answer::no_such_method)
        .with_state(Arc::clone(site))
}

/// Everything that is served. `docs/openapi.yaml` says the same, and a test compares them.
fn routes() -> Vec<(Method, &'static str, MethodRouter<Arc<Site>>)> {
    vec![
        (Method::GET, "/v1/status", get(native::status)),
        (Method::GET, "/v1/connections", get(native::connections)),
        (Method::GET, "/v1/connections/{config_key}/{connection_id}/token", get(native::token)),
        (
            Method::POST,
            "/v1/connections/{config_key}/{connection_id}/token/rejected",
            post(native::token_rejected),
        ),
        (Method::GET, "/v1/accounts", get(native::accounts)),
        (
            Method::GET,
            "/v1/accounts/{config_key}/{connection_id}/{account_id}/transactions",
            get(native::transactions),
        ),
        (Method::GET, "/v1/events", get(events::events)),
        (Method::GET, "/connection", get(compat::connection::no_id)),
        (Method::GET, "/connection/", get(compat::connection::no_id)),
        (Method::GET, "/connection/{connection_id}", get(compat::connection::show)),
        (Method::GET, "/config", get(compat::configs::list)),
        (Method::POST, "/config", post(compat::configs::create)),
        (Method::PUT, "/config", put(compat::configs::edit)),
        (Method::GET, "/config/{config_key}", get(compat::configs::show)),
        (Method::PUT, "/config/{config_key}", put(compat::configs::edit_named)),
        (Method::DELETE, "/config/{config_key}", delete(compat::configs::remove)),
        (Method::GET, "/oauth/connect", get(compat::connect::no_key)),
        (Method::GET, "/oauth/connect/", get(compat::connect::no_key)),
        (Method::GET, "/oauth/connect/{config_key}", get(compat::connect::begin)),
        (Method::GET, compat::CALLBACK, get(compat::callback::take)),
    ]
}

#[cfg(test)]
mod tests;
