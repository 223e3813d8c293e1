//! `mooring run`: becomes another program, with a fresh access token in its environment.
//!
//! Invariant: the token is in no argument, in no file, and in no environment but that of the program. On Unix this
//! process becomes that program, so signals and the exit code are its own; elsewhere it is waited for.

use crate::arguments::seconds;
use crate::ask;
use crate::exit::Failure;
use broker::wire::{Operation, Reply, TokenAsk};
use clap::Args;
use secret::SecretString;
use std::ffi::OsString;
use std::process::Command;

/// The program could not be started; as shells say it.
const NOT_STARTED: u8 = 126;
/// There is no such program; as shells say it.
const NO_SUCH_PROGRAM: u8 = 127;

#[derive(Args)]
pub(crate) struct RunOptions {
    /// The connection whose token it gets: CONFIG_KEY/CONNECTION_ID.
    #[arg(value_name = "CONFIG_KEY/CONNECTION_ID")]
    connection: String,
    /// The name of the variable.
    #[arg(long, value_name = "NAME", default_value = "MOORING_ACCESS_TOKEN")]
    env: String,
    /// How long the token must live: 60s, 5m, 1h.
    #[arg(long)]
    min_ttl: Option<String>,
    /// The program and its arguments.
    #[arg(last = true, required = true, value_name = "PROGRAM")]
    program: Vec<OsString>,
}

/// Comes back only when the program could not be run.
pub(crate) async fn run(options: RunOptions) -> Result<(), Failure> {
    check_name(&options.env)?;
    let key = ask::pair(&options.connection)?;
    let min_ttl_seconds = options.min_ttl.as_deref().map(seconds).transpose()?;
    let Reply::Token(token) = ask::once(Operation::Token(TokenAsk { key, min_ttl_seconds })).await? else {
        return Err(ask::unexpected());
    };
    let token = SecretString::from(token.access_token);
    let Some((program, arguments)) = options.program.split_first() else {
        return Err(Failure::new(crate::exit::USAGE, "which program? mooring run KEY/ID -- PROGRAM"));
    };
    let mut command = Command::new(program);
    // EXPOSE: to the program that the person named, in its environment, which only this person can read.
    command.args(arguments).env(&options.env, token.expose());
    drop(token);
    become_program(command)
}

/// Comes back only when it could not be run.
#[cfg(unix)]
pub(crate) fn become_program(mut command: Command) -> Result<(), Failure> {
    use std::os::unix::process::CommandExt as _;
    let error = command.exec();
    Err(not_started(&command, &error))
}

/// Comes back only when it could not be run.
#[cfg(not(unix))]
pub(crate) fn become_program(mut command: Command) -> Result<(), Failure> {
    let status = command.status().map_err(|error| not_started(&command, &error))?;
    std::process::exit(status.code().unwrap_or(1))
}

fn not_started(command: &Command, error: &std::io::Error) -> Failure {
    let missing = error.kind() == std::io::ErrorKind::NotFound;
    let code = if missing { NO_SUCH_PROGRAM } else { NOT_STARTED };
    Failure::new(code, format!("{}: {error}", command.get_program().display()))
}

/// A name that a shell can use as well; anything else is a slip.
fn check_name(name: &str) -> Result<(), Failure> {
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if begins && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        Ok(())
    } else {
        Err(Failure::new(crate::exit::USAGE, format!("`{name}` is no name of a variable")))
    }
}

#[cfg(test)]
mod tests {
    use super::check_name;

    #[test]
    fn the_variable_has_a_name_that_shells_know() {
        assert!(check_name("MOORING_ACCESS_TOKEN").is_ok());
        for name in ["", "A=B", "1A", "A B", "A-B"] {
            assert!(check_name(name).is_err(), "{name}");
        }
    }
}
