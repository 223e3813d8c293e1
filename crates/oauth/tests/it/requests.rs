//! What is sent to token and userinfo endpoints, and that it cannot be printed.

use crate::fixtures::{CLIENT, REDIRECT, form, header, metadata, secrets, taken};
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use oauth::{
    AttemptSecrets, ClientAuthentication, ClientRegistration, RequestError, code_request, refresh_request,
    userinfo_request,
};
use secret::SecretString;
use url::Url;

fn client(authentication: ClientAuthentication, secret: Option<&str>) -> ClientRegistration {
    ClientRegistration {
        client_id: CLIENT.to_owned(),
        client_secret: secret.map(SecretString::from),
        authentication,
    }
}

fn public() -> ClientRegistration {
    client(ClientAuthentication::None, None)
}

fn code(client: &ClientRegistration, redirect: &str) -> Result<http::Request<Vec<u8>>, RequestError> {
    let code = SecretString::from("CANARY-code&=+ é");
    code_request(&metadata(), client, &code, redirect, Some(&secrets())).map(taken)
}

#[test]
fn code_is_exchanged_with_the_verifier_and_the_same_redirect_address() {
    let request = code(&public(), REDIRECT).unwrap();
    assert_eq!(request.method(), http::Method::POST);
    assert_eq!(request.uri(), "https://bank.example/token");
    assert_eq!(header(&request, CONTENT_TYPE).as_deref(), Some("application/x-www-form-urlencoded"));
    assert_eq!(header(&request, ACCEPT).as_deref(), Some("application/json"));
    let form = form(&request);
    let names: Vec<_> = form.keys().map(String::as_str).collect();
    assert_eq!(names, ["client_id", "code", "code_verifier", "grant_type", "redirect_uri"]);
    assert_eq!(form["grant_type"], "authorization_code");
    assert_eq!(form["code"], "CANARY-code&=+ é", "no character ends the parameter early");
    assert_eq!(form["redirect_uri"], REDIRECT);
    assert_eq!(form["client_id"], CLIENT);
    assert_eq!(form["code_verifier"], "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI");
}

#[test]
fn redirect_address_of_the_exchange_is_not_tidied() {
    for redirect in ["http://127.0.0.1:49152", "https://Client.example/cb?fixed=1", "com.example.app:/oauth"]
    {
        assert_eq!(form(&code(&public(), redirect).unwrap())["redirect_uri"], redirect);
    }
}

#[test]
fn provider_without_pkce_gets_no_verifier() {
    let code = SecretString::from("CANARY");
    let request = taken(code_request(&metadata(), &public(), &code, REDIRECT, None).unwrap());
    assert!(!form(&request).contains_key("code_verifier"));
}

#[test]
fn damaged_verifier_is_not_sent() {
    let damaged = AttemptSecrets::from_vault(&SecretString::from("state..nonce"));
    let code = SecretString::from("CANARY");
    let refused = code_request(&metadata(), &public(), &code, REDIRECT, Some(&damaged)).err();
    assert_eq!(refused, Some(RequestError::Assembly));
}

#[test]
fn client_secret_goes_where_the_registration_says() {
    let secret = Some("CANARY:s%+ é");
    let basic = code(&client(ClientAuthentication::Basic, secret), REDIRECT).unwrap();
    // Form-encoded before the base64 (RFC 6749 §2.3.1): `client-1:CANARY%3As%25%2B+%C3%A9`.
    assert_eq!(
        header(&basic, AUTHORIZATION).as_deref(),
        Some("Basic Y2xpZW50LTE6Q0FOQVJZJTNBcyUyNSUyQislQzMlQTk=")
    );
    assert!(basic.headers()[AUTHORIZATION].is_sensitive());
    assert!(!form(&basic).contains_key("client_secret"));

    let post = code(&client(ClientAuthentication::Post, secret), REDIRECT).unwrap();
    assert_eq!(form(&post)["client_secret"], "CANARY:s%+ é");
    assert_eq!(form(&post)["client_id"], CLIENT);
    assert_eq!(header(&post, AUTHORIZATION), None);

    let public = code(&client(ClientAuthentication::None, secret), REDIRECT).unwrap();
    assert!(
        !form(&public).contains_key("client_secret"),
        "a public client shows no secret, even if it has one"
    );
    assert_eq!(header(&public, AUTHORIZATION), None);
}

#[test]
fn confidential_client_without_its_secret_asks_nothing() {
    for way in [ClientAuthentication::Basic, ClientAuthentication::Post] {
        assert_eq!(code(&client(way, None), REDIRECT).err(), Some(RequestError::SecretMissing));
    }
}

#[test]
fn refresh_sends_the_token_and_no_scope() {
    let token = SecretString::from("CANARY-refresh");
    let request = taken(refresh_request(&metadata().token_endpoint, &public(), &token).unwrap());
    let form = form(&request);
    let names: Vec<_> = form.keys().map(String::as_str).collect();
    assert_eq!(names, ["client_id", "grant_type", "refresh_token"], "the granted scopes stay (RFC 6749 §6)");
    assert_eq!(
        (form["grant_type"].as_str(), form["refresh_token"].as_str()),
        ("refresh_token", "CANARY-refresh")
    );
}

#[test]
fn userinfo_is_asked_with_a_header_only() {
    let endpoint = Url::parse("https://bank.example/userinfo?v=2").unwrap();
    let request = taken(userinfo_request(&endpoint, &SecretString::from("CANARY-access")));
    assert_eq!(request.method(), http::Method::GET);
    assert_eq!(request.uri(), "https://bank.example/userinfo?v=2", "no token in the address");
    assert_eq!(header(&request, AUTHORIZATION).as_deref(), Some("Bearer CANARY-access"));
    assert!(request.headers()[AUTHORIZATION].is_sensitive());
    assert!(request.body().is_empty());
}

#[test]
fn registry_words_name_the_ways_to_authenticate() {
    for (way, word) in [
        (ClientAuthentication::Basic, "\"client_secret_basic\""),
        (ClientAuthentication::Post, "\"client_secret_post\""),
        (ClientAuthentication::None, "\"none\""),
    ] {
        assert_eq!(serde_json::to_string(&way).unwrap(), word);
        assert_eq!(serde_json::from_str::<ClientAuthentication>(word).unwrap(), way);
    }
    assert!(serde_json::from_str::<ClientAuthentication>("\"private_key_jwt\"").is_err());
}
