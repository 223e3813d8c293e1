//! Links through Pluggy: its registrations, institutions, items and what was read of them.
//!
//! Invariants
//! - What the person types into an institution's form goes to Pluggy and is kept nowhere.
//! - A link is written down before anybody is told of it, so approvals of days survive a restart.
//! - That a page closed says nothing: how an item stands is Pluggy's word alone.
//! - Pluggy is looked at only while something is to be expected, see [`crate::item::next_look`].

mod access;
mod data;
mod details;
mod ending;
mod institutions;
mod link;
mod look;
mod pages;
mod registrations;
mod report;
mod run;
mod widget;

use crate::id::{AttemptId, ConfigKey, ConnectionKey};
use crate::pluggy_config::PluggyConfig;
use crate::ports::{ApiKey, PageEnd};
use crate::view::{Failure, Surface};
use jiff::Timestamp;
use pluggy::{Connector, Item};
use secret::SecretString;
use std::collections::{BTreeMap, HashMap, HashSet};
use url::Url;

pub use link::BeginLink;

/// What only lives while the program runs.
#[derive(Default)]
pub(super) struct Live {
    /// All registrations.
    pub(super) configs: BTreeMap<ConfigKey, PluggyConfig>,
    keys: HashMap<ConfigKey, ApiKey>,
    /// Connect tokens, each for one item or for a new one.
    tokens: HashMap<(ConfigKey, Option<String>), ApiKey>,
    institutions: HashMap<ConfigKey, Listed>,
    /// Items as they were last seen.
    items: HashMap<ConnectionKey, Item>,
    /// Why the last thing that the person asked for was not done.
    errors: HashMap<ConnectionKey, Failure>,
    pages: HashMap<ConnectionKey, Page>,
    widgets: HashMap<AttemptId, widget::Widget>,
    /// Pages of banks that Connect pages have opened.
    beside: HashMap<AttemptId, widget::Beside>,
    /// Looks under way.
    pub(super) looking: HashSet<ConnectionKey>,
    /// Grows with each run that the person asks for: what was seen before it began says nothing about it.
    revisions: HashMap<ConnectionKey, u64>,
    /// Fetches under way.
    pub(super) fetching: HashSet<ConnectionKey>,
    /// Accounts whose transactions are here, of a fetch that goes on later.
    fetched: HashMap<ConnectionKey, HashSet<String>>,
    /// Why the last fetch did not bring everything.
    unread: HashMap<ConnectionKey, Failure>,
}

/// Institutions as they were last listed.
struct Listed {
    at: Timestamp,
    connectors: BTreeMap<u64, Connector>,
}

/// An institution's page that is open.
struct Page {
    attempt: AttemptId,
    /// Carries what the bank knows the person by; for the page only.
    address: Url,
    surface: Surface,
    end: PageEnd,
}

impl Live {
    /// With these registrations.
    pub(super) fn with(configs: Vec<PluggyConfig>) -> Self {
        Self { configs: configs.into_iter().map(|one| (one.key.clone(), one)).collect(), ..Self::default() }
    }

    /// Every page and widget that may be on the screen.
    pub(super) fn pages(&self) -> Vec<AttemptId> {
        self.pages
            .values()
            .map(|page| page.attempt.clone())
            .chain(self.widgets.keys().chain(self.beside.keys()).cloned())
            .collect()
    }

    /// The address of an open page.
    pub(super) fn page_address(&self, id: &AttemptId) -> Option<Url> {
        self.pages.values().find(|page| page.attempt == *id).map(|page| page.address.clone())
    }

    /// Forgets what belongs to a connection that is gone.
    pub(super) fn forget(&mut self, key: &ConnectionKey) {
        self.items.remove(key);
        self.errors.remove(key);
        self.pages.remove(key);
        self.fetched.remove(key);
        self.unread.remove(key);
    }

    /// How many runs the person has asked for.
    fn revision(&self, key: &ConnectionKey) -> u64 {
        self.revisions.get(key).copied().unwrap_or_default()
    }

    /// Another run: answers its revision.
    fn begin_run(&mut self, key: &ConnectionKey) -> u64 {
        let revision = self.revisions.entry(key.clone()).or_default();
        *revision += 1;
        *revision
    }

    /// Forgets keys and lists of a registration that changed.
    fn forget_registration(&mut self, key: &ConfigKey) {
        self.keys.remove(key);
        self.tokens.retain(|(config, _), _| config != key);
        self.institutions.remove(key);
    }
}

/// What a request is made with.
enum Held {
    Key(SecretString),
    Token(SecretString),
}

impl Held {
    const fn credential(&self) -> pluggy::Credential<'_> {
        match self {
            Self::Key(secret) => pluggy::Credential::ApiKey(secret),
            Self::Token(secret) => pluggy::Credential::ConnectToken(secret),
        }
    }
}
