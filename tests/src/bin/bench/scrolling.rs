//! Whether a list of thousands of accounts scrolls within a frame, above what a page takes that stands still in the same
//! window.

use crate::results::{Goal, Row, median};
use crate::yardstick;
use anyhow::{Context as _, Result};
use tests::app::App;
use tests::world::{Wants, World};

/// As many accounts as a person could have through an aggregator, and then some.
const ACCOUNTS: usize = 5_000;
/// A frame of a display that shows 60 in a second.
const FRAME_MS: f64 = 1_000.0 / 60.0;
/// Passes over each page.
const PASSES: usize = 5;
/// Moves what scrolls by a row per frame, and answers how long each frame took, in milliseconds.
const FRAMES: &str = "const [done] = arguments; \
    const scrolls = (one) => one.scrollHeight > one.clientHeight + 200 && /auto|scroll/.test(getComputedStyle(one).overflowY); \
    const list = [...document.querySelectorAll('*')].find(scrolls); \
    const times = []; let last = performance.now(); \
    const frame = (now) => { times.push(now - last); last = now; if (list) list.scrollTop += 64; \
        if (times.length < 180) requestAnimationFrame(frame); else done({ times: times.slice(5), moved: list ? list.scrollTop : 0 }); }; \
    requestAnimationFrame(frame);";

/// The frames of the list, and those of a page that stands still.
pub(crate) fn measure() -> Result<Row> {
    let world = World::new(Wants { display: Some((1080, 760)), keychain: true });
    yardstick::run(&world, &["fill", "1", &ACCOUNTS.to_string()])?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let app = App::open(&world).await?;
        app.press("Accounts").await?;
        app.sees("Account number 0").await?;
        app.settled().await?;
        let mut ours = Vec::new();
        for _ in 0..PASSES {
            let (slow, moved) = slow_frame(&app).await?;
            anyhow::ensure!(moved > 1_000.0, "the list did not scroll");
            ours.push(slow);
        }
        app.press("Settings").await?;
        app.settled().await?;
        let mut still = Vec::new();
        for _ in 0..PASSES {
            still.push(slow_frame(&app).await?.0);
        }
        app.close().await?;
        // The machine's own share cancels out: a list is within a frame when it costs at most one above a still page.
        let limit = median(&still) + FRAME_MS;
        let what = "frame while scrolling, p95, ms";
        let (against, goal) = ("a still page + 16.7", Goal::AtMost(1.0));
        Ok(Row { what, count: ACCOUNTS, ours, against, theirs: vec![limit], goal })
    })
}

/// The frame that 19 of 20 are quicker than, and how far the page moved.
async fn slow_frame(app: &App) -> Result<(f64, f64)> {
    let told = app.client.execute_async(FRAMES, Vec::new()).await?;
    let times = told["times"].as_array().context("no frames were counted")?;
    let mut times: Vec<f64> = times.iter().filter_map(serde_json::Value::as_f64).collect();
    times.sort_by(f64::total_cmp);
    let slow = times.get(times.len() * 19 / 20).context("no frames were counted")?;
    Ok((*slow, told["moved"].as_f64().unwrap_or_default()))
}
