//! The accounts of the bank's made-up people.
//!
//! Invariant: amounts are decimal strings with two places, never floating point.

use super::words::Language;

/// The person whose name is suggested on the sign-in page.
pub(super) const SUGGESTED_USER: &str = "ana";
/// Longer user names are refused.
pub(super) const USER_LIMIT: usize = 64;

pub(super) struct Account {
    pub id: &'static str,
    pub kind: &'static str,
    pub last_four: &'static str,
    pub currency: &'static str,
    pub balance: &'static str,
    english: &'static str,
    portuguese: &'static str,
}

impl Account {
    pub(super) const fn name(&self, language: Language) -> &'static str {
        match language {
            Language::English => self.english,
            Language::Portuguese => self.portuguese,
        }
    }
}

/// Everybody at this bank has the same accounts.
pub(super) static ACCOUNTS: [Account; 4] = [
    Account {
        id: "farol-checking",
        kind: "checking",
        last_four: "4321",
        currency: "BRL",
        balance: "4812.37",
        english: "Checking account",
        portuguese: "Conta corrente",
    },
    Account {
        id: "farol-savings",
        kind: "savings",
        last_four: "8804",
        currency: "BRL",
        balance: "18250.00",
        english: "Savings",
        portuguese: "Poupança",
    },
    Account {
        id: "farol-card",
        kind: "credit_card",
        last_four: "0719",
        currency: "BRL",
        balance: "-1243.90",
        english: "Credit card",
        portuguese: "Cartão de crédito",
    },
    Account {
        id: "farol-travel",
        kind: "checking",
        last_four: "5560",
        currency: "EUR",
        balance: "320.15",
        english: "Travel money",
        portuguese: "Conta viagem",
    },
];

/// Who holds the accounts of a user name: Ana has a family name, the others are called as they signed in.
pub(super) fn holder(user: &str) -> String {
    if user.eq_ignore_ascii_case(SUGGESTED_USER) {
        return "Ana Souza".to_owned();
    }
    let mut letters = user.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
