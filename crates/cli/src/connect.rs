//! Connecting and reconnecting from the command line.

use crate::arguments::ConnectOptions;
use crate::exit::{self, Failure};
use crate::{ask, show};
use broker::wire::{Connect, Operation, Progress, Reply};
use connections::view::{AttemptHint, Surface};
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
        Progress::Began { address: Some(address), .. } => drop(show::line(&address)),
        Progress::Began { attempt, address: None } => show::trouble(&format!("Approve at {}.", attempt.host)),
        Progress::Asking => ask::tell_asking(),
        Progress::Listening | Progress::Happened(_) | Progress::Missed => {}
        Progress::Moved(attempt) => {
            if let Some(text) = attempt.hint.and_then(hint) {
                show::trouble(text);
            }
        }
    })
    .await?;
    match reply {
        Reply::Attempt(attempt) if json => show::json(&attempt),
        Reply::Attempt(attempt) => {
            show::trouble(&format!("Connected to {}.", attempt.provider_name));
            Ok(())
        }
        _ => Err(ask::unexpected()),
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
    let part = |text: &String| {
        let (name, value) = text.split_once('=')?;
        Some((name.to_owned(), value.to_owned()))
    };
    given
        .iter()
        .map(|text| {
            part(text).ok_or_else(|| Failure::new(exit::USAGE, format!("`{text}` is not NAME=VALUE")))
        })
        .collect()
}
