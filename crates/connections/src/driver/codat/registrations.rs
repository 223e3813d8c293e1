//! Registrations at Codat: made, changed, deleted; each is tried before it is kept.

use super::access::Refusal;
use crate::activity::{Activity, ActivityKind};
use crate::codat_config::{CodatConfig, CodatFields, CodatSecret};
use crate::driver::{Connections, store_error, users_of};
use crate::error::{CoreError, ErrorCode};
use crate::id::ConfigKey;
use crate::ports::Change;
use crate::view::{ConfigView, CoreEvent};
use codat::{Credentials, ListQuery, judge_companies};
use std::collections::BTreeMap;

impl Connections {
    /// What is wrong with a registration while it is typed; asks nobody.
    pub fn check_codat(&self, fields: &CodatFields) -> Vec<crate::configs::DraftProblem> {
        let key = ConfigKey::parse(&fields.config_key).ok();
        let state = self.state();
        let edited = key.as_ref().is_some_and(|key| state.codat.configs.contains_key(key));
        let taken: Vec<ConfigKey> =
            state.configs.keys().chain(state.pluggy.configs.keys()).cloned().collect();
        fields.problems(&taken, edited)
    }

    /// Makes a registration at Codat, once Codat or the endpoint has taken it, and looks for the connections there.
    ///
    /// # Errors
    /// A malformed field, a name that is taken, a key that Codat refuses, no network, or a store that cannot be
    /// written. Nothing was kept.
    pub async fn create_codat(&self, fields: CodatFields) -> Result<ConfigView, CoreError> {
        let taken: Vec<ConfigKey> = {
            let state = self.state();
            let others = state.pluggy.configs.keys().chain(state.codat.configs.keys());
            state.configs.keys().chain(others).cloned().collect()
        };
        let (mut config, secret) = fields.into_config(&taken, None, self.now())?;
        self.try_codat(&mut config, secret.as_ref()).await?;
        self.keep_codat(config, secret, ActivityKind::ConfigCreated).await
    }

    /// Changes a registration at Codat; its name stays.
    ///
    /// # Errors
    /// As for making one; the registration stays as it was.
    pub async fn edit_codat(&self, fields: CodatFields) -> Result<ConfigView, CoreError> {
        let before = self.codat_config(&ConfigKey::parse(&fields.config_key)?)?;
        let fields = CodatFields { api: before.api.clone(), practice: before.practice, ..fields };
        let (mut config, secret) = fields.into_config(&[], Some(&before), self.now())?;
        self.try_codat(&mut config, secret.as_ref()).await?;
        self.keep_codat(config, secret, ActivityKind::ConfigEdited).await
    }

    /// Whether it can be used. An endpoint tells which company its tokens are for, unless the person did.
    async fn try_codat(
        &self,
        config: &mut CodatConfig,
        secret: Option<&CodatSecret>,
    ) -> Result<(), CoreError> {
        let stored;
        let secret = if let Some(secret) = secret {
            secret
        } else {
            let kept = self.inner.ports.store.client_secret(&config.key).await.map_err(store_error)?;
            stored = kept.and_then(|kept| CodatSecret::from_vault(config.mode(), &kept));
            stored.as_ref().ok_or_else(|| {
                CoreError::new(ErrorCode::BadInput).with("field", "apiKey").with("problem", "required")
            })?
        };
        match secret {
            CodatSecret::Endpoint(..) => {
                let made = self.ask_endpoint(config, secret).await.map_err(Refusal::told)?;
                if let Credentials::CompanyToken(token) = &made {
                    config.company = Some(token.company().as_str().to_owned());
                }
                Ok(())
            }
            CodatSecret::Key(key) => {
                let asked = ListQuery { page_size: 1, ..ListQuery::default() };
                let duplicate = codat::ApiKey::parse(&key.to_vault()).map_err(|error| {
                    CoreError::new(ErrorCode::BadInput).with("field", "apiKey").detail(error)
                })?;
                let credentials = Credentials::ApiKey(duplicate);
                let api = config.api()?;
                let request = api.with(&credentials).list_companies(&asked);
                let request = request.map_err(|error| Refusal::from(error).told())?;
                let answer = self.inner.ports.http.send(request).await;
                let answer = answer.map_err(|error| Refusal::Http(error).told())?;
                judge_companies(&answer, &asked, self.now())
                    .map(drop)
                    .map_err(|error| Refusal::Api(error).told())
            }
        }
    }

    async fn keep_codat(
        &self,
        config: CodatConfig,
        secret: Option<CodatSecret>,
        kind: ActivityKind,
    ) -> Result<ConfigView, CoreError> {
        let line = self.line_about_codat(&config, kind, &[]);
        let secret = secret.as_ref().map(CodatSecret::to_vault);
        self.write(vec![Change::PutCodatConfig(Box::new(config.clone()), secret)], vec![line]).await?;
        let key = config.key.clone();
        // From here on the schedule leaves it to us.
        let free;
        {
            let mut state = self.state();
            state.codat.forget_credentials(&key);
            state.codat.configs.insert(key.clone(), config);
            free = state.codat.listing.insert(key.clone());
        }
        self.announce(CoreEvent::ConfigsChanged);
        if !free {
            // A list is under way; whatever it brings is as good.
            return self.config(&key);
        }
        if let Err(error) = self.list_in_turn(&key, true).await {
            // The registration itself was tried and is good. It is tried again by itself, and the view says why not now.
            tracing::warn!(code = ?error.code, "Codat's connections could not be listed");
        }
        self.config(&key)
    }

    /// Changes what is kept of a registration beside what the person typed.
    pub(super) async fn change_codat_config(
        &self,
        key: &ConfigKey,
        change: impl FnOnce(&mut CodatConfig) + Send,
    ) -> Result<(), CoreError> {
        let turn = self.inner.writes.lock().await;
        let Some(mut config) = self.state().codat.configs.get(key).cloned() else { return Ok(()) };
        let before = config.clone();
        change(&mut config);
        if config != before {
            let change = Change::PutCodatConfig(Box::new(config.clone()), None);
            self.write_in(&turn, vec![change], Vec::new()).await?;
            self.state().codat.configs.insert(key.clone(), config);
        }
        Ok(())
    }

    /// Deletes a registration at Codat that nothing uses; answers whether there was one.
    pub(in crate::driver) async fn delete_codat_config(&self, key: &ConfigKey) -> Result<bool, CoreError> {
        let line = {
            let state = self.state();
            let Some(config) = state.codat.configs.get(key) else { return Ok(false) };
            let users = users_of(&state, key);
            if users > 0 {
                return Err(CoreError::new(ErrorCode::ConfigInUse)
                    .with("configKey", key.as_str())
                    .with("connections", users.to_string()));
            }
            self.line_about_codat(config, ActivityKind::ConfigDeleted, &[])
        };
        self.write(vec![Change::DeleteCodatConfig(key.clone())], vec![line]).await?;
        {
            let mut state = self.state();
            state.codat.configs.remove(key);
            state.codat.forget_credentials(key);
            state.codat.list_failures.remove(key);
        }
        self.announce(CoreEvent::ConfigsChanged);
        Ok(true)
    }

    pub(super) fn line_about_codat(
        &self,
        config: &CodatConfig,
        kind: ActivityKind,
        params: &[(&str, String)],
    ) -> Activity {
        let mut all = BTreeMap::from([("configKey".to_owned(), config.key.to_string())]);
        all.extend(params.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        Activity {
            at: self.now(),
            connection: None,
            connection_name: None,
            provider_name: Some("Codat".to_owned()),
            kind,
            params: all,
        }
    }
}
