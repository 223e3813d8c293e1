//! Reading institutions through Pluggy: accounts, and their transactions of a window of days.

use crate::connection::Status;
use crate::driver::Connections;
use crate::error::CoreError;
use crate::id::ConnectionKey;
use crate::item::ItemFacts;
use crate::ledger::Reading;
use crate::pluggy_config::PluggyConfig;
use crate::step::Event;
use crate::view::{Account, AccountKind, CreditView, TransactionView};
use jiff::Timestamp;
use pluggy::{AccountSubtype, Amount, CursorFilter, PageNumber, TransactionStatus};

/// Transactions that are read of an account at once, at most: a year of the busiest account, and an end.
const MOST_TRANSACTIONS: usize = 200_000;
/// Pages of accounts that are read at most, of 500 each.
const MOST_PAGES: u64 = 100;

impl Connections {
    /// Fetches without being waited for.
    pub(super) fn fetch_later(&self, key: &ConnectionKey) {
        let (core, key) = (self.clone(), key.clone());
        self.spawn(async move {
            if let Err(error) = core.fetch(&key).await {
                tracing::warn!(%error, "accounts could not be fetched");
                core.state().pluggy.errors.insert(key.clone(), error.into());
                core.announce_link(&key);
            }
        });
    }

    /// Fetches what a program that ended too early has not.
    pub(in crate::driver) async fn fetch_missing(&self) {
        let linked: Vec<ConnectionKey> = {
            let state = self.state();
            let linked = state.connections.aggregated().filter(|one| {
                one.item.is_some() && one.status == Status::Linked && one.last_synced_at.is_some()
            });
            linked.map(|one| one.key.clone()).collect()
        };
        for key in linked {
            match self.inner.ports.store.accounts_of(&key).await {
                Ok(None) => self.fetch_later(&key),
                Ok(Some(_)) => {}
                Err(_) => return,
            }
        }
    }

    /// Fetches accounts and, where the key allows it, their transactions.
    async fn fetch(&self, key: &ConnectionKey) -> Result<(), CoreError> {
        let (config, facts) = self.item_of(key)?;
        let told = |refusal: super::access::Refusal| refusal.told(config.is_limited());
        let now = self.now();
        let accounts: Vec<Account> = self
            .accounts_of(&config, &facts)
            .await
            .map_err(told)?
            .into_iter()
            .map(|one| account_of(one, now))
            .collect();
        self.name_holder(key, &accounts).await?;
        let mut readings = Vec::new();
        if !config.is_limited() {
            for account in &accounts {
                let from = self.window_of(key, &account.id).await?;
                let reading = self.transactions_of(&config, &facts, account, from).await.map_err(told)?;
                readings.push((account.id.clone(), reading));
            }
        }
        self.keep_data(key, accounts, readings).await
    }

    /// Whoever holds the first account that says so is who the connection is called after.
    async fn name_holder(&self, key: &ConnectionKey, accounts: &[Account]) -> Result<(), CoreError> {
        let holder = accounts.iter().find_map(|account| account.owner.clone());
        let known = self.state().connections.get(key).and_then(|one| one.account_holder.clone());
        if holder.is_none() || holder == known {
            return Ok(());
        }
        self.apply(key, Event::Identified { subject: None, holder }, |_| Vec::new()).await.map(drop)
    }

    async fn accounts_of(
        &self,
        config: &PluggyConfig,
        facts: &ItemFacts,
    ) -> Result<Vec<pluggy::Account>, super::access::Refusal> {
        let mut all = Vec::new();
        let mut number = 1;
        while number <= MOST_PAGES {
            let wanted = PageNumber { page: Some(number), page_size: Some(500) };
            let page = self
                .ask_pluggy(
                    config,
                    Some(&facts.item_id),
                    |api, credential| api.accounts(credential, &facts.item_id, wanted),
                    pluggy::judge_accounts,
                )
                .await?;
            let next = page.next_number();
            all.extend(page.results);
            match next {
                Some(next) if next > number => number = next,
                _ => break,
            }
        }
        Ok(all)
    }

    async fn transactions_of(
        &self,
        config: &PluggyConfig,
        facts: &ItemFacts,
        account: &Account,
        from: jiff::civil::Date,
    ) -> Result<Reading, super::access::Refusal> {
        let mut reading = Reading { from, transactions: Vec::new(), is_complete: false };
        let mut filter = CursorFilter { from: Some(from), ..CursorFilter::default() };
        loop {
            let page = self
                .ask_pluggy(
                    config,
                    Some(&facts.item_id),
                    |api, credential| api.transactions_after(credential, &account.id, &filter),
                    pluggy::judge_transactions,
                )
                .await?;
            let is_whole = page.skipped == 0;
            reading.transactions.extend(page.results.into_iter().map(|one| line_of(one, account)));
            match page.next {
                // A cursor that stands still would be asked for ever.
                Some(next) if filter.after.as_ref() == Some(&next) => return Ok(reading),
                Some(_) if reading.transactions.len() >= MOST_TRANSACTIONS => return Ok(reading),
                Some(next) => filter.after = Some(next),
                None => {
                    reading.is_complete = is_whole;
                    return Ok(reading);
                }
            }
        }
    }
}

fn text(amount: Option<Amount>) -> Option<String> {
    amount.map(|amount| amount.to_string())
}

/// The end of a number. What is not kept cannot be lost.
fn last_digits(number: &str) -> Option<String> {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    let end = digits.len().saturating_sub(4);
    let last: String = digits.into_iter().skip(end).collect();
    (!last.is_empty()).then_some(last)
}

fn account_of(account: pluggy::Account, fetched_at: Timestamp) -> Account {
    let kind = match &account.subtype {
        Some(AccountSubtype::Checking) => AccountKind::Checking,
        Some(AccountSubtype::Savings) => AccountKind::Savings,
        Some(AccountSubtype::CreditCard) => AccountKind::CreditCard,
        _ => AccountKind::Other,
    };
    let name = account.marketing_name.or(account.name).unwrap_or_default();
    Account {
        id: account.id,
        name,
        kind,
        last_digits: account.number.as_ref().and_then(|number| last_digits(number.whole())),
        owner: account.owner,
        balance: text(account.balance),
        currency: account.currency,
        credit: account.credit_data.map(|credit| CreditView {
            limit: text(credit.credit_limit),
            available: text(credit.available_credit_limit),
            minimum_payment: text(credit.minimum_payment),
            closes_on: credit.balance_close_date,
            due_on: credit.balance_due_date,
            brand: credit.brand,
        }),
        overdraft_limit: account.bank_data.and_then(|bank| text(bank.overdraft_contracted_limit)),
        fetched_at,
    }
}

fn line_of(transaction: pluggy::Transaction, account: &Account) -> TransactionView {
    // In the account's own currency where that is told: a purchase abroad has two amounts.
    let (amount, currency) = match transaction.amount_in_account_currency {
        Some(own) => (Some(own), account.currency.clone()),
        None => (transaction.amount, transaction.currency),
    };
    let amount = text(amount);
    TransactionView {
        id: transaction.id,
        // The first moment of a day in São Paulo is the same day in UTC.
        date: transaction.date.map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).date()),
        description: transaction.description.or(transaction.description_raw).unwrap_or_default(),
        // On a card Pluggy counts what is owed; here money that comes in is positive everywhere.
        amount: if account.kind == AccountKind::CreditCard { amount.map(turned_around) } else { amount },
        currency,
        category: transaction.category,
        pending: transaction.status == TransactionStatus::Pending,
    }
}

fn turned_around(amount: String) -> String {
    match amount.strip_prefix('-') {
        Some(positive) => positive.to_owned(),
        None if amount.bytes().all(|byte| matches!(byte, b'0' | b'.')) => amount,
        None => format!("-{amount}"),
    }
}
