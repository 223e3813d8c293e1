//! What a test makes happen at the practice Codat, or looks up there.
//!
//! Invariant: what is done here is done at Codat itself, so nobody tells the clients.

use super::World;
use super::knobs::{LinkOutcome, Switch, Trouble};
use super::ledger::{Company, Connection, ConnectionError, Ledger, status};
use super::link::leads_to_registered;
use super::operation::SyncEnd;
use crate::clock::later;
use jiff::Timestamp;
use std::time::Duration;

/// Nothing there has this identifier, or it could not be kept.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("the practice Codat has no such company or connection")]
pub struct Missing;

/// A redirect that leads to no registered address.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("the redirect leads to no registered address")]
pub struct UnregisteredRedirect;

/// A connection as the practice Codat knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The company.
    pub company: String,
    /// The connection.
    pub connection: String,
    /// Key of its integration, such as `gbol`.
    pub platform_key: String,
    /// Its status as it is written.
    pub status: String,
    /// The organization that the person approved.
    pub organization: Option<String>,
}

impl World {
    /// Every connection, in the order of the companies.
    pub fn connections(&self) -> Vec<Known> {
        let known = |company: &Company, one: &Connection| Known {
            company: company.id.clone(),
            connection: one.id.clone(),
            platform_key: one.platform_key.clone(),
            status: one.status.clone(),
            organization: one.organization.clone(),
        };
        self.store.read(|ledger, _| {
            let all = ledger.companies.iter();
            all.flat_map(|company| company.connections.iter().map(move |one| known(company, one))).collect()
        })
    }

    /// The first connection of this platform in this status.
    pub fn find(&self, platform_key: &str, status: &str) -> Option<Known> {
        self.connections().into_iter().find(|one| one.platform_key == platform_key && one.status == status)
    }

    /// A link address as the API gives it now, to be opened by whoever it is forwarded to.
    ///
    /// # Errors
    /// No such connection.
    pub fn link_address(&self, connection: &str) -> Result<String, Missing> {
        self.store.read(|ledger, now| {
            let company = ledger.owner_of(connection).ok_or(Missing)?;
            let one = ledger.connection(&company, connection).ok_or(Missing)?;
            Ok(self.link_url(&company, one, now))
        })
    }

    /// How often something was asked, such as `GET /companies/{}/connections`; identifiers are written `{}`.
    pub fn count(&self, what: &str) -> u64 {
        self.meter().counted(what)
    }

    /// The platform ends the approval: `Deauthorized`, with an error that says why; what is being read fails.
    ///
    /// # Errors
    /// No such connection.
    pub fn deauthorize(&self, connection: &str, why: &str) -> Result<(), Missing> {
        self.end_link(connection, status::DEAUTHORIZED)?;
        self.fail(connection, "401", "Unauthorized", why)
    }

    /// Somebody else goes through the link, such as an accountant to whom it was forwarded.
    ///
    /// # Errors
    /// No such connection.
    pub fn link(&self, connection: &str, organization: &str) -> Result<(), Missing> {
        self.make(|ledger, now| {
            let company = ledger.owner_of(connection).ok_or(Missing)?;
            let one = ledger.connection_mut(&company, connection).ok_or(Missing)?;
            one.link(organization, now);
            let linked = one.clone();
            self.read_first(ledger, &company, &linked, now).map_err(|_| Missing)
        })
    }

    /// Somebody unlinks it elsewhere, as in Codat's portal.
    ///
    /// # Errors
    /// No such connection.
    pub fn unlink(&self, connection: &str) -> Result<(), Missing> {
        self.end_link(connection, status::UNLINKED)
    }

    /// Gives it a status in any words, to see what a client makes of a word that it does not know.
    ///
    /// # Errors
    /// No such connection.
    pub fn set_status(&self, connection: &str, word: &str) -> Result<(), Missing> {
        self.of_connection(connection, |one, _| word.clone_into(&mut one.status))
    }

    /// Notes an open error on it; the status stays.
    ///
    /// # Errors
    /// No such connection.
    pub fn fail(&self, connection: &str, code: &str, text: &str, message: &str) -> Result<(), Missing> {
        self.of_connection(connection, |one, now| {
            one.note_error(ConnectionError {
                status_code: code.to_owned(),
                status_text: text.to_owned(),
                message: message.to_owned(),
                at: now,
                resolved: None,
            });
        })
    }

    /// Its errors are over.
    ///
    /// # Errors
    /// No such connection.
    pub fn resolve_errors(&self, connection: &str) -> Result<(), Missing> {
        self.of_connection(connection, |one, now| {
            one.errors.iter_mut().for_each(|error| error.resolved = error.resolved.or(Some(now)));
        })
    }

    /// As if it had never been read: no date of a last sync.
    ///
    /// # Errors
    /// No such connection.
    pub fn forget_sync(&self, connection: &str) -> Result<(), Missing> {
        self.of_connection(connection, |one, _| one.last_sync = None)
    }

    /// The person pauses the program on their computer that it is read through; reading waits until then.
    ///
    /// # Errors
    /// No such connection.
    pub fn pause_connector(&self, connection: &str, life: Duration) -> Result<(), Missing> {
        self.of_connection(connection, |one, now| one.paused_until = Some(later(now, life)))
    }

    /// Somebody deletes the connection elsewhere.
    ///
    /// # Errors
    /// No such connection.
    pub fn delete_connection(&self, connection: &str) -> Result<(), Missing> {
        self.of_owner(connection, |ledger, company, _| {
            ledger.remove_connection(company, connection);
        })
    }

    /// Somebody deletes the company elsewhere, with its connections and tokens.
    ///
    /// # Errors
    /// No such company.
    pub fn delete_company(&self, company: &str) -> Result<(), Missing> {
        self.make(|ledger, _| ledger.remove_company(company).then_some(()).ok_or(Missing))
    }

    /// Ends every access token at once.
    ///
    /// # Errors
    /// The state file cannot be written.
    pub fn end_access_tokens(&self) -> Result<(), Missing> {
        self.make(|ledger, _| {
            ledger.end_tokens();
            Ok(())
        })
    }

    /// Turns something on or off.
    pub fn turn(&self, switch: Switch, on: bool) {
        self.knobs().turn(switch, on);
    }

    /// What goes wrong with the next requests that are let in, after what waits to go wrong already.
    pub fn trouble(&self, trouble: Trouble, times: u32) {
        self.knobs().add_trouble(trouble, times);
    }

    /// How the next link ends that the person allows.
    pub fn next_link(&self, outcome: LinkOutcome) {
        self.knobs().add_link(outcome);
    }

    /// How the next pull operation ends that is queued.
    pub fn next_sync(&self, end: SyncEnd) {
        self.knobs().add_end(end);
    }

    /// How long a pull operation takes from now on until the history shows it.
    pub fn delay_history(&self, delay: Duration) {
        self.knobs().appear_after(delay);
    }

    /// Sets where a person is sent after linking; see [`Settings::redirect_url`](super::Settings::redirect_url).
    ///
    /// # Errors
    /// It can lead to no registered address, or the state file cannot be written.
    pub fn set_redirect(&self, template: &str) -> Result<(), UnregisteredRedirect> {
        if !leads_to_registered(template) {
            return Err(UnregisteredRedirect);
        }
        let set = |ledger: &mut Ledger, _| {
            template.clone_into(&mut ledger.redirect_url);
            Ok(())
        };
        self.make(set).map_err(|Missing| UnregisteredRedirect)
    }

    fn end_link(&self, connection: &str, status: &str) -> Result<(), Missing> {
        self.of_owner(connection, |ledger, company, now| {
            ledger.end_link(company, connection, status, now);
        })
    }

    fn of_connection(
        &self,
        connection: &str,
        change: impl FnOnce(&mut Connection, Timestamp),
    ) -> Result<(), Missing> {
        self.of_owner(connection, |ledger, company, now| {
            if let Some(one) = ledger.connection_mut(company, connection) {
                change(one, now);
            }
        })
    }

    fn of_owner(
        &self,
        connection: &str,
        change: impl FnOnce(&mut Ledger, &str, Timestamp),
    ) -> Result<(), Missing> {
        self.make(|ledger, now| {
            let owner = ledger.owner_of(connection).ok_or(Missing)?;
            change(ledger, &owner, now);
            Ok(())
        })
    }

    fn make(
        &self,
        change: impl FnOnce(&mut Ledger, Timestamp) -> Result<(), Missing>,
    ) -> Result<(), Missing> {
        self.store.change(change).unwrap_or(Err(Missing))
    }
}
