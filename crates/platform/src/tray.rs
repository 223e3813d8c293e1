//! The tray of Linux desktops: a StatusNotifierItem with a menu, on the session bus.
//!
//! Nothing is connected until it is wanted. A desktop without a host (GNOME has none of its own) says so at once,
//! and a host that goes away is told, so that nothing stays hidden behind an icon that nobody shows.

use async_trait::async_trait;
use attention::icon::with_sign;
use attention::ports::{OnPress, Tray};
use attention::{MenuEntry, Press, TrayView};
use ksni::menu::StandardItem;
use ksni::{Handle, Icon, MenuItem, OfflineReason, ToolTip, TrayMethods as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::Mutex;

/// Who shows the icons of a desktop.
const WATCHER: &str = "org.kde.StatusNotifierWatcher";

/// A tray on the session bus.
pub struct StatusTray {
    calm: Icon,
    signed: Icon,
    item: Mutex<Option<Handle<Item>>>,
    shown: Arc<AtomicBool>,
}

impl StatusTray {
    /// With this square picture (red, green, blue, alpha; row by row); nothing is shown so far.
    pub fn new(rgba: &[u8], side: usize) -> Self {
        let signed = argb(&with_sign(rgba, side), side);
        Self { calm: argb(rgba, side), signed, item: Mutex::new(None), shown: Arc::default() }
    }
}

#[async_trait]
impl Tray for StatusTray {
    async fn is_there(&self) -> bool {
        has_host().await.unwrap_or(false)
    }

    async fn show(&self, view: &TrayView, pressed: OnPress) -> bool {
        let mut item = self.item.lock().await;
        if let Some(handle) = item.as_ref().filter(|handle| !handle.is_closed()) {
            let view = view.clone();
            handle.update(|item| item.view = view).await;
            return self.is_shown();
        }
        let new = Item {
            calm: self.calm.clone(),
            signed: self.signed.clone(),
            view: view.clone(),
            pressed,
            shown: Arc::clone(&self.shown),
        };
        match new.spawn().await {
            Ok(handle) => {
                *item = Some(handle);
                self.shown.store(true, Ordering::SeqCst);
                true
            }
            Err(error) => {
                tracing::info!(%error, "there is no tray");
                false
            }
        }
    }

    async fn remove(&self) {
        self.shown.store(false, Ordering::SeqCst);
        if let Some(handle) = self.item.lock().await.take() {
            handle.shutdown().await;
        }
    }

    fn is_shown(&self) -> bool {
        self.shown.load(Ordering::SeqCst)
    }
}

/// Whether a desktop shows icons: somebody watches for them.
async fn has_host() -> zbus::Result<bool> {
    let bus = zbus::Connection::session().await?;
    Ok(zbus::fdo::DBusProxy::new(&bus).await?.name_has_owner(WATCHER.try_into()?).await?)
}

struct Item {
    calm: Icon,
    signed: Icon,
    view: TrayView,
    pressed: OnPress,
    shown: Arc<AtomicBool>,
}

impl Item {
    fn press(&self, press: Press) {
        (self.pressed)(press);
    }
}

impl ksni::Tray for Item {
    fn id(&self) -> String {
        crate::profile::APP_ID.to_owned()
    }

    fn title(&self) -> String {
        "Mooring".to_owned()
    }

    fn activate(&mut self, _x: i32, _y: i32) {
        self.press(Press::Open);
    }

    fn status(&self) -> ksni::Status {
        if self.view.needs_you { ksni::Status::NeedsAttention } else { ksni::Status::Active }
    }

    fn icon_pixmap(&self) -> Vec<Icon> {
        vec![if self.view.needs_you { self.signed.clone() } else { self.calm.clone() }]
    }

    fn attention_icon_pixmap(&self) -> Vec<Icon> {
        vec![self.signed.clone()]
    }

    fn tool_tip(&self) -> ToolTip {
        ToolTip { title: "Mooring".to_owned(), description: self.view.status.clone(), ..ToolTip::default() }
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        self.view.menu.iter().map(line).collect()
    }

    fn watcher_online(&self) {
        self.shown.store(true, Ordering::SeqCst);
    }

    fn watcher_offline(&self, _reason: OfflineReason) -> bool {
        self.shown.store(false, Ordering::SeqCst);
        self.press(Press::TrayGone);
        true
    }
}

fn line(entry: &MenuEntry) -> MenuItem<Item> {
    match entry {
        MenuEntry::Separator => MenuItem::Separator,
        MenuEntry::Words(words) => {
            StandardItem { label: plain(words), enabled: false, ..StandardItem::default() }.into()
        }
        MenuEntry::Item { label, press } => {
            let press = press.clone();
            StandardItem {
                label: plain(label),
                activate: Box::new(move |item: &mut Item| item.press(press.clone())),
                ..StandardItem::default()
            }
            .into()
        }
    }
}

/// In a label of this protocol one underscore marks the letter after it.
fn plain(label: &str) -> String {
    label.replace('_', "__")
}

/// The picture as the protocol takes it: alpha first.
fn argb(rgba: &[u8], side: usize) -> Icon {
    let mut data = rgba.to_vec();
    for pixel in data.chunks_exact_mut(4) {
        pixel.rotate_right(1);
    }
    let side = i32::try_from(side).unwrap_or_default();
    Icon { width: side, height: side, data }
}

#[cfg(test)]
mod tests {
    use super::{argb, plain};

    #[test]
    fn alpha_comes_first() {
        assert_eq!(argb(&[1, 2, 3, 4, 5, 6, 7, 8], 1).data, [4, 1, 2, 3, 8, 5, 6, 7]);
    }

    #[test]
    fn an_underscore_of_a_name_stays() {
        assert_eq!(plain("my_bank: reconnect"), "my__bank: reconnect");
    }
}
