//! The bar above the page: whose page it is, what is wrong, and what the person can do, whatever the page does.

use serde_json::json;
use tests::app::{App, free_port};
use tests::bar::Reader;
use tests::cli;
use tests::pages::{AUTHORIZE, Page, Pages, registered_app};
use tests::process::Process;
use tests::world::{Wants, World};

const WIDE: Wants = Wants { display: Some((1080, 760)), keychain: true };
const OPEN_LOCK: &str = "The connection to this page is not encrypted";

/// The app with that server registered, and whoever reads its bars.
async fn opened(world: &World, pages: &Pages) -> (App, Reader) {
    let app = registered_app(world, pages).await;
    (app, Reader::in_world(world).unwrap())
}

/// What the bar says of locks, if anything.
fn lock(bar: &Reader) -> Option<String> {
    let widgets = bar.widgets().unwrap();
    widgets.into_iter().map(|one| one.description).find(|one| one.contains("encrypted"))
}

/// Whether what the bar said stays while the page has every chance to change it.
async fn stays(app: &App, bar: &Reader, says: &str) -> bool {
    app.to_authorization().await.unwrap();
    app.settled().await.unwrap();
    app.to_main().await.unwrap();
    bar.widgets().unwrap().iter().any(|one| one.name.contains(says))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_host_is_the_one_that_is_shown_and_a_lock_waits_for_the_page() {
    let pages = Pages::start().await;
    let world = World::new(WIDE);
    let (app, bar) = opened(&world, &pages).await;
    let elsewhere = pages.issuer.replace("127.0.0.1", "localhost");
    let further = format!("<title>bank.example</title><a href='{elsewhere}/elsewhere'>Further</a>");
    pages.show([(AUTHORIZE, Page::body(&further)), ("/elsewhere", Page::body("<a href='{back}'>Allow</a>"))]);
    let mut connect = cli::connect_with(&world, "embedded", "bank", "ana");
    bar.sees("label", &pages.host()).await.unwrap();
    bar.sees("icon", OPEN_LOCK).await.unwrap();
    app.to_authorization().await.unwrap();
    app.press("Further").await.unwrap();
    bar.sees("label", &pages.host().replace("127.0.0.1", "localhost")).await.unwrap();
    assert!(
        bar.widgets().unwrap().iter().all(|one| !one.name.contains("bank.example")),
        "a page says whose it is"
    );
    app.press_last("Allow").await.unwrap();
    app.alone().await.unwrap();
    assert!(cli::ended(&mut connect).await.success());
    app.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_does_not_load_says_so_until_something_moves() {
    let pages = Pages::start().await;
    let world = World::new(WIDE);
    let (app, bar) = opened(&world, &pages).await;
    let nobody = format!("http://127.0.0.1:{}/", free_port().unwrap());
    pages.show([(AUTHORIZE, Page::to(&nobody))]);
    let mut connect = cli::connect_with(&world, "embedded", "bank", "ana");
    bar.sees("label", "The page did not load").await.unwrap();
    assert!(stays(&app, &bar, "The page did not load").await, "an error page took the notice away");
    assert_eq!(lock(&bar), None, "nothing was shown, encrypted or not");
    bar.press("Cancel").await.unwrap();
    app.alone().await.unwrap();
    assert!(!cli::ended(&mut connect).await.success());
    assert_eq!(cli::json(&world, &["connection", "list"]), json!([]));
    app.close().await.unwrap();
}

/// A listener with a certificate that nobody vouches for.
fn impostor(world: &World) -> (Process, String) {
    let (key, certificate) = (world.folder().join("key.pem"), world.folder().join("certificate.pem"));
    let mut make = world.command("openssl");
    make.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]);
    make.args(["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2", "-keyout"]);
    assert!(make.arg(&key).arg("-out").arg(&certificate).output().unwrap().status.success());
    let port = free_port().unwrap().to_string();
    let mut serve = world.command("openssl");
    serve.args(["s_server", "-www", "-accept", &port, "-key"]).arg(&key).arg("-cert").arg(&certificate);
    let (server, ()) = Process::start(serve, |line| (line == "ACCEPT").then_some(()));
    (server, format!("https://127.0.0.1:{port}/"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_cannot_prove_who_it_is_is_not_shown_and_has_no_lock() {
    let pages = Pages::start().await;
    let world = World::new(WIDE);
    let (app, bar) = opened(&world, &pages).await;
    let (_server, address) = impostor(&world);
    pages.show([(AUTHORIZE, Page::to(&address))]);
    let mut connect = cli::connect_with(&world, "embedded", "bank", "ana");
    let told = "This page could not prove who it is";
    bar.sees("label", told).await.unwrap();
    assert!(stays(&app, &bar, told).await);
    assert_eq!(lock(&bar), None, "a lock without a page");
    // The way out of the bar leads on all the same.
    bar.press("Cancel").await.unwrap();
    app.alone().await.unwrap();
    assert!(!cli::ended(&mut connect).await.success());
    app.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_asks_for_a_passkey_leads_to_the_browser() {
    let pages = Pages::start().await;
    let mut world = World::new(WIDE);
    let note = world.note_browser();
    let (app, bar) = opened(&world, &pages).await;
    let ask = "const say = (text) => { document.querySelector('p').textContent = text; };
        const publicKey = { challenge: new Uint8Array(8) };
        navigator.credentials.get({ publicKey, mediation: 'conditional' });
        if (window.PublicKeyCredential)
            PublicKeyCredential.isConditionalMediationAvailable().then((is) => say(`offered: ${is}`));
        const ask = () => navigator.credentials.get({ publicKey }).catch((error) => say(error.name));";
    pages.show([(AUTHORIZE, Page::script(ask))]);
    let mut connect = cli::connect_with(&world, "embedded", "bank", "ana");
    app.to_authorization().await.unwrap();
    // What a page only offers beside a field is no reason to send the person away.
    app.sees("offered: false").await.unwrap();
    let passkey = "The page asks for a passkey";
    assert!(!stays(&app, &bar, passkey).await);
    app.to_authorization().await.unwrap();
    app.client.execute("ask()", Vec::new()).await.unwrap();
    bar.sees("label", passkey).await.unwrap();
    app.sees("NotAllowedError").await.unwrap();

    bar.press("Open in browser").await.unwrap();
    app.alone().await.unwrap();
    let sent = tests::world::noted(&note).await;
    assert!(sent.starts_with(&format!("{}{AUTHORIZE}?", pages.issuer)), "another address");
    connect.kill().unwrap();
    connect.wait().unwrap();
    app.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_is_copied_from_a_page_that_never_answers_and_standing_still_is_said() {
    let bank = sandbox::Sandbox::start(sandbox::Options::default()).await.unwrap();
    bank.misbehave(sandbox::Misbehaviour::PageNeverAnswers, None);
    let world = World::new(WIDE);
    let app = App::open(&world).await.unwrap();
    app.press("Create the vault").await.unwrap();
    app.sees("Nothing is connected yet").await.unwrap();
    let issuer = bank.issuer();
    let create =
        ["config", "create", "bank", "custom", bank.client_id(), "", "accounts", "--issuer", &issuer];
    cli::ok(&world, &create);
    let bar = Reader::in_world(&world).unwrap();
    let mut connect = cli::connect_with(&world, "embedded", "bank", "ana");
    bar.sees("label", bank.address().to_string().as_str()).await.unwrap();
    assert_eq!(lock(&bar), None, "a lock before the page");
    bar.press("Copy link").await.unwrap();
    app.press("Connect").await.unwrap();
    let copied = app.pasted("Search institutions").await.unwrap();
    assert!(copied.starts_with(&format!("{issuer}/oauth/authorize?")), "another address");

    world.move_clock(61);
    bar.sees("label", "Nothing has moved for a minute").await.unwrap();
    bar.press("Cancel").await.unwrap();
    app.alone().await.unwrap();
    assert!(!cli::ended(&mut connect).await.success());
    app.close().await.unwrap();
}
