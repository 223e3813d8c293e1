//! The catalogue that ships, and the report that keeps it honest.

#![expect(clippy::unwrap_used, reason = "functions beside the tests fail with them")]

mod authorization;
mod credentials;
mod custom;
mod entries;
mod fixtures;
mod page;
mod places;
mod quirks;
mod report;
mod shape;

use providers::{Provider, Template};
use std::path::{Path, PathBuf};

/// The folder of the entries.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data")
}

/// Every file of the folder: its name and the entry in it, in the order of the names.
pub(crate) fn files() -> Vec<(String, Provider)> {
    let mut files: Vec<_> = std::fs::read_dir(folder())
        .unwrap()
        .map(|file| {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            let provider = toml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            (name, provider)
        })
        .collect();
    files.sort_by(|(one, _), (other, _)| one.cmp(other));
    files
}

/// The day of the test, in UTC.
pub(crate) fn today() -> String {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
}

/// Every address of an entry.
pub(crate) fn templates(provider: &Provider) -> Vec<&Template> {
    let of = &provider.endpoints;
    let named = [
        &of.authorization,
        &of.token,
        &of.refresh,
        &of.device_authorization,
        &of.revocation,
        &of.userinfo,
        &of.jwks,
    ];
    let check = provider.credential.as_ref().map(|credential| &credential.check.url);
    let identity = provider.identity.as_ref().map(|lookup| &lookup.url);
    named.into_iter().filter_map(Option::as_ref).chain(check).chain(identity).collect()
}
