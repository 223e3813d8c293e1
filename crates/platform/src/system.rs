//! The system clock and the system's randomness.

use async_trait::async_trait;
use connections::ports::{Clock, Random};
use jiff::Timestamp;
use std::time::Duration;

/// The wall clock.
pub struct SystemClock;

#[async_trait]
impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

/// Randomness of the operating system.
pub struct SystemRandom;

impl Random for SystemRandom {
    fn bytes(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        #[expect(
            clippy::expect_used,
            reason = "without randomness nothing may go on, and every system we run on has it"
        )]
        getrandom::fill(&mut bytes).expect("the operating system gives randomness");
        bytes
    }
}
