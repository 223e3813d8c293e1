//! Records and the log. What they mean is the caller's business.

use crate::error::VaultError;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use secret::Secret;

/// A record: bytes under a kind and an id.
pub struct Record {
    /// Its id within its kind.
    pub id: String,
    /// Grows by one with each write.
    pub revision: u64,
    /// Its content.
    pub body: Secret<Vec<u8>>,
}

/// A line of the log. Holds nothing secret, by agreement with who writes it.
pub struct LogRecord {
    /// Grows with each line; numbers are never used again.
    pub sequence: u64,
    /// When, as the writer said.
    pub at: String,
    /// What it is about, for filtering.
    pub subject: Option<String>,
    /// Its content.
    pub body: Vec<u8>,
}

/// Reads within one transaction.
pub struct Reader<'a> {
    /// In a transaction.
    transaction: &'a Connection,
}

/// Reads and writes within one transaction.
pub struct Writer<'a> {
    reader: Reader<'a>,
}

impl<'a> std::ops::Deref for Writer<'a> {
    type Target = Reader<'a>;
    fn deref(&self) -> &Self::Target {
        &self.reader
    }
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(transaction: &'a Connection) -> Self {
        Self { transaction }
    }

    /// One record.
    ///
    /// # Errors
    /// The file's failure.
    pub fn get(&self, kind: &str, id: &str) -> Result<Option<Record>, VaultError> {
        let mut statement = self
            .transaction
            .prepare_cached("SELECT id, revision, body FROM record WHERE kind = ?1 AND id = ?2")?;
        Ok(statement.query_row(params![kind, id], record).optional()?)
    }

    /// All records of a kind, by id.
    ///
    /// # Errors
    /// The file's failure.
    pub fn list(&self, kind: &str) -> Result<Vec<Record>, VaultError> {
        let mut statement = self
            .transaction
            .prepare_cached("SELECT id, revision, body FROM record WHERE kind = ?1 ORDER BY id")?;
        let rows = statement.query_map(params![kind], record)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Records of a kind, the greatest id first: before an id, at most `limit`.
    ///
    /// # Errors
    /// The file's failure.
    pub fn page(&self, kind: &str, before: Option<&str>, limit: usize) -> Result<Vec<Record>, VaultError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut statement = self.transaction.prepare_cached(
            "SELECT id, revision, body FROM record
             WHERE kind = ?1 AND (?2 IS NULL OR id < ?2) ORDER BY id DESC LIMIT ?3",
        )?;
        let rows = statement.query_map(params![kind, before, limit], record)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The records of a kind whose id begins with `prefix`, by id.
    ///
    /// # Errors
    /// The file's failure.
    pub fn list_under(&self, kind: &str, prefix: &str) -> Result<Vec<Record>, VaultError> {
        // A range, so that the index is used; what comes after the prefix and all that begins with it is cut off.
        let mut statement = self.transaction.prepare_cached(
            "SELECT id, revision, body FROM record WHERE kind = ?1 AND id >= ?2 ORDER BY id",
        )?;
        let rows = statement.query_map(params![kind, prefix], record)?;
        let begins =
            |row: &Result<Record, _>| row.as_ref().map_or(true, |one: &Record| one.id.starts_with(prefix));
        Ok(rows.take_while(begins).collect::<Result<_, rusqlite::Error>>()?)
    }

    /// How many records a kind has.
    ///
    /// # Errors
    /// The file's failure.
    pub fn count(&self, kind: &str) -> Result<u64, VaultError> {
        let counted = "SELECT count(*) FROM record WHERE kind = ?1";
        Ok(self.transaction.query_row(counted, params![kind], |row| row.get(0))?)
    }

    /// Whether a kind has records before an id.
    ///
    /// # Errors
    /// The file's failure.
    pub fn has_before(&self, kind: &str, id: &str) -> Result<bool, VaultError> {
        let asked = "SELECT EXISTS (SELECT 1 FROM record WHERE kind = ?1 AND id < ?2)";
        Ok(self.transaction.query_row(asked, params![kind, id], |row| row.get(0))?)
    }

    /// Lines of the log, the newest first: before a number, about a subject, at most `limit`.
    ///
    /// # Errors
    /// The file's failure.
    pub fn log_page(
        &self,
        before: Option<u64>,
        subject: Option<&str>,
        limit: usize,
    ) -> Result<Vec<LogRecord>, VaultError> {
        let before = before.and_then(|before| i64::try_from(before).ok()).unwrap_or(i64::MAX);
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut statement = self.transaction.prepare_cached(match subject {
            Some(_) => {
                "SELECT sequence, at, subject, body FROM log
                 WHERE sequence < ?1 AND subject = ?2 ORDER BY sequence DESC LIMIT ?3"
            }
            None => {
                "SELECT sequence, at, subject, body FROM log
                 WHERE sequence < ?1 AND ?2 IS NULL ORDER BY sequence DESC LIMIT ?3"
            }
        })?;
        let rows = statement.query_map(params![before, subject, limit], |row| {
            Ok(LogRecord { sequence: row.get(0)?, at: row.get(1)?, subject: row.get(2)?, body: row.get(3)? })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl<'a> Writer<'a> {
    pub(crate) const fn new(transaction: &'a Connection) -> Self {
        Self { reader: Reader::new(transaction) }
    }

    /// Writes a record, new or not.
    ///
    /// # Errors
    /// The file's failure.
    pub fn put(&self, kind: &str, id: &str, body: &[u8]) -> Result<(), VaultError> {
        let mut statement = self.reader.transaction.prepare_cached(
            "INSERT INTO record (kind, id, body) VALUES (?1, ?2, ?3)
             ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body, revision = revision + 1",
        )?;
        statement.execute(params![kind, id, body])?;
        Ok(())
    }

    /// Writes a record that has not moved since it was read.
    ///
    /// # Errors
    /// [`VaultError::Conflict`], or the file's failure.
    pub fn put_if_revision(
        &self,
        kind: &str,
        id: &str,
        revision: u64,
        body: &[u8],
    ) -> Result<(), VaultError> {
        let mut statement = self.reader.transaction.prepare_cached(
            "UPDATE record SET body = ?4, revision = revision + 1 WHERE kind = ?1 AND id = ?2 AND revision = ?3",
        )?;
        let changed = statement.execute(params![kind, id, i64::try_from(revision).unwrap_or(-1), body])?;
        if changed == 1 { Ok(()) } else { Err(VaultError::Conflict) }
    }

    /// Removes a record; one that is not there is no error.
    ///
    /// # Errors
    /// The file's failure.
    pub fn delete(&self, kind: &str, id: &str) -> Result<(), VaultError> {
        let mut statement =
            self.reader.transaction.prepare_cached("DELETE FROM record WHERE kind = ?1 AND id = ?2")?;
        statement.execute(params![kind, id])?;
        Ok(())
    }

    /// Removes the records of a kind before an id.
    ///
    /// # Errors
    /// The file's failure.
    pub fn delete_before(&self, kind: &str, id: &str) -> Result<(), VaultError> {
        let mut statement =
            self.reader.transaction.prepare_cached("DELETE FROM record WHERE kind = ?1 AND id < ?2")?;
        statement.execute(params![kind, id])?;
        Ok(())
    }

    /// Appends a line; answers its number.
    ///
    /// # Errors
    /// The file's failure.
    pub fn append_log(&self, at: &str, subject: Option<&str>, body: &[u8]) -> Result<u64, VaultError> {
        let mut statement = self
            .reader
            .transaction
            .prepare_cached("INSERT INTO log (at, subject, body) VALUES (?1, ?2, ?3)")?;
        let sequence = statement.insert(params![at, subject, body])?;
        u64::try_from(sequence).map_err(|_| VaultError::Corrupt("the log's numbers".to_owned()))
    }

    /// Removes lines before a number.
    ///
    /// # Errors
    /// The file's failure.
    pub fn trim_log(&self, before: u64) -> Result<(), VaultError> {
        let before = i64::try_from(before).unwrap_or(i64::MAX);
        self.reader.transaction.execute("DELETE FROM log WHERE sequence < ?1", params![before])?;
        Ok(())
    }
}

fn record(row: &Row<'_>) -> rusqlite::Result<Record> {
    Ok(Record { id: row.get(0)?, revision: row.get(1)?, body: Secret::new(row.get(2)?) })
}
