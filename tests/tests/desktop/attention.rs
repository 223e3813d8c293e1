//! What needs the person: in the window, beside the clock, and as a notice.

use tests::app::{App, until};
use tests::world::{Wants, World};

const WIDE: Wants = Wants { display: Some((1080, 760)), keychain: true };

/// Presses the switch with this name.
async fn switch(app: &App, name: &str) {
    let path = format!("//*[@role='switch'][@id=//label[normalize-space(.)=\"{name}\"]/@for]");
    app.find(&path).await.unwrap().click().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_host_of_icons_settings_say_why_and_links_are_proven() {
    let world = World::new(WIDE);
    let app = App::open(&world).await.unwrap();
    app.press("Create the vault").await.unwrap();
    app.press("Settings").await.unwrap();
    app.sees("shows no icons beside the clock").await.unwrap();
    app.sees("Nothing on this desktop shows notices").await.unwrap();

    // Starting with the session is a file, and no more.
    let file = world.folder().join("config/autostart/app.mooring.desktop.desktop");
    assert!(!file.exists());
    switch(&app, "Start when I log in").await;
    until("the file of the session", || async { Ok(file.exists().then_some(())) }).await.unwrap();
    let entry = std::fs::read_to_string(&file).unwrap();
    assert!(entry.contains("--background"), "{entry}");
    switch(&app, "Start when I log in").await;
    until("the file to go", || async { Ok((!file.exists()).then_some(())) }).await.unwrap();

    app.press("Test it").await.unwrap();
    app.sees("the link came back to Mooring").await.unwrap();
    app.close().await.unwrap();
}
