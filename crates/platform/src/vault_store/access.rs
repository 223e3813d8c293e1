//! Callers, decisions, the audit and the local API's settings, on the encrypted vault.
//!
//! The audit's ids are its numbers in sixteen digits, so that their order is the order of time. The secret of the HTTP
//! interface is a kind of its own, as every secret is.

use super::records::{decode, encode};
use super::{VaultStore, put};
use async_trait::async_trait;
use broker::audit::AuditLine;
use broker::caller::CallerId;
use broker::ports::{AccessStore, KnownCaller, StoredAccess};
use broker::settings::AccessSettings;
use connections::ports::StoreError;
use secret::SecretString;
use vault::{VaultError, Writer};

const CALLER: &str = "caller";
const AUDIT: &str = "audit";
const SETTINGS: &str = "access-settings";
const HTTP_SECRET: &str = "http-secret";

#[async_trait]
impl AccessStore for VaultStore {
    async fn load(&self) -> Result<StoredAccess, StoreError> {
        self.blocking(|vault| {
            vault.read(|reader| {
                let callers = reader.list(CALLER)?.iter().map(decode).collect::<Result<_, _>>()?;
                let settings = reader.get(SETTINGS, SETTINGS)?.map(|record| decode(&record)).transpose()?;
                let last = reader.page(AUDIT, None, 1)?.pop();
                let last = last.map(|record| decode::<AuditLine>(&record)).transpose()?;
                Ok(StoredAccess {
                    callers,
                    settings: settings.unwrap_or_default(),
                    last_audit: last.map(|line| line.sequence),
                })
            })
        })
        .await
    }

    async fn put_callers(&self, callers: Vec<KnownCaller>) -> Result<(), StoreError> {
        let write = move |writer: &Writer<'_>| {
            callers.iter().try_for_each(|known| put(writer, CALLER, known.caller.id.as_str(), known))
        };
        self.in_line(write, drop).await
    }

    async fn delete_callers(&self, ids: Vec<CallerId>) -> Result<(), StoreError> {
        self.blocking(move |vault| {
            vault.write(|writer| ids.iter().try_for_each(|id| writer.delete(CALLER, id.as_str())))
        })
        .await
    }

    async fn put_settings(&self, settings: &AccessSettings) -> Result<(), StoreError> {
        let settings = settings.clone();
        self.blocking(move |vault| vault.write(|writer| put(writer, SETTINGS, SETTINGS, &settings))).await
    }

    async fn http_secret(&self) -> Result<Option<SecretString>, StoreError> {
        self.blocking(|vault| {
            vault.read(|reader| {
                let record = reader.get(HTTP_SECRET, HTTP_SECRET)?;
                record.map(|record| Ok(SecretString::from(decode::<String>(&record)?))).transpose()
            })
        })
        .await
    }

    async fn put_http_secret(&self, secret: &SecretString) -> Result<(), StoreError> {
        // EXPOSE: the encrypted vault.
        let body = encode(secret.expose()).map_err(super::store_error)?;
        self.blocking(move |vault| {
            // EXPOSE: the encrypted vault.
            vault.write(|writer| writer.put(HTTP_SECRET, HTTP_SECRET, body.expose()))
        })
        .await
    }

    async fn put_audit(&self, lines: Vec<AuditLine>) -> Result<(), StoreError> {
        let write = move |writer: &Writer<'_>| {
            lines.iter().try_for_each(|line| put(writer, AUDIT, &audit_id(line.sequence), line))
        };
        self.in_line(write, drop).await
    }

    async fn audit(&self, before: Option<u64>, limit: usize) -> Result<Vec<AuditLine>, StoreError> {
        let before = before.map(audit_id);
        self.blocking(move |vault| {
            vault.read(|reader| {
                let records = reader.page(AUDIT, before.as_deref(), limit)?;
                records.iter().map(decode).collect::<Result<_, VaultError>>()
            })
        })
        .await
    }

    async fn prune_audit(&self, before: u64) -> Result<(), StoreError> {
        let before = audit_id(before);
        self.blocking(move |vault| {
            // A vault that has nothing old is not written to.
            if vault.read(|reader| reader.has_before(AUDIT, &before))? {
                vault.write(|writer| writer.delete_before(AUDIT, &before))?;
            }
            Ok(())
        })
        .await
    }
}

/// Numbers have sixteen digits until the year 2286.
fn audit_id(sequence: u64) -> String {
    format!("{sequence:016}")
}
