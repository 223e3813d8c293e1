//! Where accounts are, so that one of thousands is found without making all of them.
//!
//! Invariant: what is learned stays right: an account's id follows from its item and its position.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// More places than this are forgotten; they can be learned again.
const PLACES: usize = 100_000;

/// An item's id, and a position in it.
pub(super) type Place = (String, usize);

#[derive(Default)]
pub(super) struct Places(Mutex<HashMap<String, Place>>);

impl Places {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Place>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn look(&self, account: &str) -> Option<Place> {
        self.lock().get(account).cloned()
    }

    /// Learns places, and looks again.
    pub(super) fn learn(&self, account: &str, all: impl Iterator<Item = (String, Place)>) -> Option<Place> {
        let mut places = self.lock();
        if places.len() > PLACES {
            places.clear();
        }
        places.extend(all);
        places.get(account).cloned()
    }
}
