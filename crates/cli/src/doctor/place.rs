//! The profile folder, and who owns the vault in it.

use super::Check;
use crate::ask;
use broker::client::AskError;
use broker::wire::{Operation, Reply};
use std::fs::{File, TryLockError};
use std::path::Path;

/// Whether the folder is there and closed to others.
pub(super) fn folder() -> Check {
    const NAME: &str = "profile folder";
    let folder = match platform::profile::folder() {
        Ok(folder) => folder,
        Err(error) => {
            return Check::bad(NAME, error.to_string(), "set MOORING_HOME to a folder of your own");
        }
    };
    let shown = folder.display();
    match std::fs::metadata(&folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Check::good(NAME, format!("{shown} is made at the first start"))
        }
        Err(error) => Check::bad(NAME, format!("{shown}: {error}"), "make the folder readable for you"),
        Ok(found) if !found.is_dir() => {
            Check::bad(NAME, format!("{shown} is no folder"), "move that file away, or set MOORING_HOME")
        }
        Ok(found) => rights(NAME, &folder, &found),
    }
}

#[cfg(unix)]
fn rights(name: &'static str, folder: &Path, found: &std::fs::Metadata) -> Check {
    use std::os::unix::fs::MetadataExt as _;
    let shown = folder.display();
    let own = std::fs::metadata("/proc/self").map(|one| one.uid()).ok();
    if own.is_some_and(|own| own != found.uid()) {
        let what = format!("{shown} belongs to user {}", found.uid());
        return Check::bad(name, what, format!("make it yours: sudo chown -R \"$USER\" '{shown}'"));
    }
    if found.mode() & 0o077 != 0 {
        let what = format!("{shown} is open to others (mode {:o})", found.mode() & 0o777);
        return Check::bad(
            name,
            what,
            format!("close it: chmod 700 '{shown}'; starting Mooring does it too"),
        );
    }
    if found.mode() & 0o300 != 0o300 {
        let what = format!("{shown} cannot be written (mode {:o})", found.mode() & 0o777);
        return Check::bad(name, what, format!("make it writable: chmod 700 '{shown}'"));
    }
    Check::good(name, shown.to_string())
}

#[cfg(not(unix))]
fn rights(name: &'static str, folder: &Path, found: &std::fs::Metadata) -> Check {
    let shown = folder.display();
    if found.permissions().readonly() {
        return Check::bad(name, format!("{shown} is read-only"), "take the read-only mark away");
    }
    Check::good(name, shown.to_string())
}

/// Who answers, and if nobody does, who has the vault.
pub(super) async fn owner() -> Check {
    const NAME: &str = "app or agent";
    const START: &str = "open the app, or start the agent: mooring agent";
    let path = match ask::socket() {
        Ok(path) => path,
        Err(failure) => return Check::bad(NAME, failure.text, "set MOORING_HOME to a folder of your own"),
    };
    match broker::client::ask(&path, Operation::Status, |_| {}).await {
        Ok(Reply::Status(status)) => {
            Check::good(NAME, format!("version {}, process {}", status.version, status.pid))
        }
        Ok(_) => Check::bad(NAME, ask::unexpected().text, "use the command line of the same version"),
        Err(AskError::NotRunning) => match (lock_of(&path), path.exists()) {
            (Some(owner), _) => Check::bad(
                NAME,
                format!("process {owner} has the vault open and does not answer"),
                format!(
                    "its vault may be locked in the window; else end it (kill {owner}) and start Mooring again"
                ),
            ),
            (None, true) => Check::bad(
                NAME,
                "not running; its socket is left over from a crash",
                format!("{START}, which replaces it"),
            ),
            (None, false) => Check::bad(NAME, "not running", START),
        },
        Err(error) => Check::bad(NAME, error.to_string(), "end Mooring and start it again"),
    }
}

/// The process that answers for this profile.
pub(super) async fn running() -> Option<u32> {
    match broker::client::ask(&ask::socket().ok()?, Operation::Status, |_| {}).await {
        Ok(Reply::Status(status)) => Some(status.pid),
        _ => None,
    }
}

/// The port that it serves, as its file in the profile folder tells.
pub(super) fn served_port() -> Option<u16> {
    let file = ask::socket().ok()?.with_file_name("agent.json");
    let told: serde_json::Value = serde_json::from_slice(&std::fs::read(file).ok()?).ok()?;
    u16::try_from(told.get("port")?.as_u64()?).ok()
}

/// The process that has the vault, as its lock tells. Looking takes the lock for a moment, shared, and gives it back.
fn lock_of(socket: &Path) -> Option<String> {
    let path = socket.with_file_name("vault.lock");
    let file = File::open(&path).ok()?;
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => {
            let pid = std::fs::read_to_string(&path).unwrap_or_default();
            let pid: String = pid.trim().chars().filter(char::is_ascii_digit).collect();
            Some(if pid.is_empty() { "unknown".to_owned() } else { pid })
        }
        Ok(()) | Err(TryLockError::Error(_)) => None,
    }
}
