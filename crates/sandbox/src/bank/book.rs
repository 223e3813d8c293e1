//! The ledger behind a lock and, where there is a file, on disk.
//!
//! Knows nothing of what the ledger says.
//!
//! Invariants
//! - A change is on disk before its result is handed back.
//! - The file is replaced whole: a crash leaves the old one or the new one.

use super::grants::Ledger;
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

pub(super) struct Book {
    ledger: Mutex<Ledger>,
    path: Option<PathBuf>,
}

impl Book {
    /// Reads the file, or starts empty where there is none.
    ///
    /// A file that is not a ledger starts an empty one too: it held synthetic grants, and the person can approve
    /// again, while a practice bank that does not start would leave them with nothing.
    pub(super) fn open(path: Option<PathBuf>) -> io::Result<Self> {
        let stored = match path.as_deref().map(std::fs::read) {
            Some(Ok(stored)) => stored,
            Some(Err(error)) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => Vec::new(),
        };
        let ledger = serde_json::from_slice(&stored).unwrap_or_default();
        Ok(Self { ledger: Mutex::new(ledger), path })
    }

    fn lock(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn read<T>(&self, look: impl FnOnce(&Ledger) -> T) -> T {
        look(&self.lock())
    }

    /// Changes what need not outlive the process: codes.
    pub(super) fn note<T>(&self, change: impl FnOnce(&mut Ledger) -> T) -> T {
        change(&mut self.lock())
    }

    /// Changes grants, and stores them. Blocks for as long as the disk takes.
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut Ledger) -> T) -> io::Result<T> {
        let mut ledger = self.lock();
        let changed = change(&mut ledger);
        if let Some(path) = &self.path {
            replace(path, &serde_json::to_vec(&*ledger)?)?;
        }
        Ok(changed)
    }
}

/// Replaces a file whole: a crash leaves the old one or the new one.
pub(crate) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let fresh = path.with_extension("json.new");
    let mut file = create(&fresh)?;
    file.write_all(content)?;
    file.sync_all()?;
    drop(file);
    std::fs::rename(&fresh, path)
}

fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
