//! What the till's thread is given to do, and what becomes of that should it fail.

use std::sync::Arc;

use crate::error::{Error, Status};
use crate::payment::attempt::Attempt;
use crate::payment::outcome::ReversalOutcome;
use crate::payment::reason::Reason;
use crate::payment::state::State;
use crate::till::clock::{Clock, SystemClock};
use crate::till::handles::payment::{Payment, Ticket};
use crate::till::handles::recovery::Recovery;
use crate::till::handles::registration::Registration;
use crate::till::handles::report::{Ended, Report, ReportOutcome};
use crate::till::handles::settled::{Known, Settled};
use crate::till::sale::Sale;

/// What the till's thread is given to do.
pub(crate) enum Job {
    /// Recover everything that is unfinished.
    RecoverAll(RecoveryJob),
    /// Register the till as a device.
    Register(RegistrationJob),
    /// Something about a payment.
    Payment(PaymentJob),
    /// A report of the terminal's.
    Report(ReportJob),
}

/// What is to be done about a payment. Settled even if the worker fails: unknown if its start or its reversal may have
/// been sent, else not started.
pub(crate) struct PaymentJob {
    pub(crate) task: Task,
    pub(crate) payment: Arc<Payment>,
}

/// What is to be done about a payment.
pub(crate) enum Task {
    /// It is taken for this sale.
    Pay(Sale),
    /// It is found out about.
    FindOut,
    /// It, which stood like this, is reversed.
    Reverse { from: Box<Attempt>, confirmed_by: Option<String> },
}

impl Task {
    /// What the log says that happens to the payment.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Task::Pay(_) => "begins",
            Task::FindOut => "is found out about",
            Task::Reverse { .. } => "is reversed",
        }
    }
}

/// A registration to be begun. Ended even if the worker fails.
pub(crate) struct RegistrationJob(pub(crate) Arc<Registration>);

impl Drop for RegistrationJob {
    fn drop(&mut self) {
        if !self.0.is_going_on() {
            self.0.end(Err(thread_failed()));
        }
    }
}

/// A report to be run. Ended even if the worker fails.
pub(crate) struct ReportJob(pub(crate) Arc<Report>);

impl Drop for ReportJob {
    fn drop(&mut self) {
        let error = thread_failed();
        self.0.end(Ended::without_answer(ReportOutcome::MayHaveRun, error));
    }
}

impl Drop for PaymentJob {
    fn drop(&mut self) {
        if self.payment.settled().is_some() {
            return;
        }
        let failed = thread_failed();
        let known = Known { at: SystemClock::new().now(), ..Known::default() };
        if let Task::Reverse { from, .. } = &self.task {
            let mut settled = Settled::of(from, None, Some(failed), known);
            settled.call_reversal(ReversalOutcome::Unknown, None);
            return self.payment.settle(settled);
        }
        let started = self.payment.started();
        let state = if started.is_some() { State::Starting } else { State::NotStarted };
        let Ticket { reference, attempt, money, created_at, .. } = self.payment.ticket();
        let attempt = Attempt {
            transaction_id: started.flatten().map(|id| id.to_string()),
            reason: Some(Reason::Internal.name().to_owned()),
            ..Attempt::new(reference, *attempt, *money, state, *created_at)
        };
        self.payment.settle(Settled::of(&attempt, None, Some(failed), known));
    }
}

/// It comes to an end even if the worker fails.
pub(crate) struct RecoveryJob(pub(crate) Arc<Recovery>);

impl Drop for RecoveryJob {
    fn drop(&mut self) {
        self.0.end(Err(thread_failed()));
    }
}

/// What whoever waits is told should the thread fail.
pub(crate) fn thread_failed() -> Error {
    Error::new(Status::Internal, "the till's thread has failed")
}
