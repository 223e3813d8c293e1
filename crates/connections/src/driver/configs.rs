//! Client registrations: made, changed, checked, deleted; and what a provider's facts mean for an attempt.

use super::{Connections, refresh::config_of, unknown_config};
use crate::activity::{Activity, ActivityKind};
use crate::config::ClientConfig;
use crate::error::{CoreError, ErrorCode};
use crate::id::ConfigKey;
use crate::ports::Change;
use crate::view::{Approach, ConfigView, CoreEvent, ProviderView, ScopeView, SecretRule, Surface};
use oauth::{ClientAuthentication, ServerMetadata};
use providers::{Auth, Catalogue, Provider, ProviderId, RedirectKind};
use secret::SecretString;
use std::collections::BTreeMap;
use url::Url;

/// Our scheme's redirect address. Registered with the operating system by the window.
pub(super) const SCHEME_REDIRECT: &str = "mooring://oauth/callback";

/// Path of loopback redirect addresses.
pub(super) const LOOPBACK_PATH: &str = "/callback";

/// Whom a registration is with.
pub enum ProviderChoice {
    /// An entry of the catalogue.
    Catalogue(ProviderId),
    /// A provider that is not in the catalogue, found out by discovery or typed in.
    Custom(Box<Provider>),
}

/// A registration to be made.
pub struct NewConfig {
    /// Its name.
    pub key: ConfigKey,
    /// Whom it is with.
    pub provider: ProviderChoice,
    /// The client id.
    pub client_id: String,
    /// The client secret; none means a public client.
    pub client_secret: Option<SecretString>,
    /// Scopes to ask for.
    pub scopes: Vec<String>,
}

/// A change to a registration.
pub struct ConfigChange {
    /// Which.
    pub key: ConfigKey,
    /// The client id.
    pub client_id: String,
    /// A new client secret; none keeps the stored one.
    pub client_secret: Option<SecretString>,
    /// Scopes to ask for from the next authorization on.
    pub scopes: Vec<String>,
}

impl ProviderChoice {
    /// An entry of the catalogue, if there is one of that id.
    pub fn catalogue(id: &str) -> Option<Self> {
        let id = ProviderId::new(id);
        Catalogue::built_in().get(&id).is_some().then_some(Self::Catalogue(id))
    }
}

impl Connections {
    /// Makes a registration.
    ///
    /// # Errors
    /// The name is taken, the provider unknown, a field malformed, a secret missing, or the store cannot be written.
    pub async fn create_config(&self, new: NewConfig) -> Result<ConfigView, CoreError> {
        let taken = |state: &super::State| {
            state.configs.contains_key(&new.key)
                || state.pluggy.configs.contains_key(&new.key)
                || state.codat.configs.contains_key(&new.key)
        };
        if taken(&self.state()) {
            return Err(CoreError::new(ErrorCode::NameTaken).with("configKey", new.key.as_str()));
        }
        let provider = match new.provider {
            ProviderChoice::Custom(provider) => *provider,
            ProviderChoice::Catalogue(id) => Catalogue::built_in()
                .get(&id)
                .cloned()
                .ok_or_else(|| CoreError::new(ErrorCode::UnknownProvider).with("provider", id.to_string()))?,
        };
        check_fields(&provider, &new.client_id, new.client_secret.as_ref(), &new.scopes)?;
        let authentication = authentication_for(&provider, new.client_secret.is_some())?;
        let now = self.now();
        let config = ClientConfig {
            key: new.key,
            provider,
            client_id: new.client_id.trim().to_owned(),
            has_secret: new.client_secret.is_some(),
            authentication,
            scopes: new.scopes,
            created_at: now,
            updated_at: now,
        };
        self.write_config(config, new.client_secret, ActivityKind::ConfigCreated).await
    }

    /// Changes a registration. Connections made with it keep their grants; new scopes count from the next
    /// authorization on.
    ///
    /// # Errors
    /// As for making one, and [`ErrorCode::UnknownConfig`].
    pub async fn edit_config(&self, change: ConfigChange) -> Result<ConfigView, CoreError> {
        let mut config = config_of(&self.state(), &change.key)?;
        check_fields(config.provider(), &change.client_id, change.client_secret.as_ref(), &change.scopes)?;
        config.has_secret |= change.client_secret.is_some();
        config.authentication = authentication_for(config.provider(), config.has_secret)?;
        change.client_id.trim().clone_into(&mut config.client_id);
        config.scopes = change.scopes;
        config.updated_at = self.now();
        let view = self.write_config(config, change.client_secret, ActivityKind::ConfigEdited).await?;
        self.retry_after_edit(&change.key);
        Ok(view)
    }

    /// Deletes a registration that no connection uses. One that is not there is no error.
    ///
    /// # Errors
    /// [`ErrorCode::ConfigInUse`], or the store cannot be written.
    pub async fn delete_config(&self, key: &ConfigKey) -> Result<(), CoreError> {
        if self.delete_pluggy(key).await? || self.delete_codat_config(key).await? {
            return Ok(());
        }
        let line = {
            let state = self.state();
            let Some(config) = state.configs.get(key) else { return Ok(()) };
            let users = state.connections.users_of(key);
            if users > 0 {
                return Err(CoreError::new(ErrorCode::ConfigInUse)
                    .with("configKey", key.as_str())
                    .with("connections", users.to_string()));
            }
            self.line_about_config(config, ActivityKind::ConfigDeleted)
        };
        self.write(vec![Change::DeleteConfig(key.clone())], vec![line]).await?;
        self.state().configs.remove(key);
        self.announce(CoreEvent::ConfigsChanged);
        Ok(())
    }

    /// One registration.
    ///
    /// # Errors
    /// [`ErrorCode::UnknownConfig`].
    pub fn config(&self, key: &ConfigKey) -> Result<ConfigView, CoreError> {
        let state = self.state();
        if let Some(config) = state.codat.configs.get(key) {
            return Ok(super::codat_config_view(&state, config));
        }
        if let Some(config) = state.pluggy.configs.get(key) {
            return Ok(config.view(super::users_of(&state, key)));
        }
        let config = state.configs.get(key).ok_or_else(|| unknown_config(key))?;
        Ok(super::config_view(&state, config))
    }

    /// Fetches and judges an issuer's discovery document (RFC 8414, then OpenID Connect Discovery).
    ///
    /// # Errors
    /// [`ErrorCode::DiscoveryFailed`] with the reason, or [`ErrorCode::Offline`].
    pub async fn discover(&self, issuer: &str) -> Result<ServerMetadata, CoreError> {
        let issuer = issuer.trim();
        let failed = |detail: String| {
            CoreError::new(ErrorCode::DiscoveryFailed).with("issuer", issuer.to_owned()).detail(detail)
        };
        let urls = oauth::discovery_urls(issuer).map_err(|error| failed(error.to_string()))?;
        let mut last = failed("no discovery document".to_owned());
        for url in urls {
            let answer = match self.inner.ports.http.send(oauth::get_request(&url)).await {
                Ok(answer) => answer,
                Err(crate::ports::HttpError::Offline) if !is_loopback(&url) => {
                    return Err(CoreError::new(ErrorCode::Offline));
                }
                Err(error) => {
                    last = failed(error.to_string());
                    continue;
                }
            };
            match oauth::judge_discovery(issuer, &answer) {
                Ok(metadata) => return Ok(metadata),
                Err(error) => last = failed(error.to_string()),
            }
        }
        Err(last)
    }

    async fn write_config(
        &self,
        config: ClientConfig,
        secret: Option<SecretString>,
        kind: ActivityKind,
    ) -> Result<ConfigView, CoreError> {
        let line = self.line_about_config(&config, kind);
        self.write(vec![Change::PutConfig(Box::new(config.clone()), secret)], vec![line]).await?;
        let key = config.key.clone();
        self.state().configs.insert(key.clone(), config);
        self.announce(CoreEvent::ConfigsChanged);
        self.config(&key)
    }

    fn line_about_config(&self, config: &ClientConfig, kind: ActivityKind) -> Activity {
        Activity {
            at: self.now(),
            connection: None,
            connection_name: None,
            provider_name: Some(config.provider().name.clone()),
            kind,
            params: BTreeMap::from([("configKey".to_owned(), config.key.to_string())]),
        }
    }

    /// Connections that wait for better credentials are tried at once.
    fn retry_after_edit(&self, key: &ConfigKey) {
        let waiting: Vec<_> = {
            let state = self.state();
            let of_key = state.connections.values().filter(|one| one.key.config_key == *key);
            let needy = of_key.filter(|one| one.needs == crate::connection::Needs::Credentials);
            needy.map(|one| one.key.clone()).collect()
        };
        for connection in waiting {
            let core = self.clone();
            tokio::spawn(async move {
                // What comes of it is in the connection.
                let _ = core.refresh(&connection).await;
            });
        }
    }
}

fn is_loopback(url: &Url) -> bool {
    matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"))
}

fn check_fields(
    provider: &Provider,
    client_id: &str,
    secret: Option<&SecretString>,
    scopes: &[String],
) -> Result<(), CoreError> {
    if provider.takes_key() {
        // The key belongs to a connection; a registration is a name for the provider, and nothing of it is secret.
        let given = secret.is_some().then_some("clientSecret");
        let given = given.or((!client_id.trim().is_empty()).then_some("clientId"));
        return given.map_or(Ok(()), |field| {
            Err(CoreError::new(ErrorCode::BadInput).with("field", field).with("problem", "unknown"))
        });
    }
    let mut findings = providers::check_client_id(client_id);
    if let Some(secret) = secret {
        findings.extend(providers::check_client_secret(secret));
    }
    findings.extend(providers::check_scopes(scopes));
    let Some(finding) = findings.into_iter().find(providers::Finding::is_blocking) else { return Ok(()) };
    Err(CoreError::new(ErrorCode::BadInput)
        .with("field", finding.field.as_str())
        .with("problem", finding.problem.as_str()))
}

/// The way a client proves itself: the provider's first way that fits what we have.
fn authentication_for(provider: &Provider, has_secret: bool) -> Result<ClientAuthentication, CoreError> {
    if provider.takes_key() {
        return Ok(ClientAuthentication::None);
    }
    if provider.auth == Auth::ClientCredentials && !has_secret {
        return Err(CoreError::new(ErrorCode::BadInput)
            .with("field", "clientSecret")
            .with("problem", "required"));
    }
    let fits = |one: &&ClientAuthentication| (**one == ClientAuthentication::None) != has_secret;
    provider.client_authentication.iter().find(fits).copied().ok_or_else(|| {
        CoreError::new(ErrorCode::BadInput)
            .with("field", "clientSecret")
            .with("problem", if has_secret { "unknown" } else { "required" })
    })
}

/// The first redirect that the provider allows.
pub(super) fn redirect_of(provider: &Provider) -> RedirectKind {
    provider.redirects.first().cloned().unwrap_or(RedirectKind::Loopback { port: None })
}

pub(super) fn loopback_redirect(kind: &RedirectKind, port: u16) -> String {
    let host = if matches!(kind, RedirectKind::LoopbackLocalhost { .. }) { "localhost" } else { "127.0.0.1" };
    format!("http://{host}:{port}{LOOPBACK_PATH}")
}

/// The address to register at the provider; without a port where any port is accepted (RFC 8252 §7.3).
pub(super) fn redirect_to_register(provider: &Provider) -> String {
    match redirect_of(provider) {
        _ if provider.auth != Auth::Oauth2 => String::new(),
        RedirectKind::Scheme => SCHEME_REDIRECT.to_owned(),
        RedirectKind::Https { uri } => uri.to_string(),
        RedirectKind::Loopback { port: None } => format!("http://127.0.0.1{LOOPBACK_PATH}"),
        RedirectKind::LoopbackLocalhost { port: None } => format!("http://localhost{LOOPBACK_PATH}"),
        ref kind @ (RedirectKind::Loopback { port: Some(port) }
        | RedirectKind::LoopbackLocalhost { port: Some(port) }) => loopback_redirect(kind, port),
    }
}

/// The catalogue's surfaces in our words, the preferred first.
pub(super) fn surfaces_of(provider: &Provider) -> Vec<Surface> {
    let surfaces = provider.surfaces.iter().map(|one| match one {
        providers::Surface::Embedded => Surface::Embedded,
        providers::Surface::Browser => Surface::Browser,
    });
    let on_device = provider.grants().contains(&providers::GrantKind::DeviceCode).then_some(Surface::Device);
    surfaces.chain(on_device).collect()
}

/// How accounts at a provider are linked.
pub(crate) const fn approach_of(provider: &Provider) -> Approach {
    match provider.auth {
        Auth::Oauth2 => Approach::Approval,
        Auth::ApiKey => Approach::Key,
        Auth::Basic => Approach::Basic,
        Auth::ClientCredentials => Approach::Client,
    }
}

pub(crate) fn provider_view(provider: &Provider) -> ProviderView {
    let secret = match (
        provider.takes_key() || provider.client_authentication.contains(&ClientAuthentication::None),
        provider.client_authentication.iter().any(|one| *one != ClientAuthentication::None),
    ) {
        (true, true) => SecretRule::Optional,
        (true, false) => SecretRule::None,
        (false, _) => SecretRule::Required,
    };
    ProviderView {
        id: provider.id.to_string(),
        name: provider.name.clone(),
        category: provider.category,
        approach: approach_of(provider),
        key_fields: super::keys::key_fields(provider),
        countries: provider.countries.clone(),
        brand_color: provider.brand_color.clone(),
        documentation: provider.documentation.as_ref().map(Url::to_string),
        registration: provider.registration.as_ref().map(Url::to_string),
        scopes: provider
            .scopes
            .iter()
            .map(|one| ScopeView { name: one.name.clone(), en: one.en.clone(), pt_br: one.pt_br.clone() })
            .collect(),
        secret,
        redirect_uri: redirect_to_register(provider),
        parameters: super::keys::parameters_asked(provider),
        surfaces: surfaces_of(provider),
    }
}
