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
    /// The keys or tokens at hand do not allow it; asking again changes nothing.
    Forbidden,
    /// The aggregator knows the item no more.
    Gone,
}

/// How a fetch of an item's data ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FetchEnd {
    /// Everything that can be had is here.
    Whole {
        /// Whether the transactions were refused to the keys at hand.
        transactions_refused: bool,
    },
    /// Something is missing; it may be had later, at least then.
    Unfinished {
        /// Not before.
        not_before: Option<Timestamp>,
    },
}

/// A run that the person asked for begins.
pub(super) fn asked(next: &mut Connection, now: Timestamp) -> Vec<Effect> {
    let Some(item) = &mut next.item else { return Vec::new() };
    item.asked = true;
    item.was_linked = next.first_authorized_at.is_some();
    item.phase = LinkPhase::Working;
    item.phase_since = now;
    item.problem = None;
    item.waits_until = None;
    item.products.iter_mut().for_each(|one| one.state = LinkProductState::Waiting);
    item.look_at = Some(now);
    Vec::new()
}

/// A run begins because others had their time to approve.
pub(super) fn goes_on(next: &mut Connection, now: Timestamp) -> Vec<Effect> {
    if let Some(item) = &mut next.item {
        item.tried_after = item.waits_until;
    }
    asked(next, now)
}

/// Another item stands for the connection; what was fetched of the one before stays until the new one was read.
pub(super) fn replaced(next: &mut Connection, item_id: String, now: Timestamp) -> Vec<Effect> {
    let Some(item) = &mut next.item else { return Vec::new() };
    let fresh = ItemFacts::begun(item_id, item.institution, now);
    *item = ItemFacts {
        brand_color: item.brand_color.take(),
        client_user_id: item.client_user_id.take(),
        products: std::mem::take(&mut item.products),
        last_updated_at: item.last_updated_at,
        ..fresh
    };
    asked(next, now)
}

/// It turned out where the item is.
pub(super) fn institution_known(
    next: &mut Connection,
    institution: u64,
    name: String,
    color: Option<String>,
) -> Vec<Effect> {
    if let Some(item) = &mut next.item {
        item.institution = institution;
        item.brand_color = color;
        item.is_unseen = false;
        next.provider_name = name;
    }
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
            // What was asked before is done, or is asked again; until then it goes on without the person.
            if matches!(next.status, Status::Linked | Status::PendingAuth) {
                next.needs = Needs::Nothing;
            }
            Vec::new()
        }
        LinkPhase::WaitsForOthers => {
            if matches!(next.status, Status::Linked | Status::PendingAuth) {
                next.needs = Needs::Nothing;
            }
            line(entered, ActivityKind::WaitsForOthers, Vec::new())
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
    item.waits_until = seen.deadline.filter(|_| seen.phase == LinkPhase::WaitsForOthers);
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
        if let Some(item) = &mut next.item {
            item.fetch_at = Some(now);
            item.failed_fetches = 0;
        }
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
        LinkRemedy::SignInAgain | LinkRemedy::ConnectAgain => next.needs = Needs::SignIn { reason },
        LinkRemedy::ActThere | LinkRemedy::TryAgain | LinkRemedy::AskKeyHolder => {
            next.needs = Needs::ActThere { reason };
        }
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
            let tomorrow = add(now, SignedDuration::from_hours(24));
            let retry_at = item.look_at.map_or(tomorrow, |at| at.min(tomorrow));
            if let Some(item) = &mut next.item {
                item.look_at = Some(retry_at);
            }
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
        LookFailure::Forbidden => return forbidden(next, now),
        LookFailure::Gone => return gone(next),
    }
    Vec::new()
}

/// A fetch is over, well or not; data that came meanwhile is still to be fetched.
pub(super) fn fetched(next: &mut Connection, began: Timestamp, end: FetchEnd, now: Timestamp) -> Vec<Effect> {
    let Some(item) = &mut next.item else { return Vec::new() };
    match end {
        FetchEnd::Whole { transactions_refused } => {
            item.fetch_at = item.fetch_at.filter(|at| *at > began);
            item.failed_fetches = 0;
            item.transactions_refused = transactions_refused;
        }
        FetchEnd::Unfinished { not_before } => {
            item.failed_fetches = item.failed_fetches.saturating_add(1);
            let retry_at = look_after_failure(item.failed_fetches, not_before, now);
            // Whoever disconnected meanwhile wants nothing fetched.
            item.fetch_at = item.fetch_at.map(|_| retry_at);
        }
    }
    Vec::new()
}

/// The keys or tokens at hand do not allow to look at it. Whether it is linked nobody can tell, so it stays as it was.
fn forbidden(next: &mut Connection, now: Timestamp) -> Vec<Effect> {
    let Some(item) = &mut next.item else { return Vec::new() };
    let reason = LinkReason::Forbidden;
    let is_news = item.problem.as_ref().is_none_or(|problem| problem.reason != reason);
    if item.phase != LinkPhase::Failed {
        item.phase = LinkPhase::Failed;
        item.phase_since = now;
    }
    item.problem = Some(LinkProblem { reason, remedy: LinkRemedy::AskKeyHolder, message: None });
    item.look_at = None;
    item.asked = false;
    next.reachability = Reachability::Reachable;
    if next.status == Status::Unlinked {
        return Vec::new();
    }
    next.needs = Needs::ActThere { reason };
    line(is_news, ActivityKind::SyncFailed, vec![("reason", wire_name(&reason))])
}

/// The item was deleted at Pluggy, or its consent there is over for good.
fn gone(next: &mut Connection) -> Vec<Effect> {
    let Some(item) = &mut next.item else { return Vec::new() };
    let is_news = !item.is_gone();
    item.look_at = None;
    item.fetch_at = None;
    item.asked = false;
    item.phase = LinkPhase::Failed;
    item.problem =
        Some(LinkProblem { reason: LinkReason::Gone, remedy: LinkRemedy::ConnectAgain, message: None });
    next.reachability = Reachability::Reachable;
    if next.status == Status::Unlinked {
        return Vec::new();
    }
    next.status = Status::Deauthorized;
    next.needs = Needs::SignIn { reason: LinkReason::Gone };
    if !is_news {
        return Vec::new();
    }
    vec![Effect::Log(ActivityKind::Deauthorized, vec![("reason", wire_name(&ApprovalReason::ConsentEnded))])]
}
