//! One try to authorize, from the request to its end.
//!
//! Invariant: an attempt is consumed by the first answer that belongs to it; after ten minutes nothing belongs to it.
//! It is kept in the store while it waits, because the answer may start the program (a deep link).

use crate::id::{AttemptId, ConnectionKey};
use crate::view::{AttemptHint, AttemptPhase, AttemptView, DeviceView, Failure, Surface};
use jiff::{SignedDuration, Timestamp};
use oauth::{AttemptSecrets, ServerMetadata};
use providers::Provider;
use secret::SecretString;
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
    /// The codes, where the person approves on another device.
    pub device: Option<DeviceCodes>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// What the server gave for approving on another device (RFC 8628 §3.2).
pub struct DeviceCodes {
    /// For the token endpoint alone.
    pub device_code: SecretString,
    /// What the person types.
    pub user_code: String,
    /// Where they type it.
    pub verification_uri: Url,
    /// The same with the code filled in.
    pub verification_uri_complete: Option<Url>,
    /// Pause between two questions; grows when the server asks for it.
    pub interval: SignedDuration,
}

impl DeviceCodes {
    /// Another copy, for the store.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self {
            device_code: self.device_code.duplicate(),
            user_code: self.user_code.clone(),
            verification_uri: self.verification_uri.clone(),
            verification_uri_complete: self.verification_uri_complete.clone(),
            interval: self.interval,
        }
    }

    /// The page to open, with the code filled in where that is offered.
    pub fn page(&self) -> &Url {
        self.verification_uri_complete.as_ref().unwrap_or(&self.verification_uri)
    }

    fn view(&self, expires_at: Timestamp) -> DeviceView {
        DeviceView {
            user_code: self.user_code.clone(),
            verification_uri: self.verification_uri.to_string(),
            verification_uri_complete: self.verification_uri_complete.as_ref().map(Url::to_string),
            expires_at,
        }
    }
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
            device: self.device.as_ref().map(DeviceCodes::duplicate),
            started_at: self.started_at,
            expires_at: self.expires_at,
        }
    }

    /// The page where the person approves.
    pub fn page(&self) -> &Url {
        self.device.as_ref().map_or(&self.metadata.authorization_endpoint, |codes| &codes.verification_uri)
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
    /// Takes its instants along with a clock that was set back: it waits no longer for that.
    pub(crate) fn set_back(&mut self, by: SignedDuration) {
        let attempt = &mut self.attempt;
        for instant in [&mut attempt.started_at, &mut attempt.expires_at, &mut self.moved_at] {
            *instant = crate::step::add(*instant, -by);
        }
    }

    /// Whether answers are still awaited.
    pub fn is_waiting(&self) -> bool {
        self.phase == AttemptPhase::Waiting
    }

    /// Whether it may still succeed.
    pub fn is_open(&self) -> bool {
        matches!(self.phase, AttemptPhase::Waiting | AttemptPhase::Exchanging)
    }

    /// When the person is offered another way; never where they approve on another device, since nothing moves here.
    pub fn stalls_at(&self) -> Option<Timestamp> {
        let stalls = self.hint.is_none() && self.attempt.device.is_none();
        stalls.then(|| crate::step::add(self.moved_at, STALL_AFTER))
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
            host: host_of(attempt.page()),
            reconnect: attempt.reconnect,
            hint: self.hint,
            device: attempt.device.as_ref().map(|codes| codes.view(attempt.expires_at)),
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
