//! The list: what needs the person, each with its one action, the most urgent first.

use connections::Attended;
use connections::attention::Later;
use connections::connection::{Needs, Reachability, Status};
use connections::id::ConnectionKey;
use connections::view::ConnectionView;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde::Serialize;
use ts_rs::TS;

/// Days before an end at which the person is asked to approve again, the first of the warnings.
pub const FIRST_WARNING_DAYS: i64 = 14;
/// What was put off comes back at this hour of the next day.
const MORNING: i8 = 9;

/// The one thing to do about an item; the names are those of the buttons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum AttentionAction {
    /// Approve for the first time.
    Approve,
    /// Approve before or after access ended by date, scope or rotation.
    ApproveAgain,
    /// Reconnect what the provider has ended.
    Reconnect,
    /// Put the client registration right.
    FixKeys,
    /// Answer what the institution asks.
    Answer,
    /// Type user and password again.
    SignIn,
    /// Do something at the institution.
    ActThere,
    /// Let a local program in, or not.
    AllowProgram,
}

/// How soon; what waits at this moment comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Urgency {
    /// Somebody waits for an answer that may lapse within minutes.
    Waiting,
    /// Nothing comes in until it is done.
    Stopped,
    /// All is well until a date.
    Ahead,
    /// Begun and not finished; nothing is lost by waiting.
    Begun,
}

/// Whom an item is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Subject {
    /// A connection.
    Connection {
        /// Which.
        key: ConnectionKey,
    },
    /// A local program that asks to be let in.
    Program {
        /// The caller's id.
        id: String,
        /// What it calls itself.
        name: String,
    },
}

/// One thing that needs the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AttentionItem {
    /// Whom it is about.
    pub subject: Subject,
    /// What to do.
    pub action: AttentionAction,
    /// How soon.
    pub urgency: Urgency,
    /// By when, if anybody knows.
    #[ts(type = "string | null")]
    pub by: Option<Timestamp>,
    /// Until when the person has put it off; none for what stands in front of them.
    #[ts(type = "string | null")]
    pub later: Option<Timestamp>,
}

/// Everything that asks for attention, and what does not though it may look so.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AttentionView {
    /// What needs the person now, the most urgent first.
    pub items: Vec<AttentionItem>,
    /// What was put off, the first to come back first.
    pub later: Vec<AttentionItem>,
    /// Connections whose provider or network does not answer. Nothing is to be done: Mooring tries again by itself.
    pub calm: Vec<ConnectionKey>,
}

/// A local program that waits to be let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingProgram {
    /// The caller's id.
    pub id: String,
    /// What it calls itself.
    pub name: String,
    /// When its wait is over.
    pub until: Option<Timestamp>,
}

/// Sorts out who needs the person at `now`.
pub fn attention(connections: &[Attended], programs: &[WaitingProgram], now: Timestamp) -> AttentionView {
    let mut view = AttentionView::default();
    for one in connections {
        match item_of(&one.view, one.memory.later.as_ref(), now) {
            Some(item) if item.later.is_some() => view.later.push(item),
            Some(item) => view.items.push(item),
            None if is_calm(&one.view) => view.calm.push(one.view.key.clone()),
            None => {}
        }
    }
    view.items.extend(programs.iter().map(|program| AttentionItem {
        subject: Subject::Program { id: program.id.clone(), name: program.name.clone() },
        action: AttentionAction::AllowProgram,
        urgency: Urgency::Waiting,
        by: program.until,
        later: None,
    }));
    let soonest = |one: &AttentionItem| one.by.unwrap_or(Timestamp::MAX);
    view.items.sort_by(|one, other| {
        let rank = |item: &AttentionItem| (item.urgency, soonest(item));
        rank(one).cmp(&rank(other)).then_with(|| one.subject.cmp(&other.subject))
    });
    view.later
        .sort_by(|one, other| one.later.cmp(&other.later).then_with(|| one.subject.cmp(&other.subject)));
    view
}

/// What a connection needs of the person, if anything.
pub fn item_of(view: &ConnectionView, later: Option<&Later>, now: Timestamp) -> Option<AttentionItem> {
    let action = action_of(view, now)?;
    let urgency = match action {
        AttentionAction::Answer | AttentionAction::AllowProgram => Urgency::Waiting,
        AttentionAction::Approve => Urgency::Begun,
        AttentionAction::ApproveAgain if view.needs == Needs::Nothing => Urgency::Ahead,
        _ => Urgency::Stopped,
    };
    let by = view.holds_until.filter(|_| urgency == Urgency::Ahead);
    let topic = topic_of(view, action);
    let put_off = later.filter(|one| one.topic == topic && one.until > now).map(|one| one.until);
    let subject = Subject::Connection { key: view.key.clone() };
    Some(AttentionItem { subject, action, urgency, by, later: put_off })
}

/// The one action for a connection; none when nothing is needed of the person.
fn action_of(view: &ConnectionView, now: Timestamp) -> Option<AttentionAction> {
    if view.status == Status::Unlinked {
        return None;
    }
    match view.needs {
        Needs::Answer => return Some(AttentionAction::Answer),
        Needs::SignIn { .. } => return Some(AttentionAction::SignIn),
        Needs::ActThere { .. } => return Some(AttentionAction::ActThere),
        Needs::Nothing | Needs::Approval { .. } | Needs::Credentials => {}
    }
    match view.status {
        Status::Unlinked => None,
        // A first reading goes on without the person.
        Status::PendingAuth if view.syncing && view.needs == Needs::Nothing => None,
        Status::PendingAuth => Some(AttentionAction::Approve),
        Status::Deauthorized => Some(AttentionAction::Reconnect),
        Status::Linked => match view.needs {
            Needs::Credentials => Some(AttentionAction::FixKeys),
            Needs::Approval { .. } => Some(AttentionAction::ApproveAgain),
            _ if view.paused => None,
            _ if days_ahead(view, now).is_some() => Some(AttentionAction::ApproveAgain),
            _ => None,
        },
    }
}

/// Which warning is due for a hold that only the person can renew: 14, 7 or 1 day ahead.
pub(crate) fn days_ahead(view: &ConnectionView, now: Timestamp) -> Option<u8> {
    let until = view.holds_until.filter(|_| view.status == Status::Linked && !view.hold_renews)?;
    let left = until.duration_since(now);
    [(1, 1_u8), (7, 7), (FIRST_WARNING_DAYS, 14)]
        .into_iter()
        .find(|(days, _)| left < SignedDuration::from_hours(24 * days))
        .map(|(_, days)| days)
}

/// What an item is about, so that another need of the same connection is told from it.
pub(crate) fn topic_of(view: &ConnectionView, action: AttentionAction) -> String {
    let needs = match view.needs {
        Needs::Nothing => view.holds_until.map_or_else(String::new, |until| until.to_string()),
        Needs::Approval { reason } => format!("{reason:?}"),
        Needs::SignIn { reason } | Needs::ActThere { reason } => format!("{reason:?}"),
        Needs::Credentials | Needs::Answer => String::new(),
    };
    format!("{action:?}:{needs}")
}

/// What putting an item off is remembered as; none when nothing is needed.
pub fn put_off(view: &ConnectionView, now: Timestamp, zone: &TimeZone) -> Option<Later> {
    let action = action_of(view, now)?;
    Some(Later { topic: topic_of(view, action), until: later_until(now, zone) })
}

/// "Later": tomorrow morning, where the person is.
pub fn later_until(now: Timestamp, zone: &TimeZone) -> Timestamp {
    let tomorrow = now.to_zoned(zone.clone()).date().tomorrow();
    let morning = tomorrow.and_then(|day| day.at(MORNING, 0, 0, 0).to_zoned(zone.clone()));
    // The calendar ends in the year 9999.
    morning.map_or(Timestamp::MAX, |at| at.timestamp())
}

fn is_calm(view: &ConnectionView) -> bool {
    view.status == Status::Linked && !view.paused && view.reachability != Reachability::Reachable
}
