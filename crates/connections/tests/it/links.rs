//! Links through Pluggy in the driver: what is older than the person's last word changes nothing.

use crate::world::World;
use async_trait::async_trait;
use connections::id::{ConfigKey, ConnectionKey};
use connections::pluggy_config::PluggyFields;
use connections::ports::{Http, HttpError};
use connections::view::{CoreEvent, LinkPhase, LinkReason};
use connections::{BeginLink, Connections};
use pluggy::Parameters;
use secret::Secret;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::Notify;

/// A Pluggy with one item, whose looks can be held back after what they show is settled.
#[derive(Default)]
struct Aggregator {
    item: Mutex<Value>,
    /// Whether the next looks are held.
    holds: Mutex<bool>,
    looked: Notify,
    looks: AtomicUsize,
    released: Notify,
}

impl Aggregator {
    fn stands(&self, status: &str, execution: &str) {
        *self.item.lock().unwrap() = json!({ "id": "i-1", "status": status, "executionStatus": execution });
    }
}

#[async_trait]
impl Http for Aggregator {
    async fn send(&self, request: oauth::Request) -> Result<oauth::Response, HttpError> {
        let request = request.into_http();
        let item = self.item.lock().unwrap().clone();
        let body = match (request.method().as_str(), request.uri().path()) {
            ("POST", "/auth") => json!({ "apiKey": "a-key" }),
            ("GET", "/connectors") => json!({ "results": [{
                "id": 7, "name": "Banco", "credentials": [{ "name": "user", "label": "User", "type": "text" }]
            }], "page": 1, "totalPages": 1 }),
            ("POST", "/items") => item,
            ("PATCH", "/items/i-1") => {
                self.stands("UPDATING", "LOGIN_IN_PROGRESS");
                self.item.lock().unwrap().clone()
            }
            ("GET", "/items/i-1") => {
                self.looks.fetch_add(1, Ordering::Relaxed);
                self.looked.notify_one();
                if std::mem::take(&mut *self.holds.lock().unwrap()) {
                    self.released.notified().await;
                }
                item
            }
            other => panic!("{other:?}"),
        };
        let body = Secret::new(body.to_string().into_bytes());
        let content_type = Some("application/json".to_owned());
        Ok(oauth::Response { status: 200, content_type, retry_after: None, body })
    }
}

fn fields() -> PluggyFields {
    PluggyFields {
        config_key: "pluggy".to_owned(),
        client_id: Some("client-1".to_owned()),
        client_secret: Some("a-secret-of-a-test".into()),
        ..PluggyFields::default()
    }
}

async fn began(core: &Connections) -> ConnectionKey {
    core.create_pluggy(fields()).await.unwrap();
    let ask = BeginLink {
        config_key: ConfigKey::parse("pluggy").unwrap(),
        institution: 7,
        connection_id: None,
        values: Parameters::new().with("user", "ana"),
        another: false,
    };
    core.begin_link(ask).await.unwrap().key
}

#[tokio::test]
async fn a_look_that_began_before_a_run_does_not_take_it_back() {
    let world = World::new();
    let pluggy = Arc::new(Aggregator::default());
    pluggy.stands("LOGIN_ERROR", "INVALID_CREDENTIALS");
    let core = world.start_with(Arc::clone(&pluggy) as Arc<dyn Http>).await;
    let key = began(&core).await;
    assert_eq!(core.show_link(&key).unwrap().phase, LinkPhase::Failed);
    // A look is on its way, and what it will show is settled.
    *pluggy.holds.lock().unwrap() = true;
    core.edit_pluggy(fields()).await.unwrap();
    pluggy.looked.notified().await;
    let again = core.sign_in_again(&key, Parameters::new().with("user", "ana")).await.unwrap();
    assert_eq!(again.phase, LinkPhase::Working);
    let mut events = core.subscribe();
    pluggy.released.notify_one();
    // The next look can only begin when that one is over.
    world.until(|| pluggy.looks.load(Ordering::Relaxed) > 1).await;
    while let Ok(event) = events.try_recv() {
        if let CoreEvent::LinkChanged { link } = event {
            assert_ne!(link.problem.map(|one| one.reason), Some(LinkReason::WrongLogin), "it came back");
        }
    }
    assert_eq!(core.show_link(&key).unwrap().phase, LinkPhase::Working);
}
