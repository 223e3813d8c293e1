//! The core's store, on the encrypted vault: what each record holds, and how it is written.
//!
//! Invariant: grants, client secrets, keys of Pluggy, waiting attempts, pending revocations and the HTTP interface's
//! secret are the only records with secrets; each is a kind of its own and read only where it is used.

mod access;
mod grants;
mod records;

use async_trait::async_trait;
use connections::activity::{Activity, ActivityKind};
use connections::connection::Connection;
use connections::id::{ConfigKey, ConnectionKey};
use connections::ledger::BalancePoint;
use connections::ports::{ApiKey, Change, Grant, Store, StoreError, Stored};
use connections::view::{Account, TransactionView};
use grants::{Grants, in_doubt, touched};
use records::{ApiKeyRecord, AttemptRecord, GrantRecord, RevocationRecord, decode, encode};
use secret::SecretString;
use std::sync::Arc;
use vault::{Reader, Record, Vault, VaultError, Writer};

/// The kind of record that a connection is.
pub const CONNECTION: &str = "connection";
const GRANT: &str = "grant";
const CONFIG: &str = "config";
const CLIENT_SECRET: &str = "client-secret";
const ATTEMPT: &str = "attempt";
const REVOCATION: &str = "revocation";
const PLUGGY_CONFIG: &str = "pluggy-config";
const CODAT_CONFIG: &str = "codat-config";
const CODAT_TEXTS: &str = "codat-texts";
const API_KEY: &str = "api-key";
const ACCOUNTS: &str = "accounts";
const BALANCES: &str = "balances";
const TRANSACTIONS: &str = "transactions";
/// Length of `2026-11`, with which the id of a month of transactions ends.
const MONTH: usize = 7;

/// The store adapter. Cheap to clone.
#[derive(Clone)]
pub struct VaultStore {
    vault: Arc<Vault>,
    /// The only one who changes grants in this vault, so that it knows which it has seen.
    grants: Arc<Grants>,
}

impl VaultStore {
    /// On a vault that is open; one for each vault.
    pub fn new(vault: Arc<Vault>) -> Self {
        Self { vault, grants: Arc::default() }
    }

    /// Wipes the grants that are in memory, as when nobody gets to them any more.
    pub fn forget_grants(&self) {
        self.grants.forget();
    }

    /// The vault blocks (disk, fsync), so it is asked from a thread where that is allowed.
    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Vault) -> Result<T, VaultError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let vault = Arc::clone(&self.vault);
        tokio::task::spawn_blocking(move || work(&vault))
            .await
            .map_err(|_| StoreError::Other("the vault's thread ended".to_owned()))?
            .map_err(store_error)
    }

    /// Writes in line with others that come at once. `after` hears first whether it is on disk.
    async fn in_line<T: Send + 'static>(
        &self,
        write: impl Fn(&Writer<'_>) -> Result<T, VaultError> + Send + 'static,
        after: impl FnOnce(bool) + Send + 'static,
    ) -> Result<T, StoreError> {
        let (tell, told) = tokio::sync::oneshot::channel();
        let done = move |answer: Result<T, VaultError>| {
            after(answer.is_ok());
            // Whoever asked may be gone.
            drop(tell.send(answer));
        };
        if self.vault.line_up(write, done) {
            let vault = Arc::clone(&self.vault);
            tokio::task::spawn_blocking(move || Vault::work_off(vault));
        }
        told.await.map_err(|_| StoreError::Other("the vault's thread ended".to_owned()))?.map_err(store_error)
    }
}

#[async_trait]
impl Store for VaultStore {
    async fn load(&self) -> Result<Stored, StoreError> {
        self.blocking(|vault| {
            vault.read(|reader| {
                let mut stored = Stored::default();
                for record in reader.list(CONNECTION)? {
                    stored.connections.push(decode(&record)?);
                }
                for record in reader.list(CONFIG)? {
                    stored.configs.push(decode(&record)?);
                }
                for record in reader.list(PLUGGY_CONFIG)? {
                    stored.pluggy_configs.push(decode(&record)?);
                }
                for record in reader.list(CODAT_CONFIG)? {
                    stored.codat_configs.push(decode(&record)?);
                }
                if let Some(record) = reader.get(CODAT_TEXTS, CODAT_TEXTS)? {
                    stored.codat_texts = Some(decode(&record)?);
                }
                for record in reader.list(ATTEMPT)? {
                    stored.attempts.push(decode::<AttemptRecord>(&record)?.into_attempt());
                }
                for record in reader.list(REVOCATION)? {
                    stored.revocations.push(decode::<RevocationRecord>(&record)?.into_revocation());
                }
                Ok(stored)
            })
        })
        .await
    }

    async fn commit(&self, changes: Vec<Change>) -> Result<Vec<u64>, StoreError> {
        if changes.is_empty() {
            return Ok(Vec::new());
        }
        let (touched, grants) = (touched(&changes), Arc::clone(&self.grants));
        let write = move |writer: &Writer<'_>| {
            let mut sequences = Vec::new();
            for change in &changes {
                sequences.extend(perform(writer, change)?);
            }
            Ok(sequences)
        };
        // Where nobody cuts it off: whoever asked may be gone.
        let committed = move |durable| {
            grants.committed(if durable { touched } else { in_doubt(touched) });
        };
        self.in_line(write, committed).await
    }

    async fn grant(&self, key: &ConnectionKey) -> Result<Option<Arc<Grant>>, StoreError> {
        if let Some(grant) = self.grants.get(key) {
            return Ok(Some(grant));
        }
        let (key, grants) = (key.clone(), Arc::clone(&self.grants));
        self.blocking(move |vault| {
            let look = grants.look(&key);
            let found = vault.read(|reader| {
                let record = reader.get(GRANT, &key.to_string())?;
                record.map(|record| Ok(Arc::new(decode::<GrantRecord>(&record)?.into_grant()))).transpose()
            })?;
            grants.found(&key, &look, found.as_ref());
            Ok(found)
        })
        .await
    }

    async fn api_key(&self, key: &ConfigKey) -> Result<Option<ApiKey>, StoreError> {
        let id = key.to_string();
        self.blocking(move |vault| {
            vault.read(|reader| {
                let record = reader.get(API_KEY, &id)?;
                record.map(|record| Ok(decode::<ApiKeyRecord>(&record)?.into_key())).transpose()
            })
        })
        .await
    }

    async fn accounts(&self) -> Result<Vec<(ConnectionKey, Vec<Account>)>, StoreError> {
        self.blocking(|vault| {
            vault.read(|reader| {
                let mut all = Vec::new();
                for record in reader.list(ACCOUNTS)? {
                    let key = record.id.parse().map_err(|_| VaultError::Corrupt(record.id.clone()))?;
                    all.push((key, decode(&record)?));
                }
                Ok(all)
            })
        })
        .await
    }

    async fn accounts_of(&self, key: &ConnectionKey) -> Result<Option<Vec<Account>>, StoreError> {
        let id = key.to_string();
        self.blocking(move |vault| {
            vault.read(|reader| reader.get(ACCOUNTS, &id)?.map(|record| decode(&record)).transpose())
        })
        .await
    }

    async fn balances(&self, key: &ConnectionKey, account: &str) -> Result<Vec<BalancePoint>, StoreError> {
        let id = lines_id(key, account);
        self.blocking(move |vault| {
            vault.read(|reader| {
                let record = reader.get(BALANCES, &id)?;
                record.map_or_else(|| Ok(Vec::new()), |record| decode(&record))
            })
        })
        .await
    }

    async fn transactions(
        &self,
        key: &ConnectionKey,
        account: &str,
    ) -> Result<Vec<TransactionView>, StoreError> {
        let id = lines_id(key, account);
        self.blocking(move |vault| {
            vault.read(|reader| {
                let mut all: Vec<TransactionView> = Vec::new();
                for record in months_of(reader, &id)?.iter().rev() {
                    all.extend(decode::<Vec<TransactionView>>(record)?);
                }
                Ok(all)
            })
        })
        .await
    }

    async fn client_secret(&self, key: &ConfigKey) -> Result<Option<SecretString>, StoreError> {
        let id = key.to_string();
        self.blocking(move |vault| {
            vault.read(|reader| {
                let record = reader.get(CLIENT_SECRET, &id)?;
                record.map(|record| Ok(SecretString::from(decode::<String>(&record)?))).transpose()
            })
        })
        .await
    }

    async fn activity(
        &self,
        connection: Option<&ConnectionKey>,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<(u64, Activity)>, StoreError> {
        let subject = connection.map(ToString::to_string);
        self.blocking(move |vault| {
            vault.read(|reader| {
                let lines = reader.log_page(before, subject.as_deref(), limit)?;
                lines
                    .into_iter()
                    .map(|line| records::decode_line(&line).map(|activity| (line.sequence, activity)))
                    .collect()
            })
        })
        .await
    }
}

/// Marks every connection of a vault that comes out of a backup, and writes down that it does.
///
/// # Errors
/// A record that cannot be understood, or the file's own failure.
pub fn mark_restored(writer: &Writer<'_>, made_at: &str, now: jiff::Timestamp) -> Result<(), VaultError> {
    for record in writer.list(CONNECTION)? {
        let mut connection: Connection = decode(&record)?;
        connection.came_from_backup(now);
        put(writer, CONNECTION, &record.id, &connection)?;
    }
    let line = Activity {
        at: now,
        connection: None,
        connection_name: None,
        provider_name: None,
        kind: ActivityKind::Restored,
        params: [("madeAt".to_owned(), made_at.to_owned())].into(),
    };
    perform(writer, &Change::Log(line)).map(drop)
}

/// Performs one change; answers the sequence number of a line that was logged.
fn perform(writer: &Writer<'_>, change: &Change) -> Result<Option<u64>, VaultError> {
    match change {
        Change::PutConnection(connection) => {
            put(writer, CONNECTION, &connection.key.to_string(), connection)?;
        }
        Change::DeleteConnection(key) => {
            writer.delete(GRANT, &key.to_string())?;
            writer.delete(CONNECTION, &key.to_string())?;
        }
        Change::PutGrant(key, grant) => {
            put(writer, GRANT, &key.to_string(), &GrantRecord::from_grant(grant))?;
        }
        Change::EraseGrant(key) => writer.delete(GRANT, &key.to_string())?,
        Change::PutConfig(config, secret) => {
            put(writer, CONFIG, config.key.as_str(), config)?;
            put_secret(writer, &config.key, secret.as_ref())?;
        }
        Change::DeleteConfig(key) => {
            writer.delete(CLIENT_SECRET, key.as_str())?;
            writer.delete(CONFIG, key.as_str())?;
        }
        Change::PutPluggyConfig(config, secret) => {
            put(writer, PLUGGY_CONFIG, config.key.as_str(), config)?;
            writer.delete(API_KEY, config.key.as_str())?;
            if let Some(secret) = secret {
                // EXPOSE: the encrypted vault.
                put(writer, CLIENT_SECRET, config.key.as_str(), secret.expose())?;
            } else if config.is_limited() {
                writer.delete(CLIENT_SECRET, config.key.as_str())?;
            }
        }
        Change::DeletePluggyConfig(key) => {
            for kind in [CLIENT_SECRET, API_KEY, PLUGGY_CONFIG] {
                writer.delete(kind, key.as_str())?;
            }
        }
        Change::PutCodatConfig(config, secret) => {
            put(writer, CODAT_CONFIG, config.key.as_str(), config)?;
            put_secret(writer, &config.key, secret.as_ref())?;
        }
        Change::DeleteCodatConfig(key) => {
            writer.delete(CLIENT_SECRET, key.as_str())?;
            writer.delete(CODAT_CONFIG, key.as_str())?;
        }
        Change::PutCodatTexts(texts) => put(writer, CODAT_TEXTS, CODAT_TEXTS, texts)?,
        Change::PutApiKey(config, key) => {
            put(writer, API_KEY, config.as_str(), &ApiKeyRecord::from_key(key))?;
        }
        Change::PutAccounts(key, accounts) => put(writer, ACCOUNTS, &key.to_string(), accounts)?,
        Change::PutTransactions(key, account, month, lines) => {
            put_month(writer, &format!("{}/{month}", lines_id(key, account)), lines)?;
        }
        Change::PutBalances(key, account, points) => {
            put(writer, BALANCES, &lines_id(key, account), points)?;
        }
        Change::DeleteData(key, accounts) => {
            writer.delete(ACCOUNTS, &key.to_string())?;
            for account in accounts {
                delete_data_of(writer, &lines_id(key, account))?;
            }
        }
        Change::PutAttempt(attempt) => {
            put(writer, ATTEMPT, attempt.id.as_str(), &AttemptRecord::from_attempt(attempt))?;
        }
        Change::DeleteAttempt(id) => writer.delete(ATTEMPT, id.as_str())?,
        Change::PutRevocation(pending) => {
            put(writer, REVOCATION, &pending.id, &RevocationRecord::from_revocation(pending))?;
        }
        Change::DeleteRevocation(id) => writer.delete(REVOCATION, id)?,
        Change::TrimLog(before) => writer.trim_log(*before)?,
        Change::Log(line) => {
            let subject = line.connection.as_ref().map(ToString::to_string);
            let body = encode(line)?;
            // EXPOSE: the encrypted vault; a line of Activity holds no secret to begin with.
            return writer.append_log(&line.at.to_string(), subject.as_deref(), body.expose()).map(Some);
        }
    }
    Ok(None)
}

/// A connection's name holds no further slash, so this parts in one way only.
fn lines_id(key: &ConnectionKey, account: &str) -> String {
    format!("{key}/{account}")
}

/// The months of an account, oldest first.
///
/// An account's identifier may hold a slash, so one account may be named as another begins: the length tells.
fn months_of(reader: &Reader<'_>, lines: &str) -> Result<Vec<Record>, VaultError> {
    let prefix = format!("{lines}/");
    let mut months = reader.list_under(TRANSACTIONS, &prefix)?;
    months.retain(|one| one.id.len() == prefix.len() + MONTH);
    Ok(months)
}

/// Writes a month; one without transactions is no record.
fn put_month(writer: &Writer<'_>, id: &str, lines: &[TransactionView]) -> Result<(), VaultError> {
    if lines.is_empty() { writer.delete(TRANSACTIONS, id) } else { put(writer, TRANSACTIONS, id, &lines) }
}

fn delete_data_of(writer: &Writer<'_>, lines: &str) -> Result<(), VaultError> {
    for month in months_of(writer, lines)? {
        writer.delete(TRANSACTIONS, &month.id)?;
    }
    writer.delete(BALANCES, lines)
}

/// Writes the secret of a registration; none leaves the stored one.
fn put_secret(writer: &Writer<'_>, key: &ConfigKey, secret: Option<&SecretString>) -> Result<(), VaultError> {
    match secret {
        // EXPOSE: the encrypted vault.
        Some(secret) => put(writer, CLIENT_SECRET, key.as_str(), secret.expose()),
        None => Ok(()),
    }
}

fn put(writer: &Writer<'_>, kind: &str, id: &str, value: &impl serde::Serialize) -> Result<(), VaultError> {
    // EXPOSE: the encrypted vault.
    writer.put(kind, id, encode(value)?.expose())
}

fn store_error(error: VaultError) -> StoreError {
    match error {
        VaultError::DiskFull => StoreError::DiskFull,
        VaultError::ReadOnly => StoreError::ReadOnly,
        VaultError::Corrupt(what) => StoreError::Damaged(what),
        other => StoreError::Other(other.to_string()),
    }
}
