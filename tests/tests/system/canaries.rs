//! No secret is in what the command line and the agent say, also where a server repeats what it was sent.

use std::io::Write as _;
use std::process::{Output, Stdio};
use tests::canary::{leaks, leaks_in};
use tests::cli;
use tests::process::Process;
use tests::witness::{CLIENT_SECRET, Witness};
use tests::world::{Wants, World};

const NO_WINDOW: Wants = Wants { display: None, keychain: false };

/// Registers with the secret on standard input, as somebody who minds it.
fn register(world: &World, witness: &Witness) -> Output {
    let mut create = world.command(tests::program("mooring"));
    create.args(["config", "create", "witness", "custom", "mooring", "-", "read", "--issuer"]);
    create.arg(&witness.issuer).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut create = create.spawn().unwrap();
    create.stdin.take().unwrap().write_all(CLIENT_SECRET.as_bytes()).unwrap();
    create.wait_with_output().unwrap()
}

/// Connects up to the page, and answers what comes back after it; the attempt waits.
async fn begin(world: &World) -> (Process, String) {
    let (waiting, address) = cli::connect(world, "witness", "ana");
    let page = reqwest::get(&address).await.unwrap().text().await.unwrap();
    let link = page.split("href=\"").nth(1).unwrap().split('"').next().unwrap();
    (waiting, link.replace("&amp;", "&"))
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_said_by_the_command_line_or_the_agent() {
    let witness = Witness::start().await;
    let world = World::new(NO_WINDOW);
    let agent = cli::agent(&world);
    let mut said = String::new();
    let mut hear = |output: &Output| {
        said.push_str(&String::from_utf8_lossy(&output.stdout));
        said.push_str(&String::from_utf8_lossy(&output.stderr));
    };
    let registered = register(&world, &witness);
    assert!(registered.status.success());
    hear(&registered);

    // An answer that is an error in the server's own words, which hold the state.
    let (waiting, landed) = begin(&world).await;
    let failed = landed.replace("code=", "error=server_error&error_description=");
    let page = reqwest::get(&failed).await.unwrap().text().await.unwrap();
    let ended = |waiting: Process, needle: &'static str| async move {
        tests::app::until(needle, || async { Ok(waiting.output().contains(needle).then_some(())) })
            .await
            .unwrap();
        waiting.output().lines().filter(|line| !line.starts_with("http")).collect::<Vec<_>>().join("\n")
    };
    let mut pages = vec![page];
    let mut attempts = vec![ended(waiting, "server_error").await];

    // A code that is refused in words that hold it.
    witness.refuses(true);
    let (waiting, landed) = begin(&world).await;
    pages.push(reqwest::get(&landed).await.unwrap().text().await.unwrap());
    attempts.push(ended(waiting, "invalid_grant").await);

    // One that is taken, and a refresh that is refused in words that hold its token.
    witness.refuses(false);
    let (waiting, landed) = begin(&world).await;
    pages.push(reqwest::get(&landed).await.unwrap().text().await.unwrap());
    attempts.push(ended(waiting, "Connected to").await);
    let raw = cli::ok(&world, &["token", "witness", "ana", "--raw"]);
    assert!(raw.contains("access_token"), "{raw}");
    for kind in ["refresh token", "id token", "client secret"] {
        assert!(!witness.secrets()[kind].iter().any(|secret| raw.contains(secret)), "a program got a {kind}");
    }
    witness.refuses(true);
    let refused = tests::app::until("the refusal", || async {
        let asked = cli::mooring(&world, &["token", "witness", "ana"]);
        Ok((!asked.status.success()).then_some(asked))
    });
    let refused = refused.await.unwrap();
    assert_eq!(refused.status.code(), Some(77));
    hear(&refused);
    for command in [
        ["connection", "show", "witness", "ana"].as_slice(),
        &["--json", "connection", "show", "witness", "ana"],
        &["--json", "connection", "list"],
        &["--json", "config", "list"],
        &["--json", "audit"],
        &["doctor"],
        &["connection", "sync", "witness", "ana"],
        &["connection", "disconnect", "witness", "ana"],
        &["connection", "delete", "witness", "ana"],
        &["run", "witness/ana", "--", "true"],
    ] {
        hear(&cli::mooring(&world, command));
    }

    let kinds = witness.secrets();
    assert_eq!(kinds.len(), 8, "no kind of secret was left out: {:?}", kinds.keys());
    let secrets: Vec<&str> = kinds.values().flatten().map(String::as_str).collect();
    let among = |text: &str| secrets.iter().copied().filter(|one| leaks_in(text, &[one])).collect::<Vec<_>>();
    assert!(said.contains("witness") && said.contains("approve"), "{said}");
    assert_eq!(among(&said), Vec::<&str>::new(), "the command line said a secret");
    for text in attempts.iter().chain(&pages) {
        assert_eq!(among(text), Vec::<&str>::new(), "{text}");
    }
    let log = agent.output();
    assert!(log.contains("DEBUG"), "the agent was not asked to say everything");
    assert_eq!(among(&log), Vec::<&str>::new(), "the agent's log holds a secret");
    assert_eq!(leaks(world.folder(), &secrets), Vec::<std::path::PathBuf>::new());
}
