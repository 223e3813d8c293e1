//! From the authorization request to the code.

use crate::client::{
    REDIRECT, api, approved, authorization_url, bank, connected, exchange, http, query, refusal, text,
};
use sandbox::Endpoint;
use sandbox::person::{self, Choices};
use serde_json::Value;

#[tokio::test]
async fn a_person_who_allows_ends_with_accounts() {
    let bank = bank().await;
    let returned = approved(&bank).await;
    assert_eq!(returned["state"], "state-1");
    assert_eq!(returned["iss"], bank.issuer());
    let answer: Value = exchange(&bank, &returned["code"], &[]).await.json().await.unwrap();
    assert_eq!(answer["token_type"], "Bearer");
    assert_eq!(answer["expires_in"], 300);
    assert_eq!(answer["scope"], "openid profile accounts");
    let access = text(&answer, "access_token");
    let accounts: Value = api(&bank, "/api/accounts", access).await.json().await.unwrap();
    assert_eq!(accounts["holder"]["name"], "Ana Souza");
    assert_eq!(accounts["accounts"].as_array().unwrap().len(), 4);
    assert_eq!(accounts["accounts"][0]["balance"], "4812.37", "money is text, never floating point");
    let person: Value = api(&bank, "/oauth/userinfo", access).await.json().await.unwrap();
    assert_eq!(person["name"], "Ana Souza");
    assert_eq!(person["email"], Value::Null, "email was not asked for");
    assert_eq!(bank.requests().code_exchanges(), 1);
    assert_eq!(bank.requests().count(Endpoint::Accounts), 1);
}

#[tokio::test]
async fn only_the_chosen_accounts_are_shared() {
    let bank = bank().await;
    let choices = Choices {
        user: "bruno".to_owned(),
        accounts: Some(vec!["farol-savings".to_owned()]),
        ..Choices::default()
    };
    let returned = person::approve(&authorization_url(&bank, &[]), &choices).await.unwrap();
    let answer: Value = exchange(&bank, &query(&returned)["code"], &[]).await.json().await.unwrap();
    let accounts: Value =
        api(&bank, "/api/accounts", text(&answer, "access_token")).await.json().await.unwrap();
    assert_eq!(accounts["holder"]["name"], "Bruno");
    assert_eq!(accounts["accounts"].as_array().unwrap().len(), 1);
    assert_eq!(accounts["accounts"][0]["id"], "farol-savings");
}

#[tokio::test]
async fn a_person_who_cancels_comes_back_with_access_denied() {
    let bank = bank().await;
    let returned = query(&person::deny(&authorization_url(&bank, &[])).await.unwrap());
    assert_eq!(returned["error"], "access_denied");
    assert_eq!((returned["state"].as_str(), &returned["iss"]), ("state-1", &bank.issuer()));
    assert!(!returned.contains_key("code"));
}

#[tokio::test]
async fn every_registered_redirect_is_answered_where_it_points() {
    let bank = bank().await;
    for redirect in
        ["mooring://oauth/callback", "https://mooring.example/callback", "http://[::1]:9/callback"]
    {
        let url = authorization_url(&bank, &[("redirect_uri", redirect)]);
        let returned = person::approve(&url, &Choices::default()).await.unwrap();
        assert!(returned.starts_with(&format!("{redirect}?code=")), "{redirect}");
    }
}

#[tokio::test]
async fn unless_client_and_redirect_are_registered_nothing_is_redirected() {
    let bank = bank().await;
    for change in [
        ("redirect_uri", "http://127.0.0.1:7777/callback/"),
        ("redirect_uri", "https://evil.example/callback"),
        ("redirect_uri", ""),
        ("client_id", "somebody-else"),
        ("client_id", ""),
    ] {
        let answer = http().get(authorization_url(&bank, &[change])).send().await.unwrap();
        assert_eq!(answer.status(), 400, "{change:?}");
        assert!(answer.headers().get("location").is_none(), "{change:?}");
    }
    let repeated = format!("{}&redirect_uri=https://evil.example", authorization_url(&bank, &[]));
    assert_eq!(http().get(repeated).send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn a_flawed_request_is_answered_to_the_client() {
    let bank = bank().await;
    for (change, error) in [
        (("response_type", "token"), "unsupported_response_type"),
        (("response_type", ""), "invalid_request"),
        (("code_challenge", ""), "invalid_request"),
        (("code_challenge", "short"), "invalid_request"),
        (("code_challenge_method", "plain"), "invalid_request"),
        (("code_challenge_method", ""), "invalid_request"),
        (("response_mode", "fragment"), "invalid_request"),
        (("scope", "accounts payments"), "invalid_scope"),
        (("request", "x.y.z"), "request_not_supported"),
    ] {
        let returned =
            person::approve(&authorization_url(&bank, &[change]), &Choices::default()).await.unwrap();
        assert!(returned.starts_with(REDIRECT));
        let returned = query(&returned);
        assert_eq!(
            (returned["error"].as_str(), returned["state"].as_str()),
            (error, "state-1"),
            "{change:?}"
        );
    }
}

#[tokio::test]
async fn a_code_needs_its_verifier_its_redirect_and_its_client() {
    let bank = bank().await;
    let (other, secret) = bank.confidential_client();
    let wrong_verifier = "a".repeat(43);
    for change in [
        vec![("code_verifier", wrong_verifier.as_str())],
        vec![("redirect_uri", "http://127.0.0.1:7777/callback/")],
        vec![("redirect_uri", "http://127.0.0.1:7778/callback")],
        vec![("client_id", other), ("client_secret", secret)],
    ] {
        let code = approved(&bank).await.remove("code").unwrap();
        let answer = refusal(exchange(&bank, &code, &change).await).await;
        assert_eq!(answer, (400, "invalid_grant".to_owned()), "{:?}", change[0].0);
    }
}

#[tokio::test]
async fn a_verifier_cannot_be_tried_again() {
    let bank = bank().await;
    let code = approved(&bank).await.remove("code").unwrap();
    let wrong = "a".repeat(43);
    assert_eq!(exchange(&bank, &code, &[("code_verifier", &wrong)]).await.status(), 400);
    assert_eq!(exchange(&bank, &code, &[]).await.status(), 400);
}

#[tokio::test]
async fn metadata_is_the_same_at_both_addresses_and_names_its_issuer() {
    let bank = bank().await;
    let read = async |path: &str| -> Value {
        http().get(format!("{}{path}", bank.issuer())).send().await.unwrap().json().await.unwrap()
    };
    let metadata = read("/.well-known/oauth-authorization-server").await;
    assert_eq!(metadata, read("/.well-known/openid-configuration").await);
    assert_eq!(metadata["issuer"], bank.issuer());
    assert_eq!(metadata["code_challenge_methods_supported"], serde_json::json!(["S256"]));
    assert_eq!(metadata["authorization_response_iss_parameter_supported"], true);
}

#[tokio::test]
async fn an_id_token_is_signed_with_the_published_key() {
    let bank = bank().await;
    let answer = connected(&bank).await;
    let (content, signature) = text(&answer, "id_token").rsplit_once('.').unwrap();
    let keys: Value =
        http().get(format!("{}/oauth/jwks", bank.issuer())).send().await.unwrap().json().await.unwrap();
    let decode =
        |text: &str| base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, text).unwrap();
    let key = &keys["keys"][0];
    let point = [vec![4], decode(text(key, "x")), decode(text(key, "y"))].concat();
    let key = ring::signature::UnparsedPublicKey::new(&ring::signature::ECDSA_P256_SHA256_FIXED, point);
    key.verify(content.as_bytes(), &decode(signature)).unwrap();
    let claims: Value = serde_json::from_slice(&decode(content.split_once('.').unwrap().1)).unwrap();
    assert_eq!(claims["iss"], bank.issuer());
    assert_eq!(claims["aud"], bank.client_id());
    assert_eq!(claims["nonce"], "nonce-1");
    let person: Value =
        api(&bank, "/oauth/userinfo", text(&answer, "access_token")).await.json().await.unwrap();
    assert_eq!(claims["sub"], person["sub"]);
}
