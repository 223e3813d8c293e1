//! The ledger behind a lock and, where there is a file, on disk.
//!
//! Invariants
//! - A change is on disk before its result is handed back; a refused one writes nothing.
//! - Whoever looks sees pull operations as far as they have come by now.

use super::ledger::Ledger;
use crate::bank::book::replace;
use crate::clock::Clock;
use jiff::Timestamp;
use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

pub(super) struct Store {
    ledger: Mutex<Ledger>,
    path: Option<PathBuf>,
    clock: Clock,
}

impl Store {
    /// Reads the file, or begins with what `fresh` makes: where there is none, or where it is not a ledger. Nothing is
    /// written before something changes.
    pub(super) fn open(
        path: Option<PathBuf>,
        clock: Clock,
        fresh: impl FnOnce(Timestamp) -> Ledger,
    ) -> io::Result<Self> {
        let stored = match path.as_deref().map(std::fs::read) {
            Some(Ok(stored)) => stored,
            Some(Err(error)) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => Vec::new(),
        };
        let ledger = serde_json::from_slice(&stored).unwrap_or_else(|_| fresh(clock.now()));
        Ok(Self { ledger: Mutex::new(ledger), path, clock })
    }

    fn lock(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, ledger: &Ledger) -> io::Result<()> {
        self.path.as_deref().map_or(Ok(()), |path| replace(path, &serde_json::to_vec(ledger)?))
    }

    pub(super) fn read<T>(&self, look: impl FnOnce(&Ledger, Timestamp) -> T) -> T {
        let mut ledger = self.lock();
        let now = self.clock.now();
        ledger.settle(now);
        look(&ledger, now)
    }

    /// Changes the ledger and stores it. Blocks for as long as the disk takes.
    pub(super) fn change<T, E>(
        &self,
        change: impl FnOnce(&mut Ledger, Timestamp) -> Result<T, E>,
    ) -> io::Result<Result<T, E>> {
        let mut ledger = self.lock();
        let now = self.clock.now();
        ledger.settle(now);
        let changed = change(&mut ledger, now);
        if changed.is_ok() {
            self.write(&ledger)?;
        }
        Ok(changed)
    }
}
