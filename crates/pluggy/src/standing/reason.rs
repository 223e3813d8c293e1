//! Why nothing was collected.

use super::Turn;
use crate::resources::{ExecutionStatus, Item, ItemStatus};
use serde::Serialize;

/// Why nothing was collected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Reason {
    /// A wrong user or password.
    CredentialsWrong,
    /// A wrong answer to the question.
    MfaWrong,
    /// No answer came in time.
    QuestionTimedOut,
    /// The institution has locked the login.
    AccountLocked,
    /// The institution wants a new password to be set.
    CredentialsReset,
    /// The institution wants the person to do something there.
    NeedsActionAtBank,
    /// Logged in elsewhere.
    AlreadyLoggedIn,
    /// The approval is not there yet; some need a second signature, or days.
    AuthorizationPending,
    /// The approval was refused.
    AuthorizationNotGranted,
    /// The consent was taken back, or has ended.
    ConsentRevokedOrOver,
    /// This kind of login cannot be linked.
    UserNotSupported,
    /// The institution cannot be reached.
    SiteNotAvailable,
    /// Pluggy's connector is in trouble.
    ConnectorTrouble,
    /// Nobody expected it.
    Unexpected,
    /// A word that was not known when this was written, or none.
    Unknown(String),
}

/// Why `item` has failed.
pub(super) fn of(item: &Item) -> Reason {
    let run = item.execution_status.as_ref();
    let error = item.error.as_ref().and_then(|error| error.code.as_ref());
    let general = |reason: &Reason| *reason == Reason::ConnectorTrouble;
    // `ERROR` and its like name no reason; the error beside it may.
    let reason = match (run.and_then(known), error.and_then(known)) {
        (Some(first), Some(second)) if general(&first) => second,
        (Some(first), _) => first,
        (None, Some(second)) => second,
        (None, None) => {
            let word = error.or_else(|| run.filter(|run| matches!(run, ExecutionStatus::Other(_))));
            Reason::Unknown(word.map(ToString::to_string).unwrap_or_default())
        }
    };
    if reason == Reason::AuthorizationNotGranted && was_granted(item) {
        Reason::ConsentRevokedOrOver
    } else {
        reason
    }
}

/// Whether it worked once, or its consent had ended before it last changed.
fn was_granted(item: &Item) -> bool {
    let ended = item.consent_expires_at.zip(item.updated_at).is_some_and(|(end, changed)| end <= changed);
    item.last_updated_at.is_some() || ended
}

const fn known(status: &ExecutionStatus) -> Option<Reason> {
    use ExecutionStatus as E;
    Some(match status {
        E::InvalidCredentials => Reason::CredentialsWrong,
        E::InvalidCredentialsMfa => Reason::MfaWrong,
        E::UserInputTimeout => Reason::QuestionTimedOut,
        E::AccountLocked => Reason::AccountLocked,
        E::AccountCredentialsReset => Reason::CredentialsReset,
        E::AccountNeedsAction => Reason::NeedsActionAtBank,
        E::AlreadyLoggedIn => Reason::AlreadyLoggedIn,
        E::UserAuthorizationPending => Reason::AuthorizationPending,
        E::UserAuthorizationNotGranted => Reason::AuthorizationNotGranted,
        E::UserAuthorizationRevoked => Reason::ConsentRevokedOrOver,
        E::UserNotSupported => Reason::UserNotSupported,
        E::SiteNotAvailable => Reason::SiteNotAvailable,
        E::ConnectionError | E::CreateError | E::MergeError | E::Error => Reason::ConnectorTrouble,
        E::UnexpectedError => Reason::Unexpected,
        _ => return None,
    })
}

impl Reason {
    /// Who has to do something next about it.
    pub(super) const fn turn(&self, status: Option<&ItemStatus>) -> Turn {
        match self {
            Self::MfaWrong | Self::QuestionTimedOut => Turn::PersonAnswer,
            Self::AccountLocked | Self::NeedsActionAtBank => Turn::PersonAction,
            Self::AuthorizationPending | Self::AuthorizationNotGranted | Self::ConsentRevokedOrOver => {
                Turn::PersonApproval
            }
            // An outdated item had good parameters (P): what looks otherwise is trouble, and never "sign in again".
            Self::CredentialsWrong | Self::CredentialsReset | Self::UserNotSupported => match status {
                Some(ItemStatus::Outdated) => Turn::ProviderTrouble,
                _ => Turn::PersonCredentials,
            },
            Self::AlreadyLoggedIn => match status {
                Some(ItemStatus::LoginError) => Turn::PersonAction,
                // The other session ends by itself.
                _ => Turn::Nobody,
            },
            // An item in `LOGIN_ERROR` runs no more until it gets parameters, whatever the reason.
            Self::SiteNotAvailable | Self::ConnectorTrouble | Self::Unexpected | Self::Unknown(_) => {
                match status {
                    Some(ItemStatus::LoginError) => Turn::PersonCredentials,
                    _ => Turn::ProviderTrouble,
                }
            }
        }
    }
}
