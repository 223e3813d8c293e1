//! The rules for connections through Codat: what a look at a data connection does to its connection.
//!
//! Codat's word decides the status, here as there; a word that this version does not know changes nothing.

use super::{Effect, LookFailure, add};
use crate::activity::ActivityKind;
use crate::connection::{ApprovalReason, Connection, Needs, Reachability, Status};
use crate::data_connection::{DataObservation, is_given_up, look_after_failure, next_look};
use crate::error::{ErrorCode, wire_name};
use crate::view::OtherOrganization;
use jiff::{SignedDuration, Timestamp};
use providers::Category;

/// Somebody goes to approve. `known_error` is the newest error from before.
pub(super) fn approving(
    next: &mut Connection,
    known_error: Option<Timestamp>,
    now: Timestamp,
) -> Vec<Effect> {
    if let Some(facts) = &mut next.data_connection {
        facts.approving_since = Some(now);
        facts.known_error = known_error;
        facts.look_at = next_look(facts, now);
    }
    Vec::new()
}

/// The approval has ended without success; nothing is waited for.
pub(super) fn approval_over(next: &mut Connection, now: Timestamp) -> Vec<Effect> {
    if let Some(facts) = &mut next.data_connection {
        facts.approving_since = None;
        facts.look_at = next_look(facts, now);
    }
    Vec::new()
}

/// Data is being read on request.
pub(super) fn reading(next: &mut Connection, now: Timestamp) -> Vec<Effect> {
    if let Some(facts) = &mut next.data_connection {
        facts.reading_since = Some(now);
        facts.look_at = Some(now);
    }
    Vec::new()
}

/// All that was asked to be read has been, or could not be; `gaps` names what was not.
pub(super) fn reading_over(next: &mut Connection, gaps: &[String], now: Timestamp) -> Vec<Effect> {
    let Some(facts) = &mut next.data_connection else { return Vec::new() };
    if facts.reading_since.take().is_none() {
        return Vec::new();
    }
    facts.look_at = next_look(facts, now);
    let params = if gaps.is_empty() { Vec::new() } else { vec![("gaps", gaps.join(", "))] };
    vec![Effect::Log(ActivityKind::Synced, params)]
}

/// What the organization calls itself in the data that was read. Another name than before is another organization only
/// where it was approved again in between: companies change their names.
pub(super) fn profiled(next: &mut Connection, name: Option<String>, now: Timestamp) -> Vec<Effect> {
    let again = next.last_authorized_at;
    let Some(facts) = &mut next.data_connection else { return Vec::new() };
    let looked_before = facts.profile_at.replace(now);
    let Some(name) = name else { return Vec::new() };
    let before = facts.profile.replace(name.clone());
    let approved_since = looked_before.zip(again).is_some_and(|(looked, again)| again > looked);
    let Some(before) = before.filter(|before| before.to_lowercase() != name.to_lowercase()) else {
        return Vec::new();
    };
    if !approved_since {
        return Vec::new();
    }
    let params = vec![("before", before.clone()), ("after", name.clone())];
    facts.other_organization = Some(OtherOrganization { before: Some(before), after: Some(name) });
    vec![Effect::Log(ActivityKind::OtherOrganization, params)]
}

/// Whether it is worth asking what the organization calls itself: data was read since the last approval, and nobody has
/// looked since.
pub(crate) fn wants_profile(connection: &Connection) -> bool {
    let Some(facts) = &connection.data_connection else { return false };
    let since_approval = |at: Timestamp| connection.last_authorized_at.is_none_or(|approved| at > approved);
    connection.status == Status::Linked
        && matches!(connection.category, Category::Accounting | Category::Commerce)
        && connection.last_synced_at.is_some_and(since_approval)
        && !facts.profile_at.is_some_and(since_approval)
}

/// The person keeps the other organization.
pub(super) fn organization_kept(next: &mut Connection) -> Vec<Effect> {
    let kept = next.data_connection.as_mut().and_then(|facts| facts.other_organization.take());
    if kept.is_some() { vec![Effect::Log(ActivityKind::OrganizationKept, Vec::new())] } else { Vec::new() }
}

/// A look has shown something.
pub(super) fn seen(next: &mut Connection, seen: &DataObservation, now: Timestamp) -> Vec<Effect> {
    next.reachability = Reachability::Reachable;
    if next.needs == Needs::Credentials {
        next.needs = needs_of(next.status);
    }
    // Before the first approval there is no other one: some platforms tell the bank only once it was chosen.
    let linked_before = next.first_authorized_at.is_some();
    let known = next.data_connection.as_ref().filter(|_| linked_before);
    let other = known.and_then(|facts| facts.other_than(seen));
    take(next, seen);
    let effects = match seen.status {
        Some(codat::Status::Linked) => linked(next, other, now),
        Some(codat::Status::Unlinked) => unlinked(next),
        Some(codat::Status::Deauthorized) => deauthorized(next),
        Some(codat::Status::PendingAuth) => {
            next.status = Status::PendingAuth;
            next.needs = needs_of(next.status);
            Vec::new()
        }
        None => Vec::new(),
    };
    if let Some(facts) = &mut next.data_connection {
        facts.failed_looks = 0;
        facts.look_at = next_look(facts, now);
    }
    effects
}

fn take(next: &mut Connection, seen: &DataObservation) {
    if let Some(name) = &seen.platform_name {
        next.provider_name.clone_from(name);
    }
    next.category = seen.category;
    next.last_synced_at = seen.last_sync.or(next.last_synced_at);
    let Some(facts) = &mut next.data_connection else { return };
    facts.word.clone_from(&seen.word);
    facts.gone = false;
    facts.platform = seen.platform.clone().or(facts.platform.take());
    // What is chosen while it is approved again counts once it is: until then, the one before is remembered.
    if next.first_authorized_at.is_none() || seen.status == Some(codat::Status::Linked) {
        facts.source_id = seen.source_id.clone().or(facts.source_id.take());
        facts.organization = seen.organization.clone().or(facts.organization.take());
    }
    facts.made_at = seen.made_at.or(facts.made_at);
    facts.company_name = seen.company_name.clone().or(facts.company_name.take());
    next.account_holder = facts.organization.clone().or_else(|| facts.company_name.clone());
}

fn linked(next: &mut Connection, other: Option<OtherOrganization>, now: Timestamp) -> Vec<Effect> {
    let was = next.status;
    next.status = Status::Linked;
    next.needs = Needs::Nothing;
    let approved = next.data_connection.as_mut().and_then(|facts| facts.approving_since.take()).is_some();
    let mut effects = Vec::new();
    if let Some(other) = other {
        let name = |name: &Option<String>| name.clone().unwrap_or_default();
        let params = vec![("before", name(&other.before)), ("after", name(&other.after))];
        effects.push(Effect::Log(ActivityKind::OtherOrganization, params));
        if let Some(facts) = &mut next.data_connection {
            facts.other_organization = Some(other);
        }
    }
    if was == Status::Linked && !approved {
        return effects;
    }
    let again = next.first_authorized_at.is_some();
    next.first_authorized_at = next.first_authorized_at.or(Some(now));
    next.last_authorized_at = Some(now);
    let id = id_of(next);
    effects.push(if again {
        Effect::Log(
            ActivityKind::Reconnected,
            vec![("event", "onReconnect".to_owned()), ("connectionId", id)],
        )
    } else {
        Effect::Log(ActivityKind::Connected, Vec::new())
    });
    effects
}

fn unlinked(next: &mut Connection) -> Vec<Effect> {
    let was = next.status;
    next.status = Status::Unlinked;
    next.needs = needs_of(next.status);
    next.paused = false;
    if let Some(facts) = &mut next.data_connection {
        facts.reading_since = None;
    }
    if was != Status::Linked {
        return Vec::new();
    }
    let params = vec![("event", "onDisconnect".to_owned()), ("connectionId", id_of(next))];
    vec![Effect::Log(ActivityKind::Disconnected, params)]
}

fn deauthorized(next: &mut Connection) -> Vec<Effect> {
    let was = next.status;
    next.status = Status::Deauthorized;
    next.needs = needs_of(next.status);
    if let Some(facts) = &mut next.data_connection {
        facts.reading_since = None;
    }
    if was != Status::Linked {
        return Vec::new();
    }
    vec![Effect::Log(ActivityKind::Deauthorized, vec![("reason", wire_name(&ApprovalReason::ConsentEnded))])]
}

fn id_of(connection: &Connection) -> String {
    connection.data_connection.as_ref().map(|facts| facts.id.clone()).unwrap_or_default()
}

/// What only the person can do, in a status.
const fn needs_of(status: Status) -> Needs {
    match status {
        Status::Linked => Needs::Nothing,
        Status::PendingAuth => Needs::Approval { reason: ApprovalReason::NotApproved },
        Status::Unlinked => Needs::Approval { reason: ApprovalReason::Disconnected },
        Status::Deauthorized => Needs::Approval { reason: ApprovalReason::ConsentEnded },
    }
}

/// A look got no answer.
pub(super) fn look_failed(next: &mut Connection, failure: LookFailure, now: Timestamp) -> Vec<Effect> {
    let Some(facts) = &mut next.data_connection else { return Vec::new() };
    facts.failed_looks = facts.failed_looks.saturating_add(1);
    // Nobody waits for ever for a reading that nobody answers about.
    let given_up = facts.reading_since.is_some()
        && match failure {
            LookFailure::Configuration => true,
            LookFailure::Trouble { .. } | LookFailure::Offline => is_given_up(facts, now),
            LookFailure::Gone => false,
        };
    if given_up {
        facts.reading_since = None;
    }
    let waits = facts.approving_since.is_some() || facts.reading_since.is_some();
    let code = match failure {
        LookFailure::Trouble { not_before } => {
            let retry_at = look_after_failure(facts.failed_looks, not_before, now);
            facts.look_at = waits.then_some(retry_at);
            let since = match next.reachability {
                Reachability::ProviderTrouble { since, .. } => since,
                _ => now,
            };
            next.reachability = Reachability::ProviderTrouble { since, retry_at };
            ErrorCode::ProviderTrouble
        }
        LookFailure::Offline => {
            let retry_at = add(now, SignedDuration::from_secs(30));
            facts.look_at = waits.then_some(retry_at);
            let since = match next.reachability {
                Reachability::Offline { since, .. } => since,
                _ => now,
            };
            next.reachability = Reachability::Offline { since, retry_at };
            ErrorCode::Offline
        }
        LookFailure::Configuration => {
            facts.look_at = None;
            next.needs = Needs::Credentials;
            ErrorCode::ClientRefused
        }
        LookFailure::Gone => return gone(next),
    };
    let line = || Effect::Log(ActivityKind::SyncFailed, vec![("code", wire_name(&code))]);
    given_up.then(line).into_iter().collect()
}

/// It was deleted elsewhere: what was fetched stays, until the person deletes the connection here.
fn gone(next: &mut Connection) -> Vec<Effect> {
    let Some(facts) = &mut next.data_connection else { return Vec::new() };
    facts.look_at = None;
    facts.approving_since = None;
    facts.reading_since = None;
    let known = std::mem::replace(&mut facts.gone, true);
    next.reachability = Reachability::Reachable;
    next.status = Status::Unlinked;
    // Nothing can be approved any more; what is left to do is to delete it or to connect anew.
    next.needs = Needs::Nothing;
    if known { Vec::new() } else { vec![Effect::Log(ActivityKind::GoneElsewhere, Vec::new())] }
}
