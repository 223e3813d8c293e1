//! Who needs a key or a token of a registration waits for whoever asks for it already, and for nobody else.

use crate::id::ConfigKey;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OwnedMutexGuard;

/// One turn after the other for each registration, so that many who need the same cause one request, and a server that
/// does not answer keeps no other registration waiting.
#[derive(Default)]
pub(super) struct Turns(Mutex<HashMap<ConfigKey, Arc<tokio::sync::Mutex<()>>>>);

impl Turns {
    /// Waits for a turn at this registration.
    pub(super) async fn at(&self, key: &ConfigKey) -> OwnedMutexGuard<()> {
        let turn = {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(all.entry(key.clone()).or_default())
        };
        turn.lock_owned().await
    }
}
