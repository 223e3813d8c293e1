//! The key slots: a small file beside the vault that says how its key is had.

use crate::error::OpenError;
use crate::keys::{DataKey, UnwrapError, Wrapped, base64_bytes, random_bytes};
use crate::private::{private_file, sync_folder};
use crate::{CreateWith, UnlockWith};
use base64::Engine as _;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secret::Secret;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::io::{self, Write as _};
use std::path::Path;

/// Its name.
pub(crate) const FILE: &str = "vault.keys";
/// Its name until it is whole.
pub(crate) const DRAFT: &str = "vault.keys.new";
/// The newest format that this program knows.
pub(crate) const VERSION: u32 = 1;

/// What protects a vault's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Protection {
    /// The operating system's keychain holds the data key.
    Keychain,
    /// A passphrase opens the wrapped data key.
    Passphrase,
}

/// The file.
#[derive(Serialize, Deserialize)]
pub(crate) struct KeySlots {
    version: u32,
    /// Names the vault: part of the keychain's account name and of what is authenticated.
    #[serde(with = "base64_bytes")]
    vault_id: Vec<u8>,
    /// HMAC-SHA-256 of the vault's id under the data key: tells a wrong key from a damaged file.
    #[serde(with = "base64_bytes")]
    key_check: Vec<u8>,
    /// Present where a passphrase opens the vault; without it the keychain does.
    passphrase: Option<Wrapped>,
}

/// A version field alone: newer formats may have anything beside it.
#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

impl KeySlots {
    /// For a new vault. Nothing is written so far.
    pub(crate) fn new(key: &DataKey, with: &CreateWith<'_>) -> Option<Self> {
        let vault_id = random_bytes(16).ok()?;
        Self::with_id(vault_id, key, with)
    }

    /// The same vault with another protection.
    pub(crate) fn replaced(&self, key: &DataKey, with: &CreateWith<'_>) -> Option<Self> {
        Self::with_id(self.vault_id.clone(), key, with)
    }

    fn with_id(vault_id: Vec<u8>, key: &DataKey, with: &CreateWith<'_>) -> Option<Self> {
        let passphrase = match with {
            CreateWith::Keychain(_) => None,
            CreateWith::Passphrase(passphrase, cost) => {
                Some(Wrapped::wrap(key, passphrase, *cost, &context(&vault_id))?)
            }
        };
        Some(Self { version: VERSION, key_check: key_check(key, &vault_id), vault_id, passphrase })
    }

    pub(crate) const fn protection(&self) -> Protection {
        if self.passphrase.is_some() { Protection::Passphrase } else { Protection::Keychain }
    }

    /// The keychain's account name for this vault.
    pub(crate) fn account(&self) -> String {
        format!("vault-{}", base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&self.vault_id))
    }

    /// The data key.
    pub(crate) fn unlock(&self, with: &UnlockWith<'_>) -> Result<DataKey, OpenError> {
        let key = match (with, &self.passphrase) {
            (UnlockWith::Passphrase(passphrase), Some(wrapped)) => {
                wrapped.unwrap(passphrase, &context(&self.vault_id)).map_err(|error| match error {
                    UnwrapError::Wrong => OpenError::WrongKey,
                    UnwrapError::Malformed => OpenError::TornFile("the key slot".to_owned()),
                })?
            }
            (UnlockWith::Keychain(keychain), None) => {
                let found = keychain.load(&self.account()).map_err(OpenError::Keychain)?;
                found.ok_or(OpenError::KeyMissing)?
            }
            _ => return Err(OpenError::NoSuchSlot),
        };
        let expected = mac(&key, &self.vault_id);
        expected.verify_slice(&self.key_check).map_err(|_| OpenError::WrongKey)?;
        Ok(key)
    }

    /// Reads the file.
    pub(crate) fn read(folder: &Path) -> Result<Self, OpenError> {
        let bytes = match std::fs::read(crate::swap::slots_folder(folder).join(FILE)) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                // A vault without its slots is no new start: its data would be lost for good.
                let orphan = folder.join(crate::open::FILE).exists();
                return Err(if orphan {
                    OpenError::TornFile("the key slots".to_owned())
                } else {
                    OpenError::Missing
                });
            }
            Err(error) => return Err(OpenError::file("reading the key slots", &error)),
        };
        Self::parse(&bytes)
    }

    /// Reads slots wherever they lie.
    pub(crate) fn read_file(file: &Path) -> Result<Self, OpenError> {
        let bytes = std::fs::read(file).map_err(|error| OpenError::file("reading the key slots", &error))?;
        Self::parse(&bytes)
    }

    fn parse(bytes: &[u8]) -> Result<Self, OpenError> {
        let torn = |_| OpenError::TornFile("the key slots".to_owned());
        let found = serde_json::from_slice::<Versioned>(bytes).map_err(torn)?.version;
        if found > VERSION {
            return Err(OpenError::NewerVersion { found, known: VERSION });
        }
        serde_json::from_slice(bytes).map_err(torn)
    }

    /// Replaces the file as a whole: a crash leaves the old one or the new one.
    pub(crate) fn write(&self, folder: &Path) -> io::Result<()> {
        let text = serde_json::to_vec_pretty(self).map_err(io::Error::other)?;
        let draft = folder.join(DRAFT);
        let mut file = private_file(&draft)?;
        file.write_all(&text)?;
        file.sync_all()?;
        std::fs::rename(&draft, folder.join(FILE))?;
        sync_folder(folder)
    }
}

/// What a wrapped key is bound to: this vault, and this kind of slot.
fn context(vault_id: &[u8]) -> Vec<u8> {
    [b"mooring vault passphrase slot 1 ".as_slice(), vault_id].concat()
}

fn mac(key: &Secret<Vec<u8>>, vault_id: &[u8]) -> Hmac<Sha256> {
    // EXPOSE: the MAC's key.
    #[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(key.expose()).expect("any length is a key");
    mac.update(b"mooring vault key check 1");
    mac.update(vault_id);
    mac
}

fn key_check(key: &DataKey, vault_id: &[u8]) -> Vec<u8> {
    mac(key, vault_id).finalize().into_bytes().to_vec()
}
