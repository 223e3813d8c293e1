//! Who may ask for what, and for how long.

use super::api::{Caller, anonymous, client, login, world};
use crate::client::http;
use reqwest::Method;
use sandbox::Misbehaviour;
use serde_json::{Value, json};
use std::time::Duration;

fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    let bytes = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, payload).unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

#[tokio::test]
async fn only_the_known_client_gets_an_api_key() {
    let sandbox = world().await;
    let (id, secret) = sandbox.pluggy_client();
    for (id, secret) in [(id, "wrong"), ("wrong", secret), (id, ""), ("", "")] {
        let body = json!({ "clientId": id, "clientSecret": secret });
        let (status, refused) = anonymous(&sandbox, Method::POST, "/auth", body).await;
        assert_eq!((status, &refused["code"]), (401, &json!(401)), "{refused}");
        assert!(refused["message"].is_string() && refused["apiKey"].is_null());
    }
}

#[tokio::test]
async fn an_api_key_ends_after_two_hours() {
    let sandbox = world().await;
    let caller = client(&sandbox).await;
    let claims = claims(&caller.token);
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 7200);
    sandbox.clock().advance(Duration::from_secs(7190));
    assert_eq!(caller.get("/categories").await.0, 200);
    sandbox.clock().advance(Duration::from_secs(20));
    let (status, refused) = caller.get("/categories").await;
    assert_eq!((status, &refused["code"]), (403, &json!(403)));
}

#[tokio::test]
async fn a_connect_token_ends_after_half_an_hour() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let session = key.connect_token(json!({})).await;
    sandbox.clock().advance(Duration::from_secs(1790));
    assert_eq!(session.get("/connectors?sandbox=true").await.0, 200);
    sandbox.clock().advance(Duration::from_secs(20));
    assert_eq!(session.get("/connectors?sandbox=true").await.0, 403);
    assert_eq!(key.get("/connectors?sandbox=true").await.0, 200);
}

#[tokio::test]
async fn nobody_gets_in_without_a_token_that_was_issued_here() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let mut parts: Vec<_> = key.token.split('.').collect();
    parts[2] = "c2lnbmF0dXJl";
    let forged = parts.join(".");
    for token in ["", "nothing", &forged] {
        let (status, refused) = Caller::with(&sandbox, token).get("/connectors?sandbox=true").await;
        assert_eq!((status, &refused["code"]), (403, &json!(403)), "{token}");
    }
    assert_eq!(anonymous(&sandbox, Method::GET, "/items/x", json!({})).await.0, 403);
}

#[tokio::test]
async fn both_headers_are_taken() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let url = format!("{}/categories", sandbox.pluggy_api());
    assert_eq!(http().get(&url).bearer_auth(&key.token).send().await.unwrap().status(), 200);
    assert_eq!(http().get(&url).header("X-API-KEY", &key.token).send().await.unwrap().status(), 200);
    assert_eq!(http().get(&url).basic_auth(&key.token, Some("")).send().await.unwrap().status(), 403);
}

#[tokio::test]
async fn a_connect_token_reaches_its_own_item_and_little_else() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let session = key.connect_token(json!({ "options": { "clientUserId": "ana" } })).await;
    assert_eq!(session.get("/connectors?sandbox=true").await.0, 200);
    assert_eq!(session.get("/connectors/0").await.0, 200);
    let item = session.item(0, login("user-ok")).await;
    sandbox.clock().advance(Duration::from_secs(600));
    let shown = session.read(&format!("/items/{item}")).await;
    assert_eq!(shown["clientUserId"], "ana", "the token's options go to its items");
    assert_eq!(session.ask(Method::PATCH, &format!("/items/{item}"), json!({})).await.0, 200);

    let reduced = session.read(&format!("/accounts?itemId={item}")).await;
    let whole = key.read(&format!("/accounts?itemId={item}")).await;
    for (less, more) in
        reduced["results"].as_array().unwrap().iter().zip(whole["results"].as_array().unwrap())
    {
        assert_eq!((&less["id"], &less["balance"]), (&more["id"], &more["balance"]));
        for hidden in ["owner", "taxNumber", "bankData", "creditData"] {
            assert!(less[hidden].is_null(), "{hidden} in {less}");
        }
        assert_eq!(more["owner"], "Ana Souza");
    }

    let account = whole["results"][0]["id"].as_str().unwrap();
    for refused in [
        format!("/accounts/{account}"),
        format!("/transactions?accountId={account}"),
        format!("/v2/transactions?accountId={account}"),
        format!("/investments?itemId={item}"),
        format!("/loans?itemId={item}"),
        format!("/identity?itemId={item}"),
        format!("/consents?itemId={item}"),
        format!("/bills?accountId={account}"),
        "/categories".to_owned(),
        "/webhooks".to_owned(),
    ] {
        let (status, body) = session.get(&refused).await;
        assert_eq!((status, &body["code"]), (403, &json!(403)), "{refused}");
        assert!(body["message"].is_string(), "{refused}");
    }
    for (method, path) in [
        (Method::POST, "/connect_token".to_owned()),
        (Method::POST, "/webhooks".to_owned()),
        (Method::POST, "/connectors/0/validate".to_owned()),
        (Method::DELETE, format!("/items/{item}")),
    ] {
        assert_eq!(session.ask(method, &path, json!({})).await.0, 403, "{path}");
    }
    assert_eq!(key.get(&format!("/items/{item}")).await.0, 200, "it was not deleted");
}

#[tokio::test]
async fn a_connect_token_does_not_reach_the_item_of_another() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let item = key.connect_token(json!({})).await.item(0, login("user-ok")).await;
    let other = key.connect_token(json!({})).await;
    sandbox.clock().advance(Duration::from_secs(600));
    for (method, path) in [
        (Method::GET, format!("/items/{item}")),
        (Method::PATCH, format!("/items/{item}")),
        (Method::POST, format!("/items/{item}/mfa")),
        (Method::GET, format!("/accounts?itemId={item}")),
    ] {
        let (status, refused) = other.ask(method, &path, json!({})).await;
        assert_eq!((status, &refused["code"]), (403, &json!(403)), "{path}");
    }
    let made_for_it = key.connect_token(json!({ "itemId": item })).await;
    assert_eq!(made_for_it.get(&format!("/items/{item}")).await.0, 200);
    assert_eq!(made_for_it.ask(Method::PATCH, &format!("/items/{item}"), login("user-ok")).await.0, 200);
    let (status, _) = key.post("/connect_token", json!({ "itemId": "no-such" })).await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn a_redirect_address_must_be_https_and_elsewhere() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    for wrong in ["http://mooring.example/", "https://localhost/", "https://127.0.0.1/", "mooring://callback"]
    {
        let (status, refused) =
            key.post("/connect_token", json!({ "options": { "oauthRedirectUri": wrong } })).await;
        assert_eq!((status, &refused["code"]), (400, &json!(400)), "{wrong}");
        let item = json!({ "connectorId": 8, "parameters": {}, "oauthRedirectUri": wrong });
        assert_eq!(key.post("/items", item).await.0, 400, "{wrong}");
    }
    assert_eq!(sandbox.pluggy().items().len(), 0);
}

#[tokio::test]
async fn the_companys_endpoint_gives_connect_tokens() {
    let sandbox = world().await;
    let path = "/company/connect-token";
    let asked = json!({ "options": { "clientUserId": "ana" } });
    let (status, body) = anonymous(&sandbox, Method::POST, path, asked).await;
    assert_eq!(status, 200);
    let session = Caller::with(&sandbox, body["accessToken"].as_str().unwrap());
    assert_eq!(session.get("/connectors?sandbox=true").await.0, 200);
    assert_eq!(session.get("/categories").await.0, 403, "it is no API key");
    sandbox.misbehave(Misbehaviour::PluggyCompanyFails, Some(1));
    let (status, body) = anonymous(&sandbox, Method::POST, path, json!({})).await;
    assert_eq!(status, 500);
    assert!(body["error"].is_string() && body["accessToken"].is_null(), "{body}");
}

#[tokio::test]
async fn tokens_can_be_ended_and_the_client_gets_new_ones() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let session = key.connect_token(json!({})).await;
    sandbox.pluggy().end_tokens();
    assert_eq!(session.get("/connectors?sandbox=true").await.0, 403);
    assert_eq!(key.get("/categories").await.0, 403);
    sandbox.misbehave(Misbehaviour::PluggyUnauthorized401, Some(1));
    let (status, refused) = key.get("/categories").await;
    assert_eq!((status, &refused["code"]), (401, &json!(401)));
    assert_eq!(client(&sandbox).await.get("/categories").await.0, 200);
}
