//! `mooring agent`: the core, until it is told to stop.

use crate::{failure, first_line};
use async_trait::async_trait;
use cli::exit::{self, Failure};
use cli::owner::AgentOptions;
use cli::show;
use connections::error::{CoreError, ErrorCode};
use connections::id::AttemptId;
use connections::ports::{Opening, SurfaceError, UserAgent};
use connections::view::Surface;
use runtime::{HttpWish, Options, Runtime, VaultProtection};
use secret::SecretString;
use std::sync::Arc;

/// Without a window there is the system browser.
struct BrowserOnly;

#[async_trait]
impl UserAgent for BrowserOnly {
    fn surfaces(&self) -> Vec<Surface> {
        vec![Surface::Browser]
    }

    async fn open(&self, opening: Opening) -> Result<(), SurfaceError> {
        match opening.surface {
            Surface::Browser => platform::browser::open(&opening.address),
            Surface::Embedded | Surface::Print | Surface::Device => Ok(()),
        }
    }

    async fn close(&self, _attempt: &AttemptId) {}
}

/// Runs until it is told to stop.
pub(crate) async fn run(options: AgentOptions) -> Result<(), Failure> {
    platform::log::start();
    let folder =
        platform::profile::folder().map_err(|error| Failure::new(exit::OS_ERROR, error.to_string()))?;
    let runtime = Runtime::new(Options {
        folder,
        user_agent: Arc::new(BrowserOnly),
        serve: true,
        somebody_there: false,
    })
    .map_err(|error| Failure::new(exit::IO, format!("the profile folder: {error}")))?;
    if options.strict {
        runtime.be_strict();
    }
    let passphrase = options.passphrase_file.as_deref().map(first_line).transpose()?;
    open(&runtime, passphrase).await.map_err(failure)?;
    if options.sandbox {
        let config_key = runtime.practice_bank().await.map_err(failure)?;
        show::trouble(&format!("The practice bank is there: mooring connect {config_key} 1"));
    }
    if options.http.is_some() {
        let wish = HttpWish { address: options.http, origins: options.allow_origin };
        let http = runtime.serve_http(wish).await.map_err(failure)?;
        show::trouble(&format!("Programs are served at http://{}", http.address));
        show::trouble(&format!("The publishable key for pages is {}", http.publishable_key));
    }
    show::line("ready")?;
    stopped().await;
    if let Ok(callers) = runtime.callers() {
        callers.flush().await;
    }
    Ok(())
}

/// Opens the vault, or makes it on the first start.
async fn open(runtime: &Runtime, passphrase: Option<SecretString>) -> Result<(), CoreError> {
    match runtime.unlock(passphrase.as_ref().map(SecretString::duplicate)).await {
        Err(error) if error.code == ErrorCode::NoVault => {
            let protection =
                if passphrase.is_some() { VaultProtection::Passphrase } else { VaultProtection::Keychain };
            runtime.create_vault(protection, passphrase).await
        }
        other => other,
    }
}

#[cfg(unix)]
async fn stopped() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

#[cfg(not(unix))]
async fn stopped() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await
    }
}
