//! What may be shown: the shapes that the window, the CLI and local programs get to see.
//!
//! Invariant: no field of a view can hold a secret, a token, a code or an address with a query.
//! Instants are RFC 3339 texts in UTC.

mod account;
mod approach;
mod codat;
mod institution;
mod link;
mod text;

use crate::activity::ActivityKind;
use crate::connection::{Needs, Reachability, Status};
use crate::error::ErrorCode;
use crate::id::{AttemptId, ConfigKey, ConnectionKey};
use jiff::Timestamp;
use providers::Category;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

pub use account::{Account, AccountKind, AccountView, CreditView, TransactionView};
pub use approach::{Approach, DeviceView, KeyFieldView, KeyForm};
pub use codat::{
    CodatAbility, CodatAction, CodatActionView, CodatConfigView, CodatDataType, CodatDisconnect, CodatEvent,
    CodatHistory, CodatListing, CodatMode, CodatNote, CodatPause, CodatProblem, CodatTextList, CodatTexts,
    CodatView, CompanyName, CompanyView, CorsView, CspView, IntegrationView, OperationPhase, OperationView,
    OtherOrganization,
};
pub use institution::{FieldChoice, FieldInput, FieldView, InstitutionHealth, InstitutionView};
pub use link::{
    LinkAction, LinkPhase, LinkProblem, LinkProduct, LinkProductState, LinkQuestion, LinkReason, LinkRemedy,
    LinkView,
};
pub use text::{TextBlock, TextInline, formatted};

/// Through whom a connection reaches its institution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Source {
    /// Straight, by OAuth 2.0.
    #[default]
    Oauth,
    /// Through Pluggy.
    Pluggy,
    /// Through Codat.
    Codat,
}

/// A connection as shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionView {
    /// The pair of names.
    #[serde(flatten)]
    pub key: ConnectionKey,
    /// Catalogue id, or `custom`.
    pub provider: String,
    /// Through whom it reaches its institution.
    pub source: Source,
    /// How it is linked.
    pub approach: Approach,
    /// Values of per-connection parameters (subdomain, region).
    pub parameters: BTreeMap<String, String>,
    /// The provider's name; through an aggregator, the institution's.
    pub provider_name: String,
    /// Background of the monogram, `#rrggbb`.
    pub brand_color: Option<String>,
    /// The provider's category.
    #[ts(type = "Category")]
    pub category: Category,
    /// Whether it is practice with synthetic data.
    pub sandbox: bool,
    /// Nickname, account holder or connection id.
    pub display_name: String,
    /// The name the person gave, if any.
    pub nickname: Option<String>,
    /// Who approved, if the provider tells.
    pub account_holder: Option<String>,
    /// Whose data it is, where an aggregator sorts connections by company.
    pub company: Option<CompanyName>,
    /// Where it stands.
    pub status: Status,
    /// Whether background work is paused.
    pub paused: bool,
    /// Whether work for it is under way now.
    pub syncing: bool,
    /// Whether the provider answers.
    pub reachability: Reachability,
    /// What only the person can do.
    pub needs: Needs,
    /// Scopes asked for.
    pub scopes_asked: Vec<String>,
    /// Scopes granted.
    pub scopes_granted: Vec<String>,
    /// When it was first asked for.
    #[ts(type = "string")]
    pub created_at: Timestamp,
    /// When it was first approved.
    #[ts(type = "string | null")]
    pub first_authorized_at: Option<Timestamp>,
    /// When it was last approved.
    #[ts(type = "string | null")]
    pub last_authorized_at: Option<Timestamp>,
    /// When access was last renewed.
    #[ts(type = "string | null")]
    pub last_refreshed_at: Option<Timestamp>,
    /// When data was last fetched.
    #[ts(type = "string | null")]
    pub last_synced_at: Option<Timestamp>,
    /// When a program last got a token.
    #[ts(type = "string | null")]
    pub last_used_at: Option<Timestamp>,
    /// When access renews next by itself; `null` when it does not have to.
    #[ts(type = "string | null")]
    pub access_expires_at: Option<Timestamp>,
    /// Whether access renews by itself.
    pub renewable: bool,
    /// Until when it holds, if anybody knows.
    #[ts(type = "string | null")]
    pub holds_until: Option<Timestamp>,
    /// Whether Mooring moves that date by itself (idleness); otherwise the person must approve again by then.
    pub hold_renews: bool,
}

/// A client registration as shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConfigView {
    /// Its name.
    pub config_key: ConfigKey,
    /// What it opens.
    pub source: Source,
    /// How its connections are linked.
    pub approach: Approach,
    /// What to ask for each connection besides a key.
    pub parameters: Vec<ParameterView>,
    /// More about one of Pluggy.
    pub pluggy: Option<PluggyConfigView>,
    /// More about one of Codat.
    pub codat: Option<CodatConfigView>,
    /// Catalogue id, or `custom`; `pluggy` and `codat` for these.
    pub provider: String,
    /// The provider's name.
    pub provider_name: String,
    /// Background of the monogram, `#rrggbb`.
    pub brand_color: Option<String>,
    /// The provider's category.
    #[ts(type = "Category")]
    pub category: Category,
    /// The client id, which is public by nature.
    pub client_id: String,
    /// Whether a client secret is in the vault.
    pub has_secret: bool,
    /// Scopes to ask for.
    pub scopes: Vec<String>,
    /// The issuer, where there is one.
    pub issuer: Option<String>,
    /// Host of the sign-in page.
    pub host: String,
    /// The address to register at the provider.
    pub redirect_uri: String,
    /// Whether it is the practice bank.
    pub sandbox: bool,
    /// How many connections use it.
    #[ts(type = "number")]
    pub connections: usize,
    /// When it was made.
    #[ts(type = "string")]
    pub created_at: Timestamp,
}

/// What is special about a registration at Pluggy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PluggyConfigView {
    /// The company's connect token endpoint, where no secret is on this computer.
    pub connect_token_endpoint: Option<String>,
    /// The name under which Pluggy knows the person.
    pub client_user_id: Option<String>,
    /// Where a bank's page leads when its window cannot be closed.
    pub oauth_redirect_uri: Option<String>,
    /// Whether Pluggy's practice institutions are listed too.
    pub include_sandbox: bool,
}

/// A catalogue entry as shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ProviderView {
    /// Catalogue id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Category.
    #[ts(type = "Category")]
    pub category: Category,
    /// How it is linked.
    pub approach: Approach,
    /// What is asked where a key is enough.
    pub key_fields: Vec<KeyFieldView>,
    /// ISO 3166 codes; empty means everywhere.
    pub countries: Vec<String>,
    /// Background of the monogram, `#rrggbb`.
    pub brand_color: Option<String>,
    /// The provider's documentation.
    pub documentation: Option<String>,
    /// Where to register a client.
    pub registration: Option<String>,
    /// Scopes proposed, each with what it lets Mooring read.
    pub scopes: Vec<ScopeView>,
    /// Whether a client secret must be, may be or cannot be given.
    pub secret: SecretRule,
    /// The address to register at the provider.
    pub redirect_uri: String,
    /// Values to ask for per connection.
    pub parameters: Vec<ParameterView>,
    /// Surfaces allowed, the preferred first.
    pub surfaces: Vec<Surface>,
}

/// A scope with its meaning in plain words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ScopeView {
    /// As the provider spells it.
    pub name: String,
    /// What it lets us read, in English.
    pub en: String,
    /// The same in Brazilian Portuguese.
    pub pt_br: String,
}

/// A value to ask for per connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ParameterView {
    /// Its name in the addresses.
    pub name: String,
    /// Label in English.
    pub en: String,
    /// Label in Brazilian Portuguese.
    pub pt_br: String,
    /// Regular expression that the whole value must match.
    pub pattern: Option<String>,
    /// An example.
    pub example: Option<String>,
}

/// Whether a provider wants a client secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum SecretRule {
    /// It must be given.
    Required,
    /// Public clients are allowed as well.
    Optional,
    /// There is none.
    None,
}

/// Where the person approves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Surface {
    /// Mooring's own window (an embedded user-agent).
    Embedded,
    /// The system browser (an external user-agent).
    Browser,
    /// Nothing is opened: the address is printed or copied, and somebody opens it.
    Print,
    /// The person types a code on any device (RFC 8628).
    Device,
}

/// How far an authorization attempt is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum AttemptPhase {
    /// The person is at the provider's page.
    Waiting,
    /// The answer came; tokens are being fetched.
    Exchanging,
    /// The connection is linked.
    Succeeded,
    /// It ended with an error.
    Failed,
    /// The person gave it up.
    Cancelled,
    /// Ten minutes went by.
    Expired,
}

/// An authorization attempt as shown. The authorization address stays in Rust: it carries `state`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AttemptView {
    /// Its id.
    pub id: AttemptId,
    /// The connection it is for.
    #[serde(flatten)]
    pub key: ConnectionKey,
    /// The provider's name.
    pub provider_name: String,
    /// How far it is.
    pub phase: AttemptPhase,
    /// Where the person approves now.
    pub surface: Surface,
    /// Where the person could approve.
    pub surfaces: Vec<Surface>,
    /// Host of the provider's sign-in page.
    pub host: String,
    /// Whether it reconnects something that was linked before.
    pub reconnect: bool,
    /// Something the person should know while waiting.
    pub hint: Option<AttemptHint>,
    /// What to type on another device, where the person approves there.
    pub device: Option<DeviceView>,
    /// Why it failed.
    pub error: Option<Failure>,
    /// When it began.
    #[ts(type = "string")]
    pub started_at: Timestamp,
    /// When it ends by itself.
    #[ts(type = "string")]
    pub expires_at: Timestamp,
}

/// Something the person should know while an attempt waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum AttemptHint {
    /// Nothing moved for 60 seconds.
    Stalled,
    /// The page did not load.
    LoadFailed,
    /// The page's certificate is not trusted; it was not shown.
    CertificateRefused,
    /// The page asks for a passkey, which only the browser has.
    PasskeyNeeded,
    /// The window was closed; the attempt still waits.
    WindowClosed,
    /// Something that was not an answer to this attempt came back and was ignored.
    ForeignAnswer,
}

/// A failure as shown: a code that the interface turns into words, and values for those words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    /// Which sentence.
    pub code: ErrorCode,
    /// Values for the sentence (`provider`, `retryAt`, `field` ...).
    #[serde(default)]
    pub params: BTreeMap<String, String>,
    /// Technical detail, redacted; folded away.
    pub detail: Option<String>,
}

/// One line of Activity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ActivityView {
    /// Grows by one or more with each line; for paging.
    #[ts(type = "number")]
    pub sequence: u64,
    /// When.
    #[ts(type = "string")]
    pub at: Timestamp,
    /// Which connection, if one.
    pub connection: Option<ConnectionKey>,
    /// What to call that connection.
    pub connection_name: Option<String>,
    /// The provider's name.
    pub provider_name: Option<String>,
    /// What happened.
    pub kind: ActivityKind,
    /// Values for the sentence (`caller`, `code` ...), never secret.
    pub params: BTreeMap<String, String>,
}

/// What the core tells whoever listens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum CoreEvent {
    /// A connection is new or changed.
    ConnectionChanged {
        /// As it is now.
        connection: Box<ConnectionView>,
    },
    /// A connection was deleted.
    ConnectionRemoved {
        /// Which.
        key: ConnectionKey,
    },
    /// An attempt is new or moved.
    AttemptChanged {
        /// As it is now.
        attempt: Box<AttemptView>,
    },
    /// A link through an aggregator moved.
    LinkChanged {
        /// As it is now.
        link: Box<LinkView>,
    },
    /// A connection through Codat moved, beyond what its place in the list shows.
    CodatChanged {
        /// As it is now.
        codat: Box<CodatView>,
    },
    /// Something happened that Codat's component has an event for.
    CodatHappened {
        /// Which connection; none where it is about a registration.
        key: Option<ConnectionKey>,
        /// What.
        event: CodatEvent,
    },
    /// Accounts of a connection were fetched.
    AccountsChanged {
        /// Which connection.
        key: ConnectionKey,
    },
    /// A client registration was made, changed or deleted.
    ConfigsChanged,
    /// A program waits for the person's word, or waits no more.
    QuestionsChanged,
    /// A program came, or what it may do changed.
    CallersChanged,
    /// A line of the audit was written.
    AuditChanged,
    /// A line was written.
    ActivityAdded {
        /// The line.
        activity: Box<ActivityView>,
    },
}
