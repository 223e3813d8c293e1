//! One try to authorize, from the request to its end.
//!
//! Invariant: an attempt is consumed by the first answer that belongs to it; after ten minutes nothing belongs to it.
//! It is kept in the store while it waits, because the answer may start the program (a deep link).

use crate::id::{AttemptId, ConnectionKey};
use crate::view::{AttemptHint, AttemptPhase, AttemptView, Failure, Surface};
use jiff::{SignedDuration, Timestamp};
use oauth::{AttemptSecrets, ServerMetadata};
use providers::Provider;
use std::collections::BTreeMap;
use url::Url;

/// How long an attempt waits. Codes live a minute at most; ten leave time for a bank's second factor.
pub const ATTEMPT_LIFE: SignedDuration = SignedDuration::from_mins(10);

/// How long nothing may move before the person is offered another way.
pub const STALL_AFTER: SignedDuration = SignedDuration::from_secs(60);

/// Everything that judges an answer, fixed when the attempt began: a later change of the registration or the
/// catalogue cannot bend an attempt that is under way (mix-up, RFC 9700 §4.4).
pub struct Attempt {
    /// Its id.
    pub id: AttemptId,
    /// The connection it is for.
    pub key: ConnectionKey,
    /// The provider as it was then.
    pub provider: Provider,
    /// The server as it was then, all of it.
    pub metadata: ServerMetadata,
    /// The client id as it was then.
    pub client_id: String,
    /// Sent, and sent again at the token endpoint, byte for byte.
    pub redirect_uri: String,
    /// State, verifier and nonce.
    pub secrets: AttemptSecrets,
    /// Scopes asked for.
    pub scopes: Vec<String>,
    /// Per-connection parameters.
    pub parameters: BTreeMap<String, String>,
    /// Where the person is.
    pub surface: Surface,
    /// Where the person could be.
    pub surfaces: Vec<Surface>,
    /// Whether the connection was linked before.
    pub reconnect: bool,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

impl Attempt {
    /// Another copy, for the store.
    pub fn stored_copy(&self) -> Self {
        Self {
            id: self.id.clone(),
            key: self.key.clone(),
            provider: self.provider.clone(),
            metadata: self.metadata.clone(),
            client_id: self.client_id.clone(),
            redirect_uri: self.redirect_uri.clone(),
            secrets: self.secrets.duplicate(),
            scopes: self.scopes.clone(),
            parameters: self.parameters.clone(),
            surface: self.surface,
            surfaces: self.surfaces.clone(),
            reconnect: self.reconnect,
            started_at: self.started_at,
            expires_at: self.expires_at,
        }
    }
}

/// An attempt together with how far it is.
pub struct AttemptProgress {
    /// The fixed part.
    pub attempt: Attempt,
    /// The address to open. Holds `state`, so it stays in Rust.
    pub address: Url,
    /// How far it is.
    pub phase: AttemptPhase,
    /// What the person should know.
    pub hint: Option<AttemptHint>,
    /// Why it failed.
    pub error: Option<Failure>,
    /// When something last moved.
    pub moved_at: Timestamp,
}

impl AttemptProgress {
    /// Whether answers are still awaited.
    pub fn is_waiting(&self) -> bool {
        self.phase == AttemptPhase::Waiting
    }

    /// What may be shown.
    pub fn view(&self) -> AttemptView {
        let attempt = &self.attempt;
        AttemptView {
            id: attempt.id.clone(),
            key: attempt.key.clone(),
            provider_name: attempt.provider.name.clone(),
            phase: self.phase,
            surface: attempt.surface,
            surfaces: attempt.surfaces.clone(),
            host: host_of(&attempt.metadata.authorization_endpoint),
            reconnect: attempt.reconnect,
            hint: self.hint,
            error: self.error.clone(),
            started_at: attempt.started_at,
            expires_at: attempt.expires_at,
        }
    }
}

/// Host, and the port where it is not the scheme's own: what a person compares with what they expect.
pub fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}
