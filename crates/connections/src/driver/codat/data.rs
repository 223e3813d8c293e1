//! Bank accounts and their transactions through Codat, fetched when a reading that was asked for is over.
//!
//! Only where an API key is at hand, and only of banks and of accounting software; a connection without such data (404),
//! or whose data was never read (409), has none. Invoices and orders are not fetched.

use super::access::Refusal;
use super::look::ids_of;
use crate::codat_config::CodatConfig;
use crate::data_connection::DataConnection;
use crate::driver::{Connections, unknown_connection};
use crate::error::{CoreError, ErrorCode};
use crate::id::ConnectionKey;
use crate::ledger::Reading;
use crate::view::{Account, AccountKind, TransactionView};
use codat::{BankAccount, BankSource, BankTransaction, CompanyId, ConnectionId, ErrorKind, ListQuery, Mode};
use jiff::Timestamp;
use jiff::civil::Date;
use providers::Category;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// Elements in a page: requests are few a day, and an answer of so many is below the limit of answers.
const PAGE: u32 = 1_000;
/// Pages of one list at most.
const MOST_PAGES: u32 = 200;

/// Where the data of a connection lies.
struct Place {
    config: CodatConfig,
    company: CompanyId,
    id: ConnectionId,
    source: BankSource,
}

impl Connections {
    /// Fetches without being waited for; what cannot be fetched leaves what is kept.
    pub(super) fn fetch_bank_data_later(&self, key: &ConnectionKey, facts: &DataConnection) {
        let Some(place) = self.place_of_data(key, facts) else { return };
        let (core, key) = (self.clone(), key.clone());
        self.spawn(async move {
            if let Err(error) = core.fetch_bank_data(&key, &place).await {
                tracing::warn!(%error, "bank accounts could not be fetched");
            }
        });
    }

    fn place_of_data(&self, key: &ConnectionKey, facts: &DataConnection) -> Option<Place> {
        let config = self.codat_config(&key.config_key).ok().filter(|one| one.mode() == Mode::ApiKey)?;
        let source = match self.state().connections.get(key)?.category {
            Category::Banking => BankSource::Banking,
            Category::Accounting => BankSource::Accounting,
            _ => return None,
        };
        let (company, id) = ids_of(facts).ok()?;
        Some(Place { config, company, id, source })
    }

    async fn fetch_bank_data(&self, key: &ConnectionKey, place: &Place) -> Result<(), CoreError> {
        let Some(found) = none_where_missing(self.bank_accounts_of(place).await)? else { return Ok(()) };
        let now = self.now();
        let accounts: Vec<Account> = found.into_iter().map(|one| account_of(one, now)).collect();
        let mut windows = BTreeMap::new();
        for account in &accounts {
            windows.insert(account.id.clone(), self.window_of(key, &account.id).await?);
        }
        let readings = match place.source {
            BankSource::Banking => self.banking_readings(place, &accounts, &windows).await,
            BankSource::Accounting => self.accounting_readings(place, &accounts, &windows).await,
        };
        let readings = none_where_missing(readings)?.unwrap_or_default();
        if !self.state().connections.contains_key(key) {
            return Err(unknown_connection(key));
        }
        self.keep_data(key, accounts, readings).await
    }

    async fn bank_accounts_of(&self, place: &Place) -> Result<Vec<BankAccount>, Refusal> {
        let mut all = Vec::new();
        let mut asked = ListQuery { page_size: PAGE, ..ListQuery::default() };
        loop {
            let page = self
                .ask_codat(
                    &place.config,
                    |api| api.list_bank_accounts(&place.company, &place.id, place.source, &asked),
                    |answer, now| codat::judge_bank_accounts(answer, &asked, place.source, now),
                )
                .await?;
            all.extend(page.items);
            match page.next.filter(|next| *next <= MOST_PAGES) {
                Some(next) => asked = asked.at_page(next),
                None => return Ok(all),
            }
        }
    }

    /// One list holds the transactions of all accounts of a bank: it is read back to the earliest window.
    async fn banking_readings(
        &self,
        place: &Place,
        accounts: &[Account],
        windows: &BTreeMap<String, Date>,
    ) -> Result<Vec<(String, Reading)>, Refusal> {
        let Some(from) = windows.values().min().copied() else { return Ok(Vec::new()) };
        let (mut all, is_complete) = self.transactions_since(place, None, from).await?;
        let mut readings = Vec::new();
        for account in accounts {
            let own: Vec<BankTransaction> =
                all.extract_if(.., |one| one.account_id.as_deref() == Some(account.id.as_str())).collect();
            readings.push((account.id.clone(), reading(own, from, is_complete)));
        }
        Ok(readings)
    }

    async fn accounting_readings(
        &self,
        place: &Place,
        accounts: &[Account],
        windows: &BTreeMap<String, Date>,
    ) -> Result<Vec<(String, Reading)>, Refusal> {
        let mut readings = Vec::new();
        for account in accounts {
            let Some(from) = windows.get(&account.id).copied() else { continue };
            // One account of the books that has none, or whose lines were never read, keeps nothing from the others.
            match self.transactions_since(place, Some(&account.id), from).await {
                Ok((own, is_complete)) => {
                    readings.push((account.id.clone(), reading(own, from, is_complete)));
                }
                Err(refusal) if is_missing(&refusal) => {}
                Err(refusal) => return Err(refusal),
            }
        }
        Ok(readings)
    }

    /// Transactions since a day, and whether these are all. The order of pages is not relied on: each is read.
    async fn transactions_since(
        &self,
        place: &Place,
        account: Option<&str>,
        from: Date,
    ) -> Result<(Vec<BankTransaction>, bool), Refusal> {
        let (mut all, mut is_complete) = (Vec::new(), true);
        let mut asked = ListQuery { page_size: PAGE, ..ListQuery::default() };
        loop {
            let page = self
                .ask_codat(
                    &place.config,
                    |api| match account {
                        Some(account) => {
                            api.list_account_transactions(&place.company, &place.id, account, &asked)
                        }
                        None => api.list_banking_transactions(&place.company, &place.id, &asked),
                    },
                    |answer, now| codat::judge_bank_transactions(answer, &asked, now),
                )
                .await?;
            is_complete &= page.skipped == 0;
            all.extend(page.items.into_iter().filter(|one| one.date.is_none_or(|date| date >= from)));
            match page.next {
                Some(next) if next <= MOST_PAGES => asked = asked.at_page(next),
                Some(_) => return Ok((all, false)),
                None => return Ok((all, is_complete)),
            }
        }
    }
}

/// What a connection does not have, or has not read, is none and no failure.
fn none_where_missing<T>(asked: Result<T, Refusal>) -> Result<Option<T>, CoreError> {
    match asked {
        Ok(found) => Ok(Some(found)),
        Err(refusal) if is_missing(&refusal) => Ok(None),
        Err(refusal) => Err(told(refusal)),
    }
}

fn is_missing(refusal: &Refusal) -> bool {
    matches!(refusal.api().map(codat::ApiError::kind), Some(ErrorKind::NotFound | ErrorKind::Conflict))
}

fn told(refusal: Refusal) -> CoreError {
    let told = refusal.told();
    // Nobody asked for it by name: a plan that does not include it is no news to the person.
    if told.code == ErrorCode::PlanLimit { CoreError::new(ErrorCode::ProviderTrouble) } else { told }
}

fn account_of(account: BankAccount, fetched_at: Timestamp) -> Account {
    let kind = match (account.is_credit, account.is_savings) {
        (true, _) => AccountKind::CreditCard,
        (false, true) => AccountKind::Savings,
        (false, false) => AccountKind::Checking,
    };
    // Here a card's balance is what is owed; there it is less than nothing, like every debt.
    let owed = |balance: Decimal| if account.is_credit { -balance } else { balance };
    Account {
        name: account.name.unwrap_or_default(),
        kind,
        last_digits: account.last_digits,
        owner: account.holder,
        balance: account.balance.map(|balance| owed(balance).to_string()),
        currency: account.currency,
        credit: None,
        overdraft_limit: account.overdraft_limit.map(|limit| limit.to_string()),
        fetched_at,
        id: account.id,
    }
}

fn reading(transactions: Vec<BankTransaction>, from: Date, is_complete: bool) -> Reading {
    Reading { from, transactions: transactions.into_iter().map(line_of).collect(), is_complete }
}

fn line_of(transaction: BankTransaction) -> TransactionView {
    TransactionView {
        id: transaction.id,
        date: transaction.date,
        description: transaction.description.unwrap_or_default(),
        amount: transaction.amount.map(|amount| amount.to_string()),
        currency: transaction.currency,
        category: None,
        pending: !transaction.is_posted,
    }
}
