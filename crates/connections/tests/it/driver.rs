//! The driver: order of writes, one refresh for all, late and lost answers, disks that are full.

use crate::world::{World, key, rotated};
use connections::RevocationOutcome;
use connections::connection::{ApprovalReason, Needs, Reachability, Status};
use connections::error::ErrorCode;
use connections::ports::{HttpError, StoreError};
use jiff::SignedDuration;

async fn token(core: &connections::Connections) -> Result<String, ErrorCode> {
    let given = core.token(&key(), None, "a test").await;
    given.map(|token| token.access_token().expose().clone()).map_err(|error| error.code)
}

#[tokio::test]
async fn a_fresh_token_asks_nobody_and_a_stale_one_is_renewed_once() {
    let world = World::new();
    let core = world.linked(300).await;
    assert_eq!(token(&core).await.unwrap(), "access-0");
    assert!(world.bank.asked().is_empty());
    world.clock.advance(SignedDuration::from_secs(299));
    world.bank.answer(200, rotated(1, 300));
    let gate = world.bank.hold();
    let callers: Vec<_> = (0..50)
        .map(|_| {
            tokio::spawn({
                let core = core.clone();
                async move { token(&core).await }
            })
        })
        .collect();
    world.bank.arrived().await;
    gate.send_replace(true);
    for caller in callers {
        assert_eq!(caller.await.unwrap().unwrap(), "access-1");
    }
    assert_eq!(world.bank.asked().len(), 1, "fifty callers, one request");
    assert_eq!(world.store.refresh_token().as_deref(), Some("refresh-1"), "the rotated token is kept");
}

#[tokio::test]
async fn a_full_disk_after_a_rotation_loses_nothing_and_hands_nothing_out() {
    let world = World::new();
    let core = world.linked(300).await;
    world.clock.advance(SignedDuration::from_secs(299));
    world.bank.answer(200, rotated(1, 300));
    let gate = world.bank.hold();
    let asking = tokio::spawn({
        let core = core.clone();
        async move { token(&core).await }
    });
    world.bank.arrived().await;
    world.store.fail_with(Some(StoreError::DiskFull));
    gate.send_replace(true);
    assert_eq!(asking.await.unwrap(), Err(ErrorCode::DiskFull), "what is not durable is not handed out");
    assert_eq!(token(&core).await, Err(ErrorCode::DiskFull));
    world.store.fail_with(None);
    assert_eq!(token(&core).await.unwrap(), "access-1", "the only copy was kept and is written now");
    assert_eq!(world.bank.asked().len(), 1, "and nobody was asked again");
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_once_more_with_the_old_token() {
    let world = World::new();
    let core = world.linked(300).await;
    world.clock.advance(SignedDuration::from_secs(299));
    world.bank.fail(HttpError::AnswerLost);
    world.bank.answer(200, rotated(1, 300));
    assert_eq!(token(&core).await.unwrap(), "access-1");
    let asked = world.bank.asked();
    assert_eq!(asked.len(), 2);
    assert!(asked.iter().all(|body| body.contains("refresh-0")));
}

#[tokio::test]
async fn a_strict_server_after_a_lost_answer_asks_for_approval_with_the_true_reason() {
    let world = World::new();
    let core = world.linked(300).await;
    world.clock.advance(SignedDuration::from_secs(299));
    world.bank.fail(HttpError::AnswerLost);
    world.bank.answer(400, "{\"error\":\"invalid_grant\"}");
    assert_eq!(token(&core).await, Err(ErrorCode::ApproveAgain));
    let connection = world.store.connection();
    assert_eq!(connection.status, Status::Deauthorized);
    assert_eq!(connection.needs, Needs::Approval { reason: ApprovalReason::RotationLost });
    assert_eq!(world.store.access_token(), None, "a dead grant is erased");
    assert_eq!(token(&core).await, Err(ErrorCode::ApproveAgain));
    assert_eq!(world.bank.asked().len(), 2, "a dead grant is not asked for again");
}

#[tokio::test]
async fn a_refresh_that_was_under_way_when_the_program_died_is_taken_up_at_start() {
    let world = World::new();
    let core = world.linked(300).await;
    world.clock.advance(SignedDuration::from_secs(299));
    let _never = world.bank.hold();
    let dying = tokio::spawn({
        let core = core.clone();
        async move { token(&core).await }
    });
    world.bank.arrived().await;
    assert!(world.store.connection().in_flight.is_some(), "it is recorded before it is sent");
    dying.abort();
    drop(core);
    let reborn = World {
        store: world.store.clone(),
        bank: crate::world::ScriptedProvider::default(),
        clock: world.clock.clone(),
        ..World::new()
    };
    reborn.bank.answer(200, rotated(2, 300));
    let core = reborn.start().await;
    assert_eq!(token(&core).await.unwrap(), "access-2");
    assert!(reborn.store.connection().in_flight.is_none());
}

#[tokio::test]
async fn outages_and_missing_networks_leave_the_connection_linked() {
    for (error, code) in [
        (HttpError::Offline, ErrorCode::Offline),
        (HttpError::Unreachable, ErrorCode::ProviderTrouble),
        (HttpError::Certificate, ErrorCode::CertificateRefused),
    ] {
        let world = World::new();
        let core = world.linked(300).await;
        world.clock.advance(SignedDuration::from_secs(299));
        world.bank.fail(error);
        assert_eq!(token(&core).await, Err(code));
        let connection = world.store.connection();
        assert_eq!((connection.status, connection.needs), (Status::Linked, Needs::Nothing), "{error:?}");
        assert_ne!(connection.reachability, Reachability::Reachable);
        assert_eq!(world.store.refresh_token().as_deref(), Some("refresh-0"), "the grant is kept");
    }
    for body in ["<html>maintenance</html>", "", "{\"access_token\":\"CANARY"] {
        let world = World::new();
        let core = world.linked(300).await;
        world.clock.advance(SignedDuration::from_secs(299));
        world.bank.answer(502, body);
        world.bank.answer(502, body);
        assert_eq!(token(&core).await, Err(ErrorCode::ProviderTrouble));
        assert_eq!(world.store.connection().status, Status::Linked, "{body:?}");
    }
}

#[tokio::test]
async fn a_refresh_token_in_a_broken_answer_is_kept() {
    let world = World::new();
    let core = world.linked(300).await;
    world.clock.advance(SignedDuration::from_secs(299));
    world.bank.answer(200, "{\"refresh_token\":\"refresh-9\",\"token_type\":\"Bearer\"}");
    assert_eq!(token(&core).await, Err(ErrorCode::ProviderTrouble));
    assert_eq!(world.store.refresh_token().as_deref(), Some("refresh-9"));
}

#[tokio::test]
async fn disconnecting_in_the_middle_of_a_refresh_wins_and_the_late_grant_is_revoked() {
    let world = World::new();
    let core = world.linked(300).await;
    world.clock.advance(SignedDuration::from_secs(299));
    let gate = world.bank.hold();
    // In the order of asking: the refresh, the revocation of the old grant, the revocation of the late one.
    world.bank.answer(200, rotated(1, 300));
    world.bank.answer(200, "");
    world.bank.answer(200, "");
    let asking = tokio::spawn({
        let core = core.clone();
        async move { token(&core).await }
    });
    world.bank.arrived().await;
    let disconnecting = tokio::spawn({
        let core = core.clone();
        async move { core.disconnect(&key()).await }
    });
    world.bank.arrived().await;
    gate.send_replace(true);
    assert_eq!(asking.await.unwrap(), Err(ErrorCode::Superseded));
    assert_eq!(disconnecting.await.unwrap().unwrap(), RevocationOutcome::Confirmed);
    assert_eq!(world.store.connection().status, Status::Unlinked);
    assert_eq!(world.store.access_token(), None, "the late grant is not kept");
    let asked = world.bank.asked();
    assert!(
        asked.iter().any(|body| body.starts_with("/revoke") && body.contains("refresh-1")),
        "{}",
        asked.len()
    );
    assert_eq!(token(&core).await, Err(ErrorCode::Disconnected));
}

#[tokio::test]
async fn a_revocation_that_is_not_answered_waits_in_the_store() {
    let world = World::new();
    let core = world.linked(300).await;
    world.bank.answer(503, "");
    assert_eq!(core.disconnect(&key()).await.unwrap(), RevocationOutcome::Later);
    assert_eq!(world.store.pending_revocations(), 1);
    assert_eq!(world.store.access_token(), None, "here it is over at once");
    world.bank.answer(200, "");
    world.clock.advance(SignedDuration::from_mins(3));
    world.bank.arrived().await;
    world.bank.arrived().await;
    while world.store.pending_revocations() > 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_paused_connection_gives_nothing_and_asks_nobody() {
    let world = World::new();
    let core = world.linked(300).await;
    core.pause(&key()).await.unwrap();
    world.clock.advance(SignedDuration::from_secs(299));
    assert_eq!(token(&core).await, Err(ErrorCode::Paused));
    core.resume(&key()).await.unwrap();
    world.bank.answer(200, rotated(1, 300));
    assert_eq!(token(&core).await.unwrap(), "access-1");
}
