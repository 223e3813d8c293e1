//! Who approved: what the provider says about it when it is asked with a fresh token, at its userinfo endpoint or at an
//! address of its own.
//!
//! Invariants
//! - Nothing depends on it: whatever comes of it, the grant that is there stays and the attempt that succeeded has.
//! - The token goes to the address of the catalogue and nowhere else; a redirect is not followed.
//! - What was proven about this approval already (by an ID token, or in the token answer) is not contradicted by what is
//!   asked afterwards: such an answer counts as none.

use super::{Connections, endpoints};
use crate::attempt::Attempt;
use crate::connection::{Connection, Status};
use crate::error::{CoreError, ErrorCode};
use crate::id::ConnectionKey;
use crate::ports::{Change, Grant};
use crate::step::Event;
use oauth::{AccountsShape, Dress, Encoding, Identity, Request, Response, UserinfoError};
use providers::{IdentityLookup, Provider};
use std::collections::BTreeMap;
use std::sync::Arc;
use url::Url;

/// Where a provider tells whose account a token reaches.
pub(super) enum Lookup {
    /// At the userinfo endpoint (OpenID Connect Core §5.3).
    Userinfo(Url),
    /// At an address of its own.
    Accounts(Box<IdentityLookup>, Url),
}

/// What it told.
pub(super) struct Seen {
    subject: String,
    holder: Option<String>,
    /// What programs are given besides: a name, and its value where the token reaches exactly one account.
    keep: Option<(String, Option<String>)>,
}

/// How many accounts are named before the rest is counted.
const NAMED: usize = 3;

impl Lookup {
    /// Where this provider tells it, if it does.
    pub(super) fn of(
        provider: &Provider,
        parameters: &BTreeMap<String, String>,
    ) -> Result<Option<Self>, CoreError> {
        if let Some(lookup) = &provider.identity {
            let url = lookup.address(provider, parameters);
            let url = url.map_err(|error| endpoints::bad_parameter(&error))?;
            return Ok(Some(Self::Accounts(Box::new(lookup.clone()), url)));
        }
        Ok(endpoints::metadata_of(provider, parameters)?.userinfo_endpoint.map(Self::Userinfo))
    }

    fn request(&self, grant: &Grant) -> Result<Request, CoreError> {
        let (Self::Userinfo(url) | Self::Accounts(_, url)) = self;
        let request = oauth::userinfo_request(url, &grant.access_token);
        let Self::Accounts(lookup, _) = self else { return Ok(request) };
        let dress = Dress { encoding: Encoding::Form, parameters: None, headers: Some(&lookup.headers) };
        dress.on(request).map_err(|error| CoreError::new(ErrorCode::Defect).detail(error))
    }

    /// Judges an answer. Another account than `proven` is refused; of several the `known` one goes on to stand for all.
    fn judge(
        &self,
        answer: &Response,
        proven: Option<&str>,
        known: Option<&str>,
    ) -> Result<Seen, UserinfoError> {
        let Self::Accounts(lookup, _) = self else {
            let identity = oauth::judge_userinfo(answer, proven)?;
            let holder = identity.name.or(identity.email);
            return Ok(Seen { subject: identity.subject, holder, keep: None });
        };
        let shape =
            AccountsShape { list: lookup.list.as_deref(), subject: &lookup.subject, names: &lookup.names };
        let accounts = oauth::judge_accounts(answer, &shape)?;
        let among = |subject: &str| accounts.iter().any(|one| one.subject == subject);
        if proven.is_some_and(|proven| !among(proven)) {
            return Err(UserinfoError::OtherSubject);
        }
        let known = proven.or(known).filter(|known| among(known)).map(ToOwned::to_owned);
        // The smallest is the same one whatever the order of the answer.
        let subject = known.or_else(|| accounts.iter().map(|one| one.subject.clone()).min());
        let only = if let [only] = accounts.as_slice() { Some(only.subject.clone()) } else { None };
        let keep = lookup.keep.clone().map(|name| (name, only));
        Ok(Seen { subject: subject.ok_or(UserinfoError::NoClaims)?, holder: named(&accounts), keep })
    }
}

/// The accounts' names in a form that needs no language: `A, B, C +2`.
fn named(accounts: &[Identity]) -> Option<String> {
    let names: Vec<&str> = accounts.iter().filter_map(|one| one.name.as_deref()).take(NAMED).collect();
    let more = accounts.len().saturating_sub(names.len());
    match (names.is_empty(), more) {
        (true, _) => None,
        (false, 0) => Some(names.join(", ")),
        (false, more) => Some(format!("{} +{more}", names.join(", "))),
    }
}

impl Connections {
    /// Asks who approved, where the provider tells. `proven` is whom this approval has proven already.
    pub(super) async fn identify(&self, attempt: &Attempt, proven: Option<&str>) {
        let key = &attempt.key;
        let Some(connection) = self.state().connections.get(key).cloned() else { return };
        let lookup = Lookup::of(&attempt.provider, &connection.parameters);
        let (Ok(Some(lookup)), Ok(grant)) = (lookup, self.stored_grant(key).await) else { return };
        let Ok(request) = lookup.request(&grant) else { return };
        let answer = match self.inner.ports.http.send(request).await {
            Ok(answer) => answer,
            Err(error) => return tracing::info!(%error, "the provider did not tell who approved"),
        };
        match lookup.judge(&answer, proven, connection.subject.as_deref()) {
            Ok(seen) => self.keep_seen(&connection, seen).await,
            Err(error) => tracing::info!(%error, "the provider did not tell who approved"),
        }
    }

    /// Asks whose account a linked connection reaches, as a look at whether it works. Answers whether the provider
    /// rejected the token.
    pub(super) async fn ask_identity(
        &self,
        key: &ConnectionKey,
        lookup: &Lookup,
        grant: &Grant,
    ) -> Result<bool, CoreError> {
        let answer = self.inner.ports.http.send(lookup.request(grant)?).await;
        let answer = answer.map_err(super::exchange::unanswered)?;
        if answer.status == 401 {
            return Ok(true);
        }
        let connection = self.state().connections.get(key).cloned();
        let connection = connection.ok_or_else(|| super::unknown_connection(key))?;
        let known = connection.subject.as_deref();
        let own = matches!(lookup, Lookup::Accounts(..));
        match lookup.judge(&answer, known, known) {
            Ok(seen) => self.keep_seen(&connection, seen).await,
            // It took the token, and may not say this to us, or says it otherwise now.
            Err(UserinfoError::Status(400..=499 | 200..=299) | UserinfoError::NoClaims) if own => {}
            Err(error) => {
                return Err(CoreError::new(ErrorCode::ProviderTrouble)
                    .with("provider", connection.provider_name.clone())
                    .detail(error));
            }
        }
        Ok(false)
    }

    /// Writes down what was told about `asked`, the connection as it was when it was asked about.
    async fn keep_seen(&self, asked: &Connection, seen: Seen) {
        let key = &asked.key;
        let turn = self.turn(key).await;
        let Some(now) = self.state().connections.get(key).cloned() else { return };
        // What came meanwhile may be another approval's, or the end of this one.
        if now.grant_revision != asked.grant_revision || now.status != Status::Linked {
            return;
        }
        let grant = match seen.keep {
            // A renewal that is on its way writes the grant itself.
            Some(keep) if now.in_flight.is_none() => self.grant_keeping(key, keep).await,
            _ => None,
        };
        let event = Event::Identified { subject: Some(seen.subject), holder: seen.holder };
        let changes = grant.map(|grant| Change::PutGrant(key.clone(), Arc::new(grant)));
        let written = self.apply_in(&turn, key, event, |_| changes.into_iter().collect()).await;
        if let Err(error) = written {
            tracing::warn!(%error, "who approved could not be written down");
        }
    }

    /// The stored grant with one more value for programs, or one less; nothing where that changes nothing.
    async fn grant_keeping(&self, key: &ConnectionKey, keep: (String, Option<String>)) -> Option<Grant> {
        let stored = self.inner.ports.store.grant(key).await.ok()??;
        let (name, value) = keep;
        if stored.extras.get(&name) == value.as_ref() {
            return None;
        }
        let mut grant = stored.duplicate();
        match value {
            Some(value) => grant.extras.insert(name, value),
            None => grant.extras.remove(&name),
        };
        Some(grant)
    }
}
