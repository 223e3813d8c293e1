//! The command line.

use crate::exit::{self, Failure};
use crate::owner::OwnerCommand;
use broker::wire::{CodatCreate, ConfigCreate, PluggyCreate};
use clap::{Args, Parser, Subcommand, ValueEnum};
use connections::view::Surface;
use std::ffi::OsString;
use std::io::Read as _;
use std::path::PathBuf;

/// Links bank and accounting accounts on this computer, and gives programs fresh tokens.
#[derive(Parser)]
#[command(name = "mooring", version, propagate_version = true)]
pub(crate) struct Arguments {
    /// Print JSON.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    #[command(flatten)]
    Owner(OwnerCommand),
    /// Institutions that Mooring knows.
    #[command(subcommand)]
    Provider(ProviderCommand),
    /// Your registrations at institutions.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Connect an account.
    Connect(ConnectOptions),
    /// Hand in the address of the page on which the browser ended, read from standard input.
    Paste,
    /// Your connections.
    #[command(subcommand)]
    Connection(ConnectionCommand),
    /// Print a fresh access token and a newline.
    Token {
        config_key: String,
        connection_id: String,
        /// How long it must live: 60s, 5m, 1h.
        #[arg(long)]
        min_ttl: Option<String>,
        /// Print the institution's own answer as JSON, without what renews it.
        #[arg(long)]
        raw: bool,
        /// Report the token on standard input as refused by the institution, and print the one in its place; always `-`.
        #[arg(long, value_name = "-", conflicts_with = "min_ttl", allow_hyphen_values = true)]
        rejected: Option<String>,
    },
    /// Print a fresh access token of one company at Codat, as Codat's own component takes it, and a newline.
    CodatToken {
        config_key: String,
        /// Codat's id for the company; left out where the registration is for one.
        company: Option<String>,
        /// How long it must live: 60s, 5m, 1h.
        #[arg(long)]
        min_ttl: Option<String>,
    },
    /// Run a program with a fresh access token in its environment, and nowhere else.
    Run(crate::run::RunOptions),
    /// Programs on this computer, and what they may.
    #[command(subcommand)]
    Caller(crate::caller::CallerCommand),
    /// The HTTP interface on 127.0.0.1, and the pages that may use it.
    #[command(subcommand)]
    Http(crate::http::HttpCommand),
    /// Who asked for what.
    Audit(crate::audit::AuditOptions),
    /// Find out what is missing on this computer, and what to do.
    Doctor(crate::doctor::DoctorOptions),
    /// Print the manual page.
    Man,
    /// Print what a shell needs to complete this program's command lines.
    Completions { shell: clap_complete::Shell },
    /// Write accounts and transactions for other programs: CSV, or JSON with --json, or OFX.
    Export(ExportOptions),
}

#[derive(Args)]
pub(crate) struct ExportOptions {
    /// Transactions as CSV; so it is without --json and --ofx, too.
    #[arg(long, conflicts_with_all = ["json", "ofx"])]
    pub(crate) csv: bool,
    /// Statements for accounting programs, OFX 2.2.
    #[arg(long, conflicts_with = "json")]
    pub(crate) ofx: bool,
    /// With --ofx: OFX 1.0.2, for programs that know no XML.
    #[arg(long, requires = "ofx")]
    pub(crate) sgml: bool,
    /// As CSV: accounts with their balances, in place of transactions.
    #[arg(long, conflicts_with_all = ["json", "ofx"])]
    pub(crate) balances: bool,
    /// Only of this connection.
    #[arg(long, value_name = "CONFIG_KEY/CONNECTION_ID")]
    pub(crate) connection: Option<String>,
    /// Only of the account with this id.
    #[arg(long, value_name = "ID")]
    pub(crate) account: Option<String>,
    /// Only from this day on: 2026-01-31.
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Option<jiff::civil::Date>,
    /// Only until this day, and with it.
    #[arg(long, value_name = "DATE")]
    pub(crate) to: Option<jiff::civil::Date>,
    /// Write to this file, for you alone to read; without it to standard output.
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Subcommand)]
pub(crate) enum ProviderCommand {
    /// All of them.
    List,
    /// One of them, as JSON.
    Show { provider: String },
}

#[derive(Subcommand)]
pub(crate) enum ConfigCommand {
    /// All of them.
    List,
    /// One of them.
    #[command(alias = "show")]
    Get { config_key: String },
    /// Make one.
    Create(Box<ConfigDraft>),
    /// Change one; without SECRET the stored one stays.
    Edit(Box<ConfigDraft>),
    /// Delete one that no connection uses.
    Delete { config_key: String },
}

#[derive(Args)]
pub(crate) struct ConfigDraft {
    config_key: String,
    /// An id of `mooring provider list`, `custom` with --issuer, `pluggy`, or `codat`.
    provider: String,
    /// As the developer portal shows it; empty for `codat`, whose secret is the API key, and left out where connections
    /// take a key.
    #[arg(default_value = "")]
    client_id: String,
    /// `-` reads it from standard input; without it the client is public.
    client_secret: Option<String>,
    /// Parted by commas or spaces.
    scopes: Option<String>,
    /// For `custom`: the issuer, whose discovery document says the rest.
    #[arg(long)]
    issuer: Option<String>,
    /// For `custom`: where the answer comes back.
    #[arg(long, value_enum, default_value_t = Redirect::Loopback)]
    redirect: Redirect,
    /// For `custom`: the registration speaks for itself, and nobody approves.
    #[arg(long)]
    client_credentials: bool,
    /// Scopes, where no secret stands before them.
    #[arg(long = "scopes", value_name = "SCOPES", conflicts_with = "scopes")]
    scopes_option: Option<String>,
    /// For `pluggy` and `codat`: where the API is, if not there; your keys are sent there.
    #[arg(long, value_name = "URL")]
    api: Option<String>,
    #[command(flatten)]
    pluggy: PluggyDraft,
    #[command(flatten)]
    codat: CodatDraft,
}

/// For `pluggy` alone.
#[derive(Args)]
#[command(next_help_heading = "For pluggy")]
struct PluggyDraft {
    /// The company's endpoint that hands out connect tokens; CLIENT_ID may then be empty.
    #[arg(long, value_name = "URL")]
    connect_token_endpoint: Option<String>,
    /// The name under which Pluggy shall know you.
    #[arg(long, value_name = "NAME")]
    client_user_id: Option<String>,
    /// Where a bank's page leads when its window cannot be closed: https, and not this computer.
    #[arg(long, value_name = "URL")]
    oauth_redirect_uri: Option<String>,
    /// List Pluggy's practice institutions too.
    #[arg(long)]
    include_sandbox: bool,
    /// A page around Pluggy's widget, in place of Pluggy's own page.
    #[arg(long, value_name = "URL")]
    widget: Option<String>,
}

/// For `codat` alone.
#[derive(Args)]
#[command(next_help_heading = "For codat")]
struct CodatDraft {
    /// The secret is the address of an endpoint of your accountant or lender that hands out access tokens.
    #[arg(long)]
    access_token_endpoint: bool,
    /// Codat's id for the company of those tokens, where the endpoint does not say it.
    #[arg(long, value_name = "ID")]
    company: Option<String>,
}

impl ConfigDraft {
    /// The request; reads the secret from where it is said to be.
    pub(crate) fn into_wire(self) -> Result<ConfigCreate, Failure> {
        let client_secret = match self.client_secret.as_deref() {
            None | Some("") => None,
            Some("-") => Some(secret_from_input()?),
            Some(typed) => {
                crate::show::trouble(
                    "a secret in the command line can be seen by other programs and stays in the shell's history; \
                     give `-` and pass it through standard input",
                );
                Some(typed.to_owned())
            }
        };
        let scopes = self.scopes.or(self.scopes_option).unwrap_or_default();
        Ok(ConfigCreate {
            config_key: crate::ask::config_key(&self.config_key)?,
            provider: self.provider,
            client_id: self.client_id,
            client_secret,
            scopes: connections::configs::split_scopes(&scopes),
            issuer: self.issuer,
            through_scheme: matches!(self.redirect, Redirect::Scheme),
            client_credentials: self.client_credentials,
            pluggy: PluggyCreate {
                connect_token_endpoint: self.pluggy.connect_token_endpoint,
                client_user_id: self.pluggy.client_user_id,
                oauth_redirect_uri: self.pluggy.oauth_redirect_uri,
                include_sandbox: self.pluggy.include_sandbox,
                api: self.api.clone(),
                widget: self.pluggy.widget,
            },
            codat: CodatCreate {
                access_token_endpoint: self.codat.access_token_endpoint,
                company: self.codat.company,
                api: self.api,
            },
        })
    }
}

/// Where an answer comes back.
#[derive(Clone, Copy, ValueEnum)]
enum Redirect {
    /// To http://127.0.0.1, any port.
    Loopback,
    /// To mooring://oauth/callback, which the app opens.
    Scheme,
}

pub(crate) fn secret_from_input() -> Result<String, Failure> {
    let mut text = String::new();
    let read = std::io::stdin().take(64 * 1024).read_to_string(&mut text);
    read.map_err(|error| Failure::new(exit::IO, format!("standard input: {error}")))?;
    Ok(text.trim().to_owned())
}

#[derive(Args)]
pub(crate) struct ConnectOptions {
    pub(crate) config_key: String,
    pub(crate) connection_id: String,
    /// Where to approve.
    #[arg(long, value_enum)]
    pub(crate) user_agent: Option<UserAgent>,
    /// A value of the connection, such as shop=acme; NAME=- reads it from standard input, for keys.
    #[arg(long = "param", value_name = "NAME=VALUE")]
    pub(crate) parameters: Vec<String>,
}

/// Where to approve.
#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum UserAgent {
    /// A window of the app.
    Embedded,
    /// The system browser.
    Browser,
    /// Print the address and wait; the answer comes back to this computer, or is pasted.
    Print,
    /// Print a code to type on any device, and wait.
    Device,
}

impl From<UserAgent> for Surface {
    fn from(user_agent: UserAgent) -> Self {
        match user_agent {
            UserAgent::Embedded => Self::Embedded,
            UserAgent::Browser => Self::Browser,
            UserAgent::Print => Self::Print,
            UserAgent::Device => Self::Device,
        }
    }
}

#[derive(Subcommand)]
pub(crate) enum ConnectionCommand {
    /// All of them.
    List,
    /// One of them.
    Show(Pair),
    /// As Pizzly spelled it: the connection's id comes first.
    #[command(hide = true)]
    Get {
        /// The connection's id.
        connection_id: String,
        /// The config key.
        config_key: String,
    },
    /// Check now that it works.
    Sync(Pair),
    /// Stop background work and handing out.
    Pause(Pair),
    /// Take a pause back.
    Resume(Pair),
    /// Disconnect; what was fetched is kept.
    Disconnect(Pair),
    /// Approve again, in place.
    Reconnect(ConnectOptions),
    /// Delete it and what was fetched.
    Delete(Pair),
}

#[derive(Args)]
pub(crate) struct Pair {
    pub(crate) config_key: String,
    pub(crate) connection_id: String,
}

/// `config:list` as Pizzly spelled it is `config list`. Only the first word can be a command.
pub(crate) fn pizzly_spelling(arguments: impl Iterator<Item = OsString>) -> impl Iterator<Item = OsString> {
    let mut command_came = false;
    arguments.enumerate().flat_map(move |(index, argument)| {
        let word = argument.to_str().filter(|text| index > 0 && !text.starts_with('-'));
        let is_command = word.is_some() && !command_came;
        command_came |= word.is_some();
        match word.and_then(|word| word.split_once(':')) {
            Some((group @ ("config" | "connection" | "provider" | "caller"), verb)) if is_command => {
                vec![group.into(), verb.into()]
            }
            _ => vec![argument],
        }
    })
}

/// `60`, `60s`, `5m`, `1h` as seconds.
pub(crate) fn seconds(text: &str) -> Result<u32, Failure> {
    let malformed = || Failure::new(exit::USAGE, format!("`{text}` is no duration; write 60s, 5m or 1h"));
    let (number, unit) = match text.find(|c: char| !c.is_ascii_digit()) {
        Some(at) => text.split_at(at),
        None => (text, "s"),
    };
    let number: u32 = number.parse().map_err(|_| malformed())?;
    let factor = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => return Err(malformed()),
    };
    number.checked_mul(factor).ok_or_else(malformed)
}

#[cfg(test)]
mod tests {
    use super::{Arguments, pizzly_spelling, seconds};
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn pizzlys_spelling_is_understood_in_its_place_only() {
        let spelled = |text: &str| {
            let spelled = pizzly_spelling(text.split(' ').map(Into::into));
            spelled.map(|word| word.into_string().unwrap()).collect::<Vec<_>>().join("|")
        };
        assert_eq!(spelled("mooring config:list"), "mooring|config|list");
        assert_eq!(spelled("mooring config:create k github id"), "mooring|config|create|k|github|id");
        assert_eq!(spelled("mooring --json config:list"), "mooring|--json|config|list");
        assert_eq!(spelled("mooring token xero config:list"), "mooring|token|xero|config:list");
        assert_eq!(spelled("mooring http://x"), "mooring|http://x");
    }

    #[test]
    fn durations_have_units() {
        for (text, expected) in [("60", Some(60)), ("60s", Some(60)), ("5m", Some(300)), ("1h", Some(3600))] {
            assert_eq!(seconds(text).ok(), expected, "{text}");
        }
        for text in ["", "m", "1d", "-1s", "9999999999h"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }
}
