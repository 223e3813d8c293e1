//! What the commands need from whoever hosts them.

use crate::desk::LinkProbe;
use crate::dto::Settings;
use async_trait::async_trait;
use attention::ports;
use connections::Connections;
use connections::view::Failure;
use runtime::Runtime;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Notify;

/// Puts a text where the person can paste it from.
pub trait Clipboard: Send + Sync {
    /// Answers whether it worked.
    fn put(&self, text: &str) -> bool;
}

/// Keeps what the person chose; nothing secret.
pub trait SettingsStore: Send + Sync {
    /// The stored settings, or the defaults.
    fn load(&self) -> Settings;
    /// Stores them. Answers whether it worked.
    fn save(&self, settings: &Settings) -> bool;
}

/// Brings a newer Mooring. Only builds that their maker signed have one.
#[async_trait]
pub trait Updates: Send + Sync {
    /// The version that can be had, if it is newer. Asks over the network, and is only called when a person asks.
    ///
    /// # Errors
    /// A sentence for the log.
    async fn newer(&self) -> Result<Option<String>, String>;
    /// Fetches it, checks its signature, puts it in place and starts it: answers only when that failed.
    async fn install(&self) -> String;
}

/// Files that the person names: they are chosen in the system's dialogs, so that no page can name one.
#[async_trait]
pub trait Files: Send + Sync {
    /// Asks where to write a file; `suggested` is its name. None when the person wants none after all.
    async fn save(&self, suggested: &str) -> Option<PathBuf>;
    /// Asks for a file of this extension to read.
    async fn open(&self, extension: &str) -> Option<PathBuf>;
    /// Writes it, whole or not at all, for the person alone to read.
    ///
    /// # Errors
    /// The file system's failure.
    fn write(&self, path: &Path, content: &[u8]) -> io::Result<()>;
    /// Shows it where it lies. Answers whether it worked.
    fn reveal(&self, path: &Path) -> bool;
}

/// What the desktop around the window offers.
pub struct DeskPorts {
    /// Notices.
    pub notices: Box<dyn ports::NoticeBoard>,
    /// The icon beside the clock.
    pub tray: Box<dyn ports::Tray>,
    /// Starting with the session.
    pub login: Box<dyn ports::StartAtLogin>,
    /// Who opens our links.
    pub links: Box<dyn ports::Links>,
    /// The main window.
    pub window: Box<dyn ports::Window>,
}

/// What the window brings.
pub struct HostPorts {
    /// Settings.
    pub settings: Box<dyn SettingsStore>,
    /// Clipboard.
    pub clipboard: Box<dyn Clipboard>,
    /// Updates, where this build can have them.
    pub updates: Option<Box<dyn Updates>>,
    /// Files.
    pub files: Box<dyn Files>,
    /// The desktop around the window.
    pub desk: DeskPorts,
    /// The system's language, as a BCP 47 tag.
    pub system_language: String,
}

/// The other side of every command. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Host {
    pub(crate) runtime: Runtime,
    pub(crate) ports: Arc<HostPorts>,
    /// The file that the person chose last.
    picked: Arc<Mutex<Option<PathBuf>>>,
    /// The file that was written last.
    exported: Arc<Mutex<Option<PathBuf>>>,
    /// Whoever shows things outside the window looks again when this fires.
    pub(crate) wake: Arc<Notify>,
    pub(crate) probe: Arc<LinkProbe>,
    /// Events passed on so far; it may begin anew, for it is only compared.
    pub(crate) told: Arc<AtomicU32>,
    /// Fires when the page shows what it has and listens.
    pub(crate) stands: Arc<Notify>,
}

impl Host {
    /// Over a runtime.
    pub fn new(runtime: Runtime, ports: HostPorts) -> Self {
        runtime.set_policy(crate::safekeeping::policy_of(&ports.settings.load()));
        Self {
            runtime,
            ports: Arc::new(ports),
            picked: Arc::default(),
            exported: Arc::default(),
            wake: Arc::default(),
            probe: Arc::default(),
            told: Arc::default(),
            stands: Arc::default(),
        }
    }

    pub(crate) fn pick(&self, file: PathBuf) {
        *self.picked.lock().unwrap_or_else(PoisonError::into_inner) = Some(file);
    }

    pub(crate) fn picked(&self) -> Option<PathBuf> {
        self.picked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The runtime, for whoever composes.
    pub const fn runtime(&self) -> &Runtime {
        &self.runtime
    }

    /// Whether `url` is a page that the catalogue itself names; only such pages are opened for the main window.
    pub fn is_catalogue_page(&self, url: &url::Url) -> bool {
        connections::configs::is_catalogue_page(url)
    }

    pub(crate) fn remember_export(&self, path: PathBuf) {
        *self.exported.lock().unwrap_or_else(PoisonError::into_inner) = Some(path);
    }

    pub(crate) fn last_export(&self) -> Option<PathBuf> {
        self.exported.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn connections(&self) -> Result<Connections, Failure> {
        self.runtime.connections().map_err(Failure::from)
    }

    /// The language to ask providers for: the chosen one, else the system's.
    pub fn language(&self) -> String {
        match self.ports.settings.load().language {
            crate::dto::Language::System => self.ports.system_language.clone(),
            crate::dto::Language::English => "en".to_owned(),
            crate::dto::Language::Portuguese => "pt-BR".to_owned(),
        }
    }
}

/// Whether `url` is one of our own pages, as each platform spells their origin; the main window shows no other.
pub fn is_own_page(url: &url::Url) -> bool {
    match url.scheme() {
        "tauri" => true,
        "http" | "https" => url.host_str() == Some("tauri.localhost"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_own_page;
    use url::Url;

    #[test]
    fn nothing_but_our_pages_is_shown() {
        for (url, ours) in [
            ("tauri://localhost/index.html", true),
            ("http://tauri.localhost/index.html", true),
            ("https://bank.example/", false),
            ("http://127.0.0.1:1420/", false),
            ("https://tauri.localhost.evil.example/", false),
            ("file:///etc/passwd", false),
            ("data:text/html,x", false),
            ("about:blank", false),
        ] {
            assert_eq!(is_own_page(&Url::parse(url).unwrap()), ours, "{url}");
        }
    }
}
