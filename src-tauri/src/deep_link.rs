//! Links of our scheme: hostile until the core has found the attempt that they answer.
//!
//! A link can come from any page, any program on the session bus and any command line. Nothing here looks into it;
//! it goes to the core, which takes it only as the answer to an attempt that waits.

use commands::Host;
use runtime::Phase;
use secret::SecretString;
use tauri::{AppHandle, Manager as _, Url};
use tauri_plugin_deep_link::DeepLinkExt as _;

/// The scheme, as registered with the operating system.
pub(crate) const SCHEME: &str = "mooring";
/// Longest link that is looked at. An answer is a few hundred characters.
const LONGEST_LINK: usize = 16 * 1024;

/// Listens, and takes the link that started us, if one did.
pub(crate) fn listen(app: &AppHandle) {
    let handle = app.clone();
    app.deep_link().on_open_url(move |event| {
        for url in event.urls() {
            take(&handle, &url);
        }
    });
    match app.deep_link().get_current() {
        Ok(links) => links.into_iter().flatten().for_each(|url| take(app, &url)),
        Err(error) => tracing::debug!(%error, "no link started the program"),
    }
}

/// Registers the scheme where that is done at run time; the desktop's programs for it wait until the page stands.
pub(crate) fn register(app: &AppHandle) {
    let packaged = std::env::current_exe().is_ok_and(|program| platform::links::is_packaged(&program));
    if cfg!(any(target_os = "linux", windows)) && !packaged {
        let app = app.clone();
        tauri::async_runtime::spawn(async move {
            app.state::<Host>().page_stands().await;
            tauri::async_runtime::spawn_blocking(move || register_now(&app));
        });
    }
}

/// Registers it now: starts programs of the desktop and waits for them. Answers whether it worked; without it loopback
/// and the paste still work.
pub(crate) fn register_now(app: &AppHandle) -> bool {
    let registered = app.deep_link().register_all();
    #[cfg(target_os = "linux")]
    platform::links::unquote_entry();
    registered.inspect_err(|error| tracing::warn!(%error, "the scheme could not be registered")).is_ok()
}

/// A link among the arguments of a second start. With exactly one argument the plugin has passed it on already.
pub(crate) fn from_arguments(app: &AppHandle, arguments: &[String]) {
    let Some(given) = arguments.get(1..).filter(|given| given.len() > 1) else { return };
    for argument in given.iter().filter(|one| one.len() <= LONGEST_LINK) {
        if let Ok(url) = Url::parse(argument) {
            take(app, &url);
        }
    }
}

fn take(app: &AppHandle, url: &Url) {
    if url.scheme() != SCHEME || url.as_str().len() > LONGEST_LINK {
        return;
    }
    let host = app.state::<Host>().inner().clone();
    if host.takes_test_link(url) {
        return;
    }
    let address = SecretString::from(url.as_str());
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        // A link that starts the program comes before the vault is open.
        let mut phase = host.runtime().watch_phase();
        if phase.wait_for(|phase| *phase == Phase::Ready).await.is_err() {
            return;
        }
        let Ok(core) = host.runtime().connections() else { return };
        if let Err(error) = core.deliver(&address).await {
            tracing::info!(%error, "a link was refused");
        }
        crate::main_window::focus(&app);
    });
}
