//! A main window that was put away stays away, unless a window of ours that was looked at has closed.

use anyhow::Result;
use tests::app::until;
use tests::bar::Reader;
use tests::cli;
use tests::pages::{AUTHORIZE, Page, Pages, registered_app};
use tests::world::{Wants, World};

const WIDE: Wants = Wants { display: Some((1080, 760)), keychain: true };

/// Whether the main window is on the display.
fn is_shown(world: &World) -> Result<bool> {
    let mut search = world.command("xdotool");
    Ok(!search.args(["search", "--onlyvisible", "--name", "^Mooring$"]).output()?.stdout.is_empty())
}

async fn put_away(world: &World) {
    let minimize = ["search", "--name", "^Mooring$", "windowminimize", "--sync"];
    assert!(world.command("xdotool").args(minimize).status().unwrap().success());
    until("the window to go", || async { Ok((!is_shown(world)?).then_some(())) }).await.unwrap();
}

async fn comes(world: &World) {
    until("the window to come", || async { Ok(is_shown(world)?.then_some(())) }).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_that_ends_elsewhere_brings_no_window_and_one_that_ends_here_does() {
    let pages = Pages::start().await;
    let world = World::new(WIDE);
    let app = registered_app(&world, &pages).await;
    pages.show([(AUTHORIZE, Page::body("A page"))]);
    put_away(&world).await;

    let (_first, _) = cli::connect(&world, "bank", "ana");
    // A second attempt takes the place of the first, which is closed before the second has an address.
    let (_second, _) = cli::connect(&world, "bank", "ana");
    app.text().await.unwrap();
    assert!(!is_shown(&world).unwrap(), "the window came though nobody called it");

    let mut connect = cli::connect_with(&world, "embedded", "bank", "ana");
    Reader::in_world(&world).unwrap().press("Cancel").await.unwrap();
    assert!(!cli::ended(&mut connect).await.success());
    comes(&world).await;
    app.alone().await.unwrap();
    app.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_approved_in_the_browser_comes_back_to_the_window() {
    let pages = Pages::start().await;
    let mut world = World::new(WIDE);
    let note = world.note_browser();
    let app = registered_app(&world, &pages).await;
    pages.show([(AUTHORIZE, Page::to("{back}"))]);
    put_away(&world).await;
    let mut connect = cli::connect_with(&world, "browser", "bank", "ana");
    let sent = tests::world::noted(&note).await;
    assert!(!is_shown(&world).unwrap());
    assert!(reqwest::get(sent).await.unwrap().status().is_success());
    assert!(cli::ended(&mut connect).await.success());
    comes(&world).await;
    app.close().await.unwrap();
}
