//! A keychain whose key is not this vault's.

use serde_json::Value;
use tests::app::App;
use tests::world::{Wants, World};

const WIDE: Wants = Wants { display: Some((1080, 760)), keychain: true };

#[tokio::test]
async fn a_key_of_another_vault_is_told_as_that_and_not_as_a_passphrase_that_nobody_typed() {
    let world = World::new(WIDE);
    let app = App::open(&world).await.unwrap();
    app.press("Create the vault").await.unwrap();
    app.sees("Nothing is connected yet").await.unwrap();
    app.close().await.unwrap();
    let file = world.profile().join("vault.keys");
    let right = std::fs::read_to_string(&file).unwrap();
    let mut slots: Value = serde_json::from_str(&right).unwrap();
    // What proves a key is another's: to this vault the keychain's key is a wrong one.
    let check = slots["key_check"].as_str().unwrap().to_owned();
    let first = if check.starts_with('A') { 'B' } else { 'A' };
    slots["key_check"] = format!("{first}{}", &check[1..]).into();
    std::fs::write(&file, slots.to_string()).unwrap();

    let app = App::open(&world).await.unwrap();
    app.sees("keychain has no key for this vault").await.unwrap();
    assert!(!app.text().await.unwrap().to_lowercase().contains("passphrase"));
    // It can be tried again, once the right key is there.
    std::fs::write(&file, right).unwrap();
    app.press("Try again").await.unwrap();
    app.sees("Nothing is connected yet").await.unwrap();
    app.close().await.unwrap();
}
