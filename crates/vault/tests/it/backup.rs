//! A backup is whole or not there, and holds nothing in clear.

use crate::support::{
    PASSPHRASE, Place, body, copy_with_mount, create_with_passphrase, folder_of_copy, open_with_passphrase,
    passphrase, put, refused, said_by, say,
};
use secret::SecretString;
use std::path::Path;
use vault::{Argon2Cost, Backup, BackupError, CreateWith, Vault};

pub(crate) const BACKUP_PASSPHRASE: &str = "CANARY-passphrase of the backup";
pub(crate) const MADE_AT: &str = "2026-11-21T10:00:00Z";
const CANARY: &str = "CANARY-refresh-token";

pub(crate) fn backup_passphrase() -> SecretString {
    SecretString::from(BACKUP_PASSPHRASE)
}

pub(crate) fn back_up(vault: &Vault, target: &Path) -> Result<Backup, BackupError> {
    vault.back_up(target, &backup_passphrase(), Argon2Cost::danger_cheap(), MADE_AT, false)
}

/// A vault with something in it.
pub(crate) fn filled(place: &Place) -> Vault {
    let vault = create_with_passphrase(&place.folder);
    put(&vault, "grant", "one", CANARY.as_bytes());
    put(&vault, "connection", "one", b"a bank with a name");
    put(&vault, "connection", "two", b"another");
    vault.write(|writer| writer.append_log("2026-11-21T00:00:00Z", None, b"a line")).unwrap();
    vault
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn it_counts_what_it_holds_and_leaves_nothing_beside_it() {
    let (place, elsewhere) = (Place::new(), Place::new());
    let vault = filled(&place);
    let before = names(&place.folder);
    let made = back_up(&vault, &elsewhere.file("mine.backup")).unwrap();
    assert_eq!(made.counts.log, 1);
    let counted: Vec<_> = made.counts.records.iter().map(|(kind, number)| (kind.as_str(), *number)).collect();
    assert_eq!(counted, [("connection", 2), ("grant", 1)]);
    assert_eq!(made.bytes, std::fs::metadata(elsewhere.file("mine.backup")).unwrap().len());
    assert_eq!(names(&elsewhere.folder), ["mine.backup"]);
    assert_eq!(names(&place.folder), before, "no scratch file stays in the profile");
    assert_eq!(vault::backup_made_at(&elsewhere.file("mine.backup")).unwrap(), MADE_AT);
    // The vault goes on as before.
    put(&vault, "grant", "two", b"2");
    assert_eq!(body(&vault, "grant", "two").unwrap(), b"2");
}

#[test]
fn nothing_of_it_is_in_clear() {
    let (place, elsewhere) = (Place::new(), Place::new());
    let vault = filled(&place);
    back_up(&vault, &elsewhere.file("backup")).unwrap();
    let bytes = std::fs::read(elsewhere.file("backup")).unwrap();
    let key = std::fs::read_to_string(place.file("vault.keys")).unwrap();
    let slots: serde_json::Value = serde_json::from_str(&key).unwrap();
    for secret in [
        CANARY,
        PASSPHRASE,
        BACKUP_PASSPHRASE,
        "a bank with a name",
        "connection",
        "CREATE TABLE",
        "SQLite format",
    ] {
        assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret}");
    }
    let id = slots["vault_id"].as_str().unwrap();
    assert!(!String::from_utf8_lossy(&bytes).contains(id), "not even which vault it is of");
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let (place, elsewhere) = (Place::new(), Place::new());
    back_up(&filled(&place), &elsewhere.file("backup")).unwrap();
    let mode = std::fs::metadata(elsewhere.file("backup")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_file_that_is_there_is_replaced_only_when_that_is_wished() {
    let (place, elsewhere) = (Place::new(), Place::new());
    let vault = filled(&place);
    let target = elsewhere.file("backup");
    std::fs::write(&target, "somebody's letter").unwrap();
    assert!(matches!(refused(back_up(&vault, &target), "it is there"), BackupError::Exists));
    assert_eq!(std::fs::read_to_string(&target).unwrap(), "somebody's letter");
    vault.back_up(&target, &backup_passphrase(), Argon2Cost::danger_cheap(), MADE_AT, true).unwrap();
    assert_eq!(vault::backup_made_at(&target).unwrap(), MADE_AT);
    assert_eq!(names(&elsewhere.folder), ["backup"]);
}

#[test]
fn a_place_that_is_not_there_is_refused_and_nothing_stays() {
    let place = Place::new();
    let vault = filled(&place);
    let before = names(&place.folder);
    refused(back_up(&vault, &place.file("no/such/folder/backup")), "there is no folder");
    assert_eq!(names(&place.folder), before);
    assert!(body(&vault, "grant", "one").is_some());
}

#[test]
fn two_backups_of_one_vault_share_no_key_and_no_salt() {
    let (place, elsewhere) = (Place::new(), Place::new());
    let vault = filled(&place);
    let header = |name: &str| {
        back_up(&vault, &elsewhere.file(name)).unwrap();
        let bytes = std::fs::read(elsewhere.file(name)).unwrap();
        let line = bytes.split(|byte| *byte == b'\n').nth(1).unwrap().to_vec();
        serde_json::from_slice::<serde_json::Value>(&line).unwrap()
    };
    let (one, two) = (header("one"), header("two"));
    for part in ["salt", "nonce", "sealed_key"] {
        assert_ne!(one["passphrase"][part], two["passphrase"][part], "{part}");
    }
    assert_ne!(one["backup_id"], two["backup_id"]);
}

#[test]
fn it_opens_nothing_but_itself() {
    let (place, elsewhere) = (Place::new(), Place::new());
    let vault = filled(&place);
    back_up(&vault, &elsewhere.file("backup")).unwrap();
    drop(vault);
    let with = vault::UnlockWith::Passphrase(&backup_passphrase());
    assert!(matches!(refused(Vault::open(&place.folder, with), "another's"), vault::OpenError::WrongKey));
    assert!(matches!(
        refused(
            Vault::create(&place.folder, CreateWith::Passphrase(&passphrase(), Argon2Cost::danger_cheap())),
            "there is one"
        ),
        vault::CreateError::Exists
    ));
    assert!(open_with_passphrase(&place.folder).is_ok());
}

#[test]
fn a_full_stick_leaves_the_older_backup() {
    let test = "backup::a_full_stick_leaves_the_older_backup";
    if let Some(folder) = folder_of_copy(test) {
        let vault = open_with_passphrase(&folder).unwrap();
        let target = folder.join("stick").join("backup");
        back_up(&vault, &target).unwrap();
        let old = std::fs::read(&target).unwrap();
        put(&vault, "grant", "large", &vec![7; 3 * 1024 * 1024]);
        let outcome = vault.back_up(&target, &backup_passphrase(), Argon2Cost::danger_cheap(), MADE_AT, true);
        let full = matches!(refused(outcome, "no room"), BackupError::DiskFull);
        let same = std::fs::read(&target).unwrap() == old;
        say(&format!("{full} {same} {}", names(&folder.join("stick")).len()));
        return;
    }
    let place = Place::new();
    drop(filled(&place));
    std::fs::create_dir(place.file("stick")).unwrap();
    let mount = "mount -t tmpfs -o size=512k none \"$FOLDER/stick\"";
    let said = said_by(copy_with_mount(test, &place.folder, mount));
    assert_eq!(said, ["true true 1"], "told, kept, and nothing half");
}
