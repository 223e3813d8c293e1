//! Our own paths.

use crate::place::{BANK, PUBLISHABLE, Place, SECRET, client, refusal};
use broker::caller::Access;
use sandbox::{ExpiresIn, Misbehaviour};
use serde_json::json;

#[tokio::test]
async fn status_tells_what_a_page_needs() {
    let place = Place::new().await;
    let status = place.json("/v1/status").await;
    assert_eq!(status["pid"], std::process::id());
    assert_eq!(status["publishableKey"], PUBLISHABLE);
    let port = place.serving.address().port();
    assert_eq!(status["callback"], format!("http://localhost:{port}/oauth/callback"));
}

#[tokio::test]
async fn a_token_and_the_list_are_given_and_written_down() {
    let place = Place::new().await;
    let key = place.link("ana").await;
    let token = place.json(&format!("/v1/connections/{BANK}/ana/token?min_ttl=60s")).await;
    assert!(!token["accessToken"].as_str().unwrap().is_empty());
    assert!(token["raw"].is_object());
    let all = place.json("/v1/connections").await;
    assert_eq!(all["connections"][0]["connectionId"], "ana");
    let asked: Vec<_> =
        place.door.lines.lock().unwrap().iter().map(|line| (line.1, line.2.clone())).collect();
    assert_eq!(asked, [(Access::Token, Some(key.to_string())), (Access::List, None)]);
    assert!(place.core.connection(&key).unwrap().last_used_at.is_some());
}

#[tokio::test]
async fn a_token_that_was_refused_is_reported_and_another_is_given() {
    let place = Place::new().await;
    place.bank.misbehave(Misbehaviour::ExpiresIn(ExpiresIn::Zero), Some(1));
    let key = place.link("ana").await;
    let newest = place.json(&format!("/v1/connections/{BANK}/ana/token")).await;
    let path = format!("/v1/connections/{BANK}/ana/token/rejected");
    let report = |body: &serde_json::Value| {
        let asked = client().post(place.url(&path)).bearer_auth(SECRET);
        asked.header("content-type", "application/json").body(body.to_string())
    };
    let answer = report(&json!({ "token": "one that was replaced" })).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let text = answer.text().await.unwrap();
    let given: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(given["accessToken"], newest["accessToken"], "what took its place already");
    assert!(!text.contains("refresh_token"), "{text}");
    // It was renewed a moment ago: asking the provider again and again does not make it better.
    let (status, error) = refusal(report(&json!({ "token": newest["accessToken"] }))).await;
    assert_eq!(status, 409, "{error}");
    for bent in [json!({}), json!({ "token": "" }), json!({ "token": 7 })] {
        assert_eq!(refusal(report(&bent)).await.0, 400, "{bent}");
    }
    let secretless = client().post(place.url(&path)).header("content-type", "application/json").body("{}");
    assert_eq!(refusal(secretless).await.0, 401);
    let lines = place.door.lines.lock().unwrap();
    let of_ana = lines.iter().filter(|line| line.1 == Access::Token && line.2 == Some(key.to_string()));
    assert_eq!((of_ana.count(), lines.len()), (3, 4), "each report is written down, and who had no secret");
}

#[tokio::test]
async fn what_is_not_there_is_a_404_and_what_is_bent_a_400() {
    let place = Place::new().await;
    for (path, status) in [
        ("/v1/connections/bank/nobody/token", 404),
        ("/v1/connections/bank/a%20b/token", 400),
        ("/v1/connections/bank/ana/token?min_ttl=soon", 400),
        ("/v1/accounts?config_key=bank", 400),
        ("/v1/accounts?config_key=bank&connection_id=nobody", 404),
        ("/v1/accounts/bank/nobody/1/transactions", 404),
    ] {
        assert_eq!(refusal(place.get(path)).await.0, status, "{path}");
    }
}

#[tokio::test]
async fn accounts_and_their_lines_are_answered() {
    let place = Place::new().await;
    place.link("ana").await;
    assert_eq!(place.json("/v1/accounts").await, json!({ "accounts": [], "next": null }));
    let lines = place.json(&format!("/v1/accounts/{BANK}/ana/1/transactions")).await;
    assert_eq!(lines, json!({ "transactions": [], "next": null }));
}

#[tokio::test]
async fn a_long_list_comes_in_pages() {
    let place = Place::new().await;
    for id in ["ana", "bia", "caio"] {
        place.link(id).await;
    }
    let mut told = Vec::new();
    let mut path = "/v1/connections?limit=2".to_owned();
    loop {
        let page = place.json(&path).await;
        let ids = page["connections"].as_array().unwrap().iter();
        told.push(ids.map(|one| one["connectionId"].as_str().unwrap().to_owned()).collect::<Vec<_>>());
        let Some(next) = page["next"].as_str() else { break };
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        path = format!(
            "/v1/connections?{}",
            query.append_pair("limit", "2").append_pair("cursor", next).finish()
        );
    }
    assert_eq!(told, [vec!["ana", "bia"], vec!["caio"]]);
    for bent in ["limit=many", "limit=-1", "cursor=x"] {
        assert_eq!(refusal(place.get(&format!("/v1/connections?{bent}"))).await.0, 400, "{bent}");
    }
}

#[tokio::test]
async fn events_are_told_as_they_happen() {
    let place = Place::new().await;
    let key = place.link("ana").await;
    let mut answer = place.get("/v1/events").send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "text/event-stream");
    let mut told = String::new();
    let mut paused = false;
    while !told.contains("\"paused\":true") {
        told.push_str(&String::from_utf8_lossy(&answer.chunk().await.unwrap().expect("more events")));
        if !paused && told.contains("event: listening") {
            paused = true;
            place.core.pause(&key).await.unwrap();
        }
    }
    assert!(told.contains("event: happened"), "{told}");
    drop(answer);
    // A server that stops does not wait for who only listens.
    tokio::time::timeout(std::time::Duration::from_secs(20), place.serving.stop()).await.unwrap();
}

#[tokio::test]
async fn a_permission_that_is_taken_back_ends_the_events() {
    let place = Place::new().await;
    let key = place.link("ana").await;
    let mut answer = place.get("/v1/events").send().await.unwrap();
    assert!(String::from_utf8_lossy(&answer.chunk().await.unwrap().unwrap()).contains("listening"));
    place.door.withdrawn.store(true, std::sync::atomic::Ordering::Relaxed);
    place.core.pause(&key).await.unwrap();
    let mut rest = String::new();
    while let Some(chunk) = answer.chunk().await.unwrap() {
        rest.push_str(&String::from_utf8_lossy(&chunk));
    }
    assert!(!rest.contains("\"paused\":true"), "{rest}");
}
