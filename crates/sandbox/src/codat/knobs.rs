//! What a test or a person turns on the practice Codat: paths that are gone, trouble, how the next link ends.
//!
//! Knows nothing of who asks.
//!
//! Invariant: what is limited to some times is spent when it is played.

use super::answer::Failure;
use super::operation::SyncEnd;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

/// Something that is on or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Switch {
    /// `GET /companies/{id}/accessToken` is there. On at the start.
    AccessTokens,
    /// `GET /companies/{id}/connectionManagement/accessToken` is there. On at the start.
    OlderAccessTokens,
    /// `/corsSettings` is there. On at the start.
    CorsSettings,
    /// `/connectionManagement/corsSettings` is there. On at the start.
    OlderCorsSettings,
    /// Link addresses are good once and for a day. On at the start.
    SingleUseLinks,
    /// Dates name their zone. On at the start.
    ZonesInDates,
}

/// How requests go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// 429 with `Retry-After` in whole seconds.
    RateLimited(Duration),
    /// 402: the account's limit.
    AccountLimit,
    /// 403: the key is outdated or lacks a right.
    Forbidden,
    /// 500, said to be worth another try.
    InternalError,
    /// 503: maintenance.
    Maintenance,
    /// 502 with a web page of a gateway, which is no error body of Codat's; the request is not performed.
    GatewayPage,
    /// 200 with half a JSON document; the request is not performed.
    TornAnswer,
    /// The request is performed, then the connection is cut: the client never hears.
    LostAnswer,
}

/// How a link ends although the person allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkOutcome {
    /// 500: the platform failed; the connection stays as it was, with an error.
    PlatformFails,
    /// 501: the platform is not supported; the connection stays as it was.
    NotSupported,
    /// 201: the person left without a connection, since everything is linked already.
    NothingToLink,
    /// 200, with an organization that the person did not choose.
    OtherOrganization,
}

pub(super) struct Knobs {
    off: BTreeSet<Switch>,
    troubles: VecDeque<(Trouble, u32)>,
    links: VecDeque<LinkOutcome>,
    ends: VecDeque<SyncEnd>,
    /// How long a pull operation takes to appear in the history.
    appears_after: Duration,
}

impl Knobs {
    pub(super) fn new(off: impl IntoIterator<Item = Switch>) -> Self {
        Self {
            off: off.into_iter().collect(),
            troubles: VecDeque::new(),
            links: VecDeque::new(),
            ends: VecDeque::new(),
            appears_after: Duration::ZERO,
        }
    }

    pub(super) fn turn(&mut self, switch: Switch, on: bool) {
        if on {
            self.off.remove(&switch);
        } else {
            self.off.insert(switch);
        }
    }

    pub(super) fn is_on(&self, switch: Switch) -> bool {
        !self.off.contains(&switch)
    }

    pub(super) fn add_trouble(&mut self, trouble: Trouble, times: u32) {
        self.troubles.push_back((trouble, times));
    }

    pub(super) fn trouble(&mut self) -> Option<Trouble> {
        self.troubles.retain(|(_, times)| *times > 0);
        let (trouble, times) = self.troubles.front_mut()?;
        *times -= 1;
        Some(*trouble)
    }

    pub(super) fn add_link(&mut self, outcome: LinkOutcome) {
        self.links.push_back(outcome);
    }

    pub(super) fn link(&mut self) -> Option<LinkOutcome> {
        self.links.pop_front()
    }

    pub(super) fn add_end(&mut self, end: SyncEnd) {
        self.ends.push_back(end);
    }

    pub(super) fn appear_after(&mut self, delay: Duration) {
        self.appears_after = delay;
    }

    pub(super) fn appears_after(&self) -> Duration {
        self.appears_after
    }

    pub(super) fn end(&mut self) -> SyncEnd {
        self.ends.pop_front().unwrap_or(SyncEnd::Complete)
    }
}

impl Trouble {
    /// What is answered instead; none where the request is performed.
    pub(super) fn answer(self) -> Option<Response> {
        let (status, error) = match self {
            Self::RateLimited(_) => (StatusCode::TOO_MANY_REQUESTS, "Rate limit exceeded"),
            Self::AccountLimit => (StatusCode::PAYMENT_REQUIRED, "The account's limit is reached"),
            Self::Forbidden => (StatusCode::FORBIDDEN, "The key is not permitted to do this"),
            Self::InternalError => (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong"),
            Self::Maintenance => (StatusCode::SERVICE_UNAVAILABLE, "Maintenance"),
            Self::GatewayPage => {
                let page = Html("<!doctype html><title>Gateway</title><h1>Bad gateway</h1>");
                return Some((StatusCode::BAD_GATEWAY, page).into_response());
            }
            Self::TornAnswer => {
                let json = [(header::CONTENT_TYPE, "application/json")];
                return Some((json, "{\"results\":[{\"id\":\"").into_response());
            }
            Self::LostAnswer => return None,
        };
        let mut failure = Failure::new(status, error);
        match self {
            Self::RateLimited(wait) => failure.retry_after = Some(wait.as_secs()),
            Self::InternalError => failure.can_be_retried = "True",
            _ => {}
        }
        Some(failure.into_response())
    }
}
