//! The bar above the page of an authorization window, as a screen reader finds it: by the roles and names of the
//! system's widgets.

use crate::app::until;
use crate::world::World;
use anyhow::{Context as _, Result};
use std::sync::Arc;
use zbus::blocking::{Connection, Proxy, connection};
use zbus::zvariant::{OwnedObjectPath, OwnedValue};

/// Where an object is on the bus of screen readers: who has it, and where.
pub type Place = (String, OwnedObjectPath);

const ACCESSIBLE: &str = "org.a11y.atspi.Accessible";
/// The title of the window that is none of these.
const MAIN_TITLE: &str = "Mooring";
/// The place of a state among the bits of a widget's states: it is on screen.
const SHOWING: u32 = 25;

/// Whoever reads the bars of a world.
#[derive(Clone)]
pub struct Reader {
    bus: Arc<Connection>,
}

/// A widget.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Widget {
    place: Place,
    /// What it is: `label`, `push button`, `icon` ...
    pub role: String,
    /// What it says.
    pub name: String,
    /// What is said about it.
    pub description: String,
}

impl Reader {
    /// Comes to the bus of screen readers.
    pub fn in_world(world: &World) -> Result<Self> {
        let session = connection::Builder::address(world.bus())?.build()?;
        let launcher = Proxy::new(&session, "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus")?;
        let address: String = launcher.call("GetAddress", &()).context("package at-spi2-core")?;
        Ok(Self { bus: Arc::new(connection::Builder::address(address.as_str())?.build()?) })
    }

    /// What is on screen in the bars of authorization windows.
    pub fn widgets(&self) -> Result<Vec<Widget>> {
        let mut found = Vec::new();
        for window in self.windows()? {
            self.walk(&window, &mut found)?;
        }
        Ok(found)
    }

    /// The authorization windows, those included that have lost their view and are none for a driver any more.
    pub fn windows(&self) -> Result<Vec<Place>> {
        let mut found = Vec::new();
        for program in self.children("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")? {
            for window in self.children(&program.0, program.1.as_str())? {
                if self.property(&window, "Name")? != MAIN_TITLE {
                    found.push(window);
                }
            }
        }
        Ok(found)
    }

    /// Waits until a widget of this role says this.
    pub async fn sees(&self, role: &str, says: &str) -> Result<Widget> {
        until(&format!("a {role} `{says}` in the bar"), || async {
            // A window that comes or goes meanwhile cannot be read to its end.
            let widgets = self.widgets().unwrap_or_default();
            let mut of_role = widgets.into_iter().filter(|one| one.role == role);
            Ok(of_role.find(|one| one.name.contains(says) || one.description.contains(says)))
        })
        .await
    }

    /// Waits for a button of this name, and presses it.
    pub async fn press(&self, name: &str) -> Result<()> {
        let button = self.sees("push button", name).await?;
        let (owner, path) = &button.place;
        let action = Proxy::new(&self.bus, owner.as_str(), path, "org.a11y.atspi.Action")?;
        let done: bool = action.call("DoAction", &(0_i32))?;
        anyhow::ensure!(done, "the button `{name}` cannot be pressed");
        Ok(())
    }

    fn walk(&self, place: &Place, found: &mut Vec<Widget>) -> Result<()> {
        for child in self.children(&place.0, place.1.as_str())? {
            let accessible = self.accessible(&child.0, child.1.as_str())?;
            let states: Vec<u32> = accessible.call("GetState", &())?;
            // What belongs to somebody else is the page.
            if child.0 != place.0 || states.first().is_none_or(|bits| bits & (1 << SHOWING) == 0) {
                continue;
            }
            let role: String = accessible.call("GetRoleName", &())?;
            let (name, description) = (self.property(&child, "Name")?, self.property(&child, "Description")?);
            if !name.is_empty() || !description.is_empty() {
                found.push(Widget { place: child.clone(), role, name, description });
            }
            self.walk(&child, found)?;
        }
        Ok(())
    }

    fn accessible<'a>(&'a self, owner: &'a str, path: &'a str) -> Result<Proxy<'a>> {
        Ok(Proxy::new(&self.bus, owner, path, ACCESSIBLE)?)
    }

    fn children(&self, owner: &str, path: &str) -> Result<Vec<Place>> {
        Ok(self.accessible(owner, path)?.call("GetChildren", &())?)
    }

    fn property(&self, (owner, path): &Place, name: &str) -> Result<String> {
        // Asked anew each time: a proxy's own properties are kept, and these change.
        let properties = Proxy::new(&self.bus, owner.as_str(), path, "org.freedesktop.DBus.Properties")?;
        let value: OwnedValue = properties.call("Get", &(ACCESSIBLE, name))?;
        Ok(value.try_into()?)
    }
}
