//! The book of all transactions: what a search finds, what it comes to, and how long that takes.

use connections::ConnectionKey;
use connections::ledger::{Book, Search, totals};
use connections::view::{Account, AccountKind, AccountView, TransactionView};

fn account(id: &str, kind: AccountKind, currency: &str, balance: &str) -> AccountView {
    AccountView {
        key: ConnectionKey::parse("banks", "ana").unwrap(),
        connection_name: "Ana".to_owned(),
        institution: format!("Bank of {currency}"),
        account: Account {
            id: id.to_owned(),
            name: id.to_owned(),
            kind,
            last_digits: None,
            owner: None,
            balance: Some(balance.to_owned()),
            currency: Some(currency.to_owned()),
            credit: None,
            overdraft_limit: None,
            fetched_at: super::world::at(0),
        },
    }
}

fn line(id: &str, date: &str, description: &str, amount: &str) -> TransactionView {
    TransactionView {
        id: id.to_owned(),
        date: Some(date.parse().unwrap()),
        description: description.to_owned(),
        amount: Some(amount.to_owned()),
        currency: None,
        category: Some("Alimentação".to_owned()),
        pending: false,
    }
}

fn book() -> Book {
    Book::new(vec![
        (
            account("current", AccountKind::Checking, "BRL", "0.10"),
            vec![
                line("1", "2026-11-02", "Salário", "7850.00"),
                line("3", "2026-11-18", "Padaria Pão da Terra", "-12.30"),
            ],
        ),
        (
            account("card", AccountKind::CreditCard, "USD", "89.90"),
            vec![line("2", "2026-11-10", "Bookstore", "-1234.56")],
        ),
    ])
}

fn found(search: &Search) -> String {
    let book = book();
    let found = book.find(search);
    book.page(&found, 0, 10).map(|(_, line)| line.id.clone()).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_search_looks_at_words_amounts_and_what_is_chosen() {
    let text = |text: &str| found(&Search { text: text.to_owned(), ..Search::default() });
    assert_eq!(text(""), "3 2 1", "the newest first, over all accounts");
    assert_eq!(text("salario"), "1");
    assert_eq!(text("PAO padaria"), "3");
    assert_eq!(text("pao salario"), "", "every word must be there");
    assert_eq!(text("12,30"), "3");
    assert_eq!(text("1.234,56"), "2");
    assert_eq!(text("alimentacao"), "3 2 1");
    assert_eq!(found(&Search { currency: Some("USD".to_owned()), ..Search::default() }), "2");
    assert_eq!(found(&Search { kind: Some(AccountKind::Checking), ..Search::default() }), "3 1");
    assert_eq!(found(&Search { institution: Some("Bank of USD".to_owned()), ..Search::default() }), "2");
    let days = Search {
        from: Some("2026-11-10".parse().unwrap()),
        to: Some("2026-11-17".parse().unwrap()),
        ..Search::default()
    };
    assert_eq!(found(&days), "2");
}

#[test]
fn what_was_found_comes_to_exact_sums_by_currency() {
    let book = book();
    let all = book.find(&Search::default());
    let flows: Vec<String> =
        all.flows.iter().map(|(code, into, out)| format!("{code} {into} {out}")).collect();
    assert_eq!(flows, ["BRL 7850.00 -12.30", "USD 0 -1234.56"]);
    let second = book.page(&all, 1, 1).map(|(account, _)| account.account.id.as_str()).next();
    assert_eq!((all.len(), second), (3, Some("card")));
}

#[test]
fn totals_never_add_currencies_nor_round() {
    let accounts = [
        account("a", AccountKind::Checking, "BRL", "0.1"),
        account("b", AccountKind::Savings, "BRL", "0.2"),
        account("c", AccountKind::CreditCard, "BRL", "5.00"),
        account("d", AccountKind::Checking, "USD", "not a number"),
    ];
    let totals = totals(&accounts);
    assert_eq!(totals.len(), 2);
    assert_eq!((totals[0].owned.as_deref(), totals[0].owed.as_deref()), (Some("0.3"), Some("5.00")));
    assert_eq!((totals[1].currency.as_str(), totals[1].owned.as_deref()), ("USD", None));
}

/// A hundred thousand transactions, of which a search must find the right ones; what it takes is printed.
#[test]
fn a_hundred_thousand_transactions_are_searched() {
    let day = jiff::civil::date(2020, 1, 1);
    let lines = (0..100_000i32).map(|number| {
        let date = day.checked_add(jiff::Span::new().days(number / 50)).unwrap().to_string();
        line(
            &number.to_string(),
            &date,
            &format!("Compra número {number} na padaria"),
            &format!("-{number}.25"),
        )
    });
    let began = std::time::Instant::now();
    let book = Book::new(vec![(account("a", AccountKind::Checking, "BRL", "1"), lines.collect())]);
    let made = began.elapsed();
    let search = Search { text: "numero 99999".to_owned(), ..Search::default() };
    let began = std::time::Instant::now();
    let found = book.find(&search);
    let searched = began.elapsed();
    let all = book.find(&Search::default());
    let began = std::time::Instant::now();
    let page: Vec<_> = book.page(&all, 60_000, 100).collect();
    let turned = began.elapsed();
    assert_eq!((found.len(), all.len(), page.len()), (1, 100_000, 100));
    eprintln!("made in {made:?}, searched in {searched:?}, a page turned in {turned:?}");
}
