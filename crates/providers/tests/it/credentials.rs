//! Keys: what is sent, and what is refused before it is sent.

use providers::{Auth, Catalogue, CredentialError, Provider, ProviderId};
use secret::SecretString;
use std::collections::BTreeMap;

fn entry(id: &str) -> &'static Provider {
    Catalogue::built_in().get(&ProviderId::new(id)).unwrap()
}

fn values(list: &[(&str, &str)]) -> BTreeMap<String, SecretString> {
    list.iter().map(|(name, value)| ((*name).to_owned(), SecretString::from(*value))).collect()
}

fn header(id: &str, name: &str, given: &[(&str, &str)]) -> String {
    let (request, _) = entry(id).check_request(&values(given), &BTreeMap::new()).unwrap();
    let request = request.into_http();
    request.headers().get(name).unwrap().to_str().unwrap().to_owned()
}

#[test]
fn a_key_is_sent_as_the_provider_says() {
    assert_eq!(
        header("wise", "authorization", &[("key", "12345678-1234-1234-1234-123456789abc")]),
        "Bearer 12345678-1234-1234-1234-123456789abc"
    );
    // The example of RFC 7617 §2 for the shape: base64 of `user:password`, here with an empty password.
    assert_eq!(
        header("stripe", "authorization", &[("key", "rk_live_0123456789")]),
        "Basic cmtfbGl2ZV8wMTIzNDU2Nzg5Og=="
    );
    assert_eq!(header("toggl-track", "authorization", &[("key", "abc")]), "Basic YWJjOmFwaV90b2tlbg==");
    assert_eq!(
        header("qonto", "authorization", &[("login", "acme-1234"), ("key", "s3cret")]),
        "acme-1234:s3cret"
    );
    let akahu = [("app", "app_token_a"), ("key", "user_token_b")];
    assert_eq!(header("akahu", "x-akahu-id", &akahu), "app_token_a");
    assert_eq!(header("akahu", "authorization", &akahu), "Bearer user_token_b");
    assert_eq!(header("asaas", "access_token", &[("key", " $aact_x ")]), "$aact_x", "ends are trimmed");
    assert_eq!(header("lemon-squeezy", "accept", &[("key", "k")]), "application/vnd.api+json");
    assert_eq!(
        header("wise", "accept", &[("key", "12345678-1234-1234-1234-123456789abc")]),
        "application/json"
    );
}

#[test]
fn the_address_and_the_debug_text_hold_no_key() {
    for provider in Catalogue::built_in().iter().filter(|one| one.takes_key()) {
        let credential = provider.credential.as_ref().unwrap();
        for field in &credential.fields {
            let place = format!("{{{}}}", field.name);
            let in_parameters = provider.parameters.iter().any(|one| one.name == field.name);
            assert!(!credential.check.url.as_str().contains(&place) && !in_parameters, "{}", provider.id);
        }
    }
    let given = values(&[("key", "rk_live_CANARY00000")]);
    let (request, status) = entry("stripe").check_request(&given, &BTreeMap::new()).unwrap();
    assert_eq!((format!("{request:?}").as_str(), status), ("Request(GET api.stripe.com)", 200));
    let sent = request.into_http();
    assert!(sent.headers().get("authorization").unwrap().is_sensitive());
    assert!(!sent.uri().to_string().contains("CANARY"));
}

#[test]
fn a_key_that_cannot_be_one_is_not_sent() {
    let check = |id: &str, given: &[(&str, &str)]| {
        entry(id).check_request(&values(given), &BTreeMap::new()).map(drop).unwrap_err()
    };
    let malformed = CredentialError::Malformed("key".to_owned());
    let long = "k".repeat(5000);
    for value in ["a\r\nx-evil: 1", "a b", "kéy", "a\u{202e}b", long.as_str(), "\u{7f}"] {
        assert_eq!(check("mercury", &[("key", value)]), malformed, "{value:?}");
    }
    for value in ["pk_live_0123456789", "rk_live_", "sk_live_0123456789 "] {
        let refused = check("stripe", &[("key", &format!("{value}!"))]);
        assert_eq!(refused, malformed, "{value}");
    }
    assert_eq!(check("mercury", &[]), CredentialError::Missing("key".to_owned()));
    assert_eq!(check("mercury", &[("key", "")]), CredentialError::Missing("key".to_owned()));
    assert_eq!(check("xero", &[("key", "k")]), CredentialError::NoKey);
    let site = check("chargebee", &[("key", "test_k")]);
    assert_eq!(site.field(), "site", "the connection's own parameter is missing");
    assert!(!format!("{malformed} {malformed:?}").contains("evil"));
}

#[test]
fn a_value_with_braces_is_no_place_to_fill() {
    let given = [("login", "acme"), ("key", "{login}")];
    assert_eq!(header("qonto", "authorization", &given), "acme:{login}");
    let headers = entry("akahu").credential.as_ref().unwrap();
    let mut open = headers.clone();
    for field in &mut open.fields {
        field.pattern = None;
    }
    let sent = open.headers(&values(&[("app", "{key}"), ("key", "secret")])).unwrap();
    let app = sent.iter().find(|(name, _)| name == "x-akahu-id").unwrap();
    assert!(app.1.matches("{key}"), "one pass only: the other field's value does not get in");
}

#[test]
fn every_check_is_https_and_has_an_expected_status() {
    let keyed: Vec<_> = Catalogue::built_in().iter().filter(|one| one.takes_key()).collect();
    assert!(keyed.len() >= 30, "{}", keyed.len());
    for provider in keyed {
        let check = &provider.credential.as_ref().unwrap().check;
        assert!(check.url.as_str().starts_with("https://"), "{}", provider.id);
        assert!((200..300).contains(&check.status), "{}", provider.id);
        assert!(provider.grants().is_empty(), "{}: a key gets no grant", provider.id);
        assert!(!provider.sign_in_host().is_empty(), "{}", provider.id);
        assert_eq!(provider.auth == Auth::Basic, provider.credential.as_ref().unwrap().basic.is_some());
    }
}

#[test]
fn the_words_around_a_key_are_short_and_differ_by_language() {
    for provider in Catalogue::built_in().iter().filter(|one| one.takes_key()) {
        for field in &provider.credential.as_ref().unwrap().fields {
            for (words, longest) in
                [(&field.en, 30), (&field.pt_br, 40), (&field.where_en, 110), (&field.where_pt_br, 120)]
            {
                assert!(words.chars().count() <= longest, "{}: {words}", provider.id);
                assert!(
                    words.starts_with(char::is_uppercase) && !words.ends_with('.'),
                    "{}: {words}",
                    provider.id
                );
            }
            assert_ne!(field.where_en, field.where_pt_br, "{}: not translated", provider.id);
        }
    }
}
