//! Writing the audit, reading it, keeping it short.

use super::deciding::written;
use super::{Callers, GateEvent};
use crate::audit::{AuditFilter, AuditLine, first_number_at};
use crate::caller::{Access, Caller, CallerId};
use crate::gate::Outcome;
use crate::ports::KnownCaller;
use connections::ConnectionKey;
use connections::error::CoreError;
use jiff::SignedDuration;

/// Callers without any decision that are remembered; beyond, the one that asked longest ago goes.
const MOST_UNDECIDED: usize = 200;
/// Lines that are read at a time while looking for those that are asked for.
const CHUNK: usize = 500;
/// Lines that are told at once.
const LONGEST_PAGE: usize = 1_000;

impl Callers {
    /// Lines of the audit, the newest first, and whether there are older ones.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn audit(
        &self,
        filter: &AuditFilter,
        before: Option<u64>,
        limit: usize,
    ) -> Result<(Vec<AuditLine>, bool), CoreError> {
        let limit = limit.clamp(1, LONGEST_PAGE);
        let (mut lines, mut before) = (Vec::new(), before);
        // Lines stay open for a minute, so one of an older number can be as young as this.
        let oldest = filter.since.map(|since| first_number_at(since - SignedDuration::from_mins(1)));
        loop {
            let chunk = self.inner.ports.store.audit(before, CHUNK).await?;
            let last = chunk.last().map(|line| line.sequence);
            let ended = chunk.len() < CHUNK || last.zip(oldest).is_some_and(|(last, oldest)| last < oldest);
            for line in chunk {
                let line = self.state().ledger.newest(line);
                if filter.takes(&line) {
                    lines.push(line);
                }
                if lines.len() > limit {
                    lines.truncate(limit);
                    return Ok((lines, true));
                }
            }
            if ended {
                return Ok((lines, false));
            }
            before = last;
        }
    }

    /// Writes what was only counted so far, as before the vault is locked.
    pub async fn flush(&self) {
        let lines = self.state().ledger.close_all();
        self.write_lines(lines).await;
    }

    pub(super) async fn write_down(
        &self,
        caller: &Caller,
        access: Access,
        connection: Option<&ConnectionKey>,
        outcome: &Outcome,
    ) {
        let (lines, forgotten) = {
            let now = self.now();
            let mut state = self.state();
            let mut forgotten = None;
            let known = match state.known.get_mut(&caller.id) {
                Some(known) => known,
                None => {
                    forgotten = superfluous(&mut state.known);
                    state.known.entry(caller.id.clone()).or_insert(KnownCaller::new(caller, now))
                }
            };
            known.asked += 1;
            known.last_asked_at = Some(now);
            (state.ledger.add(caller, access, connection, outcome, now), forgotten)
        };
        if let Some(forgotten) = forgotten {
            self.forget(forgotten).await;
        }
        if !lines.is_empty() {
            self.write_lines(lines).await;
        }
    }

    pub(super) async fn flush_overdue(&self) {
        let now = self.now();
        let lines = self.state().ledger.close_overdue(now);
        self.write_lines(lines).await;
    }

    /// Removes a caller from the disk, unless something was decided about it meanwhile: that stays.
    async fn forget(&self, id: CallerId) {
        let _turn = self.inner.writes.lock().await;
        if self.state().known.contains_key(&id) {
            return;
        }
        if let Err(error) = self.inner.ports.store.delete_callers(vec![id]).await {
            tracing::warn!(%error, "a caller could not be forgotten");
        }
    }

    /// The audit never keeps an answer from being given: a full disk is told in the log. Lines that come while others
    /// are written are written together, by whoever has the next turn.
    async fn write_lines(&self, lines: Vec<AuditLine>) {
        {
            let mut state = self.state();
            state.unwritten.extend(lines);
            if state.unwritten.is_empty() {
                return;
            }
        }
        {
            let _turn = self.inner.writes.lock().await;
            let lines = std::mem::take(&mut self.state().unwritten);
            if lines.is_empty() {
                return;
            }
            let callers = self.callers_of(&lines);
            let store = &self.inner.ports.store;
            // At once, so that the store can bring both to disk together.
            let (audit, callers) = tokio::join!(store.put_audit(lines), store.put_callers(callers));
            if let Err(error) = audit {
                tracing::warn!(%error, "a line of the audit could not be written");
            }
            if let Err(error) = callers {
                tracing::warn!(%error, "that a caller asked could not be written");
            }
        }
        self.tell(GateEvent::AuditChanged);
    }

    fn callers_of(&self, lines: &[AuditLine]) -> Vec<KnownCaller> {
        let state = self.state();
        let mut ids: Vec<&CallerId> = lines.iter().map(|line| &line.caller).collect();
        ids.sort();
        ids.dedup();
        ids.into_iter().filter_map(|id| state.known.get(id)).map(written).collect()
    }

    /// Removes what is older than the person wants it kept.
    pub(super) async fn prune(&self) {
        let days = i64::from(self.settings().audit_days);
        let oldest = self.now().checked_sub(SignedDuration::from_hours(24 * days));
        let Ok(oldest) = oldest else { return };
        if let Err(error) = self.inner.ports.store.prune_audit(first_number_at(oldest)).await {
            tracing::warn!(%error, "old lines of the audit could not be removed");
        }
    }
}

/// Takes away a caller about which nothing was decided, when there is no room for one more of them.
fn superfluous(known: &mut std::collections::BTreeMap<CallerId, KnownCaller>) -> Option<CallerId> {
    let undecided = known.values().filter(|one| one.permissions.is_empty());
    if undecided.clone().count() < MOST_UNDECIDED {
        return None;
    }
    let oldest = undecided.min_by_key(|one| one.last_asked_at).map(|one| one.caller.id.clone())?;
    known.remove(&oldest);
    Some(oldest)
}
