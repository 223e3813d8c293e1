//! What goes in and out of the commands about the desktop around the window.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the desktop offers; asked anew each time, since a tray or a server may come and go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DeskState {
    /// Whether somebody shows notices.
    pub notices: bool,
    /// Whether somebody shows icons beside the clock.
    pub tray: bool,
    /// Whether ours is shown.
    pub tray_shown: bool,
    /// Whether Mooring starts with the session; none where it cannot.
    pub start_at_login: Option<bool>,
}

/// Whether to start with the session.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LoginChoice {
    /// Start with it.
    pub on: bool,
}

/// Where a link of our scheme leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum LinksState {
    /// To this program: one was sent, and came back.
    Work,
    /// To nobody.
    Nobody,
    /// Somewhere, and not here.
    Elsewhere,
}

/// What the test of links has found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LinksTest {
    /// Where they lead.
    pub state: LinksState,
    /// The program that the system names for them, as it names it.
    pub handler: Option<String>,
}

/// The answer to the question what closing the window means.
#[derive(Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CloseAnswer {
    /// Go on in the tray; otherwise the program ends.
    pub hide: bool,
}
