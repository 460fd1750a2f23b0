//! The real clock, as the model counts: so long since the beginning.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

pub(crate) struct Clock {
    started: Instant,
    /// The same instant in Unix time.
    pub(crate) began: Duration,
}

impl Clock {
    /// One that begins now.
    pub(crate) fn begin() -> Clock {
        Clock { started: Instant::now(), began: SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default() }
    }

    /// How much time has passed since.
    pub(crate) fn now(&self) -> Duration {
        self.started.elapsed()
    }
}
