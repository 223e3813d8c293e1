//! The tray of Windows and macOS.

use async_trait::async_trait;
use attention::icon::with_sign;
use attention::ports::{OnPress, Tray};
use attention::{MenuEntry, Press, TrayView};
use std::collections::HashMap;
use tauri::image::Image;
use tauri::menu::{Menu, MenuItem, PredefinedMenuItem};
use tauri::tray::TrayIconBuilder;
use tauri::{AppHandle, Wry};

const ID: &str = "main";

pub(crate) struct NativeTray {
    app: AppHandle,
    calm: Image<'static>,
    signed: Image<'static>,
}

impl NativeTray {
    pub(crate) fn new(app: AppHandle, picture: &Image<'_>) -> Self {
        let (width, height) = (picture.width(), picture.height());
        let signed = with_sign(picture.rgba(), usize::try_from(width).unwrap_or_default());
        let calm = Image::new_owned(picture.rgba().to_vec(), width, height);
        Self { app, calm, signed: Image::new_owned(signed, width, height) }
    }

    fn draw(&self, view: &TrayView, pressed: OnPress) -> tauri::Result<()> {
        let (menu, presses) = self.menu(view)?;
        // Made anew each time: the presses belong to the menu that is shown.
        self.app.remove_tray_by_id(ID);
        let opened = std::sync::Arc::clone(&pressed);
        TrayIconBuilder::with_id(ID)
            .icon(if view.needs_you { self.signed.clone() } else { self.calm.clone() })
            .tooltip(&view.status)
            .menu(&menu)
            .show_menu_on_left_click(false)
            .on_menu_event(move |_, event| {
                if let Some(press) = presses.get(event.id().as_ref()) {
                    pressed(press.clone());
                }
            })
            .on_tray_icon_event(move |_, event| {
                if let tauri::tray::TrayIconEvent::Click { button: tauri::tray::MouseButton::Left, .. } =
                    event
                {
                    opened(Press::Open);
                }
            })
            .build(&self.app)?;
        Ok(())
    }

    fn menu(&self, view: &TrayView) -> tauri::Result<(Menu<Wry>, HashMap<String, Press>)> {
        let menu = Menu::new(&self.app)?;
        let mut presses = HashMap::new();
        for (at, entry) in view.menu.iter().enumerate() {
            let id = format!("tray {at}");
            match entry {
                MenuEntry::Separator => menu.append(&PredefinedMenuItem::separator(&self.app)?)?,
                MenuEntry::Words(words) => {
                    menu.append(&MenuItem::with_id(&self.app, id, words, false, None::<&str>)?)?;
                }
                MenuEntry::Item { label, press } => {
                    menu.append(&MenuItem::with_id(&self.app, &id, label, true, None::<&str>)?)?;
                    presses.insert(id, press.clone());
                }
            }
        }
        Ok((menu, presses))
    }
}

#[async_trait]
impl Tray for NativeTray {
    async fn is_there(&self) -> bool {
        true
    }

    async fn show(&self, view: &TrayView, pressed: OnPress) -> bool {
        let drawn = self.draw(view, pressed);
        if let Err(error) = &drawn {
            tracing::warn!(%error, "the tray could not be shown");
        }
        drawn.is_ok()
    }

    async fn remove(&self) {
        self.app.remove_tray_by_id(ID);
    }

    fn is_shown(&self) -> bool {
        self.app.tray_by_id(ID).is_some()
    }
}
