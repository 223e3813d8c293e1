//! A small world on loopback to practise and test with: a bank with an OAuth 2.0 server, a service that hands out a
//! key, a Pluggy and a Codat.
//!
//! It behaves as a real one does, and misbehaves by name. It ships with the product, where a person may practise
//! with it, so it is built to be left running: it listens on 127.0.0.1 only, answers to its own host name only,
//! grants no foreign origin anything, and bounds what it reads and keeps.
//!
//! Knows nothing of the rest of the product: whoever talks to it uses the protocol.
//!
//! Invariants
//! - All data is synthetic, and every page says so.
//! - What it keeps in a file are SHA-256 hashes of practice tokens, never a token.

mod bank;
pub mod caderno;
mod clock;
pub mod codat;
mod misbehaviour;
pub mod person;
pub mod pluggy;
mod traffic;
mod values;

use bank::Bank;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use clock::Clock;
pub use misbehaviour::{ExpiresIn, Misbehaviour, UnknownMisbehaviour};
pub use traffic::{Arrival, Endpoint, Refreshes, Requests};

/// How long open connections may take to end. The port is free long before.
const STOPPING: Duration = Duration::from_secs(2);

/// How a sandbox starts.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where it listens. Range: 127.0.0.1, any port; 0 takes a free one.
    pub bind: SocketAddr,
    /// How long an access token is good for.
    pub access_token_life: Duration,
    /// What time it is.
    pub clock: Clock,
    /// Where grants are kept over a restart; without it they end with the process. Other places keep their own file
    /// beside it.
    pub state_file: Option<PathBuf>,
    /// How the Pluggy is.
    pub pluggy: pluggy::Settings,
    /// How the practice Codat starts. Its own file is kept beside the bank's.
    pub codat: codat::Settings,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            bind: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            access_token_life: Duration::from_secs(5 * 60),
            clock: Clock::default(),
            state_file: None,
            pluggy: pluggy::Settings::default(),
            codat: codat::Settings::default(),
        }
    }
}

/// A running sandbox. It stops when this is dropped.
pub struct Sandbox {
    bank: Arc<Bank>,
    pluggy: Arc<pluggy::World>,
    codat: Arc<codat::World>,
    caderno: Arc<caderno::Caderno>,
    /// Its end tells the server and every request that the sandbox is over.
    running: watch::Sender<()>,
    server: JoinHandle<io::Result<()>>,
}

impl Sandbox {
    /// Starts listening; answers as soon as this returns.
    ///
    /// # Errors
    /// The address is not 127.0.0.1, it is taken, or the state file cannot be read.
    pub async fn start(options: Options) -> io::Result<Self> {
        if options.bind.ip() != IpAddr::V4(Ipv4Addr::LOCALHOST) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "a sandbox listens on 127.0.0.1 only"));
        }
        let listener = TcpListener::bind(options.bind).await?;
        let (running, over) = watch::channel(());
        let bank = Arc::new(Bank::open(&options, listener.local_addr()?, over.clone()).await?);
        let Options { codat, clock, state_file, .. } = options.clone();
        let pluggy = Arc::new(pluggy::World::open(Arc::clone(&bank), options).await?);
        let codat = Arc::new(codat::World::open(codat, clock, state_file, bank.address()).await?);
        let caderno = Arc::new(caderno::Caderno::default());
        let routes = bank::routes(
            Arc::clone(&bank),
            pluggy::routes(&pluggy),
            codat::routes(&codat),
            caderno::routes(Arc::clone(&caderno)),
        );
        let server =
            tokio::spawn(axum::serve(listener, routes).with_graceful_shutdown(ended(over)).into_future());
        Ok(Self { bank, pluggy, codat, caderno, running, server })
    }

    /// Stops, and returns when the port is free again. Dropping stops as well, but a little later.
    pub async fn stop(self) {
        drop(self.running);
        let server = self.server;
        // A client that reads an endless answer slowly must not hold up whoever stops; its task ends on its own.
        let _ = tokio::time::timeout(STOPPING, server).await;
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.bank.address()
    }

    /// The bank's issuer identifier, `http://127.0.0.1:PORT`.
    pub fn issuer(&self) -> String {
        self.bank.issuer().to_owned()
    }

    /// The registered public client: no secret, PKCE required.
    pub fn client_id(&self) -> &'static str {
        bank::PUBLIC_CLIENT
    }

    /// The registered confidential client, id and secret. The secret is another one at every start.
    pub fn confidential_client(&self) -> (&'static str, &str) {
        (bank::CONFIDENTIAL_CLIENT, self.bank.client_secret())
    }

    /// The service that hands out a key, to revoke it and to make it fail.
    pub fn caderno(&self) -> &caderno::Caderno {
        &self.caderno
    }

    /// What proves a key at that service, `http://127.0.0.1:PORT/caderno/api/me`.
    pub fn caderno_check(&self) -> String {
        format!("{}/caderno/api/me", self.issuer())
    }

    /// The Pluggy, to look into it and to make things happen there.
    pub fn pluggy(&self) -> &pluggy::World {
        &self.pluggy
    }

    /// The base address of the Pluggy's API, `http://127.0.0.1:PORT/pluggy`.
    pub fn pluggy_api(&self) -> String {
        self.pluggy.api()
    }

    /// The client that the Pluggy knows: id and secret. Both are always the same.
    pub fn pluggy_client(&self) -> (&'static str, &'static str) {
        self.pluggy.client()
    }

    /// The practice Codat, to look into it and to make things happen there.
    pub fn codat(&self) -> &codat::World {
        &self.codat
    }

    /// The base address of the practice Codat's API, `http://127.0.0.1:PORT/codat`; its key is [`codat::API_KEY`].
    pub fn codat_api(&self) -> String {
        self.codat.api()
    }

    /// The time it goes by; move it on to make things lapse.
    pub fn clock(&self) -> &Clock {
        self.bank.clock()
    }

    /// Turns a misbehaviour on, for so many times or until [`Sandbox::behave`]. Several can be on.
    pub fn misbehave(&self, how: Misbehaviour, times: Option<u32>) {
        self.bank.mood().add(how, times);
    }

    /// Turns every misbehaviour off.
    pub fn behave(&self) {
        self.bank.mood().clear();
    }

    /// What was asked of it so far.
    pub fn requests(&self) -> Requests {
        self.bank.requests()
    }

    /// Follows how far refreshes got, from the moment that each arrives.
    pub fn refreshes(&self) -> watch::Receiver<Refreshes> {
        self.bank.refreshes()
    }

    /// The person withdraws every consent at the bank itself; nobody tells the clients.
    pub fn revoke_all(&self) {
        self.bank.revoke_all();
    }
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sandbox").field("address", &self.address()).finish_non_exhaustive()
    }
}

/// Resolves when the sandbox was dropped.
pub(crate) async fn ended(mut over: watch::Receiver<()>) {
    while over.changed().await.is_ok() {}
}
