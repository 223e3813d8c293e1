//! The core's store over a real vault.
#![allow(
    clippy::unwrap_used,
    reason = "all of this is test code; clippy.toml covers only the test functions themselves"
)]

use connections::connection::Connection;
use connections::id::ConnectionKey;
use connections::ports::{Change, Grant, Store as _, StoreError};
use connections::raw_answer::RawAnswer;
use connections::view::{Account, AccountKind};
use jiff::Timestamp;
use platform::vault_store::VaultStore;
use providers::Catalogue;
use secret::SecretString;
use std::collections::BTreeMap;
use std::sync::Arc;
use tempfile::TempDir;
use vault::{Argon2Cost, CreateWith, Vault};

struct Place {
    store: VaultStore,
    vault: Arc<Vault>,
    _folder: TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let passphrase = SecretString::from("CANARY-passphrase");
        let with = CreateWith::Passphrase(&passphrase, Argon2Cost::recommended());
        let vault = Arc::new(Vault::create(folder.path(), with).unwrap());
        Self { store: VaultStore::new(Arc::clone(&vault)), vault, _folder: folder }
    }

    async fn commit(&self, changes: Vec<Change>) {
        self.store.commit(changes).await.unwrap();
    }

    async fn token(&self, id: usize) -> Option<String> {
        self.store.grant(&key(id)).await.unwrap().map(|grant| grant.access_token.expose().clone())
    }

    /// Breaks what lies in the file, so that whoever looks there is told of damage.
    fn damage(&self, id: usize) {
        self.vault.write(|writer| writer.put("grant", &key(id).to_string(), b"{")).unwrap();
    }
}

fn key(id: usize) -> ConnectionKey {
    ConnectionKey::parse("bank", &format!("holder-{id}")).unwrap()
}

fn grant(token: &str) -> Arc<Grant> {
    Arc::new(Grant {
        access_token: SecretString::from(token),
        refresh_token: Some(SecretString::from("refresh")),
        raw: RawAnswer::from("{}"),
        extras: BTreeMap::from([("realmId".to_owned(), "7".to_owned())]),
        scopes: vec!["read".to_owned()],
        obtained_at: Timestamp::UNIX_EPOCH,
        expires_at: None,
        refresh_expires_at: None,
    })
}

fn connection(id: usize) -> Change {
    let provider = Catalogue::built_in().iter().next().unwrap();
    let made = Connection::pending(key(id), provider, Vec::new(), Timestamp::UNIX_EPOCH);
    Change::PutConnection(Box::new(made))
}

#[tokio::test]
async fn the_last_commit_is_what_is_told_of_a_grant() {
    let place = Place::new();
    assert_eq!(place.token(0).await, None);
    place.commit(vec![connection(0), Change::PutGrant(key(0), grant("one"))]).await;
    for told in ["one", "two", "three"] {
        place.commit(vec![Change::PutGrant(key(0), grant(told))]).await;
        // From the file, and then from memory.
        assert_eq!(place.token(0).await.as_deref(), Some(told));
        assert_eq!(place.token(0).await.as_deref(), Some(told));
    }
    let whole = place.store.grant(&key(0)).await.unwrap().unwrap();
    assert!(whole.refresh_token.as_ref().is_some_and(|token| token.matches("refresh")));
    let same = grant("");
    assert_eq!((&whole.extras, &whole.scopes), (&same.extras, &same.scopes));
    place.commit(vec![Change::EraseGrant(key(0))]).await;
    assert_eq!(place.token(0).await, None);
    place.commit(vec![Change::PutGrant(key(0), grant("four"))]).await;
    assert_eq!(place.token(0).await.as_deref(), Some("four"));
    place.commit(vec![Change::DeleteConnection(key(0))]).await;
    assert_eq!(place.token(0).await, None);
}

#[tokio::test]
async fn a_grant_that_was_asked_for_is_in_memory_until_it_is_forgotten() {
    let place = Place::new();
    place
        .commit(vec![Change::PutGrant(key(0), grant("one")), Change::PutGrant(key(1), grant("other"))])
        .await;
    assert_eq!(place.token(0).await.as_deref(), Some("one"));
    place.damage(0);
    place.damage(1);
    assert_eq!(place.token(0).await.as_deref(), Some("one"), "the file is not looked into");
    assert!(matches!(place.store.grant(&key(1)).await, Err(StoreError::Damaged(_))), "nobody had asked");
    place.store.forget_grants();
    assert!(
        matches!(place.store.grant(&key(0)).await, Err(StoreError::Damaged(_))),
        "it is looked into again"
    );
}

#[tokio::test]
async fn many_that_commit_at_once_are_each_told_what_is_theirs() {
    let place = Place::new();
    let mut writing = tokio::task::JoinSet::new();
    for id in 0..50 {
        let store = place.store.clone();
        writing.spawn(async move {
            for round in 0..4 {
                let token = format!("{id}-{round}");
                store.commit(vec![connection(id), Change::PutGrant(key(id), grant(&token))]).await.unwrap();
                let told = store.grant(&key(id)).await.unwrap().unwrap();
                assert!(told.access_token.matches(&token), "durable when it returns");
            }
        });
    }
    while let Some(written) = writing.join_next().await {
        written.unwrap();
    }
    place.store.forget_grants();
    for id in 0..50 {
        assert_eq!(place.token(id).await, Some(format!("{id}-3")));
    }
}

#[tokio::test]
async fn accounts_are_read_by_connection() {
    let place = Place::new();
    let account = |name: &str| Account {
        id: name.to_owned(),
        name: name.to_owned(),
        kind: AccountKind::Checking,
        last_digits: None,
        owner: None,
        balance: None,
        currency: None,
        credit: None,
        overdraft_limit: None,
        fetched_at: Timestamp::UNIX_EPOCH,
    };
    place
        .commit(vec![
            Change::PutAccounts(key(0), vec![account("a"), account("b")]),
            Change::PutAccounts(key(1), Vec::new()),
        ])
        .await;
    let ids = |found: Option<Vec<Account>>| found.map(|all| all.into_iter().map(|one| one.id).collect());
    let of = async |id| -> Option<Vec<String>> { ids(place.store.accounts_of(&key(id)).await.unwrap()) };
    assert_eq!(of(0).await, Some(vec!["a".to_owned(), "b".to_owned()]));
    assert_eq!(of(1).await, Some(Vec::new()), "read, and there was none");
    assert_eq!(of(2).await, None, "never read");
}
