//! A made-up Codat: companies, data connections, a Link journey, pull operations and some synthetic data.
//!
//! It answers on Codat's own paths below `/codat`, so Codat's client packages work with it as they are. A person
//! manages it through the API and its pages; a test makes things happen through [`World`].
//!
//! Knows nothing of the bank beside it but its door, its look and the redirect addresses that are registered there.
//!
//! Invariants
//! - The schemas of `@codat/platform` take every answer, unless a [`Switch`] or [`World::set_status`] says otherwise.
//! - A change is on disk, where there is a state file, before it is answered. Of tokens only hashes are kept.
//! - Nothing is redirected to an address that is not registered.
//!
//! Source: the Platform API's OpenAPI description 3.0.0; docs.codat.io (both checked 2026-11-21).

mod answer;
mod catalogue;
mod companies;
mod connections;
mod control;
mod data;
mod door;
mod ids;
mod integrations;
mod knobs;
mod ledger;
mod link;
mod operation;
mod query;
mod seed;
mod settings;
mod store;
mod syncs;
mod wire;

use crate::clock::Clock;
use answer::Failure;
use axum::Router;
use axum::http::StatusCode;
use axum::middleware;
use axum::routing::{get, post, put};
use door::Meter;
use jiff::Timestamp;
use knobs::Knobs;
use ledger::Ledger;
use link::{LinkKey, Visits};
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use store::Store;

pub use control::{Known, Missing, UnregisteredRedirect};
pub use knobs::{LinkOutcome, Switch, Trouble};
pub use operation::SyncEnd;

/// The API key of the practice Codat. It opens nothing but synthetic data.
pub const API_KEY: &str = "mooring-practice-codat-key";

/// How the practice Codat starts.
#[derive(Clone, Debug)]
pub struct Settings {
    /// At least so many connections in all; the companies come with about forty. Range: to 5,000. Counts at the first
    /// start only, where there is a state file.
    pub connections: usize,
    /// How long a pull operation takes.
    pub pace: Duration,
    /// Where a person is sent after linking: an address with `{names}` in braces, as Codat's settings have it; empty
    /// for a page of the practice Codat itself. What the client sets there later is kept in the state file.
    pub redirect_url: String,
    /// Requests a day; without it, Codat's own rule.
    pub daily_limit: Option<u64>,
    /// What is off at the start.
    pub off: Vec<Switch>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            connections: 0,
            pace: Duration::from_secs(8),
            redirect_url: String::new(),
            daily_limit: None,
            off: Vec::new(),
        }
    }
}

/// Where the practice Codat keeps its state when the bank keeps its own in `bank_file`; absent until something changed.
pub fn state_file_beside(bank_file: &Path) -> PathBuf {
    bank_file.with_extension("codat.json")
}

/// The practice Codat, to look into and to make things happen in.
pub struct World {
    origin: String,
    clock: Clock,
    settings: Settings,
    store: Store,
    knobs: Mutex<Knobs>,
    meter: Mutex<Meter>,
    visits: Visits,
    link_key: LinkKey,
}

impl World {
    pub(crate) async fn open(
        settings: Settings,
        clock: Clock,
        state_file: Option<PathBuf>,
        address: SocketAddr,
    ) -> io::Result<Self> {
        if !link::leads_to_registered(&settings.redirect_url) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, UnregisteredRedirect));
        }
        let path = state_file.map(|path| state_file_beside(&path));
        let (connections, redirect_url) = (settings.connections, settings.redirect_url.clone());
        let opening = {
            let clock = clock.clone();
            move || Store::open(path, clock, |now| seed::ledger(connections, &redirect_url, now))
        };
        let store = tokio::task::spawn_blocking(opening).await.map_err(io::Error::other)??;
        Ok(Self {
            origin: format!("http://{address}"),
            clock,
            knobs: Mutex::new(Knobs::new(settings.off.iter().copied())),
            settings,
            store,
            meter: Mutex::default(),
            visits: Visits::default(),
            link_key: LinkKey::generate()?,
        })
    }

    /// The base address of the API, `http://127.0.0.1:PORT/codat`.
    pub fn api(&self) -> String {
        format!("{}/codat", self.origin)
    }

    /// An endpoint such as an accountant offers, who has the API key and hands out access tokens of one client. Who
    /// knows the address may ask.
    pub fn accountant(&self, company: &str) -> String {
        format!("{}/codat/accountant/{company}", self.origin)
    }

    fn knobs(&self) -> MutexGuard<'_, Knobs> {
        self.knobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn meter(&self) -> MutexGuard<'_, Meter> {
        self.meter.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the ledger on a thread that may wait for the disk.
    async fn alter<T: Send + 'static>(
        self: &Arc<Self>,
        change: impl FnOnce(&mut Ledger, Timestamp) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let world = Arc::clone(self);
        let done = tokio::task::spawn_blocking(move || world.store.change(change)).await;
        done.map_err(|_| Failure::trouble())?.map_err(|_| Failure::trouble())?
    }
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World").field("api", &self.api()).finish_non_exhaustive()
    }
}

/// Every path of the practice Codat, below `/codat`.
pub(crate) fn routes(world: &Arc<World>) -> Router {
    let api = Router::new()
        .route("/companies", get(companies::list).post(companies::create))
        .route(
            "/companies/{company}",
            get(companies::read).put(companies::replace).patch(companies::update).delete(companies::delete),
        )
        .route("/companies/{company}/accessToken", get(settings::access_token))
        .route("/companies/{company}/connectionManagement/accessToken", get(settings::older_access_token))
        .route("/companies/{company}/connections", get(connections::list).post(connections::create))
        .route(
            "/companies/{company}/connections/{connection}",
            get(connections::read).patch(connections::unlink).delete(connections::delete),
        )
        .route("/companies/{company}/connections/{connection}/authorization", put(connections::authorize))
        .route("/companies/{company}/connections/{connection}/data/{data_type}", get(data::of_connection))
        .route(
            "/companies/{company}/connections/{connection}/data/bankAccounts/{account}/bankTransactions",
            get(data::of_account),
        )
        .route("/companies/{company}/dataStatus", get(syncs::status))
        .route("/companies/{company}/data/all", post(syncs::refresh_all))
        .route("/companies/{company}/data/queue/{data_type}", post(syncs::refresh))
        .route("/companies/{company}/data/history", get(syncs::history))
        .route("/companies/{company}/data/history/{operation}", get(syncs::one))
        .route("/companies/{company}/data/{data_type}", get(data::of_company))
        .route("/integrations", get(integrations::list))
        .route("/integrations/{key}", get(integrations::read))
        .route("/integrations/{key}/branding", get(integrations::branding))
        .route("/corsSettings", get(settings::origins).post(settings::set_origins))
        .route(
            "/connectionManagement/corsSettings",
            get(settings::older_origins).post(settings::set_older_origins),
        )
        .route("/profile", get(settings::profile).put(settings::set_profile))
        .fallback(|| async { Failure::new(StatusCode::NOT_FOUND, "NotFound") })
        .method_not_allowed_fallback(|| async {
            Failure::new(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed")
        })
        .layer(middleware::from_fn_with_state(Arc::clone(world), door::door));
    Router::new()
        .nest("/link", link::routes())
        .route("/logos/{file}", get(integrations::logo))
        .route("/accountant/{company}", get(settings::access_token))
        .fallback_service(api.with_state(Arc::clone(world)))
        .with_state(Arc::clone(world))
}
