//! `@codat/platform` and `@codat/lending` from npm, unmodified, against the practice Codat: they take every answer.

use sandbox::codat::{API_KEY, Settings, Switch, SyncEnd};
use sandbox::person::{self, Choices};
use sandbox::{Options, Sandbox};
use std::process::{Output, Stdio};
use tests::workspace;

async fn codat() -> Sandbox {
    let codat = Settings { pace: std::time::Duration::from_secs(60), ..Settings::default() };
    Sandbox::start(Options { codat, ..Options::default() }).await.unwrap()
}

/// What the client package makes of the practice Codat.
async fn checked(world: &Sandbox) -> Output {
    checked_by(world, "codat-platform.mjs", "@codat/platform").await
}

async fn checked_by(world: &Sandbox, script: &str, package: &str) -> Output {
    let folder = workspace().join("tests/peers");
    assert!(
        folder.join("node_modules").join(package).exists(),
        "`cargo xtask setup` brings the npm packages"
    );
    tokio::process::Command::new("node")
        .arg(script)
        .arg(world.codat_api())
        .env("CODAT_API_KEY", API_KEY)
        .env("NO_COLOR", "1")
        .current_dir(folder)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .unwrap()
}

#[tokio::test]
async fn its_own_client_package_takes_every_answer() {
    let world = codat().await;
    let output = checked(&world).await;
    let (said, complained) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}\n{complained}");
    let count = said.trim().strip_prefix("checked ").and_then(|rest| rest.split(' ').next());
    assert!(count.and_then(|count| count.parse::<u32>().ok()).is_some_and(|count| count > 40), "{said}");
}

#[tokio::test]
async fn it_takes_them_after_all_that_can_happen_too() {
    let world = codat().await;
    let codat = world.codat();
    codat.set_redirect("http://127.0.0.1:7777/callback?s={statusCode}").unwrap();
    let find = |key, status| codat.find(key, status).unwrap();
    let (declined, linked, ended) =
        (find("suuo", "PendingAuth"), find("qhyg", "PendingAuth"), find("gbol", "Deauthorized"));
    person::deny(&codat.link_address(&declined.connection).unwrap()).await.unwrap();
    codat.next_sync(SyncEnd::FetchError);
    for one in [&linked, &ended] {
        person::approve(&codat.link_address(&one.connection).unwrap(), &Choices::default()).await.unwrap();
    }
    codat.deauthorize(&find("ugxp", "Linked").connection, "Withdrawn").unwrap();
    codat.pause_connector(&find("pqsw", "Linked").connection, std::time::Duration::from_secs(3600)).unwrap();
    codat.forget_sync(&find("zsth", "Linked").connection).unwrap();
    codat.delete_company(&find("hbql", "Linked").company).unwrap();
    let output = checked(&world).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[tokio::test]
async fn a_wrong_answer_is_noticed() {
    let unknown_status = codat().await;
    let linked = unknown_status.codat().find("gbol", "Linked").unwrap();
    unknown_status.codat().set_status(&linked.connection, "Hibernating").unwrap();
    let no_tokens = codat().await;
    no_tokens.codat().turn(Switch::AccessTokens, false);
    for world in [unknown_status, no_tokens] {
        let output = checked(&world).await;
        assert!(!output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
}

#[tokio::test]
async fn its_package_for_lending_reads_the_data() {
    let world = codat().await;
    let output = checked_by(&world, "codat-lending.mjs", "@codat/lending").await;
    let (said, complained) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}\n{complained}");
    assert_eq!(said.trim(), "checked 7 answers");
}
