//! The plainest way to renew many tokens: ask, read, forget.

use anyhow::Result;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;
use tokio::task::JoinSet;
use url::Url;

/// Asks `count` times, `at_once` at a time; prints how many seconds it took.
pub(crate) async fn plain_loop(url: &Url, count: usize, at_once: usize) -> Result<()> {
    let client = reqwest::Client::builder().no_proxy().build()?;
    let next = Arc::new(AtomicUsize::new(0));
    let started = Instant::now();
    let mut workers = JoinSet::new();
    for _ in 0..at_once {
        let (client, url, next) = (client.clone(), url.clone(), Arc::clone(&next));
        workers.spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= count {
                    return anyhow::Ok(());
                }
                let form = format!("grant_type=refresh_token&refresh_token=refresh-{number}&client_id=bench");
                let asked = client
                    .post(url.clone())
                    .header("content-type", "application/x-www-form-urlencoded")
                    .body(form);
                let told = asked.send().await?.error_for_status()?.bytes().await?;
                let told: serde_json::Value = serde_json::from_slice(&told)?;
                anyhow::ensure!(told.get("access_token").is_some(), "no token");
            }
        });
    }
    while let Some(worker) = workers.join_next().await {
        worker??;
    }
    println!("{}", started.elapsed().as_secs_f64());
    Ok(())
}
