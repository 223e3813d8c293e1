//! Accounts and transactions for tests.

use connections::ConnectionKey;
use connections::view::{Account, AccountKind, AccountView, CreditView, TransactionView};
use export::{Export, Statement};

pub fn account(id: &str, kind: AccountKind, balance: Option<&str>) -> AccountView {
    let card = kind == AccountKind::CreditCard;
    AccountView {
        key: ConnectionKey::parse("banks", "ana").unwrap(),
        connection_name: "Ana".to_owned(),
        institution: "Banco São Bento & Filhos".to_owned(),
        account: Account {
            id: id.to_owned(),
            name: format!("Conta {id}"),
            kind,
            last_digits: Some("4321".to_owned()),
            owner: Some("Ana <Souza>".to_owned()),
            balance: balance.map(ToOwned::to_owned),
            currency: Some("BRL".to_owned()),
            credit: card.then(|| CreditView {
                limit: Some("5000.00".to_owned()),
                available: Some("4100.50".to_owned()),
                minimum_payment: None,
                closes_on: None,
                due_on: Some("2026-12-05".parse().unwrap()),
                brand: Some("VISA".to_owned()),
            }),
            overdraft_limit: None,
            fetched_at: "2026-11-20T10:00:00Z".parse().unwrap(),
        },
    }
}

pub fn line(id: &str, date: &str, description: &str, amount: &str) -> TransactionView {
    TransactionView {
        id: id.to_owned(),
        date: Some(date.parse().unwrap()),
        description: description.to_owned(),
        amount: Some(amount.to_owned()),
        currency: Some("BRL".to_owned()),
        category: Some("Groceries".to_owned()),
        pending: false,
    }
}

pub fn export(statements: Vec<(AccountView, Vec<TransactionView>)>) -> Export {
    let statements =
        statements.into_iter().map(|(account, transactions)| Statement { account, transactions }).collect();
    Export { made_at: "2026-11-21T09:30:15Z".parse().unwrap(), from: None, to: None, statements }.in_order()
}

/// Two accounts and a card with what an institution may say.
pub fn usual() -> Export {
    let pending = TransactionView { pending: true, ..line("t-5", "2026-11-19", "Padaria", "-9.90") };
    let undated = TransactionView { date: None, ..line("t-6", "2026-11-19", "Sem data", "1.00") };
    export(vec![
        (
            account("checking-1", AccountKind::Checking, Some("1234.56")),
            vec![
                line("t-1", "2026-11-02", "Salário, novembro", "7850.00"),
                line("t-2", "2026-11-18", "=HYPERLINK(\"http://evil\")", "-12.30"),
                line(
                    "t-3",
                    "2026-11-18",
                    "Mercado \"Bom\"\r\nlinha dois & mais de trinta e dois caracteres <aqui>",
                    "-0.10",
                ),
                pending,
                undated,
            ],
        ),
        (account("savings-1", AccountKind::Savings, Some("0.00")), Vec::new()),
        (
            account("card-1", AccountKind::CreditCard, Some("899.50")),
            vec![line("t-4", "2026-11-10", "Livraria", "-123456789012.34")],
        ),
    ])
}
