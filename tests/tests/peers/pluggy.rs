//! The sandbox's Pluggy against the clients that Pluggy publishes on npm, unchanged: what they accept, Pluggy's own API
//! would have answered.

use sandbox::{Options, Sandbox, pluggy};
use serde_json::Value;
use std::process::Output;
use std::time::Duration;
use tests::workspace;
use tokio::process::Command;

async fn world() -> Sandbox {
    let settings = pluggy::Settings { pace: Duration::from_millis(5), ..pluggy::Settings::default() };
    Sandbox::start(Options { pluggy: settings, ..Options::default() }).await.unwrap()
}

/// Runs a script against an API.
async fn script(name: &str, sandbox: &Sandbox, api: &str) -> Output {
    let folder = workspace().join("tests/peers");
    assert!(folder.join("node_modules/pluggy-sdk").exists(), "`cargo xtask setup` brings the npm packages");
    let (id, secret) = sandbox.pluggy_client();
    let mut node = Command::new("node");
    node.args([name, api]).current_dir(folder).env("NO_COLOR", "1");
    node.env("PLUGGY_CLIENT_ID", id).env("PLUGGY_CLIENT_SECRET", secret).kill_on_drop(true);
    node.output().await.unwrap()
}

/// Runs a script, all of whose steps must pass; answers how many there were.
async fn passes(name: &str) -> usize {
    let sandbox = world().await;
    let output = script(name, &sandbox, &sandbox.pluggy_api()).await;
    let (said, failed) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{name}: {failed}{said}");
    let summary: Value = serde_json::from_str(said.lines().last().unwrap_or_default()).unwrap();
    summary["passed"].as_array().unwrap().len()
}

#[tokio::test]
async fn the_client_for_servers_works() {
    assert_eq!(passes("pluggy-sdk.mjs").await, 14);
}

#[tokio::test]
async fn the_client_for_browsers_works_with_connect_tokens() {
    assert_eq!(passes("pluggy-js.mjs").await, 10);
}

#[tokio::test]
async fn the_scripts_fail_when_the_answers_are_wrong() {
    let sandbox = world().await;
    for name in ["pluggy-sdk.mjs", "pluggy-js.mjs"] {
        let output = script(name, &sandbox, &sandbox.issuer()).await;
        assert_eq!(output.status.code(), Some(1), "{name}: the bank is no Pluggy");
    }
    sandbox.misbehave(sandbox::Misbehaviour::PluggyPagesGone, None);
    let output = script("pluggy-sdk.mjs", &sandbox, &sandbox.pluggy_api()).await;
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("reads transactions in pages and by cursor"), "{said}");
}
