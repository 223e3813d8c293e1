//! The assembled core that the window and the agent share: profile, vault, connections, broker, practice bank.
//!
//! Knows nothing of Tauri and of command lines. Decides nothing about connections.
//!
//! Invariants
//! - One process owns a vault: the vault's own lock says so, and the loser is told who won.
//! - Nobody gets to the core while the vault is locked, and there is none unless the person chose that connections are
//!   kept alive meanwhile.

mod auto_lock;
mod error;
mod local_http;
mod lock;
mod passphrase;
mod practice;
mod safekeeping;
mod unlock;

pub use auto_lock::{IdleSource, Policy, WhileLocked};
pub use error::{backup_error, create_error, keychain_open_error, open_error, restore_error};
pub use local_http::{HttpAddress, HttpState, HttpWish};
pub use passphrase::hardness;
pub use practice::{PRACTICE_CODAT, PRACTICE_CONFIG, PRACTICE_PLUGGY};
pub use safekeeping::{
    BackupOrder, BackupReport, RestoreOrder, RestoreReport, back_up_closed, protection_of, restore_closed,
};
pub use vault::Protection as VaultProtection;
pub use vault::backup_made_at;

use broker::{Callers, GateEvent, GatePorts};
use connections::attention::AttentionMemory;
use connections::error::{CoreError, ErrorCode};
use connections::id::ConnectionKey;
use connections::ports::{Clock, UserAgent};
use connections::view::CoreEvent;
use connections::{Attended, Connections, Ports};
use platform::keychain::{KeychainProblem, SystemKeychain};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{broadcast, watch};
use tokio::task::JoinHandle;
use vault::Protection;

/// How the vault stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// There is none.
    NoVault,
    /// It is closed; a passphrase or the keychain opens it.
    Locked,
    /// It is open.
    Ready,
    /// It cannot be opened.
    Broken(CoreError),
}

/// What differs between the window and the agent.
pub struct Options {
    /// The profile folder.
    pub folder: PathBuf,
    /// Shows pages.
    pub user_agent: Arc<dyn UserAgent>,
    /// Whether to listen on the local socket.
    pub serve: bool,
    /// Whether there is a window in which the person can be asked about programs.
    pub somebody_there: bool,
}

/// One profile, opened by this process. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Runtime {
    inner: Arc<Inner>,
}

struct Inner {
    options: Options,
    keychain: SystemKeychain,
    phase: watch::Sender<Phase>,
    core: Mutex<Core>,
    /// What programs on this computer find.
    door: watch::Sender<broker::Door>,
    /// Listens on the socket, locked or not; none when that failed so far.
    serving: Mutex<Option<AbortOnDrop>>,
    /// Opening takes turns: two clicks on *Unlock* derive one key.
    opening: tokio::sync::Mutex<()>,
    /// Outlives locks, so that a listener subscribes once.
    events: broadcast::Sender<CoreEvent>,
    practice: tokio::sync::Mutex<Option<sandbox::Sandbox>>,
    /// Why the last try to open the vault failed; shown where the person unlocks.
    unlock_problem: Mutex<Option<CoreError>>,
    clock: Arc<dyn Clock>,
    policy: Mutex<Policy>,
    last_input: Mutex<jiff::Timestamp>,
    /// Idleness is looked at again when this fires.
    rethink: Arc<tokio::sync::Notify>,
    /// Whether programs may only what was allowed beforehand.
    strict: AtomicBool,
}

/// The core of the program, and who gets to it.
enum Core {
    /// There is none.
    Closed,
    /// Window and programs.
    Open(Open),
    /// Nobody: it is locked, and goes on for the schedule or until it is at rest.
    Kept(Open),
    /// Nobody any more: it lets go of the vault.
    Ending,
}

/// What exists while the vault is open.
struct Open {
    connections: Connections,
    callers: Callers,
    http: Arc<local_http::LocalHttp>,
    vault: Arc<vault::Vault>,
    store: Arc<platform::vault_store::VaultStore>,
    tasks: Vec<AbortOnDrop>,
}

impl Open {
    /// Lets go of the vault: when this is over, nothing here holds it.
    async fn end(mut self) {
        for task in self.tasks.drain(..) {
            task.end().await;
        }
        self.http.end().await;
    }
}

struct AbortOnDrop(JoinHandle<()>);

impl AbortOnDrop {
    /// Ends the task, and waits until what it held is let go.
    async fn end(mut self) {
        self.0.abort();
        // That it was aborted is no news.
        let _ = (&mut self.0).await;
    }
}

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Runtime {
    /// Looks at the profile and opens nothing.
    ///
    /// # Errors
    /// When the profile folder cannot be made.
    pub fn new(options: Options) -> std::io::Result<Self> {
        Self::with_clock(options, Arc::new(platform::system::SystemClock))
    }

    /// The same, by another clock.
    ///
    /// # Errors
    /// When the profile folder cannot be made.
    pub fn with_clock(options: Options, clock: Arc<dyn Clock>) -> std::io::Result<Self> {
        platform::profile::prepare(&options.folder)?;
        let phase = phase_of(&options.folder);
        let (door, _) = watch::channel(broker::Door::Closed(refusal_in(&phase)));
        let (phase, _) = watch::channel(phase);
        let (events, _) = broadcast::channel(1024);
        let inner = Inner {
            keychain: SystemKeychain::new(),
            phase,
            core: Mutex::new(Core::Closed),
            door,
            serving: Mutex::new(None),
            opening: tokio::sync::Mutex::new(()),
            events,
            practice: tokio::sync::Mutex::new(None),
            unlock_problem: Mutex::new(None),
            last_input: Mutex::new(clock.now()),
            clock,
            policy: Mutex::new(Policy::default()),
            rethink: Arc::new(tokio::sync::Notify::new()),
            strict: AtomicBool::new(false),
            options,
        };
        let runtime = Self { inner: Arc::new(inner) };
        runtime.serve();
        Ok(runtime)
    }

    /// What programs find behind the socket, for whoever serves them in another way.
    pub fn door(&self) -> broker::DoorWatch {
        self.inner.door.subscribe()
    }

    /// How the vault stands.
    pub fn phase(&self) -> Phase {
        self.inner.phase.borrow().clone()
    }

    /// Follows how the vault stands.
    pub fn watch_phase(&self) -> watch::Receiver<Phase> {
        self.inner.phase.subscribe()
    }

    /// Follows what happens to connections, over locks and unlocks.
    pub fn subscribe(&self) -> broadcast::Receiver<CoreEvent> {
        self.inner.events.subscribe()
    }

    /// The profile folder.
    pub fn folder(&self) -> &Path {
        &self.inner.options.folder
    }

    /// What protects the vault, once there is one.
    pub fn protection(&self) -> Option<Protection> {
        vault::protection(self.folder()).ok()
    }

    /// Whether the system keychain answers. Slow; asks the keychain.
    pub async fn probe_keychain(&self) -> Result<(), KeychainProblem> {
        let keychain = self.inner.keychain.clone();
        let probed = tokio::task::spawn_blocking(move || keychain.probe()).await;
        probed.unwrap_or(Err(KeychainProblem::Other))
    }

    /// Why the last try to open the vault failed, while it is not open.
    pub fn last_unlock_problem(&self) -> Option<CoreError> {
        self.inner.unlock_problem.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The core, while the vault is open.
    ///
    /// # Errors
    /// [`ErrorCode::NoVault`] or [`ErrorCode::Locked`].
    pub fn connections(&self) -> Result<Connections, CoreError> {
        self.while_open(|open| open.connections.clone())
    }

    /// Programs and what they may, while the vault is open.
    ///
    /// # Errors
    /// From the next time that the vault is opened programs may only what was allowed beforehand, our own command line
    /// too; for where there is no window.
    pub fn be_strict(&self) {
        self.inner.strict.store(true, Ordering::SeqCst);
    }

    /// As for [`Self::connections`].
    pub fn callers(&self) -> Result<Callers, CoreError> {
        self.while_open(|open| open.callers.clone())
    }

    /// What needs the person while it is locked and connections are kept alive; none otherwise. For notices alone: it
    /// is no way to the core.
    pub fn attended_behind_the_lock(&self) -> Option<Vec<Attended>> {
        Some(self.kept()?.attended())
    }

    /// Remembers what a notice has said while it was locked. Does nothing where nothing is kept alive.
    ///
    /// # Errors
    /// As [`Connections::remember_attention`].
    pub async fn told_behind_the_lock(
        &self,
        key: &ConnectionKey,
        memory: AttentionMemory,
    ) -> Result<(), CoreError> {
        let Some(connections) = self.kept() else { return Ok(()) };
        connections.remember_attention(key, |before| *before = memory).await
    }

    /// The core that goes on behind the lock, by the person's choice.
    fn kept(&self) -> Option<Connections> {
        if self.policy().while_locked != WhileLocked::KeepAlive {
            return None;
        }
        let Core::Kept(open) = &*self.core() else { return None };
        Some(open.connections.clone())
    }

    fn while_open<T>(&self, read: impl FnOnce(&Open) -> T) -> Result<T, CoreError> {
        if let Core::Open(open) = &*self.core() {
            return Ok(read(open));
        }
        Err(refusal_in(&self.phase()))
    }

    fn core(&self) -> MutexGuard<'_, Core> {
        self.inner.core.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn start_core(&self, vault: Arc<vault::Vault>) -> Result<(), CoreError> {
        let http = platform::http::HttpsClient::new()
            .map_err(|error| CoreError::new(ErrorCode::Defect).detail(error.without_url()))?;
        let store = Arc::new(platform::vault_store::VaultStore::new(Arc::clone(&vault)));
        let callers = Callers::start(GatePorts {
            store: store.clone(),
            clock: Arc::clone(&self.inner.clock),
            random: Arc::new(platform::system::SystemRandom),
            somebody_there: self.inner.options.somebody_there,
        })
        .await?;
        if self.inner.strict.load(Ordering::SeqCst) {
            callers.be_strict();
        }
        let ports = Ports {
            store: store.clone(),
            http: Arc::new(http),
            user_agent: Arc::clone(&self.inner.options.user_agent),
            loopback: Arc::new(platform::loopback::LoopbackListener),
            clock: Arc::clone(&self.inner.clock),
            random: Arc::new(platform::system::SystemRandom),
        };
        let connections = Connections::start(ports).await?;
        self.start_practice_if_used(&connections).await;
        self.serve();
        self.inner.door.send_replace(broker::Door::Open(connections.clone(), callers.clone()));
        let http = local_http::LocalHttp::new(self.folder(), self.door(), &callers);
        let mut tasks = vec![self.forward_events(&connections), self.forward_gate_events(&callers)];
        if self.inner.options.serve {
            tasks.push(AbortOnDrop(tokio::spawn(Arc::clone(&http).keep_following())));
        }
        *self.core() = Core::Open(Open { connections, callers, http, vault, store, tasks });
        self.begin_session();
        Ok(())
    }

    /// What is locked tells nothing.
    fn forward_events(&self, connections: &Connections) -> AbortOnDrop {
        let mut from = connections.subscribe();
        let (to, phase) = (self.inner.events.clone(), self.inner.phase.subscribe());
        let task = tokio::spawn(async move {
            loop {
                match from.recv().await {
                    Ok(_) if *phase.borrow() != Phase::Ready => {}
                    // Nobody listening is no error.
                    Ok(event) => drop(to.send(event)),
                    Err(broadcast::error::RecvError::Lagged(_)) => {}
                    Err(broadcast::error::RecvError::Closed) => return,
                }
            }
        });
        AbortOnDrop(task)
    }

    /// The window reads anew what changed; programs hear nothing of each other.
    fn forward_gate_events(&self, callers: &Callers) -> AbortOnDrop {
        let mut from = callers.subscribe();
        let (to, phase) = (self.inner.events.clone(), self.inner.phase.subscribe());
        let task = tokio::spawn(async move {
            loop {
                let events: &[CoreEvent] = match from.recv().await {
                    Ok(GateEvent::QuestionsChanged) => &[CoreEvent::QuestionsChanged],
                    Ok(GateEvent::CallersChanged) => &[CoreEvent::CallersChanged],
                    Ok(GateEvent::AuditChanged) => &[CoreEvent::AuditChanged],
                    Err(broadcast::error::RecvError::Lagged(_)) => {
                        &[CoreEvent::QuestionsChanged, CoreEvent::CallersChanged, CoreEvent::AuditChanged]
                    }
                    Err(broadcast::error::RecvError::Closed) => return,
                };
                // What is locked tells nothing.
                for event in events.iter().filter(|_| *phase.borrow() == Phase::Ready) {
                    // Nobody listening is no error.
                    let _ = to.send(event.clone());
                }
            }
        });
        AbortOnDrop(task)
    }

    /// Programs on this computer come through the socket. Without it the window still works, so a failure is told
    /// in the log and by `mooring doctor`, and stops nothing.
    fn serve(&self) {
        let mut serving = self.inner.serving.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.inner.options.serve || serving.is_some() {
            return;
        }
        let socket = platform::profile::socket(self.folder());
        match broker::listen(&socket, self.door()) {
            Ok(task) => *serving = Some(AbortOnDrop(task)),
            Err(error) => tracing::warn!(%error, "programs on this computer cannot be served"),
        }
    }
}

/// Why nobody gets to the core.
fn refusal_in(phase: &Phase) -> CoreError {
    match phase {
        Phase::NoVault => CoreError::new(ErrorCode::NoVault),
        Phase::Broken(error) => error.clone(),
        Phase::Locked | Phase::Ready => CoreError::new(ErrorCode::Locked),
    }
}

fn phase_of(folder: &Path) -> Phase {
    if !vault::exists(folder) {
        return Phase::NoVault;
    }
    match vault::protection(folder) {
        Ok(_) => Phase::Locked,
        Err(error) => Phase::Broken(open_error(&error)),
    }
}
