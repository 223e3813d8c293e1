//! Endpoints whose address depends on a connection: `https://{shop}.example.com/oauth`.
//!
//! Invariant: what a parameter fills in can change neither scheme nor, beyond its place, the host: values are checked
//! against their pattern, and the address that comes of it is judged anew.

use crate::Parameter;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use url::Url;

/// An address with `{name}` where a parameter belongs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Template(String);

/// Why a template cannot be filled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParameterError {
    /// A value is missing.
    #[error("the value of `{0}` is missing")]
    Missing(String),
    /// A value does not match its pattern.
    #[error("the value of `{0}` is malformed")]
    Malformed(String),
    /// The address that comes of it may not be asked.
    #[error("the address is not acceptable")]
    Address,
    /// The provider has no such endpoint.
    #[error("the provider has no such endpoint")]
    NoEndpoint,
}

impl ParameterError {
    /// The parameter at fault; empty when it is the address as a whole.
    pub fn parameter(&self) -> &str {
        match self {
            Self::Missing(name) | Self::Malformed(name) => name,
            Self::Address | Self::NoEndpoint => "",
        }
    }
}

/// Longest value of a parameter.
const LONGEST_VALUE: usize = 200;

impl Template {
    /// The text, for the report and the generated page.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The host, with `{name}` where a parameter belongs.
    pub fn host(&self) -> String {
        let after_scheme = self.0.split("://").nth(1).unwrap_or_default();
        let authority = after_scheme.split(['/', '?', '#']).next().unwrap_or_default();
        authority.strip_suffix(":443").unwrap_or(authority).to_owned()
    }

    /// Fills in the values.
    ///
    /// # Errors
    /// [`ParameterError`].
    pub fn fill(
        &self,
        known: &[Parameter],
        values: &BTreeMap<String, String>,
    ) -> Result<Url, ParameterError> {
        let mut text = self.0.clone();
        for parameter in known {
            let place = format!("{{{}}}", parameter.name);
            if !text.contains(&place) {
                continue;
            }
            let missing = || ParameterError::Missing(parameter.name.clone());
            let value =
                values.get(&parameter.name).map(|value| value.trim()).filter(|value| !value.is_empty());
            let value = value.ok_or_else(missing)?;
            if !fits(parameter, value) {
                return Err(ParameterError::Malformed(parameter.name.clone()));
            }
            text = text.replace(&place, value);
        }
        let url = Url::parse(&text).map_err(|_| ParameterError::Address)?;
        oauth::is_acceptable_endpoint(&url).then_some(url).ok_or(ParameterError::Address)
    }
}

/// Without a pattern a value may be a host label or a path segment, nothing that ends one.
fn fits(parameter: &Parameter, value: &str) -> bool {
    if value.len() > LONGEST_VALUE {
        return false;
    }
    match &parameter.pattern {
        Some(pattern) => matches_whole(pattern, value),
        None => value.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'),
    }
}

/// Whether all of `value` matches; a pattern that is none matches nothing.
pub(crate) fn matches_whole(pattern: &str, value: &str) -> bool {
    whole(pattern).is_some_and(|regex| regex.is_match(value))
}

/// The group `kept` of a pattern that all of `value` matches, or all of it where there is no such group.
pub(crate) fn captured(pattern: &str, value: &str) -> Option<String> {
    if value.len() > LONGEST_VALUE {
        return None;
    }
    let captures = whole(pattern)?.captures(value)?;
    captures.name("kept").or_else(|| captures.get(0)).map(|kept| kept.as_str().to_owned())
}

/// `\A` and `\z`: a line break at the end is part of the value.
fn whole(pattern: &str) -> Option<regex_lite::Regex> {
    regex_lite::Regex::new(&format!(r"\A(?:{pattern})\z")).ok()
}

impl From<&Url> for Template {
    fn from(url: &Url) -> Self {
        Self(url.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::{ParameterError, Template};
    use crate::Parameter;
    use std::collections::BTreeMap;

    fn filled(value: &str, pattern: Option<&str>) -> Result<String, ParameterError> {
        let parameter = Parameter {
            name: "shop".to_owned(),
            en: String::new(),
            pt_br: String::new(),
            pattern: pattern.map(ToOwned::to_owned),
            example: None,
        };
        let values = BTreeMap::from([("shop".to_owned(), value.to_owned())]);
        let template = Template("https://{shop}.example.com/oauth/token".to_owned());
        template.fill(&[parameter], &values).map(|url| url.to_string())
    }

    #[test]
    fn a_value_fills_its_place_and_nothing_else() {
        assert_eq!(filled("acme", None).unwrap(), "https://acme.example.com/oauth/token");
        assert_eq!(filled("", None), Err(ParameterError::Missing("shop".to_owned())));
        for value in ["evil.example/", "a@evil.example#", "a.b", "a/b", "a b", "a:b"] {
            assert_eq!(filled(value, None), Err(ParameterError::Malformed("shop".to_owned())), "{value}");
        }
        assert_eq!(
            filled("evil.example#", Some("[a-z]+")),
            Err(ParameterError::Malformed("shop".to_owned()))
        );
        assert!(filled("acme", Some("[a-z]+")).is_ok());
    }
}
