//! Words of the person's own, shown before a disconnect or reconnect: Codat's `options.text`.
//!
//! Read from `{"text": {"accounting.connectionDetails.dataTypes": ["…"]}}`, from what is inside `text`, and from the
//! same names as nested objects; a single text counts as a list of one. What cannot be read is left out and counted.
//!
//! Source: docs.codat.io, connection management, custom text; the examples of Codat's component write dotted names.

use crate::markdown::{Block, sanitize};
use crate::{Category, json};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Lists of data types by category, in Markdown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CustomText {
    lists: BTreeMap<Category, Vec<String>>,
    skipped: usize,
}

/// Why a text is no options at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CustomTextError {
    /// Not JSON, or JSON of another kind.
    #[error("this is not a JSON object")]
    NotAnObject,
    /// More than 256 KiB.
    #[error("this is too long")]
    TooLong,
}

/// Longest options that are read.
const LONGEST: usize = 256 * 1024;
/// Most entries in a list.
const MOST_ENTRIES: usize = 100;
/// Longest entry, in characters.
const LONGEST_ENTRY: usize = 2_000;
/// Categories that have a text, by their names in the options.
const NAMES: [(&str, Category); 3] =
    [("accounting", Category::Accounting), ("banking", Category::Banking), ("commerce", Category::Commerce)];
/// What follows the category.
const DETAILS: &str = "connectionDetails";
/// What follows that.
const DATA_TYPES: &str = "dataTypes";

impl CustomText {
    /// From JSON as a person pastes it.
    ///
    /// # Errors
    /// [`CustomTextError`].
    pub fn parse(text: &str) -> Result<Self, CustomTextError> {
        if text.len() > LONGEST {
            return Err(CustomTextError::TooLong);
        }
        let value: Value = serde_json::from_str(text).map_err(|_| CustomTextError::NotAnObject)?;
        let object = json::Object::of(&value).ok_or(CustomTextError::NotAnObject)?;
        let options = object.object("options").unwrap_or(object);
        let texts = options.object("text").unwrap_or(options);
        let mut read = Self::default();
        for (name, category) in NAMES {
            let dotted = texts.value(&format!("{name}.{DETAILS}.{DATA_TYPES}"));
            let nested = || texts.object(name)?.object(DETAILS)?.value(DATA_TYPES);
            if let Some(list) = dotted.or_else(nested) {
                read.take(category, list);
            }
        }
        Ok(read)
    }

    /// The same with another list; an empty one removes it.
    #[must_use]
    pub fn with(mut self, category: Category, entries: &[String]) -> Self {
        let list = Value::from(entries.to_vec());
        self.lists.remove(&category);
        if NAMES.iter().any(|(_, named)| *named == category) {
            self.take(category, &list);
        }
        self
    }

    /// The entries of a category, in Markdown; none where no text is set, and then no list is shown.
    pub fn data_types(&self, category: Category) -> &[String] {
        self.lists.get(&category).map_or(&[], Vec::as_slice)
    }

    /// The entries of a category, ready to be shown.
    pub fn shown(&self, category: Category) -> Vec<Vec<Block>> {
        self.data_types(category).iter().map(|entry| sanitize(entry)).filter(|one| !one.is_empty()).collect()
    }

    /// How many entries could not be read.
    pub const fn skipped(&self) -> usize {
        self.skipped
    }

    /// As the component takes it: dotted names under `text`.
    pub fn to_json(&self) -> Value {
        let name =
            |category: Category| NAMES.iter().find(|(_, named)| *named == category).map(|(name, _)| name);
        let texts: Map<String, Value> = self
            .lists
            .iter()
            .filter_map(|(category, list)| {
                Some((format!("{}.{DETAILS}.{DATA_TYPES}", name(*category)?), Value::from(list.clone())))
            })
            .collect();
        serde_json::json!({ "text": texts })
    }

    fn take(&mut self, category: Category, list: &Value) {
        let entries: Vec<&Value> = match list {
            Value::Array(entries) => entries.iter().collect(),
            one => vec![one],
        };
        let kept: Vec<String> =
            entries.iter().filter_map(|entry| entry_text(entry)).take(MOST_ENTRIES).collect();
        self.skipped += entries.len() - kept.len();
        if !kept.is_empty() {
            self.lists.insert(category, kept);
        }
    }
}

fn entry_text(value: &Value) -> Option<String> {
    let text = value.as_str()?.trim();
    let fits = !text.is_empty() && text.chars().count() <= LONGEST_ENTRY;
    fits.then(|| text.to_owned())
}
