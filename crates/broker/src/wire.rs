//! Messages on the local socket: one JSON object a line, requests with a number, answers with the same number.
//!
//! Source: `docs/local-api.md`, which is normative.

use crate::audit::{AuditFilter, AuditLine};
use crate::callers::{Allowance, Withdrawal};
use crate::view::CallerView;
use connections::error::ErrorCode;
use connections::id::{AttemptId, ConfigKey, ConnectionId, ConnectionKey};
use connections::view::{
    AccountView, ActivityView, AttemptView, ConfigView, ConnectionView, CoreEvent, ProviderView, Surface,
    TransactionView,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of this protocol.
pub const VERSION: u32 = 1;
/// Longest line that is read.
pub const LONGEST_LINE: usize = 256 * 1024;

/// A request.
#[derive(Serialize, Deserialize)]
pub struct Request {
    /// The protocol's version.
    pub v: u32,
    /// Repeated in the answers.
    pub id: u64,
    /// What is asked.
    #[serde(flatten)]
    pub operation: Operation,
}

/// What can be asked.
#[derive(Serialize, Deserialize)]
#[serde(tag = "op", content = "params")]
pub enum Operation {
    /// Who answers.
    #[serde(rename = "status")]
    Status,
    /// Everything that happens from now on, until the program hangs up.
    #[serde(rename = "events")]
    Events,
    /// The catalogue.
    #[serde(rename = "provider.list")]
    ProviderList,
    /// All client registrations.
    #[serde(rename = "config.list")]
    ConfigList,
    /// Makes a client registration.
    #[serde(rename = "config.create")]
    ConfigCreate(ConfigCreate),
    /// Changes a client registration.
    #[serde(rename = "config.edit")]
    ConfigEdit(ConfigCreate),
    /// Deletes a client registration.
    #[serde(rename = "config.delete")]
    ConfigDelete {
        /// Which.
        config_key: ConfigKey,
    },
    /// Begins an authorization and follows it to its end.
    #[serde(rename = "connect")]
    Connect(Connect),
    /// Hands in the address on which the person landed.
    #[serde(rename = "connect.deliver")]
    ConnectDeliver {
        /// The address; it carries a code.
        address: String,
    },
    /// Gives an attempt up.
    #[serde(rename = "connect.cancel")]
    ConnectCancel {
        /// Which.
        attempt: AttemptId,
    },
    /// All connections.
    #[serde(rename = "connection.list")]
    ConnectionList,
    /// One connection.
    #[serde(rename = "connection.show")]
    ConnectionShow(ConnectionKey),
    /// Checks a connection now.
    #[serde(rename = "connection.sync")]
    ConnectionSync(ConnectionKey),
    /// Pauses a connection.
    #[serde(rename = "connection.pause")]
    ConnectionPause(ConnectionKey),
    /// Resumes a connection.
    #[serde(rename = "connection.resume")]
    ConnectionResume(ConnectionKey),
    /// Disconnects, keeping what was fetched.
    #[serde(rename = "connection.disconnect")]
    ConnectionDisconnect(ConnectionKey),
    /// Deletes a connection.
    #[serde(rename = "connection.delete")]
    ConnectionDelete(ConnectionKey),
    /// A fresh access token.
    #[serde(rename = "token")]
    Token(TokenAsk),
    /// Reports that the provider refused a token, and asks for another.
    #[serde(rename = "token.rejected")]
    TokenRejected(TokenRejected),
    /// A fresh access token of one company at Codat.
    #[serde(rename = "codat.token")]
    CodatToken(CompanyTokenAsk),
    /// Accounts that were read.
    #[serde(rename = "accounts.list")]
    AccountsList {
        /// Only of this connection.
        #[serde(default)]
        connection: Option<ConnectionKey>,
    },
    /// The latest lines of an account.
    #[serde(rename = "transactions.list")]
    TransactionsList {
        /// Through which connection.
        connection: ConnectionKey,
        /// The account's identifier there.
        account: String,
    },
    /// Callers, and what was decided about them.
    #[serde(rename = "caller.list")]
    CallerList,
    /// Allows a caller something, or forbids it.
    #[serde(rename = "caller.allow")]
    CallerAllow(Allowance),
    /// Takes decisions back.
    #[serde(rename = "caller.revoke")]
    CallerRevoke(Withdrawal),
    /// The secret of the HTTP interface.
    #[serde(rename = "secret.show")]
    SecretShow,
    /// Makes another secret of the HTTP interface.
    #[serde(rename = "secret.rotate")]
    SecretRotate,
    /// Lines of the audit.
    #[serde(rename = "audit.list")]
    AuditList {
        /// Which.
        #[serde(default)]
        filter: AuditFilter,
        /// Only before this number.
        #[serde(default)]
        before: Option<u64>,
        /// At most so many.
        limit: u32,
    },
    /// Accounts and transactions as a file, in parts.
    #[serde(rename = "export")]
    Export(ExportAsk),
    /// Lines of Activity.
    #[serde(rename = "activity.list")]
    ActivityList {
        /// Only of this connection.
        connection: Option<ConnectionKey>,
        /// Only before this number.
        before: Option<u64>,
        /// At most so many.
        limit: u32,
    },
}

/// A client registration to be made or changed.
#[derive(Serialize, Deserialize)]
pub struct ConfigCreate {
    /// Its name.
    pub config_key: ConfigKey,
    /// Catalogue id, or `custom`. Not looked at when editing.
    pub provider: String,
    /// The client id.
    pub client_id: String,
    /// The client secret; none is a public client, or, when editing, the stored one.
    pub client_secret: Option<String>,
    /// Scopes.
    pub scopes: Vec<String>,
    /// For `custom`: the issuer.
    pub issuer: Option<String>,
    /// For `custom`: whether the answer comes back through `mooring://` and not through loopback.
    #[serde(default)]
    pub through_scheme: bool,
    /// For `custom`: whether the registration speaks for itself and nobody approves.
    #[serde(default)]
    pub client_credentials: bool,
    /// For `pluggy`: what is special about it.
    #[serde(default)]
    pub pluggy: PluggyCreate,
    /// For `codat`: what is special about it.
    #[serde(default)]
    pub codat: CodatCreate,
}

/// What is special about a registration at Pluggy. Addresses are texts and judged by the core.
#[derive(Default, Serialize, Deserialize)]
pub struct PluggyCreate {
    /// The company's endpoint that hands out connect tokens, where it keeps the keys.
    pub connect_token_endpoint: Option<String>,
    /// The name under which Pluggy shall know the person.
    pub client_user_id: Option<String>,
    /// Where a bank's page leads when its window cannot be closed.
    pub oauth_redirect_uri: Option<String>,
    /// Whether Pluggy's practice institutions are listed too.
    #[serde(default)]
    pub include_sandbox: bool,
    /// Where the API is, if not at Pluggy.
    pub api: Option<String>,
    /// A page around Pluggy's widget, in place of Pluggy's own page.
    pub widget: Option<String>,
}

/// What is special about a registration at Codat, whose secret is the API key or, with `access_token_endpoint`, the
/// address that hands out access tokens.
#[derive(Default, Serialize, Deserialize)]
pub struct CodatCreate {
    /// Whether the secret is the address of the accountant's or lender's endpoint.
    #[serde(default)]
    pub access_token_endpoint: bool,
    /// The company that its tokens are for, where the endpoint does not say it.
    pub company: Option<String>,
    /// Where the API is, if not at Codat.
    pub api: Option<String>,
}

/// An authorization to begin.
#[derive(Serialize, Deserialize)]
pub struct Connect {
    /// With which registration.
    pub config_key: ConfigKey,
    /// Under which name.
    pub connection_id: ConnectionId,
    /// Where.
    pub surface: Option<Surface>,
    /// Per-connection parameters.
    #[serde(default)]
    pub parameters: BTreeMap<String, String>,
    /// Only when the connection exists.
    #[serde(default)]
    pub reconnect: bool,
}

/// A token that is asked for.
#[derive(Serialize, Deserialize)]
pub struct TokenAsk {
    /// Whose.
    #[serde(flatten)]
    pub key: ConnectionKey,
    /// How long it must live, in seconds.
    pub min_ttl_seconds: Option<u32>,
}

/// A token of one company at Codat that is asked for.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CompanyTokenAsk {
    /// Through which registration.
    pub config_key: ConfigKey,
    /// Codat's id for the company; none is the one that the registration is for.
    #[serde(default)]
    pub company: Option<String>,
    /// How long it must live, in seconds.
    #[serde(default, rename = "min_ttl_seconds")]
    pub min_ttl_seconds: Option<u32>,
}

/// A token that the provider refused.
#[derive(Serialize, Deserialize)]
pub struct TokenRejected {
    /// Whose.
    #[serde(flatten)]
    pub key: ConnectionKey,
    /// The access token, as it was handed out.
    pub token: String,
}

/// A file that is asked for.
#[derive(Serialize, Deserialize)]
pub struct ExportAsk {
    /// As what.
    pub format: export::Format,
    /// Only of this connection.
    #[serde(default)]
    pub connection: Option<ConnectionKey>,
    /// Only of this account.
    #[serde(default)]
    pub account: Option<String>,
    /// Only from this day on.
    #[serde(default)]
    pub from: Option<Date>,
    /// Only until this day, and with it.
    #[serde(default)]
    pub to: Option<Date>,
}

/// A line from the server.
#[derive(Serialize, Deserialize)]
pub struct Answer {
    /// The request's number.
    pub id: u64,
    /// What it is.
    #[serde(flatten)]
    pub body: Body,
}

/// The kinds of lines from the server.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Body {
    /// The last line of a request that was carried out.
    Ok(Reply),
    /// The last line of a request that was not.
    Error(Refusal),
    /// A line before the last.
    Event(Progress),
}

/// What a request brought.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Reply {
    /// Nothing to tell.
    Done,
    /// Who answers.
    Status(Status),
    /// Entries of the catalogue.
    Providers(Vec<ProviderView>),
    /// Client registrations.
    Configs(Vec<ConfigView>),
    /// One of them.
    Config(Box<ConfigView>),
    /// Connections.
    Connections(Vec<ConnectionView>),
    /// One of them.
    Connection(Box<ConnectionView>),
    /// How the provider took a disconnect or a delete: `confirmed`, `notOffered`, `later`, `kept`,
    /// `keyStays`, `nothing`.
    Revoked(String),
    /// An attempt.
    Attempt(Box<AttemptView>),
    /// A token.
    Token(Token),
    /// A file whose last part was sent.
    Exported(Exported),
    /// Lines of Activity, and whether there are older ones.
    Activity(Vec<ActivityView>, bool),
    /// Accounts.
    Accounts(Vec<AccountView>),
    /// Lines of an account, the newest first.
    Transactions(Vec<TransactionView>),
    /// Callers.
    Callers(Vec<CallerView>),
    /// One of them.
    Caller(Box<CallerView>),
    /// The secret of the HTTP interface.
    Secret(String),
    /// Lines of the audit, and whether there are older ones.
    Audit(Vec<AuditLine>, bool),
}

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Exported {
    /// Accounts in it.
    pub accounts: usize,
    /// Transactions in it.
    pub transactions: usize,
    /// Transactions that the format has no place for.
    pub left_out: usize,
}

/// Who answers.
#[derive(Serialize, Deserialize)]
pub struct Status {
    /// Version of Mooring.
    pub version: String,
    /// Process number.
    pub pid: u32,
    /// Whether the vault is closed; then nothing else but the catalogue is answered.
    #[serde(default)]
    pub locked: bool,
}

/// A token as handed out.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Token {
    /// The access token.
    pub access_token: String,
    /// Until when it lives, RFC 3339; none when the provider does not say.
    pub expires_at: Option<String>,
    /// Scopes granted.
    pub scopes: Vec<String>,
    /// The provider's own answer, without its refresh token and ID token.
    pub raw: serde_json::Value,
    /// What the authorization answer carried besides.
    pub extras: BTreeMap<String, String>,
}

/// Why a request was not carried out.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Refusal {
    /// Which failure.
    pub code: ErrorCode,
    /// Values for the sentence.
    #[serde(default)]
    pub params: BTreeMap<String, String>,
    /// Technical detail, redacted.
    pub detail: Option<String>,
}

/// What comes before the last line.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Progress {
    /// It began. The address is there when nothing was opened and somebody must open it.
    Began {
        /// The attempt.
        attempt: Box<AttemptView>,
        /// The provider's page.
        address: Option<String>,
    },
    /// The person is asked whether the program may; the answer waits for theirs.
    Asking,
    /// It moved.
    Moved(Box<AttemptView>),
    /// The next part of a file.
    Part(String),
    /// From here on everything that happens is told.
    Listening,
    /// Something happened, for whoever listens to everything.
    Happened(Box<CoreEvent>),
    /// The listener fell behind and some of what happened is lost to it: it reads anew.
    Missed,
}
