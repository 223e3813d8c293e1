//! `oidc-provider` from npm: a certified authorization server that nobody here wrote.

use crate::app::{App, until};
use crate::process::Process;
use crate::world::World;
use crate::{cli, person, workspace};
use anyhow::Result;
use std::collections::BTreeMap;
use std::process::Command;

/// A running server.
pub struct Provider {
    _process: Process,
    /// Its issuer identifier.
    pub issuer: String,
}

/// Something that happened to a grant at the server.
#[derive(Clone, Debug)]
pub struct GrantEvent {
    /// What.
    pub what: GrantFate,
    /// When, in milliseconds since 1970 by this machine's clock.
    pub at_millis: i64,
    /// The server's name for the grant.
    pub grant: String,
    /// The access token that was issued, if one.
    pub access_token: String,
}

/// What can happen to a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantFate {
    /// A code was exchanged.
    Begun,
    /// A refresh token was exchanged, and is spent.
    Refreshed,
    /// A spent refresh token came again.
    Ended,
}

impl Provider {
    /// Starts it. `options` is JSON; see `tests/peers/oidc.mjs`.
    pub fn start(options: &serde_json::Value) -> Self {
        let folder = workspace().join("tests/peers");
        assert!(
            folder.join("node_modules/oidc-provider").exists(),
            "`cargo xtask setup` brings the npm packages"
        );
        let mut node = Command::new("node");
        node.arg("oidc.mjs").arg(options.to_string()).current_dir(folder).env("NO_COLOR", "1");
        let (process, issuer) =
            Process::start(node, |line| line.strip_prefix("listening ").map(ToOwned::to_owned));
        Self { _process: process, issuer }
    }

    /// What it has counted: requests by endpoint, tokens that it refused.
    pub async fn counts(&self) -> Result<serde_json::Value> {
        Ok(serde_json::from_str(&reqwest::get(format!("{}/_test/counts", self.issuer)).await?.text().await?)?)
    }

    /// Every token that it gave, by kind; none of a kind is an error.
    pub async fn given(&self) -> Result<Vec<String>> {
        let told = reqwest::get(format!("{}/_test/given", self.issuer)).await?.text().await?;
        let told: BTreeMap<String, Vec<String>> = serde_json::from_str(&told)?;
        anyhow::ensure!(told.values().all(|tokens| !tokens.is_empty()), "{:?}", told.keys());
        Ok(told.into_values().flatten().collect())
    }

    /// What became of grants, in the order of time.
    pub async fn history(&self) -> Result<Vec<GrantEvent>> {
        let told = reqwest::get(format!("{}/_test/history", self.issuer)).await?.text().await?;
        let told: Vec<serde_json::Value> = serde_json::from_str(&told)?;
        let text =
            |event: &serde_json::Value, name: &str| event[name].as_str().unwrap_or_default().to_owned();
        let read = told.iter().map(|event| GrantEvent {
            what: match event["what"].as_str() {
                Some("begun") => GrantFate::Begun,
                Some("refreshed") => GrantFate::Refreshed,
                _ => GrantFate::Ended,
            },
            at_millis: event["at"].as_i64().unwrap_or_default(),
            grant: text(event, "grant"),
            access_token: text(event, "access"),
        });
        Ok(read.collect())
    }

    /// The person withdraws every consent at the server.
    pub async fn withdraw(&self) -> Result<()> {
        reqwest::Client::new()
            .post(format!("{}/_test/withdraw", self.issuer))
            .send()
            .await?
            .error_for_status()?;
        Ok(())
    }

    /// Whether the server takes an access token.
    pub async fn accepts(&self, access_token: &str) -> Result<bool> {
        let asked = reqwest::Client::new().get(format!("{}/me", self.issuer)).bearer_auth(access_token);
        Ok(asked.send().await?.status().is_success())
    }
}

/// The app with a new vault and one connection to that server, `oidc/ana`.
pub async fn connected_app(world: &World, provider: &Provider) -> App {
    let app = App::open(world).await.unwrap();
    app.press("Create the vault").await.unwrap();
    app.sees("Nothing is connected yet").await.unwrap();
    let create = ["config", "create", "oidc", "custom", "mooring", "", "openid offline_access", "--issuer"];
    cli::ok(world, &[&create[..], &[provider.issuer.as_str()]].concat());
    let (_waiting, address) = cli::connect(world, "oidc", "ana");
    let landed = person::approve(&address).await.unwrap();
    assert!(reqwest::get(landed).await.unwrap().status().is_success());
    cli::linked(world, "oidc", "ana").await;
    app.sees("up to date").await.unwrap();
    app
}

/// The person withdraws their consent at the server, and this program, which may, asks for tokens of `oidc/ana` until
/// that is noticed.
pub async fn end_connection(world: &World, provider: &Provider) {
    provider.withdraw().await.unwrap();
    until("the connection to be ended", || async {
        cli::mooring(world, &["token", "oidc", "ana"]);
        let shown = cli::json(world, &["connection", "show", "oidc", "ana"]);
        Ok((shown["status"] == "Deauthorized").then_some(()))
    })
    .await
    .unwrap();
}
