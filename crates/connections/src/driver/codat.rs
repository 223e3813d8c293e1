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
mod ending;
mod link;
mod link_page;
mod listing;
mod look;
mod manage;
mod registrations;
mod settings;
mod sync;
mod token;
mod view;

pub use link::BeginCodatLink;
pub use settings::{CodatTextsInput, check_origin, csp};

use crate::codat_config::CodatConfig;
use crate::id::{AttemptId, ConfigKey, ConnectionKey};
use crate::step::add;
use crate::view::{CodatEvent, Failure};
use codat::{CompanyToken, Credentials, CustomText, DataStatuses, DataType, ErrorArgs, PullOperation};
use jiff::{SignedDuration, Timestamp};
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
    /// Access tokens for programs, by registration with an API key and company.
    company_tokens: HashMap<(ConfigKey, String), Arc<CompanyToken>>,
    /// When a program last got one, by registration, company and program.
    company_uses: HashMap<(ConfigKey, String, String), Timestamp>,
    /// Until when a registration asks nothing, because Codat asked it to wait.
    waits: HashMap<ConfigKey, Timestamp>,
    /// Until when a registration asks nothing by itself, because little is left of what may be asked in a day.
    spared: HashMap<ConfigKey, Timestamp>,
    /// Data connections as they were last seen.
    seen: HashMap<ConnectionKey, codat::Connection>,
    /// Connections that somebody has looked at in full.
    shown: HashSet<ConnectionKey>,
    /// Data types of companies as they last stood, and when that was.
    statuses: HashMap<(ConfigKey, String), (Timestamp, DataStatuses)>,
    /// What can be read of platforms, by registration and Codat's key for the platform.
    readable: HashMap<(ConfigKey, String), Vec<DataType>>,
    /// Readings that were asked for here, as they last stood.
    operations: HashMap<ConnectionKey, Vec<PullOperation>>,
    /// Readings that were over when one was last asked for: they are no part of it.
    over_before: HashMap<ConnectionKey, HashSet<String>>,
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
    /// Codat's ids of connections that were deleted, in small letters.
    deleted: HashSet<(ConfigKey, String)>,
    /// Registrations whose last list failed, why, and before when none is tried by itself.
    list_failures: HashMap<ConfigKey, (Failure, Timestamp)>,
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

    /// When a registration may do by itself what is due at `at`.
    fn not_before(&self, key: &ConfigKey, at: Timestamp) -> Timestamp {
        self.spared.get(key).map_or(at, |until| at.max(*until))
    }

    /// Why the last list of a registration failed.
    pub(super) fn list_failure(&self, key: &ConfigKey) -> Option<Failure> {
        self.list_failures.get(key).map(|(failure, _)| failure.clone())
    }

    /// Takes what is waited for along with a clock that was set back; what was read at another time is read anew.
    pub(super) fn set_back(&mut self, by: SignedDuration) {
        for attempt in self.attempts.values_mut() {
            attempt.set_back(by);
        }
        let waits = self
            .waits
            .values_mut()
            .chain(self.spared.values_mut())
            .chain(self.list_failures.values_mut().map(|(_, until)| until));
        for until in waits {
            *until = add(*until, -by);
        }
        self.statuses.clear();
    }

    /// Forgets what was had with a registration's credentials: they are others now, or none.
    fn forget_credentials(&mut self, key: &ConfigKey) {
        self.tokens.remove(key);
        self.company_tokens.retain(|(config, _), _| config != key);
        self.waits.remove(key);
        self.spared.remove(key);
        self.readable.retain(|(config, _), _| config != key);
        self.statuses.retain(|(config, _), _| config != key);
    }

    /// Forgets what belongs to a connection that is gone.
    pub(super) fn forget(&mut self, key: &ConnectionKey) {
        self.seen.remove(key);
        self.shown.remove(key);
        self.operations.remove(key);
        self.over_before.remove(key);
        self.errors.remove(key);
    }
}

/// Something went wrong, under the component's name for it.
fn on_error(args: ErrorArgs) -> CodatEvent {
    CodatEvent::OnError {
        correlation_id: args.correlation_id,
        message: args.message,
        error_code: args.error_code,
        user_recoverable: args.user_recoverable,
    }
}
