//! Reads a JSON object from a server that may send anything.
//!
//! Invariant: what is wrong is told by kind, never by quoting the body.

use crate::Response;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;

/// Largest body that is parsed.
const LARGEST: usize = 1 << 20;

/// Why a body is no JSON object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotAnObject {
    /// Nothing came.
    #[error("the body is empty")]
    Empty,
    /// More than a megabyte.
    #[error("the body is larger than 1 MiB")]
    TooLarge,
    /// A page for people, cut off, or anything else that is not JSON.
    #[error("the body is not JSON")]
    NotJson,
    /// The same member twice: two readers would read two things.
    #[error("the body repeats a member")]
    Repeated,
}

/// A JSON object whose members are unique.
pub(crate) type Object = BTreeMap<String, Value>;

struct Unique(Object);

impl<'de> Deserialize<'de> for Unique {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Unique;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Unique, A::Error> {
                let mut members = Object::new();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    if members.insert(name, value).is_some() {
                        return Err(serde::de::Error::custom(REPEATED));
                    }
                }
                Ok(Unique(members))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

/// Marks our own error among the parser's.
const REPEATED: &str = "repeated member";

/// The object in the body of `response`, whatever its status and content type say.
pub(crate) fn object(response: &Response) -> Result<Object, NotAnObject> {
    // EXPOSE: parsed; members that are secret are moved into secrets by the callers.
    parse(response.body.expose())
}

/// The object in `body`.
pub(crate) fn parse(body: &[u8]) -> Result<Object, NotAnObject> {
    if body.len() > LARGEST {
        return Err(NotAnObject::TooLarge);
    }
    // Some servers put a byte order mark before their JSON.
    let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(NotAnObject::Empty);
    }
    // The parser refuses more than 128 levels by itself.
    match serde_json::from_slice::<Unique>(body) {
        Ok(Unique(members)) => Ok(members),
        Err(error) if error.to_string().starts_with(REPEATED) => Err(NotAnObject::Repeated),
        Err(_) => Err(NotAnObject::NotJson),
    }
}

/// Any JSON in the body of `response`, for answers of which a few places are looked at.
pub(crate) fn value(response: &Response) -> Result<Value, NotAnObject> {
    // EXPOSE: parsed; the places that are looked at hold no secret.
    let body = response.body.expose();
    if body.len() > LARGEST {
        return Err(NotAnObject::TooLarge);
    }
    let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
    serde_json::from_slice(body).map_err(|_| NotAnObject::NotJson)
}

/// A text member.
pub(crate) fn text<'a>(object: &'a Object, name: &str) -> Option<&'a str> {
    object.get(name).and_then(Value::as_str)
}
