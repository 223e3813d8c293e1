//! The HTTP interface of one open vault: on as long as the person wants it, with the origins and the secret of now.
//!
//! Invariants
//! - It ends with the vault's being open: nothing is served while it is locked.
//! - A secret that was replaced is worth nothing as soon as this has heard of it.
//! - `agent.json` is there while it runs: where, and which process. Nothing in it is secret.

use crate::Runtime;
use broker::http::{Limits, Options, ServeError, Serving, publishable_key, serve};
use broker::{Callers, Door, DoorWatch};
use connections::error::{CoreError, ErrorCode};
use secret::SecretString;
use std::collections::BTreeSet;
use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Tells programs where to find us.
const AGENT_FILE: &str = "agent.json";

/// How the HTTP interface stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HttpState {
    /// It is off.
    Off,
    /// It is on.
    On(HttpAddress),
    /// It should be on and is not.
    Failed(CoreError),
}

/// Where the HTTP interface is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpAddress {
    /// Where it listens.
    pub address: SocketAddr,
    /// What a person begins an authorization with; no secret.
    pub publishable_key: String,
}

/// What was asked for at start, above what is in the settings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HttpWish {
    /// Where to listen.
    pub address: Option<SocketAddr>,
    /// Origins of pages that may ask, besides those of the settings.
    pub origins: Vec<String>,
}

impl Runtime {
    /// Turns the HTTP interface on until the vault is locked or it is stopped, whatever the settings say.
    ///
    /// # Errors
    /// [`ErrorCode::LoopbackUnavailable`] with `port`, and `next` when a port nearby is free; [`ErrorCode::BadInput`]
    /// for an address that is not of this computer alone or for what is no origin; a vault that is not open.
    pub async fn serve_http(&self, wish: HttpWish) -> Result<HttpAddress, CoreError> {
        let http = self.while_open(|open| Arc::clone(&open.http))?;
        http.wish(Some(wish));
        match http.follow().await {
            HttpState::On(address) => Ok(address),
            HttpState::Failed(error) => Err(error),
            HttpState::Off => Err(CoreError::new(ErrorCode::Defect).detail("the HTTP interface is off")),
        }
    }

    /// Forgets what was asked for at start; the settings alone decide.
    ///
    /// # Errors
    /// A vault that is not open.
    pub async fn stop_http(&self) -> Result<(), CoreError> {
        let http = self.while_open(|open| Arc::clone(&open.http))?;
        http.wish(None);
        http.follow().await;
        Ok(())
    }

    /// Makes what runs be what is wanted, and answers how it stands then.
    ///
    /// # Errors
    /// A vault that is not open.
    pub async fn http_now(&self) -> Result<HttpState, CoreError> {
        let http = self.while_open(|open| Arc::clone(&open.http))?;
        Ok(http.follow().await)
    }

    /// How the HTTP interface stands; off while the vault is locked.
    pub fn http(&self) -> HttpState {
        let state = self.while_open(|open| open.http.state());
        state.unwrap_or(HttpState::Off)
    }
}

/// The HTTP interface of one open vault.
pub(crate) struct LocalHttp {
    folder: PathBuf,
    /// Where the core is had: whatever held one of its own would keep a locked vault from closing.
    door: DoorWatch,
    callers: Callers,
    wish: Mutex<HttpWish>,
    /// Whether the vault is locked, though its core goes on.
    shut: AtomicBool,
    state: Mutex<HttpState>,
    running: tokio::sync::Mutex<Option<Running>>,
}

/// What runs, and what it was started with.
struct Running {
    serving: Serving,
    asked: SocketAddr,
    origins: BTreeSet<String>,
    secret: SecretString,
    _file: AgentFile,
}

impl LocalHttp {
    pub(crate) fn new(folder: &Path, door: DoorWatch, callers: &Callers) -> Arc<Self> {
        Arc::new(Self {
            folder: folder.to_owned(),
            door,
            callers: callers.clone(),
            wish: Mutex::default(),
            shut: AtomicBool::new(false),
            state: Mutex::new(HttpState::Off),
            running: tokio::sync::Mutex::new(None),
        })
    }

    /// Follows the settings until it is aborted.
    pub(crate) async fn keep_following(self: Arc<Self>) {
        let mut settings = self.callers.watch_settings();
        loop {
            settings.mark_unchanged();
            if let HttpState::Failed(error) = self.follow().await {
                tracing::warn!(%error, "the HTTP interface is not on");
            }
            if settings.changed().await.is_err() {
                return;
            }
        }
    }

    /// The vault is locked: whoever waits for an answer is hung up on.
    pub(crate) fn shut(&self) {
        self.shut.store(true, Ordering::SeqCst);
        // What is being started or changed just now sees it at the end.
        if let Ok(mut running) = self.running.try_lock() {
            drop(running.take());
        }
    }

    /// Lets go of the core, and of the port.
    pub(crate) async fn end(&self) {
        self.shut();
        end(&mut *self.running.lock().await).await;
    }

    /// The vault is unlocked, with the core that it had.
    pub(crate) fn open_again(self: &Arc<Self>) {
        self.shut.store(false, Ordering::SeqCst);
        let http = Arc::clone(self);
        tokio::spawn(async move { http.follow().await });
    }

    fn wish(&self, wish: Option<HttpWish>) {
        *self.wish.lock().unwrap_or_else(PoisonError::into_inner) = wish.unwrap_or_default();
    }

    fn state(&self) -> HttpState {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Makes what runs be what is wanted now.
    async fn follow(&self) -> HttpState {
        let mut running = self.running.lock().await;
        let mut changed = self.change(&mut running).await;
        if self.shut.load(Ordering::SeqCst) {
            drop(running.take());
            changed = Ok(None);
        }
        let state = match changed {
            Ok(Some(address)) => HttpState::On(address),
            Ok(None) => HttpState::Off,
            Err(error) => HttpState::Failed(error),
        };
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state.clone();
        state
    }

    async fn change(&self, running: &mut Option<Running>) -> Result<Option<HttpAddress>, CoreError> {
        let settings = self.callers.settings();
        let wish = self.wish.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let usual = settings.http.then(|| SocketAddr::from((Ipv4Addr::LOCALHOST, settings.port)));
        let Some(address) = wish.address.or(usual) else {
            end(running).await;
            return Ok(None);
        };
        let origins: BTreeSet<String> = settings.origins.into_iter().chain(wish.origins).collect();
        let secret = self.callers.http_secret().await?;
        let fits = |one: &Running| {
            // EXPOSE: compared with the one that is served.
            one.asked == address && one.origins == origins && one.secret.matches(secret.expose())
        };
        if !running.as_ref().is_some_and(fits) {
            end(running).await;
            *running = Some(self.start(address, origins, secret).await?);
        }
        Ok(running.as_ref().map(|one| HttpAddress {
            address: one.serving.address(),
            publishable_key: publishable_key(&one.secret),
        }))
    }

    async fn start(
        &self,
        asked: SocketAddr,
        origins: BTreeSet<String>,
        secret: SecretString,
    ) -> Result<Running, CoreError> {
        let core = match &*self.door.borrow() {
            Door::Open(core, _) => core.clone(),
            Door::Closed(reason) => return Err(reason.clone()),
        };
        let options = Options {
            address: asked,
            core,
            gate: Arc::new(self.callers.clone()),
            secret: secret.duplicate(),
            publishable_key: publishable_key(&secret),
            allowed_origins: origins.iter().cloned().collect(),
            limits: Limits::default(),
        };
        let serving = serve(options).await.map_err(serve_error)?;
        let file = AgentFile::write(&self.folder, serving.address())
            .map_err(|error| CoreError::new(ErrorCode::Storage).detail(error.kind()))?;
        Ok(Running { serving, asked, origins, secret, _file: file })
    }
}

async fn end(running: &mut Option<Running>) {
    if let Some(old) = running.take() {
        old.serving.stop().await;
    }
}

fn serve_error(error: ServeError) -> CoreError {
    let bad = |problem: &str| CoreError::new(ErrorCode::BadInput).with("problem", problem);
    match error {
        ServeError::PortTaken { port, next } => {
            let told = CoreError::new(ErrorCode::LoopbackUnavailable).with("port", port.to_string());
            next.map_or(told.clone(), |next| told.with("next", next.to_string()))
        }
        ServeError::NotLoopback(address) => {
            bad("is not an address of this computer alone; use 127.0.0.1").with("field", address.to_string())
        }
        ServeError::Origin(origin) => {
            bad("is no origin, such as http://localhost:8080").with("field", origin)
        }
        ServeError::Refused(error) => CoreError::new(ErrorCode::LoopbackUnavailable).detail(error.kind()),
    }
}

/// `agent.json`; it goes when this is dropped.
struct AgentFile(PathBuf);

impl AgentFile {
    fn write(folder: &Path, address: SocketAddr) -> std::io::Result<Self> {
        let path = folder.join(AGENT_FILE);
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&path)?;
        writeln!(file, "{{\"port\":{},\"pid\":{}}}", address.port(), std::process::id())?;
        Ok(Self(path))
    }
}

impl Drop for AgentFile {
    fn drop(&mut self) {
        // What stays is looked through by its process number.
        let _ = std::fs::remove_file(&self.0);
    }
}
