//! Who asks, and for what.
//!
//! Knows nothing of how a program was recognized: the socket, the loopback HTTP and the web page each make a caller.
//!
//! Invariant: an id is stable over restarts of both sides, and of two callers with one id the person sees one.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::{Path, PathBuf};
use ts_rs::TS;

const PROGRAM: &str = "program:";
const HTTP: &str = "http:";
const PAGE: &str = "web:";
/// What stands for an executable that the system does not tell.
const UNKNOWN: &str = "unknown";
/// Longest name that is shown.
const LONGEST_NAME: usize = 80;

/// Names a caller for good, in permissions and in the audit.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(type = "string")]
pub struct CallerId(String);

impl CallerId {
    /// An id of this text, which the channel made; control characters are dropped.
    pub fn new(text: &str) -> Self {
        Self(printable(text).collect())
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
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
    #[serde(skip)]
    pub pid: Option<u32>,
    /// It came through our own command line: this is the program that ran `mooring`.
    #[serde(skip)]
    pub through_cli: bool,
}

impl Caller {
    /// A program at the socket.
    pub fn program(executable: Option<&Path>, pid: Option<u32>) -> Self {
        Self::of(PROGRAM, Channel::Socket, executable, pid)
    }

    /// A program that speaks HTTP and holds the secret.
    pub fn http(executable: Option<&Path>, pid: Option<u32>) -> Self {
        Self::of(HTTP, Channel::Http, executable, pid)
    }

    /// A page of this origin, spelled as browsers do.
    pub fn page(origin: &str) -> Self {
        Self {
            id: CallerId::new(&format!("{PAGE}{origin}")),
            name: shown(origin),
            channel: Channel::Web,
            executable: None,
            pid: None,
            through_cli: false,
        }
    }

    /// The caller that an id stands for, whether it ever came or not; none when it is no id.
    pub fn from_id(id: &CallerId) -> Option<Self> {
        let known = |path: &str| (path != UNKNOWN).then(|| PathBuf::from(path));
        let text = id.as_str();
        if let Some(path) = text.strip_prefix(PROGRAM).filter(|path| !path.is_empty()) {
            return Some(Self::program(known(path).as_deref(), None));
        }
        if let Some(path) = text.strip_prefix(HTTP).filter(|path| !path.is_empty()) {
            return Some(Self::http(known(path).as_deref(), None));
        }
        text.strip_prefix(PAGE).filter(|origin| !origin.is_empty()).map(Self::page)
    }

    fn of(prefix: &str, channel: Channel, executable: Option<&Path>, pid: Option<u32>) -> Self {
        let path = executable.map(Path::to_string_lossy);
        let file = executable.and_then(Path::file_name).map(|name| shown(&name.to_string_lossy()));
        let nameless = || pid.map_or_else(|| "a program".to_owned(), |pid| format!("process {pid}"));
        Self {
            id: CallerId::new(&format!("{prefix}{}", path.as_deref().unwrap_or(UNKNOWN))),
            name: file.filter(|name| !name.is_empty()).unwrap_or_else(nameless),
            channel,
            executable: executable.map(Path::to_owned),
            pid,
            through_cli: false,
        }
    }
}

/// A name cannot steer a terminal, nor be read from right to left.
fn printable(text: &str) -> impl Iterator<Item = char> {
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().filter(move |c| !steers(*c))
}

fn shown(text: &str) -> String {
    printable(text).take(LONGEST_NAME).collect()
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
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
    /// What lets programs in: permissions, and the secret of the HTTP interface.
    Admission,
}

#[cfg(test)]
mod tests {
    use super::{Caller, CallerId, Channel};
    use std::path::Path;

    #[test]
    fn a_program_is_called_by_its_executable() {
        let named = |path: &str| Caller::program(Some(Path::new(path)), Some(7)).name;
        assert_eq!(named("/usr/bin/python3.11"), "python3.11");
        assert_eq!(named("/tmp/a\u{1b}[2Jb"), "a[2Jb", "a name cannot steer a terminal");
        assert_eq!(named("/tmp/\u{202e}knab"), "knab", "nor be read backwards");
        assert_eq!(Caller::program(None, Some(7)).name, "process 7");
    }

    #[test]
    fn an_id_leads_back_to_its_caller() {
        let callers = [
            Caller::program(Some(Path::new("/usr/bin/curl")), None),
            Caller::http(None, None),
            Caller::http(Some(Path::new("/usr/bin/curl")), None),
            Caller::page("https://books.example"),
        ];
        for caller in callers {
            assert_eq!(Caller::from_id(&caller.id).as_ref(), Some(&caller));
        }
        for text in ["", "program:", "curl", "ftp:curl"] {
            assert!(Caller::from_id(&CallerId::new(text)).is_none(), "{text}");
        }
        let unknown = Caller::program(None, None);
        assert_eq!(unknown.id.as_str(), "program:unknown");
        assert_eq!(Caller::from_id(&unknown.id).unwrap().channel, Channel::Socket);
    }
}
