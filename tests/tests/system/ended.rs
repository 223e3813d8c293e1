//! Access that ends, by the bank or by the person, and begins again in the same place.

use sandbox::person::{self, Choices};
use sandbox::{Endpoint, Options, Sandbox};
use serde_json::{Value, json};
use std::time::Duration;
use tests::cli;
use tests::process::Process;
use tests::world::{Wants, World};

const NO_WINDOW: Wants = Wants { display: None, keychain: false };

/// A bank whose tokens are over at once, a connection there, and the agent.
async fn place() -> (Process, Sandbox, World) {
    let options = Options { access_token_life: Duration::ZERO, ..Options::default() };
    let bank = Sandbox::start(options).await.unwrap();
    let world = World::new(NO_WINDOW);
    let agent = cli::agent(&world);
    let issuer = bank.issuer();
    let create =
        ["config", "create", "bank", "custom", bank.client_id(), "", "accounts", "--issuer", &issuer];
    cli::ok(&world, &create);
    approve(&world, &["connect"]).await;
    (agent, bank, world)
}

/// Connects with this command, and approves.
async fn approve(world: &World, command: &[&str]) {
    let mut connect = world.command(tests::program("mooring"));
    connect.args(command).args(["bank", "ana", "--user-agent", "print"]);
    let (_waiting, address) =
        Process::start(connect, |line| line.starts_with("http").then(|| line.to_owned()));
    let landed = person::approve(&address, &Choices::default()).await.unwrap();
    assert_eq!(reqwest::get(&landed).await.unwrap().status(), 200);
    cli::linked(world, "bank", "ana").await;
}

fn shown(world: &World) -> Value {
    cli::json(world, &["connection", "show", "bank", "ana"])
}

/// The exit code of asking for a token.
fn token(world: &World) -> Option<i32> {
    cli::mooring(world, &["token", "bank", "ana"]).status.code()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_that_is_withdrawn_at_the_bank_is_given_again_in_place() {
    let (_agent, bank, world) = place().await;
    assert_eq!(token(&world), Some(0));
    let before = shown(&world);
    bank.revoke_all();
    assert_eq!(token(&world), Some(77));
    let dead = shown(&world);
    assert_eq!(dead["status"], "Deauthorized");
    assert_eq!(dead["needs"], json!({ "kind": "approval", "reason": "grantRefused" }));
    let asked = bank.requests().refreshes();
    assert_eq!(token(&world), Some(77));
    assert_eq!(bank.requests().refreshes(), asked, "a dead grant is not asked about again");

    // The person is asked to approve, thinks better of it, and does it in the end.
    let (waiting, address) = cli::connect(&world, "bank", "ana");
    reqwest::get(person::deny(&address).await.unwrap()).await.unwrap();
    drop(waiting);
    assert_eq!(shown(&world)["status"], "Deauthorized", "what was refused changes nothing");
    approve(&world, &["connection", "reconnect"]).await;
    let after = shown(&world);
    assert_eq!(after["needs"], json!({ "kind": "nothing" }));
    assert_eq!(after["firstAuthorizedAt"], before["firstAuthorizedAt"], "the first approval stays the first");
    assert_ne!(after["lastAuthorizedAt"], before["lastAuthorizedAt"]);
    assert_eq!(after["createdAt"], before["createdAt"]);
    assert_eq!(token(&world), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_disconnected_is_reconnected_and_what_was_deleted_is_not() {
    let (agent, bank, world) = place().await;
    let nobody = cli::mooring(&world, &["connection", "reconnect", "bank", "bia", "--user-agent", "print"]);
    assert_eq!(nobody.status.code(), Some(65), "only what exists is connected again");
    assert!(nobody.stdout.is_empty());

    let said = cli::json(&world, &["connection", "disconnect", "bank", "ana"]);
    assert_eq!(said["revoked"], "confirmed");
    assert_eq!(bank.requests().count(Endpoint::Revoke), 1);
    assert_eq!(shown(&world)["status"], "Unlinked");
    assert_eq!(token(&world), Some(77));
    let again = cli::json(&world, &["connection", "disconnect", "bank", "ana"]);
    assert_eq!(again["revoked"], "nothing", "there is nothing left to end");

    approve(&world, &["connection", "reconnect"]).await;
    assert_eq!(token(&world), Some(0));
    let said = cli::json(&world, &["connection", "delete", "bank", "ana"]);
    assert_eq!(said["revoked"], "confirmed");
    assert_eq!(bank.requests().count(Endpoint::Revoke), 2);
    assert_eq!(cli::json(&world, &["connection", "list"]), json!([]));
    for command in [
        ["connection", "show"].as_slice(),
        &["connection", "reconnect"],
        &["connection", "disconnect"],
        &["connection", "delete"],
        &["token"],
    ] {
        let gone = cli::mooring(&world, &[command, &["bank", "ana"]].concat());
        assert_eq!(gone.status.code(), Some(65), "{command:?}");
    }
    // It stays gone.
    agent.kill();
    let _agent = cli::agent(&world);
    assert_eq!(cli::json(&world, &["connection", "list"]), json!([]));
}
