//! Making and opening the vault.

use crate::passphrase::long_enough;
use crate::{Phase, Runtime, create_error, keychain_open_error, open_error};
use connections::error::{CoreError, ErrorCode};
use secret::SecretString;
use std::sync::Arc;
use std::time::{Duration, Instant};
use vault::{Argon2Cost, CreateError, CreateWith, OpenError, Protection, UnlockWith, Vault};

/// How long to wait for a vault whose owner may be on its way out: an app that was closed and is started again.
pub(crate) const OWNER_LEAVES_WITHIN: Duration = Duration::from_secs(3);
/// Pause before the vault is looked at again.
pub(crate) const LOOK_AGAIN: Duration = Duration::from_millis(50);

impl Runtime {
    /// Makes the vault and opens it.
    ///
    /// # Errors
    /// There is one already; the keychain does not answer (then nothing was made); the passphrase is too short; the
    /// disk is full or read-only.
    pub async fn create_vault(
        &self,
        protection: Protection,
        passphrase: Option<SecretString>,
    ) -> Result<(), CoreError> {
        let _turn = self.inner.opening.lock().await;
        if vault::exists(self.folder()) {
            return Err(CoreError::new(ErrorCode::VaultExists));
        }
        if protection == Protection::Passphrase {
            long_enough(passphrase.as_ref())?;
        }
        let folder = self.folder().to_owned();
        let keychain = self.inner.keychain.clone();
        let vault = blocking(move || match (protection, &passphrase) {
            (Protection::Passphrase, Some(passphrase)) => {
                Vault::create(&folder, CreateWith::Passphrase(passphrase, Argon2Cost::recommended()))
            }
            _ => Vault::create(&folder, CreateWith::Keychain(&keychain)),
        })
        .await?
        .map_err(|error: CreateError| create_error(&error))?;
        self.start_core(Arc::new(vault)).await
    }

    /// Opens the vault; with the keychain when no passphrase is given.
    ///
    /// # Errors
    /// Wrong passphrase, no keychain, a damaged, newer or used vault. Nothing is changed, and it can be tried again.
    pub async fn unlock(&self, passphrase: Option<SecretString>) -> Result<(), CoreError> {
        let _turn = self.inner.opening.lock().await;
        if self.phase() == Phase::Ready {
            return Ok(());
        }
        let opened = self.open_or_reopen(passphrase).await;
        // Whoever unlocks next sees why, also after a start at which nobody was asked.
        self.remember_problem(opened.as_ref().err().cloned());
        opened
    }

    async fn open_or_reopen(&self, passphrase: Option<SecretString>) -> Result<(), CoreError> {
        if self.reopen(passphrase.as_ref()).await? {
            return Ok(());
        }
        if !vault::exists(self.folder()) {
            return Err(CoreError::new(ErrorCode::NoVault));
        }
        let folder = self.folder().to_owned();
        let keychain = self.inner.keychain.clone();
        let told = if passphrase.is_some() { open_error } else { keychain_open_error };
        let opened = blocking(move || {
            patiently(|| match &passphrase {
                Some(passphrase) => Vault::open(&folder, UnlockWith::Passphrase(passphrase)),
                None => Vault::open(&folder, UnlockWith::Keychain(&keychain)),
            })
        });
        match opened.await? {
            Ok(vault) => self.start_core(Arc::new(vault)).await,
            Err(error) => {
                let told = told(&error);
                if cannot_be_retried(&error) {
                    self.inner.door.send_replace(broker::Door::Closed(told.clone()));
                    self.inner.phase.send_replace(Phase::Broken(told.clone()));
                }
                Err(told)
            }
        }
    }

    fn remember_problem(&self, problem: Option<CoreError>) {
        *self.inner.unlock_problem.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = problem;
    }

    /// Opens a vault that the keychain protects, at start, without asking anybody. A vault under a passphrase waits.
    ///
    /// # Errors
    /// As for [`Self::unlock`].
    pub async fn unlock_if_keychain(&self) -> Result<(), CoreError> {
        if self.protection() == Some(Protection::Keychain) { self.unlock(None).await } else { Ok(()) }
    }

    /// Waits while the vault is being opened, but no longer than `longest`: a keychain may be asking the person.
    pub async fn opening_ended(&self, longest: std::time::Duration) {
        // Whichever comes first, the phase tells how it went.
        let _ = tokio::time::timeout(longest, self.inner.opening.lock()).await;
    }
}

/// Tries again for a moment while somebody else has the vault. Taking the owner's lock comes first, so a try is cheap.
pub(crate) fn patiently<T>(open: impl Fn() -> Result<T, OpenError>) -> Result<T, OpenError> {
    let began = Instant::now();
    loop {
        match open() {
            Err(OpenError::InUse { .. }) if began.elapsed() < OWNER_LEAVES_WITHIN => {
                std::thread::sleep(LOOK_AGAIN);
            }
            opened => return opened,
        }
    }
}

/// Key derivation and disk block; they get a thread where that is allowed.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, CoreError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| CoreError::new(ErrorCode::Defect).detail("the vault's thread"))
}

/// What stays wrong however often the person tries.
const fn cannot_be_retried(error: &OpenError) -> bool {
    matches!(error, OpenError::TornFile(_) | OpenError::NewerVersion { .. })
}

#[cfg(test)]
mod tests {
    use super::{OpenError, patiently};
    use std::cell::Cell;

    #[test]
    fn a_vault_that_is_let_go_in_a_moment_is_waited_for() {
        let tries = Cell::new(0);
        let opened = patiently(|| {
            tries.set(tries.get() + 1);
            if tries.get() < 3 { Err(OpenError::InUse { pid: Some(1) }) } else { Ok("open") }
        });
        assert!(matches!(opened, Ok("open")));
        assert_eq!(tries.get(), 3);
    }

    #[test]
    fn any_other_failure_is_told_at_once() {
        let tries = Cell::new(0);
        let opened = patiently(|| {
            tries.set(tries.get() + 1);
            Err::<(), _>(OpenError::Missing)
        });
        assert!(matches!(opened, Err(OpenError::Missing)));
        assert_eq!(tries.get(), 1);
    }
}
