//! All entries.

use crate::data::FILES;
use crate::{Category, Provider, ProviderId};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The entries, by id.
pub struct Catalogue {
    entries: BTreeMap<ProviderId, Provider>,
}

static BUILT_IN: LazyLock<Catalogue> = LazyLock::new(|| {
    // An entry that cannot be loaded is left out here and fails a test; a catalogue that panics would take the whole
    // program with it.
    let mut catalogue = Catalogue { entries: BTreeMap::new() };
    for (name, text) in FILES {
        let _ = catalogue.add(name, text);
    }
    catalogue
});

/// Why a file is no entry.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// It does not parse, or has a field that the schema does not know.
    #[error("{name}: {error}")]
    Text {
        /// The file.
        name: String,
        /// With line and column.
        error: Box<toml::de::Error>,
    },
    /// Another entry has this id already.
    #[error("{0}: the id is taken")]
    Duplicate(String),
}

impl Catalogue {
    /// What this program was built with.
    pub fn built_in() -> &'static Self {
        &BUILT_IN
    }

    /// From files: their names and contents.
    ///
    /// # Errors
    /// [`LoadError`] of the first file that is no entry.
    pub fn from_files(files: &[(&str, &str)]) -> Result<Self, LoadError> {
        let mut catalogue = Self { entries: BTreeMap::new() };
        files.iter().try_for_each(|(name, text)| catalogue.add(name, text))?;
        Ok(catalogue)
    }

    fn add(&mut self, name: &str, text: &str) -> Result<(), LoadError> {
        let wrong = |error| LoadError::Text { name: name.to_owned(), error: Box::new(error) };
        let provider: Provider = toml::from_str(text).map_err(wrong)?;
        if self.entries.contains_key(&provider.id) {
            return Err(LoadError::Duplicate(name.to_owned()));
        }
        self.entries.insert(provider.id.clone(), provider);
        Ok(())
    }

    /// One entry.
    pub fn get(&self, id: &ProviderId) -> Option<&Provider> {
        self.entries.get(id)
    }

    /// All entries, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Provider> {
        self.entries.values()
    }

    /// Entries whose name holds `query`, in any of the given categories and countries when they are given.
    pub fn search(&self, query: &str, category: Option<Category>, country: Option<&str>) -> Vec<&Provider> {
        let query = query.trim().to_lowercase();
        let fits = |one: &&Provider| {
            one.name.to_lowercase().contains(&query)
                && category.is_none_or(|category| one.category == category)
                && country.is_none_or(|country| {
                    one.countries.is_empty() || one.countries.iter().any(|c| c == country)
                })
        };
        self.iter().filter(fits).collect()
    }
}
