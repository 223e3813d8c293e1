//! How an attempt to link or reauthorize stands: decided by what the API tells, never by a window.
//!
//! Codat does not answer an attempt. It changes the status, or leaves it and adds an error; what a return address claims
//! only tells two reasons apart that the API does not.
//!
//! Source: docs.codat.io, core concepts, connections; set up redirects.

use crate::{ConnectionError, LinkClaim, Needs, Standing, Status};
use jiff::Timestamp;

/// How an attempt stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttemptOutcome {
    /// The connection is linked.
    Linked,
    /// The person stopped; it can be tried again.
    Cancelled,
    /// The platform is not supported.
    NotSupported,
    /// It failed, with what Codat recorded about it, if it did.
    Failed(Option<ConnectionError>),
    /// The person left without connecting anything, since all that they have is linked already.
    NothingDone,
    /// Nothing is decided: ask again.
    Waiting,
}

/// The code that Codat records and returns when a person stops.
const STOPPED: &str = "403";
/// What its message says then.
const STOPPED_WORD: &str = "cancel";

/// How the attempt stands. `known_error` is [`Standing::newest_error`] from before the attempt: only Codat's own clock
/// is compared with itself. `claim` is what a return claimed, if there was one.
pub fn attempt_outcome(
    standing: &Standing,
    known_error: Option<Timestamp>,
    claim: Option<LinkClaim>,
) -> AttemptOutcome {
    if standing.status == Some(Status::Linked) {
        return AttemptOutcome::Linked;
    }
    if standing.needs == Needs::Nothing {
        return AttemptOutcome::Waiting;
    }
    let newest = standing.open_errors.first().filter(|error| error.errored_at > known_error);
    match (newest, claim) {
        (Some(error), _) if is_stop(error) => AttemptOutcome::Cancelled,
        (_, Some(LinkClaim::Cancelled)) => AttemptOutcome::Cancelled,
        (_, Some(LinkClaim::NotSupported)) => AttemptOutcome::NotSupported,
        (Some(error), _) => AttemptOutcome::Failed(Some(error.clone())),
        (None, Some(LinkClaim::Failed | LinkClaim::Other(_))) => AttemptOutcome::Failed(None),
        (None, Some(LinkClaim::NothingDone)) => AttemptOutcome::NothingDone,
        // A success that the API does not show so far is none so far.
        (None, Some(LinkClaim::Success | LinkClaim::Unsaid) | None) => AttemptOutcome::Waiting,
    }
}

fn is_stop(error: &ConnectionError) -> bool {
    let says = error.message.as_deref().or(error.status_text.as_deref()).unwrap_or_default();
    error.status_code.as_deref() == Some(STOPPED) && says.to_ascii_lowercase().contains(STOPPED_WORD)
}
