//! What is remembered about asking the person: warnings given, notices shown, what was put off.
//!
//! Part of a connection's record, so a restart repeats nothing. Knows no rule of when to ask; those are in the crate
//! `attention`, which reads and rewrites this.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What was said about a connection so far.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AttentionMemory {
    /// The last warning ahead of an end.
    pub warned: Option<Warned>,
    /// The last notice.
    pub told: Option<Told>,
    /// What the person put off.
    pub later: Option<Later>,
}

impl AttentionMemory {
    /// Whether there is anything in it; an empty one is not written.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A warning ahead of an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warned {
    /// The end that it was about; an approval moves it, and warnings begin anew.
    pub until: Timestamp,
    /// Which warning: so many days ahead.
    pub days: u8,
}

/// A notice that was shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// What about; none when that is over, and the same thing may be told again another day.
    pub topic: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// Something that the person put off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Later {
    /// What; another need of the same connection is not put off by it.
    pub topic: String,
    /// Until when.
    pub until: Timestamp,
}
