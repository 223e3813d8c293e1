//! What needs the person: beside the clock, as a notice, and what closing the window means.

use serde_json::{Value, json};
use tests::app::{App, until};
use tests::desk::Desk;
use tests::program;
use tests::provider::{Provider, connected_app, end_connection};
use tests::world::{Wants, World};
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{AtomEnum, ClientMessageEvent, ConnectionExt as _, EventMask};

const WIDE: Wants = Wants { display: Some((1080, 760)), keychain: true };

/// Closes the window as its frame does: by the window manager, which asks the program.
async fn close_window(world: &World) {
    let (server, screen) = x11rb::connect(world.display()).unwrap();
    let root = server.setup().roots[screen].root;
    let atom = |name: &str| server.intern_atom(false, name.as_bytes()).unwrap().reply().unwrap().atom;
    let (managed, close) = (atom("_NET_CLIENT_LIST"), atom("_NET_CLOSE_WINDOW"));
    let window = until("a window that the window manager knows", || async {
        let known = server.get_property(false, root, managed, AtomEnum::WINDOW, 0, 64)?.reply()?;
        let known: Vec<u32> = known.value32().into_iter().flatten().collect();
        let mut search = world.command("xdotool");
        let found = search.args(["search", "--onlyvisible", "--name", "^Mooring$"]).output()?;
        let found = String::from_utf8(found.stdout)?;
        Ok(found.lines().filter_map(|line| line.parse().ok()).find(|window| known.contains(window)))
    });
    let window = window.await.unwrap();
    let by_a_person = [0, 2, 0, 0, 0];
    let asked = ClientMessageEvent::new(32, window, close, by_a_person);
    let to_the_manager = EventMask::SUBSTRUCTURE_REDIRECT | EventMask::SUBSTRUCTURE_NOTIFY;
    server.send_event(false, root, to_the_manager, asked).unwrap();
    // Whatever is asked afterwards is answered afterwards: the display has passed it on.
    server.get_input_focus().unwrap().reply().unwrap();
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
    app.switch("Icon beside the clock").await.unwrap();
    let icon = desk.icon().await.unwrap();
    app.find("//label[normalize-space(.)='Closing the window']").await.unwrap();
    close_window(world).await;
    app.sees("Keep Mooring running?").await.unwrap();
    assert!(is_on_screen(world), "it asks before anything is hidden");
    app.press_in_dialog("Keep running").await.unwrap();
    on_screen(world, false).await;
    icon
}

/// Waits until the program that owns the vault of this world has ended.
async fn ended(world: &World) {
    let owner = world.profile().join("vault.lock");
    until("the program to end", || async {
        let pid = std::fs::read_to_string(&owner).unwrap_or_default();
        let folder = std::path::Path::new("/proc").join(pid.trim());
        Ok((pid.trim().is_empty() || !folder.exists()).then_some(()))
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ended_is_told_beside_the_clock_and_mended_from_the_notice() {
    let provider = Provider::start(&json!({ "accessTokenSeconds": 1 }));
    let world = World::new(WIDE);
    let desk = Desk::start(&world, true).await.unwrap();
    let app = connected_app(&world, &provider).await;
    app.allow_this_program().await.unwrap();
    let icon = live_in_tray(&app, &world, &desk).await;
    desk.menu_says(&icon, "Your connection is up to date").await.unwrap();
    assert_eq!(desk.icon_status(&icon).await.unwrap(), "Active");
    assert_eq!(desk.notices(), 0);

    end_connection(&world, &provider).await;
    let notice = desk.notice(0).await.unwrap();
    assert!(notice.summary.ends_with("needs you"), "{notice:?}");
    assert!(notice.actions.iter().any(|word| word == "Later"), "{notice:?}");
    assert_eq!(notice.icon, "app.mooring.desktop", "the desktop knows whose notice it is");
    assert_eq!(notice.entry, "app.mooring.desktop");
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
    close_window(&world).await;
    on_screen(&world, false).await;
    let second = world.command(program("mooring-desktop")).status().unwrap();
    assert!(second.success(), "a second start hands over");
    on_screen(&world, true).await;
    desk.press_menu(&icon, "Quit Mooring").await.unwrap();
    ended(&world).await;
    app.forget();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_opens_where_it_was_and_never_where_no_screen_is() {
    let world = World::new(WIDE);
    let app = App::open(&world).await.unwrap();
    app.press("Create the vault").await.unwrap();
    app.sees("Nothing is connected yet").await.unwrap();
    close_window(&world).await;
    ended(&world).await;
    app.forget();

    let settings = world.profile().join("settings.json");
    let mut kept: Value = serde_json::from_str(&std::fs::read_to_string(&settings).unwrap()).unwrap();
    assert!(kept["window"]["width"].as_u64().unwrap() > 300, "{kept}");
    let place = "return [window.screenX, window.screenY, window.innerWidth]";
    for (x, y, seen) in [(120, 90, true), (5000, 4000, false)] {
        kept["window"] = json!({ "x": x, "y": y, "width": 900, "height": 640, "maximized": false });
        std::fs::write(&settings, kept.to_string()).unwrap();
        let app = App::open(&world).await.unwrap();
        app.sees("Nothing is connected yet").await.unwrap();
        until("the window to be on the screen", || async {
            let at = app.client.execute(place, Vec::new()).await?;
            let number = |index: usize| at[index].as_i64().unwrap_or(i64::MAX);
            let fits = number(0) < 1080 && number(1) < 760;
            Ok((fits && (!seen || ((number(0) - x).abs() < 60 && number(2) == 900))).then_some(()))
        })
        .await
        .unwrap();
        app.close().await.unwrap();
        ended(&world).await;
    }
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
    app.switch("Start when I log in").await.unwrap();
    until("the file of the session", || async { Ok(file.exists().then_some(())) }).await.unwrap();
    let entry = std::fs::read_to_string(&file).unwrap();
    assert!(entry.contains("--background"), "{entry}");
    app.switch("Start when I log in").await.unwrap();
    until("the file to go", || async { Ok((!file.exists()).then_some(())) }).await.unwrap();

    app.press("Test it").await.unwrap();
    app.sees("the link came back to Mooring").await.unwrap();
    app.close().await.unwrap();
}
