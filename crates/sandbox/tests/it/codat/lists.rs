//! Lists: pages, filters and order; what can be made, changed and deleted.

use super::client::{act, codat, connection_path, get, get_status, shown, text, usual};
use reqwest::Method;
use sandbox::codat::Settings;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn ids(page: &Value) -> Vec<String> {
    page["results"].as_array().unwrap().iter().map(|one| text(&one["id"])).collect()
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_overlap() {
    let world = usual().await;
    let mut seen = Vec::new();
    let mut path = "/companies?page=1&pageSize=7".to_owned();
    loop {
        let page = get(&world, &path).await;
        assert_eq!(page["totalResults"], 20);
        assert_eq!(page["pageSize"], 7);
        seen.extend(ids(&page));
        match page["_links"]["next"]["href"].as_str() {
            Some(next) => path = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(seen.len(), 20);
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 20);
    let last = get(&world, &path).await;
    assert!(last["_links"]["previous"]["href"].is_string());
    assert!(ids(&get(&world, "/companies?page=9").await).is_empty(), "a page after the last is empty");
    for bad in ["page=0", "pageSize=0", "pageSize=5001", "page=x", "page=1&page=2", "query=%3D", "query=a"] {
        assert_eq!(get_status(&world, &format!("/companies?{bad}")).await, 400, "{bad}");
    }
}

#[tokio::test]
async fn companies_are_filtered_and_ordered() {
    let world = usual().await;
    let pending = get(&world, "/companies?query=dataConnections.status%3DPendingAuth").await;
    assert_eq!(pending["totalResults"], 3);
    let tagged = get(&world, "/companies?tags=region%3Dbr").await;
    assert_eq!(tagged["totalResults"], 3);
    let falling = get(&world, "/companies?orderBy=-name&pageSize=1").await;
    assert_eq!(falling["results"][0]["name"], "Teak Marine");
    let accounting = get(&world, "/integrations?query=sourceType%3Daccounting%26%26enabled%3Dtrue").await;
    assert_eq!(accounting["totalResults"], 8);
    let disabled = get(&world, "/integrations?query=enabled%3Dfalse").await;
    assert_eq!(disabled["totalResults"], 1);
}

#[tokio::test]
async fn a_thousand_connections_are_there_on_request() {
    let world = codat(Settings { connections: 1000, ..Settings::default() }).await;
    let companies = get(&world, "/companies?pageSize=5000").await;
    let connections: Vec<Value> = companies["results"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|company| company["dataConnections"].as_array().unwrap().clone())
        .collect();
    let distinct: BTreeSet<String> = connections.iter().map(|one| text(&one["id"])).collect();
    assert_eq!((connections.len(), distinct.len()), (1000, 1000));
    let of_one = format!("/companies/{}/connections", text(&companies["results"][0]["id"]));
    let listed = get(&world, &of_one).await;
    let within = companies["results"][0]["dataConnections"].as_array().unwrap().len();
    assert_eq!(listed["totalResults"], within);
}

#[tokio::test]
async fn a_company_is_made_changed_and_deleted() {
    let world = usual().await;
    let made = json!({ "name": "Yew <Works>", "description": "d", "tags": { "uid": "7" } });
    let (status, company) = act(&world, Method::POST, "/companies", Some(made)).await;
    assert_eq!((status, &company["name"]), (200, &json!("Yew Works")), "odd letters are stripped");
    let path = format!("/companies/{}", text(&company["id"]));
    let (_, updated) = act(&world, Method::PATCH, &path, Some(json!({ "name": "Yew" }))).await;
    assert_eq!((&updated["name"], &updated["description"]), (&json!("Yew"), &json!("d")));
    let (_, replaced) = act(&world, Method::PUT, &path, Some(json!({ "name": "Yew Two" }))).await;
    assert!(replaced.get("description").is_none() && replaced["tags"] == json!({}), "PUT overwrites all");
    assert_eq!(act(&world, Method::DELETE, &path, None).await, (204, Value::Null));
    assert_eq!(get_status(&world, &path).await, 404);
    assert_eq!(act(&world, Method::DELETE, &path, None).await.0, 404);
    for bad in [
        json!({}),
        json!({ "name": "<>" }),
        json!({ "name": 1 }),
        json!({ "name": "x", "tags": { "": "v" } }),
    ] {
        assert_eq!(act(&world, Method::POST, "/companies", Some(bad.clone())).await.0, 400, "{bad}");
    }
}

#[tokio::test]
async fn a_connection_is_made_pending_and_deleted_for_good() {
    let world = usual().await;
    let company = world.codat().find("gbol", "Linked").unwrap().company;
    let list = format!("/companies/{company}/connections");
    let (status, made) = act(&world, Method::POST, &list, Some(json!({ "platformKey": "exgd" }))).await;
    assert_eq!((status, &made["status"]), (200, &json!("PendingAuth")));
    assert_eq!(made["platformName"], "Stripe (Sandbox)");
    assert!(made.get("lastSync").is_none(), "what was never read has no date");
    let path = format!("{list}/{}", text(&made["id"]));
    assert_eq!(act(&world, Method::DELETE, &path, None).await, (200, Value::Null));
    assert_eq!(get_status(&world, &path).await, 404);
    for bad in [json!("exgd"), json!({}), json!({ "platformKey": "none" }), json!({ "platformKey": "qaot" })]
    {
        assert_eq!(act(&world, Method::POST, &list, Some(bad.clone())).await.0, 400, "{bad}");
    }
    let nowhere = "/companies/no-such/connections";
    assert_eq!(act(&world, Method::POST, nowhere, Some(json!({ "platformKey": "exgd" }))).await.0, 404);
}

#[tokio::test]
async fn only_unlinked_can_be_set_and_not_on_what_is_pending() {
    let world = usual().await;
    let linked = world.codat().find("gbol", "Linked").unwrap();
    let path = connection_path(&linked);
    for bad in [json!({ "status": "unlinked" }), json!({ "status": "Linked" }), json!({}), json!("Unlinked")]
    {
        assert_eq!(act(&world, Method::PATCH, &path, Some(bad.clone())).await.0, 400, "{bad}");
    }
    let more = json!({ "status": "Unlinked", "id": "x" });
    assert_eq!(act(&world, Method::PATCH, &path, Some(more)).await.0, 400, "no other member is taken");
    assert_eq!(shown(&world, &linked).await["status"], "Linked");
    let pending = world.codat().find("suuo", "PendingAuth").unwrap();
    let unlink = Some(json!({ "status": "Unlinked" }));
    assert_eq!(act(&world, Method::PATCH, &connection_path(&pending), unlink.clone()).await.0, 400);
    let before = shown(&world, &linked).await;
    let (status, after) = act(&world, Method::PATCH, &path, unlink).await;
    assert_eq!((status, &after["status"]), (200, &json!("Unlinked")));
    assert_eq!(after["lastSync"], before["lastSync"], "what was read stays");
}

#[tokio::test]
async fn what_was_deauthorized_is_unlinked_and_unlinking_twice_is_no_error() {
    let world = usual().await;
    let ended = world.codat().find("gbol", "Deauthorized").unwrap();
    for _ in 0..2 {
        let unlink = Some(json!({ "status": "Unlinked" }));
        let (status, after) = act(&world, Method::PATCH, &connection_path(&ended), unlink).await;
        assert_eq!((status, &after["status"]), (200, &json!("Unlinked")));
    }
}

#[tokio::test]
async fn origins_are_checked_replaced_and_the_same_on_both_paths() {
    let world = usual().await;
    let set = json!({ "allowedOrigins": ["https://one.example", "http://localhost:5173/"] });
    let (status, answer) = act(&world, Method::POST, "/corsSettings", Some(set)).await;
    assert_eq!(status, 200);
    let kept = json!({ "allowedOrigins": ["https://one.example", "http://localhost:5173"] });
    assert_eq!(answer, kept);
    assert_eq!(get(&world, "/connectionManagement/corsSettings").await, kept);
    for bad in ["*", "https://one.example/path", "tauri://localhost", "one.example", "https://a.example?x=1"]
    {
        let set = json!({ "allowedOrigins": [bad] });
        assert_eq!(act(&world, Method::POST, "/corsSettings", Some(set)).await.0, 400, "{bad}");
    }
    let (_, empty) = act(&world, Method::POST, "/corsSettings", Some(json!({ "allowedOrigins": [] }))).await;
    assert_eq!(empty, json!({ "allowedOrigins": [] }));
}

#[tokio::test]
async fn every_integration_is_plainly_sandbox_and_has_a_logo() {
    let world = usual().await;
    let integrations = get(&world, "/integrations?pageSize=100").await;
    for one in integrations["results"].as_array().unwrap() {
        assert!(text(&one["name"]).ends_with("(Sandbox)"), "{one}");
        let logo = reqwest::get(text(&one["logoUrl"])).await.unwrap();
        assert_eq!(logo.headers()["content-type"], "image/svg+xml");
    }
    let desktop = get(&world, "/integrations/pqsw").await;
    assert_eq!(desktop["isOfflineConnector"], true);
    assert!(get(&world, "/integrations/gbol/branding").await["logo"]["square"]["image"]["src"].is_string());
    assert_eq!(get_status(&world, "/integrations/none").await, 404);
}
