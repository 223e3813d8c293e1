//! Programs that ask again and again: the provider and the disk are asked as seldom as can be.

use crate::world::{World, key, rotated};
use connections::Connections;
use connections::activity::ActivityKind;
use connections::connection::{Needs, Reachability};
use connections::error::{CoreError, ErrorCode};
use connections::ports::{HttpError, StoreError};
use jiff::SignedDuration;

async fn ask(core: &Connections) -> Result<String, CoreError> {
    core.token(&key(), None, "a test").await.map(|token| token.access_token().expose().clone())
}

/// A linked connection whose token is over, at a provider that fails.
async fn failing(world: &World, status: u16, body: &str) -> Connections {
    let core = world.linked(300).await;
    world.bank.answer(status, body);
    world.clock.advance(SignedDuration::from_secs(300));
    core
}

#[tokio::test]
async fn a_thousand_polls_during_an_outage_are_one_request_and_a_few_writes() {
    for status in [503, 429] {
        let world = World::new();
        let core = failing(&world, status, "").await;
        let before = world.store.commits();
        for _ in 0..1_000 {
            let refused = ask(&core).await.unwrap_err();
            assert_eq!(refused.code, ErrorCode::ProviderTrouble);
            assert_eq!(refused.params["provider"], "Bank");
            assert!(refused.params.contains_key("retryAt"), "and when to ask again");
        }
        assert_eq!(world.bank.asked().len(), 1, "{status}");
        let writes = world.store.commits() - before;
        assert!(writes <= 4, "{writes} writes");
        assert_eq!(world.store.lines(ActivityKind::TokenRefused).len(), 1);
    }
}

#[tokio::test]
async fn without_a_network_the_disk_is_left_alone() {
    let world = World::new();
    let core = world.linked(300).await;
    world.bank.fail(HttpError::Offline);
    world.clock.advance(SignedDuration::from_secs(300));
    for _ in 0..100 {
        assert_eq!(ask(&core).await.unwrap_err().code, ErrorCode::Offline);
    }
    assert_eq!(world.bank.asked().len(), 1);
}

#[tokio::test]
async fn the_person_may_try_at_once() {
    let world = World::new();
    let core = failing(&world, 503, "").await;
    ask(&core).await.unwrap_err();
    world.bank.answer(200, rotated(1, 300));
    core.sync(&key()).await.unwrap();
    assert_eq!(world.bank.asked().len(), 2);
    assert_eq!(ask(&core).await.unwrap(), "access-1");
}

#[tokio::test]
async fn when_the_pause_is_over_a_caller_is_served_again() {
    let world = World::new();
    let core = failing(&world, 503, "").await;
    ask(&core).await.unwrap_err();
    world.bank.answer(200, rotated(1, 300));
    world.clock.advance(SignedDuration::from_secs(31));
    assert_eq!(ask(&core).await.unwrap(), "access-1");
    assert_eq!(world.bank.asked().len(), 2);
}

#[tokio::test]
async fn a_refused_registration_is_seldom_asked_with_again_until_somebody_changes_it() {
    let world = World::new();
    let core = failing(&world, 401, r#"{"error":"invalid_client"}"#).await;
    (1..5).for_each(|_| world.bank.answer(401, r#"{"error":"invalid_client"}"#));
    for _ in 0..1_000 {
        assert_eq!(ask(&core).await.unwrap_err().code, ErrorCode::ClientRefused);
        world.clock.advance(SignedDuration::from_mins(1));
    }
    assert_eq!(world.bank.asked().len(), 5, "after 1, 2, 4 and 8 hours");
    assert_eq!(world.store.lines(ActivityKind::RefreshFailed).len(), 1, "and told once");
    assert_eq!(world.store.connection().needs, Needs::Credentials);
    world.bank.answer(200, rotated(1, 300));
    let change = connections::ConfigChange {
        key: key().config_key,
        client_id: "mooring-2".to_owned(),
        client_secret: None,
        scopes: vec!["a".to_owned()],
    };
    core.edit_config(change).await.unwrap();
    world.settle(|| world.store.connection().needs == Needs::Nothing).await;
    assert_eq!(ask(&core).await.unwrap(), "access-1");
}

#[tokio::test]
async fn a_registration_that_was_refused_for_a_while_comes_back_by_itself() {
    let world = World::new();
    let core = failing(&world, 401, r#"{"error":"invalid_client"}"#).await;
    assert_eq!(ask(&core).await.unwrap_err().code, ErrorCode::ClientRefused);
    world.bank.answer(200, rotated(1, 300));
    world.clock.advance(SignedDuration::from_mins(59));
    assert_eq!(ask(&core).await.unwrap_err().code, ErrorCode::ClientRefused, "not yet");
    world.clock.advance(SignedDuration::from_mins(2));
    assert_eq!(ask(&core).await.unwrap(), "access-1");
    let connection = world.store.connection();
    assert_eq!((connection.needs, connection.refused_at), (Needs::Nothing, None));
}

#[tokio::test]
async fn a_stored_failure_outlives_a_restart() {
    let world = World::new();
    let core = failing(&world, 503, "").await;
    ask(&core).await.unwrap_err();
    drop(core);
    let core = world.start().await;
    assert_ne!(world.store.connection().reachability, Reachability::Reachable);
    assert_eq!(ask(&core).await.unwrap_err().code, ErrorCode::ProviderTrouble);
    assert_eq!(world.bank.asked().len(), 1);
}

#[tokio::test]
async fn refusals_that_repeat_are_written_once_an_hour_and_others_at_once() {
    let world = World::new();
    let core = world.linked(300).await;
    core.pause(&key()).await.unwrap();
    let refused = || world.store.lines(ActivityKind::TokenRefused).len();
    for _ in 0..100 {
        ask(&core).await.unwrap_err();
    }
    assert_eq!(refused(), 1);
    assert!(core.token(&key(), None, "another program").await.is_err());
    assert_eq!(refused(), 2, "somebody else");
    world.bank.answer(200, "");
    core.disconnect(&key()).await.unwrap();
    ask(&core).await.unwrap_err();
    assert_eq!(refused(), 3, "for another reason");
    world.clock.advance(SignedDuration::from_hours(1));
    ask(&core).await.unwrap_err();
    assert_eq!(refused(), 4, "later");
}

#[tokio::test]
async fn old_lines_of_activity_go() {
    let world = World::new();
    let core = world.linked(300).await;
    let lines = world.store.lines(ActivityKind::ConfigCreated).len() as u64;
    world.store.count_lines_from(100_000 - 1 - lines);
    core.pause(&key()).await.unwrap();
    assert_eq!(world.store.trimmed_before(), Some(0), "the first hundred thousand stay");
    world.store.count_lines_from(150_000 - 2 - lines);
    core.resume(&key()).await.unwrap();
    assert_eq!(world.store.trimmed_before(), Some(50_000));
}

#[tokio::test]
async fn a_full_disk_is_tried_again_after_pauses() {
    let world = World::new();
    let core = world.linked(300).await;
    world.store.fail_with(Some(StoreError::DiskFull));
    world.clock.advance(SignedDuration::from_secs(299));
    for _ in 0..1_000 {
        tokio::task::yield_now().await;
    }
    world.settle(|| world.store.tries() > 0).await;
    let before = world.store.tries();
    for _ in 0..10_000 {
        tokio::task::yield_now().await;
    }
    assert!(world.store.tries() <= before + 1, "{} tries", world.store.tries() - before);
    world.store.fail_with(None);
    world.bank.answer(200, rotated(1, 300));
    world.clock.advance(SignedDuration::from_secs(31));
    world.settle(|| world.store.access_token().as_deref() == Some("access-1")).await;
    drop(core);
}
