//! What `write` acknowledged survives the death of the process at any moment.

use crate::support::{
    Place, body, copy_of, create_with_passphrase, folder_of_copy, heard, open_with_passphrase, say,
    write_in_line,
};
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Each round kills after another number of commits. More rounds than fit into the time are left out.
const ROUNDS: usize = 40;
const ENOUGH: Duration = Duration::from_secs(6);

#[test]
fn a_killed_process_loses_no_acknowledged_commit() {
    let test = "durability::a_killed_process_loses_no_acknowledged_commit";
    if let Some(folder) = folder_of_copy(test) {
        write_until_killed(&folder);
    }
    let place = Place::new();
    drop(create_with_passphrase(&place.folder));
    let begun = Instant::now();
    let (mut rounds, mut last) = (0, 0);
    while rounds < ROUNDS && (rounds < 5 || begun.elapsed() < ENOUGH) {
        let acknowledged = kill_after(&place, test, 1 + rounds * 7 % 31);
        assert!(acknowledged > last, "round {rounds} committed something");
        let found = whole_state(&place);
        // The commit that the kill met may have been on disk already.
        assert!(
            found == acknowledged || found == acknowledged + 1,
            "acknowledged {acknowledged}, found {found}"
        );
        last = found;
        rounds += 1;
    }
}

fn write_until_killed(folder: &std::path::Path) -> ! {
    let vault = open_with_passphrase(folder).unwrap();
    let mut number = body(&vault, "counter", "one").map_or(0, |bytes| number_in(&bytes));
    loop {
        number += 1;
        let bytes = [&number.to_le_bytes()[..], &[7; 600]].concat();
        vault
            .write(|writer| {
                writer.put("counter", "one", &bytes)?;
                writer.append_log("2026-11-21T00:00:00Z", None, &number.to_le_bytes())?;
                writer.put("counter", "two", &bytes)
            })
            .unwrap();
        say(&number.to_string());
    }
}

/// Starts a writer, kills it after some commits, and gives the last number it was told was on disk.
fn kill_after(place: &Place, test: &str, commits: usize) -> u64 {
    let mut writer = copy_of(test, &place.folder).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(writer.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut numbers = Vec::new();
    while numbers.len() < commits {
        let line = lines.next().expect("the writer goes on until it is killed");
        numbers.extend(heard(&line).map(|number| number.parse::<u64>().unwrap()));
    }
    writer.kill().unwrap();
    // What it said before it died counts as well.
    numbers.extend(lines.filter_map(|line| heard(&line).and_then(|number| number.parse::<u64>().ok())));
    writer.wait().unwrap();
    numbers.into_iter().max().unwrap()
}

/// The number on disk, after checking that every transaction is there as a whole.
fn whole_state(place: &Place) -> u64 {
    let vault = open_with_passphrase(&place.folder).unwrap();
    let number = number_in(&body(&vault, "counter", "one").unwrap());
    assert_eq!(number_in(&body(&vault, "counter", "two").unwrap()), number);
    let lines = vault.read(|reader| reader.log_page(None, None, usize::MAX)).unwrap();
    assert_eq!(lines.len() as u64, number, "one line for each commit");
    assert_eq!(lines.first().map(|line| number_in(&line.body)), Some(number));
    number
}

fn number_in(bytes: &[u8]) -> u64 {
    u64::from_le_bytes(bytes[..8].try_into().unwrap())
}

/// Threads that write at once, each what is its own.
const WRITERS: usize = 8;

#[test]
fn a_process_killed_while_many_write_loses_nothing_that_was_acknowledged() {
    let test = "durability::a_process_killed_while_many_write_loses_nothing_that_was_acknowledged";
    if let Some(folder) = folder_of_copy(test) {
        many_write_until_killed(&folder);
    }
    let place = Place::new();
    drop(create_with_passphrase(&place.folder));
    let begun = Instant::now();
    let (mut rounds, mut last) = (0, [0; WRITERS]);
    while rounds < ROUNDS && (rounds < 5 || begun.elapsed() < ENOUGH) {
        let mut writer = copy_of(test, &place.folder).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(writer.stdout.take().unwrap()).lines().map(Result::unwrap);
        let mut acknowledged = last;
        let note = |line: &str, acknowledged: &mut [u64]| {
            let told = heard(line).and_then(|told| told.split_once(' '));
            let Some((thread, number)) = told else { return 0 };
            acknowledged[thread.parse::<usize>().unwrap()] = number.parse().unwrap();
            1
        };
        let mut told = 0;
        while told < 20 + rounds * 7 % 31 {
            told += note(&lines.next().expect("the writers go on until they are killed"), &mut acknowledged);
        }
        writer.kill().unwrap();
        // What they said before they died counts as well.
        for line in lines {
            note(&line, &mut acknowledged);
        }
        writer.wait().unwrap();
        last = counters(&place);
        for (thread, (found, acknowledged)) in last.iter().zip(acknowledged).enumerate() {
            assert!(
                *found == acknowledged || *found == acknowledged + 1,
                "round {rounds}, thread {thread}: acknowledged {acknowledged}, found {found}"
            );
        }
        rounds += 1;
    }
}

fn many_write_until_killed(folder: &std::path::Path) -> ! {
    let vault = Arc::new(open_with_passphrase(folder).unwrap());
    std::thread::scope(|scope| {
        for thread in 0..WRITERS {
            let vault = &vault;
            scope.spawn(move || {
                let id = thread.to_string();
                let mut number = body(vault, "counter", &id).map_or(0, |bytes| number_in(&bytes));
                loop {
                    number += 1;
                    let bytes = [&number.to_le_bytes()[..], &[7; 600]].concat();
                    let counter = id.clone();
                    write_in_line(vault, move |writer| {
                        writer.put("counter", &counter, &bytes)?;
                        writer.append_log("2026-11-21T00:00:00Z", Some(&counter), &bytes)
                    })
                    .unwrap();
                    say(&format!("{thread} {number}"));
                }
            });
        }
    });
    unreachable!("they write until they are killed")
}

/// How far each thread came, after checking that each of its writes is there as a whole.
fn counters(place: &Place) -> [u64; WRITERS] {
    let vault = open_with_passphrase(&place.folder).unwrap();
    std::array::from_fn(|thread| {
        let id = thread.to_string();
        let number = body(&vault, "counter", &id).map_or(0, |bytes| number_in(&bytes));
        let lines = vault.read(|reader| reader.log_page(None, Some(&id), usize::MAX)).unwrap();
        assert_eq!(lines.len() as u64, number, "one line for each commit of thread {thread}");
        number
    })
}
