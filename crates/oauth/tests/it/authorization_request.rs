//! The address that the person is sent to.

use crate::fixtures::{REDIRECT, address, address_with, metadata, parameter, secrets};
use oauth::{AttemptSecrets, AuthorizationRequest, RequestError, authorization_url};
use secret::SecretString;
use url::Url;

fn named(scopes: &[&str]) -> Vec<String> {
    scopes.iter().map(|scope| (*scope).to_owned()).collect()
}

#[test]
fn carries_what_the_protocol_asks_for_and_nothing_else() {
    // Pinned: servers compare these values to the letter, and people register them.
    let lines = address().as_str().replace(['?', '&'], "\n");
    insta::assert_snapshot!(lines, @r"
    https://bank.example/authorize
    response_type=code
    client_id=client-1
    state=AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE
    code_challenge=bB1ju9q0N8VDaMu9iIaohqea2XcpfiZe6_H19fAVM7k
    code_challenge_method=S256
    redirect_uri=http%3A%2F%2F127.0.0.1%3A49152%2Fcallback
    scope=accounts
    ");
}

#[test]
fn challenge_is_that_of_rfc_7636_appendix_b() {
    let verifier = [
        116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37, 77, 105,
        214, 191, 240, 91, 88, 5, 88, 83, 132, 141, 121,
    ];
    let secrets = AttemptSecrets::from_random([1; 32], verifier, [3; 32]);
    let address = build(&secrets, REDIRECT, true).unwrap();
    assert_eq!(
        parameter(&address, "code_challenge").as_deref(),
        Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    );
    assert_eq!(parameter(&address, "code_challenge_method").as_deref(), Some("S256"));
    assert!(!address.as_str().contains("dBjftJeZ4CVP"), "the verifier itself stays here");
}

fn build(secrets: &AttemptSecrets, redirect_uri: &str, pkce: bool) -> Result<Url, RequestError> {
    authorization_url(&AuthorizationRequest {
        metadata: &metadata(),
        client_id: "client-1",
        redirect_uri,
        scopes: &[],
        scope_separator: " ",
        secrets,
        pkce,
        extra: &[],
    })
}

#[test]
fn goes_without_a_challenge_only_when_told() {
    let address = build(&secrets(), REDIRECT, false).unwrap();
    assert_eq!(parameter(&address, "code_challenge"), None);
    assert_eq!(parameter(&address, "scope"), None, "no scope asked, none sent");
}

#[test]
fn redirect_address_is_sent_byte_for_byte() {
    for redirect in [
        "http://127.0.0.1:49152",
        "http://127.0.0.1:49152/",
        "https://Client.example/cb?fixed=1",
        "com.example.app:/oauth",
        "mooring://oauth/callback",
    ] {
        let address = build(&secrets(), redirect, true).unwrap();
        assert_eq!(parameter(&address, "redirect_uri").as_deref(), Some(redirect));
    }
    assert_eq!(build(&secrets(), "no address", true), Err(RequestError::Redirect));
}

#[test]
fn scopes_are_joined_as_the_provider_reads_them() {
    for (separator, joined) in [(" ", "a.read b.read"), (",", "a.read,b.read"), ("+", "a.read+b.read")] {
        let address = authorization_url(&AuthorizationRequest {
            metadata: &metadata(),
            client_id: "client-1",
            redirect_uri: REDIRECT,
            scopes: &named(&["a.read", "b.read"]),
            scope_separator: separator,
            secrets: &secrets(),
            pkce: true,
            extra: &[],
        });
        assert_eq!(parameter(&address.unwrap(), "scope").as_deref(), Some(joined));
    }
}

#[test]
fn nonce_is_sent_only_with_openid() {
    let with = address_with(&named(&["openid", "accounts"]), &[]);
    assert_eq!(parameter(&with, "nonce").unwrap().len(), 43);
    assert_eq!(parameter(&address(), "nonce"), None);
}

#[test]
fn provider_parameters_are_added() {
    let address = address_with(&[], &[("prompt".to_owned(), "consent".to_owned())]);
    assert_eq!(parameter(&address, "prompt").as_deref(), Some("consent"));
}

/// Both a person's own parameters and an endpoint's own query are refused when they would speak for the protocol.
#[test]
fn nobody_shadows_a_protocol_parameter() {
    for name in [
        "client_id",
        "redirect_uri",
        "response_type",
        "scope",
        "state",
        "code_challenge",
        "code_challenge_method",
        "nonce",
        "response_mode",
        "request",
        "request_uri",
        "code_verifier",
        "client_secret",
        "State",
        " state",
    ] {
        let refused = Err(RequestError::Shadows(name.to_owned()));
        let extra = [("prompt".to_owned(), "consent".to_owned()), (name.to_owned(), "x".to_owned())];
        assert_eq!(shadowing(&metadata(), &extra), refused, "{name} as an extra parameter");

        let mut metadata = metadata();
        metadata.authorization_endpoint.query_pairs_mut().append_pair(name, "x");
        assert_eq!(shadowing(&metadata, &[]), refused, "{name} in the endpoint");
    }
}

fn shadowing(metadata: &oauth::ServerMetadata, extra: &[(String, String)]) -> Result<Url, RequestError> {
    authorization_url(&AuthorizationRequest {
        metadata,
        client_id: "client-1",
        redirect_uri: REDIRECT,
        scopes: &[],
        scope_separator: " ",
        secrets: &secrets(),
        pkce: true,
        extra,
    })
}

#[test]
fn query_of_the_endpoint_is_kept() {
    let mut metadata = metadata();
    metadata.authorization_endpoint.set_query(Some("audience=books"));
    let address = shadowing(&metadata, &[]).unwrap();
    assert_eq!(parameter(&address, "audience").as_deref(), Some("books"), "RFC 6749 §3.1");
    assert_eq!(parameter(&address, "response_type").as_deref(), Some("code"));
}

#[test]
fn attempt_secrets_survive_the_vault() {
    let before = secrets();
    let after = AttemptSecrets::from_vault(&before.to_vault());
    assert_eq!(
        build(&before, REDIRECT, true).unwrap(),
        build(&after, REDIRECT, true).unwrap(),
        "state and challenge are the same"
    );
    assert!(after.nonce().matches(before.nonce().expose()));
}

#[test]
fn damaged_attempt_secrets_match_nothing_and_build_nothing() {
    for text in ["", ".", "..", "abc", "abc.def.ghi", ".short.nonce"] {
        let damaged = AttemptSecrets::from_vault(&SecretString::from(text));
        assert!(!damaged.is_state(&SecretString::from("")), "{text:?}: an empty state is no state");
        assert_eq!(build(&damaged, REDIRECT, true), Err(RequestError::Assembly), "{text:?}");
    }
}
