//! The way back through `mooring://`: with the app running, with the app closed, and forged.

use serde_json::json;
use tests::app::{App, until};
use tests::cli;
use tests::provider::Provider;
use tests::world::{Wants, World};

const WIDE: Wants = Wants { display: Some((1080, 760)), keychain: true };

/// Opens the app, makes the vault, and registers the server with our scheme as its way back.
async fn opened(world: &World, provider: &Provider) -> App {
    let app = App::open(world).await.unwrap();
    app.press("Create the vault").await.unwrap();
    app.sees("Nothing is connected yet").await.unwrap();
    let create =
        ["config", "create", "oidc", "custom", "mooring", "", "openid", "--redirect", "scheme", "--issuer"];
    let redirect = cli::ok(world, &[&create[..], &[provider.issuer.as_str()]].concat());
    assert_eq!(redirect.trim(), "mooring://oauth/callback");
    app
}

fn open_link(world: &World, link: &str) {
    let opened = world.command("gio").args(["open", link]).status().unwrap();
    assert!(opened.success(), "the desktop does not know who opens the link");
}

#[tokio::test]
async fn a_link_comes_back_to_the_app_that_runs() {
    let provider = Provider::start(&json!({}));
    let world = World::new(WIDE);
    let app = opened(&world, &provider).await;
    let (_waiting, address) = cli::connect(&world, "oidc", "ana");
    let landed = tests::person::approve(&address).await.unwrap();
    assert!(landed.starts_with("mooring://oauth/callback?"));
    open_link(&world, &landed);
    cli::linked(&world, "oidc", "ana").await;
    app.sees("Up to date").await.unwrap();
    app.close().await.unwrap();
}

#[tokio::test]
async fn a_link_starts_the_app_that_was_closed_and_is_still_an_answer() {
    let provider = Provider::start(&json!({}));
    let world = World::new(WIDE);
    let app = opened(&world, &provider).await;
    let (waiting, address) = cli::connect(&world, "oidc", "ana");
    let landed = tests::person::approve(&address).await.unwrap();
    // The app is gone before the program that asked: the attempt must not be given up with it.
    let owner = owner(&world);
    assert!(world.command("kill").args(["-9", &owner]).status().unwrap().success());
    app.forget();
    // A link that reaches an app on its way out goes with it.
    let gone = || async { Ok((!std::path::Path::new("/proc").join(&owner).exists()).then_some(())) };
    until("the app to be gone", gone).await.unwrap();
    drop(waiting);
    open_link(&world, &landed);
    cli::linked(&world, "oidc", "ana").await;
    end_app(&world);
}

#[tokio::test]
async fn a_forged_link_is_refused_and_shows_in_activity() {
    let provider = Provider::start(&json!({}));
    let world = World::new(WIDE);
    let app = opened(&world, &provider).await;
    let (_waiting, address) = cli::connect(&world, "oidc", "ana");
    // Any program on the session bus can call this.
    let forged = "['mooring-desktop', 'mooring://oauth/callback?code=evil&state=guess']";
    let mut call = world.command("gdbus");
    call.args(["call", "--session", "--dest", "app.mooring.desktop.SingleInstance"]);
    call.args(["--object-path", "/app/mooring/desktop/SingleInstance"]);
    call.args(["--method", "org.SingleInstance.DBus.ExecuteCallback", forged, ""]);
    let called = call.output().unwrap();
    assert!(called.status.success(), "{}", String::from_utf8_lossy(&called.stderr));
    app.press("Activity").await.unwrap();
    app.sees("did not belong to any request here was refused").await.unwrap();
    // The attempt goes on, and its true answer is taken.
    let landed = tests::person::approve(&address).await.unwrap();
    open_link(&world, &landed);
    cli::linked(&world, "oidc", "ana").await;
    app.close().await.unwrap();
}

/// The app was started by the desktop and not by this test.
fn end_app(world: &World) {
    assert!(world.command("kill").arg(owner(world)).status().unwrap().success());
}

/// The process number of the app, where the vault's owner leaves it.
fn owner(world: &World) -> String {
    std::fs::read_to_string(world.profile().join("vault.lock")).unwrap().trim().to_owned()
}
