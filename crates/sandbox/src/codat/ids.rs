//! Identifiers as Codat has them: UUIDs, and correlation ids of 32 hexadecimal digits.
//!
//! Source: RFC 9562 §5.4 and §5.8 (checked 2026-11-21).

use sha2::{Digest as _, Sha256};
use std::io;

/// The identifier of something that is always there: the same text gives the same one (UUID version 8).
pub(super) fn uuid_of(text: &str) -> String {
    let digest: [u8; 32] = Sha256::digest(format!("codat-sandbox:{text}")).into();
    let mut bytes = [0_u8; 16];
    bytes.iter_mut().zip(digest).for_each(|(byte, drawn)| *byte = drawn);
    shaped(bytes, 0x80)
}

/// A new identifier (UUID version 4).
///
/// # Errors
/// The system has no randomness to give.
pub(super) fn new_uuid() -> io::Result<String> {
    drawn().map(|bytes| shaped(bytes, 0x40))
}

/// A new correlation id; zeros where the system has no randomness, since an error must be answered all the same.
pub(super) fn correlation_id() -> String {
    hex(&drawn().unwrap_or_default())
}

fn drawn() -> io::Result<[u8; 16]> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(bytes)
}

fn shaped(mut bytes: [u8; 16], version: u8) -> String {
    bytes[6] = (bytes[6] & 0x0f) | version;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let text = hex(&bytes);
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_text_has_the_same_identifier_and_another_text_another() {
        assert_eq!(uuid_of("a"), uuid_of("a"));
        assert_ne!(uuid_of("a"), uuid_of("b"));
        assert_ne!(new_uuid().unwrap(), new_uuid().unwrap());
        let parts: Vec<usize> = uuid_of("a").split('-').map(str::len).collect();
        assert_eq!(parts, [8, 4, 4, 4, 12]);
        assert_eq!(correlation_id().len(), 32);
    }
}
