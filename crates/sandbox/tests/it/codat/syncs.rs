//! Pull operations by the clock, how data types stand, and the data itself.

use super::client::{act, connection_path, get, get_status, shown, text, usual};
use reqwest::Method;
use sandbox::Sandbox;
use sandbox::codat::{Known, SyncEnd};
use serde_json::{Value, json};
use std::time::Duration;

async fn queue(world: &Sandbox, of: &Known, data_type: &str) -> (u16, Value) {
    let path = format!("/companies/{}/data/queue/{data_type}?connectionId={}", of.company, of.connection);
    act(world, Method::POST, &path, None).await
}

async fn operation(world: &Sandbox, queued: &Value) -> Value {
    let (company, id) = (text(&queued["companyId"]), text(&queued["id"]));
    get(world, &format!("/companies/{company}/data/history/{id}")).await
}

#[tokio::test]
async fn an_operation_goes_through_its_stages_by_the_clock() {
    let world = usual().await;
    let linked = world.codat().find("gbol", "Linked").unwrap();
    let before = shown(&world, &linked).await["lastSync"].clone();
    let (status, queued) = queue(&world, &linked, "invoices").await;
    assert_eq!((status, &queued["status"], &queued["isCompleted"]), (200, &json!("Initial"), &json!(false)));
    assert!(queued.get("completed").is_none());
    let mut progress = vec![queued["progress"].as_i64().unwrap()];
    for _ in 0..8 {
        world.clock().advance(Duration::from_secs(1));
        progress.push(operation(&world, &queued).await["progress"].as_i64().unwrap());
    }
    assert!(progress.is_sorted() && progress.last() == Some(&100), "{progress:?}");
    let done = operation(&world, &queued).await;
    assert_eq!(
        (&done["status"], &done["isCompleted"], &done["isErrored"]),
        (&json!("Complete"), &json!(true), &json!(false))
    );
    assert!(done["completed"].is_string());
    let after = shown(&world, &linked).await["lastSync"].clone();
    assert!(text(&after) > text(&before), "{before} {after}");
    let types = get(&world, &format!("/companies/{}/dataStatus", linked.company)).await;
    assert_eq!(types["invoices"]["latestSuccessfulSyncId"], queued["id"]);
    assert_eq!(types["invoices"]["currentStatus"], "Complete");
    assert!(types.get("bills").is_none(), "what was never read is not named");
}

#[tokio::test]
async fn a_type_that_is_being_read_is_not_queued_again() {
    let world = usual().await;
    let linked = world.codat().find("gbol", "Linked").unwrap();
    assert_eq!(queue(&world, &linked, "invoices").await.0, 200);
    let (status, refused) = queue(&world, &linked, "invoices").await;
    assert_eq!(status, 400);
    assert!(text(&refused["error"]).starts_with("DatasetAlreadyInProgressException"), "{refused}");
    world.clock().advance(Duration::from_secs(9));
    assert_eq!(queue(&world, &linked, "invoices").await.0, 200);
}

#[tokio::test]
async fn what_cannot_be_read_is_refused() {
    let world = usual().await;
    let linked = world.codat().find("gbol", "Linked").unwrap();
    assert_eq!(queue(&world, &linked, "commerce-orders").await.0, 404, "not a type of this connection");
    assert_eq!(queue(&world, &linked, "no-such-type").await.0, 404);
    let ended = world.codat().find("gbol", "Unlinked").unwrap();
    assert_eq!(queue(&world, &ended, "invoices").await.0, 400);
    assert_eq!(act(&world, Method::POST, "/companies/none/data/all", None).await.0, 404);
}

#[tokio::test]
async fn all_is_queued_for_what_is_linked_only() {
    let world = usual().await;
    let company = world.codat().find("fbrh", "Linked").unwrap().company;
    let history = format!("/companies/{company}/data/history");
    let before = get(&world, &history).await["totalResults"].as_i64().unwrap();
    assert_eq!(
        act(&world, Method::POST, &format!("/companies/{company}/data/all"), None).await,
        (204, Value::Null)
    );
    let after = get(&world, &history).await;
    assert_eq!(after["totalResults"].as_i64().unwrap(), before + 6, "three types of two linked connections");
    let running = get(&world, &format!("{history}?query=status%3DInitial&pageSize=2")).await;
    assert_eq!(
        (running["totalResults"].as_i64(), running["results"].as_array().unwrap().len()),
        (Some(6), 2)
    );
    assert_eq!(get_status(&world, &format!("{history}/no-such")).await, 404);
}

#[tokio::test]
async fn an_operation_can_end_badly_and_leaves_the_date_of_the_last_sync() {
    let world = usual().await;
    let linked = world.codat().find("gbol", "Linked").unwrap();
    let before = shown(&world, &linked).await["lastSync"].clone();
    for (end, word, errored) in [
        (SyncEnd::FetchError, "FetchError", true),
        (SyncEnd::RateLimitError, "RateLimitError", true),
        (SyncEnd::PermissionsError, "PermissionsError", true),
        (SyncEnd::NotSupported, "NotSupported", false),
    ] {
        world.codat().next_sync(end);
        let (_, queued) = queue(&world, &linked, "invoices").await;
        world.clock().advance(Duration::from_secs(9));
        let done = operation(&world, &queued).await;
        assert_eq!((&done["status"], &done["isErrored"]), (&json!(word), &json!(errored)));
        assert_eq!((&done["isCompleted"], done["errorMessage"].is_string()), (&json!(false), errored));
    }
    assert_eq!(shown(&world, &linked).await["lastSync"], before);
}

#[tokio::test]
async fn losing_the_approval_in_the_middle_ends_what_runs() {
    let world = usual().await;
    let linked = world.codat().find("gbol", "Linked").unwrap();
    let (_, queued) = queue(&world, &linked, "invoices").await;
    world.codat().deauthorize(&linked.connection, "Withdrawn").unwrap();
    let done = operation(&world, &queued).await;
    assert_eq!((&done["status"], &done["isErrored"]), (&json!("AuthError"), &json!(true)));
}

#[tokio::test]
async fn a_paused_connector_waits_and_says_until_when() {
    let world = usual().await;
    let desktop = world.codat().find("pqsw", "Linked").unwrap();
    world.codat().pause_connector(&desktop.connection, Duration::from_secs(3600)).unwrap();
    let (_, queued) = queue(&world, &desktop, "invoices").await;
    assert_eq!(queued["status"], "Queued");
    assert!(text(&queued["statusDescription"]).starts_with("Paused until "), "{queued}");
    let paused = shown(&world, &desktop).await["connectionInfo"].clone();
    assert!(text(&paused["connector"]).starts_with("Paused until "), "{paused}");
    world.clock().advance(Duration::from_secs(3610));
    assert_eq!(operation(&world, &queued).await["status"], "Complete");
    assert_eq!(shown(&world, &desktop).await["connectionInfo"]["connector"], "Running");
}

#[tokio::test]
async fn data_is_the_same_at_every_asking_and_stays_after_the_end() {
    let world = usual().await;
    let (books, bank, shop) = ("gbol", "suuo", "fztf");
    let linked = |key| world.codat().find(key, "Linked").unwrap();
    let invoices = format!("/companies/{}/data/invoices", linked(books).company);
    let first = get(&world, &invoices).await;
    assert_eq!(first["totalResults"], 60);
    let invoice = &first["results"][0];
    assert!(invoice["totalAmount"].as_f64().unwrap() >= 10.0 && invoice["invoiceNumber"] == "INV-00001");
    let transactions = format!("{}/data/banking-transactions?pageSize=50", connection_path(&linked(bank)));
    let statement = get(&world, &transactions).await;
    assert_eq!(
        (&statement["totalResults"], statement["results"].as_array().unwrap().len()),
        (&json!(240), 50)
    );
    let orders = format!("{}/data/commerce-orders", connection_path(&linked(shop)));
    assert_eq!(get(&world, &orders).await["totalResults"], 120);
    world.codat().unlink(&linked(books).connection).unwrap();
    assert_eq!(get(&world, &invoices).await, first, "unlinking keeps what was read");
    let gone = linked(shop);
    world.codat().delete_connection(&gone.connection).unwrap();
    assert_eq!(get_status(&world, &orders).await, 404, "deleting does not");
    let pending = world.codat().find("suuo", "PendingAuth").unwrap();
    let unread = format!("{}/data/banking-accounts", connection_path(&pending));
    assert_eq!(get_status(&world, &unread).await, 409, "what was never read is not ready");
}
