//! The palette in the real window: connections, actions and screens, by a few letters.

use fantoccini::key::Key;
use tests::app::{App, until};
use tests::world::{Wants, World};

const WIDE: Wants = Wants { display: Some((1080, 760)), keychain: true };

/// Opens it by its keys, writes, and takes the first that is found.
async fn choose(app: &App, words: &str) {
    let body = app.find("//body").await.unwrap();
    body.send_keys(&format!("{}k{}", Key::Control, Key::Null)).await.unwrap();
    let field = app.find("//dialog[@open]//input[@role='combobox']").await.unwrap();
    field.send_keys(words).await.unwrap();
    app.find("//*[@role='option'][@aria-selected='true']").await.unwrap();
    field.send_keys("\u{E007}").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_is_gone_to_or_done() {
    let world = World::new(WIDE);
    let app = App::open(&world).await.unwrap();
    app.press("Create the vault").await.unwrap();
    app.sees("Nothing is connected yet").await.unwrap();

    choose(&app, "practice bank").await;
    app.to_authorization().await.unwrap();
    app.approve_at_practice_bank().await.unwrap();
    app.alone().await.unwrap();
    app.sees("is connected").await.unwrap();

    choose(&app, "dark theme").await;
    let theme = "return document.documentElement.dataset.theme";
    until("the dark theme", || async {
        Ok((app.client.execute(theme, Vec::new()).await? == "dark").then_some(()))
    })
    .await
    .unwrap();

    choose(&app, "pause all").await;
    app.sees("1 connection is paused").await.unwrap();
    choose(&app, "resume all").await;
    app.sees("1 connection goes on").await.unwrap();

    // An action that goes to its screen and begins there: the file is the one of every dialog in this world.
    choose(&app, "make a backup").await;
    app.sees("Passphrase for the backup").await.unwrap();
    app.press_in_dialog("Cancel").await.unwrap();

    choose(&app, "help").await;
    app.sees("What the words mean").await.unwrap();
    app.press("Connections").await.unwrap();
    app.find("//button[@data-row]").await.unwrap();
    let title = "return document.querySelector('[data-row] .title').textContent.trim()";
    let name = app.client.execute(title, Vec::new()).await.unwrap().as_str().unwrap().to_owned();
    assert!(!name.is_empty());
    app.press("Settings").await.unwrap();
    choose(&app, &name).await;
    app.find(&tests::app::button("Disconnect…")).await.unwrap();
    app.close().await.unwrap();
}
