//! A store in memory that can fail, a provider that answers as told, and a clock that is moved by hand.

use async_trait::async_trait;
use connections::activity::{Activity, ActivityKind};
use connections::attempt::Attempt;
use connections::config::ClientConfig;
use connections::connection::Connection;
use connections::id::{AttemptId, ConfigKey, ConnectionKey};
use connections::pluggy_config::PluggyConfig;
use connections::ports::{
    Change, Clock, Grant, Http, HttpError, Listening, Loopback, LoopbackHit, Opening, PendingRevocation,
    Random, Store, StoreError, Stored, SurfaceError, UserAgent,
};
use connections::raw_answer::RawAnswer;
use connections::view::Surface;
use connections::{Connections, NewConfig, Ports, ProviderChoice};
use jiff::{SignedDuration, Timestamp};
use oauth::{Response, ServerMetadata};
use secret::{Secret, SecretString};
use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{Notify, mpsc, watch};

/// Seconds after the beginning of the world.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).unwrap()
}

pub fn key() -> ConnectionKey {
    ConnectionKey::parse("bank", "ana").unwrap()
}

pub fn provider() -> providers::Provider {
    let url = |path: &str| format!("https://bank.example/{path}").parse().unwrap();
    providers::Provider::custom(
        "Bank",
        ServerMetadata {
            issuer: Some("https://bank.example".to_owned()),
            authorization_endpoint: url("authorize"),
            token_endpoint: url("token"),
            device_authorization_endpoint: None,
            revocation_endpoint: Some(url("revoke")),
            userinfo_endpoint: None,
            jwks_uri: None,
            scopes_supported: Vec::new(),
            client_authentication_methods: vec!["none".to_owned()],
            id_token_algorithms: Vec::new(),
            iss_parameter_supported: false,
        },
    )
}

pub fn pending() -> Connection {
    Connection::pending(key(), &provider(), vec!["a".to_owned()], at(0))
}

/// A store in memory. Clones are one store, so it survives the core that uses it.
#[derive(Clone, Default)]
pub struct MemoryStore {
    inner: Arc<Mutex<Memory>>,
    gate: Arc<Mutex<Option<watch::Receiver<bool>>>>,
    arrived: Arc<Notify>,
}

#[derive(Default)]
struct Memory {
    connections: HashMap<ConnectionKey, Connection>,
    configs: HashMap<ConfigKey, ClientConfig>,
    pluggy_configs: HashMap<ConfigKey, PluggyConfig>,
    codat_configs: HashMap<ConfigKey, connections::codat_config::CodatConfig>,
    secrets: HashMap<ConfigKey, SecretString>,
    grants: HashMap<ConnectionKey, Grant>,
    attempts: HashMap<AttemptId, Attempt>,
    revocations: HashMap<String, PendingRevocation>,
    lines: Vec<Activity>,
    older_lines: u64,
    trimmed_before: Option<u64>,
    commits: usize,
    tries: usize,
    failure: Option<StoreError>,
}

impl MemoryStore {
    /// The next commit, and those after it, wait until the sender says `true`.
    pub fn hold(&self) -> watch::Sender<bool> {
        let (sender, receiver) = watch::channel(false);
        *self.gate.lock().unwrap() = Some(receiver);
        sender
    }

    /// Waits until a commit has come that is held.
    pub async fn arrived(&self) {
        self.arrived.notified().await;
    }

    /// How often it was written to.
    pub fn commits(&self) -> usize {
        self.inner.lock().unwrap().commits
    }

    /// How often somebody wanted to write to it.
    pub fn tries(&self) -> usize {
        self.inner.lock().unwrap().tries
    }

    /// As if so many lines had been written before.
    pub fn count_lines_from(&self, older: u64) {
        self.inner.lock().unwrap().older_lines = older;
    }

    /// Before which line everything was removed.
    pub fn trimmed_before(&self) -> Option<u64> {
        self.inner.lock().unwrap().trimmed_before
    }

    /// Changes the stored connection behind the core's back.
    pub fn change_connection(&self, change: impl FnOnce(&mut Connection)) {
        change(self.inner.lock().unwrap().connections.get_mut(&key()).unwrap());
    }

    /// Changes the provider of the registration behind the core's back.
    pub fn change_provider(&self, change: impl FnOnce(&mut providers::Provider)) {
        change(&mut self.inner.lock().unwrap().configs.get_mut(&key().config_key).unwrap().provider);
    }

    /// Lines of Activity of this kind.
    pub fn lines(&self, kind: ActivityKind) -> Vec<Activity> {
        self.inner.lock().unwrap().lines.iter().filter(|line| line.kind == kind).cloned().collect()
    }

    /// From now on commits fail with this, or no longer.
    pub fn fail_with(&self, failure: Option<StoreError>) {
        self.inner.lock().unwrap().failure = failure;
    }

    pub fn connection(&self) -> Connection {
        self.inner.lock().unwrap().connections[&key()].clone()
    }

    pub fn access_token(&self) -> Option<String> {
        self.inner.lock().unwrap().grants.get(&key()).map(|grant| grant.access_token.expose().clone())
    }

    pub fn refresh_token(&self) -> Option<String> {
        let memory = self.inner.lock().unwrap();
        let grant = memory.grants.get(&key())?;
        grant.refresh_token.as_ref().map(|token| token.expose().clone())
    }

    /// Changes the stored grant behind the core's back.
    pub fn change_grant(&self, change: impl FnOnce(&mut Grant)) {
        change(self.inner.lock().unwrap().grants.get_mut(&key()).unwrap());
    }

    pub fn pending_revocations(&self) -> usize {
        self.inner.lock().unwrap().revocations.len()
    }

    pub fn has_connections(&self) -> bool {
        !self.inner.lock().unwrap().connections.is_empty()
    }

    pub fn extras(&self) -> std::collections::BTreeMap<String, String> {
        self.inner.lock().unwrap().grants[&key()].extras.clone()
    }

    /// As if nobody had to look at anything through Codat any more.
    pub fn forget_looks(&self) {
        for connection in self.inner.lock().unwrap().connections.values_mut() {
            if let Some(facts) = &mut connection.data_connection {
                facts.look_at = None;
            }
        }
    }

    pub fn put(&self, connection: Connection, grant: Grant) {
        let mut memory = self.inner.lock().unwrap();
        memory.grants.insert(connection.key.clone(), grant);
        memory.connections.insert(connection.key.clone(), connection);
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn load(&self) -> Result<Stored, StoreError> {
        let memory = self.inner.lock().unwrap();
        Ok(Stored {
            connections: memory.connections.values().cloned().collect(),
            configs: memory.configs.values().cloned().collect(),
            attempts: memory.attempts.values().map(Attempt::stored_copy).collect(),
            pluggy_configs: memory.pluggy_configs.values().cloned().collect(),
            codat_configs: memory.codat_configs.values().cloned().collect(),
            codat_texts: None,
            revocations: Vec::new(),
        })
    }

    async fn commit(&self, changes: Vec<Change>) -> Result<Vec<u64>, StoreError> {
        let gate = self.gate.lock().unwrap().clone();
        if let Some(mut gate) = gate {
            self.arrived.notify_one();
            gate.wait_for(|open| *open).await.unwrap();
        }
        let mut memory = self.inner.lock().unwrap();
        memory.tries += 1;
        if let Some(failure) = &memory.failure {
            return Err(failure.clone());
        }
        memory.commits += 1;
        let mut sequences = Vec::new();
        for change in changes {
            match change {
                Change::PutConnection(one) => drop(memory.connections.insert(one.key.clone(), *one)),
                Change::DeleteConnection(key) => {
                    memory.grants.remove(&key);
                    memory.connections.remove(&key);
                }
                Change::PutGrant(key, grant) => drop(memory.grants.insert(key, grant.duplicate())),
                Change::EraseGrant(key) => drop(memory.grants.remove(&key)),
                Change::PutConfig(config, secret) => {
                    if let Some(secret) = secret {
                        memory.secrets.insert(config.key.clone(), secret);
                    }
                    memory.configs.insert(config.key.clone(), *config);
                }
                Change::DeleteConfig(key) => drop(memory.configs.remove(&key)),
                Change::PutAttempt(attempt) => drop(memory.attempts.insert(attempt.id.clone(), *attempt)),
                Change::DeleteAttempt(id) => drop(memory.attempts.remove(&id)),
                Change::PutRevocation(one) => drop(memory.revocations.insert(one.id.clone(), one)),
                Change::DeleteRevocation(id) => drop(memory.revocations.remove(&id)),
                Change::PutPluggyConfig(config, secret) => {
                    if let Some(secret) = secret {
                        memory.secrets.insert(config.key.clone(), secret);
                    }
                    memory.pluggy_configs.insert(config.key.clone(), *config);
                }
                Change::PutCodatConfig(config, secret) => {
                    if let Some(secret) = secret {
                        memory.secrets.insert(config.key.clone(), secret);
                    }
                    memory.codat_configs.insert(config.key.clone(), *config);
                }
                // Nobody who uses this store asks what was read, and a key is asked for again.
                Change::PutApiKey(..) | Change::PutAccounts(..) | Change::DeleteData(..) => {}
                Change::DeletePluggyConfig(_)
                | Change::DeleteCodatConfig(_)
                | Change::PutCodatTexts(_)
                | Change::PutTransactions(..)
                | Change::PutBalances(..) => panic!("the tests that use this store read nothing"),
                Change::TrimLog(before) => memory.trimmed_before = Some(before),
                Change::Log(line) => {
                    memory.lines.push(line);
                    sequences.push(memory.older_lines + memory.lines.len() as u64);
                }
            }
        }
        Ok(sequences)
    }

    async fn grant(&self, key: &ConnectionKey) -> Result<Option<Arc<Grant>>, StoreError> {
        Ok(self.inner.lock().unwrap().grants.get(key).map(|grant| Arc::new(grant.duplicate())))
    }

    async fn api_key(&self, _: &ConfigKey) -> Result<Option<connections::ports::ApiKey>, StoreError> {
        Ok(None)
    }

    async fn accounts(&self) -> Result<Vec<(ConnectionKey, Vec<connections::view::Account>)>, StoreError> {
        Ok(Vec::new())
    }

    async fn accounts_of(
        &self,
        _: &ConnectionKey,
    ) -> Result<Option<Vec<connections::view::Account>>, StoreError> {
        Ok(None)
    }

    async fn balances(
        &self,
        _key: &ConnectionKey,
        _account: &str,
    ) -> Result<Vec<connections::ledger::BalancePoint>, StoreError> {
        Ok(Vec::new())
    }

    async fn transactions(
        &self,
        _: &ConnectionKey,
        _: &str,
    ) -> Result<Vec<connections::view::TransactionView>, StoreError> {
        Ok(Vec::new())
    }

    async fn client_secret(&self, key: &ConfigKey) -> Result<Option<SecretString>, StoreError> {
        Ok(self.inner.lock().unwrap().secrets.get(key).map(SecretString::duplicate))
    }

    async fn activity(
        &self,
        _connection: Option<&ConnectionKey>,
        _before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<(u64, Activity)>, StoreError> {
        let memory = self.inner.lock().unwrap();
        Ok(memory
            .lines
            .iter()
            .cloned()
            .enumerate()
            .map(|(at, line)| (at as u64 + 1, line))
            .rev()
            .take(limit)
            .collect())
    }
}

/// Status and body, or why there are none.
type Scripted = Result<(u16, String), HttpError>;

/// A provider that gives the answers it was told, in turn, and keeps what it was asked.
#[derive(Clone, Default)]
pub struct ScriptedProvider {
    answers: Arc<Mutex<VecDeque<Scripted>>>,
    asked: Arc<Mutex<Vec<String>>>,
    sent: Arc<Mutex<Vec<http::Request<Vec<u8>>>>>,
    gate: Arc<Mutex<Option<watch::Receiver<bool>>>>,
    next: Arc<Mutex<Option<watch::Receiver<bool>>>>,
    arrived: Arc<Notify>,
}

impl ScriptedProvider {
    pub fn answer(&self, status: u16, body: impl Into<String>) {
        self.answers.lock().unwrap().push_back(Ok((status, body.into())));
    }

    pub fn fail(&self, error: HttpError) {
        self.answers.lock().unwrap().push_back(Err(error));
    }

    /// What it was asked: path and body.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// What it was asked, whole.
    pub fn sent(&self) -> Vec<http::Request<Vec<u8>>> {
        self.sent.lock().unwrap().clone()
    }

    /// Requests wait until the sender says `true`.
    pub fn hold(&self) -> watch::Sender<bool> {
        let (sender, receiver) = watch::channel(false);
        *self.gate.lock().unwrap() = Some(receiver);
        sender
    }

    /// The next request, and no other, waits until the sender says `true`.
    pub fn hold_next(&self) -> watch::Sender<bool> {
        let (sender, receiver) = watch::channel(false);
        *self.next.lock().unwrap() = Some(receiver);
        sender
    }

    /// Whether it was told that the grant with this token is over.
    pub fn was_told(&self, token: &str) -> bool {
        let holds = |asked: &String| asked.starts_with("/revoke") && asked.contains(token);
        self.asked.lock().unwrap().iter().any(holds)
    }

    /// Waits until a request has come.
    pub async fn arrived(&self) {
        self.arrived.notified().await;
    }
}

#[async_trait]
impl Http for ScriptedProvider {
    async fn send(&self, request: oauth::Request) -> Result<Response, HttpError> {
        let request = request.into_http();
        self.sent.lock().unwrap().push(request.clone());
        let body = String::from_utf8_lossy(request.body()).into_owned();
        self.asked.lock().unwrap().push(format!("{} {body}", request.uri().path()));
        let answer = self.answers.lock().unwrap().pop_front();
        self.arrived.notify_one();
        let next = self.next.lock().unwrap().take();
        let gate = self.gate.lock().unwrap().clone();
        for mut gate in next.into_iter().chain(gate) {
            gate.wait_for(|open| *open).await.unwrap();
        }
        let (status, body) = answer.expect("the provider was asked more than it was told")?;
        let content_type = Some("application/json".to_owned());
        Ok(Response { status, content_type, retry_after: None, body: Secret::new(body.into_bytes()) })
    }
}

/// A clock that stands until it is moved. Timers follow the time that a machine runs, not the wall clock.
#[derive(Clone)]
pub struct HandClock {
    now: watch::Sender<Timestamp>,
    running: watch::Sender<Duration>,
}

impl HandClock {
    fn new() -> Self {
        Self { now: watch::channel(at(0)).0, running: watch::channel(Duration::ZERO).0 }
    }

    /// Time goes by while the machine runs.
    pub fn advance(&self, by: SignedDuration) {
        self.set(by);
        self.running.send_modify(|running| *running += Duration::try_from(by).unwrap());
    }

    /// The wall clock is set, to either side, or the machine sleeps: timers stand still.
    pub fn set(&self, by: SignedDuration) {
        self.now.send_modify(|now| *now = now.checked_add(by).unwrap());
    }
}

#[async_trait]
impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        *self.now.borrow()
    }

    async fn sleep(&self, duration: Duration) {
        let until = *self.running.borrow() + duration;
        let mut running = self.running.subscribe();
        running.wait_for(|running| *running >= until).await.unwrap();
    }
}

struct Counting(AtomicU8);

impl Random for Counting {
    fn bytes(&self) -> [u8; 32] {
        [self.0.fetch_add(1, Ordering::Relaxed); 32]
    }
}

struct NoWindow;

#[async_trait]
impl UserAgent for NoWindow {
    fn surfaces(&self) -> Vec<Surface> {
        vec![Surface::Embedded, Surface::Browser]
    }
    async fn open(&self, _opening: Opening) -> Result<(), SurfaceError> {
        Ok(())
    }
    async fn close(&self, _attempt: &AttemptId) {}
}

/// Listens nowhere; keeps where it was to.
#[derive(Clone, Default)]
pub struct NoListener(Arc<Mutex<Vec<Option<u16>>>>);

#[async_trait]
impl Loopback for NoListener {
    async fn listen(
        &self,
        _attempt: &AttemptId,
        port: Option<u16>,
        _hits: mpsc::Sender<LoopbackHit>,
    ) -> Result<Listening, std::io::Error> {
        self.0.lock().unwrap().push(port);
        Ok(Listening { port: port.unwrap_or(4000), guard: Box::new(()) })
    }
}

/// A world with one registration at one bank.
pub struct World {
    pub store: MemoryStore,
    pub bank: ScriptedProvider,
    pub clock: HandClock,
    pub listener: NoListener,
}

impl World {
    pub fn new() -> Self {
        Self {
            store: MemoryStore::default(),
            bank: ScriptedProvider::default(),
            clock: HandClock::new(),
            listener: NoListener::default(),
        }
    }

    /// Ports that were to be listened on.
    pub fn listened(&self) -> Vec<Option<u16>> {
        self.listener.0.lock().unwrap().clone()
    }

    /// Starts a core over this world's store; as often as wanted.
    pub async fn start(&self) -> Connections {
        self.start_with(Arc::new(self.bank.clone())).await
    }

    /// The same, with somebody else to answer.
    pub async fn start_with(&self, http: Arc<dyn Http>) -> Connections {
        let ports = Ports {
            store: Arc::new(self.store.clone()),
            http,
            user_agent: Arc::new(NoWindow),
            loopback: Arc::new(self.listener.clone()),
            clock: Arc::new(self.clock.clone()),
            random: Arc::new(Counting(AtomicU8::new(0))),
        };
        Connections::start(ports).await.unwrap()
    }

    /// A core with this provider registered under [`key`].
    pub async fn with(&self, provider: providers::Provider, secret: Option<&str>) -> Connections {
        let core = self.start().await;
        let takes_key = provider.takes_key();
        let new = NewConfig {
            key: key().config_key,
            provider: ProviderChoice::Custom(Box::new(provider)),
            client_id: if takes_key { String::new() } else { "mooring".to_owned() },
            client_secret: secret.map(SecretString::from),
            scopes: if takes_key { Vec::new() } else { vec!["a".to_owned()] },
        };
        core.create_config(new).await.unwrap();
        core
    }

    /// Lets everything that can go on go on, until something holds; the clock stands.
    pub async fn settle(&self, holds: impl Fn() -> bool) {
        for _ in 0..10_000 {
            if holds() {
                return;
            }
            tokio::task::yield_now().await;
        }
        panic!("it never happened");
    }

    /// Moves the clock on, second by second, until something holds.
    pub async fn until(&self, holds: impl Fn() -> bool) {
        for _ in 0..2_000 {
            for _ in 0..50 {
                if holds() {
                    return;
                }
                tokio::task::yield_now().await;
            }
            self.clock.advance(SignedDuration::from_secs(1));
        }
        panic!("it never happened");
    }

    /// A core with the bank registered and one connection linked, whose token lives `life` seconds.
    pub async fn linked(&self, life: i64) -> Connections {
        let core = self.start().await;
        let new = NewConfig {
            key: key().config_key,
            provider: ProviderChoice::Custom(Box::new(provider())),
            client_id: "mooring".to_owned(),
            client_secret: None,
            scopes: vec!["a".to_owned()],
        };
        core.create_config(new).await.unwrap();
        let grant = Grant {
            access_token: SecretString::from("access-0"),
            refresh_token: Some(SecretString::from("refresh-0")),
            raw: RawAnswer::from("{}"),
            extras: std::collections::BTreeMap::new(),
            scopes: vec!["a".to_owned()],
            obtained_at: at(0),
            expires_at: Some(at(life)),
            refresh_expires_at: None,
        };
        let facts = connections::step::GrantFacts {
            scopes: vec!["a".to_owned()],
            access_expires_at: Some(at(life)),
            renewable: true,
            ..connections::step::GrantFacts::default()
        };
        let event = connections::step::Event::Authorized(facts);
        self.store.put(connections::step::step(&pending(), event, at(0)).connection, grant);
        drop(core);
        self.start().await
    }
}

/// A token answer that rotates.
pub fn rotated(number: u32, life: u32) -> String {
    format!(
        "{{\"access_token\":\"access-{number}\",\"refresh_token\":\"refresh-{number}\",\"token_type\":\"Bearer\",\
         \"expires_in\":{life},\"scope\":\"a\"}}"
    )
}
