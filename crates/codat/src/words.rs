//! Ids and closed lists of words that are not closed for us: how both are declared.
//!
//! Invariants
//! - An id is fit to be a path segment, so an answer cannot send a later request elsewhere.
//! - A word that this version does not know is kept as it came and never fails an answer.

/// Longest id; Codat's are UUIDs and four-letter keys.
pub(crate) const LONGEST_ID: usize = 64;

/// Why a text is no id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an id is 1 to 64 letters, digits, hyphens or underscores")]
pub struct IdError;

/// Whether `text` can be an id.
pub(crate) fn is_id(text: &str) -> bool {
    (1..=LONGEST_ID).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// Declares a type for one kind of id.
macro_rules! identifier {
    ($(#[$about:meta])* $name:ident) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// From a text of 1 to 64 letters, digits, hyphens or underscores.
            ///
            /// # Errors
            /// [`IdError`](crate::IdError) for anything else: an id becomes a part of an address.
            pub fn parse(text: &str) -> Result<Self, crate::IdError> {
                if crate::words::is_id(text) { Ok(Self(text.to_owned())) } else { Err(crate::IdError) }
            }

            /// As Codat writes it.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Whether it names the same, whatever the case: UUIDs are written in both.
            pub fn is(&self, other: &Self) -> bool {
                self.0.eq_ignore_ascii_case(&other.0)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

/// Declares an enumeration whose unknown words survive.
macro_rules! open_enum {
    ($(#[$about:meta])* $name:ident { $($(#[$word_about:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$word_about])* $variant,)+
            /// A word that this version does not know; empty where the answer had none.
            Other(String),
        }

        impl $name {
            /// The words that are known, as Codat writes them.
            pub const KNOWN: &'static [&'static str] = &[$($word),+];

            /// The meaning of `word`, whatever its case.
            pub fn of(word: &str) -> Self {
                $(if word.eq_ignore_ascii_case($word) { return Self::$variant; })+
                Self::Other(crate::text::printable(word, crate::words::LONGEST_ID))
            }

            /// As Codat writes it; an unknown word as it came, at most 64 printable characters of it.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Other(word) => word,
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

pub(crate) use open_enum;

identifier! {
    /// A company: whose data it is. A UUID.
    CompanyId
}
identifier! {
    /// A connection of a company to a platform. A UUID.
    ConnectionId
}
identifier! {
    /// A platform, such as `gbol` for Xero. Four letters, and for some banks a word.
    PlatformKey
}
identifier! {
    /// One reading of one data type. A UUID.
    PullOperationId
}
