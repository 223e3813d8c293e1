//! Keys that a person copies from a provider's page: what is asked, how it is sent, and how it is proven to work.
//!
//! Knows no store and no socket; builds one harmless request.
//!
//! Invariants
//! - A key is sent in a header, never in an address.
//! - A value that does not match its pattern, or could end a header, is refused before anything is sent.

use crate::template::{ParameterError, Template, matches_whole};
use crate::{Auth, Provider};
use base64::Engine as _;
use secret::SecretString;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use url::Url;

/// What is asked of the person and how it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credential {
    /// What is asked, in order.
    pub fields: Vec<CredentialField>,
    /// Headers of each request; `{name}` is a field's value.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// HTTP Basic, at providers that take it.
    #[serde(default)]
    pub basic: Option<BasicPair>,
    /// One harmless request that proves the key.
    pub check: CredentialCheck,
}

/// One thing that is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CredentialField {
    /// Its name in `{name}`.
    pub name: String,
    /// Label in English.
    pub en: String,
    /// Label in Brazilian Portuguese.
    pub pt_br: String,
    /// Where the person finds it, in English.
    pub where_en: String,
    /// The same in Brazilian Portuguese.
    pub where_pt_br: String,
    /// Whether it is hidden and kept in the vault only.
    #[serde(default = "yes")]
    pub secret: bool,
    /// Regular expression that the whole value must match.
    pub pattern: Option<String>,
}

const fn yes() -> bool {
    true
}

/// User name and password of HTTP Basic; `{name}` is a field's value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BasicPair {
    /// The user name.
    pub user: String,
    /// The password; empty at providers that take the key as user name.
    #[serde(default)]
    pub password: String,
}

/// A GET that reads nothing of weight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CredentialCheck {
    /// What is asked.
    pub url: Template,
    /// The status of a key that works. 401 says that it does not; 403 often, that it works and may not read this.
    #[serde(default = "ok")]
    pub status: u16,
}

const fn ok() -> u16 {
    200
}

/// Why a key is not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CredentialError {
    /// A field is empty.
    #[error("`{0}` is missing")]
    Missing(String),
    /// A field does not have its shape.
    #[error("`{0}` is malformed")]
    Malformed(String),
    /// A parameter of the connection is at fault.
    #[error(transparent)]
    Parameter(#[from] ParameterError),
    /// This provider takes no key.
    #[error("this provider takes no key")]
    NoKey,
}

impl CredentialError {
    /// The field or parameter at fault; empty when it is none.
    pub fn field(&self) -> &str {
        match self {
            Self::Missing(name) | Self::Malformed(name) => name,
            Self::Parameter(error) => error.parameter(),
            Self::NoKey => "",
        }
    }
}

/// Longest key in use, with room.
const LONGEST_KEY: usize = 4096;

impl Credential {
    /// The headers that carry the key: their names and values.
    ///
    /// # Errors
    /// [`CredentialError::Missing`], [`CredentialError::Malformed`].
    pub fn headers(
        &self,
        values: &BTreeMap<String, SecretString>,
    ) -> Result<Vec<(String, SecretString)>, CredentialError> {
        self.look_at(values)?;
        let fill = |text: &str| filled(text, values);
        let mut headers: Vec<_> =
            self.headers.iter().map(|(name, text)| (name.clone(), fill(text))).collect();
        if let Some(pair) = &self.basic {
            let (user, password) = (fill(&pair.user), fill(&pair.password));
            // EXPOSE: encoded into a secret of its own; nothing here logs.
            let plain = SecretString::from(format!("{}:{}", user.expose(), password.expose()));
            // EXPOSE: the encoder, which keeps nothing.
            let encoded = base64::engine::general_purpose::STANDARD.encode(plain.expose());
            headers.push(("authorization".to_owned(), SecretString::from(format!("Basic {encoded}"))));
        }
        Ok(headers)
    }

    fn look_at(&self, values: &BTreeMap<String, SecretString>) -> Result<(), CredentialError> {
        for field in &self.fields {
            let missing = || CredentialError::Missing(field.name.clone());
            let value = values.get(&field.name).filter(|value| !value.is_empty()).ok_or_else(missing)?;
            // EXPOSE: looked at; the error carries the field's name only.
            if !field.takes(value.expose().trim()) {
                return Err(CredentialError::Malformed(field.name.clone()));
            }
        }
        Ok(())
    }
}

/// In one pass, so that a value with braces in it is no place to fill.
fn filled(text: &str, values: &BTreeMap<String, SecretString>) -> SecretString {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, behind) = after.split_once('}').unwrap_or((after, ""));
        filled.push_str(before);
        // EXPOSE: goes into a secret of its own; nothing here logs.
        filled.push_str(values.get(name).map_or("", |value| value.expose().trim()));
        rest = behind;
    }
    filled.push_str(rest);
    SecretString::from(filled)
}

impl CredentialField {
    /// Visible ASCII only: a line break would begin another header.
    fn takes(&self, value: &str) -> bool {
        let plain = !value.is_empty() && value.len() <= LONGEST_KEY;
        let visible = value.chars().all(|c| c.is_ascii_graphic());
        let shaped = self.pattern.as_deref().is_none_or(|pattern| matches_whole(pattern, value));
        plain && visible && shaped
    }
}

impl Provider {
    /// Whether a key is asked instead of an approval.
    pub const fn takes_key(&self) -> bool {
        matches!(self.auth, Auth::ApiKey | Auth::Basic)
    }

    /// The harmless request that proves a key, and the status that says so.
    ///
    /// # Errors
    /// [`CredentialError`].
    pub fn check_request(
        &self,
        values: &BTreeMap<String, SecretString>,
        parameters: &BTreeMap<String, String>,
    ) -> Result<(oauth::Request, u16), CredentialError> {
        let credential = self.credential.as_ref().ok_or(CredentialError::NoKey)?;
        let url: Url = credential.check.url.fill(&self.parameters, parameters)?;
        let mut request = http::Request::get(url.as_str());
        if !credential.headers.contains_key("accept") {
            request = request.header("accept", "application/json");
        }
        for (name, value) in credential.headers(values)? {
            // EXPOSE: the request, which cannot be printed.
            let made = http::HeaderValue::from_str(value.expose());
            let mut value = made.map_err(|_| CredentialError::Malformed(name.clone()))?;
            value.set_sensitive(true);
            request = request.header(name, value);
        }
        let request = request.body(Vec::new()).map_err(|_| ParameterError::Address)?;
        Ok((oauth::Request::new(request), credential.check.status))
    }
}
