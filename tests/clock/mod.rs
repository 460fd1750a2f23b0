//! A clock that runs fast and can be sent ahead, so that minutes of till time pass in a test of seconds. Shared by all tills
//! of a test, also after a restart; the network stays real.

use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use secupos::till::clock::Clock;

/// So many times as fast as the machine's, unless a test says otherwise.
pub const FASTER: u32 = 20;

/// What was added to the clocks.
#[derive(Clone, Copy, Default)]
struct Ahead {
    /// The machine was awake for so much longer.
    awake: Duration,
    /// It slept for so long besides.
    asleep: Duration,
    /// Somebody has set the wall clock by so many milliseconds.
    wall: i64,
    /// How often it was started again.
    boots: u32,
}

/// The fast clock.
pub struct FastClock {
    origin: Instant,
    faster: u32,
    ahead: Mutex<Ahead>,
}

impl FastClock {
    pub fn new() -> Self {
        FastClock::times(FASTER)
    }

    /// One that runs so many times as fast as the machine's.
    pub fn times(faster: u32) -> Self {
        FastClock { origin: Instant::now(), faster, ahead: Mutex::default() }
    }

    /// So much time passes while the machine is awake.
    pub fn pass(&self, time: Duration) {
        self.ahead.lock().expect("not poisoned").awake += time;
    }

    /// The machine sleeps for so long.
    pub fn suspend(&self, time: Duration) {
        self.ahead.lock().expect("not poisoned").asleep += time;
    }

    /// Somebody sets the wall clock by so many milliseconds.
    pub fn set_wall(&self, by: i64) {
        self.ahead.lock().expect("not poisoned").wall += by;
    }

    /// The machine is started again.
    pub fn boot_again(&self) {
        self.ahead.lock().expect("not poisoned").boots += 1;
    }

    fn ahead(&self) -> Ahead {
        *self.ahead.lock().expect("not poisoned")
    }
}

impl Clock for FastClock {
    fn now(&self) -> i64 {
        let real = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970") - self.origin.elapsed();
        let Ahead { asleep, wall, .. } = self.ahead();
        i64::try_from((real + self.awake() + asleep).as_millis()).expect("a time") + wall
    }

    fn elapsed(&self) -> Duration {
        self.awake()
    }

    fn awake(&self) -> Duration {
        self.origin.elapsed() * self.faster + self.ahead().awake
    }

    fn on(&self) -> Duration {
        self.awake() + self.ahead().asleep
    }

    fn boot(&self) -> Option<String> {
        Some(self.ahead().boots.to_string())
    }

    fn sleep(&self, duration: Duration) {
        std::thread::sleep(self.real(duration));
    }

    fn real(&self, duration: Duration) -> Duration {
        duration / self.faster
    }
}
