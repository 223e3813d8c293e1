//! Where a bank's page may lead when it is done: the rule of Pluggy's OAuth guide.
//!
//! Https, and not this machine. A later copy of the guide allows deep links too, hence the switch. Names that a
//! resolver leads to this machine cannot be told from others here.

use serde::{Serialize, Serializer};
use std::net::Ipv4Addr;
use url::{Host, Url};

/// Longest address that is sent.
const LONGEST: usize = 2_048;

/// An address that Pluggy accepts as `oauthRedirectUri`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OauthRedirect(Url);

/// Why an address is not sent as `oauthRedirectUri`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RedirectRefusal {
    /// Cannot be read as an address.
    #[error("this is not an address")]
    NotAnAddress,
    /// Another scheme than https.
    #[error("the address must begin with https://")]
    NotHttps,
    /// `localhost`, `127.0.0.1` or another spelling of this machine.
    #[error("Pluggy refuses addresses of this computer")]
    ThisMachine,
    /// A user name or password before the host, which hides where it leads.
    #[error("the address must not contain a user name or password")]
    UserInformation,
    /// A part after `#`, which is lost on the way.
    #[error("the address must not contain a part after #")]
    Fragment,
    /// Longer than 2,048 characters.
    #[error("the address is too long")]
    TooLong,
}

impl OauthRedirect {
    /// Reads an address that was typed or configured. `allow_deep_links` lets schemes of apps through, such as
    /// `mooring:`.
    ///
    /// # Errors
    /// [`RedirectRefusal`], before anything is sent.
    pub fn parse(text: &str, allow_deep_links: bool) -> Result<Self, RedirectRefusal> {
        let text = text.trim();
        if text.len() > LONGEST {
            return Err(RedirectRefusal::TooLong);
        }
        let url = Url::parse(text).map_err(|_| RedirectRefusal::NotAnAddress)?;
        if url.scheme() != "https" && !(allow_deep_links && is_deep_link(&url)) {
            return Err(RedirectRefusal::NotHttps);
        }
        if !url.username().is_empty() || url.password().is_some() || has_at_sign(&url) {
            return Err(RedirectRefusal::UserInformation);
        }
        if is_this_machine(&url) {
            return Err(RedirectRefusal::ThisMachine);
        }
        if url.fragment().is_some() {
            return Err(RedirectRefusal::Fragment);
        }
        Ok(Self(url))
    }

    /// The address as it is sent.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Whether `url` is this address, whatever query or fragment the bank has added.
    pub fn matches(&self, url: &Url) -> bool {
        self.0.scheme() == url.scheme()
            && self.0.host() == url.host()
            && self.0.port_or_known_default() == url.port_or_known_default()
            && self.0.path() == url.path()
            && url.username().is_empty()
            && url.password().is_none()
    }
}

impl Serialize for OauthRedirect {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// The address that counts when both the connect token and the item have one: the item's, as the more specific.
pub fn effective_redirect<'a>(
    token_level: Option<&'a OauthRedirect>,
    item_level: Option<&'a OauthRedirect>,
) -> Option<&'a OauthRedirect> {
    item_level.or(token_level)
}

/// A scheme of an app. Those of browsers run or read what they are given, and those of the web are not apps.
pub(crate) fn is_deep_link(url: &Url) -> bool {
    const OF_BROWSERS: [&str; 9] =
        ["about", "blob", "data", "filesystem", "javascript", "mailto", "vbscript", "view-source", "intent"];
    let special = matches!(url.scheme(), "http" | "https" | "ws" | "wss" | "ftp" | "file");
    !special && !OF_BROWSERS.contains(&url.scheme())
}

/// An `@` in the authority of a scheme whose user information the parser does not know.
fn has_at_sign(url: &Url) -> bool {
    url.host_str().is_some_and(|host| host.contains('@') || host.contains("%40"))
}

/// Any spelling of this machine. The parser has already undone decimal, octal, hexadecimal, short, upper-case,
/// percent-encoded and full-width spellings for https; for other schemes the host is read again as if it were.
fn is_this_machine(url: &Url) -> bool {
    let Some(host) = url.host_str() else { return false };
    match Host::parse(host) {
        Ok(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            ["localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback"].contains(&name)
                || name.ends_with(".localhost")
        }
        Ok(Host::Ipv4(address)) => is_own(address),
        Ok(Host::Ipv6(address)) => {
            address.is_loopback() || address.is_unspecified() || address.to_ipv4().is_some_and(is_own)
        }
        // A host that cannot be read can be anything.
        Err(_) => true,
    }
}

/// `127.0.0.0/8`, and `0.0.0.0/8`, which leads to this machine on most systems.
const fn is_own(address: Ipv4Addr) -> bool {
    address.is_loopback() || address.octets()[0] == 0
}
