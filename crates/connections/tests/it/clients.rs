//! Connections that speak for the registration itself: no page, no refresh token, nothing that lapses.

use crate::world::{World, key, provider};
use connections::connection::{Needs, Status};
use connections::error::ErrorCode;
use connections::step::next_refresh;
use connections::view::{Approach, AttemptPhase, AttemptView};
use connections::{BeginAuthorization, Connections};
use jiff::SignedDuration;
use std::collections::BTreeMap;

fn books() -> providers::Provider {
    providers::Provider { auth: providers::Auth::ClientCredentials, ..provider() }
}

fn token_answer(number: u32) -> String {
    format!(r#"{{"access_token":"access-{number}","token_type":"Bearer","expires_in":300}}"#)
}

async fn connect(core: &Connections) -> AttemptView {
    let ask = BeginAuthorization {
        config_key: key().config_key,
        connection_id: Some(key().connection_id),
        surface: None,
        preferred: None,
        parameters: BTreeMap::new(),
        language: None,
    };
    core.begin(ask).await.unwrap()
}

#[tokio::test]
async fn one_request_links_and_another_one_renews() {
    let world = World::new();
    let core = world.with(books(), Some("CANARY-secret")).await;
    world.bank.answer(200, token_answer(0));
    let attempt = connect(&core).await;
    assert_eq!((attempt.phase, attempt.host.as_str()), (AttemptPhase::Succeeded, "bank.example"));
    let view = core.connection(&key()).unwrap();
    assert_eq!((view.status, view.approach, view.renewable), (Status::Linked, Approach::Client, true));
    assert!(world.bank.asked()[0].contains("grant_type=client_credentials&scope=a"));
    world.clock.advance(SignedDuration::from_secs(299));
    world.bank.answer(200, token_answer(1));
    let token = core.token(&key(), None, "a test").await.unwrap();
    assert_eq!(token.access_token().expose(), "access-1");
    assert!(world.bank.asked()[1].contains("grant_type=client_credentials"));
}

#[tokio::test]
async fn nothing_is_asked_while_nobody_uses_it() {
    let world = World::new();
    let core = world.with(books(), Some("s")).await;
    world.bank.answer(200, token_answer(0));
    connect(&core).await;
    let idle = world.store.connection();
    let month = SignedDuration::from_hours(24 * 30);
    let unused = connections::connection::Connection { last_used_at: None, last_authorized_at: None, ..idle };
    assert_eq!(next_refresh(&unused, crate::world::at(0).checked_add(month).unwrap()), None);
}

#[tokio::test]
async fn a_refused_client_links_nothing_and_needs_its_credentials_put_right() {
    let world = World::new();
    let core = world.with(books(), Some("s")).await;
    world.bank.answer(401, r#"{"error":"invalid_client"}"#);
    let attempt = connect(&core).await;
    assert_eq!(attempt.phase, AttemptPhase::Failed);
    assert_eq!(attempt.error.unwrap().code, ErrorCode::ClientRefused);
    assert!(!world.store.has_connections());

    world.bank.answer(200, token_answer(0));
    connect(&core).await;
    for body in [r#"{"error":"invalid_client"}"#, r#"{"error":"invalid_grant"}"#] {
        world.clock.advance(SignedDuration::from_secs(299));
        world.bank.answer(400, body);
        let refused = core.token(&key(), None, "a test").await.err().unwrap();
        assert_eq!(refused.code, ErrorCode::ClientRefused);
        let connection = world.store.connection();
        assert_eq!((connection.status, connection.needs), (Status::Linked, Needs::Credentials), "{body}");
    }
}

#[tokio::test]
async fn a_client_without_a_secret_is_not_registered() {
    let world = World::new();
    let core = world.start().await;
    let new = connections::NewConfig {
        key: key().config_key,
        provider: connections::ProviderChoice::Custom(Box::new(books())),
        client_id: "mooring".to_owned(),
        client_secret: None,
        scopes: Vec::new(),
    };
    let refused = core.create_config(new).await.err().unwrap();
    assert_eq!((refused.code, refused.params["field"].as_str()), (ErrorCode::BadInput, "clientSecret"));
}
