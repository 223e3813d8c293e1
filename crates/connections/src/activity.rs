//! What is written down about what happened, for the person to read.

use crate::id::ConnectionKey;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// What happened. The interface has a sentence for each, in every language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ActivityKind {
    /// An attempt began.
    AuthorizationStarted,
    /// An attempt succeeded for the first time.
    Connected,
    /// An attempt succeeded for a connection that was linked before.
    Reconnected,
    /// An attempt failed; `code` says how.
    AuthorizationFailed,
    /// The person gave an attempt up.
    AuthorizationCancelled,
    /// Something claimed to be an answer and was refused.
    ForeignAnswerRefused,
    /// Access was renewed.
    Refreshed,
    /// Renewing failed for now; `code` says how.
    RefreshFailed,
    /// The provider ended the grant; `reason` says how.
    Deauthorized,
    /// The person disconnected; `revoked` says whether the provider was told (`yes`, `no`, `pending`).
    Disconnected,
    /// A revocation that had to wait was accepted.
    RevokedLater,
    /// The person typed user and password for an institution.
    LoginSubmitted,
    /// The institution took user and password.
    LoginAccepted,
    /// The institution asked something.
    QuestionAsked,
    /// The person answered.
    AnswerSubmitted,
    /// Others have to approve at the institution; it goes on by itself.
    WaitsForOthers,
    /// The institution's page was shown, for approving there.
    ApprovalOpened,
    /// Data was read; `gaps` names the kinds that were not.
    Synced,
    /// Data was not read; `reason` says why.
    SyncFailed,
    /// The aggregator's own page for connecting was shown.
    WidgetOpened,
    /// The person chose an institution in it; `institution`, where it says which.
    InstitutionChosen,
    /// The person agreed in it to share.
    ConsentSubmitted,
    /// The login is over in it; the rest needs nobody.
    LoginCompleted,
    /// It says that it worked.
    WidgetSucceeded,
    /// It says that it did not work; `message` is its sentence.
    WidgetFailed,
    /// A connection that was made elsewhere was found.
    Found,
    /// A connection was deleted elsewhere.
    GoneElsewhere,
    /// A reconnect came back with another organization; `before` and `after`, where they have names.
    OtherOrganization,
    /// The person keeps the other organization.
    OrganizationKept,
    /// The aggregator refused something; `message`, `correlationId`, `errorCode` and `userRecoverable`.
    AggregatorRefused,
    /// The person left the screen of a connection through Codat.
    ScreenClosed,
    /// A link was copied, to be forwarded.
    LinkCopied,
    /// A company was made; `name`.
    CompanyCreated,
    /// Origins of web pages were changed; `added` or `removed`.
    OriginsChanged,
    /// The person's own words about data were changed.
    TextsChanged,
    /// The person paused it.
    Paused,
    /// The person resumed it.
    Resumed,
    /// The person renamed it.
    Renamed,
    /// The person deleted it.
    Deleted,
    /// A program got a token; `caller` names it.
    TokenGiven,
    /// A program was refused; `caller` and `code`.
    TokenRefused,
    /// A config key was made.
    ConfigCreated,
    /// A config key was changed.
    ConfigEdited,
    /// A config key was deleted.
    ConfigDeleted,
    /// What protects the vault was changed; `protection` names what does now.
    ProtectionChanged,
    /// A backup was made.
    BackedUp,
    /// The vault came out of a backup; `madeAt` says when that was made.
    Restored,
}

/// A line as stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Activity {
    /// When.
    pub at: Timestamp,
    /// Which connection, if one.
    pub connection: Option<ConnectionKey>,
    /// What it was called then.
    pub connection_name: Option<String>,
    /// The provider's name then.
    pub provider_name: Option<String>,
    /// What happened.
    pub kind: ActivityKind,
    /// Values for the sentence; never secret.
    #[serde(default)]
    pub params: BTreeMap<String, String>,
}
