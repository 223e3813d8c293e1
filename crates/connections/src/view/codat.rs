//! Registrations at Codat, and connections through it, as shown.
//!
//! A person's own words about data come as [`TextBlock`]s, never as HTML: whoever shows them builds the elements.

use super::Failure;
use super::text::TextBlock;
use crate::connection::Status;
use crate::id::{AttemptId, ConnectionKey};
use jiff::Timestamp;
use providers::Category;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// What a registration at Codat is made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum CodatMode {
    /// An API key of the person's own: all companies, everything.
    ApiKey,
    /// An endpoint of the person's accountant or lender that hands out access tokens: one company's connections.
    AccessToken,
}

/// What a registration at Codat lets the person do, beside the connections that there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum CodatAbility {
    /// See companies and choose among them.
    ChooseCompany,
    /// Make a company.
    CreateCompany,
    /// See the catalogue and connect something new.
    Connect,
    /// See how each data type stands, and what was read; have it read.
    ReadHistory,
    /// See and change the origins of web pages.
    EditOrigins,
}

/// What is special about a registration at Codat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CodatConfigView {
    /// What it is made with.
    pub mode: CodatMode,
    /// Who hands out access tokens; only the host, since the address may itself be what opens it.
    pub token_host: Option<String>,
    /// The one company that the access tokens are for.
    pub company: Option<String>,
    /// What to set as redirect in Codat's portal, so that the browser comes back here; not needed for Mooring's window.
    pub redirect_template: String,
    /// What can be done.
    pub abilities: Vec<CodatAbility>,
    /// When connections that were made elsewhere were last looked for.
    #[ts(type = "string | null")]
    pub listed_at: Option<Timestamp>,
    /// Why the last look for them failed, if it did; it is tried again by itself.
    pub list_failure: Option<Failure>,
}

/// A company that a connection is in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CompanyName {
    /// Codat's id.
    pub id: String,
    /// Its name, if it is known; not unique.
    pub name: Option<String>,
}

/// A company as listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CompanyView {
    /// Codat's id.
    pub id: String,
    /// Its name; not unique.
    pub name: String,
    /// A note.
    pub description: Option<String>,
    /// Who made it.
    pub created_by: Option<String>,
    /// When it was made.
    #[ts(type = "string | null")]
    pub created_at: Option<Timestamp>,
    /// When data was last read.
    #[ts(type = "string | null")]
    pub last_synced_at: Option<Timestamp>,
    /// Pairs of the client.
    pub tags: BTreeMap<String, String>,
    /// How many connections it has.
    #[ts(type = "number")]
    pub connections: usize,
}

/// An integration as listed: what a company can be connected to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct IntegrationView {
    /// Codat's key, such as `gbol`.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What it is about.
    #[ts(type = "Category")]
    pub category: Category,
    /// Codat's own word for that: `Accounting`, `Banking`, `Commerce`, `BankFeed` ...; others may come.
    pub source_type: String,
    /// Whether the registration may use it; others are shown and not offered.
    pub enabled: bool,
    /// Whether it is practice with synthetic data.
    pub sandbox: bool,
    /// Whether a program on the person's computer does the reading.
    pub on_this_computer: bool,
    /// Whether it is new and may fail more than others.
    pub beta: bool,
    /// Who provides the data.
    pub data_provided_by: Option<String>,
    /// Data types that can be read; others than today's may come.
    pub data_types: Vec<String>,
}

/// What looking for connections has found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CodatListing {
    /// Connections that Codat has.
    #[ts(type = "number")]
    pub found: usize,
    /// Of these, new in Mooring.
    #[ts(type = "number")]
    pub new: usize,
    /// Connections that were deleted elsewhere; they stay here, with what was fetched, until the person deletes them.
    #[ts(type = "number")]
    pub gone: usize,
    /// Companies and connections that could not be read.
    #[ts(type = "number")]
    pub skipped: usize,
}

/// A connection through Codat in full.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CodatView {
    /// The connection.
    #[serde(flatten)]
    pub key: ConnectionKey,
    /// Codat's id for the company.
    pub company: String,
    /// The company's name, if it is known.
    pub company_name: Option<String>,
    /// Codat's id for the connection.
    pub data_connection: String,
    /// The platform's name.
    pub platform_name: String,
    /// Codat's key for the platform, such as `gbol`.
    pub platform: Option<String>,
    /// What it is about.
    #[ts(type = "Category")]
    pub category: Category,
    /// Where it stands.
    pub status: Status,
    /// Codat's own word for that; differs from `status` where this version does not know the word.
    pub status_word: String,
    /// Whether it was deleted elsewhere; then only what was fetched is left.
    pub gone: bool,
    /// The organization that was approved; only some platforms tell.
    pub organization: Option<String>,
    /// The last reconnect came back with another organization, until the person says what to do.
    pub other_organization: Option<OtherOrganization>,
    /// When it was made at Codat.
    #[ts(type = "string | null")]
    pub created_at: Option<Timestamp>,
    /// When it was first approved, as far as Mooring knows; Codat tells only when it was made.
    #[ts(type = "string | null")]
    pub first_authorized_at: Option<Timestamp>,
    /// When data was last read.
    #[ts(type = "string | null")]
    pub last_synced_at: Option<Timestamp>,
    /// How each data type stands; of the whole company, since Codat tells it only so. Empty where it may not be asked.
    pub data_types: Vec<CodatDataType>,
    /// Readings that are under way, or were a moment ago.
    pub operations: Vec<OperationView>,
    /// What went wrong at the platform and is not over, newest first.
    pub problems: Vec<CodatProblem>,
    /// How many such problems are over.
    #[ts(type = "number")]
    pub resolved_problems: usize,
    /// Notes of the platform, such as why a connector on the person's computer is silent.
    pub notes: Vec<CodatNote>,
    /// What can be done here and now, in the order of offering.
    pub actions: Vec<CodatActionView>,
    /// How a disconnect is to be offered.
    pub disconnect: CodatDisconnect,
    /// What a pause can mean.
    pub pause: CodatPause,
    /// Until when a connector on the person's computer holds readings back, if it says so.
    #[ts(type = "string | null")]
    pub connector_paused_until: Option<Timestamp>,
    /// The person's own words about the data concerned, one list per entry; none where no text is set.
    pub texts: Vec<Vec<TextBlock>>,
    /// The approval that waits, for the authorization commands.
    pub attempt: Option<AttemptId>,
    /// Why the last thing that the person asked for was not done; `correlationId` in its values.
    pub error: Option<Failure>,
    /// What it was made with; with `accessToken`, what is not offered needs an API key.
    pub mode: CodatMode,
}

/// A reconnect that came back with another organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OtherOrganization {
    /// The one before, if it has a name.
    pub before: Option<String>,
    /// The one now, if it has a name.
    pub after: Option<String>,
}

/// How one data type stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CodatDataType {
    /// `invoices`, `banking-transactions`, `commerce-orders` ...; others may come.
    pub data_type: String,
    /// What its latest reading comes down to; none before the first.
    pub phase: Option<OperationPhase>,
    /// Codat's own word for that.
    pub status_word: Option<String>,
    /// When it was last read well.
    #[ts(type = "string | null")]
    pub last_synced_at: Option<Timestamp>,
}

/// What a reading comes down to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum OperationPhase {
    /// Nothing happens so far; with a connector on the person's computer, until that computer is on.
    Waiting,
    /// Under way.
    Running,
    /// Done.
    Done,
    /// Not done, and may be tried again.
    Failed,
    /// Not done until the person approves again.
    NeedsApproval,
    /// Not done because there is no such data: no failure.
    NotSupported,
    /// Called off.
    Cancelled,
    /// A word that this version does not know.
    Unknown,
}

/// One reading of one data type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OperationView {
    /// Codat's id for it.
    pub id: String,
    /// What is read.
    pub data_type: Option<String>,
    /// What it comes down to.
    pub phase: OperationPhase,
    /// Codat's own word for that.
    pub status_word: String,
    /// Whether it is over.
    pub over: bool,
    /// 0 to 100.
    pub progress: Option<u8>,
    /// What went wrong, or why it waits, in Codat's words.
    pub message: Option<String>,
    /// Until when a connector on the person's computer holds it back, if it says so.
    #[ts(type = "string | null")]
    pub paused_until: Option<Timestamp>,
    /// When it was asked for.
    #[ts(type = "string | null")]
    pub requested_at: Option<Timestamp>,
    /// When it ended.
    #[ts(type = "string | null")]
    pub completed_at: Option<Timestamp>,
}

/// A part of what was read, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CodatHistory {
    /// Readings.
    pub operations: Vec<OperationView>,
    /// The page after this one, if there is one.
    pub next_page: Option<u32>,
}

/// Something that went wrong at the platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CodatProblem {
    /// The platform's HTTP status, as a text.
    pub status_code: Option<String>,
    /// The platform's word for it.
    pub status_text: Option<String>,
    /// Codat's sentence about it.
    pub message: Option<String>,
    /// When it happened.
    #[ts(type = "string | null")]
    pub at: Option<Timestamp>,
}

/// A note of the platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CodatNote {
    /// Its name there.
    pub name: String,
    /// What it says.
    pub value: String,
}

/// Something that the person can do with a connection through Codat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum CodatAction {
    /// Approve for the first time.
    Link,
    /// Approve again, in place.
    Reauthorize,
    /// Have data read now.
    Refresh,
    /// Stop Mooring's own reading for a while.
    Pause,
    /// End access and keep what was read.
    Unlink,
    /// End access for good, with what Codat has.
    Delete,
}

/// An action, and what it does. What Mooring has fetched stays until the person deletes the connection here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CodatActionView {
    /// Which.
    pub action: CodatAction,
    /// Whether nothing new is read afterwards.
    pub ends_access: bool,
    /// Whether Codat keeps what was read so far.
    pub codat_keeps_data: bool,
    /// Whether the same connection can be linked again.
    pub can_be_undone: bool,
}

/// How a disconnect is to be offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum CodatDisconnect {
    /// Unlinking is what a disconnect means; deleting is another action.
    Unlink,
    /// Both side by side: the platform's own rules ask for deleting.
    UnlinkOrDelete,
}

/// What a pause can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum CodatPause {
    /// Mooring's own syncs.
    OwnSyncs,
    /// Mooring's own syncs; the connector itself is paused in its own program or in Codat's page.
    OwnSyncsAndConnectorElsewhere,
}

/// Origins whose pages may embed Codat's component.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CorsView {
    /// In Codat's order.
    pub origins: Vec<String>,
    /// After a change: origins that Codat did not take or did not drop.
    pub not_taken: Vec<String>,
}

/// The content security policy that a page of the person's needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CspView {
    /// Header lines.
    pub lines: Vec<String>,
    /// Of a policy that was given: what it lacks, each directive as it would have to be written.
    pub missing: Vec<String>,
}

/// The person's own words, shown before a disconnect or a reconnect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CodatTexts {
    /// `accounting.connectionDetails.dataTypes`.
    pub accounting: CodatTextList,
    /// `banking.connectionDetails.dataTypes`.
    pub banking: CodatTextList,
    /// `commerce.connectionDetails.dataTypes`.
    pub commerce: CodatTextList,
    /// How many entries could not be taken.
    #[ts(type = "number")]
    pub skipped: usize,
    /// All of it as Codat's component takes it, `options.text`.
    pub json: String,
}

/// A list of the person's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CodatTextList {
    /// In Markdown, as typed.
    pub entries: Vec<String>,
    /// Ready to be shown.
    pub shown: Vec<Vec<TextBlock>>,
}

/// An event under the name and with the values that Codat's component gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "name", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum CodatEvent {
    /// A connection was linked again.
    OnReconnect {
        /// Codat's id for it.
        connection_id: String,
    },
    /// A connection was unlinked.
    OnDisconnect {
        /// Codat's id for it.
        connection_id: String,
    },
    /// Something went wrong.
    OnError {
        /// What Codat's support asks for.
        correlation_id: Option<String>,
        /// One sentence, fit to be shown.
        message: Option<String>,
        /// Codat's finer code, or the HTTP status.
        #[ts(type = "number | null")]
        error_code: Option<i64>,
        /// Whether the person can go on.
        user_recoverable: bool,
    },
    /// The person left the screen.
    OnClose,
}
