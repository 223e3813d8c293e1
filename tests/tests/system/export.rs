//! What was read through the practice Pluggy, exported by the built program in all formats and read back.

use connections::ConnectionKey;
use serde_json::Value;
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use tests::world::{Wants, World};
use tests::{cli, profile};

const NO_WINDOW: Wants = Wants { display: None, keychain: false };

/// Makes the profile, links a practice institution in it, and ends when its accounts are read.
async fn linked_profile(world: &World) -> ConnectionKey {
    let practice = profile::practice().await;
    let runtime = profile::made(&world.profile()).await;
    profile::link_institution(&runtime.connections().unwrap(), &practice).await
}

/// The amount without zeros that say nothing.
fn amount(text: &Value) -> String {
    let text = text.as_str().unwrap();
    let trimmed = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text };
    trimmed.to_owned()
}

/// What of `accounts`, as the JSON export has them, belongs into OFX: by id, the amount and the day of each line that
/// is booked.
fn booked(accounts: &[Value]) -> BTreeMap<String, (String, Value)> {
    let lines = accounts.iter().flat_map(|one| one["transactions"].as_array().unwrap());
    let booked = lines.filter(|one| one["status"] != "pending");
    booked
        .map(|one| (one["id"].as_str().unwrap().to_owned(), (amount(&one["amount"]), one["date"].clone())))
        .collect()
}

/// Two parsers that others wrote understand the product's own file as the JSON export has it.
fn is_understood(file: &Path, readers: &[&str], accounts: &[Value]) {
    let parsed = tests::ofx::parsed(file, readers);
    for reader in readers {
        let read = parsed[reader].as_array().unwrap();
        assert_eq!(read.len(), accounts.len(), "{reader}");
        let mut balances: Vec<String> = read.iter().map(|one| amount(&one["balance"])).collect();
        let mut expected: Vec<String> = accounts.iter().map(owned).collect();
        balances.sort();
        expected.sort();
        assert_eq!(balances, expected, "{reader}");
        let cards =
            |all: &[Value], is_card: fn(&Value) -> bool| all.iter().filter(|one| is_card(one)).count();
        assert_eq!(
            cards(read, |one| one["card"] == true),
            cards(accounts, |one| one["kind"] == "creditCard"),
            "{reader}"
        );
        let lines = read.iter().flat_map(|one| one["transactions"].as_array().unwrap());
        let lines: BTreeMap<String, (String, Value)> = lines
            .map(|one| (one["id"].as_str().unwrap().to_owned(), (amount(&one["amount"]), one["day"].clone())))
            .collect();
        assert_eq!(lines, booked(accounts), "{reader}");
    }
}

/// The balance as a statement has it: what is owed on a card is below nought.
fn owned(account: &Value) -> String {
    let balance = amount(&account["balance"]);
    match balance.strip_prefix('-') {
        _ if account["kind"] != "creditCard" || balance == "0" => balance,
        Some(owed) => owed.to_owned(),
        None => format!("-{balance}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_formats_hold_what_was_read_and_nobody_else_may_read_them() {
    let world = World::new(NO_WINDOW);
    let key = linked_profile(&world).await.to_string();
    let _agent = cli::agent(&world);
    let everything: serde_json::Value =
        serde_json::from_str(&cli::ok(&world, &["export", "--json"])).unwrap();
    let accounts = everything["accounts"].as_array().unwrap();
    assert!(accounts.len() >= 2 && accounts.iter().all(|one| one["connection"] == key.as_str()));
    let lines: usize = accounts.iter().map(|one| one["transactions"].as_array().unwrap().len()).sum();
    assert!(lines > 50, "three months of an invented person: {lines}");

    let csv = cli::ok(&world, &["export", "--csv", "--connection", &key]);
    assert_eq!(csv.lines().count(), lines + 1, "a header and a row each");
    let balances = cli::ok(&world, &["export", "--csv", "--balances"]);
    assert_eq!(balances.lines().count(), accounts.len() + 1);

    let file = world.folder().join("statement.ofx");
    cli::ok(&world, &["export", "--ofx", "--output", file.to_str().unwrap()]);
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let ofx = std::fs::read_to_string(&file).unwrap();
    let pending = csv.lines().filter(|line| line.contains(",pending,")).count();
    assert_eq!(ofx.matches("<STMTTRN>").count() + pending, lines);
    is_understood(&file, &["ofxtools"], accounts);
    // `ofxparse` takes every OFX 2 for ASCII; the names of the practice world have accents.
    let older = world.folder().join("statement-1.ofx");
    cli::ok(&world, &["export", "--ofx", "--sgml", "--output", older.to_str().unwrap()]);
    is_understood(&older, &["ofxparse", "ofxtools"], accounts);
    let card = accounts.iter().find(|one| one["kind"] == "creditCard").unwrap();
    let spent = card["transactions"].as_array().unwrap();
    assert!(spent.iter().all(|one| one["amount"].as_str().unwrap().starts_with('-')), "a purchase goes out");

    let one = card["id"].as_str().unwrap();
    let only: serde_json::Value =
        serde_json::from_str(&cli::ok(&world, &["export", "--json", "--account", one])).unwrap();
    assert_eq!(only["accounts"].as_array().unwrap().len(), 1);
    let day = card["transactions"][0]["date"].as_str().unwrap();
    let bounded = cli::ok(&world, &["export", "--csv", "--account", one, "--from", day, "--to", day]);
    assert!(bounded.lines().skip(1).all(|line| line.starts_with(day)) && bounded.lines().count() > 1);
}

#[test]
fn what_is_not_there_is_refused_and_writes_nothing() {
    let world = World::new(NO_WINDOW);
    let file = world.folder().join("none.csv");
    let to = file.to_str().unwrap();
    assert_eq!(cli::mooring(&world, &["export", "--output", to]).status.code(), Some(69), "nothing runs");
    let _agent = cli::agent(&world);
    for arguments in [
        ["export", "--output", to, "--connection", "banks/nobody"],
        ["export", "--output", to, "--account", "no-such-account"],
        ["export", "--output", to, "--connection", "no pair"],
    ] {
        assert_eq!(cli::mooring(&world, &arguments).status.code(), Some(65), "{arguments:?}");
    }
    assert!(!file.exists());
    assert_eq!(cli::ok(&world, &["export"]).lines().count(), 1, "a header, and nothing else");
    let folder = world.folder().join("no such folder/x.csv");
    let refused = cli::mooring(&world, &["export", "--output", folder.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(74));
}
