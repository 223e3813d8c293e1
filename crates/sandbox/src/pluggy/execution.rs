//! Execution statuses, the item status each belongs to, and what each error says.
//!
//! Sources: npm `pluggy-sdk` 0.90.0 `types/execution.d.ts`; Pluggy's documentation on the item lifecycle and on errors
//! (checked 2026-11-21). Which errors count as LOGIN_ERROR and which as OUTDATED is written there as a picture only:
//! here the ones that new credentials or a new approval cure are LOGIN_ERROR.

use serde::{Deserialize, Serialize};

/// Where an execution stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Execution {
    Created,
    LoginInProgress,
    LoginMfaInProgress,
    WaitingUserInput,
    WaitingUserAction,
    AccountsInProgress,
    CreditcardsInProgress,
    TransactionsInProgress,
    PaymentDataInProgress,
    InvestmentsInProgress,
    InvestmentsTransactionsInProgress,
    IdentityInProgress,
    LoansInProgress,
    AccountStatementsInProgress,
    Success,
    PartialSuccess,
    InvalidCredentials,
    InvalidCredentialsMfa,
    AlreadyLoggedIn,
    UnexpectedError,
    SiteNotAvailable,
    AccountLocked,
    AccountCredentialsReset,
    ConnectionError,
    AccountNeedsAction,
    UserAuthorizationPending,
    UserAuthorizationNotGranted,
    UserAuthorizationRevoked,
    UserNotSupported,
    UserInputTimeout,
}

impl Execution {
    /// The item status it belongs to.
    pub(super) const fn item_status(self) -> &'static str {
        match self {
            Self::WaitingUserInput => "WAITING_USER_INPUT",
            Self::WaitingUserAction => "WAITING_USER_ACTION",
            Self::Success | Self::PartialSuccess => "UPDATED",
            Self::InvalidCredentials
            | Self::InvalidCredentialsMfa
            | Self::AccountLocked
            | Self::AccountCredentialsReset
            | Self::UserNotSupported
            | Self::UserAuthorizationNotGranted
            | Self::UserAuthorizationRevoked => "LOGIN_ERROR",
            Self::AlreadyLoggedIn
            | Self::UnexpectedError
            | Self::SiteNotAvailable
            | Self::ConnectionError
            | Self::AccountNeedsAction
            | Self::UserAuthorizationPending
            | Self::UserInputTimeout => "OUTDATED",
            _ => "UPDATING",
        }
    }

    /// Whether new data came.
    pub(super) const fn is_success(self) -> bool {
        matches!(self, Self::Success | Self::PartialSuccess)
    }

    /// What an error says; none when it is not one.
    pub(super) const fn message(self) -> Option<&'static str> {
        Some(match self {
            Self::InvalidCredentials => "Invalid credentials. Please check them and try again",
            Self::InvalidCredentialsMfa => "The security code was not accepted",
            Self::AlreadyLoggedIn => "There is another open session with this account",
            Self::UnexpectedError => "There was an unexpected error",
            Self::SiteNotAvailable => "The institution is not available at the moment",
            Self::AccountLocked => "The account is locked. It has to be unlocked at the institution",
            Self::AccountCredentialsReset => "The credentials have to be renewed at the institution",
            Self::ConnectionError => "The connection to the institution failed",
            Self::AccountNeedsAction => "The institution asks for something to be done on its own page",
            Self::UserAuthorizationPending => "The access has to be authorized with the institution",
            Self::UserAuthorizationNotGranted => "The access was not authorized",
            Self::UserAuthorizationRevoked => "The consent was revoked or is over",
            Self::UserNotSupported => "This kind of user is not supported",
            Self::UserInputTimeout => "The answer did not come in time",
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Execution;

    #[test]
    fn names_are_those_of_the_api() {
        let name = |one: Execution| serde_json::to_value(one).unwrap();
        assert_eq!(name(Execution::CreditcardsInProgress), "CREDITCARDS_IN_PROGRESS");
        assert_eq!(name(Execution::LoginMfaInProgress), "LOGIN_MFA_IN_PROGRESS");
        assert_eq!(name(Execution::InvalidCredentialsMfa), "INVALID_CREDENTIALS_MFA");
    }
}
