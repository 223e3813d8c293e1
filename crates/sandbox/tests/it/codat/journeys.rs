//! Linking, declining and reauthorizing, as a scripted person does it in a browser.

use super::client::{act, connection_path, get, shown, text, usual};
use crate::client::{http, query};
use reqwest::Method;
use sandbox::codat::{Known, LinkOutcome, Settings, Switch};
use sandbox::person::{self, Choices};
use sandbox::{Options, Sandbox};
use serde_json::json;
use std::collections::HashMap;
use std::time::Duration;

const TEMPLATE: &str = "http://127.0.0.1:7777/callback?n={nonce}&company={companyId}&connection={connectionId}&platform={platform}&statuscode={statusCode}&errormessage={errorMessage}&text={statusText}&organization={data.company.companyName}&unknown={missing}";

async fn world() -> Sandbox {
    let world = usual().await;
    world.codat().set_redirect(TEMPLATE).unwrap();
    world
}

/// A fresh link address with a nonce in a parameter of the client's own.
pub(crate) async fn link_url(world: &Sandbox, of: &Known) -> String {
    let mut url = url::Url::parse(&text(&shown(world, of).await["linkUrl"])).unwrap();
    url.query_pairs_mut().append_pair("nonce", "n & 1");
    url.into()
}

/// What an allowing person comes back with.
async fn allow(world: &Sandbox, of: &Known, choices: &Choices) -> HashMap<String, String> {
    query(&person::approve(&link_url(world, of).await, choices).await.unwrap())
}

fn status(world: &Sandbox, of: &Known) -> String {
    let all = world.codat().connections();
    all.into_iter().find(|one| one.connection == of.connection).unwrap().status
}

#[tokio::test]
async fn a_pending_connection_is_linked_and_told_with_codats_parameters() {
    let world = world().await;
    let pending = world.codat().find("qhyg", "PendingAuth").unwrap();
    let came_back = allow(&world, &pending, &Choices::default()).await;
    let expected = [
        ("n", "n & 1"),
        ("company", &pending.company),
        ("connection", &pending.connection),
        ("platform", "qhyg"),
        ("statuscode", "200"),
        ("errormessage", ""),
        ("text", ""),
        ("organization", "Alder Joinery Ltd"),
        ("unknown", ""),
    ];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(came_back, HashMap::from(expected));
    let now = shown(&world, &pending).await;
    assert_eq!((&now["status"], &now["integrationKey"]), (&json!("Linked"), &json!("qhyg")));
    world.clock().advance(Duration::from_secs(9));
    assert!(shown(&world, &pending).await["lastSync"].is_string(), "the first sync follows the first link");
}

#[tokio::test]
async fn declining_leaves_it_pending_with_an_error() {
    let world = world().await;
    let pending = world.codat().find("qhyg", "PendingAuth").unwrap();
    let came_back = query(&person::deny(&link_url(&world, &pending).await).await.unwrap());
    assert_eq!(
        (came_back["statuscode"].as_str(), came_back["errormessage"].as_str()),
        ("403", "User cancelled.")
    );
    assert_eq!(came_back["n"], "n & 1");
    let now = shown(&world, &pending).await;
    assert_eq!(now["status"], "PendingAuth");
    let error = &now["dataConnectionErrors"][0];
    assert_eq!((&error["statusCode"], &error["status"]), (&json!("403"), &json!("Active")));
    allow(&world, &pending, &Choices::default()).await;
    let now = shown(&world, &pending).await;
    assert_eq!(
        (&now["status"], &now["dataConnectionErrors"][0]["status"]),
        (&json!("Linked"), &json!("Resolved"))
    );
}

#[tokio::test]
async fn what_ended_is_reauthorized_in_place() {
    let world = world().await;
    for (key, ended) in [("gbol", "Unlinked"), ("gbol", "Deauthorized")] {
        let before = world.codat().find(key, ended).unwrap();
        let came_back = allow(&world, &before, &Choices::default()).await;
        assert_eq!(came_back["statuscode"], "200", "{ended}");
        assert_eq!(status(&world, &before), "Linked", "{ended}");
        let now = shown(&world, &before).await;
        assert_eq!(now["id"], json!(before.connection), "the same connection");
        let errors = now["dataConnectionErrors"].as_array().unwrap();
        assert!(errors.iter().all(|error| error["status"] == "Resolved"), "{now}");
    }
}

#[tokio::test]
async fn declining_to_reauthorize_changes_no_status() {
    let world = world().await;
    let ended = world.codat().find("gbol", "Deauthorized").unwrap();
    person::deny(&link_url(&world, &ended).await).await.unwrap();
    assert_eq!(status(&world, &ended), "Deauthorized");
}

#[tokio::test]
async fn a_reauthorization_can_come_back_with_another_organization() {
    let world = world().await;
    let ended = world.codat().find("gbol", "Deauthorized").unwrap();
    assert_eq!(ended.organization.as_deref(), Some("Alder Joinery Ltd"));
    world.codat().next_link(LinkOutcome::OtherOrganization);
    let came_back = allow(&world, &ended, &Choices::default()).await;
    assert_eq!(came_back["organization"], "Alder Holdings Ltd");
    let chosen = Choices { organization: Some("Alder Demo Company".to_owned()), ..Choices::default() };
    assert_eq!(allow(&world, &ended, &chosen).await["organization"], "Alder Demo Company");
}

#[tokio::test]
async fn each_other_ending_has_its_code_and_leaves_the_status() {
    let world = world().await;
    for (outcome, code, message) in [
        (LinkOutcome::PlatformFails, "500", "Unknown error occurred."),
        (LinkOutcome::NotSupported, "501", "Not supported."),
        (LinkOutcome::NothingToLink, "201", ""),
    ] {
        let pending = world.codat().find("qhyg", "PendingAuth").unwrap();
        world.codat().next_link(outcome);
        let came_back = allow(&world, &pending, &Choices::default()).await;
        assert_eq!((came_back["statuscode"].as_str(), came_back["errormessage"].as_str()), (code, message));
        assert_eq!(status(&world, &pending), "PendingAuth", "{outcome:?}");
    }
}

#[tokio::test]
async fn a_link_address_opens_one_journey_within_a_day() {
    let world = world().await;
    let pending = world.codat().find("qhyg", "PendingAuth").unwrap();
    let status = async |url: &str| http().get(url).send().await.unwrap().status().as_u16();
    let (first, second) = (link_url(&world, &pending).await, link_url(&world, &pending).await);
    assert_eq!(status(&first).await, 303);
    assert_eq!(status(&first).await, 401, "used");
    assert_eq!(status(&second).await, 401, "made before another one was used");
    let third = link_url(&world, &pending).await;
    world.clock().advance(Duration::from_secs(24 * 60 * 60 + 120));
    assert_eq!(status(&third).await, 401, "over");
    assert_eq!(status(&link_url(&world, &pending).await).await, 303, "asking again makes a good one");
    let forged = format!("{}/link{}/start?otp=1-x", world.codat_api(), connection_path(&pending));
    assert_eq!(status(&forged).await, 401);
    let other = world.codat().find("gbol", "Linked").unwrap();
    let good = link_url(&world, &pending).await;
    let swapped = good.replace(&connection_path(&pending), &connection_path(&other));
    assert_eq!(status(&swapped).await, 401, "a password is for its own connection");
    world.codat().turn(Switch::SingleUseLinks, false);
    let plain = link_url(&world, &pending).await;
    assert!(!plain.contains("otp="), "{plain}");
    assert_eq!((status(&plain).await, status(&plain).await), (303, 303));
}

#[tokio::test]
async fn a_bank_feed_link_of_quickbooks_lives_an_hour() {
    let world = world().await;
    let feed = world.codat().find("hcws", "Linked").unwrap();
    let url = link_url(&world, &feed).await;
    world.clock().advance(Duration::from_secs(62 * 60));
    assert_eq!(http().get(&url).send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn the_redirect_of_the_profile_is_followed_where_it_is_registered() {
    let world = usual().await;
    for bad in ["https://evil.example/callback", "http://127.0.0.1:1/other", "javascript:alert(1)", "{x}"] {
        let set = json!({ "name": "x", "redirectUrl": bad });
        assert_eq!(act(&world, Method::PUT, "/profile", Some(set)).await.0, 400, "{bad}");
        assert!(world.codat().set_redirect(bad).is_err(), "{bad}");
    }
    for good in [
        "mooring://oauth/callback?s={statusCode}",
        "https://mooring.example/callback?s={statusCode}",
        "http://127.0.0.1:{port}/callback?s={statusCode}",
    ] {
        let set = json!({ "name": "x", "redirectUrl": good });
        assert_eq!(act(&world, Method::PUT, "/profile", Some(set)).await.0, 200, "{good}");
        let pending = world.codat().find("aiwb", "PendingAuth").unwrap();
        let url = format!("{}&port=4567", link_url(&world, &pending).await);
        let end = person::deny(&url).await.unwrap();
        assert_eq!(end, good.replace("{statusCode}", "403").replace("{port}", "4567"));
    }
    let pending = world.codat().find("aiwb", "PendingAuth").unwrap();
    let evil = format!("{}&port=1@evil.example", link_url(&world, &pending).await);
    assert!(person::approve(&evil, &Choices::default()).await.is_err(), "nobody is led elsewhere");
}

#[tokio::test]
async fn somebody_else_can_go_through_a_forwarded_link() {
    let world = world().await;
    let pending = world.codat().find("qhyg", "PendingAuth").unwrap();
    world.codat().link(&pending.connection, "Alder Holdings Ltd").unwrap();
    assert_eq!(status(&world, &pending), "Linked");
    world.clock().advance(Duration::from_secs(9));
    assert!(shown(&world, &pending).await["lastSync"].is_string());
    assert!(world.codat().link("no-such", "x").is_err());
}

#[tokio::test]
async fn tokens_of_another_system_link_without_a_journey_and_are_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let state_file = Some(folder.path().join("practice.json"));
    let world = Sandbox::start(Options { state_file, ..Options::default() }).await.unwrap();
    let pending = world.codat().find("qhyg", "PendingAuth").unwrap();
    let path = format!("{}/authorization", connection_path(&pending));
    for bad in [json!({}), json!({ "accessToken": 1 }), json!("x")] {
        assert_eq!(act(&world, Method::PUT, &path, Some(bad.clone())).await.0, 400, "{bad}");
    }
    let moved = json!({ "accessToken": "moved-token", "businessId": "7" });
    let (code, linked) = act(&world, Method::PUT, &path, Some(moved)).await;
    assert_eq!((code, &linked["status"]), (200, &json!("Linked")));
    let kept = std::fs::read_to_string(folder.path().join("practice.codat.json")).unwrap();
    assert!(kept.contains(&pending.connection) && !kept.contains("moved-token"));
}

#[tokio::test]
async fn a_redirect_that_leads_elsewhere_is_refused_at_the_start() {
    let codat = Settings { redirect_url: "https://evil.example/callback".to_owned(), ..Settings::default() };
    let error = Sandbox::start(Options { codat, ..Options::default() }).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
}

#[tokio::test]
async fn a_company_that_has_nothing_chooses_its_platform_in_hosted_link() {
    let world = world().await;
    let companies = get(&world, "/companies?query=name%3DRowan%20Care").await;
    let company = &companies["results"][0];
    assert_eq!(company["dataConnections"], json!([]));
    let came_back = person::approve(&text(&company["redirect"]), &Choices::default()).await.unwrap();
    assert_eq!(query(&came_back)["statuscode"], "200");
    let after = get(&world, &format!("/companies/{}", text(&company["id"]))).await;
    assert_eq!(after["dataConnections"][0]["status"], "Linked");
}
