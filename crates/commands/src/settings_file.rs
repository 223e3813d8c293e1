//! What the person chose and where the window was, in `settings.json`: readable by anybody who can read the profile,
//! so nothing secret.
//!
//! Invariant: the file is replaced whole; a crash leaves the one before or the one after.

use crate::SettingsStore;
use crate::dto::Settings;
use attention::place::WindowPlace;
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// The key under which the settings lie.
const SETTINGS: &str = "settings";
/// The key under which the window's place lies.
const PLACE: &str = "window";

/// The file, read once. Clones are one.
#[derive(Clone)]
pub struct SettingsFile {
    path: PathBuf,
    values: Arc<Mutex<Map<String, Value>>>,
}

impl SettingsFile {
    /// Reads the file of a profile; one that is missing or cannot be understood holds nothing.
    pub fn open(folder: &Path) -> Self {
        let path = folder.join("settings.json");
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        let values = serde_json::from_str(&text).unwrap_or_default();
        Self { path, values: Arc::new(Mutex::new(values)) }
    }

    /// Where the window was when it was last closed.
    pub fn place(&self) -> Option<WindowPlace> {
        self.get(PLACE).and_then(|value| serde_json::from_value(value).ok())
    }

    /// Keeps it. Answers whether it worked.
    pub fn keep_place(&self, place: WindowPlace) -> bool {
        serde_json::to_value(place).is_ok_and(|value| self.put(PLACE, value))
    }

    fn get(&self, key: &str) -> Option<Value> {
        self.values.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    fn put(&self, key: &str, value: Value) -> bool {
        let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        values.insert(key.to_owned(), value);
        let Ok(text) = serde_json::to_vec_pretty(&*values) else { return false };
        let next = self.path.with_extension("json.next");
        std::fs::write(&next, text).is_ok() && std::fs::rename(&next, &self.path).is_ok()
    }
}

impl SettingsStore for SettingsFile {
    fn load(&self) -> Settings {
        // Settings of another version, or edited by hand, fall back field by field, then whole.
        self.get(SETTINGS).and_then(|value| serde_json::from_value(value).ok()).unwrap_or_default()
    }

    fn save(&self, settings: &Settings) -> bool {
        serde_json::to_value(settings).is_ok_and(|value| self.put(SETTINGS, value))
    }
}

#[cfg(test)]
mod tests {
    use super::{SettingsFile, SettingsStore as _};
    use crate::dto::Settings;
    use attention::place::{Area, WindowPlace};

    #[test]
    fn what_is_kept_is_there_again_and_a_broken_file_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let file = SettingsFile::open(folder.path());
        assert_eq!(file.load(), Settings::default());
        let chosen = Settings { tray: true, ..Settings::default() };
        let place = WindowPlace { area: Area { x: 1, y: 2, width: 3, height: 4 }, maximized: true };
        assert!(file.save(&chosen) && file.keep_place(place));
        let again = SettingsFile::open(folder.path());
        assert_eq!((again.load(), again.place()), (chosen, Some(place)));
        std::fs::write(folder.path().join("settings.json"), "{\"settings\": {\"tray\": ").unwrap();
        assert_eq!(SettingsFile::open(folder.path()).load(), Settings::default());
    }

    #[test]
    fn a_folder_that_cannot_be_written_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let file = SettingsFile::open(&folder.path().join("missing"));
        assert!(!file.save(&Settings::default()));
    }
}
