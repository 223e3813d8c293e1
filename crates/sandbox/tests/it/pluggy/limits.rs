//! Limits and outages.

use super::api::{client, login, world};
use crate::client::http;
use reqwest::Method;
use sandbox::Misbehaviour;
use serde_json::{Value, json};
use std::time::Duration;

#[tokio::test]
async fn a_limit_is_told_and_ends_with_its_minute() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let usual = key.response(Method::GET, "/categories", None).await;
    assert!(usual.headers().get("ratelimit-limit").is_none(), "no limit holds unless it is asked for");
    sandbox.misbehave(Misbehaviour::PluggyRateLimit(2), None);
    for remaining in ["1", "0"] {
        let answer = key.response(Method::GET, "/categories", None).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["ratelimit-limit"], "2");
        assert_eq!(answer.headers()["ratelimit-remaining"], remaining);
    }
    let refused = key.response(Method::GET, "/categories", None).await;
    assert_eq!(refused.status(), 429);
    let wait: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    assert_eq!(refused.headers()["ratelimit-reset"], refused.headers()["retry-after"]);
    let body: Value = serde_json::from_str(&refused.text().await.unwrap()).unwrap();
    assert_eq!(body["code"], 429);
    assert_eq!(key.get("/connectors?sandbox=true").await.0, 200, "each endpoint has a limit of its own");
    sandbox.clock().advance(Duration::from_secs(wait));
    assert_eq!(key.get("/categories").await.0, 200);
}

#[tokio::test]
async fn an_outage_is_not_a_refusal() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    sandbox.misbehave(Misbehaviour::PluggyOutage, Some(1));
    let down = key.response(Method::GET, "/categories", None).await;
    assert_eq!((down.status().as_u16(), down.headers()["retry-after"].to_str().unwrap()), (503, "2"));
    assert_eq!(key.get("/categories").await.0, 200);
}

#[tokio::test]
async fn an_answer_may_be_no_json() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    sandbox.misbehave(Misbehaviour::PluggyHtmlAnswer(502), Some(1));
    let page = key.response(Method::GET, "/categories", None).await;
    assert_eq!(page.status(), 502);
    assert!(page.text().await.unwrap().starts_with("<!doctype html>"));
    sandbox.misbehave(Misbehaviour::PluggyTruncatedAnswer, Some(1));
    let torn = key.response(Method::GET, "/categories", None).await;
    assert_eq!(torn.status(), 200);
    assert!(serde_json::from_str::<Value>(&torn.text().await.unwrap()).is_err());
    assert_eq!(key.get("/categories").await.0, 200);
}

#[tokio::test]
async fn an_answer_may_be_lost_though_the_item_was_made() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    sandbox.misbehave(Misbehaviour::PluggyDropsResponse, Some(1));
    let asked = json!({ "connectorId": 0, "parameters": login("user-ok") });
    let url = format!("{}/items", sandbox.pluggy_api());
    let lost = http().post(url).header("x-api-key", &key.token).json(&asked).send().await;
    assert!(lost.is_err(), "{lost:?}");
    assert_eq!(sandbox.pluggy().items().len(), 1);
    let found = key.read(&format!("/items/{}", sandbox.pluggy().items()[0])).await;
    assert_eq!(found["executionStatus"], "CREATED");
}

#[tokio::test]
async fn what_is_not_there_is_refused_in_json() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let (status, body) = key.get("/nothing").await;
    assert_eq!((status, &body["code"]), (404, &json!(404)));
    let (status, body) = key.ask(Method::PUT, "/items", json!({})).await;
    assert_eq!((status, &body["code"]), (405, &json!(405)));
}

#[tokio::test]
async fn no_foreign_origin_may_read_an_answer() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let url = format!("{}/categories", sandbox.pluggy_api());
    let answer = http()
        .get(url)
        .header("origin", "https://evil.example")
        .bearer_auth(&key.token)
        .send()
        .await
        .unwrap();
    assert!(answer.headers().get("access-control-allow-origin").is_none());
    assert_eq!(answer.headers()["cache-control"], "no-store");
}

#[tokio::test]
async fn what_is_remembered_of_requests_holds_no_token() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let item = key.connected().await;
    key.read(&format!("/accounts?itemId={item}")).await;
    let requests = sandbox.pluggy().requests();
    assert!(requests.iter().any(|one| one.method == "POST" && one.path == "/items"));
    assert!(requests.iter().any(|one| one.path == "/accounts"), "without its query");
    let shown = format!("{requests:?} {:?}", sandbox.pluggy());
    assert!(
        !shown.contains(&key.token)
            && !shown.contains("password-ok")
            && !shown.contains(sandbox.pluggy_client().1)
    );
}
