//! Items: test users, progress, questions, refusals.

use super::api::{DAY, client, login, statuses, world};
use reqwest::Method;
use sandbox::Misbehaviour;
use sandbox::pluggy::Health;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;

#[tokio::test]
async fn each_test_user_ends_as_documented() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    for (user, status, execution) in [
        ("user-ok", "UPDATED", "SUCCESS"),
        ("user-ok-account-error", "UPDATED", "PARTIAL_SUCCESS"),
        ("user-ok-account-warning", "UPDATED", "SUCCESS"),
        ("user-logged", "OUTDATED", "ALREADY_LOGGED_IN"),
        ("user-locked", "LOGIN_ERROR", "ACCOUNT_LOCKED"),
        ("user-error", "OUTDATED", "UNEXPECTED_ERROR"),
        ("user-unavailable", "OUTDATED", "SITE_NOT_AVAILABLE"),
        ("user-connection-error", "OUTDATED", "CONNECTION_ERROR"),
        ("user-account-need-actions", "OUTDATED", "ACCOUNT_NEEDS_ACTION"),
        ("user-account-need-actions-provider-message", "OUTDATED", "ACCOUNT_NEEDS_ACTION"),
        ("user-account-credentials-reset", "LOGIN_ERROR", "ACCOUNT_CREDENTIALS_RESET"),
        ("user-not-supported", "LOGIN_ERROR", "USER_NOT_SUPPORTED"),
        ("somebody-else", "LOGIN_ERROR", "INVALID_CREDENTIALS"),
    ] {
        let item = key.user(user).await;
        assert_eq!(statuses(&item), (status, execution), "{user}");
        let failed = status != "UPDATED";
        assert_eq!(item["error"]["code"].as_str(), failed.then_some(execution), "{user}");
        assert_eq!(item["lastUpdatedAt"].is_null(), failed, "{user}");
        let said = item["error"]["providerMessage"].is_string();
        assert_eq!(said, user.ends_with("provider-message"), "{user}");
    }
}

#[tokio::test]
async fn a_wrong_password_is_refused_and_a_right_one_heals() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let id = key.item(0, json!({ "user": "user-ok", "password": "wrong" })).await;
    sandbox.clock().advance(Duration::from_secs(600));
    let item = key.read(&format!("/items/{id}")).await;
    assert_eq!(statuses(&item), ("LOGIN_ERROR", "INVALID_CREDENTIALS"));
    assert_eq!(item["consecutiveFailedLoginAttempts"], 1);
    assert_eq!(key.read(&format!("/accounts?itemId={id}")).await["total"], 0);
    let path = format!("/items/{id}");
    assert_eq!(key.ask(Method::PATCH, &path, json!({ "parameters": login("user-ok") })).await.0, 200);
    sandbox.clock().advance(Duration::from_secs(600));
    let item = key.read(&path).await;
    assert_eq!(statuses(&item), ("UPDATED", "SUCCESS"));
    assert_eq!((&item["consecutiveFailedLoginAttempts"], &item["error"]), (&json!(0), &Value::Null));
}

#[tokio::test]
async fn progress_is_told_step_by_step() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let id = key.item(0, login("user-ok")).await;
    let path = format!("/items/{id}");
    let mut seen = Vec::new();
    for _ in 0..14 {
        let item = key.read(&path).await;
        let (status, execution) = statuses(&item);
        if execution == "TRANSACTIONS_IN_PROGRESS" {
            assert_eq!(status, "UPDATING");
            assert_eq!(item["statusDetail"]["accounts"]["isUpdated"], true);
            assert_eq!(item["statusDetail"]["transactions"]["isUpdated"], false);
            assert!(item["statusDetail"]["accountStatements"].is_null(), "it was not asked for");
        }
        seen.push(execution.to_owned());
        sandbox.clock().advance(Duration::from_secs(10));
    }
    seen.dedup();
    let expected = [
        "CREATED",
        "LOGIN_IN_PROGRESS",
        "ACCOUNTS_IN_PROGRESS",
        "CREDITCARDS_IN_PROGRESS",
        "TRANSACTIONS_IN_PROGRESS",
        "PAYMENT_DATA_IN_PROGRESS",
        "INVESTMENTS_IN_PROGRESS",
        "INVESTMENTS_TRANSACTIONS_IN_PROGRESS",
        "IDENTITY_IN_PROGRESS",
        "LOANS_IN_PROGRESS",
        "SUCCESS",
    ];
    assert_eq!(seen, expected);
    let item = key.read(&path).await;
    assert_eq!(item["statusDetail"]["loans"]["isUpdated"], true);
    assert!(item["nextAutoSyncAt"].is_string());
}

#[tokio::test]
async fn only_the_products_asked_for_are_brought() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let asked =
        json!({ "connectorId": 0, "parameters": login("user-ok"), "products": ["ACCOUNTS", "TRANSACTIONS"] });
    let (status, item) = key.post("/items", asked).await;
    assert_eq!(status, 200);
    let id = item["id"].as_str().unwrap();
    sandbox.clock().advance(Duration::from_secs(600));
    let item = key.read(&format!("/items/{id}")).await;
    assert_eq!(item["statusDetail"]["accounts"]["isUpdated"], true);
    assert!(item["statusDetail"]["creditCards"].is_null() && item["statusDetail"]["loans"].is_null());
    let accounts = key.read(&format!("/accounts?itemId={id}")).await;
    let types: BTreeSet<_> =
        accounts["results"].as_array().unwrap().iter().map(|one| one["type"].to_string()).collect();
    assert_eq!(types, BTreeSet::from(["\"BANK\"".to_owned()]));
    assert_eq!(key.read(&format!("/loans?itemId={id}")).await["total"], 0);
    assert_eq!(key.get(&format!("/identity?itemId={id}")).await.0, 404);
}

#[tokio::test]
async fn a_partial_success_says_what_is_missing() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let item = key.user("user-ok-account-error").await;
    let accounts = &item["statusDetail"]["accounts"];
    assert_eq!((&accounts["isUpdated"], &accounts["lastUpdatedAt"]), (&json!(false), &Value::Null));
    assert_eq!(accounts["warnings"][0]["code"], "001");
    assert_eq!(item["statusDetail"]["creditCards"]["isUpdated"], true);
    let item = key.user("user-ok-account-warning").await;
    assert_eq!(item["statusDetail"]["accounts"]["isUpdated"], true);
    assert!(item["statusDetail"]["accounts"]["warnings"][0]["message"].is_string());
}

#[tokio::test]
async fn a_code_may_be_part_of_the_login() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let with = |code: &str| json!({ "user": "user-ok", "password": "password-ok", "token": code });
    let right = key.item(2, with("123456")).await;
    let wrong = key.item(2, with("654321")).await;
    sandbox.clock().advance(Duration::from_secs(600));
    assert_eq!(statuses(&key.read(&format!("/items/{right}")).await), ("UPDATED", "SUCCESS"));
    let refused = key.read(&format!("/items/{wrong}")).await;
    assert_eq!(statuses(&refused), ("LOGIN_ERROR", "INVALID_CREDENTIALS_MFA"));
    let (status, again) = key.ask(Method::PATCH, &format!("/items/{right}"), json!({})).await;
    assert_eq!((status, &again["codeDescription"]), (400, &json!("PARAMETERS_NOT_PROVIDED")));
}

#[tokio::test]
async fn a_code_may_be_asked_for_and_answered_once() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    for (answer, end) in
        [("123456", ("UPDATED", "SUCCESS")), ("000000", ("LOGIN_ERROR", "INVALID_CREDENTIALS_MFA"))]
    {
        let id = key.item(3, login("user-ok")).await;
        let mfa = format!("/items/{id}/mfa");
        assert_eq!(key.post(&mfa, json!({ "token": answer })).await.0, 404, "nothing is asked yet");
        sandbox.clock().advance(Duration::from_secs(20));
        let item = key.read(&format!("/items/{id}")).await;
        assert_eq!(statuses(&item), ("WAITING_USER_INPUT", "WAITING_USER_INPUT"));
        assert_eq!(item["parameter"]["name"], "token");
        assert!(item["parameter"]["expiresAt"].is_string());
        let (status, missing) = key.post(&mfa, json!({ "other": answer })).await;
        assert_eq!((status, &missing["details"][0]["parameter"]), (400, &json!("token")));
        assert_eq!(key.post(&mfa, json!({ "token": answer })).await.0, 200);
        assert_eq!(key.post(&mfa, json!({ "token": answer })).await.0, 404, "it was answered");
        sandbox.clock().advance(Duration::from_secs(600));
        assert_eq!(statuses(&key.read(&format!("/items/{id}")).await), end);
    }
}

#[tokio::test]
async fn a_question_that_is_not_answered_times_out() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let id = key.item(3, login("user-ok")).await;
    sandbox.clock().advance(Duration::from_secs(20 + 119));
    assert_eq!(statuses(&key.read(&format!("/items/{id}")).await).1, "WAITING_USER_INPUT");
    sandbox.clock().advance(Duration::from_secs(2));
    let item = key.read(&format!("/items/{id}")).await;
    assert_eq!(statuses(&item), ("OUTDATED", "USER_INPUT_TIMEOUT"));
    assert!(item["parameter"].is_null());
    assert_eq!(key.post(&format!("/items/{id}/mfa"), json!({ "token": "123456" })).await.0, 404);
}

#[tokio::test]
async fn a_question_may_be_a_picture_or_a_choice() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let picture = key.item(4, login("user-ok")).await;
    let choice = key.item(3, login("user-ok-select")).await;
    sandbox.clock().advance(Duration::from_secs(20));
    let asked = key.read(&format!("/items/{picture}")).await["parameter"].take();
    assert_eq!(asked["type"], "image");
    assert!(asked["data"].as_str().unwrap().starts_with("iVBORw0KGgo"));
    assert_eq!(key.post(&format!("/items/{picture}/mfa"), json!({ "token": "123456" })).await.0, 200);
    let asked = key.read(&format!("/items/{choice}")).await["parameter"].take();
    assert_eq!((&asked["type"], asked["options"].as_array().unwrap().len()), (&json!("select"), 2));
    let name = asked["name"].as_str().unwrap();
    assert_eq!(
        key.post(&format!("/items/{choice}/mfa"), json!({ name: asked["options"][1]["value"] })).await.0,
        200
    );
    sandbox.clock().advance(Duration::from_secs(600));
    for id in [picture, choice] {
        assert_eq!(statuses(&key.read(&format!("/items/{id}")).await).1, "SUCCESS");
    }
}

#[tokio::test]
async fn a_bank_may_take_its_time_to_authorize() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let id = key.item(0, login("user-ok-auth-pending")).await;
    let path = format!("/items/{id}");
    sandbox.clock().advance(Duration::from_secs(30));
    let item = key.read(&path).await;
    assert_eq!(statuses(&item), ("OUTDATED", "USER_AUTHORIZATION_PENDING"));
    assert!(item["error"]["attributes"]["waitUntil"].is_string());
    assert_eq!(key.ask(Method::PATCH, &path, json!({})).await.0, 200);
    sandbox.clock().advance(Duration::from_secs(15));
    assert_eq!(statuses(&key.read(&path).await).1, "USER_AUTHORIZATION_NOT_GRANTED");
    sandbox.clock().advance(Duration::from_secs(120));
    assert_eq!(key.ask(Method::PATCH, &path, json!({})).await.0, 200);
    sandbox.clock().advance(Duration::from_secs(600));
    assert_eq!(statuses(&key.read(&path).await), ("UPDATED", "SUCCESS"));
}

#[tokio::test]
async fn parameters_that_do_not_fit_are_named_before_anything_runs() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let (status, refused) =
        key.post("/items", json!({ "connectorId": 0, "parameters": { "user": "user-ok" } })).await;
    assert_eq!(status, 400);
    assert_eq!(
        (&refused["details"][0]["code"], &refused["details"][0]["parameter"]),
        (&json!("001"), &json!("password"))
    );
    let (status, refused) =
        key.post("/items", json!({ "connectorId": 600, "parameters": { "cpf": "12" } })).await;
    assert_eq!((status, &refused["details"][0]["code"]), (400, &json!("002")));
    let (_, judged) = key.post("/connectors/600/validate", json!({ "cpf": "12" })).await;
    assert_eq!((&judged["parameters"]["cpf"], &judged["errors"][0]["code"]), (&json!("12"), &json!("002")));
    let (_, judged) = key.post("/connectors/600/validate", json!({ "cpf": "761.092.776-73" })).await;
    assert_eq!(judged["errors"], json!([]));
    assert_eq!(key.post("/items", json!({ "parameters": {} })).await.0, 400);
    assert_eq!(key.post("/items", json!({ "connectorId": 99, "parameters": {} })).await.0, 404);
    assert_eq!(key.post("/items", json!("text")).await.0, 400);
    assert_eq!(sandbox.pluggy().items().len(), 0);
}

#[tokio::test]
async fn an_institution_that_is_down_connects_and_updates_nobody() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let asked = |id: u32| json!({ "connectorId": id, "parameters": login("user-ok") });
    let (status, refused) = key.post("/items", asked(220)).await;
    assert_eq!((status, &refused["code"]), (400, &json!(400)), "offline from the start");
    assert_eq!(key.read("/connectors/220").await["health"]["status"], "OFFLINE");
    assert_eq!(key.read("/connectors/221").await["health"]["status"], "UNSTABLE");
    let id = key.connected().await;
    assert!(sandbox.pluggy().set_health(0, Health::Offline));
    assert_eq!(key.post("/items", asked(0)).await.0, 400);
    assert_eq!(key.ask(Method::PATCH, &format!("/items/{id}"), json!({})).await.0, 400);
    assert_eq!(statuses(&key.read(&format!("/items/{id}")).await).1, "SUCCESS", "what was brought stays");
    assert!(sandbox.pluggy().set_health(0, Health::Online));
    assert_eq!(key.ask(Method::PATCH, &format!("/items/{id}"), json!({})).await.0, 200);
}

#[tokio::test]
async fn an_update_is_one_at_a_time() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let id = key.item(0, login("user-ok")).await;
    let path = format!("/items/{id}");
    let (status, refused) = key.ask(Method::PATCH, &path, json!({})).await;
    assert_eq!((status, &refused["codeDescription"]), (409, &json!("ITEM_ALREADY_UPDATING")));
    sandbox.clock().advance(Duration::from_secs(600));
    sandbox.misbehave(Misbehaviour::PluggyHourlyUpdates, None);
    let (status, refused) = key.ask(Method::PATCH, &path, json!({})).await;
    assert_eq!((status, &refused["codeDescription"]), (400, &json!("CLIENT_IS_UPDATING")));
    sandbox.clock().advance(Duration::from_secs(3600));
    assert_eq!(key.ask(Method::PATCH, &path, json!({})).await.0, 200);
}

#[tokio::test]
async fn a_deleted_item_is_gone_with_its_data() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let id = key.connected().await;
    let account =
        key.read(&format!("/accounts?itemId={id}")).await["results"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(key.ask(Method::DELETE, &format!("/items/{id}"), json!({})).await.0, 200);
    for gone in [format!("/items/{id}"), format!("/accounts?itemId={id}"), format!("/accounts/{account}")] {
        let (status, refused) = key.get(&gone).await;
        assert_eq!((status, &refused["code"]), (404, &json!(404)), "{gone}");
    }
    assert_eq!(key.ask(Method::DELETE, &format!("/items/{id}"), json!({})).await.0, 404);
}

#[tokio::test]
async fn a_person_may_have_an_institution_once_only() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let asked = |user: &str| {
        json!({
            "connectorId": 0,
            "parameters": login("user-ok"),
            "clientUserId": user,
            "avoidDuplicates": true,
        })
    };
    assert_eq!(key.post("/items", asked("ana")).await.0, 200);
    assert_eq!(key.post("/items", asked("ana")).await.0, 409);
    assert_eq!(key.post("/items", asked("bia")).await.0, 200);
}

#[tokio::test]
async fn updates_move_the_balances_on() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let id = key.connected().await;
    let balance =
        async || key.read(&format!("/accounts?itemId={id}&type=BANK")).await["results"][0]["balance"].clone();
    let before = balance().await;
    sandbox.clock().advance(DAY);
    let key = client(&sandbox).await;
    let balance =
        async || key.read(&format!("/accounts?itemId={id}&type=BANK")).await["results"][0]["balance"].clone();
    assert_eq!(balance().await, before, "nothing changes without an update");
    assert!(sandbox.pluggy().auto_sync(&id));
    let after = balance().await;
    assert_ne!(after, before);
    assert!(!sandbox.pluggy().auto_sync("no-such"));
}
