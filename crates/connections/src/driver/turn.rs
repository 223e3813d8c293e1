//! Writing: read state, step, commit, publish. What is published is what is stored.
//!
//! What concerns one connection is written one after the other ([`Turns`](super::turns::Turns)). Whoever needs more than one look at the state between reading and writing takes the [`Turn`] and keeps it.

use super::turns::Turn;
use super::{Connections, activity_view, line_about, store_error, unknown_connection};
use crate::activity::Activity;
use crate::connection::Connection;
use crate::error::CoreError;
use crate::id::ConnectionKey;
use crate::ports::Change;
use crate::step::{Effect, Event, Step, step};
use crate::view::CoreEvent;

/// How many lines of Activity are kept: some thirty megabytes, years of a few connections.
const LONGEST_LOG: u64 = 100_000;
/// After how many lines the oldest go.
const TRIMMED_EVERY: u64 = 1_000;

impl Connections {
    /// The right to write about this connection.
    pub(super) async fn turn(&self, key: &ConnectionKey) -> Turn<'_> {
        self.inner.writes.about(key).await
    }

    /// Applies `event`, writes what comes of it together with `more`, and publishes.
    ///
    /// `more` sees the step before it is written, and answers the changes that belong into the same commit.
    pub(super) async fn apply(
        &self,
        key: &ConnectionKey,
        event: Event,
        more: impl FnOnce(&Step) -> Vec<Change> + Send,
    ) -> Result<Step, CoreError> {
        let turn = self.turn(key).await;
        self.apply_in(&turn, key, event, more).await
    }

    /// The same, for whoever has the turn.
    pub(super) async fn apply_in(
        &self,
        turn: &Turn<'_>,
        key: &ConnectionKey,
        event: Event,
        more: impl FnOnce(&Step) -> Vec<Change> + Send,
    ) -> Result<Step, CoreError> {
        let now = self.now();
        let taken = {
            let state = self.state();
            let connection = state.connections.get(key).ok_or_else(|| unknown_connection(key))?;
            step(connection, event, now)
        };
        let more = more(&taken);
        self.keep_steps(turn, now, std::slice::from_ref(&taken), more).await?;
        Ok(taken)
    }

    /// The same for many connections, in one commit; those that are not there any more are left out.
    pub(super) async fn apply_all(&self, events: Vec<(ConnectionKey, Event)>) -> Result<(), CoreError> {
        let turn = self.inner.writes.about_everything().await;
        let now = self.now();
        let steps: Vec<Step> = {
            let state = self.state();
            let known = |(key, event): (ConnectionKey, Event)| Some((state.connections.get(&key)?, event));
            events.into_iter().filter_map(known).map(|(one, event)| step(one, event, now)).collect()
        };
        self.keep_steps(&turn, now, &steps, Vec::new()).await
    }

    /// Writes steps that were taken in this turn, all in one commit together with `more`, and publishes.
    pub(super) async fn keep_steps(
        &self,
        _turn: &Turn<'_>,
        now: jiff::Timestamp,
        steps: &[Step],
        more: Vec<Change>,
    ) -> Result<(), CoreError> {
        let (mut changes, mut lines, mut published) = (Vec::new(), Vec::new(), Vec::new());
        for taken in steps {
            if !taken.effects.contains(&Effect::RevokeReturnedGrant) {
                changes.push(Change::PutConnection(Box::new(taken.connection.clone())));
                published.push(taken.connection.clone());
            }
            for effect in &taken.effects {
                match effect {
                    Effect::EraseGrant => changes.push(Change::EraseGrant(taken.connection.key.clone())),
                    Effect::Log(kind, params) => {
                        lines.push(line_about(&taken.connection, now, *kind, params));
                    }
                    Effect::RevokeStoredGrant | Effect::RevokeReturnedGrant | Effect::FetchData => {}
                }
            }
        }
        changes.extend(more);
        changes.extend(lines.iter().cloned().map(Change::Log));
        if changes.is_empty() {
            return Ok(());
        }
        let sequences = self.inner.ports.store.commit(changes).await.map_err(store_error)?;
        for connection in published {
            self.publish(connection);
        }
        self.trim_log(&sequences).await;
        self.announce_lines(sequences, lines);
        Ok(())
    }

    /// Writes changes that touch no connection's status, with lines of Activity.
    pub(super) async fn write(&self, changes: Vec<Change>, lines: Vec<Activity>) -> Result<(), CoreError> {
        let turns = &self.inner.writes;
        let turn =
            if changes.is_empty() { turns.beside_others().await } else { turns.about_everything().await };
        self.write_in(&turn, changes, lines).await
    }

    /// The same, for whoever has the turn.
    pub(super) async fn write_in(
        &self,
        _turn: &Turn<'_>,
        changes: Vec<Change>,
        lines: Vec<Activity>,
    ) -> Result<(), CoreError> {
        let all = changes.into_iter().chain(lines.iter().cloned().map(Change::Log)).collect();
        let sequences = self.inner.ports.store.commit(all).await.map_err(store_error)?;
        self.trim_log(&sequences).await;
        self.announce_lines(sequences, lines);
        Ok(())
    }

    /// Removes the oldest lines of Activity, now and then, so that a vault does not grow for ever.
    async fn trim_log(&self, written: &[u64]) {
        let Some(latest) = written.iter().find(|sequence| *sequence % TRIMMED_EVERY == 0) else { return };
        let Some(before) = latest.checked_sub(LONGEST_LOG) else { return };
        if let Err(error) = self.inner.ports.store.commit(vec![Change::TrimLog(before)]).await {
            tracing::warn!(%error, "old lines of Activity could not be removed");
        }
    }

    /// Removes a connection, with `changes` in the same commit. It goes from the state before the turn ends: whoever
    /// writes next would put it back otherwise.
    pub(super) async fn remove_in(
        &self,
        turn: &Turn<'_>,
        key: &ConnectionKey,
        mut changes: Vec<Change>,
        line: Activity,
    ) -> Result<(), CoreError> {
        changes.push(Change::DeleteConnection(key.clone()));
        self.write_in(turn, changes, vec![line]).await?;
        {
            let mut state = self.state();
            state.connections.remove(key);
            state.held.remove(key);
        }
        self.announce(CoreEvent::ConnectionRemoved { key: key.clone() });
        Ok(())
    }

    /// The connection as it is, or this new one, with a revision that none of those that were removed has had: what is
    /// still on its way for one of them is not for this one. Holds as long as the turn.
    pub(super) fn current_or(&self, _turn: &Turn<'_>, new: Connection) -> Connection {
        let state = self.state();
        match state.connections.get(&new.key) {
            Some(current) => current.clone(),
            None => Connection { grant_revision: state.connections.first_revision(), ..new },
        }
    }

    /// Puts a connection that is durable into the state, and tells everybody.
    pub(super) fn publish(&self, connection: Connection) {
        let key = connection.key.clone();
        let now = self.now();
        {
            let mut state = self.state();
            state.connections.tell_time(now);
            state.connections.insert(key.clone(), connection);
        }
        self.announce_connection(&key);
        self.inner.wake.notify_one();
    }

    pub(super) fn announce_lines(&self, sequences: Vec<u64>, lines: Vec<Activity>) {
        for (sequence, line) in sequences.into_iter().zip(lines) {
            self.announce(CoreEvent::ActivityAdded { activity: Box::new(activity_view(sequence, line)) });
        }
    }
}
