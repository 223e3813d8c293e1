//! `mooring`: asks the program that owns the vault, or is that program (`mooring agent`).
//!
//! Knows nothing of vault, providers and OAuth but in `agent`, which assembles the core without a window.
//!
//! Invariants
//! - What a script reads is on standard output; what a person reads about trouble is on standard error.
//! - Exit codes are those of sysexits.h; 69 means that nothing runs which could answer.
//! - A token is printed by `mooring token` and by nothing else; `mooring run` puts it into the environment of the
//!   program that it becomes.

mod agent;
mod arguments;
mod ask;
mod audit;
mod backup;
mod caller;
mod connect;
mod doctor;
mod exit;
mod export_to;
mod generate;
mod run;
mod show;

use arguments::{Arguments, Command, ConfigCommand, ConnectionCommand, ProviderCommand};
use broker::wire::{CompanyTokenAsk, Operation, Reply, TokenAsk};
use clap::Parser as _;
use exit::Failure;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = Arguments::parse_from(arguments::pizzly_spelling(std::env::args_os()));
    let threads = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let result = match threads {
        Ok(threads) => threads.block_on(perform(arguments)),
        Err(error) => Err(Failure::new(exit::OS_ERROR, format!("no threads: {error}"))),
    };
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
        Command::Agent(options) => agent::run(options).await,
        Command::Provider(command) => provider(command, json).await,
        Command::Config(command) => config(command, json).await,
        Command::Connect(options) => connect::run(options, json).await,
        Command::Connection(command) => connection(command, json).await,
        Command::Token { config_key, connection_id, min_ttl, raw } => {
            let key = ask::key(&config_key, &connection_id)?;
            let min_ttl_seconds = min_ttl.as_deref().map(arguments::seconds).transpose()?;
            match ask::once(Operation::Token(TokenAsk { key, min_ttl_seconds })).await? {
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
        Command::Backup(options) => backup::back_up(options, json).await,
        Command::Restore(options) => backup::restore(options, json).await,
        Command::Run(options) => run::run(options).await,
        Command::Caller(command) => caller::run(command, json).await,
        Command::Audit(options) => audit::run(options, json).await,
        Command::Doctor(options) => doctor::run(options, json).await,
        Command::Man => generate::manual(),
        Command::Completions { shell } => generate::completions(shell),
        Command::Export(options) => export_to::run(options, json).await,
    }
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

async fn connection(command: ConnectionCommand, json: bool) -> Result<(), Failure> {
    let (operation, pair) = match command {
        ConnectionCommand::List => {
            return match ask::once(Operation::ConnectionList).await? {
                Reply::Connections(all) if json => show::json(&all),
                Reply::Connections(all) => show::connections(&all),
                _ => Err(ask::unexpected()),
            };
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
