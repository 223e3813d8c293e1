//! A keychain in memory, whose next answers can be made to fail. For tests.

use crate::{Keychain, KeychainError};
use secret::Secret;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// A keychain that forgets everything with the process.
#[derive(Default)]
pub struct FakeKeychain {
    keys: Mutex<HashMap<String, Vec<u8>>>,
    failure: Mutex<Option<KeychainError>>,
}

impl FakeKeychain {
    /// From now on every answer is `failure`, or none is.
    pub fn fail_with(&self, failure: Option<KeychainError>) {
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = failure;
    }

    /// How many keys it has.
    pub fn len(&self) -> usize {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn check(&self) -> Result<(), KeychainError> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).clone().map_or(Ok(()), Err)
    }
}

impl Keychain for FakeKeychain {
    fn store(&self, account: &str, key: &Secret<Vec<u8>>) -> Result<(), KeychainError> {
        self.check()?;
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        // EXPOSE: a keychain is what this stands for.
        keys.insert(account.to_owned(), key.expose().clone());
        Ok(())
    }

    fn load(&self, account: &str) -> Result<Option<Secret<Vec<u8>>>, KeychainError> {
        self.check()?;
        let keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(keys.get(account).cloned().map(Secret::new))
    }

    fn erase(&self, account: &str) -> Result<(), KeychainError> {
        self.check()?;
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).remove(account);
        Ok(())
    }
}
