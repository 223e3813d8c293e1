//! What needs the person: in the window, beside the clock, and as a notice.

use serde_json::json;
use tests::app::{App, until};
use tests::cli;
use tests::desk::Desk;
use tests::program;
use tests::provider::Provider;
use tests::world::{Wants, World};

const WIDE: Wants = Wants { display: Some((1080, 760)), keychain: true };

/// The app with one connection to a server that knows nothing of us.
async fn connected(world: &World, provider: &Provider) -> App {
    let app = App::open(world).await.unwrap();
    app.press("Create the vault").await.unwrap();
    app.sees("Nothing is connected yet").await.unwrap();
    let create = ["config", "create", "oidc", "custom", "mooring", "", "openid offline_access", "--issuer"];
    cli::ok(world, &[&create[..], &[provider.issuer.as_str()]].concat());
    let (_waiting, address) = cli::connect(world, "oidc", "ana");
    let landed = tests::person::approve(&address).await.unwrap();
    assert!(reqwest::get(landed).await.unwrap().status().is_success());
    cli::linked(world, "oidc", "ana").await;
    app.sees("up to date").await.unwrap();
    app
}

/// The person withdraws their consent at the server, and a program asks for a token.
async fn withdraw(world: &World, provider: &Provider) {
    provider.withdraw().await.unwrap();
    until("the connection to be ended", || async {
        cli::mooring(world, &["token", "oidc", "ana"]);
        let shown = cli::json(world, &["connection", "show", "oidc", "ana"]);
        Ok((shown["status"] == "Deauthorized").then_some(()))
    })
    .await
    .unwrap();
}

/// Presses the switch with this name.
async fn switch(app: &App, name: &str) {
    let path = format!("//*[@role='switch'][@id=//label[normalize-space(.)=\"{name}\"]/@for]");
    app.find(&path).await.unwrap().click().await.unwrap();
}

/// Closes the window as its frame does.
fn close_window(world: &World) {
    let mut close = world.command("xdotool");
    close.args([
        "search",
        "--onlyvisible",
        "--name",
        "^Mooring$",
        "windowactivate",
        "--sync",
        "key",
        "alt+F4",
    ]);
    let done = close.status().unwrap();
    assert!(done.success(), "no window to close");
}

fn is_on_screen(world: &World) -> bool {
    let mut search = world.command("xdotool");
    search.args(["search", "--onlyvisible", "--name", "^Mooring$"]).output().unwrap().status.success()
}

async fn on_screen(world: &World, wanted: bool) {
    until("the window to come or go", || async { Ok((is_on_screen(world) == wanted).then_some(())) })
        .await
        .unwrap();
}

/// Turns the icon on, and has closing the window leave the program there.
async fn live_in_tray(app: &App, world: &World, desk: &Desk) -> String {
    app.press("Settings").await.unwrap();
    switch(app, "Icon beside the clock").await;
    let icon = desk.icon().await.unwrap();
    app.find("//label[normalize-space(.)='Closing the window']").await.unwrap();
    close_window(world);
    app.sees("Keep Mooring running?").await.unwrap();
    assert!(is_on_screen(world), "it asks before anything is hidden");
    app.press_in_dialog("Keep running").await.unwrap();
    on_screen(world, false).await;
    icon
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ended_is_told_beside_the_clock_and_mended_from_the_notice() {
    let provider = Provider::start(&json!({ "accessTokenSeconds": 1 }));
    let world = World::new(WIDE);
    let desk = Desk::start(&world, true).await.unwrap();
    let app = connected(&world, &provider).await;
    let icon = live_in_tray(&app, &world, &desk).await;
    desk.menu_says(&icon, "Your connection is up to date").await.unwrap();
    assert_eq!(desk.icon_status(&icon).await.unwrap(), "Active");
    assert_eq!(desk.notices(), 0);

    withdraw(&world, &provider).await;
    let notice = desk.notice(0).await.unwrap();
    assert!(notice.summary.ends_with("needs you"), "{notice:?}");
    assert!(notice.actions.iter().any(|word| word == "Later"), "{notice:?}");
    until("the icon to say so", || async {
        Ok((desk.icon_status(&icon).await? == "NeedsAttention").then_some(()))
    })
    .await
    .unwrap();

    desk.press(&notice, "Reconnect").await.unwrap();
    on_screen(&world, true).await;
    app.to_authorization().await.unwrap();
    app.to_main().await.unwrap();
    assert_eq!(desk.notices(), 1, "the same thing is not told twice");
    app.press("Cancel").await.unwrap();
    app.alone().await.unwrap();

    // From the menu, to the end of the program.
    close_window(&world);
    on_screen(&world, false).await;
    let second = world.command(program("mooring-desktop")).status().unwrap();
    assert!(second.success(), "a second start hands over");
    on_screen(&world, true).await;
    desk.press_menu(&icon, "Quit Mooring").await.unwrap();
    on_screen(&world, false).await;
    app.forget();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_needs_the_person_is_listed_put_off_and_found_by_keyboard() {
    let provider = Provider::start(&json!({ "accessTokenSeconds": 1 }));
    let world = World::new(WIDE);
    let app = connected(&world, &provider).await;
    withdraw(&world, &provider).await;
    app.press_starting("Needs you").await.unwrap();
    app.sees("What only you can do").await.unwrap();
    app.find("//ul[@aria-label='Needs you']//button[normalize-space(.)='Later']")
        .await
        .unwrap()
        .click()
        .await
        .unwrap();
    app.sees("Comes back").await.unwrap();
    app.sees("waits for you until tomorrow").await.unwrap();

    // By keyboard to an action, then to the connection.
    let open_palette =
        "window.dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, bubbles: true }))";
    app.client.execute(open_palette, Vec::new()).await.unwrap();
    let field = app.find("//input[@role='combobox']").await.unwrap();
    field.send_keys("dark theme\u{e007}").await.unwrap();
    let dark = "return document.documentElement.dataset.theme";
    until("the dark theme", || async {
        Ok((app.client.execute(dark, Vec::new()).await? == "dark").then_some(()))
    })
    .await
    .unwrap();
    app.client.execute(open_palette, Vec::new()).await.unwrap();
    let field = app.find("//input[@role='combobox']").await.unwrap();
    field.send_keys("ana\u{e007}").await.unwrap();
    app.find("//button[normalize-space(.)='Reconnect']").await.unwrap();
    app.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_host_of_icons_nothing_hides_and_settings_say_why() {
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
    let stolen = ["default", "nobody.desktop", "x-scheme-handler/mooring"];
    assert!(world.command("xdg-mime").args(stolen).status().unwrap().success());
    app.press("Test it").await.unwrap();
    app.sees("The link did not come back").await.unwrap();
    app.press("Use Mooring for them").await.unwrap();
    app.sees("the link came back to Mooring").await.unwrap();

    close_window(&world);
    on_screen(&world, false).await;
    let owner = world.profile().join("vault.lock");
    until("the program to end", || async {
        let pid = std::fs::read_to_string(&owner).unwrap_or_default();
        let folder = std::path::Path::new("/proc").join(pid.trim());
        Ok((pid.trim().is_empty() || !folder.exists()).then_some(()))
    })
    .await
    .unwrap();
    app.forget();

    // Where it was is where it opens; a place that no screen shows is none.
    let settings = world.profile().join("settings.json");
    let mut kept: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(&settings).unwrap()).unwrap();
    assert!(kept["window"]["width"].as_u64().unwrap() > 300, "{kept}");
    kept["window"] = json!({ "x": 5000, "y": 4000, "width": 900, "height": 640, "maximized": false });
    std::fs::write(&settings, kept.to_string()).unwrap();
    let app = App::open(&world).await.unwrap();
    app.sees("Nothing is connected yet").await.unwrap();
    let place = "return [window.screenX, window.screenY]";
    until("the window to be on the screen", || async {
        let at = app.client.execute(place, Vec::new()).await?;
        Ok((at[0].as_i64() < Some(1080) && at[1].as_i64() < Some(760)).then_some(()))
    })
    .await
    .unwrap();
    app.close().await.unwrap();
}
