//! A gate, its store in memory, and a clock that goes with tokio's own, which tests pause.

use async_trait::async_trait;
use broker::audit::AuditLine;
use broker::caller::{Access, Caller, CallerId};
use broker::gate::{Gate as _, Outcome};
use broker::permission::Decision;
use broker::ports::{AccessStore, KnownCaller, StoredAccess};
use broker::settings::AccessSettings;
use broker::{Callers, GateEvent, GatePorts};
use connections::ConnectionKey;
use connections::error::CoreError;
use connections::ports::{Clock, Random, StoreError};
use jiff::{SignedDuration, Timestamp};
use secret::SecretString;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What a vault would hold.
#[derive(Default)]
pub(crate) struct Kept {
    pub(crate) callers: Mutex<BTreeMap<CallerId, KnownCaller>>,
    pub(crate) audit: Mutex<BTreeMap<u64, AuditLine>>,
    settings: Mutex<AccessSettings>,
    secret: Mutex<Option<SecretString>>,
    pub(crate) full: AtomicBool,
    pub(crate) audit_writes: AtomicUsize,
    /// How often others come while somebody is deleted.
    pub(crate) pauses_of_deletes: AtomicUsize,
}

impl Kept {
    fn writable(&self) -> Result<(), StoreError> {
        if self.full.load(Ordering::SeqCst) { Err(StoreError::DiskFull) } else { Ok(()) }
    }
}

/// Where something is written others come meanwhile, as they do while a disk is waited for.
#[async_trait]
impl AccessStore for Kept {
    async fn load(&self) -> Result<StoredAccess, StoreError> {
        Ok(StoredAccess {
            callers: self.callers.lock().unwrap().values().cloned().collect(),
            settings: self.settings.lock().unwrap().clone(),
            last_audit: self.audit.lock().unwrap().keys().last().copied(),
        })
    }

    async fn put_callers(&self, callers: Vec<KnownCaller>) -> Result<(), StoreError> {
        self.writable()?;
        tokio::task::yield_now().await;
        self.callers.lock().unwrap().extend(callers.into_iter().map(|one| (one.caller.id.clone(), one)));
        Ok(())
    }

    async fn delete_callers(&self, ids: Vec<CallerId>) -> Result<(), StoreError> {
        self.writable()?;
        for _ in 0..=self.pauses_of_deletes.load(Ordering::SeqCst) {
            tokio::task::yield_now().await;
        }
        self.callers.lock().unwrap().retain(|id, _| !ids.contains(id));
        Ok(())
    }

    async fn put_settings(&self, settings: &AccessSettings) -> Result<(), StoreError> {
        self.writable()?;
        *self.settings.lock().unwrap() = settings.clone();
        Ok(())
    }

    async fn http_secret(&self) -> Result<Option<SecretString>, StoreError> {
        Ok(self.secret.lock().unwrap().as_ref().map(SecretString::duplicate))
    }

    async fn put_http_secret(&self, secret: &SecretString) -> Result<(), StoreError> {
        self.writable()?;
        *self.secret.lock().unwrap() = Some(secret.duplicate());
        Ok(())
    }

    async fn put_audit(&self, lines: Vec<AuditLine>) -> Result<(), StoreError> {
        self.writable()?;
        tokio::task::yield_now().await;
        self.audit_writes.fetch_add(1, Ordering::SeqCst);
        self.audit.lock().unwrap().extend(lines.into_iter().map(|one| (one.sequence, one)));
        Ok(())
    }

    async fn audit(&self, before: Option<u64>, limit: usize) -> Result<Vec<AuditLine>, StoreError> {
        let audit = self.audit.lock().unwrap();
        let older = audit.range(..before.unwrap_or(u64::MAX)).rev();
        Ok(older.take(limit).map(|(_, line)| line.clone()).collect())
    }

    async fn prune_audit(&self, before: u64) -> Result<(), StoreError> {
        self.audit.lock().unwrap().retain(|sequence, _| *sequence >= before);
        Ok(())
    }
}

struct PausedClock(tokio::time::Instant);

#[async_trait]
impl Clock for PausedClock {
    fn now(&self) -> Timestamp {
        let began = Timestamp::from_second(1_790_000_000).unwrap();
        began + SignedDuration::try_from(self.0.elapsed()).unwrap()
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

struct Counting(AtomicUsize);

impl Random for Counting {
    fn bytes(&self) -> [u8; 32] {
        [u8::try_from(self.0.fetch_add(1, Ordering::SeqCst)).unwrap(); 32]
    }
}

pub(crate) struct Place {
    pub(crate) callers: Callers,
    pub(crate) kept: Arc<Kept>,
}

impl Place {
    /// With a window in which the person can be asked.
    pub(crate) async fn with_somebody() -> Self {
        Self::over(Arc::default(), true).await
    }

    /// Without one, as under `mooring agent`.
    pub(crate) async fn with_nobody() -> Self {
        Self::over(Arc::default(), false).await
    }

    /// What is there after the vault was locked and opened again.
    pub(crate) async fn again(self) -> Self {
        Self::over(self.kept, true).await
    }

    async fn over(kept: Arc<Kept>, somebody_there: bool) -> Self {
        let ports = GatePorts {
            store: Arc::clone(&kept) as Arc<dyn AccessStore>,
            clock: Arc::new(PausedClock(tokio::time::Instant::now())),
            random: Arc::new(Counting(AtomicUsize::new(1))),
            somebody_there,
        };
        Self { callers: Callers::start(ports).await.unwrap(), kept }
    }

    /// Asks without waiting for the answer.
    pub(crate) fn asks(
        &self,
        who: &Caller,
        access: Access,
        id: &str,
    ) -> tokio::task::JoinHandle<Result<(), CoreError>> {
        let (callers, who, key) = (self.callers.clone(), who.clone(), key(id));
        tokio::spawn(async move { callers.admit(&who, access, Some(&key)).await })
    }

    /// Waits until so many questions wait, and so many calls for the first of them.
    pub(crate) async fn until(&self, questions: usize, calls: usize) {
        let mut events = self.callers.subscribe();
        loop {
            let pending = self.callers.pending();
            if pending.len() == questions && pending.first().map_or(0, |one| one.waiting) == calls {
                return;
            }
            tokio::select! {
                event = events.recv() => drop(event.unwrap()),
                () = tokio::task::yield_now() => {}
            }
        }
    }

    /// The person answers the oldest question.
    pub(crate) async fn answers(&self, decision: Decision) {
        let question = self.callers.pending()[0].question;
        self.callers.answer(question, decision, false).await.unwrap();
    }

    pub(crate) async fn records(&self, who: &Caller, id: &str) {
        self.callers.record(who, Access::Token, Some(&key(id)), &Outcome::Given).await;
    }
}

/// Waits until an event comes.
pub(crate) async fn heard(events: &mut tokio::sync::broadcast::Receiver<GateEvent>, wanted: GateEvent) {
    while events.recv().await.unwrap() != wanted {}
}

pub(crate) fn key(id: &str) -> ConnectionKey {
    ConnectionKey::parse("bank", id).unwrap()
}

pub(crate) fn program(name: &str) -> Caller {
    Caller::program(Some(Path::new(&format!("/usr/bin/{name}"))), Some(7))
}

pub(crate) fn reason(error: &CoreError) -> &str {
    assert_eq!(error.code, connections::error::ErrorCode::NotPermitted);
    &error.params["reason"]
}
