//! What each operation of the socket asks of the gate.
//!
//! Invariant: every operation is named here; one that is missing does not compile.

use crate::caller::Access;
use crate::wire::Operation;
use connections::ConnectionKey;
use connections::error::{CoreError, ErrorCode};

/// What has to be allowed for an operation.
pub(crate) struct Need {
    pub(crate) access: Access,
    pub(crate) connection: Option<ConnectionKey>,
}

impl Need {
    /// None for what anybody of this person may know: that Mooring runs, and its catalogue.
    pub(crate) fn of(operation: &Operation) -> Option<Self> {
        let (access, connection) = match operation {
            Operation::Status | Operation::ProviderList => return None,
            Operation::Events
            | Operation::ConnectionList
            | Operation::ActivityList { connection: None, .. } => (Access::List, None),
            Operation::ConnectionShow(key) | Operation::ActivityList { connection: Some(key), .. } => {
                (Access::List, Some(key))
            }
            Operation::Connect(_) | Operation::ConnectDeliver { .. } | Operation::ConnectCancel { .. } => {
                (Access::Connect, None)
            }
            Operation::ConnectionSync(key) => (Access::ReadData, Some(key)),
            Operation::AccountsList { connection } => (Access::ReadData, connection.as_ref()),
            Operation::Export(ask) => (Access::ReadData, ask.connection.as_ref()),
            Operation::TransactionsList { connection, .. } => (Access::ReadData, Some(connection)),
            Operation::Token(ask) => (Access::Token, Some(&ask.key)),
            Operation::TokenRejected(report) => (Access::Token, Some(&report.key)),
            // It opens all connections of its company.
            Operation::CodatToken(_) => (Access::Token, None),
            Operation::ConnectionPause(key)
            | Operation::ConnectionResume(key)
            | Operation::ConnectionDisconnect(key)
            | Operation::ConnectionDelete(key) => (Access::Manage, Some(key)),
            Operation::ConfigList
            | Operation::ConfigCreate(_)
            | Operation::ConfigEdit(_)
            | Operation::ConfigDelete { .. }
            | Operation::CallerList
            | Operation::CallerRevoke(_)
            | Operation::AuditList { .. } => (Access::Manage, None),
            Operation::CallerAllow(_) | Operation::SecretShow | Operation::SecretRotate => {
                (Access::Admission, None)
            }
        };
        Some(Self { access, connection: connection.cloned() })
    }

    /// Tokens, data and admissions always; of the rest, what was not permitted.
    pub(crate) fn is_written_down<T>(&self, result: &Result<T, CoreError>) -> bool {
        let refused = result.as_ref().is_err_and(|error| error.code == ErrorCode::NotPermitted);
        refused || matches!(self.access, Access::Token | Access::ReadData | Access::Admission)
    }
}
