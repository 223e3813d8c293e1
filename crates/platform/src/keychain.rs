//! The operating system's keychain: where a vault's data key lies when no passphrase protects it.
//!
//! Secret Service on Linux and the BSDs, the login keychain on macOS, Credential Manager on Windows. Knows nothing of
//! vaults: an account name and bytes.
//!
//! Invariants
//! - There is no fallback: where no keychain answers, every call fails and says why. Nothing is ever kept in a file.
//! - Every call ends within a bounded time, also while the system asks the person something.
//! - Changing calls of one process are made one after another: two prompts never lie on top of each other, and
//!   Credential Manager may reorder calls from several threads.
//!
//! Every call blocks, for tens of milliseconds usually and for minutes while a prompt is open. It may be made from any
//! thread, one of an asynchronous runtime included, though it then blocks that thread.

mod bounded;
#[cfg_attr(
    all(unix, not(any(target_os = "macos", target_os = "ios", target_os = "android"))),
    path = "keychain/secret_service.rs"
)]
#[cfg_attr(target_os = "macos", path = "keychain/login_keychain.rs")]
#[cfg_attr(windows, path = "keychain/credential_manager.rs")]
#[cfg_attr(any(target_os = "ios", target_os = "android"), path = "keychain/absent.rs")]
mod system;

use base64::{Engine, prelude::BASE64_STANDARD};
use bounded::Turn;
use keyring_core::Entry;
use secret::{Secret, SecretString};
use std::time::Duration;
use vault::{Keychain, KeychainError};

/// What the items belong to in the keychain. A change would orphan every key that is out there.
const SERVICE: &str = "app.mooring";

/// How long a call may take. Two minutes: a person has to notice the prompt and find a password.
const WAIT: Duration = Duration::from_secs(120);

/// How long the probe may take. It never shows a prompt, so only a hanging service takes this long.
const PROBE_WAIT: Duration = Duration::from_secs(10);

/// The keychain of the person who runs this process. Cheap to clone; clones take turns with each other.
#[derive(Debug, Clone)]
pub struct SystemKeychain {
    turn: Turn,
    wait: Duration,
    probe_wait: Duration,
}

/// Why there is no keychain to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeychainProblem {
    /// No session bus, nobody on it who keeps secrets, or nowhere to keep them (no default collection).
    #[error("no keychain service answers")]
    NoService,
    /// It is locked, and nobody could or wanted to unlock it.
    #[error("the keychain is locked")]
    Locked,
    /// It refuses this program.
    #[error("the keychain refuses access")]
    Denied,
    /// It did not answer in time.
    #[error("the keychain did not answer in time")]
    Timeout,
    /// Anything else; the log has the detail.
    #[error("the keychain failed")]
    Other,
}

impl KeychainProblem {
    /// The same word as [`KeychainError::reason`] has for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoService => "noService",
            Self::Locked => "locked",
            Self::Denied => "denied",
            Self::Timeout => "timeout",
            Self::Other => "other",
        }
    }
}

impl From<KeychainError> for KeychainProblem {
    fn from(error: KeychainError) -> Self {
        match error {
            KeychainError::NoService => Self::NoService,
            KeychainError::Locked => Self::Locked,
            KeychainError::Denied => Self::Denied,
            KeychainError::Timeout => Self::Timeout,
            KeychainError::Other(detail) => {
                tracing::warn!(%detail, "the keychain failed");
                Self::Other
            }
        }
    }
}

impl Default for SystemKeychain {
    fn default() -> Self {
        Self::new()
    }
}

impl SystemKeychain {
    /// Touches nothing yet.
    pub fn new() -> Self {
        Self { turn: Turn::default(), wait: WAIT, probe_wait: PROBE_WAIT }
    }

    /// With another bound than the usual one on every call, probes included.
    #[must_use]
    pub const fn with_wait(mut self, wait: Duration) -> Self {
        self.wait = wait;
        self.probe_wait = wait;
        self
    }

    /// Whether a keychain answers and has a place for a key.
    ///
    /// Never shows a prompt and changes nothing. A keychain that is merely locked counts as there: it asks the person
    /// to unlock it when it is used, and says [`KeychainError::Locked`] when they do not.
    ///
    /// # Errors
    /// None answers, or not in time, or it refuses.
    pub fn probe(&self) -> Result<(), KeychainProblem> {
        bounded::run(self.probe_wait, None, system::probe).map_err(KeychainProblem::from)
    }

    fn on_item<T: Send + 'static>(
        &self,
        account: &str,
        operation: impl Fn(&Entry) -> keyring_core::Result<T> + Send + 'static,
    ) -> Result<Option<T>, KeychainError> {
        let account = account.to_owned();
        bounded::run(self.wait, Some(&self.turn), move || on_item(&account, operation))
    }
}

impl Keychain for SystemKeychain {
    /// Keeps the key and reads it back: a keychain that acknowledges and forgets would lose the vault.
    fn store(&self, account: &str, key: &Secret<Vec<u8>>) -> Result<(), KeychainError> {
        // Text, because KDE Wallet keeps only text.
        // EXPOSE: the encoder; its output is wiped as well.
        let text = SecretString::from(BASE64_STANDARD.encode(key.expose()));
        let kept = self.on_item(account, move |entry| {
            // EXPOSE: the system's keychain, which is told to keep it.
            entry.set_secret(text.expose().as_bytes())?;
            let kept = Secret::new(entry.get_secret()?);
            // EXPOSE: compared in constant time.
            Ok(std::str::from_utf8(kept.expose()).is_ok_and(|kept| text.matches(kept)))
        })?;
        if kept == Some(true) {
            Ok(())
        } else {
            Err(KeychainError::Other("it did not keep the key it was given".to_owned()))
        }
    }

    fn load(&self, account: &str) -> Result<Option<Secret<Vec<u8>>>, KeychainError> {
        let Some(text) = self.on_item(account, |entry| entry.get_secret().map(Secret::new))? else {
            return Ok(None);
        };
        // EXPOSE: the decoder; its output is wiped as well.
        match BASE64_STANDARD.decode(text.expose()) {
            Ok(key) => Ok(Some(Secret::new(key))),
            // The decoder's own error would quote a byte of the key.
            Err(_) => Err(KeychainError::Other("the item does not hold a key".to_owned())),
        }
    }

    /// An item that is not there counts as erased.
    fn erase(&self, account: &str) -> Result<(), KeychainError> {
        self.on_item(account, Entry::delete_credential).map(|_| ())
    }
}

/// Does something with one item; nothing when there is no such item.
///
/// Some keychains hide the items of a locked collection, so an item counts as missing only in an unlocked one.
fn on_item<T>(
    account: &str,
    operation: impl Fn(&Entry) -> keyring_core::Result<T>,
) -> Result<Option<T>, KeychainError> {
    let entry = system::entry(SERVICE, account)?;
    let first = operation(&entry);
    let last = if matches!(first, Err(keyring_core::Error::NoEntry)) && system::uncover()? {
        operation(&entry)
    } else {
        first
    };
    match last {
        Ok(value) => Ok(Some(value)),
        Err(keyring_core::Error::NoEntry) => Ok(None),
        Err(error) => Err(system::judge(error)),
    }
}
