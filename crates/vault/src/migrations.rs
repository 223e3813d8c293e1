//! The tables, and the steps from each version to the next. A step that has shipped is never changed.

use crate::error::{OpenError, VaultError};
use crate::private::{private_file, sync_folder};
use rusqlite::Connection;
use std::io;
use std::path::Path;

/// Each step leads from its index to the next version.
const STEPS: &[&str] = &["
    CREATE TABLE record (
        kind     TEXT    NOT NULL,
        id       TEXT    NOT NULL,
        revision INTEGER NOT NULL DEFAULT 1,
        body     BLOB    NOT NULL,
        PRIMARY KEY (kind, id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE log (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        at       TEXT    NOT NULL,
        subject  TEXT,
        body     BLOB    NOT NULL
    ) STRICT;
    CREATE INDEX log_by_subject ON log (subject, sequence);
"];

/// Brings a database that has content to the newest version, after a copy of it as it was.
///
/// # Errors
/// It is newer than this program; it is of version 0, so its content is gone; a step failed and changed nothing.
pub(crate) fn bring_up_to_date(connection: &mut Connection, folder: &Path) -> Result<(), OpenError> {
    bring_up_to(STEPS, connection, folder)
}

fn bring_up_to(steps: &[&str], connection: &mut Connection, folder: &Path) -> Result<(), OpenError> {
    let found = version(connection)?;
    if found == 0 {
        return Err(OpenError::TornFile("the database is empty".to_owned()));
    }
    if found > known(steps) {
        return Err(OpenError::NewerVersion { found, known: known(steps) });
    }
    if found < known(steps) {
        back_up(connection, folder, found)?;
    }
    run(steps, connection, found)
}

/// Runs the steps after `from`, each in a transaction of its own.
pub(crate) fn migrate(connection: &mut Connection, from: u32) -> Result<(), OpenError> {
    run(STEPS, connection, from)
}

fn run(steps: &[&str], connection: &mut Connection, from: u32) -> Result<(), OpenError> {
    for (index, step) in steps.iter().enumerate().skip(from as usize) {
        let transaction = connection.transaction().map_err(VaultError::from)?;
        transaction.execute_batch(step).map_err(VaultError::from)?;
        transaction.pragma_update(None, "user_version", index + 1).map_err(VaultError::from)?;
        transaction.commit().map_err(VaultError::from)?;
    }
    Ok(())
}

/// Copies the file, encrypted as it is, to `vault.db.v<version>`. The folder's lock keeps everybody else from writing.
fn back_up(connection: &Connection, folder: &Path, version: u32) -> Result<(), OpenError> {
    let moved = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    moved.map_err(|error| OpenError::from(VaultError::from(error)))?;
    let copy = || -> io::Result<()> {
        let draft = folder.join("vault.db.copy");
        let mut target = private_file(&draft)?;
        io::copy(&mut std::fs::File::open(folder.join(crate::open::FILE))?, &mut target)?;
        target.sync_all()?;
        std::fs::rename(&draft, folder.join(format!("vault.db.v{version}")))?;
        sync_folder(folder)
    };
    copy().map_err(|error| OpenError::file("copying the database", &error))
}

#[expect(clippy::cast_possible_truncation, reason = "there will never be 2^32 steps")]
const fn known(steps: &[&str]) -> u32 {
    steps.len() as u32
}

/// The newest version that this program knows.
pub(crate) const fn newest() -> u32 {
    known(STEPS)
}

/// The version of a database.
pub(crate) fn version(connection: &Connection) -> Result<u32, OpenError> {
    let read = connection.pragma_query_value(None, "user_version", |row| row.get(0));
    read.map_err(|error| OpenError::from(VaultError::from(error)))
}

#[cfg(test)]
mod tests {
    use super::{STEPS, bring_up_to, run, version};
    use crate::OpenError;
    use crate::keys::random_key;
    use crate::open::connect;
    use rusqlite::Connection;
    use tempfile::TempDir;

    const NEXT: &[&str] =
        &[STEPS[0], "ALTER TABLE record ADD COLUMN note TEXT; UPDATE record SET note = 'moved';"];
    const BROKEN: &[&str] = &[STEPS[0], "UPDATE record SET body = x'00'; CREATE TABLE record (again);"];

    fn version_1(folder: &TempDir) -> (Connection, crate::keys::DataKey) {
        let key = random_key().unwrap();
        let path = folder.path().join("vault.db");
        std::fs::File::create(&path).unwrap();
        let mut connection = connect(&path, &key).unwrap();
        run(STEPS, &mut connection, 0).unwrap();
        connection.execute("INSERT INTO record (kind, id, body) VALUES ('a', 'b', x'01')", []).unwrap();
        (connection, key)
    }

    fn body(connection: &Connection) -> Vec<u8> {
        connection.query_row("SELECT body FROM record", [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn an_older_version_is_copied_and_brought_up_to_date() {
        let folder = TempDir::new().unwrap();
        let (mut connection, key) = version_1(&folder);
        bring_up_to(NEXT, &mut connection, folder.path()).unwrap();
        assert_eq!(version(&connection).unwrap(), 2);
        let note: String = connection.query_row("SELECT note FROM record", [], |row| row.get(0)).unwrap();
        assert_eq!(note, "moved");

        let copy = connect(&folder.path().join("vault.db.v1"), &key).unwrap();
        assert_eq!(version(&copy).unwrap(), 1);
        assert_eq!(body(&copy), [1], "the journal's content is in the copy");
    }

    #[test]
    fn a_step_that_fails_leaves_the_older_version_as_it_was() {
        let folder = TempDir::new().unwrap();
        let (mut connection, _) = version_1(&folder);
        assert!(bring_up_to(BROKEN, &mut connection, folder.path()).is_err());
        assert_eq!(version(&connection).unwrap(), 1);
        assert_eq!(body(&connection), [1]);
    }

    #[test]
    fn the_newest_version_is_not_copied() {
        let folder = TempDir::new().unwrap();
        let (mut connection, _) = version_1(&folder);
        bring_up_to(STEPS, &mut connection, folder.path()).unwrap();
        assert!(!folder.path().join("vault.db.v1").exists());
    }

    #[test]
    fn a_newer_version_is_refused() {
        let folder = TempDir::new().unwrap();
        let (mut connection, _) = version_1(&folder);
        run(NEXT, &mut connection, 1).unwrap();
        let refused = bring_up_to(STEPS, &mut connection, folder.path());
        assert!(matches!(refused, Err(OpenError::NewerVersion { found: 2, known: 1 })), "{refused:?}");
    }
}
