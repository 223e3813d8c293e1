//! No secret of a connection ever reaches the page, a command line or an environment.
//!
//! The server knows every secret that there is: it gave them or was given them. The page's whole traffic is written
//! down inside the page, below everything of ours that runs there.

use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;
use tests::app::{App, until};
use tests::canary::{leaks, leaks_in};
use tests::cli;
use tests::watch::Watch;
use tests::witness::{CLIENT_SECRET, Witness};
use tests::world::{Wants, World};

const WIDE: Wants = Wants { display: Some((1080, 760)), keychain: true };
/// Put where it may not be, to show that it would be found.
const PLANTED: &str = "CANARY-planted-by-the-test";

/// Requests leave the page by `fetch`; answers and events all come in through the table of callbacks.
const RECORD: &str = r"
    const record = [];
    const keep = (what) => record.push(typeof what === 'string' ? what : JSON.stringify(what) ?? '');
    const send = window.fetch;
    window.fetch = (address, options) => {
        const body = options?.body;
        keep(`${address} ${typeof body === 'string' ? body : new TextDecoder().decode(body ?? new Uint8Array())}`);
        return send.call(window, address, options);
    };
    const callbacks = window.__TAURI_INTERNALS__.callbacks;
    const find = callbacks.get;
    callbacks.get = function (id) {
        const callback = find.call(callbacks, id);
        return callback && ((data) => { keep(data); return callback(data); });
    };
    window.recorded = () => record.join('\n');
";

async fn opened(world: &World) -> App {
    let app = App::open(world).await.unwrap();
    app.press("Create the vault").await.unwrap();
    app.sees("Nothing is connected yet").await.unwrap();
    app.client.execute(RECORD, Vec::new()).await.unwrap();
    app
}

async fn recorded(app: &App) -> String {
    let text = app.client.execute("return window.recorded()", Vec::new()).await.unwrap();
    text.as_str().unwrap().to_owned()
}

/// Registers with the secret on standard input, as somebody who minds it.
fn register(world: &World, witness: &Witness) {
    let mut create = world.command(tests::program("mooring"));
    create.args(["config", "create", "witness", "custom", "mooring", "-", "read", "--issuer"]);
    create.arg(&witness.issuer).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut create = create.spawn().unwrap();
    create.stdin.take().unwrap().write_all(CLIENT_SECRET.as_bytes()).unwrap();
    assert!(create.wait().unwrap().success());
}

async fn allow(app: &App) {
    app.to_authorization().await.unwrap();
    let link = app.find("//a[.='Allow']").await.unwrap();
    // The window closes under this press.
    let _ = link.click().await;
    app.alone().await.unwrap();
}

/// A whole life: connected, renewed, disconnected, reconnected, and refused in words that repeat what was sent.
async fn live(app: &App, world: &World, witness: &Witness) {
    app.press("Connect an institution").await.unwrap();
    let name = witness.issuer.trim_start_matches("http://");
    app.open_row(name).await.unwrap();
    app.press(&format!("Continue at {name}")).await.unwrap();
    allow(app).await;
    app.sees("is connected").await.unwrap();
    app.press("Done").await.unwrap();
    let listed = cli::json(world, &["connection", "list"]);
    let id = listed[0]["connectionId"].as_str().unwrap();
    // The server's tokens live a second: sooner or later another one is fetched, with rotation.
    app.allow_this_program().await.unwrap();
    let first = cli::ok(world, &["token", "witness", id]);
    until("a refresh", || async { Ok((cli::ok(world, &["token", "witness", id]) != first).then_some(())) })
        .await
        .unwrap();
    app.press("Activity").await.unwrap();
    app.sees("was renewed").await.unwrap();
    app.press("Connections").await.unwrap();
    app.open_connection().await.unwrap();
    app.press("Disconnect…").await.unwrap();
    app.press("Disconnect").await.unwrap();
    app.sees("Everything fetched so far is kept").await.unwrap();
    app.press("Reconnect").await.unwrap();
    allow(app).await;
    app.sees("is connected again").await.unwrap();
    app.press("Done").await.unwrap();
    // The server repeats in its refusal what it was sent.
    witness.refuses(true);
    until("the refusal", || async {
        let asked = cli::mooring(world, &["token", "witness", id]);
        Ok((asked.status.code() == Some(77)).then_some(()))
    })
    .await
    .unwrap();
    app.press("Activity").await.unwrap();
    app.sees("Access to").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_of_a_connection_reaches_the_page_or_a_command_line() {
    let witness = Witness::start().await;
    let mut world = World::new(WIDE);
    world.set("RUST_LOG", Path::new("debug"));
    let watch = Watch::over(&world);
    let app = opened(&world).await;
    register(&world, &witness);

    live(&app, &world, &witness).await;

    let kinds = witness.secrets();
    let expected = [
        "access token",
        "client proof",
        "client secret",
        "code",
        "id token",
        "refresh token",
        "state",
        "verifier",
    ];
    assert_eq!(kinds.keys().copied().collect::<Vec<_>>(), expected, "no kind of secret was left out");
    assert!(kinds["state"].len() == 2 && kinds["refresh token"].len() >= 3, "{:?}", kinds.keys());
    let secrets: Vec<&str> = kinds.values().flatten().map(String::as_str).collect();

    let traffic = recorded(&app).await;
    for seen in ["authorization_begin", "connectionChanged", "\"status\":\"Linked\""] {
        assert!(traffic.contains(seen), "the record is not whole: no {seen}");
    }
    assert_eq!(among(&secrets, &traffic), Vec::<&str>::new(), "a secret reached the page");
    let said = app.output();
    assert!(said.contains("DEBUG"), "the window was not asked to say everything: {said}");
    assert_eq!(among(&secrets, &said), Vec::<&str>::new(), "the window's log holds a secret");
    // The profile alone: in a build that can be driven, authorization windows are not incognito, and the web view keeps
    // the server's page.
    assert_eq!(leaks(&world.profile(), &secrets), Vec::<std::path::PathBuf>::new());

    // What is planted is found: in a message of the page, and on a command line.
    let planted =
        format!("window.__TAURI_INTERNALS__.invoke('app_state', {{ request: null, planted: '{PLANTED}' }})");
    app.client.execute(&planted, Vec::new()).await.unwrap();
    until("the planted message", || async { Ok(leaks_in(&recorded(&app).await, &[PLANTED]).then_some(())) })
        .await
        .unwrap();
    let mut planted = world.command("cat");
    let mut planted = planted.args(["-", PLANTED]).stdin(Stdio::piped()).spawn().unwrap();
    until("the planted command line", || async { Ok(leaks_in(&watch.seen(), &[PLANTED]).then_some(())) })
        .await
        .unwrap();
    planted.kill().unwrap();
    planted.wait().unwrap();
    let seen = watch.seen();
    assert!(seen.contains("mooring-desktop") && seen.contains("WebKitWebProcess"), "not all were watched");
    assert_eq!(
        among(&secrets, &seen),
        Vec::<&str>::new(),
        "a secret is on a command line or in an environment"
    );
    app.close().await.unwrap();
}

/// Which of `secrets` are in `text`.
fn among<'a>(secrets: &[&'a str], text: &str) -> Vec<&'a str> {
    secrets.iter().copied().filter(|secret| leaks_in(text, &[secret])).collect()
}
