//! A bank whose pages do what pages of banks do to windows.

use sandbox::{Misbehaviour, Options, Sandbox};
use tests::app::{App, until};
use tests::cli;
use tests::world::{Wants, World};

const WIDE: Wants = Wants { display: Some((1080, 760)), keychain: true };

async fn opened(world: &World, bank: &Sandbox) -> App {
    let app = App::open(world).await.unwrap();
    app.press("Create the vault").await.unwrap();
    app.sees("Nothing is connected yet").await.unwrap();
    let issuer = bank.issuer();
    let create =
        ["config", "create", "bank", "custom", bank.client_id(), "", "accounts", "--issuer", &issuer];
    cli::ok(world, &create);
    app
}

/// Goes to the window that shows this text.
async fn to_window_with(app: &App, text: &str) {
    until(&format!("a window that says `{text}`"), || async {
        for window in app.client.windows().await? {
            if app.client.switch_to_window(window).await.is_ok()
                && app.text().await.is_ok_and(|shown| shown.contains(text))
            {
                return Ok(Some(()));
            }
        }
        Ok(None)
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn consent_in_a_popup_and_a_sign_in_in_a_blank_one_link() {
    let bank = Sandbox::start(Options::default()).await.unwrap();
    let world = World::new(WIDE);
    let app = opened(&world, &bank).await;

    bank.misbehave(Misbehaviour::PopupConsent, None);
    let mut first = cli::connect_with(&world, "embedded", "bank", "consent");
    app.to_authorization().await.unwrap();
    app.press("Sign in").await.unwrap();
    app.press("Continue").await.unwrap();
    to_window_with(&app, "Share your accounts").await;
    app.press_last("Allow").await.unwrap();
    app.alone().await.unwrap();
    assert!(cli::ended(&mut first).await.success());

    bank.behave();
    bank.misbehave(Misbehaviour::BlankPage, None);
    let mut second = cli::connect_with(&world, "embedded", "bank", "blank");
    app.to_authorization().await.unwrap();
    app.press("Continue").await.unwrap();
    to_window_with(&app, "Sign in").await;
    app.press("Sign in").await.unwrap();
    app.sees("Share your accounts").await.unwrap();
    app.press_last("Allow").await.unwrap();
    app.alone().await.unwrap();
    assert!(cli::ended(&mut second).await.success());
    app.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_closes_itself_in_a_popup_leaves_the_first_page_to_try_again() {
    let bank = Sandbox::start(Options::default()).await.unwrap();
    let world = World::new(WIDE);
    let app = opened(&world, &bank).await;
    bank.misbehave(Misbehaviour::PopupConsent, None);
    bank.misbehave(Misbehaviour::PageClosesItself, Some(1));
    let mut connect = cli::connect_with(&world, "embedded", "bank", "ana");
    app.to_authorization().await.unwrap();
    app.press("Sign in").await.unwrap();
    app.press("Continue").await.unwrap();
    to_window_with(&app, "Share your accounts").await;
    app.press_last("Allow").await.unwrap();
    until("the popup to close", || async { Ok((app.windows().await? == 2).then_some(())) }).await.unwrap();
    // The page that opened it is there yet, and so is the attempt.
    app.to_main().await.unwrap();
    app.to_authorization().await.unwrap();
    app.sees("Continue").await.unwrap();
    assert!(connect.try_wait().unwrap().is_none(), "the attempt has ended");
    connect.kill().unwrap();
    connect.wait().unwrap();
    app.to_main().await.unwrap();
    app.close().await.unwrap();
}
