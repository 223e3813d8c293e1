//! One owner: a lock that the operating system lets go when the process ends, however it ends.

use crate::error::OpenError;
use crate::private::private;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::Path;

/// Its name.
const FILE: &str = "vault.lock";

/// Held for as long as the vault is open.
pub(crate) struct OwnerLock {
    file: File,
}

impl OwnerLock {
    /// Takes the lock, or tells who has it.
    pub(crate) fn take(folder: &Path) -> Result<Self, OpenError> {
        let path = folder.join(FILE);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let mut file = private(&mut options).open(path).map_err(|error| match error.kind() {
            // The file would have been made, so it is the folder that is not there.
            io::ErrorKind::NotFound => OpenError::Missing,
            _ => OpenError::file("opening the lock", &error),
        })?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut text = String::new();
                // Windows locks the content too; then nobody can say who.
                let _ = file.read_to_string(&mut text);
                return Err(OpenError::InUse { pid: text.trim().parse().ok() });
            }
            Err(TryLockError::Error(error)) => return Err(OpenError::file("locking", &error)),
        }
        // For whoever is refused. That it cannot be written keeps nobody from working.
        let _ = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| write!(file, "{}", std::process::id()));
        Ok(Self { file })
    }
}

impl Drop for OwnerLock {
    /// Closing alone would not do: a child process that is being started has a copy of the handle for a moment.
    fn drop(&mut self) {
        let _ = self.file.unlock();
    }
}
