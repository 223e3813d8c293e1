//! The one place that says what needs the person: what ended, what was put off, and programs that wait.

use serde_json::json;
use std::process::Stdio;
use tests::cli;
use tests::provider::{Provider, connected_app, end_connection};
use tests::world::{Wants, World};

const WIDE: Wants = Wants { display: Some((1080, 760)), keychain: true };

#[tokio::test(flavor = "multi_thread")]
async fn what_ended_is_listed_put_off_and_mended_from_there() {
    let provider = Provider::start(&json!({ "accessTokenSeconds": 1 }));
    let world = World::new(WIDE);
    let app = connected_app(&world, &provider).await;
    app.press_starting("Needs you").await.unwrap();
    app.sees("Nothing needs you").await.unwrap();
    app.allow_this_program().await.unwrap();
    end_connection(&world, &provider).await;

    app.press_starting("Needs you").await.unwrap();
    app.sees("What only you can do").await.unwrap();
    app.find("//ul[@aria-label='Needs you']//button[normalize-space(.)='Later']")
        .await
        .unwrap()
        .click()
        .await
        .unwrap();
    app.sees("Comes back").await.unwrap();
    // What was put off is still at hand, and begins where it is asked.
    app.find("//ul[@aria-label='Put off']//button[normalize-space(.)='Reconnect']")
        .await
        .unwrap()
        .click()
        .await
        .unwrap();
    app.to_authorization().await.unwrap();
    app.to_main().await.unwrap();
    app.press("Cancel").await.unwrap();
    app.alone().await.unwrap();
    app.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_was_put_aside_waits_there_and_is_answered_from_there() {
    let provider = Provider::start(&json!({}));
    let world = World::new(WIDE);
    let app = connected_app(&world, &provider).await;
    let mut asks = world.command(tests::program("mooring"));
    asks.args(["token", "oidc", "ana"]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut asks = asks.spawn().unwrap();
    app.find("//dialog[@role='alertdialog']").await.unwrap();
    app.client.active_element().await.unwrap().send_keys("\u{E00C}").await.unwrap();
    app.no_question().await.unwrap();
    app.sees("still waits").await.unwrap();
    assert!(asks.try_wait().unwrap().is_none(), "closing the question answers nothing");

    app.press_starting("Needs you").await.unwrap();
    app.sees("waits for your answer").await.unwrap();
    app.press("Decide").await.unwrap();
    app.answer("Allow once").await.unwrap();
    cli::ended(&mut asks).await;
    let given = asks.wait_with_output().unwrap();
    assert!(given.status.success() && !given.stdout.is_empty(), "{given:?}");
    app.sees("Nothing needs you").await.unwrap();
    app.close().await.unwrap();
}
