//! What a connection knows of its item at Pluggy, and when the item is worth another look.
//!
//! Pure: an item and an instant go in, facts come out. Nothing secret is in an item.

use crate::connection::ApprovalReason;
use crate::step::add;
use crate::view::{
    ConsentView, LinkPhase, LinkProblem, LinkProduct, LinkProductState, LinkReason, LinkRemedy,
};
use jiff::{SignedDuration, Timestamp};
use pluggy::{Item, ProductProgress, ProductState, Progress, Reason, Turn};
use serde::{Deserialize, Serialize};

/// What is kept of an item between two looks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemFacts {
    /// Pluggy's name for it.
    pub item_id: String,
    /// Pluggy's number for the institution.
    pub institution: u64,
    /// The institution's color, `#rrggbb`.
    pub brand_color: Option<String>,
    /// The name under which Pluggy knows the person.
    pub client_user_id: Option<String>,
    /// Where it is.
    pub phase: LinkPhase,
    /// Since when it is there.
    pub phase_since: Timestamp,
    /// How far each kind of data is.
    pub products: Vec<LinkProduct>,
    /// Why it failed.
    pub problem: Option<LinkProblem>,
    /// Whether the person has asked for this run; only then may it link what was disconnected.
    pub asked: bool,
    /// Whether it had been linked before this run began.
    pub was_linked: bool,
    /// When the institution was last read.
    pub last_updated_at: Option<Timestamp>,
    /// When Pluggy reads it next by itself.
    pub next_sync_at: Option<Timestamp>,
    /// Until when the consent holds.
    pub consent_expires_at: Option<Timestamp>,
    /// When to look again; none when nothing is to be expected.
    pub look_at: Option<Timestamp>,
    /// Looks in a row that got no answer; sets the pause before the next.
    pub failed_looks: u32,
    /// Until when others have to approve.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waits_until: Option<Timestamp>,
    /// The last such end after which another run was begun: one that leads to the same end is not begun again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tried_after: Option<Timestamp>,
    /// When its data is to be fetched; none when all that there is was fetched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fetch_at: Option<Timestamp>,
    /// Fetches in a row that did not bring everything; sets the pause before the next.
    #[serde(default)]
    pub failed_fetches: u32,
    /// Whether the transactions were refused to the keys at hand.
    #[serde(default)]
    pub transactions_refused: bool,
    /// What the bank has recorded that the person allows; the newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub consents: Vec<ConsentView>,
    /// Whether only its name is known: nobody has seen it so far, nor at which institution it is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_unseen: bool,
}

impl ItemFacts {
    /// An item that the person has just made.
    pub fn begun(item_id: String, institution: u64, now: Timestamp) -> Self {
        Self {
            item_id,
            institution,
            brand_color: None,
            client_user_id: None,
            phase: LinkPhase::Working,
            phase_since: now,
            products: Vec::new(),
            problem: None,
            asked: true,
            was_linked: false,
            last_updated_at: None,
            next_sync_at: None,
            consent_expires_at: None,
            look_at: Some(now),
            failed_looks: 0,
            waits_until: None,
            tried_after: None,
            fetch_at: None,
            failed_fetches: 0,
            transactions_refused: false,
            consents: Vec::new(),
            is_unseen: false,
        }
    }

    /// Whether the aggregator knows it no more, so that another has to take its place.
    pub fn is_gone(&self) -> bool {
        self.problem.as_ref().is_some_and(|problem| problem.reason == LinkReason::Gone)
    }

    /// Whether others had their time to approve: only another run shows whether they have.
    pub fn others_had_their_time(&self, now: Timestamp) -> bool {
        let is_over = |until: Timestamp| until <= now && self.tried_after != Some(until);
        self.phase == LinkPhase::WaitsForOthers && self.waits_until.is_some_and(is_over)
    }
}

/// What a look at an item has shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// Where it is.
    pub phase: LinkPhase,
    /// How far each kind of data is.
    pub products: Vec<LinkProduct>,
    /// Why it failed.
    pub problem: Option<LinkProblem>,
    /// When the institution was last read.
    pub last_updated_at: Option<Timestamp>,
    /// When Pluggy reads it next by itself.
    pub next_sync_at: Option<Timestamp>,
    /// Until when the consent holds.
    pub consent_expires_at: Option<Timestamp>,
    /// The name under which Pluggy knows the person.
    pub client_user_id: Option<String>,
    /// Until when the question or the action can be dealt with, or others have to approve.
    pub deadline: Option<Timestamp>,
}

/// What `item` shows.
pub fn observe(item: &Item) -> Observation {
    let standing = pluggy::standing(item);
    let phase = match &standing.progress {
        Progress::Working => LinkPhase::Working,
        Progress::AsksQuestion => LinkPhase::Question,
        Progress::AsksAction => LinkPhase::Action,
        Progress::Done => LinkPhase::Done,
        Progress::DoneWithGaps(_) => LinkPhase::DoneWithGaps,
        Progress::Failed(Reason::AuthorizationPending) => LinkPhase::WaitsForOthers,
        Progress::Failed(_) => LinkPhase::Failed,
    };
    let problem = match &standing.progress {
        Progress::Failed(reason) if phase == LinkPhase::Failed => Some(LinkProblem {
            reason: reason_of(reason),
            remedy: remedy_of(reason, standing.turn),
            message: message_of(item),
        }),
        _ => None,
    };
    let deadline = match phase {
        LinkPhase::WaitsForOthers => item.error.as_ref().and_then(pluggy::ExecutionError::wait_until),
        _ => deadline_of(item),
    };
    Observation {
        phase,
        products: standing.products.into_iter().map(product_of).collect(),
        problem,
        last_updated_at: item.last_updated_at,
        next_sync_at: item.next_auto_sync_at,
        consent_expires_at: item.consent_expires_at,
        client_user_id: item.client_user_id.clone(),
        deadline,
    }
}

/// Until when a question can be answered, or an action be done.
pub(crate) fn deadline_of(item: &Item) -> Option<Timestamp> {
    let of_action = item.user_action.as_ref().and_then(|action| action.expires_at);
    of_action.or_else(|| item.parameter.as_ref().and_then(|question| question.expires_at))
}

/// The institution's own sentence, else Pluggy's.
fn message_of(item: &Item) -> Option<String> {
    let error = item.error.as_ref()?;
    error.provider_message.clone().or_else(|| error.message.clone())
}

fn product_of(progress: ProductProgress) -> LinkProduct {
    let warning = progress.warnings.into_iter().find_map(|one| one.provider_message.or(one.message));
    LinkProduct {
        product: progress.product.to_string(),
        state: match progress.state {
            ProductState::Waiting => LinkProductState::Waiting,
            ProductState::Running => LinkProductState::Running,
            ProductState::Done => LinkProductState::Done,
            ProductState::Failed => LinkProductState::Failed,
        },
        warning,
        last_updated_at: progress.last_updated_at,
    }
}

const fn reason_of(reason: &Reason) -> LinkReason {
    match reason {
        Reason::CredentialsWrong => LinkReason::WrongLogin,
        Reason::MfaWrong => LinkReason::WrongAnswer,
        Reason::QuestionTimedOut => LinkReason::AnswerTooLate,
        Reason::AccountLocked => LinkReason::AccountLocked,
        Reason::CredentialsReset => LinkReason::PasswordReset,
        Reason::NeedsActionAtBank => LinkReason::ActionThere,
        Reason::AlreadyLoggedIn => LinkReason::LoggedInElsewhere,
        Reason::AuthorizationPending => LinkReason::ApprovalPending,
        Reason::AuthorizationNotGranted => LinkReason::ApprovalRefused,
        Reason::ConsentRevokedOrOver => LinkReason::ConsentOver,
        Reason::UserNotSupported => LinkReason::NotSupported,
        Reason::SiteNotAvailable => LinkReason::InstitutionDown,
        Reason::ConnectorTrouble | Reason::Unexpected => LinkReason::AggregatorTrouble,
        Reason::Unknown(_) => LinkReason::Unknown,
    }
}

const fn remedy_of(reason: &Reason, turn: Turn) -> LinkRemedy {
    match turn {
        Turn::PersonCredentials => LinkRemedy::SignInAgain,
        // The question is gone with the run that asked it: another run asks it again.
        Turn::PersonAnswer => LinkRemedy::TryAgain,
        Turn::PersonAction => match reason {
            Reason::AlreadyLoggedIn => LinkRemedy::TryAgain,
            _ => LinkRemedy::ActThere,
        },
        Turn::PersonApproval => LinkRemedy::ApproveAgain,
        Turn::Nobody | Turn::ProviderTrouble => LinkRemedy::Wait,
    }
}

/// Why an approval is needed, for a link that failed for want of one.
pub(crate) const fn approval_reason(reason: LinkReason) -> ApprovalReason {
    match reason {
        LinkReason::ConsentOver | LinkReason::Gone => ApprovalReason::ConsentEnded,
        LinkReason::ApprovalRefused => ApprovalReason::GrantRefused,
        _ => ApprovalReason::NotApproved,
    }
}

/// How long after Pluggy's own sync, or the end of a consent, a look is worth it: the sync takes a while.
const AFTER_SYNC: SignedDuration = SignedDuration::from_mins(10);
/// Shortest pause while Pluggy's own sync is late.
const LATE_SHORTEST: SignedDuration = SignedDuration::from_mins(15);
/// Longest pause while Pluggy's own sync is late: it may have stopped for good, and nobody says so.
const LATE_LONGEST: SignedDuration = SignedDuration::from_hours(6);
/// Shortest pause while others have to approve: they take minutes at least.
const OTHERS_SHORTEST: SignedDuration = SignedDuration::from_mins(1);
/// Longest pause after looks that got no answer.
const LONGEST_RETRY: SignedDuration = SignedDuration::from_hours(1);

/// When to look at an item again; none when nothing is to be expected.
///
/// A person watches the first minutes; approvals that need a second signature take days. So the pause grows with the
/// time that the item has been where it is, and nothing is asked while nothing waits.
pub fn next_look(facts: &ItemFacts, deadline: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
    let waited = now.duration_since(facts.phase_since);
    let pause = match facts.phase {
        LinkPhase::Working => growing(waited, 1),
        LinkPhase::Question | LinkPhase::Action => growing(waited, 2),
        LinkPhase::WaitsForOthers => growing(waited, 60).max(OTHERS_SHORTEST),
        LinkPhase::Done | LinkPhase::DoneWithGaps | LinkPhase::Failed => return at_rest(facts, now),
    };
    let at = add(now, pause);
    // At its end a question or an approval turns into something else, and the person should see that soon.
    let just_after = deadline.map(|end| add(end, SignedDuration::from_secs(1)));
    Some(just_after.filter(|end| *end > now).map_or(at, |end| end.min(at)))
}

/// What may change by itself after a run: Pluggy's own sync brings data, and a consent ends.
fn at_rest(facts: &ItemFacts, now: Timestamp) -> Option<Timestamp> {
    let after = |at: Timestamp| add(at, AFTER_SYNC);
    let sync = facts.next_sync_at.map(after).map(|due| {
        if due > now {
            due
        } else {
            // The longer it is late the less is to be expected of it, and yet it may come.
            let late = SignedDuration::from_secs(now.duration_since(due).as_secs() / 2);
            add(now, late.clamp(LATE_SHORTEST, LATE_LONGEST))
        }
    });
    let consent = facts.consent_expires_at.map(after).filter(|at| *at > now);
    sync.into_iter().chain(consent).min()
}

fn growing(waited: SignedDuration, shortest: i64) -> SignedDuration {
    let seconds = match waited.as_secs() {
        ..=20 => shortest,
        21..=120 => 3,
        121..=1_200 => 15,
        1_201..=7_200 => 120,
        7_201..=86_400 => 900,
        _ => 3_600,
    };
    SignedDuration::from_secs(seconds)
}

/// When to ask again after asking in vain.
pub fn look_after_failure(failed: u32, not_before: Option<Timestamp>, now: Timestamp) -> Timestamp {
    let pause = SignedDuration::from_secs(5 << failed.saturating_sub(1).min(10)).min(LONGEST_RETRY);
    let at = add(now, pause);
    not_before.map_or(at, |not_before| not_before.max(at))
}
