//! The whole life of a connection at `oidc-provider`, through the command line.

use serde_json::json;
use tests::app::until;
use tests::canary::{leaks, leaks_in};
use tests::cli::{self, PASSPHRASE};
use tests::provider::Provider;
use tests::world::{Wants, World};

const NO_WINDOW: Wants = Wants { display: None, keychain: false };

fn register(world: &World, provider: &Provider) {
    let create = [
        "config",
        "create",
        "oidc",
        "custom",
        "mooring",
        "",
        "openid profile",
        "--issuer",
        provider.issuer.as_str(),
    ];
    let redirect = cli::ok(world, &create);
    assert_eq!(redirect.trim(), "http://127.0.0.1/callback", "the address to register is told");
}

/// Connects and approves; answers the address that came back, with its code.
async fn connect(world: &World) -> String {
    let (waiting, address) = cli::connect(world, "oidc", "ana");
    let landed = tests::person::approve(&address).await.unwrap();
    let page = reqwest::get(&landed).await.unwrap();
    assert_eq!(page.status(), 200);
    assert!(!page.text().await.unwrap().contains("code="), "the page must not repeat the code");
    until("the connection to be linked", || async { Ok((status(world) == "Linked").then_some(())) })
        .await
        .unwrap();
    drop(waiting);
    landed
}

fn status(world: &World) -> String {
    let shown = cli::mooring(world, &["--json", "connection", "show", "oidc", "ana"]);
    let value: serde_json::Value = serde_json::from_slice(&shown.stdout).unwrap_or_default();
    value["status"].as_str().unwrap_or_default().to_owned()
}

fn token(world: &World) -> String {
    cli::ok(world, &["token", "oidc", "ana"]).trim().to_owned()
}

#[tokio::test]
async fn a_connection_is_made_kept_fresh_ended_and_made_again() {
    let provider = Provider::start(&json!({ "accessTokenSeconds": 2 }));
    let world = World::new(NO_WINDOW);
    let agent = cli::agent(&world);
    register(&world, &provider);
    let landed = connect(&world).await;

    // Fresh over and over, though each token lives two seconds.
    let first = token(&world);
    assert!(provider.accepts(&first).await.unwrap());
    until("the first token to end", || async { Ok((!provider.accepts(&first).await?).then_some(())) })
        .await
        .unwrap();
    let second = token(&world);
    assert_ne!(first, second, "an ended token is not handed out again");
    assert!(provider.accepts(&second).await.unwrap());

    // Who approved is known, from a validated ID token and the server's own answer.
    cli::ok(&world, &["connection", "sync", "oidc", "ana"]);
    let shown = cli::json(&world, &["connection", "show", "oidc", "ana"]);
    assert_eq!(shown["accountHolder"], "Ana Souza");
    let first_authorized = shown["firstAuthorizedAt"].clone();
    assert!(
        first_authorized.is_string() && shown["lastSyncedAt"].is_string() && shown["lastUsedAt"].is_string()
    );

    // Disconnecting tells the server.
    let before = provider.counts().await.unwrap()["revocation"].as_u64().unwrap();
    let said = cli::json(&world, &["connection", "disconnect", "oidc", "ana"]);
    assert_eq!(said["revoked"], "confirmed");
    assert!(provider.counts().await.unwrap()["revocation"].as_u64().unwrap() > before);
    assert!(!provider.accepts(&second).await.unwrap(), "the server has ended the access");
    assert_eq!(status(&world), "Unlinked");
    let refused = cli::mooring(&world, &["token", "oidc", "ana"]);
    assert_eq!(refused.status.code(), Some(77));
    assert!(refused.stdout.is_empty());

    // Reconnecting is in place.
    connect(&world).await;
    let again = cli::json(&world, &["connection", "show", "oidc", "ana"]);
    assert_eq!(again["firstAuthorizedAt"], first_authorized, "the first approval stays the first");
    let third = token(&world);
    assert!(provider.accepts(&third).await.unwrap());

    // No secret lies anywhere in clear.
    let code = landed.split("code=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let given = provider.given().await.unwrap();
    assert!([&first, &second, &third].iter().all(|token| given.contains(token)), "the server told all");
    let secrets: Vec<&str> =
        [PASSPHRASE, &code].into_iter().chain(given.iter().map(String::as_str)).collect();
    assert_eq!(leaks(world.folder(), &secrets), Vec::<std::path::PathBuf>::new());
    assert!(!leaks_in(&agent.output(), &secrets), "the agent's log holds a secret");
}

#[tokio::test]
async fn a_withdrawn_consent_asks_for_approval_and_never_loops() {
    let provider = Provider::start(&json!({ "accessTokenSeconds": 1 }));
    let world = World::new(NO_WINDOW);
    let _agent = cli::agent(&world);
    register(&world, &provider);
    connect(&world).await;
    let last = token(&world);
    provider.withdraw().await.unwrap();
    until("the token to end", || async { Ok((!provider.accepts(&last).await?).then_some(())) })
        .await
        .unwrap();
    let refused = until("the refusal", || async {
        let output = cli::mooring(&world, &["token", "oidc", "ana"]);
        Ok((!output.status.success()).then_some(output))
    })
    .await
    .unwrap();
    assert_eq!(refused.status.code(), Some(77), "{}", String::from_utf8_lossy(&refused.stderr));
    assert_eq!(status(&world), "Deauthorized");
    let asked = provider.counts().await.unwrap()["refused"].as_u64().unwrap();
    for _ in 0..3 {
        assert_eq!(cli::mooring(&world, &["token", "oidc", "ana"]).status.code(), Some(77));
    }
    assert_eq!(
        provider.counts().await.unwrap()["refused"].as_u64().unwrap(),
        asked,
        "a dead grant is not asked again"
    );
    connect(&world).await;
    assert_eq!(status(&world), "Linked");
}

#[tokio::test]
async fn many_callers_make_one_refresh() {
    let provider = Provider::start(&json!({ "accessTokenSeconds": 2 }));
    let world = World::new(NO_WINDOW);
    let _agent = cli::agent(&world);
    register(&world, &provider);
    connect(&world).await;
    let first = token(&world);
    until("the token to end", || async { Ok((!provider.accepts(&first).await?).then_some(())) })
        .await
        .unwrap();
    let before = provider.counts().await.unwrap()["refresh"].as_u64().unwrap();
    let world = &world;
    let tokens: Vec<String> = std::thread::scope(|scope| {
        let callers: Vec<_> = (0..8).map(|_| scope.spawn(move || token(world))).collect();
        callers.into_iter().map(|caller| caller.join().unwrap()).collect()
    });
    let after = provider.counts().await.unwrap()["refresh"].as_u64().unwrap();
    let distinct: std::collections::BTreeSet<_> = tokens.iter().collect();
    assert_eq!(
        after - before,
        distinct.len() as u64,
        "each refresh gave one token, shared by all who waited"
    );
    assert!(distinct.len() < tokens.len(), "callers that come together share a refresh");
}

#[tokio::test]
async fn a_code_is_typed_elsewhere_and_its_tokens_renew_like_others() {
    let provider = Provider::start(&json!({ "accessTokenSeconds": 2 }));
    let world = World::new(NO_WINDOW);
    let _agent = cli::agent(&world);
    register(&world, &provider);
    let mut command = world.command(tests::program("mooring"));
    command.args(["connect", "oidc", "ana", "--user-agent", "device"]);
    // Two lines: the address, then the code.
    let (waiting, code) =
        tests::process::Process::start(command, |line| (!line.starts_with("http")).then(|| line.to_owned()));
    tests::person::approve_device(&format!("{}/device?user_code={code}", provider.issuer)).await.unwrap();
    cli::linked(&world, "oidc", "ana").await;
    drop(waiting);
    let first = token(&world);
    assert!(provider.accepts(&first).await.unwrap());
    until("the first token to end", || async { Ok((!provider.accepts(&first).await?).then_some(())) })
        .await
        .unwrap();
    assert!(provider.accepts(&token(&world)).await.unwrap());
    let shown = cli::json(&world, &["connection", "show", "oidc", "ana"]);
    assert_eq!(shown["accountHolder"], "Ana Souza", "an ID token without a nonce proves who approved");
}

#[tokio::test]
async fn a_client_speaks_for_itself_without_a_page() {
    let provider = Provider::start(&json!({ "accessTokenSeconds": 2 }));
    let world = World::new(NO_WINDOW);
    let _agent = cli::agent(&world);
    let issuer = provider.issuer.as_str();
    let create = |secret| {
        let key = ["config", "create", "robot", "custom", "robot", secret, "read"];
        [key.as_slice(), &["--client-credentials", "--issuer", issuer]].concat()
    };
    cli::ok(&world, &create("CANARY-wrong"));
    let refused = cli::mooring(&world, &["connect", "robot", "books"]);
    assert!(!refused.status.success(), "a wrong secret links nothing");
    assert_eq!(cli::json(&world, &["connection", "list"]), json!([]));
    cli::ok(&world, &["config", "edit", "robot", "custom", "robot", "CANARY-secret-of-the-robot", "read"]);
    cli::ok(&world, &["connect", "robot", "books"]);
    let read = || cli::ok(&world, &["token", "robot", "books"]);
    let first = read();
    until("another token", || async { Ok((read() != first).then_some(())) }).await.unwrap();
    let shown = cli::json(&world, &["connection", "show", "robot", "books"]);
    assert_eq!((shown["status"].as_str(), shown["approach"].as_str()), (Some("Linked"), Some("client")));
}
