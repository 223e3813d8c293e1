//! A vault with many connections: opened, paged and searched by the core, and by a plain loop over the same rows.

use anyhow::{Context as _, Result};
use async_trait::async_trait;
use connections::connection::Connection;
use connections::id::{AttemptId, ConnectionKey};
use connections::ports::{Opening, SurfaceError, UserAgent};
use connections::view::Surface;
use connections::{Connections, Ports};
use platform::keychain::SystemKeychain;
use platform::vault_store::{CONNECTION, VaultStore};
use serde_json::json;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use vault::{UnlockWith, Vault};

/// Rows of a page.
const PAGE: usize = 50;
/// Pages and searches in each round.
const LOOKS: usize = 20;

/// Nothing is shown.
struct NoPages;

#[async_trait]
impl UserAgent for NoPages {
    fn surfaces(&self) -> Vec<Surface> {
        Vec::new()
    }
    async fn open(&self, _: Opening) -> Result<(), SurfaceError> {
        Err(SurfaceError("there is no page".to_owned()))
    }
    async fn close(&self, _: &AttemptId) {}
}

/// Prints a line of JSON for each thing that was measured, in milliseconds.
pub(crate) async fn measure(rounds: usize) -> Result<()> {
    let folder = platform::profile::folder()?;
    let (mut open, mut page, mut search) = (Pair::default(), Pair::default(), Pair::default());
    for _ in 0..rounds {
        let started = Instant::now();
        let rows = plain_open(&folder)?;
        open.theirs.push(milliseconds(started));
        let started = Instant::now();
        let core = core(&folder).await?;
        open.ours.push(milliseconds(started));

        let middle = &rows.get(rows.len() / 2).context("there are no rows")?.key;
        let last = &rows.last().context("there are no rows")?.key;
        let wanted = last.connection_id.as_str().to_uppercase();
        page.note(|| core.connections_page(None, Some(middle), PAGE).0.len(), || plain_page(&rows, middle))?;
        search.note(
            || core.connections_page(Some(&wanted), None, PAGE).0.len(),
            || plain_search(&rows, &wanted),
        )?;
        // The vault is let go of when the last that works on it has ended.
        drop(core);
    }
    for (what, pair) in [("open", open), ("page", page), ("search", search)] {
        println!("{}", json!({ "what": what, "ours": pair.ours, "theirs": pair.theirs }));
    }
    Ok(())
}

#[derive(Default)]
struct Pair {
    ours: Vec<f64>,
    theirs: Vec<f64>,
}

impl Pair {
    /// Measures both, which must find as many.
    fn note(&mut self, ours: impl Fn() -> usize, theirs: impl Fn() -> usize) -> Result<()> {
        anyhow::ensure!(ours() == theirs() && ours() > 0, "found {} and {}", ours(), theirs());
        self.ours.push(each(ours));
        self.theirs.push(each(theirs));
        Ok(())
    }
}

fn each(work: impl Fn() -> usize) -> f64 {
    let started = Instant::now();
    for _ in 0..LOOKS {
        black_box(work());
    }
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let looks = LOOKS as f64;
    milliseconds(started) / looks
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1_000.0
}

/// Each row read and understood, and nothing made of it.
fn plain_open(folder: &Path) -> Result<Vec<Connection>> {
    let vault = Vault::open(folder, UnlockWith::Keychain(&SystemKeychain::new()))?;
    let records = vault.read(|reader| reader.list(CONNECTION))?;
    // EXPOSE: parsed; the content is invented.
    records.iter().map(|record| Ok(serde_json::from_slice(record.body.expose())?)).collect()
}

fn plain_page(rows: &[Connection], after: &ConnectionKey) -> usize {
    let page: Vec<Connection> = rows.iter().filter(|one| one.key > *after).take(PAGE).cloned().collect();
    black_box(page).len()
}

fn plain_search(rows: &[Connection], wanted: &str) -> usize {
    let wanted = wanted.to_lowercase();
    let has = |text: &str| text.to_lowercase().contains(&wanted);
    let found = rows.iter().filter(|one| {
        has(one.display_name())
            || has(&one.provider_name)
            || has(one.key.config_key.as_str())
            || has(one.key.connection_id.as_str())
    });
    let found: Vec<&Connection> = found.collect();
    let page: Vec<Connection> = found.iter().take(PAGE).map(|one| (*one).clone()).collect();
    black_box(page).len()
}

async fn core(folder: &Path) -> Result<Connections> {
    let folder = folder.to_owned();
    let vault = tokio::task::spawn_blocking(move || {
        Vault::open(&folder, UnlockWith::Keychain(&SystemKeychain::new()))
    });
    let ports = Ports {
        store: Arc::new(VaultStore::new(Arc::new(vault.await??))),
        http: Arc::new(platform::http::HttpsClient::new()?),
        user_agent: Arc::new(NoPages),
        loopback: Arc::new(platform::loopback::LoopbackListener),
        clock: Arc::new(platform::system::SystemClock),
        random: Arc::new(platform::system::SystemRandom),
    };
    Ok(Connections::start(ports).await?)
}
