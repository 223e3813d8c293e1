//! What becomes of codes and tokens.

use crate::client::{
    accounts_status, approved, bank, code, connected, exchange, invalid_grant, post, refresh, refusal, text,
};
use sandbox::{Clock, Options, Sandbox};
use serde_json::Value;
use std::time::Duration;

#[tokio::test]
async fn a_replayed_code_ends_what_it_brought() {
    let bank = bank().await;
    let code = code(&bank).await;
    let answer: Value = exchange(&bank, &code, &[]).await.json().await.unwrap();
    assert_eq!(accounts_status(&bank, text(&answer, "access_token")).await, 200);
    assert_eq!(refusal(exchange(&bank, &code, &[]).await).await, invalid_grant());
    assert_eq!(accounts_status(&bank, text(&answer, "access_token")).await, 401);
    assert_eq!(refusal(refresh(&bank, text(&answer, "refresh_token")).await).await, invalid_grant());
}

#[tokio::test]
async fn a_code_lives_a_minute() {
    let bank = bank().await;
    let (early, late) = (code(&bank).await, code(&bank).await);
    bank.clock().advance(Duration::from_secs(50));
    assert_eq!(exchange(&bank, &early, &[]).await.status(), 200);
    bank.clock().advance(Duration::from_secs(11));
    assert_eq!(refusal(exchange(&bank, &late, &[]).await).await, invalid_grant());
}

#[tokio::test]
async fn a_refresh_replaces_the_refresh_token() {
    let bank = bank().await;
    let first = connected(&bank).await;
    let second: Value = refresh(&bank, text(&first, "refresh_token")).await.json().await.unwrap();
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    assert_eq!(accounts_status(&bank, text(&second, "access_token")).await, 200);
    let third: Value = refresh(&bank, text(&second, "refresh_token")).await.json().await.unwrap();
    assert_eq!(accounts_status(&bank, text(&third, "access_token")).await, 200);
    assert_eq!(bank.requests().refreshes(), 2);
}

#[tokio::test]
async fn a_replaced_refresh_token_that_comes_back_ends_the_family() {
    let bank = bank().await;
    let first = connected(&bank).await;
    let second: Value = refresh(&bank, text(&first, "refresh_token")).await.json().await.unwrap();
    assert_eq!(refusal(refresh(&bank, text(&first, "refresh_token")).await).await, invalid_grant());
    assert_eq!(refusal(refresh(&bank, text(&second, "refresh_token")).await).await, invalid_grant());
    assert_eq!(accounts_status(&bank, text(&second, "access_token")).await, 401);
}

#[tokio::test]
async fn of_two_refreshes_at_once_one_wins_and_the_family_ends() {
    let bank = bank().await;
    let first = connected(&bank).await;
    let token = text(&first, "refresh_token");
    let (one, other) = tokio::join!(refresh(&bank, token), refresh(&bank, token));
    let (won, lost) = if one.status() == 200 { (one, other) } else { (other, one) };
    assert_eq!(refusal(lost).await, invalid_grant());
    let won: Value = won.json().await.unwrap();
    assert_eq!(accounts_status(&bank, text(&won, "access_token")).await, 401);
    assert_eq!(refusal(refresh(&bank, text(&won, "refresh_token")).await).await, invalid_grant());
}

#[tokio::test]
async fn an_access_token_that_expired_opens_nothing() {
    let bank = bank().await;
    let answer = connected(&bank).await;
    let access = text(&answer, "access_token");
    bank.clock().advance(Duration::from_secs(290));
    assert_eq!(accounts_status(&bank, access).await, 200);
    bank.clock().advance(Duration::from_secs(11));
    assert_eq!(accounts_status(&bank, access).await, 401);
    assert_eq!(refresh(&bank, text(&answer, "refresh_token")).await.status(), 200);
}

#[tokio::test]
async fn only_access_tokens_open_accounts() {
    let bank = bank().await;
    let answer = connected(&bank).await;
    assert_eq!(accounts_status(&bank, text(&answer, "refresh_token")).await, 401);
    assert_eq!(accounts_status(&bank, "guess").await, 401);
}

#[tokio::test]
async fn a_consent_ends_after_its_days() {
    let bank = bank().await;
    let answer = connected(&bank).await;
    bank.clock().advance(Duration::from_secs(181 * 24 * 3600));
    assert_eq!(refusal(refresh(&bank, text(&answer, "refresh_token")).await).await, invalid_grant());
}

#[tokio::test]
async fn revoking_the_refresh_token_ends_the_grant() {
    let bank = bank().await;
    let answer = connected(&bank).await;
    let form = [("client_id", bank.client_id()), ("token", text(&answer, "refresh_token"))];
    assert_eq!(post(&bank, "/oauth/revoke", &form).send().await.unwrap().status(), 200);
    assert_eq!(accounts_status(&bank, text(&answer, "access_token")).await, 401);
    assert_eq!(refusal(refresh(&bank, text(&answer, "refresh_token")).await).await, invalid_grant());
    let again = post(&bank, "/oauth/revoke", &form).send().await.unwrap();
    assert_eq!(again.status(), 200, "an unknown token is revoked as well as it can be");
}

#[tokio::test]
async fn revoking_the_access_token_leaves_the_refresh_token() {
    let bank = bank().await;
    let answer = connected(&bank).await;
    let form = [("client_id", bank.client_id()), ("token", text(&answer, "access_token"))];
    assert_eq!(post(&bank, "/oauth/revoke", &form).send().await.unwrap().status(), 200);
    assert_eq!(accounts_status(&bank, text(&answer, "access_token")).await, 401);
    assert_eq!(refresh(&bank, text(&answer, "refresh_token")).await.status(), 200);
}

#[tokio::test]
async fn another_client_revokes_and_refreshes_nothing() {
    let bank = bank().await;
    let answer = connected(&bank).await;
    let (id, secret) = bank.confidential_client();
    let token = text(&answer, "refresh_token");
    let revocation = post(&bank, "/oauth/revoke", &[("token", token)]).basic_auth(id, Some(secret));
    assert_eq!(revocation.send().await.unwrap().status(), 400);
    let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
    let stolen = post(&bank, "/oauth/token", &form).basic_auth(id, Some(secret)).send().await.unwrap();
    assert_eq!(refusal(stolen).await, invalid_grant());
    assert_eq!(refresh(&bank, token).await.status(), 200, "the owner still can");
}

#[tokio::test]
async fn a_withdrawn_consent_ends_everything() {
    let bank = bank().await;
    let answer = connected(&bank).await;
    bank.revoke_all();
    assert_eq!(accounts_status(&bank, text(&answer, "access_token")).await, 401);
    assert_eq!(refusal(refresh(&bank, text(&answer, "refresh_token")).await).await, invalid_grant());
}

#[tokio::test]
async fn the_confidential_client_proves_itself_by_basic_or_post_and_not_at_all_otherwise() {
    let bank = bank().await;
    let (id, secret) = bank.confidential_client();
    let form = [("grant_type", "refresh_token"), ("refresh_token", "unknown")];
    let by_post = |secret: &'static str| [form[0], form[1], ("client_id", id), ("client_secret", secret)];
    let invalid_client = (401, "invalid_client".to_owned());
    let basic = |secret| post(&bank, "/oauth/token", &form).basic_auth(id, Some(secret)).send();
    assert_eq!(refusal(basic(secret).await.unwrap()).await, invalid_grant(), "proved, then judged");
    assert_eq!(refusal(basic("wrong").await.unwrap()).await, invalid_client);
    let wrong = post(&bank, "/oauth/token", &by_post("wrong")).send().await.unwrap();
    assert_eq!(refusal(wrong).await, invalid_client);
    let right = [form[0], form[1], ("client_id", id), ("client_secret", secret)];
    assert_eq!(refusal(post(&bank, "/oauth/token", &right).send().await.unwrap()).await, invalid_grant());
    let none = [form[0], form[1], ("client_id", id)];
    assert_eq!(refusal(post(&bank, "/oauth/token", &none).send().await.unwrap()).await, invalid_client);
    let both = post(&bank, "/oauth/token", &right).basic_auth(id, Some(secret)).send().await.unwrap();
    assert_eq!(refusal(both).await, (400, "invalid_request".to_owned()));
}

#[tokio::test]
async fn grants_outlive_a_restart_and_tokens_are_not_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let state_file = folder.path().join("practice-bank.json");
    let options = Options { state_file: Some(state_file.clone()), ..Options::default() };
    let bank = Sandbox::start(options.clone()).await.unwrap();
    let answer = connected(&bank).await;
    bank.stop().await;
    let stored = std::fs::read_to_string(&state_file).unwrap();
    for token in ["access_token", "refresh_token"] {
        assert!(!stored.contains(text(&answer, token)), "{token} is kept as a hash only");
    }
    assert!(!stored.contains("farol_"), "nothing that looks like a token is kept");
    let bank = Sandbox::start(options.clone()).await.unwrap();
    assert_eq!(accounts_status(&bank, text(&answer, "access_token")).await, 200);
    let second: Value = refresh(&bank, text(&answer, "refresh_token")).await.json().await.unwrap();
    bank.stop().await;
    let bank = Sandbox::start(options).await.unwrap();
    assert_eq!(refresh(&bank, text(&second, "refresh_token")).await.status(), 200);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no half-written file is left");
}

#[tokio::test]
async fn a_torn_state_file_starts_an_empty_bank() {
    let folder = tempfile::tempdir().unwrap();
    let state_file = folder.path().join("practice-bank.json");
    std::fs::write(&state_file, "{\"grants\":[{").unwrap();
    let bank = Sandbox::start(Options { state_file: Some(state_file), ..Options::default() }).await.unwrap();
    assert!(approved(&bank).await.contains_key("code"));
}

#[tokio::test]
async fn time_is_shared_between_clones_of_a_clock() {
    let clock = Clock::default();
    let bank = Sandbox::start(Options { clock: clock.clone(), ..Options::default() }).await.unwrap();
    let answer = connected(&bank).await;
    clock.advance(Duration::from_secs(301));
    assert_eq!(accounts_status(&bank, text(&answer, "access_token")).await, 401);
}
