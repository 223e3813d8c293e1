//! What goes in and out of the commands, beside the views of the core.
//!
//! Invariant: a passphrase or a client secret goes in (the person types it) and nothing secret ever comes out.

mod callers;
mod codat;
mod data;
mod desk;
mod doctor;
mod keys;
mod link;
mod vault;

use attention::AttentionView;
use broker::view::QuestionView;
use connections::id::{AttemptId, ConfigKey, ConnectionId, ConnectionKey};
use connections::view::{ActivityView, AttemptView, ConfigView, ConnectionView, Failure, Surface, TextBlock};
use secret::SecretString;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

pub use self::vault::{
    AutoLock, BackupDone, BackupWrite, InputSeen, PassphraseAsk, PassphraseHint, PickedBackup, PickedFile,
    ProtectionChange, ProtectionChanged, RestoreDone, RestoreRun, SetAsideRef, WhileLocked,
};
pub use callers::{
    AuditAsk, AuditExport, AuditPage, AuditSaved, AuditTarget, LocalApiState, PermissionAnswer,
};
pub use codat::{
    CodatDraft, CodatHistoryAsk, CodatLinkAgain, CodatLinkBegin, CodatSync, CodatTextsDraft, CompanyCreate,
    CorsChange, CspAsk, OriginAsk,
};
pub use data::{
    AccountsOverview, BalanceAsk, CurrencyFlow, ExportAsk, ExportFormat, ExportSaved, FoundTransaction,
    TransactionsAsk, TransactionsPage,
};
pub use desk::{CloseAnswer, DeskState, LinksState, LinksTest, LoginChoice};
pub use doctor::{Diagnostics, DiagnosticsSaved, RepairAsk};
pub use keys::KeyConnect;
pub use link::{
    AccountRef, AccountsAsk, InstitutionRef, InstitutionValues, LinkBegin, LinkOpen, LinkValues, PluggyDraft,
    WidgetOpen,
};

/// A text that the person typed and that must not be kept: moves straight into a [`SecretString`].
#[derive(Deserialize, TS)]
#[serde(transparent)]
#[ts(type = "string")]
pub struct TypedSecret(String);

impl TypedSecret {
    /// The text as a secret.
    pub fn into_secret(self) -> SecretString {
        SecretString::from(self.0)
    }
}

/// How the app stands as a whole; decides between first run, unlock and the main screens.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AppState {
    /// Which screen family.
    pub phase: Phase,
    /// How the vault is protected, once there is one.
    pub protection: Option<Protection>,
    /// Whether the system keychain answers; asked once at start.
    pub keychain: KeychainState,
    /// Why the vault cannot be used, in phase `broken` or after a failed unlock by keychain.
    pub problem: Option<Failure>,
    /// The version of Mooring.
    pub version: String,
    /// `linux`, `macos`, `windows`, `android` or `ios`.
    pub platform: String,
    /// The system's language, as a BCP 47 tag.
    pub system_language: String,
    /// The profile folder, shown in Settings.
    pub profile_folder: String,
    /// What the person chose.
    pub settings: Settings,
}

/// What the window shows first.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Beginning {
    /// How the app stands.
    pub app: AppState,
    /// What the list of connections shows, while the vault is open.
    pub lists: Option<Lists>,
    /// How many events had been told before the lists were read.
    pub told: u32,
}

/// What the list of connections shows, and what lies around it.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Lists {
    /// All connections.
    pub connections: Vec<ConnectionView>,
    /// All client registrations.
    pub configs: Vec<ConfigView>,
    /// The attempt that goes on.
    pub attempt: Option<AttemptView>,
    /// What needs the person.
    pub attention: AttentionView,
    /// Questions of programs that wait for an answer.
    pub questions: Vec<QuestionView>,
}

/// What was told so far.
#[derive(Debug, Clone, Copy, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Told {
    /// How many events.
    pub events: u32,
    /// Which screen family.
    pub phase: Phase,
}

/// Which screen family to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Phase {
    /// No vault: choose a protection.
    FirstRun,
    /// There is a vault, and a passphrase or the keychain is needed.
    Locked,
    /// Open.
    Ready,
    /// The vault cannot be opened; `problem` says why.
    Broken,
}

/// What protects the vault's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Protection {
    /// The operating system's keychain.
    Keychain,
    /// A passphrase.
    Passphrase,
}

/// Whether the keychain answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeychainState {
    /// It does.
    pub available: bool,
    /// Why not: `noService`, `locked`, `denied`, `timeout`, `other`.
    pub reason: Option<String>,
}

/// What the person chose; nothing secret. Kept in `settings.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// `system`, `en` or `pt-BR`.
    pub language: Language,
    /// `system`, `light` or `dark`.
    pub theme: Theme,
    /// Where to approve when the provider leaves the choice.
    pub surface: SurfacePreference,
    /// The version whose changes the person has been told of; none before the first start.
    pub last_seen_version: Option<String>,
    /// After how many minutes without input the vault is locked.
    pub auto_lock: AutoLock,
    /// What goes on while it is locked.
    pub while_locked: WhileLocked,
    /// What to hear of outside the window.
    pub notices: attention::NoticeLevel,
    /// Whether there is an icon beside the clock.
    pub tray: bool,
    /// What closing the window means while there is one.
    pub closing: attention::closing::CloseChoice,
    /// Whether the person has seen the tour, and put it away.
    pub tour_seen: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            language: Language::System,
            theme: Theme::System,
            surface: SurfacePreference::Automatic,
            last_seen_version: None,
            auto_lock: AutoLock::Never,
            while_locked: WhileLocked::Nothing,
            notices: attention::NoticeLevel::default(),
            tray: false,
            closing: attention::closing::CloseChoice::default(),
            tour_seen: false,
        }
    }
}

/// What this build is, and what is new in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReleaseNotes {
    /// As in `app_state`.
    pub version: String,
    /// Whether its maker signed it. A build that is not signed may be anybody's.
    pub signed: bool,
    /// Whether it can bring itself up to date.
    pub updates: bool,
    /// Its section of the changelog.
    pub notes: Vec<TextBlock>,
}

/// What came of asking for a newer Mooring.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum UpdateView {
    /// This is the newest.
    Newest,
    /// There is a newer one.
    Newer {
        /// Its version.
        version: String,
    },
    /// It could not be asked, fetched or trusted. Nothing was changed.
    Failed,
}

/// The language of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub enum Language {
    /// As the system.
    #[serde(rename = "system")]
    System,
    /// English.
    #[serde(rename = "en")]
    English,
    /// Brazilian Portuguese.
    #[serde(rename = "pt-BR")]
    Portuguese,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Theme {
    /// As the system.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// Where to approve when the provider leaves the choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum SurfacePreference {
    /// As the catalogue prefers.
    Automatic,
    /// Mooring's window where allowed.
    Embedded,
    /// Always the system browser.
    Browser,
}

/// Makes the vault on first run.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VaultCreate {
    /// What protects it.
    pub protection: Protection,
    /// Needed for [`Protection::Passphrase`]; at least 12 characters.
    pub passphrase: Option<TypedSecret>,
}

/// Opens the vault.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VaultUnlock {
    /// Needed when a passphrase protects it.
    pub passphrase: Option<TypedSecret>,
}

/// A client registration to be made, or checked while it is typed.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConfigDraft {
    /// Its name, free among config keys.
    pub config_key: String,
    /// Catalogue id, or `custom`.
    pub provider: String,
    /// As the provider's developer portal shows it.
    pub client_id: String,
    /// As the provider's developer portal shows it; when editing, none keeps the stored one.
    pub client_secret: Option<TypedSecret>,
    /// Scopes; commas or white space part them.
    pub scopes: String,
    /// For `custom`: the issuer, whose discovery document is fetched.
    pub issuer: Option<String>,
    /// For `custom` without an issuer: the authorization endpoint.
    pub authorization_endpoint: Option<String>,
    /// For `custom` without an issuer: the token endpoint.
    pub token_endpoint: Option<String>,
    /// For `custom` without an issuer: the revocation endpoint, if there is one.
    pub revocation_endpoint: Option<String>,
    /// For `custom`: what to call it.
    pub name: Option<String>,
    /// For `custom`: whether the registration speaks for itself and nobody approves.
    #[serde(default)]
    pub client_credentials: bool,
}

/// What is wrong with a draft; empty when nothing is.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DraftFinding {
    /// The field: `configKey`, `provider`, `clientId`, `clientSecret`, `scopes`, `issuer`, `authorizationEndpoint`,
    /// `tokenEndpoint`, `revocationEndpoint`, `name`.
    pub field: String,
    /// The problem: `empty`, `taken`, `characters`, `whitespace`, `tooLong`, `looksLikeUrl`, `looksLikeSecret`,
    /// `looksLikeId`, `notHttps`, `notAnAddress`, `required`, `unknown`.
    pub problem: String,
    /// Whether it keeps the draft from being saved, or is only worth a second look.
    pub blocking: bool,
}

/// What an issuer's discovery document says, as far as a person cares.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct IssuerView {
    /// The issuer, as the document spells it.
    pub issuer: String,
    /// Host of the sign-in page.
    pub host: String,
    /// Scopes that it offers.
    pub scopes: Vec<String>,
    /// Whether it can be told to revoke.
    pub revocation: bool,
    /// Whether it takes clients without a secret.
    pub public_clients: bool,
}

/// Asks for an issuer's discovery document.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct IssuerAsk {
    /// The issuer.
    pub issuer: String,
}

/// Names a config key.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConfigRef {
    /// Its name.
    pub config_key: ConfigKey,
}

/// Begins an authorization: a first one, or a reconnect when the pair exists.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AuthorizationBegin {
    /// With which registration.
    pub config_key: ConfigKey,
    /// Under which name; none picks a free one.
    pub connection_id: Option<ConnectionId>,
    /// Where; none follows the settings and the catalogue.
    pub surface: Option<Surface>,
    /// Per-connection parameters.
    #[serde(default)]
    pub parameters: BTreeMap<String, String>,
}

/// Names an attempt.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AttemptRef {
    /// Its id.
    pub attempt: AttemptId,
}

/// Moves an attempt to another surface.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AttemptSwitch {
    /// Its id.
    pub attempt: AttemptId,
    /// Where to.
    pub surface: Surface,
}

/// Hands in the address on which the person landed.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AttemptPaste {
    /// Its id.
    pub attempt: AttemptId,
    /// The address; it carries a code, so it is treated as a secret.
    pub address: TypedSecret,
}

/// Renames a connection.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionRename {
    /// Which.
    pub key: ConnectionKey,
    /// The nickname; none or blank takes it away.
    pub nickname: Option<String>,
}

/// Asks for lines of Activity, the newest first.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ActivityAsk {
    /// Only lines of this connection.
    pub connection: Option<ConnectionKey>,
    /// Only lines before this sequence number.
    #[ts(type = "number | null")]
    pub before: Option<u64>,
    /// At most so many, 1 to 200.
    pub limit: u32,
}

/// Lines of Activity.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ActivityPage {
    /// The newest first.
    pub lines: Vec<ActivityView>,
    /// Whether there are older ones.
    pub more: bool,
}

/// How a disconnect or a delete went at the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Revoked {
    /// The provider confirmed.
    Yes,
    /// The provider has no way to be told; the person can end access in its own settings.
    NotOffered,
    /// The provider did not answer; Mooring tells it later.
    Later,
    /// The provider refuses to end it; the person can, in its own settings.
    Refused,
    /// The aggregator keeps its access until the connection is deleted.
    Kept,
    /// It was a key, which the provider keeps valid until it is revoked there.
    KeyStays,
    /// There was nothing to revoke.
    Nothing,
}

/// The answer to a disconnect or a delete.
#[derive(Debug, Clone, Copy, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Disconnected {
    /// How the provider took it.
    pub revoked: Revoked,
}
