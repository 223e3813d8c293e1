//! Brazilian banks through Pluggy, as a person links them: by login, with a question, on the bank's page, in Pluggy's
//! own page; and the wrong turns.

use sandbox::{Options, Sandbox};
use serde_json::json;
use std::process::Command;
use tests::app::App;
use tests::canary::leaks;
use tests::cli;
use tests::process::Process;
use tests::world::{Wants, World};

const WIDE: Wants = Wants { display: Some((1080, 760)), keychain: true };
/// The size of a narrow panel.
const NARROW: Wants = Wants { display: Some((460, 840)), keychain: true };

/// Opens the app and goes to the list of practice institutions.
async fn institutions(world: &World) -> App {
    let app = App::open(world).await.unwrap();
    app.press("Create the vault").await.unwrap();
    app.press("Connect an institution").await.unwrap();
    app.press("Practice with invented banks").await.unwrap();
    app.sees("Which institution?").await.unwrap();
    app
}

/// Finds an institution by a part of its name and goes to its form.
async fn choose(app: &App, institution: &str) {
    app.types("Search institutions", institution).await.unwrap();
    app.press_row(institution).await.unwrap();
}

async fn sign_in(app: &App, user: &str, password: &str) {
    app.types("Usuário", user).await.unwrap();
    app.types("Senha", password).await.unwrap();
}

/// What a person does in the frame of the widget.
async fn widget_to_its_end(app: &App) {
    app.press("Continue").await.unwrap();
    app.press("Pluggy Bank (Sandbox)").await.unwrap();
    sign_in(app, "user-ok", "password-ok").await;
    app.press("Continue").await.unwrap();
}

#[tokio::test]
async fn a_bank_by_login_shows_its_accounts_and_lets_go_of_them_only_when_told() {
    let world = World::new(WIDE);
    let app = institutions(&world).await;
    choose(&app, "Pluggy Bank (Sandbox)").await;
    sign_in(&app, "user-ok", "password-ok").await;
    app.press("Connect Pluggy Bank (Sandbox)").await.unwrap();
    app.sees("is connected").await.unwrap();
    app.press("See the accounts").await.unwrap();
    app.sees("R$").await.unwrap();
    assert!(leaks(world.folder(), &["password-ok"]).is_empty(), "what the person typed lies on disk");
    let shown = cli::json(&world, &["connection", "list"]);
    let connection = &shown.as_array().unwrap()[0];
    assert_eq!((&connection["status"], &connection["source"]), (&"Linked".into(), &"pluggy".into()));
    app.close().await.unwrap();
    // What was read is there without asking anybody.
    let app = App::open(&world).await.unwrap();
    app.open_connection().await.unwrap();
    app.sees("R$").await.unwrap();
    app.press("Disconnect…").await.unwrap();
    app.press("Disconnect").await.unwrap();
    app.sees("R$").await.unwrap();
    app.press("Reconnect").await.unwrap();
    app.sees("up to date").await.unwrap();
    app.close().await.unwrap();
}

#[tokio::test]
async fn a_wrong_password_is_said_and_mended_and_a_question_answered() {
    let world = World::new(NARROW);
    let app = institutions(&world).await;
    choose(&app, "MFA two steps").await;
    sign_in(&app, "user-ok", "a wrong one").await;
    app.press("Connect MFA two steps (Sandbox)").await.unwrap();
    app.sees("did not accept the user or the password").await.unwrap();
    sign_in(&app, "user-ok", "password-ok").await;
    app.press("Sign in again").await.unwrap();
    app.sees("asks you something").await.unwrap();
    app.types("Chave de segurança", "123456").await.unwrap();
    app.press("Send the answer").await.unwrap();
    app.sees("is connected").await.unwrap();
    app.close().await.unwrap();
}

#[tokio::test]
async fn a_bank_with_a_page_of_its_own_is_approved_there_even_after_a_restart() {
    let world = World::new(WIDE);
    let app = institutions(&world).await;
    choose(&app, "Banco Farol Open Finance").await;
    app.types("CPF", "76109277673").await.unwrap();
    app.press("Continue to Banco Farol Open Finance (Sandbox)").await.unwrap();
    app.press("Open Banco Farol Open Finance (Sandbox)").await.unwrap();
    app.to_authorization().await.unwrap();
    app.sees("Share your data").await.unwrap();
    // The person changes their mind, closes the window and then the app: the bank still waits.
    app.client.execute("setTimeout(() => window.close(), 0)", Vec::new()).await.unwrap();
    app.alone().await.unwrap();
    app.sees("waits for your approval").await.unwrap();
    app.close().await.unwrap();
    let app = App::open(&world).await.unwrap();
    app.open_connection().await.unwrap();
    app.press("Open Banco Farol Open Finance (Sandbox)").await.unwrap();
    app.to_authorization().await.unwrap();
    app.press_last("Approve").await.unwrap();
    app.alone().await.unwrap();
    app.sees("R$").await.unwrap();
    app.close().await.unwrap();
}

#[tokio::test]
async fn giving_up_leaves_nothing_here_and_nothing_there() {
    let world = World::new(WIDE);
    let app = institutions(&world).await;
    choose(&app, "MFA two steps").await;
    sign_in(&app, "user-ok", "password-ok").await;
    app.press("Connect MFA two steps (Sandbox)").await.unwrap();
    app.sees("asks you something").await.unwrap();
    app.press("Give up").await.unwrap();
    app.sees("Pluggy is told to remove this login").await.unwrap();
    app.press_in_dialog("Give up").await.unwrap();
    app.sees("Nothing was linked").await.unwrap();
    assert!(cli::json(&world, &["connection", "list"]).as_array().unwrap().is_empty());
    app.close().await.unwrap();
}

#[tokio::test]
async fn it_can_be_given_up_at_every_step_and_nothing_stays() {
    let world = World::new(WIDE);
    let app = institutions(&world).await;
    let gives_up = async || {
        app.press("Give up").await.unwrap();
        app.press_in_dialog("Give up").await.unwrap();
        app.sees("Nothing was linked").await.unwrap();
        assert!(cli::json(&world, &["connection", "list"]).as_array().unwrap().is_empty());
        app.press("Connect an institution").await.unwrap();
        app.press_row("Brazilian banks").await.unwrap();
        app.sees("Which institution?").await.unwrap();
    };
    // In the form: nothing was sent.
    choose(&app, "Pluggy Bank (Sandbox)").await;
    sign_in(&app, "user-ok", "password-ok").await;
    app.press("Back").await.unwrap();
    app.sees("Which institution?").await.unwrap();
    assert!(cli::json(&world, &["connection", "list"]).as_array().unwrap().is_empty());
    // While it is read.
    choose(&app, "Pluggy Bank (Sandbox)").await;
    sign_in(&app, "user-ok", "password-ok").await;
    app.press("Connect Pluggy Bank (Sandbox)").await.unwrap();
    app.sees("Signing in at").await.unwrap();
    gives_up().await;
    // While the bank waits for an approval.
    choose(&app, "Banco Farol Open Finance").await;
    app.types("CPF", "76109277673").await.unwrap();
    app.press("Continue to Banco Farol Open Finance (Sandbox)").await.unwrap();
    app.sees("waits for your approval").await.unwrap();
    gives_up().await;
    // After it failed.
    choose(&app, "Pluggy Bank (Sandbox)").await;
    sign_in(&app, "user-ok", "a wrong one").await;
    app.press("Connect Pluggy Bank (Sandbox)").await.unwrap();
    app.sees("did not accept the user or the password").await.unwrap();
    gives_up().await;
    app.close().await.unwrap();
}

#[tokio::test]
async fn a_question_is_still_asked_after_a_restart() {
    let world = World::new(NARROW);
    let app = institutions(&world).await;
    choose(&app, "MFA two steps").await;
    sign_in(&app, "user-ok", "password-ok").await;
    app.press("Connect MFA two steps (Sandbox)").await.unwrap();
    app.sees("asks you something").await.unwrap();
    app.close().await.unwrap();
    let app = App::open(&world).await.unwrap();
    app.open_connection().await.unwrap();
    app.types("Chave de segurança", "123456").await.unwrap();
    app.press("Send the answer").await.unwrap();
    app.sees("R$").await.unwrap();
    app.close().await.unwrap();
}

// The practice world answers from this test's own threads, while the test waits for a program that asks it.
#[tokio::test(flavor = "multi_thread")]
async fn the_widget_that_pluggy_publishes_links_in_the_apps_window() {
    let world = World::new(WIDE);
    let settings =
        sandbox::pluggy::Settings { pace: std::time::Duration::from_millis(50), ..Default::default() };
    let pluggy = Sandbox::start(Options { pluggy: settings, ..Options::default() }).await.unwrap();
    let mut node = Command::new("node");
    node.arg("pluggy-widget.mjs").arg(json!({ "api": pluggy.pluggy_api() }).to_string());
    node.current_dir(tests::workspace().join("tests/peers")).env("NO_COLOR", "1");
    let (_pages, page) = Process::start(node, |line| line.strip_prefix("listening ").map(ToOwned::to_owned));
    let app = App::open(&world).await.unwrap();
    app.press("Create the vault").await.unwrap();
    app.sees("Nothing is connected yet").await.unwrap();
    let (id, secret) = pluggy.pluggy_client();
    let api = pluggy.pluggy_api();
    let create = [
        "config",
        "create",
        "banks",
        "pluggy",
        id,
        secret,
        "--include-sandbox",
        "--api",
        &api,
        "--widget",
        &page,
    ];
    cli::ok(&world, &create);
    app.press("Connect an institution").await.unwrap();
    app.press_row("Brazilian banks (Pluggy)").await.unwrap();
    app.press("Open Pluggy’s page").await.unwrap();
    app.to_authorization().await.unwrap();
    app.press("Connect").await.unwrap();
    app.enter_frame().await.unwrap();
    widget_to_its_end(&app).await;
    cli::any_linked(&world).await;
    app.to_main().await.unwrap();
    app.press("Activity").await.unwrap();
    // What the person did in the page, step by step, and not only that it was opened.
    for line in [
        "You agreed to share in Pluggy’s page.",
        "You chose an institution in Pluggy’s page.",
        "Pluggy’s page says that it worked.",
        "was connected",
    ] {
        app.sees(line).await.unwrap();
    }
    app.close().await.unwrap();
}

/// Calls a command as our own page does, from the window that is driven; answers what came of it.
async fn lists_connections(app: &App) -> String {
    let ask = "const [done] = arguments; window.__TAURI_INTERNALS__.invoke('connections_list', { request: null }) \
               .then((list) => done(Array.isArray(list) ? 'told' : 'something'), (error) => done(String(error)))";
    let asked = app.client.execute_async(ask, Vec::new()).await.unwrap();
    asked.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn pluggys_own_page_links_in_a_window_that_can_do_nothing_else() {
    let world = World::new(WIDE);
    let app = institutions(&world).await;
    app.press("Open Pluggy’s page").await.unwrap();
    app.to_authorization().await.unwrap();
    let refused = lists_connections(&app).await;
    assert!(refused.contains("not allowed") && refused.contains("connections_list"), "{refused}");
    // The same words from the window that may, or the refusal would prove nothing.
    app.to_main().await.unwrap();
    assert_eq!(lists_connections(&app).await, "told");
    app.to_authorization().await.unwrap();
    app.press("Connect").await.unwrap();
    app.enter_frame().await.unwrap();
    widget_to_its_end(&app).await;
    cli::any_linked(&world).await;
    app.to_main().await.unwrap();
    app.close().await.unwrap();
}
