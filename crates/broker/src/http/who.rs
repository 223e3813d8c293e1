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
    known: OnceCell<Known>,
}

/// Who is at the other end.
struct Known {
    /// As far as the system tells.
    peer: Option<Peer>,
    caller: Arc<Caller>,
}

impl Socket {
    pub(super) fn new(peer: SocketAddr, own: Option<SocketAddr>) -> Self {
        Self { peer, own, known: OnceCell::new() }
    }

    /// Whether it is another user's program at the other end.
    pub(super) async fn is_of_another_user(&self) -> bool {
        self.known().await.peer.as_ref().is_some_and(Peer::is_of_another_user)
    }

    /// The program at the other end.
    pub(super) async fn caller(&self) -> Arc<Caller> {
        Arc::clone(&self.known().await.caller)
    }

    async fn known(&self) -> &Known {
        let look = || async {
            let peer = self.look().await;
            let executable = peer.as_ref().and_then(|peer| peer.executable.as_deref());
            let caller = Arc::new(Caller::http(executable, peer.as_ref().and_then(|peer| peer.pid)));
            Known { peer, caller }
        };
        self.known.get_or_init(look).await
    }

    async fn look(&self) -> Option<Peer> {
        let (peer, own) = (self.peer, self.own?);
        // Reading `/proc` blocks; a thread that ended otherwise tells nothing.
        tokio::task::spawn_blocking(move || process::find(peer, own)).await.ok().flatten()
    }
}

/// Who asks, as the guard found out.
pub(crate) struct Asker(pub(crate) Arc<Caller>);

impl<S: Send + Sync> FromRequestParts<S> for Asker {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        let nobody = || super::error_json(StatusCode::FORBIDDEN, "Nobody can be named for this request.");
        parts.extensions.remove().map(Self).ok_or_else(nobody)
    }
}
