//! Pluggy's own page as the other way: what it reports is a reason to ask, and nothing that it made is lost.

use crate::place::{PLUGGY, Place, login};
use connections::activity::ActivityKind;
use connections::connection::{Reachability, Status};
use connections::error::ErrorCode;
use connections::id::{AttemptId, ConfigKey, ConnectionKey};
use connections::pluggy_config::PluggyFields;
use connections::view::LinkPhase;
use secret::SecretString;
use serde_json::{Value, json};

fn config() -> ConfigKey {
    ConfigKey::parse(PLUGGY).unwrap()
}

/// Opens the page and answers its window.
async fn open(place: &Place, key: Option<&ConnectionKey>) -> AttemptId {
    place.core().open_widget(&config(), key, None).await.unwrap();
    place.windows.opened.lock().unwrap().last().unwrap().0.clone()
}

fn says(place: &Place, page: &AttemptId, report: &Value) {
    place.core().widget_said(page, &SecretString::from(report.to_string()));
}

/// Another program of the person, or the page, makes an item.
async fn item(place: &Place, user: &str) -> String {
    let http = reqwest::Client::new();
    let (id, secret) = place.world.pluggy_client();
    let ask = async |path: &str, key: Option<&str>, body: Value| {
        let request = http.post(format!("{}{path}", place.world.pluggy_api()));
        let request = request.header("content-type", "application/json").body(body.to_string());
        let request = match key {
            Some(key) => request.header("x-api-key", key),
            None => request,
        };
        let answer = request.send().await.unwrap().bytes().await.unwrap();
        serde_json::from_slice::<Value>(&answer).unwrap()
    };
    let key = ask("/auth", None, json!({ "clientId": id, "clientSecret": secret })).await;
    let parameters = json!({ "user": user, "password": "password-ok" });
    let made = json!({ "connectorId": 0, "parameters": parameters });
    let item = ask("/items", key["apiKey"].as_str(), made).await;
    item["id"].as_str().unwrap().to_owned()
}

async fn kinds(place: &Place) -> Vec<ActivityKind> {
    let (lines, _) = place.core().activity(None, None, 200).await.unwrap();
    lines.into_iter().map(|line| line.kind).collect()
}

/// Waits until a line of this kind was written.
async fn written(place: &Place, kind: ActivityKind) {
    let core = place.core();
    let mut events = core.subscribe();
    while !kinds(place).await.contains(&kind) {
        let told = tokio::time::timeout(std::time::Duration::from_secs(30), events.recv()).await;
        told.unwrap_or_else(|_| panic!("no line {kind:?}")).unwrap();
    }
}

/// Waits until there is a connection, and answers it.
async fn connected(place: &Place) -> ConnectionKey {
    let core = place.core();
    let mut events = core.subscribe();
    loop {
        if let Some(one) = core.connections().first() {
            return one.key.clone();
        }
        let told = tokio::time::timeout(std::time::Duration::from_secs(30), events.recv()).await;
        told.expect("a connection").unwrap();
    }
}

#[tokio::test]
async fn what_the_page_made_while_pluggy_does_not_answer_is_kept_and_found_out_later() {
    let place = Place::new().await;
    let page = open(&place, None).await;
    let made = item(&place, "user-ok").await;
    place.world.misbehave("pluggy-outage".parse().unwrap(), None);
    says(&place, &page, &json!({ "callback": "onSuccess", "payload": { "item": { "id": made } } }));
    let key = connected(&place).await;
    let connection = place.core().connection(&key).unwrap();
    assert_eq!(connection.status, Status::PendingAuth);
    assert!(matches!(connection.reachability, Reachability::ProviderTrouble { .. }), "{connection:?}");
    assert_eq!(place.core().show_link(&key).unwrap().item_id, made);
    // The program ends before Pluggy comes back.
    let place = place.restart().await;
    place.world.behave();
    place.reaches(&key, &[LinkPhase::Done]).await;
    let connection = place.core().connection(&key).unwrap();
    assert_eq!(
        (connection.status, connection.provider_name.as_str()),
        (Status::Linked, "Pluggy Bank (Sandbox)")
    );
    assert!(!place.accounts(&key).await.is_empty());
}

#[tokio::test]
async fn an_item_that_pluggy_denies_becomes_no_connection() {
    let place = Place::new().await;
    let page = open(&place, None).await;
    says(&place, &page, &json!({ "callback": "onSuccess", "payload": { "item": { "id": "not-an-item" } } }));
    says(&place, &page, &json!({ "callback": "onError", "payload": { "message": "Sem conexão" } }));
    written(&place, ActivityKind::WidgetFailed).await;
    assert!(place.core().connections().is_empty());
}

#[tokio::test]
async fn each_step_is_a_line_and_reports_that_are_repeated_are_one_run() {
    let place = Place::new().await;
    let page = open(&place, None).await;
    let step = |event: &str, more: Value| {
        let mut payload = json!({ "event": event, "timestamp": 1 });
        payload.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        says(&place, &page, &json!({ "callback": "onEvent", "payload": payload }));
    };
    step("SUBMITTED_CONSENT", json!({}));
    step("SELECTED_INSTITUTION", json!({ "connector": { "id": 0, "name": "Pluggy Bank (Sandbox)" } }));
    step("SUBMITTED_LOGIN", json!({}));
    for kind in
        [ActivityKind::ConsentSubmitted, ActivityKind::InstitutionChosen, ActivityKind::LoginSubmitted]
    {
        written(&place, kind).await;
    }
    let (lines, _) = place.core().activity(None, None, 200).await.unwrap();
    let chosen = lines.iter().find(|line| line.kind == ActivityKind::InstitutionChosen).unwrap();
    assert_eq!(chosen.params["institution"], "Pluggy Bank (Sandbox)");
    let made = item(&place, "user-ok").await;
    for _ in 0..5 {
        step("ITEM_RESPONSE", json!({ "item": { "id": made } }));
    }
    says(&place, &page, &json!({ "callback": "onSuccess", "payload": { "item": { "id": made } } }));
    written(&place, ActivityKind::WidgetSucceeded).await;
    let key = connected(&place).await;
    place.reaches(&key, &[LinkPhase::Done]).await;
    assert_eq!(place.core().connections().len(), 1);
    // Mended in the page: however often it reports, the person asked once.
    let page = open(&place, Some(&key)).await;
    for _ in 0..5 {
        says(&place, &page, &json!({ "callback": "onSuccess", "payload": { "item": { "id": made } } }));
    }
    place.core().page_is_over(&page);
    says(&place, &page, &json!({ "callback": "onClose" }));
    place.until(&key, |link| link.phase == LinkPhase::Done).await;
    let synced = kinds(&place).await.iter().filter(|kind| **kind == ActivityKind::Synced).count();
    assert!(synced <= 2, "{synced} lines of one reading");
}

#[tokio::test]
async fn what_the_page_says_went_wrong_is_shown_where_it_mends_something() {
    let place = Place::new().await;
    let key = place.begin(0, login("user-ok", "a wrong one")).await;
    place.reaches(&key, &[LinkPhase::Failed]).await;
    let page = open(&place, Some(&key)).await;
    says(
        &place,
        &page,
        &json!({ "callback": "onError", "payload": { "message": "O banco está fora do ar." } }),
    );
    let link = place.until(&key, |link| link.error.is_some()).await;
    let error = link.error.unwrap();
    assert_eq!(error.code, ErrorCode::WidgetFailed);
    assert_eq!(error.detail.as_deref(), Some("O banco está fora do ar."));
}

#[tokio::test]
async fn a_banks_page_that_the_page_opened_ends_as_others_do() {
    let place = Place::new().await;
    let back = Some("https://app.example/back".to_owned());
    let fields = PluggyFields { oauth_redirect_uri: back, ..place.fields() };
    place.core().edit_pluggy(fields).await.unwrap();
    let page = open(&place, None).await;
    let opens = |address: &str| {
        says(&place, &page, &json!({ "type": "OAUTH_OPEN", "message": address }));
    };
    let shown = async |count: usize| {
        let waiting = async {
            while place.windows.opened.lock().unwrap().len() < count {
                tokio::task::yield_now().await;
            }
            place.windows.opened.lock().unwrap()[count - 1].0.clone()
        };
        tokio::time::timeout(std::time::Duration::from_secs(30), waiting).await.expect("a window")
    };
    let closed = async |attempt: AttemptId| {
        let waiting = async {
            while !place.windows.closed.lock().unwrap().contains(&attempt) {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(30), waiting).await.expect("it stays open");
    };
    // It leads to the redirect address.
    opens("https://bank.example/consent/1");
    let its_page = shown(2).await;
    place.core().deliver(&SecretString::from("https://app.example/back?itemId=1")).await.unwrap();
    closed(its_page).await;
    // It ends by itself.
    opens("https://bank.example/consent/2");
    let its_page = shown(3).await;
    assert!(place.core().page_is_over(&its_page));
    closed(its_page).await;
    // It goes with the page that has opened it.
    opens("https://bank.example/consent/3");
    let its_page = shown(4).await;
    assert!(place.core().page_is_over(&page));
    closed(its_page).await;
    assert!(place.core().deliver(&SecretString::from("https://app.example/back?x=1")).await.is_err());
}
