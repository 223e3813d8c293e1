//! The commands that open the vault themselves: defined here, performed by the program that has the core.
//!
//! This command line is a client and stays small: every script starts it anew. The core is in `mooring-agent`, for
//! machines without a desktop, and in the app; one of them lies beside this program.
//!
//! Invariant: what was asked for is read here and once; that program gets it as an [`Order`]. On Unix this process
//! becomes it, so signals and the exit code are its own; elsewhere it is waited for.

use crate::exit::{self, Failure};
use clap::{Args, Subcommand};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The programs that have the core, the one to prefer first.
const PROGRAMS: [&str; 2] = ["mooring-agent", "mooring-desktop"];

/// Before an order in the arguments of the program that has the core.
pub const ORDER: &str = "--order";

/// A command of the program that has the core.
#[derive(Subcommand, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OwnerCommand {
    /// Run without a window.
    Agent(AgentOptions),
    /// Write everything to an encrypted file. The app and the agent must be closed.
    Backup(BackupOptions),
    /// Put a backup in the place of the vault. The app and the agent must be closed.
    Restore(RestoreOptions),
}

/// What the program that has the core is to do. JSON in one argument; no secret is in it.
#[derive(Serialize, Deserialize)]
pub struct Order {
    /// What is asked for.
    #[serde(flatten)]
    pub command: OwnerCommand,
    /// Whether it prints JSON.
    pub json: bool,
}

/// How the core runs without a window.
#[derive(Args, Serialize, Deserialize)]
pub struct AgentOptions {
    /// Start the practice bank and register it.
    #[arg(long)]
    pub sandbox: bool,
    /// Open (or make) the vault with the passphrase in this file.
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    /// Serve programs over HTTP too: 127.0.0.1 and a port, 3004 being the usual one.
    #[arg(long, value_name = "ADDRESS")]
    pub http: Option<SocketAddr>,
    /// Let pages of this origin ask over HTTP, such as http://localhost:8080; can be given again.
    #[arg(long, value_name = "ORIGIN", requires = "http")]
    pub allow_origin: Vec<String>,
    /// Refuse whatever was not allowed beforehand, also to this command line.
    #[arg(long)]
    pub strict: bool,
}

/// What is written, and with which passphrases.
#[derive(Args, Serialize, Deserialize)]
pub struct BackupOptions {
    /// Where it is written.
    pub file: PathBuf,
    /// The backup's own passphrase is the first line of this file; without it Mooring asks.
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    /// The vault's passphrase, where one protects it, is the first line of this file; without it Mooring asks.
    #[arg(long, value_name = "FILE")]
    pub vault_passphrase_file: Option<PathBuf>,
    /// Replace a file of that name.
    #[arg(long)]
    pub replace: bool,
}

/// What is read, and how the vault is protected then.
#[derive(Args, Serialize, Deserialize)]
pub struct RestoreOptions {
    /// The backup.
    pub file: PathBuf,
    /// The backup's passphrase is the first line of this file; without it Mooring asks.
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    /// Protect the vault with the system's keychain, not with the backup's passphrase.
    #[arg(long)]
    pub keychain: bool,
}

/// Hands a command over to the program that has the core. Comes back only when it could not be run.
pub(crate) fn hand_over(command: OwnerCommand, json: bool) -> Result<(), Failure> {
    let order = serde_json::to_string(&Order { command, json })
        .map_err(|error| Failure::new(exit::USAGE, format!("{error}; nothing was changed")))?;
    let own = std::env::current_exe()
        .map_err(|error| Failure::new(exit::OS_ERROR, format!("where this program lies: {error}")))?;
    let mut program = Command::new(beside(own.parent().unwrap_or(Path::new(".")))?);
    program.args([ORDER, &order]);
    crate::run::become_program(program)
}

/// The first of them that lies in `folder`.
fn beside(folder: &Path) -> Result<PathBuf, Failure> {
    let files = PROGRAMS.map(|name| folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX)));
    files.into_iter().find(|file| file.is_file()).ok_or_else(|| {
        let text = format!(
            "neither {} lies in {}, and one of them must do this; nothing was changed, install Mooring again",
            PROGRAMS.join(" nor "),
            folder.display()
        );
        Failure::new(exit::UNAVAILABLE, text)
    })
}

#[cfg(test)]
mod tests {
    use super::{PROGRAMS, beside};
    use tempfile::TempDir;

    #[test]
    fn the_agent_comes_before_the_app_and_nothing_is_said_clearly() {
        let folder = TempDir::new().unwrap();
        let missing = beside(folder.path()).unwrap_err();
        assert_eq!(missing.code, crate::exit::UNAVAILABLE);
        assert!(missing.text.contains("mooring-agent"), "{}", missing.text);
        for name in PROGRAMS.into_iter().rev() {
            let file = folder.path().join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
            std::fs::write(&file, "").unwrap();
            assert_eq!(beside(folder.path()).unwrap(), file);
        }
    }
}
