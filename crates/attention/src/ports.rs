//! What shows things to the person outside the page, each narrow.

use crate::menu::{Press, TrayView};
use crate::notice::Notice;
use async_trait::async_trait;
use std::sync::Arc;

/// Told what the person presses; from any thread.
pub type OnPress = Arc<dyn Fn(Press) + Send + Sync>;

/// Shows notices.
#[async_trait]
pub trait NoticeBoard: Send + Sync {
    /// Whether anybody would show one.
    async fn is_there(&self) -> bool;
    /// Shows it in place of the one before; what is pressed is told. Answers whether somebody took it.
    async fn show(&self, notice: &Notice, pressed: OnPress) -> bool;
}

/// The icon beside the clock.
#[async_trait]
pub trait Tray: Send + Sync {
    /// Whether anybody would show one.
    async fn is_there(&self) -> bool;
    /// Shows it, or what changed in it. Answers whether it is shown.
    async fn show(&self, view: &TrayView, pressed: OnPress) -> bool;
    /// Takes it away.
    async fn remove(&self);
    /// Whether it is shown at this moment.
    fn is_shown(&self) -> bool;
}

/// Starting with the person's session.
pub trait StartAtLogin: Send + Sync {
    /// Whether it does; none where it cannot.
    fn is_on(&self) -> Option<bool>;
    /// Answers whether it worked.
    fn set(&self, on: bool) -> bool;
}

/// Who opens links of our scheme.
#[async_trait]
pub trait Links: Send + Sync {
    /// The program that the system names for them, as it names it; none when nobody.
    async fn handler(&self) -> Option<String>;
    /// Opens a link as any program would. Answers whether somebody was started.
    async fn open(&self, link: &str) -> bool;
    /// Makes this program the one. Answers whether it worked.
    async fn register(&self) -> bool;
}

/// Where in the window to go.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, ts_rs::TS)]
#[serde(tag = "to", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Going {
    /// To what needs the person.
    Attention,
    /// To the choice of what to connect.
    Connect,
    /// To a connection.
    Connection {
        /// Which.
        key: connections::id::ConnectionKey,
    },
    /// To what a connection needs.
    Act {
        /// Which.
        key: connections::id::ConnectionKey,
    },
    /// To the question what closing the window means.
    Closing,
}

/// The main window.
pub trait Window: Send + Sync {
    /// Whether the person is looking at it.
    fn is_focused(&self) -> bool;
    /// Brings it to the front, and leads somewhere in it.
    fn open(&self, going: Option<Going>);
    /// Takes it off the screen.
    fn hide(&self);
    /// Ends the program.
    fn quit(&self);
}
