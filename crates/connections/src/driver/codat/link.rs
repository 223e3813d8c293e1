//! Making a data connection and having it approved, for the first time or again.

use super::access::Refusal;
use super::link_page::LinkAttempt;
use super::listing::new_facts;
use crate::activity::ActivityKind;
use crate::attempt::ATTEMPT_LIFE;
use crate::codat_config::CodatConfig;
use crate::connection::{Connection, Status};
use crate::driver::authorize::first_16;
use crate::driver::{Connections, line_about, unknown_connection};
use crate::error::{CoreError, ErrorCode};
use crate::id::{AttemptId, ConfigKey, ConnectionId, ConnectionKey};
use crate::ports::{Change, Opening, PageEnd};
use crate::step::{Event, add};
use crate::view::{AttemptHint, AttemptPhase, AttemptView, CoreEvent, Surface};
use codat::{CompanyId, LinkNonce, LinkReturn, PlatformKey};
use secret::SecretString;
use std::sync::Arc;
use url::Url;

/// A data connection to be made.
pub struct BeginCodatLink {
    /// Through which registration.
    pub config_key: ConfigKey,
    /// Codat's id for the company.
    pub company: String,
    /// Codat's key for the integration.
    pub integration: String,
    /// Under which name; none takes Codat's id.
    pub connection_id: Option<ConnectionId>,
    /// Where the person approves.
    pub surface: Option<Surface>,
}

fn bad(field: &str) -> CoreError {
    CoreError::new(ErrorCode::BadInput).with("field", field).with("problem", "unknown")
}

impl Connections {
    /// Makes a data connection and shows where it is approved.
    ///
    /// # Errors
    /// A name that is taken, only an access token at hand, a limit of the plan, provider trouble, offline, or a store
    /// that cannot be written. Once Codat has made it, it is kept, whatever happens afterwards.
    pub async fn begin_codat_link(&self, ask: BeginCodatLink) -> Result<AttemptView, CoreError> {
        let config = self.codat_config(&ask.config_key)?;
        let company = CompanyId::parse(&ask.company).map_err(|_| bad("company"))?;
        let platform = PlatformKey::parse(&ask.integration).map_err(|_| bad("integration"))?;
        let surface = self.link_surface(ask.surface)?;
        if let Some(id) = &ask.connection_id {
            let key = ConnectionKey { config_key: config.key.clone(), connection_id: id.clone() };
            if self.state().connections.contains_key(&key) {
                return Err(CoreError::new(ErrorCode::NameTaken).with("connection", key.to_string()));
            }
        }
        let name = self.company_name(&config, &company).await;
        let (key, made) =
            self.make_connection(&config, (&company, name), &platform, ask.connection_id).await?;
        self.data_seen(&key, made).await?;
        self.approve_codat(&key, Some(surface)).await
    }

    async fn make_connection(
        &self,
        config: &CodatConfig,
        (company, company_name): (&CompanyId, Option<String>),
        platform: &PlatformKey,
        id: Option<ConnectionId>,
    ) -> Result<(ConnectionKey, codat::Connection), CoreError> {
        // A list that is on its way meanwhile must find it under the name that it gets here.
        let _turn = self.inner.making.at(&config.key).await;
        let made = self
            .ask_codat(config, |api| api.create_connection(company, platform), codat::judge_connection)
            .await;
        let made = match made {
            Ok(made) => made,
            Err(refusal) => {
                if refusal.may_be_done() {
                    // Then it is there, and the list finds it.
                    let (core, key) = (self.clone(), config.key.clone());
                    self.spawn(async move { core.list_by_schedule(&key).await });
                }
                return Err(self.codat_refused(config, None, refusal).await);
            }
        };
        let key = ConnectionKey {
            config_key: config.key.clone(),
            connection_id: match id {
                Some(id) => id,
                None => ConnectionId::parse(made.id.as_str())?,
            },
        };
        let connection =
            Connection::of_data(key.clone(), new_facts(company, company_name, &made), self.now());
        self.write(vec![Change::PutConnection(Box::new(connection.clone()))], Vec::new()).await?;
        self.publish(connection);
        Ok((key, made))
    }

    /// Shows where a data connection is approved, for the first time or again.
    ///
    /// # Errors
    /// It is linked or gone, provider trouble, offline, or the surface is not to be had here.
    pub async fn approve_codat(
        &self,
        key: &ConnectionKey,
        surface: Option<Surface>,
    ) -> Result<AttemptView, CoreError> {
        let connection = {
            let state = self.state();
            state.connections.get(key).cloned().ok_or_else(|| unknown_connection(key))?
        };
        let facts = connection.data_connection.as_ref().ok_or_else(|| unknown_connection(key))?;
        if facts.gone {
            return Err(CoreError::new(ErrorCode::Gone).with("provider", "Codat"));
        }
        let surface = self.link_surface(surface)?;
        self.end_link_attempts(key, Some(ErrorCode::Superseded)).await;
        let now = self.now();
        let id = AttemptId::from_random(first_16(self.inner.ports.random.bytes()));
        let attempt = LinkAttempt {
            id: id.clone(),
            key: key.clone(),
            provider_name: connection.provider_name.clone(),
            address: None,
            nonce: Arc::new(LinkNonce::from_random(self.inner.ports.random.bytes())),
            phase: AttemptPhase::Waiting,
            surface,
            surfaces: self.inner.ports.user_agent.surfaces(),
            reconnect: connection.first_authorized_at.is_some(),
            hint: None,
            error: None,
            started_at: now,
            expires_at: add(now, ATTEMPT_LIFE),
            moved_at: now,
            claim: None,
            organization: None,
            known_error: None,
        };
        self.state().codat.attempts.insert(id.clone(), attempt);
        if let Err(error) = self.open_link(&id).await {
            self.state().codat.attempts.remove(&id);
            return Err(error);
        }
        let line = line_about(&connection, now, ActivityKind::AuthorizationStarted, &[]);
        self.write(Vec::new(), vec![line]).await?;
        self.attempt(&id)
    }

    /// Reads the link address anew, since it can be good once, and opens it.
    pub(in crate::driver) async fn open_link(&self, id: &AttemptId) -> Result<(), CoreError> {
        let (key, nonce) = {
            let state = self.state();
            let attempt = state.codat.attempts.get(id).filter(|one| one.is_open());
            let attempt = attempt.ok_or_else(|| CoreError::new(ErrorCode::AttemptOver))?;
            (attempt.key.clone(), Arc::clone(&attempt.nonce))
        };
        let (config, _) = self.data_of(&key)?;
        let api = config.api()?;
        let seen = self.read_data(&key).await?;
        let known_error = codat::standing(&seen).newest_error;
        if let Some(attempt) = self.state().codat.attempts.get_mut(id) {
            // What went wrong before this opening decides nothing about it.
            attempt.known_error = known_error;
            attempt.claim = None;
        }
        let address = seen.link_url.as_ref().map(|url| codat::link_url_with_nonce(url, &nonce, &api));
        let unusable = || CoreError::new(ErrorCode::ProviderAnswer).with("provider", "Codat");
        let address = address.ok_or_else(unusable)?.map_err(|error| unusable().detail(error))?;
        // EXPOSE: parsed; the address goes to the page alone.
        let address = Url::parse(address.expose()).map_err(|_| unusable())?;
        let linked = codat::standing(&seen).status == Some(codat::Status::Linked);
        self.data_seen(&key, seen).await?;
        if linked {
            return Err(CoreError::new(ErrorCode::AttemptOver).with("provider", "Codat"));
        }
        self.apply(&key, Event::Approving { known_error }, |_| Vec::new()).await?;
        let opening = {
            let mut state = self.state();
            let attempt = state.codat.attempts.get_mut(id).filter(|one| one.is_open());
            let attempt = attempt.ok_or_else(|| CoreError::new(ErrorCode::AttemptOver))?;
            attempt.address = Some(address.clone());
            attempt.phase = AttemptPhase::Waiting;
            attempt.moved_at = self.inner.ports.clock.now();
            Opening {
                attempt: id.clone(),
                surface: attempt.surface,
                end: PageEnd::Link { nonce, origin: address.origin().ascii_serialization() },
                provider_name: attempt.provider_name.clone(),
                address,
            }
        };
        self.show_link_page(opening).await;
        self.announce_attempt(id);
        self.inner.wake.notify_one();
        Ok(())
    }

    /// Opens the page. When that fails the attempt still waits, with a hint.
    async fn show_link_page(&self, opening: Opening) {
        let id = opening.attempt.clone();
        self.user_agent_close(&id).await;
        if opening.surface != Surface::Embedded {
            // Codat keeps one redirect for all, so the port is fixed. Where it is taken, Codat itself is asked.
            let port = Some(crate::codat_config::REDIRECT_PORT);
            let hits = self.inner.hits.clone();
            if let Ok(open) = self.inner.ports.loopback.listen(&id, port, hits).await {
                self.state().listeners.insert(id.clone(), open.guard);
            }
        }
        if opening.surface == Surface::Print {
            return;
        }
        if let Err(error) = self.inner.ports.user_agent.open(opening).await {
            tracing::warn!(%error, "a surface did not open");
            if let Some(attempt) = self.state().codat.attempts.get_mut(&id) {
                attempt.hint = Some(AttemptHint::LoadFailed);
            }
        }
    }

    pub(super) async fn user_agent_close(&self, id: &AttemptId) {
        self.inner.ports.user_agent.close(id).await;
    }

    fn link_surface(&self, asked: Option<Surface>) -> Result<Surface, CoreError> {
        let here = self.inner.ports.user_agent.surfaces();
        match asked {
            Some(Surface::Print) => Ok(Surface::Print),
            Some(wanted) if here.contains(&wanted) => Ok(wanted),
            Some(_) => Err(CoreError::new(ErrorCode::SurfaceUnavailable)),
            None => Ok(here.first().copied().unwrap_or(Surface::Print)),
        }
    }

    /// Takes an address that claims to be a return from Codat; answers the attempt that it belongs to.
    pub(in crate::driver) fn link_returned(&self, address: &SecretString) -> Option<AttemptView> {
        let (id, key, view) = {
            let mut state = self.state();
            let crate::driver::State { codat, connections, .. } = &mut *state;
            let mut open = codat.attempts.values_mut().filter(|one| one.is_open());
            let (attempt, back) = open.find_map(|one| {
                let back = LinkReturn::judge(address, &one.nonce).ok()?;
                Some((one, back))
            })?;
            let facts = connections.get(&attempt.key).and_then(|one| one.data_connection.as_ref())?;
            let company = CompanyId::parse(&facts.company).ok()?;
            let id = codat::ConnectionId::parse(&facts.id).ok();
            if back.contradicts(&company, id.as_ref()) {
                attempt.hint = Some(AttemptHint::ForeignAnswer);
                return None;
            }
            attempt.claim = Some(back.claim);
            attempt.organization = back.organization;
            attempt.phase = AttemptPhase::Exchanging;
            attempt.moved_at = self.inner.ports.clock.now();
            (attempt.id.clone(), attempt.key.clone(), attempt.view())
        };
        let core = self.clone();
        tokio::spawn(async move {
            core.user_agent_close(&id).await;
            core.announce_attempt(&id);
            core.look_data(&key).await;
        });
        Some(view)
    }

    /// Something happened to the page of an approval; answers whether it is one.
    pub(in crate::driver) fn link_hint(&self, id: &AttemptId, hint: AttemptHint) -> bool {
        let key = {
            let mut state = self.state();
            let Some(attempt) = state.codat.attempts.get_mut(id) else { return false };
            if !attempt.is_waiting() {
                return true;
            }
            attempt.hint = Some(hint);
            attempt.key.clone()
        };
        self.announce_attempt(id);
        if hint == AttemptHint::WindowClosed {
            // A window that closed says nothing about the approval; Codat does.
            let core = self.clone();
            tokio::spawn(async move { core.look_data(&key).await });
        }
        true
    }

    /// Moves an approval to another surface, with a link address that is read anew.
    pub(in crate::driver) async fn switch_link(
        &self,
        id: &AttemptId,
        surface: Surface,
    ) -> Result<AttemptView, CoreError> {
        let surface = self.link_surface(Some(surface))?;
        {
            let mut state = self.state();
            let attempt = state.codat.attempts.get_mut(id).filter(|one| one.is_open());
            let attempt = attempt.ok_or_else(|| CoreError::new(ErrorCode::AttemptOver))?;
            attempt.surface = surface;
            attempt.hint = None;
        }
        match self.open_link(id).await {
            // It was approved meanwhile: there is nothing to open any more, and that is no failure.
            Err(_) if self.attempt(id).is_ok_and(|one| one.phase == AttemptPhase::Succeeded) => {}
            opened => opened?,
        }
        self.attempt(id)
    }

    /// A fresh link address, to be forwarded to whoever approves; the approval is waited for from now on.
    ///
    /// # Errors
    /// It is linked or gone, provider trouble, offline.
    pub async fn codat_forward_address(&self, key: &ConnectionKey) -> Result<SecretString, CoreError> {
        let (config, facts) = self.data_of(key)?;
        if facts.gone {
            return Err(CoreError::new(ErrorCode::Gone).with("provider", "Codat"));
        }
        let api = config.api()?;
        let seen = self.read_data(key).await?;
        let standing = codat::standing(&seen);
        let unusable = || CoreError::new(ErrorCode::ProviderAnswer).with("provider", "Codat");
        let address = seen.link_url.as_ref().map(|url| codat::link_url_to_forward(url, &api));
        self.data_seen(key, seen).await?;
        if standing.status == Some(codat::Status::Linked) {
            return Err(CoreError::new(ErrorCode::AttemptOver).with("provider", "Codat"));
        }
        let address = address.ok_or_else(unusable)?.map_err(|error| unusable().detail(error))?;
        self.apply(key, Event::Approving { known_error: standing.newest_error }, |_| Vec::new()).await?;
        let line = self.codat_line(key, ActivityKind::LinkCopied, &[])?;
        self.write(Vec::new(), vec![line]).await?;
        self.inner.wake.notify_one();
        Ok(address)
    }

    /// The connection that an attempt approves, if it approves one through Codat.
    pub fn codat_attempt(&self, id: &AttemptId) -> Option<ConnectionKey> {
        self.state().codat.attempts.get(id).map(|one| one.key.clone())
    }

    /// A data connection as Codat has it now; a refusal is told to the person.
    async fn read_data(&self, key: &ConnectionKey) -> Result<codat::Connection, CoreError> {
        let (config, _) = self.data_of(key)?;
        match self.fetch_data_connection(key).await {
            Ok(seen) => Ok(seen),
            Err(refusal) => {
                self.note_gone(key, &refusal).await?;
                Err(self.codat_refused(&config, Some(key), refusal).await)
            }
        }
    }

    /// Writes down that a data connection is gone, where a refusal says so.
    pub(super) async fn note_gone(&self, key: &ConnectionKey, refusal: &Refusal) -> Result<(), CoreError> {
        if refusal.api().is_some_and(codat::ApiError::is_gone) {
            self.apply(key, Event::LookFailed(refusal.of_look()), |_| Vec::new()).await?;
        }
        Ok(())
    }
}

/// Why a connection that is not linked can do nothing.
pub(super) fn refuse_unlinked(connection: &Connection) -> Result<(), CoreError> {
    let code = match connection.status {
        Status::Linked if connection.paused => ErrorCode::Paused,
        Status::Linked => return Ok(()),
        Status::PendingAuth => ErrorCode::NotApproved,
        Status::Unlinked => ErrorCode::Disconnected,
        Status::Deauthorized => ErrorCode::ApproveAgain,
    };
    Err(CoreError::new(code).with("provider", connection.provider_name.clone()))
}

impl Connections {
    pub(super) fn announce_happened(&self, key: Option<ConnectionKey>, event: crate::view::CodatEvent) {
        self.announce(CoreEvent::CodatHappened { key, event });
    }
}
