//! The icon beside the clock where Tauri draws it: on Windows and macOS. On Linux it is `platform::tray`, which needs no
//! library that may be missing.

use async_trait::async_trait;
use attention::icon::with_sign;
use attention::ports::{OnPress, Tray};
use attention::{MenuEntry, Press, TrayView};
use std::sync::{Arc, Mutex, PoisonError};
use tauri::image::Image;
use tauri::menu::{Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::TrayIconBuilder;
use tauri::{AppHandle, Wry};

const ID: &str = "mooring";

/// What each line of the menu that is shown does, by its number.
type Lines = Arc<Mutex<Vec<Option<Press>>>>;

/// A tray of Tauri's.
pub(crate) struct StatusTray {
    app: AppHandle,
    calm: Image<'static>,
    lines: Lines,
}

impl StatusTray {
    /// With this picture; nothing is shown so far.
    pub(crate) fn new(app: &AppHandle, calm: Image<'static>) -> Self {
        Self { app: app.clone(), calm, lines: Lines::default() }
    }

    fn picture(&self, needs_you: bool) -> Image<'static> {
        let side = usize::try_from(self.calm.width()).unwrap_or_default();
        if needs_you {
            let signed = with_sign(self.calm.rgba(), side);
            Image::new_owned(signed, self.calm.width(), self.calm.height())
        } else {
            self.calm.clone()
        }
    }

    fn menu(&self, view: &TrayView) -> tauri::Result<Menu<Wry>> {
        let menu = Menu::new(&self.app)?;
        let mut lines = Vec::new();
        for entry in &view.menu {
            let id = lines.len().to_string();
            let mut line = |label: &str, press: Option<Press>| {
                let item = MenuItem::with_id(&self.app, &id, label, press.is_some(), None::<&str>)?;
                lines.push(press);
                menu.append(&item)
            };
            match entry {
                MenuEntry::Words(words) => line(words, None)?,
                MenuEntry::Item { label, press } => line(label, Some(press.clone()))?,
                MenuEntry::Separator => menu.append(&PredefinedMenuItem::separator(&self.app)?)?,
            }
        }
        *self.lines.lock().unwrap_or_else(PoisonError::into_inner) = lines;
        Ok(menu)
    }

    fn update(&self, view: &TrayView, pressed: OnPress) -> tauri::Result<()> {
        let (menu, picture) = (self.menu(view)?, self.picture(view.needs_you));
        if let Some(icon) = self.app.tray_by_id(ID) {
            icon.set_menu(Some(menu))?;
            icon.set_icon(Some(picture))?;
            return icon.set_tooltip(Some(&view.status));
        }
        let lines = Arc::clone(&self.lines);
        let icon = TrayIconBuilder::with_id(ID).icon(picture).tooltip(&view.status).menu(&menu);
        let icon = icon.on_menu_event(move |_, event| {
            let lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
            let line = event.id().as_ref().parse().ok().and_then(|at: usize| lines.get(at).cloned());
            if let Some(Some(press)) = line {
                pressed(press);
            }
        });
        icon.build(&self.app).map(drop)
    }
}

#[async_trait]
impl Tray for StatusTray {
    async fn is_there(&self) -> bool {
        true
    }

    async fn show(&self, view: &TrayView, pressed: OnPress) -> bool {
        let shown = self.update(view, pressed);
        if let Err(error) = &shown {
            tracing::info!(%error, "there is no tray");
        }
        shown.is_ok()
    }

    async fn remove(&self) {
        self.app.remove_tray_by_id(ID);
    }

    fn is_shown(&self) -> bool {
        self.app.tray_by_id(ID).is_some()
    }
}
