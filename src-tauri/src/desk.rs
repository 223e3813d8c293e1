//! The desktop around the window: hands the adapters to whoever decides, and carries out what was decided.

use crate::main_window;
use async_trait::async_trait;
use attention::ports::{Going, Links, Window};
use commands::DeskPorts;
use platform::{links, login::LoginItem, notices::SessionNotices};
use tauri::{AppHandle, Emitter as _, Manager as _};

/// The icon beside the clock.
const PICTURE: tauri::image::Image<'_> = tauri::include_image!("icons/32x32.png");

/// Everything that the desktop offers.
pub(crate) fn ports(app: &AppHandle) -> DeskPorts {
    DeskPorts {
        notices: Box::new(SessionNotices::default()),
        tray: Box::new(tray(app)),
        login: Box::new(LoginItem::of_this_program()),
        links: Box::new(SchemeLinks { app: app.clone() }),
        window: Box::new(MainWindow { app: app.clone() }),
    }
}

#[cfg(target_os = "linux")]
fn tray(_app: &AppHandle) -> impl attention::ports::Tray + use<> {
    let side = usize::try_from(PICTURE.width()).unwrap_or_default();
    platform::tray::StatusTray::new(PICTURE.rgba(), side)
}

#[cfg(not(target_os = "linux"))]
fn tray(app: &AppHandle) -> impl attention::ports::Tray + use<> {
    crate::native_tray::NativeTray { app: app.clone(), picture: PICTURE }
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

struct SchemeLinks {
    app: AppHandle,
}

#[async_trait]
impl Links for SchemeLinks {
    async fn handler(&self) -> Option<String> {
        links::handler(crate::deep_link::SCHEME).await
    }

    async fn open(&self, link: &str) -> bool {
        links::open(link.to_owned()).await
    }

    async fn register(&self) -> bool {
        crate::deep_link::register_now(&self.app).await
    }
}
