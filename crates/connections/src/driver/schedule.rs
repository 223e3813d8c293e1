//! Work that nobody asked for: renewing ahead of time, telling providers late, ending attempts.
//!
//! Timers of the operating system stand still while a machine sleeps and do not follow a clock that is set. So the
//! schedule never sleeps longer than [`LONGEST_SLEEP`] and compares with the wall clock each time it wakes; that
//! costs no provider anything. With nothing to wait for it sleeps until something changes.

use super::refresh::Asker;
use super::{Connections, Inner};
use crate::attempt::STALL_AFTER;
use crate::id::{AttemptId, ConfigKey, ConnectionKey};
use crate::ports::PendingRevocation;
use crate::step::{CLOCK_STEP, add};
use crate::view::{AttemptHint, AttemptPhase};
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::sync::{Arc, Weak};
use std::time::Duration;

/// How long the schedule trusts a timer.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);
/// What the schedule lets run at once: a start after weeks must not be a burst.
const MOST_AT_ONCE: usize = 16;
/// Of these, refreshes at one host.
const MOST_AT_ONE_HOST: usize = 4;
/// Looks at an aggregator that run at once.
const MOST_LOOKS: usize = 4;
/// Items whose data is fetched at once.
const MOST_FETCHES: usize = 4;
/// Providers that are told of a revocation at once.
const MOST_TELLINGS: usize = 4;

pub(super) async fn run(core: Weak<Inner>) {
    loop {
        let Some(inner) = core.upgrade() else { return };
        let (wake, clock) = (Arc::clone(&inner.wake), Arc::clone(&inner.ports.clock));
        let due = Connections { inner };
        let pause = if due.is_resting() {
            None
        } else {
            due.do_due().await;
            due.until_next()
        };
        // While it sleeps it must not keep the core alive.
        drop(due);
        tokio::select! {
            () = wake.notified() => {}
            () = sleep_or_forever(clock.as_ref(), pause) => {}
        }
    }
}

async fn sleep_or_forever(clock: &dyn crate::ports::Clock, pause: Option<Duration>) {
    match pause {
        Some(pause) => clock.sleep(pause.min(LONGEST_SLEEP)).await,
        None => std::future::pending().await,
    }
}

/// What is due at one instant.
#[derive(Default)]
struct Due {
    /// With the grant revision that is due.
    refreshes: Vec<(ConnectionKey, u64)>,
    revocations: Vec<String>,
    expired: Vec<AttemptId>,
    stalled: Vec<AttemptId>,
    looks: Vec<ConnectionKey>,
    fetches: Vec<ConnectionKey>,
    expired_links: Vec<AttemptId>,
    data_looks: Vec<ConnectionKey>,
    lists: Vec<ConfigKey>,
}

fn is_held(state: &super::State, key: &ConnectionKey, now: Timestamp) -> bool {
    state.held.get(key).is_some_and(|until| *until > now)
}

impl Connections {
    async fn do_due(&self) {
        let now = self.now();
        self.notice_clock(now);
        let due = self.due(now);
        for id in due.expired {
            if let Err(error) = self.end_attempt(&id, AttemptPhase::Expired, None).await {
                tracing::warn!(%error, "an attempt that is over could not be closed");
            }
        }
        for id in due.stalled {
            self.hint(&id, AttemptHint::Stalled);
        }
        for (key, revision) in due.refreshes {
            // Counted as under way from here on, so that the next look at what is due does not begin it again. What
            // went wrong is in the connection; nobody waits for it here.
            drop(self.renewal_since(&key, revision, Asker::Schedule));
        }
        for key in due.looks {
            let core = self.clone();
            tokio::spawn(async move { core.look(&key).await });
        }
        for key in due.fetches {
            let core = self.clone();
            tokio::spawn(async move { core.fetch(&key).await });
        }
        for id in due.expired_links {
            if let Err(error) = self.end_link_attempt(&id, AttemptPhase::Expired, None).await {
                tracing::warn!(%error, "an approval that is over could not be closed");
            }
        }
        for key in due.data_looks {
            let core = self.clone();
            tokio::spawn(async move { core.look_data(&key).await });
        }
        for key in due.lists {
            let core = self.clone();
            tokio::spawn(async move { core.list_by_schedule(&key).await });
        }
        for id in due.revocations {
            // A provider that does not answer keeps nothing else waiting.
            if let Some(telling) = self.begin_telling(&id) {
                tokio::spawn(async move { telling.tell().await });
            }
        }
    }

    /// A clock that was set back leaves instants ahead that were near: they come along, and what is due is seen anew.
    fn notice_clock(&self, now: Timestamp) {
        let mut state = self.state();
        let back = std::mem::replace(&mut state.looked_at, now).duration_since(now);
        if back <= CLOCK_STEP {
            return;
        }
        for progress in state.attempts.values_mut() {
            progress.set_back(back);
        }
        state.codat.set_back(back);
        state.connections.set_looks_back(back);
        for pending in state.revocations.values_mut() {
            pending.next_at = add(pending.next_at, -back);
        }
        state.held.clear();
        state.connections.index_anew(now);
    }

    fn due(&self, now: Timestamp) -> Due {
        let state = self.state();
        let mut due = Due { refreshes: Self::due_refreshes(&state, now), ..Due::default() };
        let untold = |one: &&PendingRevocation| one.next_at <= now && !state.telling.contains(&one.id);
        due.revocations = state.revocations.values().filter(untold).map(|one| one.id.clone()).collect();
        due.revocations.truncate(MOST_TELLINGS.saturating_sub(state.telling.len()));
        let room = MOST_LOOKS.saturating_sub(state.pluggy.looking.len());
        due.looks = Self::due_looks(&state, now);
        due.looks.truncate(room);
        let room = MOST_FETCHES.saturating_sub(state.pluggy.fetching.len());
        due.fetches = Self::due_fetches(&state, now);
        due.fetches.truncate(room);
        let room = MOST_LOOKS.saturating_sub(state.codat.looking.len());
        due.data_looks = Self::due_data_looks(&state, now);
        due.data_looks.truncate(room);
        due.lists = Self::due_lists(&state, now);
        for link in state.codat.attempts.values().filter(|one| one.is_open()) {
            if link.ends_at() <= now {
                due.expired_links.push(link.id().clone());
            } else if link.is_waiting() && link.hint.is_none() && add(link.moved_at, STALL_AFTER) <= now {
                due.stalled.push(link.id().clone());
            }
        }
        for progress in state.attempts.values().filter(|one| one.is_waiting()) {
            if progress.attempt.expires_at <= now {
                due.expired.push(progress.attempt.id.clone());
            } else if progress.stalls_at().is_some_and(|at| at <= now) {
                due.stalled.push(progress.attempt.id.clone());
            }
        }
        due
    }

    /// What is to be refreshed now: not too much at once, and of that not too much at one host. An outage or a queue
    /// at one provider keeps no other one waiting.
    fn due_refreshes(state: &super::State, now: Timestamp) -> Vec<(ConnectionKey, u64)> {
        let host = |config: &ConfigKey| {
            state.configs.get(config).map(|one| one.provider().token_host()).unwrap_or_default()
        };
        let mut room = MOST_AT_ONCE.saturating_sub(state.refreshing.len());
        let mut at_host: BTreeMap<String, usize> = BTreeMap::new();
        for key in state.refreshing.keys() {
            *at_host.entry(host(&key.config_key)).or_default() += 1;
        }
        let mut refreshes = Vec::new();
        for (config, due) in state.connections.due() {
            let busy = at_host.entry(host(config)).or_default();
            let free = MOST_AT_ONE_HOST.saturating_sub(*busy).min(room);
            let ready = due
                .take_while(|(at, _)| *at <= now)
                .map(|(_, key)| key)
                .filter(|key| !state.refreshing.contains_key(*key) && !is_held(state, key, now));
            let before = refreshes.len();
            let with_revision =
                |key: &ConnectionKey| state.connections.get(key).map(|one| (key.clone(), one.grant_revision));
            refreshes.extend(ready.take(free).filter_map(with_revision));
            let taken = refreshes.len() - before;
            *busy += taken;
            room -= taken;
        }
        refreshes
    }

    /// How long until something is due; `None` when nothing ever is.
    fn until_next(&self) -> Option<Duration> {
        let now = self.now();
        let state = self.state();
        let waiting = |key: &ConnectionKey| !state.refreshing.contains_key(key) && !is_held(&state, key, now);
        let held = state.held.values().copied().filter(|until| *until > now);
        let refreshes = state
            .connections
            .due()
            .filter_map(|(_, mut due)| due.find(|(_, key)| waiting(key)).map(|(at, _)| at));
        let untold = state.revocations.values().filter(|one| !state.telling.contains(&one.id));
        let revocations = untold.map(|one| one.next_at);
        let attempts =
            state.attempts.values().filter(|one| one.is_waiting()).map(|one| {
                one.stalls_at().map_or(one.attempt.expires_at, |at| at.min(one.attempt.expires_at))
            });
        let links = state.codat.attempts.values().filter(|one| one.is_open()).map(|one| {
            let stall = (one.is_waiting() && one.hint.is_none()).then(|| add(one.moved_at, STALL_AFTER));
            stall.map_or(one.ends_at(), |stall| stall.min(one.ends_at()))
        });
        let data = Self::next_data_look(&state).into_iter().chain(Self::next_list(&state, now)).chain(links);
        let next = refreshes
            .chain(held)
            .chain(revocations)
            .chain(attempts)
            .chain(Self::next_look(&state))
            .chain(Self::next_fetch(&state))
            .chain(data)
            .min()?;
        // At least a moment: what is due and cannot start for want of room must not spin.
        let pause = next.duration_since(now).max(jiff::SignedDuration::from_millis(200));
        Duration::try_from(pause).ok()
    }
}
