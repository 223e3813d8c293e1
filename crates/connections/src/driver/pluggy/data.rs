//! Reading institutions through Pluggy: accounts, and their transactions of a window of days.

use super::access::Refusal;
use crate::connection::{Connection, Status};
use crate::driver::{Connections, State};
use crate::error::CoreError;
use crate::id::ConnectionKey;
use crate::item::ItemFacts;
use crate::ledger::Reading;
use crate::pluggy_config::PluggyConfig;
use crate::step::{Event, FetchEnd, LookFailure};
use crate::view::{Account, AccountKind, CreditView, TransactionView};
use jiff::Timestamp;
use pluggy::{AccountSubtype, Amount, CursorFilter, TransactionStatus};

/// Transactions that are read of an account at once, at most: a year of the busiest account, and an end.
const MOST_TRANSACTIONS: usize = 200_000;

/// Accounts whose transactions are written down at once: each write is an fsync, and tells the window.
const AT_ONCE: usize = 8;

/// A fetch that ended before everything was here.
struct Unfinished(Refusal);

impl Connections {
    /// Items whose data is to be fetched at `now`.
    pub(in crate::driver) fn due_fetches(state: &State, now: Timestamp) -> Vec<ConnectionKey> {
        let due = |one: &&Connection| fetch_at(one).is_some_and(|at| at <= now);
        let free = |one: &&Connection| !state.pluggy.fetching.contains(&one.key);
        state.connections.aggregated().filter(due).filter(free).map(|one| one.key.clone()).collect()
    }

    /// When the next fetch is due.
    pub(in crate::driver) fn next_fetch(state: &State) -> Option<Timestamp> {
        let free = |one: &&Connection| !state.pluggy.fetching.contains(&one.key);
        state.connections.aggregated().filter(free).filter_map(fetch_at).min()
    }

    /// Fetches what there is of one item, unless somebody is at it. What is missing then is fetched later.
    pub(in crate::driver) async fn fetch(&self, key: &ConnectionKey) {
        if !self.state().pluggy.fetching.insert(key.clone()) {
            return;
        }
        let began = self.now();
        let fetched = self.fetch_once(key).await;
        if let Err(error) = self.fetch_over(key, began, fetched).await {
            tracing::warn!(%error, "how a fetch ended could not be kept");
        }
        self.state().pluggy.fetching.remove(key);
        self.inner.wake.notify_one();
    }

    async fn fetch_over(
        &self,
        key: &ConnectionKey,
        began: Timestamp,
        fetched: Result<bool, Unfinished>,
    ) -> Result<(), CoreError> {
        let end = match &fetched {
            Ok(transactions_refused) => FetchEnd::Whole { transactions_refused: *transactions_refused },
            Err(Unfinished(refusal)) => match refusal.of_look() {
                // Asking again changes nothing before there are other keys, or other data.
                LookFailure::Forbidden | LookFailure::Gone => FetchEnd::Whole { transactions_refused: true },
                LookFailure::Trouble { not_before } => FetchEnd::Unfinished { not_before },
                LookFailure::Offline | LookFailure::Configuration => {
                    FetchEnd::Unfinished { not_before: None }
                }
            },
        };
        {
            let mut state = self.state();
            if matches!(end, FetchEnd::Whole { .. }) {
                state.pluggy.fetched.remove(key);
            }
            state.pluggy.unread.remove(key);
        }
        if let Err(Unfinished(refusal)) = fetched {
            let is_limited = self.pluggy_config(&key.config_key)?.is_limited();
            let told = refusal.told(is_limited);
            tracing::warn!(error = %told, "not all data could be fetched");
            self.state().pluggy.unread.insert(key.clone(), told.into());
        }
        self.apply(key, Event::Fetched { began, end }, |_| Vec::new()).await?;
        self.announce_link(key);
        Ok(())
    }

    /// Fetches accounts and, where the key allows it, their transactions; answers whether the key did not allow them.
    ///
    /// Accounts are kept before any transaction is asked for, and transactions account by account: what came stays,
    /// and a fetch that goes on later asks only for the rest.
    async fn fetch_once(&self, key: &ConnectionKey) -> Result<bool, Unfinished> {
        let (config, facts) = self.item_of(key).map_err(Unfinished::of)?;
        let now = self.now();
        let accounts = self.accounts_of(&config, &facts).await.map_err(Unfinished)?;
        let accounts: Vec<Account> = accounts.into_iter().map(|one| account_of(one, now)).collect();
        let named = self.read_holder(key, &config, &facts, &accounts).await.map_err(Unfinished::of)?;
        let invested = self.investments_of(key, &config, &facts, now).await.map_err(Unfinished::of)?;
        let (invested, mut left_out) = invested;
        let all = accounts.iter().cloned().chain(invested).collect();
        self.keep_data(key, all, Vec::new()).await.map_err(Unfinished::of)?;
        if config.is_limited() {
            return Ok(false);
        }
        let consents = self.read_consents(key, &config, &facts).await.map_err(Unfinished::of)?;
        left_out = left_out.or(named).or(consents);
        for accounts in self.unread_of(key, accounts).chunks(AT_ONCE) {
            if !self.is_to_be_fetched(key) {
                break;
            }
            let (readings, ended) = self.read_some(key, &config, &facts, accounts, &mut left_out).await;
            let done: Vec<String> = readings.iter().map(|(account, _)| account.clone()).collect();
            self.keep_readings(key, readings).await.map_err(Unfinished::of)?;
            self.state().pluggy.fetched.entry(key.clone()).or_default().extend(done);
            match ended {
                Some(refusal) if refusal.of_look() == LookFailure::Forbidden => return Ok(true),
                Some(refusal) => return Err(Unfinished(refusal)),
                None => {}
            }
        }
        left_out.map_or(Ok(false), |refusal| Err(Unfinished(refusal)))
    }

    /// Those that a fetch which goes on has not read so far.
    fn unread_of(&self, key: &ConnectionKey, accounts: Vec<Account>) -> Vec<Account> {
        let state = self.state();
        let read = state.pluggy.fetched.get(key);
        accounts.into_iter().filter(|one| read.is_none_or(|read| !read.contains(&one.id))).collect()
    }

    /// Not after it was disconnected or deleted, nor while everything comes to rest.
    fn is_to_be_fetched(&self, key: &ConnectionKey) -> bool {
        let state = self.state();
        !state.resting && state.connections.get(key).is_some_and(|one| one.status == Status::Linked)
    }

    /// Reads the transactions of some accounts: what was read, and why the rest was not asked for. One account that
    /// cannot be read alone is left out.
    async fn read_some(
        &self,
        key: &ConnectionKey,
        config: &PluggyConfig,
        facts: &ItemFacts,
        accounts: &[Account],
        left_out: &mut Option<Refusal>,
    ) -> (Vec<(String, Reading)>, Option<Refusal>) {
        let mut readings = Vec::new();
        for account in accounts {
            let from = match self.window_of(key, &account.id).await {
                Ok(from) => from,
                Err(error) => return (readings, Some(Refusal::Core(error))),
            };
            match self.transactions_of(config, facts, account, from).await {
                Ok(reading) => readings.push((account.id.clone(), reading)),
                Err(refusal) if refusal.is_about_this_alone() => *left_out = Some(refusal),
                Err(refusal) => return (readings, Some(refusal)),
            }
        }
        (readings, None)
    }

    /// Whoever holds it is who the connection is called after.
    pub(super) async fn name_holder(
        &self,
        key: &ConnectionKey,
        holder: Option<String>,
    ) -> Result<(), CoreError> {
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
    ) -> Result<Vec<pluggy::Account>, Refusal> {
        self.every_page(
            config,
            Some(&facts.item_id),
            |api, credential, wanted| api.accounts(credential, &facts.item_id, wanted),
            pluggy::judge_accounts,
        )
        .await
    }

    async fn transactions_of(
        &self,
        config: &PluggyConfig,
        facts: &ItemFacts,
        account: &Account,
        from: jiff::civil::Date,
    ) -> Result<Reading, Refusal> {
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

impl Unfinished {
    const fn of(error: CoreError) -> Self {
        Self(Refusal::Core(error))
    }
}

/// When a connection wants its data to be fetched; paused ones want nothing.
fn fetch_at(connection: &Connection) -> Option<Timestamp> {
    let wants = !connection.paused && connection.status == Status::Linked;
    connection.item.as_ref().filter(|_| wants)?.fetch_at
}

fn text(amount: Option<Amount>) -> Option<String> {
    amount.map(|amount| amount.to_string())
}

/// The end of a number. What is not kept cannot be lost.
pub(super) fn last_digits(number: &str) -> Option<String> {
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
