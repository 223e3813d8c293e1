//! The window: composition root of the desktop and mobile app.
//!
//! Builds the adapters, opens windows, passes events on. Decides nothing: whatever depends on a connection, a
//! provider or an answer is decided in the crates below.
//!
//! Invariants
//! - Only the window `main` has a capability; it shows our own pages and nothing else.
//! - Authorization windows have no capability, keep nothing on disk, and their pages' redirects are caught before
//!   they are requested.

mod adapters;
mod authorization_window;
mod deep_link;
mod desk;
mod events;
mod files;
mod locking;
mod main_window;
#[cfg(any(windows, target_os = "macos"))]
mod tray;
#[cfg(feature = "updater")]
mod updates;
mod user_agent;

use attention::closing::starts_hidden;
use commands::{Host, HostPorts, SettingsFile, SettingsStore as _};
use platform::login::BY_LOGIN;
use runtime::{Options, Runtime};
use std::sync::Arc;
use tauri::Manager as _;

/// Runs until the last window is closed.
#[cfg_attr(mobile, tauri::mobile_entry_point)]
pub fn run() {
    platform::log::start();
    let built = tauri::Builder::default()
        // First of all: a second start hands its link over and ends.
        .plugin(tauri_plugin_single_instance::init(|app, arguments, _folder| {
            // A login that comes late is no wish to see the window.
            if !arguments.iter().any(|one| one == BY_LOGIN) {
                main_window::focus(app);
            }
            deep_link::from_arguments(app, &arguments);
        }))
        .plugin(tauri_plugin_deep_link::init())
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(adapters::handler())
        .setup(|app| setup(app))
        .build(tauri::generate_context!());
    match built {
        Ok(app) => app.run(|app, event| {
            if let tauri::RunEvent::ExitRequested { .. } = event {
                // The last window is closed and nothing stops it: a start from now on is a first one, and not a wish
                // to see a window that is gone.
                tauri_plugin_single_instance::destroy(app);
            }
        }),
        Err(error) => {
            tracing::error!(%error, "Mooring could not start");
            std::process::exit(70);
        }
    }
}

fn setup(app: &mut tauri::App) -> Result<(), Box<dyn std::error::Error>> {
    let handle = app.handle().clone();
    #[cfg(not(target_os = "linux"))]
    handle.plugin(tauri_plugin_clipboard_manager::init())?;
    let folder = platform::profile::folder()?;
    platform::profile::prepare(&folder)?;
    let settings = SettingsFile::open(&folder);
    let chosen = settings.load();
    app.manage(settings.clone());
    let hidden = starts_hidden(std::env::args().any(|one| one == BY_LOGIN), chosen.tray);
    // The runtime's tasks live on Tauri's own executor.
    let _entered = tauri::async_runtime::handle().inner().enter();
    let options = Options {
        folder,
        user_agent: Arc::new(user_agent::WindowUserAgent { app: handle.clone() }),
        serve: true,
        somebody_there: true,
    };
    #[cfg(not(feature = "automation"))]
    let runtime = Runtime::new(options)?;
    #[cfg(feature = "automation")]
    let runtime =
        Runtime::with_clock(options, Arc::new(platform::driven_clock::DrivenClock::from_environment()))?;
    let ports = HostPorts {
        settings: Box::new(settings),
        clipboard: Box::new(user_agent::SystemClipboard { app: handle.clone() }),
        #[cfg(feature = "updater")]
        updates: Some(updates::signed(&handle)?),
        #[cfg(not(feature = "updater"))]
        updates: None,
        files: Box::new(files::ChosenFiles { app: handle.clone() }),
        desk: desk::ports(&handle),
        system_language: sys_locale::get_locale().unwrap_or_else(|| "en".to_owned()),
    };
    let host = Host::new(runtime.clone(), ports);
    app.manage(host.clone());
    events::forward(&handle, &runtime);
    locking::watch(&runtime);
    deep_link::listen(&handle);
    deep_link::register(&handle);
    let at_start = runtime.clone();
    tauri::async_runtime::spawn(async move {
        if let Err(error) = at_start.unlock_if_keychain().await {
            tracing::warn!(%error, "the vault did not open by itself");
        }
    });
    main_window::open(app, chosen.theme, hidden)?;
    tauri::async_runtime::spawn(commands::attend(host, hidden));
    Ok(())
}
