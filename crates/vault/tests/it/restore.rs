//! What comes out of a backup is what went in, and nothing is lost on the way, wherever it stops.

use crate::backup::{MADE_AT, back_up, backup_passphrase, filled};
use crate::support::{
    Place, body, crash_image, create_with_passphrase, open_with_passphrase, passphrase, put, refused,
};
use std::path::Path;
use vault::fakes::{Call, FakeKeychain};
use vault::{
    Argon2Cost, CreateWith, KeychainError, OpenError, Protection, RestoreError, Restored, UnlockWith, Vault,
    VaultError,
};

const DATE: &str = "20261121-100000";

/// A backup of a filled vault, alone in its folder.
fn backup() -> Place {
    let (place, elsewhere) = (Place::new(), Place::new());
    back_up(&filled(&place), &elsewhere.file("backup")).unwrap();
    elsewhere
}

fn with_passphrase(passphrase: &secret::SecretString) -> CreateWith<'_> {
    CreateWith::Passphrase(passphrase, Argon2Cost::danger_cheap())
}

fn restore(folder: &Path, from: &Place) -> Result<Restored, RestoreError> {
    let passphrase = backup_passphrase();
    Vault::restore(folder, &from.file("backup"), &passphrase, with_passphrase(&passphrase), DATE, |_| Ok(()))
}

fn open_restored(folder: &Path) -> Vault {
    Vault::open(folder, UnlockWith::Passphrase(&backup_passphrase())).unwrap()
}

fn has_all(vault: &Vault) -> bool {
    body(vault, "connection", "two").as_deref() == Some(b"another")
        && body(vault, "grant", "one").is_some()
        && vault.read(|reader| reader.log_page(None, None, 10)).unwrap().len() == 1
}

#[test]
fn a_new_computer_gets_everything() {
    let (from, place) = (backup(), Place::new());
    let restored = restore(&place.folder, &from).unwrap();
    assert_eq!((restored.made_at.as_str(), restored.set_aside), (MADE_AT, false));
    assert_eq!(restored.counts.records["connection"], 2);
    let vault = open_restored(&place.folder);
    assert!(has_all(&vault));
    // Numbers of the log go on where they were, and are never used again.
    assert_eq!(vault.write(|writer| writer.append_log("2026-11-21T00:00:01Z", None, b"next")).unwrap(), 2);
    assert!(!place.file("restore.ready").exists() && !place.file("restore.new").exists());
}

#[test]
fn records_are_prepared_before_the_vault_takes_its_place() {
    let (from, place) = (backup(), Place::new());
    let passphrase = backup_passphrase();
    let with = with_passphrase(&passphrase);
    Vault::restore(&place.folder, &from.file("backup"), &passphrase, with, DATE, |writer| {
        writer.put("connection", "one", b"marked")
    })
    .unwrap();
    assert_eq!(body(&open_restored(&place.folder), "connection", "one").unwrap(), b"marked");
}

#[test]
fn the_keychain_can_hold_the_key_of_what_was_restored() {
    let (from, place, keychain) = (backup(), Place::new(), FakeKeychain::default());
    let with = CreateWith::Keychain(&keychain);
    Vault::restore(&place.folder, &from.file("backup"), &backup_passphrase(), with, DATE, |_| Ok(()))
        .unwrap();
    assert_eq!(vault::protection(&place.folder).unwrap(), Protection::Keychain);
    assert!(has_all(&Vault::open(&place.folder, UnlockWith::Keychain(&keychain)).unwrap()));
}

#[test]
fn the_vault_that_was_there_is_set_aside_and_still_opens() {
    let (from, place) = (backup(), Place::new());
    let old = create_with_passphrase(&place.folder);
    put(&old, "grant", "mine", b"of this computer");
    drop(old);
    assert!(restore(&place.folder, &from).unwrap().set_aside);
    let new = open_restored(&place.folder);
    assert!(has_all(&new) && body(&new, "grant", "mine").is_none());
    assert_eq!(vault::set_aside_vaults(&place.folder), [DATE]);

    let again = Place::new();
    for name in ["vault.db", "vault.keys"] {
        std::fs::copy(place.file(&format!("{name}.before-restore-{DATE}")), again.file(name)).unwrap();
    }
    let back = open_with_passphrase(&again.folder).unwrap();
    assert_eq!(body(&back, "grant", "mine").unwrap(), b"of this computer");
}

#[test]
fn a_second_restore_of_the_same_second_overwrites_no_vault() {
    let (from, place) = (backup(), Place::new());
    drop(create_with_passphrase(&place.folder));
    restore(&place.folder, &from).unwrap();
    restore(&place.folder, &from).unwrap();
    assert_eq!(vault::set_aside_vaults(&place.folder), [DATE.to_owned(), format!("{DATE}-2")]);
}

#[test]
fn a_vault_set_aside_is_deleted_with_its_key() {
    let (from, place, keychain) = (backup(), Place::new(), FakeKeychain::default());
    drop(Vault::create(&place.folder, CreateWith::Keychain(&keychain)).unwrap());
    restore(&place.folder, &from).unwrap();
    assert_eq!(keychain.len(), 1, "it could still be opened");
    vault::forget_set_aside(&place.folder, DATE, &keychain).unwrap();
    assert!(keychain.is_empty() && vault::set_aside_vaults(&place.folder).is_empty());
    assert!(!place.file(&format!("vault.db.before-restore-{DATE}")).exists());
    assert!(has_all(&open_restored(&place.folder)));
    assert!(matches!(
        refused(vault::forget_set_aside(&place.folder, "../vault.keys", &keychain), "no such date"),
        OpenError::Missing
    ));
}

/// Whether a refusal is the one that is due.
type Told = fn(&RestoreError) -> bool;

#[test]
fn what_is_no_good_backup_is_told_apart_and_changes_nothing() {
    let (from, place) = (backup(), Place::new());
    let old = create_with_passphrase(&place.folder);
    put(&old, "grant", "mine", b"1");
    drop(old);
    let bytes = std::fs::read(from.file("backup")).unwrap();
    let header = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').nth(1).unwrap().0 + 1;
    let edited = |from: &str, to: &str| {
        let text = String::from_utf8(bytes[..header].to_vec()).unwrap();
        assert!(text.contains(from), "{text}");
        [text.replacen(from, to, 1).as_bytes(), &bytes[header..]].concat()
    };
    let flipped = |at: usize| {
        let mut bytes = bytes.clone();
        bytes[at] ^= 1;
        bytes
    };
    let half = bytes.len() / 2;
    let cases: Vec<(&str, Vec<u8>, Told)> = vec![
        ("empty", Vec::new(), |error| matches!(error, RestoreError::NotABackup)),
        ("a picture", b"\x89PNG\r\n\x1a\n and so on and on".to_vec(), |error| {
            matches!(error, RestoreError::NotABackup)
        }),
        ("first lines only", bytes[..header / 2].to_vec(), |error| matches!(error, RestoreError::Torn(_))),
        ("half of it", bytes[..half].to_vec(), |error| matches!(error, RestoreError::Torn(_))),
        ("all but a byte", bytes[..bytes.len() - 1].to_vec(), |error| matches!(error, RestoreError::Torn(_))),
        ("more than all", [&bytes[..], b"x"].concat(), |error| matches!(error, RestoreError::Torn(_))),
        ("a bit in the database", flipped(header + 5000), |error| matches!(error, RestoreError::Torn(_))),
        ("a bit in the tag", flipped(bytes.len() - 1), |error| matches!(error, RestoreError::Torn(_))),
        ("another time", edited("2026-11-21", "2027-11-21"), |error| matches!(error, RestoreError::Torn(_))),
        ("a newer backup", edited("\"version\":1", "\"version\":2"), |error| {
            matches!(error, RestoreError::Newer)
        }),
        ("a newer database", edited("\"database\":1", "\"database\":99"), |error| {
            matches!(error, RestoreError::Newer)
        }),
    ];
    for (what, content, is_told) in cases {
        std::fs::write(from.file("backup"), content).unwrap();
        let error = refused(restore(&place.folder, &from), what);
        assert!(is_told(&error), "{what}: {error:?}");
        assert_eq!(
            body(&open_with_passphrase(&place.folder).unwrap(), "grant", "mine").unwrap(),
            b"1",
            "{what}"
        );
        assert!(
            !place.file("restore.new").exists() && vault::set_aside_vaults(&place.folder).is_empty(),
            "{what}"
        );
    }
}

#[test]
fn a_wrong_passphrase_or_a_keychain_that_refuses_changes_nothing() {
    let (from, place, keychain) = (backup(), Place::new(), FakeKeychain::default());
    let wrong = passphrase();
    let outcome = Vault::restore(
        &place.folder,
        &from.file("backup"),
        &wrong,
        with_passphrase(&wrong),
        DATE,
        |_| Ok(()),
    );
    assert!(matches!(refused(outcome, "another's passphrase"), RestoreError::WrongPassphrase));
    keychain.fail_at(Call::Store, Some(KeychainError::Locked));
    let with = CreateWith::Keychain(&keychain);
    let outcome =
        Vault::restore(&place.folder, &from.file("backup"), &backup_passphrase(), with, DATE, |_| Ok(()));
    assert!(matches!(refused(outcome, "it is locked"), RestoreError::Keychain(KeychainError::Locked)));
    assert!(!vault::exists(&place.folder));
}

#[test]
fn a_preparation_that_fails_leaves_no_key_behind() {
    let (from, place, keychain) = (backup(), Place::new(), FakeKeychain::default());
    let outcome = Vault::restore(
        &place.folder,
        &from.file("backup"),
        &backup_passphrase(),
        CreateWith::Keychain(&keychain),
        DATE,
        |_| Err(VaultError::Corrupt("a record".to_owned())),
    );
    assert!(matches!(refused(outcome, "it fails"), RestoreError::Torn(_)));
    assert!(keychain.is_empty() && !vault::exists(&place.folder));
}

#[test]
fn an_open_vault_is_not_replaced() {
    let (from, place) = (backup(), Place::new());
    let open = filled(&place);
    assert!(matches!(refused(restore(&place.folder, &from), "it is open"), RestoreError::InUse { .. }));
    assert!(has_all(&open));
}

#[test]
fn a_crash_before_the_decision_leaves_the_old_vault() {
    let (from, place) = (backup(), Place::new());
    let old = create_with_passphrase(&place.folder);
    put(&old, "grant", "mine", b"1");
    drop(old);
    let passphrase = backup_passphrase();
    let with = with_passphrase(&passphrase);
    Vault::restore(&place.folder, &from.file("backup"), &passphrase, with, DATE, |_| {
        let image = crash_image(&place.folder);
        copy_folder(&place.file("restore.new"), &image.file("restore.new"));
        assert_eq!(body(&open_with_passphrase(&image.folder).unwrap(), "grant", "mine").unwrap(), b"1");
        // What the crash left is in nobody's way.
        restore(&image.folder, &from).unwrap();
        assert!(has_all(&open_restored(&image.folder)));
        Ok(())
    })
    .unwrap();
}

#[test]
fn a_crash_at_any_step_after_the_decision_leaves_the_new_vault_and_the_old_one_aside() {
    let (from, place) = (backup(), Place::new());
    let old = create_with_passphrase(&place.folder);
    put(&old, "grant", "mine", b"1");
    // As after a crash: with a journal that was not moved into the file.
    let before = crash_image(&place.folder);
    assert!(before.file("vault.db-wal").exists());
    drop(old);
    restore(&place.folder, &from).unwrap();
    let aside = |name: &str| format!("{name}.before-restore-{DATE}");
    let steps: [(String, String); 5] = [
        ("vault.db-wal".to_owned(), format!("{}-wal", aside("vault.db"))),
        ("vault.db".to_owned(), aside("vault.db")),
        ("vault.keys".to_owned(), aside("vault.keys")),
        ("restore.ready/vault.db".to_owned(), "vault.db".to_owned()),
        ("restore.ready/vault.keys".to_owned(), "vault.keys".to_owned()),
    ];
    for done in 0..=steps.len() {
        let image = crash_image(&before.folder);
        std::fs::create_dir(image.file("restore.ready")).unwrap();
        for name in ["vault.db", "vault.keys"] {
            std::fs::copy(place.file(name), image.file("restore.ready").join(name)).unwrap();
        }
        std::fs::write(image.file("restore.ready/aside"), DATE).unwrap();
        for (from, to) in &steps[..done] {
            std::fs::rename(image.file(from), image.file(to)).unwrap();
        }
        assert!(vault::exists(&image.folder), "{done}");
        assert_eq!(vault::protection(&image.folder).unwrap(), Protection::Passphrase, "{done}");
        assert!(vault::check(&image.folder, UnlockWith::Passphrase(&backup_passphrase())).is_ok(), "{done}");
        assert!(has_all(&open_restored(&image.folder)), "{done}");
        assert!(!image.file("restore.ready").exists(), "{done}");

        let again = Place::new();
        for (end, name) in [("", "vault.db"), ("", "vault.keys"), ("-wal", "vault.db")] {
            std::fs::copy(image.file(&format!("{}{end}", aside(name))), again.file(&format!("{name}{end}")))
                .unwrap();
        }
        let back = open_with_passphrase(&again.folder).unwrap();
        assert_eq!(body(&back, "grant", "mine").unwrap(), b"1", "{done}: with what its journal held");
    }
}

#[test]
fn a_vault_that_is_destroyed_is_gone_with_its_copies_and_keys() {
    let (from, place, keychain) = (backup(), Place::new(), FakeKeychain::default());
    drop(Vault::create(&place.folder, CreateWith::Keychain(&keychain)).unwrap());
    restore(&place.folder, &from).unwrap();
    std::fs::write(place.file("vault.db.v1"), "an older copy").unwrap();
    std::fs::write(place.file("settings.json"), "{}").unwrap();
    let open = open_restored(&place.folder);
    assert!(matches!(refused(vault::destroy(&place.folder, &keychain), "open"), OpenError::InUse { .. }));
    drop(open);
    vault::destroy(&place.folder, &keychain).unwrap();
    assert!(keychain.is_empty() && !vault::exists(&place.folder));
    let mut left: Vec<_> =
        std::fs::read_dir(&place.folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["settings.json", "vault.lock"]);
}

#[test]
fn a_destruction_that_was_interrupted_is_finished_and_never_looks_like_damage() {
    let place = Place::new();
    drop(filled(&place));
    for gone in ["", "vault.keys", "vault.db"] {
        let image = crash_image(&place.folder);
        std::fs::write(image.file("vault.ending"), "").unwrap();
        if !gone.is_empty() {
            std::fs::remove_file(image.file(gone)).unwrap();
        }
        assert!(!vault::exists(&image.folder), "{gone}");
        // The next start makes a vault, and finds nothing of the old one.
        let new = create_with_passphrase(&image.folder);
        assert!(body(&new, "grant", "one").is_none() && !image.file("vault.ending").exists(), "{gone}");
    }
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}
