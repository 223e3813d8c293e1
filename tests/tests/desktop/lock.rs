//! Locking, another passphrase, backups and restores in the real window.

use fantoccini::key::Key;
use serde_json::json;
use tests::app::{App, until};
use tests::canary::leaks;
use tests::cli::{self, PASSPHRASE};
use tests::world::{Wants, World};

const KEYCHAIN: Wants = Wants { display: Some((1080, 760)), keychain: true };
const NARROW: Wants = Wants { display: Some((460, 840)), keychain: false };
const BACKUP_PASSPHRASE: &str = "CANARY-passphrase-of-a-backup";

async fn with_keychain(world: &World) -> App {
    let app = App::open(world).await.unwrap();
    app.press("Create the vault").await.unwrap();
    app.sees("Nothing is connected yet").await.unwrap();
    app
}

async fn with_passphrase(world: &World) -> App {
    let app = App::open(world).await.unwrap();
    app.types("Passphrase", PASSPHRASE).await.unwrap();
    app.types("again", PASSPHRASE).await.unwrap();
    app.press("Create the vault").await.unwrap();
    app.sees("Nothing is connected yet").await.unwrap();
    app
}

async fn connect(app: &App) {
    app.press("Connect the practice bank").await.unwrap();
    app.to_authorization().await.unwrap();
    app.approve_at_practice_bank().await.unwrap();
    app.alone().await.unwrap();
    app.sees("is connected").await.unwrap();
    app.press("Done").await.unwrap();
    app.allow_this_program().await.unwrap();
}

/// Presses Ctrl and L, as a person who leaves the desk.
async fn lock_by_keyboard(app: &App) {
    let body = app.find("//body").await.unwrap();
    body.send_keys(&format!("{}l{}", Key::Control, Key::Null)).await.unwrap();
    app.sees("Mooring is locked").await.unwrap();
}

/// What a program is refused with.
fn refusal(world: &World) -> String {
    let asked = cli::mooring(world, &["connection", "list"]);
    assert_eq!(asked.status.code(), Some(77));
    String::from_utf8_lossy(&asked.stderr).into_owned()
}

#[tokio::test]
async fn it_is_locked_by_keyboard_and_opens_with_the_right_passphrase_only() {
    let world = World::new(NARROW);
    let app = with_passphrase(&world).await;
    connect(&app).await;
    let id = cli::json(&world, &["connection", "list"])[0]["connectionId"].as_str().unwrap().to_owned();
    lock_by_keyboard(&app).await;
    assert!(!app.text().await.unwrap().contains("Farol"), "nothing of the vault stays on screen");
    assert!(refusal(&world).contains("Mooring is locked"));
    app.types("Passphrase", "not the passphrase").await.unwrap();
    app.press("Open").await.unwrap();
    app.sees("This is not the passphrase of this vault").await.unwrap();
    refusal(&world);
    app.types("Passphrase", PASSPHRASE).await.unwrap();
    app.press("Open").await.unwrap();
    app.find("//button[@data-row]").await.unwrap();
    assert!(!cli::ok(&world, &["token", "practice-bank", &id]).trim().is_empty());
    app.close().await.unwrap();
}

#[tokio::test]
async fn one_click_asks_the_keychain_again() {
    let world = World::new(KEYCHAIN);
    let app = with_keychain(&world).await;
    app.press("Lock").await.unwrap();
    app.sees("Mooring is locked").await.unwrap();
    app.press("Open").await.unwrap();
    app.sees("Nothing is connected yet").await.unwrap();
    app.close().await.unwrap();
}

#[tokio::test]
async fn it_locks_by_itself_a_minute_after_the_last_input() {
    let world = World::new(KEYCHAIN);
    let app = with_keychain(&world).await;
    app.press("Settings").await.unwrap();
    app.choose("Lock by itself", "After a minute").await.unwrap();
    let began = std::time::Instant::now();
    // Nobody touches anything; each wait has its own limit, and this is longer than one of them.
    while app.sees("Mooring is locked").await.is_err() {
        assert!(began.elapsed() < std::time::Duration::from_secs(150), "it does not lock");
    }
    assert!(began.elapsed() > std::time::Duration::from_secs(55), "it locks too early");
    assert!(refusal(&world).contains("Mooring is locked"));
    app.close().await.unwrap();
}

#[tokio::test]
async fn a_backup_is_restored_on_another_computer_and_the_connection_works() {
    let world = World::new(KEYCHAIN);
    let app = with_keychain(&world).await;
    connect(&app).await;
    let id = cli::json(&world, &["connection", "list"])[0]["connectionId"].as_str().unwrap().to_owned();
    app.press("Settings").await.unwrap();
    app.press("Back up…").await.unwrap();
    app.types("Passphrase for the backup", BACKUP_PASSPHRASE).await.unwrap();
    app.types("Passphrase for the backup again", BACKUP_PASSPHRASE).await.unwrap();
    app.press_in_dialog("Back up").await.unwrap();
    app.sees("The backup is made, with 1 connection").await.unwrap();
    let access = cli::ok(&world, &["token", "practice-bank", &id]);
    app.close().await.unwrap();
    let backup = world.chosen_file();
    assert!(backup.exists());
    let secrets = [BACKUP_PASSPHRASE, access.trim(), "practice-bank", "Farol"];
    assert!(leaks(backup.parent().unwrap(), &secrets).iter().all(|file| *file != backup), "in clear");

    let other = World::new(NARROW);
    std::fs::create_dir_all(other.profile()).unwrap();
    std::fs::copy(&backup, other.chosen_file()).unwrap();
    // The practice bank moves along: it is no part of the vault, as a real one is none.
    for name in ["practice-bank.json", "practice-bank.port"] {
        std::fs::copy(world.profile().join(name), other.profile().join(name)).unwrap();
    }
    let app = App::open(&other).await.unwrap();
    app.press("Restore from a backup…").await.unwrap();
    app.types("Passphrase of the backup", "not the passphrase").await.unwrap();
    app.press_in_dialog("Restore").await.unwrap();
    app.sees("This is not the passphrase of this backup").await.unwrap();
    app.types("Passphrase of the backup", BACKUP_PASSPHRASE).await.unwrap();
    app.press_in_dialog("Restore").await.unwrap();
    app.sees("The vault is restored, with 1 connection").await.unwrap();
    until("the connection to work", || async {
        let asked = cli::mooring(&other, &["token", "practice-bank", &id]);
        Ok(asked.status.success().then_some(()))
    })
    .await
    .unwrap();
    let restored = cli::json(&other, &["connection", "list"]);
    assert_eq!(restored[0]["status"], json!("Linked"));
    app.close().await.unwrap();
}

#[tokio::test]
async fn another_passphrase_opens_the_vault_and_the_old_one_does_not() {
    let world = World::new(NARROW);
    let app = with_passphrase(&world).await;
    let next = "CANARY-another-passphrase";
    app.go_to("Settings").await.unwrap();
    app.press("Change protection…").await.unwrap();
    app.types("Current passphrase", "not the passphrase").await.unwrap();
    app.types("New passphrase", next).await.unwrap();
    app.types("New passphrase again", next).await.unwrap();
    app.press_in_dialog("Change").await.unwrap();
    app.sees("This is not the current passphrase").await.unwrap();
    app.types("Current passphrase", PASSPHRASE).await.unwrap();
    app.press_in_dialog("Change").await.unwrap();
    app.sees("From now on your new passphrase protects the vault").await.unwrap();
    lock_by_keyboard(&app).await;
    app.types("Passphrase", PASSPHRASE).await.unwrap();
    app.press("Open").await.unwrap();
    app.sees("This is not the passphrase of this vault").await.unwrap();
    app.types("Passphrase", next).await.unwrap();
    app.press("Open").await.unwrap();
    app.sees("Nothing is connected yet").await.unwrap();
    app.close().await.unwrap();
    assert!(leaks(&world.profile(), &[PASSPHRASE, next]).is_empty());
}
