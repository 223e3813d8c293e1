//! A keychain in memory that fails on demand. For tests.

use crate::{Keychain, KeychainError};
use secret::Secret;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A keychain that forgets everything with the process.
#[derive(Default)]
pub struct FakeKeychain {
    keys: Mutex<BTreeMap<String, Vec<u8>>>,
    failures: Mutex<BTreeMap<Call, KeychainError>>,
}

/// What a keychain is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Call {
    /// To keep a key.
    Store,
    /// To give one back.
    Load,
    /// To forget one.
    Erase,
}

impl FakeKeychain {
    /// From now on every answer is `failure`, or none is.
    pub fn fail_with(&self, failure: Option<KeychainError>) {
        for call in [Call::Store, Call::Load] {
            self.fail_at(call, failure.clone());
        }
        self.fail_at(Call::Erase, failure);
    }

    /// From now on the answer to that call is `failure`, or it succeeds.
    pub fn fail_at(&self, call: Call, failure: Option<KeychainError>) {
        match failure {
            Some(failure) => lock(&self.failures).insert(call, failure),
            None => lock(&self.failures).remove(&call),
        };
    }

    /// How many keys it has.
    pub fn len(&self) -> usize {
        lock(&self.keys).len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The names under which it has keys, in order.
    pub fn accounts(&self) -> Vec<String> {
        lock(&self.keys).keys().cloned().collect()
    }

    /// The keys, in the order of their names.
    pub fn keys(&self) -> Vec<Vec<u8>> {
        lock(&self.keys).values().cloned().collect()
    }

    /// Puts `key` in the place of every key.
    pub fn replace_all(&self, key: &[u8]) {
        for kept in lock(&self.keys).values_mut() {
            *kept = key.to_vec();
        }
    }

    /// Loses every key.
    pub fn lose_all(&self) {
        lock(&self.keys).clear();
    }

    fn check(&self, call: Call) -> Result<(), KeychainError> {
        lock(&self.failures).get(&call).cloned().map_or(Ok(()), Err)
    }
}

impl Keychain for FakeKeychain {
    fn store(&self, account: &str, key: &Secret<Vec<u8>>) -> Result<(), KeychainError> {
        self.check(Call::Store)?;
        // EXPOSE: a keychain is what this stands for.
        lock(&self.keys).insert(account.to_owned(), key.expose().clone());
        Ok(())
    }

    fn load(&self, account: &str) -> Result<Option<Secret<Vec<u8>>>, KeychainError> {
        self.check(Call::Load)?;
        Ok(lock(&self.keys).get(account).cloned().map(Secret::new))
    }

    fn erase(&self, account: &str) -> Result<(), KeychainError> {
        self.check(Call::Erase)?;
        lock(&self.keys).remove(account);
        Ok(())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
