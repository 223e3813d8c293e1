//! The practice bank: one click on first run, no account and no key needed.

use crate::Runtime;
use connections::codat_config::{CodatFields, REDIRECT, redirect_template};
use connections::error::{CoreError, ErrorCode};
use connections::pluggy_config::PluggyFields;
use connections::view::ConfigView;
use connections::{ConfigKey, Connections};
use sandbox::Sandbox;

/// The config key of the practice bank.
pub const PRACTICE_CONFIG: &str = "practice-bank";

/// The config key of the practice institutions that are reached through a Pluggy of our own.
pub const PRACTICE_PLUGGY: &str = "practice-pluggy";

/// The config key of the practice Codat.
pub const PRACTICE_CODAT: &str = "practice-codat";

/// The config key of the practice service that hands out a key.
pub(crate) const PRACTICE_CADERNO: &str = "practice-caderno";

/// Where its state is kept: synthetic, and hashes of practice tokens only.
const STATE_FILE: &str = "practice-bank.json";
/// The same for the practice Pluggy and the practice Codat.
const OTHER_STATE_FILES: [&str; 2] = ["practice-bank.pluggy.json", "practice-bank.codat.json"];
/// It answers on one port for good, because the issuer is part of every registration.
const PORT_FILE: &str = "practice-bank.port";

impl Runtime {
    /// Makes sure the practice bank runs and is registered; answers its config key.
    ///
    /// # Errors
    /// The vault is locked, no port is free, or the store cannot be written.
    pub async fn practice_bank(&self) -> Result<ConfigKey, CoreError> {
        let connections = self.connections()?;
        let key = ConfigKey::parse(PRACTICE_CONFIG)?;
        let (mut issuer, mut client_id) = self.start_practice().await?;
        if let Ok(config) = connections.config(&key) {
            if config.issuer.as_deref() == Some(issuer.as_str()) {
                return Ok(key);
            }
            // Registered at an address that the bank has no more: practice begins anew.
            self.remove_practice().await?;
            (issuer, client_id) = self.start_practice().await?;
        }
        let metadata = connections.discover(&issuer).await?;
        let provider = providers::Provider::sandbox(metadata);
        let scopes = provider.scopes.iter().map(|scope| scope.name.clone()).collect();
        connections
            .create_config(connections::NewConfig {
                key: key.clone(),
                provider: connections::ProviderChoice::Custom(Box::new(provider)),
                client_id,
                client_secret: None,
                scopes,
            })
            .await?;
        Ok(key)
    }

    /// Makes sure the practice Pluggy runs and is registered.
    ///
    /// # Errors
    /// As for the practice bank.
    pub async fn practice_pluggy(&self) -> Result<ConfigView, CoreError> {
        let connections = self.connections()?;
        let key = ConfigKey::parse(PRACTICE_PLUGGY)?;
        self.start_practice().await?;
        if let Ok(config) = connections.config(&key) {
            return Ok(config);
        }
        let fields = {
            let running = self.inner.practice.lock().await;
            let world = running.as_ref().ok_or_else(|| CoreError::new(ErrorCode::Defect))?;
            let api = world.pluggy_api();
            let (client_id, client_secret) = world.pluggy_client();
            let address = |text: &str| {
                url::Url::parse(text).map_err(|error| CoreError::new(ErrorCode::Defect).detail(error))
            };
            PluggyFields {
                config_key: PRACTICE_PLUGGY.to_owned(),
                client_id: Some(client_id.to_owned()),
                client_secret: Some(client_secret.into()),
                include_sandbox: true,
                widget: Some(address(&format!("{api}/widget"))?),
                api: Some(address(&api)?),
                practice: true,
                ..PluggyFields::default()
            }
        };
        connections.create_pluggy(fields).await
    }

    /// Makes sure the practice Codat runs and is registered, with companies and connections of every kind.
    ///
    /// # Errors
    /// As for the practice bank.
    pub async fn practice_codat(&self) -> Result<ConfigView, CoreError> {
        let connections = self.connections()?;
        let key = ConfigKey::parse(PRACTICE_CODAT)?;
        self.start_practice().await?;
        if let Ok(config) = connections.config(&key) {
            return Ok(config);
        }
        let fields = {
            let running = self.inner.practice.lock().await;
            let world = running.as_ref().ok_or_else(|| CoreError::new(ErrorCode::Defect))?;
            if let Err(error) = world.codat().set_redirect(&redirect_template()) {
                // The way back is a convenience: the API decides whether a connection is linked.
                tracing::warn!(%error, redirect = REDIRECT, "the practice Codat leads nowhere after a link");
            }
            let api = url::Url::parse(&world.codat_api())
                .map_err(|error| CoreError::new(ErrorCode::Defect).detail(error))?;
            CodatFields {
                config_key: PRACTICE_CODAT.to_owned(),
                api_key: Some(sandbox::codat::API_KEY.into()),
                api: Some(api),
                practice: true,
                ..CodatFields::default()
            }
        };
        let view = connections.create_codat(fields).await?;
        Ok(view)
    }

    /// Makes sure the practice service that hands out a key runs and is registered.
    ///
    /// # Errors
    /// As for the practice bank.
    pub async fn practice_caderno(&self) -> Result<ConfigView, CoreError> {
        let connections = self.connections()?;
        let key = ConfigKey::parse(PRACTICE_CADERNO)?;
        self.start_practice().await?;
        if let Ok(config) = connections.config(&key) {
            return Ok(config);
        }
        let provider = {
            let running = self.inner.practice.lock().await;
            let world = running.as_ref().ok_or_else(|| CoreError::new(ErrorCode::Defect))?;
            let check = url::Url::parse(&world.caderno_check())
                .map_err(|error| CoreError::new(ErrorCode::Defect).detail(error))?;
            providers::Provider::caderno(&check, sandbox::caderno::KEY_HEADER, &world.caderno().key())
        };
        let new = connections::NewConfig {
            key,
            provider: connections::ProviderChoice::Custom(Box::new(provider)),
            client_id: String::new(),
            client_secret: None,
            scopes: Vec::new(),
        };
        connections.create_config(new).await
    }

    /// Removes everything that came from practising: connections, registration, the bank's own state.
    ///
    /// # Errors
    /// The vault is locked, or the store cannot be written.
    pub async fn remove_practice(&self) -> Result<(), CoreError> {
        let connections = self.connections()?;
        let keys = [
            ConfigKey::parse(PRACTICE_CONFIG)?,
            ConfigKey::parse(PRACTICE_PLUGGY)?,
            ConfigKey::parse(PRACTICE_CODAT)?,
            ConfigKey::parse(PRACTICE_CADERNO)?,
        ];
        for connection in connections.connections() {
            if keys.contains(&connection.key.config_key) {
                connections.delete(&connection.key).await?;
            }
        }
        for key in &keys {
            connections.delete_config(key).await?;
        }
        *self.inner.practice.lock().await = None;
        for file in [STATE_FILE, PORT_FILE].into_iter().chain(OTHER_STATE_FILES) {
            match std::fs::remove_file(self.folder().join(file)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(CoreError::new(ErrorCode::Storage).detail(error.kind()));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// After a restart the bank must be there again before its connections are refreshed.
    pub(crate) async fn start_practice_if_used(&self, connections: &Connections) {
        let practice = [PRACTICE_CONFIG, PRACTICE_PLUGGY, PRACTICE_CODAT, PRACTICE_CADERNO];
        let registered = connections.configs().iter().any(|one| practice.contains(&one.config_key.as_str()));
        if !registered {
            return;
        }
        if let Err(error) = self.start_practice().await {
            tracing::warn!(%error, "the practice bank did not start");
        }
    }

    /// Issuer and client id of the running bank.
    async fn start_practice(&self) -> Result<(String, String), CoreError> {
        let mut running = self.inner.practice.lock().await;
        if running.is_none() {
            *running = Some(self.launch_practice().await?);
        }
        let bank = running.as_ref().ok_or_else(|| CoreError::new(ErrorCode::Defect))?;
        Ok((bank.issuer(), bank.client_id().to_owned()))
    }

    async fn launch_practice(&self) -> Result<Sandbox, CoreError> {
        let port_file = self.folder().join(PORT_FILE);
        let known: Option<u16> =
            std::fs::read_to_string(&port_file).ok().and_then(|text| text.trim().parse().ok());
        let options = |port| sandbox::Options {
            bind: std::net::SocketAddr::from(([127, 0, 0, 1], port)),
            state_file: Some(self.folder().join(STATE_FILE)),
            ..sandbox::Options::default()
        };
        let unavailable = |error: std::io::Error| {
            CoreError::new(ErrorCode::LoopbackUnavailable)
                .with("port", known.map_or_else(String::new, |port| port.to_string()))
                .detail(error.kind())
        };
        if let Some(port) = known {
            return Sandbox::start(options(port)).await.map_err(unavailable);
        }
        let bank = Sandbox::start(options(0)).await.map_err(unavailable)?;
        std::fs::write(&port_file, bank.address().port().to_string())
            .map_err(|error| CoreError::new(ErrorCode::Storage).detail(error.kind()))?;
        Ok(bank)
    }
}
