//! The one window with a capability. It shows our own pages and never anything else.

use attention::closing::Closing;
use attention::place::{Area, WindowPlace, corrected};
use attention::ports::Going;
use commands::dto::Theme;
use commands::{Host, SettingsFile};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tauri::webview::NewWindowResponse;
use tauri::window::{Color, Monitor};
use tauri::{AppHandle, Manager as _, PhysicalPosition, PhysicalSize, Url, WebviewUrl, WebviewWindow};
use tauri::{UserAttentionType, WebviewWindowBuilder, WindowEvent};

/// The label that the capability names.
pub(crate) const LABEL: &str = "main";

/// The page's own background, light and dark (`ui/src/styles/tokens.css`): until the page is there, the window has it.
const LIGHT: Color = Color(0xfb, 0xfb, 0xfa, 0xff);
const DARK: Color = Color(0x14, 0x16, 0x18, 0xff);

/// A window that is closed twice within this time closes, though its page did not answer what that means.
const ASKED: Duration = Duration::from_secs(5);

/// Opens it, unless `hidden`. It is shown at once: a web view that is hidden draws nothing, so waiting for the page
/// would cost a start.
pub(crate) fn open(app: &tauri::App, theme: Theme, hidden: bool) -> tauri::Result<()> {
    let handle = app.handle().clone();
    let window = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::App("index.html".into()))
        .title("Mooring")
        .inner_size(1080.0, 760.0)
        .min_inner_size(400.0, 560.0)
        .visible(false)
        .initialization_script(include_str!("before_main.js"))
        .on_navigation(commands::is_own_page)
        .on_new_window(move |url, _| {
            open_known_page(&handle, &url);
            NewWindowResponse::Deny
        })
        .on_download(|_, _| false)
        .build()?;
    let dark = match theme {
        Theme::Dark => true,
        Theme::Light => false,
        Theme::System => window.theme()? == tauri::Theme::Dark,
    };
    window.set_background_color(Some(if dark { DARK } else { LIGHT }))?;
    restore_place(&window)?;
    watch_closing(&window);
    if hidden { Ok(()) } else { window.show() }
}

fn restore_place(window: &WebviewWindow) -> tauri::Result<()> {
    let Some(place) = window.state::<SettingsFile>().place() else { return Ok(()) };
    let screens: Vec<Area> = window.available_monitors()?.iter().map(area_of).collect();
    let place = corrected(place, &screens);
    window.set_size(PhysicalSize::new(place.area.width, place.area.height))?;
    window.set_position(PhysicalPosition::new(place.area.x, place.area.y))?;
    if place.maximized { window.maximize() } else { Ok(()) }
}

fn area_of(screen: &Monitor) -> Area {
    let (at, size) = (screen.position(), screen.size());
    Area { x: at.x, y: at.y, width: size.width, height: size.height }
}

/// Remembers where it is, for the next start.
pub(crate) fn keep_place(app: &AppHandle) {
    let Some(window) = app.get_webview_window(LABEL) else { return };
    let settings = app.state::<SettingsFile>();
    let maximized = window.is_maximized().unwrap_or(false);
    let now = window.outer_position().ok().zip(window.inner_size().ok());
    let now = now.map(|(at, size)| Area { x: at.x, y: at.y, width: size.width, height: size.height });
    // What it was before it filled the screen is what it goes back to.
    let before = settings.place().map(|place| place.area).filter(|_| maximized);
    if let Some(area) = before.or(now) {
        // A place that cannot be kept is no trouble worth a word.
        let _ = settings.keep_place(WindowPlace { area, maximized });
    }
}

fn watch_closing(window: &WebviewWindow) {
    let app = window.app_handle().clone();
    let asked = Mutex::new(None::<Instant>);
    window.on_window_event(move |event| {
        let WindowEvent::CloseRequested { api, .. } = event else { return };
        keep_place(&app);
        let mut asked = asked.lock().unwrap_or_else(PoisonError::into_inner);
        match app.state::<Host>().on_close(asked.is_some_and(|at| at.elapsed() < ASKED)) {
            Closing::Close => {}
            Closing::Hide => {
                api.prevent_close();
                hide(&app);
            }
            Closing::Ask => {
                api.prevent_close();
                *asked = Some(Instant::now());
                crate::desk::lead(&app, &Going::Closing);
            }
        }
    });
}

/// Takes it off the screen; the program goes on.
pub(crate) fn hide(app: &AppHandle) {
    let Some(window) = app.get_webview_window(LABEL) else { return };
    keep_place(app);
    if let Err(error) = window.hide() {
        tracing::debug!(%error, "the main window cannot be hidden");
    }
}

/// Brings it to the front.
pub(crate) fn focus(app: &AppHandle) {
    let Some(window) = app.get_webview_window(LABEL) else { return };
    for result in [window.show(), window.unminimize(), window.set_focus()] {
        if let Err(error) = result {
            tracing::debug!(%error, "the main window cannot come to the front");
        }
    }
}

/// Brings it to the front, unless it was put away.
pub(crate) fn come_back(app: &AppHandle) {
    if app.get_webview_window(LABEL).is_some_and(|window| window.is_visible().unwrap_or(false)) {
        focus(app);
    }
}

/// Draws the eye without taking the keyboard: what is being typed elsewhere must not become an answer. One that was
/// put away comes back on the screen, since a question waits for two minutes only.
pub(crate) fn call_attention(app: &AppHandle) {
    let Some(window) = app.get_webview_window(LABEL) else { return };
    if window.is_focused().unwrap_or(false) {
        return;
    }
    let shown = if window.is_visible().unwrap_or(true) { Ok(()) } else { window.show() };
    for result in [shown, window.request_user_attention(Some(UserAttentionType::Critical))] {
        if let Err(error) = result {
            tracing::debug!(%error, "the main window cannot call for attention");
        }
    }
}

/// Pages that the catalogue names (documentation, registration) go to the browser; anything else nowhere.
fn open_known_page(app: &AppHandle, url: &Url) {
    let host = app.state::<Host>();
    if !host.is_catalogue_page(url) {
        tracing::warn!(url = secret::redacted(url), "a page that the catalogue does not name was not opened");
        return;
    }
    if let Err(error) = platform::browser::open(url) {
        tracing::warn!(%error, "a page could not be opened");
    }
}
