//! One test's own vault, practice bank and server.

use async_trait::async_trait;
use broker::caller::{Access, Caller};
use broker::gate::{Gate, Outcome};
use broker::http::{Limits, Options, Serving, serve};
use connections::configs::{CustomProvider, custom_provider};
use connections::error::{CoreError, ErrorCode};
use connections::id::{AttemptId, ConnectionKey};
use connections::ports::{Opening, SurfaceError, UserAgent};
use connections::view::{AttemptPhase, Source, Surface};
use connections::{BeginAuthorization, ConfigKey, Connections, NewConfig, ProviderChoice};
use reqwest::{Client, RequestBuilder, Response, redirect};
use runtime::{Runtime, VaultProtection};
use sandbox::Sandbox;
use secret::SecretString;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

pub const SECRET: &str = "CANARY-secret-of-the-local-api";
pub const PUBLISHABLE: &str = "pk-of-a-test";
pub const PAGE: &str = "http://localhost:8080";
pub const BANK: &str = "bank";

/// Who asked what, of which connection, and how it ended.
type Line = (String, Access, Option<String>, Outcome);

/// Lets everybody in, or nobody; remembers who asked.
#[derive(Default)]
pub struct Door {
    pub shut: bool,
    /// Shut for what goes on, since then.
    pub withdrawn: AtomicBool,
    pub lines: Mutex<Vec<Line>>,
}

#[async_trait]
impl Gate for Door {
    async fn admit(&self, _: &Caller, _: Access, _: Option<&ConnectionKey>) -> Result<(), CoreError> {
        if self.shut {
            Err(CoreError::new(ErrorCode::NotPermitted).with("reason", "refused"))
        } else {
            Ok(())
        }
    }

    fn still_admits(&self, _: &Caller, _: Access, _: Option<&ConnectionKey>) -> bool {
        !self.withdrawn.load(Ordering::Relaxed)
    }

    async fn record(
        &self,
        caller: &Caller,
        access: Access,
        connection: Option<&ConnectionKey>,
        outcome: &Outcome,
    ) {
        let line = (caller.id.to_string(), access, connection.map(ToString::to_string), outcome.clone());
        self.lines.lock().unwrap().push(line);
    }
}

struct NoWindow;

#[async_trait]
impl UserAgent for NoWindow {
    fn surfaces(&self) -> Vec<Surface> {
        vec![Surface::Browser]
    }
    async fn open(&self, _: Opening) -> Result<(), SurfaceError> {
        Ok(())
    }
    async fn close(&self, _: &AttemptId) {}
}

pub struct Place {
    pub core: Connections,
    pub door: Arc<Door>,
    pub serving: Serving,
    pub bank: Sandbox,
    pub runtime: Runtime,
    _folder: TempDir,
}

impl Place {
    pub async fn new() -> Self {
        Self::with(Door::default(), Limits::default()).await
    }

    pub async fn with(door: Door, limits: Limits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let runtime = Runtime::new(runtime::Options {
            folder: folder.path().to_owned(),
            user_agent: Arc::new(NoWindow),
            serve: false,
            somebody_there: false,
        })
        .unwrap();
        let passphrase = Some(SecretString::from("a passphrase of a test"));
        runtime.create_vault(VaultProtection::Passphrase, passphrase).await.unwrap();
        let core = runtime.connections().unwrap();
        let bank = Sandbox::start(sandbox::Options::default()).await.unwrap();
        let issuer = bank.issuer();
        let custom = CustomProvider { issuer: Some(&issuer), ..CustomProvider::default() };
        let provider = custom_provider(&core, &custom).await.unwrap();
        let new = NewConfig {
            key: ConfigKey::parse(BANK).unwrap(),
            provider: ProviderChoice::Custom(Box::new(provider)),
            client_id: bank.client_id().to_owned(),
            client_secret: None,
            scopes: vec!["openid".to_owned(), "accounts".to_owned(), "offline_access".to_owned()],
        };
        core.create_config(new).await.unwrap();
        let door = Arc::new(door);
        let serving = serve(options(&core, &door, limits)).await.unwrap();
        Self { core, door, serving, bank, runtime, _folder: folder }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.serving.address())
    }

    /// A request of a program that knows the secret.
    pub fn get(&self, path: &str) -> RequestBuilder {
        self.bare(path).bearer_auth(SECRET)
    }

    /// A request of anybody.
    pub fn bare(&self, path: &str) -> RequestBuilder {
        client().get(self.url(path))
    }

    pub async fn json(&self, path: &str) -> serde_json::Value {
        let answer = self.get(path).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        parse(answer).await
    }

    /// Links a connection at the practice bank, in the way of the window.
    pub async fn link(&self, id: &str) -> ConnectionKey {
        let key = ConnectionKey::parse(BANK, id).unwrap();
        let ask = BeginAuthorization {
            config_key: ConfigKey::parse(BANK).unwrap(),
            connection_id: Some(key.connection_id.clone()),
            surface: Some(Surface::Print),
            preferred: None,
            parameters: BTreeMap::new(),
            language: None,
        };
        let attempt = self.core.begin(ask).await.unwrap();
        let address = self.core.authorization_address(&attempt.id).unwrap();
        let mut events = self.core.subscribe();
        let choices = sandbox::person::Choices::default();
        let landed = sandbox::person::approve(address.as_str(), &choices).await.unwrap();
        self.core.deliver(&SecretString::from(landed)).await.unwrap();
        while self.core.attempt(&attempt.id).unwrap().phase != AttemptPhase::Succeeded {
            events.recv().await.unwrap();
        }
        key
    }
}

impl Place {
    /// A connection through an aggregator.
    pub async fn aggregated(&self) -> ConnectionKey {
        let mut events = self.core.subscribe();
        self.runtime.practice_codat().await.unwrap();
        loop {
            let found = self.core.connections().into_iter().find(|one| one.source == Source::Codat);
            match found {
                Some(one) => return one.key,
                None => drop(events.recv().await.unwrap()),
            }
        }
    }
}

pub fn options(core: &Connections, door: &Arc<Door>, limits: Limits) -> Options {
    Options {
        address: ([127, 0, 0, 1], 0).into(),
        core: core.clone(),
        gate: Arc::clone(door) as Arc<dyn Gate>,
        secret: SecretString::from(SECRET),
        publishable_key: PUBLISHABLE.to_owned(),
        allowed_origins: vec![PAGE.to_owned()],
        limits,
    }
}

pub fn client() -> Client {
    Client::builder().redirect(redirect::Policy::none()).build().unwrap()
}

pub async fn parse(answer: Response) -> serde_json::Value {
    let text = answer.text().await.unwrap();
    serde_json::from_str(&text).unwrap_or_else(|_| panic!("no JSON: {text}"))
}

/// Status and the `error` member.
pub async fn refusal(request: RequestBuilder) -> (u16, String) {
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    let error = parse(answer).await["error"].as_str().unwrap_or_default().to_owned();
    (status, error)
}
