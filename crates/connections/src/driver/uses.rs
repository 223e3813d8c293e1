//! Writing down who got a token and who was refused: often enough to be true, seldom enough for a disk.

use super::{Connections, line_about};
use crate::activity::ActivityKind;
use crate::error::{CoreError, ErrorCode, wire_name};
use crate::id::ConnectionKey;
use crate::ports::Change;
use crate::step::Event;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;

/// How long a use stands before the next one is written down again: an audit line and a disk write a minute, not one
/// a request.
const USE_WRITTEN_EVERY: SignedDuration = SignedDuration::from_mins(1);
/// The same for a refusal of one caller for one reason: a program that polls through an outage says nothing new.
const REFUSAL_WRITTEN_EVERY: SignedDuration = SignedDuration::from_hours(1);

/// Refusals that were written down of late.
#[derive(Default)]
pub(super) struct Refusals(HashMap<(ConnectionKey, String, ErrorCode), Timestamp>);

impl Refusals {
    /// Whether this one is news; it counts as written from then on.
    fn is_news(&mut self, key: &ConnectionKey, caller: &str, code: ErrorCode, now: Timestamp) -> bool {
        self.0.retain(|_, at| stands(*at, REFUSAL_WRITTEN_EVERY, now));
        let refusal = (key.clone(), caller.to_owned(), code);
        let known = self.0.contains_key(&refusal);
        if !known {
            self.0.insert(refusal, now);
        }
        !known
    }
}

impl Connections {
    pub(super) async fn write_use(&self, key: &ConnectionKey, caller: &str, refusal: Option<&CoreError>) {
        let now = self.now();
        let Some(connection) = self.state().connections.get(key).cloned() else { return };
        let params = vec![("caller", caller.to_owned())];
        let written = if let Some(error) = refusal {
            if !self.state().refusals.is_news(key, caller, error.code, now) {
                return;
            }
            let mut params = params;
            params.push(("code", wire_name(&error.code)));
            let line = line_about(&connection, now, ActivityKind::TokenRefused, &params);
            self.write(Vec::new(), vec![line]).await
        } else if connection.last_used_at.is_none_or(|last| !stands(last, USE_WRITTEN_EVERY, now)) {
            let line = line_about(&connection, now, ActivityKind::TokenGiven, &params);
            self.apply(key, Event::Used, |_| vec![Change::Log(line)]).await.map(drop)
        } else {
            Ok(())
        };
        if let Err(error) = written {
            tracing::warn!(%error, "a use could not be written down");
        }
    }
}

/// Whether what was written then need not be written again. What seems to lie ahead was written before the clock was
/// set back, and stands for nothing.
fn stands(written: Timestamp, long: SignedDuration, now: Timestamp) -> bool {
    written <= now && now.duration_since(written) < long
}
