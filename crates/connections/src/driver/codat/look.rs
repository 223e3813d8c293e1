//! Looking at data connections, by the schedule and for the person.

use super::access::Refusal;
use crate::codat_config::CodatConfig;
use crate::connection::Connection;
use crate::data_connection::{DataConnection, observe};
use crate::driver::{Connections, State, unknown_connection};
use crate::error::CoreError;
use crate::id::ConnectionKey;
use crate::step::{Effect, Event, step};
use crate::view::CodatEvent;
use codat::{CompanyId, ConnectionId};
use jiff::Timestamp;

/// A data connection as it was just seen, with what is known of it from elsewhere.
pub(super) struct Sight {
    pub(super) key: ConnectionKey,
    pub(super) seen: codat::Connection,
    pub(super) company_name: Option<String>,
}

impl Connections {
    /// Data connections that are worth a look at `now`.
    pub(in crate::driver) fn due_data_looks(state: &State, now: Timestamp) -> Vec<ConnectionKey> {
        let due = |one: &&Connection| look_at(state, one).is_some_and(|at| at <= now);
        let free = state.connections.aggregated().filter(due);
        free.filter(|one| !state.codat.looking.contains(&one.key)).map(|one| one.key.clone()).collect()
    }

    /// When the next look is due.
    pub(in crate::driver) fn next_data_look(state: &State) -> Option<Timestamp> {
        let free = |one: &&Connection| !state.codat.looking.contains(&one.key);
        state.connections.aggregated().filter(free).filter_map(|one| look_at(state, one)).min()
    }

    /// Looks at one data connection, unless somebody is at it.
    pub(in crate::driver) async fn look_data(&self, key: &ConnectionKey) {
        if !self.state().codat.looking.insert(key.clone()) {
            return;
        }
        let looked = self.look_data_once(key).await;
        self.state().codat.looking.remove(key);
        if let Err(error) = looked {
            tracing::warn!(%error, "what a look has shown could not be kept");
        }
        self.inner.wake.notify_one();
    }

    async fn look_data_once(&self, key: &ConnectionKey) -> Result<(), CoreError> {
        let (_, facts) = self.data_of(key)?;
        match self.fetch_data_connection(key).await {
            Ok(seen) => {
                self.data_seen(key, seen).await?;
                if facts.reading_since.is_some() {
                    self.follow_reading(key).await?;
                }
                Ok(())
            }
            Err(refusal) => self.look_refused(key, &refusal).await,
        }
    }

    /// A look got no answer: the first of a row is told, since a row of them says the same.
    pub(super) async fn look_refused(&self, key: &ConnectionKey, refusal: &Refusal) -> Result<(), CoreError> {
        let first = self.data_of(key).is_ok_and(|(_, facts)| facts.failed_looks == 0);
        self.apply(key, Event::LookFailed(refusal.of_look()), |_| Vec::new()).await?;
        if let Some(args) = refusal.event().filter(|_| first) {
            self.announce_happened(Some(key.clone()), super::on_error(args));
        }
        self.announce_codat(key);
        Ok(())
    }

    /// Asks Codat for one data connection.
    pub(super) async fn fetch_data_connection(
        &self,
        key: &ConnectionKey,
    ) -> Result<codat::Connection, Refusal> {
        let (config, facts) = self.data_of(key)?;
        let (company, id) = ids_of(&facts)?;
        self.ask_codat(&config, |api| api.connection(&company, &id), codat::judge_connection).await
    }

    /// Takes in a data connection as it was just seen.
    pub(super) async fn data_seen(
        &self,
        key: &ConnectionKey,
        seen: codat::Connection,
    ) -> Result<(), CoreError> {
        self.data_of(key)?;
        self.take_in(vec![Sight { key: key.clone(), seen, company_name: None }], true).await
    }

    /// Takes in data connections as they were just seen, all in one commit. Unless `tell_all`, only those that somebody
    /// looks at are told in full: a list brings a thousand.
    pub(super) async fn take_in(&self, sights: Vec<Sight>, tell_all: bool) -> Result<(), CoreError> {
        let keys: Vec<ConnectionKey> = sights.iter().map(|one| one.key.clone()).collect();
        let (mut steps, mut told) = (Vec::new(), Vec::new());
        {
            // What is written in between would be lost: from here on nobody writes.
            let turn = self.inner.writes.about_everything().await;
            let now = self.now();
            for Sight { key, seen, company_name } in sights {
                let mut state = self.state();
                let organization = claimed_organization(&state, &key);
                let observation = observe(&seen, organization, company_name);
                let Some(connection) = state.connections.get(&key) else { continue };
                let taken = step(connection, Event::DataSeen(Box::new(observation)), now);
                // Most looks show nothing new; only when to look next then changes, and that is worth no write.
                let same = taken.effects.is_empty() && same_but_for_the_look(connection, &taken.connection);
                let shown = shown_of(&seen);
                let before = state.codat.seen.insert(key.clone(), seen);
                if !same || before.is_none_or(|before| shown_of(&before) != shown) {
                    told.push(key.clone());
                }
                if same {
                    state.connections.insert(key, taken.connection);
                } else {
                    steps.push(taken);
                }
            }
            self.keep_steps(&turn, now, &steps, Vec::new()).await?;
        }
        self.inner.wake.notify_one();
        for taken in &steps {
            for event in taken.effects.iter().filter_map(event_of) {
                self.announce_happened(Some(taken.connection.key.clone()), event);
            }
        }
        for key in &told {
            if tell_all || self.state().codat.shown.contains(key) {
                self.announce_codat(key);
            }
        }
        for key in keys {
            self.settle_links(&key).await;
        }
        Ok(())
    }

    /// A registration and what is known of its data connection.
    pub(super) fn data_of(&self, key: &ConnectionKey) -> Result<(CodatConfig, DataConnection), CoreError> {
        let facts = {
            let state = self.state();
            let connection = state.connections.get(key).ok_or_else(|| unknown_connection(key))?;
            connection.data_connection.clone().ok_or_else(|| unknown_connection(key))?
        };
        Ok((self.codat_config(&key.config_key)?, facts))
    }

    /// The connection through Codat that is asked to be approved, if it is one.
    pub(in crate::driver) fn data_connection_asked(
        &self,
        ask: &crate::driver::BeginAuthorization,
    ) -> Option<ConnectionKey> {
        let key =
            ConnectionKey { config_key: ask.config_key.clone(), connection_id: ask.connection_id.clone()? };
        self.is_data(&key).then_some(key)
    }

    /// Whether a connection is one through Codat.
    pub(in crate::driver) fn is_data(&self, key: &ConnectionKey) -> bool {
        self.state().connections.get(key).is_some_and(|one| one.data_connection.is_some())
    }
}

/// The organization that a return has claimed, of an approval that is not over.
fn claimed_organization(state: &State, key: &ConnectionKey) -> Option<String> {
    let mut open = state.codat.attempts.values().filter(|one| one.is_open() && one.key == *key);
    open.find_map(|one| one.organization.clone())
}

/// Codat's ids of a data connection.
pub(super) fn ids_of(facts: &DataConnection) -> Result<(CompanyId, ConnectionId), CoreError> {
    let gone = |_| CoreError::new(crate::error::ErrorCode::Gone).with("provider", "Codat");
    Ok((CompanyId::parse(&facts.company).map_err(gone)?, ConnectionId::parse(&facts.id).map_err(gone)?))
}

/// When a connection wants a look; paused ones want none. A reading that nobody follows any more wants one at once.
fn look_at(state: &State, connection: &Connection) -> Option<Timestamp> {
    if connection.paused {
        return None;
    }
    let facts = connection.data_connection.as_ref()?;
    let at = facts.look_at.or(facts.reading_since)?;
    Some(state.codat.not_before(&connection.key.config_key, at))
}

fn same_but_for_the_look(before: &Connection, after: &Connection) -> bool {
    let still = |connection: &Connection| {
        let mut still = connection.clone();
        if let Some(facts) = &mut still.data_connection {
            facts.look_at = None;
        }
        still
    };
    still(before) == still(after)
}

/// What of a data connection is shown and not kept.
fn shown_of(seen: &codat::Connection) -> (codat::Standing, Vec<(String, String)>) {
    (codat::standing(seen), seen.info.shown())
}

/// The component's event for what the rules have logged.
fn event_of(effect: &Effect) -> Option<CodatEvent> {
    let Effect::Log(_, params) = effect else { return None };
    let value = |name: &str| params.iter().find(|(one, _)| *one == name).map(|(_, value)| value.clone());
    let connection_id = value("connectionId")?;
    match value("event")?.as_str() {
        "onReconnect" => Some(CodatEvent::OnReconnect { connection_id }),
        "onDisconnect" => Some(CodatEvent::OnDisconnect { connection_id }),
        _ => None,
    }
}
