//! Failures as answers: a status, a sentence, and the code for programs.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use connections::error::{CoreError, ErrorCode};
use jiff::Timestamp;
use serde_json::json;

/// Seconds to wait where nothing is known.
const USUAL_WAIT: u64 = 30;
/// Seconds to wait at most; later much may have changed.
const LONGEST_WAIT: u64 = 3_600;

/// A failure on its way out through our own paths.
pub(crate) struct Refused(pub(crate) CoreError);

impl From<CoreError> for Refused {
    fn from(error: CoreError) -> Self {
        Self(error)
    }
}

impl From<connections::id::NameError> for Refused {
    fn from(error: connections::id::NameError) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status = status_of(self.0.code);
        let mut response = (status, coded(&self.0)).into_response();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, seconds_until_retry(&self.0, Timestamp::now()).into());
        }
        response
    }
}

/// How long to wait, in seconds: until the core tries again where it knows when, else half a minute.
fn seconds_until_retry(error: &CoreError, now: Timestamp) -> u64 {
    let at = error.params.get("retryAt").and_then(|at| at.parse::<Timestamp>().ok());
    let Some(at) = at else { return USUAL_WAIT };
    let left = at.duration_since(now);
    // The next full second: who comes a moment too early has waited for nothing.
    u64::try_from(left.as_secs()).map_or(1, |seconds| seconds + 1).min(LONGEST_WAIT)
}

/// The body of a failure with its code.
pub(crate) fn coded(error: &CoreError) -> Json<serde_json::Value> {
    Json(json!({ "error": sentence(error), "code": error.code, "params": error.params }))
}

/// A failure of the wire itself, as Pizzly words them: one member, `error`.
pub(crate) fn error_json(status: StatusCode, text: impl Into<String>) -> Response {
    (status, Json(json!({ "error": text.into() }))).into_response()
}

pub(super) async fn no_such_path() -> Response {
    error_json(StatusCode::NOT_FOUND, "There is nothing at this path.")
}

pub(super) async fn no_such_method() -> Response {
    error_json(StatusCode::METHOD_NOT_ALLOWED, "This path does not take this method.")
}

const fn status_of(code: ErrorCode) -> StatusCode {
    use ErrorCode as Code;
    match code {
        Code::NotPermitted => StatusCode::FORBIDDEN,
        Code::UnknownConnection | Code::UnknownConfig | Code::UnknownProvider | Code::Gone => {
            StatusCode::NOT_FOUND
        }
        Code::BadInput | Code::BadName | Code::NameTaken => StatusCode::BAD_REQUEST,
        Code::ProviderTrouble
        | Code::Offline
        | Code::Locked
        | Code::NoVault
        | Code::Busy
        | Code::InstitutionOffline => StatusCode::SERVICE_UNAVAILABLE,
        Code::ProviderAnswer | Code::CertificateRefused | Code::ClientRefused => StatusCode::BAD_GATEWAY,
        Code::DiskFull | Code::ReadOnly | Code::Storage | Code::VaultDamaged | Code::Defect => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
        _ => StatusCode::CONFLICT,
    }
}

/// What a person reads in a program's log. Never holds what was asked beyond names.
pub(crate) fn sentence(error: &CoreError) -> String {
    use ErrorCode as Code;
    let value =
        |name: &str, fallback: &str| error.params.get(name).map_or_else(|| fallback.to_owned(), Clone::clone);
    let provider = value("provider", "the institution");
    match error.code {
        Code::NotPermitted => {
            format!("Mooring's owner has not permitted this to {}.", value("callerId", "this program"))
        }
        Code::ApproveAgain => {
            format!("{provider} asks to approve again; the connection must be reconnected in Mooring.")
        }
        Code::NotApproved => "The connection has not been approved.".to_owned(),
        Code::AccessDenied => format!("The approval was refused at {provider}."),
        Code::Disconnected => "The connection was disconnected in Mooring.".to_owned(),
        Code::Paused => "The connection is paused in Mooring.".to_owned(),
        Code::NoTokens => "This connection gives data and no tokens; ask for its accounts.".to_owned(),
        Code::ProviderTrouble => format!("{provider} is not answering; try again later."),
        Code::Offline => "There is no network; nothing is wrong with the connection.".to_owned(),
        Code::CertificateRefused => format!("{provider} could not prove who it is; nothing was sent."),
        Code::ClientRefused => format!("{provider} does not accept the client id, the secret or the scopes."),
        Code::ProviderAnswer => format!("{provider} answered in a way that could not be used."),
        Code::UnknownConnection => format!("There is no connection {}.", value("connection", "of this name")),
        Code::UnknownConfig => format!("There is no config key {}.", value("configKey", "of this name")),
        Code::UnknownProvider => format!("There is no provider {} in the catalogue.", value("provider", "")),
        Code::NameTaken => format!("The config key {} is taken.", value("configKey", "")),
        Code::BadName => "A name may hold letters, digits and . _ - ~ @ : + only.".to_owned(),
        Code::BadInput => format!("{}: {}.", value("field", "input"), value("problem", "malformed")),
        Code::ConfigInUse => "Connections use this config key; delete them first.".to_owned(),
        Code::SurfaceUnavailable => "Its connections are made in Mooring's own window.".to_owned(),
        Code::AttemptOver => "The attempt is over; start again.".to_owned(),
        Code::Superseded => "Another attempt took the place of this one.".to_owned(),
        Code::Locked | Code::NoVault => "Mooring is locked.".to_owned(),
        Code::DiskFull => "The disk is full.".to_owned(),
        Code::ReadOnly | Code::Storage | Code::VaultDamaged => {
            "Mooring's vault could not be used.".to_owned()
        }
        other => {
            let spelled = serde_json::to_value(other).unwrap_or_default();
            format!("It was refused: {}.", spelled.as_str().unwrap_or("unknown"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::seconds_until_retry;
    use connections::error::{CoreError, ErrorCode};

    #[test]
    fn how_long_to_wait_is_what_the_core_knows() {
        let now = "2026-11-21T05:00:00Z".parse().unwrap();
        let trouble = CoreError::new(ErrorCode::ProviderTrouble);
        assert_eq!(seconds_until_retry(&trouble, now), 30, "nothing is known");
        for (retry_at, seconds) in [
            ("2026-11-21T05:00:04.2Z", 5),
            ("2026-11-21T05:10:00Z", 601),
            ("2026-11-21T04:00:00Z", 1),
            ("2027-01-01T00:00:00Z", 3_600),
            ("soon", 30),
        ] {
            let known = trouble.clone().with("retryAt", retry_at);
            assert_eq!(seconds_until_retry(&known, now), seconds, "{retry_at}");
        }
    }
}
