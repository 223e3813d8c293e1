//! Who writes when. What concerns one connection is written one after the other; what concerns others at the same
//! time, so that the store can bring many writes to disk together.
//!
//! Invariant: between reading a connection and publishing what was written of it nobody else writes about it.

use crate::id::ConnectionKey;
use std::hash::{BuildHasher as _, RandomState};
use tokio::sync::{Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Lines that connections stand in. Two in the same line wait for each other, which costs time and nothing else.
const LINES: usize = 256;

pub(super) struct Turns {
    everything: RwLock<()>,
    lines: Vec<Mutex<()>>,
    hasher: RandomState,
}

/// The right to write: while somebody has it, nobody else changes what it is about.
pub(super) struct Turn<'a> {
    _everything: Share<'a>,
    _line: Option<MutexGuard<'a, ()>>,
}

enum Share<'a> {
    Part { _held: RwLockReadGuard<'a, ()> },
    Whole { _held: RwLockWriteGuard<'a, ()> },
}

impl Turns {
    pub(super) fn new() -> Self {
        let lines = (0..LINES).map(|_| Mutex::default()).collect();
        Self { everything: RwLock::default(), lines, hasher: RandomState::new() }
    }

    /// For what is written about this connection.
    pub(super) async fn about(&self, key: &ConnectionKey) -> Turn<'_> {
        let place = self.hasher.hash_one(key) % self.lines.len() as u64;
        let line = usize::try_from(place).ok().and_then(|place| self.lines.get(place));
        // The line first: whoever waits in it keeps nobody else from writing.
        let line = match line {
            Some(line) => Some(line.lock().await),
            None => None,
        };
        Turn { _everything: self.part().await, _line: line }
    }

    /// For lines of Activity alone, which are in nobody's way.
    pub(super) async fn beside_others(&self) -> Turn<'_> {
        Turn { _everything: self.part().await, _line: None }
    }

    /// For what may concern several connections: nobody else writes meanwhile.
    pub(super) async fn about_everything(&self) -> Turn<'_> {
        Turn { _everything: Share::Whole { _held: self.everything.write().await }, _line: None }
    }

    async fn part(&self) -> Share<'_> {
        Share::Part { _held: self.everything.read().await }
    }
}

#[cfg(test)]
mod tests {
    use super::Turns;
    use crate::id::ConnectionKey;
    use futures_util::FutureExt as _;

    #[tokio::test]
    async fn one_connection_waits_for_itself_and_not_for_others() {
        let turns = Turns::new();
        let key = |id: usize| ConnectionKey::parse("bank", &format!("holder-{id}")).unwrap();
        let held = turns.about(&key(0)).await;
        assert!(turns.about(&key(0)).now_or_never().is_none(), "its own turn is taken");
        let others = (1..=20).filter(|id| turns.about(&key(*id)).now_or_never().is_some()).count();
        assert!(others >= 15, "{others}: at most a few share a line with it");
        assert!(turns.beside_others().now_or_never().is_some());
        assert!(turns.about_everything().now_or_never().is_none(), "everything is more than one");
        drop(held);
        let everything = turns.about_everything().now_or_never();
        assert!(everything.is_some());
        assert!(turns.about(&key(0)).now_or_never().is_none());
        assert!(turns.beside_others().now_or_never().is_none());
    }
}
