//! `mooring`: asks the program that owns the vault.
//!
//! Knows nothing of vault, providers and OAuth: what needs them (`mooring agent`, `backup`, `restore`) is handed over to
//! the program that has the core ([`owner`]).
//!
//! Invariants
//! - What a script reads is on standard output; what a person reads about trouble is on standard error.
//! - Exit codes are those of sysexits.h; 69 means that nothing runs which could answer.
//! - A token is printed by `mooring token` and by nothing else; `mooring run` puts it into the environment of the
//!   program that it becomes.

mod arguments;
mod ask;
mod audit;
mod caller;
mod connect;
mod doctor;
pub mod exit;
mod export_to;
mod generate;
mod http;
pub mod owner;
mod paste;
mod run;
pub mod show;

use arguments::{Arguments, Command, ConfigCommand, ConnectionCommand, ProviderCommand};
use broker::PageAsk;
use broker::wire::{CompanyTokenAsk, Operation, Reply, TokenAsk, TokenRejected};
use clap::Parser as _;
use connections::view::ConnectionView;
use exit::Failure;
use std::process::ExitCode;

/// Does what the command line says.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse_from(arguments::pizzly_spelling(std::env::args_os()));
    end(in_threads(perform(arguments)))
}

/// Runs a command's work to its end.
///
/// # Errors
/// Its own, and when there are no threads to run it on.
pub fn in_threads(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let threads = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let threads = threads.map_err(|error| Failure::new(exit::OS_ERROR, format!("no threads: {error}")))?;
    threads.block_on(work)
}

/// Says what went wrong, and with which code the process ends.
pub fn end(result: Result<(), Failure>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            show::trouble(&failure.text);
            ExitCode::from(failure.code)
        }
    }
}

async fn perform(arguments: Arguments) -> Result<(), Failure> {
    let json = arguments.json;
    match arguments.command {
        Command::Owner(command) => owner::hand_over(command, json),
        Command::Provider(command) => provider(command, json).await,
        Command::Config(command) => config(command, json).await,
        Command::Connect(options) => connect::run(options, json).await,
        Command::Paste => paste::run(json).await,
        Command::Connection(command) => connection(command, json).await,
        Command::Token { config_key, connection_id, min_ttl, raw, rejected } => {
            let key = ask::key(&config_key, &connection_id)?;
            let operation = match rejected {
                Some(from) => Operation::TokenRejected(TokenRejected { key, token: from_input(&from)? }),
                None => {
                    let min_ttl_seconds = min_ttl.as_deref().map(arguments::seconds).transpose()?;
                    Operation::Token(TokenAsk { key, min_ttl_seconds })
                }
            };
            match ask::once(operation).await? {
                Reply::Token(token) if raw => show::json(&token.raw),
                Reply::Token(token) if json => show::json(&token),
                Reply::Token(token) => show::line(&token.access_token),
                _ => Err(ask::unexpected()),
            }
        }
        Command::CodatToken { config_key, company, min_ttl } => {
            let config_key = ask::config_key(&config_key)?;
            let min_ttl_seconds = min_ttl.as_deref().map(arguments::seconds).transpose()?;
            let ask = CompanyTokenAsk { config_key, company, min_ttl_seconds };
            match ask::once(Operation::CodatToken(ask)).await? {
                Reply::Token(token) if json => show::json(&token),
                Reply::Token(token) => show::line(&token.access_token),
                _ => Err(ask::unexpected()),
            }
        }
        Command::Run(options) => run::run(options).await,
        Command::Caller(command) => caller::run(command, json).await,
        Command::Http(command) => http::run(command, json).await,
        Command::Audit(options) => audit::run(options, json).await,
        Command::Doctor(options) => doctor::run(options, json).await,
        Command::Man => generate::manual(),
        Command::Completions { shell } => generate::completions(shell),
        Command::Export(options) => export_to::run(options, json).await,
    }
}

/// The token on standard input. One in the command line could be seen by other programs, and is not repeated.
fn from_input(from: &str) -> Result<String, Failure> {
    if from != "-" {
        let text = "a token does not belong into the command line; write --rejected - and pass it through standard input";
        return Err(Failure::new(exit::USAGE, text));
    }
    let token = arguments::secret_from_input()?;
    if token.is_empty() {
        return Err(Failure::new(exit::DATA, "there is no token on standard input"));
    }
    Ok(token)
}

async fn provider(command: ProviderCommand, json: bool) -> Result<(), Failure> {
    // The catalogue is built in: it needs no running Mooring.
    let catalogue = connections::configs::catalogue();
    match command {
        ProviderCommand::List if json => show::json(&catalogue),
        ProviderCommand::List => show::providers(&catalogue),
        ProviderCommand::Show { provider } => {
            let found = catalogue.iter().find(|one| one.id == provider);
            let found =
                found.ok_or_else(|| Failure::new(exit::USAGE, format!("no provider `{provider}`")))?;
            show::json(found)
        }
    }
}

async fn config(command: ConfigCommand, json: bool) -> Result<(), Failure> {
    match command {
        ConfigCommand::List => match ask::once(Operation::ConfigList).await? {
            Reply::Configs(configs) if json => show::json(&configs),
            Reply::Configs(configs) => show::configs(&configs),
            _ => Err(ask::unexpected()),
        },
        ConfigCommand::Get { config_key } => one_config(&config_key, json).await,
        ConfigCommand::Create(draft) => {
            let reply = ask::once(Operation::ConfigCreate(draft.into_wire()?)).await?;
            show::config_reply(reply, json)
        }
        ConfigCommand::Edit(draft) => {
            let reply = ask::once(Operation::ConfigEdit(draft.into_wire()?)).await?;
            show::config_reply(reply, json)
        }
        ConfigCommand::Delete { config_key } => {
            let config_key = ask::config_key(&config_key)?;
            ask::once(Operation::ConfigDelete { config_key }).await.map(drop)
        }
    }
}

async fn one_config(name: &str, json: bool) -> Result<(), Failure> {
    let key = ask::config_key(name)?;
    let Reply::Configs(configs) = ask::once(Operation::ConfigList).await? else {
        return Err(ask::unexpected());
    };
    let found = configs.into_iter().find(|one| one.config_key == key);
    let found = found.ok_or_else(|| Failure::new(exit::DATA, format!("no config key `{name}`")))?;
    if json { show::json(&found) } else { show::config(&found) }
}

/// A connection by its names in Pizzly's order, or in ours.
async fn either_way(config_key: &str, connection_id: &str) -> Result<ConnectionView, Failure> {
    let look = async |config_key: &str, connection_id: &str| match ask::once(Operation::ConnectionShow(
        ask::key(config_key, connection_id)?,
    ))
    .await?
    {
        Reply::Connection(one) => Ok(*one),
        _ => Err(ask::unexpected()),
    };
    match look(config_key, connection_id).await {
        Err(unknown) if unknown.code == exit::DATA => {
            look(connection_id, config_key).await.map_err(|_| unknown)
        }
        other => other,
    }
}

/// All of them, page by page.
async fn connections() -> Result<Vec<ConnectionView>, Failure> {
    let mut all = Vec::new();
    let mut page = PageAsk::default();
    loop {
        match ask::once(Operation::ConnectionList(Some(page))).await? {
            Reply::Connections(some, next) => {
                all.extend(some);
                if next.is_none() {
                    return Ok(all);
                }
                page = PageAsk { cursor: next, ..PageAsk::default() };
            }
            _ => return Err(ask::unexpected()),
        }
    }
}

async fn connection(command: ConnectionCommand, json: bool) -> Result<(), Failure> {
    let (operation, pair) = match command {
        ConnectionCommand::List => {
            let all = connections().await?;
            return if json { show::json(&all) } else { show::connections(&all) };
        }
        ConnectionCommand::Get { connection_id, config_key } => {
            let found = either_way(&config_key, &connection_id).await?;
            return if json { show::json(&found) } else { show::connection(&found) };
        }
        ConnectionCommand::Reconnect(options) => return connect::again(options, json).await,
        ConnectionCommand::Show(pair) => (Operation::ConnectionShow as fn(_) -> _, pair),
        ConnectionCommand::Sync(pair) => (Operation::ConnectionSync as fn(_) -> _, pair),
        ConnectionCommand::Pause(pair) => (Operation::ConnectionPause as fn(_) -> _, pair),
        ConnectionCommand::Resume(pair) => (Operation::ConnectionResume as fn(_) -> _, pair),
        ConnectionCommand::Disconnect(pair) => (Operation::ConnectionDisconnect as fn(_) -> _, pair),
        ConnectionCommand::Delete(pair) => (Operation::ConnectionDelete as fn(_) -> _, pair),
    };
    let key = ask::key(&pair.config_key, &pair.connection_id)?;
    match ask::once(operation(key)).await? {
        Reply::Connection(one) if json => show::json(&one),
        Reply::Connection(one) => show::connection(&one),
        Reply::Revoked(word) if json => show::json(&serde_json::json!({ "revoked": word })),
        Reply::Revoked(word) => show::line(show::revoked(&word)),
        _ => Err(ask::unexpected()),
    }
}
