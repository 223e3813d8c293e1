//! Connections through Codat when the clock on the wall is set back, by a month or so.

use crate::codat::{MADE, begun, config, hours, link, linked, phase, settled};
use connections::connection::Status;
use connections::error::ErrorCode;
use connections::view::AttemptPhase;
use jiff::SignedDuration;
use std::sync::Arc;

const MONTH: SignedDuration = SignedDuration::from_hours(30 * 24);
const LOOK: &str = "GET /companies/{}/connections/{}";
const LIST: &str = "GET /companies";

#[tokio::test]
async fn an_approval_ends_after_ten_minutes_whatever_the_clock_says() {
    let (world, _codat, core) = begun().await;
    let (attempt, _) = link(&core).await;
    for minute in 0..12 {
        if minute == 3 {
            world.clock.set(-MONTH);
        }
        if minute == 9 {
            assert_eq!(phase(&core, &attempt), AttemptPhase::Waiting, "and not before");
        }
        for _ in 0..2 {
            world.clock.advance(SignedDuration::from_secs(30));
            settled().await;
        }
    }
    assert_eq!(phase(&core, &attempt), AttemptPhase::Expired);
}

#[tokio::test]
async fn a_link_that_lies_with_somebody_is_looked_at_as_before() {
    let (world, codat, core) = begun().await;
    let (attempt, _) = link(&core).await;
    hours(&world, 5).await;
    world.clock.set(-MONTH);
    let before = codat.asked(LOOK);
    hours(&world, 12).await;
    let looks = codat.asked(LOOK) - before;
    assert!((10..=13).contains(&looks), "{looks} looks in the twelve hours after that");
    codat.set(MADE, "Linked");
    hours(&world, 2).await;
    assert_eq!(core.connection(&attempt.key).unwrap().status, Status::Linked);
}

#[tokio::test]
async fn a_clock_that_was_set_back_while_nothing_ran_makes_no_storm() {
    let (world, codat, core) = begun().await;
    let (attempt, _) = link(&core).await;
    drop(core);
    world.clock.set(-MONTH);
    let before = (codat.asked(LOOK), codat.asked(LIST));
    let core = world.start_with(Arc::new(codat.clone())).await;
    for _ in 0..240 {
        world.clock.advance(SignedDuration::from_secs(30));
        settled().await;
    }
    let looks = codat.asked(LOOK) - before.0;
    assert!(looks <= 3, "{looks} looks in two hours");
    assert_eq!(codat.asked(LIST) - before.1, 1, "listed anew, since nobody knows when that was");
    codat.set(MADE, "Linked");
    hours(&world, 25).await;
    assert_eq!(core.connection(&attempt.key).unwrap().status, Status::Linked);
}

#[tokio::test]
async fn a_pause_that_was_asked_for_is_no_longer_for_it() {
    let (world, codat, core) = begun().await;
    codat.refuse("/", 429);
    core.sync_codat(&linked(), None).await.unwrap_err();
    core.list_codat(&config()).await.unwrap_err();
    codat.relent();
    settled().await;
    world.clock.set(-MONTH);
    let refused = core.sync_codat(&linked(), None).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::ProviderTrouble, "a minute is a minute");
    for _ in 0..3 {
        world.clock.advance(SignedDuration::from_secs(30));
        settled().await;
    }
    core.sync_codat(&linked(), None).await.unwrap();
}
