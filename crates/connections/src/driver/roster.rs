//! All connections in memory, and what is next for which: found without looking at each of them.
//!
//! Invariant: the indexes say what the connections say; both change in [`Roster::insert`] and `take_out` alone.

use crate::connection::Connection;
use crate::id::{ConfigKey, ConnectionKey};
use crate::step::next_refresh;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

/// Connections by key.
#[derive(Default)]
pub(super) struct Roster {
    by_key: BTreeMap<ConnectionKey, Entry>,
    /// By registration, when each of its connections is next worth a refresh that nobody asked for.
    due: BTreeMap<ConfigKey, BTreeSet<(Timestamp, ConnectionKey)>>,
    /// Those that are looked at through an aggregator.
    aggregated: BTreeSet<ConnectionKey>,
    users: BTreeMap<ConfigKey, usize>,
    /// The highest revision of those that were removed.
    removed: u64,
    /// What time it is, as far as it was told; from here the indexes see when something is due.
    time: Timestamp,
}

struct Entry {
    connection: Connection,
    due_at: Option<Timestamp>,
    /// All its names in small letters, one a line: a search looks at a hundred thousand of these with each key pressed.
    names: String,
}

impl Roster {
    pub(super) fn of(connections: Vec<Connection>, now: Timestamp) -> Self {
        let mut roster = Self { time: now, ..Self::default() };
        for connection in connections {
            roster.insert(connection.key.clone(), connection);
        }
        roster
    }

    pub(super) fn get(&self, key: &ConnectionKey) -> Option<&Connection> {
        self.by_key.get(key).map(|entry| &entry.connection)
    }

    /// The item of a connection through an aggregator; no index depends on what it says.
    pub(super) fn item_mut(&mut self, key: &ConnectionKey) -> Option<&mut crate::item::ItemFacts> {
        self.by_key.get_mut(key)?.connection.item.as_mut()
    }

    /// Takes looks at data connections along with a clock that was set back; no index depends on them.
    pub(super) fn set_looks_back(&mut self, by: SignedDuration) {
        for entry in self.by_key.values_mut() {
            if let Some(facts) = &mut entry.connection.data_connection {
                facts.set_back(by);
            }
        }
    }

    pub(super) fn contains_key(&self, key: &ConnectionKey) -> bool {
        self.by_key.contains_key(key)
    }

    pub(super) fn values(&self) -> impl DoubleEndedIterator<Item = &Connection> {
        self.by_key.values().map(|entry| &entry.connection)
    }

    pub(super) fn len(&self) -> usize {
        self.by_key.len()
    }

    /// Those that come after a key, or all.
    pub(super) fn after(&self, key: Option<&ConnectionKey>) -> impl Iterator<Item = &Connection> {
        let from = key.map_or(Bound::Unbounded, Bound::Excluded);
        self.by_key.range((from, Bound::Unbounded)).map(|(_, entry)| &entry.connection)
    }

    /// Those that have this, which is in small letters, in a name.
    pub(super) fn named(&self, wanted: &str) -> impl Iterator<Item = &Connection> {
        self.by_key.values().filter(move |entry| entry.names.contains(wanted)).map(|entry| &entry.connection)
    }

    /// Those that are looked at through an aggregator.
    pub(super) fn aggregated(&self) -> impl Iterator<Item = &Connection> {
        self.aggregated.iter().filter_map(|key| self.get(key))
    }

    /// How many use a registration.
    pub(super) fn users_of(&self, config: &ConfigKey) -> usize {
        self.users.get(config).copied().unwrap_or(0)
    }

    /// By registration, what is next to be refreshed and when, the first first.
    pub(super) fn due(
        &self,
    ) -> impl Iterator<Item = (&ConfigKey, impl Iterator<Item = (Timestamp, &ConnectionKey)>)> {
        self.due.iter().map(|(config, due)| (config, due.iter().map(|(at, key)| (*at, key))))
    }

    /// What time it is; [`Self::insert`] goes by it.
    pub(super) fn tell_time(&mut self, now: Timestamp) {
        self.time = now;
    }

    /// Sees anew when each is due, after the clock was set.
    pub(super) fn index_anew(&mut self, now: Timestamp) {
        self.time = now;
        let all: Vec<Connection> = self.values().cloned().collect();
        for connection in all {
            self.insert(connection.key.clone(), connection);
        }
    }

    /// Where the revision of a new connection begins: no connection that was removed has had a higher one.
    pub(super) fn first_revision(&self) -> u64 {
        self.removed
    }

    pub(super) fn insert(&mut self, key: ConnectionKey, connection: Connection) {
        self.take_out(&key);
        // What is under way when nobody works on it is due at once.
        let due_at = next_refresh(&connection, self.time);
        if let Some(at) = due_at {
            self.due.entry(key.config_key.clone()).or_default().insert((at, key.clone()));
        }
        if connection.item.is_some() || connection.data_connection.is_some() {
            self.aggregated.insert(key.clone());
        }
        *self.users.entry(key.config_key.clone()).or_default() += 1;
        let names = names_of(&connection);
        self.by_key.insert(key, Entry { connection, due_at, names });
    }

    pub(super) fn remove(&mut self, key: &ConnectionKey) {
        if let Some(entry) = self.take_out(key) {
            self.removed = self.removed.max(entry.connection.grant_revision);
        }
    }

    fn take_out(&mut self, key: &ConnectionKey) -> Option<Entry> {
        let entry = self.by_key.remove(key)?;
        if let (Some(at), Some(due)) = (entry.due_at, self.due.get_mut(&key.config_key)) {
            due.remove(&(at, key.clone()));
            if due.is_empty() {
                self.due.remove(&key.config_key);
            }
        }
        self.aggregated.remove(key);
        if let Some(users) = self.users.get_mut(&key.config_key) {
            *users = users.saturating_sub(1);
        }
        Some(entry)
    }
}

fn names_of(connection: &Connection) -> String {
    let key = &connection.key;
    let names = [
        connection.display_name(),
        connection.provider_name.as_str(),
        key.config_key.as_str(),
        key.connection_id.as_str(),
    ];
    names.join("\n").to_lowercase()
}
