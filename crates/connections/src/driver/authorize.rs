//! Beginning an authorization, moving it between surfaces, taking its answer, ending it.
//!
//! Invariants
//! - An attempt begins only by an act of the person; nothing that arrives from outside can begin one.
//! - One attempt per connection: a new one takes the place of an old one.
//! - All surfaces of an attempt share one address, one `state` and one redirect address, so the person can change
//!   surface at any time and whichever answers first is the answer.

use super::codat::LinkAttempt;
use super::{ConfigKey, Connections, Inner, refresh::config_of, store_error};
use crate::activity::{Activity, ActivityKind};
use crate::attempt::{ATTEMPT_LIFE, Attempt, AttemptProgress};
use crate::config::ClientConfig;
use crate::connection::{Connection, Status};
use crate::error::{CoreError, ErrorCode, wire_name};
use crate::id::{AttemptId, ConnectionId, ConnectionKey};
use crate::ports::{Change, HitAnswer, LoopbackHit, Opening, PageEnd};
use crate::step::add;
use crate::view::{AttemptHint, AttemptPhase, AttemptView, CoreEvent, Failure, Surface};
use oauth::{AttemptSecrets, AuthorizationRequest};
use providers::RedirectKind;
use secret::SecretString;
use std::collections::BTreeMap;
use std::sync::Weak;
use tokio::sync::mpsc;
use url::Url;

/// What the person asks for.
pub struct BeginAuthorization {
    /// With which registration.
    pub config_key: ConfigKey,
    /// Under which name; none picks a free one.
    pub connection_id: Option<ConnectionId>,
    /// Where; none follows `preferred`, then the catalogue.
    pub surface: Option<Surface>,
    /// Where the person likes it, if the provider leaves the choice.
    pub preferred: Option<Surface>,
    /// Per-connection parameters.
    pub parameters: BTreeMap<String, String>,
    /// The language of the interface, passed on as `ui_locales`.
    pub language: Option<String>,
}

impl Connections {
    /// Begins an attempt and shows the provider's page.
    ///
    /// # Errors
    /// Unknown config key, bad parameters, a surface that is not to be had, a port that cannot be listened on, or
    /// a store that cannot be written. In each case nothing has begun.
    pub async fn begin(&self, ask: BeginAuthorization) -> Result<AttemptView, CoreError> {
        if let Some(key) = self.data_connection_asked(&ask) {
            let here = self.inner.ports.user_agent.surfaces();
            return self
                .approve_codat(&key, ask.surface.or(ask.preferred.filter(|one| here.contains(one))))
                .await;
        }
        let now = self.now();
        if self.state().pluggy.configs.contains_key(&ask.config_key) {
            return Err(CoreError::new(ErrorCode::BadInput)
                .with("field", ask.config_key.as_str())
                .with("problem", "institutions through Pluggy are linked in the window"));
        }
        let config = config_of(&self.state(), &ask.config_key)?;
        let provider = config.provider().clone();
        let key = self.key_for(&ask, &config);
        let before = self.state().connections.get(&key).cloned();
        let parameters = parameters_for(&ask, before.as_ref());
        let metadata = super::configs::metadata_of(&provider, &parameters)?;
        let surfaces = self.surfaces_for(&provider);
        let surface = choose_surface(&ask, &surfaces)?;
        let id = AttemptId::from_random(first_16(self.inner.ports.random.bytes()));

        self.replace_attempts_for(&key).await;
        let redirect_uri = self.listen(&id, &provider).await?;
        let secrets = AttemptSecrets::from_random(
            self.inner.ports.random.bytes(),
            self.inner.ports.random.bytes(),
            self.inner.ports.random.bytes(),
        );
        let attempt = Attempt {
            id,
            reconnect: before.as_ref().is_some_and(|one| one.first_authorized_at.is_some()),
            key,
            provider,
            metadata,
            client_id: config.client_id.clone(),
            redirect_uri,
            secrets,
            scopes: config.scopes.clone(),
            parameters,
            surface,
            surfaces,
            started_at: now,
            expires_at: add(now, ATTEMPT_LIFE),
        };
        let address = address_of(&attempt, ask.language.as_deref())?;
        let connection = before.unwrap_or_else(|| {
            Connection::pending(attempt.key.clone(), &attempt.provider, attempt.scopes.clone(), now)
        });
        self.store_attempt(&attempt, connection, now).await?;
        let progress = AttemptProgress {
            attempt,
            address,
            phase: AttemptPhase::Waiting,
            hint: None,
            error: None,
            moved_at: now,
        };
        let view = progress.view();
        self.state().attempts.insert(view.id.clone(), progress);
        self.announce_attempt(&view.id);
        self.inner.wake.notify_one();
        self.show(&view.id).await?;
        self.attempt(&view.id)
    }

    /// An attempt, while it waits or has just ended.
    ///
    /// # Errors
    /// [`ErrorCode::AttemptOver`] when nobody remembers it.
    pub fn attempt(&self, id: &AttemptId) -> Result<AttemptView, CoreError> {
        let state = self.state();
        let link = || state.codat.attempts.get(id).map(LinkAttempt::view);
        state
            .attempts
            .get(id)
            .map(AttemptProgress::view)
            .or_else(link)
            .ok_or_else(|| CoreError::new(ErrorCode::AttemptOver))
    }

    /// The authorization address of a waiting attempt, for printing or copying.
    ///
    /// It carries `state`, which is worth something only together with the verifier that stays here.
    ///
    /// # Errors
    /// [`ErrorCode::AttemptOver`].
    pub fn authorization_address(&self, id: &AttemptId) -> Result<Url, CoreError> {
        let state = self.state();
        if let Some(address) = state.pluggy.page_address(id) {
            return Ok(address);
        }
        if let Some(link) = state.codat.attempts.get(id).filter(|one| one.is_waiting()) {
            return link.address().ok_or_else(|| CoreError::new(ErrorCode::AttemptOver));
        }
        let progress = state.attempts.get(id).filter(|one| one.is_waiting());
        progress.map(|one| one.address.clone()).ok_or_else(|| CoreError::new(ErrorCode::AttemptOver))
    }

    /// Moves a waiting attempt to another surface, or opens it again on the same one.
    ///
    /// # Errors
    /// [`ErrorCode::AttemptOver`], or [`ErrorCode::SurfaceUnavailable`] when the provider or the machine has it not.
    pub async fn switch_surface(&self, id: &AttemptId, surface: Surface) -> Result<AttemptView, CoreError> {
        if self.codat_attempt(id).is_some() {
            return self.switch_link(id, surface).await;
        }
        if let Some(view) = self.page_view(id) {
            self.open_page(&view.key, Some(surface)).await?;
            return Ok(AttemptView { surface, ..view });
        }
        {
            let mut state = self.state();
            let progress = waiting(state.attempts.get_mut(id))?;
            if surface != Surface::Print && !progress.attempt.surfaces.contains(&surface) {
                return Err(CoreError::new(ErrorCode::SurfaceUnavailable));
            }
            progress.attempt.surface = surface;
            progress.hint = None;
            progress.moved_at = self.inner.ports.clock.now();
        }
        self.inner.ports.user_agent.close(id).await;
        self.announce_attempt(id);
        self.show(id).await?;
        self.attempt(id)
    }

    /// Gives a waiting attempt up. The connection stays as it was before.
    ///
    /// # Errors
    /// [`ErrorCode::AttemptOver`].
    pub async fn cancel(&self, id: &AttemptId) -> Result<AttemptView, CoreError> {
        if self.codat_attempt(id).is_some() {
            self.end_link_attempt(id, AttemptPhase::Cancelled, None).await?;
            return self.attempt(id);
        }
        if let Some(view) = self.page_view(id) {
            self.page_is_over(id);
            return Ok(view);
        }
        self.end_attempt(id, AttemptPhase::Cancelled, None).await?;
        self.attempt(id)
    }

    /// Something that the person should know while the attempt waits; told by the surface.
    pub fn hint(&self, id: &AttemptId, hint: AttemptHint) {
        if self.link_hint(id, hint) || (hint == AttemptHint::WindowClosed && self.page_is_over(id)) {
            return;
        }
        {
            let mut state = self.state();
            let Ok(progress) = waiting(state.attempts.get_mut(id)) else { return };
            progress.hint = Some(hint);
        }
        self.announce_attempt(id);
    }

    /// The person moved on in the page: what was said about standing still no longer holds.
    pub fn moved(&self, id: &AttemptId) {
        let cleared = {
            let mut state = self.state();
            let now = self.inner.ports.clock.now();
            if let Some(link) = state.codat.attempts.get_mut(id) {
                link.moved_at = now;
                link.hint = None;
            }
            let Ok(progress) = waiting(state.attempts.get_mut(id)) else { return };
            progress.moved_at = self.inner.ports.clock.now();
            progress.hint.take().is_some()
        };
        if cleared {
            self.announce_attempt(id);
        }
    }

    /// Takes an address that claims to be an answer, wherever it came from (a caught navigation, a loopback hit, a
    /// deep link, a paste). Answers the attempt it belongs to; the tokens are fetched in the background.
    ///
    /// # Errors
    /// [`ErrorCode::ForeignAnswer`] when it belongs to no waiting attempt: nothing changed, and Activity says so.
    pub async fn deliver(&self, address: &SecretString) -> Result<AttemptView, CoreError> {
        let Some(id) = self.attempt_for(address) else {
            if let Some(view) = self.link_returned(address).or_else(|| self.page_returned(address)) {
                return Ok(view);
            }
            self.refuse_foreign(None).await;
            return Err(CoreError::new(ErrorCode::ForeignAnswer));
        };
        self.take_answer(&id, address).await?;
        self.attempt(&id)
    }

    /// The waiting attempt whose `state` the address carries.
    fn attempt_for(&self, address: &SecretString) -> Option<AttemptId> {
        let claimed = oauth::state_of(address)?;
        let state = self.state();
        let mut waiting = state.attempts.values().filter(|one| one.is_waiting());
        waiting.find(|one| one.attempt.secrets.is_state(&claimed)).map(|one| one.attempt.id.clone())
    }

    pub(super) async fn refuse_foreign(&self, attempt: Option<&AttemptId>) {
        let connection = attempt.and_then(|id| {
            let state = self.state();
            state.attempts.get(id).map(|one| (one.attempt.key.clone(), one.attempt.provider.name.clone()))
        });
        if let Some(id) = attempt {
            self.hint(id, AttemptHint::ForeignAnswer);
        }
        let line = Activity {
            at: self.now(),
            connection_name: None,
            provider_name: connection.as_ref().map(|(_, name)| name.clone()),
            connection: connection.map(|(key, _)| key),
            kind: ActivityKind::ForeignAnswerRefused,
            params: BTreeMap::new(),
        };
        // The refusal itself does not depend on its being written down.
        if let Err(error) = self.write(Vec::new(), vec![line]).await {
            tracing::warn!(%error, "a refused answer could not be written down");
        }
    }

    /// Ends an attempt in any way but success.
    pub(super) async fn end_attempt(
        &self,
        id: &AttemptId,
        phase: AttemptPhase,
        error: Option<CoreError>,
    ) -> Result<(), CoreError> {
        let ended = {
            let mut state = self.state();
            let progress = state
                .attempts
                .get_mut(id)
                .filter(|one| matches!(one.phase, AttemptPhase::Waiting | AttemptPhase::Exchanging));
            let progress = progress.ok_or_else(|| CoreError::new(ErrorCode::AttemptOver))?;
            progress.phase = phase;
            progress.error = error.map(Failure::from);
            let line = ended_line(progress, phase, self.inner.ports.clock.now());
            state.listeners.remove(id);
            line
        };
        self.inner.ports.user_agent.close(id).await;
        self.announce_attempt(id);
        let mut changes = vec![Change::DeleteAttempt(id.clone())];
        let never_linked = ended.connection.clone().filter(|key| self.never_linked(key));
        changes.extend(never_linked.clone().map(Change::DeleteConnection));
        self.write(changes, vec![ended]).await?;
        if let Some(key) = never_linked {
            self.state().connections.remove(&key);
            self.announce(CoreEvent::ConnectionRemoved { key });
        }
        Ok(())
    }

    /// Nothing came of it and nothing is lost with it: such a connection goes with its attempt.
    fn never_linked(&self, key: &ConnectionKey) -> bool {
        let state = self.state();
        state.connections.get(key).is_some_and(|one| one.first_authorized_at.is_none())
    }

    /// Takes up attempts that were waiting when the program ended: a deep link may answer them yet.
    pub(super) async fn resume_attempts(&self, attempts: Vec<Attempt>) {
        let now = self.now();
        let mut over = Vec::new();
        for attempt in attempts {
            let address = address_of(&attempt, None).ok().filter(|_| attempt.expires_at > now);
            let Some(address) = address else {
                over.push(Change::DeleteAttempt(attempt.id));
                continue;
            };
            if let Some(port) = loopback_port(&attempt.redirect_uri) {
                // Another program may have the port now; the answer can still be pasted.
                let hits = self.inner.hits.clone();
                if let Ok(open) = self.inner.ports.loopback.listen(&attempt.id, Some(port), hits).await {
                    self.state().listeners.insert(attempt.id.clone(), open.guard);
                }
            }
            let progress = AttemptProgress {
                phase: AttemptPhase::Waiting,
                hint: Some(AttemptHint::WindowClosed),
                error: None,
                moved_at: now,
                address,
                attempt,
            };
            self.state().attempts.insert(progress.attempt.id.clone(), progress);
        }
        if let Err(error) = self.write(over, Vec::new()).await {
            tracing::warn!(%error, "attempts that are over could not be removed");
        }
    }

    pub(super) fn announce_attempt(&self, id: &AttemptId) {
        if let Ok(view) = self.attempt(id) {
            self.announce(CoreEvent::AttemptChanged { attempt: Box::new(view) });
        }
    }

    async fn store_attempt(
        &self,
        attempt: &Attempt,
        connection: Connection,
        now: jiff::Timestamp,
    ) -> Result<(), CoreError> {
        let _turn = self.inner.writes.lock().await;
        let line = super::line_about(&connection, now, ActivityKind::AuthorizationStarted, &[]);
        let changes = vec![
            Change::PutConnection(Box::new(connection.clone())),
            Change::PutAttempt(Box::new(attempt.stored_copy())),
            Change::Log(line.clone()),
        ];
        let sequences = match self.inner.ports.store.commit(changes).await {
            Ok(sequences) => sequences,
            Err(error) => {
                self.state().listeners.remove(&attempt.id);
                return Err(store_error(error));
            }
        };
        self.publish(connection);
        self.announce_lines(sequences, vec![line]);
        Ok(())
    }

    /// Opens the page of a waiting attempt on its surface. When that fails the attempt still waits, with a hint.
    async fn show(&self, id: &AttemptId) -> Result<(), CoreError> {
        let opening = {
            let state = self.state();
            let progress = state.attempts.get(id).ok_or_else(|| CoreError::new(ErrorCode::AttemptOver))?;
            Opening {
                attempt: id.clone(),
                surface: progress.attempt.surface,
                address: progress.address.clone(),
                end: PageEnd::Answer(progress.attempt.redirect_uri.clone()),
                provider_name: progress.attempt.provider.name.clone(),
            }
        };
        if opening.surface == Surface::Print {
            return Ok(());
        }
        if let Err(error) = self.inner.ports.user_agent.open(opening).await {
            tracing::warn!(%error, "a surface did not open");
            self.hint(id, AttemptHint::LoadFailed);
        }
        Ok(())
    }

    async fn listen(&self, id: &AttemptId, provider: &providers::Provider) -> Result<String, CoreError> {
        let redirect = super::configs::redirect_of(provider);
        let port = match redirect {
            RedirectKind::Scheme => return Ok(super::configs::SCHEME_REDIRECT.to_owned()),
            RedirectKind::Https { uri } => return Ok(uri.to_string()),
            RedirectKind::Loopback { port } | RedirectKind::LoopbackLocalhost { port } => port,
        };
        let hits = self.inner.hits.clone();
        let open = self.inner.ports.loopback.listen(id, port, hits).await.map_err(|error| {
            let told = CoreError::new(ErrorCode::LoopbackUnavailable).detail(error.kind());
            told.with("port", port.map_or_else(String::new, |port| port.to_string()))
        })?;
        self.state().listeners.insert(id.clone(), open.guard);
        Ok(super::configs::loopback_redirect(&redirect, open.port))
    }

    fn surfaces_for(&self, provider: &providers::Provider) -> Vec<Surface> {
        let here = self.inner.ports.user_agent.surfaces();
        super::configs::surfaces_of(provider).into_iter().filter(|one| here.contains(one)).collect()
    }

    /// The pair for an attempt: the one asked for, or the first free number under the registration.
    fn key_for(&self, ask: &BeginAuthorization, config: &ClientConfig) -> ConnectionKey {
        let with = |connection_id| ConnectionKey { config_key: config.key.clone(), connection_id };
        if let Some(id) = &ask.connection_id {
            return with(id.clone());
        }
        let state = self.state();
        let free = |key: &ConnectionKey| {
            state
                .connections
                .get(key)
                .is_none_or(|one| one.status == Status::PendingAuth && one.first_authorized_at.is_none())
        };
        let mut keys = (1_u32..).filter_map(|number| ConnectionId::parse(&number.to_string()).ok()).map(with);
        keys.find(free).unwrap_or_else(|| ConnectionKey {
            config_key: config.key.clone(),
            connection_id: ConnectionId::from_attempt(&AttemptId::from_random(first_16(
                self.inner.ports.random.bytes(),
            ))),
        })
    }

    /// Attempts for this connection that still await an answer.
    pub(super) fn waiting_for(&self, key: &ConnectionKey) -> Vec<AttemptId> {
        let state = self.state();
        let waiting = state.attempts.values().filter(|one| one.is_waiting() && one.attempt.key == *key);
        waiting.map(|one| one.attempt.id.clone()).collect()
    }

    async fn replace_attempts_for(&self, key: &ConnectionKey) {
        let now = self.now();
        // What ended long ago is of no interest to anybody; Activity has it.
        self.state()
            .attempts
            .retain(|_, one| one.is_waiting() || add(one.attempt.expires_at, ATTEMPT_LIFE) > now);
        for id in self.waiting_for(key) {
            let superseded = Some(CoreError::new(ErrorCode::Superseded));
            if let Err(error) = self.end_attempt(&id, AttemptPhase::Cancelled, superseded).await {
                tracing::warn!(%error, "an attempt could not be replaced");
            }
        }
    }
}

/// Takes loopback hits as long as the core lives.
pub(super) async fn receive_hits(core: Weak<Inner>, mut hits: mpsc::Receiver<LoopbackHit>) {
    while let Some(hit) = hits.recv().await {
        let Some(inner) = core.upgrade() else { return };
        let core = Connections { inner };
        tokio::spawn(async move {
            let taken = match core.attempt_for(&hit.address) {
                Some(id) => core.take_answer(&id, &hit.address).await.is_ok(),
                None if core.link_returned(&hit.address).is_some() => true,
                None => {
                    core.refuse_foreign(Some(&hit.attempt)).await;
                    false
                }
            };
            // The browser may have gone; its page is the only thing lost.
            let _ = hit.answer.send(if taken { HitAnswer::Taken } else { HitAnswer::Ignored });
        });
    }
}

pub(super) fn waiting(progress: Option<&mut AttemptProgress>) -> Result<&mut AttemptProgress, CoreError> {
    progress.filter(|one| one.is_waiting()).ok_or_else(|| CoreError::new(ErrorCode::AttemptOver))
}

pub(super) fn first_16(bytes: [u8; 32]) -> [u8; 16] {
    let mut first = [0; 16];
    first.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
    first
}

fn parameters_for(ask: &BeginAuthorization, before: Option<&Connection>) -> BTreeMap<String, String> {
    let mut parameters = before.map(|one| one.parameters.clone()).unwrap_or_default();
    parameters.extend(ask.parameters.clone());
    parameters
}

fn choose_surface(ask: &BeginAuthorization, surfaces: &[Surface]) -> Result<Surface, CoreError> {
    match ask.surface {
        Some(Surface::Print) => return Ok(Surface::Print),
        Some(wanted) if surfaces.contains(&wanted) => return Ok(wanted),
        Some(_) => return Err(CoreError::new(ErrorCode::SurfaceUnavailable)),
        None => {}
    }
    let liked = ask.preferred.filter(|one| surfaces.contains(one));
    // With no surface at all the address can still be printed and the answer pasted.
    Ok(liked.or_else(|| surfaces.first().copied()).unwrap_or(Surface::Print))
}

fn address_of(attempt: &Attempt, language: Option<&str>) -> Result<Url, CoreError> {
    let mut extra = attempt.provider.authorization_parameters();
    if let Some(language) = language {
        extra.push(("ui_locales".to_owned(), language.to_owned()));
    }
    let request = AuthorizationRequest {
        metadata: &attempt.metadata,
        client_id: &attempt.client_id,
        redirect_uri: &attempt.redirect_uri,
        scopes: &attempt.scopes,
        scope_separator: attempt.provider.scope_separator.as_str(),
        secrets: &attempt.secrets,
        pkce: attempt.provider.sends_pkce(),
        extra: &extra,
    };
    oauth::authorization_url(&request).map_err(|error| CoreError::new(ErrorCode::ClientRefused).detail(error))
}

fn loopback_port(redirect_uri: &str) -> Option<u16> {
    let url = Url::parse(redirect_uri).ok()?;
    (url.scheme() == "http").then(|| url.port()).flatten()
}

fn ended_line(progress: &AttemptProgress, phase: AttemptPhase, at: jiff::Timestamp) -> Activity {
    let kind = match phase {
        AttemptPhase::Cancelled => ActivityKind::AuthorizationCancelled,
        _ => ActivityKind::AuthorizationFailed,
    };
    let mut params = BTreeMap::new();
    let code = match (&progress.error, phase) {
        (Some(failure), _) => Some(failure.code),
        (None, AttemptPhase::Expired) => Some(ErrorCode::AttemptOver),
        (None, _) => None,
    };
    if let Some(code) = code {
        params.insert("code".to_owned(), wire_name(&code));
    }
    Activity {
        at,
        connection: Some(progress.attempt.key.clone()),
        connection_name: Some(progress.attempt.key.connection_id.to_string()),
        provider_name: Some(progress.attempt.provider.name.clone()),
        kind,
        params,
    }
}
