//! The way back: an address with names in braces, which are filled in with what happened.
//!
//! Invariant: what is filled in is percent-encoded, and the address in front of the parameters must be registered
//! after it was filled in.
//!
//! Source: docs.codat.io, set up redirects: names are case-sensitive, what is not known becomes empty (checked
//! 2026-11-21).

use crate::bank::is_registered;
use url::form_urlencoded::byte_serialize;

/// Whether a redirect can lead to a registered address, whatever is filled in; an empty one leads nowhere.
pub(in crate::codat) fn leads_to_registered(template: &str) -> bool {
    template.is_empty() || filled(template, &|_| "1".to_owned()).is_some()
}

/// The address with every name filled in; none when it is not registered.
pub(super) fn filled(template: &str, value: &dyn Fn(&str) -> String) -> Option<String> {
    let mut address = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, left) = after.split_once('}')?;
        address.push_str(before);
        address.extend(byte_serialize(value(name).as_bytes()));
        rest = left;
    }
    address.push_str(rest);
    let front = address.split('?').next().unwrap_or_default();
    let fits = is_registered(front) && !address.contains(['#', '\r', '\n', ' ']);
    fits.then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_filled_in_and_what_is_unknown_is_empty() {
        let known = |name: &str| match name {
            "nonce" => "a b&c=d".to_owned(),
            "port" => "4000".to_owned(),
            _ => String::new(),
        };
        let template = "http://127.0.0.1:{port}/callback?n={nonce}&x={missing}&y=1";
        assert_eq!(
            filled(template, &known).as_deref(),
            Some("http://127.0.0.1:4000/callback?n=a+b%26c%3Dd&x=&y=1")
        );
    }

    #[test]
    fn an_address_that_is_not_registered_is_not_led_to() {
        for good in ["", "mooring://oauth/callback?s={statusCode}", "https://mooring.example/callback"] {
            assert!(leads_to_registered(good), "{good}");
        }
        for bad in [
            "https://evil.example/callback?s={statusCode}",
            "https://{host}/callback",
            "http://127.0.0.1:4000/elsewhere",
            "mooring://oauth/callback#{statusCode}",
            "mooring://oauth/callback?s={statusCode",
        ] {
            assert!(!leads_to_registered(bad), "{bad}");
        }
        let evil = |_: &str| "1@evil.example".to_owned();
        assert_eq!(filled("http://127.0.0.1:{port}/callback", &evil), None);
    }
}
