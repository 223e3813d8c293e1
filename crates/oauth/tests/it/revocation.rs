//! Telling a server that a grant is over.

use crate::fixtures::{CLIENT, answer, answer_with_pause, form, header, later, now, taken};
use http::header::AUTHORIZATION;
use oauth::{
    ClientAuthentication, ClientRegistration, RequestError, RevocationOutcome as Outcome, judge_revocation,
    revocation_request,
};
use secret::SecretString;
use url::Url;

fn ask(
    authentication: ClientAuthentication,
    secret: Option<&str>,
    is_refresh_token: bool,
) -> Result<http::Request<Vec<u8>>, RequestError> {
    let client = ClientRegistration {
        client_id: CLIENT.to_owned(),
        client_secret: secret.map(SecretString::from),
        authentication,
    };
    let endpoint = Url::parse("https://bank.example/revoke").unwrap();
    revocation_request(&endpoint, &client, &SecretString::from("CANARY&token"), is_refresh_token).map(taken)
}

#[test]
fn names_the_token_and_its_kind() {
    for (is_refresh_token, hint) in [(true, "refresh_token"), (false, "access_token")] {
        let request = ask(ClientAuthentication::None, None, is_refresh_token).unwrap();
        assert_eq!(request.method(), http::Method::POST);
        assert_eq!(request.uri(), "https://bank.example/revoke", "nothing in the address");
        let form = form(&request);
        assert_eq!(form["token"], "CANARY&token");
        assert_eq!(form["token_type_hint"], hint);
        assert_eq!(form["client_id"], CLIENT);
    }
}

#[test]
fn proves_the_client_as_the_token_endpoint_does() {
    let basic = ask(ClientAuthentication::Basic, Some("CANARY:s%+ é"), true).unwrap();
    assert_eq!(
        header(&basic, AUTHORIZATION).as_deref(),
        Some("Basic Y2xpZW50LTE6Q0FOQVJZJTNBcyUyNSUyQislQzMlQTk=")
    );
    assert!(basic.headers()[AUTHORIZATION].is_sensitive());
    let post = ask(ClientAuthentication::Post, Some("CANARY"), true).unwrap();
    assert_eq!(form(&post)["client_secret"], "CANARY");
    assert_eq!(ask(ClientAuthentication::Basic, None, true).err(), Some(RequestError::SecretMissing));
}

#[test]
fn answers_say_whether_the_token_still_lives() {
    for (response, outcome) in [
        // An unknown token is answered with 200 too (RFC 7009 §2.2).
        (answer(200, ""), Outcome::Revoked),
        (answer(204, ""), Outcome::Revoked),
        (answer(400, r#"{"error":"unsupported_token_type"}"#), Outcome::Refused),
        (answer(401, r#"{"error":"invalid_client"}"#), Outcome::Refused),
        (answer(302, ""), Outcome::Refused),
        (answer(404, "<html>"), Outcome::Refused),
        // §2.2.1: assume that it still lives.
        (answer(503, ""), Outcome::Later { not_before: None }),
        (answer_with_pause(503, "", "120"), Outcome::Later { not_before: Some(later(120)) }),
        (answer_with_pause(429, "", "1000000000"), Outcome::Later { not_before: Some(later(3600)) }),
        (answer_with_pause(500, "", "-1"), Outcome::Later { not_before: None }),
    ] {
        assert_eq!(judge_revocation(&response, now()), outcome, "{response:?}");
    }
}
