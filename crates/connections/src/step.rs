//! The rules of a connection's life, as a pure function: (connection, event, now) to (connection, effects).
//!
//! Knows no clock, store, network or provider; tables can test every transition.
//!
//! Invariants
//! - Only the provider's own word (`invalid_grant`, a spent rotation) makes a connection `Deauthorized`.
//! - Trouble and missing networks touch reachability and the time of the next try, never the status.
//! - The revision moves with each authorization, refresh and disconnect, and never back.

mod data_connection;
mod item;
mod renewal;

use crate::activity::ActivityKind;
use crate::connection::{ApprovalReason, Connection, Needs, Reachability, RefreshInFlight, Status};
use crate::data_connection::DataObservation;
use crate::error::wire_name;
use crate::item::Observation;
use crate::view::ConsentView;
use jiff::{SignedDuration, Timestamp};

pub(crate) use data_connection::wants_profile;
pub use item::{FetchEnd, LookFailure};
pub(crate) use renewal::CLOCK_STEP;
pub use renewal::{after_refusal, freshness_margin, next_refresh, retry_at};
use std::collections::BTreeMap;

/// What happened to a connection.
#[derive(Debug, Clone)]
pub enum Event {
    /// The person approved and tokens came.
    Authorized(GrantFacts),
    /// A refresh is about to be sent.
    RefreshSending {
        /// Whether it repeats one whose answer was lost.
        retry: bool,
    },
    /// New tokens came.
    Refreshed {
        /// The revision that the refresh was sent for.
        revision: u64,
        /// What came.
        facts: GrantFacts,
        /// The caller that waits for the token, where this is a use worth writing down.
        given_to: Option<String>,
    },
    /// The refresh failed.
    RefreshFailed {
        /// The revision that the refresh was sent for.
        revision: u64,
        /// How.
        failure: RefreshFailure,
    },
    /// The access token is over and nothing can renew it.
    CannotRenew,
    /// The provider takes the key no more.
    KeyRefused,
    /// The person disconnects.
    Disconnect,
    /// The person pauses.
    Pause,
    /// The person resumes.
    Resume,
    /// The person names it.
    Rename(Option<String>),
    /// A token was handed out.
    Used {
        /// To whom.
        caller: String,
    },
    /// The provider told who approved.
    Identified {
        /// Subject identifier at the issuer.
        subject: Option<String>,
        /// Name or e-mail address.
        holder: Option<String>,
    },
    /// Data was fetched.
    Synced,
    /// The person asked the aggregator for a run.
    Asked,
    /// Others had their time to approve: another run shows whether they have.
    GoesOn,
    /// A look at the item has shown something.
    Observed(Box<Observation>),
    /// A look at the item or the data connection got no answer.
    LookFailed(LookFailure),
    /// The person has made another item in place of one that is gone.
    ItemReplaced {
        /// Its name.
        item_id: String,
    },
    /// It turned out at which institution an item is that was known by its name alone.
    InstitutionKnown {
        /// Pluggy's number for it.
        institution: u64,
        /// Its name.
        name: String,
        /// Its color.
        color: Option<String>,
    },
    /// What the bank has recorded that the person allows was read.
    ConsentsRead(Vec<ConsentView>),
    /// The item's data was fetched, as far as it went.
    Fetched {
        /// When that began.
        began: Timestamp,
        /// How it ended.
        end: FetchEnd,
    },
    /// Somebody goes to approve a data connection.
    Approving {
        /// The newest error from before, by Codat's clock.
        known_error: Option<Timestamp>,
    },
    /// That has ended without success.
    ApprovalOver,
    /// A look at the data connection has shown something.
    DataSeen(Box<DataObservation>),
    /// Data of it is read on request.
    Reading,
    /// That is over; what was not read.
    ReadingOver(Vec<String>),
    /// What the organization calls itself in the data that was read; none where it does not say.
    Profiled(Option<String>),
    /// The person keeps the other organization.
    OrganizationKept,
}

/// What a grant tells, without the grant.
#[derive(Debug, Clone, Default)]
pub struct GrantFacts {
    /// Scopes asked for; `None` in a refresh.
    pub scopes_asked: Option<Vec<String>>,
    /// Scopes granted.
    pub scopes: Vec<String>,
    /// Until when the access token lives.
    pub access_expires_at: Option<Timestamp>,
    /// Whether another access token can be had without the person.
    pub renewable: bool,
    /// Whether tokens come from the registration itself, so that nothing lapses.
    pub without_person: bool,
    /// Until when the refresh token lives.
    pub hold: Option<Hold>,
    /// When it is over in any case, counted from the approval; `None` in a refresh.
    pub hard_stop: Option<Timestamp>,
    /// Per-connection parameters; `None` leaves them.
    pub parameters: Option<BTreeMap<String, String>>,
}

/// Until when a grant can be renewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    /// The end.
    pub until: Timestamp,
    /// Whether each refresh moves it.
    pub renews: bool,
}

/// How a refresh failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefreshFailure {
    /// `invalid_grant`.
    Dead,
    /// The client registration is refused.
    Configuration,
    /// The provider fails or asks to wait, at least until then.
    Trouble {
        /// Not before.
        not_before: Option<Timestamp>,
        /// Whether the provider may have rotated.
        in_doubt: bool,
    },
    /// No network.
    Offline,
}

/// What the driver has to do besides writing the connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Erase the stored grant.
    EraseGrant,
    /// Tell the provider to revoke the stored grant.
    RevokeStoredGrant,
    /// The answer is for an older revision: tell the provider to revoke what it brought, and write nothing.
    RevokeReturnedGrant,
    /// New data lies at the aggregator: fetch it.
    FetchData,
    /// Write a line of Activity.
    Log(ActivityKind, Vec<(&'static str, String)>),
}

/// The connection after the event, and what to do.
pub struct Step {
    /// As it is now.
    pub connection: Connection,
    /// To be performed in the same commit where they write, after it where they send.
    pub effects: Vec<Effect>,
}

/// First pause after a failed refresh; doubles with each failure.
const FIRST_RETRY: SignedDuration = SignedDuration::from_secs(30);
/// Longest pause between refreshes that fail: an outage of a day costs a provider two dozen requests.
const LONGEST_RETRY: SignedDuration = SignedDuration::from_hours(1);
/// Pause while there is no network: nobody is asked, so it may be short.
const OFFLINE_RETRY: SignedDuration = SignedDuration::from_secs(30);

/// By how much an end differs at least when it is another one: lives are whole seconds, counted from each request.
const MOVED: SignedDuration = SignedDuration::from_mins(5);

/// Applies `event` to `connection` at `now`.
pub fn step(connection: &Connection, event: Event, now: Timestamp) -> Step {
    let mut next = connection.clone();
    let effects = match event {
        Event::Authorized(facts) => authorized(&mut next, facts, now),
        Event::RefreshSending { retry } => {
            next.in_flight = Some(RefreshInFlight { since: now, revision: next.grant_revision, retry });
            Vec::new()
        }
        Event::Refreshed { revision, facts, given_to } => {
            let mut effects = refreshed(&mut next, revision, facts, now);
            if let Some(caller) = given_to.filter(|_| !effects.contains(&Effect::RevokeReturnedGrant)) {
                effects.extend(used(&mut next, caller, now));
            }
            effects
        }
        Event::RefreshFailed { revision, failure } => refresh_failed(&mut next, revision, failure, now),
        Event::CannotRenew => deauthorize(&mut next, ApprovalReason::NoRefreshToken),
        Event::KeyRefused => {
            let mut effects = deauthorize(&mut next, ApprovalReason::KeyRefused);
            effects.push(Effect::EraseGrant);
            effects
        }
        Event::Disconnect => disconnect(&mut next),
        Event::Pause => set_paused(&mut next, true),
        Event::Resume => set_paused(&mut next, false),
        Event::Rename(nickname) => rename(&mut next, nickname),
        Event::Used { caller } => used(&mut next, caller, now),
        Event::Identified { subject, holder } => identified(&mut next, subject, holder),
        Event::Synced => {
            next.last_synced_at = Some(now);
            Vec::new()
        }
        Event::Asked => item::asked(&mut next, now),
        Event::GoesOn => item::goes_on(&mut next, now),
        Event::Observed(seen) => item::observed(&mut next, &seen, now),
        Event::LookFailed(failure) if next.data_connection.is_some() => {
            data_connection::look_failed(&mut next, failure, now)
        }
        Event::LookFailed(failure) => item::look_failed(&mut next, failure, now),
        Event::ItemReplaced { item_id } => item::replaced(&mut next, item_id, now),
        Event::InstitutionKnown { institution, name, color } => {
            item::institution_known(&mut next, institution, name, color)
        }
        Event::ConsentsRead(consents) => {
            if let Some(item) = &mut next.item {
                item.consents = consents;
            }
            Vec::new()
        }
        Event::Fetched { began, end } => item::fetched(&mut next, began, end, now),
        Event::Approving { known_error } => data_connection::approving(&mut next, known_error, now),
        Event::ApprovalOver => data_connection::approval_over(&mut next, now),
        Event::DataSeen(seen) => data_connection::seen(&mut next, &seen, now),
        Event::Reading => data_connection::reading(&mut next, now),
        Event::ReadingOver(gaps) => data_connection::reading_over(&mut next, &gaps, now),
        Event::Profiled(name) => data_connection::profiled(&mut next, name, now),
        Event::OrganizationKept => data_connection::organization_kept(&mut next),
    };
    Step { connection: next, effects }
}

/// The scope that asks for a refresh token. Some servers leave it out of their answer and grant it all the same.
const OFFLINE_ACCESS: &str = "offline_access";

fn authorized(next: &mut Connection, mut facts: GrantFacts, now: Timestamp) -> Vec<Effect> {
    let asked_offline = facts.scopes_asked.iter().flatten().any(|scope| scope == OFFLINE_ACCESS);
    if asked_offline && facts.renewable && !facts.scopes.iter().any(|scope| scope == OFFLINE_ACCESS) {
        facts.scopes.push(OFFLINE_ACCESS.to_owned());
    }
    let kind =
        if next.first_authorized_at.is_some() { ActivityKind::Reconnected } else { ActivityKind::Connected };
    let missing = facts.scopes_asked.as_deref().map_or(0, |asked| missing(asked, &facts.scopes));
    next.status = Status::Linked;
    next.needs = Needs::Nothing;
    next.reachability = Reachability::Reachable;
    next.first_authorized_at = next.first_authorized_at.or(Some(now));
    next.last_authorized_at = Some(now);
    if let Some(asked) = facts.scopes_asked.clone() {
        next.scopes_asked = asked;
    }
    if let Some(parameters) = facts.parameters.clone() {
        next.parameters = parameters;
    }
    next.hard_stop = facts.hard_stop;
    take_grant(next, facts);
    let params = if missing > 0 { vec![("scopesMissing", missing.to_string())] } else { Vec::new() };
    vec![Effect::Log(kind, params)]
}

fn missing(asked: &[String], granted: &[String]) -> usize {
    asked.iter().filter(|scope| !granted.contains(scope)).count()
}

fn take_grant(next: &mut Connection, facts: GrantFacts) {
    next.grant_revision += 1;
    next.in_flight = None;
    next.unproven = false;
    next.failures = 0;
    next.refused_at = None;
    next.scopes_granted = facts.scopes;
    next.access_expires_at = facts.access_expires_at;
    next.renewable = facts.renewable;
    next.without_person = facts.without_person;
    // Whichever end comes first is the one to know.
    let stop = next.hard_stop.map(|until| Hold { until, renews: false });
    let hold = facts.hold.into_iter().chain(stop).min_by_key(|hold| hold.until);
    next.holds_until = hold.map(|hold| hold.until);
    next.hold_renews = hold.is_some_and(|hold| hold.renews);
}

fn refreshed(next: &mut Connection, revision: u64, facts: GrantFacts, now: Timestamp) -> Vec<Effect> {
    if revision != next.grant_revision || next.status != Status::Linked {
        return vec![Effect::RevokeReturnedGrant];
    }
    // A fixed end is told once, at the authorization; an answer that does not repeat it does not lift it.
    let fixed = next.holds_until.filter(|_| !next.hold_renews).map(|until| Hold { until, renews: false });
    // An end that a renewal has moved is one that renewals move, whatever is known of the provider.
    let moved = |hold: &Hold| next.holds_until.is_some_and(|before| hold.until > add(before, MOVED));
    let told = facts.hold.map(|hold| Hold { renews: hold.renews || moved(&hold), ..hold });
    let facts = GrantFacts { hold: told.or(fixed), ..facts };
    if let Some(parameters) = facts.parameters.clone() {
        next.parameters = parameters;
    }
    take_grant(next, facts);
    next.reachability = Reachability::Reachable;
    next.needs = Needs::Nothing;
    next.last_refreshed_at = Some(now);
    // What seems to lie ahead happened before the clock was set back, and before this.
    next.last_authorized_at = next.last_authorized_at.map(|at| at.min(now));
    next.last_used_at = next.last_used_at.map(|at| at.min(now));
    vec![Effect::Log(ActivityKind::Refreshed, Vec::new())]
}

fn used(next: &mut Connection, caller: String, now: Timestamp) -> Vec<Effect> {
    next.last_used_at = Some(now);
    vec![Effect::Log(ActivityKind::TokenGiven, vec![("caller", caller)])]
}

fn refresh_failed(
    next: &mut Connection,
    revision: u64,
    failure: RefreshFailure,
    now: Timestamp,
) -> Vec<Effect> {
    if revision != next.grant_revision || next.status != Status::Linked {
        return Vec::new();
    }
    let was_in_doubt = next.in_flight.is_some_and(|mark| mark.retry);
    match failure {
        RefreshFailure::Dead => {
            let reason =
                if was_in_doubt { ApprovalReason::RotationLost } else { ApprovalReason::GrantRefused };
            let mut effects = deauthorize(next, reason);
            effects.push(Effect::EraseGrant);
            effects
        }
        RefreshFailure::Configuration => {
            next.in_flight = None;
            next.failures = next.failures.saturating_add(1);
            next.refused_at = Some(now);
            let first = next.needs != Needs::Credentials;
            next.needs = Needs::Credentials;
            if first { vec![failed_line("client_refused")] } else { Vec::new() }
        }
        RefreshFailure::Trouble { not_before, in_doubt } => {
            if !in_doubt && !was_in_doubt {
                next.in_flight = None;
            }
            next.failures = next.failures.saturating_add(1);
            let retry_at = add(now, backoff(next.failures)).max(not_before.unwrap_or(now));
            let (since, first) = match next.reachability {
                Reachability::ProviderTrouble { since, .. } => (since, false),
                _ => (now, true),
            };
            next.reachability = Reachability::ProviderTrouble { since, retry_at };
            // One line an outage, not one a try.
            if first { vec![failed_line("provider_trouble")] } else { Vec::new() }
        }
        RefreshFailure::Offline => {
            if !was_in_doubt {
                next.in_flight = None;
            }
            let since = match next.reachability {
                Reachability::Offline { since, .. } => since,
                _ => now,
            };
            next.reachability = Reachability::Offline { since, retry_at: add(now, OFFLINE_RETRY) };
            Vec::new()
        }
    }
}

fn failed_line(code: &str) -> Effect {
    Effect::Log(ActivityKind::RefreshFailed, vec![("code", code.to_owned())])
}

fn deauthorize(next: &mut Connection, reason: ApprovalReason) -> Vec<Effect> {
    next.status = Status::Deauthorized;
    next.needs = Needs::Approval { reason };
    next.reachability = Reachability::Reachable;
    next.unproven = false;
    next.in_flight = None;
    next.failures = 0;
    next.access_expires_at = None;
    next.renewable = false;
    next.holds_until = None;
    next.hold_renews = false;
    next.hard_stop = None;
    next.grant_revision += 1;
    vec![Effect::Log(ActivityKind::Deauthorized, vec![("reason", wire_name(&reason))])]
}

fn disconnect(next: &mut Connection) -> Vec<Effect> {
    let had_grant = next.status == Status::Linked;
    next.status = Status::Unlinked;
    next.needs = Needs::Approval { reason: ApprovalReason::Disconnected };
    next.reachability = Reachability::Reachable;
    next.paused = false;
    next.in_flight = None;
    next.unproven = false;
    next.failures = 0;
    next.access_expires_at = None;
    next.renewable = false;
    next.holds_until = None;
    next.hold_renews = false;
    next.hard_stop = None;
    next.grant_revision += 1;
    if let Some(item) = &mut next.item {
        item.look_at = None;
        item.fetch_at = None;
        item.asked = false;
        return Vec::new();
    }
    if had_grant { vec![Effect::RevokeStoredGrant, Effect::EraseGrant] } else { vec![Effect::EraseGrant] }
}

/// The provider told who approved. Another account than before is said, and does not go by the former's name.
fn identified(next: &mut Connection, subject: Option<String>, holder: Option<String>) -> Vec<Effect> {
    let is_other = next.subject.as_ref().zip(subject.as_ref()).is_some_and(|(before, after)| before != after);
    next.subject = subject.or(next.subject.take());
    if !is_other {
        next.account_holder = holder.or(next.account_holder.take());
        return Vec::new();
    }
    let before = std::mem::replace(&mut next.account_holder, holder.clone());
    let names = [("before", before), ("after", holder)];
    let params = names.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    vec![Effect::Log(ActivityKind::OtherOrganization, params)]
}

fn set_paused(next: &mut Connection, paused: bool) -> Vec<Effect> {
    if next.paused == paused {
        return Vec::new();
    }
    next.paused = paused;
    vec![Effect::Log(if paused { ActivityKind::Paused } else { ActivityKind::Resumed }, Vec::new())]
}

fn rename(next: &mut Connection, nickname: Option<String>) -> Vec<Effect> {
    if next.nickname == nickname {
        return Vec::new();
    }
    next.nickname = nickname;
    vec![Effect::Log(ActivityKind::Renamed, Vec::new())]
}

fn backoff(failures: u32) -> SignedDuration {
    let doublings = failures.saturating_sub(1).min(7);
    let pause = SignedDuration::from_secs(FIRST_RETRY.as_secs() << doublings);
    pause.min(LONGEST_RETRY)
}

/// Adds without leaving the calendar.
pub(crate) fn add(instant: Timestamp, duration: SignedDuration) -> Timestamp {
    instant.checked_add(duration).unwrap_or(if duration.is_negative() {
        Timestamp::MIN
    } else {
        Timestamp::MAX
    })
}
