//! What must come of each misbehaviour of the practice bank.

use super::{Link, Reach, Renewal, Row};
use connections::RevocationOutcome;
use connections::connection::{ApprovalReason, Needs, Status};
use connections::error::ErrorCode;
use connections::view::{AttemptHint, AttemptPhase};
use sandbox::{ExpiresIn, Misbehaviour};
use std::time::Duration;

/// The row of a misbehaviour; none of those that are not the bank's.
pub(super) fn row(one: Misbehaviour) -> Option<Row> {
    use Misbehaviour as M;
    Some(match one {
        // What is not the answer to the question changes nothing, and is seen.
        M::WrongState | M::MissingState => page(ignored()),
        // What is the answer and comes from somebody else, or is an error, ends the attempt before a code is used.
        M::WrongIss | M::MissingIss | M::ErrorServer => page(refused(ErrorCode::ProviderAnswer)),
        M::DeniesConsent => page(refused(ErrorCode::AccessDenied)),
        M::PageClosesItself | M::PopupConsent | M::PageNeverAnswers | M::BlankPage | M::LoginErrorPage => {
            page(stalled())
        }
        // The refresh may have been performed: it is repeated once, at once.
        M::HtmlTokenAnswer(_)
        | M::TruncatedTokenAnswer
        | M::EmptyTokenAnswer
        | M::HugeTokenAnswer
        | M::GzipBomb => token(failed(ErrorCode::ProviderAnswer), trouble(2), Ok(())),
        // It was not performed, and the server says so.
        M::ServerError503 | M::RateLimited429 | M::TokenRedirect => {
            token(failed(ErrorCode::ProviderAnswer), trouble(1), Ok(()))
        }
        // Odd, and no reason to refuse what works.
        M::SlowToken(_)
        | M::SlowAnswer(_)
        | M::GraceForReuse(_)
        | M::MoreScopes
        | M::ExpiresIn(
            ExpiresIn::Missing
            | ExpiresIn::Zero
            | ExpiresIn::Negative
            | ExpiresIn::String
            | ExpiresIn::Garbage
            | ExpiresIn::Huge,
        ) => token(linked(), renewed(), Ok(())),
        // The bank rotated, twice perhaps, and nobody heard: while it does not answer nothing is known, and its first
        // word afterwards is that the old token is spent.
        M::DropsTokenResponse => {
            token(failed(ErrorCode::ProviderTrouble), trouble(2), Err(ErrorCode::ApproveAgain))
        }
        M::InvalidGrant => {
            let needs = Needs::Approval { reason: ApprovalReason::GrantRefused };
            let line = "deauthorized grantRefused";
            let refresh = lost(ErrorCode::ApproveAgain, Status::Deauthorized, needs, line);
            token(failed(ErrorCode::AttemptOver), refresh, Err(ErrorCode::ApproveAgain))
        }
        M::InvalidClient => {
            let line = "refresh_failed client_refused";
            let refresh = lost(ErrorCode::ClientRefused, Status::Linked, Needs::Credentials, line);
            token(failed(ErrorCode::ClientRefused), refresh, Ok(()))
        }
        M::FewerScopes => token(linked_with("connected 1", true), renewed(), Ok(())),
        M::NoRefreshToken => token(linked_with("connected", false), renewed(), Ok(())),
        // Nobody can know until the old token is refused.
        M::RotatesWithoutTelling => token(linked(), renewed(), Err(ErrorCode::ApproveAgain)),
        M::RevocationFails => {
            Row { at_disconnect: RevocationOutcome::Later, ..token(linked(), renewed(), Ok(())) }
        }
        M::PluggyRateLimit(_)
        | M::PluggyOutage
        | M::PluggyHtmlAnswer(_)
        | M::PluggyTruncatedAnswer
        | M::PluggyDropsResponse
        | M::PluggyUnauthorized401
        | M::PluggyPagesGone
        | M::PluggyHourlyUpdates
        | M::PluggyCompanyFails
        | M::PluggyCompanyIgnoresItem
        | M::PluggyNoTransactions => return None,
    })
}

/// The same misbehaviour, in a time that a test has.
pub(super) fn quickened(one: Misbehaviour) -> Misbehaviour {
    let moment = Duration::from_millis(200);
    match one {
        Misbehaviour::SlowToken(_) => Misbehaviour::SlowToken(moment),
        Misbehaviour::SlowAnswer(_) => Misbehaviour::SlowAnswer(moment),
        other => other,
    }
}

/// One that is played on the pages; what is renewed later has nothing to do with it.
fn page(at_link: Link) -> Row {
    token(at_link, renewed(), Ok(()))
}

fn token(at_link: Link, at_refresh: Renewal, afterwards: Result<(), ErrorCode>) -> Row {
    Row { at_link, at_refresh, afterwards, at_disconnect: RevocationOutcome::Confirmed }
}

fn linked() -> Link {
    linked_with("connected", true)
}

fn linked_with(line: &str, renewable: bool) -> Link {
    Link {
        phase: AttemptPhase::Succeeded,
        error: None,
        hint: None,
        exchanges: 1,
        renewable: Some(renewable),
        lines: lines(&["authorization_started", line]),
    }
}

/// The answer is good and the tokens are not.
fn failed(code: ErrorCode) -> Link {
    Link { exchanges: 1, ..refused(code) }
}

/// The answer is refused, and nobody is asked for tokens.
fn refused(code: ErrorCode) -> Link {
    let told = format!("authorization_failed {}", code.name());
    Link {
        phase: AttemptPhase::Failed,
        error: Some(code),
        hint: None,
        exchanges: 0,
        renewable: None,
        lines: lines(&["authorization_started", &told]),
    }
}

fn ignored() -> Link {
    waiting(AttemptHint::ForeignAnswer, &["authorization_started", "foreign_answer_refused"])
}

/// Nothing comes back.
fn stalled() -> Link {
    waiting(AttemptHint::Stalled, &["authorization_started"])
}

fn waiting(hint: AttemptHint, said: &[&str]) -> Link {
    Link {
        phase: AttemptPhase::Waiting,
        error: None,
        hint: Some(hint),
        exchanges: 0,
        renewable: None,
        lines: lines(said),
    }
}

fn renewed() -> Renewal {
    Renewal {
        answer: Ok(()),
        asked: 1,
        status: Status::Linked,
        needs: Needs::Nothing,
        reach: Reach::Reachable,
        lines: lines(&["refreshed", "token_given"]),
    }
}

/// An outage: the connection stays linked, and the person has nothing to do.
fn trouble(asked: u64) -> Renewal {
    Renewal {
        answer: Err(ErrorCode::ProviderTrouble),
        asked,
        status: Status::Linked,
        needs: Needs::Nothing,
        reach: Reach::ProviderTrouble,
        lines: lines(&["refresh_failed provider_trouble", "token_refused provider_trouble"]),
    }
}

fn lost(code: ErrorCode, status: Status, needs: Needs, line: &str) -> Renewal {
    let refused = format!("token_refused {}", code.name());
    Renewal {
        answer: Err(code),
        asked: 1,
        status,
        needs,
        reach: Reach::Reachable,
        lines: lines(&[line, &refused]),
    }
}

fn lines(said: &[&str]) -> Vec<String> {
    said.iter().map(|line| (*line).to_owned()).collect()
}
