//! A wall clock that is set, and a machine that sleeps: timers stand still, and instants lie on the wrong side of now.

use crate::person::begin;
use crate::world::{World, key, provider, rotated};
use connections::connection::Reachability;
use connections::error::ErrorCode;
use connections::view::AttemptPhase;
use jiff::SignedDuration;

const DAY: i64 = 24;

#[tokio::test]
async fn a_machine_that_slept_looks_again_soon_after_it_wakes() {
    let world = World::new();
    let core = world.linked(1800).await;
    world.bank.answer(200, rotated(1, 1800));
    // The schedule has set its timer by now, for the end of the token.
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
    world.clock.set(SignedDuration::from_hours(30 * DAY));
    world.clock.advance(SignedDuration::from_secs(31));
    world.settle(|| world.store.access_token().as_deref() == Some("access-1")).await;
    assert_eq!(world.bank.asked().len(), 1);
    drop(core);
}

#[tokio::test]
async fn tokens_of_a_time_that_has_not_come_are_renewed_once() {
    for restarts in [false, true] {
        let world = World::new();
        let core = world.linked(1800).await;
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
        world.bank.answer(200, rotated(1, 1800));
        let mut kept = Some(core);
        if restarts {
            kept = None;
        }
        world.clock.set(SignedDuration::from_hours(-365 * DAY));
        let core = match kept {
            Some(core) => core,
            None => world.start().await,
        };
        world.clock.advance(SignedDuration::from_secs(31));
        world.settle(|| world.store.access_token().as_deref() == Some("access-1")).await;
        for _ in 0..20 {
            world.clock.advance(SignedDuration::from_secs(30));
            for _ in 0..50 {
                tokio::task::yield_now().await;
            }
        }
        assert_eq!(world.bank.asked().len(), 1, "that sets all dates right");
        drop(core);
    }
}

#[tokio::test]
async fn a_pause_after_a_failure_is_no_longer_for_a_clock_that_was_set_back() {
    let world = World::new();
    let core = world.linked(1800).await;
    world.bank.answer(503, "");
    world.clock.advance(SignedDuration::from_secs(1799));
    let refused = core.token(&key(), None, "a test").await.err().unwrap();
    assert_eq!(refused.code, ErrorCode::ProviderTrouble);
    world.bank.answer(200, rotated(1, 1800));
    world.clock.set(SignedDuration::from_hours(-30 * DAY));
    for _ in 0..3 {
        world.clock.advance(SignedDuration::from_secs(30));
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
    }
    world.settle(|| world.store.connection().reachability == Reachability::Reachable).await;
    assert_eq!(world.store.access_token().as_deref(), Some("access-1"));
    drop(core);
}

#[tokio::test]
async fn an_approval_ends_after_ten_minutes_whatever_the_clock_says() {
    let world = World::new();
    let core = world.with(provider(), None).await;
    let attempt = begin(&core, &[]).await.unwrap();
    let phase = || core.attempt(&attempt.id).unwrap().phase;
    for minute in 0..12 {
        if minute == 3 {
            world.clock.set(SignedDuration::from_hours(-5));
        }
        if minute == 9 {
            assert_eq!(phase(), AttemptPhase::Waiting, "and not before");
        }
        for _ in 0..2 {
            world.clock.advance(SignedDuration::from_secs(30));
            for _ in 0..50 {
                tokio::task::yield_now().await;
            }
        }
    }
    assert_eq!(phase(), AttemptPhase::Expired);
}

#[tokio::test]
async fn an_approval_of_a_time_that_has_not_come_is_over_at_the_next_start() {
    let world = World::new();
    let core = world.with(provider(), None).await;
    let attempt = begin(&core, &[]).await.unwrap();
    drop(core);
    world.clock.set(SignedDuration::from_hours(-5));
    let core = world.start().await;
    assert_eq!(core.attempt(&attempt.id).unwrap_err().code, ErrorCode::AttemptOver);
    assert!(!world.store.has_connections(), "what was never linked goes with it");
}
