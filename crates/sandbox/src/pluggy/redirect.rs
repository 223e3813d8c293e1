//! The rule for `oauthRedirectUri`.
//!
//! Source: Pluggy's OAuth support guide: HTTPS, never localhost (checked 2026-11-21). A later copy of it allows deep
//! links too; this is the stricter one.

use super::refusal::Refusal;
use url::{Host, Url};

/// Refuses an address that Pluggy would not redirect to; none is fine.
pub(super) fn check(address: Option<&str>) -> Result<(), Refusal> {
    let Some(address) = address else { return Ok(()) };
    let allowed = Url::parse(address).is_ok_and(|url| url.scheme() == "https" && !is_local(&url));
    if allowed {
        return Ok(());
    }
    let refusal = Refusal::bad("oauthRedirectUri must be an HTTPS URL, localhost is not allowed");
    Err(refusal.described("INVALID_OAUTH_REDIRECT_URI"))
}

fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name.eq_ignore_ascii_case("localhost") || name.to_ascii_lowercase().ends_with(".localhost")
        }
        Some(Host::Ipv4(address)) => address.is_loopback() || address.is_unspecified(),
        Some(Host::Ipv6(address)) => address.is_loopback() || address.is_unspecified(),
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn only_https_and_never_this_machine() {
        for good in
            ["https://mooring.example/back", "https://mooring.example/back?a=b", "https://localhost.example/"]
        {
            assert!(check(Some(good)).is_ok(), "{good}");
        }
        for wrong in [
            "http://mooring.example/back",
            "https://localhost/back",
            "https://LOCALHOST:8080/back",
            "https://a.localhost/",
            "https://127.0.0.1/back",
            "https://[::1]/back",
            "mooring://oauth/callback",
            "not a url",
            "",
        ] {
            assert!(check(Some(wrong)).is_err(), "{wrong}");
        }
        assert!(check(None).is_ok());
    }
}
