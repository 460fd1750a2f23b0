//! How far something has come: the till's thread says so, and any thread may look.

use std::sync::atomic::{AtomicI32, Ordering};

use crate::payment::phase::Phase;

/// How far something has come.
pub(crate) struct CurrentPhase(AtomicI32);

impl CurrentPhase {
    pub(crate) fn new(phase: Phase) -> CurrentPhase {
        CurrentPhase(AtomicI32::new(phase as i32))
    }

    pub(crate) fn enter(&self, phase: Phase) {
        self.0.store(phase as i32, Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> Phase {
        let number = self.0.load(Ordering::Relaxed);
        Phase::ALL.into_iter().find(|phase| *phase as i32 == number).unwrap_or(Phase::None)
    }
}
