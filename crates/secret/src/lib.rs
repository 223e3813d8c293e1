//! Values that must not leak: tokens, authorization codes, client secrets, passphrases, keys.
//!
//! Knows nothing of what the values mean, where they come from or where they go.
//!
//! Invariants
//! - A [`Secret`] has no `Display`, `Serialize`, `Deref`, `Clone`, `PartialEq`; its `Debug` prints no content.
//!   What would leak it does not compile.
//! - Its memory is wiped on drop. Copies made by the allocator, TLS or SQLite are out of reach; `SECURITY.md` says so.
//! - The only way in is [`Secret::expose`], so every use can be found by searching for it.

mod redacted_url;

use subtle::ConstantTimeEq;
use zeroize::Zeroize;

pub use redacted_url::redacted;

/// A value that cannot be printed, serialised, compared or cloned by accident, and is wiped on drop.
pub struct Secret<T: Zeroize>(T);

/// The usual case: tokens, codes, client secrets, passphrases.
pub type SecretString = Secret<String>;

impl<T: Zeroize> Secret<T> {
    /// Takes ownership; the caller keeps no copy.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The content. Every caller says next to the call who receives it and why that receiver does not log it.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize> Secret<T> {
    /// The content, to be filled in place. The same rule as for [`Self::expose`].
    pub const fn expose_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T: Zeroize + Clone> Secret<T> {
    /// A second copy, on purpose: each copy is one more thing to wipe.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self(self.0.clone())
    }
}

impl SecretString {
    /// Compares in constant time for equal lengths; lengths themselves are not hidden.
    pub fn matches(&self, candidate: &str) -> bool {
        bool::from(self.0.as_bytes().ct_eq(candidate.as_bytes()))
    }

    /// Whether there is nothing in it.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T: Zeroize> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> std::fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl From<String> for SecretString {
    fn from(value: String) -> Self {
        Self::new(value)
    }
}

impl From<&str> for SecretString {
    fn from(value: &str) -> Self {
        Self::new(value.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::{Secret, SecretString};

    #[test]
    fn debug_prints_no_content() {
        assert_eq!(format!("{:?}", SecretString::from("CANARY-1")), "Secret(…)");
        assert_eq!(format!("{:#?}", Some(Secret::new(vec![7_u8]))), "Some(\n    Secret(…),\n)");
    }

    #[test]
    fn compares_whole_values() {
        let secret = SecretString::from("abc");
        assert!(secret.matches("abc"));
        assert!(!secret.matches("abd"));
        assert!(!secret.matches("ab"), "a prefix is not the secret");
    }
}
