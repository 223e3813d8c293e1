//! The profile folder, and who owns the vault in it.

use super::{Check, CheckCode, CheckOf};
use broker::client::AskError;
use broker::wire::{Operation, Reply};
use std::fs::{File, TryLockError};
use std::path::Path;

/// Whether the folder is there and closed to others.
pub(super) fn folder(folder: Option<&Path>) -> Check {
    let told = |code| Check::new(CheckOf::Folder, code);
    let Some(folder) = folder else { return told(CheckCode::FolderUnknown) };
    let about = |code| told(code).with("path", folder.display());
    match std::fs::metadata(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => about(CheckCode::FolderLater),
        Err(error) => about(CheckCode::FolderUnreadable).with("error", error),
        Ok(found) if !found.is_dir() => about(CheckCode::FolderIsFile),
        Ok(found) => rights(about, &found),
    }
}

#[cfg(unix)]
fn rights(about: impl Fn(CheckCode) -> Check, found: &std::fs::Metadata) -> Check {
    use std::os::unix::fs::MetadataExt as _;
    let mode = format!("{:o}", found.mode() & 0o777);
    let own = std::fs::metadata("/proc/self").map(|one| one.uid()).ok();
    if own.is_some_and(|own| own != found.uid()) {
        return about(CheckCode::FolderForeign).with("user", found.uid());
    }
    if found.mode() & 0o077 != 0 {
        return about(CheckCode::FolderOpen).with("mode", mode);
    }
    if found.mode() & 0o300 != 0o300 {
        return about(CheckCode::FolderReadOnly).with("mode", mode);
    }
    about(CheckCode::FolderOk)
}

#[cfg(not(unix))]
fn rights(about: impl Fn(CheckCode) -> Check, found: &std::fs::Metadata) -> Check {
    about(if found.permissions().readonly() { CheckCode::FolderReadOnly } else { CheckCode::FolderOk })
}

/// Who answers, and if nobody does, who has the vault; and the process that it is, where one is known.
pub(super) async fn owner(folder: &Path) -> (Check, Option<u32>) {
    let told = |code| Check::new(CheckOf::Owner, code);
    let path = platform::profile::socket(folder);
    match broker::client::ask(&path, Operation::Status, |_| {}).await {
        Ok(Reply::Status(status)) => {
            let check = told(CheckCode::OwnerOk).with("version", &status.version).with("pid", status.pid);
            (check, Some(status.pid))
        }
        Ok(_) => (told(CheckCode::OwnerOther), None),
        Err(AskError::NotRunning) => match (lock_of(folder), path.exists()) {
            (Some(owner), _) => (told(CheckCode::OwnerDeaf).with("pid", &owner), owner.parse().ok()),
            (None, true) => (told(CheckCode::OwnerStale), None),
            (None, false) => (told(CheckCode::OwnerNone), None),
        },
        Err(error) => (told(CheckCode::OwnerFailed).with("error", error), None),
    }
}

/// The process that has the vault, as its lock tells. Looking takes the lock for a moment, shared, and gives it back.
fn lock_of(folder: &Path) -> Option<String> {
    let path = folder.join("vault.lock");
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
