//! Locking by itself: when nobody was there for a while, when the computer sleeps, when its session is locked.
//!
//! Somebody is there who types or points in our window, in a page that we opened for an approval, or, where the system
//! tells, anywhere on the computer. Time is wall-clock time, since timers stand still while a machine sleeps.

use crate::{Core, Inner, Phase, Runtime};
use connections::ports::Clock;
use jiff::{SignedDuration, Timestamp};
use std::sync::{Arc, PoisonError, Weak};
use std::time::Duration;

/// The window tells of input once a minute, and late by a moment; it is not too late by less than this.
const GRACE: Duration = Duration::from_secs(10);
/// How long a timer is trusted.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// What the person chose about locking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Policy {
    /// Lock after so long without input.
    pub lock_after: Option<Duration>,
    /// Lock when the computer sleeps or its session is locked.
    pub with_system: bool,
    /// What goes on meanwhile.
    pub while_locked: WhileLocked,
}

/// What goes on while it is locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WhileLocked {
    /// Nothing: the vault is closed.
    #[default]
    Nothing,
    /// Access is renewed ahead of time; the vault stays open for that alone.
    KeepAlive,
}

/// Tells for how long nobody has touched the computer.
pub trait IdleSource: Send + Sync {
    /// For how long; `None` where the system does not say. May block for a moment.
    fn idle_for(&self) -> Option<Duration>;
}

/// What to do at a moment.
#[derive(Debug, PartialEq, Eq)]
enum Decision {
    Lock,
    LookAgainIn(Duration),
}

/// Whether it is time. Input in the future is a clock that was set back, and counts as now.
fn decide(lock_after: Duration, last_input: Timestamp, now: Timestamp) -> Decision {
    let idle = now.duration_since(last_input.min(now));
    let limit = SignedDuration::try_from(lock_after + GRACE).unwrap_or(SignedDuration::MAX);
    match Duration::try_from(limit.saturating_sub(idle)) {
        Ok(left) if !left.is_zero() => Decision::LookAgainIn(left.min(LONGEST_SLEEP)),
        _ => Decision::Lock,
    }
}

impl Runtime {
    /// Takes what the person chose.
    pub fn set_policy(&self, policy: Policy) {
        *self.inner.policy.lock().unwrap_or_else(PoisonError::into_inner) = policy;
        self.inner.rethink.notify_one();
    }

    /// What the person chose.
    pub fn policy(&self) -> Policy {
        *self.inner.policy.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody typed or pointed, so long ago.
    pub fn saw_input(&self, ago: Duration) {
        let ago = SignedDuration::try_from(ago).unwrap_or(SignedDuration::MAX);
        let at = self.inner.clock.now().checked_sub(ago).unwrap_or(Timestamp::MIN);
        let mut last = self.inner.last_input.lock().unwrap_or_else(PoisonError::into_inner);
        *last = (*last).max(at);
    }

    /// The computer is about to sleep, or its session was locked.
    pub fn system_locks(&self) {
        if self.policy().with_system {
            self.lock();
        }
    }

    /// Watches for idleness for as long as the runtime lives.
    pub fn watch_idleness(&self, idle: Arc<dyn IdleSource>) {
        tokio::spawn(watch(Arc::downgrade(&self.inner), idle));
    }

    /// Unlocking is input; whatever was before it does not count.
    pub(crate) fn begin_session(&self) {
        *self.inner.last_input.lock().unwrap_or_else(PoisonError::into_inner) = self.inner.clock.now();
        self.inner.phase.send_replace(Phase::Ready);
        self.inner.rethink.notify_one();
    }

    async fn look_at_idleness(&self, idle: &Arc<dyn IdleSource>) -> Option<Duration> {
        let lock_after = self.policy().lock_after?;
        if self.phase() != Phase::Ready {
            return None;
        }
        if let Decision::LookAgainIn(pause) = self.decide_now(lock_after) {
            return Some(pause);
        }
        let in_a_page = match &*self.core() {
            Core::Open(open) => open.connections.waits_in_a_window(),
            _ => false,
        };
        if in_a_page {
            self.saw_input(Duration::ZERO);
        } else {
            let idle = Arc::clone(idle);
            let elsewhere = tokio::task::spawn_blocking(move || idle.idle_for()).await;
            if let Ok(Some(ago)) = elsewhere {
                self.saw_input(ago);
            }
        }
        match self.decide_now(lock_after) {
            Decision::LookAgainIn(pause) => Some(pause),
            Decision::Lock => {
                self.lock();
                None
            }
        }
    }

    fn decide_now(&self, lock_after: Duration) -> Decision {
        let last = *self.inner.last_input.lock().unwrap_or_else(PoisonError::into_inner);
        decide(lock_after, last, self.inner.clock.now())
    }
}

async fn watch(inner: Weak<Inner>, idle: Arc<dyn IdleSource>) {
    loop {
        let Some(inner) = inner.upgrade() else { return };
        let (rethink, clock) = (Arc::clone(&inner.rethink), Arc::clone(&inner.clock));
        let pause = Runtime { inner }.look_at_idleness(&idle).await;
        tokio::select! {
            () = rethink.notified() => {}
            () = sleep_or_forever(clock.as_ref(), pause) => {}
        }
    }
}

async fn sleep_or_forever(clock: &dyn Clock, pause: Option<Duration>) {
    match pause {
        Some(pause) => clock.sleep(pause).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::{Decision, GRACE, LONGEST_SLEEP, decide};
    use jiff::{SignedDuration, Timestamp};
    use std::time::Duration;

    const MINUTE: Duration = Duration::from_secs(60);

    fn after(seconds: i64) -> Decision {
        let last = Timestamp::from_second(1_700_000_000).unwrap();
        decide(MINUTE, last, last + SignedDuration::from_secs(seconds))
    }

    #[test]
    fn it_locks_at_the_limit_and_not_before() {
        let limit = i64::try_from((MINUTE + GRACE).as_secs()).unwrap();
        assert_eq!(after(0), Decision::LookAgainIn(LONGEST_SLEEP));
        assert_eq!(after(limit - 1), Decision::LookAgainIn(Duration::from_secs(1)));
        assert_eq!(after(limit), Decision::Lock);
        // Waking after a night: no timer has run, and the clock has moved on.
        assert_eq!(after(8 * 3600), Decision::Lock);
    }

    #[test]
    fn a_clock_that_was_set_back_counts_as_input() {
        assert_eq!(after(-3600), Decision::LookAgainIn(LONGEST_SLEEP));
    }
}
