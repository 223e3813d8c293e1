//! Formats: the first version opens for ever, a newer one than ours is left alone.

use crate::support::{PASSPHRASE, Place, hex, open_with_passphrase, passphrase, put, refused};
use rusqlite::Connection;
use secret::SecretString;
use serde_json::Value;
use std::path::{Path, PathBuf};
use vault::fakes::FakeKeychain;
use vault::{Argon2Cost, CreateWith, OpenError, UnlockWith, Vault};

/// Opens the database behind the vault's back.
fn raw(folder: &Path, key: &[u8]) -> Connection {
    let connection = Connection::open(folder.join("vault.db")).unwrap();
    connection.pragma_update(None, "key", format!("x'{}'", hex(key))).unwrap();
    connection
}

#[test]
fn a_database_of_a_newer_version_is_left_as_it_is() {
    let (place, keychain) = (Place::new(), FakeKeychain::default());
    drop(Vault::create(&place.folder, CreateWith::Keychain(&keychain)).unwrap());
    raw(&place.folder, &keychain.keys()[0]).pragma_update(None, "user_version", 99).unwrap();
    let before = std::fs::read(place.file("vault.db")).unwrap();
    let error = refused(Vault::open(&place.folder, UnlockWith::Keychain(&keychain)), "it is newer");
    assert!(matches!(error, OpenError::NewerVersion { found: 99, known: 1 }), "{error:?}");
    assert!(std::fs::read(place.file("vault.db")).unwrap() == before, "not one byte of it was touched");
}

#[test]
fn key_slots_of_a_newer_version_are_not_called_damaged() {
    let (place, keychain) = (Place::new(), FakeKeychain::default());
    drop(Vault::create(&place.folder, CreateWith::Keychain(&keychain)).unwrap());
    std::fs::write(place.file("vault.keys"), br#"{"version": 2, "anything": ["else"]}"#).unwrap();
    let error = refused(Vault::open(&place.folder, UnlockWith::Keychain(&keychain)), "they are newer");
    assert!(matches!(error, OpenError::NewerVersion { found: 2, known: 1 }), "{error:?}");
    let error = refused(vault::protection(&place.folder), "nobody knows");
    assert!(matches!(error, OpenError::NewerVersion { .. }), "{error:?}");
}

#[test]
fn the_database_is_what_the_format_says() {
    let (place, keychain) = (Place::new(), FakeKeychain::default());
    let vault = Vault::create(&place.folder, CreateWith::Keychain(&keychain)).unwrap();
    put(&vault, "grant", "one", b"1");
    drop(vault);
    let connection = raw(&place.folder, &keychain.keys()[0]);
    let text = |pragma: &str| -> String {
        connection
            .query_row(pragma, [], |row| {
                row.get_ref(0).map(|value| match value {
                    rusqlite::types::ValueRef::Integer(number) => number.to_string(),
                    other => other.as_str().unwrap().to_owned(),
                })
            })
            .unwrap()
    };
    assert_eq!(text("PRAGMA user_version"), "1");
    assert_eq!(text("PRAGMA journal_mode"), "wal");
    assert_eq!(text("PRAGMA cipher_page_size"), "4096");
    assert_eq!(text("PRAGMA cipher_use_hmac"), "1");
    assert_eq!(text("PRAGMA cipher_hmac_algorithm"), "HMAC_SHA512");
    assert_eq!(text("PRAGMA integrity_check"), "ok");
    assert_eq!(
        text(
            "SELECT group_concat(name) FROM (SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name)"
        ),
        "log,record,sqlite_sequence"
    );
    let mut unauthentic = connection.prepare("PRAGMA cipher_integrity_check").unwrap();
    assert!(!unauthentic.exists([]).unwrap(), "every page is authentic");
}

/// Written once, by the generator below, and never again: people have such files.
fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/version-1")
}

const FIXTURE_KEY: &str = "key";

fn assert_is_the_fixture(vault: &Vault) {
    let records = vault.read(|reader| reader.list("connection")).unwrap();
    let seen: Vec<_> =
        records.iter().map(|one| (one.id.as_str(), one.revision, one.body.expose().as_slice())).collect();
    assert_eq!(seen, [("bank/a", 2, b"second".as_slice()), ("bank/b", 1, &[0, 255, 10])]);
    let lines = vault.read(|reader| reader.log_page(None, None, 10)).unwrap();
    let seen: Vec<_> = lines
        .iter()
        .map(|line| (line.sequence, line.at.as_str(), line.subject.as_deref(), line.body.as_slice()))
        .collect();
    assert_eq!(
        seen,
        [
            (2, "2026-11-21T03:00:01Z", Some("bank/a"), b"two".as_slice()),
            (1, "2026-11-21T03:00:00Z", None, b"one".as_slice()),
        ]
    );
}

fn write_the_fixture_content(vault: &Vault) {
    put(vault, "connection", "bank/a", b"first");
    put(vault, "connection", "bank/a", b"second");
    put(vault, "connection", "bank/b", &[0, 255, 10]);
    vault
        .write(|writer| {
            writer.append_log("2026-11-21T03:00:00Z", None, b"one")?;
            writer.append_log("2026-11-21T03:00:01Z", Some("bank/a"), b"two")
        })
        .unwrap();
}

fn copy_of_fixture(protection: &str) -> Place {
    let place = Place::new();
    for name in ["vault.db", "vault.keys"] {
        let from = fixture().join(protection).join(name);
        std::fs::copy(&from, place.file(name)).unwrap_or_else(|error| panic!("{}: {error}", from.display()));
    }
    place
}

#[test]
fn version_1_under_a_passphrase_opens_for_ever() {
    let place = copy_of_fixture("passphrase");
    let vault = open_with_passphrase(&place.folder).unwrap();
    assert_is_the_fixture(&vault);
    put(&vault, "connection", "bank/c", b"it can be written as well");
}

#[test]
fn version_1_under_the_keychain_opens_for_ever() {
    let place = copy_of_fixture("keychain");
    let key: Value =
        serde_json::from_slice(&std::fs::read(fixture().join(FIXTURE_KEY).with_extension("json")).unwrap())
            .unwrap();
    let keychain = FakeKeychain::default();
    let bytes =
        base64::Engine::decode(&base64::prelude::BASE64_STANDARD, key["key"].as_str().unwrap()).unwrap();
    vault::Keychain::store(&keychain, key["account"].as_str().unwrap(), &secret::Secret::new(bytes)).unwrap();
    assert_is_the_fixture(&Vault::open(&place.folder, UnlockWith::Keychain(&keychain)).unwrap());
}

/// Writes the fixture of the current version where `MOORING_WRITE_VAULT_FIXTURE` names an empty folder. For a new
/// version only, by hand; what is in the repository is never written again.
#[test]
fn the_fixture_generator_writes_what_the_fixture_tests_expect() {
    let place = Place::new();
    let target =
        std::env::var_os("MOORING_WRITE_VAULT_FIXTURE").map_or_else(|| place.folder.clone(), PathBuf::from);
    let (under_passphrase, under_keychain) = (target.join("passphrase"), target.join("keychain"));
    std::fs::create_dir(&under_passphrase).unwrap();
    std::fs::create_dir(&under_keychain).unwrap();

    let secret = SecretString::from(PASSPHRASE);
    let cost = Argon2Cost::danger_cheap();
    write_the_fixture_content(
        &Vault::create(&under_passphrase, CreateWith::Passphrase(&secret, cost)).unwrap(),
    );
    let keychain = FakeKeychain::default();
    write_the_fixture_content(&Vault::create(&under_keychain, CreateWith::Keychain(&keychain)).unwrap());
    let key = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, &keychain.keys()[0]);
    let item = serde_json::json!({ "account": keychain.accounts()[0], "key": key });
    std::fs::write(target.join(FIXTURE_KEY).with_extension("json"), format!("{item:#}\n")).unwrap();
    assert_is_the_fixture(&Vault::open(&under_passphrase, UnlockWith::Passphrase(&passphrase())).unwrap());
    assert_is_the_fixture(&Vault::open(&under_keychain, UnlockWith::Keychain(&keychain)).unwrap());
    for folder in [&under_passphrase, &under_keychain] {
        std::fs::remove_file(folder.join("vault.lock")).unwrap();
    }
}
