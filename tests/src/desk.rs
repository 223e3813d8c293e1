//! A desktop's notification server and its host of tray icons, on a test's own session bus. They record what they are
//! asked for and press what a person would press.

#![allow(missing_docs, reason = "the interface macro writes methods that no comment reaches")]
#![allow(
    clippy::unused_self,
    clippy::used_underscore_binding,
    clippy::needless_pass_by_value,
    reason = "as the interface macro calls them"
)]

use crate::app::until;
use crate::world::World;
use anyhow::{Context as _, Result};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use zbus::Connection;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::{OwnedValue, Value};

const NOTIFICATIONS: &str = "/org/freedesktop/Notifications";
const WATCHER: &str = "/StatusNotifierWatcher";

/// A notice as it was asked for.
#[derive(Debug, Clone)]
pub struct Shown {
    /// Its number.
    pub id: u32,
    /// The name of its icon.
    pub icon: String,
    /// The desktop entry of who sent it.
    pub entry: String,
    /// The first line.
    pub summary: String,
    /// The rest.
    pub body: String,
    /// Names and words of its buttons, in turn.
    pub actions: Vec<String>,
}

#[derive(Default)]
struct Recorded {
    notices: Mutex<Vec<Shown>>,
    items: Mutex<Vec<String>>,
}

struct Notifications(Arc<Recorded>);

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Notifications {
    fn get_capabilities(&self) -> Vec<String> {
        ["body", "body-markup", "actions"].map(str::to_owned).into()
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        ("test".to_owned(), "test".to_owned(), "1".to_owned(), "1.2".to_owned())
    }

    #[allow(clippy::too_many_arguments, reason = "as the specification has it")]
    fn notify(
        &self,
        _app_name: &str,
        _replaces_id: u32,
        icon: String,
        summary: String,
        body: String,
        actions: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        _expire_timeout: i32,
    ) -> u32 {
        let mut notices = self.0.notices.lock().unwrap();
        let id = u32::try_from(notices.len()).unwrap() + 1;
        let entry = hints.get("desktop-entry").and_then(|entry| entry.downcast_ref::<String>().ok());
        notices.push(Shown { id, icon, entry: entry.unwrap_or_default(), summary, body, actions });
        id
    }

    fn close_notification(&self, _id: u32) {}

    #[zbus(signal)]
    async fn action_invoked(emitter: &SignalEmitter<'_>, id: u32, action_key: &str) -> zbus::Result<()>;
}

struct Watcher(Arc<Recorded>);

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, service: String) {
        self.0.items.lock().unwrap().push(service);
    }

    fn register_status_notifier_host(&self, _service: &str) {}

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        self.0.items.lock().unwrap().clone()
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}

/// What a desktop shows beside its windows.
pub struct Desk {
    bus: Connection,
    recorded: Arc<Recorded>,
}

impl Desk {
    /// On the bus of `world`, with a notification server and, if wanted, a host of icons.
    pub async fn start(world: &World, tray: bool) -> Result<Self> {
        let recorded = Arc::new(Recorded::default());
        let mut builder = zbus::connection::Builder::address(world.bus())?
            .serve_at(NOTIFICATIONS, Notifications(Arc::clone(&recorded)))?
            .name("org.freedesktop.Notifications")?;
        if tray {
            builder = builder
                .serve_at(WATCHER, Watcher(Arc::clone(&recorded)))?
                .name("org.kde.StatusNotifierWatcher")?;
        }
        Ok(Self { bus: builder.build().await?, recorded })
    }

    /// Waits for a notice after the first `seen` ones.
    pub async fn notice(&self, seen: usize) -> Result<Shown> {
        until("a notice", || async { Ok(self.recorded.notices.lock().unwrap().get(seen).cloned()) }).await
    }

    /// Notices so far.
    pub fn notices(&self) -> usize {
        self.recorded.notices.lock().unwrap().len()
    }

    /// Presses a button of a notice.
    pub async fn press(&self, notice: &Shown, button: &str) -> Result<()> {
        let at = notice.actions.iter().position(|one| one == button).context("no such button")?;
        let name = notice.actions.get(at.saturating_sub(1)).context("a button has a name")?;
        let emitter = SignalEmitter::new(&self.bus, NOTIFICATIONS)?;
        Ok(Notifications::action_invoked(&emitter, notice.id, name).await?)
    }

    /// Waits for an icon, and answers whose it is.
    pub async fn icon(&self) -> Result<String> {
        until("an icon", || async { Ok(self.recorded.items.lock().unwrap().last().cloned()) }).await
    }

    /// What the icon says of itself: `Active`, `NeedsAttention`.
    pub async fn icon_status(&self, icon: &str) -> Result<String> {
        let item = zbus::Proxy::new(&self.bus, icon, "/StatusNotifierItem", "org.kde.StatusNotifierItem");
        Ok(item.await?.get_property("Status").await?)
    }

    /// Lines of the icon's menu, with their numbers.
    pub async fn menu(&self, icon: &str) -> Result<Vec<(i32, String)>> {
        let menu = zbus::Proxy::new(&self.bus, icon, "/MenuBar", "com.canonical.dbusmenu").await?;
        let names: Vec<&str> = vec!["label"];
        let reply = menu.call_method("GetLayout", &(0_i32, -1_i32, names)).await?;
        let (_, (_, _, children)): (u32, Layout) = reply.body().deserialize()?;
        Ok(children.iter().filter_map(|child| line(child)).collect())
    }

    /// Waits until the menu has this line.
    pub async fn menu_says(&self, icon: &str, line: &str) -> Result<()> {
        until(&format!("`{line}` in the menu"), || async {
            Ok(self.menu(icon).await?.iter().any(|(_, label)| label == line).then_some(()))
        })
        .await
    }

    /// Presses a line of the icon's menu.
    pub async fn press_menu(&self, icon: &str, line: &str) -> Result<()> {
        let lines = self.menu(icon).await?;
        let (id, _) = lines.iter().find(|(_, label)| label == line).with_context(|| format!("{lines:?}"))?;
        let menu = zbus::Proxy::new(&self.bus, icon, "/MenuBar", "com.canonical.dbusmenu").await?;
        menu.call_method("Event", &(*id, "clicked", Value::from(0_i32), 0_u32)).await?;
        Ok(())
    }
}

/// Number, properties and children of a menu; our menus have no menus in them.
type Layout = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

/// The number and the label of a line.
fn line(child: &Value<'_>) -> Option<(i32, String)> {
    let Value::Structure(line) = child else { return None };
    let [Value::I32(id), Value::Dict(properties), _] = line.fields() else { return None };
    let label: &str = properties.get(&"label").ok()??;
    Some((*id, label.to_owned()))
}
