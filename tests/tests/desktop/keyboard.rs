//! A whole journey without a pointer: what a person does who has none.

use fantoccini::Locator;
use fantoccini::key::Key;
use tests::app::{App, until};
use tests::world::{Wants, World};

const WIDE: Wants = Wants { display: Some((1080, 760)), keychain: true };
/// More stops than any screen has.
const MOST_STOPS: usize = 80;

/// What has the focus, by its name.
const FOCUSED: &str = "const one = document.activeElement; \
    const label = one.labels?.[0]?.textContent ?? ''; \
    return (one.getAttribute('aria-label') ?? (one.textContent || label)).replace(/\\s+/g, ' ').trim()";

async fn focused(app: &App) -> String {
    let name = app.client.execute(FOCUSED, Vec::new()).await.unwrap();
    name.as_str().unwrap_or_default().to_owned()
}

/// Types where the focus is.
async fn keys(app: &App, keys: &str) {
    app.client.active_element().await.unwrap().send_keys(keys).await.unwrap();
}

async fn key(app: &App, one: Key) {
    keys(app, &char::from(one).to_string()).await;
}

/// Goes on by Tab until something of this name has the focus, as somebody who hears what they come to.
async fn tab_to(app: &App, name: &str) {
    let mut heard = Vec::new();
    for _ in 0..MOST_STOPS {
        let here = focused(app).await;
        if here == name {
            return;
        }
        heard.push(here);
        key(app, Key::Tab).await;
    }
    panic!("Tab does not lead to `{name}`: {heard:?}");
}

/// Presses a button by Tab and Enter.
async fn press(app: &App, name: &str) {
    // What is awaited may not be there, or not be able to be pressed, at once.
    app.find(&tests::app::button(name)).await.unwrap();
    tab_to(app, name).await;
    key(app, Key::Enter).await;
}

/// Approves at the practice bank by keyboard; the window closes by that.
async fn approve(app: &App) {
    app.to_authorization().await.unwrap();
    app.sees("Sign in").await.unwrap();
    press(app, "Sign in").await;
    app.sees("Share your accounts").await.unwrap();
    tab_to(app, "Allow").await;
    let allow = app.client.active_element().await.unwrap();
    // The press closes the window in which its driver waits for the end of the press.
    let pressed = allow.send_keys("\u{E007}");
    let _ = tokio::time::timeout(std::time::Duration::from_secs(5), pressed).await;
    app.alone().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn connect_open_disconnect_and_reconnect_without_a_pointer() {
    let world = World::new(WIDE);
    let app = App::open(&world).await.unwrap();
    app.sees("Welcome to Mooring").await.unwrap();
    press(&app, "Create the vault").await;
    app.sees("Nothing is connected yet").await.unwrap();
    press(&app, "Connect the practice bank").await;
    approve(&app).await;
    app.sees("is connected").await.unwrap();
    press(&app, "Done").await;
    app.sees("Up to date").await.unwrap();

    // From the search into the list, into the connection, and back to its row.
    keys(&app, &format!("{}f{}", Key::Control, Key::Null)).await;
    until("the search", || async { Ok((focused(&app).await == "Search connections").then_some(())) })
        .await
        .unwrap();
    key(&app, Key::Down).await;
    let is_row = "return document.activeElement.matches('[data-row]')";
    until("the row", || async {
        Ok(app.client.execute(is_row, Vec::new()).await?.as_bool().filter(|is| *is))
    })
    .await
    .unwrap();
    key(&app, Key::Enter).await;
    app.find(&tests::app::button("Disconnect…")).await.unwrap();
    key(&app, Key::Escape).await;
    until("the row again", || async {
        Ok(app.client.execute(is_row, Vec::new()).await?.as_bool().filter(|is| *is))
    })
    .await
    .unwrap();
    key(&app, Key::Enter).await;

    press(&app, "Disconnect…").await;
    app.client.wait().for_element(Locator::Css("dialog[open]")).await.unwrap();
    press(&app, "Disconnect").await;
    app.sees("Everything fetched so far is kept").await.unwrap();
    press(&app, "Reconnect").await;
    approve(&app).await;
    app.sees("is connected again").await.unwrap();
    press(&app, "Done").await;
    app.sees("Up to date").await.unwrap();
    app.close().await.unwrap();
}
