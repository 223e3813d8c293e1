//! Finds out what is missing on this computer, and says what to do.

use crate::exit::{self, Failure};
use crate::{ask, show};
use broker::client::AskError;
use broker::wire::{Operation, Reply};
use serde::Serialize;
use std::process::Command;

/// One thing that was looked at.
#[derive(Serialize)]
struct Check {
    name: &'static str,
    ok: bool,
    what: String,
}

/// Looks at everything; ends with 69 when something is missing.
pub(crate) async fn run(json: bool) -> Result<(), Failure> {
    let mut checks = vec![profile(), socket().await, keychain().await, loopback().await];
    checks.extend(scheme());
    if json {
        show::json(&checks)?;
    } else {
        for check in &checks {
            show::line(&format!(
                "{}  {}: {}",
                if check.ok { "ok     " } else { "missing" },
                check.name,
                check.what
            ))?;
        }
    }
    let missing = checks.iter().filter(|check| !check.ok).count();
    if missing == 0 {
        Ok(())
    } else {
        Err(Failure::new(exit::UNAVAILABLE, format!("{missing} of the above need care")))
    }
}

const fn check(name: &'static str, ok: bool, what: String) -> Check {
    Check { name, ok, what }
}

fn profile() -> Check {
    const NAME: &str = "profile folder";
    let folder = match platform::profile::folder() {
        Ok(folder) => folder,
        Err(error) => return check(NAME, false, error.to_string()),
    };
    match platform::profile::prepare(&folder) {
        Ok(()) => check(NAME, true, folder.display().to_string()),
        Err(error) => check(NAME, false, format!("{}: {error}", folder.display())),
    }
}

async fn socket() -> Check {
    const NAME: &str = "app or agent";
    let path = match ask::socket() {
        Ok(path) => path,
        Err(failure) => return check(NAME, false, failure.text),
    };
    match broker::client::ask(&path, Operation::Status, |_| {}).await {
        Ok(Reply::Status(status)) => {
            let locked = if status.locked { ", locked" } else { "" };
            check(NAME, true, format!("version {}, process {}{locked}", status.version, status.pid))
        }
        Err(AskError::NotRunning) if path.exists() => check(
            NAME,
            false,
            "the socket is left over from a crash; starting Mooring replaces it".to_owned(),
        ),
        Err(AskError::NotRunning) => {
            check(NAME, false, "not running; open the app or run: mooring agent".to_owned())
        }
        Err(error) => check(NAME, false, error.to_string()),
        Ok(_) => check(NAME, false, ask::unexpected().text),
    }
}

async fn keychain() -> Check {
    const NAME: &str = "system keychain";
    let probed = tokio::task::spawn_blocking(|| platform::keychain::SystemKeychain::new().probe()).await;
    match probed {
        Ok(Ok(())) => check(NAME, true, "answers".to_owned()),
        Ok(Err(problem)) => {
            let advice = "a passphrase protects the vault as well: mooring agent --passphrase-file FILE";
            check(NAME, false, format!("{}; {advice}", problem.name()))
        }
        Err(_) => check(NAME, false, "could not be asked".to_owned()),
    }
}

async fn loopback() -> Check {
    const NAME: &str = "return from the browser";
    match tokio::net::TcpListener::bind(("127.0.0.1", 0)).await {
        Ok(_) => check(NAME, true, "127.0.0.1 can be listened on".to_owned()),
        Err(error) => check(NAME, false, format!("127.0.0.1 cannot be listened on: {error}")),
    }
}

/// Who opens `mooring://` links; only Linux has a command that tells.
fn scheme() -> Option<Check> {
    const NAME: &str = "mooring:// links";
    if !cfg!(target_os = "linux") {
        return None;
    }
    let asked = Command::new("xdg-mime").args(["query", "default", "x-scheme-handler/mooring"]).output();
    Some(match asked {
        Ok(output) => {
            let handler = String::from_utf8_lossy(&output.stdout).trim().to_owned();
            if handler.is_empty() {
                check(NAME, false, "nobody opens them; start the app once, or install its package".to_owned())
            } else {
                check(NAME, true, handler)
            }
        }
        Err(_) => check(NAME, false, "xdg-mime is missing (package xdg-utils)".to_owned()),
    })
}
