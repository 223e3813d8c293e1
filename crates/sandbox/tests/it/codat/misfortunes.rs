//! What happens elsewhere, and what goes wrong on request.

use super::client::{act, basic, codat, connection_path, get, get_status, send, shown, text, token, usual};
use crate::codat::journeys::link_url;
use reqwest::Method;
use sandbox::codat::{Missing, Settings, Switch, Trouble};
use sandbox::person::{self, Choices, PersonError};
use serde_json::{Value, json};
use std::time::Duration;

#[tokio::test]
async fn a_platform_can_end_an_approval_and_say_why() {
    let world = usual().await;
    let linked = world.codat().find("gbol", "Linked").unwrap();
    world.codat().deauthorize(&linked.connection, "The person withdrew it.").unwrap();
    let now = shown(&world, &linked).await;
    assert_eq!(now["status"], "Deauthorized");
    let error = &now["dataConnectionErrors"][0];
    assert_eq!(
        (&error["statusCode"], &error["errorMessage"]),
        (&json!("401"), &json!("The person withdrew it."))
    );
    assert!(now["lastSync"].is_string());
}

#[tokio::test]
async fn things_are_unlinked_and_deleted_elsewhere() {
    let world = usual().await;
    let linked = world.codat().find("gbol", "Linked").unwrap();
    let bearer = format!("Bearer {}", token(&world, &linked.company).await);
    world.codat().unlink(&linked.connection).unwrap();
    assert_eq!(shown(&world, &linked).await["status"], "Unlinked");
    world.codat().delete_connection(&linked.connection).unwrap();
    assert_eq!(get_status(&world, &connection_path(&linked)).await, 404);
    world.codat().delete_company(&linked.company).unwrap();
    assert_eq!(get_status(&world, &format!("/companies/{}", linked.company)).await, 404);
    let list = format!("/companies/{}/connections", linked.company);
    assert_eq!(send(&world, Method::GET, &list, &bearer, None).await.status(), 401, "its tokens went along");
    assert_eq!(world.codat().delete_company(&linked.company), Err(Missing));
    assert_eq!(world.codat().unlink("no-such"), Err(Missing));
}

#[tokio::test]
async fn a_connection_that_is_deleted_during_its_journey_links_nothing() {
    let world = usual().await;
    let pending = world.codat().find("qhyg", "PendingAuth").unwrap();
    let url = link_url(&world, &pending).await;
    world.codat().delete_connection(&pending.connection).unwrap();
    let end = person::approve(&url, &Choices::default()).await.unwrap_err();
    assert!(matches!(end, PersonError::Stuck { status: 404 }), "{end:?}");
}

#[tokio::test]
async fn errors_come_and_go_without_a_change_of_status() {
    let world = usual().await;
    let linked = world.codat().find("gbol", "Linked").unwrap();
    for index in 0..20 {
        world.codat().fail(&linked.connection, "500", "Server error", &format!("Trouble {index}")).unwrap();
    }
    let now = shown(&world, &linked).await;
    assert_eq!(now["status"], "Linked");
    assert_eq!(now["dataConnectionErrors"].as_array().unwrap().len(), 16, "kept are the last ones");
    world.codat().resolve_errors(&linked.connection).unwrap();
    let now = shown(&world, &linked).await;
    let error = &now["dataConnectionErrors"][15];
    assert_eq!((&error["errorMessage"], &error["status"]), (&json!("Trouble 19"), &json!("Resolved")));
    assert!(error["resolvedOnUtc"].is_string());
}

#[tokio::test]
async fn words_and_dates_can_be_ones_that_no_client_expects() {
    let world = usual().await;
    let linked = world.codat().find("gbol", "Linked").unwrap();
    world.codat().set_status(&linked.connection, "Hibernating").unwrap();
    world.codat().forget_sync(&linked.connection).unwrap();
    assert!(text(&shown(&world, &linked).await["created"]).ends_with('Z'));
    world.codat().turn(Switch::ZonesInDates, false);
    let now = shown(&world, &linked).await;
    assert_eq!(now["status"], "Hibernating");
    assert!(now.get("lastSync").is_none() && !text(&now["created"]).ends_with('Z'));
}

#[tokio::test]
async fn a_storm_of_429_is_over_after_its_times() {
    let world = usual().await;
    world.codat().trouble(Trouble::RateLimited(Duration::from_secs(7)), 2);
    for _ in 0..2 {
        let answer = send(&world, Method::GET, "/companies", &basic(), None).await;
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["retry-after"]),
            (429, &"7".parse().unwrap())
        );
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["statusCode"], 429);
    }
    assert_eq!(get_status(&world, "/companies").await, 200);
}

#[tokio::test]
async fn each_refusal_has_its_status_and_its_word_on_trying_again() {
    let world = usual().await;
    for (trouble, status, again) in [
        (Trouble::AccountLimit, 402, "Unknown"),
        (Trouble::Forbidden, 403, "Unknown"),
        (Trouble::InternalError, 500, "True"),
        (Trouble::Maintenance, 503, "Unknown"),
    ] {
        world.codat().trouble(trouble, 1);
        let (answered, body) = act(&world, Method::GET, "/companies", None).await;
        assert_eq!((answered, &body["canBeRetried"]), (status, &json!(again)), "{trouble:?}");
    }
}

#[tokio::test]
async fn a_refused_request_is_not_performed() {
    let world = usual().await;
    let linked = world.codat().find("gbol", "Linked").unwrap();
    world.codat().trouble(Trouble::InternalError, 1);
    let unlink = Some(json!({ "status": "Unlinked" }));
    assert_eq!(act(&world, Method::PATCH, &connection_path(&linked), unlink).await.0, 500);
    assert!(world.codat().connections().contains(&linked));
}

#[tokio::test]
async fn answers_can_be_no_json_half_of_it_or_lost_after_the_work_was_done() {
    let world = usual().await;
    let ask = async || send(&world, Method::GET, "/companies", &basic(), None).await;
    world.codat().trouble(Trouble::GatewayPage, 1);
    let page = ask().await;
    assert_eq!(
        (page.status().as_u16(), &page.headers()["content-type"]),
        (502, &"text/html; charset=utf-8".parse().unwrap())
    );
    world.codat().trouble(Trouble::TornAnswer, 1);
    let torn = ask().await;
    assert_eq!(torn.status(), 200);
    assert!(torn.json::<Value>().await.is_err());
    let linked = world.codat().find("gbol", "Linked").unwrap();
    world.codat().trouble(Trouble::LostAnswer, 1);
    let request = crate::client::http()
        .patch(format!("{}{}", world.codat_api(), connection_path(&linked)))
        .header("authorization", basic())
        .body("{\"status\":\"Unlinked\"}");
    assert!(request.send().await.is_err(), "the client never hears");
    assert_eq!(shown(&world, &linked).await["status"], "Unlinked", "but it is done");
}

#[tokio::test]
async fn the_limit_of_a_day_ends_at_midnight() {
    let world = codat(Settings { daily_limit: Some(3), ..Settings::default() }).await;
    for _ in 0..9 {
        let stranger = send(&world, Method::GET, "/corsSettings", "", None).await;
        assert_eq!(stranger.status(), 401, "strangers do not use up the limit");
    }
    for left in [2_u64, 1, 0] {
        let answer = send(&world, Method::GET, "/corsSettings", &basic(), None).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["x-rate-limit-limit"], "3");
        assert_eq!(answer.headers()["x-rate-limit-remaining"], left.to_string().as_str());
        assert!(answer.headers().contains_key("x-rate-limit-reset"));
    }
    let over = send(&world, Method::GET, "/corsSettings", &basic(), None).await;
    assert_eq!(over.status(), 429);
    let wait: u64 = over.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((1..=86_400).contains(&wait), "{wait}");
    world.clock().advance(Duration::from_secs(wait + 1));
    assert_eq!(get_status(&world, "/corsSettings").await, 200);
}

#[tokio::test]
async fn the_limit_grows_with_linked_companies() {
    let world = usual().await;
    let limit = async || {
        let answer = send(&world, Method::GET, "/corsSettings", &basic(), None).await;
        answer.headers()["x-rate-limit-limit"].to_str().unwrap().parse::<u64>().unwrap()
    };
    let before = limit().await;
    let lone = world.codat().find("hbql", "Linked").unwrap();
    world.codat().unlink(&lone.connection).unwrap();
    assert_eq!(limit().await, before - 1000);
}

#[tokio::test]
async fn what_was_asked_is_counted_by_path() {
    let world = usual().await;
    let linked = world.codat().find("gbol", "Linked").unwrap();
    get(&world, &connection_path(&linked)).await;
    get(&world, &connection_path(&linked)).await;
    assert_eq!(world.codat().count("GET /companies/{}/connections/{}"), 2);
    assert_eq!(world.codat().count("GET /companies"), 0);
}
