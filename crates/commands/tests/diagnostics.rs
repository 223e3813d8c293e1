//! The report for whoever helps tells nothing that anybody named, and nothing secret.
#![allow(
    clippy::unwrap_used,
    reason = "all of this is test code; clippy.toml covers only the test functions themselves"
)]

use async_trait::async_trait;
use attention::Notice;
use attention::menu::TrayView;
use attention::ports::{Going, Links, NoticeBoard, OnPress, StartAtLogin, Tray, Window};
use commands::dto::Settings;
use commands::{Clipboard, DeskPorts, Files, Host, HostPorts, SettingsStore};
use connections::id::AttemptId;
use connections::ports::{Opening, SurfaceError, UserAgent};
use connections::view::Surface;
use runtime::{Options, Runtime};
use serde_json::{Value, json};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// In every name that a person gives here.
const CANARY: &str = "CANARY";

/// A desktop that offers nothing, and a person who chooses one file.
struct Bare {
    file: PathBuf,
}

#[async_trait]
impl UserAgent for Bare {
    fn surfaces(&self) -> Vec<Surface> {
        vec![Surface::Browser]
    }
    async fn open(&self, _: Opening) -> Result<(), SurfaceError> {
        Ok(())
    }
    async fn close(&self, _: &AttemptId) {}
}

impl Clipboard for Bare {
    fn put(&self, _: &str) -> bool {
        false
    }
}

impl SettingsStore for Bare {
    fn load(&self) -> Settings {
        Settings::default()
    }
    fn save(&self, _: &Settings) -> bool {
        true
    }
}

#[async_trait]
impl Files for Bare {
    async fn save(&self, suggested: &str) -> Option<PathBuf> {
        assert!(suggested.starts_with("mooring-diagnostics-"), "{suggested}");
        Some(self.file.clone())
    }
    async fn open(&self, _: &str) -> Option<PathBuf> {
        None
    }
    fn write(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        std::fs::write(path, content)
    }
    fn reveal(&self, _: &Path) -> bool {
        false
    }
}

#[async_trait]
impl NoticeBoard for Bare {
    async fn is_there(&self) -> bool {
        false
    }
    async fn show(&self, _: &Notice, _: OnPress) -> bool {
        false
    }
}

#[async_trait]
impl Tray for Bare {
    async fn is_there(&self) -> bool {
        false
    }
    async fn show(&self, _: &TrayView, _: OnPress) -> bool {
        false
    }
    async fn remove(&self) {}
    fn is_shown(&self) -> bool {
        false
    }
}

impl StartAtLogin for Bare {
    fn is_on(&self) -> Option<bool> {
        Some(false)
    }
    fn set(&self, _: bool) -> bool {
        false
    }
}

#[async_trait]
impl Links for Bare {
    async fn handler(&self) -> Option<String> {
        Some("CANARY-handler.desktop".to_owned())
    }
    async fn open(&self, _: &str) -> bool {
        false
    }
    async fn register(&self) -> bool {
        true
    }
}

impl Window for Bare {
    fn is_focused(&self) -> bool {
        false
    }
    fn open(&self, _: Option<Going>) {}
    fn hide(&self) {}
    fn quit(&self) {}
}

fn host(folder: &Path) -> Host {
    let bare = || Box::new(Bare { file: folder.join("report.json") });
    let runtime = Runtime::new(Options {
        folder: folder.join("CANARY-profile"),
        user_agent: Arc::new(Bare { file: PathBuf::new() }),
        serve: false,
        somebody_there: true,
    });
    let desk = DeskPorts { notices: bare(), tray: bare(), login: bare(), links: bare(), window: bare() };
    let ports = HostPorts {
        settings: bare(),
        clipboard: bare(),
        updates: None,
        files: bare(),
        desk,
        system_language: "pt-BR-CANARY".to_owned(),
    };
    Host::new(runtime.unwrap(), ports)
}

fn asked<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

/// A vault with a connection and keys, all under names and secrets that must not be told. Answers the secrets.
async fn filled(host: &Host) -> Vec<String> {
    let passphrase = "CANARY passphrase of a test";
    let create = json!({ "protection": "passphrase", "passphrase": passphrase });
    commands::vault_create(host, asked(create)).await.unwrap();
    let draft = json!({
        "configKey": "CANARY-keys", "provider": "mollie", "clientId": "app_CANARY", "clientSecret": "CANARY-secret-123",
        "scopes": "", "issuer": null, "authorizationEndpoint": null, "tokenEndpoint": null,
        "revocationEndpoint": null, "name": null,
    });
    commands::config_create(host, asked(draft)).await.unwrap();
    let made = commands::key_practice(host, ()).await.unwrap();
    let form = commands::key_form(host, asked(json!({ "configKey": made.config_key }))).await.unwrap();
    let values: Value = form
        .fields
        .iter()
        .map(|field| (field.name.clone(), json!("caderno-practice-2041")))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let connect = json!({ "configKey": made.config_key, "connectionId": "CANARY-client", "values": values });
    let linked = commands::key_connect(host, asked(connect)).await.unwrap();
    let rename = json!({ "key": linked.key, "nickname": "CANARY Conta 12345-6" });
    commands::connection_rename(host, asked(rename)).await.unwrap();
    [passphrase, "CANARY-secret-123", "caderno-practice-2041", "mollie", "caderno", "12345"]
        .map(str::to_owned)
        .into()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_report_counts_what_there_is_and_names_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let host = host(folder.path());
    let secrets = filled(&host).await;
    let shown = commands::diagnostics_show(&host, ()).await.unwrap().text;
    let saved = commands::diagnostics_save(&host, ()).await.unwrap().unwrap();
    assert_eq!(saved.name, "report.json");
    let written = std::fs::read_to_string(folder.path().join("report.json")).unwrap();
    for text in [&shown, &written] {
        let lower = text.to_lowercase();
        for canary in secrets.iter().map(String::as_str).chain([CANARY, &*folder.path().to_string_lossy()]) {
            assert!(!lower.contains(&canary.to_lowercase()), "`{canary}` is told: {text}");
        }
    }

    let report: Value = serde_json::from_str(&written).unwrap();
    assert_eq!(report["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(report["vault"], json!({ "phase": "ready", "protection": "passphrase", "problem": null }));
    assert_eq!(report["system"]["language"], "pt-BR");
    let alike = json!({
        "source": "oauth", "status": "Linked", "needs": "nothing", "reach": "reachable", "paused": false, "count": 1,
    });
    assert_eq!(report["connections"], json!([alike]));
    let folder_check = report["checks"].as_array().unwrap().iter().find(|one| one["of"] == "folder").unwrap();
    assert_eq!(*folder_check, json!({ "of": "folder", "ok": true, "code": "folderOk" }));
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_open_is_told_and_closed_and_help_answers_behind_the_lock() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let host = host(folder.path());
    filled(&host).await;
    commands::vault_lock(&host, ()).await.unwrap();
    let profile = folder.path().join("CANARY-profile");
    let open_to_all = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(&profile, open_to_all).unwrap();
    let code =
        |checks: &[doctor::Check]| checks.iter().find(|one| one.of == doctor::CheckOf::Folder).unwrap().code;
    let found = commands::doctor_run(&host, ()).await.unwrap();
    assert_eq!(code(&found), doctor::CheckCode::FolderOpen);
    let ask = |of: &str| asked(json!({ "of": of }));
    let after = commands::doctor_repair(&host, ask("folder")).await.unwrap();
    assert_eq!(code(&after), doctor::CheckCode::FolderOk);
    assert_eq!(std::fs::metadata(&profile).unwrap().permissions().mode() & 0o777, 0o700);
    // Nothing else can be changed by this way.
    for of in ["owner", "keychain", "loopback", "port", "clock"] {
        assert!(commands::doctor_repair(&host, ask(of)).await.is_err(), "{of}");
    }
    let report: Value =
        serde_json::from_str(&commands::diagnostics_show(&host, ()).await.unwrap().text).unwrap();
    assert_eq!((report["vault"]["phase"].as_str(), &report["connections"]), (Some("locked"), &json!([])));
}
