//! What Codat's embedded component tells its page, in its own spelling, so that callers who know it know ours.
//!
//! Source: docs.codat.io, connection management; `ErrorCallbackArgs` of the package `@codat/sdk-link-types`.

use crate::{ApiError, ConnectionId, ErrorKind};
use serde::{Deserialize, Serialize};

/// Something that happened, as `{"name": "onReconnect", "args": {"connectionId": "…"}}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "name", content = "args", rename_all = "camelCase")]
pub enum ComponentEvent {
    /// A connection was linked again.
    OnReconnect(ConnectionArgs),
    /// A connection was unlinked.
    OnDisconnect(ConnectionArgs),
    /// Something went wrong.
    OnError(ErrorArgs),
    /// The person closed the view.
    OnClose,
}

/// Which connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionArgs {
    /// Its id at Codat.
    pub connection_id: String,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorArgs {
    /// What a support desk asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<String>,
    /// One sentence, fit to be shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// Codat's finer code, or the HTTP status where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_code: Option<i64>,
    /// Whether the person can go on in the same view.
    pub user_recoverable: bool,
}

impl ComponentEvent {
    /// A connection was linked again.
    pub fn reconnected(connection: &ConnectionId) -> Self {
        Self::OnReconnect(ConnectionArgs { connection_id: connection.to_string() })
    }

    /// A connection was unlinked.
    pub fn disconnected(connection: &ConnectionId) -> Self {
        Self::OnDisconnect(ConnectionArgs { connection_id: connection.to_string() })
    }

    /// An answer was no success. A refused key or token, or a company that is gone, ends the view; the rest does not.
    pub fn failed(error: &ApiError) -> Self {
        Self::OnError(ErrorArgs::of(error))
    }
}

impl ErrorArgs {
    /// What an answer that is no success says. A refused key or token, or a company that is gone, ends the view; the rest
    /// does not.
    pub fn of(error: &ApiError) -> Self {
        let ends = matches!(
            error.kind(),
            ErrorKind::Unauthorized | ErrorKind::PaymentRequired | ErrorKind::Forbidden | ErrorKind::NotFound
        );
        Self {
            correlation_id: error.correlation_id().map(ToOwned::to_owned),
            message: Some(error.message().map_or_else(|| error.to_string(), ToOwned::to_owned)),
            // 0 is what Codat sends when it has no finer code.
            error_code: error
                .error_code()
                .filter(|code| *code != 0)
                .or_else(|| Some(i64::from(error.status()))),
            user_recoverable: !ends,
        }
    }
}
