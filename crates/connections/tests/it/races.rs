//! Two things at once: whoever comes too late changes nothing, and what it brought is revoked.

use crate::person::{answer, approve, begin, tokens};
use crate::world::{World, key, provider, rotated};
use connections::Connections;
use connections::connection::Status;
use connections::error::ErrorCode;
use connections::ports::{HttpError, StoreError};
use connections::view::{AttemptPhase, AttemptView};
use jiff::SignedDuration;
use tokio::sync::watch;
use tokio::task::JoinHandle;

type Token = Result<String, ErrorCode>;

async fn token(core: &Connections) -> Token {
    let given = core.token(&key(), None, "a test").await;
    given.map(|token| token.access_token().expose().clone()).map_err(|error| error.code)
}

/// A linked connection whose renewal was sent, and whose answer waits.
async fn renewing(world: &World, answer: String) -> (Connections, JoinHandle<Token>, watch::Sender<bool>) {
    let core = world.linked(300).await;
    world.clock.advance(SignedDuration::from_secs(299));
    world.bank.answer(200, answer);
    let gate = world.bank.hold_next();
    let asking = tokio::spawn({
        let core = core.clone();
        async move { token(&core).await }
    });
    world.bank.arrived().await;
    (core, asking, gate)
}

const SALVAGED: &str = r#"{"refresh_token":"refresh-9","token_type":"Bearer"}"#;

#[tokio::test]
async fn a_renewal_of_a_deleted_connection_reaches_no_other_of_its_name_and_keeps_no_lock_open() {
    let world = World::new();
    let (core, asking, gate) = renewing(&world, rotated(1, 300)).await;
    world.bank.answer(200, "");
    core.delete(&key()).await.unwrap();
    let attempt = begin(&core, &[]).await.unwrap();
    world.bank.answer(200, tokens(7, ""));
    assert_eq!(approve(&world, &core, &attempt, "code=c").await.phase, AttemptPhase::Succeeded);
    world.bank.answer(200, "");
    gate.send_replace(true);
    assert_eq!(asking.await.unwrap(), Err(ErrorCode::Superseded));
    assert!(world.bank.was_told("refresh-1"), "what nobody knows does not live on");
    assert_eq!(token(&core).await.unwrap(), "access-7");
    assert_eq!(world.store.access_token().as_deref(), Some("access-7"));
}

#[tokio::test]
async fn a_renewal_of_a_connection_that_is_gone_is_revoked_and_not_kept_for_later() {
    let world = World::new();
    let (core, asking, gate) = renewing(&world, rotated(1, 300)).await;
    world.bank.answer(200, "");
    core.delete(&key()).await.unwrap();
    world.bank.answer(200, "");
    gate.send_replace(true);
    assert_eq!(asking.await.unwrap(), Err(ErrorCode::Superseded));
    assert!(world.bank.was_told("refresh-1"));
    assert!(!world.store.has_connections());
    core.rest();
    world.settle(|| core.is_at_rest()).await;
}

#[tokio::test]
async fn what_a_full_disk_kept_in_memory_is_revoked_when_the_person_disconnects() {
    let world = World::new();
    let (core, asking, gate) = renewing(&world, rotated(1, 300)).await;
    world.store.fail_with(Some(StoreError::DiskFull));
    gate.send_replace(true);
    assert_eq!(asking.await.unwrap(), Err(ErrorCode::DiskFull));
    world.store.fail_with(None);
    world.bank.answer(200, "");
    world.bank.answer(200, "");
    core.disconnect(&key()).await.unwrap();
    // The only token that lives; the stored one was spent.
    world.settle(|| world.bank.was_told("refresh-1")).await;
    assert_eq!(world.store.access_token(), None);
}

#[tokio::test]
async fn a_salvaged_token_of_a_connection_that_moved_on_is_revoked() {
    let world = World::new();
    let (core, asking, gate) = renewing(&world, SALVAGED.to_owned()).await;
    world.bank.answer(200, "");
    core.disconnect(&key()).await.unwrap();
    world.bank.answer(200, "");
    gate.send_replace(true);
    assert!(asking.await.unwrap().is_err());
    assert_eq!(world.store.refresh_token(), None, "nothing comes back to life");
    assert!(world.bank.was_told("refresh-9"));
}

#[tokio::test]
async fn a_salvaged_token_is_not_lost_to_a_full_disk() {
    let world = World::new();
    let (core, asking, gate) = renewing(&world, SALVAGED.to_owned()).await;
    world.store.fail_with(Some(StoreError::DiskFull));
    gate.send_replace(true);
    assert!(asking.await.unwrap().is_err());
    world.store.fail_with(None);
    world.bank.answer(200, rotated(2, 300));
    world.clock.advance(SignedDuration::from_mins(2));
    assert_eq!(token(&core).await.unwrap(), "access-2");
    let asked = world.bank.asked();
    assert!(asked.last().unwrap().contains("refresh-9"), "it is what the next renewal is asked with");
}

/// An approval whose tokens were asked for, and whose answer waits.
async fn exchanging(world: &World, core: &Connections, tokens: String) -> (AttemptView, watch::Sender<bool>) {
    let attempt = begin(core, &[]).await.unwrap();
    world.bank.answer(200, tokens);
    let gate = world.bank.hold_next();
    answer(core, &attempt, "code=c").await;
    world.bank.arrived().await;
    (attempt, gate)
}

#[tokio::test]
async fn tokens_that_come_after_the_person_gave_up_are_revoked() {
    let world = World::new();
    let core = world.with(provider(), None).await;
    let (attempt, gate) = exchanging(&world, &core, tokens(0, "")).await;
    assert_eq!(core.cancel(&attempt.id).await.unwrap().phase, AttemptPhase::Cancelled);
    world.bank.answer(200, "");
    gate.send_replace(true);
    world.settle(|| world.bank.was_told("refresh-0")).await;
    assert!(!world.store.has_connections());
    assert_eq!(core.attempt(&attempt.id).unwrap().phase, AttemptPhase::Cancelled);
}

#[tokio::test]
async fn a_reconnect_that_was_given_up_leaves_the_connection_as_it_was() {
    let world = World::new();
    let core = world.linked(300).await;
    let (attempt, gate) = exchanging(&world, &core, tokens(5, "")).await;
    core.cancel(&attempt.id).await.unwrap();
    world.bank.answer(200, "");
    gate.send_replace(true);
    world.settle(|| world.bank.was_told("refresh-5")).await;
    assert_eq!(token(&core).await.unwrap(), "access-0");
    assert_eq!(world.store.connection().status, Status::Linked);
}

#[tokio::test]
async fn giving_up_while_tokens_are_being_written_comes_too_late() {
    let world = World::new();
    let core = world.with(provider(), None).await;
    let (attempt, gate) = exchanging(&world, &core, tokens(0, "")).await;
    let disk = world.store.hold();
    gate.send_replace(true);
    world.store.arrived().await;
    let giving_up = tokio::spawn({
        let (core, id) = (core.clone(), attempt.id.clone());
        async move { core.cancel(&id).await.map_err(|error| error.code) }
    });
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
    disk.send_replace(true);
    assert_eq!(giving_up.await.unwrap().err(), Some(ErrorCode::AttemptOver));
    assert_eq!(core.attempt(&attempt.id).unwrap().phase, AttemptPhase::Succeeded);
    assert_eq!(token(&core).await.unwrap(), "access-0");
    assert_eq!(world.store.access_token().as_deref(), Some("access-0"));
}

#[tokio::test]
async fn tokens_that_cannot_be_used_are_revoked() {
    let world = World::new();
    let core = world.with(provider(), None).await;
    let change = connections::ConfigChange {
        key: key().config_key,
        client_id: "mooring".to_owned(),
        client_secret: None,
        scopes: vec!["openid".to_owned()],
    };
    core.edit_config(change).await.unwrap();
    let (attempt, gate) = exchanging(&world, &core, tokens(0, r#","id_token":"no.id.token""#)).await;
    world.bank.answer(200, "");
    gate.send_replace(true);
    world.settle(|| world.bank.was_told("refresh-0")).await;
    world.settle(|| core.attempt(&attempt.id).unwrap().phase == AttemptPhase::Failed).await;
    assert!(!world.store.has_connections());
}

#[tokio::test]
async fn tokens_that_a_full_disk_does_not_take_are_revoked() {
    let world = World::new();
    let core = world.with(provider(), None).await;
    let (attempt, gate) = exchanging(&world, &core, tokens(0, "")).await;
    world.store.fail_with(Some(StoreError::DiskFull));
    world.bank.answer(200, "");
    gate.send_replace(true);
    world.settle(|| world.bank.was_told("refresh-0")).await;
    world.settle(|| core.attempt(&attempt.id).unwrap().phase == AttemptPhase::Failed).await;
    let error = core.attempt(&attempt.id).unwrap().error.unwrap();
    assert_eq!(error.code, ErrorCode::DiskFull);
}

#[tokio::test]
async fn an_approval_that_begins_while_a_renewal_is_written_does_not_undo_it() {
    let world = World::new();
    let (core, asking, gate) = renewing(&world, rotated(1, 300)).await;
    let disk = world.store.hold();
    gate.send_replace(true);
    world.store.arrived().await;
    let beginning = tokio::spawn({
        let core = core.clone();
        async move { begin(&core, &[]).await.map(drop) }
    });
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
    disk.send_replace(true);
    beginning.await.unwrap().unwrap();
    assert_eq!(asking.await.unwrap().unwrap(), "access-1");
    assert_eq!(world.store.connection().grant_revision, 2, "it never goes back");
}

#[tokio::test]
async fn a_renewal_that_breaks_down_leaves_its_connection_usable() {
    let world = World::new();
    let core = world.linked(300).await;
    world.clock.advance(SignedDuration::from_secs(299));
    // The provider was told no answer, and breaks down when it is asked.
    assert_eq!(token(&core).await, Err(ErrorCode::Defect));
    assert!(!core.connection(&key()).unwrap().syncing);
    world.bank.answer(200, rotated(1, 300));
    world.clock.advance(SignedDuration::from_mins(2));
    assert_eq!(token(&core).await.unwrap(), "access-1");
}

#[tokio::test]
async fn a_lost_answer_is_not_asked_for_again_in_the_name_of_another_connection() {
    let world = World::new();
    let core = world.linked(300).await;
    world.clock.advance(SignedDuration::from_secs(299));
    world.bank.fail(HttpError::AnswerLost);
    let gate = world.bank.hold_next();
    let asking = tokio::spawn({
        let core = core.clone();
        async move { token(&core).await }
    });
    world.bank.arrived().await;
    world.bank.answer(200, "");
    core.delete(&key()).await.unwrap();
    let attempt = begin(&core, &[]).await.unwrap();
    world.bank.answer(200, tokens(7, ""));
    assert_eq!(approve(&world, &core, &attempt, "code=c").await.phase, AttemptPhase::Succeeded);
    gate.send_replace(true);
    assert_eq!(asking.await.unwrap(), Err(ErrorCode::Superseded));
    let renewals = world.bank.asked().into_iter().filter(|asked| asked.starts_with("/token"));
    assert_eq!(renewals.filter(|asked| asked.contains("refresh-0")).count(), 1);
    assert_eq!(token(&core).await.unwrap(), "access-7");
}
