//! `mooring http`: the HTTP interface, for programs that cannot open the socket, and for web pages.

use crate::exit::Failure;
use crate::{ask, show};
use broker::settings::{AccessSettings, SettingsChange};
use broker::wire::{Operation, Reply};
use clap::Subcommand;

#[derive(Subcommand)]
pub(crate) enum HttpCommand {
    /// Whether it is on, where, and for which pages.
    Show,
    /// Turn it on, now and at every start.
    On {
        /// Its port on 127.0.0.1; without it, the one that it had.
        #[arg(long)]
        port: Option<u16>,
    },
    /// Turn it off.
    Off,
    /// Let pages of an origin ask, such as https://app.example.com.
    Allow { origin: String },
    /// Let pages of an origin ask no more.
    Forbid { origin: String },
}

pub(crate) async fn run(command: HttpCommand, json: bool) -> Result<(), Failure> {
    let none = SettingsChange::default;
    let change = match command {
        HttpCommand::Show => None,
        HttpCommand::On { port } => Some(SettingsChange { http: Some(true), port, ..none() }),
        HttpCommand::Off => Some(SettingsChange { http: Some(false), ..none() }),
        HttpCommand::Allow { origin } => Some(SettingsChange { allow_origins: vec![origin], ..none() }),
        HttpCommand::Forbid { origin } => Some(SettingsChange { forbid_origins: vec![origin], ..none() }),
    };
    let settings = settings(change).await?;
    if json { show::json(&settings) } else { show::table(&rows(&settings)) }
}

/// Changes the settings, or only looks at them.
pub(crate) async fn settings(change: Option<SettingsChange>) -> Result<AccessSettings, Failure> {
    let operation = change.map_or(Operation::SettingsShow, Operation::SettingsChange);
    match ask::once(operation).await? {
        Reply::Settings(settings) => Ok(*settings),
        _ => Err(ask::unexpected()),
    }
}

fn rows(settings: &AccessSettings) -> Vec<Vec<String>> {
    let origins = if settings.origins.is_empty() { "none".to_owned() } else { settings.origins.join(" ") };
    let rows = [
        ("http", if settings.http { "on" } else { "off" }.to_owned()),
        ("address", format!("http://127.0.0.1:{}", settings.port)),
        ("pages", origins),
        ("audit", format!("kept for {} days", settings.audit_days)),
    ];
    rows.map(|(name, value)| vec![name.to_owned(), value]).to_vec()
}
