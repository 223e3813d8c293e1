//! Beginning an authorization, moving it between surfaces, taking its answer, ending it.
//!
//! Invariants
//! - An attempt begins only by an act of the person, or for a program that the gate has let through.
//! - One attempt per connection: a new one takes the place of an old one.
//! - All surfaces of an attempt share one address, one `state` and one redirect address, so the person can change
//!   surface at any time and whichever answers first is the answer.

use super::begin::{BeginAuthorization, address_of};
use super::codat::LinkAttempt;
use super::{Connections, Inner, store_error};
use crate::activity::{Activity, ActivityKind};
use crate::attempt::{ATTEMPT_LIFE, Attempt, AttemptProgress};
use crate::connection::Connection;
use crate::error::{CoreError, ErrorCode, wire_name};
use crate::id::{AttemptId, ConnectionKey};
use crate::ports::{Change, HitAnswer, LoopbackHit, Opening, PageEnd};
use crate::step::add;
use crate::view::{AttemptHint, AttemptPhase, AttemptView, CoreEvent, Failure, Surface};
use secret::SecretString;
use std::collections::BTreeMap;
use std::sync::Weak;
use tokio::sync::mpsc;
use url::Url;

impl Connections {
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
        if let Some(moved) = self.switch_device(id, surface).await? {
            return Ok(moved);
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

    /// What a change of surface means where one side of it is another device: from there the page is opened here; to
    /// there, and back, a new attempt begins, since the codes are the server's and belong to one request.
    async fn switch_device(
        &self,
        id: &AttemptId,
        surface: Surface,
    ) -> Result<Option<AttemptView>, CoreError> {
        let (has_codes, again) = {
            let mut state = self.state();
            let attempt = &waiting(state.attempts.get_mut(id))?.attempt;
            let again = BeginAuthorization {
                config_key: attempt.key.config_key.clone(),
                connection_id: Some(attempt.key.connection_id.clone()),
                surface: Some(surface),
                preferred: None,
                parameters: BTreeMap::new(),
                language: None,
            };
            (attempt.device.is_some(), BeginAuthorization { parameters: attempt.parameters.clone(), ..again })
        };
        match (has_codes, surface) {
            (true, Surface::Embedded | Surface::Browser) => {
                self.open_device_page(id, surface).await.map(Some)
            }
            (true, Surface::Device) => self.attempt(id).map(Some),
            (true, Surface::Print) | (false, Surface::Device) => self.begin(again).await.map(Some),
            (false, _) => Ok(None),
        }
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
            if progress.attempt.device.is_some() && hint == AttemptHint::WindowClosed {
                return;
            }
            progress.hint = Some(hint);
        }
        self.announce_attempt(id);
    }

    /// The person moved on in the page: what was said about standing still no longer holds.
    pub fn moved(&self, id: &AttemptId) {
        let cleared = {
            let mut state = self.state();
            let now = self.inner.ports.clock.now();
            if let Some(link) = state.codat.attempts.get_mut(id).filter(|one| one.is_waiting()) {
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
            let codes = attempt.device.is_some().then(|| attempt.id.clone());
            let progress = AttemptProgress {
                phase: AttemptPhase::Waiting,
                hint: codes.is_none().then_some(AttemptHint::WindowClosed),
                error: None,
                moved_at: now,
                address,
                attempt,
            };
            self.state().attempts.insert(progress.attempt.id.clone(), progress);
            if let Some(id) = codes {
                self.ask_for_device(id);
            }
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

    pub(super) async fn store_attempt(
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
    pub(super) async fn show(&self, id: &AttemptId) -> Result<(), CoreError> {
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
        if matches!(opening.surface, Surface::Print | Surface::Device) {
            return Ok(());
        }
        if let Err(error) = self.inner.ports.user_agent.open(opening).await {
            tracing::warn!(%error, "a surface did not open");
            self.hint(id, AttemptHint::LoadFailed);
        }
        Ok(())
    }

    /// Attempts for this connection that still await an answer.
    pub(super) fn waiting_for(&self, key: &ConnectionKey) -> Vec<AttemptId> {
        let state = self.state();
        let waiting = state.attempts.values().filter(|one| one.is_waiting() && one.attempt.key == *key);
        waiting.map(|one| one.attempt.id.clone()).collect()
    }

    pub(super) async fn replace_attempts_for(&self, key: &ConnectionKey) {
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

/// The port of an address that is ours to listen on; one of another path has a listener elsewhere.
fn loopback_port(redirect_uri: &str) -> Option<u16> {
    let url = Url::parse(redirect_uri).ok()?;
    (url.scheme() == "http" && url.path() == super::configs::LOOPBACK_PATH).then(|| url.port()).flatten()
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
