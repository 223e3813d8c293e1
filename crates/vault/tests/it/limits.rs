//! A disk that is full or read-only, for real: a small file system mounted for a copy of this program.
//!
//! A mount of one's own works for every user where the kernel allows user namespaces, and binds root as well, whom file
//! modes do not bind.
#![cfg(target_os = "linux")]

use crate::support::{
    Place, body, copy_with_mount, create_with_passphrase, folder_of_copy, open_with_passphrase, passphrase,
    put, refused, said_by, say, write_in_line,
};
use std::sync::Arc;
use vault::{Argon2Cost, CreateError, CreateWith, OpenError, Vault, VaultError};

const SMALL_DISK: &str = "mount -t tmpfs -o size=1m,mode=700 none \"$FOLDER\"";
const READ_ONLY: &str = "mount --bind \"$FOLDER\" \"$FOLDER\" && mount -o remount,ro,bind \"$FOLDER\"";

#[test]
fn a_full_disk_refuses_the_write_and_keeps_what_was_there() {
    let test = "limits::a_full_disk_refuses_the_write_and_keeps_what_was_there";
    let Some(folder) = folder_of_copy(test) else {
        let place = Place::new();
        assert_eq!(said_by(copy_with_mount(test, &place.folder, SMALL_DISK)), ["kept"]);
        return;
    };
    let vault = create_with_passphrase(&folder);
    let mut written = 0_u32;
    let error = loop {
        match vault.write(|writer| writer.put("grant", &format!("{written:05}"), &[7; 9000])) {
            Ok(()) => written += 1,
            Err(error) => break error,
        }
        assert!(written < 1000, "the disk is smaller than that");
    };
    assert_eq!(error, VaultError::DiskFull);
    assert!(written > 5, "{written}");
    assert_eq!(vault.read(|reader| reader.count("grant")).unwrap(), u64::from(written));

    drop(vault);
    let vault = open_with_passphrase(&folder).unwrap();
    assert_eq!(
        vault.read(|reader| reader.count("grant")).unwrap(),
        u64::from(written),
        "nothing is lost by reopening"
    );
    say("kept");
}

#[test]
fn writing_goes_on_once_there_is_room_again() {
    let test = "limits::writing_goes_on_once_there_is_room_again";
    let Some(folder) = folder_of_copy(test) else {
        let place = Place::new();
        assert_eq!(said_by(copy_with_mount(test, &place.folder, SMALL_DISK)), ["went on"]);
        return;
    };
    let vault = create_with_passphrase(&folder);
    put(&vault, "grant", "one", b"1");
    let filler = fill_up(&folder);
    let large = vec![7; 50_000];
    let outcome = vault.write(|writer| writer.put("grant", "one", &large));
    assert_eq!(refused(outcome, "no room"), VaultError::DiskFull);
    assert_eq!(body(&vault, "grant", "one").as_deref(), Some(b"1".as_slice()));
    std::fs::remove_file(filler).unwrap();
    put(&vault, "grant", "one", &large);
    assert_eq!(body(&vault, "grant", "one"), Some(large));
    say("went on");
}

#[test]
fn one_that_does_not_fit_on_the_disk_takes_no_other_with_it() {
    let test = "limits::one_that_does_not_fit_on_the_disk_takes_no_other_with_it";
    let Some(folder) = folder_of_copy(test) else {
        let place = Place::new();
        assert_eq!(said_by(copy_with_mount(test, &place.folder, SMALL_DISK)), ["others kept"]);
        return;
    };
    let vault = Arc::new(create_with_passphrase(&folder));
    let (small, large) = (vec![7; 300], vec![7; 2_000_000]);
    let outcomes: Vec<_> = std::thread::scope(|scope| {
        let write = |number: usize| {
            let (vault, body) = (&vault, if number % 4 == 2 { large.clone() } else { small.clone() });
            scope.spawn(move || {
                write_in_line(vault, move |writer| writer.put("grant", &number.to_string(), &body))
            })
        };
        let all: Vec<_> = (0..12).map(write).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    for (number, outcome) in outcomes.into_iter().enumerate() {
        let fits = number % 4 != 2;
        assert_eq!(outcome, if fits { Ok(()) } else { Err(VaultError::DiskFull) }, "write {number}");
        assert_eq!(body(&vault, "grant", &number.to_string()), fits.then(|| small.clone()), "{number}");
    }
    say("others kept");
}

#[test]
fn a_full_disk_is_told_as_such_on_opening() {
    let test = "limits::a_full_disk_is_told_as_such_on_opening";
    let Some(folder) = folder_of_copy(test) else {
        let place = Place::new();
        assert_eq!(said_by(copy_with_mount(test, &place.folder, SMALL_DISK)), ["refused"]);
        return;
    };
    put(&create_with_passphrase(&folder), "grant", "one", b"1");
    let filler = fill_up(&folder);
    let error = refused(open_with_passphrase(&folder), "there is no room for the journal");
    assert!(matches!(error, OpenError::DiskFull), "{error:?}");
    std::fs::remove_file(filler).unwrap();
    let vault = open_with_passphrase(&folder).unwrap();
    assert_eq!(body(&vault, "grant", "one").as_deref(), Some(b"1".as_slice()));
    say("refused");
}

#[test]
fn a_vault_is_not_made_on_a_full_disk_and_nothing_stays_behind() {
    let test = "limits::a_vault_is_not_made_on_a_full_disk_and_nothing_stays_behind";
    let Some(folder) = folder_of_copy(test) else {
        let place = Place::new();
        assert_eq!(said_by(copy_with_mount(test, &place.folder, SMALL_DISK)), ["refused"]);
        return;
    };
    let filler = fill_up(&folder);
    let with = || {
        Vault::create(&folder, CreateWith::Passphrase(&PASSPHRASE_OF_COPY.into(), Argon2Cost::danger_cheap()))
    };
    let error = refused(with(), "no room");
    assert!(matches!(error, CreateError::DiskFull), "{error:?}");
    assert!(!vault::exists(&folder));
    std::fs::remove_file(filler).unwrap();
    with().unwrap();
    say("refused");
}

const PASSPHRASE_OF_COPY: &str = "a passphrase";

#[test]
fn a_read_only_disk_is_told_as_such() {
    let test = "limits::a_read_only_disk_is_told_as_such";
    let Some(folder) = folder_of_copy(test) else {
        let place = Place::new();
        drop(create_with_passphrase(&place.folder));
        assert_eq!(said_by(copy_with_mount(test, &place.folder, READ_ONLY)), ["refused"]);
        return;
    };
    assert!(vault::exists(&folder));
    let error = refused(open_with_passphrase(&folder), "it cannot be written");
    assert!(matches!(error, OpenError::ReadOnly), "{error:?}");
    say("refused");
}

#[test]
fn a_vault_is_not_made_on_a_read_only_disk() {
    let test = "limits::a_vault_is_not_made_on_a_read_only_disk";
    let Some(folder) = folder_of_copy(test) else {
        let place = Place::new();
        assert_eq!(said_by(copy_with_mount(test, &place.folder, READ_ONLY)), ["refused"]);
        return;
    };
    let with = CreateWith::Passphrase(&passphrase(), Argon2Cost::danger_cheap());
    let error = refused(Vault::create(&folder, with), "it cannot be written");
    assert!(matches!(error, CreateError::ReadOnly), "{error:?}");
    say("refused");
}

/// Takes every free byte of the disk; gives the file that holds them.
fn fill_up(folder: &std::path::Path) -> std::path::PathBuf {
    use std::io::Write;
    let path = folder.join("filler");
    let mut file = std::fs::File::create(&path).unwrap();
    for size in [4096, 1] {
        while file.write(&vec![0; size]).is_ok_and(|written| written > 0) {}
    }
    path
}
