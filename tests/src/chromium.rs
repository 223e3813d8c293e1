//! A headless Chromium under WebDriver: the browser that a page of others expects.

use crate::app::{free_port, wait_for_port};
use crate::process::Process;
use anyhow::{Context as _, Result};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use std::process::Command;

/// A running browser with its driver.
pub struct Chromium {
    /// The WebDriver session.
    pub client: Client,
    _driver: Process,
    _profile: tempfile::TempDir,
}

impl Chromium {
    /// Opens it, with a profile of its own.
    pub async fn open() -> Result<Self> {
        Self::open_with(&[]).await
    }

    /// Opens it with arguments of its own command line.
    pub async fn open_with(more: &[&str]) -> Result<Self> {
        let port = free_port()?;
        let profile = tempfile::tempdir()?;
        let mut command = Command::new("chromedriver");
        command.arg(format!("--port={port}"));
        let (driver, ()) =
            Process::start(command, |line| line.contains("started successfully").then_some(()));
        wait_for_port(port).await?;
        // The sandbox of Chromium's own needs what a container does not give.
        let own = format!("--user-data-dir={}", profile.path().display());
        let mut arguments = vec!["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", own.as_str()];
        arguments.extend(more);
        let capabilities = serde_json::json!({ "goog:chromeOptions": { "args": arguments } });
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities.as_object().cloned().unwrap_or_default())
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .with_context(|| format!("Chromium did not open: {}", driver.output()))?;
        Ok(Self { client, _driver: driver, _profile: profile })
    }

    /// Closes it.
    pub async fn close(self) -> Result<()> {
        Ok(self.client.close().await?)
    }
}
