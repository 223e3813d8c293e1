//! One vault in the place of another, and a vault's end, so that a crash at any moment leaves a vault that opens or
//! none.
//!
//! A restore is decided by the rename of `restore.new` to `restore.ready`; an end by the file `vault.ending`.
//! Everything after that is repeated by [`finish`] until it is done.

use crate::open::FILE;
use crate::private::{private_file, sync_folder};
use crate::restore::STAGED;
use crate::slots::{self, KeySlots};
use crate::{Keychain, OpenError, Protection, lock::OwnerLock};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// The new vault, while it is being made.
const STAGING: &str = "restore.new";
/// The new vault, decided.
const READY: &str = "restore.ready";
/// In it: what the old vault's files are called from now on.
const ASIDE: &str = "aside";
/// Stands between a file's name and the date.
const BEFORE: &str = ".before-restore-";
/// There while a vault is being deleted.
const ENDING: &str = "vault.ending";

/// Where the key slots are read from: a restore that was decided counts, though it is not in place.
pub(crate) fn slots_folder(folder: &Path) -> PathBuf {
    let ready = folder.join(READY);
    if ready.join(slots::FILE).exists() { ready } else { folder.to_owned() }
}

/// Whether a restore was decided and is not in place.
pub(crate) fn is_decided(folder: &Path) -> bool {
    folder.join(READY).join(slots::FILE).exists()
}

/// Whether the vault is being deleted.
pub(crate) fn is_ending(folder: &Path) -> bool {
    folder.join(ENDING).exists()
}

/// Makes an empty staging folder.
pub(crate) fn begin(folder: &Path) -> io::Result<PathBuf> {
    give_up(folder);
    let staging = folder.join(STAGING);
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(&staging)?;
    Ok(staging)
}

/// Removes a staging folder.
pub(crate) fn give_up(folder: &Path) {
    // One that stays is removed by the next restore; nothing reads it.
    let _ = std::fs::remove_dir_all(folder.join(STAGING));
}

/// Decides: from here on the new vault is the vault.
pub(crate) fn commit(folder: &Path, date: &str) -> io::Result<()> {
    let staging = folder.join(STAGING);
    let mut aside = private_file(&staging.join(ASIDE))?;
    write!(aside, "{}", free_name(folder, date))?;
    aside.sync_all()?;
    sync_folder(&staging)?;
    std::fs::rename(&staging, folder.join(READY))?;
    sync_folder(folder)
}

/// A date that no vault was set aside under.
fn free_name(folder: &Path, date: &str) -> String {
    let taken = |name: &str| folder.join(format!("{}{BEFORE}{name}", slots::FILE)).exists();
    let numbered = (2..100).map(|number| format!("{date}-{number}"));
    std::iter::once(date.to_owned())
        .chain(numbered)
        .find(|name| !taken(name))
        .unwrap_or_else(|| date.to_owned())
}

/// Finishes what was decided and interrupted. Does nothing in any other case.
pub(crate) fn finish(folder: &Path) -> io::Result<()> {
    if is_ending(folder) {
        return finish_end(folder);
    }
    let ready = folder.join(READY);
    if !ready.exists() {
        return Ok(());
    }
    if ready.join(FILE).exists() {
        // Whatever has a vault's name at this point belongs to the old one.
        let date = std::fs::read_to_string(ready.join(ASIDE))?;
        set_aside(folder, date.trim())?;
    }
    for name in STAGED {
        if ready.join(name).exists() {
            std::fs::rename(ready.join(name), folder.join(name))?;
            sync_folder(folder)?;
        }
    }
    std::fs::remove_dir_all(&ready)?;
    sync_folder(folder)
}

fn set_aside(folder: &Path, date: &str) -> io::Result<()> {
    // The journal keeps the name that SQLite gives it, so that the old vault opens where it lies.
    let names = [(format!("{FILE}-wal"), format!("{FILE}{BEFORE}{date}-wal"))]
        .into_iter()
        .chain([FILE, slots::FILE].map(|name| (name.to_owned(), format!("{name}{BEFORE}{date}"))));
    for (from, to) in names {
        if folder.join(&from).exists() {
            std::fs::rename(folder.join(from), folder.join(to))?;
        }
    }
    match std::fs::remove_file(folder.join(format!("{FILE}-shm"))) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => sync_folder(folder),
    }
}

/// The dates of vaults that restores have set aside, in order.
pub fn set_aside_vaults(folder: &Path) -> Vec<String> {
    let start = format!("{}{BEFORE}", slots::FILE);
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut dates: Vec<String> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.strip_prefix(&start).map(str::to_owned))
        .collect();
    dates.sort();
    dates
}

/// Deletes a vault that a restore has set aside, and its key in the keychain.
///
/// # Errors
/// A file that could not be removed. Its key slots go last, so it can be tried again.
pub fn forget_set_aside(folder: &Path, date: &str, keychain: &dyn Keychain) -> Result<(), OpenError> {
    let slots = format!("{}{BEFORE}{date}", slots::FILE);
    if !set_aside_vaults(folder).iter().any(|one| one == date) {
        return Err(OpenError::Missing);
    }
    forget_key(&folder.join(&slots), keychain);
    let failed = |error: &io::Error| OpenError::file("deleting the old vault", error);
    for name in [format!("{FILE}{BEFORE}{date}-wal"), format!("{FILE}{BEFORE}{date}"), slots] {
        remove(&folder.join(name)).map_err(|error| failed(&error))?;
    }
    sync_folder(folder).map_err(|error| failed(&error))
}

/// A key without a vault opens nothing, so that it stays is no error.
fn forget_key(slots: &Path, keychain: &dyn Keychain) {
    if let Ok(slots) = KeySlots::read_file(slots)
        && slots.protection() == Protection::Keychain
    {
        let _ = keychain.erase(&slots.account());
    }
}

fn remove(file: &Path) -> io::Result<()> {
    match std::fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Deletes the vault in `folder`, its copies, the vaults set aside, and their keys in the keychain. There is no way
/// back but a backup.
///
/// # Errors
/// Somebody has it open, or a file could not be removed; then the next opening goes on deleting.
pub fn destroy(folder: &Path, keychain: &dyn Keychain) -> Result<(), OpenError> {
    let _owner = OwnerLock::take(folder)?;
    let failed = |error: &io::Error| OpenError::file("deleting the vault", error);
    finish(folder).map_err(|error| failed(&error))?;
    for name in vault_files(folder).map_err(|error| failed(&error))? {
        if name.starts_with(slots::FILE) {
            forget_key(&folder.join(name), keychain);
        }
    }
    let decided = private_file(&folder.join(ENDING)).and_then(|file| file.sync_all());
    decided.and_then(|()| sync_folder(folder)).map_err(|error| failed(&error))?;
    finish_end(folder).map_err(|error| failed(&error))
}

fn finish_end(folder: &Path) -> io::Result<()> {
    for name in vault_files(folder)? {
        remove(&folder.join(name))?;
    }
    sync_folder(folder)?;
    remove(&folder.join(ENDING))?;
    sync_folder(folder)
}

/// The names of all files with content or keys of a vault, whatever made them.
fn vault_files(folder: &Path) -> io::Result<Vec<String>> {
    let names = std::fs::read_dir(folder)?.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    Ok(names.filter(|name| name.starts_with(FILE) || name.starts_with(slots::FILE)).collect())
}
