//! Time, behind a trait, so that the flow can be simulated with virtual time.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// What the flow knows of time.
pub trait Clock: Send + Sync {
    /// Unix time in milliseconds, UTC. For the records only: a person may set this clock.
    fn now(&self) -> i64;
    /// Time since some fixed moment. Never goes back; all waiting is measured by it.
    fn elapsed(&self) -> Duration;
    /// Waits.
    fn sleep(&self, duration: Duration);
}

/// The machine's clocks.
pub struct SystemClock {
    origin: Instant,
}

impl SystemClock {
    /// Counts from now.
    pub fn new() -> Self {
        SystemClock { origin: Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        SystemClock::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    fn elapsed(&self) -> Duration {
        self.origin.elapsed()
    }

    fn sleep(&self, duration: Duration) {
        std::thread::sleep(duration);
    }
}
