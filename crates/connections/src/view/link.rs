//! How the linking, and each later reading, of one institution goes.

use super::institution::FieldView;
use super::{Failure, Surface};
use crate::id::{AttemptId, ConnectionKey};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How a connection that is made through an aggregator stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LinkView {
    /// The connection.
    #[serde(flatten)]
    pub key: ConnectionKey,
    /// The institution's name.
    pub institution: String,
    /// The aggregator's number for the institution.
    #[ts(type = "number")]
    pub institution_id: u64,
    /// The aggregator's name for this login, for the person's questions to it.
    pub item_id: String,
    /// The name under which the aggregator knows the person, if one was given.
    pub client_user_id: Option<String>,
    /// Where it is.
    pub phase: LinkPhase,
    /// Whether it was linked before: then this mends or renews, and giving up loses nothing.
    pub linked_before: bool,
    /// What is read, in the order in which it is read.
    pub products: Vec<LinkProduct>,
    /// What the institution asks, in phase `question`.
    pub question: Option<LinkQuestion>,
    /// What is to be done elsewhere, in phase `action`.
    pub action: Option<LinkAction>,
    /// Why it failed, in phase `failed`.
    pub problem: Option<LinkProblem>,
    /// Why the last thing that the person asked for was not done; nothing changed by it.
    pub error: Option<Failure>,
    /// When the institution was last read.
    #[ts(type = "string | null")]
    pub last_updated_at: Option<Timestamp>,
    /// When the aggregator reads it next by itself.
    #[ts(type = "string | null")]
    pub next_sync_at: Option<Timestamp>,
    /// Until when the consent holds; `null` when it has no end.
    #[ts(type = "string | null")]
    pub consent_expires_at: Option<Timestamp>,
    /// What the bank has recorded that the person allows, as far as the keys let it be read.
    pub consents: Vec<ConsentView>,
    /// Until when others have to approve, in phase `waitsForOthers`; `null` where the institution does not say.
    #[ts(type = "string | null")]
    pub waits_until: Option<Timestamp>,
    /// Whether only a connect token is at hand: accounts can be read, their transactions cannot.
    pub limited: bool,
    /// Whether the aggregator has refused the transactions to the keys at hand; they are not asked for again until
    /// there is new data.
    pub transactions_refused: bool,
}

/// What a bank has recorded that the person allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConsentView {
    /// Its identifier.
    pub id: String,
    /// The kinds of data that it covers.
    pub products: Vec<String>,
    /// The same in Open Finance's own words.
    pub permissions: Vec<String>,
    /// When it was given.
    #[ts(type = "string | null")]
    pub created_at: Option<Timestamp>,
    /// Until when it holds; `null` when it has no end.
    #[ts(type = "string | null")]
    pub expires_at: Option<Timestamp>,
    /// When it was taken back, here or in the bank's app.
    #[ts(type = "string | null")]
    pub revoked_at: Option<Timestamp>,
}

/// Where a link is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum LinkPhase {
    /// Signing in or reading.
    Working,
    /// The institution asks something.
    Question,
    /// Something is to be done at the institution: approve, scan, confirm in its app.
    Action,
    /// Others have to approve; nothing is to be done here meanwhile.
    WaitsForOthers,
    /// Everything was read.
    Done,
    /// Read, with gaps; the products say which.
    DoneWithGaps,
    /// Not read.
    Failed,
}

/// One kind of data that is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LinkProduct {
    /// `ACCOUNTS`, `CREDIT_CARDS`, `TRANSACTIONS` ...; others may come.
    pub product: String,
    /// How far it is.
    pub state: LinkProductState,
    /// Why not, or not all of it, in the institution's words.
    pub warning: Option<String>,
    /// When it was last read.
    #[ts(type = "string | null")]
    pub last_updated_at: Option<Timestamp>,
}

/// How far one kind of data is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum LinkProductState {
    /// Not yet begun.
    Waiting,
    /// Being read.
    Running,
    /// Read.
    Done,
    /// Not read.
    Failed,
}

/// What an institution asks in the middle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LinkQuestion {
    /// The field to fill in.
    pub field: FieldView,
    /// What the institution says about it.
    pub instructions: Option<String>,
    /// Until when it can be answered.
    #[ts(type = "string | null")]
    pub expires_at: Option<Timestamp>,
}

/// What is to be done elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LinkAction {
    /// What the institution says about it.
    pub instructions: Option<String>,
    /// A picture to scan, as a `data:` address.
    pub picture: Option<String>,
    /// Host of the page where the person approves; `null` when there is no page to open.
    pub host: Option<String>,
    /// Where that page can be shown.
    pub surfaces: Vec<Surface>,
    /// Where it is shown now; `null` when it is not.
    pub surface: Option<Surface>,
    /// Names the open page, for copying its address and the like.
    pub attempt: Option<AttemptId>,
    /// Until when.
    #[ts(type = "string | null")]
    pub expires_at: Option<Timestamp>,
}

/// Why a link failed, and who has to do something about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LinkProblem {
    /// Why.
    pub reason: LinkReason,
    /// What helps.
    pub remedy: LinkRemedy,
    /// The institution's or the aggregator's own sentence, as it came.
    pub message: Option<String>,
}

/// Why nothing was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum LinkReason {
    /// A wrong user or password.
    WrongLogin,
    /// A wrong answer to the question.
    WrongAnswer,
    /// No answer came in time.
    AnswerTooLate,
    /// The institution has locked the login.
    AccountLocked,
    /// The institution wants a new password to be set there.
    PasswordReset,
    /// The institution wants the person to do something there.
    ActionThere,
    /// Logged in elsewhere.
    LoggedInElsewhere,
    /// The approval is not there yet; some need a second signature, or days.
    ApprovalPending,
    /// The approval was refused.
    ApprovalRefused,
    /// The consent was taken back at the bank, or has ended.
    ConsentOver,
    /// This kind of login cannot be linked.
    NotSupported,
    /// The institution cannot be reached.
    InstitutionDown,
    /// The aggregator is in trouble.
    AggregatorTrouble,
    /// It is gone at the aggregator.
    Gone,
    /// The keys or tokens at hand do not allow it.
    Forbidden,
    /// Nobody knows.
    Unknown,
}

/// What helps a link that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum LinkRemedy {
    /// Type user and password again.
    SignInAgain,
    /// Do it again; the institution then asks again.
    TryAgain,
    /// Approve at the institution again.
    ApproveAgain,
    /// Fill in the form again: it becomes a new login there, on this connection.
    ConnectAgain,
    /// Whoever holds the keys has to allow it.
    AskKeyHolder,
    /// Do something at the institution first, then try again.
    ActThere,
    /// Wait; it is tried again without the person.
    Wait,
}
