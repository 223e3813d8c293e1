//! Making a vault. Order: lock, key, keychain, database, slots. The slots come last: without them there is no vault,
//! so a crash before leaves nothing that looks like one.

use crate::error::CreateError;
use crate::keys::random_key;
use crate::lock::OwnerLock;
use crate::open::{CreateWith, FILE, Vault};
use crate::slots::{KeySlots, private_file};
use std::path::Path;

impl Vault {
    /// Makes a vault in `folder`, which exists and is the owner's alone.
    ///
    /// # Errors
    /// [`CreateError`]; nothing is left behind.
    pub fn create(folder: &Path, with: CreateWith<'_>) -> Result<Self, CreateError> {
        let owner = OwnerLock::take(folder)?;
        if KeySlots::exists(folder) {
            return Err(CreateError::Exists);
        }
        let no_randomness = || CreateError::Failed("no randomness".to_owned());
        let key = random_key().map_err(|_| no_randomness())?;
        let slots = KeySlots::new(&key, &with).ok_or_else(no_randomness)?;
        remove_remains(folder);
        if let CreateWith::Keychain(keychain) = &with {
            keychain.store(&slots.account(), &key).map_err(CreateError::Keychain)?;
        }
        let made = make(folder, &slots, key, owner);
        if made.is_err() {
            remove_remains(folder);
            if let CreateWith::Keychain(keychain) = &with {
                // A key without a vault opens nothing; that it stays is no reason for another error.
                let _ = keychain.erase(&slots.account());
            }
        }
        made
    }
}

fn make(
    folder: &Path,
    slots: &KeySlots,
    key: crate::keys::DataKey,
    owner: OwnerLock,
) -> Result<Vault, CreateError> {
    let path = folder.join(FILE);
    drop(private_file(&path).map_err(|error| CreateError::file("making the database", &error))?);
    let vault = Vault::with_key(folder, key, owner)?;
    slots.write(folder).map_err(|error| CreateError::file("writing the key slots", &error))?;
    Ok(vault)
}

/// A database without slots is the remains of a crash while making it: nobody has its key.
fn remove_remains(folder: &Path) {
    for name in [FILE, "vault.db-wal", "vault.db-shm", "vault.keys.new"] {
        let _ = std::fs::remove_file(folder.join(name));
    }
}
