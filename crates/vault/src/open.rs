//! Making, opening and holding a vault.

use crate::error::{CreateError, OpenError, VaultError};
use crate::keys::{Argon2Cost, DataKey, key_text};
use crate::lock::OwnerLock;
use crate::private::close_to_others;
use crate::record::{Reader, Writer};
use crate::slots::{KeySlots, Protection};
use crate::writing::Writing;
use crate::{Keychain, KeychainError, create, migrations, swap};
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use secret::SecretString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};

/// The database's name.
pub(crate) const FILE: &str = "vault.db";

/// How a new vault is protected.
#[derive(Clone, Copy)]
pub enum CreateWith<'a> {
    /// The keychain holds the key.
    Keychain(&'a dyn Keychain),
    /// A passphrase opens it.
    Passphrase(&'a SecretString, Argon2Cost),
}

/// How a vault is opened.
#[derive(Clone, Copy)]
pub enum UnlockWith<'a> {
    /// With the key in the keychain.
    Keychain(&'a dyn Keychain),
    /// With its passphrase.
    Passphrase(&'a SecretString),
}

/// What became of the way in that a vault had before its protection was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a key that stays in the keychain still opens the vault"]
pub enum OldKey {
    /// It opens nothing any more.
    Gone,
    /// The new protection is in force, but the keychain did not forget the key, for this reason.
    StillInKeychain(KeychainError),
}

/// A vault that is open. Blocking; who reads does not wait for who writes.
pub struct Vault {
    /// Sees what is committed and nothing else. Closed before the one that writes, which tidies up.
    reading: Mutex<Connection>,
    writing: Writing,
    key: DataKey,
    folder: PathBuf,
    /// Let go last: the file is closed before anybody else may open it.
    _owner: OwnerLock,
}

impl Vault {
    /// Opens a vault.
    ///
    /// # Errors
    /// [`OpenError`]; nothing was changed.
    pub fn open(folder: &Path, with: UnlockWith<'_>) -> Result<Self, OpenError> {
        let owner = OwnerLock::take(folder)?;
        swap::finish(folder).map_err(|error| OpenError::file("finishing a restore", &error))?;
        let slots = KeySlots::read(folder)?;
        let key = slots.unlock(&with)?;
        create::finish(folder).map_err(|error| OpenError::file("naming the database", &error))?;
        if !folder.join(FILE).exists() {
            return Err(OpenError::TornFile("the database is missing".to_owned()));
        }
        Self::with_key(folder, key, owner)
    }

    /// Opens the database itself; its key slots have answered.
    pub(crate) fn with_key(folder: &Path, key: DataKey, owner: OwnerLock) -> Result<Self, OpenError> {
        close_to_others(folder);
        let mut connection = connect(&folder.join(FILE), &key)?;
        migrations::bring_up_to_date(&mut connection, folder)?;
        let reading = connect(&folder.join(FILE), &key)?;
        reading.pragma_update(None, "query_only", "ON").map_err(VaultError::from)?;
        Ok(Self {
            reading: Mutex::new(reading),
            writing: Writing::new(connection),
            key,
            folder: folder.to_owned(),
            _owner: owner,
        })
    }

    /// Reads, seeing one state of everything: of what is on disk.
    ///
    /// # Errors
    /// What `read` answers, or the file's own failure.
    pub fn read<T>(&self, read: impl FnOnce(&Reader<'_>) -> Result<T, VaultError>) -> Result<T, VaultError> {
        let mut reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        let transaction = reading.transaction()?;
        read(&Reader::new(&transaction))
    }

    /// Writes all or nothing; on disk when it answers `Ok`.
    ///
    /// # Errors
    /// What `write` answers, or the file's own failure. Nothing was changed.
    pub fn write<T>(
        &self,
        write: impl FnOnce(&Writer<'_>) -> Result<T, VaultError>,
    ) -> Result<T, VaultError> {
        let mut connection = self.alone();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let answer = write(&Writer::new(&transaction))?;
        transaction.commit()?;
        Ok(answer)
    }

    /// The same, in line with others that come at once: they share one sync. Does not block. `done` hears what
    /// [`Self::write`] would answer, in another thread; it is dropped unheard when that thread panics.
    ///
    /// `write` may be called twice: what the first call did is gone then. Answers whether nobody works the line off
    /// yet; then whoever called sees to it that [`Self::work_off`] is called.
    #[must_use = "a write that nobody works off is never performed"]
    pub fn line_up<T: Send + 'static>(
        &self,
        write: impl Fn(&Writer<'_>) -> Result<T, VaultError> + Send + 'static,
        done: impl FnOnce(Result<T, VaultError>) + Send + 'static,
    ) -> bool {
        self.writing.line_up(write, done)
    }

    /// Performs what stands in line until nothing does. Blocks.
    pub fn work_off(this: Arc<Self>) {
        loop {
            let done = this.writing.perform_next();
            if done.is_last {
                // Let go of first: whoever hears that the last write is done may close the vault and open it again.
                drop(this);
                return done.tell();
            }
            done.tell();
        }
    }

    /// Gives the vault another protection. A crash leaves the old way in or the new one, never none.
    ///
    /// `old` is the keychain that holds the key so far, if one does. The data key itself stays the same, so a key that
    /// the keychain did not forget still opens the vault: the answer tells.
    ///
    /// # Errors
    /// [`CreateError`]; the old way in still works.
    pub fn change_protection(
        &self,
        with: CreateWith<'_>,
        old: Option<&dyn Keychain>,
    ) -> Result<OldKey, CreateError> {
        let slots = KeySlots::read(&self.folder)?;
        let before = slots.protection();
        let next = slots
            .replaced(&self.key, &with)
            .ok_or_else(|| CreateError::Failed("no randomness".to_owned()))?;
        if let CreateWith::Keychain(keychain) = &with {
            keychain.store(&next.account(), &self.key).map_err(CreateError::Keychain)?;
        }
        next.write(&self.folder).map_err(|error| CreateError::file("writing the key slots", &error))?;
        // Only from here on the old way in is of no use.
        let (Protection::Keychain, Protection::Passphrase, Some(keychain)) = (before, next.protection(), old)
        else {
            return Ok(OldKey::Gone);
        };
        Ok(keychain.erase(&next.account()).map_or_else(OldKey::StillInKeychain, |()| OldKey::Gone))
    }

    /// The folder that it lies in.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The connection that writes, alone.
    pub(crate) fn alone(&self) -> MutexGuard<'_, Connection> {
        self.writing.alone()
    }
}

/// Opens the file with its key and proves that the key fits.
pub(crate) fn connect(path: &Path, key: &DataKey) -> Result<Connection, OpenError> {
    Ok(connected(path, key).map_err(VaultError::from)?)
}

/// Lets SQLCipher set itself up before anything is opened in earnest.
///
/// SQLite calls itself ready a moment before it is, outside of its lock: a thread that gives a key in that moment is
/// refused. Who comes second waits here.
pub(crate) fn set_up() {
    static ONCE: Once = Once::new();
    // Should it fail, then whatever is opened next fails for the same reason, and says so.
    ONCE.call_once(|| drop(Connection::open_in_memory()));
}

fn connected(path: &Path, key: &DataKey) -> rusqlite::Result<Connection> {
    set_up();
    // Never made here: SQLite would put an empty database in the place of one that is gone.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    set_key(&connection, key)?;
    // The first read decrypts the first page. The key itself has been proven by the slots' key check.
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA fullfsync = ON;
         PRAGMA checkpoint_fullfsync = ON;
         PRAGMA secure_delete = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA foreign_keys = ON;",
    )?;
    Ok(connection)
}

/// The raw key: the data key is random, so deriving from it again would only cost time.
fn set_key(connection: &Connection, key: &DataKey) -> Result<(), rusqlite::Error> {
    // SQLCipher would write to the standard error by itself; its errors reach us as results.
    connection.pragma_update(None, "cipher_log_level", "NONE")?;
    connection.pragma_update(None, "cipher_memory_security", "ON")?;
    // EXPOSE: the text of a pragma of SQLCipher, wiped after it; statements are not logged.
    connection.pragma_update(None, "key", key_text(key).expose())
}

#[cfg(test)]
mod tests {
    use super::{DataKey, connect};
    use crate::keys::random_key;
    use std::process::Command;
    use std::sync::Barrier;
    use tempfile::TempDir;

    const THREADS: usize = 8;

    /// What is first in a process happens once, so each round has a process of its own.
    #[test]
    fn the_first_databases_of_a_process_are_opened_at_once() {
        const ALONE: &str = "MOORING_TEST_FIRST_DATABASES";
        if std::env::var_os(ALONE).is_some() {
            return open_at_once();
        }
        let name = std::thread::current().name().unwrap().to_owned();
        let program = std::env::current_exe().unwrap();
        for round in 0..12 {
            // More than there are processors: each is interrupted somewhere else.
            let alone = || Command::new(&program).args(["--exact", &name]).env(ALONE, "1").output().unwrap();
            let outputs = std::thread::scope(|scope| {
                let all: Vec<_> = (0..THREADS).map(|_| scope.spawn(alone)).collect();
                all.into_iter().map(|one| one.join().unwrap()).collect::<Vec<_>>()
            });
            for output in outputs {
                assert!(
                    output.status.success(),
                    "round {round}: {}",
                    String::from_utf8_lossy(&output.stdout)
                );
            }
        }
    }

    fn open_at_once() {
        let folder = TempDir::new().unwrap();
        let files: Vec<_> = (0..THREADS).map(|n| folder.path().join(format!("{n}.db"))).collect();
        for file in &files {
            std::fs::File::create(file).unwrap();
        }
        let keys: Vec<DataKey> = files.iter().map(|_| random_key().unwrap()).collect();
        let start = Barrier::new(THREADS);
        std::thread::scope(|scope| {
            for (file, key) in files.iter().zip(&keys) {
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    drop(connect(file, key).unwrap());
                });
            }
        });
    }
}
