//! Connections that Codat has, wherever they were made, in Mooring's one list.
//!
//! A connection is known by Codat's ids for company and connection, whatever it is called here.

use super::access::Refusal;
use crate::activity::ActivityKind;
use crate::codat_config::CodatConfig;
use crate::connection::{Connection, Status};
use crate::data_connection::{DataConnection, observe};
use crate::driver::{Connections, State, line_about};
use crate::error::{CoreError, ErrorCode};
use crate::id::{ConfigKey, ConnectionId, ConnectionKey};
use crate::ports::Change;
use crate::step::{Event, LookFailure, add, step};
use crate::view::{CodatListing, CoreEvent};
use codat::{CompanyId, ListQuery, Mode};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashSet;

/// How often everything is listed by itself: often enough to notice what was ended elsewhere, and one request for two
/// hundred companies.
const LIST_EVERY: SignedDuration = SignedDuration::from_hours(24);
/// Pages of one company's connections that are read at most.
const MOST_PAGES: u32 = 50;

/// A connection at Codat, with what its company is called.
struct Found {
    company: CompanyId,
    company_name: Option<String>,
    connection: codat::Connection,
}

impl Connections {
    /// Lists what Codat has into Mooring's list.
    ///
    /// # Errors
    /// Unknown registration, provider trouble, offline, or a store that cannot be written. What was listed before stays.
    pub async fn list_codat(&self, key: &ConfigKey) -> Result<CodatListing, CoreError> {
        let config = self.codat_config(key)?;
        if !self.state().codat.listing.insert(key.clone()) {
            return Err(CoreError::new(ErrorCode::Busy).with("provider", "Codat"));
        }
        let listed = self.list_once(&config).await;
        self.state().codat.listing.remove(key);
        self.inner.wake.notify_one();
        listed
    }

    async fn list_once(&self, config: &CodatConfig) -> Result<CodatListing, CoreError> {
        // What is made here while the list is on its way is not in it, and is not gone for that.
        let before = self.known_of(&config.key);
        let (found, skipped) = self.found_at_codat(config).await.map_err(Refusal::told)?;
        let mut listing = CodatListing { found: found.len(), new: 0, gone: 0, skipped };
        let (mut present, mut new) = (HashSet::new(), Vec::new());
        for one in found {
            present.insert(one.connection.id.as_str().to_owned());
            let known = self.key_of_data(&config.key, one.connection.id.as_str());
            match known {
                Some(key) => self.data_seen(&key, one.connection, None, one.company_name).await?,
                None => new.push(one),
            }
        }
        listing.new = new.len();
        self.keep_found(config, new).await?;
        // An element that could not be read may be any of them.
        if skipped == 0 {
            for (key, id) in before.iter().filter(|(_, id)| !present.contains(id)) {
                listing.gone += 1;
                tracing::debug!(id, "a connection is not at Codat any more");
                self.apply(key, Event::LookFailed(LookFailure::Gone), |_| Vec::new()).await?;
                self.announce_codat(key);
            }
        }
        self.note_listed(config).await?;
        Ok(listing)
    }

    /// Everything that the credentials let us see, and how much could not be read.
    async fn found_at_codat(&self, config: &CodatConfig) -> Result<(Vec<Found>, usize), Refusal> {
        if config.mode() == Mode::ApiKey {
            let (companies, skipped) = self.all_companies(config).await?;
            let mut found = Vec::new();
            for company in companies {
                let (id, name) = (company.id, company.name);
                found.extend(company.connections.into_iter().map(|connection| Found {
                    company: id.clone(),
                    company_name: name.clone(),
                    connection,
                }));
            }
            return Ok((found, skipped));
        }
        let company = config.company.as_deref().and_then(|id| CompanyId::parse(id).ok());
        let company = company.ok_or_else(|| CoreError::new(ErrorCode::ClientRefused))?;
        let (mut found, mut skipped, mut page) = (Vec::new(), 0, 1);
        for _ in 0..MOST_PAGES {
            let asked = ListQuery::default().at_page(page);
            let part = self
                .ask_codat(
                    config,
                    |api| api.list_connections(&company, &asked),
                    |answer, now| codat::judge_connections(answer, &asked, now),
                )
                .await?;
            skipped += part.skipped;
            found.extend(part.items.into_iter().map(|connection| Found {
                company: company.clone(),
                company_name: None,
                connection,
            }));
            match part.next {
                Some(next) => page = next,
                None => break,
            }
        }
        Ok((found, skipped))
    }

    /// Connections of a registration that are not known to be gone, with Codat's ids.
    fn known_of(&self, config: &ConfigKey) -> Vec<(ConnectionKey, String)> {
        let state = self.state();
        let of_it = state.connections.values().filter(|one| one.key.config_key == *config);
        of_it
            .filter_map(|one| {
                let facts = one.data_connection.as_ref().filter(|facts| !facts.gone)?;
                Some((one.key.clone(), facts.id.clone()))
            })
            .collect()
    }

    /// What a data connection is called here.
    pub(super) fn key_of_data(&self, config: &ConfigKey, id: &str) -> Option<ConnectionKey> {
        key_of_data(&self.state(), config, id)
    }

    /// Takes connections in that were made elsewhere, all in one commit: there can be a thousand.
    async fn keep_found(&self, config: &CodatConfig, found: Vec<Found>) -> Result<(), CoreError> {
        let now = self.now();
        let (mut changes, mut lines, mut kept) = (Vec::new(), Vec::new(), Vec::new());
        for one in found {
            let (connection, seen) = found_connection(config, one, now)?;
            changes.push(Change::PutConnection(Box::new(connection.clone())));
            lines.push(line_about(&connection, now, ActivityKind::Found, &[]));
            kept.push((connection, seen));
        }
        self.write(changes, lines).await?;
        for (connection, seen) in kept {
            self.state().codat.seen.insert(connection.key.clone(), seen);
            self.publish(connection);
        }
        Ok(())
    }

    async fn note_listed(&self, config: &CodatConfig) -> Result<(), CoreError> {
        let current = self.state().codat.configs.get(&config.key).cloned();
        let Some(mut current) = current else { return Ok(()) };
        current.listed_at = Some(self.now());
        self.write(vec![Change::PutCodatConfig(Box::new(current.clone()), None)], Vec::new()).await?;
        self.state().codat.configs.insert(config.key.clone(), current);
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
            .filter(|one| list_at(state, one).is_some_and(|at| at <= now))
            .map(|one| one.key.clone())
            .collect()
    }

    /// When the next list is due.
    pub(in crate::driver) fn next_list(state: &State) -> Option<Timestamp> {
        let free = state.codat.configs.values().filter(|one| !state.codat.listing.contains(&one.key));
        free.filter_map(|one| list_at(state, one)).min()
    }

    /// Lists without being waited for; one that fails is tried again an hour later.
    pub(in crate::driver) async fn list_by_schedule(&self, key: &ConfigKey) {
        if let Err(error) = self.list_codat(key).await {
            tracing::debug!(code = ?error.code, "Codat's connections could not be listed");
            let until = add(self.now(), SignedDuration::from_hours(1));
            if let Some(config) = self.state().codat.configs.get_mut(key) {
                config.listed_at = until.checked_sub(LIST_EVERY).ok();
            }
        }
    }
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

/// Registrations without connections have nothing that could end elsewhere.
fn list_at(state: &State, config: &CodatConfig) -> Option<Timestamp> {
    let watched =
        |one: &&Connection| one.key.config_key == config.key && one.status == Status::Linked && !one.paused;
    state.connections.values().find(watched)?;
    Some(add(config.listed_at?, LIST_EVERY))
}

fn key_of_data(state: &State, config: &ConfigKey, id: &str) -> Option<ConnectionKey> {
    let is_it = |one: &&Connection| {
        one.key.config_key == *config && one.data_connection.as_ref().is_some_and(|facts| facts.id == id)
    };
    state.connections.values().find(is_it).map(|one| one.key.clone())
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
        other_organization: None,
        gone: false,
        approving_since: None,
        known_error: None,
        reading_since: None,
        look_at: None,
        failed_looks: 0,
    }
}
