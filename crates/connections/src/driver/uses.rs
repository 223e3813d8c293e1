//! Writing down who got a token and who was refused: often enough to be true, seldom enough for a disk.

use super::{Connections, State, line_about};
use crate::activity::{Activity, ActivityKind};
use crate::error::{CoreError, ErrorCode, wire_name};
use crate::id::ConnectionKey;
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
        let written = match refusal {
            Some(error) => match self.news_of_refusal(key, caller, error.code, now) {
                Some(line) => self.write(Vec::new(), vec![line]).await,
                None => return,
            },
            None if self.takes_it_to_write(key, now) => {
                let used = Event::Used { caller: caller.to_owned() };
                self.apply(key, used, |_| Vec::new()).await.map(drop)
            }
            None => return,
        };
        if let Err(error) = written {
            tracing::warn!(%error, "a use could not be written down");
        }
    }

    /// The line about a refusal, if it says anything new.
    fn news_of_refusal(
        &self,
        key: &ConnectionKey,
        caller: &str,
        code: ErrorCode,
        now: Timestamp,
    ) -> Option<Activity> {
        let mut state = self.state();
        let State { connections, refusals, .. } = &mut *state;
        let connection = connections.get(key).filter(|_| refusals.is_news(key, caller, code, now))?;
        let params = [("caller", caller.to_owned()), ("code", wire_name(&code))];
        Some(line_about(connection, now, ActivityKind::TokenRefused, &params))
    }

    /// Whether this use is to be written down. Of many at once the first is, and the others do not wait for it.
    pub(super) fn takes_it_to_write(&self, key: &ConnectionKey, now: Timestamp) -> bool {
        let mut state = self.state();
        let Some(connection) = state.connections.get(key) else { return false };
        let last = connection.last_used_at.max(state.uses.get(key).copied());
        if last.is_some_and(|last| stands(last, USE_WRITTEN_EVERY, now)) {
            return false;
        }
        state.uses.insert(key.clone(), now);
        true
    }
}

/// Whether what was written then need not be written again. What seems to lie ahead was written before the clock was
/// set back, and stands for nothing.
fn stands(written: Timestamp, long: SignedDuration, now: Timestamp) -> bool {
    written <= now && now.duration_since(written) < long
}
