//! One owner at a time, in this process and among all of them.

use crate::support::{
    Place, body, copy_of, create_with_passphrase, folder_of_copy, open_with_passphrase, put, refused,
    said_by, say,
};
use vault::fakes::FakeKeychain;
use vault::{CreateError, CreateWith, OpenError, Vault};

#[test]
fn a_second_opening_in_the_same_process_is_refused_until_the_first_is_closed() {
    let place = Place::new();
    let vault = create_with_passphrase(&place.folder);
    let error = refused(open_with_passphrase(&place.folder), "it is open");
    let pid = std::process::id();
    assert!(matches!(error, OpenError::InUse { pid: Some(named) } if named == pid), "{error:?}");
    put(&vault, "grant", "one", b"1");
    drop(vault);
    assert_eq!(
        body(&open_with_passphrase(&place.folder).unwrap(), "grant", "one").as_deref(),
        Some(b"1".as_slice())
    );
}

#[test]
fn another_process_is_told_who_has_the_vault() {
    let test = "owner::another_process_is_told_who_has_the_vault";
    if let Some(folder) = folder_of_copy(test) {
        match refused(open_with_passphrase(&folder), "the first process has it") {
            OpenError::InUse { pid } => say(&format!("{pid:?}")),
            other => panic!("{other:?}"),
        }
        return;
    }
    let place = Place::new();
    let vault = create_with_passphrase(&place.folder);
    assert_eq!(said_by(copy_of(test, &place.folder)), [format!("{:?}", Some(std::process::id()))]);
    put(&vault, "grant", "one", b"1");
}

#[test]
fn a_vault_is_not_made_where_somebody_works() {
    let (place, keychain) = (Place::new(), FakeKeychain::default());
    let _vault = create_with_passphrase(&place.folder);
    std::fs::remove_file(place.file("vault.keys")).unwrap();
    let outcome = refused(Vault::create(&place.folder, CreateWith::Keychain(&keychain)), "it is open");
    assert!(matches!(outcome, CreateError::InUse { .. }), "{outcome:?}");
    assert!(place.file("vault.db").exists());
}

#[test]
fn a_lock_file_without_a_holder_stops_nobody() {
    let place = Place::new();
    drop(create_with_passphrase(&place.folder));
    for left in ["1", "", "not a number", "99999999999999999999"] {
        std::fs::write(place.file("vault.lock"), left).unwrap();
        open_with_passphrase(&place.folder).unwrap();
    }
}

#[test]
fn a_folder_that_is_not_there_has_no_vault() {
    let place = Place::new();
    let nowhere = place.folder.join("nowhere");
    assert!(!vault::exists(&nowhere));
    assert!(matches!(refused(open_with_passphrase(&nowhere), "there is no folder"), OpenError::Missing));
    assert!(!nowhere.exists());
}

#[test]
fn a_failed_opening_lets_go() {
    let place = Place::new();
    assert!(matches!(refused(open_with_passphrase(&place.folder), "there is none"), OpenError::Missing));
    drop(create_with_passphrase(&place.folder));
}
