//! The embedded user-agent: a window of ours that shows the provider's page.
//!
//! Invariants
//! - Its label matches no capability, so no page in it can call a command.
//! - Incognito: what a bank leaves behind is gone with the window.
//! - A redirect is caught by exact match before it is requested; what it carries goes to the core and nowhere else.
//! - A window that closes says nothing about success; the core decides that.
//! - The bar with the real host is a widget of the system, above the page and out of its reach.
//!
//! Source: what WebKitGTK, WebView2 and WKWebView do with closing, popups and failures is described in
//! `docs/adr/0003-authorization-window.md`.

#[cfg(target_os = "linux")]
mod bar;
#[cfg(target_os = "linux")]
mod webkit;

use commands::Host;
use connections::id::AttemptId;
use connections::ports::{Opening, PageEnd, PageStep};
use connections::view::AttemptHint;
use secret::SecretString;
use tauri::webview::{NewWindowResponse, PageLoadEvent};
use tauri::{AppHandle, Manager as _, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent};

/// Pages cannot be told from outside that their `window.close()` or a passkey is not to be had here, and the
/// webviews each do something else; so the page is made to navigate to a name that cannot exist, which is caught.
const SENTINEL_HOST: &str = "window.mooring.invalid";
/// Runs before any script of the page.
const BEFORE_PAGE: &str = include_str!("authorization_window/before_page.js");

/// Runs besides before the scripts of a Connect page.
const BEFORE_WIDGET: &str = include_str!("authorization_window/before_widget.js");

/// The start of every authorization window's label. No capability may ever match it; a test compares.
pub(crate) const LABEL_PREFIX: &str = "authorize-";

/// Opens the provider's page. Main thread only.
pub(crate) fn open(app: &AppHandle, opening: &Opening) -> tauri::Result<()> {
    close(app, &opening.attempt);
    let label = format!("{LABEL_PREFIX}{}", opening.attempt);
    let page = Page {
        attempt: opening.attempt.clone(),
        end: opening.end.clone(),
        provider_name: opening.provider_name.clone(),
    };
    let builder = WebviewWindowBuilder::new(app, label, WebviewUrl::External(opening.address.clone()))
        .inner_size(540.0, 680.0)
        .center();
    let window = page.dress(app, builder).build()?;
    page.furnish(&window, &opening.address);
    Ok(())
}

/// Closes the window of an attempt and its popups. Main thread only.
pub(crate) fn close(app: &AppHandle, attempt: &AttemptId) {
    let start = format!("{LABEL_PREFIX}{attempt}");
    for (label, window) in app.webview_windows() {
        if label.starts_with(&start)
            && let Err(error) = window.destroy()
        {
            tracing::debug!(%error, "an authorization window was gone already");
        }
    }
}

/// What every window of one attempt knows.
#[derive(Clone)]
struct Page {
    attempt: AttemptId,
    end: PageEnd,
    provider_name: String,
}

type Builder<'a> = WebviewWindowBuilder<'a, tauri::Wry, AppHandle>;

impl Page {
    /// What holds for the window and for each popup of it.
    fn dress<'a>(&self, app: &AppHandle, builder: Builder<'a>) -> Builder<'a> {
        let (navigating, popups, loads) = (self.clone(), self.clone(), self.clone());
        let (to_core, opener, handle) = (app.clone(), app.clone(), app.clone());
        let builder = match self.end {
            PageEnd::Widget => builder.initialization_script(BEFORE_WIDGET),
            _ => builder,
        };
        builder
            .title(self.title(None))
            // Windows in the default context are the only ones that a WebDriver sees.
            .incognito(!cfg!(feature = "automation"))
            .initialization_script(BEFORE_PAGE)
            .on_navigation(move |url| navigating.navigate(&to_core, url))
            .on_new_window(move |url, features| popups.popup(&opener, &url, features))
            .on_page_load(move |window, payload| {
                match payload.event() {
                    // The commit of the main frame: the first moment its host is what is shown.
                    PageLoadEvent::Started => loads.shown(&handle, &window, payload.url()),
                    PageLoadEvent::Finished if loads.end.is_over_at(payload.url()) => loads.over(&handle),
                    PageLoadEvent::Finished => {}
                }
            })
            .on_download(|_, _| false)
            .on_permission_request(|_, _| tauri::webview::PermissionResponse::Deny)
    }

    /// What is done to a window once it exists.
    fn furnish(&self, window: &WebviewWindow, address: &Url) {
        let (app, page) = (window.app_handle().clone(), self.clone());
        let is_popup = window.label().len() > LABEL_PREFIX.len() + self.attempt.as_str().len();
        window.on_window_event(move |event| {
            if matches!(event, WindowEvent::CloseRequested { .. }) && !is_popup {
                page.hint(&app, AttemptHint::WindowClosed);
            }
        });
        #[cfg(target_os = "linux")]
        {
            bar::attach(window, &self.attempt, address);
            webkit::watch(window, self);
        }
        #[cfg(not(target_os = "linux"))]
        if let Err(error) = window.set_title(&self.title(Some(address))) {
            tracing::debug!(%error, "the title cannot be set");
        }
    }

    /// Decides about one navigation, before anything is requested.
    fn navigate(&self, app: &AppHandle, url: &Url) -> bool {
        if url.host_str() == Some(SENTINEL_HOST) {
            match url.path() {
                "/close" => self.closed_by_page(app),
                "/widget" => self.reported(app, url),
                "/passkey" => self.hint(app, AttemptHint::PasskeyNeeded),
                _ => {}
            }
            return false;
        }
        match self.end.step(url) {
            PageStep::Answer => deliver(app, url),
            PageStep::Over => self.over(app),
            PageStep::Stay => {}
            PageStep::Go => {
                self.moved(app);
                return true;
            }
        }
        false
    }

    /// A popup gets a window of ours, or its redirect would pass unseen.
    fn popup(
        &self,
        app: &AppHandle,
        url: &Url,
        features: tauri::webview::NewWindowFeatures,
    ) -> NewWindowResponse<tauri::Wry> {
        let start = format!("{LABEL_PREFIX}{}-", self.attempt);
        let number = app.webview_windows().keys().filter(|label| label.starts_with(&start)).count() + 1;
        let blank = WebviewUrl::External(url.clone());
        let builder = WebviewWindowBuilder::new(app, format!("{start}{number}"), blank)
            .inner_size(500.0, 680.0)
            .window_features(features);
        match self.dress(app, builder).build() {
            Ok(window) => {
                self.furnish(&window, url);
                NewWindowResponse::Create { window }
            }
            Err(error) => {
                tracing::warn!(%error, "a popup could not be opened");
                NewWindowResponse::Deny
            }
        }
    }

    /// The page tried to close its window: it has nothing more to show.
    fn closed_by_page(&self, app: &AppHandle) {
        let (handle, attempt) = (app.clone(), self.attempt.clone());
        self.hint(app, AttemptHint::WindowClosed);
        if let Err(error) = app.run_on_main_thread(move || close(&handle, &attempt)) {
            tracing::debug!(%error, "the main thread is gone");
        }
    }

    /// A Connect page reports what the person does in it; the core hears it from no other page.
    fn reported(&self, app: &AppHandle, url: &Url) {
        if let Ok(core) = app.state::<Host>().runtime().connections() {
            for (_, report) in url.query_pairs().filter(|(name, _)| name == "m") {
                core.widget_said(&self.attempt, &SecretString::from(report.as_ref()));
            }
        }
    }

    /// The page has come to its end; the core closes the window and asks how things stand.
    fn over(&self, app: &AppHandle) {
        if let Ok(core) = app.state::<Host>().runtime().connections() {
            core.page_is_over(&self.attempt);
        }
    }

    fn hint(&self, app: &AppHandle, hint: AttemptHint) {
        if let Ok(core) = app.state::<Host>().runtime().connections() {
            core.hint(&self.attempt, hint);
        }
    }

    fn moved(&self, app: &AppHandle) {
        if let Ok(core) = app.state::<Host>().runtime().connections() {
            core.moved(&self.attempt);
        }
    }

    /// The main frame shows another page.
    fn shown(&self, app: &AppHandle, window: &WebviewWindow, url: &Url) {
        self.moved(app);
        if let Err(error) = window.set_title(&self.title(Some(url))) {
            tracing::debug!(%error, "the title cannot be set");
        }
        #[cfg(target_os = "linux")]
        bar::show_host(app, window.label(), url);
    }

    /// The provider's name and the real host; never the page's own title, which a page could make say anything.
    fn title(&self, url: Option<&Url>) -> String {
        let host = url.map(connections::attempt::host_of).filter(|host| !host.is_empty());
        host.map_or_else(|| self.provider_name.clone(), |host| format!("{} · {host}", self.provider_name))
    }
}

/// Hands a redirect to the core, which finds the attempt by its `state`.
fn deliver(app: &AppHandle, url: &Url) {
    let host = app.state::<Host>().inner().clone();
    let address = SecretString::from(url.as_str());
    tauri::async_runtime::spawn(async move {
        let Ok(core) = host.runtime().connections() else { return };
        if let Err(error) = core.deliver(&address).await {
            tracing::info!(%error, "a redirect was refused");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::LABEL_PREFIX;

    #[test]
    fn no_capability_matches_an_authorization_window() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/capabilities");
        for entry in std::fs::read_dir(folder).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            let capability: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert_eq!(capability["windows"], serde_json::json!(["main"]), "only `main` has a capability");
            assert!(capability.get("remote").is_none(), "no page of others may call anything");
            assert!(capability.get("webviews").is_none());
        }
        assert!(!"main".starts_with(LABEL_PREFIX));
    }
}
