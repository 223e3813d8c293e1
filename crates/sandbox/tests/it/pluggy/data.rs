//! Institutions and what items deliver.

use super::api::{client, login, world, world_with};
use sandbox::{Misbehaviour, Options, Sandbox, pluggy};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;

async fn many(connectors: usize, accounts: usize) -> Sandbox {
    let settings = pluggy::Settings { connectors, accounts, ..pluggy::Settings::default() };
    world_with(Options { pluggy: settings, ..Options::default() }).await
}

#[tokio::test]
async fn institutions_are_listed_on_request_and_filtered() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    assert_eq!(key.read("/connectors").await["total"], 0, "all are sandbox connectors");
    let all = key.read("/connectors?sandbox=true").await;
    let results = all["results"].as_array().unwrap();
    assert!(results.len() >= 40 && all["total"] == results.len());
    for one in results {
        assert!(one["name"].as_str().unwrap().ends_with(" (Sandbox)") && one["isSandbox"] == true, "{one}");
    }
    let named = key.read("/connectors?sandbox=true&name=farol").await;
    assert_eq!((&named["total"], &named["results"][0]["id"]), (&json!(1), &json!(600)));
    let open = key.read("/connectors?sandbox=true&isOpenFinance=true").await;
    assert!(open["results"].as_array().unwrap().iter().all(|one| one["id"].as_u64().unwrap() >= 600));
    let business = key.read("/connectors?sandbox=true&types=BUSINESS_BANK,INVESTMENT&countries=BR").await;
    let types: BTreeSet<_> =
        business["results"].as_array().unwrap().iter().map(|one| one["type"].as_str().unwrap()).collect();
    assert_eq!(types, BTreeSet::from(["BUSINESS_BANK", "INVESTMENT"]));
    assert_eq!(key.read("/connectors?sandbox=true&countries=AR").await["total"], 0);
    assert_eq!(key.get("/connectors?sandbox=perhaps").await.0, 400);
    assert_eq!(key.get("/connectors/12345").await.0, 404);
    let picture = key.response(reqwest::Method::GET, "/images/600.svg", None).await;
    assert_eq!(picture.headers()["content-type"], "image/svg+xml");
}

#[tokio::test]
async fn odd_institutions_are_told_as_they_are() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let broken = key.read("/connectors/218").await["credentials"][0]["validation"].clone();
    assert_eq!(broken, "^[a-z(+$", "no regular expression");
    let unknown = key.read("/connectors/219").await["credentials"][2].clone();
    assert_eq!((&unknown["type"], &unknown["optional"]), (&json!("voiceprint"), &json!(true)));
    let code = key.read("/connectors/2").await["credentials"][2].clone();
    assert_eq!((&code["mfa"], &code["type"]), (&json!(true), &json!("number")));
    for (id, user) in [(218, "user-ok"), (219, "user-ok"), (221, "user-ok")] {
        key.item(id, login(user)).await;
    }
}

#[tokio::test]
async fn the_list_of_institutions_can_be_very_long() {
    let sandbox = many(10_000, 0).await;
    let key = client(&sandbox).await;
    let all = key.read("/connectors?sandbox=true").await;
    assert_eq!(all["results"].as_array().unwrap().len(), 10_000);
    assert_eq!(key.get("/connectors/19000").await.0, 200);
}

#[tokio::test]
async fn a_person_can_have_very_many_accounts() {
    let sandbox = many(0, 5_000).await;
    let key = client(&sandbox).await;
    let id = key.connected().await;
    let accounts = key.read(&format!("/accounts?itemId={id}")).await;
    let ids: BTreeSet<_> =
        accounts["results"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 5_000);
}

#[tokio::test]
async fn accounts_have_their_shape() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let id = key.connected().await;
    let accounts = key.read(&format!("/accounts?itemId={id}")).await;
    let subtypes: Vec<_> =
        accounts["results"].as_array().unwrap().iter().map(|one| one["subtype"].as_str().unwrap()).collect();
    assert!(subtypes.contains(&"CHECKING_ACCOUNT") && subtypes.contains(&"CREDIT_CARD"));
    let cards = key.read(&format!("/accounts?itemId={id}&type=CREDIT")).await;
    let card = &cards["results"][0];
    assert!(card["bankData"].is_null() && card["creditData"]["creditLimit"].is_number());
    let limit = card["creditData"]["creditLimit"].as_f64().unwrap();
    let left = card["creditData"]["availableCreditLimit"].as_f64().unwrap();
    assert!((limit - left - card["balance"].as_f64().unwrap()).abs() < 0.005);
    let checking = &accounts["results"][0];
    assert!(
        checking["creditData"].is_null() && checking["bankData"]["closingBalance"] == checking["balance"]
    );
    assert_eq!(&key.read(&format!("/accounts/{}", checking["id"].as_str().unwrap())).await, checking);
    let bills = key.read(&format!("/bills?accountId={}", card["id"].as_str().unwrap())).await;
    assert_eq!(bills["total"], 3);
    let bill = bills["results"][0]["id"].as_str().unwrap();
    assert_eq!(key.read(&format!("/bills/{bill}")).await, bills["results"][0]);
    let two = key.user("user-ok-two-checking-accounts").await["id"].take();
    let accounts = key.read(&format!("/accounts?itemId={}", two.as_str().unwrap())).await;
    assert_eq!(accounts["total"], 4);
}

fn ids(page: &Value) -> Vec<String> {
    page["results"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn transactions_come_in_pages_and_by_cursor_and_are_the_same() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let item = key.user("user-ok-perf-10x").await["id"].take();
    let accounts = key.read(&format!("/accounts?itemId={}", item.as_str().unwrap())).await;
    let account = accounts["results"][0]["id"].as_str().unwrap();
    let first = key.read(&format!("/transactions?accountId={account}&pageSize=500")).await;
    let total = usize::try_from(first["total"].as_u64().unwrap()).unwrap();
    assert!(total > 500, "{total}");
    let mut paged = ids(&first);
    for page in 2..=first["totalPages"].as_u64().unwrap() {
        paged.extend(ids(&key
            .read(&format!("/transactions?accountId={account}&pageSize=500&page={page}"))
            .await));
    }
    let mut by_cursor = Vec::new();
    let mut next = format!("?accountId={account}");
    loop {
        let part = key.read(&format!("/v2/transactions{next}")).await;
        by_cursor.extend(ids(&part));
        match part["next"].as_str() {
            Some(more) => more.clone_into(&mut next),
            None => break,
        }
    }
    assert_eq!(paged, by_cursor);
    assert_eq!(paged.iter().collect::<BTreeSet<_>>().len(), total, "every id is one of a kind");
    let one = key.read(&format!("/transactions/{}", paged[7])).await;
    assert_eq!(
        (&one["id"], &one["accountId"], &one["currencyCode"]),
        (&json!(paged[7]), &json!(account), &json!("BRL"))
    );
    let some = format!("{},{}", paged[3], paged[4]);
    let few = key.read(&format!("/v2/transactions?accountId={account}&ids={some}")).await;
    assert_eq!(ids(&few).len(), 2);
}

#[tokio::test]
async fn transactions_are_filtered_by_day_and_bounds_are_checked() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let id = key.connected().await;
    let account = key.read(&format!("/accounts?itemId={id}")).await["results"][0]["id"].take();
    let account = account.as_str().unwrap();
    let all = key.read(&format!("/transactions?accountId={account}&pageSize=500")).await;
    let day = |one: &Value| one["date"].as_str().unwrap()[..10].to_owned();
    let middle = day(&all["results"][all["results"].as_array().unwrap().len() / 2]);
    let expected = all["results"].as_array().unwrap().iter().filter(|one| day(one) == middle).count();
    for path in [
        format!("/transactions?accountId={account}&from={middle}&to={middle}"),
        format!("/v2/transactions?accountId={account}&dateFrom={middle}&dateTo={middle}"),
    ] {
        let some = key.read(&path).await;
        assert_eq!(ids(&some).len(), expected, "{path}");
        assert!(expected > 0 && some["results"].as_array().unwrap().iter().all(|one| day(one) == middle));
    }
    for wrong in [
        "/transactions".to_owned(),
        format!("/transactions?accountId={account}&from=yesterday"),
        format!("/transactions?accountId={account}&pageSize=501"),
        format!("/transactions?accountId={account}&page=0"),
        format!("/v2/transactions?accountId={account}&pageSize=20"),
        format!("/v2/transactions?accountId={account}&after=%21"),
        format!("/v2/transactions?accountId={account}&accountId={account}"),
    ] {
        assert_eq!(key.get(&wrong).await.0, 400, "{wrong}");
    }
    assert_eq!(key.get("/transactions?accountId=no-such").await.0, 404);
    sandbox.misbehave(Misbehaviour::PluggyPagesGone, Some(1));
    let (status, gone) = key.get(&format!("/transactions?accountId={account}")).await;
    assert_eq!((status, &gone["codeDescription"]), (410, &json!("ENDPOINT_DEPRECATED")));
}

#[tokio::test]
async fn the_same_day_brings_the_same_and_a_later_update_adds() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let id = key.connected().await;
    let account =
        key.read(&format!("/accounts?itemId={id}")).await["results"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/transactions?accountId={account}&pageSize=500");
    let before = key.read(&path).await;
    sandbox.clock().advance(Duration::from_secs(3 * 24 * 3600));
    let key = client(&sandbox).await;
    assert_eq!(key.read(&path).await, before);
    assert!(sandbox.pluggy().auto_sync(&id));
    let after = ids(&key.read(&path).await);
    let before = ids(&before);
    assert!(after.len() > before.len());
    assert_eq!(
        after[after.len() - before.len()..],
        before[..],
        "the new ones stand first, the old ones are the same"
    );
}

#[tokio::test]
async fn a_balance_is_what_its_transactions_add_up_to() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let id = key.connected().await;
    let look = async |key: &super::api::Caller<'_>| {
        let account = key.read(&format!("/accounts?itemId={id}")).await["results"][0].take();
        let path = format!("/transactions?accountId={}&pageSize=500", account["id"].as_str().unwrap());
        let sum: f64 = key.read(&path).await["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["amount"].as_f64().unwrap())
            .sum();
        (account["balance"].as_f64().unwrap(), sum)
    };
    let (balance, sum) = look(&key).await;
    sandbox.clock().advance(Duration::from_secs(5 * 24 * 3600));
    assert!(sandbox.pluggy().auto_sync(&id));
    let (later, more) = look(&client(&sandbox).await).await;
    assert!(((later - balance) - (more - sum)).abs() < 0.01, "{balance} {sum} {later} {more}");
}

#[tokio::test]
async fn investments_loans_identity_and_categories_can_be_read() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let id = key.connected().await;
    let identity = key.read(&format!("/identity?itemId={id}")).await;
    assert_eq!((&identity["fullName"], &identity["documentType"]), (&json!("Ana Souza"), &json!("CPF")));
    assert_eq!(key.read(&format!("/identity/{}", identity["id"].as_str().unwrap())).await, identity);
    let investments = key.read(&format!("/investments?itemId={id}")).await;
    assert_eq!(investments["total"], 4);
    let equity = key.read(&format!("/investments?itemId={id}&type=EQUITY")).await;
    assert_eq!(equity["total"], 1);
    let one = equity["results"][0]["id"].as_str().unwrap();
    assert_eq!(key.read(&format!("/investments/{one}")).await, equity["results"][0]);
    let loans = key.read(&format!("/loans?itemId={id}")).await;
    let loan = loans["results"][0]["id"].as_str().unwrap();
    assert_eq!(key.read(&format!("/loans/{loan}")).await["kind"], "LOAN");
    let categories = key.read("/categories").await;
    let known: BTreeSet<_> =
        categories["results"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    let account =
        key.read(&format!("/accounts?itemId={id}")).await["results"][0]["id"].as_str().unwrap().to_owned();
    let transactions = key.read(&format!("/transactions?accountId={account}&pageSize=500")).await;
    for one in transactions["results"].as_array().unwrap() {
        assert!(known.contains(one["categoryId"].as_str().unwrap()), "{one}");
    }
    assert_eq!(key.read("/categories/05070000").await["parentDescription"], "Transfers");
    assert_eq!(key.get("/categories/99").await.0, 404);
}

#[tokio::test]
async fn webhooks_are_kept_and_never_called() {
    let sandbox = world().await;
    let key = client(&sandbox).await;
    let asked = json!({ "event": "item/updated", "url": "https://mooring.example/hook" });
    let (status, webhook) = key.post("/webhooks", asked).await;
    assert_eq!(status, 200);
    let path = format!("/webhooks/{}", webhook["id"].as_str().unwrap());
    let (_, changed) =
        key.ask(reqwest::Method::PATCH, &path, json!({ "event": "all", "enabled": false })).await;
    assert_eq!(changed["event"], "all");
    assert!(changed["disabledAt"].is_string());
    assert_eq!(key.read("/webhooks").await["results"], json!([changed]));
    for wrong in [
        json!({}),
        json!({ "event": "none", "url": "https://a.example/" }),
        json!({ "event": "all", "url": "http://a.example/" }),
    ] {
        assert_eq!(key.post("/webhooks", wrong).await.0, 400);
    }
    assert_eq!(key.ask(reqwest::Method::DELETE, &path, json!({})).await.0, 200);
    assert_eq!(key.get(&path).await.0, 404);
}
