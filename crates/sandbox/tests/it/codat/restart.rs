//! What is kept over a restart, and what is not written down.

use super::client::{act, connection_path, get, send, shown, text, token};
use super::journeys::link_url;
use crate::client::http;
use reqwest::Method;
use sandbox::codat::Settings;
use sandbox::{Options, Sandbox};
use serde_json::json;
use std::path::Path;

async fn start(folder: &Path, bind: std::net::SocketAddr) -> Sandbox {
    let state_file = Some(folder.join("practice.json"));
    Sandbox::start(Options { bind, state_file, codat: Settings::default(), ..Options::default() })
        .await
        .unwrap()
}

#[tokio::test]
async fn companies_statuses_tokens_and_settings_outlive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let world = start(folder.path(), "127.0.0.1:0".parse().unwrap()).await;
    let bind = world.address();
    let linked = world.codat().find("gbol", "Linked").unwrap();
    let access_token = token(&world, &linked.company).await;
    let (_, made) = act(&world, Method::POST, "/companies", Some(json!({ "name": "Yew" }))).await;
    act(&world, Method::PATCH, &connection_path(&linked), Some(json!({ "status": "Unlinked" }))).await;
    let origins = json!({ "allowedOrigins": ["https://one.example"] });
    act(&world, Method::POST, "/corsSettings", Some(origins.clone())).await;
    let link = link_url(&world, &linked).await;
    world.stop().await;

    let world = start(folder.path(), bind).await;
    assert_eq!(shown(&world, &linked).await["status"], "Unlinked");
    assert_eq!(get(&world, &format!("/companies/{}", text(&made["id"]))).await["name"], "Yew");
    assert_eq!(get(&world, "/corsSettings").await, origins);
    let bearer = format!("Bearer {access_token}");
    let answer = send(&world, Method::GET, &connection_path(&linked), &bearer, None).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(
        http().get(link).send().await.unwrap().status(),
        401,
        "an open link address ends with the process"
    );
}

#[tokio::test]
async fn no_token_and_no_link_password_is_written_down() {
    let folder = tempfile::tempdir().unwrap();
    let world = start(folder.path(), "127.0.0.1:0".parse().unwrap()).await;
    let linked = world.codat().find("gbol", "Linked").unwrap();
    let access_token = token(&world, &linked.company).await;
    let link = link_url(&world, &linked).await;
    let password = crate::client::query(&link)["otp"].clone();
    http().get(link).send().await.unwrap();
    let mut files = 0;
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let kept = std::fs::read_to_string(file.unwrap().path()).unwrap();
        assert!(!kept.contains(&access_token) && !kept.contains(&password));
        files += 1;
    }
    assert!(files >= 1, "there is a state file to look into");
    assert!(!format!("{:?} {world:?}", world.codat()).contains(&access_token));
}

#[tokio::test]
async fn a_file_that_is_no_ledger_starts_a_fresh_one() {
    let folder = tempfile::tempdir().unwrap();
    let kept = sandbox::codat::state_file_beside(&folder.path().join("practice.json"));
    std::fs::write(kept, "not a ledger").unwrap();
    let world = start(folder.path(), "127.0.0.1:0".parse().unwrap()).await;
    assert_eq!(get(&world, "/companies").await["totalResults"], 20);
}
