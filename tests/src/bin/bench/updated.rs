//! How soon the screen shows what became of an item at Pluggy, against a plain loop that asks as often.

use crate::results::{Goal, Row};
use anyhow::{Context as _, Result};
use sandbox::{Options, Sandbox};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tests::app::App;
use tests::cli;
use tests::world::{Wants, World};

/// Approvals that are measured.
const ROUNDS: usize = 7;
/// How often the loop asks: as often as Mooring asks while a person waits for an approval.
const EVERY: Duration = Duration::from_secs(2);
const BANK: &str = "Banco Farol Open Finance";
/// A person whom this bank knows.
const CPF: &str = "76109277673";

/// From the approval at the bank to the word on the screen, and to the loop's knowing.
pub(crate) fn measure() -> Result<Row> {
    let world = World::new(Wants { display: Some((1080, 760)), keychain: true });
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let settings = sandbox::pluggy::Settings { pace: Duration::ZERO, ..Default::default() };
        let pluggy = Sandbox::start(Options { pluggy: settings, ..Options::default() }).await?;
        let app = App::open(&world).await?;
        app.press("Create the vault").await?;
        app.sees("Nothing is connected yet").await?;
        let (id, secret) = pluggy.pluggy_client();
        let api = pluggy.pluggy_api();
        cli::ok(
            &world,
            &["config", "create", "banks", "pluggy", id, secret, "--include-sandbox", "--api", &api],
        );
        let plain = Plain::new(&pluggy).await?;
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for round in 0..ROUNDS {
            to_the_approval(&app, round == 0).await?;
            let item = pluggy.pluggy().items().pop().context("no item was made")?;
            // A person approves at any moment between two looks; the rounds are spread evenly over them. Mooring has
            // looked just now, and the loop is where it would be had it looked then.
            let since = EVERY * (2 * u32::try_from(round)? + 1) / (2 * u32::try_from(ROUNDS)?);
            tokio::time::interval_at(tokio::time::Instant::now() + since, EVERY).tick().await;
            let waiting = tokio::spawn(plain.clone().follow(item.clone(), EVERY.saturating_sub(since)));
            let approved = Instant::now();
            anyhow::ensure!(pluggy.pluggy().authorize(&item, true), "the item did not wait");
            app.sees("is connected").await?;
            ours.push(milliseconds(approved.elapsed()));
            theirs.push(milliseconds(waiting.await??.duration_since(approved)));
        }
        app.close().await?;
        let (what, against) = ("approved to shown, ms", "loop every 2 s");
        Ok(Row { what, count: ROUNDS, ours, against, theirs, goal: Goal::AtMost(1.15) })
    })
}

/// Goes to where only the person's approval at the bank is missing.
async fn to_the_approval(app: &App, first: bool) -> Result<()> {
    app.press("Connections").await?;
    app.press(if first { "Connect an institution" } else { "Connect" }).await?;
    app.press_row("Brazilian banks (Pluggy)").await?;
    app.types("Search institutions", BANK).await?;
    app.press_row(BANK).await?;
    app.types("CPF", CPF).await?;
    app.press_starting("Continue to").await?;
    app.sees("waits for your approval").await?;
    Ok(())
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// A client that asks again and again.
#[derive(Clone)]
struct Plain {
    http: reqwest::Client,
    api: String,
    key: String,
}

impl Plain {
    async fn new(pluggy: &Sandbox) -> Result<Self> {
        let http = reqwest::Client::new();
        let api = pluggy.pluggy_api();
        let (id, secret) = pluggy.pluggy_client();
        let body = json!({ "clientId": id, "clientSecret": secret });
        let sent = http.post(format!("{api}/auth")).header("content-type", "application/json");
        let told = sent.body(body.to_string()).send().await?.error_for_status()?.text().await?;
        let told: Value = serde_json::from_str(&told)?;
        let key = told["apiKey"].as_str().context("no key")?.to_owned();
        Ok(Self { http, api, key })
    }

    /// When the item was seen to be updated, by looks of which the first comes after `first`.
    async fn follow(self, item: String, first: Duration) -> Result<Instant> {
        let mut turns = tokio::time::interval_at(tokio::time::Instant::now() + first, EVERY);
        loop {
            turns.tick().await;
            let asked = self.http.get(format!("{}/items/{item}", self.api)).header("x-api-key", &self.key);
            let told: Value = serde_json::from_str(&asked.send().await?.error_for_status()?.text().await?)?;
            if told["status"] == "UPDATED" {
                return Ok(Instant::now());
            }
        }
    }
}
