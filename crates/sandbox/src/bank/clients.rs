//! The two clients that are registered at the bank, and their redirect URIs.
//!
//! Invariant: a redirect URI is compared byte for byte; only a loopback address may differ, in its port alone.
//!
//! Source: RFC 6749 §3.1.2.3, RFC 8252 §7.3 and §8.4 (checked 2026-11-21).

use subtle::ConstantTimeEq as _;

/// A native app that can keep no secret.
pub(crate) const PUBLIC_CLIENT: &str = "mooring-practice";
/// The same app where somebody registered it with a secret.
pub(crate) const CONFIDENTIAL_CLIENT: &str = "mooring-practice-confidential";

/// What clients are called on the consent page.
pub(crate) const CLIENT_NAME: &str = "Mooring";

/// What may be asked for, in the order the consent page explains it.
pub(super) const SCOPES: [&str; 5] = ["openid", "profile", "email", "accounts", "offline_access"];

const REDIRECT_URIS: [&str; 2] = ["mooring://oauth/callback", "https://mooring.example/callback"];
const LOOPBACK_HOSTS: [&str; 2] = ["http://127.0.0.1", "http://[::1]"];
const LOOPBACK_PATH: &str = "/callback";
/// Where the local HTTP server takes answers for pages; of this one the port alone may differ as well.
const LOCAL_SERVER: (&str, &str) = ("http://localhost", "/oauth/callback");

/// A registered client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Client {
    Public,
    Confidential,
}

impl Client {
    pub(super) fn find(id: &str) -> Option<Self> {
        match id {
            PUBLIC_CLIENT => Some(Self::Public),
            CONFIDENTIAL_CLIENT => Some(Self::Confidential),
            _ => None,
        }
    }

    pub(super) const fn id(self) -> &'static str {
        match self {
            Self::Public => PUBLIC_CLIENT,
            Self::Confidential => CONFIDENTIAL_CLIENT,
        }
    }

    /// Whether what the client presented is what it must: a secret exactly when it has one.
    pub(super) fn is_proved_by(self, presented: Option<&str>, secret: &str) -> bool {
        match (self, presented) {
            (Self::Public, None) => true,
            (Self::Confidential, Some(presented)) => {
                bool::from(presented.as_bytes().ct_eq(secret.as_bytes()))
            }
            _ => false,
        }
    }
}

/// Whether an address is registered for both clients.
pub(crate) fn is_registered(redirect_uri: &str) -> bool {
    let loopback = LOOPBACK_HOSTS.map(|host| (host, LOOPBACK_PATH));
    let of_any_port = loopback.iter().chain([&LOCAL_SERVER]);
    REDIRECT_URIS.contains(&redirect_uri)
        || of_any_port.into_iter().any(|(host, path)| is_at(redirect_uri, host, path))
}

/// Whether the address is of this host and path, at any port.
fn is_at(redirect_uri: &str, host: &str, path: &str) -> bool {
    let Some(rest) = redirect_uri.strip_prefix(host) else { return false };
    let Some(port) = rest.strip_suffix(path) else { return false };
    let Some(port) = port.strip_prefix(':') else { return port.is_empty() };
    let digits = port.bytes().all(|byte| byte.is_ascii_digit());
    digits && port.parse::<u16>().is_ok_and(|port| port != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registered_addresses_and_any_loopback_port_are_accepted() {
        for good in [
            "mooring://oauth/callback",
            "https://mooring.example/callback",
            "http://127.0.0.1/callback",
            "http://127.0.0.1:1/callback",
            "http://127.0.0.1:65535/callback",
            "http://[::1]:4000/callback",
            "http://localhost:3004/oauth/callback",
        ] {
            assert!(is_registered(good), "{good}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for bad in [
            "",
            "mooring://oauth/callback/",
            "mooring://oauth/Callback",
            "MOORING://oauth/callback",
            "mooring:/oauth/callback",
            "https://mooring.example/callback/",
            "https://mooring.example/callback?next=x",
            "https://mooring.example:444/callback",
            "http://mooring.example/callback",
            "https://mooring.example.evil/callback",
            "http://127.0.0.1:4000/callback/",
            "http://127.0.0.1:4000/callback#x",
            "http://127.0.0.1:4000//callback",
            "http://127.0.0.1:/callback",
            "http://127.0.0.1:0/callback",
            "http://127.0.0.1:65536/callback",
            "http://127.0.0.1:+80/callback",
            "http://127.0.0.1@evil.example/callback",
            "http://127.0.0.1.evil.example/callback",
            "http://localhost:4000/callback",
            "http://127.0.0.1:3004/oauth/callback",
            "http://localhost.evil.example/oauth/callback",
            "https://127.0.0.1:4000/callback",
        ] {
            assert!(!is_registered(bad), "{bad}");
        }
    }

    #[test]
    fn a_secret_is_wanted_exactly_from_the_client_that_has_one() {
        assert!(Client::Public.is_proved_by(None, "s"));
        assert!(!Client::Public.is_proved_by(Some("s"), "s"), "a public client has nothing to present");
        assert!(Client::Confidential.is_proved_by(Some("s"), "s"));
        assert!(!Client::Confidential.is_proved_by(Some("t"), "s"));
        assert!(!Client::Confidential.is_proved_by(None, "s"));
    }
}
