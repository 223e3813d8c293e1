//! What the page of Pluggy's widget reports to the window around it. Source: W.
//!
//! The window's page forwards each callback as JSON: `{"callback": "onSuccess", "payload": {…}}`; the payload may also
//! lie beside the name. None of it is proof of anything: it says when to ask the API.

use crate::calendar;
use crate::json::{self, Object};
use crate::printable;
use crate::resources::{Connector, Item};
use crate::words::words;
use jiff::Timestamp;

/// Longest message that is read, in bytes.
const LONGEST: usize = 1 << 20;

words! {
    /// A step that a person takes in the widget.
    WidgetStep {
        /// Agreed to share.
        SubmittedConsent = "SUBMITTED_CONSENT",
        /// Sent the form.
        SubmittedLogin = "SUBMITTED_LOGIN",
        /// Sent an answer.
        SubmittedMfa = "SUBMITTED_MFA",
        /// Chose an institution.
        SelectedInstitution = "SELECTED_INSTITUTION",
        /// Is logged in.
        LoginSuccess = "LOGIN_SUCCESS",
        /// Is logged in with an answer.
        LoginMfaSuccess = "LOGIN_MFA_SUCCESS",
        /// The login is over; the rest needs nobody.
        LoginStepCompleted = "LOGIN_STEP_COMPLETED",
        /// The item has changed.
        ItemResponse = "ITEM_RESPONSE",
    }
}

/// What the widget reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WidgetEvent {
    /// It is shown.
    Open,
    /// It is closed.
    Close,
    /// It is hidden and goes on.
    Hide,
    /// An item was made or updated.
    Success {
        /// Which; ask the API how it stands.
        item: Option<Box<Item>>,
    },
    /// Something went wrong.
    Error {
        /// A sentence for the person.
        message: Option<String>,
        /// The item, if there is one already: it may still come right.
        item: Option<Box<Item>>,
    },
    /// The person took a step.
    Step {
        /// Which.
        step: WidgetStep,
        /// When.
        at: Option<Timestamp>,
        /// The item, where the step has one.
        item: Option<Box<Item>>,
        /// The institution, where the step has one.
        connector: Option<Box<Connector>>,
    },
    /// A callback that was not known when this was written.
    Other(String),
}

impl WidgetEvent {
    /// Reads a message of the widget's page; none when it is no message.
    pub fn parse(message: &str) -> Option<Self> {
        if message.len() > LONGEST {
            return None;
        }
        let message = Object::of(json::value(message.as_bytes())?)?;
        let Some(name) = ["callback", "type", "name"].into_iter().find_map(|name| message.text(name)) else {
            // What `onEvent` is called with, unwrapped.
            return Self::step(&message);
        };
        let inside = ["payload", "detail"].into_iter().find_map(|name| message.object(name));
        let payload = inside.as_ref().unwrap_or(&message);
        Some(match name.strip_prefix("on").unwrap_or(&name).to_ascii_lowercase().as_str() {
            "open" => Self::Open,
            "close" => Self::Close,
            "hide" => Self::Hide,
            "success" => Self::Success { item: item(payload) },
            "error" => Self::Error { message: payload.label("message"), item: item(payload) },
            "event" => Self::step(payload)?,
            _ => Self::Other(printable::printable(&name, 64)),
        })
    }

    fn step(payload: &Object<'_>) -> Option<Self> {
        Some(Self::Step {
            step: payload.word("event")?,
            at: moment(payload),
            item: item(payload),
            connector: payload.part("connector").map(Box::new),
        })
    }
}

/// The item, beside the message or in its data.
fn item(payload: &Object<'_>) -> Option<Box<Item>> {
    let inside = || payload.object("data").and_then(|data| data.part("item"));
    payload.part("item").or_else(inside).map(Box::new)
}

/// Milliseconds, as the widget counts, or a date.
fn moment(payload: &Object<'_>) -> Option<Timestamp> {
    match payload.whole("timestamp") {
        Some(milliseconds) => Timestamp::from_millisecond(milliseconds).ok(),
        None => calendar::instant(&payload.text("timestamp")?),
    }
}
