//! Codes for other devices, tokens for a client itself, and the service that hands out a key.

use crate::client::{accounts_status, bank, http, post, refusal, text};
use sandbox::person::{PersonError, decide_device};
use sandbox::{Clock, Options, Sandbox};
use serde_json::Value;
use std::time::Duration;

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

async fn codes(bank: &Sandbox) -> Value {
    let form = [("client_id", bank.client_id()), ("scope", "openid profile accounts offline_access")];
    let answer = post(bank, "/oauth/device_authorization", &form).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.json().await.unwrap()
}

async fn ask(bank: &Sandbox, codes: &Value, client: &str) -> reqwest::Response {
    let form = [("grant_type", GRANT), ("client_id", client), ("device_code", text(codes, "device_code"))];
    post(bank, "/oauth/token", &form).send().await.unwrap()
}

#[tokio::test]
async fn a_person_types_the_code_and_the_device_gets_tokens_once() {
    let clock = Clock::default();
    let bank = Sandbox::start(Options { clock: clock.clone(), ..Options::default() }).await.unwrap();
    let codes = codes(&bank).await;
    let later = || clock.advance(Duration::from_secs(2));
    assert_eq!(refusal(ask(&bank, &codes, bank.client_id()).await).await.1, "authorization_pending");
    assert_eq!(refusal(ask(&bank, &codes, bank.client_id()).await).await.1, "slow_down");
    decide_device(text(&codes, "verification_uri_complete"), true).await.unwrap();
    later();
    let granted: Value = ask(&bank, &codes, bank.client_id()).await.json().await.unwrap();
    assert_eq!(accounts_status(&bank, text(&granted, "access_token")).await, 200);
    assert!(granted["refresh_token"].is_string() && granted["id_token"].is_string());
    assert_eq!(refusal(ask(&bank, &codes, bank.client_id()).await).await.1, "invalid_grant", "once");
}

#[tokio::test]
async fn refusing_waiting_too_long_and_other_clients_are_told_apart() {
    let clock = Clock::default();
    let bank = Sandbox::start(Options { clock: clock.clone(), ..Options::default() }).await.unwrap();
    let refused = codes(&bank).await;
    decide_device(text(&refused, "verification_uri_complete"), false).await.unwrap();
    assert_eq!(refusal(ask(&bank, &refused, bank.client_id()).await).await.1, "access_denied");
    let over = codes(&bank).await;
    clock.advance(Duration::from_secs(601));
    let late = decide_device(text(&over, "verification_uri_complete"), true).await;
    assert!(matches!(late, Err(PersonError::Stuck { .. })), "a code that is over is not taken");
    assert_eq!(refusal(ask(&bank, &over, bank.client_id()).await).await.1, "expired_token");
    let other = codes(&bank).await;
    assert_eq!(refusal(ask(&bank, &other, "somebody").await).await, (401, "invalid_client".to_owned()));
}

#[tokio::test]
async fn a_client_with_a_secret_speaks_for_itself_and_one_without_does_not() {
    let bank = bank().await;
    let (id, secret) = bank.confidential_client();
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", id),
        ("client_secret", secret),
        ("scope", "accounts"),
    ];
    let granted: Value = post(&bank, "/oauth/token", &form).send().await.unwrap().json().await.unwrap();
    assert_eq!(accounts_status(&bank, text(&granted, "access_token")).await, 200);
    assert!(granted.get("refresh_token").is_none(), "RFC 6749 §4.4.3");
    let form = [("grant_type", "client_credentials"), ("client_id", bank.client_id())];
    let refused = refusal(post(&bank, "/oauth/token", &form).send().await.unwrap()).await;
    assert_eq!(refused, (400, "unauthorized_client".to_owned()));
}

#[tokio::test]
async fn a_key_opens_the_service_until_it_is_replaced() {
    let bank = bank().await;
    let status = async |key: &str| {
        let asked = http().get(bank.caderno_check()).header(sandbox::caderno::KEY_HEADER, key);
        asked.send().await.unwrap().status().as_u16()
    };
    let key = bank.caderno().key();
    assert_eq!((status(&key).await, status("wrong").await), (200, 401));
    let next = bank.caderno().replace_key();
    assert_eq!((status(&key).await, status(&next).await), (401, 200));
    bank.caderno().trouble(Some(503));
    assert_eq!(status(&next).await, 503);
    bank.caderno().trouble(None);
    assert_eq!(status(&next).await, 200);
}
