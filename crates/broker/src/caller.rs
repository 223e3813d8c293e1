//! Who asks, and for what.
//!
//! Knows nothing of how a program was recognized: the socket, the loopback HTTP and the web page each make a caller.
//!
//! Invariant: an id is stable over restarts of both sides, and of two callers with one id the person sees one.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::PathBuf;

/// Names a caller for good, in permissions and in the audit.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CallerId(String);

impl CallerId {
    /// An id of this text, which the channel made; control characters are dropped.
    pub fn new(text: &str) -> Self {
        Self(text.chars().filter(|c| !c.is_control()).collect())
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CallerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The way by which a caller came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Channel {
    /// The local socket or named pipe; the operating system says who it is.
    Socket,
    /// HTTP on 127.0.0.1, from a program.
    Http,
    /// HTTP on 127.0.0.1, from a page of an origin that the person allowed.
    Web,
}

/// Who asks: a program on this computer, as far as the platform tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// Stable over restarts: made from the executable's path (socket), the web origin (page), or `http` and the
    /// executable or `unknown` (loopback HTTP).
    pub id: CallerId,
    /// What the person reads: the executable's file name, or the origin.
    pub name: String,
    /// How it came.
    pub channel: Channel,
    /// The program's file; none where the system does not tell.
    pub executable: Option<PathBuf>,
    /// Its process number.
    pub pid: Option<u32>,
    /// It came through our own command line: this is the program that ran `mooring`.
    pub through_cli: bool,
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Access {
    /// An access token of a connection.
    Token,
    /// Data that was read: accounts and their lines.
    ReadData,
    /// Names and states of connections and registrations.
    List,
    /// Beginning an authorization.
    Connect,
    /// Registrations, callers, disconnecting, the audit.
    Manage,
}
