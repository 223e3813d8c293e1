//! Approving at the institution's own page.

use super::api::{Caller, DAY, client, statuses, world};
use crate::client::{http, post};
use reqwest::{Method, Response};
use sandbox::Sandbox;
use serde_json::{Value, json};
use std::time::Duration;

const CPF: &str = "761.092.776-73";

/// An item that waits for its page, and the page's address.
async fn waiting(sandbox: &Sandbox, key: &Caller<'_>, asked: Value) -> (String, String) {
    let (status, item) = key.post("/items", asked).await;
    assert_eq!(status, 200, "{item}");
    let id = item["id"].as_str().unwrap().to_owned();
    sandbox.clock().advance(Duration::from_secs(20));
    let item = key.read(&format!("/items/{id}")).await;
    let address = match statuses(&item) {
        ("WAITING_USER_INPUT", "WAITING_USER_INPUT") => {
            assert_eq!(item["parameter"]["type"], "oauth");
            item["parameter"]["data"].clone()
        }
        ("WAITING_USER_ACTION", "WAITING_USER_ACTION") => {
            assert_eq!(item["userAction"]["type"], "authorize-access");
            item["userAction"]["attributes"]["url"].clone()
        }
        other => panic!("{other:?}"),
    };
    (id, address.as_str().unwrap().to_owned())
}

fn open_finance() -> Value {
    json!({ "connectorId": 600, "parameters": { "cpf": CPF } })
}

async fn page(address: &str, language: &str) -> (u16, String) {
    let answer = http().get(address).header("accept-language", language).send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

async fn decide(sandbox: &Sandbox, fields: &[(&str, &str)]) -> Response {
    post(sandbox, "/pluggy/bank/authorize", fields).send().await.unwrap()
}

fn accounts_on(page: &str) -> Vec<String> {
    let fields = page.split("name=\"account\" value=\"").skip(1);
    fields.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

/// Where the page goes that could not close itself.
fn goes_to(page: &str) -> String {
    assert!(page.contains("window.close()"), "{page}");
    let (_, rest) = page.split_once("id=\"on\" href=\"").unwrap();
    rest.split('"').next().unwrap().replace("&amp;", "&")
}

#[tokio::test]
async fn the_page_asks_in_the_persons_language_and_says_that_it_is_practice() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let (_, address) = waiting(&sandbox, &key, open_finance()).await;
    let (status, english) = page(&address, "en").await;
    assert_eq!(status, 200);
    for needed in
        ["Banco Farol Open Finance (Sandbox)", "Practice bank", ">Approve</button>", ">Decline</button>"]
    {
        assert!(english.contains(needed), "{needed}");
    }
    assert!(!english.contains("<script"), "the form needs no script");
    assert_eq!(accounts_on(&english).len(), 3);
    let (_, portuguese) = page(&address, "pt-BR").await;
    assert!(portuguese.contains(">Autorizar</button>") && portuguese.contains("Conta corrente"));
}

#[tokio::test]
async fn approving_shares_the_chosen_accounts_only() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    for connector in [8, 600] {
        let asked = json!({ "connectorId": connector, "parameters": { "cpf": CPF } });
        let (id, address) = waiting(&sandbox, &key, asked).await;
        let offered = accounts_on(&page(&address, "en").await.1);
        let fields = [("item", id.as_str()), ("account", &offered[0]), ("decision", "approve")];
        let answer = decide(&sandbox, &fields).await;
        assert_eq!(answer.status(), 200);
        let target = goes_to(&answer.text().await.unwrap());
        assert_eq!(target, format!("{}/oauthCallback.html?itemId={id}", sandbox.pluggy_api()));
        assert_eq!(page(&target, "en").await.0, 200);
        sandbox.clock().advance(Duration::from_secs(600));
        let item = key.read(&format!("/items/{id}")).await;
        assert_eq!(statuses(&item), ("UPDATED", "SUCCESS"));
        assert!(item["consentExpiresAt"].is_string());
        let accounts = key.read(&format!("/accounts?itemId={id}")).await;
        assert_eq!(
            (&accounts["total"], accounts["results"][0]["id"].as_str()),
            (&json!(1), Some(offered[0].as_str()))
        );
        let consent = key.read(&format!("/consents?itemId={id}")).await["results"][0].take();
        assert_eq!((&consent["itemId"], &consent["revokedAt"]), (&json!(id), &Value::Null));
        assert_eq!(key.read(&format!("/consents/{}", consent["id"].as_str().unwrap())).await, consent);
    }
}

#[tokio::test]
async fn an_approval_needs_an_account_and_counts_once() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let (id, address) = waiting(&sandbox, &key, open_finance()).await;
    let none = decide(&sandbox, &[("item", &id), ("account", "no-such"), ("decision", "approve")]).await;
    assert!(none.text().await.unwrap().contains("Choose at least one account."));
    let account = accounts_on(&page(&address, "en").await.1).remove(0);
    let fields = [("item", id.as_str()), ("account", &account), ("decision", "approve")];
    assert_eq!(decide(&sandbox, &fields).await.status(), 200);
    let again = decide(&sandbox, &[("item", &id), ("decision", "decline")]).await;
    assert_eq!(again.status(), 400);
    assert_eq!(page(&address, "en").await.0, 400);
    assert_eq!(page(&address.replace(&id, "no-such"), "en").await.0, 400);
    sandbox.clock().advance(Duration::from_secs(600));
    assert_eq!(statuses(&key.read(&format!("/items/{id}")).await).1, "SUCCESS");
}

#[tokio::test]
async fn declining_leaves_nothing_shared() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let (id, _) = waiting(&sandbox, &key, open_finance()).await;
    assert_eq!(decide(&sandbox, &[("item", &id), ("decision", "decline")]).await.status(), 200);
    let item = key.read(&format!("/items/{id}")).await;
    assert_eq!(statuses(&item), ("LOGIN_ERROR", "USER_AUTHORIZATION_NOT_GRANTED"));
    assert_eq!(key.read(&format!("/accounts?itemId={id}")).await["total"], 0);
    assert_eq!(key.read(&format!("/consents?itemId={id}")).await["total"], 0);
}

#[tokio::test]
async fn the_window_goes_to_the_items_address_before_the_tokens() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let of_token = "https://mooring.example/token?a=1&b=2";
    let of_item = "https://mooring.example/item";
    let session = key.connect_token(json!({ "options": { "oauthRedirectUri": of_token } })).await;
    let (id, _) = waiting(&sandbox, &session, open_finance()).await;
    let done = decide(&sandbox, &[("item", &id), ("decision", "decline")]).await.text().await.unwrap();
    assert_eq!(goes_to(&done), of_token);
    let mut asked = open_finance();
    asked["oauthRedirectUri"] = json!(of_item);
    let (id, _) = waiting(&sandbox, &session, asked).await;
    let done = decide(&sandbox, &[("item", &id), ("decision", "decline")]).await.text().await.unwrap();
    assert_eq!(goes_to(&done), of_item);
}

#[tokio::test]
async fn a_page_that_nobody_answers_is_over_after_an_hour() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let (id, address) = waiting(&sandbox, &key, open_finance()).await;
    sandbox.clock().advance(Duration::from_secs(3601));
    assert_eq!(page(&address, "en").await.0, 400);
    assert_eq!(statuses(&key.read(&format!("/items/{id}")).await).1, "USER_INPUT_TIMEOUT");
    let (status, _) = key.ask(Method::PATCH, &format!("/items/{id}"), json!({})).await;
    assert_eq!(status, 200, "it can be tried again");
    sandbox.clock().advance(Duration::from_secs(20));
    assert_eq!(page(&address, "en").await.0, 200);
}

#[tokio::test]
async fn a_revoked_consent_needs_the_person_again() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let (id, _) = waiting(&sandbox, &key, open_finance()).await;
    assert!(sandbox.pluggy().authorize(&id, true));
    assert!(!sandbox.pluggy().authorize(&id, true), "it does not wait any more");
    sandbox.clock().advance(Duration::from_secs(600));
    let path = format!("/items/{id}");
    assert_eq!(key.ask(Method::PATCH, &path, json!({})).await.0, 200);
    sandbox.clock().advance(Duration::from_secs(600));
    assert_eq!(
        statuses(&key.read(&path).await).1,
        "SUCCESS",
        "an update needs nobody while the consent holds"
    );

    assert!(sandbox.pluggy().revoke_consent(&id));
    assert!(!sandbox.pluggy().revoke_consent(&id));
    assert_eq!(statuses(&key.read(&path).await), ("LOGIN_ERROR", "USER_AUTHORIZATION_REVOKED"));
    let consent = key.read(&format!("/consents?itemId={id}")).await["results"][0].take();
    assert!(consent["revokedAt"].is_string());
    assert!(!sandbox.pluggy().auto_sync(&id));
    assert_eq!(key.ask(Method::PATCH, &path, json!({})).await.0, 200);
    sandbox.clock().advance(Duration::from_secs(20));
    assert_eq!(statuses(&key.read(&path).await).0, "WAITING_USER_INPUT");
    assert!(sandbox.pluggy().authorize(&id, true));
    sandbox.clock().advance(Duration::from_secs(600));
    assert_eq!(statuses(&key.read(&path).await).1, "SUCCESS");
}

#[tokio::test]
async fn a_consent_ends_on_its_day_or_never() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let (ends, _) = waiting(&sandbox, &key, open_finance()).await;
    let endless = json!({ "connectorId": 606, "parameters": { "cpf": CPF } });
    let (stays, _) = waiting(&sandbox, &key, endless).await;
    assert!(sandbox.pluggy().authorize(&ends, true) && sandbox.pluggy().authorize(&stays, true));
    sandbox.clock().advance(Duration::from_secs(600));
    assert!(key.read(&format!("/items/{stays}")).await["consentExpiresAt"].is_null());
    sandbox.clock().advance(DAY * 366);
    let key = client(&sandbox).await;
    assert_eq!(
        statuses(&key.read(&format!("/items/{ends}")).await),
        ("LOGIN_ERROR", "USER_AUTHORIZATION_REVOKED")
    );
    assert_eq!(statuses(&key.read(&format!("/items/{stays}")).await), ("UPDATED", "SUCCESS"));
}

#[tokio::test]
async fn a_second_person_may_have_to_agree() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let of = |cpf: &str| json!({ "connectorId": 600, "parameters": { "cpf": cpf } });
    let (refused, _) = waiting(&sandbox, &key, of("051.177.670-55")).await;
    assert!(sandbox.pluggy().authorize(&refused, true));
    let (pending, _) = waiting(&sandbox, &key, of("238.242.640-30")).await;
    assert!(sandbox.pluggy().authorize(&pending, true));
    sandbox.clock().advance(Duration::from_secs(20));
    let item = key.read(&format!("/items/{refused}")).await;
    assert_eq!(statuses(&item), ("LOGIN_ERROR", "USER_AUTHORIZATION_NOT_GRANTED"));
    let path = format!("/items/{pending}");
    assert_eq!(statuses(&key.read(&path).await), ("OUTDATED", "USER_AUTHORIZATION_PENDING"));
    sandbox.clock().advance(Duration::from_secs(120));
    assert_eq!(key.ask(Method::PATCH, &path, json!({})).await.0, 200);
    sandbox.clock().advance(Duration::from_secs(600));
    assert_eq!(statuses(&key.read(&path).await), ("UPDATED", "SUCCESS"), "nobody is asked again");
}

#[tokio::test]
async fn an_institution_has_a_home() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let address = key.read("/connectors/600").await["institutionUrl"].as_str().unwrap().to_owned();
    let (status, html) = page(&address, "en").await;
    assert_eq!(status, 200);
    assert!(html.contains("Banco Farol Open Finance (Sandbox)"));
    assert_eq!(page(&address.replace("600", "12345"), "en").await.0, 400);
}
