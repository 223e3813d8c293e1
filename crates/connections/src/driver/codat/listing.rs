//! Connections that Codat has, wherever they were made, in Mooring's one list.
//!
//! A connection is known by Codat's ids for company and connection, whatever it is called here.

use super::access::Refusal;
use super::look::{Sight, ids_of};
use crate::activity::ActivityKind;
use crate::codat_config::CodatConfig;
use crate::connection::{Connection, Needs, Status};
use crate::data_connection::{DataConnection, observe};
use crate::driver::{Connections, State, line_about};
use crate::error::{CoreError, ErrorCode};
use crate::id::{ConfigKey, ConnectionId, ConnectionKey};
use crate::ports::Change;
use crate::step::{CLOCK_STEP, Event, LookFailure, add, step};
use crate::view::{CodatListing, CoreEvent};
use codat::{CompanyId, ListQuery, Mode};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, HashMap, HashSet};

/// How often everything is listed by itself: often enough to notice what was ended elsewhere, and one request for two
/// hundred companies.
const LIST_EVERY: SignedDuration = SignedDuration::from_hours(24);
/// Pages of one company's connections that are read at most.
const MOST_PAGES: u32 = 50;

/// How long after a list that failed none is tried by itself.
const LIST_AGAIN: SignedDuration = SignedDuration::from_hours(1);
/// Connections that a list does not show and that are asked about one by one, at most: the rest is the next list's.
const MOST_ASKED: usize = 50;

/// A connection at Codat, with what its company is called.
struct Found {
    company: CompanyId,
    company_name: Option<String>,
    connection: codat::Connection,
}

/// Everything that the credentials let us see.
#[derive(Default)]
struct Everything {
    found: Vec<Found>,
    /// Companies and connections that could not be read.
    skipped: usize,
    /// Companies that are there, in small letters; none where they cannot be listed.
    companies: Option<HashSet<String>>,
}

impl Connections {
    /// Lists what Codat has into Mooring's list.
    ///
    /// # Errors
    /// Unknown registration, provider trouble, offline, or a store that cannot be written. What was listed before stays.
    pub async fn list_codat(&self, key: &ConfigKey) -> Result<CodatListing, CoreError> {
        self.codat_config(key)?;
        if !self.state().codat.listing.insert(key.clone()) {
            return Err(CoreError::new(ErrorCode::Busy).with("provider", "Codat"));
        }
        self.list_in_turn(key, true).await
    }

    /// The same for whoever has said already that a list is under way. Unless somebody asked for it, a failure that is
    /// known is not said again.
    pub(super) async fn list_in_turn(
        &self,
        key: &ConfigKey,
        is_asked_for: bool,
    ) -> Result<CodatListing, CoreError> {
        let listed = match self.codat_config(key) {
            Ok(config) => match self.list_once(&config).await {
                Ok(listing) => Ok(listing),
                Err(refusal) => Err(self.list_failed(&config, refusal, is_asked_for).await),
            },
            Err(error) => Err(error),
        };
        self.state().codat.listing.remove(key);
        self.inner.wake.notify_one();
        listed
    }

    async fn list_once(&self, config: &CodatConfig) -> Result<CodatListing, Refusal> {
        // What is made here while the list is on its way is not in it, and is not gone for that.
        let before = self.known_of(&config.key);
        let all = self.found_at_codat(config).await?;
        let mut listing = CodatListing { found: all.found.len(), new: 0, gone: 0, skipped: all.skipped };
        let present: HashSet<String> =
            all.found.iter().map(|one| one.connection.id.as_str().to_ascii_lowercase()).collect();
        listing.new = self.keep_found(config, all.found).await?;
        // An element that could not be read may be any of them.
        if all.skipped == 0 {
            let missing = before.into_iter().filter(|(_, facts)| !present.contains(&small(&facts.id)));
            let gone = self.gone_of(config, missing.collect(), all.companies.as_ref()).await?;
            listing.gone = gone.len();
            let events = gone.iter().map(|key| (key.clone(), Event::LookFailed(LookFailure::Gone)));
            self.apply_all(events.collect()).await?;
            for key in &gone {
                self.announce_codat(key);
            }
        }
        self.note_listed(config).await?;
        Ok(listing)
    }

    /// A list failed: it is said, and tried again by itself later. A key that is refused concerns every connection.
    async fn list_failed(&self, config: &CodatConfig, refusal: Refusal, is_asked_for: bool) -> CoreError {
        if refusal.of_look() == LookFailure::Configuration {
            let concerned: Vec<_> = {
                let state = self.state();
                let of_it = state.connections.aggregated().filter(|one| one.key.config_key == config.key);
                of_it
                    .filter(|one| one.status == Status::Linked && one.needs != Needs::Credentials)
                    .filter(|one| one.data_connection.as_ref().is_some_and(|facts| !facts.gone))
                    .map(|one| (one.key.clone(), Event::LookFailed(LookFailure::Configuration)))
                    .collect()
            };
            if let Err(error) = self.apply_all(concerned).await {
                tracing::warn!(%error, "that a key is refused could not be written down");
            }
        }
        let until = add(self.now(), LIST_AGAIN);
        let known = self.state().codat.list_failures.contains_key(&config.key);
        // Every hour the same would fill Activity.
        let told = if known && !is_asked_for {
            refusal.told()
        } else {
            self.codat_refused(config, None, refusal).await
        };
        self.state().codat.list_failures.insert(config.key.clone(), (told.clone().into(), until));
        self.announce(CoreEvent::ConfigsChanged);
        told
    }

    async fn found_at_codat(&self, config: &CodatConfig) -> Result<Everything, Refusal> {
        let mut all = Everything::default();
        if config.mode() == Mode::ApiKey {
            let (companies, skipped) = self.all_companies(config).await?;
            all.skipped = skipped;
            all.companies = Some(companies.iter().map(|one| small(one.id.as_str())).collect());
            for company in companies {
                let (id, name) = (company.id, company.name);
                all.found.extend(company.connections.into_iter().map(|connection| Found {
                    company: id.clone(),
                    company_name: name.clone(),
                    connection,
                }));
            }
            return Ok(all);
        }
        let company = config.company.as_deref().and_then(|id| CompanyId::parse(id).ok());
        let company = company.ok_or_else(|| CoreError::new(ErrorCode::ClientRefused))?;
        let mut page = 1;
        for _ in 0..MOST_PAGES {
            let asked = ListQuery::default().at_page(page);
            let part = self
                .ask_codat(
                    config,
                    |api| api.list_connections(&company, &asked),
                    |answer, now| codat::judge_connections(answer, &asked, now),
                )
                .await?;
            all.skipped += part.skipped;
            all.found.extend(part.items.into_iter().map(|connection| Found {
                company: company.clone(),
                company_name: None,
                connection,
            }));
            match part.next {
                Some(next) => page = next,
                None => break,
            }
        }
        Ok(all)
    }

    /// Connections of a registration that are not known to be gone.
    fn known_of(&self, config: &ConfigKey) -> Vec<(ConnectionKey, DataConnection)> {
        let state = self.state();
        let of_it = state.connections.aggregated().filter(|one| one.key.config_key == *config);
        of_it
            .filter_map(|one| {
                let facts = one.data_connection.as_ref().filter(|facts| !facts.gone)?;
                Some((one.key.clone(), facts.clone()))
            })
            .collect()
    }

    /// Of those that a list did not show, the ones that Codat says are not there. A list can be cut, sorted anew between
    /// two pages or limited by rights; a 404 of Codat's own is no such thing.
    async fn gone_of(
        &self,
        config: &CodatConfig,
        missing: Vec<(ConnectionKey, DataConnection)>,
        companies: Option<&HashSet<String>>,
    ) -> Result<Vec<ConnectionKey>, Refusal> {
        let (mut gone, mut asked) = (Vec::new(), 0);
        let mut gone_companies: BTreeMap<String, bool> = BTreeMap::new();
        for (key, facts) in missing {
            if asked >= MOST_ASKED {
                break;
            }
            let (company, id) = ids_of(&facts)?;
            if companies.is_some_and(|all| !all.contains(&small(&facts.company))) {
                let is_gone = match gone_companies.get(&facts.company) {
                    Some(known) => *known,
                    None => {
                        asked += 1;
                        let answer =
                            self.ask_codat(config, |api| api.company(&company), codat::judge_company).await;
                        let is_gone = unless_gone(answer)?.is_none();
                        gone_companies.insert(facts.company.clone(), is_gone);
                        is_gone
                    }
                };
                if is_gone {
                    gone.push(key);
                    continue;
                }
            }
            asked += 1;
            let answer =
                self.ask_codat(config, |api| api.connection(&company, &id), codat::judge_connection).await;
            match unless_gone(answer)? {
                Some(seen) => self.data_seen(&key, seen).await?,
                None => gone.push(key),
            }
        }
        Ok(gone)
    }

    /// Takes in what a list has found, all in one commit each for what is known and what is new: there can be a thousand.
    /// Answers how many are new.
    async fn keep_found(&self, config: &CodatConfig, found: Vec<Found>) -> Result<usize, CoreError> {
        // What is being made here has no name so far; afterwards it has, and is not found.
        let _turn = self.inner.making.at(&config.key).await;
        let now = self.now();
        let mut known: HashMap<String, ConnectionKey> = HashMap::new();
        {
            let state = self.state();
            for one in state.connections.aggregated().filter(|one| one.key.config_key == config.key) {
                let facts = one.data_connection.as_ref();
                known.extend(facts.map(|facts| (small(&facts.id), one.key.clone())));
            }
        }
        let (mut sights, mut changes, mut lines, mut kept) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let deleted = self.codat_config(&config.key)?.deleted;
        let mut back = Vec::new();
        for one in found {
            let id = small(one.connection.id.as_str());
            if let Some(key) = known.get(&id) {
                let (seen, company_name) = (one.connection, one.company_name);
                sights.push(Sight { key: key.clone(), seen, company_name });
                continue;
            }
            let linked = codat::standing(&one.connection).status == Some(codat::Status::Linked);
            // A list that was on its way when it was deleted still shows it.
            let slot = (config.key.clone(), id.clone());
            if config.mode() == Mode::ApiKey && self.state().codat.deleted.contains(&slot) {
                continue;
            }
            // Who deleted it here and could not do so there does not want it back, unless it has access again.
            if deleted.contains(&id) && !linked {
                continue;
            }
            if linked && deleted.contains(&id) {
                back.push(id.clone());
            }
            let (connection, seen) = found_connection(config, one, now)?;
            known.insert(id, connection.key.clone());
            changes.push(Change::PutConnection(Box::new(connection.clone())));
            lines.push(line_about(&connection, now, ActivityKind::Found, &[]));
            kept.push((connection, seen));
        }
        self.take_in(sights, false).await?;
        let new = kept.len();
        if new > 0 {
            self.write(changes, lines).await?;
        }
        for (connection, seen) in kept {
            self.state().codat.seen.insert(connection.key.clone(), seen);
            self.publish(connection);
        }
        if !back.is_empty() {
            self.change_codat_config(&config.key, |one| one.deleted.retain(|id| !back.contains(id))).await?;
        }
        Ok(new)
    }

    async fn note_listed(&self, config: &CodatConfig) -> Result<(), CoreError> {
        let now = self.now();
        self.change_codat_config(&config.key, |one| one.listed_at = Some(now)).await?;
        self.state().codat.list_failures.remove(&config.key);
        self.announce(CoreEvent::ConfigsChanged);
        Ok(())
    }

    /// Registrations whose connections are worth listing at `now`.
    pub(in crate::driver) fn due_lists(state: &State, now: Timestamp) -> Vec<ConfigKey> {
        state
            .codat
            .configs
            .values()
            .filter(|one| !state.codat.listing.contains(&one.key))
            .filter(|one| list_at(state, one, now).is_some_and(|at| at <= now))
            .map(|one| one.key.clone())
            .collect()
    }

    /// When the next list is due.
    pub(in crate::driver) fn next_list(state: &State, now: Timestamp) -> Option<Timestamp> {
        let free = state.codat.configs.values().filter(|one| !state.codat.listing.contains(&one.key));
        free.filter_map(|one| list_at(state, one, now)).min()
    }

    /// Lists without being waited for; one that fails is tried again an hour later.
    pub(in crate::driver) async fn list_by_schedule(&self, key: &ConfigKey) {
        if !self.state().codat.listing.insert(key.clone()) {
            return;
        }
        if let Err(error) = self.list_in_turn(key, false).await {
            tracing::warn!(code = ?error.code, "Codat's connections could not be listed");
        }
    }
}

/// What is there; none where Codat says that it is not. Another refusal ends the asking.
fn unless_gone<T>(answer: Result<T, Refusal>) -> Result<Option<T>, Refusal> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(refusal) if refusal.api().is_some_and(codat::ApiError::is_gone) => Ok(None),
        Err(refusal) => Err(refusal),
    }
}

/// Ids mean the same in small and capital letters.
pub(super) fn small(id: &str) -> String {
    id.to_ascii_lowercase()
}

/// A connection that was made elsewhere, under Codat's id.
fn found_connection(
    config: &CodatConfig,
    found: Found,
    now: Timestamp,
) -> Result<(Connection, codat::Connection), CoreError> {
    let key = ConnectionKey {
        config_key: config.key.clone(),
        connection_id: ConnectionId::parse(found.connection.id.as_str())?,
    };
    let facts = new_facts(&found.company, found.company_name.clone(), &found.connection);
    let mut connection = Connection::of_data(key, facts, now);
    let seen = observe(&found.connection, None, found.company_name);
    connection = step(&connection, Event::DataSeen(Box::new(seen)), now).connection;
    // Approved elsewhere: Codat tells when it was made, and that is the best that anybody knows.
    connection.first_authorized_at =
        if connection.status == Status::PendingAuth { None } else { found.connection.created };
    connection.last_authorized_at = connection.first_authorized_at;
    Ok((connection, found.connection))
}

/// What was never listed is listed now, and so is what was listed at a time that has not come: one list sets that right.
/// Registrations without connections have nothing that could end elsewhere.
fn list_at(state: &State, config: &CodatConfig, now: Timestamp) -> Option<Timestamp> {
    let watched =
        |one: &&Connection| one.key.config_key == config.key && one.status == Status::Linked && !one.paused;
    let at = match config.listed_at {
        None => config.updated_at.min(now),
        Some(at) => {
            state.connections.aggregated().find(watched)?;
            if at > add(now, CLOCK_STEP) { now } else { add(at, LIST_EVERY) }
        }
    };
    let at = state.codat.list_failures.get(&config.key).map_or(at, |(_, until)| at.max(*until));
    Some(state.codat.not_before(&config.key, at))
}

/// What is kept of a data connection before anything was seen of it.
pub(super) fn new_facts(
    company: &CompanyId,
    company_name: Option<String>,
    connection: &codat::Connection,
) -> DataConnection {
    DataConnection {
        company: company.as_str().to_owned(),
        company_name,
        id: connection.id.as_str().to_owned(),
        platform: None,
        source_id: None,
        word: String::new(),
        made_at: None,
        organization: None,
        profile: None,
        profile_at: None,
        other_organization: None,
        gone: false,
        approving_since: None,
        known_error: None,
        reading_since: None,
        look_at: None,
        failed_looks: 0,
    }
}
