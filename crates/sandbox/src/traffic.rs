//! What was asked of the sandbox: endpoints and times, never a parameter or a body.

use jiff::Timestamp;
use std::collections::VecDeque;

/// How many requests are remembered one by one; the counts go on beyond it.
const REMEMBERED: usize = 4096;

/// A part of the sandbox that can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Endpoint {
    /// RFC 8414 or OpenID metadata.
    Discovery,
    /// Authorization endpoint.
    Authorize,
    /// Sign-in page and its form.
    SignIn,
    /// Consent page and its form.
    Consent,
    /// Token endpoint, whatever is asked of it.
    Token,
    /// Revocation endpoint.
    Revoke,
    /// User info endpoint.
    Userinfo,
    /// Signing keys.
    Jwks,
    /// The bank's accounts.
    Accounts,
    /// Anything else, existing or not.
    Other,
}

impl Endpoint {
    pub(crate) fn of(path: &str) -> Self {
        match path {
            "/.well-known/oauth-authorization-server" | "/.well-known/openid-configuration" => {
                Self::Discovery
            }
            "/oauth/authorize" => Self::Authorize,
            "/sign-in" => Self::SignIn,
            "/consent" => Self::Consent,
            "/oauth/token" => Self::Token,
            "/oauth/revoke" => Self::Revoke,
            "/oauth/userinfo" => Self::Userinfo,
            "/oauth/jwks" => Self::Jwks,
            "/api/accounts" => Self::Accounts,
            _ => Self::Other,
        }
    }
}

/// One request that arrived.
#[derive(Clone, Copy, Debug)]
pub struct Arrival {
    /// What was asked.
    pub endpoint: Endpoint,
    /// When, by the sandbox's clock.
    pub at: Timestamp,
}

/// How many refreshes got how far. A refresh that arrived and was neither performed nor refused is under way, or its
/// client has gone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Refreshes {
    /// Token requests with a refresh token.
    pub arrived: u64,
    /// Those that brought tokens; what they brought is in the book, whether or not the client heard of it.
    pub performed: u64,
    /// Those whose refresh token was replaced before, so that the whole grant ended.
    pub replayed: u64,
}

/// What arrived since the start.
#[derive(Clone, Debug, Default)]
pub struct Requests {
    arrivals: VecDeque<Arrival>,
    counts: std::collections::BTreeMap<Endpoint, u64>,
    code_exchanges: u64,
    refreshes: u64,
}

impl Requests {
    /// How many requests arrived at an endpoint, refused ones too.
    pub fn count(&self, endpoint: Endpoint) -> u64 {
        self.counts.get(&endpoint).copied().unwrap_or(0)
    }

    /// How many token requests brought an authorization code.
    pub const fn code_exchanges(&self) -> u64 {
        self.code_exchanges
    }

    /// How many token requests brought a refresh token.
    pub const fn refreshes(&self) -> u64 {
        self.refreshes
    }

    /// The last few thousand requests, oldest first.
    pub fn arrivals(&self) -> impl Iterator<Item = &Arrival> {
        self.arrivals.iter()
    }

    pub(crate) fn arrived(&mut self, endpoint: Endpoint, at: Timestamp) {
        *self.counts.entry(endpoint).or_default() += 1;
        if self.arrivals.len() == REMEMBERED {
            self.arrivals.pop_front();
        }
        self.arrivals.push_back(Arrival { endpoint, at });
    }

    pub(crate) fn token_request(&mut self, grant_type: &str) {
        match grant_type {
            "authorization_code" => self.code_exchanges += 1,
            "refresh_token" => self.refreshes += 1,
            _ => {}
        }
    }
}
