//! The ways to the key: each opens its own vault, and nothing else does.

use crate::support::{Place, body, create_with_passphrase, open_with_passphrase, passphrase, put, refused};
use secret::SecretString;
use serde_json::Value;
use vault::fakes::FakeKeychain;
use vault::{Argon2Cost, CreateError, CreateWith, KeychainError, OpenError, Protection, UnlockWith, Vault};

fn create_with_keychain(place: &Place, keychain: &FakeKeychain) -> Vault {
    Vault::create(&place.folder, CreateWith::Keychain(keychain)).unwrap()
}

fn open_with_keychain(place: &Place, keychain: &FakeKeychain) -> Result<Vault, OpenError> {
    Vault::open(&place.folder, UnlockWith::Keychain(keychain))
}

#[test]
fn a_vault_under_a_passphrase_opens_with_it() {
    let place = Place::new();
    assert!(!vault::exists(&place.folder));
    assert!(matches!(vault::protection(&place.folder), Err(OpenError::Missing)));
    put(&create_with_passphrase(&place.folder), "grant", "one", b"1");
    assert!(vault::exists(&place.folder));
    assert_eq!(vault::protection(&place.folder).unwrap(), Protection::Passphrase);
    let vault = open_with_passphrase(&place.folder).unwrap();
    assert_eq!(body(&vault, "grant", "one").as_deref(), Some(b"1".as_slice()));
}

#[test]
fn a_vault_under_the_recommended_cost_opens_and_says_its_cost() {
    let place = Place::new();
    drop(
        Vault::create(&place.folder, CreateWith::Passphrase(&passphrase(), Argon2Cost::recommended()))
            .unwrap(),
    );
    let slots: Value = serde_json::from_slice(&std::fs::read(place.file("vault.keys")).unwrap()).unwrap();
    assert_eq!(slots["passphrase"]["cost"]["memory_kib"], 65536, "RFC 9106, second recommended option");
    assert_eq!(slots["passphrase"]["cost"]["passes"], 3);
    assert_eq!(slots["passphrase"]["cost"]["lanes"], 4);
    open_with_passphrase(&place.folder).unwrap();
}

#[test]
fn a_vault_under_the_keychain_opens_with_it() {
    let (place, keychain) = (Place::new(), FakeKeychain::default());
    put(&create_with_keychain(&place, &keychain), "grant", "one", b"1");
    assert_eq!(vault::protection(&place.folder).unwrap(), Protection::Keychain);
    assert_eq!(keychain.keys()[0].len(), 32);
    let vault = open_with_keychain(&place, &keychain).unwrap();
    assert_eq!(body(&vault, "grant", "one").as_deref(), Some(b"1".as_slice()));
}

#[test]
fn two_vaults_in_one_keychain_do_not_meet() {
    let (one, two, keychain) = (Place::new(), Place::new(), FakeKeychain::default());
    drop(create_with_keychain(&one, &keychain));
    drop(create_with_keychain(&two, &keychain));
    assert_eq!(keychain.accounts().len(), 2);
    assert_ne!(keychain.keys()[0], keychain.keys()[1]);
    open_with_keychain(&one, &keychain).unwrap();
    open_with_keychain(&two, &keychain).unwrap();
}

#[test]
fn a_wrong_passphrase_is_a_wrong_key() {
    let place = Place::new();
    drop(create_with_passphrase(&place.folder));
    for wrong in [
        "",
        "canary-passphrase of the test",
        "CANARY-passphrase of the test ",
        "CANARY-passphrase of the tes",
    ] {
        let outcome = Vault::open(&place.folder, UnlockWith::Passphrase(&SecretString::from(wrong)));
        assert!(matches!(refused(outcome, wrong), OpenError::WrongKey), "{wrong:?}");
    }
    open_with_passphrase(&place.folder).unwrap();
}

#[test]
fn a_keychain_that_lost_the_key_is_told_apart_from_one_that_does_not_answer() {
    let (place, keychain) = (Place::new(), FakeKeychain::default());
    drop(create_with_keychain(&place, &keychain));
    keychain.fail_with(Some(KeychainError::Locked));
    let outcome = refused(open_with_keychain(&place, &keychain), "it is locked");
    assert!(matches!(outcome, OpenError::Keychain(KeychainError::Locked)), "{outcome:?}");
    keychain.fail_with(None);
    keychain.lose_all();
    let outcome = refused(open_with_keychain(&place, &keychain), "it has no key");
    assert!(matches!(outcome, OpenError::KeyMissing), "{outcome:?}");
}

#[test]
fn another_key_in_the_keychain_is_a_wrong_key_and_not_a_torn_file() {
    let (place, keychain) = (Place::new(), FakeKeychain::default());
    drop(create_with_keychain(&place, &keychain));
    for key in [vec![7; 32], vec![7; 31], Vec::new(), vec![7; 4096]] {
        keychain.replace_all(&key);
        let outcome = refused(open_with_keychain(&place, &keychain), "another key");
        assert!(matches!(outcome, OpenError::WrongKey), "{} bytes: {outcome:?}", key.len());
    }
}

#[test]
fn a_vault_has_no_other_way_in_than_its_own() {
    let (place, keychain) = (Place::new(), FakeKeychain::default());
    drop(create_with_passphrase(&place.folder));
    assert!(matches!(refused(open_with_keychain(&place, &keychain), "no such slot"), OpenError::NoSuchSlot));
    let place = Place::new();
    drop(create_with_keychain(&place, &keychain));
    assert!(matches!(refused(open_with_passphrase(&place.folder), "no such slot"), OpenError::NoSuchSlot));
}

#[test]
fn a_keychain_that_refuses_leaves_no_vault_behind() {
    for failure in [KeychainError::Denied, KeychainError::Locked, KeychainError::NoService] {
        let (place, keychain) = (Place::new(), FakeKeychain::default());
        keychain.fail_with(Some(failure.clone()));
        let outcome = refused(Vault::create(&place.folder, CreateWith::Keychain(&keychain)), "no keychain");
        assert!(matches!(&outcome, CreateError::Keychain(told) if *told == failure), "{outcome:?}");
        assert!(!vault::exists(&place.folder));
        keychain.fail_with(None);
        drop(create_with_keychain(&place, &keychain));
    }
}

#[test]
fn a_vault_is_never_made_over_another() {
    let (place, keychain) = (Place::new(), FakeKeychain::default());
    put(&create_with_passphrase(&place.folder), "grant", "one", b"1");
    let outcome = refused(Vault::create(&place.folder, CreateWith::Keychain(&keychain)), "there is one");
    assert!(matches!(outcome, CreateError::Exists), "{outcome:?}");
    assert!(keychain.accounts().is_empty());
    let vault = open_with_passphrase(&place.folder).unwrap();
    assert_eq!(body(&vault, "grant", "one").as_deref(), Some(b"1".as_slice()));
}

#[test]
fn a_slot_that_was_changed_opens_nothing() {
    let place = Place::new();
    drop(create_with_passphrase(&place.folder));
    let path = place.file("vault.keys");
    let whole = std::fs::read(&path).unwrap();
    let slots: Value = serde_json::from_slice(&whole).unwrap();
    for field in
        ["/vault_id", "/key_check", "/passphrase/salt", "/passphrase/nonce", "/passphrase/sealed_key"]
    {
        let mut changed = slots.clone();
        let value = changed.pointer_mut(field).unwrap();
        *value = Value::from(with_another_first_letter(value.as_str().unwrap()));
        std::fs::write(&path, changed.to_string()).unwrap();
        let outcome = refused(open_with_passphrase(&place.folder), field);
        assert!(matches!(outcome, OpenError::WrongKey), "{field}: {outcome:?}");
    }
    for (field, value) in [("memory_kib", 16), ("passes", 2), ("lanes", 2)] {
        let mut changed = slots.clone();
        changed["passphrase"]["cost"][field] = Value::from(value);
        std::fs::write(&path, changed.to_string()).unwrap();
        let outcome = refused(open_with_passphrase(&place.folder), field);
        assert!(matches!(outcome, OpenError::WrongKey | OpenError::TornFile(_)), "{field}: {outcome:?}");
    }
    std::fs::write(&path, whole).unwrap();
    open_with_passphrase(&place.folder).unwrap();
}

#[test]
fn a_slot_that_asks_for_absurd_work_is_damage_and_not_a_way_to_stop_the_machine() {
    let place = Place::new();
    drop(create_with_passphrase(&place.folder));
    let path = place.file("vault.keys");
    let slots: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    for (field, value) in
        [("memory_kib", u32::MAX), ("passes", u32::MAX), ("lanes", u32::MAX), ("lanes", 0), ("passes", 0)]
    {
        let mut changed = slots.clone();
        changed["passphrase"]["cost"][field] = Value::from(value);
        std::fs::write(&path, changed.to_string()).unwrap();
        let outcome = refused(open_with_passphrase(&place.folder), field);
        assert!(matches!(outcome, OpenError::TornFile(_)), "{field}={value}: {outcome:?}");
    }
}

#[test]
fn the_slot_of_one_vault_does_not_open_another() {
    let (one, two) = (Place::new(), Place::new());
    drop(create_with_passphrase(&one.folder));
    drop(create_with_passphrase(&two.folder));
    let read = |place: &Place| -> Value {
        serde_json::from_slice(&std::fs::read(place.file("vault.keys")).unwrap()).unwrap()
    };
    let mut mixed = read(&one);
    mixed["passphrase"] = read(&two)["passphrase"].clone();
    std::fs::write(one.file("vault.keys"), mixed.to_string()).unwrap();
    let outcome = refused(open_with_passphrase(&one.folder), "the same passphrase, but another vault's key");
    assert!(matches!(outcome, OpenError::WrongKey), "{outcome:?}");
}

fn with_another_first_letter(base64: &str) -> String {
    let first = if base64.starts_with('A') { "B" } else { "A" };
    format!("{first}{}", &base64[1..])
}
