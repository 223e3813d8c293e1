//! Journeys of a person, wrong turns included.

use tests::app::App;
use tests::canary::leaks;
use tests::cli;
use tests::world::{Wants, World};

/// As wide as the interface is designed for.
const WIDE: Wants = Wants { display: Some((1080, 760)), keychain: true };

async fn opened(world: &World) -> App {
    let app = App::open(world).await.unwrap();
    app.press("Create the vault").await.unwrap();
    app.sees("Nothing is connected yet").await.unwrap();
    app
}

#[tokio::test]
async fn connect_disconnect_and_reconnect_at_the_practice_bank() {
    let world = World::new(WIDE);
    let app = opened(&world).await;
    app.press("Connect the practice bank").await.unwrap();
    app.to_authorization().await.unwrap();
    app.approve_at_practice_bank().await.unwrap();
    app.alone().await.unwrap();
    app.sees("is connected").await.unwrap();
    app.press("Done").await.unwrap();
    app.sees("Up to date").await.unwrap();
    // A program that the person allows gets a token from the running app.
    app.allow_this_program().await.unwrap();
    let token = cli::ok(&world, &["token", "practice-bank", "1"]);
    assert!(leaks(world.folder(), &[token.trim()]).is_empty(), "a token lies on disk in clear");
    app.open_connection().await.unwrap();
    app.press("Disconnect…").await.unwrap();
    app.press("Disconnect").await.unwrap();
    app.sees("Everything fetched so far is kept").await.unwrap();
    assert_eq!(cli::mooring(&world, &["token", "practice-bank", "1"]).status.code(), Some(77));
    app.press("Reconnect").await.unwrap();
    app.to_authorization().await.unwrap();
    app.approve_at_practice_bank().await.unwrap();
    app.alone().await.unwrap();
    app.sees("is connected again").await.unwrap();
    app.close().await.unwrap();
}
