//! Work that nobody asked for, under a clock that is moved by hand.

use crate::world::{World, rotated};
use connections::connection::Reachability;
use jiff::SignedDuration;

#[tokio::test]
async fn what_is_in_use_is_renewed_before_it_ends() {
    let world = World::new();
    let core = world.linked(1800).await;
    world.bank.answer(200, rotated(1, 1800));
    // In steps, as a machine that is awake; a machine that slept takes one large step instead.
    for _ in 0..56 {
        world.clock.advance(SignedDuration::from_secs(29));
        tokio::task::yield_now().await;
    }
    world.bank.arrived().await;
    while world.store.access_token().as_deref() != Some("access-1") {
        tokio::task::yield_now().await;
    }
    drop(core);
}

#[tokio::test]
async fn after_a_long_sleep_an_idle_grant_is_renewed_once() {
    let world = World::new();
    let core = world.linked(1800).await;
    world.bank.answer(200, rotated(1, 1800));
    world.clock.advance(SignedDuration::from_hours(24 * 30));
    world.bank.arrived().await;
    while world.store.access_token().as_deref() != Some("access-1") {
        tokio::task::yield_now().await;
    }
    assert_eq!(world.bank.asked().len(), 1);
    drop(core);
}

#[tokio::test]
async fn an_outage_is_tried_again_and_ends_by_itself() {
    let world = World::new();
    let core = world.linked(1800).await;
    world.bank.answer(503, "");
    world.bank.answer(200, rotated(1, 1800));
    world.clock.advance(SignedDuration::from_secs(1700));
    world.bank.arrived().await;
    while world.store.connection().reachability == Reachability::Reachable {
        tokio::task::yield_now().await;
    }
    world.clock.advance(SignedDuration::from_mins(2));
    world.bank.arrived().await;
    while world.store.connection().reachability != Reachability::Reachable {
        tokio::task::yield_now().await;
    }
    assert_eq!(world.store.access_token().as_deref(), Some("access-1"));
    drop(core);
}
