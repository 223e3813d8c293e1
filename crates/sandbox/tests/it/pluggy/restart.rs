//! What outlives a restart of the program that hosts the sandbox.

use super::api::{Caller, client, login, statuses, world_with};
use sandbox::Options;
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn pending_items_tokens_and_data_are_there_again() {
    let folder = tempfile::tempdir().unwrap();
    let state_file = folder.path().join("bank.json");
    let clock = sandbox::Clock::default();
    let options =
        || Options { state_file: Some(state_file.clone()), clock: clock.clone(), ..Options::default() };
    let sandbox = world_with(options()).await;
    let key = client(&sandbox).await;
    let connected = key.connected().await;
    let accounts = key.read(&format!("/accounts?itemId={connected}")).await;
    let first = accounts["results"][0]["id"].as_str().unwrap().to_owned();
    let transactions = key.read(&format!("/transactions?accountId={first}&pageSize=500")).await;
    let pending = key.item(601, json!({ "cpf": "761.092.776-73" })).await;
    let asked = key.item(3, login("user-ok")).await;
    let session = key.connect_token(json!({})).await;
    let of_session = session.item(0, login("user-ok")).await;
    clock.advance(Duration::from_secs(30));
    let (key, session) = (key.token.clone(), session.token.clone());
    sandbox.stop().await;

    let stored = std::fs::read_to_string(folder.path().join("bank.pluggy.json")).unwrap();
    for secret in [key.as_str(), session.as_str(), "password-ok", "761.092.776-73", "user-ok"] {
        assert!(!stored.contains(secret), "{secret}");
    }

    let sandbox = world_with(options()).await;
    let (key, session) = (Caller::with(&sandbox, &key), Caller::with(&sandbox, &session));
    assert_eq!(key.read(&format!("/accounts?itemId={connected}")).await, accounts);
    assert_eq!(key.read(&format!("/transactions?accountId={first}&pageSize=500")).await, transactions);
    assert_eq!(statuses(&key.read(&format!("/items/{asked}")).await).0, "WAITING_USER_INPUT");
    assert_eq!(key.post(&format!("/items/{asked}/mfa"), json!({ "token": "123456" })).await.0, 200);
    assert_eq!(session.get(&format!("/items/{of_session}")).await.0, 200);
    assert_eq!(session.get(&format!("/items/{connected}")).await.0, 403, "scopes are remembered too");
    let item = key.read(&format!("/items/{pending}")).await;
    assert_eq!(statuses(&item).0, "WAITING_USER_INPUT");
    let here = sandbox.pluggy_api();
    assert!(
        item["parameter"]["data"].as_str().unwrap().starts_with(&here),
        "the page is where the sandbox is now"
    );
    assert!(sandbox.pluggy().authorize(&pending, true));
    clock.advance(Duration::from_secs(600));
    for id in [pending, asked, of_session] {
        assert_eq!(statuses(&key.read(&format!("/items/{id}")).await), ("UPDATED", "SUCCESS"));
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_read_as_a_state_starts_an_empty_one() {
    let folder = tempfile::tempdir().unwrap();
    let state_file = folder.path().join("bank.json");
    std::fs::write(folder.path().join("bank.pluggy.json"), "half a docum").unwrap();
    let sandbox = world_with(Options { state_file: Some(state_file), ..Options::default() }).await;
    assert!(sandbox.pluggy().items().is_empty());
    assert_eq!(client(&sandbox).await.get("/categories").await.0, 200);
}
