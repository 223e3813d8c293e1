//! Makes a vault with invented connections, without any network.

mod aggregated;

use anyhow::{Context as _, Result};
use connections::config::ClientConfig;
use connections::connection::{Connection, Needs, Status};
use connections::id::{ConfigKey, ConnectionId, ConnectionKey};
use connections::ports::{Change, Grant, Store as _};
use connections::raw_answer::RawAnswer;
use connections::step::{Event, GrantFacts, step};
use connections::view::{Account, AccountKind};
use jiff::{SignedDuration, Timestamp};
use oauth::ServerMetadata;
use platform::keychain::SystemKeychain;
use platform::vault_store::VaultStore;
use providers::{Catalogue, Provider};
use secret::SecretString;
use std::collections::BTreeMap;
use std::sync::Arc;
use url::Url;
use vault::{CreateWith, Vault};

/// What a vault holds.
pub(crate) enum Content {
    /// Connections to institutions of the catalogue; the first has accounts.
    Direct {
        /// How many.
        accounts: usize,
    },
    /// A third each: direct, through Pluggy, through Codat.
    Mixed,
    /// Connections to one provider, whose tokens have ended.
    Expired {
        /// Where they are renewed.
        token_endpoint: Url,
    },
}

/// Makes the vault of this profile, protected by the keychain.
pub(crate) async fn fill(content: Content, count: usize) -> Result<()> {
    let folder = platform::profile::folder()?;
    platform::profile::prepare(&folder)?;
    let vault = tokio::task::spawn_blocking(move || {
        Vault::create(&folder, CreateWith::Keychain(&SystemKeychain::new()))
    });
    let store = VaultStore::new(Arc::new(vault.await??));
    let now = Timestamp::now();
    let changes = match content {
        Content::Direct { accounts } => direct(count, accounts, now)?,
        Content::Mixed => {
            let mut changes = direct(count - 2 * (count / 3), 0, now)?;
            changes.extend(aggregated::through_pluggy(count / 3, now)?);
            changes.extend(aggregated::through_codat(count / 3, now)?);
            changes
        }
        Content::Expired { token_endpoint } => expired(count, &token_endpoint, now)?,
    };
    store.commit(changes).await?;
    Ok(())
}

fn direct(count: usize, accounts: usize, now: Timestamp) -> Result<Vec<Change>> {
    let providers: Vec<&Provider> = Catalogue::built_in().iter().collect();
    let mut changes = Vec::new();
    if count > 0 {
        for provider in &providers {
            let key = ConfigKey::parse(provider.id.as_str())?;
            changes.push(Change::PutConfig(Box::new(config(key, provider, now)), None));
        }
    }
    for (number, provider) in (0..count).zip(providers.iter().cycle()) {
        let connection = connection(provider, number, now)?;
        if number == 0 && accounts > 0 {
            changes.push(Change::PutAccounts(connection.key.clone(), accounts_of(accounts, now)));
        }
        changes.push(Change::PutGrant(connection.key.clone(), Arc::new(grant(&connection, now))));
        changes.push(Change::PutConnection(Box::new(connection)));
    }
    Ok(changes)
}

/// `bench/holder-0` and so on.
fn expired(count: usize, token_endpoint: &Url, now: Timestamp) -> Result<Vec<Change>> {
    let provider = Provider::custom(
        "Bench",
        ServerMetadata {
            issuer: None,
            authorization_endpoint: token_endpoint.clone(),
            token_endpoint: token_endpoint.clone(),
            device_authorization_endpoint: None,
            revocation_endpoint: None,
            userinfo_endpoint: None,
            jwks_uri: None,
            scopes_supported: Vec::new(),
            client_authentication_methods: vec!["none".to_owned()],
            id_token_algorithms: Vec::new(),
            iss_parameter_supported: false,
        },
    );
    let config_key = ConfigKey::parse("bench")?;
    let mut changes = vec![Change::PutConfig(Box::new(config(config_key.clone(), &provider, now)), None)];
    let then = now - SignedDuration::from_hours(2);
    for number in 0..count {
        let connection_id = ConnectionId::parse(&format!("holder-{number}"))?;
        let key = ConnectionKey { config_key: config_key.clone(), connection_id };
        let facts = GrantFacts {
            access_expires_at: Some(then + SignedDuration::from_hours(1)),
            renewable: true,
            ..GrantFacts::default()
        };
        let pending = Connection::pending(key.clone(), &provider, Vec::new(), then);
        let linked = step(&pending, Event::Authorized(facts), then).connection;
        let refresh_token = Some(SecretString::from(format!("refresh-of-{number}")));
        let old = Grant { refresh_token, obtained_at: then, ..grant(&linked, now) };
        changes.push(Change::PutGrant(key, Arc::new(old)));
        changes.push(Change::PutConnection(Box::new(linked)));
    }
    Ok(changes)
}

fn config(key: ConfigKey, provider: &Provider, now: Timestamp) -> ClientConfig {
    ClientConfig {
        key,
        provider: provider.clone(),
        client_id: "bench".to_owned(),
        has_secret: false,
        authentication: oauth::ClientAuthentication::None,
        scopes: scopes(provider),
        created_at: now,
        updated_at: now,
    }
}

/// Most are up to date, some ended, a few need the person. None is due for anything while it is looked at.
fn connection(provider: &Provider, number: usize, now: Timestamp) -> Result<Connection> {
    let key = ConnectionKey {
        config_key: ConfigKey::parse(provider.id.as_str())?,
        connection_id: ConnectionId::parse(&format!("holder-{number}"))?,
    };
    let days = i64::try_from(number % 20 + 1).context("a small number")?;
    // Half a day more, so that no line of the list changes its words while the bench runs.
    let then = now - SignedDuration::from_hours(24 * days + 12);
    let mut made = Connection::pending(key, provider, scopes(provider), then);
    made.account_holder = Some(format!("Account holder {number}"));
    made.scopes_granted = scopes(provider);
    made.first_authorized_at = Some(then);
    made.last_authorized_at = Some(then);
    made.last_synced_at = Some(then);
    made.status = if number % 40 == 7 { Status::Unlinked } else { Status::Linked };
    made.needs = Needs::Nothing;
    if number % 40 == 23 {
        made.status = Status::Deauthorized;
        made.needs = Needs::Approval { reason: connections::connection::ApprovalReason::GrantRefused };
    }
    made.access_expires_at = Some(now + SignedDuration::from_hours(24 * 30));
    made.grant_revision = 1;
    Ok(made)
}

fn accounts_of(count: usize, now: Timestamp) -> Vec<Account> {
    let account = |number: usize| Account {
        id: format!("account-{number}"),
        name: format!("Account number {number}"),
        kind: AccountKind::Checking,
        last_digits: Some(format!("{:04}", number % 10_000)),
        owner: None,
        balance: Some(format!("{}.{:02}", number * 37, number % 100)),
        currency: Some("BRL".to_owned()),
        credit: None,
        overdraft_limit: None,
        fetched_at: now,
    };
    (0..count).map(account).collect()
}

fn grant(connection: &Connection, now: Timestamp) -> Grant {
    Grant {
        access_token: SecretString::from(format!("access-{}", connection.key)),
        refresh_token: None,
        raw: RawAnswer::from("{}"),
        extras: BTreeMap::new(),
        scopes: connection.scopes_granted.clone(),
        obtained_at: now,
        expires_at: connection.access_expires_at,
        refresh_expires_at: None,
    }
}

fn scopes(provider: &Provider) -> Vec<String> {
    provider.scopes.iter().map(|scope| scope.name.clone()).collect()
}
