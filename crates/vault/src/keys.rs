//! The data key, and wrapping it under a passphrase.
//!
//! Source: RFC 9106 §4 (second recommended option: 64 MiB, three passes, four lanes); XChaCha20-Poly1305 with a
//! random 24-byte nonce (draft-irtf-cfrg-xchacha-03).

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use secret::{Secret, SecretString};
use serde::{Deserialize, Serialize};

/// Bytes of the data key.
pub(crate) const KEY_LENGTH: usize = 32;

/// The key of the vault's pages.
pub(crate) type DataKey = Secret<Vec<u8>>;

/// What a guess at a passphrase costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Argon2Cost {
    /// Memory, in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Argon2Cost {
    /// RFC 9106's second recommended option; about a tenth of a second on a machine of 2026.
    pub const fn recommended() -> Self {
        Self { memory_kib: 64 * 1024, passes: 3, lanes: 4 }
    }

    /// As little as the function takes. For tests of anything but the cost itself.
    #[cfg(feature = "fakes")]
    pub const fn danger_cheap() -> Self {
        Self { memory_kib: 8, passes: 1, lanes: 1 }
    }

    /// A file could ask for more memory than the machine has; a vault of ours never asks for more than this.
    const fn is_reasonable(self) -> bool {
        self.memory_kib <= 2 * 1024 * 1024 && self.passes <= 100 && self.lanes <= 64
    }
}

/// A data key under a passphrase.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wrapped {
    pub(crate) cost: Argon2Cost,
    #[serde(with = "base64_bytes")]
    pub(crate) salt: Vec<u8>,
    #[serde(with = "base64_bytes")]
    pub(crate) nonce: Vec<u8>,
    #[serde(with = "base64_bytes")]
    pub(crate) sealed_key: Vec<u8>,
}

/// Why a wrapped key does not open.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum UnwrapError {
    /// Another passphrase, or another vault's slot.
    Wrong,
    /// No slot that we could have written.
    Malformed,
}

/// A key that the system's randomness made.
pub(crate) fn random_key() -> Result<DataKey, getrandom::Error> {
    random_bytes(KEY_LENGTH).map(Secret::new)
}

/// A raw key as SQLCipher spells it.
pub(crate) fn key_text(key: &DataKey) -> Secret<String> {
    use std::fmt::Write as _;
    let mut text = Secret::new(String::with_capacity(80));
    // EXPOSE: here and below, into another secret.
    let hex = text.expose_mut();
    hex.push_str("x'");
    for byte in key.expose() {
        let _ = write!(hex, "{byte:02x}");
    }
    hex.push('\'');
    text
}

pub(crate) fn random_bytes(length: usize) -> Result<Vec<u8>, getrandom::Error> {
    let mut bytes = vec![0; length];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

impl Wrapped {
    /// Wraps `key` so that only `passphrase` opens it, and only in the vault that `context` names.
    pub(crate) fn wrap(
        key: &DataKey,
        passphrase: &SecretString,
        cost: Argon2Cost,
        context: &[u8],
    ) -> Option<Self> {
        let salt = random_bytes(16).ok()?;
        let nonce = random_bytes(24).ok()?;
        let cipher = cipher(passphrase, cost, &salt)?;
        // EXPOSE: sealed.
        let payload = Payload { msg: key.expose(), aad: context };
        let sealed_key = cipher.encrypt(&XNonce::try_from(nonce.as_slice()).ok()?, payload).ok()?;
        Some(Self { cost, salt, nonce, sealed_key })
    }

    /// Opens it again.
    pub(crate) fn unwrap(&self, passphrase: &SecretString, context: &[u8]) -> Result<DataKey, UnwrapError> {
        if !self.cost.is_reasonable() {
            return Err(UnwrapError::Malformed);
        }
        let nonce = XNonce::try_from(self.nonce.as_slice()).map_err(|_| UnwrapError::Malformed)?;
        let cipher = cipher(passphrase, self.cost, &self.salt).ok_or(UnwrapError::Malformed)?;
        let payload = Payload { msg: &self.sealed_key, aad: context };
        cipher.decrypt(&nonce, payload).map(Secret::new).map_err(|_| UnwrapError::Wrong)
    }
}

fn cipher(passphrase: &SecretString, cost: Argon2Cost, salt: &[u8]) -> Option<XChaCha20Poly1305> {
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(KEY_LENGTH)).ok()?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut derived = Secret::new(vec![0; KEY_LENGTH]);
    // EXPOSE: hashed.
    argon2.hash_password_into(passphrase.expose().as_bytes(), salt, derived.expose_mut()).ok()?;
    // EXPOSE: the cipher's key.
    Some(XChaCha20Poly1305::new(&Key::try_from(derived.expose().as_slice()).ok()?))
}

/// Bytes as base64 in JSON.
pub(crate) mod base64_bytes {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(bytes))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode(text).map_err(serde::de::Error::custom)
    }
}
