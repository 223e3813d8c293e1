//! The desktop around the window: hands the adapters to whoever decides, and carries out what was decided.

use crate::main_window;
use attention::ports::{Going, Tray, Window};
use commands::DeskPorts;
use platform::{links::SchemeLinks, login::LoginItem, notices::SessionNotices};
use tauri::{AppHandle, Emitter as _, Manager as _};

/// The icon beside the clock.
const PICTURE: tauri::image::Image<'_> = tauri::include_image!("icons/32x32.png");

/// Everything that the desktop offers.
pub(crate) fn ports(app: &AppHandle) -> DeskPorts {
    DeskPorts {
        notices: Box::new(SessionNotices::default()),
        tray: tray(app),
        login: Box::new(LoginItem::of_this_program()),
        links: Box::new(SchemeLinks {
            scheme: crate::deep_link::SCHEME,
            register: std::sync::Arc::new({
                let app = app.clone();
                move || crate::deep_link::register_now(&app)
            }),
        }),
        window: Box::new(MainWindow { app: app.clone() }),
    }
}

#[cfg(any(windows, target_os = "macos"))]
fn tray(app: &AppHandle) -> Box<dyn Tray> {
    Box::new(crate::tray::StatusTray::new(app, PICTURE))
}

#[cfg(not(any(windows, target_os = "macos")))]
fn tray(_app: &AppHandle) -> Box<dyn Tray> {
    let side = usize::try_from(PICTURE.width()).unwrap_or_default();
    Box::new(platform::tray::StatusTray::new(PICTURE.rgba(), side))
}

struct MainWindow {
    app: AppHandle,
}

impl Window for MainWindow {
    fn is_focused(&self) -> bool {
        let window = self.app.get_webview_window(main_window::LABEL);
        window.is_some_and(|window| window.is_focused().unwrap_or(false))
    }

    fn open(&self, going: Option<Going>) {
        main_window::focus(&self.app);
        if let Some(going) = going {
            lead(&self.app, &going);
        }
    }

    fn hide(&self) {
        main_window::hide(&self.app);
    }

    fn quit(&self) {
        main_window::keep_place(&self.app);
        self.app.exit(0);
    }
}

/// Leads somewhere in the window.
pub(crate) fn lead(app: &AppHandle, going: &Going) {
    if let Err(error) = app.emit_to(main_window::LABEL, "go", going) {
        tracing::debug!(%error, "nobody was led anywhere");
    }
}
