//! Updates of a build that its maker signed. Nothing is asked until a person presses the button.
//!
//! Invariants
//! - What is fetched is put in place only when the key that was built in signed it, for the version that it says.
//! - Key and address come from the release machine; the build script refuses to build without them.

use async_trait::async_trait;
use commands::Updates;
use tauri::{AppHandle, Url};
use tauri_plugin_updater::{Update, UpdaterExt as _};

/// The public half of the key of updates, as `tauri signer generate` writes it.
const KEY: &str = env!("MOORING_UPDATE_KEY");
/// Where a newer version is asked for; https.
const ENDPOINT: &str = env!("MOORING_UPDATE_ENDPOINT");

/// Registers what fetches and checks.
pub(crate) fn signed(app: &AppHandle) -> tauri::Result<Box<dyn Updates>> {
    app.plugin(tauri_plugin_updater::Builder::new().pubkey(KEY).build())?;
    Ok(Box::new(SignedUpdates { app: app.clone() }))
}

struct SignedUpdates {
    app: AppHandle,
}

impl SignedUpdates {
    async fn update(&self) -> Result<Option<Update>, String> {
        let endpoint = Url::parse(ENDPOINT).map_err(|error| error.to_string())?;
        let updater =
            self.app.updater_builder().endpoints(vec![endpoint]).and_then(|builder| builder.build());
        updater.map_err(|error| error.to_string())?.check().await.map_err(|error| error.to_string())
    }
}

#[async_trait]
impl Updates for SignedUpdates {
    async fn newer(&self) -> Result<Option<String>, String> {
        Ok(self.update().await?.map(|update| update.version))
    }

    async fn install(&self) -> String {
        match self.update().await {
            Ok(Some(update)) => match update.download_and_install(|_, _| {}, || {}).await {
                Ok(()) => self.app.restart(),
                Err(error) => error.to_string(),
            },
            Ok(None) => "there is no newer version".to_owned(),
            Err(reason) => reason,
        }
    }
}
