//! The settings of the local API, and the secret of its HTTP interface.

use super::Callers;
use crate::settings::{AccessSettings, SettingsChange};
use connections::error::CoreError;
use secret::SecretString;
use tokio::sync::watch;

impl Callers {
    /// What the person chose.
    pub fn settings(&self) -> AccessSettings {
        self.inner.settings.borrow().clone()
    }

    /// Follows what the person chooses; also told when the secret was replaced.
    pub fn watch_settings(&self) -> watch::Receiver<AccessSettings> {
        self.inner.settings.subscribe()
    }

    /// Stores what the person chose; answers it as it is kept.
    ///
    /// # Errors
    /// What [`AccessSettings::checked`] finds; the store's failure.
    pub async fn set_settings(&self, settings: AccessSettings) -> Result<AccessSettings, CoreError> {
        let settings = settings.checked()?;
        let turn = self.inner.writes.lock().await;
        self.keep_settings(&settings).await?;
        drop(turn);
        self.prune().await;
        Ok(settings)
    }

    /// Changes some of the settings; answers all as they are kept.
    ///
    /// # Errors
    /// As for [`Self::set_settings`].
    pub async fn change_settings(&self, change: SettingsChange) -> Result<AccessSettings, CoreError> {
        let turn = self.inner.writes.lock().await;
        let settings = change.of(self.settings())?.checked()?;
        self.keep_settings(&settings).await?;
        drop(turn);
        self.prune().await;
        Ok(settings)
    }

    async fn keep_settings(&self, settings: &AccessSettings) -> Result<(), CoreError> {
        self.inner.ports.store.put_settings(settings).await?;
        self.inner.settings.send_replace(settings.clone());
        Ok(())
    }

    /// The secret of the HTTP interface; the first to ask makes it.
    ///
    /// # Errors
    /// The store's failure.
    pub async fn http_secret(&self) -> Result<SecretString, CoreError> {
        let _turn = self.inner.writes.lock().await;
        match self.inner.ports.store.http_secret().await? {
            Some(secret) => Ok(secret),
            None => self.make_secret().await,
        }
    }

    /// Makes another secret; the one before is worth nothing from now on.
    ///
    /// # Errors
    /// The store's failure, and then the one before holds.
    pub async fn rotate_http_secret(&self) -> Result<SecretString, CoreError> {
        let _turn = self.inner.writes.lock().await;
        let secret = self.make_secret().await?;
        self.inner.settings.send_modify(|_| {});
        Ok(secret)
    }

    async fn make_secret(&self) -> Result<SecretString, CoreError> {
        let bytes = self.inner.ports.random.bytes();
        let secret = SecretString::from(bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>());
        self.inner.ports.store.put_http_secret(&secret).await?;
        Ok(secret)
    }
}
