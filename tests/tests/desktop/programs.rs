//! Programs that ask while somebody is there: the question, each answer, and what is taken back.

use serde_json::Value;
use std::io::Write as _;
use std::process::{Child, Output, Stdio};
use tests::app::App;
use tests::cli;
use tests::world::{Wants, World};

const WIDE: Wants = Wants { display: Some((1080, 760)), keychain: true };

/// The app with one connection to the practice bank.
async fn connected(world: &World) -> App {
    let app = App::open(world).await.unwrap();
    app.press("Create the vault").await.unwrap();
    app.sees("Nothing is connected yet").await.unwrap();
    app.press("Connect the practice bank").await.unwrap();
    app.to_authorization().await.unwrap();
    app.approve_at_practice_bank().await.unwrap();
    app.alone().await.unwrap();
    app.sees("is connected").await.unwrap();
    app.press("Done").await.unwrap();
    app.sees("Up to date").await.unwrap();
    app
}

/// A program that asks for a token and waits.
fn asks(world: &World) -> Child {
    let mut command = world.command(tests::program("mooring"));
    command.args(["token", "practice-bank", "1"]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

async fn ended(mut child: Child) -> Output {
    cli::ended(&mut child).await;
    child.wait_with_output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// This test's own program, as the dialog names it.
fn this_program() -> String {
    std::env::current_exe().unwrap().file_name().unwrap().to_string_lossy().into_owned()
}

/// The dialog, and nothing else of it than what was answered stays.
async fn answers(app: &App, name: &str) {
    app.sees("Through Mooring’s command line").await.unwrap();
    assert!(app.text().await.unwrap().contains(&this_program()), "the question names who asks");
    app.answer(name).await.unwrap();
}

#[tokio::test]
async fn a_program_is_asked_about_and_each_answer_holds_as_long_as_it_says() {
    let world = World::new(WIDE);
    let app = connected(&world).await;

    let child = asks(&world);
    answers(&app, "Allow once").await;
    let given = ended(child).await;
    assert!(given.status.success(), "{}", said(&given));
    assert!(!given.stdout.is_empty());

    // Once was once: the same program is asked about again.
    let child = asks(&world);
    answers(&app, "Never").await;
    let refused = ended(child).await;
    assert_eq!(refused.status.code(), Some(77), "{}", said(&refused));
    assert!(
        refused.stdout.is_empty() && said(&refused).contains("the person refused this"),
        "{}",
        said(&refused)
    );
    // Never is never: the next is refused without a question.
    assert_eq!(ended(asks(&world)).await.status.code(), Some(77));

    app.press("Programs").await.unwrap();
    app.open_caller(&this_program()).await.unwrap();
    app.press_starting("Take back").await.unwrap();
    app.sees("Nothing is decided about it").await.unwrap();
    let child = asks(&world);
    answers(&app, "Always allow").await;
    assert!(ended(child).await.status.success());
    assert!(ended(asks(&world)).await.status.success(), "always is for the next time too");

    // What is taken back is asked about at once, and a program that goes away takes its question along.
    app.press_starting("Take back").await.unwrap();
    app.sees("Nothing is decided about it").await.unwrap();
    let mut child = asks(&world);
    app.sees("Through Mooring’s command line").await.unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    app.no_question().await.unwrap();

    app.press("What it asked for").await.unwrap();
    app.sees("got access to act at").await.unwrap();
    app.sees("You refused it").await.unwrap();
    app.close().await.unwrap();
}

/// Asks over HTTP with the secret that is read from standard input, as `docs/local-api.md` has it.
fn curl(world: &World, secret: &str, address: &str) -> Child {
    let mut command = world.command("curl");
    command
        .args(["-s", "-H", "@-", address])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    writeln!(child.stdin.take().unwrap(), "Authorization: Bearer {secret}").unwrap();
    child
}

#[tokio::test]
async fn http_is_turned_on_in_settings_and_its_secret_opens_no_more_than_the_door() {
    let world = World::new(WIDE);
    let app = connected(&world).await;
    let taken = std::net::TcpListener::bind("127.0.0.1:3004");
    app.press("Settings").await.unwrap();
    app.switch("Answer over HTTP on this computer").await.unwrap();
    if taken.is_ok() {
        app.sees("another program has port 3004").await.unwrap();
    }
    let port = tests::app::free_port().unwrap().to_string();
    app.types("Port", &port).await.unwrap();
    app.press("Use").await.unwrap();
    let base = format!("http://127.0.0.1:{port}");
    app.sees(&base).await.unwrap();

    app.press("Copy the secret").await.unwrap();
    app.sees("The secret is on the clipboard").await.unwrap();
    // Pasted into a field of the app's own, as a person pastes it into a terminal.
    let secret = app.pasted("Address of a page").await.unwrap();
    assert!(secret.len() > 20, "nothing was on the clipboard");

    let address = format!("{base}/v1/connections/practice-bank/1/token");
    let wrong = curl(&world, "not-the-secret", &address).wait_with_output().unwrap();
    assert!(!String::from_utf8_lossy(&wrong.stdout).contains("accessToken"));

    let child = curl(&world, &secret, &address);
    app.sees("Over HTTP:").await.unwrap();
    app.answer("Allow once").await.unwrap();
    let given: Value = serde_json::from_slice(&ended(child).await.stdout).unwrap();
    assert!(given.to_string().contains("accessToken"), "{given}");
    app.close().await.unwrap();
}
