//! A connection of a company to a platform, as the API tells it.
//!
//! Invariant: only the id cannot be missed. The link address can be single-use and opens the platform's sign-in for
//! whoever has it, so it is a secret.
//!
//! Source: platform API 3.0.0, schema `Connection`.

use crate::json::{Object, readable};
use crate::list::judge_page;
use crate::words::open_enum;
use crate::{ApiError, ConnectionId, ListQuery, Page, PlatformKey, SourceType, answer};
use jiff::Timestamp;
use secret::SecretString;
use serde_json::{Map, Value};
use web::Response;

open_enum! {
    /// Where a connection stands.
    ConnectionStatus {
        /// Made; the person has not finished approving.
        PendingAuth = "PendingAuth",
        /// Data can be read.
        Linked = "Linked",
        /// Ended on the client's side; what was read is kept.
        Unlinked = "Unlinked",
        /// Ended on the platform's side.
        Deauthorized = "Deauthorized",
    }
}

open_enum! {
    /// Whether a passing error is over. None in an error that does not pass by itself.
    ErrorStatus {
        /// It goes on.
        Active = "Active",
        /// It is over.
        Resolved = "Resolved",
    }
}

/// A connection.
#[derive(Debug)]
pub struct Connection {
    /// Its id; kept over reconnects.
    pub id: ConnectionId,
    /// The integration.
    pub integration_id: Option<String>,
    /// The platform, such as `gbol`.
    pub integration_key: Option<PlatformKey>,
    /// The source; at TrueLayer the bank, elsewhere the same as the integration.
    pub source_id: Option<String>,
    /// The kind of platform.
    pub source_type: SourceType,
    /// The platform's name.
    pub platform_name: Option<String>,
    /// Where the person approves. Read it just before it is opened: it can be single-use.
    pub link_url: Option<SecretString>,
    /// Where it stands.
    pub status: ConnectionStatus,
    /// When data was last read; none before the first time.
    pub last_sync: Option<Timestamp>,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// What went wrong at the platform, in Codat's order.
    pub errors: Vec<ConnectionError>,
    /// Notes of the platform, such as why a connector on the person's computer is silent.
    pub info: Notes,
    /// What old versions of the API add.
    pub additional_properties: Notes,
}

/// Something that went wrong at the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionError {
    /// The platform's HTTP status, as a text.
    pub status_code: Option<String>,
    /// The platform's word for it.
    pub status_text: Option<String>,
    /// Codat's sentence about it.
    pub message: Option<String>,
    /// When it happened.
    pub errored_at: Option<Timestamp>,
    /// Whether it goes on; none if it does not pass by itself.
    pub status: Option<ErrorStatus>,
    /// When it was over.
    pub resolved_at: Option<Timestamp>,
}

impl ConnectionError {
    /// Whether it is over.
    pub fn is_resolved(&self) -> bool {
        self.resolved_at.is_some() || self.status == Some(ErrorStatus::Resolved)
    }

    fn read(object: Object<'_>) -> Self {
        Self {
            status_code: object
                .name("statusCode")
                .or_else(|| object.whole("statusCode").map(|n| n.to_string())),
            status_text: object.message("statusText"),
            message: object.message("errorMessage"),
            errored_at: object.instant("erroredOnUtc"),
            status: object.text("status").map(ErrorStatus::of),
            resolved_at: object.instant("resolvedOnUtc"),
        }
    }
}

/// Members that only one platform knows. Not printed: nobody says what is in them.
#[derive(Clone, PartialEq, Default)]
pub struct Notes(Map<String, Value>);

impl Notes {
    /// A note, as it came. Whoever shows it bounds it.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Notes that are plain words, numbers or truths, fit to be shown, in the order of their names.
    pub fn shown(&self) -> Vec<(String, String)> {
        let text = |value: &Value| match value {
            Value::String(text) => Some(crate::text::quotable(text)),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(truth) => Some(truth.to_string()),
            _ => None,
        };
        let name = |name: &str| crate::text::printable(name, crate::words::LONGEST_ID);
        self.0
            .iter()
            .filter_map(|(key, value)| Some((name(key), text(value)?)))
            .filter(|(key, value)| !key.is_empty() && !value.is_empty())
            .collect()
    }
}

impl std::fmt::Debug for Notes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Notes({})", self.0.len())
    }
}

impl Connection {
    pub(crate) fn read(object: Object<'_>) -> Option<Self> {
        let id = object.text("id").and_then(|id| ConnectionId::parse(id).ok())?;
        Some(Self {
            id,
            integration_id: object.name("integrationId"),
            integration_key: object.text("integrationKey").and_then(|key| PlatformKey::parse(key).ok()),
            source_id: object.name("sourceId"),
            source_type: SourceType::of(object.text("sourceType").unwrap_or_default()),
            platform_name: object.name("platformName"),
            link_url: object.secret("linkUrl"),
            status: ConnectionStatus::of(object.text("status").unwrap_or_default()),
            last_sync: object.instant("lastSync"),
            created: object.instant("created"),
            errors: readable(object.list("dataConnectionErrors"), |error| Some(ConnectionError::read(error)))
                .0,
            info: Notes(object.map("connectionInfo")),
            additional_properties: Notes(object.map("additionalProperties")),
        })
    }
}

/// Judges a list of connections.
///
/// # Errors
/// [`ApiError`].
pub fn judge_connections(
    response: &Response,
    asked: &ListQuery,
    now: Timestamp,
) -> Result<Page<Connection>, ApiError> {
    judge_page(response, asked, now, Connection::read)
}

/// Judges one connection.
///
/// # Errors
/// [`ApiError`].
pub fn judge_connection(response: &Response, now: Timestamp) -> Result<Connection, ApiError> {
    answer::object(response, now, Connection::read)
}
