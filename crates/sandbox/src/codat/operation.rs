//! Pull operations: how far one has come follows from the time alone.
//!
//! Source: docs.codat.io, core concepts, status; the Platform API's OpenAPI description 3.0.0 (checked 2026-11-21).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a pull operation goes through between its start and its end, in equal parts, with the progress shown.
const STAGES: [(&str, u8); 8] = [
    ("Initial", 0),
    ("Fetching", 10),
    ("MapQueued", 40),
    ("Mapping", 50),
    ("ValidationQueued", 65),
    ("Validating", 75),
    ("ProcessingQueued", 85),
    ("Processing", 95),
];

/// How a pull operation ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SyncEnd {
    /// The data was read.
    Complete,
    /// The platform does not have this data; no failure.
    NotSupported,
    /// The platform could not be read.
    FetchError,
    /// What was read could not be understood.
    MapError,
    /// The connection is to be approved again.
    AuthError,
    /// The platform limits how often it is asked.
    RateLimitError,
    /// The person who approved may not read this data.
    PermissionsError,
    /// The connection was unlinked meanwhile.
    Cancelled,
}

impl SyncEnd {
    const fn word(self) -> &'static str {
        match self {
            Self::Complete => "Complete",
            Self::NotSupported => "NotSupported",
            Self::FetchError => "FetchError",
            Self::MapError => "MapError",
            Self::AuthError => "AuthError",
            Self::RateLimitError => "RateLimitError",
            Self::PermissionsError => "PermissionsError",
            Self::Cancelled => "Cancelled",
        }
    }

    const fn message(self) -> Option<&'static str> {
        match self {
            Self::Complete | Self::NotSupported => None,
            Self::FetchError => Some("The platform did not answer."),
            Self::MapError => Some("The platform's data was not understood."),
            Self::AuthError => Some("The connection has to be authorized again."),
            Self::RateLimitError => Some("The platform limits how often it may be asked."),
            Self::PermissionsError => Some("The person who authorized may not read this data."),
            Self::Cancelled => Some("The connection was unlinked."),
        }
    }
}

/// A request for one type of data of one connection.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Operation {
    pub id: String,
    pub company: String,
    pub connection: String,
    pub data_type: String,
    pub requested: Timestamp,
    pub starts: Timestamp,
    pub ends: Timestamp,
    pub end: SyncEnd,
    /// Whether its end was noted on the connection.
    pub settled: bool,
}

/// How far an operation has come.
pub(super) struct Standing {
    pub status: &'static str,
    pub progress: u8,
    pub is_completed: bool,
    pub is_errored: bool,
    pub error: Option<&'static str>,
    /// When it ended.
    pub completed: Option<Timestamp>,
    /// Until when the program on the person's computer is paused.
    pub paused_until: Option<Timestamp>,
}

impl Operation {
    pub(super) fn runs(&self, now: Timestamp) -> bool {
        now < self.ends
    }

    pub(super) fn stop(&mut self, end: SyncEnd, now: Timestamp) {
        self.end = end;
        self.starts = self.starts.min(now);
        self.ends = now;
    }

    pub(super) fn standing(&self, now: Timestamp) -> Standing {
        if !self.runs(now) {
            let is_completed = self.end == SyncEnd::Complete;
            return Standing {
                status: self.end.word(),
                progress: 100,
                is_completed,
                is_errored: !is_completed && self.end != SyncEnd::NotSupported,
                error: self.end.message(),
                completed: Some(self.ends),
                paused_until: None,
            };
        }
        let (status, progress) = if now < self.starts { ("Queued", 0) } else { self.stage(now) };
        let waits = now < self.starts && self.requested < self.starts;
        Standing {
            status,
            progress,
            is_completed: false,
            is_errored: false,
            error: None,
            completed: None,
            paused_until: waits.then_some(self.starts),
        }
    }

    fn stage(&self, now: Timestamp) -> (&'static str, u8) {
        let whole = self.ends.as_millisecond().saturating_sub(self.starts.as_millisecond()).max(1);
        let gone = now.as_millisecond().saturating_sub(self.starts.as_millisecond());
        let part = usize::try_from(gone.saturating_mul(8) / whole).unwrap_or(0);
        STAGES.get(part.min(STAGES.len() - 1)).copied().unwrap_or(("Processing", 95))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn operation() -> Operation {
        Operation {
            id: "1".to_owned(),
            company: "2".to_owned(),
            connection: "3".to_owned(),
            data_type: "invoices".to_owned(),
            requested: at(0),
            starts: at(10),
            ends: at(18),
            end: SyncEnd::Complete,
            settled: false,
        }
    }

    #[test]
    fn it_goes_through_its_stages_and_never_back() {
        let one = operation();
        assert_eq!(one.standing(at(9)).status, "Queued");
        assert_eq!(one.standing(at(9)).paused_until, Some(at(10)));
        let progress: Vec<u8> = (10..20).map(|second| one.standing(at(second)).progress).collect();
        assert!(progress.is_sorted() && progress[0] == 0 && progress[9] == 100, "{progress:?}");
        let end = one.standing(at(18));
        assert!(end.status == "Complete" && end.is_completed && !end.is_errored);
    }

    #[test]
    fn one_that_is_stopped_says_why() {
        let mut one = operation();
        one.stop(SyncEnd::AuthError, at(12));
        let end = one.standing(at(12));
        assert!(end.status == "AuthError" && !end.is_completed && end.is_errored && end.error.is_some());
        one.stop(SyncEnd::NotSupported, at(12));
        assert!(!one.standing(at(12)).is_errored, "what a platform does not have is no failure");
    }
}
