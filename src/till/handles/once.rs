//! A value that comes once: whoever waits for it is told.

use std::sync::{Condvar, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// A value that comes once.
pub(crate) struct Once<T> {
    value: OnceLock<T>,
    lock: Mutex<()>,
    opened: Condvar,
}

impl<T> Once<T> {
    pub(crate) fn new() -> Self {
        Once { value: OnceLock::new(), lock: Mutex::new(()), opened: Condvar::new() }
    }

    /// Sets it, once; a later one is ignored.
    pub(crate) fn set(&self, value: T) {
        let _lock = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = self.value.set(value);
        self.opened.notify_all();
    }

    /// The value, once it has come.
    pub(crate) fn get(&self) -> Option<&T> {
        self.value.get()
    }

    /// Waits for it: for ever without a limit, not at all with a limit of zero.
    pub(crate) fn wait(&self, limit: Option<Duration>) -> Option<&T> {
        let deadline = limit.and_then(|limit| Instant::now().checked_add(limit));
        let mut lock = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        while self.get().is_none() {
            lock = match deadline {
                None => self.opened.wait(lock).unwrap_or_else(PoisonError::into_inner),
                Some(deadline) => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        break;
                    }
                    self.opened.wait_timeout(lock, left).unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
        self.get()
    }
}
