//! Making a vault so that a crash at any moment leaves either no vault or a whole one.
//!
//! Order: lock, key, keychain, database under another name, slots, database's own name. Before the slots are there,
//! there is no vault and making one begins anew; after them, opening finishes what is left to do.

use crate::error::{CreateError, OpenError, VaultError};
use crate::keys::{DataKey, random_key};
use crate::lock::OwnerLock;
use crate::open::{CreateWith, FILE, Vault, connect};
use crate::private::{private_file, sync_folder};
use crate::slots::{self, KeySlots};
use crate::{migrations, swap};
use std::fs::File;
use std::io;
use std::path::Path;

/// The database's name until the slots are there.
const DRAFT: &str = "vault.db.new";

impl Vault {
    /// Makes a vault in `folder`, which exists and is the owner's alone.
    ///
    /// # Errors
    /// [`CreateError`]; nothing is left behind.
    pub fn create(folder: &Path, with: CreateWith<'_>) -> Result<Self, CreateError> {
        let owner = OwnerLock::take(folder)?;
        swap::finish(folder).map_err(|error| CreateError::file("finishing what was decided", &error))?;
        // Also a database without slots: it may be somebody's data, whose slots are in a backup.
        if crate::exists(folder) {
            return Err(CreateError::Exists);
        }
        let no_randomness = || CreateError::Failed("no randomness".to_owned());
        let key = random_key().map_err(|_| no_randomness())?;
        let slots = KeySlots::new(&key, &with).ok_or_else(no_randomness)?;
        remove_remains(folder);
        if let CreateWith::Keychain(keychain) = &with {
            keychain.store(&slots.account(), &key).map_err(CreateError::Keychain)?;
        }
        let made = write_files(folder, &slots, &key).and_then(|()| Ok(Self::with_key(folder, key, owner)?));
        if made.is_err() {
            // There was none before, so whatever there is was made just now. The slots first: they make it a vault.
            for name in [slots::FILE, FILE] {
                let _ = std::fs::remove_file(folder.join(name));
            }
            remove_remains(folder);
            if let CreateWith::Keychain(keychain) = &with {
                // A key without a vault opens nothing; that it stays is no reason for another error.
                let _ = keychain.erase(&slots.account());
            }
        }
        made
    }
}

fn write_files(folder: &Path, slots: &KeySlots, key: &DataKey) -> Result<(), CreateError> {
    let draft = folder.join(DRAFT);
    drop(private_file(&draft).map_err(|error| CreateError::file("making the database", &error))?);
    let mut connection = connect(&draft, key)?;
    migrations::migrate(&mut connection, 0)?;
    // Closing moves the journal into the file, so that one rename is all of it.
    connection.close().map_err(|(_, error)| VaultError::from(error)).map_err(OpenError::from)?;
    slots.write(folder).map_err(|error| CreateError::file("writing the key slots", &error))?;
    put_in_place(folder).map_err(|error| CreateError::file("naming the database", &error))
}

/// Finishes what a crash interrupted after the slots were written. Does nothing in any other case.
pub(crate) fn finish(folder: &Path) -> io::Result<()> {
    let interrupted = folder.join(DRAFT).exists() && !folder.join(FILE).exists();
    if interrupted { put_in_place(folder) } else { Ok(()) }
}

fn put_in_place(folder: &Path) -> io::Result<()> {
    let draft = folder.join(DRAFT);
    File::open(&draft)?.sync_all()?;
    std::fs::rename(&draft, folder.join(FILE))?;
    sync_folder(folder)
}

/// What a crash before the slots leaves: nobody has its key. A journal without its database is of no use, and harms
/// the next one.
fn remove_remains(folder: &Path) {
    for name in [
        DRAFT,
        "vault.db.new-wal",
        "vault.db.new-shm",
        "vault.db.new-journal",
        "vault.db-wal",
        "vault.db-shm",
        slots::DRAFT,
    ] {
        let _ = std::fs::remove_file(folder.join(name));
    }
}
