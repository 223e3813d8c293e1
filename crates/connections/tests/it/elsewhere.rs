//! Attempts that are answered at an address of somebody else in the program.

use crate::world::{World, key};
use connections::error::ErrorCode;
use connections::view::{AttemptPhase, Surface};
use connections::{BeginAuthorization, ConfigKey, ConnectionId, Connections};
use secret::SecretString;
use url::Url;

const ELSEWHERE: &str = "http://localhost:3004/oauth/callback";

fn ask(config_key: &str) -> BeginAuthorization {
    BeginAuthorization {
        config_key: ConfigKey::parse(config_key).unwrap(),
        connection_id: Some(ConnectionId::parse("new").unwrap()),
        surface: None,
        preferred: None,
        parameters: std::collections::BTreeMap::new(),
        language: None,
    }
}

async fn begun(core: &Connections) -> (connections::AttemptId, String) {
    let (attempt, address) = core.begin_elsewhere(ask("bank"), ELSEWHERE).await.unwrap();
    assert_eq!(attempt.surface, Surface::Print, "nothing is opened");
    assert_eq!(value(&address, "redirect_uri"), ELSEWHERE);
    (attempt.id, value(&address, "state"))
}

fn value(address: &Url, name: &str) -> String {
    address.query_pairs().find(|(one, _)| one == name).unwrap().1.into_owned()
}

#[tokio::test]
async fn only_its_own_address_answers_it() {
    let core = World::new().linked(300).await;
    let (id, state) = begun(&core).await;
    for foreign in ["http://127.0.0.1:4000/callback", "http://localhost:3005/oauth/callback"] {
        let address = SecretString::from(format!("{foreign}?code=c&state={state}"));
        assert_eq!(core.deliver(&address).await.unwrap_err().code, ErrorCode::ForeignAnswer, "{foreign}");
        assert_eq!(core.attempt(&id).unwrap().phase, AttemptPhase::Waiting);
    }
    let refused = SecretString::from(format!("{ELSEWHERE}?error=access_denied&state={state}"));
    let ended = core.deliver(&refused).await.unwrap();
    assert_eq!(ended.phase, AttemptPhase::Failed);
    assert_eq!(ended.error.unwrap().code, ErrorCode::AccessDenied);
}

#[tokio::test]
async fn it_survives_a_restart_without_taking_the_port_of_whoever_listens() {
    let world = World::new();
    let core = world.linked(300).await;
    let (id, _) = begun(&core).await;
    drop(core);
    let core = world.start().await;
    assert_eq!(core.attempt(&id).unwrap().phase, AttemptPhase::Waiting);
    assert_eq!(world.listened(), Vec::<Option<u16>>::new());
}

#[tokio::test]
async fn an_unknown_registration_begins_nothing() {
    let core = World::new().linked(300).await;
    let refused = core.begin_elsewhere(ask("other"), ELSEWHERE).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::UnknownConfig);
    assert_eq!(core.connections().len(), 1);
    assert!(core.parameters(&key()).unwrap().is_empty());
}
