//! Connecting and reconnecting from the command line.

use crate::arguments::{ConnectOptions, secret_from_input};
use crate::exit::{self, Failure};
use crate::{ask, paste, show};
use broker::wire::{Connect, Operation, Progress, Reply};
use connections::view::{AttemptHint, AttemptView, Surface};
use std::collections::BTreeMap;

/// Connects; a pair that exists is connected again.
pub(crate) async fn run(options: ConnectOptions, json: bool) -> Result<(), Failure> {
    follow(options, false, json).await
}

/// Connects again a pair that exists.
pub(crate) async fn again(options: ConnectOptions, json: bool) -> Result<(), Failure> {
    follow(options, true, json).await
}

async fn follow(options: ConnectOptions, reconnect: bool, json: bool) -> Result<(), Failure> {
    let key = ask::key(&options.config_key, &options.connection_id)?;
    let ask = Connect {
        config_key: key.config_key,
        connection_id: key.connection_id,
        surface: options.user_agent.map(Surface::from),
        parameters: parameters(&options.parameters)?,
        reconnect,
    };
    let reply = ask::following(Operation::Connect(ask), |progress| match progress {
        // A script reads the address from standard output and drives a browser with it.
        Progress::Began { address: Some(address), .. } => {
            drop(show::line(&address));
            paste::take_from_terminal();
        }
        Progress::Began { attempt, .. } if attempt.device.is_some() => tell_code(&attempt),
        Progress::Began { attempt, address: None } => {
            show::trouble(&format!("Approve at {}.", attempt.host));
            paste::take_from_terminal();
        }
        Progress::Asking => ask::tell_asking(),
        Progress::Listening | Progress::Happened(_) | Progress::Missed | Progress::Part(_) => {}
        Progress::Moved(attempt) => {
            if let Some(text) = attempt.hint.and_then(hint) {
                show::trouble(text);
            }
        }
    })
    .await?;
    match reply {
        Reply::Connection(connection) if json => show::json(&connection),
        Reply::Connection(connection) => {
            show::trouble(&format!("Connected to {}.", connection.provider_name));
            Ok(())
        }
        Reply::Attempt(attempt) if json => show::json(&attempt),
        Reply::Attempt(attempt) => {
            show::trouble(&format!("Connected to {}.", attempt.provider_name));
            Ok(())
        }
        _ => Err(ask::unexpected()),
    }
}

/// The address goes to standard output, the code beside it, so that a script can read both: two lines.
fn tell_code(attempt: &AttemptView) {
    let Some(device) = &attempt.device else { return };
    drop(show::line(&device.verification_uri));
    drop(show::line(&device.user_code));
    show::trouble(&format!(
        "Open the address on any device and type the code; it ends at {}.",
        device.expires_at
    ));
    if let Some(complete) = &device.verification_uri_complete {
        show::trouble(&format!("With the code filled in: {complete}"));
    }
}

const fn hint(hint: AttemptHint) -> Option<&'static str> {
    match hint {
        AttemptHint::ForeignAnswer => Some("A reply that does not belong to this request was ignored."),
        AttemptHint::LoadFailed => Some("The page did not open."),
        AttemptHint::CertificateRefused => Some("The page could not prove who it is and was not opened."),
        AttemptHint::PasskeyNeeded => Some("The page asks for a passkey; try --user-agent browser."),
        AttemptHint::Stalled | AttemptHint::WindowClosed => None,
    }
}

fn parameters(given: &[String]) -> Result<BTreeMap<String, String>, Failure> {
    let mut parts = BTreeMap::new();
    let mut read = false;
    for text in given {
        let part = text.split_once('=').filter(|(name, _)| !name.is_empty());
        // What was given may be a key: it is not repeated.
        let (name, value) =
            part.ok_or_else(|| Failure::new(exit::USAGE, "a --param is not NAME=VALUE".to_owned()))?;
        let value = if value != "-" {
            value.to_owned()
        } else if std::mem::replace(&mut read, true) {
            return Err(Failure::new(exit::USAGE, "standard input holds one value only".to_owned()));
        } else {
            secret_from_input()?
        };
        parts.insert(name.to_owned(), value);
    }
    Ok(parts)
}
