//! Changing what protects a vault: at every moment there is one way in that works.

use crate::support::{
    PASSPHRASE, Place, body, crash_image, create_with_passphrase, open_with_passphrase, passphrase, put,
    refused,
};
use secret::SecretString;
use vault::fakes::{Call, FakeKeychain};
use vault::{
    Argon2Cost, CreateError, CreateWith, KeychainError, OldKey, OpenError, Protection, UnlockWith, Vault,
};

fn with_passphrase(passphrase: &SecretString) -> CreateWith<'_> {
    CreateWith::Passphrase(passphrase, Argon2Cost::danger_cheap())
}

fn has_its_record(vault: &Vault) -> bool {
    body(vault, "grant", "one").as_deref() == Some(b"1")
}

#[test]
fn from_the_keychain_to_a_passphrase_the_keychain_forgets_the_key() {
    let (place, keychain) = (Place::new(), FakeKeychain::default());
    let vault = Vault::create(&place.folder, CreateWith::Keychain(&keychain)).unwrap();
    put(&vault, "grant", "one", b"1");
    let old = vault.change_protection(with_passphrase(&passphrase()), Some(&keychain)).unwrap();
    assert_eq!(old, OldKey::Gone);
    assert!(has_its_record(&vault), "it stays open");
    assert!(keychain.accounts().is_empty(), "whoever has the keychain has the vault no more");
    drop(vault);
    assert_eq!(vault::protection(&place.folder).unwrap(), Protection::Passphrase);
    assert!(has_its_record(&open_with_passphrase(&place.folder).unwrap()));
    let outcome = Vault::open(&place.folder, UnlockWith::Keychain(&keychain));
    assert!(matches!(refused(outcome, "the old way"), OpenError::NoSuchSlot));
}

#[test]
fn from_a_passphrase_to_the_keychain_the_passphrase_opens_nothing_any_more() {
    let (place, keychain) = (Place::new(), FakeKeychain::default());
    let vault = create_with_passphrase(&place.folder);
    put(&vault, "grant", "one", b"1");
    assert_eq!(vault.change_protection(CreateWith::Keychain(&keychain), None).unwrap(), OldKey::Gone);
    drop(vault);
    assert_eq!(vault::protection(&place.folder).unwrap(), Protection::Keychain);
    assert!(has_its_record(&Vault::open(&place.folder, UnlockWith::Keychain(&keychain)).unwrap()));
    assert!(matches!(refused(open_with_passphrase(&place.folder), "the old way"), OpenError::NoSuchSlot));
}

#[test]
fn a_new_passphrase_replaces_the_old_one() {
    let place = Place::new();
    let vault = create_with_passphrase(&place.folder);
    put(&vault, "grant", "one", b"1");
    let next = SecretString::from("another passphrase");
    assert_eq!(vault.change_protection(with_passphrase(&next), None).unwrap(), OldKey::Gone);
    drop(vault);
    assert!(matches!(refused(open_with_passphrase(&place.folder), "the old one"), OpenError::WrongKey));
    assert!(has_its_record(&Vault::open(&place.folder, UnlockWith::Passphrase(&next)).unwrap()));
}

#[test]
fn a_keychain_that_refuses_leaves_the_passphrase_as_it_was() {
    let (place, keychain) = (Place::new(), FakeKeychain::default());
    let vault = create_with_passphrase(&place.folder);
    put(&vault, "grant", "one", b"1");
    let before = std::fs::read(place.file("vault.keys")).unwrap();
    keychain.fail_at(Call::Store, Some(KeychainError::Denied));
    let outcome = vault.change_protection(CreateWith::Keychain(&keychain), None);
    assert!(matches!(refused(outcome, "the keychain refuses"), CreateError::Keychain(_)));
    assert_eq!(std::fs::read(place.file("vault.keys")).unwrap(), before);
    drop(vault);
    assert!(has_its_record(&open_with_passphrase(&place.folder).unwrap()));
}

#[test]
fn a_keychain_that_does_not_forget_is_told_and_the_passphrase_opens() {
    let (place, keychain) = (Place::new(), FakeKeychain::default());
    let vault = Vault::create(&place.folder, CreateWith::Keychain(&keychain)).unwrap();
    put(&vault, "grant", "one", b"1");
    keychain.fail_at(Call::Erase, Some(KeychainError::Timeout));
    let old = vault.change_protection(with_passphrase(&passphrase()), Some(&keychain)).unwrap();
    assert_eq!(old, OldKey::StillInKeychain(KeychainError::Timeout));
    drop(vault);
    assert!(has_its_record(&open_with_passphrase(&place.folder).unwrap()));
}

#[test]
fn slots_that_cannot_be_written_leave_the_old_way_in() {
    let (place, keychain) = (Place::new(), FakeKeychain::default());
    let vault = Vault::create(&place.folder, CreateWith::Keychain(&keychain)).unwrap();
    put(&vault, "grant", "one", b"1");
    // A folder where the draft would be written stops it on every system and for every user.
    std::fs::create_dir(place.file("vault.keys.new")).unwrap();
    refused(
        vault.change_protection(with_passphrase(&passphrase()), Some(&keychain)),
        "no draft can be written",
    );
    assert_eq!(keychain.accounts().len(), 1, "the only way in is not erased");
    drop(vault);
    assert!(has_its_record(&Vault::open(&place.folder, UnlockWith::Keychain(&keychain)).unwrap()));
}

#[test]
fn a_crash_at_any_step_leaves_one_way_in() {
    let (place, keychain) = (Place::new(), FakeKeychain::default());
    let vault = Vault::create(&place.folder, CreateWith::Keychain(&keychain)).unwrap();
    put(&vault, "grant", "one", b"1");
    let before = crash_image(&place.folder);
    // The steps on disk are: a draft that is half there, a draft that is whole, the draft in place.
    keychain.fail_at(Call::Erase, Some(KeychainError::Timeout));
    let old = vault.change_protection(with_passphrase(&passphrase()), Some(&keychain)).unwrap();
    assert_ne!(old, OldKey::Gone, "stopped before its last step");
    let after = crash_image(&place.folder);
    keychain.fail_with(None);
    let draft = std::fs::read(after.file("vault.keys")).unwrap();
    for length in [0, draft.len() / 2, draft.len()] {
        std::fs::write(before.file("vault.keys.new"), &draft[..length]).unwrap();
        assert!(
            has_its_record(&Vault::open(&before.folder, UnlockWith::Keychain(&keychain)).unwrap()),
            "{length}"
        );
    }
    assert!(has_its_record(&open_with_passphrase(&after.folder).unwrap()));
}

#[test]
fn changing_there_and_back_leaves_no_trace_of_a_passphrase() {
    let (place, keychain) = (Place::new(), FakeKeychain::default());
    let vault = Vault::create(&place.folder, CreateWith::Keychain(&keychain)).unwrap();
    assert_eq!(
        vault.change_protection(with_passphrase(&passphrase()), Some(&keychain)).unwrap(),
        OldKey::Gone
    );
    assert_eq!(vault.change_protection(CreateWith::Keychain(&keychain), None).unwrap(), OldKey::Gone);
    let slots = std::fs::read_to_string(place.file("vault.keys")).unwrap();
    assert!(!slots.contains("salt") && !slots.contains(PASSPHRASE), "{slots}");
    assert!(!place.file("vault.keys.new").exists());
}
