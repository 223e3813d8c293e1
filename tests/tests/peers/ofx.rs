//! OFX against parsers that others wrote: `ofxparse` and `ofxtools` from Python, and `ofxdump` of libofx, which is what
//! GnuCash and KMyMoney read with.

use connections::ConnectionKey;
use connections::view::{Account, AccountKind, AccountView, TransactionView};
use export::{Export, Format, Statement};
use std::process::Command;
use tests::ofx::parsed;

fn statement(id: &str, kind: AccountKind, balance: &str, transactions: Vec<TransactionView>) -> Statement {
    let account = Account {
        id: id.to_owned(),
        name: format!("Conta {id}"),
        kind,
        last_digits: Some("4321".to_owned()),
        owner: None,
        balance: Some(balance.to_owned()),
        currency: Some("BRL".to_owned()),
        credit: None,
        overdraft_limit: None,
        fetched_at: "2026-11-20T10:00:00Z".parse().unwrap(),
    };
    let account = AccountView {
        key: ConnectionKey::parse("banks", "ana").unwrap(),
        connection_name: "Ana".to_owned(),
        institution: "Banco São Bento & Filhos".to_owned(),
        account,
    };
    Statement { account, transactions }
}

fn line(id: &str, date: &str, description: &str, amount: &str) -> TransactionView {
    TransactionView {
        id: id.to_owned(),
        date: Some(date.parse().unwrap()),
        description: description.to_owned(),
        amount: Some(amount.to_owned()),
        currency: Some("BRL".to_owned()),
        category: Some("Food & drinks".to_owned()),
        pending: false,
    }
}

fn two_accounts_and_a_card(salary: &str) -> Export {
    let lines = vec![
        line("8a210b68-6988-11ed-a1eb-0242ac120002", "2026-11-02", salary, "7850.00"),
        line("t-2", "2026-11-18", "Padaria", "-0.10"),
        line("t-3", "2026-11-18", "a description that is longer than thirty-two characters", "-123456789.01"),
    ];
    Export {
        made_at: "2026-11-21T09:30:15Z".parse().unwrap(),
        from: None,
        to: None,
        statements: vec![
            statement("checking", AccountKind::Checking, "1234.56", lines),
            statement("savings", AccountKind::Savings, "-20.00", Vec::new()),
            statement(
                "card",
                AccountKind::CreditCard,
                "899.50",
                vec![line("t-4", "2026-11-10", "Livraria", "-89.90")],
            ),
        ],
    }
    .in_order()
}

#[test]
fn two_parsers_understand_each_number_day_and_word() {
    let folder = tempfile::tempdir().unwrap();
    let (plain, accents) = ("Wages <November> & 13th", "Salário <novembro> & 13º");
    // `ofxparse` takes every OFX 2 for ASCII, whatever its declaration says; accents reach it as OFX 1.
    let both: &[&str] = &["ofxparse", "ofxtools"];
    for (format, words, readers) in [
        (Format::Ofx, plain, both),
        (Format::Ofx, accents, &["ofxtools"]),
        (Format::OfxSgml, plain, both),
        (Format::OfxSgml, accents, both),
    ] {
        let file = folder.path().join("statement.ofx");
        std::fs::write(&file, format.write(&two_accounts_and_a_card(words)).text).unwrap();
        let parsed = parsed(&file, readers);
        for reader in readers {
            let accounts = parsed[reader].as_array().unwrap();
            assert_eq!(accounts.len(), 3, "{reader} {format:?}");
            let card = accounts.iter().find(|one| one["card"] == true).unwrap();
            assert_eq!(card["balance"], "-899.50");
            assert_eq!(card["transactions"][0]["amount"], "-89.90");
            let checking = accounts.iter().find(|one| one["balance"] == "1234.56").unwrap();
            assert_eq!(checking["currency"], "BRL");
            let lines = checking["transactions"].as_array().unwrap();
            assert_eq!(lines.len(), 3);
            let by_id = |id: &str| lines.iter().find(|one| one["id"] == id).unwrap();
            assert_eq!(by_id("t-3")["amount"], "-123456789.01");
            assert_eq!(by_id("t-3")["name"], "a description that is longer tha");
            assert!(by_id("t-3")["memo"].as_str().unwrap().ends_with("thirty-two characters"));
            let salary = by_id("8a210b68-6988-11ed-a1eb-0242ac120002");
            assert_eq!((&salary["amount"], &salary["day"]), (&"7850.00".into(), &"2026-11-02".into()));
            assert_eq!(salary["name"], words, "{reader} {format:?}");
        }
    }
}

#[test]
fn what_gnucash_reads_with_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    for format in [Format::Ofx, Format::OfxSgml] {
        let file = folder.path().join("statement.ofx");
        std::fs::write(&file, format.write(&two_accounts_and_a_card("Salário")).text).unwrap();
        let output = Command::new("ofxdump").arg(&file).output().expect("package ofx");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(said.matches("ofx_proc_account()").count(), 3, "{format:?}: {said}");
        assert_eq!(said.matches("ofx_proc_transaction()").count(), 4, "{format:?}: {said}");
        for expected in ["7850", "-0.1", "-123456789.01", "-89.9"] {
            assert!(said.contains(expected), "{format:?}: no {expected} in {said}");
        }
    }
}
