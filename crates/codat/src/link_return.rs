//! Judges the address with which a person comes back from Codat.
//!
//! Invariants
//! - The nonce is compared before anything else in the address counts, in constant time.
//! - What the address says is a claim. Whether a connection is linked is decided by asking the API.
//!
//! Source: docs.codat.io, set up redirects: reserved parameters and their codes. The client chooses the names; the
//! ones here are those of [`redirect_template`](crate::redirect_template), whatever their case.

use crate::link::{LinkNonce, NONCE_PARAMETER};
use crate::text::{LONGEST_NAME, printable, quotable};
use crate::{CompanyId, Connection, ConnectionId, PlatformKey};
use secret::SecretString;
use std::collections::BTreeMap;
use url::Url;

/// How an attempt ended, as the address claims it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkClaim {
    /// 200: approved.
    Success,
    /// 201: left without doing anything, since everything was linked already.
    NothingDone,
    /// 403: the person stopped.
    Cancelled,
    /// 501: the person's platform is not supported.
    NotSupported,
    /// 500: it failed.
    Failed,
    /// Another code.
    Other(u16),
    /// No code: the redirect at Codat does not name it.
    Unsaid,
}

/// A return that belongs to the attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkReturn {
    /// How it ended, as claimed.
    pub claim: LinkClaim,
    /// Codat's standard sentence, or the platform's own.
    pub message: Option<String>,
    /// The company, as claimed.
    pub company: Option<CompanyId>,
    /// The connection, as claimed.
    pub connection: Option<ConnectionId>,
    /// The integration, as claimed.
    pub integration_id: Option<String>,
    /// The source, as claimed.
    pub source_id: Option<String>,
    /// The platform, as claimed.
    pub platform: Option<PlatformKey>,
    /// The organization that was approved; only some platforms tell.
    pub organization: Option<String>,
}

/// Why a return is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkReturnError {
    /// Not an address, or an absurdly long one.
    #[error("the return address is malformed")]
    Malformed,
    /// No nonce: the redirect at Codat does not name it, or the attempt is not ours.
    #[error("the return carries no nonce")]
    NoNonce,
    /// Another attempt's, or forged.
    #[error("the return belongs to another attempt")]
    OtherAttempt,
    /// The same parameter twice: two readers would read two things.
    #[error("the return repeats a parameter")]
    Repeated,
}

/// Longest address that is looked at.
const LONGEST_ADDRESS: usize = 16 * 1024;

impl LinkReturn {
    /// Judges `address` against the nonce of the attempt.
    ///
    /// # Errors
    /// [`LinkReturnError`].
    pub fn judge(address: &SecretString, expected: &LinkNonce) -> Result<Self, LinkReturnError> {
        // EXPOSE: parsed; neither errors nor the result hold the nonce.
        let address = address.expose();
        if address.len() > LONGEST_ADDRESS {
            return Err(LinkReturnError::Malformed);
        }
        let url = Url::parse(address).map_err(|_| LinkReturnError::Malformed)?;
        judge_nonce(&url, expected)?;
        let parameters = Parameters::read(&url)?;
        Ok(Self {
            claim: claim(&parameters),
            message: message(&parameters),
            company: parameters.get("companyId").and_then(|id| CompanyId::parse(id).ok()),
            connection: parameters.get("connectionId").and_then(|id| ConnectionId::parse(id).ok()),
            integration_id: parameters.name("integrationId"),
            source_id: parameters.name("sourceId"),
            platform: parameters.get("platform").and_then(|key| PlatformKey::parse(key).ok()),
            organization: parameters.name("data.company.companyName"),
        })
    }

    /// Whether it contradicts what was asked for; what it does not say contradicts nothing.
    pub fn contradicts(&self, company: &CompanyId, connection: Option<&ConnectionId>) -> bool {
        let other_company = self.company.as_ref().is_some_and(|said| !said.is(company));
        let other_connection =
            self.connection.as_ref().zip(connection).is_some_and(|(said, asked)| !said.is(asked));
        other_company || other_connection
    }
}

fn judge_nonce(url: &Url, expected: &LinkNonce) -> Result<(), LinkReturnError> {
    let mut nonces = url.query_pairs().filter(|(name, _)| name.eq_ignore_ascii_case(NONCE_PARAMETER));
    let claimed = nonces.next().map(|(_, value)| SecretString::from(value.into_owned()));
    let Some(claimed) = claimed.filter(|nonce| !nonce.is_empty()) else {
        return Err(LinkReturnError::NoNonce);
    };
    if nonces.next().is_some() {
        return Err(LinkReturnError::Repeated);
    }
    // EXPOSE: compared.
    if expected.matches(claimed.expose()) { Ok(()) } else { Err(LinkReturnError::OtherAttempt) }
}

/// Parameters by their names in small letters, without those that say nothing.
struct Parameters(BTreeMap<String, String>);

impl Parameters {
    fn read(url: &Url) -> Result<Self, LinkReturnError> {
        let mut read = BTreeMap::new();
        for (name, value) in url.query_pairs().filter(|(_, value)| !is_unsaid(value)) {
            if read.insert(name.to_ascii_lowercase(), value.into_owned()).is_some() {
                return Err(LinkReturnError::Repeated);
            }
        }
        Ok(Self(read))
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(&name.to_ascii_lowercase()).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    fn name(&self, name: &str) -> Option<String> {
        self.get(name).map(|value| printable(value, LONGEST_NAME)).filter(|value| !value.is_empty())
    }
}

/// Codat leaves empty what it does not know; braces remain where nobody filled in.
fn is_unsaid(value: &str) -> bool {
    value.is_empty() || (value.starts_with('{') && value.ends_with('}'))
}

fn claim(parameters: &Parameters) -> LinkClaim {
    match parameters.get("statusCode").map(str::parse::<u16>) {
        Some(Ok(200)) => LinkClaim::Success,
        Some(Ok(201)) => LinkClaim::NothingDone,
        Some(Ok(403)) => LinkClaim::Cancelled,
        Some(Ok(500) | Err(_)) => LinkClaim::Failed,
        Some(Ok(501)) => LinkClaim::NotSupported,
        Some(Ok(code)) => LinkClaim::Other(code),
        None => LinkClaim::Unsaid,
    }
}

fn message(parameters: &Parameters) -> Option<String> {
    let said = parameters.get("statusText").or_else(|| parameters.get("errorMessage"));
    said.map(quotable).filter(|text| !text.is_empty())
}

/// What tells one organization from another, as far as the API tells it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Organization {
    /// The source; at TrueLayer the bank.
    pub source_id: Option<String>,
    /// The platform.
    pub platform: Option<PlatformKey>,
    /// Its name, from a return or from company data that was read.
    pub name: Option<String>,
}

/// Whether a reconnect came back with the same organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SameOrganization {
    /// The names agree.
    Yes,
    /// Something that is known of both differs: the person must be told.
    No,
    /// Too little is known. Most platforms do not tell.
    Unknown,
}

impl Organization {
    /// What is known of a connection's, with a name if one was told.
    pub fn of(connection: &Connection, name: Option<&str>) -> Self {
        Self {
            source_id: connection.source_id.clone(),
            platform: connection.integration_key.clone(),
            name: name.map(|name| printable(name, LONGEST_NAME)).filter(|name| !name.is_empty()),
        }
    }

    /// Whether `after` is the same.
    pub fn is_same(&self, after: &Self) -> SameOrganization {
        let differ = |one: Option<&str>, other: Option<&str>| {
            one.zip(other).is_some_and(|(one, other)| !one.eq_ignore_ascii_case(other))
        };
        let sources = differ(self.source_id.as_deref(), after.source_id.as_deref());
        let platform = |one: &Self| one.platform.as_ref().map(|key| key.as_str().to_owned());
        let platforms = differ(platform(self).as_deref(), platform(after).as_deref());
        match (&self.name, &after.name) {
            _ if sources || platforms => SameOrganization::No,
            (Some(before), Some(after)) if before.to_lowercase() == after.to_lowercase() => {
                SameOrganization::Yes
            }
            (Some(_), Some(_)) => SameOrganization::No,
            _ => SameOrganization::Unknown,
        }
    }
}
