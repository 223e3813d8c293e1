//! How an item stands, in words that name no provider.
//!
//! The item's status decides, because it is what the API acts on; the execution status says where a run is and why it
//! failed. An item in `LOGIN_ERROR` does nothing until the person helps; one in `OUTDATED` may be asked again.

mod products;
mod reason;

use crate::resources::{ExecutionStatus, Item, ItemStatus, Product, UserActionKind};
use serde::Serialize;

pub use products::{ProductProgress, ProductState};
pub use reason::Reason;

/// How an item stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// Where it is.
    pub progress: Progress,
    /// Who has to do something next.
    pub turn: Turn,
    /// Whether asking for a sync again can help without anything new from the person.
    pub may_retry: bool,
    /// Each product that is known to be asked for.
    pub products: Vec<ProductProgress>,
}

/// Where a connection is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Progress {
    /// Logging in or collecting.
    Working,
    /// It waits for an answer.
    AsksQuestion,
    /// It waits for something that is done elsewhere.
    AsksAction,
    /// Everything was collected.
    Done,
    /// Collected, except these.
    DoneWithGaps(Vec<Product>),
    /// Not collected.
    Failed(Reason),
}

/// Who has to do something next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Turn {
    /// Nobody.
    Nobody,
    /// The person types user and password again.
    PersonCredentials,
    /// The person answers a question.
    PersonAnswer,
    /// The person does something at the institution.
    PersonAction,
    /// The person approves at the institution.
    PersonApproval,
    /// Pluggy or the institution; the person can only wait.
    ProviderTrouble,
}

/// How `item` stands.
pub fn standing(item: &Item) -> Standing {
    let progress = progress(item);
    let turn = turn(item, &progress);
    let stuck = matches!(item.status, Some(ItemStatus::LoginError));
    let may_retry = match &progress {
        Progress::Done | Progress::DoneWithGaps(_) => true,
        Progress::Failed(_) => !stuck,
        _ => false,
    };
    let products = products::of(item, &progress);
    Standing { progress, turn, may_retry, products }
}

/// What an execution status tells.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Run {
    Running,
    AnswerUnderWay,
    WaitsForAnswer,
    WaitsForAction,
    Whole,
    Partial,
    Failed,
    Unsaid,
}

impl Run {
    fn of(status: Option<&ExecutionStatus>) -> Self {
        use ExecutionStatus as E;
        match status {
            Some(E::WaitingUserInput) => Self::WaitsForAnswer,
            Some(E::WaitingUserAction) => Self::WaitsForAction,
            Some(E::LoginMfaInProgress) => Self::AnswerUnderWay,
            Some(E::Success) => Self::Whole,
            Some(E::PartialSuccess) => Self::Partial,
            Some(
                E::Creating
                | E::Created
                | E::LoginInProgress
                | E::AccountsInProgress
                | E::CreditCardsInProgress
                | E::TransactionsInProgress
                | E::PaymentDataInProgress
                | E::InvestmentsInProgress
                | E::InvestmentsTransactionsInProgress
                | E::IdentityInProgress
                | E::LoansInProgress
                | E::AccountStatementsInProgress
                | E::OpportunitiesInProgress
                | E::PortfolioInProgress,
            ) => Self::Running,
            Some(
                E::CreateError
                | E::MergeError
                | E::Error
                | E::InvalidCredentials
                | E::InvalidCredentialsMfa
                | E::AlreadyLoggedIn
                | E::UnexpectedError
                | E::SiteNotAvailable
                | E::AccountLocked
                | E::AccountCredentialsReset
                | E::ConnectionError
                | E::AccountNeedsAction
                | E::UserAuthorizationPending
                | E::UserAuthorizationNotGranted
                | E::UserAuthorizationRevoked
                | E::UserNotSupported
                | E::UserInputTimeout,
            ) => Self::Failed,
            Some(E::Other(word)) if word.ends_with("_IN_PROGRESS") => Self::Running,
            Some(E::Other(_)) | None => Self::Unsaid,
        }
    }
}

fn progress(item: &Item) -> Progress {
    let run = Run::of(item.execution_status.as_ref());
    let failed = || Progress::Failed(reason::of(item));
    match &item.status {
        Some(ItemStatus::Updated) if run == Run::Partial => gaps(item),
        Some(ItemStatus::Updated) => Progress::Done,
        // Older clients know no status for actions, so a run may wait while its item is said to be updating (J).
        Some(ItemStatus::Updating | ItemStatus::Merging) => match run {
            Run::WaitsForAnswer => asks(item),
            Run::WaitsForAction => Progress::AsksAction,
            _ => Progress::Working,
        },
        Some(ItemStatus::WaitingUserInput) => match run {
            // The answer is there already: asking again would make the person answer twice.
            Run::AnswerUnderWay => Progress::Working,
            Run::WaitsForAction => Progress::AsksAction,
            Run::Failed => failed(),
            _ => asks(item),
        },
        Some(ItemStatus::WaitingUserAction) => match run {
            Run::WaitsForAnswer => asks(item),
            Run::Failed if reason::of(item) != Reason::AuthorizationPending => failed(),
            _ => Progress::AsksAction,
        },
        Some(ItemStatus::LoginError | ItemStatus::Outdated) => failed(),
        Some(ItemStatus::Other(_)) | None => match run {
            Run::Whole => Progress::Done,
            Run::Partial => gaps(item),
            Run::WaitsForAnswer => asks(item),
            Run::WaitsForAction => Progress::AsksAction,
            Run::Failed => failed(),
            Run::Unsaid if item.error.is_some() => failed(),
            Run::Running | Run::AnswerUnderWay | Run::Unsaid => Progress::Working,
        },
    }
}

fn gaps(item: &Item) -> Progress {
    let missing = item.status_detail.iter().filter(|detail| !detail.is_updated);
    Progress::DoneWithGaps(missing.map(|detail| detail.product.clone()).collect())
}

/// What an item that waits for an answer asks. What it asks is there some seconds after it says that it waits, so
/// until then there is nothing to show.
fn asks(item: &Item) -> Progress {
    let oauth = item.connector.as_ref().is_some_and(|connector| connector.oauth);
    match &item.parameter {
        Some(question) if question.is_approval() => Progress::AsksAction,
        Some(_) => Progress::AsksQuestion,
        None if item.user_action.is_some() || oauth => Progress::AsksAction,
        None => Progress::Working,
    }
}

fn turn(item: &Item, progress: &Progress) -> Turn {
    match progress {
        Progress::Working | Progress::Done | Progress::DoneWithGaps(_) => Turn::Nobody,
        Progress::AsksQuestion => Turn::PersonAnswer,
        Progress::AsksAction => match item.user_action.as_ref().and_then(|action| action.kind.as_ref()) {
            Some(UserActionKind::Qr) => Turn::PersonAction,
            _ => Turn::PersonApproval,
        },
        Progress::Failed(reason) => reason.turn(item.status.as_ref()),
    }
}
