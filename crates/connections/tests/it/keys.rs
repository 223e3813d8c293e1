//! Connections by a key: proved before anything is kept, handed out like a token, replaced in place.

use crate::world::{World, key};
use connections::connection::{ApprovalReason, Needs, Status};
use connections::error::{CoreError, ErrorCode};
use connections::ports::HttpError;
use connections::view::{Approach, ConnectionView};
use connections::{BeginAuthorization, ConnectKey, Connections, RevocationOutcome};
use secret::SecretString;
use std::collections::BTreeMap;

fn caderno() -> providers::Provider {
    let check = "https://caderno.example/api/me".parse().unwrap();
    providers::Provider::caderno(&check, "x-caderno-key", "the practice key")
}

async fn type_in(core: &Connections, typed: &str) -> Result<ConnectionView, CoreError> {
    core.connect_key(ConnectKey {
        config_key: key().config_key,
        connection_id: Some(key().connection_id),
        values: BTreeMap::from([("api_key".to_owned(), SecretString::from(typed))]),
        parameters: BTreeMap::new(),
    })
    .await
}

#[tokio::test]
async fn a_key_is_proved_kept_and_handed_out() {
    let world = World::new();
    let core = world.with(caderno(), None).await;
    let form = core.key_form(&key().config_key).unwrap();
    assert_eq!((form.host.as_str(), form.fields[0].name.as_str()), ("caderno.example", "api_key"));
    world.bank.answer(200, "{}");
    let view = type_in(&core, " CANARY-key ").await.unwrap();
    assert_eq!((view.status, view.approach, view.renewable), (Status::Linked, Approach::Key, false));
    assert!(!serde_json::to_string(&view).unwrap().contains("CANARY"));
    let sent = &world.bank.sent()[0];
    assert_eq!((sent.method().as_str(), sent.uri().path()), ("GET", "/api/me"));
    assert_eq!(sent.headers()["x-caderno-key"], "CANARY-key");
    assert!(sent.headers()["x-caderno-key"].is_sensitive());
    let token = core.token(&key(), None, "a test").await.unwrap();
    assert_eq!((token.access_token().expose().as_str(), token.expires_at()), ("CANARY-key", None));
    let raw: serde_json::Value = serde_json::from_str(token.raw().expose()).unwrap();
    assert_eq!(
        (raw["type"].as_str(), raw["fields"]["api_key"].as_str()),
        (Some("api_key"), Some("CANARY-key"))
    );
    assert_eq!(raw["headers"]["x-caderno-key"], "CANARY-key", "a program sees how it is sent");
    assert_eq!(world.bank.sent().len(), 1, "nobody is asked when a key is handed out");
}

#[tokio::test]
async fn a_key_that_is_not_proved_is_stored_nowhere() {
    let refusals: [(Result<u16, HttpError>, ErrorCode); 8] = [
        (Ok(401), ErrorCode::KeyRefused),
        (Ok(403), ErrorCode::KeyRefused),
        (Ok(404), ErrorCode::ProviderAnswer),
        (Ok(429), ErrorCode::KeyNotChecked),
        (Ok(503), ErrorCode::KeyNotChecked),
        (Err(HttpError::Offline), ErrorCode::KeyNotChecked),
        (Err(HttpError::Unreachable), ErrorCode::KeyNotChecked),
        (Err(HttpError::Certificate), ErrorCode::CertificateRefused),
    ];
    for (answer, code) in refusals {
        let world = World::new();
        let core = world.with(caderno(), None).await;
        match answer {
            Ok(status) => world.bank.answer(status, ""),
            Err(error) => world.bank.fail(error),
        }
        let refused = type_in(&core, "CANARY-key").await.err().unwrap();
        assert_eq!(refused.code, code);
        assert!(!format!("{refused:?}").contains("CANARY"));
        assert!(!world.store.has_connections() && world.store.access_token().is_none(), "{code:?}");
    }
}

#[tokio::test]
async fn what_could_end_a_header_is_refused_before_anything_is_sent() {
    let world = World::new();
    let core = world.with(caderno(), None).await;
    for typed in ["", " ", "a\r\nx-other: b", "a b", "ключ"] {
        let refused = type_in(&core, typed).await.err().unwrap();
        assert_eq!(
            (refused.code, refused.params["field"].as_str()),
            (ErrorCode::BadInput, "api_key"),
            "{typed:?}"
        );
    }
    let ask = BeginAuthorization {
        config_key: key().config_key,
        connection_id: None,
        surface: None,
        preferred: None,
        parameters: BTreeMap::new(),
        language: None,
    };
    let refused = core.begin(ask).await.err().unwrap();
    assert_eq!(
        (refused.code, refused.params["field"].as_str()),
        (ErrorCode::BadInput, "api_key"),
        "no page to open"
    );
    assert!(world.bank.sent().is_empty());
}

#[tokio::test]
async fn a_revoked_key_is_noticed_at_a_check_and_replaced_in_place() {
    let world = World::new();
    let core = world.with(caderno(), None).await;
    world.bank.answer(200, "{}");
    type_in(&core, "one").await.unwrap();
    world.bank.answer(503, "");
    assert_eq!(core.sync(&key()).await.err().map(|error| error.code), Some(ErrorCode::ProviderTrouble));
    assert_eq!(core.connection(&key()).unwrap().status, Status::Linked, "an outage ends nothing");
    world.bank.answer(200, "{}");
    assert!(core.sync(&key()).await.unwrap().last_synced_at.is_some());
    world.bank.answer(401, "");
    assert_eq!(core.sync(&key()).await.err().map(|error| error.code), Some(ErrorCode::ApproveAgain));
    let view = core.connection(&key()).unwrap();
    assert_eq!(view.needs, Needs::Approval { reason: ApprovalReason::KeyRefused });
    assert_eq!(world.store.access_token(), None, "a refused key is erased");
    let first = view.first_authorized_at;
    world.bank.answer(200, "{}");
    let again = type_in(&core, "two").await.unwrap();
    assert_eq!((again.status, again.first_authorized_at), (Status::Linked, first));
    assert_eq!(world.store.access_token().as_deref(), Some("two"));
}

#[tokio::test]
async fn disconnecting_erases_the_key_and_says_that_it_stays_valid_there() {
    let world = World::new();
    let core = world.with(caderno(), None).await;
    world.bank.answer(200, "{}");
    type_in(&core, "one").await.unwrap();
    assert_eq!(core.disconnect(&key()).await.unwrap(), RevocationOutcome::KeyStays);
    assert_eq!(world.store.access_token(), None);
    assert_eq!(world.bank.sent().len(), 1, "there is nobody to tell");
}

#[tokio::test]
async fn a_program_that_calls_a_key_refused_ends_nothing() {
    let world = World::new();
    let core = world.with(caderno(), None).await;
    world.bank.answer(200, "{}");
    type_in(&core, "one").await.unwrap();
    let refused = core.token_rejected(&key(), &SecretString::from("one"), "a test").await.err().unwrap();
    assert_eq!(refused.code, ErrorCode::TokenRefused);
    assert_eq!(core.connection(&key()).unwrap().status, Status::Linked);
}
