//! `oidc-provider` from npm: a certified authorization server that nobody here wrote.

use crate::process::Process;
use crate::workspace;
use anyhow::Result;
use std::process::Command;

/// A running server.
pub struct Provider {
    _process: Process,
    /// Its issuer identifier.
    pub issuer: String,
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
