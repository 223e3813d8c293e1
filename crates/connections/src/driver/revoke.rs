//! Telling providers that a grant is over (RFC 7009), now or when they answer again.

use super::{Connections, refresh::config_of};
use crate::activity::Activity;
use crate::activity::ActivityKind;
use crate::attempt::Attempt;
use crate::connection::Connection;
use crate::error::CoreError;
use crate::ports::{Change, Grant, PendingRevocation};
use crate::step::add;
use jiff::SignedDuration;
use oauth::{ClientRegistration, RevocationOutcome as Judged};
use secret::SecretString;
use std::collections::BTreeMap;

/// How long whoever queued a revocation has to tell it, before the schedule does.
const FIRST_TRY: SignedDuration = SignedDuration::from_mins(1);
/// How often a revocation is tried before it is given up: with pauses that double from a minute, about a week.
const MOST_TRIES: u32 = 14;

/// How a provider took it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// The grant is over.
    Confirmed,
    /// It will not be told again: it refuses, or has not answered for a week.
    Refused,
    /// It is told later.
    Later,
}

/// A provider that is being told; it no longer is when this goes.
pub(super) struct Telling {
    core: Connections,
    pending: PendingRevocation,
}

impl Telling {
    pub(super) async fn tell(self) -> Told {
        self.core.tell(self.pending.duplicate()).await
    }
}

impl Drop for Telling {
    fn drop(&mut self) {
        self.core.state().telling.remove(&self.pending.id);
        self.core.inner.wake.notify_one();
    }
}

impl Connections {
    /// What to tell the provider about `grant`; `None` when it offers no way.
    pub(super) async fn revocation_for(
        &self,
        connection: &Connection,
        provider: &providers::Provider,
        grant: &Grant,
    ) -> Option<PendingRevocation> {
        let config = config_of(&self.state(), &connection.key.config_key).ok()?;
        let metadata = super::endpoints::metadata_of(provider, &connection.parameters).ok()?;
        let endpoint = metadata.revocation_endpoint?;
        let client = self.registration(&config).await.ok()?;
        let is_refresh_token = grant.refresh_token.is_some();
        let token = grant.refresh_token.as_ref().unwrap_or(&grant.access_token).duplicate();
        let id =
            crate::id::AttemptId::from_random(super::authorize::first_16(self.inner.ports.random.bytes()));
        Some(PendingRevocation {
            id: id.to_string(),
            key: connection.key.clone(),
            connection_name: connection.display_name().to_owned(),
            provider_name: connection.provider_name.clone(),
            endpoint,
            client_id: client.client_id,
            client_secret: client.client_secret,
            authentication: client.authentication,
            token,
            is_refresh_token,
            tries: 0,
            // Whoever queues it tells it at once; the schedule must not tell it beside them.
            next_at: add(self.now(), FIRST_TRY),
        })
    }

    /// A grant came too late to be kept: it is revoked, so that nothing lives that nobody knows.
    pub(super) async fn revoke_late(
        &self,
        connection: &Connection,
        provider: &providers::Provider,
        grant: &Grant,
    ) {
        let Some(pending) = self.revocation_for(connection, provider, grant).await else { return };
        let id = pending.id.clone();
        let queued = self.write(vec![Change::PutRevocation(pending.duplicate())], Vec::new()).await;
        if let Err(error) = queued {
            tracing::warn!(%error, "a revocation could not be queued");
        }
        self.state().revocations.insert(id.clone(), pending);
        self.tell_provider(&id).await;
    }

    /// Revokes tokens of an attempt of which nothing becomes.
    pub(super) async fn revoke_unwanted(&self, attempt: &Attempt, grant: &Grant) {
        let provider = &attempt.provider;
        let unlinked = Connection::pending(attempt.key.clone(), provider, Vec::new(), self.now());
        let mut parameters = attempt.parameters.clone();
        parameters.extend(super::endpoints::parameters_in(provider, &grant.extras));
        self.revoke_late(&Connection { parameters, ..unlinked }, provider, grant).await;
    }

    /// Tells a provider once, now.
    pub(super) async fn tell_provider(&self, id: &str) -> Told {
        match self.begin_telling(id) {
            Some(telling) => telling.tell().await,
            None => Told::Later,
        }
    }

    /// Begins to tell a provider; nobody else does until that is over. Nothing when it is told already.
    pub(super) fn begin_telling(&self, id: &str) -> Option<Telling> {
        let mut state = self.state();
        let pending = state.revocations.get(id)?.duplicate();
        state.telling.insert(id.to_owned()).then(|| Telling { core: self.clone(), pending })
    }

    async fn tell(&self, pending: PendingRevocation) -> Told {
        let client = ClientRegistration {
            client_id: pending.client_id.clone(),
            client_secret: pending.client_secret.as_ref().map(SecretString::duplicate),
            authentication: pending.authentication,
        };
        let asked = match oauth::revocation_request(
            &pending.endpoint,
            &client,
            &pending.token,
            pending.is_refresh_token,
        ) {
            Ok(request) => self.inner.ports.http.send(request).await.ok(),
            Err(_) => None,
        };
        let judged = asked.map(|response| oauth::judge_revocation(&response, self.now()));
        let told = match judged {
            Some(Judged::Revoked) => Told::Confirmed,
            Some(Judged::Refused) => Told::Refused,
            Some(Judged::Later { .. }) | None if pending.tries >= MOST_TRIES => Told::Refused,
            Some(Judged::Later { .. }) | None => Told::Later,
        };
        let written = match (told, judged) {
            (Told::Later, Some(Judged::Later { not_before })) => {
                self.postpone_revocation(pending, not_before).await
            }
            (Told::Later, _) => self.postpone_revocation(pending, None).await,
            _ => self.finish_revocation(pending, told == Told::Confirmed).await,
        };
        if let Err(error) = written {
            tracing::warn!(%error, "the outcome of a revocation could not be written down");
        }
        told
    }

    async fn finish_revocation(&self, pending: PendingRevocation, confirmed: bool) -> Result<(), CoreError> {
        self.state().revocations.remove(&pending.id);
        let line = (confirmed && pending.tries > 0).then(|| Activity {
            at: self.now(),
            connection: Some(pending.key.clone()),
            connection_name: Some(pending.connection_name.clone()),
            provider_name: Some(pending.provider_name.clone()),
            kind: ActivityKind::RevokedLater,
            params: BTreeMap::new(),
        });
        self.write(vec![Change::DeleteRevocation(pending.id)], line.into_iter().collect()).await
    }

    async fn postpone_revocation(
        &self,
        mut pending: PendingRevocation,
        not_before: Option<jiff::Timestamp>,
    ) -> Result<(), CoreError> {
        let now = self.now();
        pending.tries += 1;
        let pause = SignedDuration::from_secs(60 << pending.tries.min(10));
        pending.next_at = add(now, pause).max(not_before.unwrap_or(now));
        let stored = pending.duplicate();
        self.state().revocations.insert(pending.id.clone(), pending);
        self.inner.wake.notify_one();
        self.write(vec![Change::PutRevocation(stored)], Vec::new()).await
    }
}

impl PendingRevocation {
    /// Another copy, for the store.
    pub(crate) fn duplicate(&self) -> Self {
        Self {
            id: self.id.clone(),
            key: self.key.clone(),
            connection_name: self.connection_name.clone(),
            provider_name: self.provider_name.clone(),
            endpoint: self.endpoint.clone(),
            client_id: self.client_id.clone(),
            client_secret: self.client_secret.as_ref().map(SecretString::duplicate),
            authentication: self.authentication,
            token: self.token.duplicate(),
            is_refresh_token: self.is_refresh_token,
            tries: self.tries,
            next_at: self.next_at,
        }
    }
}
