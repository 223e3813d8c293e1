//! A made-up Pluggy: its API with its own paths and shapes, its test users, and the pages of its institutions.
//!
//! It is mounted below `/pluggy`, so that a client of Pluggy's works with [`World::api`] as its base address. Nothing
//! it does reaches beyond this machine: webhooks are kept and never called.
//!
//! Knows nothing of the rest of the product: whoever talks to it uses the API.
//!
//! Invariants
//! - An API key may do everything; a connect token only what Pluggy's guide on authentication lists.
//! - What is kept in a file are hashes of tokens and what became of logins, never what a person typed.
//! - Data follow from the item and the day, so a restart changes nothing.
//!
//! Sources: npm `pluggy-sdk` 0.90.0 and `pluggy-js` 0.19.3 (types and clients); Pluggy's documentation
//! (checked 2026-11-21).

mod bank_page;
mod book;
mod connect;
mod connectors;
mod data;
mod execution;
mod ids;
mod item;
mod json;
mod limits;
mod login;
mod picture;
mod places;
mod products;
mod redirect;
mod refusal;
mod routes;
mod run;
mod tokens;
mod trouble;
mod view;

pub use connectors::Health;

use crate::Options;
use crate::bank::Bank;
use crate::misbehaviour::Mood;
use axum::Router;
use book::Book;
use connectors::{Connector, catalogue};
use execution::Execution;
use jiff::Timestamp;
use limits::Limits;
use places::Places;
use run::Pace;
use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How many requests are remembered one by one.
const REMEMBERED: usize = 4096;
/// Since when the institutions are there.
const OPENED: &str = "2024-01-15T12:00:00Z";

/// How this world is.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How long a step of connecting takes; zero takes no time at all.
    pub pace: Duration,
    /// How many institutions there are at least; the usual list when it is longer.
    pub connectors: usize,
    /// How many accounts a person has at least; the usual three when it is less.
    pub accounts: usize,
    /// How long an institution's page waits for the person.
    pub authorization_life: Duration,
    /// How long others take to approve, for the logins that need more than one person.
    pub others_take: Duration,
    /// How long a question waits for its answer.
    pub answer_life: Duration,
    /// Over how long requests are counted where a misbehaviour limits them.
    pub limit_window: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            pace: Duration::from_millis(700),
            connectors: 0,
            accounts: 0,
            authorization_life: Duration::from_secs(60 * 60),
            others_take: Duration::from_secs(2 * 60),
            answer_life: run::ANSWER_LIFE,
            limit_window: Duration::from_secs(60),
        }
    }
}

/// One request that arrived, without its query, its headers and its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Such as `GET`.
    pub method: String,
    /// Below the prefix, such as `/items`.
    pub path: String,
}

/// The whole state.
pub struct World {
    bank: Arc<Bank>,
    settings: Settings,
    connectors: Vec<Connector>,
    book: Book,
    limits: Limits,
    places: Places,
    /// Institutions that are not as they were at the start.
    health: Mutex<BTreeMap<u32, Health>>,
    requests: Mutex<VecDeque<Request>>,
}

impl World {
    pub(crate) async fn open(bank: Arc<Bank>, options: Options) -> io::Result<Self> {
        let path = options.state_file;
        let book = tokio::task::spawn_blocking(move || Book::open(path.as_deref()));
        Ok(Self {
            connectors: catalogue::list(options.pluggy.connectors),
            book: book.await.map_err(io::Error::other)??,
            bank,
            settings: options.pluggy,
            limits: Limits::default(),
            places: Places::default(),
            health: Mutex::default(),
            requests: Mutex::default(),
        })
    }

    /// The base address of the API, `http://127.0.0.1:PORT/pluggy`.
    pub fn api(&self) -> String {
        format!("{}/pluggy", self.bank.issuer())
    }

    /// The client that is known here: id and secret. Both are always the same.
    pub fn client(&self) -> (&'static str, &'static str) {
        (tokens::CLIENT_ID, tokens::CLIENT_SECRET)
    }

    /// Ids of the items, oldest first.
    pub fn items(&self) -> Vec<String> {
        self.book.look(|state| state.items.iter().map(|item| item.id.clone()).collect())
    }

    /// The person approves, sharing every account, or declines, without its page; false when the item does not wait.
    pub fn authorize(&self, item: &str, approve: bool) -> bool {
        let accounts = self.book.look(|state| {
            state.item(item).map(|item| data::accounts::of_person(item, self.settings.accounts).len())
        });
        let shared = approve.then(|| (0..accounts.unwrap_or(0)).collect());
        self.decided(item, shared).unwrap_or_default()
    }

    /// Another program of the person answers the question of an item; false when it asks none.
    pub fn answer(&self, item: &str, code: &str) -> bool {
        let now = self.now();
        let is_right = code == login::CODE;
        self.change_item(item, |item| {
            let asks = matches!(item.run.steps.front(), Some(run::Step::Ask(_)));
            if asks {
                item.run.answered((!is_right).then_some(Execution::InvalidCredentialsMfa), now);
            }
            asks
        })
    }

    /// The person ends the consent at the institution; nobody tells the clients. False when there is none.
    pub fn revoke_consent(&self, item: &str) -> bool {
        let now = self.now();
        self.change_item(item, |item| {
            let Some(consent) = item.consent.as_mut().filter(|consent| consent.holds(now)) else {
                return false;
            };
            consent.revoked_at = Some(now);
            item.fail(Execution::UserAuthorizationRevoked, now);
            true
        })
    }

    /// Pluggy updates the item by itself: its data move on. False when its last update did not succeed.
    pub fn auto_sync(&self, item: &str) -> bool {
        let now = self.now();
        self.change_item(item, |item| {
            let idle = item.next_sync().is_some() && item.run.steps.is_empty();
            if idle {
                item.delivered(None, now);
            }
            idle
        })
    }

    /// An item vanishes, as one does that the company deletes in its own dashboard. False when there is none.
    pub fn forget_item(&self, item: &str) -> bool {
        let gone = self.book.change(|state| {
            let before = state.items.len();
            state.items.retain(|one| one.id != item);
            before > state.items.len()
        });
        gone.unwrap_or_default()
    }

    /// Every API key and connect token ends at once, as when the client's keys are revoked.
    pub fn end_tokens(&self) {
        // Memory is right at once; a full disk must not keep a test from ending them.
        let _ = self.book.change(|state| state.tokens.clear());
    }

    /// Makes an institution go down or come back. False when there is no such institution.
    pub fn set_health(&self, connector: u32, health: Health) -> bool {
        self.health.lock().unwrap_or_else(PoisonError::into_inner).insert(connector, health);
        self.connector(connector).is_some()
    }

    /// The last few thousand requests, oldest first.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    fn change_item(&self, id: &str, change: impl FnOnce(&mut item::Item) -> bool) -> bool {
        let (pace, now) = (self.pace(), self.now());
        let changed = self.book.change(|state| {
            state.item_mut(id).is_some_and(|item| {
                item.settle(pace, now);
                change(item)
            })
        });
        changed.unwrap_or_default()
    }

    fn note(&self, method: String, path: String) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        if requests.len() == REMEMBERED {
            requests.pop_front();
        }
        requests.push_back(Request { method, path });
    }

    fn now(&self) -> Timestamp {
        self.bank.clock().now()
    }

    fn mood(&self) -> &Mood {
        self.bank.mood()
    }

    fn others_approve_at(&self, now: Timestamp) -> Timestamp {
        crate::clock::later(now, self.settings.others_take)
    }

    const fn pace(&self) -> Pace {
        Pace {
            step: self.settings.pace,
            authorization: self.settings.authorization_life,
            answer: self.settings.answer_life,
        }
    }

    fn connector(&self, id: u32) -> Option<&Connector> {
        let at = self.connectors.binary_search_by_key(&id, |connector| connector.id).ok()?;
        self.connectors.get(at)
    }

    fn health(&self, connector: &Connector) -> Health {
        let changed = self.health.lock().unwrap_or_else(PoisonError::into_inner).get(&connector.id).copied();
        changed.unwrap_or(connector.health)
    }

    fn connector_json(&self, connector: &Connector) -> Value {
        let opened = OPENED.parse().unwrap_or(Timestamp::UNIX_EPOCH);
        connector.to_json(&self.api(), self.health(connector), opened)
    }
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World").field("api", &self.api()).finish_non_exhaustive()
    }
}

/// Every path of this world, below its prefix.
pub(crate) fn routes(world: &Arc<World>) -> Router {
    routes::all(world)
}
