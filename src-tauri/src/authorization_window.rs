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
use std::sync::atomic::{AtomicU64, Ordering};
use tauri::webview::{NewWindowResponse, PageLoadEvent};
use tauri::{AppHandle, Manager as _, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent};

/// Runs before any script of the page.
const BEFORE_PAGE: &str = include_str!("authorization_window/before_page.js");
/// Runs besides before the scripts of a Connect page.
const BEFORE_WIDGET: &str = include_str!("authorization_window/before_widget.js");
/// The start of every authorization window's label. No capability may ever match it; a test compares.
const LABEL_PREFIX: &str = "authorize-";

/// Opens the provider's page. Main thread only.
pub(crate) fn open(app: &AppHandle, opening: &Opening) -> tauri::Result<()> {
    close(app, &opening.attempt);
    let page = Page {
        attempt: opening.attempt.clone(),
        end: opening.end.clone(),
        provider_name: opening.provider_name.clone(),
        label: new_label(&opening.attempt),
        is_popup: false,
    };
    let builder = WebviewWindowBuilder::new(app, &page.label, WebviewUrl::External(opening.address.clone()))
        .inner_size(540.0, 680.0)
        .center();
    let window = page.dress(app, builder).build()?;
    page.furnish(&window, &opening.address);
    Ok(())
}

/// Closes the window of an attempt and its popups; answers whether there were any. Main thread only.
pub(crate) fn close(app: &AppHandle, attempt: &AttemptId) -> bool {
    let windows = windows_of(app, attempt);
    windows.iter().for_each(destroy);
    !windows.is_empty()
}

/// Says in the windows of an attempt what the person should know of it, or nothing any more.
#[cfg(target_os = "linux")]
pub(crate) fn say(app: &AppHandle, attempt: &connections::view::AttemptView) {
    let (handle, id, hint) = (app.clone(), attempt.id.clone(), attempt.hint);
    on_main_thread(app, move || windows_of(&handle, &id).iter().for_each(|window| bar::say(window, hint)));
}

fn on_main_thread(app: &AppHandle, work: impl FnOnce() + Send + 'static) {
    if let Err(error) = app.run_on_main_thread(work) {
        tracing::debug!(%error, "the main thread is gone");
    }
}

fn windows_of(app: &AppHandle, attempt: &AttemptId) -> Vec<WebviewWindow> {
    let start = format!("{LABEL_PREFIX}{attempt}-");
    let all = app.webview_windows().into_iter();
    all.filter(|(label, _)| label.starts_with(&start)).map(|(_, window)| window).collect()
}

fn destroy(window: &WebviewWindow) {
    if let Err(error) = window.destroy() {
        tracing::debug!(%error, "an authorization window was gone already");
    }
}

/// No label comes twice: what is still to be heard of a window that has gone must not be taken for the next one's.
fn new_label(attempt: &AttemptId) -> String {
    static OPENED: AtomicU64 = AtomicU64::new(0);
    format!("{LABEL_PREFIX}{attempt}-{}", OPENED.fetch_add(1, Ordering::Relaxed))
}

/// What a window knows.
#[derive(Clone)]
struct Page {
    attempt: AttemptId,
    end: PageEnd,
    provider_name: String,
    label: String,
    /// Whether a page of the attempt opened it.
    is_popup: bool,
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
            .title(&self.provider_name)
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
        window.on_window_event(move |event| {
            if matches!(event, WindowEvent::CloseRequested { .. }) && !page.is_popup {
                page.hint(&app, AttemptHint::WindowClosed);
            }
        });
        #[cfg(target_os = "linux")]
        {
            bar::attach(window, &self.attempt, address);
            webkit::watch(window, self);
        }
        #[cfg(not(target_os = "linux"))]
        self.name(window, address);
    }

    /// Decides about one navigation, before anything is requested.
    fn navigate(&self, app: &AppHandle, url: &Url) -> bool {
        match self.end.step(url) {
            PageStep::Answer => deliver(app, url),
            PageStep::Over => self.over(app),
            PageStep::Closed => self.closed_by_page(app),
            PageStep::Passkey => self.tell(app, AttemptHint::PasskeyNeeded),
            PageStep::Report => self.reported(app, url),
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
        // What a new window loads first is asked of nobody else.
        if !self.navigate(app, url) {
            return NewWindowResponse::Deny;
        }
        let page = Self { label: new_label(&self.attempt), is_popup: true, ..self.clone() };
        let builder = WebviewWindowBuilder::new(app, &page.label, WebviewUrl::External(url.clone()))
            .inner_size(500.0, 680.0)
            .window_features(features);
        match page.dress(app, builder).build() {
            Ok(window) => {
                page.furnish(&window, url);
                NewWindowResponse::Create { window }
            }
            Err(error) => {
                tracing::warn!(%error, "a popup could not be opened");
                NewWindowResponse::Deny
            }
        }
    }

    /// A page closed this window, or tried to. A popup goes alone, and the page that opened it sees that and goes on;
    /// the first window has nothing more to show.
    fn closed_by_page(&self, app: &AppHandle) {
        let (handle, page) = (app.clone(), self.clone());
        if !self.is_popup {
            self.hint(app, AttemptHint::WindowClosed);
        }
        on_main_thread(app, move || {
            if page.is_popup {
                handle.get_webview_window(&page.label).iter().for_each(destroy);
            } else {
                close(&handle, &page.attempt);
            }
        });
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

    /// As [`Self::hint`], and in this window, where the person looks.
    fn tell(&self, app: &AppHandle, hint: AttemptHint) {
        #[cfg(target_os = "linux")]
        app.get_webview_window(&self.label).iter().for_each(|window| bar::say(window, Some(hint)));
        self.hint(app, hint);
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
        self.name(window, url);
        #[cfg(target_os = "linux")]
        bar::show_page(window, url);
    }

    /// The provider's name and the real host; never the page's own title, which a page could make say anything.
    fn name(&self, window: &WebviewWindow, url: &Url) {
        let host = connections::attempt::host_of(url);
        let host = if host.is_empty() { host } else { format!(" · {host}") };
        if let Err(error) = window.set_title(&format!("{}{host}", self.provider_name)) {
            tracing::debug!(%error, "the title cannot be set");
        }
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
