//! Validates entries: what would mislead a person is an error of the entry, not of the person.

use crate::facts::{FACTS, can_be_proven, states};
use crate::shape::places;
use crate::{Provider, Template};
use std::fmt;

/// What is wrong with an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// The entry.
    pub provider: String,
    /// The field.
    pub field: String,
    /// What is wrong, for whoever maintains it.
    pub what: &'static str,
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.provider, self.field, self.what)
    }
}

/// Everything that is wrong with `provider`, as of `today` (`YYYY-MM-DD`).
pub fn validate(provider: &Provider, file_name: &str, today: &str) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    let mut complain = |field: &str, what: &'static str| {
        complaints.push(Complaint { provider: file_name.to_owned(), field: field.to_owned(), what });
    };
    if file_name != format!("{}.toml", provider.id) {
        complain("id", "differs from the file's name");
    }
    for (field, template) in templates(provider) {
        if !template.as_str().starts_with("https://") {
            complain(field, "is not https");
        }
        if !places(template.as_str()).all(|name| provider.parameters.iter().any(|one| one.name == name)) {
            complain(field, "names a parameter that is not declared");
        }
    }
    if provider.documentation.is_none() {
        complain("documentation", "is missing");
    }
    for field in FACTS {
        if states(provider, field) && provider.proof_of(field).is_none() {
            complain(field, "has no source");
        }
    }
    for name in provider.sources.iter().flat_map(|source| &source.fields) {
        if !can_be_proven(provider, name) {
            complain(name, "has a source and is not stated");
        }
    }
    for scope in &provider.scopes {
        if scope.en.trim().is_empty() || scope.pt_br.trim().is_empty() {
            complain("scopes", "a scope has no words");
        }
    }
    for parameter in &provider.parameters {
        if parameter.pattern.as_deref().is_some_and(|pattern| regex_lite::Regex::new(pattern).is_err()) {
            complain("parameters", "a pattern is no regular expression");
        }
    }
    for source in &provider.sources {
        let is_date = source.checked.parse::<jiff::civil::Date>().is_ok();
        if !is_date || source.checked.as_str() > today {
            complain("sources", "a date is malformed or in the future");
        }
    }
    for (field, what) in crate::shape::faults(provider) {
        complain(field, what);
    }
    if provider.brand_color.as_deref().is_some_and(|color| !is_readable_under_white(color)) {
        complain("brand_color", "is no #rrggbb on which white can be read");
    }
    complaints
}

fn templates(provider: &Provider) -> Vec<(&'static str, &Template)> {
    let endpoints = &provider.endpoints;
    let named = [
        ("endpoints.authorization", &endpoints.authorization),
        ("endpoints.token", &endpoints.token),
        ("endpoints.refresh", &endpoints.refresh),
        ("endpoints.device_authorization", &endpoints.device_authorization),
        ("endpoints.revocation", &endpoints.revocation),
        ("endpoints.userinfo", &endpoints.userinfo),
        ("endpoints.jwks", &endpoints.jwks),
    ];
    let check = provider.credential.as_ref().map(|credential| ("credential.check", &credential.check.url));
    let identity = provider.identity.as_ref().map(|lookup| ("identity", &lookup.url));
    let optional = named.into_iter().filter_map(|(field, one)| Some((field, one.as_ref()?)));
    optional.chain(check).chain(identity).collect()
}

/// WCAG 2.2 contrast of white on the colour, at least 4.5.
fn is_readable_under_white(color: &str) -> bool {
    let channel = |at: usize| color.get(at..at + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
    let (Some(red), Some(green), Some(blue)) = (channel(1), channel(3), channel(5)) else { return false };
    if color.len() != 7 || !color.starts_with('#') {
        return false;
    }
    let linear = |value: u8| {
        let share = f64::from(value) / 255.0;
        if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    };
    let luminance = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
    1.05 / (luminance + 0.05) >= 4.5
}
