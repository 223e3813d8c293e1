//! Finds out what is missing on this computer. What was found is a code with parameters; whoever shows it has words.
//!
//! Invariant: a look changes nothing and asks nobody outside this computer.

mod clock;
mod place;
mod port;
mod scheme;

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use ts_rs::TS;

/// What to look at.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// The profile folder; none when the system names none.
    pub folder: Option<PathBuf>,
    /// Whether the keychain is needed.
    pub keychain: bool,
    /// The port of the HTTP interface, where it is wanted.
    pub port: Option<u16>,
    /// Whether this process serves that port already.
    pub serves_port: bool,
}

/// One thing that is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum CheckOf {
    /// The profile folder.
    Folder,
    /// Who owns the vault, and whether programs reach it.
    Owner,
    /// The system's keychain.
    Keychain,
    /// Listening for the answer of a browser.
    Loopback,
    /// The port of the HTTP interface.
    Port,
    /// Date and time.
    Clock,
    /// Links of our scheme.
    Links,
}

/// What was found. The interface and the command line have words for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum CheckCode {
    /// Closed to others: `path`.
    FolderOk,
    /// Made at the first start: `path`.
    FolderLater,
    /// The system names no place for it.
    FolderUnknown,
    /// `path` cannot be looked at: `error`.
    FolderUnreadable,
    /// `path` is a file.
    FolderIsFile,
    /// `path` belongs to another `user`.
    FolderForeign,
    /// `path` is open to others by its `mode`.
    FolderOpen,
    /// `path` cannot be written.
    FolderReadOnly,
    /// It answers: `version`, `pid`.
    OwnerOk,
    /// It answers in words of another version.
    OwnerOther,
    /// Process `pid` has the vault and does not answer.
    OwnerDeaf,
    /// Not running, and its socket is left over.
    OwnerStale,
    /// Not running.
    OwnerNone,
    /// It could not be asked: `error`.
    OwnerFailed,
    /// It answers.
    KeychainOk,
    /// No service answers.
    KeychainNoService,
    /// It is locked.
    KeychainLocked,
    /// It refuses this program.
    KeychainDenied,
    /// It did not answer in time.
    KeychainTimeout,
    /// It failed in another way.
    KeychainOther,
    /// The loopback address can be listened on.
    LoopbackOk,
    /// It cannot: `error`.
    LoopbackBad,
    /// `port` is free.
    PortFree,
    /// `port` is served by Mooring: `pid`.
    PortOurs,
    /// `port` is taken by `name`, process `pid`.
    PortTakenBy,
    /// `port` is taken by nobody knows whom.
    PortTaken,
    /// `port` belongs to `name`, process `pid`, on IPv6, where `localhost` may lead first.
    PortShadowed,
    /// `port` cannot be listened on: `error`.
    PortBad,
    /// It can be right: `now`.
    ClockOk,
    /// It says `now`, and something was `written` `hours` later.
    ClockBehind,
    /// It says `now`, which cannot be.
    ClockImpossible,
    /// `handler` opens them.
    LinksOk,
    /// Nobody opens them.
    LinksNobody,
    /// `handler` opens them, and is not there any more.
    LinksGone,
    /// `handler` starts `program`, which is not there any more.
    LinksDead,
    /// The system has no command that tells.
    LinksUnknown,
}

impl CheckCode {
    /// Whether all is well.
    pub const fn is_good(self) -> bool {
        matches!(
            self,
            Self::FolderOk
                | Self::FolderLater
                | Self::OwnerOk
                | Self::KeychainOk
                | Self::LoopbackOk
                | Self::PortFree
                | Self::PortOurs
                | Self::ClockOk
                | Self::LinksOk
        )
    }
}

/// One thing that was looked at, and what was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Check {
    /// What was looked at.
    pub of: CheckOf,
    /// Whether all is well.
    pub ok: bool,
    /// What was found.
    pub code: CheckCode,
    /// Values for its words; nothing of the vault.
    pub params: BTreeMap<&'static str, String>,
}

impl Check {
    const fn new(of: CheckOf, code: CheckCode) -> Self {
        Self { of, ok: code.is_good(), code, params: BTreeMap::new() }
    }

    /// With a value for its words.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl std::fmt::Display) -> Self {
        self.params.insert(name, value.to_string());
        self
    }

    /// A value for its words; empty when there is none.
    pub fn param(&self, name: &str) -> &str {
        self.params.get(name).map_or("", String::as_str)
    }
}

/// Looks at everything of the plan.
pub async fn look(plan: &Plan) -> Vec<Check> {
    let mut checks = vec![place::folder(plan.folder.as_deref())];
    let mut owner = None;
    if let Some(folder) = &plan.folder {
        let (check, pid) = place::owner(folder).await;
        checks.push(check);
        owner = pid;
    }
    if plan.keychain {
        checks.push(keychain().await);
    }
    checks.push(loopback().await);
    if let Some(port) = plan.port {
        checks.push(if plan.serves_port { port::own(port) } else { port::check(port, owner) });
    }
    checks.push(clock::check(plan.folder.as_deref()));
    checks.extend(scheme::check());
    checks
}

/// Closes the profile folder to others and makes it writable for its owner.
///
/// # Errors
/// When it belongs to somebody else, or cannot be made.
pub fn close_folder(folder: &Path) -> io::Result<()> {
    platform::profile::prepare(folder)
}

async fn keychain() -> Check {
    use platform::keychain::{KeychainProblem, SystemKeychain};
    let probed = tokio::task::spawn_blocking(|| SystemKeychain::new().probe()).await;
    let code = match probed {
        Ok(Ok(())) => CheckCode::KeychainOk,
        Ok(Err(KeychainProblem::NoService)) => CheckCode::KeychainNoService,
        Ok(Err(KeychainProblem::Locked)) => CheckCode::KeychainLocked,
        Ok(Err(KeychainProblem::Denied)) => CheckCode::KeychainDenied,
        Ok(Err(KeychainProblem::Timeout)) => CheckCode::KeychainTimeout,
        Ok(Err(KeychainProblem::Other)) | Err(_) => CheckCode::KeychainOther,
    };
    Check::new(CheckOf::Keychain, code)
}

async fn loopback() -> Check {
    match tokio::net::TcpListener::bind(("127.0.0.1", 0)).await {
        Ok(_) => Check::new(CheckOf::Loopback, CheckCode::LoopbackOk),
        Err(error) => Check::new(CheckOf::Loopback, CheckCode::LoopbackBad).with("error", error),
    }
}
