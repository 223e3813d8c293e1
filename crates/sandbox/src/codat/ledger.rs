//! What the practice Codat knows: companies with their connections, pull operations, tokens and settings.
//!
//! Knows nothing of HTTP, files or randomness: the time is an argument, identifiers come made.
//!
//! Invariants
//! - No token is in here, only SHA-256 of tokens.
//! - What is kept is bounded, whatever is asked.
//!
//! Source: docs.codat.io, core concepts, connections and status (checked 2026-11-21).

use super::catalogue::Integration;
use super::operation::{Operation, SyncEnd};
use crate::clock::later;
use crate::values::sha256;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

/// Companies; far above what a person practises with.
pub(super) const COMPANIES: usize = 500;
/// Connections in all.
pub(super) const CONNECTIONS: usize = 5_000;
const OPERATIONS: usize = 2_000;
const TOKENS: usize = 256;
const ERRORS: usize = 16;

/// A company.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Company {
    pub id: String,
    pub name: String,
    pub description: Option<String>,
    pub tags: BTreeMap<String, String>,
    pub created: Timestamp,
    pub connections: Vec<Connection>,
}

/// A data connection.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Connection {
    pub id: String,
    pub platform_key: String,
    pub status: String,
    pub created: Timestamp,
    pub last_sync: Option<Timestamp>,
    pub errors: Vec<ConnectionError>,
    /// The organization that was approved; the API has no member for it.
    pub organization: Option<String>,
    /// How often a single-use link address was used; each use ends the addresses before it.
    pub links_used: u64,
    /// Until when the program on the person's computer is paused.
    pub paused_until: Option<Timestamp>,
}

/// Statuses, in Codat's words. A connection may have another one, to see what a client makes of it.
pub(super) mod status {
    pub(in crate::codat) const PENDING: &str = "PendingAuth";
    pub(in crate::codat) const LINKED: &str = "Linked";
    pub(in crate::codat) const UNLINKED: &str = "Unlinked";
    pub(in crate::codat) const DEAUTHORIZED: &str = "Deauthorized";
}

/// An error on a connection.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ConnectionError {
    pub status_code: String,
    pub status_text: String,
    pub message: String,
    pub at: Timestamp,
    pub resolved: Option<Timestamp>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Token {
    sha256: String,
    company: String,
    expires_at: Timestamp,
}

/// Everything.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Ledger {
    pub companies: Vec<Company>,
    pub operations: VecDeque<Operation>,
    pub origins: Vec<String>,
    pub redirect_url: String,
    tokens: VecDeque<Token>,
}

impl Connection {
    pub(super) fn integration(&self) -> Option<&'static Integration> {
        Integration::find(&self.platform_key)
    }

    pub(super) fn note_error(&mut self, error: ConnectionError) {
        if self.errors.len() >= ERRORS {
            self.errors.remove(0);
        }
        self.errors.push(error);
    }

    /// The person approved `organization`: linked, and what was wrong is over.
    pub(super) fn link(&mut self, organization: &str, now: Timestamp) {
        status::LINKED.clone_into(&mut self.status);
        self.organization = Some(organization.to_owned());
        for error in self.errors.iter_mut().filter(|error| error.resolved.is_none()) {
            error.resolved = Some(now);
        }
    }
}

impl Ledger {
    pub(super) fn company(&self, id: &str) -> Option<&Company> {
        self.companies.iter().find(|company| company.id == id)
    }

    pub(super) fn company_mut(&mut self, id: &str) -> Option<&mut Company> {
        self.companies.iter_mut().find(|company| company.id == id)
    }

    pub(super) fn connection(&self, company: &str, id: &str) -> Option<&Connection> {
        self.company(company)?.connections.iter().find(|connection| connection.id == id)
    }

    pub(super) fn connection_mut(&mut self, company: &str, id: &str) -> Option<&mut Connection> {
        self.company_mut(company)?.connections.iter_mut().find(|connection| connection.id == id)
    }

    /// The company of a connection.
    pub(super) fn owner_of(&self, connection: &str) -> Option<String> {
        let owns = |company: &&Company| company.connections.iter().any(|one| one.id == connection);
        self.companies.iter().find(owns).map(|company| company.id.clone())
    }

    pub(super) fn count_connections(&self) -> usize {
        self.companies.iter().map(|company| company.connections.len()).sum()
    }

    /// Companies that have a linked connection; the daily limit grows with them.
    pub(super) fn active_companies(&self) -> usize {
        let is_active =
            |company: &&Company| company.connections.iter().any(|one| one.status == status::LINKED);
        self.companies.iter().filter(is_active).count()
    }

    /// Removes a company with all that belongs to it.
    pub(super) fn remove_company(&mut self, id: &str) -> bool {
        let before = self.companies.len();
        self.companies.retain(|company| company.id != id);
        self.operations.retain(|operation| operation.company != id);
        self.tokens.retain(|token| token.company != id);
        self.companies.len() < before
    }

    /// Removes a connection with what was read through it.
    pub(super) fn remove_connection(&mut self, company: &str, id: &str) -> bool {
        let Some(owner) = self.company_mut(company) else { return false };
        let before = owner.connections.len();
        owner.connections.retain(|connection| connection.id != id);
        let removed = owner.connections.len() < before;
        self.operations.retain(|operation| operation.connection != id);
        removed
    }

    /// Ends a link: the status, and what is being read.
    pub(super) fn end_link(&mut self, company: &str, id: &str, status: &str, now: Timestamp) -> bool {
        let Some(connection) = self.connection_mut(company, id) else { return false };
        status.clone_into(&mut connection.status);
        let end = if status == status::DEAUTHORIZED { SyncEnd::AuthError } else { SyncEnd::Cancelled };
        for operation in self.operations.iter_mut().filter(|one| one.connection == id && one.runs(now)) {
            operation.stop(end, now);
        }
        true
    }

    pub(super) fn add_operation(&mut self, operation: Operation) {
        if self.operations.len() >= OPERATIONS {
            self.operations.pop_front();
        }
        self.operations.push_back(operation);
    }

    /// Brings what follows from the time up to date: when connections were last read.
    pub(super) fn settle(&mut self, now: Timestamp) {
        let Self { companies, operations, .. } = self;
        for operation in operations.iter_mut().filter(|one| !one.settled && !one.runs(now)) {
            operation.settled = true;
            if operation.end != SyncEnd::Complete {
                continue;
            }
            let of_company = companies.iter_mut().filter(|company| company.id == operation.company);
            let read = of_company.flat_map(|company| &mut company.connections);
            for connection in read.filter(|connection| connection.id == operation.connection) {
                connection.last_sync = connection.last_sync.max(Some(operation.ends));
            }
        }
    }

    pub(super) fn add_token(&mut self, token: &str, company: &str, life: Duration, now: Timestamp) {
        self.tokens.retain(|token| now < token.expires_at);
        if self.tokens.len() >= TOKENS {
            self.tokens.pop_front();
        }
        let expires_at = later(now, life);
        self.tokens.push_back(Token { sha256: sha256(token), company: company.to_owned(), expires_at });
    }

    /// The company that an access token opens; none when it is unknown or over.
    pub(super) fn company_of_token(&self, token: &str, now: Timestamp) -> Option<&str> {
        let sha256 = sha256(token);
        let found = self.tokens.iter().find(|token| token.sha256 == sha256 && now < token.expires_at);
        found.map(|token| token.company.as_str())
    }

    /// Ends every access token.
    pub(super) fn end_tokens(&mut self) {
        self.tokens.clear();
    }
}
