//! What was read of an institution: accounts and their latest lines, kept in the vault.

use crate::connection::Status;
use crate::driver::{Connections, store_error, unknown_connection};
use crate::error::CoreError;
use crate::id::ConnectionKey;
use crate::item::ItemFacts;
use crate::pluggy_config::PluggyConfig;
use crate::ports::Change;
use crate::step::Event;
use crate::view::{Account, AccountKind, AccountView, CoreEvent, CreditView, TransactionView};
use jiff::Timestamp;
use pluggy::{AccountSubtype, Amount, CursorFilter, PageNumber, TransactionStatus};

/// Lines that are kept of an account: the latest ones, at least so many if there are.
const LATEST: usize = 500;
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
        let Ok(stored) = self.inner.ports.store.accounts().await else { return };
        let missing: Vec<ConnectionKey> = {
            let state = self.state();
            let linked = state.connections.values().filter(|one| {
                one.item.is_some() && one.status == Status::Linked && one.last_synced_at.is_some()
            });
            let missing = linked.filter(|one| stored.iter().all(|(key, _)| *key != one.key));
            missing.map(|one| one.key.clone()).collect()
        };
        for key in missing {
            self.fetch_later(&key);
        }
    }

    /// Fetches accounts and, where the key allows it, their latest lines.
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
        let mut changes = vec![Change::PutAccounts(key.clone(), accounts.clone())];
        let gone = self.account_ids(key).await?;
        let gone = gone.into_iter().filter(|id| accounts.iter().all(|one| one.id != *id)).collect();
        changes.push(Change::DeleteData(key.clone(), gone));
        // Deleting goes by account and takes the list of accounts too, so it comes first.
        changes.swap(0, 1);
        if !config.is_limited() {
            for account in &accounts {
                let lines = self.lines_of(&config, &facts, &account.id).await.map_err(told)?;
                changes.push(Change::PutTransactions(key.clone(), account.id.clone(), lines));
            }
        }
        if !self.state().connections.contains_key(key) {
            // Deleted meanwhile: nothing of it is to come back.
            return Ok(());
        }
        self.write(changes, Vec::new()).await?;
        self.announce(CoreEvent::AccountsChanged { key: key.clone() });
        Ok(())
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

    async fn lines_of(
        &self,
        config: &PluggyConfig,
        facts: &ItemFacts,
        account: &str,
    ) -> Result<Vec<TransactionView>, super::access::Refusal> {
        let mut lines: Vec<TransactionView> = Vec::new();
        let mut filter = CursorFilter::default();
        loop {
            let page = self
                .ask_pluggy(
                    config,
                    Some(&facts.item_id),
                    |api, credential| api.transactions_after(credential, account, &filter),
                    pluggy::judge_transactions,
                )
                .await?;
            lines.extend(page.results.into_iter().map(line_of));
            match page.next {
                // A cursor that stands still would be asked for ever.
                Some(next) if lines.len() < LATEST && filter.after.as_ref() != Some(&next) => {
                    filter.after = Some(next);
                }
                _ => break,
            }
        }
        lines.sort_by_key(|line| std::cmp::Reverse(line.date));
        Ok(lines)
    }

    /// Accounts that were fetched, also of connections that are disconnected.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn accounts(&self, only: Option<&ConnectionKey>) -> Result<Vec<AccountView>, CoreError> {
        let stored = self.inner.ports.store.accounts().await.map_err(store_error)?;
        let state = self.state();
        let mut views = Vec::new();
        for (key, accounts) in stored {
            let Some(connection) = state.connections.get(&key) else { continue };
            if only.is_some_and(|only| *only != key) {
                continue;
            }
            views.extend(accounts.into_iter().map(|account| AccountView {
                key: key.clone(),
                connection_name: connection.display_name().to_owned(),
                institution: connection.provider_name.clone(),
                account,
            }));
        }
        Ok(views)
    }

    /// The latest lines of an account, the newest first.
    ///
    /// # Errors
    /// Unknown connection, or a store that cannot be read.
    pub async fn transactions(
        &self,
        key: &ConnectionKey,
        account: &str,
    ) -> Result<Vec<TransactionView>, CoreError> {
        if !self.state().connections.contains_key(key) {
            return Err(unknown_connection(key));
        }
        self.inner.ports.store.transactions(key, account).await.map_err(store_error)
    }

    pub(super) async fn account_ids(&self, key: &ConnectionKey) -> Result<Vec<String>, CoreError> {
        let stored = self.inner.ports.store.accounts().await.map_err(store_error)?;
        let own = stored.into_iter().filter(|(one, _)| one == key);
        Ok(own.flat_map(|(_, accounts)| accounts).map(|one| one.id).collect())
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

fn line_of(transaction: pluggy::Transaction) -> TransactionView {
    TransactionView {
        id: transaction.id,
        // The first moment of a day in São Paulo is the same day in UTC.
        date: transaction.date.map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).date()),
        description: transaction.description.or(transaction.description_raw).unwrap_or_default(),
        amount: text(transaction.amount_in_account_currency.or(transaction.amount)),
        currency: transaction.currency,
        category: transaction.category,
        pending: transaction.status == TransactionStatus::Pending,
    }
}
