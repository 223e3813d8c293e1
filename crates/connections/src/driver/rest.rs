//! Coming to rest: nothing new begins, what is on its way ends well, pages go from the screen.
//!
//! Waiting attempts stay in the store, as they do when the program ends.

use super::Connections;
use crate::attempt::AttemptProgress;
use crate::id::{AttemptId, ConnectionKey};
use crate::view::Surface;
use std::sync::Arc;

impl Connections {
    /// From now on nothing is begun, neither by the schedule nor for a caller. What was sent is waited for by itself:
    /// an answer that brings a new grant is still written.
    pub fn rest(&self) {
        self.state().resting = true;
        self.inner.wake.notify_one();
    }

    /// Takes [`Self::rest`] back.
    pub fn rise(&self) {
        self.state().resting = false;
        self.inner.wake.notify_one();
    }

    /// Whether dropping this last handle loses nothing: no work holds another, and every grant is durable.
    pub fn is_at_rest(&self) -> bool {
        let state = self.state();
        state.resting && state.unsaved.is_empty() && Arc::strong_count(&self.inner) == 1
    }

    /// Writes grants that the disk could not take before; answers whether there are none left.
    pub async fn save_what_waits(&self) -> bool {
        let keys: Vec<ConnectionKey> = self.state().unsaved.keys().cloned().collect();
        for key in keys {
            if let Err(error) = self.save_unsaved(&key).await {
                tracing::warn!(%error, "a grant still waits for the disk");
            }
        }
        self.state().unsaved.is_empty()
    }

    /// Takes every page of an attempt from the screen; the attempts go on waiting.
    pub async fn close_pages(&self) {
        for id in self.pages() {
            self.inner.ports.user_agent.close(&id).await;
        }
    }

    /// Whether a page waits for the person in a window of ours: what they type there is input that nobody sees.
    pub fn waits_in_a_window(&self) -> bool {
        let state = self.state();
        let straight = state.attempts.values().filter(|one| one.is_waiting());
        straight.map(|one| one.attempt.surface).any(|surface| surface == Surface::Embedded)
            || state.codat.attempts.values().any(|one| one.is_waiting() && one.surface == Surface::Embedded)
            || !state.pluggy.pages().is_empty()
    }

    fn pages(&self) -> Vec<AttemptId> {
        let state = self.state();
        let straight = state.attempts.values().filter(|one| AttemptProgress::is_waiting(one));
        let links = state.codat.attempts.values().filter(|one| one.is_waiting()).map(|one| one.id().clone());
        let pages = state.pluggy.pages();
        straight.map(|one| one.attempt.id.clone()).chain(links).chain(pages).collect()
    }

    pub(super) fn is_resting(&self) -> bool {
        self.state().resting
    }
}
