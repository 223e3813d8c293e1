//! Identifiers in the form of UUIDs, and numbers that look random and are always the same.
//!
//! Invariant: what is derived from the same words is the same after a restart and on every machine.

use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::io;

/// A fresh UUID, version 4.
///
/// # Errors
/// The system has no randomness to give.
pub(super) fn fresh() -> io::Result<String> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(uuid(bytes))
}

/// The UUID of something that belongs to something else: always the same for the same words.
pub(super) fn derived(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let digest = hash.finalize();
    let mut bytes = [0_u8; 16];
    for (byte, from) in bytes.iter_mut().zip(digest) {
        *byte = from;
    }
    uuid(bytes)
}

/// The UUID of two numbers.
pub(super) fn of_numbers((one, two): (u64, u64)) -> String {
    uuid(((u128::from(one) << 64) | u128::from(two)).to_be_bytes())
}

fn uuid(mut bytes: [u8; 16]) -> String {
    let [.., version, _, variant, _, _, _, _, _, _, _] = &mut bytes;
    *version = (*version & 0x0f) | 0x40;
    *variant = (*variant & 0x3f) | 0x80;
    let mut text = String::with_capacity(36);
    for (index, byte) in bytes.iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        // Writing into a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// A row of numbers that follows from its seed (SplitMix64). Not for secrets.
pub(super) struct Numbers(u64);

impl Numbers {
    /// Begins a row from words and a number (FNV-1a).
    pub(super) fn of(word: &str, number: i64) -> Self {
        let bytes = word.bytes().chain(number.to_le_bytes());
        let seed = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
        });
        Self(seed)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from `low` to below `high`.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high.saturating_sub(low)).unwrap_or(0).max(1);
        low.saturating_add(i64::try_from(self.next() % span).unwrap_or(0))
    }

    /// One of several.
    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let index = self.between(0, i64::try_from(from.len()).unwrap_or(i64::MAX));
        from.get(usize::try_from(index).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::{Numbers, derived, fresh};

    #[test]
    fn identifiers_look_like_version_four() {
        for id in [fresh().unwrap(), derived(&["item", "0"])] {
            let parts: Vec<_> = id.split('-').map(str::len).collect();
            assert_eq!(parts, [8, 4, 4, 4, 12], "{id}");
            assert_eq!(&id[14..15], "4", "{id}");
            assert!(matches!(&id[19..20], "8" | "9" | "a" | "b"), "{id}");
        }
        assert_ne!(fresh().unwrap(), fresh().unwrap());
    }

    #[test]
    fn derived_values_are_always_the_same_and_keep_their_parts_apart() {
        assert_eq!(derived(&["a", "b"]), derived(&["a", "b"]));
        assert_ne!(derived(&["a", "b"]), derived(&["ab", ""]));
        assert_eq!(Numbers::of("a", 1).next(), Numbers::of("a", 1).next());
        assert_ne!(Numbers::of("a", 1).next(), Numbers::of("a", 2).next());
    }
}
