//! What the bank has granted: codes, grants and their tokens, as hashes.
//!
//! Knows nothing of HTTP, files or randomness: values come hashed or to be hashed, the time is an argument.
//!
//! Invariants
//! - A code is spent by its first presentation, good or bad; presenting it again ends what it brought.
//! - A refresh token that was replaced and comes back ends the whole grant (outside a grace the caller allows).
//! - No token is in here, only SHA-256 of tokens.
//!
//! Source: RFC 6749 §4.1.2 and §6, RFC 7636 §4.6, RFC 9700 §4.14.2 (checked 2026-11-21).

use crate::clock::later;
use crate::values::sha256;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, VecDeque};
use std::time::Duration;

/// How long a code is good for.
pub(super) const CODE_LIFE: Duration = Duration::from_secs(60);
/// How long the person's consent holds, as the consent page says.
const CONSENT_LIFE: Duration = Duration::from_secs(180 * 24 * 60 * 60);
/// Spent codes are remembered this long, to notice a replay.
const CODE_MEMORY: Duration = Duration::from_secs(60 * 60);
/// Bounds what the state file can grow to. Far above what a person practises with.
const GRANTS: usize = 128;
/// Replaced refresh tokens remembered for each grant: five hours of refreshing at every expiry.
const REPLACED: usize = 64;
/// Live refresh tokens for each grant; more than one only after use within a grace.
const LIVE: usize = 8;

/// What a person approved.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Approval {
    pub client_id: String,
    pub scopes: Vec<String>,
    pub accounts: Vec<String>,
    pub user: String,
    pub approved_at: Timestamp,
}

impl Approval {
    pub(super) fn holds_until(&self) -> Timestamp {
        later(self.approved_at, CONSENT_LIFE)
    }

    /// The last day of a consent given now, in the person's time zone.
    pub(super) fn last_day(now: Timestamp) -> jiff::civil::Date {
        later(now, CONSENT_LIFE).to_zoned(jiff::tz::TimeZone::system()).date()
    }
}

/// An approval on its way to the client, and what the client must show to get it.
pub(super) struct Code {
    pub approval: Approval,
    pub redirect_uri: String,
    pub challenge: String,
    pub nonce: Option<String>,
    pub expires_at: Timestamp,
    pub outcome: CodeOutcome,
}

/// What became of a code.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum CodeOutcome {
    Unspent,
    /// Its presentation was refused, or was a replay.
    InVain,
    /// It brought the grant with this id.
    Brought(String),
}

#[derive(Clone, Serialize, Deserialize)]
struct Grant {
    id: String,
    approval: Approval,
    access: Vec<Access>,
    live: VecDeque<String>,
    replaced: VecDeque<Replaced>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Access {
    sha256: String,
    scopes: Vec<String>,
    expires_at: Timestamp,
}

#[derive(Clone, Serialize, Deserialize)]
struct Replaced {
    sha256: String,
    at: Timestamp,
}

/// Why a grant is refused, as `error_description`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refused(pub &'static str);

/// A refresh token that was replaced came back, and its grant ended with it.
pub(super) const REPLAYED: Refused = Refused("the refresh token was replaced before");

/// What is issued for a grant, as hashes.
pub(super) struct Issue {
    pub access: String,
    pub scopes: Vec<String>,
    pub expires_at: Timestamp,
    pub refresh: Option<String>,
}

/// A live access token's rights.
pub(super) struct Rights {
    pub approval: Approval,
    pub scopes: Vec<String>,
}

/// How a refresh treats the token that was presented.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rotation {
    Replace,
    Keep,
}

/// Everything the bank has granted.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Ledger {
    #[serde(skip)]
    codes: HashMap<String, Code>,
    grants: VecDeque<Grant>,
}

impl Ledger {
    pub(super) fn revoke_all(&mut self) {
        self.codes.clear();
        self.grants.clear();
    }

    pub(super) fn add_code(&mut self, sha256: String, code: Code, now: Timestamp) {
        self.codes.retain(|_, code| now < later(code.expires_at, CODE_MEMORY));
        self.codes.insert(sha256, code);
    }

    /// Spends a code; answers the id of the grant it brings, what was approved, and the nonce.
    pub(super) fn redeem(
        &mut self,
        code: &str,
        by: &Presented<'_>,
        id: String,
        now: Timestamp,
    ) -> Result<(Approval, Option<String>), Refused> {
        let code = self.codes.get_mut(&sha256(code)).ok_or(Refused("unknown code"))?;
        if code.approval.client_id != by.client_id {
            return Err(Refused("the code belongs to another client"));
        }
        match std::mem::replace(&mut code.outcome, CodeOutcome::InVain) {
            CodeOutcome::Unspent => {}
            CodeOutcome::InVain => return Err(Refused("the code was used before")),
            CodeOutcome::Brought(grant) => {
                self.end(&grant);
                return Err(Refused("the code was used before"));
            }
        }
        if now >= code.expires_at {
            return Err(Refused("the code expired"));
        }
        if code.redirect_uri != by.redirect_uri {
            return Err(Refused("the redirect URI is another one"));
        }
        if sha256(by.code_verifier) != code.challenge {
            return Err(Refused("the code verifier does not fit"));
        }
        code.outcome = CodeOutcome::Brought(id.clone());
        let (approval, nonce) = (code.approval.clone(), code.nonce.take());
        self.open(id, approval.clone());
        Ok((approval, nonce))
    }

    /// Begins a grant without tokens.
    pub(super) fn open(&mut self, id: String, approval: Approval) {
        if self.grants.len() == GRANTS {
            self.grants.pop_front();
        }
        self.grants.push_back(Grant {
            id,
            approval,
            access: Vec::new(),
            live: VecDeque::new(),
            replaced: VecDeque::new(),
        });
    }

    /// Judges a refresh token; answers the id of its grant and what was approved.
    pub(super) fn refresh(
        &mut self,
        token: &str,
        client_id: &str,
        rotation: Rotation,
        grace: Duration,
        now: Timestamp,
    ) -> Result<(String, Approval), Refused> {
        let token = sha256(token);
        let grant = self
            .grants
            .iter_mut()
            .find(|grant| grant.knows(&token))
            .ok_or(Refused("unknown refresh token"))?;
        if grant.approval.client_id != client_id {
            return Err(Refused("the refresh token belongs to another client"));
        }
        let id = grant.id.clone();
        if now >= grant.approval.holds_until() {
            self.end(&id);
            return Err(Refused("the consent is over"));
        }
        if let Some(replaced) = grant.replaced.iter().find(|replaced| replaced.sha256 == token) {
            if now < later(replaced.at, grace) {
                return Ok((id, grant.approval.clone()));
            }
            self.end(&id);
            return Err(REPLAYED);
        }
        if rotation == Rotation::Replace {
            grant.replace(token, now);
        }
        Ok((id, grant.approval.clone()))
    }

    /// Adds tokens to a grant.
    pub(super) fn issue(&mut self, id: &str, issue: Issue, now: Timestamp) {
        let Some(grant) = self.grants.iter_mut().find(|grant| grant.id == id) else { return };
        grant.access.retain(|access| now < access.expires_at);
        let Issue { access: sha256, scopes, expires_at, refresh } = issue;
        grant.access.push(Access { sha256, scopes, expires_at });
        if let Some(refresh) = refresh {
            if grant.live.len() == LIVE {
                grant.live.pop_front();
            }
            grant.live.push_back(refresh);
        }
    }

    /// What a bearer of this access token may see; nothing when it is unknown, over or withdrawn.
    pub(super) fn access(&self, token: &str, now: Timestamp) -> Option<Rights> {
        let token = sha256(token);
        self.grants.iter().filter(|grant| now < grant.approval.holds_until()).find_map(|grant| {
            let access =
                grant.access.iter().find(|access| access.sha256 == token && now < access.expires_at)?;
            Some(Rights { approval: grant.approval.clone(), scopes: access.scopes.clone() })
        })
    }

    /// Revokes a token: a refresh token takes its grant along, an access token goes alone.
    pub(super) fn revoke(&mut self, token: &str, client_id: &str) -> Result<(), Refused> {
        let token = sha256(token);
        let of_token =
            |grant: &&mut Grant| grant.knows(&token) || grant.access.iter().any(|one| one.sha256 == token);
        let Some(grant) = self.grants.iter_mut().find(of_token) else { return Ok(()) };
        if grant.approval.client_id != client_id {
            return Err(Refused("the token belongs to another client"));
        }
        if grant.knows(&token) {
            let id = grant.id.clone();
            self.end(&id);
        } else {
            grant.access.retain(|access| access.sha256 != token);
        }
        Ok(())
    }

    fn end(&mut self, id: &str) {
        self.grants.retain(|grant| grant.id != id);
    }
}

impl Grant {
    fn knows(&self, refresh: &str) -> bool {
        self.live.iter().any(|live| live == refresh) || self.replaced.iter().any(|one| one.sha256 == refresh)
    }

    fn replace(&mut self, refresh: String, now: Timestamp) {
        self.live.retain(|live| *live != refresh);
        if self.replaced.len() == REPLACED {
            self.replaced.pop_front();
        }
        self.replaced.push_back(Replaced { sha256: refresh, at: now });
    }
}

/// What a client shows together with a code.
pub(super) struct Presented<'a> {
    pub client_id: &'a str,
    pub redirect_uri: &'a str,
    pub code_verifier: &'a str,
}
