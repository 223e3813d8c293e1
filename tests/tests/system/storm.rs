//! Ten thousand callers want a token that has ended.

use connections::id::ConnectionKey;
use connections::ports::{Change, Grant, Store as _};
use jiff::{SignedDuration, Timestamp};
use platform::vault_store::VaultStore;
use sandbox::{Misbehaviour, Options, Sandbox};
use secret::SecretString;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tests::world::{Wants, World};
use tests::{cli, load};
use vault::{UnlockWith, Vault};

const NO_WINDOW: Wants = Wants { display: None, keychain: false };
/// As many as the agent talks to at once, and what each of them asks before it hears anything.
const CALLERS: (usize, usize) = (50, 200);

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_callers_on_one_ended_token_make_one_request_and_one_line() {
    let world = World::new(NO_WINDOW);
    let bank = Sandbox::start(Options::default()).await.unwrap();
    let agent = cli::agent(&world);
    let issuer = bank.issuer();
    cli::ok(
        &world,
        &["config", "create", "bank", "custom", bank.client_id(), "", "accounts", "--issuer", &issuer],
    );
    let (waiting, address) = cli::connect(&world, "bank", "ana");
    let landed = sandbox::person::approve(&address, &sandbox::person::Choices::default()).await.unwrap();
    reqwest::get(&landed).await.unwrap();
    cli::linked(&world, "bank", "ana").await;
    drop(waiting);
    agent.kill();
    let old = end_the_token(&world).await;

    let _agent = cli::agent(&world);
    let own = std::env::current_exe().unwrap();
    cli::ok(&world, &["caller", "allow", own.to_str().unwrap(), "--access", "token"]);
    // Time enough for all of them to come while the answer is on its way.
    bank.misbehave(Misbehaviour::SlowToken(Duration::from_secs(1)), Some(1));
    let before = bank.requests().refreshes();
    let socket = world.profile().join("mooring.sock");
    let (sockets, each) = CALLERS;
    let told = load::storm(&socket, "bank", "ana", sockets, each).unwrap();
    let tokens: BTreeSet<&str> = told
        .iter()
        .map(|one| one["ok"]["token"]["accessToken"].as_str().unwrap_or_else(|| panic!("{one}")))
        .collect();
    assert_eq!((told.len(), tokens.len()), (sockets * each, 1), "all have the same token");
    assert!(!tokens.contains(old.as_str()), "the ended one is not handed out");
    assert_eq!(bank.requests().refreshes() - before, 1, "the bank was asked once");
    let audit = cli::json(&world, &["audit", "--connection", "bank/ana"]);
    let given: Vec<u64> = audit.as_array().unwrap().iter().filter_map(|one| one["count"].as_u64()).collect();
    assert_eq!(given.iter().sum::<u64>(), (sockets * each) as u64, "every one of them is counted: {audit}");
}

/// Sets the end of the stored token back, as if time had passed; answers the token.
async fn end_the_token(world: &World) -> String {
    let passphrase = SecretString::from(cli::PASSPHRASE);
    let vault = Vault::open(&world.profile(), UnlockWith::Passphrase(&passphrase)).unwrap();
    let store = VaultStore::new(Arc::new(vault));
    let key = ConnectionKey::parse("bank", "ana").unwrap();
    let grant = store.grant(&key).await.unwrap().unwrap();
    let token = grant.access_token.expose().clone();
    let then = Timestamp::now() - SignedDuration::from_hours(1);
    let ended = Grant {
        obtained_at: then,
        expires_at: Some(then + SignedDuration::from_mins(5)),
        ..grant.duplicate()
    };
    store.commit(vec![Change::PutGrant(key, Arc::new(ended))]).await.unwrap();
    token
}
