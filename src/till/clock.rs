//! Time, behind a trait, so that the flow can be simulated with virtual time.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::journal::Moment;
use crate::os;

/// What the flow knows of time.
pub trait Clock: Send + Sync {
    /// Unix time in milliseconds, UTC. For the records only: a person may set this clock.
    fn now(&self) -> i64;
    /// Time since some fixed moment. Never goes back; all waiting is measured by it.
    fn elapsed(&self) -> Duration;
    /// For how long the machine has been awake since it was started, by whatever process that is asked.
    fn awake(&self) -> Duration;
    /// The same, but time asleep counts.
    fn on(&self) -> Duration;
    /// Which start of the machine this is; none where nobody knows.
    fn boot(&self) -> Option<String>;
    /// Waits.
    fn sleep(&self, duration: Duration);
    /// How long that is for those who wait by the machine's own clock: for an answer, or for something to do.
    fn real(&self, duration: Duration) -> Duration {
        duration
    }

    /// What the journal keeps of all this.
    fn moment(&self) -> Moment {
        let awake = i64::try_from(self.awake().as_millis()).unwrap_or(i64::MAX);
        Moment { at: self.now(), awake, boot: self.boot() }
    }
}

/// The machine's clocks.
pub struct SystemClock {
    origin: Instant,
    boot: Option<String>,
}

impl SystemClock {
    /// Counts from now.
    pub fn new() -> Self {
        SystemClock { origin: Instant::now(), boot: os::clock::boot() }
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

    fn awake(&self) -> Duration {
        os::clock::awake()
    }

    fn on(&self) -> Duration {
        os::clock::on()
    }

    fn boot(&self) -> Option<String> {
        self.boot.clone()
    }

    fn sleep(&self, duration: Duration) {
        std::thread::sleep(duration);
    }
}

/// How much time has passed, by the clock that shows most: a machine that was asleep, or stood still, or whose clock was set,
/// may have kept somebody waiting.
pub(crate) struct Stopwatch {
    elapsed: Duration,
    on: Duration,
    wall: i64,
}

impl Stopwatch {
    pub(crate) fn start(clock: &dyn Clock) -> Self {
        Stopwatch { elapsed: clock.elapsed(), on: clock.on(), wall: clock.now() }
    }

    pub(crate) fn read(&self, clock: &dyn Clock) -> Duration {
        let by_the_wall = u64::try_from(clock.now().saturating_sub(self.wall)).unwrap_or(0);
        let elapsed = clock.elapsed().saturating_sub(self.elapsed);
        elapsed.max(clock.on().saturating_sub(self.on)).max(Duration::from_millis(by_the_wall))
    }
}
