//! What goes in and out of the commands about locking, protection and backups.

use super::{AppState, Protection, TypedSecret};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// When the vault is locked by itself: after how many minutes without input; with any but `never` also when the computer
/// sleeps or its session is locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub enum AutoLock {
    /// It is not.
    #[default]
    #[serde(rename = "never")]
    Never,
    /// Whenever the computer sleeps or its session is locked, and not for want of input.
    #[serde(rename = "sleep")]
    Sleep,
    /// After a minute.
    #[serde(rename = "1")]
    One,
    /// After five.
    #[serde(rename = "5")]
    Five,
    /// After fifteen.
    #[serde(rename = "15")]
    Fifteen,
    /// After an hour.
    #[serde(rename = "60")]
    Sixty,
}

/// What goes on while the vault is locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum WhileLocked {
    /// Nothing: the vault is closed.
    #[default]
    Nothing,
    /// Access is renewed; the vault stays open for that.
    KeepAlive,
}

/// The person typed or pointed.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct InputSeen {
    /// How many seconds ago.
    pub seconds_ago: u32,
}

/// A passphrase that is being chosen.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PassphraseAsk {
    /// As typed so far.
    pub passphrase: TypedSecret,
}

/// How hard a passphrase is to guess; a hint and no promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PassphraseHint {
    /// From 0 (at once) to 4 (nobody can afford it).
    pub score: u8,
}

/// Another protection for the vault.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ProtectionChange {
    /// The passphrase so far, where one protects the vault.
    pub current: Option<TypedSecret>,
    /// What protects it from now on.
    pub protection: Protection,
    /// The new passphrase, where one does.
    pub next: Option<TypedSecret>,
}

/// It was changed.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ProtectionChanged {
    /// How the app stands now.
    pub app: AppState,
    /// Why the keychain still has the key, if it did not forget it: one of the reasons of [`super::KeychainState`].
    pub key_stays: Option<String>,
}

/// A file that the person chose for a backup. The page never learns more of the path than it shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PickedFile {
    /// Its name.
    pub name: String,
    /// Its folder, to be shown.
    pub folder: String,
    /// Whether there is one of that name.
    pub exists: bool,
}

/// Writes the backup to the file that was chosen last.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BackupWrite {
    /// The backup's own passphrase.
    pub passphrase: TypedSecret,
    /// Whether a file of that name may be replaced.
    pub replace: bool,
}

/// A backup that was made, opened again and counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BackupDone {
    /// The file's name.
    pub name: String,
    /// When.
    pub made_at: String,
    /// How many connections are in it.
    #[ts(type = "number")]
    pub connections: u64,
}

/// A backup that the person chose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PickedBackup {
    /// Its name.
    pub name: String,
    /// Its folder, to be shown.
    pub folder: String,
    /// When it was made, as it says.
    pub made_at: String,
}

/// Restores the backup that was chosen last.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RestoreRun {
    /// The backup's passphrase.
    pub passphrase: TypedSecret,
    /// What protects the vault from now on: the keychain, or the backup's passphrase.
    pub protection: Protection,
}

/// A restore that was done.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RestoreDone {
    /// How the app stands now.
    pub app: AppState,
    /// When the backup was made.
    pub made_at: String,
    /// How many connections came with it.
    #[ts(type = "number")]
    pub connections: u64,
    /// Whether the vault from before was kept beside the new one.
    pub set_aside: bool,
}

/// A vault that a restore has set aside.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SetAsideRef {
    /// Its date, as listed.
    pub date: String,
}
