//! What the person chose, in `settings.json`: readable by anybody who can read the profile, so nothing secret.

use attention::place::WindowPlace;
use commands::SettingsStore;
use commands::dto::Settings;
use std::path::Path;
use std::sync::Arc;
use tauri::{AppHandle, Wry};
use tauri_plugin_store::{Store, StoreExt as _};

/// The key under which the settings lie.
const KEY: &str = "settings";
/// The key under which the window's place lies.
const PLACE: &str = "window";

/// Settings in the profile folder. Clones are one.
#[derive(Clone)]
pub(crate) struct StoredSettings {
    store: Arc<Store<Wry>>,
}

impl StoredSettings {
    /// Opens or makes the file.
    pub(crate) fn open(app: &AppHandle, folder: &Path) -> Result<Self, tauri_plugin_store::Error> {
        platform::profile::prepare(folder)?;
        Ok(Self { store: app.store(folder.join("settings.json"))? })
    }

    /// Where the window was when it was last closed.
    pub(crate) fn place(&self) -> Option<WindowPlace> {
        self.store.get(PLACE).and_then(|value| serde_json::from_value(value).ok())
    }

    /// Keeps it. A place that cannot be kept is no trouble worth a word.
    pub(crate) fn keep_place(&self, place: WindowPlace) {
        let Ok(value) = serde_json::to_value(place) else { return };
        self.store.set(PLACE, value);
        if let Err(error) = self.store.save() {
            tracing::debug!(%error, "the window's place was not kept");
        }
    }
}

impl SettingsStore for StoredSettings {
    fn load(&self) -> Settings {
        // Settings of another version, or edited by hand, fall back field by field, then whole.
        self.store.get(KEY).and_then(|value| serde_json::from_value(value).ok()).unwrap_or_default()
    }

    fn save(&self, settings: &Settings) -> bool {
        let Ok(value) = serde_json::to_value(settings) else { return false };
        self.store.set(KEY, value);
        self.store.save().is_ok()
    }
}

/// The system's language, as a BCP 47 tag; English when it does not say.
pub(crate) fn system_language() -> String {
    sys_locale::get_locale().unwrap_or_else(|| "en".to_owned())
}
