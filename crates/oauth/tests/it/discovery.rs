//! A server's description of itself.

use crate::fixtures::{ISSUER, answer};
use oauth::{
    DiscoveryError as Error, ServerMetadata, discovery_urls, is_acceptable_endpoint, judge_discovery,
};
use serde_json::{Value, json};
use url::Url;

fn document() -> Value {
    json!({
        "issuer": ISSUER,
        "authorization_endpoint": "https://bank.example/authorize",
        "token_endpoint": "https://bank.example/token",
        "revocation_endpoint": "https://bank.example/revoke",
        "userinfo_endpoint": "https://bank.example/userinfo",
        "jwks_uri": "https://bank.example/keys",
        "scopes_supported": ["openid", "accounts"],
        "code_challenge_methods_supported": ["plain", "S256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "authorization_response_iss_parameter_supported": true,
        "something_else": {"deep": [1, 2]}
    })
}

/// Judges the document after `name` was set to `value` (or removed, for `Value::Null` as `None`).
fn with(name: &str, value: Option<Value>) -> Result<ServerMetadata, Error> {
    let mut document = document();
    let members = document.as_object_mut().unwrap();
    match value {
        Some(value) => drop(members.insert(name.to_owned(), value)),
        None => drop(members.remove(name)),
    }
    judge_discovery(ISSUER, &answer(200, document.to_string()))
}

#[test]
fn good_document_is_taken_whole() {
    let metadata = judge_discovery(ISSUER, &answer(200, document().to_string())).unwrap();
    assert_eq!(metadata.issuer.as_deref(), Some(ISSUER));
    assert_eq!(metadata.token_endpoint.as_str(), "https://bank.example/token");
    assert_eq!(metadata.jwks_uri.as_ref().map(Url::as_str), Some("https://bank.example/keys"));
    assert_eq!(metadata.scopes_supported, ["openid", "accounts"]);
    assert_eq!(metadata.client_authentication_methods, ["none"]);
    assert_eq!(metadata.id_token_algorithms, ["ES256"]);
    assert!(metadata.iss_parameter_supported);
    let stored = serde_json::to_string(&metadata).unwrap();
    assert_eq!(serde_json::from_str::<ServerMetadata>(&stored).unwrap(), metadata, "attempts keep all of it");
}

#[test]
fn what_a_server_leaves_out_has_the_standard_s_meaning() {
    for name in ["revocation_endpoint", "userinfo_endpoint", "jwks_uri", "code_challenge_methods_supported"] {
        assert!(with(name, None).is_ok(), "{name} is optional");
        assert!(with(name, Some(Value::Null)).is_ok(), "{name} may be null");
    }
    let basic = with("token_endpoint_auth_methods_supported", None).unwrap();
    assert_eq!(basic.client_authentication_methods, ["client_secret_basic"], "RFC 8414 §2");
    assert!(!with("authorization_response_iss_parameter_supported", None).unwrap().iss_parameter_supported);
    let text = with("authorization_response_iss_parameter_supported", Some(json!("true"))).unwrap();
    assert!(!text.iss_parameter_supported, "a text is not a promise");
}

#[test]
fn issuer_is_compared_to_the_letter() {
    for other in [
        json!("https://bank.example/tenant/"),
        json!("https://BANK.example/tenant"),
        json!("https://bank.example:443/tenant"),
        json!("https://evil.example/tenant"),
        json!(""),
        json!([ISSUER]),
        Value::Null,
    ] {
        assert_eq!(with("issuer", Some(other.clone())), Err(Error::OtherIssuer), "{other}");
    }
    assert_eq!(with("issuer", None), Err(Error::OtherIssuer), "discovery-issuer-mismatch");
}

#[test]
fn endpoints_must_be_https_and_elsewhere() {
    for name in
        ["authorization_endpoint", "token_endpoint", "revocation_endpoint", "userinfo_endpoint", "jwks_uri"]
    {
        for url in [
            json!("http://bank.example/x"),
            json!("javascript:alert(1)"),
            json!("file:///etc/passwd"),
            json!("https://user:pass@bank.example/x"),
            json!("https://bank.example/x#fragment"),
            json!("/relative"),
            json!(""),
            json!(7),
            // A distant issuer may not steer codes and secrets to a port of this computer.
            json!("http://127.0.0.1:9/x"),
            json!("https://localhost/x"),
            json!("http://[::1]:9/x"),
        ] {
            let refused = with(name, Some(url.clone()));
            assert!(matches!(&refused, Err(Error::Endpoint(at)) if *at == name), "{name} {url}: {refused:?}");
        }
    }
    for name in ["authorization_endpoint", "token_endpoint"] {
        assert!(matches!(with(name, None), Err(Error::Endpoint(_))), "{name} is required");
    }
}

#[test]
fn issuer_on_this_computer_may_use_http() {
    let issuer = "http://127.0.0.1:4000";
    let document = json!({
        "issuer": issuer,
        "authorization_endpoint": "http://127.0.0.1:4000/authorize",
        "token_endpoint": "http://127.0.0.1:4000/token",
    });
    assert!(judge_discovery(issuer, &answer(200, document.to_string())).is_ok());
}

#[test]
fn server_that_lists_its_methods_must_list_s256() {
    for methods in [json!(["plain"]), json!([]), json!(["s256"])] {
        assert_eq!(with("code_challenge_methods_supported", Some(methods)), Err(Error::NoPkce));
    }
}

#[test]
fn what_is_no_document_is_refused() {
    for (body, case) in [
        ("", "empty"),
        ("<html>sign in to the hotel's network</html>", "a page"),
        ("[]", "an array"),
        ("{\"issuer\":\"a\",\"issuer\":\"b\"}", "a repeated member"),
        ("{\"issuer\":", "cut off"),
    ] {
        assert_eq!(judge_discovery(ISSUER, &answer(200, body)), Err(Error::NotADocument), "{case}");
    }
    let huge = format!("{{\"a\":\"{}\"}}", "x".repeat(1 << 20));
    assert_eq!(judge_discovery(ISSUER, &answer(200, huge)), Err(Error::NotADocument), "over 1 MiB");
    for status in [204, 302, 404, 500] {
        let refused = judge_discovery(ISSUER, &answer(status, document().to_string()));
        assert_eq!(refused, Err(Error::Status(status)));
    }
}

#[test]
fn documents_are_looked_for_where_both_standards_put_them() {
    let urls = |issuer: &str| -> Vec<String> {
        discovery_urls(issuer).unwrap().into_iter().map(String::from).collect()
    };
    assert_eq!(
        urls("https://bank.example/tenant"),
        [
            "https://bank.example/.well-known/oauth-authorization-server/tenant",
            "https://bank.example/tenant/.well-known/openid-configuration",
        ],
        "RFC 8414 §3 inserts, OpenID Connect Discovery §4 appends"
    );
    assert_eq!(
        urls("https://bank.example/"),
        [
            "https://bank.example/.well-known/oauth-authorization-server",
            "https://bank.example/.well-known/openid-configuration",
        ]
    );
    assert_eq!(urls("http://127.0.0.1:4000").len(), 2, "the practice bank");
}

#[test]
fn issuers_that_nobody_should_ask_are_refused() {
    for issuer in [
        "http://bank.example",
        "https://bank.example?x=1",
        "https://bank.example#x",
        "https://user@bank.example",
        "ftp://bank.example",
        "bank.example",
        "",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
    ] {
        assert_eq!(discovery_urls(issuer), Err(Error::Issuer), "{issuer}");
    }
}

#[test]
fn loopback_is_recognized_by_address() {
    let acceptable = |url: &str| is_acceptable_endpoint(&Url::parse(url).unwrap());
    for url in ["https://bank.example/t", "http://127.0.0.1:1/t", "http://[::1]:1/t", "http://localhost:1/t"]
    {
        assert!(acceptable(url), "{url}");
    }
    for url in ["http://0.0.0.0/t", "http://192.168.0.1/t", "http://[::ffff:127.0.0.1]/t", "ws://127.0.0.1/t"]
    {
        assert!(!acceptable(url), "{url}");
    }
}
