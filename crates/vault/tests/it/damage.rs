//! Damaged files are recognised: never taken for a new vault, never for a wrong passphrase, never read wrongly.

use crate::support::{
    Place, crash_image, create_with_passphrase, open_with_passphrase, passphrase, put, refused,
};
use vault::fakes::FakeKeychain;
use vault::{Argon2Cost, CreateError, CreateWith, OpenError, UnlockWith, Vault, VaultError};

fn filled() -> Place {
    let place = Place::new();
    let vault = create_with_passphrase(&place.folder);
    for number in 0..40 {
        put(&vault, "grant", &format!("{number:02}"), &content(number));
    }
    vault.write(|writer| writer.append_log("2026-11-21T00:00:00Z", None, &content(99))).unwrap();
    drop(vault);
    place
}

fn content(number: u8) -> Vec<u8> {
    vec![number; 700]
}

/// Reads everything; `Ok` only if all of it is what was written.
fn read_all(vault: &Vault) -> Result<(), VaultError> {
    let records = vault.read(|reader| reader.list("grant"))?;
    assert_eq!(records.len(), 40, "a list with a gap is worse than an error");
    for (record, number) in records.iter().zip(0..) {
        assert_eq!(record.body.expose(), &content(number), "{}", record.id);
    }
    let lines = vault.read(|reader| reader.log_page(None, None, 10))?;
    assert_eq!(lines[0].body, content(99));
    Ok(())
}

#[test]
fn a_database_cut_short_is_torn_wherever_it_was_cut() {
    let place = filled();
    let path = place.file("vault.db");
    let whole = std::fs::read(&path).unwrap();
    assert!(whole.len() > 10 * 4096, "{} bytes", whole.len());
    let page = 4096;
    for length in [
        0,
        1,
        15,
        16,
        100,
        2048,
        page - 1,
        page,
        page + 1,
        2 * page,
        whole.len() / 2,
        whole.len() - page,
        whole.len() - 64,
    ] {
        std::fs::write(&path, &whole[..length]).unwrap();
        let error = refused(open_and_read(&place), &format!("cut to {length} of {} bytes", whole.len()));
        assert!(error.is_damage(), "{length} of {} bytes: {error:?}", whole.len());
    }
}

/// Opens and reads everything; see [`read_all`].
fn open_and_read(place: &Place) -> Result<(), Trouble> {
    let vault = open_with_passphrase(&place.folder).map_err(Trouble::Opening)?;
    read_all(&vault).map_err(Trouble::Reading)
}

#[derive(Debug)]
enum Trouble {
    Opening(OpenError),
    Reading(VaultError),
}

impl Trouble {
    const fn is_damage(&self) -> bool {
        matches!(self, Self::Opening(OpenError::TornFile(_)) | Self::Reading(VaultError::Corrupt(_)))
    }
}

#[test]
fn a_flipped_bit_anywhere_in_the_database_is_noticed() {
    let place = filled();
    let path = place.file("vault.db");
    let whole = std::fs::read(&path).unwrap();
    let mut noticed = 0;
    // Every page is hit, each at another place; 1361 shares no factor with the page size.
    for at in (0..whole.len()).step_by(1361) {
        let mut torn = whole.clone();
        torn[at] ^= 0x40;
        std::fs::write(&path, &torn).unwrap();
        // A page that nothing reads can be damaged without harm.
        if let Err(error) = open_and_read(&place) {
            assert!(error.is_damage(), "at {at}: {error:?}");
            noticed += 1;
        }
    }
    assert!(noticed * 10 > whole.len() / 1361 * 8, "only {noticed} noticed in {} bytes", whole.len());
    std::fs::write(&path, &whole).unwrap();
    read_all(&open_with_passphrase(&place.folder).unwrap()).unwrap();
}

#[test]
fn two_pages_that_changed_places_are_noticed() {
    let place = filled();
    let path = place.file("vault.db");
    let mut torn = std::fs::read(&path).unwrap();
    let pages = torn.len() / 4096;
    let (low, high) = torn.split_at_mut((pages - 1) * 4096);
    low[(pages - 2) * 4096..].swap_with_slice(&mut high[..4096]);
    std::fs::write(&path, &torn).unwrap();
    let error = refused(open_and_read(&place), "each page is whole, at the wrong place");
    assert!(error.is_damage(), "{error:?}");
}

#[test]
fn a_file_that_is_no_database_of_ours_is_torn() {
    let place = filled();
    for content in [b"SQLite format 3\0".repeat(256), vec![0; 8192], vec![0x5a; 40_960]] {
        std::fs::write(place.file("vault.db"), content).unwrap();
        let error = refused(open_with_passphrase(&place.folder), "not ours");
        assert!(matches!(error, OpenError::TornFile(_)), "{error:?}");
    }
}

#[test]
fn a_missing_database_is_torn_and_not_made_anew() {
    let place = filled();
    std::fs::remove_file(place.file("vault.db")).unwrap();
    let error = refused(open_with_passphrase(&place.folder), "its data is gone");
    assert!(matches!(error, OpenError::TornFile(_)), "{error:?}");
    assert!(!place.file("vault.db").exists());
    assert!(vault::exists(&place.folder));
}

#[test]
fn missing_key_slots_are_damage_and_the_data_stays() {
    let place = filled();
    let slots = std::fs::read(place.file("vault.keys")).unwrap();
    std::fs::remove_file(place.file("vault.keys")).unwrap();
    let error = refused(open_with_passphrase(&place.folder), "the way to the key is gone");
    assert!(matches!(error, OpenError::TornFile(_)), "{error:?}");

    let with = CreateWith::Passphrase(&passphrase(), Argon2Cost::danger_cheap());
    let error = refused(Vault::create(&place.folder, with), "it would be written over");
    assert!(matches!(error, CreateError::Exists), "{error:?}");

    std::fs::write(place.file("vault.keys"), slots).unwrap();
    read_all(&open_with_passphrase(&place.folder).unwrap()).unwrap();
}

#[test]
fn damaged_key_slots_are_not_a_wrong_passphrase() {
    let place = filled();
    let path = place.file("vault.keys");
    let whole = std::fs::read(&path).unwrap();
    let cuts = (0..whole.len() - 1).step_by(17).map(|length| whole[..length].to_vec());
    let other = [
        b"{}".to_vec(),
        b"null".to_vec(),
        b"{\"version\":1}".to_vec(),
        b"{\"version\":\"1\"}".to_vec(),
        vec![0xff; 64],
    ];
    for torn in cuts.chain(other) {
        std::fs::write(&path, &torn).unwrap();
        let error = refused(open_with_passphrase(&place.folder), "torn slots");
        assert!(matches!(error, OpenError::TornFile(_)), "{}: {error:?}", String::from_utf8_lossy(&torn));
    }
}

#[test]
fn a_journal_cut_short_by_a_crash_leaves_whole_transactions() {
    let place = Place::new();
    let vault = create_with_passphrase(&place.folder);
    for number in 0..12_u8 {
        vault
            .write(|writer| {
                writer.put("left", "one", &[number; 900])?;
                writer.put("right", &format!("{number:02}"), &[number; 900])
            })
            .unwrap();
    }
    let image = crash_image(&place.folder);
    drop(vault);
    let journal = std::fs::read(image.file("vault.db-wal")).unwrap();
    let slots = std::fs::read(image.file("vault.keys")).unwrap();
    let database = std::fs::read(image.file("vault.db")).unwrap();
    let mut states = std::collections::BTreeSet::new();
    for length in (0..=journal.len()).step_by(997).chain([journal.len()]) {
        let cut = Place::new();
        std::fs::write(cut.file("vault.keys"), &slots).unwrap();
        std::fs::write(cut.file("vault.db"), &database).unwrap();
        std::fs::write(cut.file("vault.db-wal"), &journal[..length]).unwrap();
        let opened = match open_with_passphrase(&cut.folder) {
            Ok(opened) => opened,
            // What made the tables was in the journal as well.
            Err(OpenError::TornFile(_)) => continue,
            Err(other) => panic!("{length} bytes: {other:?}"),
        };
        let right = opened.read(|reader| reader.count("right")).unwrap();
        let left = crate::support::body(&opened, "left", "one");
        let expected = right.checked_sub(1).map(|last| vec![u8::try_from(last).unwrap(); 900]);
        assert_eq!(left, expected, "both halves of a transaction, or neither ({length} bytes)");
        states.insert(right);
    }
    assert_eq!(states.last(), Some(&12), "an uncut journal loses nothing");
    assert!(states.len() > 4, "cuts in between are seen: {states:?}");
}

#[test]
fn what_a_crash_while_making_a_vault_leaves_is_no_vault() {
    let (place, keychain) = (Place::new(), FakeKeychain::default());
    for name in ["vault.db.new", "vault.db.new-wal", "vault.db-wal", "vault.keys.new", "vault.lock"] {
        std::fs::write(place.file(name), b"half").unwrap();
    }
    assert!(!vault::exists(&place.folder));
    assert!(matches!(refused(open_with_passphrase(&place.folder), "there is none"), OpenError::Missing));
    let vault = Vault::create(&place.folder, CreateWith::Keychain(&keychain)).unwrap();
    put(&vault, "grant", "one", b"1");
    drop(vault);
    Vault::open(&place.folder, UnlockWith::Keychain(&keychain)).unwrap();
}

#[test]
fn a_crash_before_the_last_step_of_making_a_vault_is_finished_by_opening_it() {
    let place = Place::new();
    drop(create_with_passphrase(&place.folder));
    std::fs::rename(place.file("vault.db"), place.file("vault.db.new")).unwrap();
    assert!(vault::exists(&place.folder), "its slots are there");
    let vault = open_with_passphrase(&place.folder).unwrap();
    put(&vault, "grant", "one", b"1");
    assert!(place.file("vault.db").exists() && !place.file("vault.db.new").exists());
}
