//! OFX: bank and card statements for accounting programs, as 2.2 (XML) or 1.0.2 (SGML).
//!
//! What has no place here is left out and counted: pending transactions, whose identifiers still change, and ones without
//! a date or an amount. Whole account numbers are not kept, so an account is named by its last digits and a digest of its
//! identifier; the name is the same in each export, and a program that has learned it knows the account again.
//!
//! Source: OFX Banking Specification 2.2, chapters 2 (headers, signon), 3 (types) and 11 (statements).

mod element;

use crate::amount::{decimal, is_negative};
use crate::statement::{Export, owned};
use crate::{Statement, Written};
use connections::view::{AccountKind, AccountView, TransactionView};
pub(crate) use element::Dialect;
use element::Out;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use sha2::{Digest as _, Sha256};

/// ISO 4217's code for no currency; the element must be there.
const NO_CURRENCY: &str = "XXX";

/// All statements in one file.
pub(crate) fn write(export: &Export, dialect: Dialect) -> Written {
    let mut out = Out::new(dialect);
    let mut count = Count::default();
    out.within("OFX", |out| {
        sign_on(out, export);
        let (cards, banks): (Vec<&Statement>, Vec<&Statement>) =
            export.statements.iter().partition(|one| one.account.account.kind == AccountKind::CreditCard);
        if !banks.is_empty() {
            out.within("BANKMSGSRSV1", |out| {
                for (number, one) in (1..).zip(&banks) {
                    count.add(statement(out, export, one, number, &BANK));
                }
            });
        }
        if !cards.is_empty() {
            out.within("CREDITCARDMSGSRSV1", |out| {
                for (number, one) in (1..).zip(&cards) {
                    count.add(statement(out, export, one, number, &CARD));
                }
            });
        }
    });
    Written {
        text: out.finish(),
        accounts: export.statements.len(),
        transactions: count.written,
        left_out: count.left_out,
    }
}

#[derive(Clone, Copy, Default)]
struct Count {
    written: usize,
    left_out: usize,
}

impl Count {
    fn add(&mut self, other: Self) {
        self.written += other.written;
        self.left_out += other.left_out;
    }
}

/// The names that differ between accounts and cards.
struct Names {
    response: &'static str,
    statement: &'static str,
    account: &'static str,
}

const BANK: Names = Names { response: "STMTTRNRS", statement: "STMTRS", account: "BANKACCTFROM" };
const CARD: Names = Names { response: "CCSTMTTRNRS", statement: "CCSTMTRS", account: "CCACCTFROM" };

fn sign_on(out: &mut Out, export: &Export) {
    out.within("SIGNONMSGSRSV1", |out| {
        out.within("SONRS", |out| {
            succeeded(out);
            out.leaf("DTSERVER", &instant(export.made_at));
            out.leaf("LANGUAGE", "ENG");
        });
    });
}

fn succeeded(out: &mut Out) {
    out.within("STATUS", |out| {
        out.leaf("CODE", "0");
        out.leaf("SEVERITY", "INFO");
    });
}

fn statement(out: &mut Out, export: &Export, of: &Statement, number: usize, names: &Names) -> Count {
    let mut count = Count::default();
    out.within(names.response, |out| {
        out.leaf("TRNUID", &number.to_string());
        succeeded(out);
        out.within(names.statement, |out| {
            out.leaf("CURDEF", currency(of.account.account.currency.as_deref()));
            out.within(names.account, |out| account(out, &of.account));
            count = transactions(out, export, of);
            balance(out, &of.account);
        });
    });
    count
}

fn account(out: &mut Out, account: &AccountView) {
    let kind = match account.account.kind {
        AccountKind::CreditCard => None,
        AccountKind::Savings => Some("SAVINGS"),
        AccountKind::Investment => Some("MONEYMRKT"),
        AccountKind::Checking | AccountKind::Other => Some("CHECKING"),
    };
    if kind.is_some() {
        out.leaf("BANKID", &bank_id(&account.institution));
    }
    out.leaf("ACCTID", &account_id(account));
    if let Some(kind) = kind {
        out.leaf("ACCTTYPE", kind);
    }
}

fn transactions(out: &mut Out, export: &Export, of: &Statement) -> Count {
    let bookable: Vec<(Date, &str, &TransactionView)> = of.transactions.iter().filter_map(bookable).collect();
    let first = bookable.iter().map(|(date, ..)| *date).min();
    let made_on = export.made_at.to_zoned(TimeZone::UTC).date();
    let from = export.from.or(first).unwrap_or(made_on);
    out.within("BANKTRANLIST", |out| {
        out.leaf("DTSTART", &day(from));
        out.leaf("DTEND", &day(export.to.unwrap_or(made_on)));
        for (date, amount, one) in &bookable {
            transaction(out, *date, amount, one, of.account.account.currency.as_deref());
        }
    });
    Count { written: bookable.len(), left_out: of.transactions.len() - bookable.len() }
}

fn bookable(one: &TransactionView) -> Option<(Date, &str, &TransactionView)> {
    let amount = decimal(one.amount.as_deref()).filter(|_| !one.pending)?;
    Some((one.date?, amount, one))
}

fn transaction(out: &mut Out, date: Date, amount: &str, one: &TransactionView, usual: Option<&str>) {
    out.within("STMTTRN", |out| {
        out.leaf("TRNTYPE", if is_negative(amount) { "DEBIT" } else { "CREDIT" });
        out.leaf("DTPOSTED", &day(date));
        out.leaf("TRNAMT", amount);
        out.leaf("FITID", &fit_id(&one.id));
        let said = one.description.trim();
        out.leaf("NAME", &cut(if said.is_empty() { "-" } else { said }, 32));
        let foreign = one.currency.as_deref().filter(|code| is_code(code) && Some(*code) != usual);
        let memo = [one.category.as_deref(), (said.chars().count() > 32).then_some(said)];
        let memo = memo.into_iter().flatten().map(str::trim).filter(|text| !text.is_empty());
        let memo = memo.collect::<Vec<_>>().join(" | ");
        if !memo.is_empty() {
            out.leaf("MEMO", &cut(&memo, 255));
        }
        if let Some(code) = foreign {
            out.within("CURRENCY", |out| {
                // The rate is not known, and the element must be there.
                out.leaf("CURRATE", "1");
                out.leaf("CURSYM", code);
            });
        }
    });
}

fn balance(out: &mut Out, account: &AccountView) {
    out.within("LEDGERBAL", |out| {
        out.leaf("BALAMT", owned(account).as_deref().unwrap_or("0"));
        out.leaf("DTASOF", &instant(account.account.fetched_at));
    });
}

fn is_code(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn currency(code: Option<&str>) -> &str {
    code.filter(|code| is_code(code)).unwrap_or(NO_CURRENCY)
}

/// Noon, so that no time zone makes another day of it.
fn day(date: Date) -> String {
    format!("{}120000[0:GMT]", date.strftime("%Y%m%d"))
}

fn instant(at: Timestamp) -> String {
    format!("{}[0:GMT]", at.to_zoned(TimeZone::UTC).strftime("%Y%m%d%H%M%S"))
}

/// At most so many characters, counted as the specification counts them.
fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// Nine letters and digits of the institution's name: the numbers of banks are not known for every source.
fn bank_id(institution: &str) -> String {
    let letters = institution.chars().filter(char::is_ascii_alphanumeric).map(|one| one.to_ascii_uppercase());
    let id: String = letters.take(9).collect();
    if id.is_empty() { "MOORING".to_owned() } else { id }
}

/// Last digits and a digest: 22 characters at most.
fn account_id(account: &AccountView) -> String {
    let digest = digest(&format!("{}/{}", account.key, account.account.id));
    match account
        .account
        .last_digits
        .as_deref()
        .map(|digits| cut(digits, 4))
        .filter(|digits| !digits.is_empty())
    {
        Some(digits) => format!("{}-{digits}", cut(&digest, 16)),
        None => cut(&digest, 16),
    }
}

/// 255 characters at most; a longer identifier is replaced by its digest, so that no two become one.
fn fit_id(id: &str) -> String {
    let plain = id.len() <= 255 && !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_graphic());
    if plain { id.to_owned() } else { digest(id) }
}

fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
