//! What needs the person: what to ask, when to say it, and in which words.
//!
//! Knows no clock, window, tray or notification server; an instant and a time zone are arguments, and what is to be
//! shown comes out as a value. What shows it stands behind [`ports`].
//!
//! Invariants
//! - Each item has exactly one action; trouble of a provider and a missing network are no items.
//! - No notice and no menu holds an amount, an account number or a name that looks like one.
//! - A connection is told of at most once a day, and each warning once, over restarts.

pub mod closing;
pub mod icon;
pub mod item;
pub mod menu;
pub mod notice;
pub mod place;
pub mod ports;
mod words;

pub use item::{
    AttentionAction, AttentionItem, AttentionView, Subject, Urgency, WaitingProgram, later_until,
};
pub use menu::{MenuEntry, Press, TrayView};
pub use notice::{Circumstances, Herald, Look, Notice, NoticeLevel, Pressed};
pub use words::Language;
