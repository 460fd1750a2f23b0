//! Recovering everything that is unfinished: what a till does when it starts.

use std::sync::Arc;
use std::time::Duration;

use crate::error::Result;
use crate::till::handles::payment::{Payment, check_process};
use crate::till::handles::recovery::Recovery;
use crate::till::worker::job::{Job, RecoveryJob, thread_failed};
use crate::till::{Running, Till, busy};

impl Till {
    /// Finds out what became of everything that is unfinished, in turns, and returns all of it: one payment for each attempt,
    /// the oldest first, each of which may be acknowledged. What is still in doubt after `timeout` is told as unknown. A till
    /// calls this when it starts, instead of a loop of its own; meanwhile payments are BUSY.
    pub fn recover_all(&self, timeout: Duration) -> Result<Vec<Arc<Payment>>> {
        check_process(self.process)?;
        let until = self.clock.elapsed().saturating_add(timeout);
        let all = Arc::new(Recovery::new(until));
        {
            let mut running = self.running();
            if running.is_some() {
                return Err(busy());
            }
            self.state.hold().sound_journal()?;
            *running = Some(Running::Recovery(all.clone()));
            // Should the worker be gone, the job comes back, and dropping it ends this.
            let _ = self.jobs.send(Job::RecoverAll(RecoveryJob(all.clone())));
        }
        all.wait().unwrap_or_else(|| Err(thread_failed()))
    }
}
