//! One test's own profile with a socket, a practice bank, and a clock that is moved by hand.

use crate::place::Windows;
use async_trait::async_trait;
use broker::client::{AskError, ask};
use broker::wire::{Operation, Reply, TokenAsk};
use connections::connection::Status;
use connections::error::ErrorCode;
use connections::id::{ConfigKey, ConnectionKey};
use connections::ports::{Clock, UserAgent};
use connections::view::{AttemptView, Surface};
use connections::{BeginAuthorization, NewConfig, ProviderChoice};
use jiff::{SignedDuration, Timestamp};
use runtime::{Options, Phase, Runtime, VaultProtection};
use sandbox::person::Choices;
use sandbox::{Endpoint, Sandbox};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::watch;

pub(crate) const PASSPHRASE: &str = "a passphrase of a test";
/// How long something may take that must happen.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A clock that is moved by hand.
pub(crate) struct HandClock {
    now: watch::Sender<Timestamp>,
}

impl HandClock {
    pub(crate) fn advance(&self, seconds: i64) {
        self.now.send_modify(|now| *now += SignedDuration::from_secs(seconds));
    }
}

#[async_trait]
impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        *self.now.borrow()
    }

    async fn sleep(&self, duration: Duration) {
        let until = self.now() + SignedDuration::try_from(duration).unwrap();
        self.now.subscribe().wait_for(|now| *now >= until).await.unwrap();
    }
}

/// A profile whose vault is open, and a bank.
pub(crate) struct Home {
    pub(crate) folder: TempDir,
    pub(crate) runtime: Runtime,
    pub(crate) bank: Sandbox,
    pub(crate) clock: Arc<HandClock>,
    pub(crate) windows: Arc<Windows>,
}

impl Home {
    pub(crate) async fn new() -> Self {
        let bank = Sandbox::start(sandbox::Options::default()).await.unwrap();
        let (now, _) = watch::channel(Timestamp::now());
        let clock = Arc::new(HandClock { now });
        let folder = tempfile::tempdir().unwrap();
        let windows = Arc::new(Windows::default());
        let runtime = runtime_in(&folder, &clock, &windows);
        runtime.create_vault(VaultProtection::Passphrase, Some(PASSPHRASE.into())).await.unwrap();
        let home = Self { folder, runtime, bank, clock, windows };
        home.register().await;
        home
    }

    /// Another computer, on which Mooring was never opened.
    pub(crate) fn other_computer(&self) -> (TempDir, Runtime) {
        let folder = tempfile::tempdir().unwrap();
        let runtime = runtime_in(&folder, &self.clock, &self.windows);
        (folder, runtime)
    }

    async fn register(&self) {
        let core = self.runtime.connections().unwrap();
        let metadata = core.discover(&self.bank.issuer()).await.unwrap();
        let provider = providers::Provider::sandbox(metadata);
        let scopes = provider.scopes.iter().map(|scope| scope.name.clone()).collect();
        let new = NewConfig {
            key: ConfigKey::parse("bank").unwrap(),
            provider: ProviderChoice::Custom(Box::new(provider)),
            client_id: self.bank.client_id().to_owned(),
            client_secret: None,
            scopes,
        };
        core.create_config(new).await.unwrap();
    }

    pub(crate) async fn begin(&self, surface: Surface) -> AttemptView {
        self.begin_for(&key(), surface).await
    }

    pub(crate) async fn begin_for(&self, key: &ConnectionKey, surface: Surface) -> AttemptView {
        let begin = BeginAuthorization {
            config_key: key.config_key.clone(),
            connection_id: Some(key.connection_id.clone()),
            surface: Some(surface),
            preferred: None,
            parameters: std::collections::BTreeMap::new(),
            language: None,
        };
        self.runtime.connections().unwrap().begin(begin).await.unwrap()
    }

    /// The person approves an attempt that waits.
    pub(crate) async fn approve(&self, attempt: &AttemptView) {
        let core = self.runtime.connections().unwrap();
        let address = core.authorization_address(&attempt.id).unwrap();
        let back = sandbox::person::approve(address.as_str(), &Choices::default()).await.unwrap();
        core.deliver(&back.into()).await.unwrap();
        let linked = async {
            while core.connection(&key()).map(|one| one.status).ok() != Some(Status::Linked) {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, linked).await.expect("it is linked");
    }

    /// A connection that is linked.
    pub(crate) async fn link(&self) {
        let attempt = self.begin(Surface::Print).await;
        self.approve(&attempt).await;
    }

    /// A token as a program gets it.
    pub(crate) async fn token(&self) -> Result<String, ErrorCode> {
        let ask = TokenAsk { key: key(), min_ttl_seconds: None };
        match self.asks(Operation::Token(ask)).await? {
            Reply::Token(token) => Ok(token.access_token),
            _ => panic!("no token"),
        }
    }

    /// What a program is answered.
    pub(crate) async fn asks(&self, operation: Operation) -> Result<Reply, ErrorCode> {
        ask_at(&self.folder, operation).await
    }

    /// How often the bank was asked for tokens.
    pub(crate) fn asked_for_tokens(&self) -> u64 {
        self.bank.requests().count(Endpoint::Token)
    }

    /// Waits until the bank was asked for tokens more often than that.
    pub(crate) async fn asked_more_than(&self, times: u64) {
        let asked = async {
            while self.asked_for_tokens() <= times {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, asked).await.expect("the bank is asked");
    }

    /// Lets everything run that was woken by the clock.
    pub(crate) async fn settled(&self) {
        for _ in 0..200 {
            tokio::task::yield_now().await;
        }
        // What blocks runs on a thread of its own; a turn there comes after those before it.
        tokio::task::spawn_blocking(|| ()).await.unwrap();
        for _ in 0..200 {
            tokio::task::yield_now().await;
        }
    }

    pub(crate) async fn reaches(&self, phase: Phase) {
        let mut phases = self.runtime.watch_phase();
        let reached = tokio::time::timeout(PATIENCE, phases.wait_for(|one| *one == phase)).await;
        reached.unwrap_or_else(|_| panic!("still {:?}", self.runtime.phase())).unwrap();
    }

    pub(crate) async fn unlock(&self) {
        self.runtime.unlock(Some(PASSPHRASE.into())).await.unwrap();
    }
}

pub(crate) async fn ask_at(folder: &TempDir, operation: Operation) -> Result<Reply, ErrorCode> {
    let socket = platform::profile::socket(folder.path());
    ask(&socket, operation, |_| {}).await.map_err(|error| match error {
        AskError::Refused(refusal) => refusal.code,
        other => panic!("{other}"),
    })
}

pub(crate) fn key() -> ConnectionKey {
    ConnectionKey::parse("bank", "ana").unwrap()
}

fn runtime_in(folder: &TempDir, clock: &Arc<HandClock>, windows: &Arc<Windows>) -> Runtime {
    let user_agent = Arc::clone(windows) as Arc<dyn UserAgent>;
    let options =
        Options { folder: folder.path().to_owned(), user_agent, serve: true, somebody_there: false };
    Runtime::with_clock(options, Arc::clone(clock) as Arc<dyn Clock>).unwrap()
}
