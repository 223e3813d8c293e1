//! A clock that is moved on from outside, for builds that tests drive. No build that is handed out has it.

use crate::system::SystemClock;
use async_trait::async_trait;
use connections::ports::Clock;
use jiff::{SignedDuration, Timestamp};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Names the file that says by how many seconds the clock is ahead.
const VARIABLE: &str = "MOORING_CLOCK_AHEAD";
/// How soon a move is noticed.
const LOOK: Duration = Duration::from_millis(100);

/// The wall clock, or ahead of it.
pub struct DrivenClock {
    ahead: Option<PathBuf>,
}

impl DrivenClock {
    /// Of this process.
    pub fn from_environment() -> Self {
        Self { ahead: std::env::var_os(VARIABLE).map(PathBuf::from) }
    }

    fn ahead(&self) -> SignedDuration {
        let text = self.ahead.as_ref().and_then(|file| std::fs::read_to_string(file).ok());
        SignedDuration::from_secs(text.and_then(|text| text.trim().parse().ok()).unwrap_or_default())
    }
}

#[async_trait]
impl Clock for DrivenClock {
    fn now(&self) -> Timestamp {
        SystemClock.now() + self.ahead()
    }

    async fn sleep(&self, duration: Duration) {
        let (began, before) = (Instant::now(), self.ahead());
        while self.ahead() == before {
            let left = duration.saturating_sub(began.elapsed());
            if left.is_zero() {
                return;
            }
            SystemClock.sleep(left.min(LOOK)).await;
        }
    }
}
