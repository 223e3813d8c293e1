//! Names: config key, connection id, the pair of them, and the id of one authorization attempt.
//!
//! Invariant: a name that exists is well formed; [`ConfigKey::parse`] and [`ConnectionId::parse`] are the only doors.

use serde::{Deserialize, Serialize};
use std::fmt;
use ts_rs::TS;

/// Why a text is no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing but white space.
    #[error("the name is empty")]
    Empty,
    /// More than 128 bytes.
    #[error("the name is longer than 128 bytes")]
    TooLong,
    /// A character that would need quoting in a path, a shell or an address.
    #[error("the name may hold letters, digits and . _ - ~ @ : + only")]
    Character,
}

fn check(text: &str) -> Result<String, NameError> {
    let name = text.trim();
    if name.is_empty() {
        return Err(NameError::Empty);
    }
    if name.len() > 128 {
        return Err(NameError::TooLong);
    }
    // `/` parts the two names in `mooring run KEY/ID`, and a leading `-` would read as an option.
    let allowed = |c: char| c.is_alphanumeric() || "._-~@:+".contains(c);
    if name.starts_with('-') || name == "." || name == ".." || !name.chars().all(allowed) {
        return Err(NameError::Character);
    }
    Ok(name.to_owned())
}

macro_rules! name {
    ($(#[$doc:meta])* $type:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
        #[serde(try_from = "String", into = "String")]
        #[ts(type = "string")]
        pub struct $type(String);

        impl $type {
            /// Trims and checks `text`.
            ///
            /// Shape: 1 to 128 bytes; letters, digits and `. _ - ~ @ : +`, not starting with `-`.
            pub fn parse(text: &str) -> Result<Self, NameError> {
                check(text).map(Self)
            }

            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $type {
            type Error = NameError;
            fn try_from(text: String) -> Result<Self, NameError> {
                Self::parse(&text)
            }
        }

        impl From<$type> for String {
            fn from(name: $type) -> Self {
                name.0
            }
        }
    };
}

name! {
    /// The name of a client registration (Pizzly's *config key*).
    ConfigKey
}
name! {
    /// The name of one authorization under a config key (Pizzly's *connection id*).
    ConnectionId
}

impl ConnectionId {
    /// A name that nobody chose: the attempt's id, which is well formed by its shape.
    pub fn from_attempt(attempt: &AttemptId) -> Self {
        Self(attempt.as_str().to_owned())
    }
}

/// The pair that names a connection; unique in a vault, and its identity for life.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionKey {
    /// Which client registration it was authorized with.
    pub config_key: ConfigKey,
    /// Which authorization under that registration.
    pub connection_id: ConnectionId,
}

impl ConnectionKey {
    /// Parses both names.
    pub fn parse(config_key: &str, connection_id: &str) -> Result<Self, NameError> {
        Ok(Self {
            config_key: ConfigKey::parse(config_key)?,
            connection_id: ConnectionId::parse(connection_id)?,
        })
    }
}

impl fmt::Display for ConnectionKey {
    /// `config_key/connection_id`; neither name can hold a slash, so this parts in one way only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.config_key, self.connection_id)
    }
}

impl std::str::FromStr for ConnectionKey {
    type Err = NameError;
    fn from_str(text: &str) -> Result<Self, NameError> {
        let (config_key, connection_id) = text.split_once('/').ok_or(NameError::Character)?;
        Self::parse(config_key, connection_id)
    }
}

/// One try to authorize.
///
/// Shape: 32 lower-case hexadecimal digits. Not secret: it names the attempt between window and core, and is
/// unrelated to OAuth's `state`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(type = "string")]
pub struct AttemptId(String);

impl AttemptId {
    /// From 16 random bytes.
    pub fn from_random(bytes: [u8; 16]) -> Self {
        Self(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AttemptId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{ConnectionKey, NameError};

    #[test]
    fn names_are_trimmed_and_checked() {
        assert_eq!(
            ConnectionKey::parse(" xero ", "ana@example.com").unwrap().to_string(),
            "xero/ana@example.com"
        );
        for (id, why) in [
            ("", NameError::Empty),
            ("  ", NameError::Empty),
            ("a/b", NameError::Character),
            ("-rf", NameError::Character),
            ("..", NameError::Character),
            ("a b", NameError::Character),
            ("a\n", NameError::Character),
            ("a\u{202e}b", NameError::Character),
        ] {
            // A trailing newline is trimmed like any white space at the ends.
            let result = ConnectionKey::parse("xero", id);
            if id == "a\n" {
                assert!(result.is_ok());
            } else {
                assert_eq!(result.unwrap_err(), why, "{id:?}");
            }
        }
        assert_eq!(ConnectionKey::parse("x", &"a".repeat(129)).unwrap_err(), NameError::TooLong);
    }

    #[test]
    fn a_pair_parses_back() {
        let key = ConnectionKey::parse("xero", "a:b").unwrap();
        assert_eq!(key.to_string().parse::<ConnectionKey>().unwrap(), key);
    }
}
