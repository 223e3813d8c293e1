//! Providers that want token requests otherwise.

use crate::fixtures::{answer, form, header, metadata, now, taken};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use oauth::{
    AnswerShape, ClientAuthentication, ClientRegistration, Dress, Encoding, RequestError,
    client_credentials_request, judge_token_response_in, refresh_request,
};
use secret::SecretString;
use std::collections::BTreeMap;

fn client(authentication: ClientAuthentication) -> ClientRegistration {
    ClientRegistration {
        client_id: "client-1".to_owned(),
        client_secret: Some("CANARY-secret".into()),
        authentication,
    }
}

fn refresh(dress: &Dress<'_>, way: ClientAuthentication) -> Result<http::Request<Vec<u8>>, RequestError> {
    let token = SecretString::from("CANARY-&= é");
    dress.on(refresh_request(&metadata().token_endpoint, &client(way), &token).unwrap()).map(taken)
}

fn pair(name: &str, value: &str) -> BTreeMap<String, String> {
    BTreeMap::from([(name.to_owned(), value.to_owned())])
}

#[test]
fn json_bodies_carry_the_same_members() {
    let dress = Dress { encoding: Encoding::Json, ..Dress::default() };
    let request = refresh(&dress, ClientAuthentication::Post).unwrap();
    assert_eq!(header(&request, CONTENT_TYPE).as_deref(), Some("application/json"));
    let body: BTreeMap<String, String> = serde_json::from_slice(request.body()).unwrap();
    assert_eq!(body["refresh_token"], "CANARY-&= é");
    assert_eq!((body["grant_type"].as_str(), body["client_id"].as_str()), ("refresh_token", "client-1"));
    let basic = refresh(&dress, ClientAuthentication::Basic).unwrap();
    assert!(header(&basic, AUTHORIZATION).is_some(), "the proof in the header stays");
}

#[test]
fn parameters_in_the_address_leave_the_body_empty() {
    let request =
        refresh(&Dress { encoding: Encoding::Query, ..Dress::default() }, ClientAuthentication::Post);
    let request = request.unwrap();
    assert!(request.body().is_empty() && header(&request, CONTENT_TYPE).is_none());
    let query = request.uri().query().unwrap();
    let pairs: BTreeMap<_, _> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    assert_eq!(pairs["refresh_token"], "CANARY-&= é");
    assert_eq!(request.uri().path(), "/token");
}

#[test]
fn members_and_headers_of_its_own_are_added_and_never_take_the_protocols_place() {
    let (own, version) = (pair("audience", "books"), pair("Notion-Version", "2022-06-28"));
    let dress = Dress { parameters: Some(&own), headers: Some(&version), ..Dress::default() };
    let request = refresh(&dress, ClientAuthentication::Post).unwrap();
    assert_eq!(form(&request)["audience"], "books");
    assert_eq!(request.headers()["notion-version"], "2022-06-28");
    for name in ["grant_type", "refresh_token", "client_secret"] {
        let shadowing = pair(name, "x");
        let dress = Dress { parameters: Some(&shadowing), ..Dress::default() };
        assert_eq!(
            refresh(&dress, ClientAuthentication::Post).err(),
            Some(RequestError::Shadows(name.to_owned()))
        );
    }
    for name in ["Authorization", "Host", "Content-Type", "a b"] {
        let steering = pair(name, "x");
        let dress = Dress { headers: Some(&steering), ..Dress::default() };
        assert!(
            matches!(refresh(&dress, ClientAuthentication::Post), Err(RequestError::Shadows(_))),
            "{name}"
        );
    }
}

#[test]
fn a_client_speaks_for_itself_with_a_secret_only() {
    let ask = |client: &ClientRegistration| {
        let scopes = ["a".to_owned(), "b".to_owned()];
        client_credentials_request(&metadata().token_endpoint, client, &scopes, ",")
    };
    let request = taken(ask(&client(ClientAuthentication::Post)).unwrap());
    assert_eq!(form(&request)["grant_type"], "client_credentials");
    assert_eq!(form(&request)["scope"], "a,b");
    assert_eq!(ask(&client(ClientAuthentication::None)).err(), Some(RequestError::SecretMissing));
    let bare = ClientRegistration { client_secret: None, ..client(ClientAuthentication::Basic) };
    assert_eq!(ask(&bare).err(), Some(RequestError::SecretMissing));
}

fn at(pointer: &str) -> AnswerShape<'_> {
    AnswerShape { tokens_at: Some(pointer), ..AnswerShape::default() }
}

#[test]
fn tokens_that_stand_deeper_are_found_and_the_whole_answer_is_kept() {
    let body = r#"{"ok":true,"authed_user":{"access_token":"at","expires_in":60},"team":{"id":"T1"}}"#;
    let judged = judge_token_response_in(&answer(200, body), &at("/authed_user"), &[], now()).ok().unwrap();
    assert_eq!(judged.access_token.expose(), "at");
    assert!(judged.raw.expose().contains("T1"));
    let missing = judge_token_response_in(&answer(200, body), &at("/elsewhere"), &[], now()).err().unwrap();
    assert_eq!(missing.to_string(), "the token endpoint's answer: there is no access token");
}
