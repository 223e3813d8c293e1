//! Why an answer is not what was asked for, and whether asking again makes sense.
//!
//! Invariant: what is printed is a kind, a status and a code; a server's sentences are for the person alone.
//!
//! Sources: D (*errors*, *errors & validations*, *items*, *rate limits*); J for `details` and for 403 where a key is
//! refused.

use crate::json::{self, Object, Read};
use crate::parameters::{Parameters, redact};
use crate::printable::{self, printable};
use jiff::{SignedDuration, Timestamp};
use secret::SecretString;
use std::fmt;
use web::Response;

/// Longest pause that a server may ask for and get.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(1);
/// Longest sentence of a server that is kept, in characters.
const LONGEST_MESSAGE: usize = 500;
/// Most fields that are complained about.
const MOST_FIELDS: usize = 50;

/// Why an answer is no result.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiError {
    /// What it is about.
    pub kind: ErrorKind,
    /// HTTP status.
    pub status: u16,
    /// The server's code, often the status again.
    pub code: Option<String>,
    /// The server's word for the case, such as `ITEM_ALREADY_UPDATING`.
    pub code_description: Option<String>,
    /// The server's sentence, for the person; may be in English or Portuguese.
    pub message: Option<String>,
}

/// What an error is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorKind {
    /// The key or token is over or wrong: get another.
    Unauthorized,
    /// Not with this credential or subscription; a connect token may do little.
    Forbidden,
    /// No such thing, or not for us.
    NotFound,
    /// Something that was sent is wrong.
    Invalid {
        /// Which fields, where the server says it.
        fields: Vec<FieldError>,
    },
    /// Too many requests.
    RateLimited {
        /// Not before, if the server says.
        retry_after: Option<Timestamp>,
    },
    /// The institution cannot be reached through Pluggy at present.
    ConnectorOffline,
    /// It is being changed already.
    Conflict,
    /// The person has such an item already (`avoidDuplicates`).
    AlreadyExists {
        /// Which, where the server says it: beside the error, or in its `data` as the widget hands it on.
        items: Vec<String>,
    },
    /// The server is in trouble.
    Unavailable {
        /// Not before, if the server says.
        retry_after: Option<Timestamp>,
    },
    /// The company's own connect token endpoint lacks its keys.
    CompanyMisconfigured,
    /// Nothing that can be read.
    Unreadable(UnreadableAnswer),
}

/// What is wrong with an answer that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnreadableAnswer {
    /// Nothing came.
    #[error("empty")]
    Empty,
    /// A page for people, cut off, or anything else that is not JSON.
    #[error("not JSON")]
    NotJson,
    /// JSON that is not what was asked for.
    #[error("of another shape")]
    Shape,
    /// A redirect or another status that has no meaning here.
    #[error("of a strange status")]
    Status,
}

/// What is wrong with one field of a form.
#[derive(Clone, PartialEq, Eq)]
pub struct FieldError {
    /// `001` missing, `002` against its pattern, `003` a wrong date (J); others may come.
    pub code: String,
    /// The server's sentence, for the person.
    pub message: String,
    /// Name of the field; empty when it is about none in particular.
    pub parameter: String,
}

/// Whether asking again makes sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// With a new key or token.
    WithNewCredential,
    /// The same, later.
    Later {
        /// Not before, if the server says.
        not_before: Option<Timestamp>,
    },
    /// With what the person corrects.
    AfterCorrection,
    /// Not at all.
    No,
}

impl ApiError {
    /// Whether asking again makes sense.
    pub const fn retry(&self) -> Retry {
        match &self.kind {
            ErrorKind::Unauthorized => Retry::WithNewCredential,
            ErrorKind::RateLimited { retry_after } | ErrorKind::Unavailable { retry_after } => {
                Retry::Later { not_before: *retry_after }
            }
            ErrorKind::ConnectorOffline | ErrorKind::Conflict | ErrorKind::Unreadable(_) => {
                Retry::Later { not_before: None }
            }
            ErrorKind::Invalid { .. } => Retry::AfterCorrection,
            ErrorKind::Forbidden
            | ErrorKind::NotFound
            | ErrorKind::AlreadyExists { .. }
            | ErrorKind::CompanyMisconfigured => Retry::No,
        }
    }

    /// Whether the server may have done what it was asked to, though its answer is of no use.
    ///
    /// An item whose creation was answered so may exist: look for it before another is made.
    pub const fn may_have_been_carried_out(&self) -> bool {
        match &self.kind {
            ErrorKind::Unreadable(_) => self.status < 400 || self.status >= 500,
            ErrorKind::Unavailable { .. } => self.status != 503,
            _ => false,
        }
    }

    /// The same, without what was sent.
    pub(crate) fn without(mut self, sent: &Parameters) -> Self {
        self.edit(|text| sent.redact(text));
        self
    }

    /// The same, without a secret that was sent.
    pub(crate) fn without_secret(mut self, sent: &SecretString) -> Self {
        self.edit(|text| redact(text, sent));
        self
    }

    fn edit(&mut self, redacted: impl Fn(&str) -> String) {
        let Self { kind, code, code_description, message, .. } = self;
        for text in [code, code_description, message].into_iter().flatten() {
            *text = redacted(text);
        }
        if let ErrorKind::Invalid { fields } = kind {
            for FieldError { code, message, parameter } in fields {
                for text in [code, message, parameter] {
                    *text = redacted(text);
                }
            }
        }
    }

    pub(crate) const fn unreadable(status: u16, why: UnreadableAnswer) -> Self {
        Self { kind: ErrorKind::Unreadable(why), status, code: None, code_description: None, message: None }
    }
}

/// The error that an answer of another status than success tells of.
pub(crate) fn judge_error(response: &Response, now: Timestamp) -> ApiError {
    let status = response.status;
    // EXPOSE: parsed; only bounded texts of known members are kept, which are never printed with the error.
    let object = json::value(response.body.expose()).and_then(Object::of);
    let told = object.as_ref().map(Told::of).unwrap_or_default();
    let retry_after = retry_after(response.retry_after.as_deref(), now);
    let kind = match status {
        401 => ErrorKind::Unauthorized,
        403 if told.is_about_the_key() => ErrorKind::Unauthorized,
        403 => ErrorKind::Forbidden,
        400 | 409 if told.is_about_a_duplicate() => ErrorKind::AlreadyExists { items: told.items },
        404 | 410 => ErrorKind::NotFound,
        409 => ErrorKind::Conflict,
        429 => ErrorKind::RateLimited { retry_after },
        400 if told.fields.is_empty() && told.says("OFFLINE") => ErrorKind::ConnectorOffline,
        400 if told.is_busy() => ErrorKind::Conflict,
        400 if told.is_about_the_subscription() => ErrorKind::Forbidden,
        // A gateway's page is an outage's, whatever its status; ours always answers errors as JSON.
        400..=499 if object.is_none() => ErrorKind::Unreadable(why(response)),
        400..=499 => ErrorKind::Invalid { fields: told.fields },
        500.. => ErrorKind::Unavailable { retry_after },
        _ => ErrorKind::Unreadable(UnreadableAnswer::Status),
    };
    ApiError { kind, status, code: told.code, code_description: told.description, message: told.message }
}

/// Why a body that holds no JSON object cannot be read.
pub(crate) fn why(response: &Response) -> UnreadableAnswer {
    // EXPOSE: looked at for being empty or JSON; nothing is kept.
    let body = response.body.expose();
    if body.iter().all(u8::is_ascii_whitespace) {
        UnreadableAnswer::Empty
    } else if json::value(body).is_some() {
        UnreadableAnswer::Shape
    } else {
        UnreadableAnswer::NotJson
    }
}

/// What the body of an error says.
#[derive(Default)]
struct Told {
    code: Option<String>,
    description: Option<String>,
    message: Option<String>,
    fields: Vec<FieldError>,
    items: Vec<String>,
}

impl Told {
    fn of(object: &Object<'_>) -> Self {
        let code = |name: &str| object.text(name).as_deref().and_then(printable::code);
        let message = object.label("message").or_else(|| object.label("error"));
        // `errors` since 2023 (D), `details` before (J).
        let mut fields: Vec<FieldError> = object.parts("errors");
        if fields.is_empty() {
            fields = object.parts("details");
        }
        fields.truncate(MOST_FIELDS);
        let mut items = items_named(object);
        if items.is_empty() {
            items = object.object("data").as_ref().map(items_named).unwrap_or_default();
        }
        Self {
            code: code("code"),
            description: code("codeDescription"),
            message: message.map(|text| printable(&text, LONGEST_MESSAGE)),
            fields,
            items,
        }
    }

    fn says(&self, word: &str) -> bool {
        let texts = [&self.description, &self.code, &self.message];
        texts.into_iter().flatten().any(|text| text.to_ascii_uppercase().contains(word))
    }

    /// The API answers a missing, wrong or lapsed key with 403 too (J), so the sentence has to tell.
    fn is_about_the_key(&self) -> bool {
        ["AUTHORIZATION TOKEN", "INVALID TOKEN", "TOKEN EXPIRED", "EXPIRED TOKEN", "API KEY", "JWT"]
            .into_iter()
            .any(|words| self.says(words))
    }

    /// Cases that pass by themselves, which are answered with 400 (D *items*).
    fn is_busy(&self) -> bool {
        self.description.as_deref().is_some_and(|word| {
            matches!(word, "ITEM_ALREADY_UPDATING" | "ITEM_IS_ALREADY_UPDATING")
                || word.starts_with("CLIENT_IS_UPDATING")
        })
    }

    /// The word stands in any of three members, and has lost its last letter at times.
    fn is_about_a_duplicate(&self) -> bool {
        self.says("ITEM_USER_ALREADY_EXIST")
    }

    /// Cases that only the client's contract with Pluggy can change (D *items*).
    fn is_about_the_subscription(&self) -> bool {
        const BEGINNINGS: [&str; 5] = [
            "CREATE_ITEMS_API_FREE_DISABLED",
            "SANDBOX_CLIENT_ITEM",
            "ITEM_CREATION_LIMIT_EXCEEDED",
            "CLIENT_HAS_ITEM",
            "TOO_MANY_CONSECUTIVE_ERRORS",
        ];
        let word = self.description.as_deref().unwrap_or_default();
        BEGINNINGS.into_iter().any(|beginning| word.starts_with(beginning))
    }
}

/// Identifiers of items in a list of them, or of objects that have them; what could be none is left out.
fn items_named(object: &Object<'_>) -> Vec<String> {
    let named = |text: &String| crate::api::identifier(text).is_ok();
    let mut items: Vec<String> = object.words("items");
    items.extend(object.parts::<Named>("items").into_iter().map(|one| one.0));
    items.extend(object.part::<Named>("item").map(|one| one.0));
    items.retain(named);
    items.truncate(MOST_FIELDS);
    items
}

struct Named(String);

impl Read for Named {
    fn read(object: &Object<'_>) -> Option<Self> {
        object.text("id").map(Self)
    }
}

impl Read for FieldError {
    fn read(object: &Object<'_>) -> Option<Self> {
        let text = |name: &str| object.text(name).map(|text| printable(&text, LONGEST_MESSAGE));
        let (code, message, parameter) = (text("code"), text("message"), text("parameter"));
        if message.is_none() && parameter.is_none() {
            return None;
        }
        Some(Self {
            code: code.unwrap_or_default(),
            message: message.unwrap_or_default(),
            parameter: parameter.unwrap_or_default(),
        })
    }
}

/// `Retry-After` as seconds or as a date (RFC 9110 §10.2.3), an hour at most.
fn retry_after(value: Option<&str>, now: Timestamp) -> Option<Timestamp> {
    let value = value?.trim();
    let latest = now.checked_add(LONGEST_PAUSE).ok()?;
    let at = if value.bytes().all(|byte| byte.is_ascii_digit()) && !value.is_empty() {
        let seconds = value.parse().unwrap_or(i64::MAX).min(LONGEST_PAUSE.as_secs());
        now.checked_add(SignedDuration::from_secs(seconds)).ok()?
    } else {
        jiff::fmt::rfc2822::parse(value).ok()?.timestamp()
    };
    (at > now).then(|| at.min(latest))
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match &self.kind {
            ErrorKind::Unauthorized => "the key or token was refused",
            ErrorKind::Forbidden => "not allowed",
            ErrorKind::NotFound => "not found",
            ErrorKind::Invalid { .. } => "something that was sent is wrong",
            ErrorKind::RateLimited { .. } => "too many requests",
            ErrorKind::ConnectorOffline => "the institution cannot be reached at present",
            ErrorKind::Conflict => "in use",
            ErrorKind::AlreadyExists { .. } => "there already",
            ErrorKind::Unavailable { .. } => "the server is in trouble",
            ErrorKind::CompanyMisconfigured => "the company's endpoint lacks its keys",
            ErrorKind::Unreadable(why) => return write!(f, "Pluggy's answer ({}) is {why}", self.status),
        };
        write!(f, "Pluggy answered {}: {what}", self.status)
    }
}

impl fmt::Debug for ApiError {
    /// Without any of the server's texts, which may quote what was sent.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiError({}, {:?})", self.status, self.kind)
    }
}

impl fmt::Debug for FieldError {
    /// Without texts, for the same reason.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FieldError(…)")
    }
}

impl std::error::Error for ApiError {}
