//! The rules for connections through an aggregator: what a look at an item does to its connection.

use super::{Effect, add};
use crate::activity::ActivityKind;
use crate::connection::{ApprovalReason, Connection, Needs, Reachability, Status};
use crate::error::wire_name;
use crate::item::{ItemFacts, Observation, approval_reason, look_after_failure, next_look};
use crate::view::{LinkPhase, LinkProblem, LinkProductState, LinkReason, LinkRemedy};
use jiff::{SignedDuration, Timestamp};

/// How a look got no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LookFailure {
    /// The aggregator fails or asks to wait, at least until then.
    Trouble {
        /// Not before.
        not_before: Option<Timestamp>,
    },
    /// No network.
    Offline,
    /// The registration is refused.
    Configuration,
    /// The aggregator knows the item no more.
    Gone,
}

/// A run that the person asked for begins.
pub(super) fn asked(next: &mut Connection, now: Timestamp) -> Vec<Effect> {
    let Some(item) = &mut next.item else { return Vec::new() };
    item.asked = true;
    item.was_linked = next.first_authorized_at.is_some();
    item.phase = LinkPhase::Working;
    item.phase_since = now;
    item.problem = None;
    item.products.iter_mut().for_each(|one| one.state = LinkProductState::Waiting);
    item.look_at = Some(now);
    Vec::new()
}

/// A look has shown something.
pub(super) fn observed(next: &mut Connection, seen: &Observation, now: Timestamp) -> Vec<Effect> {
    next.reachability = Reachability::Reachable;
    let Some(item) = &mut next.item else { return Vec::new() };
    let before = item.clone();
    take(item, seen, now);
    let item = item.clone();
    next.holds_until = item.consent_expires_at;
    next.hold_renews = false;
    // Whoever disconnected is not linked again by Pluggy's daily sync.
    if next.status == Status::Unlinked && !item.asked {
        if let Some(item) = &mut next.item {
            item.look_at = None;
        }
        return Vec::new();
    }
    let entered = before.phase != item.phase;
    let mut effects = match item.phase {
        LinkPhase::Working => {
            next.needs = if next.status == Status::Linked { Needs::Nothing } else { next.needs };
            Vec::new()
        }
        LinkPhase::Question => {
            next.needs = Needs::Answer;
            line(entered, ActivityKind::QuestionAsked, Vec::new())
        }
        LinkPhase::Action => {
            next.needs = Needs::Approval { reason: waiting_reason(next) };
            Vec::new()
        }
        LinkPhase::Done | LinkPhase::DoneWithGaps => done(next, &before, &item, now),
        LinkPhase::Failed => failed(next, &before, &item, now),
    };
    if before.phase == LinkPhase::Working && item.phase == LinkPhase::Question {
        effects.insert(0, Effect::Log(ActivityKind::LoginAccepted, Vec::new()));
    }
    effects
}

fn waiting_reason(connection: &Connection) -> ApprovalReason {
    if connection.first_authorized_at.is_some() {
        ApprovalReason::ConsentEnded
    } else {
        ApprovalReason::NotApproved
    }
}

fn take(item: &mut ItemFacts, seen: &Observation, now: Timestamp) {
    if item.phase != seen.phase {
        item.phase_since = now;
    }
    item.phase = seen.phase;
    item.products.clone_from(&seen.products);
    item.problem.clone_from(&seen.problem);
    item.last_updated_at = seen.last_updated_at.or(item.last_updated_at);
    item.next_sync_at = seen.next_sync_at;
    item.consent_expires_at = seen.consent_expires_at;
    item.client_user_id = seen.client_user_id.clone().or(item.client_user_id.take());
    item.failed_looks = 0;
    item.look_at = next_look(item, seen.deadline, now);
}

fn done(next: &mut Connection, before: &ItemFacts, item: &ItemFacts, now: Timestamp) -> Vec<Effect> {
    let was = next.status;
    next.status = Status::Linked;
    next.needs = Needs::Nothing;
    next.last_synced_at = item.last_updated_at.or(next.last_synced_at).or(Some(now));
    next.failures = 0;
    let mut effects = Vec::new();
    if was != Status::Linked {
        let again = next.first_authorized_at.is_some();
        next.first_authorized_at = next.first_authorized_at.or(Some(now));
        next.last_authorized_at = Some(now);
        let kind = if again { ActivityKind::Reconnected } else { ActivityKind::Connected };
        effects.push(Effect::Log(kind, Vec::new()));
    }
    let news = before.last_updated_at != item.last_updated_at || (before.phase != item.phase && item.asked);
    if let Some(item) = &mut next.item {
        item.asked = false;
    }
    if news {
        let gaps: Vec<&str> = item
            .products
            .iter()
            .filter(|one| one.state == LinkProductState::Failed)
            .map(|one| one.product.as_str())
            .collect();
        let params = if gaps.is_empty() { Vec::new() } else { vec![("gaps", gaps.join(", "))] };
        effects.push(Effect::Log(ActivityKind::Synced, params));
        effects.push(Effect::FetchData);
    }
    effects
}

fn failed(next: &mut Connection, before: &ItemFacts, item: &ItemFacts, now: Timestamp) -> Vec<Effect> {
    let Some(problem) = &item.problem else { return Vec::new() };
    let reason = problem.reason;
    if let Some(item) = &mut next.item {
        item.asked = false;
    }
    match problem.remedy {
        LinkRemedy::SignInAgain => next.needs = Needs::SignIn { reason },
        LinkRemedy::ActThere | LinkRemedy::TryAgain => next.needs = Needs::ActThere { reason },
        LinkRemedy::ApproveAgain => {
            if next.status == Status::Linked {
                next.status = Status::Deauthorized;
            }
            next.needs = Needs::Approval { reason: approval_reason(reason) };
        }
        LinkRemedy::Wait => {
            // An outage is nothing that the person could mend by signing in.
            if next.status == Status::Linked {
                next.needs = Needs::Nothing;
            }
            let retry_at = item.next_sync_at.unwrap_or_else(|| add(now, SignedDuration::from_hours(24)));
            next.reachability = Reachability::ProviderTrouble { since: item.phase_since, retry_at };
        }
    }
    let is_news = before.problem.as_ref().map(|one| one.reason) != Some(reason) || before.phase != item.phase;
    line(is_news, ActivityKind::SyncFailed, vec![("reason", wire_name(&reason))])
}

fn line(wanted: bool, kind: ActivityKind, params: Vec<(&'static str, String)>) -> Vec<Effect> {
    if wanted { vec![Effect::Log(kind, params)] } else { Vec::new() }
}

/// A look got no answer.
pub(super) fn look_failed(next: &mut Connection, failure: LookFailure, now: Timestamp) -> Vec<Effect> {
    let Some(item) = &mut next.item else { return Vec::new() };
    item.failed_looks = item.failed_looks.saturating_add(1);
    match failure {
        LookFailure::Trouble { not_before } => {
            let retry_at = look_after_failure(item.failed_looks, not_before, now);
            item.look_at = Some(retry_at);
            let since = match next.reachability {
                Reachability::ProviderTrouble { since, .. } => since,
                _ => now,
            };
            next.reachability = Reachability::ProviderTrouble { since, retry_at };
        }
        LookFailure::Offline => {
            let retry_at = look_after_failure(item.failed_looks.min(4), None, now);
            item.look_at = Some(retry_at);
            let since = match next.reachability {
                Reachability::Offline { since, .. } => since,
                _ => now,
            };
            next.reachability = Reachability::Offline { since, retry_at };
        }
        LookFailure::Configuration => {
            item.look_at = None;
            next.needs = Needs::Credentials;
        }
        LookFailure::Gone => return gone(next),
    }
    Vec::new()
}

/// The item was deleted at Pluggy, or its consent there is over for good.
fn gone(next: &mut Connection) -> Vec<Effect> {
    let Some(item) = &mut next.item else { return Vec::new() };
    item.look_at = None;
    item.phase = LinkPhase::Failed;
    item.problem =
        Some(LinkProblem { reason: LinkReason::Gone, remedy: LinkRemedy::ApproveAgain, message: None });
    next.reachability = Reachability::Reachable;
    if next.status == Status::Unlinked {
        return Vec::new();
    }
    next.status = Status::Deauthorized;
    next.needs = Needs::Approval { reason: ApprovalReason::ConsentEnded };
    vec![Effect::Log(ActivityKind::Deauthorized, vec![("reason", wire_name(&ApprovalReason::ConsentEnded))])]
}
