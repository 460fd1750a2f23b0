//! Virtual time, as one process of the till sees it on a machine that sleeps, is started again, and whose clock is set; and
//! how that process dies.
//!
//! The till has two threads: the one that calls, which is the model's, and its own. So that a schedule can be repeated
//! exactly, only one of them moves at a time: the till's own waits at a gate until the model waits for it, and does what an
//! idle till does only when the model lets it.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::ThreadId;
use std::time::Duration;

use secupos::till::clock::Clock;

use super::world::World;

/// What the till's own thread is thrown out with when its process dies.
pub struct Killed;

/// Longer than any schedule takes: whoever waits for so long in real time waits for something else.
const FOR_EVER: Duration = Duration::from_secs(24 * 3600);

#[derive(Default)]
struct Gate {
    open: bool,
    /// The till may do what it does when nobody wants anything of it.
    may_be_idle: bool,
    /// The till's own thread has ended.
    ended: bool,
    /// So many requests are under way that others do not wait for.
    flights: u32,
}

/// One process, from open to its end.
#[derive(Clone)]
pub struct Life {
    world: Arc<Mutex<World>>,
    gate: Arc<(Mutex<Gate>, Condvar)>,
    model: ThreadId,
    /// For how long the machine had been awake when it began: its own clock counts from there.
    began: Duration,
}

pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A process that dies may leave it poisoned.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Life {
    pub fn new(world: Arc<Mutex<World>>) -> Self {
        let began = lock(&world).awake();
        Life { world, gate: Arc::default(), model: std::thread::current().id(), began }
    }

    fn change(&self, change: impl FnOnce(&mut Gate)) {
        change(&mut lock(&self.gate.0));
        self.gate.1.notify_all();
    }

    fn wait_until(&self, holds: impl Fn(&Gate) -> bool) {
        let mut gate = lock(&self.gate.0);
        while !holds(&gate) {
            gate = self.gate.1.wait(gate).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Lets the till's own thread go on.
    pub fn open_gate(&self) {
        self.change(|gate| gate.open = true);
    }

    /// Holds the till's own thread up, which is idle.
    pub fn close_gate(&self) {
        self.change(|gate| gate.open = false);
    }

    /// Lets the till, which was just opened, do what an idle one does, until it has done all of it.
    pub fn let_it_be_idle(&self) {
        self.change(|gate| (gate.may_be_idle, gate.open) = (true, true));
        self.wait_until(|gate| !gate.may_be_idle || gate.ended);
    }

    pub fn has_ended(&self) {
        self.change(|gate| gate.ended = true);
    }

    pub fn wait_for_its_end(&self) {
        self.wait_until(|gate| gate.ended);
    }

    pub fn takes_off(&self) {
        self.change(|gate| gate.flights += 1);
    }

    pub fn has_landed(&self) {
        self.change(|gate| gate.flights -= 1);
    }

    /// The world, when it is this thread's turn.
    pub fn world(&self) -> MutexGuard<'_, World> {
        if std::thread::current().id() != self.model {
            self.wait_until(|gate| gate.open);
        }
        lock(&self.world)
    }

    /// An instant at which the process may die, the machine may sleep, and somebody may set its clock.
    pub fn mortal(&self) {
        let mut world = self.world();
        let dies = world.dies_now();
        world.is_restless();
        drop(world);
        if dies {
            std::panic::resume_unwind(Box::new(Killed));
        }
    }
}

impl Clock for Life {
    fn now(&self) -> i64 {
        self.world().wall()
    }

    fn elapsed(&self) -> Duration {
        self.world().awake().saturating_sub(self.began)
    }

    fn awake(&self) -> Duration {
        self.world().awake()
    }

    fn on(&self) -> Duration {
        self.world().on()
    }

    fn boot(&self) -> Option<String> {
        Some(self.world().boots().to_string())
    }

    fn sleep(&self, duration: Duration) {
        self.mortal();
        self.world().pass(duration);
    }

    /// An answer is waited for in virtual time. For something to do the till waits in real time, and so for ever; unless the
    /// model lets it be idle, and it is time for that.
    fn real(&self, duration: Duration) -> Duration {
        let is_dead = lock(&self.world).dead;
        let mut gate = lock(&self.gate.0);
        if gate.flights > 0 {
            return duration;
        }
        if gate.may_be_idle && duration.is_zero() && !is_dead {
            return Duration::ZERO;
        }
        gate.may_be_idle = false;
        drop(gate);
        self.gate.1.notify_all();
        FOR_EVER
    }
}
