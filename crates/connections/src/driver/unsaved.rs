//! Grants that a renewal brought: made durable, or kept in memory when the disk takes nothing, or revoked when they
//! come too late. None is dropped.

use super::{Connections, refresh::config_of, refresh::facts_of};
use crate::connection::{Connection, Status};
use crate::error::{CoreError, ErrorCode};
use crate::id::ConnectionKey;
use crate::ports::{Change, Grant};
use crate::step::{Effect, Event, GrantFacts, RefreshFailure, Step};
use providers::Provider;
use std::sync::Arc;

/// The only copy of a grant: the provider has rotated, and the store could not take it.
pub(super) struct Unsaved {
    /// The connection as it was when the renewal was sent.
    sending: Connection,
    grant: Arc<Grant>,
    brought: Brought,
}

/// What an answer brought.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Brought {
    /// New access.
    Access,
    /// A refresh token alone, in an answer that was of no use otherwise.
    RefreshToken,
}

impl Connections {
    /// Makes what came for `sending` durable. When the disk takes nothing it stays in memory, and the error is
    /// answered; when it comes too late it is revoked. That `given_to` gets the token is written in the same commit.
    ///
    /// # Errors
    /// [`ErrorCode::Superseded`], or the store's failure.
    pub(super) async fn store_brought(
        &self,
        sending: &Connection,
        provider: &Provider,
        grant: Arc<Grant>,
        brought: Brought,
        given_to: Option<&str>,
    ) -> Result<Arc<Grant>, CoreError> {
        let stored = Arc::clone(&grant);
        let written = match brought {
            Brought::Access => self.write_access(sending, provider, stored, given_to).await,
            Brought::RefreshToken => self.write_refresh_token(sending, stored).await,
        };
        let late = match written {
            Ok(true) => return Ok(grant),
            Ok(false) => grant,
            Err(error) => match self.keep_in_memory(Unsaved { sending: sending.clone(), grant, brought }) {
                None => return Err(error),
                Some(unsaved) => unsaved.grant,
            },
        };
        self.revoke_late(sending, provider, &late).await;
        Err(CoreError::new(ErrorCode::Superseded))
    }

    /// Answers whether it was in time.
    async fn write_access(
        &self,
        sending: &Connection,
        provider: &Provider,
        grant: Arc<Grant>,
        given_to: Option<&str>,
    ) -> Result<bool, CoreError> {
        let key = &sending.key;
        let known = self.state().connections.get(key).map(|one| one.parameters.clone());
        let said = super::endpoints::parameters_in(provider, &grant.extras);
        let parameters = known.map(|known| known.into_iter().chain(said).collect());
        let facts = GrantFacts { parameters, ..facts_of(&grant, provider) };
        let given_to = given_to.filter(|_| self.takes_it_to_write(key, self.now()));
        let given_to = given_to.map(ToOwned::to_owned);
        let event = Event::Refreshed { revision: sending.grant_revision, facts, given_to };
        let is_late = |step: &Step| step.effects.contains(&Effect::RevokeReturnedGrant);
        let put = |step: &Step| {
            if is_late(step) { Vec::new() } else { vec![Change::PutGrant(key.clone(), grant)] }
        };
        self.apply(key, event, put).await.map(|step| !is_late(&step))
    }

    /// Keeps a refresh token whose answer was of no use otherwise: the old one may be dead already.
    async fn write_refresh_token(&self, sending: &Connection, grant: Arc<Grant>) -> Result<bool, CoreError> {
        let failure = RefreshFailure::Trouble { not_before: None, in_doubt: false };
        let event = Event::RefreshFailed { revision: sending.grant_revision, failure };
        let put = |step: &Step| {
            let current = is_of_one_grant(&step.connection, sending);
            if current { vec![Change::PutGrant(sending.key.clone(), grant)] } else { Vec::new() }
        };
        let step = self.apply(&sending.key, event, put).await?;
        Ok(is_of_one_grant(&step.connection, sending))
    }

    /// Keeps it, unless the connection has moved on or is gone; then it comes back.
    fn keep_in_memory(&self, unsaved: Unsaved) -> Option<Unsaved> {
        let mut state = self.state();
        let key = &unsaved.sending.key;
        let current = state.connections.get(key).is_some_and(|now| is_of_one_grant(now, &unsaved.sending));
        if !current {
            return Some(unsaved);
        }
        state.unsaved.insert(key.clone(), unsaved);
        None
    }

    /// Writes a grant that an earlier commit could not take. Until it is written nothing else may happen to it.
    /// Answers new access, if that is what it is.
    pub(super) async fn save_unsaved(&self, key: &ConnectionKey) -> Result<Option<Arc<Grant>>, CoreError> {
        let Some(unsaved) = self.state().unsaved.remove(key) else { return Ok(None) };
        let Ok(config) = config_of(&self.state(), &key.config_key) else { return Ok(None) };
        let Unsaved { sending, grant, brought } = unsaved;
        match self.store_brought(&sending, config.provider(), grant, brought, None).await {
            Ok(grant) => Ok((brought == Brought::Access).then_some(grant)),
            Err(error) if error.code == ErrorCode::Superseded => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Revokes what was kept for a connection that the person gives up; nobody waits for it.
    pub(super) fn revoke_unsaved(&self, key: &ConnectionKey) {
        let Some(unsaved) = self.state().unsaved.remove(key) else { return };
        let Ok(config) = config_of(&self.state(), &key.config_key) else { return };
        let core = self.clone();
        self.spawn(async move {
            core.revoke_late(&unsaved.sending, config.provider(), &unsaved.grant).await;
        });
    }
}

/// Whether a connection still has the grant that it had.
pub(super) fn is_of_one_grant(now: &Connection, before: &Connection) -> bool {
    now.status == Status::Linked && now.grant_revision == before.grant_revision
}
