//! The tables, and the steps from each version to the next. A step that has shipped is never changed.

use crate::error::{OpenError, VaultError};
use rusqlite::Connection;

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

/// The newest version that this program knows.
#[expect(clippy::cast_possible_truncation, reason = "there will never be 2^32 steps")]
pub(crate) const KNOWN: u32 = STEPS.len() as u32;

/// Brings a database to the newest version; each step in a transaction of its own.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), OpenError> {
    let found = version(connection)?;
    if found > KNOWN {
        return Err(OpenError::NewerVersion { found, known: KNOWN });
    }
    for (index, step) in STEPS.iter().enumerate().skip(found as usize) {
        let transaction = connection.transaction().map_err(VaultError::from)?;
        transaction.execute_batch(step).map_err(VaultError::from)?;
        transaction
            .pragma_update(None, "user_version", i64::try_from(index + 1).unwrap_or(i64::MAX))
            .map_err(VaultError::from)?;
        transaction.commit().map_err(VaultError::from)?;
    }
    Ok(())
}

/// The version of a database.
pub(crate) fn version(connection: &Connection) -> Result<u32, OpenError> {
    let read = connection.pragma_query_value(None, "user_version", |row| row.get(0));
    read.map_err(|error| OpenError::from(VaultError::from(error)))
}
