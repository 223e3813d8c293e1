//! From a backup to a vault that opens.
//!
//! Invariants
//! - Until the new vault is whole and on disk, nothing of the old one is touched.
//! - The step from one to the other is one rename of a folder; a crash before it leaves the old vault, one after it
//!   is finished by whoever opens next.
//! - The old vault is kept beside the new one until the person deletes it.

use crate::backup::{Counts, FIRST_LINE, Header, TAG, VERSION, counts, export, remove_database, tag_over};
use crate::error::{RestoreError, VaultError};
use crate::keys::{DataKey, UnwrapError, random_key};
use crate::lock::OwnerLock;
use crate::open::{CreateWith, FILE, Vault, connect};
use crate::private::{private_file, sync_folder};
use crate::record::Writer;
use crate::slots::{self, KeySlots};
use crate::{migrations, swap};
use hmac::Mac as _;
use rusqlite::{Connection, TransactionBehavior};
use secret::SecretString;
use serde::Deserialize;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;

/// Longest header that is read; ours is a few hundred bytes.
const LONGEST_HEADER: u64 = 8 * 1024;
/// The database as it was in the backup, inside the staging folder.
const TAKEN_OUT: &str = "backup.db";

/// What a restore did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// When the backup was made, as it says.
    pub made_at: String,
    /// What came with it.
    pub counts: Counts,
    /// Whether an old vault was set aside.
    pub set_aside: bool,
}

impl Vault {
    /// Puts the vault in a backup in the place of the one in `folder`, if there is one.
    ///
    /// The new vault has a key and an id of its own and is protected as `with` says. `prepare` may change records
    /// before the vault takes its place. `date` names the old vault that is set aside: letters, digits and hyphens.
    ///
    /// # Errors
    /// [`RestoreError`]; the vault that was there is as it was.
    pub fn restore(
        folder: &Path,
        backup: &Path,
        passphrase: &SecretString,
        with: CreateWith<'_>,
        date: &str,
        prepare: impl FnOnce(&Writer<'_>) -> Result<(), VaultError>,
    ) -> Result<Restored, RestoreError> {
        let _owner = OwnerLock::take(folder)?;
        swap::finish(folder).map_err(|error| RestoreError::file("finishing an earlier restore", &error))?;
        let source = Source::open(backup, passphrase)?;
        let made_at = source.header.made_at.clone();
        let set_aside = crate::exists(folder);
        let staging = swap::begin(folder).map_err(|error| RestoreError::file("making room", &error))?;
        let mut account = None;
        let staged = stage(&staging, source, &with, prepare, &mut account).and_then(|counts| {
            swap::commit(folder, date).map_err(|error| RestoreError::file("naming the new vault", &error))?;
            Ok(counts)
        });
        match staged {
            Ok(counts) => {
                // It is decided: what fails here is finished by the next opening.
                swap::finish(folder).map_err(|error| RestoreError::file("putting it in place", &error))?;
                Ok(Restored { made_at, counts, set_aside })
            }
            Err(error) => {
                swap::give_up(folder);
                if let (CreateWith::Keychain(keychain), Some(account)) = (&with, account) {
                    // A key without a vault opens nothing; that it stays is no reason for another error.
                    let _ = keychain.erase(&account);
                }
                Err(error)
            }
        }
    }
}

/// When a backup was made, as it says itself; nothing of it is proven without the passphrase.
///
/// # Errors
/// It is no backup, it is torn, or a newer program made it.
pub fn backup_made_at(backup: &Path) -> Result<String, RestoreError> {
    Ok(read_header(backup)?.0.made_at)
}

/// Opens a backup as a restore would, and counts what is in it. `folder` has room for the encrypted copy that this
/// takes; it is removed again.
///
/// # Errors
/// [`RestoreError`].
pub fn prove_backup(backup: &Path, passphrase: &SecretString, folder: &Path) -> Result<Counts, RestoreError> {
    crate::backup::look_into(backup, passphrase, &folder.join(crate::backup::CHECK))
}

fn stage(
    staging: &Path,
    source: Source,
    with: &CreateWith<'_>,
    prepare: impl FnOnce(&Writer<'_>) -> Result<(), VaultError>,
    account: &mut Option<String>,
) -> Result<Counts, RestoreError> {
    let no_randomness = || RestoreError::Failed("no randomness".to_owned());
    let taken_out = staging.join(TAKEN_OUT);
    let mut old = source.take_out(&taken_out)?;
    migrations::bring_up_to_date(&mut old, staging)?;
    let expected = counts(&old)?;
    let key = random_key().map_err(|_| no_randomness())?;
    let database = staging.join(FILE);
    export(&old, &database, &key)?;
    drop(old);
    remove_database(&taken_out);
    let mut new = connect(&database, &key)?;
    if counts(&new)? != expected {
        return Err(RestoreError::Torn("the copy is not whole".to_owned()));
    }
    let transaction =
        new.transaction_with_behavior(TransactionBehavior::Immediate).map_err(VaultError::from)?;
    prepare(&Writer::new(&transaction))?;
    transaction.commit().map_err(VaultError::from)?;
    // Closing moves the journal into the file.
    new.close().map_err(|(_, error)| VaultError::from(error))?;
    let slots = KeySlots::new(&key, with).ok_or_else(no_randomness)?;
    if let CreateWith::Keychain(keychain) = with {
        keychain.store(&slots.account(), &key).map_err(RestoreError::Keychain)?;
        *account = Some(slots.account());
    }
    let written = slots.write(staging).and_then(|()| File::open(&database)?.sync_all());
    written
        .and_then(|()| sync_folder(staging))
        .map_err(|error| RestoreError::file("writing the vault", &error))?;
    Ok(expected)
}

/// A backup whose passphrase was right.
pub(crate) struct Source {
    file: BufReader<File>,
    line: Vec<u8>,
    pub(crate) header: Header,
    key: DataKey,
}

impl Source {
    /// Opens the backup, and its key.
    pub(crate) fn open(backup: &Path, passphrase: &SecretString) -> Result<Self, RestoreError> {
        let (header, line, file) = read_header(backup)?;
        let key = header.passphrase.unwrap(passphrase, &header.context()).map_err(|error| match error {
            UnwrapError::Wrong => RestoreError::WrongPassphrase,
            UnwrapError::Malformed => RestoreError::Torn("the key slot".to_owned()),
        })?;
        Ok(Self { file, line, header, key })
    }

    /// Writes the encrypted database to `target` and opens it there; refuses what is not exactly what was written.
    pub(crate) fn take_out(mut self, target: &Path) -> Result<Connection, RestoreError> {
        let whole = self.copy_to(target).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData => {
                RestoreError::Torn("it ends early, or was changed".to_owned())
            }
            _ => RestoreError::file("taking the database out", &error),
        });
        whole.and_then(|()| Ok(connect(target, &self.key)?)).and_then(|connection| {
            let sound: String = connection
                .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
                .map_err(VaultError::from)?;
            if sound == "ok" {
                Ok(connection)
            } else {
                Err(RestoreError::Torn("the database is not sound".to_owned()))
            }
        })
    }

    fn copy_to(&mut self, target: &Path) -> io::Result<()> {
        let mut mac = tag_over(&self.key, &self.line);
        let mut out = private_file(target)?;
        let mut left = self.header.length;
        let mut chunk = vec![0; 64 * 1024];
        while left > 0 {
            let most = usize::try_from(left).unwrap_or(usize::MAX).min(chunk.len());
            let bytes = chunk.get_mut(..most).ok_or(io::ErrorKind::UnexpectedEof)?;
            self.file.read_exact(bytes)?;
            mac.update(bytes);
            out.write_all(bytes)?;
            left -= most as u64;
        }
        let mut tag = [0; TAG];
        self.file.read_exact(&mut tag)?;
        mac.verify_slice(&tag).map_err(|_| io::ErrorKind::InvalidData)?;
        out.sync_all()
    }
}

/// A version field alone: newer formats may have anything beside it.
#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

fn read_header(backup: &Path) -> Result<(Header, Vec<u8>, BufReader<File>), RestoreError> {
    let file = File::open(backup).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::IsADirectory => RestoreError::NotABackup,
        _ => RestoreError::file("opening the backup", &error),
    })?;
    let size = file.metadata().map_err(|error| RestoreError::file("measuring the backup", &error))?.len();
    let mut file = BufReader::new(file);
    let mut first = vec![0; FIRST_LINE.len()];
    if file.read_exact(&mut first).is_err() || first != FIRST_LINE {
        return Err(RestoreError::NotABackup);
    }
    let mut line = Vec::new();
    let read = (&mut file).take(LONGEST_HEADER).read_until(b'\n', &mut line);
    read.map_err(|error| RestoreError::file("reading the backup", &error))?;
    let torn = |_| RestoreError::Torn("its first lines".to_owned());
    let version = serde_json::from_slice::<Versioned>(&line).map_err(torn)?.version;
    if version > VERSION {
        return Err(RestoreError::Newer);
    }
    let header: Header = serde_json::from_slice(&line).map_err(torn)?;
    if header.database > migrations::newest() {
        return Err(RestoreError::Newer);
    }
    let expected = (FIRST_LINE.len() + line.len() + TAG) as u64;
    if header.length.checked_add(expected) != Some(size) {
        return Err(RestoreError::Torn("it has another length than it says".to_owned()));
    }
    Ok((header, line, file))
}

/// The names of what the staging folder ends up with.
pub(crate) const STAGED: [&str; 2] = [FILE, slots::FILE];
