//! Whose account an approval reached, asked at a provider's own address, whatever that answers.

use crate::person::{answer, approve, begin, tokens};
use crate::world::{World, key, provider, rotated};
use connections::Connections;
use connections::activity::ActivityKind;
use connections::connection::Needs;
use connections::ports::HttpError;
use connections::view::{AttemptPhase, AttemptView};
use providers::{IdentityLookup, Provider, Quirks, Taken, Template};
use std::collections::BTreeMap;

fn template(text: &str) -> Template {
    serde_json::from_value(serde_json::json!(text)).unwrap()
}

/// Books that list the organizations behind a token, as Xero does.
fn books() -> Provider {
    let lookup = IdentityLookup {
        url: template("https://api.bank.example/connections"),
        headers: BTreeMap::from([("x-version".to_owned(), "3".to_owned())]),
        list: Some(String::new()),
        subject: "/tenantId".to_owned(),
        names: vec!["/tenantName".to_owned()],
        keep: Some("tenantId".to_owned()),
    };
    Provider { identity: Some(lookup), ..provider() }
}

const ACME: &str = r#"[{"tenantId":"t-1","tenantName":"Acme Ltd"}]"#;
const BOREAL: &str = r#"[{"tenantId":"t-2","tenantName":"Boreal"}]"#;
const BOTH: &str = r#"[{"tenantId":"t-2","tenantName":"Boreal"},{"tenantId":"t-1","tenantName":"Acme Ltd"}]"#;

/// The person approves, tokens come, and the address of the provider's own answers this.
async fn approve_as(world: &World, core: &Connections, number: u32, accounts: &str) -> AttemptView {
    let attempt = begin(core, &[]).await.unwrap();
    world.bank.answer(200, tokens(number, ""));
    world.bank.answer(200, accounts);
    let asked = world.bank.sent().len();
    let ended = approve(world, core, &attempt, "code=c").await;
    world.settle(|| world.bank.sent().len() == asked + 2).await;
    ended
}

#[tokio::test]
async fn the_organization_names_the_connection_and_programs_get_its_id() {
    let world = World::new();
    let core = world.with(books(), None).await;
    assert_eq!(approve_as(&world, &core, 0, ACME).await.phase, AttemptPhase::Succeeded);
    world.settle(|| core.connection(&key()).unwrap().display_name == "Acme Ltd").await;
    assert_eq!(world.store.connection().subject.as_deref(), Some("t-1"));
    let token = core.token(&key(), None, "a test").await.unwrap();
    assert_eq!(token.extras()["tenantId"], "t-1");
    assert_eq!(world.store.refresh_token().as_deref(), Some("refresh-0"), "the grant is as it came");
    let asked = &world.bank.sent()[1];
    assert_eq!(asked.method(), http::Method::GET);
    assert_eq!(asked.uri(), "https://api.bank.example/connections");
    assert_eq!(asked.headers()["authorization"], "Bearer access-0");
    assert!(asked.headers()["authorization"].is_sensitive());
    assert_eq!(asked.headers()["x-version"], "3");
}

#[tokio::test]
async fn several_organizations_are_named_and_none_is_chosen_for_programs() {
    let world = World::new();
    let core = world.with(books(), None).await;
    approve_as(&world, &core, 0, BOTH).await;
    world.settle(|| core.connection(&key()).unwrap().display_name == "Boreal, Acme Ltd").await;
    assert!(!world.store.extras().contains_key("tenantId"));
    assert_eq!(world.store.connection().subject.as_deref(), Some("t-1"), "whatever the order");
    approve_as(&world, &core, 1, ACME).await;
    world.settle(|| world.store.extras().contains_key("tenantId")).await;
    assert!(world.store.lines(ActivityKind::OtherOrganization).is_empty(), "one of the two is still there");
    let many: Vec<_> = (1..=5).map(|n| format!(r#"{{"tenantId":"t-{n}","tenantName":"O{n}"}}"#)).collect();
    approve_as(&world, &core, 2, &format!("[{}]", many.join(","))).await;
    world.settle(|| core.connection(&key()).unwrap().display_name == "O1, O2, O3 +2").await;
}

#[tokio::test]
async fn a_reconnect_with_another_organization_is_said_and_kept() {
    let world = World::new();
    let core = world.with(books(), None).await;
    approve_as(&world, &core, 0, ACME).await;
    world.settle(|| world.store.connection().subject.is_some()).await;
    approve_as(&world, &core, 1, BOREAL).await;
    world.settle(|| !world.store.lines(ActivityKind::OtherOrganization).is_empty()).await;
    let line = world.store.lines(ActivityKind::OtherOrganization).remove(0);
    assert_eq!((line.params["before"].as_str(), line.params["after"].as_str()), ("Acme Ltd", "Boreal"));
    assert_eq!(core.connection(&key()).unwrap().display_name, "Boreal");
    assert_eq!(world.store.extras()["tenantId"], "t-2");
    assert_eq!(world.store.access_token().as_deref(), Some("access-1"), "what was approved is what is there");
    approve_as(&world, &core, 2, BOREAL).await;
    world.settle(|| world.store.access_token().as_deref() == Some("access-2")).await;
    assert_eq!(world.store.lines(ActivityKind::OtherOrganization).len(), 1, "the same one is no news");
}

#[tokio::test]
async fn an_address_that_misbehaves_costs_the_name_and_nothing_else() {
    let too_large = format!(r#"[{{"tenantId":"{}"}}]"#, "t".repeat(2 << 20));
    let answers: [(&str, u16, &str); 9] = [
        ("down", 500, "oops"),
        ("forbidden", 403, "{}"),
        ("no JSON", 200, "<html>"),
        ("cut off", 200, r#"[{"tenantId":"#),
        ("no list", 200, r#"{"tenantId":"t-1"}"#),
        ("nobody", 200, "[]"),
        ("no id", 200, r#"[{"tenantName":"Acme"},{"tenantId":{}},{"tenantId":1.5},{"tenantId":""}]"#),
        ("an id that is none", 200, "[{\"tenantId\":\"t\\n1\"}]"),
        ("too large", 200, &too_large),
    ];
    for (what, status, body) in answers {
        let world = World::new();
        let core = world.with(books(), None).await;
        let attempt = begin(&core, &[]).await.unwrap();
        world.bank.answer(200, tokens(0, ""));
        world.bank.answer(status, body);
        assert_eq!(approve(&world, &core, &attempt, "code=c").await.phase, AttemptPhase::Succeeded, "{what}");
        world.settle(|| world.bank.sent().len() == 2).await;
        assert_is_linked_without_a_name(&world, &core, what).await;
    }
    for error in [HttpError::Redirected, HttpError::AnswerLost, HttpError::Offline, HttpError::Unreadable] {
        let world = World::new();
        let core = world.with(books(), None).await;
        let attempt = begin(&core, &[]).await.unwrap();
        world.bank.answer(200, tokens(0, ""));
        world.bank.fail(error);
        assert_eq!(approve(&world, &core, &attempt, "code=c").await.phase, AttemptPhase::Succeeded);
        world.settle(|| world.bank.sent().len() == 2).await;
        assert_is_linked_without_a_name(&world, &core, &error.to_string()).await;
        let hosts: Vec<_> =
            world.bank.sent().iter().map(|one| one.uri().host().unwrap().to_owned()).collect();
        assert_eq!(hosts, ["bank.example", "api.bank.example"], "the token went nowhere else");
    }
}

async fn assert_is_linked_without_a_name(world: &World, core: &Connections, what: &str) {
    let token = core.token(&key(), None, "a test").await.unwrap();
    assert_eq!(token.access_token().expose(), "access-0", "{what}");
    let connection = world.store.connection();
    assert_eq!((connection.needs, connection.subject), (Needs::Nothing, None), "{what}");
    assert_eq!(core.connection(&key()).unwrap().display_name, "ana", "{what}");
    assert!(world.store.lines(ActivityKind::OtherOrganization).is_empty(), "{what}");
    assert!(!world.bank.was_told("refresh-0"), "{what}");
}

#[tokio::test]
async fn an_answer_about_another_account_than_the_tokens_came_for_counts_as_none() {
    let merchant = Taken {
        at: "/merchant".to_owned(),
        name: "merchant".to_owned(),
        pattern: "t-[0-9]".to_owned(),
        required: true,
    };
    let quirks =
        Quirks { token_answer: vec![merchant], identity: Some("merchant".to_owned()), ..Quirks::default() };
    let shop = Provider { quirks, ..books() };
    let world = World::new();
    let core = world.with(shop, None).await;
    for (number, accounts, name) in [(0, BOREAL, "ana"), (1, ACME, "Acme Ltd"), (2, BOREAL, "Acme Ltd")] {
        let attempt = begin(&core, &[]).await.unwrap();
        world.bank.answer(200, tokens(number, r#","merchant":"t-1""#));
        world.bank.answer(200, accounts);
        let asked = world.bank.sent().len();
        assert_eq!(approve(&world, &core, &attempt, "code=c").await.phase, AttemptPhase::Succeeded);
        world.settle(|| world.bank.sent().len() == asked + 2).await;
        world.settle(|| core.connection(&key()).unwrap().display_name == name).await;
        assert_eq!(world.store.connection().subject.as_deref(), Some("t-1"));
    }
    assert!(world.store.lines(ActivityKind::OtherOrganization).is_empty());
}

#[tokio::test]
async fn an_address_that_is_slow_keeps_nobody_waiting_and_comes_too_late_for_what_has_ended() {
    let world = World::new();
    let core = world.with(books(), None).await;
    let attempt = begin(&core, &[]).await.unwrap();
    world.bank.answer(200, tokens(0, ""));
    world.bank.answer(200, ACME);
    world.bank.answer(200, "");
    let exchange = world.bank.hold_next();
    answer(&core, &attempt, "code=c").await;
    world.bank.arrived().await;
    let slow = world.bank.hold_next();
    exchange.send(true).unwrap();
    world.bank.arrived().await;
    assert_eq!(core.attempt(&attempt.id).unwrap().phase, AttemptPhase::Succeeded, "before it answered");
    assert_eq!(core.token(&key(), None, "a test").await.unwrap().access_token().expose(), "access-0");
    core.disconnect(&key()).await.unwrap();
    slow.send(true).unwrap();
    for _ in 0..1_000 {
        tokio::task::yield_now().await;
    }
    let connection = world.store.connection();
    assert_eq!((connection.account_holder, connection.subject), (None, None));
    assert_eq!(world.store.access_token(), None, "a late answer brings no grant back");
}

#[tokio::test]
async fn a_look_at_a_connection_asks_there_as_well() {
    let world = World::new();
    let core = world.with(books(), None).await;
    approve_as(&world, &core, 0, BOTH).await;
    world.settle(|| world.store.connection().subject.is_some()).await;
    world.bank.answer(200, ACME);
    core.sync(&key()).await.unwrap();
    assert_eq!(core.connection(&key()).unwrap().display_name, "Acme Ltd");
    assert_eq!(world.store.extras()["tenantId"], "t-1");
    world.bank.answer(403, "{}");
    core.sync(&key()).await.unwrap();
    assert_eq!(world.store.extras()["tenantId"], "t-1", "it took the token and says no more");
    world.bank.answer(200, BOREAL);
    let lying = core.sync(&key()).await.err().unwrap();
    assert_eq!(lying.code, connections::error::ErrorCode::ProviderTrouble);
    assert_eq!(core.connection(&key()).unwrap().display_name, "Acme Ltd", "nobody approved another one");
    world.bank.answer(401, "");
    world.bank.answer(200, tokens(1, ""));
    world.bank.answer(200, BOTH);
    core.sync(&key()).await.unwrap();
    assert!(!world.store.extras().contains_key("tenantId"), "of two none is the one");
    assert_eq!(world.store.access_token().as_deref(), Some("access-1"));
}

#[tokio::test]
async fn what_is_written_while_a_renewal_begins_is_in_what_the_renewal_brings() {
    let world = World::new();
    let core = world.with(books(), None).await;
    approve_as(&world, &core, 0, "not told").await;
    world.bank.answer(200, ACME);
    let written = world.store.hold();
    let looking = tokio::spawn({
        let core = core.clone();
        async move { core.sync(&key()).await.map(drop) }
    });
    world.store.arrived().await;
    world.bank.answer(200, rotated(1, 300));
    let renewing = tokio::spawn({
        let core = core.clone();
        async move { core.token_rejected(&key(), &"access-0".to_owned().into(), "a test").await.map(drop) }
    });
    // The renewal goes as far as it can while that is written.
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
    written.send_replace(true);
    looking.await.unwrap().unwrap();
    renewing.await.unwrap().unwrap();
    assert_eq!(world.store.access_token().as_deref(), Some("access-1"));
    assert_eq!(world.store.extras()["tenantId"], "t-1");
}
