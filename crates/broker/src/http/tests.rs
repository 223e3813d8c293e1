//! The routes as described, and the small judgements of the guard.

use super::guard::proves;
use super::{is_origin, publishable_key, routes};
use std::collections::BTreeSet;

/// Paths and methods of the description: `  /path:` and `    get:` under `paths:`.
fn described() -> BTreeSet<(String, String)> {
    let text = include_str!("../../../../docs/openapi.yaml");
    let paths = text.split("\npaths:\n").nth(1).unwrap().split("\ncomponents:\n").next().unwrap();
    let mut found = BTreeSet::new();
    let mut path = String::new();
    for line in paths.lines() {
        if let Some(name) = line.strip_prefix("  /").and_then(|rest| rest.strip_suffix(':')) {
            path = format!("/{name}");
        } else if let Some(method) = line.strip_prefix("    ").and_then(|rest| rest.strip_suffix(':'))
            && ["get", "post", "put", "delete"].contains(&method)
        {
            found.insert((method.to_uppercase(), path.clone()));
        }
    }
    found
}

#[test]
fn what_is_described_is_served_and_nothing_else() {
    let served: BTreeSet<_> =
        routes().into_iter().map(|(method, path, _)| (method.to_string(), path.to_owned())).collect();
    assert_eq!(described(), served);
}

#[test]
fn the_secret_is_found_as_each_client_sends_it() {
    let proven = |header: &str| proves(header, &"abc".into());
    assert!(proven("Bearer abc"));
    assert!(proven("bearer  abc "));
    assert!(proven("Basic YWJjOg=="), "the user is the secret");
    assert!(proven("Basic YWJjOnh5eg=="), "the password is not looked at");
    assert!(proven("YWJjOg=="), "the word may be missing");
    for other in
        ["Bearer ab", "Bearer abcd", "Bearer", "Basic %%%", "Basic YWI6", "Basic OmFiYw==", "Digest abc"]
    {
        assert!(!proven(other), "{other}");
    }
}

#[test]
fn an_origin_is_one_as_browsers_write_it() {
    for origin in ["http://localhost:8080", "https://app.example.com", "http://[::1]:5173"] {
        assert!(is_origin(origin), "{origin}");
    }
    for other in
        ["*", "null", "http://localhost:8080/", "https://a.example:443", "file:///a", "a.example", ""]
    {
        assert!(!is_origin(other), "{other}");
    }
}

#[test]
fn the_publishable_key_goes_with_the_secret_and_does_not_hold_it() {
    let key = publishable_key(&"CANARY".into());
    assert_eq!(key, publishable_key(&"CANARY".into()));
    assert_ne!(key, publishable_key(&"CANARZ".into()));
    assert!(key.starts_with("pk-") && key.len() == 35 && !key.contains("CANARY"));
}
