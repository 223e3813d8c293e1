//! Finds out what is missing on this computer, explains it, and says what to do.
//!
//! Invariant: looks and changes nothing; asks nobody outside this computer.

mod clock;
mod place;
mod port;
mod scheme;

use crate::exit::{self, Failure};
use crate::show;
use clap::Args;
use serde::Serialize;

#[derive(Args)]
pub(crate) struct DoctorOptions {
    /// The port of the HTTP interface to look at; without it, the one that is served, else 3004.
    #[arg(long)]
    port: Option<u16>,
}

/// One thing that was looked at.
#[derive(Serialize)]
struct Check {
    name: &'static str,
    ok: bool,
    /// What was found.
    what: String,
    /// What to do, where something is wrong.
    advice: Option<String>,
}

impl Check {
    fn good(name: &'static str, what: impl Into<String>) -> Self {
        Self { name, ok: true, what: what.into(), advice: None }
    }

    fn bad(name: &'static str, what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { name, ok: false, what: what.into(), advice: Some(advice.into()) }
    }
}

/// Looks at everything; ends with 69 when something is missing.
pub(crate) async fn run(options: DoctorOptions, json: bool) -> Result<(), Failure> {
    let mut checks = vec![
        place::folder(),
        place::owner().await,
        keychain().await,
        loopback().await,
        http_port(options.port).await,
        clock::check(),
    ];
    checks.extend(scheme::check());
    if json {
        show::json(&checks)?;
    } else {
        for check in &checks {
            let sign = if check.ok { "ok     " } else { "missing" };
            show::line(&format!("{sign}  {}: {}", check.name, check.what))?;
            if let Some(advice) = &check.advice {
                show::line(&format!("         -> {advice}"))?;
            }
        }
    }
    let missing = checks.iter().filter(|check| !check.ok).count();
    if missing == 0 {
        Ok(())
    } else {
        Err(Failure::new(exit::UNAVAILABLE, format!("{missing} of the above need care")))
    }
}

async fn http_port(wanted: Option<u16>) -> Check {
    let (own, serves) = (place::running().await, place::served_port());
    let port = wanted.or(serves.filter(|_| own.is_some())).unwrap_or(broker::settings::USUAL_PORT);
    port::check(port, own, serves)
}

async fn keychain() -> Check {
    const NAME: &str = "system keychain";
    const ADVICE: &str = "unlock or install a keychain (gnome-keyring, KeePassXC), or let a passphrase protect the \
                          vault: mooring agent --passphrase-file FILE";
    let probed = tokio::task::spawn_blocking(|| platform::keychain::SystemKeychain::new().probe()).await;
    match probed {
        Ok(Ok(())) => Check::good(NAME, "answers"),
        Ok(Err(problem)) => Check::bad(NAME, problem.name(), ADVICE),
        Err(_) => Check::bad(NAME, "could not be asked", ADVICE),
    }
}

async fn loopback() -> Check {
    const NAME: &str = "return from the browser";
    match tokio::net::TcpListener::bind(("127.0.0.1", 0)).await {
        Ok(_) => Check::good(NAME, "127.0.0.1 can be listened on"),
        Err(error) => Check::bad(
            NAME,
            format!("127.0.0.1 cannot be listened on: {error}"),
            "see whether the loopback interface is up and a firewall or sandbox forbids listening",
        ),
    }
}
