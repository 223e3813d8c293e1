//! What somebody sees who has the files, or the errors, and not the key.

use crate::support::{
    PASSPHRASE, Place, body, create_with_passphrase, hex, open_with_passphrase, passphrase, put, refused,
};
use secret::SecretString;
use std::path::Path;
use vault::fakes::FakeKeychain;
use vault::{Argon2Cost, CreateWith, UnlockWith, Vault};

const CANARY: &str = "CANARY-0d5b1f";

fn assert_no_file_contains(folder: &Path, needle: &[u8], what: &str) {
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let content = std::fs::read(&path).unwrap();
        let found = content.windows(needle.len()).any(|window| window == needle);
        assert!(!found, "{what} is in {}", path.display());
        files += 1;
    }
    assert!(files >= 3, "database, slots and lock were looked at");
}

fn fill(vault: &Vault) {
    for number in 0..50 {
        put(vault, &format!("{CANARY}-kind"), &format!("{CANARY}-{number}"), CANARY.repeat(30).as_bytes());
        vault.write(|writer| writer.append_log(CANARY, Some(CANARY), CANARY.as_bytes())).unwrap();
    }
    vault.write(|writer| writer.delete(&format!("{CANARY}-kind"), &format!("{CANARY}-7"))).unwrap();
}

#[test]
fn nothing_of_a_record_is_in_any_file() {
    let place = Place::new();
    let vault = create_with_passphrase(&place.folder);
    fill(&vault);
    assert!(place.file("vault.db-wal").exists(), "the journal is among what is looked at");
    assert_no_file_contains(&place.folder, CANARY.as_bytes(), "a record, while open,");
    drop(vault);
    assert_no_file_contains(&place.folder, CANARY.as_bytes(), "a record");
    let vault = open_with_passphrase(&place.folder).unwrap();
    let kept = body(&vault, &format!("{CANARY}-kind"), &format!("{CANARY}-8")).unwrap();
    assert_eq!(kept, CANARY.repeat(30).as_bytes(), "it was written after all");
}

#[test]
fn the_database_does_not_even_say_that_it_is_one() {
    let place = Place::new();
    fill(&create_with_passphrase(&place.folder));
    let content = std::fs::read(place.file("vault.db")).unwrap();
    assert!(!content.starts_with(b"SQLite format 3"));
    for name in ["CREATE TABLE", "record", "sequence"] {
        assert_no_file_contains(&place.folder, name.as_bytes(), name);
    }
}

#[test]
fn neither_the_key_nor_the_passphrase_is_in_any_file() {
    let (place, keychain) = (Place::new(), FakeKeychain::default());
    let vault = Vault::create(&place.folder, CreateWith::Keychain(&keychain)).unwrap();
    let key = keychain.keys().remove(0);
    let with = CreateWith::Passphrase(&passphrase(), Argon2Cost::danger_cheap());
    assert_eq!(vault.change_protection(with, Some(&keychain)).unwrap(), vault::OldKey::Gone);
    let hex = hex(&key);
    for (needle, what) in [
        (key.clone(), "the key"),
        (hex.to_uppercase().into_bytes(), "the key in upper case hex"),
        (hex.into_bytes(), "the key in hex"),
        (base64(&key), "the key in base64"),
        (PASSPHRASE.as_bytes().to_vec(), "the passphrase"),
        (base64(PASSPHRASE.as_bytes()), "the passphrase in base64"),
    ] {
        assert_no_file_contains(&place.folder, &needle, what);
    }
}

/// What base64 of `bytes` has in common wherever it stands: the letters of whole groups of three.
fn base64(bytes: &[u8]) -> Vec<u8> {
    use base64::Engine;
    base64::prelude::BASE64_STANDARD.encode(&bytes[..bytes.len() / 3 * 3]).into_bytes()
}

#[test]
fn the_same_passphrase_twice_makes_nothing_that_looks_alike() {
    let (one, two) = (Place::new(), Place::new());
    drop(create_with_passphrase(&one.folder));
    drop(create_with_passphrase(&two.folder));
    let read = |place: &Place| -> serde_json::Value {
        serde_json::from_slice(&std::fs::read(place.file("vault.keys")).unwrap()).unwrap()
    };
    let (one, two) = (read(&one), read(&two));
    for field in
        ["/vault_id", "/key_check", "/passphrase/salt", "/passphrase/nonce", "/passphrase/sealed_key"]
    {
        assert_ne!(one.pointer(field).unwrap(), two.pointer(field).unwrap(), "{field}");
    }
}

#[test]
fn errors_name_neither_passphrase_nor_content() {
    let place = Place::new();
    let vault = create_with_passphrase(&place.folder);
    put(&vault, "grant", CANARY, CANARY.as_bytes());
    let conflict = refused(
        vault.write(|writer| writer.put_if_revision("grant", CANARY, 77, CANARY.as_bytes())),
        "another revision",
    );
    drop(vault);
    let wrong = SecretString::from("CANARY-wrong passphrase");
    let error = refused(Vault::open(&place.folder, UnlockWith::Passphrase(&wrong)), "wrong");
    let said = format!("{conflict} {conflict:?} {error} {error:?}");
    assert!(!said.contains("CANARY"), "{said}");
}

#[cfg(unix)]
mod modes {
    use super::{Place, create_with_passphrase, fill, open_with_passphrase};
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    fn assert_all_private(folder: &Path) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{} has {mode:o}", entry.path().display());
        }
    }

    #[test]
    fn files_are_for_their_owner_alone() {
        let place = Place::new();
        let vault = create_with_passphrase(&place.folder);
        fill(&vault);
        assert!(place.file("vault.db-wal").exists());
        assert_all_private(&place.folder);
        drop(vault);
        assert_all_private(&place.folder);
    }

    #[test]
    fn files_that_became_readable_for_others_are_closed_again_on_opening() {
        let place = Place::new();
        drop(create_with_passphrase(&place.folder));
        for name in ["vault.db", "vault.keys", "vault.lock"] {
            std::fs::set_permissions(place.file(name), std::fs::Permissions::from_mode(0o666)).unwrap();
        }
        let vault = open_with_passphrase(&place.folder).unwrap();
        fill(&vault);
        assert_all_private(&place.folder);
    }
}
