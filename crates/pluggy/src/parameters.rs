//! What a person typed into a connector's form.

use secret::SecretString;
use serde::{Serialize, Serializer, ser::SerializeMap};
use std::collections::BTreeMap;

/// Values by field name: bank users, passwords and codes, so secrets all of them.
#[derive(Default)]
pub struct Parameters(BTreeMap<String, SecretString>);

impl Parameters {
    /// None yet.
    pub const fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// Sets the value of a field.
    pub fn set(&mut self, name: impl Into<String>, value: SecretString) {
        self.0.insert(name.into(), value);
    }

    /// The same, with the value of one more field.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<SecretString>) -> Self {
        self.set(name, value.into());
        self
    }

    /// The value of a field.
    pub fn get(&self, name: &str) -> Option<&SecretString> {
        self.0.get(name)
    }

    /// Names of the fields that have a value.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Whether no field has a value.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `text` without the values: a server's message may quote what it was sent.
    pub(crate) fn redact(&self, text: &str) -> String {
        self.0.values().fold(text.to_owned(), |text, value| redact(&text, value))
    }
}

/// Shortest value that is looked for: to hide the number of a choice, say, would garble every sentence.
const SHORTEST: usize = 3;

/// `text` without `value`, and without the beginning of it where the text was cut in its midst.
pub(crate) fn redact(text: &str, value: &SecretString) -> String {
    // EXPOSE: compared with a text, of which every occurrence is cut out; nothing is kept.
    let value = value.expose().trim();
    if value.chars().count() < SHORTEST {
        return text.to_owned();
    }
    let mut redacted = text.replace(value, "…");
    let beginnings = value.char_indices().rev().map(|(end, _)| value.get(..end).unwrap_or_default());
    let cut = beginnings.filter(|beginning| beginning.chars().count() >= SHORTEST);
    if let Some(kept) =
        cut.map(|beginning| redacted.strip_suffix(beginning)).find_map(|kept| kept.map(str::len))
    {
        redacted.truncate(kept);
        redacted.push('…');
    }
    redacted
}

impl std::fmt::Debug for Parameters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// The body of a request; made only where one is written.
pub(crate) struct Sent<'a>(pub(crate) &'a Parameters);

impl Serialize for Sent<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.0.len()))?;
        for (name, value) in &self.0.0 {
            // EXPOSE: the body of a request, which cannot be printed.
            map.serialize_entry(name, value.expose())?;
        }
        map.end()
    }
}
