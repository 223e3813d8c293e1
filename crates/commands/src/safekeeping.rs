//! Locking, protection, backups, and a computer that is given up.

use crate::Host;
use crate::app::state_of;
use crate::dto::{
    AppState, AutoLock, BackupDone, BackupWrite, InputSeen, PassphraseAsk, PassphraseHint, PickedBackup,
    PickedFile, Protection, ProtectionChange, ProtectionChanged, RestoreDone, RestoreRun, SetAsideRef,
    Settings, TypedSecret, WhileLocked,
};
use connections::error::{CoreError, ErrorCode};
use connections::view::Failure;
use runtime::{BackupOrder, BackupReport, Policy, RestoreOrder, VaultProtection};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Locks now.
pub async fn vault_lock(host: &Host, _request: ()) -> Result<AppState, Failure> {
    host.runtime.lock();
    Ok(state_of(host).await)
}

/// The person typed or pointed.
pub async fn input_seen(host: &Host, request: InputSeen) -> Result<(), Failure> {
    host.runtime.saw_input(Duration::from_secs(u64::from(request.seconds_ago)));
    Ok(())
}

/// How hard a passphrase is to guess.
pub async fn passphrase_hint(_host: &Host, request: PassphraseAsk) -> Result<PassphraseHint, Failure> {
    Ok(PassphraseHint { score: runtime::hardness(&request.passphrase.into_secret()) })
}

/// Gives the vault another protection.
pub async fn protection_change(host: &Host, request: ProtectionChange) -> Result<ProtectionChanged, Failure> {
    let (current, next) = (request.current, request.next);
    let key_stays = host
        .runtime
        .change_protection(
            current.map(TypedSecret::into_secret),
            protection(request.protection),
            next.map(TypedSecret::into_secret),
        )
        .await?;
    Ok(ProtectionChanged { app: state_of(host).await, key_stays })
}

/// Lets the person choose where a backup goes.
pub async fn backup_pick(host: &Host, _request: ()) -> Result<Option<PickedFile>, Failure> {
    host.connections()?;
    let today = jiff::Zoned::now().date();
    let Some(target) = host.ports.files.save(&format!("mooring-{today}.mooring-backup")).await else {
        return Ok(None);
    };
    let picked = PickedFile { name: name_of(&target), folder: folder_of(&target), exists: target.exists() };
    host.pick(target);
    Ok(Some(picked))
}

/// Writes the backup to the file that was chosen.
pub async fn backup_write(host: &Host, request: BackupWrite) -> Result<BackupDone, Failure> {
    let order = order(host, request)?;
    let name = name_of(&order.target);
    Ok(told(name, &host.runtime.back_up(order).await?))
}

/// Lets the person choose a backup.
pub async fn restore_pick(host: &Host, _request: ()) -> Result<Option<PickedBackup>, Failure> {
    if host.runtime.phase() == runtime::Phase::Locked {
        return Err(CoreError::new(ErrorCode::Locked).into());
    }
    let Some(backup) = host.ports.files.open("mooring-backup").await else { return Ok(None) };
    let made_at = runtime::backup_made_at(&backup).map_err(|error| runtime::restore_error(&error))?;
    let picked = PickedBackup { name: name_of(&backup), folder: folder_of(&backup), made_at };
    host.pick(backup);
    Ok(Some(picked))
}

/// Restores the backup that was chosen.
pub async fn restore_run(host: &Host, request: RestoreRun) -> Result<RestoreDone, Failure> {
    let order = RestoreOrder {
        backup: picked(host)?,
        passphrase: request.passphrase.into_secret(),
        protection: protection(request.protection),
    };
    let report = host.runtime.restore(order).await?;
    Ok(RestoreDone {
        app: state_of(host).await,
        made_at: report.made_at,
        connections: report.connections,
        set_aside: report.set_aside,
    })
}

/// Backs up to the file that was chosen, and deletes the vault here.
pub async fn computer_retire(host: &Host, request: BackupWrite) -> Result<BackupDone, Failure> {
    let order = order(host, request)?;
    let name = name_of(&order.target);
    Ok(told(name, &host.runtime.retire(order).await?))
}

/// The dates of vaults that restores have set aside.
pub async fn set_aside_list(host: &Host, _request: ()) -> Result<Vec<String>, Failure> {
    host.connections()?;
    Ok(host.runtime.set_aside())
}

/// Deletes one of them.
pub async fn set_aside_forget(host: &Host, request: SetAsideRef) -> Result<(), Failure> {
    Ok(host.runtime.forget_set_aside(request.date).await?)
}

/// What the person chose about locking, in the runtime's words.
pub(crate) const fn policy_of(settings: &Settings) -> Policy {
    let minutes = match settings.auto_lock {
        AutoLock::Never | AutoLock::Sleep => None,
        AutoLock::One => Some(1),
        AutoLock::Five => Some(5),
        AutoLock::Fifteen => Some(15),
        AutoLock::Sixty => Some(60),
    };
    let lock_after = match minutes {
        Some(minutes) => Some(Duration::from_secs(60 * minutes)),
        None => None,
    };
    let while_locked = match settings.while_locked {
        WhileLocked::Nothing => runtime::WhileLocked::Nothing,
        WhileLocked::KeepAlive => runtime::WhileLocked::KeepAlive,
    };
    Policy { lock_after, with_system: !matches!(settings.auto_lock, AutoLock::Never), while_locked }
}

fn order(host: &Host, request: BackupWrite) -> Result<BackupOrder, Failure> {
    Ok(BackupOrder {
        target: picked(host)?,
        passphrase: request.passphrase.into_secret(),
        replace: request.replace,
    })
}

/// Only a file that the person chose in the system's dialog is ever written or read.
fn picked(host: &Host) -> Result<PathBuf, Failure> {
    let none = || CoreError::new(ErrorCode::BadInput).with("field", "file").with("problem", "empty");
    host.picked().ok_or_else(|| none().into())
}

fn told(name: String, report: &BackupReport) -> BackupDone {
    BackupDone { name, made_at: report.made_at.to_string(), connections: report.connections }
}

const fn protection(asked: Protection) -> VaultProtection {
    match asked {
        Protection::Keychain => VaultProtection::Keychain,
        Protection::Passphrase => VaultProtection::Passphrase,
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn folder_of(path: &Path) -> String {
    path.parent().map(|folder| folder.display().to_string()).unwrap_or_default()
}
