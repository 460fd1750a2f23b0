//! A clock that runs fast, the same for all processes of a till: minutes of till time pass in seconds. The network stays real.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use secupos::os;
use secupos::till::clock::Clock;

/// The machine's clocks, so many times as fast. Only the wall clock is left alone: whatever must be long enough, the
/// library counts by the others.
pub struct FastClock {
    faster: u32,
    boot: Option<String>,
}

impl FastClock {
    pub fn times(faster: u32) -> FastClock {
        FastClock { faster, boot: os::clock::boot() }
    }
}

impl Clock for FastClock {
    fn now(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    fn elapsed(&self) -> Duration {
        self.awake()
    }

    fn awake(&self) -> Duration {
        os::clock::awake() * self.faster
    }

    fn on(&self) -> Duration {
        os::clock::on() * self.faster
    }

    fn boot(&self) -> Option<String> {
        self.boot.clone()
    }

    fn sleep(&self, duration: Duration) {
        std::thread::sleep(self.real(duration));
    }

    fn real(&self, duration: Duration) -> Duration {
        duration / self.faster
    }
}
