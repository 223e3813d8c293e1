//! What binds one attempt to its answer: `state`, the PKCE verifier, the nonce.

use oauth2::{PkceCodeChallenge, PkceCodeVerifier};
use secret::SecretString;

/// State, code verifier and nonce of one attempt; each used once.
///
/// Shape: each 43 characters, base64url without padding, of 32 random bytes (RFC 7636 §4.1 asks for 43 to 128).
pub struct AttemptSecrets {
    state: SecretString,
    verifier: SecretString,
    nonce: SecretString,
}

/// Characters of 32 bytes in base64url without padding.
const VERIFIER_LENGTH: usize = 43;
/// Parts of the stored form. Cannot occur in base64url.
const SEPARATOR: char = '.';

impl AttemptSecrets {
    /// From three draws of 32 random bytes.
    pub fn from_random(state: [u8; 32], verifier: [u8; 32], nonce: [u8; 32]) -> Self {
        let text = |bytes: [u8; 32]| SecretString::from(base64url(&bytes));
        Self { state: text(state), verifier: text(verifier), nonce: text(nonce) }
    }

    /// Another copy, for the store.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self {
            state: self.state.duplicate(),
            verifier: self.verifier.duplicate(),
            nonce: self.nonce.duplicate(),
        }
    }

    /// One text, for the encrypted vault: an attempt may be answered after a restart.
    pub fn to_vault(&self) -> SecretString {
        // EXPOSE: three times, into the text that the caller seals in the vault.
        let parts = [self.state.expose(), self.verifier.expose(), self.nonce.expose()];
        SecretString::from(parts.map(String::as_str).join("."))
    }

    /// From [`Self::to_vault`]. What is missing in a damaged text is empty, and empty secrets match nothing.
    pub fn from_vault(text: &SecretString) -> Self {
        // EXPOSE: parted again.
        let mut parts = text.expose().split(SEPARATOR).map(SecretString::from);
        let mut next = || parts.next().unwrap_or_else(|| SecretString::from(""));
        Self { state: next(), verifier: next(), nonce: next() }
    }

    /// Compares in constant time.
    pub fn is_state(&self, claimed: &SecretString) -> bool {
        // EXPOSE: compared.
        !self.state.is_empty() && self.state.matches(claimed.expose())
    }

    pub(crate) const fn state(&self) -> &SecretString {
        &self.state
    }

    /// The nonce that an ID token must repeat.
    pub const fn nonce(&self) -> &SecretString {
        &self.nonce
    }

    /// The `S256` challenge of the verifier (RFC 7636 §4.2); none of a damaged verifier.
    pub(crate) fn code_challenge(&self) -> Option<PkceCodeChallenge> {
        self.code_verifier().map(|verifier| PkceCodeChallenge::from_code_verifier_sha256(&verifier))
    }

    /// The verifier, if it is whole: the crate panics over a challenge of a short one, and a server would be right to
    /// refuse it.
    pub(crate) fn code_verifier(&self) -> Option<PkceCodeVerifier> {
        // EXPOSE: the request type of the oauth2 crate, which does not print it.
        let verifier = self.verifier.expose();
        (verifier.len() == VERIFIER_LENGTH).then(|| PkceCodeVerifier::new(verifier.clone()))
    }
}

fn base64url(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}
