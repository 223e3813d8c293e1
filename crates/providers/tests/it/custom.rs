//! Providers that are not in the catalogue.

use oauth::{ClientAuthentication, ServerMetadata};
use providers::{Catalogue, Provider, RedirectKind, Surface};
use std::collections::BTreeMap;
use url::Url;

fn described(methods: &[&str]) -> ServerMetadata {
    let at = |path: &str| Url::parse(&format!("https://id.example{path}")).unwrap();
    ServerMetadata {
        issuer: Some("https://id.example".to_owned()),
        authorization_endpoint: at("/authorize"),
        token_endpoint: at("/token"),
        device_authorization_endpoint: None,
        revocation_endpoint: Some(at("/revoke")),
        userinfo_endpoint: None,
        jwks_uri: Some(at("/keys")),
        scopes_supported: vec!["openid".to_owned(), "accounts".to_owned()],
        client_authentication_methods: methods.iter().map(ToString::to_string).collect(),
        id_token_algorithms: vec!["ES256".to_owned()],
        iss_parameter_supported: true,
    }
}

#[test]
fn what_discovery_said_is_kept_whole() {
    let metadata = described(&["none"]);
    let provider = Provider::custom("My bank", metadata.clone());
    assert_eq!(provider.metadata(&BTreeMap::new()), Ok(metadata));
    assert_eq!(provider.id.as_str(), "custom");
    assert_eq!(provider.issuer(), Some("https://id.example"));
    assert_eq!(provider.sign_in_host(), "id.example");
    assert!(provider.sends_pkce(), "a challenge is always sent to a server that nobody proved to refuse it");
    assert!(!provider.is_sandbox());
    assert_eq!(provider.surfaces, [Surface::Embedded, Surface::Browser]);
    assert_eq!(provider.redirects, [RedirectKind::Loopback { port: None }]);
}

#[test]
fn ways_that_the_server_names_come_first() {
    use ClientAuthentication::{Basic, None, Post};
    let ways = |methods: &[&str]| Provider::custom("", described(methods)).client_authentication;
    assert_eq!(ways(&["none"]), [None, Basic, Post]);
    assert_eq!(ways(&["client_secret_post"]), [Post, Basic, None]);
    assert_eq!(ways(&["private_key_jwt", "none", "client_secret_post"]), [Post, None, Basic]);
    assert_eq!(
        ways(&[]),
        [Basic, Post, None],
        "a server that names nothing is asked with Basic (RFC 8414 §2)"
    );
}

#[test]
fn a_stored_provider_comes_back_as_it_was() {
    let custom = Provider::custom("My bank", described(&["none"]));
    for provider in Catalogue::built_in().iter().chain([&custom]) {
        let stored = serde_json::to_string(provider).unwrap();
        let read: Provider = serde_json::from_str(&stored).unwrap();
        assert_eq!(&read, provider);
    }
}

#[test]
fn the_practice_bank_says_that_it_is_one() {
    let bank = Provider::sandbox(described(&["none"]));
    assert!(bank.is_sandbox() && bank.name.ends_with("(Sandbox)"));
    let scopes: Vec<_> = bank.scopes.iter().map(|scope| scope.name.as_str()).collect();
    assert_eq!(scopes, ["openid", "accounts"], "only what the bank offers is proposed");
}
