//! `GET /connection/:id` as the seed and each generation of clients has it.

use crate::place::{BANK, Place, refusal};
use sandbox::{ExpiresIn, Misbehaviour};
use serde_json::Value;

#[tokio::test]
async fn the_rest_call_of_the_first_document_works() {
    let place = Place::new().await;
    place.link("1").await;
    let answer = place
        .get(&format!("/connection/1?integration_key={BANK}"))
        .header("content-type", "application/json")
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("application/json"));
    let body: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    let connection = &body["connection"];
    assert_eq!(connection["integration_key"], BANK);
    assert_eq!(connection["connection_id"], "1");
    assert_eq!(connection["credentials"]["type"], "OAUTH2");
    let token = connection["credentials"]["accessToken"].as_str().unwrap();
    assert!(!token.is_empty());
    assert_eq!(connection["credentials"]["raw"]["access_token"], token);
    assert_eq!(connection["raw_response"]["access_token"], token);
    for name in ["created_at", "updated_at"] {
        let at = connection[name].as_str().unwrap();
        assert!(at.ends_with('Z') && at.len() == "2022-11-25T15:55:07.215Z".len(), "{at}");
    }
}

#[tokio::test]
async fn one_body_serves_every_generation() {
    let place = Place::new().await;
    place.link("ana").await;
    let body = place.json(&format!("/connection/ana?provider_config_key={BANK}")).await;
    let credentials = &body["credentials"];
    assert!(body["id"].is_u64());
    assert_eq!(body["provider_config_key"], BANK);
    assert_eq!(body["integration_key"], BANK);
    assert_eq!(credentials["accessToken"], credentials["access_token"]);
    assert_eq!(credentials["expiresAt"], credentials["expires_at"]);
    assert!(credentials["expires_at"].as_str().unwrap().ends_with('Z'));
    assert_eq!(credentials["raw"]["expires_at"], credentials["expires_at"], "as Pizzly's library left it");
    assert!(body["connection_config"].is_object());
    let mut bare = body.clone();
    let wrapped = bare.as_object_mut().unwrap().remove("connection").unwrap();
    assert_eq!(bare, wrapped);
    assert!(place.door.lines.lock().unwrap().iter().all(|line| line.3 == broker::gate::Outcome::Given));
}

#[tokio::test]
async fn no_refresh_token_leaves() {
    let place = Place::new().await;
    let key = place.link("ana").await;
    assert!(place.core.connection(&key).unwrap().renewable, "there is a refresh token");
    for path in
        [format!("/connection/ana?integration_key={BANK}"), format!("/v1/connections/{BANK}/ana/token")]
    {
        let text = place.get(&path).send().await.unwrap().text().await.unwrap();
        for name in ["refresh_token", "refreshToken", "id_token"] {
            assert!(!text.contains(&format!("\"{name}\"")), "{path} tells {name}");
        }
    }
}

#[tokio::test]
async fn names_that_were_swapped_are_found_the_other_way_round() {
    let place = Place::new().await;
    place.link("ana").await;
    for name in ["integration_key", "provider_config_key"] {
        let body = place.json(&format!("/connection/{BANK}?{name}=ana")).await;
        assert_eq!(body["connection_id"], "ana");
        assert_eq!(body["provider_config_key"], BANK);
    }
}

#[tokio::test]
async fn what_is_missing_or_unknown_is_a_400_in_the_old_words() {
    let place = Place::new().await;
    for (path, error) in [
        ("/connection/", "Missing param connection_id."),
        ("/connection/1", "Missing param provider_config_key."),
        ("/connection/1?provider_config_key=", "Missing param provider_config_key."),
        (
            "/connection/1?provider_config_key=github",
            "No matching connection for connection_id: 1 and provider_config_key: github",
        ),
        (
            "/connection/1?integration_key=github",
            "No matching connection for connection_id: 1 and integration_key: github",
        ),
    ] {
        assert_eq!(refusal(place.get(path)).await, (400, error.to_owned()), "{path}");
    }
}

#[tokio::test]
async fn a_connection_that_waits_for_approval_is_none_and_a_paused_one_says_so() {
    let place = Place::new().await;
    let key = place.link("ana").await;
    place.core.pause(&key).await.unwrap();
    let path = format!("/connection/ana?provider_config_key={BANK}");
    assert_eq!(refusal(place.get(&path)).await, (400, "The connection is paused in Mooring.".to_owned()));
    place.core.resume(&key).await.unwrap();
    place.core.disconnect(&key).await.unwrap();
    let (status, error) = refusal(place.get(&path)).await;
    assert_eq!((status, error.contains("disconnected")), (400, true), "{error}");
}

#[tokio::test]
async fn a_renewal_that_fails_is_a_500_in_plain_text() {
    let place = Place::new().await;
    place.bank.misbehave(Misbehaviour::ExpiresIn(ExpiresIn::Zero), Some(1));
    place.link("ana").await;
    place.bank.misbehave(Misbehaviour::InvalidGrant, None);
    let answer = place.get(&format!("/connection/ana?provider_config_key={BANK}")).send().await.unwrap();
    assert_eq!(answer.status(), 500);
    assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/plain"));
    let text = answer.text().await.unwrap();
    let beginning = "There was a problem refreshing the OAuth 2 credentials, operation failed: ";
    assert!(text.starts_with(beginning), "{text}");
}

#[tokio::test]
async fn connections_through_an_aggregator_say_that_they_have_no_tokens() {
    let place = Place::new().await;
    let key = place.aggregated().await;
    let path = format!("/connection/{}?provider_config_key={}", key.connection_id, key.config_key);
    let (status, error) = refusal(place.get(&path)).await;
    assert_eq!((status, error.contains("data and no tokens")), (400, true), "{error}");
}

#[tokio::test]
async fn a_key_is_told_in_the_one_kind_that_pizzlys_clients_read() {
    let place = Place::new().await;
    let config = place.runtime.practice_caderno().await.unwrap();
    // The form of the practice service says what to type.
    let form = serde_json::to_string(&place.core.key_form(&config.config_key).unwrap()).unwrap();
    let from = form.find("caderno-practice-").unwrap();
    let is_of_key = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
    let typed: String = form[from..].chars().take_while(is_of_key).collect();
    let ask = connections::ConnectKey {
        config_key: config.config_key.clone(),
        connection_id: Some(connections::id::ConnectionId::parse("ana").unwrap()),
        values: [("api_key".to_owned(), typed.as_str().into())].into(),
        parameters: std::collections::BTreeMap::new(),
    };
    place.core.connect_key(ask).await.unwrap();
    let body = place.json(&format!("/connection/ana?provider_config_key={}", config.config_key)).await;
    let credentials = &body["credentials"];
    assert_eq!(credentials["type"], "OAUTH2", "clients throw at any other word");
    assert_eq!(
        (&credentials["access_token"], &credentials["accessToken"]),
        (&typed.clone().into(), &typed.into())
    );
    assert_eq!(credentials["raw"]["type"], "api_key", "what it is stands in `raw`");
    assert!(credentials.get("expires_at").is_none());
}
