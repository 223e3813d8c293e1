//! Reads members of JSON objects of which any may be missing, null or of another type.
//!
//! Invariant: what is wrong is absent, never an error; only the caller knows whether something cannot be missed.

use crate::instant::instant;
use crate::text::{LONGEST_NAME, printable, quotable};
use jiff::Timestamp;
use secret::SecretString;
use serde_json::{Map, Value};

/// A JSON object to read from.
#[derive(Clone, Copy)]
pub(crate) struct Object<'a>(&'a Map<String, Value>);

impl<'a> Object<'a> {
    /// `value` as an object; none for anything else.
    pub(crate) fn of(value: &'a Value) -> Option<Self> {
        value.as_object().map(Self)
    }

    /// The member as it is; null is none.
    pub(crate) fn value(self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// The same, where null says something of its own.
    pub(crate) fn member(self, name: &str) -> Option<&'a Value> {
        self.0.get(name)
    }

    /// A text that is not empty, as it came.
    pub(crate) fn text(self, name: &str) -> Option<&'a str> {
        self.value(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// A name, fit to be shown.
    pub(crate) fn name(self, name: &str) -> Option<String> {
        self.text(name).map(|text| printable(text, LONGEST_NAME)).filter(|text| !text.is_empty())
    }

    /// A message, fit to be shown and without what looks like a secret.
    pub(crate) fn message(self, name: &str) -> Option<String> {
        self.text(name).map(quotable).filter(|text| !text.is_empty())
    }

    /// A text that must not be shown.
    pub(crate) fn secret(self, name: &str) -> Option<SecretString> {
        self.text(name).map(SecretString::from)
    }

    /// A truth value.
    pub(crate) fn flag(self, name: &str) -> Option<bool> {
        self.value(name).and_then(Value::as_bool)
    }

    /// A whole number, also when written as a text or with a fraction of zero.
    pub(crate) fn whole(self, name: &str) -> Option<i64> {
        match self.value(name)? {
            Value::Number(number) => number.as_i64().or_else(|| {
                #[expect(clippy::cast_possible_truncation, reason = "only whole numbers below 2^53 pass")]
                let cut = number.as_f64().filter(|f| f.fract() == 0.0 && f.abs() < 9e15).map(|f| f as i64);
                cut
            }),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// An instant, UTC where no zone is given.
    pub(crate) fn instant(self, name: &str) -> Option<Timestamp> {
        self.text(name).and_then(instant)
    }

    /// The elements of a list; none of them when it is not a list.
    pub(crate) fn list(self, name: &str) -> &'a [Value] {
        self.value(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// An object in it.
    pub(crate) fn object(self, name: &str) -> Option<Self> {
        self.value(name).and_then(Self::of)
    }

    /// All members.
    pub(crate) fn members(self) -> impl Iterator<Item = (&'a String, &'a Value)> {
        self.0.iter()
    }

    /// A copy of an object in it.
    pub(crate) fn map(self, name: &str) -> Map<String, Value> {
        self.object(name).map(|object| object.0.clone()).unwrap_or_default()
    }
}

/// Elements that could be read, and how many could not.
pub(crate) fn readable<T>(list: &[Value], read: impl Fn(Object<'_>) -> Option<T>) -> (Vec<T>, usize) {
    let items: Vec<T> = list.iter().filter_map(|one| Object::of(one).and_then(&read)).collect();
    let skipped = list.len() - items.len();
    (items, skipped)
}
