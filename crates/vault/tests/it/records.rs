//! Records and the log: what was written is what is read, and a transaction is all or nothing.

use crate::support::{Place, body, create_with_passphrase, open_with_passphrase, put, refused, stop};
use vault::{Vault, VaultError};

fn ids(vault: &Vault, kind: &str) -> Vec<String> {
    vault.read(|reader| Ok(reader.list(kind)?.into_iter().map(|record| record.id).collect())).unwrap()
}

fn revision(vault: &Vault, kind: &str, id: &str) -> Option<u64> {
    vault.read(|reader| Ok(reader.get(kind, id)?.map(|record| record.revision))).unwrap()
}

#[test]
fn a_record_is_read_as_it_was_written_also_after_reopening() {
    let place = Place::new();
    let vault = create_with_passphrase(&place.folder);
    let bytes: Vec<u8> = (0..=255).cycle().take(20_000).collect();
    put(&vault, "grant", "bank/é'; drop table record; --", &bytes);
    put(&vault, "grant", "empty", b"");
    put(&vault, "other", "empty", b"another kind is another record");
    drop(vault);

    let vault = open_with_passphrase(&place.folder).unwrap();
    assert_eq!(body(&vault, "grant", "bank/é'; drop table record; --"), Some(bytes));
    assert_eq!(body(&vault, "grant", "empty"), Some(Vec::new()));
    assert_eq!(body(&vault, "grant", "never written"), None);
    assert_eq!(body(&vault, "other", "empty").as_deref(), Some(b"another kind is another record".as_slice()));
}

#[test]
fn a_list_has_one_kind_in_the_order_of_ids() {
    let place = Place::new();
    let vault = create_with_passphrase(&place.folder);
    for id in ["b", "a", "c", "ä", "B"] {
        put(&vault, "connection", id, id.as_bytes());
    }
    put(&vault, "connection2", "z", b"");
    assert_eq!(ids(&vault, "connection"), ["B", "a", "b", "c", "ä"], "bytes decide, not a language");
    assert_eq!(vault.read(|reader| reader.count("connection")).unwrap(), 5);
    assert_eq!(vault.read(|reader| reader.count("nothing")).unwrap(), 0);
}

#[test]
fn every_write_of_a_record_has_a_higher_revision() {
    let place = Place::new();
    let vault = create_with_passphrase(&place.folder);
    assert_eq!(revision(&vault, "grant", "one"), None);
    put(&vault, "grant", "one", b"1");
    let first = revision(&vault, "grant", "one").unwrap();
    put(&vault, "grant", "one", b"2");
    let second = revision(&vault, "grant", "one").unwrap();
    assert!(second > first, "{first} then {second}");
}

#[test]
fn a_write_that_expects_another_revision_changes_nothing() {
    let place = Place::new();
    let vault = create_with_passphrase(&place.folder);
    put(&vault, "grant", "one", b"1");
    let stale = revision(&vault, "grant", "one").unwrap();
    put(&vault, "grant", "one", b"2");
    let error = refused(
        vault.write(|writer| writer.put_if_revision("grant", "one", stale, b"3")),
        "somebody wrote in between",
    );
    assert!(matches!(error, VaultError::Conflict), "{error:?}");
    assert_eq!(body(&vault, "grant", "one").as_deref(), Some(b"2".as_slice()));

    let current = revision(&vault, "grant", "one").unwrap();
    vault.write(|writer| writer.put_if_revision("grant", "one", current, b"4")).unwrap();
    assert_eq!(body(&vault, "grant", "one").as_deref(), Some(b"4".as_slice()));
}

#[test]
fn a_write_that_expects_a_record_does_not_make_one() {
    let place = Place::new();
    let vault = create_with_passphrase(&place.folder);
    let outcome = vault.write(|writer| writer.put_if_revision("grant", "one", 1, b"1"));
    assert!(matches!(refused(outcome, "it was deleted meanwhile"), VaultError::Conflict));
    assert_eq!(body(&vault, "grant", "one"), None);
}

#[test]
fn deleting_removes_one_record_and_deleting_nothing_is_fine() {
    let place = Place::new();
    let vault = create_with_passphrase(&place.folder);
    put(&vault, "grant", "one", b"1");
    put(&vault, "grant", "two", b"2");
    vault.write(|writer| writer.delete("grant", "one")).unwrap();
    vault.write(|writer| writer.delete("grant", "one")).unwrap();
    assert_eq!(ids(&vault, "grant"), ["two"]);
}

#[test]
fn a_transaction_that_fails_changes_nothing() {
    let place = Place::new();
    let vault = create_with_passphrase(&place.folder);
    put(&vault, "grant", "one", b"1");
    let outcome: Result<(), VaultError> = vault.write(|writer| {
        writer.put("grant", "one", b"changed")?;
        writer.put("grant", "two", b"new")?;
        writer.append_log("2026-11-21T00:00:00Z", None, b"line")?;
        writer.delete("grant", "one")?;
        stop()
    });
    refused(outcome, "it stopped itself");
    assert_eq!(body(&vault, "grant", "one").as_deref(), Some(b"1".as_slice()));
    assert_eq!(ids(&vault, "grant"), ["one"]);
    assert!(vault.read(|reader| reader.log_page(None, None, 10)).unwrap().is_empty());
}

#[test]
fn a_transaction_that_panics_changes_nothing_and_the_vault_stays_usable() {
    let place = Place::new();
    let vault = create_with_passphrase(&place.folder);
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _: Result<(), VaultError> = vault.write(|writer| {
            writer.put("grant", "one", b"1")?;
            panic!("inside a transaction")
        });
    }));
    assert!(panicked.is_err());
    assert_eq!(body(&vault, "grant", "one"), None);
    put(&vault, "grant", "two", b"2");
    assert_eq!(ids(&vault, "grant"), ["two"]);
}

#[test]
fn the_log_is_read_backwards_in_pages_and_by_subject() {
    let place = Place::new();
    let vault = create_with_passphrase(&place.folder);
    let mut sequences = Vec::new();
    for number in 0..10_u8 {
        let subject = [None, Some("a"), Some("b")][usize::from(number) % 3];
        let at = format!("2026-11-21T00:00:{number:02}Z");
        sequences.push(vault.write(|writer| writer.append_log(&at, subject, &[number])).unwrap());
    }
    assert!(sequences.is_sorted(), "{sequences:?}");

    let newest = vault.read(|reader| reader.log_page(None, None, 4)).unwrap();
    let bodies: Vec<u8> = newest.iter().map(|line| line.body[0]).collect();
    assert_eq!(bodies, [9, 8, 7, 6]);
    assert_eq!(newest[0].at, "2026-11-21T00:00:09Z");

    let older = vault.read(|reader| reader.log_page(Some(newest[3].sequence), None, 4)).unwrap();
    assert_eq!(older.iter().map(|line| line.body[0]).collect::<Vec<_>>(), [5, 4, 3, 2]);

    let of_a = vault.read(|reader| reader.log_page(None, Some("a"), 10)).unwrap();
    assert_eq!(of_a.iter().map(|line| line.body[0]).collect::<Vec<_>>(), [7, 4, 1]);
    assert!(of_a.iter().all(|line| line.subject.as_deref() == Some("a")));
}

#[test]
fn a_trimmed_log_never_gives_out_a_sequence_number_twice() {
    let place = Place::new();
    let vault = create_with_passphrase(&place.folder);
    let append = || vault.write(|writer| writer.append_log("2026-11-21T00:00:00Z", None, b"")).unwrap();
    append();
    let second = append();
    vault.write(|writer| writer.trim_log(second)).unwrap();
    let left = vault.read(|reader| reader.log_page(None, None, 10)).unwrap();
    assert_eq!(
        left.iter().map(|line| line.sequence).collect::<Vec<_>>(),
        [second],
        "what is before it is gone"
    );
    vault.write(|writer| writer.trim_log(second + 1)).unwrap();
    assert!(append() > second, "a reader that kept the number would mistake one line for another");
}

#[test]
fn threads_that_write_at_once_lose_nothing() {
    let place = Place::new();
    let vault = create_with_passphrase(&place.folder);
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let vault = &vault;
            scope.spawn(move || {
                for number in 0..25 {
                    put(vault, "grant", &format!("{thread}/{number}"), b"");
                }
            });
        }
    });
    assert_eq!(vault.read(|reader| reader.count("grant")).unwrap(), 100);
}

#[test]
fn who_reads_while_somebody_writes_sees_what_is_on_disk() {
    let place = Place::new();
    let vault = create_with_passphrase(&place.folder);
    put(&vault, "grant", "one", b"1");
    vault
        .write(|writer| {
            writer.put("grant", "one", b"2")?;
            assert_eq!(body(&vault, "grant", "one").as_deref(), Some(b"1".as_slice()));
            Ok(())
        })
        .unwrap();
    assert_eq!(body(&vault, "grant", "one").as_deref(), Some(b"2".as_slice()));
}
