//! All transactions of all accounts as one list, and what a search finds in it.
//!
//! A book is made once and searched many times; texts are folded when it is made, so that a search of a hundred thousand
//! transactions is a walk over bytes.

use super::total::exact;
use crate::id::ConnectionKey;
use crate::view::{AccountKind, AccountView, TransactionView};
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::collections::BTreeMap;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// A text as it is compared: without case, accents and surrounding white space.
pub fn fold(text: &str) -> String {
    text.trim().nfd().filter(|one| !is_combining_mark(*one)).flat_map(char::to_lowercase).collect()
}

/// Accounts and all their transactions, newest first.
#[derive(Debug, Default)]
pub struct Book {
    accounts: Vec<AccountView>,
    entries: Vec<Entry>,
}

/// A transaction in a book.
#[derive(Debug)]
pub struct Entry {
    account: usize,
    transaction: TransactionView,
    /// What is said of it, folded.
    text: Box<str>,
}

/// What to look for. What is none is not looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// Words that must all be there, in what is said of a transaction; digits are looked for in the amount too.
    pub text: String,
    /// Only of this connection.
    pub connection: Option<ConnectionKey>,
    /// Only of this account.
    pub account: Option<String>,
    /// Only of accounts of this institution, by name.
    pub institution: Option<String>,
    /// Only of accounts in this currency.
    pub currency: Option<String>,
    /// Only of such accounts.
    pub kind: Option<AccountKind>,
    /// Only from this day on.
    pub from: Option<Date>,
    /// Only until this day, and with it.
    pub to: Option<Date>,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// Where in the book, newest first.
    places: Vec<usize>,
    /// Money in and money out, by currency.
    pub flows: Vec<(String, Decimal, Decimal)>,
}

impl Book {
    /// Of accounts with their transactions.
    pub fn new(statements: Vec<(AccountView, Vec<TransactionView>)>) -> Self {
        let mut book = Self::default();
        for (account, transactions) in statements {
            let place = book.accounts.len();
            let entry = |transaction: TransactionView| {
                let said = [Some(transaction.description.as_str()), transaction.category.as_deref()];
                let text = said.into_iter().flatten().map(fold).collect::<Vec<_>>().join(" ");
                Entry { account: place, transaction, text: text.into_boxed_str() }
            };
            book.entries.extend(transactions.into_iter().map(entry));
            book.accounts.push(account);
        }
        let order = |one: &Entry, other: &Entry| {
            let (one, other) = (&one.transaction, &other.transaction);
            other.date.cmp(&one.date).then_with(|| one.id.cmp(&other.id))
        };
        book.entries.sort_by(order);
        book
    }

    /// Its accounts.
    pub fn accounts(&self) -> &[AccountView] {
        &self.accounts
    }

    /// How many transactions it has.
    pub const fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it has none.
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Looks through the whole book.
    pub fn find(&self, search: &Search) -> Found {
        let of_interest: Vec<bool> = self.accounts.iter().map(|account| search.is_of(account)).collect();
        let words: Vec<Word> = fold(&search.text).split_whitespace().map(Word::of).collect();
        let matches = |entry: &Entry| {
            let account = of_interest.get(entry.account).copied().unwrap_or_default();
            account && search.is_within(entry.transaction.date) && words.iter().all(|word| word.is_in(entry))
        };
        let hits = self.entries.iter().enumerate().filter(|(_, entry)| matches(entry));
        let places: Vec<usize> = hits.map(|(place, _)| place).collect();
        let flows = self.flows(&places);
        Found { places, flows }
    }

    /// A part of what was found.
    pub fn page<'a>(
        &'a self,
        found: &'a Found,
        offset: usize,
        limit: usize,
    ) -> impl Iterator<Item = (&'a AccountView, &'a TransactionView)> {
        let places = found.places.iter().skip(offset).take(limit);
        let entries = places.filter_map(|place| self.entries.get(*place));
        entries.filter_map(|entry| Some((self.accounts.get(entry.account)?, &entry.transaction)))
    }

    fn flows(&self, places: &[usize]) -> Vec<(String, Decimal, Decimal)> {
        let mut sums: BTreeMap<&str, (Decimal, Decimal)> = BTreeMap::new();
        for entry in places.iter().filter_map(|place| self.entries.get(*place)) {
            let account = self.accounts.get(entry.account);
            let own = entry.transaction.currency.as_deref();
            let currency = own.or_else(|| account?.account.currency.as_deref());
            let (Some(currency), Some(amount)) = (currency, exact(entry.transaction.amount.as_deref()))
            else {
                continue;
            };
            let (inwards, outwards) = sums.entry(currency).or_default();
            let sum = if amount.is_sign_negative() { outwards } else { inwards };
            *sum = sum.checked_add(amount).unwrap_or(*sum);
        }
        sums.into_iter().map(|(currency, (into, out))| (currency.to_owned(), into, out)).collect()
    }
}

impl Found {
    /// How many.
    pub const fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether nothing was found.
    pub const fn is_empty(&self) -> bool {
        self.places.is_empty()
    }
}

impl Search {
    /// Whether an account is one of those that are searched.
    pub fn is_of(&self, account: &AccountView) -> bool {
        let details = &account.account;
        self.connection.as_ref().is_none_or(|key| *key == account.key)
            && self.account.as_ref().is_none_or(|id| *id == details.id)
            && self.institution.as_ref().is_none_or(|name| *name == account.institution)
            && self.currency.as_ref().is_none_or(|code| Some(code) == details.currency.as_ref())
            && self.kind.is_none_or(|kind| kind == details.kind)
    }

    fn is_within(&self, date: Option<Date>) -> bool {
        match date {
            Some(date) => self.from.is_none_or(|from| date >= from) && self.to.is_none_or(|to| date <= to),
            None => self.from.is_none() && self.to.is_none(),
        }
    }
}

/// A word of a search.
struct Word {
    text: String,
    /// The beginnings of amounts that it may stand for.
    amounts: Vec<String>,
}

impl Word {
    fn of(text: &str) -> Self {
        Self { text: text.to_owned(), amounts: amounts_meant(text) }
    }

    fn is_in(&self, entry: &Entry) -> bool {
        entry.text.contains(&self.text) || self.is_amount(entry.transaction.amount.as_deref())
    }

    fn is_amount(&self, amount: Option<&str>) -> bool {
        let Some(amount) = amount.filter(|_| !self.amounts.is_empty()) else { return false };
        let plain = amount.strip_prefix('-').unwrap_or(amount);
        self.amounts.iter().any(|meant| plain.starts_with(meant.as_str()))
    }
}

/// `1.234,56`, `1,234.56`, `1234.5` and `12,3` as amounts begin. Where one mark could part thousands or cents, it may be
/// either.
fn amounts_meant(word: &str) -> Vec<String> {
    let digits = word.trim_start_matches(['-', '+']);
    let is_amount = digits.bytes().any(|byte| byte.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','));
    if !is_amount {
        return Vec::new();
    }
    let whole: String = digits.chars().filter(char::is_ascii_digit).collect();
    match digits.rsplit_once(['.', ',']) {
        None => vec![whole],
        Some((before, cents)) => {
            let before: String = before.chars().filter(char::is_ascii_digit).collect();
            let with_cents = format!("{before}.{cents}");
            if cents.len() == 3 { vec![with_cents, whole] } else { vec![with_cents] }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{amounts_meant, fold};

    #[test]
    fn accents_and_case_do_not_matter() {
        assert_eq!(fold(" Salário AÇÃO "), "salario acao");
        assert_eq!(fold("İstanbul"), "istanbul");
    }

    #[test]
    fn amounts_are_understood_as_people_write_them() {
        for (word, meant) in [
            ("12,30", vec!["12.30"]),
            ("-12.3", vec!["12.3"]),
            ("1.234,56", vec!["1234.56"]),
            ("1,234.56", vec!["1234.56"]),
            ("1.234", vec!["1.234", "1234"]),
            ("77", vec!["77"]),
            ("a77", vec![]),
            ("-", vec![]),
            (".", vec![]),
        ] {
            assert_eq!(amounts_meant(word), meant, "{word}");
        }
    }
}
