//! Accounting, banks and shops through Codat, as a person sees and controls them; also at the size of Codat's own
//! component.

use sandbox::codat::{API_KEY, Known, Trouble};
use sandbox::{Options, Sandbox};
use tests::app::App;
use tests::cli;
use tests::world::{Wants, World};

const WIDE: Wants = Wants { display: Some((1080, 760)), keychain: true };
/// The size of Codat's component in a web page.
const NARROW: Wants = Wants { display: Some((460, 840)), keychain: true };

const PLATFORM: &str = "FreeAgent (Sandbox)";

/// Opens the app and goes to the practice companies.
async fn companies(world: &World) -> App {
    let app = App::open(world).await.unwrap();
    app.press("Create the vault").await.unwrap();
    app.press("Connect an institution").await.unwrap();
    app.press("Practice with an invented company").await.unwrap();
    app.sees("Which company?").await.unwrap();
    app
}

/// How many connections have this status.
fn count(world: &World, status: &str) -> usize {
    let all = cli::json(world, &["connection", "list"]);
    all.as_array().unwrap().iter().filter(|one| one["status"] == status).count()
}

/// The pair of names of the connection that was made last.
fn newest(world: &World) -> String {
    let all = cli::json(world, &["connection", "list"]);
    let newest =
        all.as_array().unwrap().iter().max_by_key(|one| one["createdAt"].as_str().unwrap().to_owned());
    let newest = newest.unwrap();
    format!("{}/{}", newest["configKey"].as_str().unwrap(), newest["connectionId"].as_str().unwrap())
}

/// Makes a company and goes to the platform's page of the practice Codat.
async fn to_the_platform(app: &App) {
    app.press("New").await.unwrap();
    app.types("Name of the company", "Padaria Aurora").await.unwrap();
    app.press("Create the company").await.unwrap();
    app.types("Search platforms", "FreeAgent").await.unwrap();
    app.press_row(PLATFORM).await.unwrap();
    app.press(&format!("Continue at {PLATFORM}")).await.unwrap();
    app.to_authorization().await.unwrap();
    app.press("Sign in").await.unwrap();
    app.sees("Connect your organization").await.unwrap();
}

#[tokio::test]
async fn a_platform_is_linked_in_the_window_and_shows_in_the_one_list() {
    let world = World::new(WIDE);
    let app = companies(&world).await;
    let before = count(&world, "Linked");
    to_the_platform(&app).await;
    app.press_last("Allow").await.unwrap();
    app.alone().await.unwrap();
    app.sees("is connected").await.unwrap();
    assert_eq!(count(&world, "Linked"), before + 1);
    app.close().await.unwrap();
}

#[tokio::test]
async fn declining_at_the_platform_links_nothing_and_says_so() {
    let world = World::new(NARROW);
    let app = companies(&world).await;
    let before = count(&world, "Linked");
    to_the_platform(&app).await;
    app.press_last("Decline").await.unwrap();
    app.alone().await.unwrap();
    app.sees("Nothing was linked").await.unwrap();
    assert_eq!(count(&world, "Linked"), before);
    app.close().await.unwrap();
}

#[tokio::test]
async fn what_is_connected_there_is_listed_disconnected_and_connected_again() {
    let world = World::new(NARROW);
    let app = companies(&world).await;
    to_the_platform(&app).await;
    app.press_last("Allow").await.unwrap();
    app.alone().await.unwrap();
    app.sees("is connected").await.unwrap();
    app.press("Connections").await.unwrap();
    for status in ["Linked", "Unlinked", "Deauthorized", "PendingAuth"] {
        assert!(count(&world, status) > 0, "none is {status}");
    }
    let linked = count(&world, "Linked");
    let row = format!("//*[@data-row='{}']", newest(&world));
    app.find(&row).await.unwrap().click().await.unwrap();
    app.sees("Padaria Aurora").await.unwrap();
    app.press("Disconnect…").await.unwrap();
    app.sees("What stays").await.unwrap();
    app.press_in_dialog("Disconnect").await.unwrap();
    app.sees("Everything fetched so far").await.unwrap();
    assert_eq!(count(&world, "Linked"), linked - 1);
    app.close().await.unwrap();
}

/// An app with the connections of a Codat that the test can steer, registered with this secret and these options.
async fn with_codat(world: &World, codat: &Sandbox, secret: &str, more: &[&str]) -> App {
    let app = App::open(world).await.unwrap();
    app.press("Create the vault").await.unwrap();
    app.sees("Nothing is connected yet").await.unwrap();
    let api = codat.codat_api();
    let mut create = vec!["config", "create", "books", "codat", "", secret, "--api", &api];
    create.extend(more);
    cli::ok(world, &create);
    app
}

/// Opens a connection that Codat knows.
async fn open(app: &App, known: &Known) {
    let row = format!("//*[@data-row='books/{}']", known.connection);
    app.find(&row).await.unwrap().click().await.unwrap();
}

fn status(world: &World, known: &Known) -> String {
    let one = cli::json(world, &["connection", "show", "books", &known.connection]);
    one["status"].as_str().unwrap().to_owned()
}

// The practice Codat answers from this test's own threads, while the test waits for a program that asks it.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_provider_ended_is_connected_again_in_place() {
    let world = World::new(NARROW);
    let codat = Sandbox::start(Options::default()).await.unwrap();
    let app = with_codat(&world, &codat, API_KEY, &[]).await;
    let known = codat.codat().connections().into_iter().find(|one| one.status == "Deauthorized").unwrap();
    open(&app, &known).await;
    app.press("Reconnect").await.unwrap();
    app.sees("organization").await.unwrap();
    app.press_starting("Continue at ").await.unwrap();
    app.to_authorization().await.unwrap();
    app.press("Sign in").await.unwrap();
    app.sees("Connect your organization").await.unwrap();
    app.press_last("Allow").await.unwrap();
    app.alone().await.unwrap();
    app.sees("is connected again").await.unwrap();
    assert_eq!(status(&world, &known), "Linked");
    app.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_codat_refuses_is_told_with_the_reference_that_its_support_asks_for() {
    let world = World::new(NARROW);
    let codat = Sandbox::start(Options::default()).await.unwrap();
    let app = with_codat(&world, &codat, API_KEY, &[]).await;
    let known = codat.codat().find("gbol", "Linked").unwrap();
    open(&app, &known).await;
    // What the page asks for meanwhile may be refused as well.
    codat.codat().trouble(Trouble::AccountLimit, 5);
    app.press("Disconnect…").await.unwrap();
    app.press_in_dialog("Disconnect").await.unwrap();
    app.sees("Reference for Codat").await.unwrap();
    let shown = app.text().await.unwrap();
    let is_reference = |word: &str| word.len() == 32 && word.chars().all(|one| one.is_ascii_hexdigit());
    assert!(shown.split_whitespace().any(is_reference), "no reference: {shown}");
    assert_eq!(status(&world, &known), "Linked", "nothing changed");
    app.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_ends_in_the_middle_is_renewed_and_the_person_never_knows() {
    let world = World::new(NARROW);
    let codat = Sandbox::start(Options::default()).await.unwrap();
    let known = codat.codat().find("gbol", "Linked").unwrap();
    let endpoint = codat.codat().accountant(&known.company);
    let app =
        with_codat(&world, &codat, &endpoint, &["--access-token-endpoint", "--company", &known.company])
            .await;
    open(&app, &known).await;
    codat.codat().end_access_tokens().unwrap();
    app.press("Disconnect…").await.unwrap();
    app.press_in_dialog("Disconnect").await.unwrap();
    app.sees("Everything fetched so far").await.unwrap();
    assert_eq!(status(&world, &known), "Unlinked");
    app.close().await.unwrap();
}
