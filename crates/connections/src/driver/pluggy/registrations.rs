//! Registrations at Pluggy: made, changed, deleted; each is tried at Pluggy before it is kept.

use crate::activity::{Activity, ActivityKind};
use crate::driver::{Connections, store_error, users_of};
use crate::error::{CoreError, ErrorCode};
use crate::id::ConfigKey;
use crate::pluggy_config::{PluggyConfig, PluggyFields};
use crate::ports::Change;
use crate::view::{ConfigView, CoreEvent};
use secret::SecretString;
use std::collections::BTreeMap;

impl Connections {
    /// What is wrong with a registration while it is typed; asks nobody.
    pub fn check_pluggy(&self, fields: &PluggyFields) -> Vec<crate::configs::DraftProblem> {
        let key = ConfigKey::parse(&fields.config_key).ok();
        let state = self.state();
        // The name of one that exists is no mistake while that one is being edited.
        let edited = key.as_ref().and_then(|key| state.pluggy.configs.get(key));
        let taken = state.configs.keys().chain(state.codat.configs.keys()).cloned().collect::<Vec<_>>();
        fields.problems(&taken, edited.is_some_and(|one| !one.is_limited()))
    }

    /// Makes a registration at Pluggy, once Pluggy or the company's endpoint has taken it.
    ///
    /// # Errors
    /// A malformed field, a name that is taken, keys that Pluggy refuses, no network, or a store that cannot be
    /// written. Nothing was kept.
    pub async fn create_pluggy(&self, fields: PluggyFields) -> Result<ConfigView, CoreError> {
        let taken: Vec<ConfigKey> = {
            let state = self.state();
            let others = state.pluggy.configs.keys().chain(state.codat.configs.keys());
            state.configs.keys().chain(others).cloned().collect()
        };
        let (config, secret) = fields.into_config(&taken, None, self.now())?;
        self.try_registration(&config, secret.as_ref()).await?;
        self.keep_registration(config, secret, ActivityKind::ConfigCreated).await
    }

    /// Changes a registration at Pluggy; its name stays.
    ///
    /// # Errors
    /// As for making one; the registration stays as it was.
    pub async fn edit_pluggy(&self, fields: PluggyFields) -> Result<ConfigView, CoreError> {
        let before = self.pluggy_config(&ConfigKey::parse(&fields.config_key)?)?;
        let fields = PluggyFields {
            api: fields.api.clone().or_else(|| Some(before.api.clone())),
            widget: fields.widget.clone().or_else(|| before.widget.clone()),
            practice: before.practice,
            ..fields
        };
        let (config, secret) = fields.into_config(&[], Some(&before), self.now())?;
        self.try_registration(&config, secret.as_ref()).await?;
        self.keep_registration(config, secret, ActivityKind::ConfigEdited).await
    }

    /// Whether it can be used: a key or a token comes.
    async fn try_registration(
        &self,
        config: &PluggyConfig,
        secret: Option<&SecretString>,
    ) -> Result<(), CoreError> {
        let api = config.api()?;
        let tried = if let Some(client_id) = &config.client_id {
            let kept = match secret {
                Some(_) => None,
                None => self.inner.ports.store.client_secret(&config.key).await.map_err(store_error)?,
            };
            let Some(secret) = secret.or(kept.as_ref()) else {
                return Err(CoreError::new(ErrorCode::BadInput)
                    .with("field", "clientSecret")
                    .with("problem", "required"));
            };
            self.ask_key(&api, client_id, secret).await.map(drop)
        } else {
            self.new_connect_token(config, &api, None, true).await.map(drop)
        };
        tried.map_err(|refusal| refusal.told(config.is_limited()))
    }

    async fn keep_registration(
        &self,
        config: PluggyConfig,
        secret: Option<SecretString>,
        kind: ActivityKind,
    ) -> Result<ConfigView, CoreError> {
        let line = self.line_about_pluggy(&config, kind);
        self.write(vec![Change::PutPluggyConfig(Box::new(config.clone()), secret)], vec![line]).await?;
        let view = {
            let mut state = self.state();
            state.pluggy.forget_registration(&config.key);
            state.pluggy.configs.insert(config.key.clone(), config.clone());
            config.view(users_of(&state, &config.key))
        };
        // Connections that waited for good keys are looked at again.
        self.look_at_all_of(&config.key).await;
        self.announce(CoreEvent::ConfigsChanged);
        Ok(view)
    }

    /// Deletes a registration at Pluggy that nothing uses; answers whether there was one.
    pub(in crate::driver) async fn delete_pluggy(&self, key: &ConfigKey) -> Result<bool, CoreError> {
        let line = {
            let state = self.state();
            let Some(config) = state.pluggy.configs.get(key) else { return Ok(false) };
            let users = users_of(&state, key);
            if users > 0 {
                return Err(CoreError::new(ErrorCode::ConfigInUse)
                    .with("configKey", key.as_str())
                    .with("connections", users.to_string()));
            }
            self.line_about_pluggy(config, ActivityKind::ConfigDeleted)
        };
        self.write(vec![Change::DeletePluggyConfig(key.clone())], vec![line]).await?;
        {
            let mut state = self.state();
            state.pluggy.forget_registration(key);
            state.pluggy.configs.remove(key);
        }
        self.announce(CoreEvent::ConfigsChanged);
        Ok(true)
    }

    fn line_about_pluggy(&self, config: &PluggyConfig, kind: ActivityKind) -> Activity {
        Activity {
            at: self.now(),
            connection: None,
            connection_name: None,
            provider_name: Some("Pluggy".to_owned()),
            kind,
            params: BTreeMap::from([("configKey".to_owned(), config.key.to_string())]),
        }
    }
}
