//! Writes to standard output and standard error.

use crate::exit::{self, Failure};
use broker::wire::Reply;
use connections::connection::{Needs, Reachability, Status};
use connections::view::{ConfigView, ConnectionView, ProviderView};
use std::io::Write as _;

/// A line for a script.
///
/// # Errors
/// Standard output is closed.
pub fn line(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let written = writeln!(out, "{text}").and_then(|()| out.flush());
    written.map_err(|error| Failure::new(exit::IO, format!("standard output: {error}")))
}

/// JSON for a script.
///
/// # Errors
/// Standard output is closed.
pub fn json(value: &impl serde::Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value);
    line(&text.map_err(|error| Failure::new(exit::SOFTWARE, error.to_string()))?)
}

/// A line for a person.
pub fn trouble(text: &str) {
    // With standard error gone there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Rows of cells, aligned.
pub(crate) fn table(rows: &[Vec<String>]) -> Result<(), Failure> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width =
        |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        line(cells.collect::<Vec<_>>().join("  ").trim_end())?;
    }
    Ok(())
}

pub(crate) fn providers(all: &[ProviderView]) -> Result<(), Failure> {
    let row = |one: &ProviderView| {
        vec![one.id.clone(), one.name.clone(), format!("{:?}", one.category).to_lowercase()]
    };
    table(&all.iter().map(row).collect::<Vec<_>>())
}

pub(crate) fn configs(all: &[ConfigView]) -> Result<(), Failure> {
    let row = |one: &ConfigView| {
        vec![one.config_key.to_string(), one.provider.clone(), one.client_id.clone(), one.scopes.join(",")]
    };
    table(&all.iter().map(row).collect::<Vec<_>>())
}

pub(crate) fn config(one: &ConfigView) -> Result<(), Failure> {
    let rows = [
        ("config key", one.config_key.to_string()),
        ("provider", one.provider.clone()),
        ("client id", one.client_id.clone()),
        ("secret", if one.has_secret { "stored" } else { "none" }.to_owned()),
        ("scopes", one.scopes.join(" ")),
        ("redirect address", one.redirect_uri.clone()),
    ];
    table(&rows.map(|(name, value)| vec![name.to_owned(), value]))
}

pub(crate) fn config_reply(reply: Reply, as_json: bool) -> Result<(), Failure> {
    match reply {
        Reply::Config(config) if as_json => json(&config),
        Reply::Config(config) => {
            trouble(&format!("Register this redirect address at {}:", config.provider_name));
            line(&config.redirect_uri)
        }
        _ => Err(crate::ask::unexpected()),
    }
}

pub(crate) fn connections(all: &[ConnectionView]) -> Result<(), Failure> {
    let row = |one: &ConnectionView| {
        vec![one.key.to_string(), one.provider_name.clone(), one.display_name.clone(), status(one).to_owned()]
    };
    table(&all.iter().map(row).collect::<Vec<_>>())
}

pub(crate) fn connection(one: &ConnectionView) -> Result<(), Failure> {
    let at =
        |instant: Option<jiff::Timestamp>| instant.map_or_else(|| "never".to_owned(), |at| at.to_string());
    let rows = [
        ("connection", one.key.to_string()),
        ("institution", one.provider_name.clone()),
        ("name", one.display_name.clone()),
        ("status", status(one).to_owned()),
        ("first authorized", at(one.first_authorized_at)),
        ("last synced", at(one.last_synced_at)),
        ("last used", at(one.last_used_at)),
        ("access renews", at(one.access_expires_at)),
        ("holds until", one.holds_until.map_or_else(|| "not known".to_owned(), |at| at.to_string())),
        ("scopes", one.scopes_granted.join(" ")),
    ];
    table(&rows.map(|(name, value)| vec![name.to_owned(), value]))
}

/// The one word that matters most.
fn status(one: &ConnectionView) -> &'static str {
    match (one.status, one.needs, &one.reachability, one.paused) {
        (Status::PendingAuth, ..) => "waiting for approval",
        (Status::Unlinked, ..) => "disconnected",
        (Status::Deauthorized, ..) => "approve again",
        (Status::Linked, Needs::Credentials, ..) => "fix credentials",
        (Status::Linked, _, _, true) => "paused",
        (Status::Linked, _, Reachability::Offline { .. }, _) => "offline",
        (Status::Linked, _, Reachability::ProviderTrouble { .. }, _) => "provider trouble",
        (Status::Linked, _, Reachability::Reachable, _) => "up to date",
    }
}

pub(crate) fn revoked(word: &str) -> &'static str {
    match word {
        "confirmed" => "Done. The institution confirmed that access is over.",
        "kept" => {
            "Done here; what was read is kept. Pluggy keeps its access until you delete the connection."
        }
        "notOffered" => "Done here. The institution cannot be told; end access in its own settings too.",
        "refused" => "Done here. The institution refused to end access; end it in its own settings.",
        "later" => "Done here. The institution did not answer; Mooring tells it later.",
        _ => "Done.",
    }
}
