//! Renewing access: one request per connection at a time, recorded before it is sent, durable before it is used.
//!
//! Source: RFC 6749 §6, RFC 9700 §4.14; the order of writes is argued in `docs/adr/0002-refresh-order.md`.

use super::unsaved::{Brought, is_of_one_grant};
use super::{Connections, SharedRefresh, State, store_error, unknown_config};
use crate::config::ClientConfig;
use crate::connection::{Connection, Needs, Reachability, Status};
use crate::error::{CoreError, ErrorCode};
use crate::id::{ConfigKey, ConnectionKey};
use crate::ports::{Grant, HttpError};
use crate::raw_answer::RawAnswer;
use crate::step::{Event, GrantFacts, Hold, RefreshFailure, add, after_refusal, retry_at};
use futures_util::FutureExt;
use jiff::{SignedDuration, Timestamp};
use oauth::{ClientRegistration, Disposition, Request, TokenError};
use secret::SecretString;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use url::Url;

/// Pause of the schedule after the store could not take a refresh.
const STORE_PAUSE: SignedDuration = SignedDuration::from_secs(30);

/// How one try went, told in the words of the step.
enum Attempted {
    Renewed(Box<oauth::Grant>),
    Failed(RefreshFailure, CoreError),
    /// The answer is of no use but for a new refresh token, which must not be lost.
    Salvaged(SecretString, CoreError),
}

/// Who wants a renewal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asker<'a> {
    /// The person, now.
    Person,
    /// A caller of this name, not before the pause after a failure is over. That it gets the token is written with it.
    Program(&'a str),
    /// The schedule, no earlier than a program.
    Schedule,
}

impl Connections {
    /// Renews the access of a connection now, for the person. Whoever asks while it is under way waits for the same
    /// answer.
    pub(super) async fn refresh(&self, key: &ConnectionKey) -> Result<Arc<Grant>, CoreError> {
        let shared = self.join_or_begin(&mut self.state(), key, Asker::Person);
        shared.await
    }

    /// Renews the access of a connection, unless somebody has since `revision` was read; then there is nothing to wait
    /// for, and the caller looks again.
    ///
    /// Whoever read the revision before the grant can be certain that what it read is what would be renewed: a
    /// refresh publishes the new revision before it stops being under way.
    pub(super) async fn refresh_since(
        &self,
        key: &ConnectionKey,
        revision: u64,
        asker: Asker<'_>,
    ) -> Result<Option<Arc<Grant>>, CoreError> {
        match self.renewal_since(key, revision, asker) {
            Some(shared) => shared.await.map(Some),
            None => Ok(None),
        }
    }

    /// The renewal that is under way for this revision; one begins when there is none.
    pub(super) fn renewal_since(
        &self,
        key: &ConnectionKey,
        revision: u64,
        asker: Asker<'_>,
    ) -> Option<SharedRefresh> {
        let mut state = self.state();
        if state.connections.get(key).is_none_or(|one| one.grant_revision != revision) {
            return None;
        }
        Some(self.join_or_begin(&mut state, key, asker))
    }

    /// The renewal that is under way; one begins when there is none, but for a core that is at rest and for a program
    /// during the pause after a failure.
    fn join_or_begin(&self, state: &mut State, key: &ConnectionKey, asker: Asker<'_>) -> SharedRefresh {
        if let Some(running) = state.refreshing.get(key) {
            return running.clone();
        }
        let refusal = match asker {
            _ if state.resting => Some(CoreError::new(ErrorCode::Locked)),
            Asker::Person => None,
            Asker::Program(_) | Asker::Schedule => stored_failure(state, key, self.now()),
        };
        if let Some(refusal) = refusal {
            return std::future::ready(Err(refusal)).boxed().shared();
        }
        let given_to = match asker {
            Asker::Program(caller) => Some(caller.to_owned()),
            Asker::Person | Asker::Schedule => None,
        };
        let shared = self.begin_refresh(key.clone(), given_to);
        state.refreshing.insert(key.clone(), shared.clone());
        shared
    }

    /// The refresh runs in a task of its own: a caller that goes away must not cut it between answer and write.
    fn begin_refresh(&self, key: ConnectionKey, given_to: Option<String>) -> SharedRefresh {
        let under_way = UnderWay { core: self.clone(), key };
        let task = tokio::spawn(async move {
            let UnderWay { core, key } = &under_way;
            core.announce_connection(key);
            match AssertUnwindSafe(core.refresh_once(key, given_to.as_deref())).catch_unwind().await {
                Ok(result) => {
                    core.hold_after(key, result.as_ref().err());
                    result
                }
                Err(_) => Err(core.broke_down(key).await),
            }
        });
        task.map(|joined| joined.unwrap_or_else(|_| Err(CoreError::new(ErrorCode::Defect).detail("refresh"))))
            .boxed()
            .shared()
    }

    /// What the store could not take has left nothing behind that says when to try again: without a pause the schedule
    /// would find it due at once, for as long as the disk is full.
    fn hold_after(&self, key: &ConnectionKey, error: Option<&CoreError>) {
        use ErrorCode::{DiskFull, ReadOnly, Storage, VaultDamaged};
        let refused =
            error.is_some_and(|error| matches!(error.code, DiskFull | ReadOnly | Storage | VaultDamaged));
        let until = add(self.now(), STORE_PAUSE);
        let mut state = self.state();
        if refused {
            state.held.insert(key.clone(), until);
        } else {
            state.held.remove(key);
        }
    }

    /// A rule of ours was broken in the middle of a refresh: it counts as a failed one, so that the next is not sent
    /// at once, and as one whose answer was lost.
    async fn broke_down(&self, key: &ConnectionKey) -> CoreError {
        let revision = self.state().connections.get(key).map(|one| one.grant_revision);
        let failure = RefreshFailure::Trouble { not_before: None, in_doubt: true };
        if let Some(revision) = revision {
            let event = Event::RefreshFailed { revision, failure };
            if let Err(error) = self.apply(key, event, |_| Vec::new()).await {
                tracing::warn!(%error, "a refresh that broke down could not be written down");
            }
        }
        CoreError::new(ErrorCode::Defect).detail("refresh")
    }

    async fn refresh_once(
        &self,
        key: &ConnectionKey,
        given_to: Option<&str>,
    ) -> Result<Arc<Grant>, CoreError> {
        if let Some(saved) = self.save_unsaved(key).await? {
            return Ok(saved);
        }
        let (connection, config) = self.for_refresh(key)?;
        let provider = config.provider();
        let asks_itself = provider.auth == providers::Auth::ClientCredentials;
        let endpoint = super::endpoints::refresh_endpoint(provider, &connection.parameters)?;
        let mut retry = connection.in_flight.is_some();
        loop {
            let (sending, grant) = self.mark_sending(&connection, retry, asks_itself).await?;
            let sent_at = self.now();
            let request = match &grant.refresh_token {
                Some(refresh_token) => self.refresh_request(&config, &endpoint, refresh_token).await,
                None => self.client_request(&config, provider, &endpoint).await,
            };
            let outcome = match request {
                Ok(request) => self.ask(provider, request, &connection.scopes_granted, sent_at).await,
                Err(error) => Attempted::Failed(RefreshFailure::Configuration, error),
            };
            match outcome {
                Attempted::Renewed(answer) => {
                    let brought = self.brought(&sending, &config, &grant, *answer, sent_at).await?;
                    let access = Brought::Access;
                    return self.store_brought(&sending, provider, Arc::new(brought), access, given_to).await;
                }
                // The provider may have rotated and we never heard: the old token is tried once more, at once,
                // while a grace period still runs.
                Attempted::Failed(RefreshFailure::Trouble { in_doubt: true, .. }, _) if !retry => {
                    retry = true;
                }
                Attempted::Salvaged(refresh_token, error) => {
                    let kept = Arc::new(Grant { refresh_token: Some(refresh_token), ..grant.duplicate() });
                    self.store_brought(&sending, provider, kept, Brought::RefreshToken, None).await?;
                    return Err(error.with("provider", sending.provider_name));
                }
                // There is no grant that could be dead: whoever refuses refuses the registration.
                Attempted::Failed(RefreshFailure::Dead, error) if asks_itself => {
                    let error = CoreError { code: ErrorCode::ClientRefused, ..error };
                    let failure = RefreshFailure::Configuration;
                    return Err(self.refresh_failed(key, &sending, failure, error).await);
                }
                Attempted::Failed(failure, error) => {
                    return Err(self.refresh_failed(key, &sending, failure, error).await);
                }
            }
        }
    }

    /// Records that a refresh is about to be sent with the grant that the connection had. Whoever has another one
    /// meanwhile, or the name of a connection that was deleted, is not asked for with it.
    ///
    /// Answers that grant, read in the same turn: from then on nobody writes anything into it that the renewal would
    /// lose.
    async fn mark_sending(
        &self,
        connection: &Connection,
        retry: bool,
        asks_itself: bool,
    ) -> Result<(Connection, Arc<Grant>), CoreError> {
        let key = &connection.key;
        let turn = self.turn(key).await;
        let now = self.state().connections.get(key).cloned();
        if !now.is_some_and(|now| is_of_one_grant(&now, connection)) {
            return Err(CoreError::new(ErrorCode::Superseded));
        }
        let grant = self.stored_grant(key).await?;
        if grant.refresh_token.is_none() && !asks_itself {
            self.apply_in(&turn, key, Event::CannotRenew, |_| Vec::new()).await?;
            let provider = connection.provider_name.clone();
            return Err(CoreError::new(ErrorCode::ApproveAgain).with("provider", provider));
        }
        let sending = self.apply_in(&turn, key, Event::RefreshSending { retry }, |_| Vec::new()).await?;
        Ok((sending.connection, grant))
    }

    fn for_refresh(&self, key: &ConnectionKey) -> Result<(Connection, ClientConfig), CoreError> {
        let state = self.state();
        let connection = state.connections.get(key).ok_or_else(|| super::unknown_connection(key))?;
        linked(connection)?;
        Ok((connection.clone(), config_of(&state, &key.config_key)?))
    }

    /// Writes down how a refresh failed; answers what whoever waits is told.
    async fn refresh_failed(
        &self,
        key: &ConnectionKey,
        sending: &Connection,
        failure: RefreshFailure,
        error: CoreError,
    ) -> CoreError {
        let event = Event::RefreshFailed { revision: sending.grant_revision, failure };
        let after = match self.apply(key, event, |_| Vec::new()).await {
            Ok(step) => step.connection,
            Err(error) => return error,
        };
        let error = error.with("provider", sending.provider_name.clone());
        match after.reachability {
            Reachability::ProviderTrouble { retry_at, .. } | Reachability::Offline { retry_at, .. } => {
                error.with("retryAt", retry_at.to_string())
            }
            Reachability::Reachable => error,
        }
    }

    async fn refresh_request(
        &self,
        config: &ClientConfig,
        endpoint: &Url,
        refresh_token: &SecretString,
    ) -> Result<Request, CoreError> {
        let client = self.registration(config).await?;
        oauth::refresh_request(endpoint, &client, refresh_token)
            .and_then(|request| super::endpoints::dressed(config.provider(), request))
            .map_err(|error| CoreError::new(ErrorCode::ClientRefused).detail(error))
    }

    async fn ask(
        &self,
        provider: &providers::Provider,
        request: Request,
        scopes: &[String],
        sent_at: Timestamp,
    ) -> Attempted {
        let response = match self.inner.ports.http.send(request).await {
            Ok(response) => response,
            Err(error) => return no_answer(error),
        };
        match super::endpoints::judged(provider, &response, scopes, sent_at) {
            Ok(grant) => Attempted::Renewed(Box::new(grant)),
            Err(error) => refused(error),
        }
    }

    /// The grant that an answer brought, unless it is about somebody else: then it is revoked, and not kept.
    async fn brought(
        &self,
        sending: &Connection,
        config: &ClientConfig,
        old: &Grant,
        answer: oauth::Grant,
        sent_at: Timestamp,
    ) -> Result<Grant, CoreError> {
        let provider = config.provider();
        let about = same_person(sending, config, &answer);
        let mut grant = grant_from(answer, Some(old), sent_at);
        if let Err(error) = about {
            self.revoke_late(sending, provider, &grant).await;
            let failure = RefreshFailure::Trouble { not_before: None, in_doubt: false };
            let told = CoreError::new(ErrorCode::ProviderAnswer).detail(error);
            return Err(self.refresh_failed(&sending.key, sending, failure, told).await);
        }
        // What a provider said once outlives answers that do not say it, or not in its shape.
        if let Ok(said) = super::endpoints::said_in_answer(provider, &grant) {
            grant.extras.extend(said);
        }
        Ok(grant)
    }

    pub(super) async fn stored_grant(&self, key: &ConnectionKey) -> Result<Arc<Grant>, CoreError> {
        let grant = self.inner.ports.store.grant(key).await.map_err(store_error)?;
        let grant =
            grant.ok_or_else(|| CoreError::new(ErrorCode::ApproveAgain).detail("no grant is stored"))?;
        if grant.expires_at.is_some() {
            return Ok(grant);
        }
        let known = {
            let state = self.state();
            let config = state.configs.get(&key.config_key);
            config.and_then(|config| super::endpoints::known_end(config.provider(), grant.obtained_at))
        };
        Ok(match known {
            Some(_) => Arc::new(Grant { expires_at: known, ..grant.duplicate() }),
            None => grant,
        })
    }

    /// The registration with its secret, as the protocol wants it.
    pub(super) async fn registration(&self, config: &ClientConfig) -> Result<ClientRegistration, CoreError> {
        let client_secret = if config.has_secret {
            self.inner.ports.store.client_secret(&config.key).await.map_err(store_error)?
        } else {
            None
        };
        Ok(ClientRegistration {
            client_id: config.client_id.clone(),
            client_secret,
            authentication: config.authentication,
        })
    }
}

pub(super) fn config_of(state: &State, key: &ConfigKey) -> Result<ClientConfig, CoreError> {
    state.configs.get(key).cloned().ok_or_else(|| unknown_config(key))
}

/// A refresh that is under way; it no longer is when this goes, however it ended.
struct UnderWay {
    core: Connections,
    key: ConnectionKey,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.core.state().refreshing.remove(&self.key);
        self.core.announce_connection(&self.key);
        self.core.inner.wake.notify_one();
    }
}

/// What went wrong last time, as long as the provider is not to be asked again: a program that polls is answered with
/// it. A grant that only has to be written is no reason to wait.
fn stored_failure(state: &State, key: &ConnectionKey, now: Timestamp) -> Option<CoreError> {
    let connection = state.connections.get(key).filter(|_| !state.unsaved.contains_key(key))?;
    let told = |code| CoreError::new(code).with("provider", connection.provider_name.clone());
    if connection.needs == Needs::Credentials {
        let again = after_refusal(connection, now);
        return again.is_none_or(|again| again > now).then(|| told(ErrorCode::ClientRefused));
    }
    let again = retry_at(connection, now).filter(|at| *at > now)?;
    let code = match connection.reachability {
        Reachability::Offline { .. } => ErrorCode::Offline,
        Reachability::ProviderTrouble { .. } | Reachability::Reachable => ErrorCode::ProviderTrouble,
    };
    Some(told(code).with("retryAt", again.to_string()))
}

/// Refuses an ID token in a refresh's answer that is about another person or of another server (OpenID Connect Core
/// §12.2).
fn same_person(
    sending: &Connection,
    config: &ClientConfig,
    answer: &oauth::Grant,
) -> Result<(), oauth::IdTokenError> {
    let Some(id_token) = &answer.id_token else { return Ok(()) };
    let provider = config.provider();
    let metadata = super::endpoints::metadata_of(provider, &sending.parameters).ok();
    let issuer = metadata.and_then(|one| one.issuer);
    let asked = sending.scopes_asked.iter().any(|scope| scope == "openid");
    let (true, Some(issuer)) = (asked, issuer) else { return Ok(()) };
    // Where a value of the provider's own tells accounts apart, the subject may be that value.
    let own = provider.quirks.identity.is_some() || provider.identity.is_some();
    let subject = sending.subject.as_deref().filter(|_| !own);
    oauth::judge_renewed_id_token(id_token, &issuer, &config.client_id, subject)
}

/// Refuses with the reason when there is no grant to use.
pub(super) fn linked(connection: &Connection) -> Result<(), CoreError> {
    let code = match connection.status {
        Status::Linked => return Ok(()),
        Status::PendingAuth => ErrorCode::NotApproved,
        Status::Unlinked => ErrorCode::Disconnected,
        Status::Deauthorized => ErrorCode::ApproveAgain,
    };
    Err(CoreError::new(code).with("provider", connection.provider_name.clone()))
}

/// What a missing answer means for a refresh.
fn no_answer(error: HttpError) -> Attempted {
    let trouble = |in_doubt| RefreshFailure::Trouble { not_before: None, in_doubt };
    match error {
        HttpError::Offline => Attempted::Failed(RefreshFailure::Offline, CoreError::new(ErrorCode::Offline)),
        HttpError::Certificate => {
            Attempted::Failed(trouble(false), CoreError::new(ErrorCode::CertificateRefused).detail(error))
        }
        other => Attempted::Failed(
            trouble(other.may_have_been_carried_out()),
            CoreError::new(ErrorCode::ProviderTrouble).detail(other),
        ),
    }
}

/// What a refusal or an unusable answer means for a refresh.
fn refused(error: TokenError) -> Attempted {
    let detail = error.to_string();
    match error.disposition() {
        Disposition::Dead => {
            Attempted::Failed(RefreshFailure::Dead, CoreError::new(ErrorCode::ApproveAgain).detail(detail))
        }
        Disposition::Configuration => Attempted::Failed(
            RefreshFailure::Configuration,
            CoreError::new(ErrorCode::ClientRefused).detail(detail),
        ),
        Disposition::Later { not_before } => {
            let failure = RefreshFailure::Trouble { not_before, in_doubt: error.may_have_been_carried_out() };
            let mut told = CoreError::new(ErrorCode::ProviderTrouble).detail(detail);
            if let Some(at) = not_before {
                told = told.with("retryAt", at.to_string());
            }
            match error.salvaged() {
                Some(refresh_token) => Attempted::Salvaged(refresh_token, told),
                None => Attempted::Failed(failure, told),
            }
        }
    }
}

/// The grant to keep: what came, and what the answer left out as it was (RFC 6749 §6).
pub(super) fn grant_from(answer: oauth::Grant, old: Option<&Grant>, sent_at: Timestamp) -> Grant {
    let raw = match old {
        Some(old) => oauth::carry_over(old.raw.whole(), &answer.raw),
        None => answer.raw,
    };
    let old_refresh = || old.and_then(|old| old.refresh_token.as_ref()).map(SecretString::duplicate);
    Grant {
        access_token: answer.access_token,
        refresh_token: answer.refresh_token.or_else(old_refresh),
        raw: RawAnswer::new(raw),
        extras: old.map(|old| old.extras.clone()).unwrap_or_default(),
        scopes: answer.scopes,
        obtained_at: sent_at,
        expires_at: answer.expires_at,
        refresh_expires_at: answer.refresh_expires_at.or(old.and_then(|old| old.refresh_expires_at)),
    }
}

/// What the connection may know of its grant.
pub(super) fn facts_of(grant: &Grant, provider: &providers::Provider) -> GrantFacts {
    let idle = provider.refresh.idle_lapse_days;
    let by_idleness =
        idle.map(|days| add(grant.obtained_at, SignedDuration::from_hours(24 * i64::from(days))));
    let hold = grant
        .refresh_expires_at
        .or(by_idleness)
        .filter(|_| grant.refresh_token.is_some())
        .map(|until| Hold { until, renews: idle.is_some() });
    let without_person = provider.auth == providers::Auth::ClientCredentials;
    GrantFacts {
        scopes: grant.scopes.clone(),
        access_expires_at: grant.expires_at,
        renewable: without_person || grant.refresh_token.is_some(),
        without_person,
        hold,
        ..GrantFacts::default()
    }
}
