//! Reads JSON of a server that may send anything, one member at a time.
//!
//! Invariants
//! - A member that is missing, null or of another type is none; it never fails what is around it.
//! - Numbers are read from their own digits.

use crate::amount::Amount;
use crate::calendar;
use crate::printable::{LONGEST_LABEL, printable};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use url::Url;

/// Longest text that is an identifier or another value for machines.
const LONGEST_TEXT: usize = 4_096;

/// The members of an object, unread.
pub(crate) struct Object<'a>(BTreeMap<String, &'a RawValue>);

/// What can be read from an object of an answer; none when it lacks what makes it one.
pub(crate) trait Read: Sized {
    /// Reads it.
    fn read(object: &Object<'_>) -> Option<Self>;
}

/// A whole body as one JSON value.
pub(crate) fn value(body: &[u8]) -> Option<&RawValue> {
    // Some servers put a byte order mark before their JSON.
    let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
    serde_json::from_slice(body).ok()
}

/// The elements of an array; none when it is no array.
pub(crate) fn elements(value: &RawValue) -> Option<Vec<&RawValue>> {
    serde_json::from_str(value.get()).ok()
}

impl<'a> Object<'a> {
    /// None when `value` is no object.
    pub(crate) fn of(value: &'a RawValue) -> Option<Self> {
        serde_json::from_str(value.get()).ok().map(Self)
    }

    /// A member that is there and not null.
    pub(crate) fn member(&self, name: &str) -> Option<&'a RawValue> {
        self.0.get(name).copied().filter(|value| value.get() != "null")
    }

    /// Names of all members.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// A text exactly as sent, of at most `longest` bytes.
    pub(crate) fn exact(&self, name: &str, longest: usize) -> Option<String> {
        let raw = self.member(name)?.get();
        if raw.len() > longest.saturating_mul(6).saturating_add(2) {
            return None;
        }
        serde_json::from_str::<String>(raw).ok().filter(|text| text.len() <= longest)
    }

    /// An identifier, a word or another value for machines; a number counts as its digits.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.exact(name, LONGEST_TEXT).or_else(|| self.digits(name).map(ToOwned::to_owned))
    }

    /// A text for people.
    pub(crate) fn label(&self, name: &str) -> Option<String> {
        let text = self.exact(name, 64 * 1024)?;
        Some(printable(&text, LONGEST_LABEL)).filter(|text| !text.is_empty())
    }

    /// A word of an open list.
    pub(crate) fn word<W: for<'w> From<&'w str>>(&self, name: &str) -> Option<W> {
        self.text(name).filter(|word| !word.is_empty()).map(|word| W::from(word.as_str()))
    }

    /// Words of an open list; what is no text is left out.
    pub(crate) fn words<W: for<'w> From<&'w str>>(&self, name: &str) -> Vec<W> {
        let elements = self.member(name).and_then(elements).unwrap_or_default();
        let texts = elements.into_iter().filter_map(|one| serde_json::from_str::<String>(one.get()).ok());
        texts.map(|word| W::from(word.as_str())).collect()
    }

    /// Texts for people; what is no text is left out.
    pub(crate) fn labels(&self, name: &str) -> Vec<String> {
        let elements = self.member(name).and_then(elements).unwrap_or_default();
        let texts = elements.into_iter().filter_map(|one| serde_json::from_str::<String>(one.get()).ok());
        texts.map(|text| printable(&text, LONGEST_LABEL)).collect()
    }

    /// The address of a page or picture: what else an address can do, such as run a script, is none.
    pub(crate) fn web_address(&self, name: &str) -> Option<Url> {
        let url = Url::parse(&self.exact(name, LONGEST_TEXT)?).ok()?;
        let plain =
            matches!(url.scheme(), "https" | "http") && url.username().is_empty() && url.password().is_none();
        plain.then_some(url)
    }

    /// Yes or no.
    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        match self.member(name)?.get() {
            "true" | "\"true\"" => Some(true),
            "false" | "\"false\"" => Some(false),
            _ => None,
        }
    }

    /// A whole number, as a number or as a text.
    pub(crate) fn whole(&self, name: &str) -> Option<i64> {
        self.text(name)?.trim().parse().ok()
    }

    /// A whole number that cannot be negative.
    pub(crate) fn count(&self, name: &str) -> Option<u64> {
        self.whole(name).and_then(|number| u64::try_from(number).ok())
    }

    /// An exact decimal, from a number or a text.
    pub(crate) fn amount(&self, name: &str) -> Option<Amount> {
        match self.digits(name) {
            Some(digits) => Amount::parse(digits),
            None => Amount::parse(&self.exact(name, 64)?),
        }
    }

    /// An instant.
    pub(crate) fn instant(&self, name: &str) -> Option<Timestamp> {
        calendar::instant(&self.exact(name, 64)?)
    }

    /// A day of the calendar.
    pub(crate) fn day(&self, name: &str) -> Option<Date> {
        calendar::day(&self.exact(name, 64)?)
    }

    /// An object inside.
    pub(crate) fn object(&self, name: &str) -> Option<Self> {
        Self::of(self.member(name)?)
    }

    /// What an object inside says.
    pub(crate) fn part<T: Read>(&self, name: &str) -> Option<T> {
        T::read(&self.object(name)?)
    }

    /// What the objects of a list inside say; broken ones are left out.
    pub(crate) fn parts<T: Read>(&self, name: &str) -> Vec<T> {
        let elements = self.member(name).and_then(elements).unwrap_or_default();
        elements.into_iter().filter_map(|one| T::read(&Object::of(one)?)).collect()
    }

    fn digits(&self, name: &str) -> Option<&'a str> {
        let raw = self.member(name)?.get();
        raw.starts_with(|c: char| c == '-' || c.is_ascii_digit()).then_some(raw)
    }
}
