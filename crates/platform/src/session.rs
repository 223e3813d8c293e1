//! What the desktop session tells: that the computer is about to sleep, that the session was locked, for how long nobody
//! was there.
//!
//! On Linux through systemd-logind (freedesktop `org.freedesktop.login1`) and what the desktop offers. Elsewhere sleep
//! is noticed when it is over, from a pause that took longer than it was meant to; the rest is not told, and callers
//! have to do without.

#[cfg(target_os = "linux")]
mod idle;
#[cfg(target_os = "linux")]
mod logind;
#[cfg(all(test, target_os = "linux"))]
mod test_bus;

use std::time::Duration;

/// What happened to the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionEvent {
    /// The computer sleeps as soon as the listener returns; it waits a few seconds at most.
    Sleep,
    /// Somebody, or the screen saver, locked the session.
    Lock,
}

/// Calls `on` for each event, on a thread of its own, for as long as the process lives. Without a service that tells,
/// it never does.
pub fn watch(on: impl Fn(SessionEvent) + Send + Sync + 'static) {
    #[cfg(target_os = "linux")]
    logind::watch(on);
    #[cfg(not(target_os = "linux"))]
    pauses::watch(on);
}

/// For how long nobody has touched the computer; `None` where nobody says. Blocks for a moment.
pub fn idle_for() -> Option<Duration> {
    #[cfg(target_os = "linux")]
    return idle::idle_for();
    #[cfg(not(target_os = "linux"))]
    None
}

/// Sleep as a gap in time, for systems that do not say it beforehand.
#[cfg(any(test, not(target_os = "linux")))]
mod pauses {
    use std::time::{Duration, SystemTime};

    /// How long one pause is meant to last.
    const PAUSE: Duration = Duration::from_secs(5);
    /// How late a busy computer may wake a thread.
    const LATE: Duration = Duration::from_secs(30);

    #[cfg(not(target_os = "linux"))]
    pub(super) fn watch(on: impl Fn(super::SessionEvent) + Send + 'static) {
        let spawned = std::thread::Builder::new().name("sleep".to_owned()).spawn(move || {
            loop {
                let before = SystemTime::now();
                std::thread::sleep(PAUSE);
                if was_asleep(before, SystemTime::now()) {
                    on(super::SessionEvent::Sleep);
                }
            }
        });
        if let Err(error) = spawned {
            tracing::warn!(%error, "no thread to watch the session");
        }
    }

    /// Whether a pause from `before` to `after`, by the clock on the wall, was one of the whole computer. A clock that
    /// was set forward looks the same, and locking then costs little.
    fn was_asleep(before: SystemTime, after: SystemTime) -> bool {
        after.duration_since(before).is_ok_and(|took| took > PAUSE + LATE)
    }

    #[cfg(test)]
    mod tests {
        use super::{LATE, PAUSE, SystemTime, was_asleep};
        use std::time::Duration;

        #[test]
        fn a_pause_of_the_computer_is_told_from_a_late_thread_and_a_clock_set_back() {
            let before = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
            assert!(!was_asleep(before, before + PAUSE));
            assert!(!was_asleep(before, before + PAUSE + LATE));
            assert!(was_asleep(before, before + Duration::from_secs(3_600)));
            assert!(!was_asleep(before, before - Duration::from_secs(3_600)));
        }
    }
}
