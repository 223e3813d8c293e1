//! One approval of a data connection, as long as somebody watches it.
//!
//! It ends after minutes; the approval itself is waited for longer, since a link may lie with an accountant for days.

use crate::id::{AttemptId, ConnectionKey};
use crate::step::add;
use crate::view::{AttemptHint, AttemptPhase, AttemptView, Failure, Surface};
use codat::{LinkClaim, LinkNonce};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use url::Url;

/// How long Codat may take to say that what was approved is linked.
const TO_CONFIRM: SignedDuration = SignedDuration::from_mins(2);

/// One approval.
pub(in crate::driver) struct LinkAttempt {
    pub(super) id: AttemptId,
    pub(super) key: ConnectionKey,
    pub(super) provider_name: String,
    /// The page to open; can be good once, and is for the page only. None until it was read.
    pub(super) address: Option<Url>,
    pub(super) nonce: Arc<LinkNonce>,
    pub(super) phase: AttemptPhase,
    pub(in crate::driver) surface: Surface,
    pub(super) surfaces: Vec<Surface>,
    pub(super) reconnect: bool,
    pub(in crate::driver) hint: Option<AttemptHint>,
    pub(super) error: Option<Failure>,
    pub(in crate::driver) started_at: Timestamp,
    pub(in crate::driver) expires_at: Timestamp,
    pub(in crate::driver) moved_at: Timestamp,
    /// What a return has claimed.
    pub(super) claim: Option<LinkClaim>,
    /// The organization, as a return has claimed it.
    pub(super) organization: Option<String>,
    /// Its connection's newest error from before.
    pub(super) known_error: Option<Timestamp>,
}

impl LinkAttempt {
    /// Takes its instants along with a clock that was set back: it is watched no longer for that.
    pub(super) fn set_back(&mut self, by: SignedDuration) {
        for instant in [&mut self.started_at, &mut self.expires_at, &mut self.moved_at] {
            *instant = add(*instant, -by);
        }
    }

    /// Its id.
    pub(in crate::driver) const fn id(&self) -> &AttemptId {
        &self.id
    }

    /// The page that it opened.
    pub(in crate::driver) fn address(&self) -> Option<Url> {
        self.address.clone()
    }

    /// Whether a return is still awaited.
    pub(in crate::driver) fn is_waiting(&self) -> bool {
        self.phase == AttemptPhase::Waiting
    }

    /// Until when it is watched. Whoever came back and says that it was approved is believed for a short while only: what
    /// Codat does not say by then is found by a later look.
    pub(in crate::driver) fn ends_at(&self) -> Timestamp {
        match self.phase {
            AttemptPhase::Exchanging => add(self.moved_at, TO_CONFIRM),
            _ => self.expires_at,
        }
    }

    /// Whether it is not over.
    pub(in crate::driver) fn is_open(&self) -> bool {
        matches!(self.phase, AttemptPhase::Waiting | AttemptPhase::Exchanging)
    }

    /// What may be shown.
    pub(in crate::driver) fn view(&self) -> AttemptView {
        AttemptView {
            id: self.id.clone(),
            key: self.key.clone(),
            provider_name: self.provider_name.clone(),
            phase: self.phase,
            surface: self.surface,
            surfaces: self.surfaces.clone(),
            host: self.address.as_ref().map(crate::attempt::host_of).unwrap_or_default(),
            reconnect: self.reconnect,
            device: None,
            hint: self.hint,
            error: self.error.clone(),
            started_at: self.started_at,
            expires_at: self.expires_at,
        }
    }
}
