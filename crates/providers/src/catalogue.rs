//! All entries.

use crate::{Category, Provider, ProviderId};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The entries, by id.
pub struct Catalogue {
    entries: BTreeMap<ProviderId, Provider>,
}

/// The files of `data`, as the build script writes them down: reading them takes a parser less at run time, and the
/// program is started often.
const ENTRIES: &str = include_str!(concat!(env!("OUT_DIR"), "/catalogue.json"));

static BUILT_IN: LazyLock<Catalogue> = LazyLock::new(|| {
    // An entry that cannot be loaded is left out here and fails a test; a catalogue that panics would take the whole
    // program with it.
    let all: Vec<&RawValue> = serde_json::from_str(ENTRIES).unwrap_or_default();
    let entries = all.into_iter().filter_map(|entry| serde_json::from_str::<Provider>(entry.get()).ok());
    Catalogue { entries: entries.map(|entry| (entry.id.clone(), entry)).collect() }
});

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
