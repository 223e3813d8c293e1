//! Other protection, backups, restores, and a computer that is given up.
//!
//! Backups are asked for by the person at this computer only. The local socket offers none: a program that could make
//! one under a passphrase of its own would have every grant.

use crate::passphrase::long_enough;
use crate::unlock::{LOOK_AGAIN, OWNER_LEAVES_WITHIN, blocking, patiently};
use crate::{
    Core, Phase, Runtime, backup_error, create_error, keychain_open_error, open_error, restore_error,
};
use connections::activity::ActivityKind;
use connections::error::{CoreError, ErrorCode};
use jiff::Timestamp;
use platform::keychain::SystemKeychain;
use secret::SecretString;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vault::{Argon2Cost, CreateWith, OldKey, Protection, RestoreError, UnlockWith, Vault};

/// A backup that was made and opened again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupReport {
    /// When.
    pub made_at: Timestamp,
    /// How many connections are in it.
    pub connections: u64,
    /// Its size in bytes.
    pub bytes: u64,
}

/// A restore that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoreReport {
    /// When the backup was made, as it says.
    pub made_at: String,
    /// How many connections came with it.
    pub connections: u64,
    /// Whether an older vault was kept beside the new one.
    pub set_aside: bool,
}

/// Where to, and under what.
pub struct BackupOrder {
    /// The file.
    pub target: PathBuf,
    /// Opens the backup, and nothing else.
    pub passphrase: SecretString,
    /// Whether a file of that name may be replaced.
    pub replace: bool,
}

/// From where, and how the new vault is protected.
pub struct RestoreOrder {
    /// The file.
    pub backup: PathBuf,
    /// Opens the backup.
    pub passphrase: SecretString,
    /// The keychain, or the backup's own passphrase.
    pub protection: Protection,
}

impl Runtime {
    /// Gives the vault another protection. `current` is its passphrase, where it has one; `next` the new one.
    ///
    /// Answers why the keychain did not forget the key, if it had one and did not.
    ///
    /// # Errors
    /// The vault is locked, the current passphrase is wrong, the new one too short, the keychain does not answer.
    /// Nothing was changed then.
    pub async fn change_protection(
        &self,
        current: Option<SecretString>,
        protection: Protection,
        next: Option<SecretString>,
    ) -> Result<Option<String>, CoreError> {
        let _turn = self.inner.opening.lock().await;
        let vault = self.open_vault()?;
        let had_passphrase = self.protection() == Some(Protection::Passphrase);
        if protection == Protection::Passphrase {
            long_enough(next.as_ref())?;
        }
        let (folder, keychain) = (self.folder().to_owned(), self.inner.keychain.clone());
        let changed = blocking(move || {
            if had_passphrase {
                let current = current.unwrap_or_else(|| SecretString::from(""));
                vault::check(&folder, UnlockWith::Passphrase(&current))
                    .map_err(|error| open_error(&error))?;
            }
            let with = create_with(protection, next.as_ref(), &keychain);
            vault.change_protection(with, Some(&keychain)).map_err(|error| create_error(&error))
        });
        let old = changed.await??;
        self.write_down(ActivityKind::ProtectionChanged, "protection", word(protection)).await;
        Ok(match old {
            OldKey::Gone => None,
            OldKey::StillInKeychain(error) => Some(error.reason().to_owned()),
        })
    }

    /// Writes a backup, opens it again and counts it.
    ///
    /// # Errors
    /// The vault is locked, the passphrase too short, the file is there, the place cannot be written or is full.
    pub async fn back_up(&self, order: BackupOrder) -> Result<BackupReport, CoreError> {
        let _turn = self.inner.opening.lock().await;
        long_enough(Some(&order.passphrase))?;
        let vault = self.open_vault()?;
        let report = blocking(move || write_backup(&vault, &order)).await??;
        self.write_down(ActivityKind::BackedUp, "connections", &report.connections.to_string()).await;
        Ok(report)
    }

    /// Puts a backup in the place of the vault, and opens it. The vault that was there is set aside.
    ///
    /// The backup is proven before anything is closed.
    ///
    /// # Errors
    /// The vault is locked; no backup, damaged, newer, wrong passphrase, a keychain that does not answer. The vault
    /// that was there is as it was; where only the last step failed, it is locked.
    pub async fn restore(&self, order: RestoreOrder) -> Result<RestoreReport, CoreError> {
        let _turn = self.inner.opening.lock().await;
        if self.phase() == Phase::Locked {
            return Err(CoreError::new(ErrorCode::Locked));
        }
        let (folder, backup) = (self.folder().to_owned(), order.backup.clone());
        let passphrase = order.passphrase.duplicate();
        blocking(move || vault::prove_backup(&backup, &passphrase, &folder))
            .await?
            .map_err(|error| restore_error(&error))?;
        self.close_core().await;
        let (folder, keychain) = (self.folder().to_owned(), self.inner.keychain.clone());
        let restored = blocking(move || {
            let restored =
                restore_patiently(&folder, &order, &keychain).map_err(|error| restore_error(&error))?;
            let vault = patiently(|| open_restored(&folder, &order, &keychain));
            Ok::<_, CoreError>((restored, vault.map_err(|error| open_error(&error))))
        });
        match restored.await? {
            Ok((report, vault)) => {
                self.start_core(Arc::new(vault?)).await?;
                Ok(report)
            }
            Err(error) => {
                self.back_to_the_door();
                Err(error)
            }
        }
    }

    /// Backs up and deletes the vault of this computer: after the backup nothing is renewed here any more.
    ///
    /// # Errors
    /// As for a backup; then the vault is open as before. Or a file could not be deleted.
    pub async fn retire(&self, order: BackupOrder) -> Result<BackupReport, CoreError> {
        let _turn = self.inner.opening.lock().await;
        long_enough(Some(&order.passphrase))?;
        let vault = self.open_vault()?;
        self.close_core().await;
        let for_backup = Arc::clone(&vault);
        let report = match blocking(move || write_backup(&for_backup, &order)).await? {
            Ok(report) => report,
            Err(error) => {
                self.start_core(vault).await?;
                return Err(error);
            }
        };
        drop(vault);
        let (folder, keychain) = (self.folder().to_owned(), self.inner.keychain.clone());
        let gone = blocking(move || patiently(|| vault::destroy(&folder, &keychain))).await?;
        *self.inner.practice.lock().await = None;
        self.inner.door.send_replace(broker::Door::Closed(CoreError::new(ErrorCode::NoVault)));
        self.inner.phase.send_replace(crate::phase_of(self.folder()));
        gone.map_err(|error| open_error(&error))?;
        Ok(report)
    }

    /// The dates of vaults that restores have set aside.
    pub fn set_aside(&self) -> Vec<String> {
        vault::set_aside_vaults(self.folder())
    }

    /// Deletes a vault that a restore has set aside.
    ///
    /// # Errors
    /// The vault is locked; there is none of that date; a file could not be removed.
    pub async fn forget_set_aside(&self, date: String) -> Result<(), CoreError> {
        self.open_vault()?;
        let (folder, keychain) = (self.folder().to_owned(), self.inner.keychain.clone());
        let forgotten = blocking(move || vault::forget_set_aside(&folder, &date, &keychain)).await?;
        forgotten.map_err(|error| open_error(&error))
    }

    fn open_vault(&self) -> Result<Arc<Vault>, CoreError> {
        self.connections()?;
        match &*self.core() {
            Core::Open(open) => Ok(Arc::clone(&open.vault)),
            _ => Err(CoreError::new(ErrorCode::Locked)),
        }
    }

    /// After a restore that failed at its last step: the old vault is closed, and the person opens it again.
    fn back_to_the_door(&self) {
        self.inner.phase.send_replace(crate::phase_of(self.folder()));
    }

    async fn write_down(&self, kind: ActivityKind, name: &str, value: &str) {
        let Ok(connections) = self.connections() else { return };
        let params = BTreeMap::from([(name.to_owned(), value.to_owned())]);
        if let Err(error) = connections.note(kind, params).await {
            tracing::warn!(%error, "Activity does not say that something about the vault was done");
        }
    }
}

/// What protects the vault in a folder.
///
/// # Errors
/// There is none, or its key slots cannot be read.
pub fn protection_of(folder: &Path) -> Result<Protection, CoreError> {
    vault::protection(folder).map_err(|error| open_error(&error))
}

/// Backs up a vault that nobody has open.
///
/// # Errors
/// The vault cannot be opened (another Mooring has it, wrong passphrase, no keychain), or the backup cannot be made.
pub async fn back_up_closed(
    folder: PathBuf,
    unlock: Option<SecretString>,
    order: BackupOrder,
) -> Result<BackupReport, CoreError> {
    long_enough(Some(&order.passphrase))?;
    blocking(move || {
        let keychain = SystemKeychain::new();
        let vault = match &unlock {
            Some(passphrase) => Vault::open(&folder, UnlockWith::Passphrase(passphrase))
                .map_err(|error| open_error(&error))?,
            None => Vault::open(&folder, UnlockWith::Keychain(&keychain))
                .map_err(|error| keychain_open_error(&error))?,
        };
        write_backup(&vault, &order)
    })
    .await?
}

/// Restores where nobody has the vault open. What was there is set aside.
///
/// # Errors
/// Another Mooring has the vault, or as for [`Runtime::restore`].
pub async fn restore_closed(folder: PathBuf, order: RestoreOrder) -> Result<RestoreReport, CoreError> {
    platform::profile::prepare(&folder)
        .map_err(|error| CoreError::new(ErrorCode::ReadOnly).detail(error.kind()))?;
    let restored = blocking(move || restore_folder(&folder, &order, &SystemKeychain::new())).await?;
    restored.map_err(|error| restore_error(&error))
}

fn write_backup(vault: &Vault, order: &BackupOrder) -> Result<BackupReport, CoreError> {
    let made_at = Timestamp::now();
    let cost = Argon2Cost::recommended();
    let made = vault.back_up(&order.target, &order.passphrase, cost, &made_at.to_string(), order.replace);
    let made = made.map_err(|error| backup_error(&error))?;
    Ok(BackupReport { made_at, connections: connections_in(&made.counts), bytes: made.bytes })
}

fn restore_folder(
    folder: &Path,
    order: &RestoreOrder,
    keychain: &SystemKeychain,
) -> Result<RestoreReport, RestoreError> {
    let now = Timestamp::now();
    let date = now.strftime("%Y%m%d-%H%M%S").to_string();
    let made_at = vault::backup_made_at(&order.backup)?;
    let with = create_with(order.protection, Some(&order.passphrase), keychain);
    let restored = Vault::restore(folder, &order.backup, &order.passphrase, with, &date, |writer| {
        platform::vault_store::mark_restored(writer, &made_at, now)
    })?;
    Ok(RestoreReport {
        connections: connections_in(&restored.counts),
        made_at: restored.made_at,
        set_aside: restored.set_aside,
    })
}

/// A thread of the vault that was just closed may have it for a moment more.
fn restore_patiently(
    folder: &Path,
    order: &RestoreOrder,
    keychain: &SystemKeychain,
) -> Result<RestoreReport, RestoreError> {
    let began = std::time::Instant::now();
    loop {
        match restore_folder(folder, order, keychain) {
            Err(RestoreError::InUse { .. }) if began.elapsed() < OWNER_LEAVES_WITHIN => {
                std::thread::sleep(LOOK_AGAIN);
            }
            restored => return restored,
        }
    }
}

fn open_restored(
    folder: &Path,
    order: &RestoreOrder,
    keychain: &SystemKeychain,
) -> Result<Vault, vault::OpenError> {
    Vault::open(
        folder,
        match order.protection {
            Protection::Keychain => UnlockWith::Keychain(keychain),
            Protection::Passphrase => UnlockWith::Passphrase(&order.passphrase),
        },
    )
}

fn create_with<'a>(
    protection: Protection,
    passphrase: Option<&'a SecretString>,
    keychain: &'a SystemKeychain,
) -> CreateWith<'a> {
    match (protection, passphrase) {
        (Protection::Passphrase, Some(passphrase)) => {
            CreateWith::Passphrase(passphrase, Argon2Cost::recommended())
        }
        _ => CreateWith::Keychain(keychain),
    }
}

fn connections_in(counts: &vault::Counts) -> u64 {
    counts.records.get(platform::vault_store::CONNECTION).copied().unwrap_or_default()
}

const fn word(protection: Protection) -> &'static str {
    match protection {
        Protection::Keychain => "keychain",
        Protection::Passphrase => "passphrase",
    }
}
