//! A token that is handed out is fresh, and the provider is asked as seldom as can be.

use crate::person::tokens;
use crate::world::{World, key, rotated};
use connections::Connections;
use connections::activity::ActivityKind;
use connections::connection::Status;
use connections::error::ErrorCode;
use connections::raw_answer::RawAnswer;
use jiff::SignedDuration;
use secret::SecretString;

async fn report(core: &Connections, rejected: &str) -> Result<String, ErrorCode> {
    let given = core.token_rejected(&key(), &SecretString::from(rejected), "a test").await;
    given.map(|token| token.access_token().expose().clone()).map_err(|error| error.code)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_callers_of_an_expired_token_cause_one_request() {
    let world = World::new();
    let core = world.linked(300).await;
    // Before time passes: the schedule may be the first to ask.
    world.bank.answer(200, rotated(1, 300));
    world.clock.advance(SignedDuration::from_secs(299));
    let callers: Vec<_> = (0..10_000)
        .map(|_| {
            let core = core.clone();
            tokio::spawn(async move {
                core.token(&key(), None, "a test").await.map(|token| token.access_token().expose().clone())
            })
        })
        .collect();
    for caller in callers {
        assert_eq!(caller.await.unwrap().unwrap(), "access-1");
    }
    assert_eq!(world.bank.asked().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn however_many_report_a_refused_token_it_is_renewed_once() {
    let world = World::new();
    let core = world.linked(300).await;
    world.clock.advance(SignedDuration::from_secs(10));
    world.bank.answer(200, rotated(1, 300));
    let callers: Vec<_> = (0..1_000)
        .map(|_| {
            let core = core.clone();
            tokio::spawn(async move { report(&core, "access-0").await })
        })
        .collect();
    for caller in callers {
        assert_eq!(caller.await.unwrap().unwrap(), "access-1");
    }
    assert_eq!(world.bank.asked().len(), 1, "a token that looked fresh was renewed, once for all");
}

#[tokio::test]
async fn a_token_that_was_replaced_already_is_answered_with_the_stored_one() {
    let world = World::new();
    let core = world.linked(300).await;
    assert_eq!(report(&core, "access-of-long-ago").await.unwrap(), "access-0");
    assert!(world.bank.asked().is_empty());
}

#[tokio::test]
async fn a_renewed_token_that_is_refused_at_once_is_not_renewed_again() {
    let world = World::new();
    let core = world.linked(300).await;
    world.clock.advance(SignedDuration::from_secs(10));
    world.bank.answer(200, rotated(1, 300));
    assert_eq!(report(&core, "access-0").await.unwrap(), "access-1");
    for _ in 0..20 {
        assert_eq!(report(&core, "access-1").await, Err(ErrorCode::TokenRefused));
    }
    assert_eq!(world.bank.asked().len(), 1);
    world.clock.advance(SignedDuration::from_secs(31));
    world.bank.answer(200, rotated(2, 300));
    assert_eq!(report(&core, "access-1").await.unwrap(), "access-2", "later it may be its age again");
}

#[tokio::test]
async fn a_clock_that_was_set_back_does_not_keep_a_refused_token_in_place() {
    let world = World::new();
    let core = world.linked(300).await;
    world.clock.advance(SignedDuration::from_secs(10));
    world.bank.answer(200, rotated(1, 300));
    assert_eq!(report(&core, "access-0").await.unwrap(), "access-1");
    world.clock.set(SignedDuration::from_hours(-1));
    world.bank.answer(200, rotated(2, 300));
    assert_eq!(report(&core, "access-1").await.unwrap(), "access-2");
}

#[tokio::test]
async fn a_report_about_a_connection_that_gives_nothing_asks_nobody() {
    let world = World::new();
    let core = world.linked(300).await;
    core.pause(&key()).await.unwrap();
    assert_eq!(report(&core, "access-0").await, Err(ErrorCode::Paused));
    core.resume(&key()).await.unwrap();
    world.bank.answer(200, "");
    core.disconnect(&key()).await.unwrap();
    assert_eq!(report(&core, "access-0").await, Err(ErrorCode::Disconnected));
    assert!(world.bank.asked().iter().all(|asked| asked.starts_with("/revoke")));
}

#[tokio::test]
async fn what_the_provider_told_once_outlives_every_renewal() {
    let world = World::new();
    let core = world.linked(300).await;
    let told = r#"{"access_token":"access-0","instance_url":"https://eu1.example","expires_in":300}"#;
    world.store.change_grant(|grant| {
        grant.raw = RawAnswer::from(told);
        grant.extras.insert("realmId".to_owned(), "4620816365".to_owned());
    });
    for number in 1..3 {
        world.clock.advance(SignedDuration::from_secs(299));
        world.bank.answer(200, rotated(number, 300));
        let given = core.token(&key(), None, "a test").await.unwrap();
        assert_eq!(given.extras()["realmId"], "4620816365");
        let raw: serde_json::Value = serde_json::from_str(given.raw().expose()).unwrap();
        assert_eq!(raw["instance_url"], "https://eu1.example");
        assert_eq!(raw["access_token"], format!("access-{number}"));
    }
}

#[tokio::test]
async fn that_a_program_waits_for_a_renewal_is_written_with_what_it_brought() {
    let world = World::new();
    let core = world.linked(300).await;
    world.clock.advance(SignedDuration::from_secs(299));
    world.bank.answer(200, rotated(1, 300));
    let before = world.store.commits();
    core.token(&key(), None, "a test").await.unwrap();
    assert_eq!(world.store.commits() - before, 2, "that it is sent, and what came of it");
    let given = world.store.lines(ActivityKind::TokenGiven);
    assert_eq!((given.len(), given[0].params["caller"].as_str()), (1, "a test"));
    assert_eq!(world.store.connection().last_used_at, Some(crate::world::at(299)));
    core.token(&key(), None, "a test").await.unwrap();
    assert_eq!(world.store.commits() - before, 2, "once a minute is enough");

    world.clock.advance(SignedDuration::from_secs(299));
    world.bank.answer(200, rotated(2, 300));
    core.sync(&key()).await.unwrap();
    assert_eq!(world.store.lines(ActivityKind::TokenGiven).len(), 1, "what the person renews is no use");
}

/// Parts of ID tokens without a signature: the header, and claims about Ana and about Eve, both of the bank for us.
const HEADER: &str = "eyJhbGciOiJSUzI1NiJ9";
const ANA: &str = "eyJpc3MiOiJodHRwczovL2JhbmsuZXhhbXBsZSIsInN1YiI6ImFuYSIsImF1ZCI6Im1vb3JpbmcifQ";
const EVE: &str = "eyJpc3MiOiJodHRwczovL2JhbmsuZXhhbXBsZSIsInN1YiI6ImV2ZSIsImF1ZCI6Im1vb3JpbmcifQ";

#[tokio::test]
async fn a_renewal_that_is_about_somebody_else_is_refused_and_revoked() {
    let world = World::new();
    drop(world.linked(300).await);
    world.store.change_connection(|one| {
        one.scopes_asked = vec!["openid".to_owned()];
        one.subject = Some("ana".to_owned());
    });
    let core = world.start().await;
    let about =
        |number, claims: &str| tokens(number, &format!(r#","id_token":"{HEADER}.{claims}.c2lnbmF0dXJl""#));
    world.bank.answer(200, about(1, EVE));
    world.bank.answer(200, "");
    world.clock.advance(SignedDuration::from_secs(299));
    let refused = core.token(&key(), None, "a test").await.err().unwrap();
    assert_eq!(refused.code, ErrorCode::ProviderAnswer);
    assert!(world.bank.was_told("refresh-1"), "what belongs to somebody else is not kept");
    assert_eq!(world.store.access_token().as_deref(), Some("access-0"));
    assert_eq!(world.store.connection().status, Status::Linked);
    world.bank.answer(200, about(2, ANA));
    world.clock.advance(SignedDuration::from_secs(31));
    let given = core.token(&key(), None, "a test").await.unwrap();
    assert_eq!(given.access_token().expose(), "access-2");
}

#[tokio::test]
async fn a_token_without_an_end_lives_as_long_as_the_catalogue_says() {
    let world = World::new();
    drop(world.linked(300).await);
    world.store.change_grant(|grant| grant.expires_at = None);
    world.store.change_connection(|one| one.access_expires_at = None);
    let core = world.start().await;
    world.clock.advance(SignedDuration::from_hours(1));
    let given = core.token(&key(), Some(SignedDuration::from_mins(1)), "a test").await.unwrap();
    assert_eq!(given.access_token().expose(), "access-0", "nobody knows");
    drop(core);
    world.store.change_provider(|bank| bank.refresh.access_token_life_seconds = Some(600));
    let core = world.start().await;
    world.bank.answer(200, r#"{"access_token":"access-1"}"#);
    let given = core.token(&key(), Some(SignedDuration::from_mins(1)), "a test").await.unwrap();
    assert_eq!(given.access_token().expose(), "access-1");
    assert_eq!(given.expires_at(), core.connection(&key()).unwrap().access_expires_at);
    assert_eq!(given.expires_at(), Some(crate::world::at(3600 + 600)));
}
