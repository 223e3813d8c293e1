//! Answers that are no success, judged by their status, with what Codat says about itself.
//!
//! Invariants
//! - The HTTP status decides the kind: the numbers inside Codat's own bodies contradict it at times.
//! - Nothing that was sent is quoted: `Display` and `Debug` hold no words of the server, and [`ApiError::message`]
//!   has lost addresses and what looks like a key.
//!
//! Source: docs.codat.io, using the API, errors; error schema of the platform API 3.0.0.

use crate::instant::retry_after;
use crate::json::Object;
use crate::text::{LONGEST_MESSAGE, printable};
use jiff::Timestamp;
use serde_json::Value;
use std::fmt;
use web::Response;

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// 401: the key or token is not accepted (any more).
    Unauthorized,
    /// 402: a limit of the plan is reached.
    PaymentRequired,
    /// 403, 451: not permitted with these credentials.
    Forbidden,
    /// 404, 410: not there, or never was.
    NotFound,
    /// 409, and a sync that is asked for while one is running.
    Conflict,
    /// 429: too many requests.
    RateLimited {
        /// Not before, if the server says; an hour at most.
        retry_after: Option<Timestamp>,
    },
    /// 408, 5xx: it may pass.
    Unavailable {
        /// Not before, if the server says; an hour at most.
        retry_after: Option<Timestamp>,
    },
    /// Any other 4xx: the request itself is refused.
    Invalid,
    /// Not an answer of this API: a page of somebody in between, a redirect, or cut off.
    Unreadable,
}

/// An answer that is no success.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiError {
    kind: ErrorKind,
    status: u16,
    said: Box<Said>,
}

/// What the body says about itself.
#[derive(Clone, PartialEq, Eq, Default)]
struct Said {
    correlation_id: Option<String>,
    code: Option<i64>,
    service: Option<String>,
    message: Option<String>,
    can_be_retried: Option<bool>,
    from_codat: bool,
}

/// What Codat's text begins with when a sync of the same data is running; its status is not documented.
const IN_PROGRESS: &str = "DatasetAlreadyInProgressException";
/// Longest correlation id that is kept; Codat's have 32 characters.
const LONGEST_REFERENCE: usize = 64;

impl ApiError {
    /// From an answer whose status is no success; `body` is its JSON, if it is JSON.
    pub(crate) fn of(response: &Response, body: Option<&Value>, now: Timestamp) -> Self {
        let object = body.and_then(Object::of);
        let said = object.map(Said::read).unwrap_or_default();
        let in_progress =
            object.and_then(|object| object.text("error")).is_some_and(|text| text.starts_with(IN_PROGRESS));
        let kind = match kind(response, now) {
            refused @ (ErrorKind::Unauthorized | ErrorKind::Forbidden) => refused,
            _ if in_progress => ErrorKind::Conflict,
            kind => kind,
        };
        Self { kind, status: response.status, said: Box::new(said) }
    }

    /// From an answer that says success and cannot be read.
    pub(crate) fn unreadable(status: u16) -> Self {
        Self { kind: ErrorKind::Unreadable, status, said: Box::default() }
    }

    /// What went wrong.
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The HTTP status.
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// Whether the same request may succeed later with nothing changed.
    ///
    /// Codat's own word counts where the status leaves it open; what is refused stays refused.
    pub fn can_be_retried(&self) -> bool {
        match self.kind {
            ErrorKind::RateLimited { .. } => true,
            ErrorKind::Conflict | ErrorKind::Unavailable { .. } | ErrorKind::Unreadable => {
                self.said.can_be_retried.unwrap_or(true)
            }
            ErrorKind::Invalid => self.said.can_be_retried.unwrap_or(false),
            ErrorKind::Unauthorized
            | ErrorKind::PaymentRequired
            | ErrorKind::Forbidden
            | ErrorKind::NotFound => false,
        }
    }

    /// What a support desk asks for: at most 64 letters, digits and hyphens.
    pub fn correlation_id(&self) -> Option<&str> {
        self.said.correlation_id.as_deref()
    }

    /// Codat's finer code (`detailedErrorCode`).
    pub fn error_code(&self) -> Option<i64> {
        self.said.code
    }

    /// Which part of Codat answered.
    pub fn service(&self) -> Option<&str> {
        self.said.service.as_deref()
    }

    /// The server's own words: one printable line of at most 300 characters, without addresses and key-like parts.
    pub fn message(&self) -> Option<&str> {
        self.said.message.as_deref()
    }

    /// Whether what was asked for was deleted, by Codat's own word. A 404 of somebody in between says nothing.
    pub fn is_gone(&self) -> bool {
        self.kind == ErrorKind::NotFound && self.said.from_codat
    }

    /// Whether the body has Codat's shape.
    pub fn is_from_codat(&self) -> bool {
        self.said.from_codat
    }
}

impl Said {
    fn read(object: Object<'_>) -> Self {
        // `statusCode` and `error` alone could be anybody's; these three are Codat's.
        let own = ["correlationId", "canBeRetried", "detailedErrorCode"];
        Self {
            correlation_id: object.text("correlationId").and_then(reference),
            code: object.whole("detailedErrorCode"),
            service: object.message("service"),
            message: object.message("error").map(|error| with_validation(error, object)),
            can_be_retried: object.value("canBeRetried").and_then(truth),
            from_codat: own.iter().any(|member| object.value(member).is_some()),
        }
    }
}

fn kind(response: &Response, now: Timestamp) -> ErrorKind {
    let retry_after = retry_after(response.retry_after.as_deref(), now);
    match response.status {
        401 => ErrorKind::Unauthorized,
        402 => ErrorKind::PaymentRequired,
        403 | 451 => ErrorKind::Forbidden,
        404 | 410 => ErrorKind::NotFound,
        409 => ErrorKind::Conflict,
        429 => ErrorKind::RateLimited { retry_after },
        408 | 500..=599 => ErrorKind::Unavailable { retry_after },
        400..=499 => ErrorKind::Invalid,
        _ => ErrorKind::Unreadable,
    }
}

/// An id that is only letters, digits and hyphens; anything else is not quoted.
fn reference(text: &str) -> Option<String> {
    let fits = text.len() <= LONGEST_REFERENCE
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    fits.then(|| text.to_owned())
}

/// `canBeRetried` is a text; `Unknown` and any other word say nothing.
fn truth(value: &Value) -> Option<bool> {
    let word = value.as_str().unwrap_or_default();
    value.as_bool().or_else(|| match () {
        () if word.eq_ignore_ascii_case("true") => Some(true),
        () if word.eq_ignore_ascii_case("false") => Some(false),
        () => None,
    })
}

/// The error, and the first message of its validation.
fn with_validation(error: String, object: Object<'_>) -> String {
    let first = object
        .object("validation")
        .and_then(|validation| validation.list("errors").iter().find_map(Object::of))
        .and_then(|item| item.message("message"));
    match first {
        Some(detail) if detail != error => printable(&format!("{error} {detail}"), LONGEST_MESSAGE),
        _ => error,
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            ErrorKind::Unauthorized => "the key or token is not accepted",
            ErrorKind::PaymentRequired => "a limit of the plan is reached",
            ErrorKind::Forbidden => "this is not permitted",
            ErrorKind::NotFound => "there is no such thing",
            ErrorKind::Conflict => "something else is under way",
            ErrorKind::RateLimited { .. } => "too many requests",
            ErrorKind::Unavailable { .. } => "the service is not available",
            ErrorKind::Invalid => "the request is refused",
            ErrorKind::Unreadable => "the answer cannot be read",
        };
        write!(f, "{what} ({})", self.status)?;
        match &self.said.correlation_id {
            Some(id) => write!(f, ", correlation id {id}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for ApiError {
    /// Without the server's words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiError")
            .field("kind", &self.kind)
            .field("status", &self.status)
            .field("correlation_id", &self.said.correlation_id)
            .field("code", &self.said.code)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for ApiError {}
