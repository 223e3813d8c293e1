//! Telling providers that a grant is over: what they say to it, and whom it keeps waiting.

use crate::world::{World, at, key, provider, rotated};
use connections::RevocationOutcome;
use connections::activity::ActivityKind;
use connections::connection::Connection;
use connections::id::ConnectionKey;
use connections::ports::Grant;
use connections::raw_answer::RawAnswer;
use connections::step::{Event, GrantFacts, step};
use jiff::SignedDuration;
use secret::SecretString;

#[tokio::test]
async fn a_provider_that_refuses_a_revocation_is_not_said_to_be_told_later() {
    let world = World::new();
    let core = world.linked(300).await;
    world.bank.answer(400, r#"{"error":"unsupported_token_type"}"#);
    assert_eq!(core.disconnect(&key()).await.unwrap(), RevocationOutcome::Refused);
    assert_eq!(world.store.pending_revocations(), 0, "it would never be taken");
    assert_eq!(world.store.lines(ActivityKind::Disconnected)[0].params["revoked"], "refused");
}

#[tokio::test]
async fn a_provider_that_does_not_answer_a_revocation_keeps_no_renewal_waiting() {
    let world = World::new();
    drop(world.linked(1800).await);
    let other = ConnectionKey::parse("bank", "ben").unwrap();
    let pending = Connection::pending(other.clone(), &provider(), vec!["a".to_owned()], at(0));
    let linked = step(&pending, Event::Authorized(GrantFacts::default()), at(0)).connection;
    let grant = Grant {
        access_token: SecretString::from("access-of-ben"),
        refresh_token: None,
        raw: RawAnswer::from("{}"),
        extras: std::collections::BTreeMap::new(),
        scopes: Vec::new(),
        obtained_at: at(0),
        expires_at: None,
        refresh_expires_at: None,
    };
    world.store.put(linked, grant);
    let core = world.start().await;
    world.bank.answer(503, "");
    assert_eq!(core.disconnect(&other).await.unwrap(), RevocationOutcome::Later);
    let _never = world.bank.hold_next();
    world.bank.answer(200, "");
    world.clock.advance(SignedDuration::from_mins(3));
    world.settle(|| world.bank.asked().len() == 2).await;
    world.bank.answer(200, rotated(1, 1800));
    world.clock.advance(SignedDuration::from_mins(26));
    world.settle(|| world.store.access_token().as_deref() == Some("access-1")).await;
    assert_eq!(world.bank.asked().len(), 3, "and nobody is told twice at once");
}
