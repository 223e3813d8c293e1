//! What a person does that was not meant: cancels, closes the window, mistypes, quits half-way.

use tests::app::App;
use tests::cli::PASSPHRASE;
use tests::world::{Wants, World};

const KEYCHAIN: Wants = Wants { display: Some((1080, 760)), keychain: true };
/// The size of a narrow panel, and no keychain anywhere.
const NARROW: Wants = Wants { display: Some((460, 840)), keychain: false };

#[tokio::test]
async fn without_a_keychain_a_passphrase_is_asked_for_and_a_wrong_one_changes_nothing() {
    let world = World::new(NARROW);
    let app = App::open(&world).await.unwrap();
    app.sees("Welcome to Mooring").await.unwrap();
    assert!(
        app.client.find(fantoccini::Locator::XPath("//input[@type='radio']")).await.is_err(),
        "no choice is offered"
    );
    app.types("Passphrase", "short").await.unwrap();
    app.press("Create the vault").await.unwrap();
    app.sees("At least 12 characters").await.unwrap();
    app.types("Passphrase", PASSPHRASE).await.unwrap();
    app.types("again", PASSPHRASE).await.unwrap();
    app.press("Create the vault").await.unwrap();
    app.sees("Nothing is connected yet").await.unwrap();
    app.close().await.unwrap();

    let app = App::open(&world).await.unwrap();
    app.types("Passphrase", "not the passphrase").await.unwrap();
    app.press("Open").await.unwrap();
    app.sees("This is not the passphrase of this vault").await.unwrap();
    app.types("Passphrase", PASSPHRASE).await.unwrap();
    app.press("Open").await.unwrap();
    app.sees("Nothing is connected yet").await.unwrap();
    assert!(tests::canary::leaks(world.folder(), &[PASSPHRASE]).is_empty());
    app.close().await.unwrap();
}

#[tokio::test]
async fn cancelling_at_the_bank_or_here_leaves_nothing_behind() {
    let world = World::new(KEYCHAIN);
    let app = App::open(&world).await.unwrap();
    app.press("Create the vault").await.unwrap();
    app.press("Connect the practice bank").await.unwrap();
    app.to_authorization().await.unwrap();
    app.press("Sign in").await.unwrap();
    app.press_last("Cancel").await.unwrap();
    app.alone().await.unwrap();
    app.sees("Access was declined at").await.unwrap();
    app.press("Back to Connections").await.unwrap();
    app.sees("Nothing is connected yet").await.unwrap();

    app.press("Connect the practice bank").await.unwrap();
    app.to_authorization().await.unwrap();
    app.to_main().await.unwrap();
    app.press("Cancel").await.unwrap();
    app.alone().await.unwrap();
    app.sees("Nothing was linked").await.unwrap();
    app.close().await.unwrap();
}

#[tokio::test]
async fn a_window_that_is_closed_can_be_opened_again() {
    let world = World::new(KEYCHAIN);
    let app = App::open(&world).await.unwrap();
    app.press("Create the vault").await.unwrap();
    app.press("Connect the practice bank").await.unwrap();
    app.to_authorization().await.unwrap();
    app.sees("Sign in").await.unwrap();
    // The page asks for its window to be closed, as pages of banks do.
    app.client.execute("setTimeout(() => window.close(), 0)", Vec::new()).await.unwrap();
    app.alone().await.unwrap();
    app.sees("The window was closed").await.unwrap();
    app.press("Open again").await.unwrap();
    app.to_authorization().await.unwrap();
    app.approve_at_practice_bank().await.unwrap();
    app.alone().await.unwrap();
    app.sees("is connected").await.unwrap();
    app.close().await.unwrap();
}
