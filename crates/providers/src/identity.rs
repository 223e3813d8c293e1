//! How a provider tells which of its accounts a token reaches, where it is not OpenID Connect that tells it.
//!
//! Knows no token and no answer; says where to ask and where in the answer the account stands.
//!
//! Invariants
//! - The token goes to a host of the provider's own: one of the site that its endpoints are on.
//! - It is a GET and nothing else, with no header that the protocol owns.

use crate::shape::Fault;
use crate::template::{ParameterError, Template};
use crate::{Provider, shape};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use url::Url;

/// Where to ask, and how to read the answer. Pointers are JSON pointers (RFC 6901).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentityLookup {
    /// What is asked, with the fresh token.
    pub url: Template,
    /// Fixed headers of its own.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// To the list of accounts, empty where it is the whole answer; without it the answer is one account.
    #[serde(default)]
    pub list: Option<String>,
    /// From an account to what tells it from others for good.
    pub subject: String,
    /// From an account to its name, the preferred first; none where it has none.
    #[serde(default)]
    pub names: Vec<String>,
    /// Under which name the subject is kept for programs, when the token reaches exactly one account.
    #[serde(default)]
    pub keep: Option<String>,
}

impl IdentityLookup {
    /// The address to ask, with a connection's parameters filled in.
    ///
    /// # Errors
    /// [`ParameterError`].
    pub fn address(
        &self,
        provider: &Provider,
        parameters: &BTreeMap<String, String>,
    ) -> Result<Url, ParameterError> {
        self.url.fill(&provider.parameters, parameters)
    }
}

/// Headers that prove somebody or steer the request.
const OWNED: [&str; 5] = ["authorization", "host", "content-type", "content-length", "cookie"];

/// What is wrong with it.
pub(crate) fn faults(provider: &Provider) -> Vec<Fault> {
    let Some(lookup) = &provider.identity else { return Vec::new() };
    let of = &provider.endpoints;
    let host = lookup.url.host();
    let known = [&of.authorization, &of.token, &of.refresh, &of.revocation];
    let is_its_own = known.into_iter().flatten().any(|one| is_same_site(&one.host(), &host));
    let owned = lookup.headers.keys().any(|name| OWNED.contains(&name.to_ascii_lowercase().as_str()));
    let pointers = || lookup.names.iter().chain([&lookup.subject]);
    let list = lookup.list.as_ref().filter(|at| !at.is_empty());
    let broken = pointers().chain(list).any(|at| !at.starts_with('/'));
    let secret = pointers().any(|at| shape::points_at_secret(at));
    shape::listed([
        (provider.takes_key(), ("identity", "belongs to a provider that gives tokens")),
        (of.userinfo.is_some(), ("identity", "stands beside a userinfo endpoint")),
        (!is_its_own, ("identity", "would send the token to a host that is not the provider's own")),
        (owned, ("identity", "sets a header that the protocol owns")),
        (broken, ("identity", "is no JSON pointer")),
        (secret, ("identity", "a secret would be taken")),
    ])
}

/// Whether two hosts are of one site: their last two labels are the same, or the last three where the second is as
/// short as those under which a country lets anybody register (`co.uk`, `com.br`).
fn is_same_site(one: &str, other: &str) -> bool {
    let site = |host: &str| {
        let labels: Vec<String> = host.rsplit('.').map(str::to_ascii_lowercase).collect();
        let short = |at: usize, most: usize| labels.get(at).is_some_and(|label| label.len() <= most);
        let shared = short(0, 2) && short(1, 3);
        let wanted = if shared { 3 } else { 2 };
        // A place for a parameter says nothing about the host.
        let fixed = labels.len() >= wanted && !labels.iter().take(wanted).any(|label| label.contains('{'));
        fixed.then(|| labels.into_iter().take(wanted).collect::<Vec<_>>())
    };
    site(one).is_some_and(|first| Some(first) == site(other))
}

#[cfg(test)]
mod tests {
    use super::is_same_site;

    #[test]
    fn a_site_is_more_than_what_anybody_can_register_under() {
        for (one, other) in [
            ("identity.xero.com", "api.xero.com"),
            ("github.com", "api.github.com"),
            ("api.bank.co.uk", "login.bank.co.uk"),
        ] {
            assert!(is_same_site(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("identity.xero.com", "xero.com.evil.example"),
            ("identity.xero.com", "evil-xero.com"),
            ("api.bank.co.uk", "evil.co.uk"),
            ("www.banco.com.br", "evil.com.br"),
            ("{shop}.example", "{shop}.example"),
            ("com", "com"),
        ] {
            assert!(!is_same_site(one, other), "{one} {other}");
        }
    }
}
