//! How much is to be done, and how much of it is done, counted over all tills.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;

use crate::evidence::Window;

/// The aims of a run.
pub struct Goal {
    pub kills: usize,
    pub in_doubt: usize,
    pub per_window: usize,
    pub deadline: Instant,
    killed: AtomicUsize,
    doubted: AtomicUsize,
    windows: [AtomicUsize; 4],
    stopped: AtomicBool,
}

impl Goal {
    pub fn new(kills: usize, in_doubt: usize, per_window: usize, deadline: Instant) -> Goal {
        Goal {
            kills,
            in_doubt,
            per_window,
            deadline,
            killed: AtomicUsize::new(0),
            doubted: AtomicUsize::new(0),
            windows: Default::default(),
            stopped: AtomicBool::new(false),
        }
    }

    pub fn count_kill(&self) {
        self.killed.fetch_add(1, Ordering::Relaxed);
    }

    /// A payment in doubt has got its end.
    pub fn count_case(&self, window: Window) {
        self.doubted.fetch_add(1, Ordering::Relaxed);
        self.windows[window as usize].fetch_add(1, Ordering::Relaxed);
    }

    pub fn is_missing(&self, window: Window) -> bool {
        self.windows[window as usize].load(Ordering::Relaxed) < self.per_window
    }

    /// Something has gone wrong that makes going on pointless.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Whether no more sales are to begin.
    pub fn is_reached(&self) -> bool {
        let enough = self.killed.load(Ordering::Relaxed) >= self.kills
            && self.doubted.load(Ordering::Relaxed) >= self.in_doubt
            && Window::ALL.iter().all(|window| !self.is_missing(*window));
        enough || self.stopped.load(Ordering::Relaxed) || Instant::now() >= self.deadline
    }

    pub fn progress(&self) -> String {
        let windows = self.windows.each_ref().map(|count| count.load(Ordering::Relaxed).to_string()).join("/");
        let (killed, doubted) = (self.killed.load(Ordering::Relaxed), self.doubted.load(Ordering::Relaxed));
        format!("kills {killed}, in doubt {doubted}, windows {windows}")
    }
}
