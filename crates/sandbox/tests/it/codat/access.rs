//! Who gets in, and for how long.

use super::client::{act, basic, connection_path, get, get_status, send, text, token, usual};
use reqwest::Method;
use sandbox::codat::Switch;
use serde_json::{Value, json};
use std::time::Duration;

#[tokio::test]
async fn nothing_is_answered_without_the_key() {
    let world = usual().await;
    let wrong = format!("Basic {}", "d3Jvbmc=");
    let unencoded = format!("Basic {}", sandbox::codat::API_KEY);
    for authorization in ["", "Basic", "Basic ", wrong.as_str(), unencoded.as_str(), "Bearer x", "Digest x"] {
        for path in ["/companies", "/integrations", "/corsSettings", "/profile", "/no-such-path"] {
            let answer = send(&world, Method::GET, path, authorization, None).await;
            assert_eq!(answer.status(), 401, "{authorization:?} at {path}");
            let body: Value = answer.json().await.unwrap();
            assert_eq!((&body["statusCode"], &body["service"]), (&json!(401), &json!("PublicApi")));
        }
    }
    assert_eq!(get_status(&world, "/companies").await, 200);
}

#[tokio::test]
async fn an_error_has_every_member_of_codats() {
    let world = usual().await;
    let (status, body) = act(&world, Method::GET, "/companies/no-such-company", None).await;
    assert_eq!(status, 404);
    assert_eq!(body["statusCode"], 404);
    assert_eq!(body["canBeRetried"], "Unknown");
    assert_eq!(body["detailedErrorCode"], 0);
    assert!(body["validation"].is_null() && body["error"].is_string());
    assert_eq!(text(&body["correlationId"]).len(), 32);
    let (_, other) = act(&world, Method::GET, "/companies/no-such-company", None).await;
    assert_ne!(body["correlationId"], other["correlationId"], "each error can be named to support");
    assert_eq!(act(&world, Method::PATCH, "/companies", None).await.0, 405);
}

#[tokio::test]
async fn a_company_token_opens_its_connections_and_nothing_else() {
    let world = usual().await;
    let own = world.codat().find("gbol", "Linked").unwrap();
    let other = world.codat().find("qhyg", "Linked").unwrap();
    let bearer = format!("Bearer {}", token(&world, &own.company).await);
    let list = format!("/companies/{}/connections", own.company);
    for path in [list.clone(), connection_path(&own)] {
        assert_eq!(send(&world, Method::GET, &path, &bearer, None).await.status(), 200, "{path}");
    }
    let unlink = Some(json!({ "status": "Unlinked" }));
    let answer = send(&world, Method::PATCH, &connection_path(&own), &bearer, unlink.clone()).await;
    assert_eq!(answer.status(), 200);

    let elsewhere = format!("/companies/{}/connections", other.company);
    let refused = [
        (Method::GET, "/companies".to_owned()),
        (Method::GET, format!("/companies/{}", own.company)),
        (Method::DELETE, format!("/companies/{}", own.company)),
        (Method::POST, list.clone()),
        (Method::DELETE, connection_path(&own)),
        (Method::GET, elsewhere),
        (Method::GET, connection_path(&other)),
        (Method::GET, format!("/companies/{}/accessToken", own.company)),
        (Method::GET, format!("/companies/{}/dataStatus", own.company)),
        (Method::POST, format!("/companies/{}/data/all", own.company)),
        (Method::GET, format!("/companies/{}/data/invoices", own.company)),
        (Method::GET, "/corsSettings".to_owned()),
        (Method::GET, "/integrations".to_owned()),
        (Method::GET, "/profile".to_owned()),
    ];
    for (method, path) in refused {
        let answer = send(&world, method.clone(), &path, &bearer, None).await;
        assert_eq!(answer.status(), 403, "{method} {path}");
    }
    let answer = send(&world, Method::PATCH, &connection_path(&other), &bearer, unlink).await;
    assert_eq!(answer.status(), 403);
    assert!(world.codat().connections().contains(&other), "what is refused changes nothing");
}

#[tokio::test]
async fn a_token_of_each_path_lives_as_long_as_its_path_says() {
    let world = usual().await;
    let own = world.codat().find("gbol", "Linked").unwrap();
    let path = connection_path(&own);
    let today = get(&world, &format!("/companies/{}/accessToken", own.company)).await;
    assert_eq!((&today["expiresIn"], &today["tokenType"]), (&json!(86_400), &json!("Bearer")));
    let older = get(&world, &format!("/companies/{}/connectionManagement/accessToken", own.company)).await;
    assert_eq!(older.as_object().unwrap().len(), 1, "the older answer says nothing of its life");
    let bearer = |answer: &Value| format!("Bearer {}", text(&answer["accessToken"]));
    let status =
        async |answer: &Value| send(&world, Method::GET, &path, &bearer(answer), None).await.status();
    let minute = Duration::from_secs(60);
    world.clock().advance(59 * minute);
    assert_eq!(
        (status(&today).await, status(&older).await),
        (200.try_into().unwrap(), 200.try_into().unwrap())
    );
    world.clock().advance(2 * minute);
    assert_eq!((status(&today).await.as_u16(), status(&older).await.as_u16()), (200, 401));
    world.clock().advance(23 * 60 * minute);
    assert_eq!(status(&today).await, 401);
}

#[tokio::test]
async fn tokens_can_end_in_the_middle() {
    let world = usual().await;
    let own = world.codat().find("gbol", "Linked").unwrap();
    let bearer = format!("Bearer {}", token(&world, &own.company).await);
    let ask =
        async || send(&world, Method::GET, &connection_path(&own), &bearer, None).await.status().as_u16();
    assert_eq!(ask().await, 200);
    world.codat().end_access_tokens().unwrap();
    assert_eq!(ask().await, 401);
}

#[tokio::test]
async fn each_generation_of_a_path_can_be_gone() {
    let world = usual().await;
    let company = world.codat().find("gbol", "Linked").unwrap().company;
    let today = format!("/companies/{company}/accessToken");
    let older = format!("/companies/{company}/connectionManagement/accessToken");
    let cors = "/connectionManagement/corsSettings".to_owned();
    for (switch, path) in [
        (Switch::AccessTokens, &today),
        (Switch::OlderAccessTokens, &older),
        (Switch::OlderCorsSettings, &cors),
    ] {
        assert_eq!(get_status(&world, path).await, 200, "{path}");
        world.codat().turn(switch, false);
        let (status, body) = act(&world, Method::GET, path, None).await;
        assert_eq!((status, &body["error"]), (404, &json!("NotFound")), "{path}");
        world.codat().turn(switch, true);
        assert_eq!(get_status(&world, path).await, 200, "{path}");
    }
    assert_eq!(get_status(&world, "/companies/no-such/accessToken").await, 404);
}

#[tokio::test]
async fn two_credentials_at_once_are_none() {
    let world = usual().await;
    let request = crate::client::http().get(format!("{}/companies", world.codat_api()));
    let twice = request.header("authorization", basic()).header("authorization", "Bearer x");
    assert_eq!(twice.send().await.unwrap().status(), 401);
}
