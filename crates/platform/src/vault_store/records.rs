//! The records with secrets, as they lie in the vault, and the way there and back.
//!
//! These are the only places where a secret meets serde, on purpose: the types of the core cannot be serialised.

use connections::activity::Activity;
use connections::attempt::{Attempt, DeviceCodes};
use connections::id::{AttemptId, ConnectionKey};
use connections::ports::{ApiKey, Grant, PendingRevocation};
use connections::raw_answer::RawAnswer;
use connections::view::Surface;
use jiff::{SignedDuration, Timestamp};
use oauth::{AttemptSecrets, ClientAuthentication, ServerMetadata};
use providers::Provider;
use secret::{Secret, SecretString};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::collections::BTreeMap;
use url::Url;
use vault::{LogRecord, Record, VaultError};

/// JSON, in memory that is wiped.
pub(super) fn encode(value: &impl Serialize) -> Result<Secret<Vec<u8>>, VaultError> {
    serde_json::to_vec(value)
        .map(Secret::new)
        .map_err(|_| VaultError::Corrupt("a record cannot be written".to_owned()))
}

/// The error names the record, never its content.
pub(super) fn decode<T: DeserializeOwned>(record: &Record) -> Result<T, VaultError> {
    // EXPOSE: parsed into the record's type.
    serde_json::from_slice(record.body.expose())
        .map_err(|error| VaultError::Corrupt(format!("record {} at column {}", record.id, error.column())))
}

pub(super) fn decode_line(line: &LogRecord) -> Result<Activity, VaultError> {
    serde_json::from_slice(&line.body)
        .map_err(|_| VaultError::Corrupt(format!("activity line {}", line.sequence)))
}

#[derive(Serialize, Deserialize)]
pub(super) struct GrantRecord {
    access_token: String,
    refresh_token: Option<String>,
    raw: String,
    extras: BTreeMap<String, String>,
    scopes: Vec<String>,
    obtained_at: Timestamp,
    expires_at: Option<Timestamp>,
    refresh_expires_at: Option<Timestamp>,
}

impl GrantRecord {
    pub(super) fn from_grant(grant: &Grant) -> Self {
        // EXPOSE: twice, the encrypted vault.
        Self {
            access_token: grant.access_token.expose().clone(),
            refresh_token: grant.refresh_token.as_ref().map(|token| token.expose().clone()),
            // EXPOSE: the encrypted vault.
            raw: grant.raw.whole().expose().clone(),
            extras: grant.extras.clone(),
            scopes: grant.scopes.clone(),
            obtained_at: grant.obtained_at,
            expires_at: grant.expires_at,
            refresh_expires_at: grant.refresh_expires_at,
        }
    }

    pub(super) fn into_grant(self) -> Grant {
        Grant {
            access_token: SecretString::from(self.access_token),
            refresh_token: self.refresh_token.map(SecretString::from),
            raw: RawAnswer::new(SecretString::from(self.raw)),
            extras: self.extras,
            scopes: self.scopes,
            obtained_at: self.obtained_at,
            expires_at: self.expires_at,
            refresh_expires_at: self.refresh_expires_at,
        }
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct ApiKeyRecord {
    secret: String,
    renew_at: Timestamp,
}

impl ApiKeyRecord {
    pub(super) fn from_key(key: &ApiKey) -> Self {
        // EXPOSE: the encrypted vault.
        Self { secret: key.secret.expose().clone(), renew_at: key.renew_at }
    }

    pub(super) fn into_key(self) -> ApiKey {
        ApiKey { secret: SecretString::from(self.secret), renew_at: self.renew_at }
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct AttemptRecord {
    id: AttemptId,
    key: ConnectionKey,
    provider: Provider,
    metadata: ServerMetadata,
    client_id: String,
    redirect_uri: String,
    secrets: String,
    scopes: Vec<String>,
    parameters: BTreeMap<String, String>,
    surface: Surface,
    surfaces: Vec<Surface>,
    reconnect: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    device: Option<DeviceRecord>,
    started_at: Timestamp,
    expires_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct DeviceRecord {
    device_code: String,
    user_code: String,
    verification_uri: Url,
    verification_uri_complete: Option<Url>,
    interval_seconds: i64,
}

impl DeviceRecord {
    fn from_codes(codes: &DeviceCodes) -> Self {
        Self {
            // EXPOSE: the encrypted vault.
            device_code: codes.device_code.expose().clone(),
            user_code: codes.user_code.clone(),
            verification_uri: codes.verification_uri.clone(),
            verification_uri_complete: codes.verification_uri_complete.clone(),
            interval_seconds: codes.interval.as_secs(),
        }
    }

    fn into_codes(self) -> DeviceCodes {
        DeviceCodes {
            device_code: SecretString::from(self.device_code),
            user_code: self.user_code,
            verification_uri: self.verification_uri,
            verification_uri_complete: self.verification_uri_complete,
            interval: SignedDuration::from_secs(self.interval_seconds.clamp(1, 120)),
        }
    }
}

impl AttemptRecord {
    pub(super) fn from_attempt(attempt: &Attempt) -> Self {
        Self {
            id: attempt.id.clone(),
            key: attempt.key.clone(),
            provider: attempt.provider.clone(),
            metadata: attempt.metadata.clone(),
            client_id: attempt.client_id.clone(),
            redirect_uri: attempt.redirect_uri.clone(),
            // EXPOSE: the encrypted vault.
            secrets: attempt.secrets.to_vault().expose().clone(),
            scopes: attempt.scopes.clone(),
            parameters: attempt.parameters.clone(),
            surface: attempt.surface,
            surfaces: attempt.surfaces.clone(),
            reconnect: attempt.reconnect,
            device: attempt.device.as_ref().map(DeviceRecord::from_codes),
            started_at: attempt.started_at,
            expires_at: attempt.expires_at,
        }
    }

    pub(super) fn into_attempt(self) -> Attempt {
        Attempt {
            id: self.id,
            key: self.key,
            provider: self.provider,
            metadata: self.metadata,
            client_id: self.client_id,
            redirect_uri: self.redirect_uri,
            secrets: AttemptSecrets::from_vault(&SecretString::from(self.secrets)),
            scopes: self.scopes,
            parameters: self.parameters,
            surface: self.surface,
            surfaces: self.surfaces,
            reconnect: self.reconnect,
            device: self.device.map(DeviceRecord::into_codes),
            started_at: self.started_at,
            expires_at: self.expires_at,
        }
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct RevocationRecord {
    id: String,
    key: ConnectionKey,
    connection_name: String,
    provider_name: String,
    endpoint: Url,
    client_id: String,
    client_secret: Option<String>,
    authentication: ClientAuthentication,
    token: String,
    is_refresh_token: bool,
    tries: u32,
    next_at: Timestamp,
}

impl RevocationRecord {
    pub(super) fn from_revocation(pending: &PendingRevocation) -> Self {
        Self {
            id: pending.id.clone(),
            key: pending.key.clone(),
            connection_name: pending.connection_name.clone(),
            provider_name: pending.provider_name.clone(),
            endpoint: pending.endpoint.clone(),
            client_id: pending.client_id.clone(),
            // EXPOSE: twice, the encrypted vault.
            client_secret: pending.client_secret.as_ref().map(|secret| secret.expose().clone()),
            authentication: pending.authentication,
            token: pending.token.expose().clone(),
            is_refresh_token: pending.is_refresh_token,
            tries: pending.tries,
            next_at: pending.next_at,
        }
    }

    pub(super) fn into_revocation(self) -> PendingRevocation {
        PendingRevocation {
            id: self.id,
            key: self.key,
            connection_name: self.connection_name,
            provider_name: self.provider_name,
            endpoint: self.endpoint,
            client_id: self.client_id,
            client_secret: self.client_secret.map(SecretString::from),
            authentication: self.authentication,
            token: SecretString::from(self.token),
            is_refresh_token: self.is_refresh_token,
            tries: self.tries,
            next_at: self.next_at,
        }
    }
}
