//! `/config` in both generations.

use crate::place::{BANK, Place, SECRET, client, parse, refusal};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

const CLIENT_SECRET: &str = "CANARY-client-secret";

fn send(place: &Place, method: Method, path: &str, body: &Value) -> RequestBuilder {
    let asked = client().request(method, place.url(path)).bearer_auth(SECRET);
    asked.header("content-type", "application/json").body(body.to_string())
}

fn late() -> Value {
    json!({
        "provider_config_key": "books", "provider": "xero", "oauth_client_id": "id-1",
        "oauth_client_secret": CLIENT_SECRET, "oauth_scopes": "openid,offline_access",
    })
}

#[tokio::test]
async fn a_registration_is_made_listed_changed_and_deleted() {
    let place = Place::new().await;
    let made = send(&place, Method::POST, "/config", &late()).send().await.unwrap();
    assert_eq!(made.status(), 200);
    assert!(parse(made).await["config_id"].is_u64());

    let all = place.json("/config").await;
    let all = all["configs"].as_array().unwrap();
    let books = all.iter().find(|one| one["unique_key"] == "books").unwrap();
    assert_eq!(books["provider"], "xero");
    assert_eq!(books["type"], "xero", "the older name");
    assert_eq!(books["oauth_client_id"], "id-1");
    assert_eq!(books["oauth_scopes"], "openid,offline_access");
    assert_eq!(books["oauth_client_secret"], "********");
    let public = all.iter().find(|one| one["unique_key"] == BANK).unwrap();
    assert_eq!(public["oauth_client_secret"], Value::Null);

    // What was read is sent back with one thing changed, as a program does it: the secret stays.
    let mut changed = late();
    changed["oauth_client_id"] = json!("id-2");
    changed["oauth_client_secret"] = json!("********");
    for path in ["/config", "/config/books"] {
        let answer = send(&place, Method::PUT, path, &changed).send().await.unwrap();
        assert_eq!((answer.status().as_u16(), answer.text().await.unwrap()), (200, String::new()), "{path}");
    }
    assert_eq!(place.json("/config/books").await["config"]["oauth_client_id"], "id-2");
    assert_eq!(place.json("/config/books").await["config"]["oauth_client_secret"], "********");

    for _ in 0..2 {
        let gone = client().delete(place.url("/config/books")).bearer_auth(SECRET).send().await.unwrap();
        assert_eq!(gone.status(), 200, "also when it is not there");
    }
    let unknown = "There is no matching provider configuration with key: books".to_owned();
    assert_eq!(refusal(place.get("/config/books")).await, (400, unknown.clone()));
    assert_eq!(refusal(send(&place, Method::PUT, "/config", &late())).await, (400, unknown));
}

#[tokio::test]
async fn the_first_generation_names_its_members_otherwise() {
    let place = Place::new().await;
    let early = json!({
        "unique_key": "books", "type": "xero", "oauth_client_id": "id-1",
        "oauth_client_secret": CLIENT_SECRET, "oauth_scopes": "openid",
    });
    assert_eq!(send(&place, Method::POST, "/config", &early).send().await.unwrap().status(), 200);
    assert_eq!(place.json("/config/books").await["config"]["type"], "xero");
    let missing = json!({ "unique_key": "other" });
    assert_eq!(
        refusal(send(&place, Method::POST, "/config", &missing)).await,
        (400, "Missing param type.".to_owned())
    );
}

#[tokio::test]
async fn a_provider_that_knows_itself_is_registered_by_its_issuer() {
    let place = Place::new().await;
    let body = json!({
        "provider_config_key": "own", "provider": "custom", "issuer": place.bank.issuer(),
        "oauth_client_id": place.bank.client_id(), "oauth_client_secret": "", "oauth_scopes": "openid",
    });
    assert_eq!(send(&place, Method::POST, "/config", &body).send().await.unwrap().status(), 200);
    assert_eq!(place.json("/config/own").await["config"]["oauth_client_secret"], Value::Null);
}

#[tokio::test]
async fn what_is_wrong_is_told_in_the_old_words() {
    let place = Place::new().await;
    for (name, error) in [
        ("provider_config_key", "Missing param provider_config_key."),
        ("provider", "Missing param provider."),
        ("oauth_client_id", "Missing param oauth_client_id."),
        ("oauth_client_secret", "Missing param oauth_client_secret."),
        ("oauth_scopes", "Missing param oauth_scopes"),
    ] {
        let mut body = late();
        body.as_object_mut().unwrap().remove(name);
        let refused = refusal(send(&place, Method::POST, "/config", &body)).await;
        assert_eq!(refused, (400, error.to_owned()));
    }
    let mut unknown = late();
    unknown["provider"] = json!("no-such-provider");
    assert_eq!(refusal(send(&place, Method::POST, "/config", &unknown)).await.0, 400);
    let mut taken = late();
    taken["provider_config_key"] = json!(BANK);
    let answer = send(&place, Method::POST, "/config", &taken).send().await.unwrap();
    assert_eq!(answer.status(), 500, "a key that is taken was always a 500");
    assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/plain"));
}

#[tokio::test]
async fn a_registration_in_use_stays() {
    let place = Place::new().await;
    place.link("ana").await;
    let asked = client().delete(place.url(&format!("/config/{BANK}"))).bearer_auth(SECRET);
    let (status, error) = refusal(asked).await;
    assert_eq!((status, error.contains("use this config key")), (400, true), "{error}");
    assert_eq!(place.json("/config").await["configs"].as_array().unwrap().len(), 1);
}
