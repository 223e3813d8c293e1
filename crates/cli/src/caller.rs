//! `mooring caller`: programs on this computer, and what they may.

use crate::exit::{self, Failure};
use crate::{ask, show};
use broker::caller::{Access, CallerId};
use broker::permission::Permission;
use broker::view::CallerView;
use broker::wire::{Operation, Reply};
use broker::{Allowance, Withdrawal};
use clap::{Args, Subcommand, ValueEnum};
use std::io::Read as _;
use std::path::{Path, PathBuf};

#[derive(Subcommand)]
pub(crate) enum CallerCommand {
    /// All that have asked, or were decided about.
    List,
    /// Let a program have something without being asked.
    Allow(Decided),
    /// Never let a program have something.
    Deny(Decided),
    /// Take back what was decided, at once.
    Revoke(Revoked),
    /// Print the secret of the HTTP interface.
    Secret {
        /// Make another one; the one before is worth nothing from now on.
        #[arg(long)]
        rotate: bool,
    },
}

#[derive(Args)]
pub(crate) struct Decided {
    /// A program (its path, or a name that is found as a shell finds it), `http` for whoever has the secret, the
    /// origin of a page, or an id of `mooring caller list`.
    caller: String,
    /// What.
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [What::Token, What::Data])]
    access: Vec<What>,
    /// Only of this connection; without it, of all.
    #[arg(long, value_name = "CONFIG_KEY/CONNECTION_ID")]
    connection: Option<String>,
}

#[derive(Args)]
pub(crate) struct Revoked {
    /// As for `allow`.
    caller: String,
    /// Only what was decided about this.
    #[arg(long, value_enum)]
    access: Option<What>,
    /// Only what was decided about this connection.
    #[arg(long, value_name = "CONFIG_KEY/CONNECTION_ID")]
    connection: Option<String>,
}

/// What a program may have.
#[derive(Clone, Copy, ValueEnum)]
enum What {
    /// Access tokens.
    Token,
    /// Accounts and their lines.
    Data,
    /// Names and states of connections, and what happens to them.
    List,
    /// Beginning to connect: over HTTP, or by running `mooring`.
    Connect,
    /// Registrations and disconnecting: over HTTP, or by running `mooring`.
    Manage,
}

impl From<What> for Access {
    fn from(what: What) -> Self {
        match what {
            What::Token => Self::Token,
            What::Data => Self::ReadData,
            What::List => Self::List,
            What::Connect => Self::Connect,
            What::Manage => Self::Manage,
        }
    }
}

pub(crate) async fn run(command: CallerCommand, json: bool) -> Result<(), Failure> {
    match command {
        CallerCommand::List => match ask::once(Operation::CallerList).await? {
            Reply::Callers(all) if json => show::json(&all),
            Reply::Callers(all) => list(&all),
            _ => Err(ask::unexpected()),
        },
        CallerCommand::Allow(decided) => decide(decided, true, json).await,
        CallerCommand::Deny(decided) => decide(decided, false, json).await,
        CallerCommand::Revoke(revoked) => {
            let withdrawal = Withdrawal {
                caller: resolve(&revoked.caller)?,
                access: revoked.access.map(Access::from),
                connection: revoked.connection.as_deref().map(ask::pair).transpose()?,
                general: false,
            };
            ask::once(Operation::CallerRevoke(withdrawal)).await.map(drop)
        }
        CallerCommand::Secret { rotate } => {
            let operation = if rotate { Operation::SecretRotate } else { Operation::SecretShow };
            match ask::once(operation).await? {
                Reply::Secret(secret) if json => show::json(&serde_json::json!({ "secret": secret })),
                Reply::Secret(secret) => show::line(&secret),
                _ => Err(ask::unexpected()),
            }
        }
    }
}

async fn decide(decided: Decided, allowed: bool, json: bool) -> Result<(), Failure> {
    let allowance = Allowance {
        caller: resolve(&decided.caller)?,
        access: decided.access.into_iter().map(Access::from).collect(),
        connection: decided.connection.as_deref().map(ask::pair).transpose()?,
        allowed,
    };
    match ask::once(Operation::CallerAllow(allowance)).await? {
        Reply::Caller(caller) if json => show::json(&caller),
        Reply::Caller(caller) => list(&[*caller]),
        _ => Err(ask::unexpected()),
    }
}

/// The id of the caller that the person means.
fn resolve(text: &str) -> Result<CallerId, Failure> {
    if ["program:", "http:", "web:"].iter().any(|prefix| text.starts_with(prefix)) {
        return Ok(CallerId::new(text));
    }
    if text == "http" {
        return Ok(CallerId::new("http:unknown"));
    }
    if text.contains("://") {
        let origin = broker::settings::origin(text)
            .map_err(|_| Failure::new(exit::DATA, format!("`{text}` is no origin of a page")))?;
        return Ok(CallerId::new(&format!("web:{origin}")));
    }
    let path = if text.contains(std::path::is_separator) { Some(PathBuf::from(text)) } else { found(text) };
    // The system tells the file behind all links, so that is the name that holds.
    let path = path.and_then(|path| std::fs::canonicalize(path).ok());
    let path = path.ok_or_else(|| Failure::new(exit::DATA, format!("no program `{text}`")))?;
    if is_script(&path) {
        let text = format!(
            "`{text}` is a script, and the system sees the program that runs it; allow that, for all its scripts"
        );
        return Err(Failure::new(exit::DATA, text));
    }
    Ok(CallerId::new(&format!("program:{}", path.display())))
}

/// Whether a file names the program that runs it in its first line.
fn is_script(path: &Path) -> bool {
    let mut first = [0_u8; 2];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut first));
    read.is_ok() && first == *b"#!"
}

/// As a shell finds a program.
fn found(name: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    let mut files = std::env::split_paths(&folders).map(|folder| folder.join(name));
    files.find(|file| is_program(file))
}

#[cfg(unix)]
fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(file).is_ok_and(|one| one.is_file() && one.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(file: &Path) -> bool {
    file.is_file()
}

fn list(all: &[CallerView]) -> Result<(), Failure> {
    let row = |one: &CallerView| {
        let asked = one.last_asked_at.map_or_else(|| "never asked".to_owned(), |at| at.to_string());
        let may = one.permissions.iter().map(permission).collect::<Vec<_>>().join(", ");
        vec![one.name.clone(), one.id.to_string(), asked, one.asked.to_string(), may]
    };
    show::table(&all.iter().map(row).collect::<Vec<_>>())
}

fn permission(one: &Permission) -> String {
    let of = one.connection.as_ref().map_or_else(|| "all".to_owned(), ToString::to_string);
    format!("{} {} of {of}", if one.allowed { "may have" } else { "never" }, access(one.access))
}

/// A word for what is asked for.
pub(crate) const fn access(access: Access) -> &'static str {
    match access {
        Access::Token => "token",
        Access::ReadData => "data",
        Access::List => "list",
        Access::Connect => "connect",
        Access::Manage => "manage",
        Access::Admission => "admission",
    }
}

#[cfg(test)]
mod tests {
    use super::resolve;

    #[test]
    fn a_caller_is_meant_by_path_name_origin_or_id() {
        assert_eq!(resolve("http").unwrap().as_str(), "http:unknown");
        assert_eq!(resolve("program:/usr/bin/x").unwrap().as_str(), "program:/usr/bin/x");
        assert_eq!(resolve("https://Books.example/").unwrap().as_str(), "web:https://books.example");
        let shell = std::fs::canonicalize("/bin/sh").unwrap();
        let expected = format!("program:{}", shell.display());
        assert_eq!(resolve("/bin/sh").unwrap().as_str(), expected, "links are followed");
        assert_eq!(resolve("sh").unwrap().as_str(), expected);
        let folder = tempfile::tempdir().unwrap();
        let script = folder.path().join("report");
        std::fs::write(&script, "#!/bin/sh\n").unwrap();
        let refused = resolve(script.to_str().unwrap()).unwrap_err();
        assert!(refused.text.contains("the program that runs it"), "{}", refused.text);
        for text in ["", "no-such-program-anywhere", "/no/such", "https://*"] {
            assert!(resolve(text).is_err(), "{text}");
        }
    }
}
