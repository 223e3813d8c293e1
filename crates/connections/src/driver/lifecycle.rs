//! What the person does to a connection: disconnect, delete, pause, resume, rename, check now.

use super::identity::Lookup;
use super::refresh::{Asker, config_of};
use super::revoke::Told;
use super::turns::Turn;
use super::{Connections, line_about, store_error};
use crate::activity::ActivityKind;
use crate::connection::{Connection, Status};
use crate::error::CoreError;
use crate::id::ConnectionKey;
use crate::ports::{Change, PendingRevocation};
use crate::step::{Event, Step};
use crate::view::{AttemptPhase, ConnectionView};

/// How the provider took a disconnect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevocationOutcome {
    /// It confirmed.
    Confirmed,
    /// It offers no way to be told.
    NotOffered,
    /// It did not answer; it is told later.
    Later,
    /// It refuses to end it; only the person can, there.
    Refused,
    /// The aggregator keeps its access until the connection is deleted.
    Kept,
    /// It was a key, which the provider keeps valid until it is revoked there.
    KeyStays,
    /// There was nothing to revoke.
    Nothing,
}

impl RevocationOutcome {
    const fn word(self) -> &'static str {
        match self {
            Self::Confirmed => "yes",
            Self::NotOffered => "notOffered",
            Self::Later => "later",
            Self::Refused => "refused",
            Self::Kept => "kept",
            Self::KeyStays => "keyStays",
            Self::Nothing => "nothing",
        }
    }
}

/// Longest nickname; more would not fit a row.
const LONGEST_NICKNAME: usize = 60;

impl Connections {
    /// Disconnects: the grant is erased here at once and revoked at the provider if it can be; data, history, name
    /// and the pair of names stay.
    ///
    /// # Errors
    /// Unknown connection, or a store that cannot be written; then nothing has changed.
    pub async fn disconnect(&self, key: &ConnectionKey) -> Result<RevocationOutcome, CoreError> {
        if self.is_data(key) {
            return self.disconnect_codat(key).await;
        }
        self.end_attempts_for(key).await;
        let (outcome, revocation) = if self.is_link(key) {
            (self.disconnect_link(key).await?, None)
        } else {
            self.unlink(key).await?
        };
        let outcome = self.settle(outcome, revocation).await;
        let connection = self.state().connections.get(key).cloned();
        if let Some(connection) = connection {
            let params = [("revoked", outcome.word().to_owned())];
            let line = line_about(&connection, self.now(), ActivityKind::Disconnected, &params);
            self.write(Vec::new(), vec![line]).await?;
        }
        Ok(outcome)
    }

    /// Deletes: as disconnect, and the connection goes with everything that was fetched.
    ///
    /// # Errors
    /// Unknown connection, or a store that cannot be written.
    pub async fn delete(&self, key: &ConnectionKey) -> Result<RevocationOutcome, CoreError> {
        if self.is_data(key) {
            return self.delete_codat(key).await;
        }
        self.end_attempts_for(key).await;
        if !self.state().connections.contains_key(key) {
            // It was never linked, and went with its attempt.
            return Ok(RevocationOutcome::Nothing);
        }
        if self.is_link(key) {
            return self.delete_link(key).await;
        }
        let (outcome, revocation) = self.remove(key).await?;
        Ok(self.settle(outcome, revocation).await)
    }

    fn is_link(&self, key: &ConnectionKey) -> bool {
        self.state().connections.get(key).is_some_and(|one| one.item.is_some())
    }

    /// Erases the grant and queues its revocation, in one commit.
    async fn unlink(&self, key: &ConnectionKey) -> Result<(RevocationOutcome, Option<String>), CoreError> {
        let turn = self.turn(key).await;
        let (_, outcome, pending) = self.farewell(&turn, key).await?;
        let stored = pending.as_ref().map(PendingRevocation::duplicate);
        let queue = |_: &Step| stored.map(Change::PutRevocation).into_iter().collect();
        self.apply_in(&turn, key, Event::Disconnect, queue).await?;
        Ok((outcome, self.given_up(key, pending)))
    }

    /// Removes the connection and queues the revocation of its grant, in one commit.
    async fn remove(&self, key: &ConnectionKey) -> Result<(RevocationOutcome, Option<String>), CoreError> {
        let turn = self.turn(key).await;
        let (connection, outcome, pending) = self.farewell(&turn, key).await?;
        let stored = pending.as_ref().map(PendingRevocation::duplicate);
        let line = line_about(&connection, self.now(), ActivityKind::Deleted, &[]);
        let queue = stored.map(Change::PutRevocation).into_iter().collect();
        self.remove_in(&turn, key, queue, line).await?;
        Ok((outcome, self.given_up(key, pending)))
    }

    /// What the provider has to be told when a connection is given up, and what the person hears of it until it was.
    /// The grant that is read here is the one that goes: nobody else writes during the turn.
    async fn farewell(
        &self,
        _turn: &Turn<'_>,
        key: &ConnectionKey,
    ) -> Result<(Connection, RevocationOutcome, Option<PendingRevocation>), CoreError> {
        let connection = {
            let state = self.state();
            state.connections.get(key).cloned().ok_or_else(|| super::unknown_connection(key))?
        };
        let grant = match self.inner.ports.store.grant(key).await.map_err(store_error)? {
            Some(grant) if connection.status == Status::Linked => Some(grant),
            _ => None,
        };
        let provider = config_of(&self.state(), &key.config_key).ok().map(|one| one.provider().clone());
        let pending = match (&grant, &provider) {
            (Some(grant), Some(provider)) => self.revocation_for(&connection, provider, grant).await,
            _ => None,
        };
        let outcome = match (&grant, &pending) {
            (None, _) => RevocationOutcome::Nothing,
            (Some(_), None) if provider.as_ref().is_some_and(providers::Provider::takes_key) => {
                RevocationOutcome::KeyStays
            }
            (Some(_), None) => RevocationOutcome::NotOffered,
            (Some(_), Some(_)) => RevocationOutcome::Later,
        };
        Ok((connection, outcome, pending))
    }

    /// It is durable that the grant is given up. Answers the revocation that waits to be told.
    fn given_up(&self, key: &ConnectionKey, pending: Option<PendingRevocation>) -> Option<String> {
        self.revoke_unsaved(key);
        let pending = pending?;
        let id = pending.id.clone();
        self.state().revocations.insert(id.clone(), pending);
        Some(id)
    }

    /// Tries the queued revocation once, now.
    async fn settle(&self, outcome: RevocationOutcome, revocation: Option<String>) -> RevocationOutcome {
        let Some(id) = revocation else { return outcome };
        match self.tell_provider(&id).await {
            Told::Confirmed => RevocationOutcome::Confirmed,
            Told::Refused => RevocationOutcome::Refused,
            Told::Later => RevocationOutcome::Later,
        }
    }

    async fn end_attempts_for(&self, key: &ConnectionKey) {
        for id in self.waiting_for(key) {
            if let Err(error) = self.end_attempt(&id, AttemptPhase::Cancelled, None).await {
                tracing::warn!(%error, "an attempt could not be ended");
            }
        }
    }

    /// Pauses background work and handing out.
    ///
    /// # Errors
    /// Unknown connection, or a store that cannot be written.
    pub async fn pause(&self, key: &ConnectionKey) -> Result<ConnectionView, CoreError> {
        self.apply(key, Event::Pause, |_| Vec::new()).await?;
        self.connection(key)
    }

    /// Takes a pause back.
    ///
    /// # Errors
    /// Unknown connection, or a store that cannot be written.
    pub async fn resume(&self, key: &ConnectionKey) -> Result<ConnectionView, CoreError> {
        self.apply(key, Event::Resume, |_| Vec::new()).await?;
        self.connection(key)
    }

    /// Names it; blank takes the name away.
    ///
    /// # Errors
    /// Unknown connection, or a store that cannot be written.
    pub async fn rename(
        &self,
        key: &ConnectionKey,
        nickname: Option<&str>,
    ) -> Result<ConnectionView, CoreError> {
        let cleaned = nickname.map(|text| {
            let visible: String = text.chars().filter(|one| !one.is_control()).collect();
            visible.trim().chars().take(LONGEST_NICKNAME).collect::<String>()
        });
        let nickname = cleaned.filter(|text| !text.is_empty());
        self.apply(key, Event::Rename(nickname), |_| Vec::new()).await?;
        self.connection(key)
    }

    /// Checks now that the connection works: asks the provider who approved, with a token that is fresh.
    ///
    /// # Errors
    /// As for a token: which thing keeps it from working.
    pub async fn sync(&self, key: &ConnectionKey) -> Result<ConnectionView, CoreError> {
        self.connection(key)?;
        if self.is_data(key) {
            self.sync_codat(key, None).await?;
            return self.connection(key);
        }
        if self.is_link(key) {
            self.run_again(key).await?;
            return self.connection(key);
        }
        self.state().syncing.insert(key.clone());
        self.announce_connection(key);
        let result = self.check(key).await;
        self.state().syncing.remove(key);
        self.announce_connection(key);
        result?;
        self.connection(key)
    }

    async fn check(&self, key: &ConnectionKey) -> Result<(), CoreError> {
        let (config, connection) = {
            let state = self.state();
            let connection = state.connections.get(key).ok_or_else(|| super::unknown_connection(key))?;
            (config_of(&state, &key.config_key)?, connection.clone())
        };
        super::refresh::linked(&connection)?;
        if config.provider().takes_key() {
            self.check_key(key, &config).await?;
            return self.apply(key, Event::Synced, |_| Vec::new()).await.map(drop);
        }
        let lookup = if connection.without_person {
            None
        } else {
            Lookup::of(config.provider(), &connection.parameters)?
        };
        let (true, Some(lookup)) = (!connection.paused, &lookup) else {
            if connection.renewable && !connection.paused {
                self.refresh(key).await?;
            } else {
                self.fresh_grant(key, None, Asker::Person).await?;
            }
            return self.apply(key, Event::Synced, |_| Vec::new()).await.map(drop);
        };
        let grant = self.fresh_grant(key, None, Asker::Person).await?;
        let rejected = self.ask_identity(key, lookup, &grant).await?;
        if rejected {
            // The token looked fresh and the provider refuses it: one renewal, one more try.
            let renewed = self.refresh(key).await?;
            if self.ask_identity(key, lookup, &renewed).await? {
                return Err(CoreError::new(crate::error::ErrorCode::ProviderTrouble)
                    .with("provider", connection.provider_name.clone()));
            }
        }
        self.apply(key, Event::Synced, |_| Vec::new()).await.map(drop)
    }
}
