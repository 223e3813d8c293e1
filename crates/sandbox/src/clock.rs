//! The time as the sandbox sees it: the system's, moved on by hand where a test wants tomorrow.
//!
//! Invariant: it only moves forward by hand, so what was spent or over stays so.

use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// A clock that can be moved on. Clones share the same time.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    ahead_millis: Arc<AtomicU64>,
}

impl Clock {
    /// The current time of this clock.
    pub fn now(&self) -> Timestamp {
        let ahead = Duration::from_millis(self.ahead_millis.load(Ordering::SeqCst));
        later(Timestamp::now(), ahead)
    }

    /// Moves the clock on; whole milliseconds.
    pub fn advance(&self, by: Duration) {
        let millis = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
        self.ahead_millis.fetch_add(millis, Ordering::SeqCst);
    }
}

/// An instant moved on, at most to the end of time.
pub(crate) fn later(instant: Timestamp, by: Duration) -> Timestamp {
    let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
    instant.checked_add(by).unwrap_or(Timestamp::MAX)
}
