//! Random values, their hashes, and parameters as they arrive.
//!
//! Invariant: a parameter that is repeated is an error, never the first or the last of its values.
//!
//! Source: RFC 6749 §3.1 and §3.2 (no parameter more than once, empty is as if absent).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use std::io;

/// 256 random bits in base64url: 43 characters.
///
/// # Errors
/// The system has no randomness to give.
pub(crate) fn random() -> io::Result<String> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(base64url(bytes))
}

/// SHA-256 in base64url: 43 characters.
pub(crate) fn sha256(text: &str) -> String {
    base64url(Sha256::digest(text.as_bytes()))
}

pub(crate) fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A parameter came twice.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Repeated;

/// The parameters of a query or a form, in their order.
pub(crate) struct Parameters(Vec<(String, String)>);

impl Parameters {
    pub(crate) fn parse(encoded: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(encoded).into_owned().collect())
    }

    /// The value of a parameter that may stand once; none when absent or empty.
    pub(crate) fn one(&self, name: &str) -> Result<Option<&str>, Repeated> {
        let mut values = self.all(name);
        let first = values.next();
        if values.next().is_some() {
            return Err(Repeated);
        }
        Ok(first.filter(|value| !value.is_empty()))
    }

    /// The name of every parameter, repeated ones again.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// Every value of a field that may stand several times.
    pub(crate) fn all<'p>(&'p self, name: &str) -> impl Iterator<Item = &'p str> {
        self.0.iter().filter(move |(other, _)| other == name).map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_parameter_is_refused_even_when_both_are_the_same() {
        let parameters = Parameters::parse(b"state=a&state=a&scope=&code=x");
        assert_eq!(parameters.one("state"), Err(Repeated));
        assert_eq!(parameters.one("scope"), Ok(None));
        assert_eq!(parameters.one("code"), Ok(Some("x")));
    }
}
