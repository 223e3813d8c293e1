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

impl Connections {
    /// Data connections that are worth a look at `now`.
    pub(in crate::driver) fn due_data_looks(state: &State, now: Timestamp) -> Vec<ConnectionKey> {
        let due = |one: &&Connection| look_at(one).is_some_and(|at| at <= now);
        let free = state.connections.aggregated().filter(due);
        free.filter(|one| !state.codat.looking.contains(&one.key)).map(|one| one.key.clone()).collect()
    }

    /// When the next look is due.
    pub(in crate::driver) fn next_data_look(state: &State) -> Option<Timestamp> {
        let free = |one: &&Connection| !state.codat.looking.contains(&one.key);
        state.connections.aggregated().filter(free).filter_map(look_at).min()
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
                let organization = self.claimed_organization(key);
                self.data_seen(key, seen, organization, None).await?;
                self.settle_links(key).await;
                if facts.reading_since.is_some() {
                    self.follow_reading(key).await?;
                }
                Ok(())
            }
            Err(refusal) => {
                self.apply(key, Event::LookFailed(refusal.of_look()), |_| Vec::new()).await?;
                self.announce_codat(key);
                Ok(())
            }
        }
    }

    /// The organization that a return has claimed, of an approval that is not over.
    fn claimed_organization(&self, key: &ConnectionKey) -> Option<String> {
        let state = self.state();
        let mut open = state.codat.attempts.values().filter(|one| one.is_open() && one.key == *key);
        open.find_map(|one| one.organization.clone())
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
        organization: Option<String>,
        company_name: Option<String>,
    ) -> Result<(), CoreError> {
        let observation = observe(&seen, organization, company_name);
        let unchanged = {
            let state = self.state();
            let connection = state.connections.get(key).ok_or_else(|| unknown_connection(key))?;
            // Most looks show nothing new; only when to look next then changes, and that is worth no write.
            let next = step(connection, Event::DataSeen(Box::new(observation.clone())), self.now());
            let same = next.effects.is_empty() && same_but_for_the_look(connection, &next.connection);
            same.then_some(next.connection)
        };
        let shown = shown_of(&seen);
        let before = self.state().codat.seen.insert(key.clone(), seen);
        let news = before.is_none_or(|before| shown_of(&before) != shown);
        match unchanged {
            Some(connection) => {
                self.state().connections.insert(key.clone(), connection);
                self.inner.wake.notify_one();
                if news {
                    self.announce_codat(key);
                }
            }
            None => {
                let taken = self.apply(key, Event::DataSeen(Box::new(observation)), |_| Vec::new()).await?;
                for effect in &taken.effects {
                    if let Some(event) = event_of(effect) {
                        self.announce_happened(Some(key.clone()), event);
                    }
                }
                self.announce_codat(key);
            }
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

/// Codat's ids of a data connection.
pub(super) fn ids_of(facts: &DataConnection) -> Result<(CompanyId, ConnectionId), CoreError> {
    let gone = |_| CoreError::new(crate::error::ErrorCode::Gone).with("provider", "Codat");
    Ok((CompanyId::parse(&facts.company).map_err(gone)?, ConnectionId::parse(&facts.id).map_err(gone)?))
}

/// When a connection wants a look; paused ones want none.
fn look_at(connection: &Connection) -> Option<Timestamp> {
    if connection.paused { None } else { connection.data_connection.as_ref()?.look_at }
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
