//! What may be done with a connection: by its status and the kind of credentials, as one table.
//!
//! Invariant: what credentials cannot do, or Codat does not take in a status, is not in the table and so not offered.
//!
//! Source: docs.codat.io, core concepts, connections; connection management. Only a linked connection is unlinked: the
//! documents contradict each other about a deauthorized one, and it has no access to end.

use crate::{ConnectionStatus, Mode};

/// Something that the person can do with a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Approve for the first time.
    Link,
    /// Approve again, in place.
    Reauthorize,
    /// Have data read now.
    Refresh,
    /// Stop Mooring's own reading for a while; see [`Platform::pause`](crate::Platform::pause).
    Pause,
    /// End access and keep what was read.
    Unlink,
    /// End access for good, with what Codat has.
    Delete,
}

/// What an action does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Consequence {
    /// Whether nothing new is read afterwards.
    pub ends_access: bool,
    /// Whether Codat keeps what was read so far readable.
    pub codat_keeps_data: bool,
    /// Whether the same connection can be linked again.
    pub can_be_undone: bool,
}

impl Action {
    /// What it does. What Mooring itself has fetched stays in every case until the person deletes it here.
    pub const fn consequence(self) -> Consequence {
        match self {
            Self::Link | Self::Reauthorize | Self::Refresh | Self::Pause => {
                Consequence { ends_access: false, codat_keeps_data: true, can_be_undone: true }
            }
            Self::Unlink => Consequence { ends_access: true, codat_keeps_data: true, can_be_undone: true },
            Self::Delete => Consequence { ends_access: true, codat_keeps_data: false, can_be_undone: false },
        }
    }
}

/// What may be done with a connection of this status, in the order of offering.
pub const fn actions(status: &ConnectionStatus, mode: Mode) -> &'static [Action] {
    use Action::{Delete, Link, Pause, Reauthorize, Refresh, Unlink};
    match (status, mode) {
        (ConnectionStatus::PendingAuth, Mode::ApiKey) => &[Link, Delete],
        (ConnectionStatus::PendingAuth, Mode::CompanyToken) => &[Link],
        (ConnectionStatus::Linked, Mode::ApiKey) => &[Refresh, Pause, Unlink, Delete],
        (ConnectionStatus::Linked, Mode::CompanyToken) => &[Pause, Unlink],
        (ConnectionStatus::Unlinked | ConnectionStatus::Deauthorized, Mode::ApiKey) => &[Reauthorize, Delete],
        (ConnectionStatus::Unlinked | ConnectionStatus::Deauthorized, Mode::CompanyToken) => &[Reauthorize],
        // Deleting is taken in every status, and the person must not be left without a way out.
        (ConnectionStatus::Other(_), Mode::ApiKey) => &[Delete],
        (ConnectionStatus::Other(_), Mode::CompanyToken) => &[],
    }
}

/// Things that are done without a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClientAction {
    /// See and choose among companies.
    ChooseCompany,
    /// Make a company.
    CreateCompany,
    /// See the catalogue and connect a new platform.
    Connect,
    /// See how each data type stands, and what was read.
    ReadHistory,
    /// See and change the origins of web pages.
    EditOrigins,
    /// Have an access token made for a company.
    IssueToken,
}

/// What may be done with credentials of this kind.
pub const fn client_actions(mode: Mode) -> &'static [ClientAction] {
    use ClientAction::{ChooseCompany, Connect, CreateCompany, EditOrigins, IssueToken, ReadHistory};
    match mode {
        Mode::ApiKey => &[ChooseCompany, CreateCompany, Connect, ReadHistory, EditOrigins, IssueToken],
        Mode::CompanyToken => &[],
    }
}
