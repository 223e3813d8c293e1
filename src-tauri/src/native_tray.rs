//! The tray of Windows and macOS, made anew for each change: what is pressed belongs to the menu that is shown.

use async_trait::async_trait;
use attention::icon::with_sign;
use attention::ports::{OnPress, Tray};
use attention::{MenuEntry, Press, TrayView};
use tauri::AppHandle;
use tauri::image::Image;
use tauri::menu::{MenuBuilder, MenuItemBuilder};
use tauri::tray::{MouseButton, TrayIconBuilder, TrayIconEvent};

const ID: &str = "main";

pub(crate) struct NativeTray {
    pub(crate) app: AppHandle,
    pub(crate) picture: Image<'static>,
}

impl NativeTray {
    fn draw(&self, view: &TrayView, pressed: OnPress) -> tauri::Result<()> {
        let mut menu = MenuBuilder::new(&self.app);
        for (at, entry) in view.menu.iter().enumerate() {
            menu = match entry {
                MenuEntry::Separator => menu.separator(),
                MenuEntry::Words(words) => {
                    menu.item(&MenuItemBuilder::new(words).enabled(false).build(&self.app)?)
                }
                MenuEntry::Item { label, .. } => menu.text(at.to_string(), label),
            };
        }
        let (width, height) = (self.picture.width(), self.picture.height());
        let signed = || with_sign(self.picture.rgba(), usize::try_from(width).unwrap_or_default());
        let rgba = if view.needs_you { signed() } else { self.picture.rgba().to_vec() };
        let (entries, opened) = (view.menu.clone(), pressed.clone());
        self.app.remove_tray_by_id(ID);
        TrayIconBuilder::with_id(ID)
            .icon(Image::new_owned(rgba, width, height))
            .tooltip(&view.status)
            .menu(&menu.build()?)
            .show_menu_on_left_click(false)
            .on_menu_event(move |_, event| {
                let at = event.id().as_ref().parse::<usize>().ok();
                if let Some(MenuEntry::Item { press, .. }) = at.and_then(|at| entries.get(at)) {
                    pressed(press.clone());
                }
            })
            .on_tray_icon_event(move |_, event| {
                if let TrayIconEvent::DoubleClick { button: MouseButton::Left, .. } = event {
                    opened(Press::Open);
                }
            })
            .build(&self.app)
            .map(drop)
    }
}

#[async_trait]
impl Tray for NativeTray {
    async fn is_there(&self) -> bool {
        true
    }

    async fn show(&self, view: &TrayView, pressed: OnPress) -> bool {
        let drawn = self.draw(view, pressed);
        drawn.inspect_err(|error| tracing::warn!(%error, "the tray could not be shown")).is_ok()
    }

    async fn remove(&self) {
        self.app.remove_tray_by_id(ID);
    }

    fn is_shown(&self) -> bool {
        self.app.tray_by_id(ID).is_some()
    }
}
