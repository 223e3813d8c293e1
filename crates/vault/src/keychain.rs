//! The operating system's keychain, as far as a vault needs it: one key under one account name.

use secret::Secret;

/// Keeps a key for us. Implementations ask the system and may block, even for a prompt; they bound the wait.
pub trait Keychain: Send + Sync {
    /// Keeps `key` under `account`, replacing what was there.
    ///
    /// # Errors
    /// [`KeychainError`]; then nothing is kept.
    fn store(&self, account: &str, key: &Secret<Vec<u8>>) -> Result<(), KeychainError>;
    /// The key under `account`, or none when the keychain answers and has none.
    ///
    /// # Errors
    /// [`KeychainError`].
    fn load(&self, account: &str) -> Result<Option<Secret<Vec<u8>>>, KeychainError>;
    /// Forgets the key under `account`; one that is not there is no error.
    ///
    /// # Errors
    /// [`KeychainError`].
    fn erase(&self, account: &str) -> Result<(), KeychainError>;
}

/// Why a keychain did not do it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeychainError {
    /// The system has none, or it does not run.
    #[error("no keychain runs")]
    NoService,
    /// It is locked and was not unlocked.
    #[error("the keychain is locked")]
    Locked,
    /// It refused this program.
    #[error("the keychain refused")]
    Denied,
    /// It did not answer in time.
    #[error("the keychain did not answer in time")]
    Timeout,
    /// Anything else, in words without secrets.
    #[error("the keychain failed: {0}")]
    Other(String),
}

impl KeychainError {
    /// One word, for choosing a sentence.
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::NoService => "noService",
            Self::Locked => "locked",
            Self::Denied => "denied",
            Self::Timeout => "timeout",
            Self::Other(_) => "other",
        }
    }
}
