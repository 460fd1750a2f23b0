//! Reports of the terminal, as the caller begins them.

use std::sync::Arc;

use crate::error::Result;
use crate::till::handles::payment::check_process;
use crate::till::handles::report::{Report, ReportKind};
use crate::till::worker::job::{Job, ReportJob};
use crate::till::{Running, Till, busy};

impl Till {
    /// Begins to run a report of the terminal's and returns at once. An error means that nothing was sent.
    pub fn run_report(&self, kind: ReportKind) -> Result<Arc<Report>> {
        check_process(self.process)?;
        let mut running = self.running();
        if running.is_some() {
            return Err(busy());
        }
        self.state.hold().sound_journal()?.may_start()?;
        let report = Arc::new(Report::new(kind, self.clock.now()));
        *running = Some(Running::Report(report.clone()));
        // Should the worker be gone, the job comes back, and dropping it ends the report.
        let _ = self.jobs.send(Job::Report(ReportJob(report.clone())));
        Ok(report)
    }
}
