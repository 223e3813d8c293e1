//! What is exported: accounts with the transactions of a period.

use connections::view::{AccountKind, AccountView, TransactionView};
use jiff::Timestamp;
use jiff::civil::Date;

/// One account and its transactions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The account.
    pub account: AccountView,
    /// Its transactions, in any order.
    pub transactions: Vec<TransactionView>,
}

/// All that goes into one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// When it is made.
    pub made_at: Timestamp,
    /// Only from this day on; none is from the first.
    pub from: Option<Date>,
    /// Only until this day, and with it; none is until the last.
    pub to: Option<Date>,
    /// The statements.
    pub statements: Vec<Statement>,
}

impl Export {
    /// Of accounts with their transactions, made right as [`Export::in_order`] does.
    pub fn of(
        made_at: Timestamp,
        (from, to): (Option<Date>, Option<Date>),
        accounts: Vec<(AccountView, Vec<TransactionView>)>,
    ) -> Self {
        let statement = |(account, transactions)| Statement { account, transactions };
        let statements = accounts.into_iter().map(statement).collect();
        Self { made_at, from, to, statements }.in_order()
    }

    /// The period and the order are put right: what lies outside is left out, newest first, ties by identifier.
    #[must_use]
    pub fn in_order(mut self) -> Self {
        let (from, to) = (self.from, self.to);
        for statement in &mut self.statements {
            statement.transactions.retain(|one| lies_in(one.date, from, to));
            statement
                .transactions
                .sort_by(|one, other| other.date.cmp(&one.date).then_with(|| one.id.cmp(&other.id)));
        }
        self.statements.sort_by(|one, other| order(&one.account).cmp(&order(&other.account)));
        self
    }
}

fn order(account: &AccountView) -> (&str, String, &str, &str) {
    (&account.institution, account.key.to_string(), &account.account.name, &account.account.id)
}

/// What has no date lies in every period that has no bounds.
fn lies_in(date: Option<Date>, from: Option<Date>, to: Option<Date>) -> bool {
    match date {
        Some(date) => from.is_none_or(|from| date >= from) && to.is_none_or(|to| date <= to),
        None => from.is_none() && to.is_none(),
    }
}

/// The word for what an account is.
pub(crate) const fn kind_word(kind: AccountKind) -> &'static str {
    match kind {
        AccountKind::Checking => "checking",
        AccountKind::Savings => "savings",
        AccountKind::CreditCard => "creditCard",
        AccountKind::Investment => "investment",
        AccountKind::Other => "other",
    }
}

/// What is owned: a card's balance is owed, so it is turned around.
pub(crate) fn owned(account: &AccountView) -> Option<String> {
    let balance = crate::amount::decimal(account.account.balance.as_deref())?;
    Some(match account.account.kind {
        AccountKind::CreditCard => crate::amount::negated(balance),
        _ => balance.to_owned(),
    })
}
