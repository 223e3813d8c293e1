//! The driver: performs what [`step`](crate::step) decides, through the ports.
//!
//! Shape: state in memory behind a short lock; writes about one connection in one line behind `writes`, so that what is
//! published is what is stored; long work (HTTP, waiting) holds neither.

mod asking;
mod attention;
mod authorize;
mod begin;
mod client;
mod codat;
mod configs;
mod data;
mod device;
mod elsewhere;
mod endpoints;
mod exchange;
mod identity;
mod keys;
mod lifecycle;
mod pluggy;
mod refresh;
mod rest;
mod revoke;
mod roster;
mod schedule;
mod tokens;
mod turn;
mod turns;
mod unsaved;
mod uses;

pub use self::attention::Attended;
pub use self::codat::{BeginCodatLink, CodatTextsInput, check_origin, csp};
pub use self::pluggy::BeginLink;
pub use begin::BeginAuthorization;
pub use configs::{ConfigChange, NewConfig, ProviderChoice};
pub(crate) use configs::{approach_of, provider_view};
pub use data::Findings;
pub use keys::ConnectKey;
pub(crate) use keys::parameters_asked;
pub use lifecycle::RevocationOutcome;
pub use tokens::FreshToken;

use crate::activity::{Activity, ActivityKind};
use crate::attempt::AttemptProgress;
use crate::config::ClientConfig;
use crate::connection::Connection;
use crate::error::{CoreError, ErrorCode};
use crate::id::{AttemptId, ConfigKey, ConnectionKey};
use crate::ports::{
    Clock, Grant, Http, Loopback, LoopbackHit, PendingRevocation, Random, Store, StoreError, UserAgent,
};
use crate::view::{ActivityView, AttemptView, CompanyName, ConfigView, ConnectionView, CoreEvent};
use futures_util::future::{BoxFuture, Shared};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{Notify, broadcast, mpsc};

/// Everything the core needs from outside.
#[derive(Clone)]
pub struct Ports {
    /// Keeps everything.
    pub store: Arc<dyn Store>,
    /// Asks providers.
    pub http: Arc<dyn Http>,
    /// Shows pages.
    pub user_agent: Arc<dyn UserAgent>,
    /// Listens for the return.
    pub loopback: Arc<dyn Loopback>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Draws random bytes.
    pub random: Arc<dyn Random>,
}

/// The core of the program: all connections of one vault, kept alive. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Connections {
    inner: Arc<Inner>,
}

struct Inner {
    ports: Ports,
    state: Mutex<State>,
    /// Writes about one connection go one after the other: read state, step, commit, publish.
    writes: turns::Turns,
    /// Asking an aggregator for keys and tokens.
    keys: asking::Asking,
    /// Making connections through an aggregator, and taking in what a list has found: a list must not find what is being
    /// made here.
    making: asking::Asking,
    /// What was read is kept one reading after the other, so that each begins with what the one before has left.
    keeping: tokio::sync::Mutex<()>,
    events: broadcast::Sender<CoreEvent>,
    /// The schedule looks again when this fires.
    wake: Arc<Notify>,
    hits: mpsc::Sender<LoopbackHit>,
    /// Windows call from threads of their own, where nothing can be spawned otherwise.
    executor: tokio::runtime::Handle,
}

impl Drop for Inner {
    /// The schedule sleeps on this; it sees that the core is gone and ends.
    fn drop(&mut self) {
        self.wake.notify_one();
    }
}

type SharedRefresh = Shared<BoxFuture<'static, Result<Arc<Grant>, CoreError>>>;

#[derive(Default)]
struct State {
    connections: roster::Roster,
    configs: BTreeMap<ConfigKey, ClientConfig>,
    attempts: HashMap<AttemptId, AttemptProgress>,
    /// Loopback listeners, open while their attempt waits.
    listeners: HashMap<AttemptId, Box<dyn Send + Sync>>,
    revocations: HashMap<String, PendingRevocation>,
    /// Refreshes under way; whoever comes later waits for the same answer.
    refreshing: HashMap<ConnectionKey, SharedRefresh>,
    /// New grants that the store could not take (disk full). Kept here and written before anything else happens.
    unsaved: HashMap<ConnectionKey, unsaved::Unsaved>,
    /// Until when the schedule leaves a connection alone whose refresh the store could not take.
    held: HashMap<ConnectionKey, jiff::Timestamp>,
    /// Revocations that a provider is being told at this moment.
    telling: HashSet<String>,
    /// When a use was last about to be written down, so that of many at once one writes.
    uses: HashMap<ConnectionKey, jiff::Timestamp>,
    /// What programs were refused of late.
    refusals: uses::Refusals,
    /// When the schedule last looked at the clock; behind it, the clock was set back.
    looked_at: jiff::Timestamp,
    syncing: HashSet<ConnectionKey>,
    /// Nothing new begins; see [`Connections::rest`].
    resting: bool,
    /// What only lives while the program runs, of links through Pluggy.
    pluggy: self::pluggy::Live,
    /// The same, of connections through Codat.
    codat: self::codat::Live,
    /// Transactions of all connections, once somebody has looked.
    ledger: data::Ledger,
}

/// Events that a slow listener may fall behind before it loses the oldest; it then reads everything anew.
const EVENT_BACKLOG: usize = 1024;

impl Connections {
    /// Loads everything and begins to work.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn start(ports: Ports) -> Result<Self, CoreError> {
        let stored = ports.store.load().await.map_err(store_error)?;
        let (events, _) = broadcast::channel(EVENT_BACKLOG);
        let (hits, incoming) = mpsc::channel(16);
        let state = State {
            connections: roster::Roster::of(stored.connections, ports.clock.now()),
            configs: stored.configs.into_iter().map(|one| (one.key.clone(), one)).collect(),
            pluggy: self::pluggy::Live::with(stored.pluggy_configs),
            codat: self::codat::Live::with(stored.codat_configs, stored.codat_texts.as_deref()),
            revocations: stored.revocations.into_iter().map(|one| (one.id.clone(), one)).collect(),
            ..State::default()
        };
        let inner = Inner {
            ports,
            state: Mutex::new(state),
            writes: turns::Turns::new(),
            keys: asking::Asking::default(),
            making: asking::Asking::default(),
            keeping: tokio::sync::Mutex::new(()),
            events,
            wake: Arc::new(Notify::new()),
            hits,
            executor: tokio::runtime::Handle::current(),
        };
        let core = Self { inner: Arc::new(inner) };
        core.resume_attempts(stored.attempts).await;
        tokio::spawn(schedule::run(Arc::downgrade(&core.inner)));
        tokio::spawn(authorize::receive_hits(Arc::downgrade(&core.inner), incoming));
        Ok(core)
    }

    /// Listens to what happens from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<CoreEvent> {
        self.inner.events.subscribe()
    }

    /// All connections, by key.
    pub fn connections(&self) -> Vec<ConnectionView> {
        let state = self.state();
        state.connections.values().map(|connection| connection_view(&state, connection)).collect()
    }

    /// One page of the connections, by key: those after `after` that have `search` in a name, `limit` at most; and how
    /// many there are in all.
    pub fn connections_page(
        &self,
        search: Option<&str>,
        after: Option<&ConnectionKey>,
        limit: usize,
    ) -> (Vec<ConnectionView>, usize) {
        let wanted = search.map(|text| text.trim().to_lowercase()).filter(|text| !text.is_empty());
        let state = self.state();
        let Some(wanted) = wanted else {
            let page = state.connections.after(after).take(limit);
            return (page.map(|one| connection_view(&state, one)).collect(), state.connections.len());
        };
        let (mut page, mut all) = (Vec::new(), 0);
        for one in state.connections.named(&wanted) {
            all += 1;
            if page.len() < limit && after.is_none_or(|after| one.key > *after) {
                page.push(connection_view(&state, one));
            }
        }
        (page, all)
    }

    /// One connection.
    ///
    /// # Errors
    /// [`ErrorCode::UnknownConnection`].
    pub fn connection(&self, key: &ConnectionKey) -> Result<ConnectionView, CoreError> {
        let state = self.state();
        let connection = state.connections.get(key).ok_or_else(|| unknown_connection(key))?;
        Ok(connection_view(&state, connection))
    }

    /// All client registrations, by name.
    pub fn configs(&self) -> Vec<ConfigView> {
        let state = self.state();
        let oauth = state.configs.values().map(|config| config_view(&state, config));
        let pluggy = state.pluggy.configs.values().map(|config| config.view(users_of(&state, &config.key)));
        let codat = state.codat.configs.values().map(|config| codat_config_view(&state, config));
        let mut all: Vec<ConfigView> = oauth.chain(pluggy).chain(codat).collect();
        all.sort_by(|one, other| one.config_key.cmp(&other.config_key));
        all
    }

    /// Lines of Activity, the newest first, and whether there are older ones.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn activity(
        &self,
        connection: Option<&ConnectionKey>,
        before: Option<u64>,
        limit: usize,
    ) -> Result<(Vec<ActivityView>, bool), CoreError> {
        let limit = limit.clamp(1, 200);
        let mut lines =
            self.inner.ports.store.activity(connection, before, limit + 1).await.map_err(store_error)?;
        let more = lines.len() > limit;
        lines.truncate(limit);
        Ok((lines.into_iter().map(|(sequence, line)| activity_view(sequence, line)).collect(), more))
    }

    /// Writes down something that concerns the vault as a whole.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn note(&self, kind: ActivityKind, params: BTreeMap<String, String>) -> Result<(), CoreError> {
        let at = self.now();
        let line =
            Activity { at, connection: None, connection_name: None, provider_name: None, kind, params };
        self.write(Vec::new(), vec![line]).await
    }

    /// The attempt that began last and is not over, or ended last.
    pub fn current_attempt(&self) -> Option<AttemptView> {
        let state = self.state();
        let straight =
            state.attempts.values().map(|one| ((one.is_waiting(), one.attempt.started_at), one.view()));
        let links = state.codat.attempts.values().map(|one| ((one.is_waiting(), one.started_at), one.view()));
        straight.chain(links).max_by_key(|(order, _)| *order).map(|(_, view)| view)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic while the lock was held cannot leave half a change: each change is one assignment.
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Works on without being waited for; from any thread.
    fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.inner.executor.spawn(work);
    }

    fn now(&self) -> jiff::Timestamp {
        self.inner.ports.clock.now()
    }

    fn announce_connection(&self, key: &ConnectionKey) {
        if let Ok(view) = self.connection(key) {
            self.announce(CoreEvent::ConnectionChanged { connection: Box::new(view) });
        }
    }

    fn announce(&self, event: CoreEvent) {
        // Nobody listening is no error.
        let _ = self.inner.events.send(event);
    }
}

fn line_about(
    connection: &Connection,
    at: jiff::Timestamp,
    kind: ActivityKind,
    params: &[(&'static str, String)],
) -> Activity {
    Activity {
        at,
        connection: Some(connection.key.clone()),
        connection_name: Some(connection.display_name().to_owned()),
        provider_name: Some(connection.provider_name.clone()),
        kind,
        params: params.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
    }
}

fn activity_view(sequence: u64, line: Activity) -> ActivityView {
    ActivityView {
        sequence,
        at: line.at,
        connection: line.connection,
        connection_name: line.connection_name,
        provider_name: line.provider_name,
        kind: line.kind,
        params: line.params,
    }
}

fn config_view(state: &State, config: &ClientConfig) -> ConfigView {
    config.view(users_of(state, &config.key), configs::redirect_to_register(config.provider()))
}

fn codat_config_view(state: &State, config: &crate::codat_config::CodatConfig) -> ConfigView {
    config.view(users_of(state, &config.key), state.codat.list_failure(&config.key))
}

/// How many connections use a registration.
fn users_of(state: &State, key: &ConfigKey) -> usize {
    state.connections.users_of(key)
}

fn connection_view(state: &State, connection: &Connection) -> ConnectionView {
    let provider = state.configs.get(&connection.key.config_key).map(ClientConfig::provider);
    ConnectionView {
        key: connection.key.clone(),
        source: connection.source(),
        approach: match (connection.source(), provider) {
            (crate::view::Source::Oauth, Some(provider)) => configs::approach_of(provider),
            (crate::view::Source::Oauth, None) => crate::view::Approach::Approval,
            _ => crate::view::Approach::Aggregator,
        },
        parameters: connection.parameters.clone(),
        provider: connection.provider.to_string(),
        provider_name: connection.provider_name.clone(),
        brand_color: match &connection.item {
            Some(item) => item.brand_color.clone(),
            None => match provider {
                Some(provider) => provider.brand_color.clone(),
                None => crate::configs::color_named(&connection.provider_name),
            },
        },
        category: connection.category,
        sandbox: provider.is_some_and(providers::Provider::is_sandbox)
            || state.pluggy.configs.get(&connection.key.config_key).is_some_and(|one| one.practice)
            || state.codat.configs.get(&connection.key.config_key).is_some_and(|one| one.practice),
        display_name: connection.display_name().to_owned(),
        nickname: connection.nickname.clone(),
        account_holder: connection.account_holder.clone(),
        company: connection
            .data_connection
            .as_ref()
            .map(|one| CompanyName { id: one.company.clone(), name: one.company_name.clone() }),
        status: connection.status,
        paused: connection.paused,
        syncing: state.syncing.contains(&connection.key)
            || state.refreshing.contains_key(&connection.key)
            || connection.is_being_read(),
        reachability: connection.reachability.clone(),
        needs: connection.needs,
        scopes_asked: connection.scopes_asked.clone(),
        scopes_granted: connection.scopes_granted.clone(),
        created_at: connection.created_at,
        first_authorized_at: connection.first_authorized_at,
        last_authorized_at: connection.last_authorized_at,
        last_refreshed_at: connection.last_refreshed_at,
        last_synced_at: connection.last_synced_at,
        last_used_at: connection.last_used_at,
        access_expires_at: connection.access_expires_at,
        renewable: connection.renewable,
        holds_until: connection.holds_until,
        hold_renews: connection.hold_renews,
    }
}

fn unknown_connection(key: &ConnectionKey) -> CoreError {
    CoreError::new(ErrorCode::UnknownConnection).with("connection", key.to_string())
}

fn unknown_config(key: &ConfigKey) -> CoreError {
    CoreError::new(ErrorCode::UnknownConfig).with("configKey", key.as_str())
}

fn store_error(error: StoreError) -> CoreError {
    CoreError::from(error)
}
