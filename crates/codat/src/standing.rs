//! What a connection's state means to the person, in Mooring's words.
//!
//! Invariant: an error at the platform never changes a status, and a word that is not known claims nothing.

use crate::{Connection, ConnectionError, ConnectionStatus};
use jiff::Timestamp;

/// Mooring's word for where a connection stands; they are Codat's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// Asked for, not approved so far.
    PendingAuth,
    /// Approved.
    Linked,
    /// Disconnected; what was read is kept.
    Unlinked,
    /// The platform says that the approval is over.
    Deauthorized,
}

/// What only the person can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Needs {
    /// Nothing.
    Nothing,
    /// Approve at the platform.
    Approval(ApprovalReason),
}

/// Why an approval is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ApprovalReason {
    /// The first one has not happened.
    NotApproved,
    /// The person disconnected.
    Disconnected,
    /// The platform ended it.
    EndedByPlatform,
}

/// What a connection's state means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// None for a word of Codat's that this version does not know: what was known before stays.
    pub status: Option<Status>,
    /// Codat's own word.
    pub word: String,
    /// What only the person can do.
    pub needs: Needs,
    /// When it was first asked for. The API does not tell when it was first approved.
    pub created: Option<Timestamp>,
    /// When data was last read.
    pub last_sync: Option<Timestamp>,
    /// Errors that are not over, newest first; those without a date last.
    pub open_errors: Vec<ConnectionError>,
    /// How many errors are over.
    pub resolved_errors: usize,
    /// When the newest error of all happened, by Codat's clock.
    pub newest_error: Option<Timestamp>,
}

/// What the state of `connection` means.
pub fn standing(connection: &Connection) -> Standing {
    let (status, needs) = match &connection.status {
        ConnectionStatus::PendingAuth => {
            (Some(Status::PendingAuth), Needs::Approval(ApprovalReason::NotApproved))
        }
        ConnectionStatus::Linked => (Some(Status::Linked), Needs::Nothing),
        ConnectionStatus::Unlinked => (Some(Status::Unlinked), Needs::Approval(ApprovalReason::Disconnected)),
        ConnectionStatus::Deauthorized => {
            (Some(Status::Deauthorized), Needs::Approval(ApprovalReason::EndedByPlatform))
        }
        ConnectionStatus::Other(_) => (None, Needs::Nothing),
    };
    let mut open_errors: Vec<ConnectionError> =
        connection.errors.iter().filter(|error| !error.is_resolved()).cloned().collect();
    open_errors.sort_by_key(|error| std::cmp::Reverse(error.errored_at));
    Standing {
        status,
        word: connection.status.as_str().to_owned(),
        needs,
        created: connection.created,
        last_sync: connection.last_sync,
        newest_error: connection.errors.iter().filter_map(|error| error.errored_at).max(),
        resolved_errors: connection.errors.len() - open_errors.len(),
        open_errors,
    }
}
