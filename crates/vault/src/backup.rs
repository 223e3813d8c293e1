//! One file that holds a whole vault under a passphrase of its own.
//!
//! Knows nothing of what a record means, and nothing of where the person keeps the file. The format is section 10 of
//! `docs/vault-format.md`.
//!
//! Invariants
//! - The file has a key of its own: whoever has the backup and its passphrase has what was in the vault at that
//!   moment, and nothing that opens the vault.
//! - A file gets its name only after it was opened again and counted; one that was there before stays until then.

use crate::Vault;
use crate::error::{BackupError, VaultError};
use crate::keys::{Argon2Cost, DataKey, Wrapped, base64_bytes, key_text, random_bytes, random_key};
use crate::private::{private, private_file, sync_folder};
use hmac::{Hmac, KeyInit as _, Mac as _};
use rusqlite::{Connection, params};
use secret::SecretString;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};

/// The first line of every backup.
pub(crate) const FIRST_LINE: &[u8] = b"mooring backup\n";
/// The newest format that this program knows.
pub(crate) const VERSION: u32 = 1;
/// Bytes of the tag at the end.
pub(crate) const TAG: usize = 32;
/// The encrypted copy, while the backup is being made. Beside the vault: there is room for one, and it is private.
const SCRATCH: &str = "vault.db.backup";
/// The copy that is taken out of the new backup to look at it.
pub(crate) const CHECK: &str = "vault.db.check";

/// What a backup says of itself, in one line of JSON.
#[derive(Serialize, Deserialize)]
pub(crate) struct Header {
    pub(crate) version: u32,
    /// When, as whoever made it said.
    pub(crate) made_at: String,
    /// The version of the database inside.
    pub(crate) database: u32,
    /// Bytes of the database.
    pub(crate) length: u64,
    /// Part of what is authenticated with the sealed key.
    #[serde(with = "base64_bytes")]
    pub(crate) backup_id: Vec<u8>,
    pub(crate) passphrase: Wrapped,
}

impl Header {
    /// What the sealed key is bound to: this backup, and that it is one.
    pub(crate) fn context(&self) -> Vec<u8> {
        context(&self.backup_id)
    }
}

fn context(backup_id: &[u8]) -> Vec<u8> {
    [b"mooring backup slot 1 ".as_slice(), backup_id].concat()
}

/// How much a vault holds: what must be the same on both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    /// Records by kind.
    pub records: BTreeMap<String, u64>,
    /// Lines of the log.
    pub log: u64,
}

/// A backup that was made, and looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// What is in it.
    pub counts: Counts,
    /// Its size in bytes.
    pub bytes: u64,
}

impl Vault {
    /// Writes everything that is in the vault now to `target`, under `passphrase`.
    ///
    /// The file is whole or not there: it is written beside its place, opened again with the passphrase, counted, and
    /// only then named. `made_at` is a time for people to read.
    ///
    /// # Errors
    /// [`BackupError`]; a file that was at `target` is as it was, and nothing is left behind.
    pub fn back_up(
        &self,
        target: &Path,
        passphrase: &SecretString,
        cost: Argon2Cost,
        made_at: &str,
        replace: bool,
    ) -> Result<Backup, BackupError> {
        if !replace && target.exists() {
            return Err(BackupError::Exists);
        }
        let scratch = self.folder().join(SCRATCH);
        let draft = draft_of(target)?;
        let made = self.write_draft(&scratch, &draft, passphrase, cost, made_at).and_then(|counts| {
            let bytes = std::fs::metadata(&draft).map(|file| file.len()).unwrap_or_default();
            put_in_place(&draft, target, replace)?;
            Ok(Backup { counts, bytes })
        });
        remove_database(&scratch);
        if made.is_err() {
            let _ = std::fs::remove_file(&draft);
        }
        made
    }

    fn write_draft(
        &self,
        scratch: &Path,
        draft: &Path,
        passphrase: &SecretString,
        cost: Argon2Cost,
        made_at: &str,
    ) -> Result<Counts, BackupError> {
        let no_randomness = || BackupError::Failed("no randomness".to_owned());
        let key = random_key().map_err(|_| no_randomness())?;
        let backup_id = random_bytes(16).map_err(|_| no_randomness())?;
        let sealed = Wrapped::wrap(&key, passphrase, cost, &context(&backup_id)).ok_or_else(no_randomness)?;
        remove_database(scratch);
        // Nobody writes between the copy and the counting: one lock is held over both.
        let (counts, database) = {
            let connection = self.alone();
            export(&connection, scratch, &key)?;
            (counts(&connection)?, crate::migrations::version(&connection).map_err(BackupError::from)?)
        };
        let length = std::fs::metadata(scratch)
            .map_err(|error| BackupError::file("measuring the copy", &error))?
            .len();
        let header = Header {
            version: VERSION,
            made_at: made_at.to_owned(),
            database,
            length,
            backup_id,
            passphrase: sealed,
        };
        compose(&header, scratch, draft, &key)
            .map_err(|error| BackupError::file("writing the backup", &error))?;
        let found = look_into(draft, passphrase, &self.folder().join(CHECK));
        match found {
            Ok(found) if found == counts => Ok(counts),
            Ok(_) => Err(BackupError::Unproven("something is missing in it".to_owned())),
            Err(crate::RestoreError::DiskFull) => Err(BackupError::DiskFull),
            Err(error) => Err(BackupError::Unproven(error.to_string())),
        }
    }
}

/// Opens a backup as a restore would, and counts what is in it.
pub(crate) fn look_into(
    backup: &Path,
    passphrase: &SecretString,
    scratch: &Path,
) -> Result<Counts, crate::RestoreError> {
    let counted = crate::restore::Source::open(backup, passphrase)
        .and_then(|source| source.take_out(scratch))
        .and_then(|connection| Ok(counts(&connection)?));
    remove_database(scratch);
    counted
}

/// Copies every table of an open vault into a new file under `key`.
pub(crate) fn export(connection: &Connection, target: &Path, key: &DataKey) -> Result<(), VaultError> {
    let name = target.to_str().ok_or_else(|| VaultError::Failed("a path that is no text".to_owned()))?;
    drop(private_file(target).map_err(|error| match crate::error::disk("making the copy", &error) {
        crate::error::Disk::Full => VaultError::DiskFull,
        crate::error::Disk::ReadOnly => VaultError::ReadOnly,
        crate::error::Disk::Other(text) => VaultError::Failed(text),
    })?);
    let text = key_text(key);
    // EXPOSE: the key of the attached file, bound to SQLCipher's own statement; statements are not logged.
    connection.execute("ATTACH DATABASE ?1 AS copy KEY ?2", params![name, text.expose()])?;
    let exported = copy_tables(connection);
    let detached = connection.execute_batch("DETACH DATABASE copy");
    exported?;
    Ok(detached?)
}

fn copy_tables(connection: &Connection) -> rusqlite::Result<()> {
    connection.query_row("SELECT sqlcipher_export('copy')", [], |_| Ok(()))?;
    let version: u32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    connection.pragma_update(Some("copy"), "user_version", version)
}

/// What a database of ours holds.
pub(crate) fn counts(connection: &Connection) -> Result<Counts, VaultError> {
    let mut statement = connection.prepare("SELECT kind, count(*) FROM record GROUP BY kind")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let records = rows.collect::<rusqlite::Result<_>>()?;
    let log = connection.query_row("SELECT count(*) FROM log", [], |row| row.get(0))?;
    Ok(Counts { records, log })
}

/// The tag over a header and the bytes after it.
pub(crate) fn tag_over(key: &DataKey, header: &[u8]) -> Hmac<Sha256> {
    // EXPOSE: the MAC's key.
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(key.expose()).expect("any length is a key");
    mac.update(b"mooring backup tag 1");
    mac.update(header);
    mac
}

fn compose(header: &Header, database: &Path, draft: &Path, key: &DataKey) -> io::Result<()> {
    let mut line = serde_json::to_vec(header).map_err(io::Error::other)?;
    line.push(b'\n');
    let mut mac = tag_over(key, &line);
    // Never over a file that is there: it may be somebody's.
    let mut out = private(OpenOptions::new().write(true).create_new(true)).open(draft)?;
    out.write_all(FIRST_LINE)?;
    out.write_all(&line)?;
    let mut from = File::open(database)?.take(header.length);
    let mut chunk = vec![0; 64 * 1024];
    loop {
        let read = from.read(&mut chunk)?;
        let Some(bytes) = chunk.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
        mac.update(bytes);
        out.write_all(bytes)?;
    }
    out.write_all(&mac.finalize().into_bytes())?;
    out.sync_all()
}

/// A name of its own beside the target: two backups at once do not meet in it.
fn draft_of(target: &Path) -> Result<PathBuf, BackupError> {
    let mut name =
        target.file_name().ok_or_else(|| BackupError::Failed("no file name".to_owned()))?.to_owned();
    let random = random_bytes(4).map_err(|_| BackupError::Failed("no randomness".to_owned()))?;
    name.push(format!(".{}.part", random.iter().map(|byte| format!("{byte:02x}")).collect::<String>()));
    Ok(target.with_file_name(name))
}

fn put_in_place(draft: &Path, target: &Path, replace: bool) -> Result<(), BackupError> {
    let failed = |error: &io::Error| BackupError::file("naming the backup", error);
    if replace {
        std::fs::rename(draft, target).map_err(|error| failed(&error))?;
    } else {
        match std::fs::hard_link(draft, target) {
            Ok(()) => {
                let _ = std::fs::remove_file(draft);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(BackupError::Exists),
            // A stick's file system may know no links; between the look and the name nobody else is expected.
            Err(_) if target.exists() => return Err(BackupError::Exists),
            Err(_) => std::fs::rename(draft, target).map_err(|error| failed(&error))?,
        }
    }
    // The content is on disk. A place that cannot sync folders is still a place for a backup.
    let _ = target.parent().map(sync_folder);
    Ok(())
}

/// Removes a database and what SQLite puts beside it.
pub(crate) fn remove_database(file: &Path) {
    for end in ["", "-wal", "-shm", "-journal"] {
        let mut name = file.as_os_str().to_owned();
        name.push(end);
        // What is not there need not go.
        let _ = std::fs::remove_file(name);
    }
}
