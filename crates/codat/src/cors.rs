//! Origins whose pages may embed Codat's component: the list, and what may be added to it.
//!
//! Whether setting the list replaces or extends it is not documented; so the whole list is always sent, and the answer
//! is compared with it ([`CorsSettings::differs_from`]). What is in the list already is sent back as it came.
//!
//! Source: platform API 3.0.0, `/corsSettings`. Which origins Codat refuses is not documented; the rules here are
//! those of the Fetch standard and of caution.

use crate::api::is_loopback;
use crate::{ApiError, answer};
use jiff::Timestamp;
use serde_json::Value;
use url::Url;
use web::Response;

/// The origins that are allowed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CorsSettings {
    origins: Vec<String>,
    skipped: usize,
}

impl CorsSettings {
    /// In Codat's order.
    pub fn origins(&self) -> &[String] {
        &self.origins
    }

    /// How many could not be read. The list must not be set while there are any: they would be dropped.
    pub const fn skipped(&self) -> usize {
        self.skipped
    }

    /// With one more; the same if it is there.
    #[must_use]
    pub fn with(mut self, origin: &Origin) -> Self {
        if !self.allows(origin.as_str()) {
            self.origins.push(origin.0.clone());
        }
        self
    }

    /// Without one, however it is spelled.
    #[must_use]
    pub fn without(mut self, origin: &str) -> Self {
        self.origins.retain(|one| !same(one, origin));
        self
    }

    /// Whether `origin` is in the list.
    pub fn allows(&self, origin: &str) -> bool {
        self.origins.iter().any(|one| same(one, origin))
    }

    /// Origins that are in only one of the two: what was asked for and did not happen.
    pub fn differs_from(&self, asked: &Self) -> Vec<String> {
        let extra = self.origins.iter().filter(|one| !asked.allows(one));
        let missing = asked.origins.iter().filter(|one| !self.allows(one));
        extra.chain(missing).cloned().collect()
    }
}

fn same(one: &str, other: &str) -> bool {
    one.trim_end_matches('/').eq_ignore_ascii_case(other.trim_end_matches('/'))
}

/// Judges the origins in an answer. One that does not name the list is no answer: an empty list in its place would be
/// sent back, and wipe what is set.
///
/// # Errors
/// [`ApiError`].
pub fn judge_cors_settings(response: &Response, now: Timestamp) -> Result<CorsSettings, ApiError> {
    answer::object(response, now, |object| {
        let sent = match object.member("allowedOrigins")? {
            // Nothing was ever set.
            Value::Null => &[][..],
            Value::Array(sent) => sent,
            _ => return None,
        };
        let origins: Vec<String> = sent.iter().filter_map(as_sent).collect();
        Some(CorsSettings { skipped: sent.len() - origins.len(), origins })
    })
}

/// A text that can be shown as it is; what cannot would go back changed.
fn as_sent(origin: &Value) -> Option<String> {
    let text = origin.as_str().filter(|text| !text.is_empty())?;
    (crate::text::printable(text, crate::text::LONGEST_NAME) == text).then(|| text.to_owned())
}

/// An origin that may be added: scheme, host and port, as a browser writes them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin(String);

/// Why a text cannot be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    /// Nothing was given.
    #[error("an origin is needed, such as https://shop.example")]
    Empty,
    /// A star would allow pages that nobody has listed.
    #[error("list each origin: `*` is not allowed")]
    Wildcard,
    /// `null` is the origin of files and of sandboxed frames: of anybody.
    #[error("`null` is the origin of any local file")]
    Null,
    /// Not an address.
    #[error("begin with https:// and a host")]
    NotAnAddress,
    /// Neither https nor http.
    #[error("only web pages have an origin that can be listed")]
    Scheme,
    /// Anybody on the way could change the page.
    #[error("the page must be served over https")]
    NotHttps,
    /// A page on this computer, where such are not wanted.
    #[error("http://localhost is only for development: turn that on first")]
    Loopback,
    /// A name or password before the host.
    #[error("leave out the name and password")]
    UserInformation,
    /// More than scheme, host and port.
    #[error("leave out what follows the host: an origin has no path")]
    Path,
}

impl Origin {
    /// From what the person typed. `development` allows http on this computer too.
    ///
    /// # Errors
    /// [`OriginError`].
    pub fn parse(typed: &str, development: bool) -> Result<Self, OriginError> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(OriginError::Empty);
        }
        if typed.contains('*') {
            return Err(OriginError::Wildcard);
        }
        if typed.eq_ignore_ascii_case("null") {
            return Err(OriginError::Null);
        }
        let url = Url::parse(typed).map_err(|_| OriginError::NotAnAddress)?;
        match url.scheme() {
            "http" if !is_loopback(&url) => return Err(OriginError::NotHttps),
            "http" if !development => return Err(OriginError::Loopback),
            "https" | "http" => {}
            // `shop.example:8443` parses, with `shop.example` as its scheme.
            _ if url.cannot_be_a_base() => return Err(OriginError::NotAnAddress),
            _ => return Err(OriginError::Scheme),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(OriginError::UserInformation);
        }
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            return Err(OriginError::Path);
        }
        Ok(Self(url.origin().ascii_serialization()))
    }

    /// As a browser writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
