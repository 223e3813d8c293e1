//! What the bank makes of credentials: the test users of Pluggy's documentation.
//!
//! Knows nothing of time. A typed user name or password is judged and never kept.
//!
//! Source: Pluggy's documentation on its sandbox (checked 2026-11-21).

use super::connectors::credentials::Parameters;
use super::connectors::{Access, Connector, Factor};
use super::execution::Execution;
use super::products::Product;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The one password that is right.
const PASSWORD: &str = "password-ok";
/// The one code that is right.
pub(super) const CODE: &str = "123456";
/// The documented limit of the multiplier of `user-ok-perf-Nx`.
const MOST_TRANSACTIONS: u16 = 5000;

/// Who signed in, as far as later runs need it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Login {
    /// Somebody whose data is delivered.
    Good(Variant),
    /// Somebody whom the bank refuses like this.
    Refused { with: Execution, provider_message: Option<String> },
    /// Somebody whose access the bank authorizes after a while.
    Pending { until: Timestamp },
    /// Somebody who approves on the bank's own page.
    OwnPage,
}

/// What is special about the data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Variant {
    #[default]
    Plain,
    /// The accounts cannot be brought.
    AccountsFail,
    /// The accounts come with a warning.
    AccountsWarn,
    /// One checking account more.
    TwoCheckings,
    /// So many times the transactions.
    Many(u16),
}

/// What is asked after the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Question {
    Code,
    Picture,
    Choice,
}

/// A judged login: who it is and what is asked before going on.
pub(super) struct Judged {
    pub login: Login,
    pub question: Option<Question>,
}

/// Judges credentials that fit their form. `others` is when those have approved whose word is needed besides.
pub(super) fn judge(connector: &Connector, given: &Parameters, others: Timestamp) -> Judged {
    let Access::Credentials(factor) = connector.access else {
        return Judged { login: of_document(given, others), question: None };
    };
    let value = |name: &str| given.get(name).map(String::as_str).unwrap_or_default();
    let user = value("user");
    let mut login = if value("password") == PASSWORD {
        of_user(user, others)
    } else {
        refused(Execution::InvalidCredentials)
    };
    if factor == Factor::AtLogin && is_good(&login) && value("token") != CODE {
        login = refused(Execution::InvalidCredentialsMfa);
    }
    let question = question(factor, user).filter(|_| is_good(&login));
    Judged { login, question }
}

/// Companies whose approval needs a second person: the documented numbers of one who agrees and of one who does not.
fn of_document(given: &Parameters, others: Timestamp) -> Login {
    let digits: String =
        given.get("cpf").map(|cpf| cpf.chars().filter(char::is_ascii_digit).collect()).unwrap_or_default();
    match digits.as_str() {
        "23824264030" => Login::Pending { until: others },
        "05117767055" => refused(Execution::UserAuthorizationNotGranted),
        _ => Login::OwnPage,
    }
}

/// What is asked of somebody whose password was right.
fn question(factor: Factor, user: &str) -> Option<Question> {
    match (factor, user) {
        (Factor::None | Factor::AtLogin, _) => None,
        (_, "user-ok-select") => Some(Question::Choice),
        (Factor::Picture, _) | (_, "user-ok-img" | "user-ok-qr") => Some(Question::Picture),
        _ => Some(Question::Code),
    }
}

const fn is_good(login: &Login) -> bool {
    matches!(login, Login::Good(_) | Login::Pending { .. })
}

fn of_user(user: &str, others: Timestamp) -> Login {
    match user {
        "user-ok" | "user-ok-select" | "user-ok-img" | "user-ok-qr" => Login::Good(Variant::Plain),
        "user-ok-account-error" => Login::Good(Variant::AccountsFail),
        "user-ok-account-warning" => Login::Good(Variant::AccountsWarn),
        "user-ok-two-checking-accounts" => Login::Good(Variant::TwoCheckings),
        "user-ok-auth-pending" => Login::Pending { until: others },
        "user-logged" => refused(Execution::AlreadyLoggedIn),
        "user-locked" => refused(Execution::AccountLocked),
        "user-error" => refused(Execution::UnexpectedError),
        "user-unavailable" => refused(Execution::SiteNotAvailable),
        "user-connection-error" => refused(Execution::ConnectionError),
        "user-account-need-actions" => refused(Execution::AccountNeedsAction),
        "user-account-need-actions-provider-message" => Login::Refused {
            with: Execution::AccountNeedsAction,
            provider_message: Some("Aceite os novos termos de uso no aplicativo do banco.".to_owned()),
        },
        "user-account-credentials-reset" => refused(Execution::AccountCredentialsReset),
        "user-not-supported" => refused(Execution::UserNotSupported),
        _ => many(user).map_or_else(
            || refused(Execution::InvalidCredentials),
            |times| Login::Good(Variant::Many(times)),
        ),
    }
}

const fn refused(with: Execution) -> Login {
    Login::Refused { with, provider_message: None }
}

/// The multiplier of `user-ok-perf` (10) or `user-ok-perf-1000x`.
fn many(user: &str) -> Option<u16> {
    let rest = user.strip_prefix("user-ok-perf")?;
    if rest.is_empty() {
        return Some(10);
    }
    let number = rest.strip_prefix('-')?;
    let times: u32 = number.strip_suffix('x').unwrap_or(number).parse().ok()?;
    u16::try_from(times).ok().map_or(Some(MOST_TRANSACTIONS), |times| Some(times.clamp(1, MOST_TRANSACTIONS)))
}

/// How a run of this login ends, and the products that are missing then.
pub(super) fn ending(login: &Login, now: Timestamp) -> (Execution, Option<Product>) {
    match login {
        Login::Good(Variant::AccountsFail) => (Execution::PartialSuccess, Some(Product::Accounts)),
        Login::Good(_) | Login::OwnPage => (Execution::Success, None),
        Login::Refused { with, .. } => (*with, None),
        Login::Pending { until } if now >= *until => (Execution::Success, None),
        Login::Pending { .. } => (Execution::UserAuthorizationPending, None),
    }
}

#[cfg(test)]
mod tests {
    use super::many;

    #[test]
    fn the_multiplier_has_its_limit() {
        assert_eq!(many("user-ok-perf"), Some(10));
        assert_eq!(many("user-ok-perf-1000x"), Some(1000));
        assert_eq!(many("user-ok-perf-30"), Some(30));
        assert_eq!(many("user-ok-perf-99999x"), Some(5000));
        assert_eq!(many("user-ok-perf-x"), None);
        assert_eq!(many("user-bad"), None);
    }
}
