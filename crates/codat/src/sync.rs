//! Reading of data: how each type stands, and each reading as an operation.
//!
//! Source: platform API 3.0.0, schemas `DataStatus` and `PullOperation`; docs.codat.io, core concepts, status.

use crate::json::Object;
use crate::list::judge_page;
use crate::words::open_enum;
use crate::{ApiError, CompanyId, ConnectionId, DataType, ListQuery, Page, PullOperationId, answer};
use jiff::Timestamp;
use web::Response;

open_enum! {
    /// Where a reading stands, in Codat's words.
    PullStatus {
        /// Not begun.
        Initial = "Initial",
        /// Waits its turn.
        Queued = "Queued",
        /// Reads from the platform.
        Fetching = "Fetching",
        /// Waits to be mapped.
        MapQueued = "MapQueued",
        /// Is mapped.
        Mapping = "Mapping",
        /// Waits to be checked.
        ValidationQueued = "ValidationQueued",
        /// Is checked.
        Validating = "Validating",
        /// Waits to be processed.
        ProcessingQueued = "ProcessingQueued",
        /// Is processed.
        Processing = "Processing",
        /// Done.
        Complete = "Complete",
        /// The platform could not be read.
        FetchError = "FetchError",
        /// It could not be mapped.
        MapError = "MapError",
        /// It could not be checked.
        ValidationError = "ValidationError",
        /// It could not be processed.
        ProcessingError = "ProcessingError",
        /// Codat's own fault.
        InternalError = "InternalError",
        /// The platform does not accept the authorization.
        AuthError = "AuthError",
        /// Called off.
        Cancelled = "Cancelled",
        /// The platform has no such data.
        NotSupported = "NotSupported",
        /// The platform had too many requests.
        RateLimitError = "RateLimitError",
        /// The person who approved may not read this.
        PermissionsError = "PermissionsError",
        /// Something else has to be read or set up before.
        PrerequisiteNotMet = "PrerequisiteNotMet",
    }
}

/// What a status comes down to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
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

impl PullStatus {
    /// What it comes down to.
    pub const fn phase(&self) -> Phase {
        match self {
            Self::Initial | Self::Queued => Phase::Waiting,
            Self::Fetching
            | Self::MapQueued
            | Self::Mapping
            | Self::ValidationQueued
            | Self::Validating
            | Self::ProcessingQueued
            | Self::Processing => Phase::Running,
            Self::Complete => Phase::Done,
            Self::FetchError
            | Self::MapError
            | Self::ValidationError
            | Self::ProcessingError
            | Self::InternalError
            | Self::RateLimitError
            | Self::PermissionsError
            | Self::PrerequisiteNotMet => Phase::Failed,
            Self::AuthError => Phase::NeedsApproval,
            Self::NotSupported => Phase::NotSupported,
            Self::Cancelled => Phase::Cancelled,
            Self::Other(_) => Phase::Unknown,
        }
    }
}

/// One reading of one data type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullOperation {
    /// Its id.
    pub id: PullOperationId,
    /// The company.
    pub company_id: Option<CompanyId>,
    /// The connection.
    pub connection_id: Option<ConnectionId>,
    /// What is read.
    pub data_type: Option<DataType>,
    /// Where it stands.
    pub status: PullStatus,
    /// Codat's words about the status.
    pub status_description: Option<String>,
    /// What went wrong.
    pub error_message: Option<String>,
    /// When it was asked for.
    pub requested: Option<Timestamp>,
    /// When it ended.
    pub completed: Option<Timestamp>,
    /// 0 to 100.
    pub progress: Option<u8>,
    /// Whether it is over.
    pub is_completed: bool,
    /// Whether it failed.
    pub is_errored: bool,
}

/// How Codat describes a reading that a connector holds back.
const PAUSED_UNTIL: &str = "Paused until ";

impl PullOperation {
    /// Until when the connector on the person's computer holds it back, if it says so.
    pub fn paused_until(&self) -> Option<Timestamp> {
        let until = self.status_description.as_deref()?.strip_prefix(PAUSED_UNTIL)?;
        crate::instant::instant(until.trim_end_matches('.'))
    }

    /// Whether it is over, whatever its flags say.
    pub const fn is_over(&self) -> bool {
        self.is_completed || !matches!(self.status.phase(), Phase::Waiting | Phase::Running | Phase::Unknown)
    }

    fn read(object: Object<'_>) -> Option<Self> {
        let id = object.text("id").and_then(|id| PullOperationId::parse(id).ok())?;
        let progress = object.whole("progress").map(|percent| percent.clamp(0, 100));
        Some(Self {
            id,
            company_id: object.text("companyId").and_then(|id| CompanyId::parse(id).ok()),
            connection_id: object.text("connectionId").and_then(|id| ConnectionId::parse(id).ok()),
            data_type: object.text("dataType").and_then(|word| DataType::parse(word).ok()),
            status: PullStatus::of(object.text("status").unwrap_or_default()),
            status_description: object.name("statusDescription"),
            error_message: object.message("errorMessage"),
            requested: object.instant("requested"),
            completed: object.instant("completed"),
            progress: progress.and_then(|percent| u8::try_from(percent).ok()),
            is_completed: object.flag("isCompleted").unwrap_or(false),
            is_errored: object.flag("isErrored").unwrap_or(false),
        })
    }
}

/// How one data type of a company stands, over all its connections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataStatus {
    /// The type.
    pub data_type: DataType,
    /// Where its latest reading stands; none before the first.
    pub current_status: Option<PullStatus>,
    /// When it was last read well.
    pub last_successful_sync: Option<Timestamp>,
    /// The latest reading.
    pub latest_sync_id: Option<PullOperationId>,
    /// The latest that went well.
    pub latest_successful_sync_id: Option<PullOperationId>,
}

/// How each data type of a company stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DataStatuses {
    /// In the order of their names.
    pub items: Vec<DataStatus>,
    /// How many could not be read.
    pub skipped: usize,
}

impl DataStatuses {
    fn read(object: Object<'_>) -> Self {
        let mut statuses = Self::default();
        for (name, value) in object.members() {
            let status = match Object::of(value) {
                Some(status) => DataStatus::read(name, status),
                // Null stands for a type that was never read.
                None if value.is_null() => DataType::parse(name).ok().map(DataStatus::never_read),
                None => None,
            };
            match status {
                Some(status) => statuses.items.push(status),
                None => statuses.skipped += 1,
            }
        }
        statuses
    }
}

impl DataStatus {
    /// How a type stands that was never read.
    pub const fn never_read(data_type: DataType) -> Self {
        Self {
            data_type,
            current_status: None,
            last_successful_sync: None,
            latest_sync_id: None,
            latest_successful_sync_id: None,
        }
    }

    fn read(name: &str, object: Object<'_>) -> Option<Self> {
        let id = |name: &str| object.text(name).and_then(|id| PullOperationId::parse(id).ok());
        Some(Self {
            // The member's name decides: it is there even where the object does not repeat it.
            data_type: DataType::parse(name).ok()?,
            current_status: object.text("currentStatus").map(PullStatus::of),
            last_successful_sync: object.instant("lastSuccessfulSync"),
            latest_sync_id: id("latestSyncId"),
            latest_successful_sync_id: id("latestSuccessfulSyncId"),
        })
    }
}

/// Judges how the data types of a company stand.
///
/// # Errors
/// [`ApiError`].
pub fn judge_data_status(response: &Response, now: Timestamp) -> Result<DataStatuses, ApiError> {
    answer::object(response, now, |object| Some(DataStatuses::read(object)))
}

/// Judges a list of readings.
///
/// # Errors
/// [`ApiError`].
pub fn judge_pull_operations(
    response: &Response,
    asked: &ListQuery,
    now: Timestamp,
) -> Result<Page<PullOperation>, ApiError> {
    judge_page(response, asked, now, PullOperation::read)
}

/// Judges one reading.
///
/// # Errors
/// [`ApiError`].
pub fn judge_pull_operation(response: &Response, now: Timestamp) -> Result<PullOperation, ApiError> {
    answer::object(response, now, PullOperation::read)
}
