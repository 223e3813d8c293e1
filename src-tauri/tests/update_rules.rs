//! A build that updates itself is refused without a signature, a real key and an address.
#![allow(clippy::unwrap_used, reason = "a test that panics says so")]

#[path = "../update_rules.rs"]
mod update_rules;

use update_rules::updates_are_safe;

const KEY: &str = "dW50cnVzdGVkIGNvbW1lbnQ6IG1pbmlzaWduIHB1YmxpYyBrZXk6IDAwMDAwMDAwMDAwMDAwMDAKUldRQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUEK";
const ENDPOINT: &str = "https://updates.example.org/{{target}}/{{arch}}/{{current_version}}";

fn judged(signed: &str, key: &str, endpoint: &str) -> Result<(), String> {
    updates_are_safe(|name| {
        let values =
            [("MOORING_SIGNED", signed), ("MOORING_UPDATE_KEY", key), ("MOORING_UPDATE_ENDPOINT", endpoint)];
        values.iter().find(|(known, _)| *known == name).unwrap().1.to_owned()
    })
}

#[test]
fn a_signed_build_with_key_and_address_may_update_itself() {
    assert_eq!(judged("1", KEY, ENDPOINT), Ok(()));
}

#[test]
fn anything_missing_or_left_as_a_placeholder_is_refused() {
    for signed in ["", "0", "true"] {
        assert!(judged(signed, KEY, ENDPOINT).unwrap_err().contains("MOORING_SIGNED"));
    }
    for key in ["", "PUBLIC_KEY", "dW50cnVzdGVk", &"A".repeat(120), &format!("{KEY} ")] {
        assert!(judged("1", key, ENDPOINT).unwrap_err().contains("MOORING_UPDATE_KEY"), "{key}");
    }
    for endpoint in ["", "http://updates.example.org/", "https://", "https://updates.invalid/x"] {
        assert!(judged("1", KEY, endpoint).unwrap_err().contains("MOORING_UPDATE_ENDPOINT"), "{endpoint}");
    }
}
