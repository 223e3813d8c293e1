//! Who asks over HTTP: the page, by its origin; else the program, where the system tells; else nobody by name.

use super::process::{self, Peer};
use crate::caller::Caller;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::OnceCell;

/// One accepted socket. Who is at the other end is looked up once.
pub(crate) struct Socket {
    peer: SocketAddr,
    own: Option<SocketAddr>,
    known: OnceCell<Option<Peer>>,
}

impl Socket {
    pub(super) fn new(peer: SocketAddr, own: Option<SocketAddr>) -> Self {
        Self { peer, own, known: OnceCell::new() }
    }

    /// The program at the other end.
    pub(super) async fn peer(&self) -> Option<&Peer> {
        let look = || async {
            let (peer, own) = (self.peer, self.own?);
            // Reading `/proc` blocks; a thread that ended otherwise tells nothing.
            tokio::task::spawn_blocking(move || process::find(peer, own)).await.ok().flatten()
        };
        self.known.get_or_init(look).await.as_ref()
    }
}

/// The origin of the page that asks, which the guard has allowed.
#[derive(Clone)]
pub(super) struct AllowedOrigin(pub(super) Option<String>);

/// Who asks.
pub(crate) struct Asker(pub(crate) Caller);

impl<S: Send + Sync> FromRequestParts<S> for Asker {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        if let Some(AllowedOrigin(Some(origin))) = parts.extensions.get() {
            return Ok(Self(Caller::page(origin)));
        }
        let Some(socket) = parts.extensions.get::<Arc<Socket>>() else {
            return Err(super::error_json(StatusCode::FORBIDDEN, "Nobody can be named for this request."));
        };
        let peer = socket.peer().await;
        let executable = peer.and_then(|peer| peer.executable.as_deref());
        Ok(Self(Caller::http(executable, peer.and_then(|peer| peer.pid))))
    }
}
