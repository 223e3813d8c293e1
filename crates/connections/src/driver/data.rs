//! What was read, of all connections and whoever they are reached through: kept in the vault, and served from it.
//!
//! Invariants
//! - What a reading brings is written at once or not at all; a reading that ends early has changed nothing.
//! - An institution that suddenly has no accounts is not believed: what was read before stays.
//! - The book of all transactions is made when somebody looks, and made anew after each reading.

use super::{Connections, store_error, unknown_connection};
use crate::error::{CoreError, ErrorCode};
use crate::id::ConnectionKey;
use crate::ledger::{self, BalanceHistory, Book, Found, Reading, Search};
use crate::ports::Change;
use crate::view::{Account, AccountView, CoreEvent, TransactionView};
use jiff::tz::TimeZone;
use std::sync::Arc;

/// The book as it was last made, and what was last looked for in it.
#[derive(Default)]
pub(super) struct Ledger {
    /// Grows with each change of what is kept; a book that was made before is not the newest.
    revision: u64,
    book: Option<Arc<Book>>,
    found: Option<(Search, Arc<Found>)>,
}

/// What was found, and the book that it was found in.
pub struct Findings {
    /// The book.
    pub book: Arc<Book>,
    /// What of it.
    pub found: Arc<Found>,
}

impl Connections {
    /// Accounts that were fetched, also of connections that are disconnected.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn accounts(&self, only: Option<&ConnectionKey>) -> Result<Vec<AccountView>, CoreError> {
        let store = &self.inner.ports.store;
        let stored = match only {
            Some(key) => {
                let own = store.accounts_of(key).await.map_err(store_error)?;
                own.map(|accounts| (key.clone(), accounts)).into_iter().collect()
            }
            None => store.accounts().await.map_err(store_error)?,
        };
        let state = self.state();
        let mut views = Vec::new();
        for (key, accounts) in stored {
            let Some(connection) = state.connections.get(&key) else { continue };
            views.extend(accounts.into_iter().map(|account| AccountView {
                key: key.clone(),
                connection_name: connection.display_name().to_owned(),
                institution: connection.provider_name.clone(),
                account,
            }));
        }
        Ok(views)
    }

    /// The transactions of an account, the newest first.
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

    /// What a search finds in all transactions; asking for the same again costs nothing.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn search(&self, search: &Search) -> Result<Findings, CoreError> {
        let book = self.book().await?;
        let known = {
            let state = self.state();
            let same = state.ledger.found.as_ref().filter(|(asked, _)| asked == search);
            let newest = state.ledger.book.as_ref().is_some_and(|newest| Arc::ptr_eq(newest, &book));
            same.filter(|_| newest).map(|(_, found)| Arc::clone(found))
        };
        if let Some(found) = known {
            return Ok(Findings { book, found });
        }
        let found = Arc::new(book.find(search));
        let mut state = self.state();
        if state.ledger.book.as_ref().is_some_and(|newest| Arc::ptr_eq(newest, &book)) {
            state.ledger.found = Some((search.clone(), Arc::clone(&found)));
        }
        drop(state);
        Ok(Findings { book, found })
    }

    /// Accounts that are searched, with all their transactions; what else is searched for is not looked at.
    ///
    /// # Errors
    /// A connection or an account is named and there is none, or a store that cannot be read.
    pub async fn statements(
        &self,
        search: &Search,
    ) -> Result<Vec<(AccountView, Vec<TransactionView>)>, CoreError> {
        if let Some(key) = &search.connection {
            self.connection(key)?;
        }
        let mut accounts = self.accounts(search.connection.as_ref()).await?;
        accounts.retain(|account| search.is_of(account));
        if let Some(id) = search.account.as_ref().filter(|_| accounts.is_empty()) {
            let missing = CoreError::new(ErrorCode::BadInput).with("field", "account");
            return Err(missing.with("problem", format!("there is no account `{id}`")));
        }
        let mut statements = Vec::new();
        for account in accounts {
            let store = &self.inner.ports.store;
            let lines = store.transactions(&account.key, &account.account.id).await.map_err(store_error)?;
            statements.push((account, lines));
        }
        Ok(statements)
    }

    async fn book(&self) -> Result<Arc<Book>, CoreError> {
        let revision = {
            let state = self.state();
            if let Some(book) = &state.ledger.book {
                return Ok(Arc::clone(book));
            }
            state.ledger.revision
        };
        let book = Arc::new(Book::new(self.statements(&Search::default()).await?));
        let mut state = self.state();
        if state.ledger.revision == revision {
            state.ledger.book = Some(Arc::clone(&book));
            state.ledger.found = None;
        }
        drop(state);
        Ok(book)
    }

    /// What an account held over time.
    ///
    /// # Errors
    /// Unknown connection or account, or a store that cannot be read.
    pub async fn balance_history(
        &self,
        key: &ConnectionKey,
        account: &str,
    ) -> Result<BalanceHistory, CoreError> {
        let accounts = self.accounts(Some(key)).await?;
        let found = accounts.into_iter().find(|one| one.account.id == account);
        let Some(found) = found else { return Err(unknown_connection(key)) };
        let store = &self.inner.ports.store;
        let read = store.balances(key, account).await.map_err(store_error)?;
        let lines = store.transactions(key, account).await.map_err(store_error)?;
        let worked_out = ledger::worked_out(&found.account, &lines, &read);
        Ok(BalanceHistory { currency: found.account.currency, worked_out, read })
    }

    /// Keeps the accounts that were just read of a connection, and what was read of each that could be asked.
    pub(super) async fn keep_data(
        &self,
        key: &ConnectionKey,
        accounts: Vec<Account>,
        readings: Vec<(String, Reading)>,
    ) -> Result<(), CoreError> {
        let _turn = self.inner.keeping.lock().await;
        let known = self.account_ids(key).await?;
        if accounts.is_empty() && !known.is_empty() {
            return Ok(());
        }
        let gone = known.into_iter().filter(|id| accounts.iter().all(|one| one.id != *id)).collect();
        // Deleting goes by account and takes the list of accounts too, so it comes first.
        let mut changes = vec![Change::DeleteData(key.clone(), gone)];
        changes.push(Change::PutAccounts(key.clone(), accounts.clone()));
        for account in &accounts {
            changes.extend(self.balance_change(key, account).await?);
        }
        for (account, reading) in readings {
            changes.extend(self.month_changes(key, &account, reading).await?);
        }
        if !self.state().connections.contains_key(key) {
            // Deleted meanwhile: nothing of it is to come back.
            return Ok(());
        }
        self.write(changes, Vec::new()).await?;
        self.forget_book();
        self.announce(CoreEvent::AccountsChanged { key: key.clone() });
        Ok(())
    }

    /// Keeps what was just read of some accounts.
    pub(super) async fn keep_readings(
        &self,
        key: &ConnectionKey,
        readings: Vec<(String, Reading)>,
    ) -> Result<(), CoreError> {
        let _turn = self.inner.keeping.lock().await;
        let known = self.account_ids(key).await?;
        let mut changes = Vec::new();
        for (account, reading) in readings {
            // Deleted meanwhile: nothing of it is to come back.
            if known.contains(&account) {
                changes.extend(self.month_changes(key, &account, reading).await?);
            }
        }
        if changes.is_empty() || !self.state().connections.contains_key(key) {
            return Ok(());
        }
        self.write(changes, Vec::new()).await?;
        self.forget_book();
        self.announce(CoreEvent::AccountsChanged { key: key.clone() });
        Ok(())
    }

    async fn balance_change(
        &self,
        key: &ConnectionKey,
        account: &Account,
    ) -> Result<Option<Change>, CoreError> {
        let Some(balance) = account.balance.as_deref() else { return Ok(None) };
        let mut points = self.inner.ports.store.balances(key, &account.id).await.map_err(store_error)?;
        // The day as the person's calendar has it.
        let today = account.fetched_at.to_zoned(TimeZone::system()).date();
        let is_news = ledger::note_balance(&mut points, today, balance);
        Ok(is_news.then(|| Change::PutBalances(key.clone(), account.id.clone(), points)))
    }

    /// The months that a reading changes, and no others.
    async fn month_changes(
        &self,
        key: &ConnectionKey,
        account: &str,
        reading: Reading,
    ) -> Result<Vec<Change>, CoreError> {
        let kept = self.inner.ports.store.transactions(key, account).await.map_err(store_error)?;
        let before = ledger::by_month(&kept);
        let mut after = ledger::by_month(&ledger::merge(kept, reading));
        let mut changes = Vec::new();
        let put = |month: &str, lines| {
            Change::PutTransactions(key.clone(), account.to_owned(), month.to_owned(), lines)
        };
        for (month, lines) in &before {
            match after.remove(month) {
                Some(same) if same == *lines => {}
                Some(other) => changes.push(put(month, other)),
                None => changes.push(put(month, Vec::new())),
            }
        }
        changes.extend(after.into_iter().map(|(month, lines)| put(&month, lines)));
        Ok(changes)
    }

    /// The first day to ask a source for.
    pub(super) async fn window_of(
        &self,
        key: &ConnectionKey,
        account: &str,
    ) -> Result<jiff::civil::Date, CoreError> {
        let kept = self.inner.ports.store.transactions(key, account).await.map_err(store_error)?;
        Ok(ledger::window_start(&kept, self.now().to_zoned(TimeZone::UTC).date()))
    }

    /// What is kept has changed.
    pub(super) fn forget_book(&self) {
        let ledger = &mut self.state().ledger;
        *ledger = Ledger { revision: ledger.revision + 1, ..Ledger::default() };
    }

    /// The clock's day and time, for what is made of data.
    pub fn present(&self) -> jiff::Timestamp {
        self.now()
    }

    pub(super) async fn account_ids(&self, key: &ConnectionKey) -> Result<Vec<String>, CoreError> {
        let own = self.inner.ports.store.accounts_of(key).await.map_err(store_error)?;
        Ok(own.into_iter().flatten().map(|one| one.id).collect())
    }
}
