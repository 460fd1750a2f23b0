//! Something that comes once, from the till's thread, and that others wait for.

use std::sync::{Condvar, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// What comes once.
pub(crate) struct Awaited<T> {
    came: OnceLock<T>,
    gate: Mutex<()>,
    opened: Condvar,
}

impl<T> Awaited<T> {
    pub(crate) fn new() -> Self {
        Awaited { came: OnceLock::new(), gate: Mutex::new(()), opened: Condvar::new() }
    }

    /// Sets it, once; a later one is ignored.
    pub(crate) fn set(&self, value: T) {
        let _gate = self.gate.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = self.came.set(value);
        self.opened.notify_all();
    }

    /// It, once it has come.
    pub(crate) fn get(&self) -> Option<&T> {
        self.came.get()
    }

    /// Waits for it: for ever without a limit, not at all with a limit of zero.
    pub(crate) fn wait(&self, limit: Option<Duration>) {
        let deadline = limit.and_then(|limit| Instant::now().checked_add(limit));
        let mut gate = self.gate.lock().unwrap_or_else(PoisonError::into_inner);
        while self.get().is_none() {
            gate = match deadline {
                None => self.opened.wait(gate).unwrap_or_else(PoisonError::into_inner),
                Some(deadline) => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        break;
                    }
                    self.opened.wait_timeout(gate, left).unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }
}
