//! Beginning an attempt: which pair, which server, which surface; then the provider's page, or none where none is needed.

use super::{ConfigKey, Connections, refresh::config_of};
use crate::attempt::{ATTEMPT_LIFE, Attempt, AttemptProgress};
use crate::config::ClientConfig;
use crate::connection::{Connection, Status};
use crate::error::{CoreError, ErrorCode};
use crate::id::{AttemptId, ConnectionId, ConnectionKey};
use crate::step::add;
use crate::view::{AttemptPhase, AttemptView, Surface};
use oauth::{AttemptSecrets, AuthorizationRequest};
use providers::{Auth, RedirectKind};
use std::collections::BTreeMap;
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

/// What an attempt begins from, whatever its surface.
pub(super) struct Beginning {
    pub(super) config: ClientConfig,
    pub(super) key: ConnectionKey,
    pub(super) before: Option<Connection>,
    pub(super) parameters: BTreeMap<String, String>,
}

/// How the provider's page is shown.
struct Page<'a> {
    surface: Surface,
    surfaces: Vec<Surface>,
    language: Option<&'a str>,
    /// Where the answer comes back, if not to us.
    elsewhere: Option<&'a str>,
}

impl Beginning {
    pub(super) fn reconnects(&self) -> bool {
        self.before.as_ref().is_some_and(|one| one.first_authorized_at.is_some())
    }

    /// The connection as it begins where there is none of that name.
    pub(super) fn pending(&self, now: jiff::Timestamp) -> Connection {
        Connection::pending(self.key.clone(), self.config.provider(), self.config.scopes.clone(), now)
    }
}

impl Connections {
    /// Begins an attempt and shows the provider's page.
    ///
    /// Where no page is needed (client credentials) it is over when this returns, one way or the other.
    ///
    /// # Errors
    /// Unknown config key, bad parameters, a surface that is not to be had, a port that cannot be listened on, or
    /// a store that cannot be written. In each case nothing has begun.
    pub async fn begin(&self, ask: BeginAuthorization) -> Result<AttemptView, CoreError> {
        Box::pin(self.begin_with(ask, None)).await
    }

    /// With a redirect address at which somebody else listens; none has the provider's own.
    pub(super) async fn begin_with(
        &self,
        ask: BeginAuthorization,
        elsewhere: Option<&str>,
    ) -> Result<AttemptView, CoreError> {
        if let Some(key) = self.data_connection_asked(&ask) {
            let here = self.inner.ports.user_agent.surfaces();
            return self
                .approve_codat(&key, ask.surface.or(ask.preferred.filter(|one| here.contains(one))))
                .await;
        }
        if self.state().pluggy.configs.contains_key(&ask.config_key) {
            return Err(CoreError::new(ErrorCode::BadInput)
                .with("field", ask.config_key.as_str())
                .with("problem", "institutions through Pluggy are linked in the window"));
        }
        let beginning = self.beginning(&ask.config_key, ask.connection_id.as_ref(), &ask.parameters)?;
        match beginning.config.provider().auth {
            Auth::Oauth2 => {}
            Auth::ClientCredentials => return self.begin_client(beginning).await,
            Auth::ApiKey | Auth::Basic => {
                let field = first_field(beginning.config.provider());
                return Err(CoreError::new(ErrorCode::BadInput)
                    .with("field", field)
                    .with("problem", "required"));
            }
        }
        let surfaces = self.surfaces_for(beginning.config.provider());
        let surface = choose_surface(&ask, &surfaces)?;
        let id = self.new_attempt_id();
        if surface == Surface::Device {
            return Box::pin(self.begin_device(id, beginning, surfaces)).await;
        }
        let page = Page { surface, surfaces, language: ask.language.as_deref(), elsewhere };
        Box::pin(self.begin_page(id, beginning, page)).await
    }

    async fn begin_page(
        &self,
        id: AttemptId,
        beginning: Beginning,
        page: Page<'_>,
    ) -> Result<AttemptView, CoreError> {
        let now = self.now();
        let provider = beginning.config.provider().clone();
        let metadata = super::endpoints::metadata_to_begin(&provider, &beginning.parameters)?;
        self.replace_attempts_for(&beginning.key).await;
        let redirect_uri = match page.elsewhere {
            Some(address) => address.to_owned(),
            None => self.listen(&id, &provider).await?,
        };
        let attempt = Attempt {
            id,
            reconnect: beginning.reconnects(),
            key: beginning.key.clone(),
            provider,
            metadata,
            client_id: beginning.config.client_id.clone(),
            redirect_uri,
            secrets: self.attempt_secrets(),
            scopes: beginning.config.scopes.clone(),
            parameters: beginning.parameters.clone(),
            surface: page.surface,
            surfaces: page.surfaces,
            device: None,
            started_at: now,
            expires_at: add(now, ATTEMPT_LIFE),
        };
        let address = address_of(&attempt, page.language)?;
        self.wait_for(attempt, address, beginning.pending(now)).await
    }

    /// Stores an attempt, with a new connection where there is none, tells about it and shows its page.
    pub(super) async fn wait_for(
        &self,
        attempt: Attempt,
        address: Url,
        new: Connection,
    ) -> Result<AttemptView, CoreError> {
        let now = attempt.started_at;
        self.store_attempt(&attempt, new, now).await?;
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

    pub(super) fn new_attempt_id(&self) -> AttemptId {
        AttemptId::from_random(super::authorize::first_16(self.inner.ports.random.bytes()))
    }

    pub(super) fn attempt_secrets(&self) -> AttemptSecrets {
        AttemptSecrets::from_random(
            self.inner.ports.random.bytes(),
            self.inner.ports.random.bytes(),
            self.inner.ports.random.bytes(),
        )
    }

    /// Which registration, which pair, and the parameters: those of before, and what is given now.
    pub(super) fn beginning(
        &self,
        config_key: &ConfigKey,
        connection_id: Option<&ConnectionId>,
        given: &BTreeMap<String, String>,
    ) -> Result<Beginning, CoreError> {
        let config = config_of(&self.state(), config_key)?;
        let key = self.key_for(connection_id, &config);
        let before = self.state().connections.get(&key).cloned();
        let mut parameters = before.as_ref().map(|one| one.parameters.clone()).unwrap_or_default();
        let known = |name: &String| config.provider().parameters.iter().any(|one| one.name == *name);
        if let Some(name) = given.keys().find(|name| !known(name)) {
            return Err(CoreError::new(ErrorCode::BadInput)
                .with("field", name.clone())
                .with("problem", "unknown"));
        }
        parameters.extend(given.iter().map(|(name, value)| (name.clone(), value.trim().to_owned())));
        Ok(Beginning { config, key, before, parameters })
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
        let offered = super::configs::surfaces_of(provider).into_iter();
        offered.filter(|one| *one == Surface::Device || here.contains(one)).collect()
    }

    /// The pair for an attempt: the one asked for, or the first free number under the registration.
    fn key_for(&self, asked: Option<&ConnectionId>, config: &ClientConfig) -> ConnectionKey {
        let with = |connection_id| ConnectionKey { config_key: config.key.clone(), connection_id };
        if let Some(id) = asked {
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
            connection_id: ConnectionId::from_attempt(&self.new_attempt_id()),
        })
    }
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

pub(super) fn address_of(attempt: &Attempt, language: Option<&str>) -> Result<Url, CoreError> {
    if let Some(codes) = &attempt.device {
        return Ok(codes.page().clone());
    }
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

/// The first thing that a provider asks where a key is enough; for the refusal of an attempt without it.
fn first_field(provider: &providers::Provider) -> String {
    let fields = provider.credential.iter().flat_map(|credential| &credential.fields);
    fields.map(|field| field.name.clone()).next().unwrap_or_default()
}
