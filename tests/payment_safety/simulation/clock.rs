//! Virtual time, as one process of the till sees it, and how that process dies.
//!
//! The till has two threads: the one that calls, which is the model's, and its own. So that a schedule can be repeated
//! exactly, only one of them moves at a time: the till's own waits at a gate until the model waits for it.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::ThreadId;
use std::time::Duration;

use secupos::till::clock::Clock;

use super::world::World;

/// What the till's own thread is thrown out with when its process dies.
pub struct Killed;

#[derive(Default)]
struct Gate {
    open: bool,
    /// The till's own thread has ended.
    ended: bool,
}

/// One process, from open to its end.
#[derive(Clone)]
pub struct Life {
    world: Arc<Mutex<World>>,
    gate: Arc<(Mutex<Gate>, Condvar)>,
    model: ThreadId,
    /// When it began: its own clock counts from there.
    began: Duration,
    /// What its machine's clock shows at the beginning of the world, in Unix milliseconds.
    epoch: i64,
}

pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A process that dies may leave it poisoned.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Life {
    pub fn new(world: Arc<Mutex<World>>, epoch: i64) -> Self {
        let began = lock(&world).now;
        Life { world, gate: Arc::default(), model: std::thread::current().id(), began, epoch }
    }

    /// Lets the till's own thread go on.
    pub fn open_gate(&self) {
        lock(&self.gate.0).open = true;
        self.gate.1.notify_all();
    }

    /// Holds the till's own thread up, which is idle.
    pub fn close_gate(&self) {
        lock(&self.gate.0).open = false;
    }

    pub fn has_ended(&self) {
        lock(&self.gate.0).ended = true;
        self.gate.1.notify_all();
    }

    pub fn wait_for_its_end(&self) {
        let mut gate = lock(&self.gate.0);
        while !gate.ended {
            gate = self.gate.1.wait(gate).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The world, when it is this thread's turn.
    pub fn world(&self) -> MutexGuard<'_, World> {
        if std::thread::current().id() != self.model {
            let mut gate = lock(&self.gate.0);
            while !gate.open {
                gate = self.gate.1.wait(gate).unwrap_or_else(PoisonError::into_inner);
            }
        }
        lock(&self.world)
    }

    /// An instant at which the process may die.
    pub fn mortal(&self) {
        let dies = self.world().dies_now();
        if dies {
            std::panic::resume_unwind(Box::new(Killed));
        }
    }
}

impl Clock for Life {
    fn now(&self) -> i64 {
        self.epoch + i64::try_from(self.world().now.as_millis()).expect("fits")
    }

    fn elapsed(&self) -> Duration {
        self.world().now - self.began
    }

    fn sleep(&self, duration: Duration) {
        self.mortal();
        self.world().pass(duration);
    }
}
