//! The gate of one open vault: who may do what, who has asked, what is written down about it.
//!
//! Knows nothing of sockets, HTTP and windows: it is told who asks, and whether somebody is there to be asked.
//!
//! Invariants
//! - A decision holds from the moment it is stored; one that is taken back is gone for the very next request.
//! - What holds until the vault is locked lives in memory only, as the questions do.
//! - Nothing here can hold a token; the one secret is that of the HTTP interface, read where it is used.

mod asking;
mod auditing;
mod deciding;
mod local_api;

pub use deciding::{Allowance, Withdrawal};

use crate::audit::Ledger;
use crate::caller::{Access, Caller, CallerId};
use crate::gate::{Gate, Outcome};
use crate::permission::{Demand, Permission, Presence, Standing, standing};
use crate::ports::{AccessStore, KnownCaller};
use crate::questions::Questions;
use crate::settings::AccessSettings;
use async_trait::async_trait;
use connections::ConnectionKey;
use connections::error::{CoreError, ErrorCode};
use connections::ports::{Clock, Random};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::{broadcast, watch};

/// Events that a slow listener may fall behind.
const EVENT_BACKLOG: usize = 256;
/// How often counts are written and the audit is looked at.
const TICK: Duration = Duration::from_secs(60);

/// What the gate needs from outside.
pub struct GatePorts {
    /// Keeps callers, decisions, the audit, settings.
    pub store: Arc<dyn AccessStore>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Draws the secret of the HTTP interface.
    pub random: Arc<dyn Random>,
    /// Whether there is a window in which the person can be asked.
    pub somebody_there: bool,
}

/// What changed. Whoever shows it reads it anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GateEvent {
    /// A question came, was answered, ran out or was withdrawn.
    QuestionsChanged,
    /// A caller came, or what it may do changed.
    CallersChanged,
    /// A line of the audit was written.
    AuditChanged,
}

/// The callers of one open vault. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Callers {
    inner: Arc<Inner>,
}

struct Inner {
    ports: GatePorts,
    state: Mutex<State>,
    /// Decisions are stored one after the other, so that the last one is the one that stays.
    writes: tokio::sync::Mutex<()>,
    events: broadcast::Sender<GateEvent>,
    settings: watch::Sender<AccessSettings>,
    /// Whether only what was allowed beforehand is let through.
    strict: AtomicBool,
}

struct State {
    known: BTreeMap<CallerId, KnownCaller>,
    questions: Questions,
    ledger: Ledger,
    /// Lines that wait for the turn in which they are written.
    unwritten: Vec<crate::audit::AuditLine>,
}

impl Callers {
    /// Reads what is kept, and begins to keep the audit short.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn start(ports: GatePorts) -> Result<Self, CoreError> {
        let stored = ports.store.load().await?;
        let known = stored.callers.into_iter().map(|one| (one.caller.id.clone(), one)).collect();
        let state = State {
            known,
            questions: Questions::default(),
            ledger: Ledger::after(stored.last_audit),
            unwritten: Vec::new(),
        };
        let inner = Inner {
            ports,
            state: Mutex::new(state),
            writes: tokio::sync::Mutex::new(()),
            events: broadcast::Sender::new(EVENT_BACKLOG),
            settings: watch::Sender::new(stored.settings),
            strict: AtomicBool::new(false),
        };
        let callers = Self { inner: Arc::new(inner) };
        tokio::spawn(keep_short(Arc::downgrade(&callers.inner), Arc::clone(&callers.inner.ports.clock)));
        Ok(callers)
    }

    /// Follows what changes.
    pub fn subscribe(&self) -> broadcast::Receiver<GateEvent> {
        self.inner.events.subscribe()
    }

    /// From now on nobody may what was not allowed beforehand, our own command line neither; for where there is no
    /// window.
    pub fn be_strict(&self) {
        self.inner.strict.store(true, Ordering::SeqCst);
    }

    /// Whether `caller` may still, without asking anybody; for what goes on for long.
    pub fn is_allowed(&self, caller: &Caller, access: Access, connection: Option<&ConnectionKey>) -> bool {
        // A question would be put anew: whoever goes on was let in by an answer that may have been for once.
        let demand = Demand { access, connection, ends: false };
        !matches!(self.standing_in(&self.state(), caller, demand), Standing::Refused(_))
    }

    /// Whether a request would wait for the person.
    pub(crate) fn would_ask(&self, caller: &Caller, demand: Demand<'_>) -> bool {
        self.standing_in(&self.state(), caller, demand) == Standing::Ask
    }

    /// As [`Gate::admit`].
    pub(crate) async fn admit_to(&self, caller: &Caller, demand: Demand<'_>) -> Result<(), CoreError> {
        match self.admit_or_ask(caller, demand)? {
            None => Ok(()),
            Some(place) => self.wait(caller, place).await,
        }
    }

    fn standing_in(&self, state: &State, caller: &Caller, demand: Demand<'_>) -> Standing {
        let decided: &[Permission] = state.known.get(&caller.id).map_or(&[], |one| &one.permissions);
        standing(caller, demand, decided, self.presence())
    }

    fn presence(&self) -> Presence {
        if self.inner.strict.load(Ordering::SeqCst) {
            Presence::Strict
        } else if self.inner.ports.somebody_there {
            Presence::Window
        } else {
            Presence::Nobody
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic while the lock was held cannot leave half a change: each change is one assignment.
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> jiff::Timestamp {
        self.inner.ports.clock.now()
    }

    fn tell(&self, event: GateEvent) {
        // Nobody listening is no error.
        let _ = self.inner.events.send(event);
    }
}

#[async_trait]
impl Gate for Callers {
    async fn admit(
        &self,
        caller: &Caller,
        access: Access,
        connection: Option<&ConnectionKey>,
    ) -> Result<(), CoreError> {
        self.admit_to(caller, Demand { access, connection, ends: false }).await
    }

    fn still_admits(&self, caller: &Caller, access: Access, connection: Option<&ConnectionKey>) -> bool {
        self.is_allowed(caller, access, connection)
    }

    async fn record(
        &self,
        caller: &Caller,
        access: Access,
        connection: Option<&ConnectionKey>,
        outcome: &Outcome,
    ) {
        self.write_down(caller, access, connection, outcome).await;
    }
}

fn refused(caller: &Caller, reason: &str) -> CoreError {
    CoreError::new(ErrorCode::NotPermitted).with("reason", reason).with("caller", caller.name.clone())
}

/// Runs until the callers are gone.
async fn keep_short(of: Weak<Inner>, clock: Arc<dyn Clock>) {
    loop {
        {
            let Some(inner) = of.upgrade() else { return };
            let callers = Callers { inner };
            callers.flush_overdue().await;
            callers.prune().await;
        }
        clock.sleep(TICK).await;
    }
}
