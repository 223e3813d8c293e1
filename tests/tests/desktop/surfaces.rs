//! A server that nobody here wrote, in each place where a person can approve.

use fantoccini::{ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use std::os::unix::fs::PermissionsExt as _;
use tests::app::{App, press_last, until};
use tests::cli;
use tests::process::Process;
use tests::provider::Provider;
use tests::world::{Wants, World};

const WIDE: Wants = Wants { display: Some((1080, 760)), keychain: true };

fn register(world: &World, provider: &Provider) {
    let issuer = provider.issuer.as_str();
    cli::ok(
        world,
        &["config", "create", "oidc", "custom", "mooring", "", "openid profile", "--issuer", issuer],
    );
}

/// The server knows who it is from the first time, since the windows of tests share what a page leaves behind.
async fn approve_again(browser: &fantoccini::Client) {
    let button = browser.wait().at_most(std::time::Duration::from_secs(30));
    let button = button.for_element(Locator::Css("button[type=submit]")).await.unwrap();
    if browser.find(Locator::Css("input[name=login]")).await.is_ok() {
        return approve(browser).await;
    }
    press_last(browser, button).await.unwrap();
}

/// Signs in and consents on the pages of `oidc-provider`; the last press takes the page away.
async fn approve(browser: &fantoccini::Client) {
    let patience = std::time::Duration::from_secs(30);
    let login =
        browser.wait().at_most(patience).for_element(Locator::Css("input[name=login]")).await.unwrap();
    login.send_keys("ana").await.unwrap();
    browser.find(Locator::Css("input[name=password]")).await.unwrap().send_keys("any").await.unwrap();
    browser.find(Locator::Css("button[type=submit]")).await.unwrap().click().await.unwrap();
    let consent = Locator::XPath("//form[not(.//input[@name='login'])]//button[@type='submit']");
    let consent = browser.wait().at_most(patience).for_element(consent).await.unwrap();
    press_last(browser, consent).await.unwrap();
}

#[tokio::test]
async fn a_connection_lives_its_whole_life_in_the_window() {
    let provider = Provider::start(&json!({ "accessTokenSeconds": 3 }));
    let world = World::new(WIDE);
    let app = App::open(&world).await.unwrap();
    app.press("Create the vault").await.unwrap();
    app.sees("Nothing is connected yet").await.unwrap();
    register(&world, &provider);
    let mut connect = cli::connect_with(&world, "embedded", "oidc", "ana");
    app.to_authorization().await.unwrap();
    approve(&app.client).await;
    app.alone().await.unwrap();
    cli::linked(&world, "oidc", "ana").await;
    assert!(cli::ended(&mut connect).await.success());
    app.allow_this_program().await.unwrap();
    let token = || cli::ok(&world, &["token", "oidc", "ana"]).trim().to_owned();
    let first = token();
    assert!(provider.accepts(&first).await.unwrap());

    // A token that has ended is renewed for who asks.
    until("the first token to end", || async { Ok((!provider.accepts(&first).await?).then_some(())) })
        .await
        .unwrap();
    let second = token();
    assert!(second != first && provider.accepts(&second).await.unwrap());
    assert!(provider.counts().await.unwrap()["refresh"].as_u64().unwrap() >= 1);

    // Disconnecting tells the server, and nobody gets anything any more.
    app.open_connection().await.unwrap();
    app.press("Disconnect…").await.unwrap();
    app.press("Disconnect").await.unwrap();
    app.sees("Everything fetched so far is kept").await.unwrap();
    until("the server to be told", || async {
        Ok((provider.counts().await?["revocation"].as_u64() > Some(0)).then_some(()))
    })
    .await
    .unwrap();
    assert!(!provider.accepts(&second).await.unwrap(), "the server has ended the access");
    assert_eq!(cli::mooring(&world, &["token", "oidc", "ana"]).status.code(), Some(77));

    // Connecting again is approved in a window of ours once more.
    app.press("Reconnect").await.unwrap();
    app.to_authorization().await.unwrap();
    approve_again(&app.client).await;
    app.alone().await.unwrap();
    app.sees("is connected again").await.unwrap();
    assert!(provider.accepts(&token()).await.unwrap());
    app.close().await.unwrap();
}

#[tokio::test]
async fn the_system_browser_comes_back_through_loopback() {
    let provider = Provider::start(&json!({}));
    let world = World::new(WIDE);
    // The desktop's browser is a script that starts Chromium where a driver can find it.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let script = world.folder().join("browser");
    let data = world.folder().join("chromium");
    let flags = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
                 --disable-component-update --disable-sync --password-store=basic";
    let start = format!(
        "#!/bin/sh\nexec chromium {flags} --remote-debugging-port={port} --user-data-dir={} \"$@\" >/dev/null 2>&1\n",
        data.display()
    );
    std::fs::write(&script, start).unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    let _agent = agent_with_browser(&world, script.to_str().unwrap());
    register(&world, &provider);
    let mut connect = cli::connect_with(&world, "browser", "oidc", "ana");
    until("Chromium to listen", || async {
        Ok(tokio::net::TcpStream::connect(("127.0.0.1", port)).await.ok())
    })
    .await
    .unwrap();
    let driver_port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut driver = world.command("chromedriver");
    driver.arg(format!("--port={driver_port}"));
    let (_driver, ()) = Process::start(driver, |line| line.contains("successfully").then_some(()));
    let attach = json!({ "goog:chromeOptions": { "debuggerAddress": format!("127.0.0.1:{port}") } });
    let browser = ClientBuilder::new(HttpConnector::new())
        .capabilities(attach.as_object().unwrap().clone())
        .connect(&format!("http://127.0.0.1:{driver_port}"))
        .await
        .unwrap();
    approve(&browser).await;
    let patience = std::time::Duration::from_secs(30);
    let back = Locator::XPath("//h1[contains(., 'Back to Mooring')]");
    browser.wait().at_most(patience).for_element(back).await.unwrap();
    until("the code to leave the address", || async {
        Ok((!browser.current_url().await?.as_str().contains("code=")).then_some(()))
    })
    .await
    .unwrap();
    cli::linked(&world, "oidc", "ana").await;
    assert!(cli::ended(&mut connect).await.success());
    // Chromium was started by the agent's browser script; closing its last window ends it.
    browser.close_window().await.unwrap();
}

fn agent_with_browser(world: &World, browser: &str) -> Process {
    let file = world.folder().join("passphrase");
    std::fs::write(&file, cli::PASSPHRASE).unwrap();
    let mut agent = world.command(tests::program("mooring"));
    agent.args(["agent", "--passphrase-file"]).arg(&file).env("BROWSER", browser);
    Process::start(agent, |line| (line == "ready").then_some(())).0
}
