//! Nothing that is printed holds a secret.

use crate::fixtures::{
    KEY, TOKEN, answer, api_key, codat_error, company, company_token, connection, connection_json, later,
    now, page_json,
};
use codat::{
    Api, ApiKey, CompanyToken, ComponentEvent, Generation, LinkNonce, LinkReturn, ListQuery, TokenEndpoint,
    judge_access_token, judge_companies, judge_company, judge_connection, judge_connections,
    link_url_with_nonce, standing,
};
use secret::SecretString;
use serde_json::json;
use std::fmt::Debug;

fn is_silent(printed: &str) {
    assert!(!printed.contains("CANARY"), "{printed}");
    assert!(!printed.contains("Q0FOQVJZ"), "nor in base64: {printed}");
}

fn prints_nothing(value: &impl Debug) {
    is_silent(&format!("{value:?}"));
    is_silent(&format!("{value:#?}"));
}

#[test]
fn credentials_and_requests_are_silent() {
    prints_nothing(&ApiKey::parse(&SecretString::from(KEY)).unwrap());
    let api = Api::codat();
    for credentials in [api_key(), company_token()] {
        prints_nothing(&credentials);
        prints_nothing(&api.with(&credentials));
        prints_nothing(&api.with(&credentials).connection(&company(), &connection()).unwrap());
        prints_nothing(&api.with(&credentials).access_token(&company(), Generation::Current));
    }
    for pasted in ["CANARY two words", "Basic CANARY", "CANARY\r\nx"] {
        let error = ApiKey::parse(&SecretString::from(pasted)).unwrap_err();
        is_silent(&format!("{error:?} {error}"));
    }
    let endpoint =
        TokenEndpoint::parse(&SecretString::from("https://lender.example/CANARY?k=CANARY")).unwrap();
    prints_nothing(&endpoint);
    prints_nothing(&endpoint.request(Some(&SecretString::from("CANARY"))).unwrap());
    let refused = TokenEndpoint::parse(&SecretString::from("http://lender.example/CANARY")).unwrap_err();
    is_silent(&format!("{refused:?} {refused}"));
    prints_nothing(&CompanyToken::new(company(), SecretString::from(TOKEN), now(), later(1)).unwrap());
}

#[test]
fn answers_are_silent() {
    let one = answer(200, &connection_json());
    prints_nothing(&one);
    let connection = judge_connection(&one, now()).unwrap();
    prints_nothing(&connection);
    prints_nothing(&standing(&connection));
    let page = answer(200, &page_json(&[connection_json()], false));
    prints_nothing(&judge_connections(&page, &ListQuery::default(), now()).unwrap());
    let company_json = json!({
        "id": "a", "redirect": "https://link.codat.io/company/a?link.otp=CANARY1",
        "dataConnections": [connection_json()]
    });
    prints_nothing(&judge_company(&answer(200, &company_json), now()).unwrap());
    let page = answer(200, &page_json(&[company_json], false));
    prints_nothing(&judge_companies(&page, &ListQuery::default(), now()).unwrap());
    let token = answer(200, &json!({ "accessToken": TOKEN }));
    prints_nothing(&judge_access_token(&token, &company(), now()).unwrap());
}

#[test]
fn errors_are_silent_even_when_the_server_repeats_what_was_sent() {
    let encoded = "Q0FOQVJZa2V5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
    let body = json!({
        "error": format!("Invalid header Basic {encoded} or key {KEY} or Bearer {TOKEN} or https://link.codat.io/?otp=CANARY"),
        "service": "PublicApi",
        "correlationId": "2b60a2bafedd3238702c2186a2dc833f",
        "validation": { "errors": [{ "message": format!("'{KEY}'") }] }
    });
    let error = judge_company(&answer(400, &body), now()).unwrap_err();
    is_silent(&format!("{error:?} {error} {:?} {:?}", error.message(), error.service()));
    assert!(error.message().unwrap().starts_with("Invalid header Basic …"));
    prints_nothing(&ComponentEvent::failed(&error));
    prints_nothing(&judge_access_token(
        &answer(200, &json!({ "accessToken": "CANARY x" })),
        &company(),
        now(),
    ));
    prints_nothing(&judge_company(&codat_error(500), now()));
}

#[test]
fn link_addresses_and_nonces_are_silent() {
    let nonce = LinkNonce::from_vault(&SecretString::from("CANARYnonce"));
    prints_nothing(&nonce);
    let link = SecretString::from("https://link.codat.io/x?otp=CANARY");
    prints_nothing(&link_url_with_nonce(&link, &nonce, &Api::codat()));
    let http = SecretString::from("http://link.codat.io/x?otp=CANARY");
    let refused = link_url_with_nonce(&http, &nonce, &Api::codat()).unwrap_err();
    is_silent(&format!("{refused:?} {refused}"));
    let back = SecretString::from("http://127.0.0.1/?mooringNonce=CANARYnonce&statusCode=200");
    prints_nothing(&LinkReturn::judge(&back, &nonce).unwrap());
    let forged = SecretString::from("http://127.0.0.1/?mooringNonce=CANARYother");
    let refused = LinkReturn::judge(&forged, &nonce).unwrap_err();
    is_silent(&format!("{refused:?} {refused}"));
}
