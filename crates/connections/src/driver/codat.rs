//! Connections through Codat: registrations, companies, integrations, data connections and their approval.
//!
//! Invariants
//! - Link addresses are read just before they are opened or copied: they can be good once. They stay in memory.
//! - That a page closed, or what it says when it leads back, says nothing: how a connection stands is Codat's word.
//! - Access tokens are short-lived and in memory alone; a registration with an endpoint keeps no key.
//! - Codat is looked at only while something is to be expected, see [`crate::data_connection::next_look`].

mod access;
mod catalogue;
mod data;
mod link;
mod link_page;
mod listing;
mod look;
mod manage;
mod registrations;
mod settings;
mod sync;
mod view;

pub use link::BeginCodatLink;
pub use settings::{CodatTextsInput, check_origin, csp};

use crate::codat_config::CodatConfig;
use crate::id::{AttemptId, ConfigKey, ConnectionKey};
use crate::view::Failure;
use codat::{Credentials, CustomText, DataStatuses, PullOperation};
use jiff::Timestamp;
pub(super) use link_page::LinkAttempt;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// What only lives while the program runs.
#[derive(Default)]
pub(super) struct Live {
    /// All registrations.
    pub(super) configs: BTreeMap<ConfigKey, CodatConfig>,
    /// Access tokens, of registrations with an endpoint.
    tokens: HashMap<ConfigKey, Arc<Credentials>>,
    /// Until when a registration asks nothing, because Codat asked it to wait.
    waits: HashMap<ConfigKey, Timestamp>,
    /// Data connections as they were last seen.
    seen: HashMap<ConnectionKey, codat::Connection>,
    /// Data types of companies as they last stood.
    statuses: HashMap<(ConfigKey, String), DataStatuses>,
    /// Readings that were asked for here, as they last stood.
    operations: HashMap<ConnectionKey, Vec<PullOperation>>,
    /// Why the last thing that the person asked for was not done.
    errors: HashMap<ConnectionKey, Failure>,
    /// Approvals.
    pub(super) attempts: HashMap<AttemptId, LinkAttempt>,
    /// The person's own words about data.
    texts: CustomText,
    /// Looks under way.
    pub(super) looking: HashSet<ConnectionKey>,
    /// Lists under way.
    pub(super) listing: HashSet<ConfigKey>,
}

impl Live {
    /// With these registrations and words.
    pub(super) fn with(configs: Vec<CodatConfig>, texts: Option<&str>) -> Self {
        Self {
            configs: configs.into_iter().map(|one| (one.key.clone(), one)).collect(),
            // What an older or a newer version wrote and this one cannot read is left out, not refused.
            texts: texts.and_then(|texts| CustomText::parse(texts).ok()).unwrap_or_default(),
            ..Self::default()
        }
    }

    /// Forgets what belongs to a connection that is gone.
    pub(super) fn forget(&mut self, key: &ConnectionKey) {
        self.seen.remove(key);
        self.operations.remove(key);
        self.errors.remove(key);
    }
}
