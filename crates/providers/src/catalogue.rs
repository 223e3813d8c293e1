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
    // An entry that does not parse is left out here and fails a test; a catalogue that panics would take the whole
    // program with it.
    let parsed = FILES.iter().filter_map(|(_, text)| parse(text).ok());
    Catalogue { entries: parsed.map(|provider| (provider.id.clone(), provider)).collect() }
});

/// One entry from its text.
///
/// # Errors
/// What the parser says, with line and column.
pub(crate) fn parse(text: &str) -> Result<Provider, toml::de::Error> {
    toml::from_str(text)
}

impl Catalogue {
    /// What this program was built with.
    pub fn built_in() -> &'static Self {
        &BUILT_IN
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
