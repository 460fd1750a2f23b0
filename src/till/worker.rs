//! The till's thread: what it is given to do, one thing after the other, and what becomes of that should it fail.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};

use crate::error::{Error, Result, Status};
use crate::payment::attempt::Attempt;
use crate::payment::outcome::ReversalOutcome;
use crate::payment::reason::Reason;
use crate::payment::state::State;
use crate::till::clock::{Clock, SystemClock};
use crate::till::desk::Desk;
use crate::till::payment::{Payment, Ticket};
use crate::till::recover_all::RecoverAllErrand;
use crate::till::registration::Registration;
use crate::till::report::{Ended, Report, ReportOutcome};
use crate::till::sale::Sale;
use crate::till::settled::{Known, Settled};
use crate::till::state_file::StateFile;
use crate::till::told::TillLog;

/// What the till's thread is given to do.
pub(super) enum Work {
    /// Recover everything that is unfinished.
    RecoverAll(RecoverAllErrand),
    /// Register the till as a device.
    Register(RegisterErrand),
    /// Something about a payment.
    Payment(Errand),
    /// A report of the terminal's.
    Report(ReportErrand),
}

/// What is to be done about a payment. Settled even if the worker fails: unknown if its start or its reversal may have
/// been sent, else not started.
pub(super) struct Errand {
    pub(super) task: Task,
    pub(super) payment: Arc<Payment>,
}

/// What is to be done about a payment.
pub(super) enum Task {
    /// It is taken for this sale.
    Pay(Sale),
    /// It is found out about.
    FindOut,
    /// It, which stood like this, is reversed.
    Reverse { from: Box<Attempt>, confirmed_by: Option<String> },
}

impl Task {
    /// What the log says that happens to the payment.
    fn name(&self) -> &'static str {
        match self {
            Task::Pay(_) => "begins",
            Task::FindOut => "is found out about",
            Task::Reverse { .. } => "is reversed",
        }
    }
}

/// A registration to be begun. Ended even if the worker fails.
pub(super) struct RegisterErrand(pub(super) Arc<Registration>);

impl Drop for RegisterErrand {
    fn drop(&mut self) {
        if !self.0.is_going_on() {
            self.0.fail(Error::new(Status::Internal, "the till's thread has failed"));
        }
    }
}

/// A report to be run. Ended even if the worker fails.
pub(super) struct ReportErrand(pub(super) Arc<Report>);

impl Drop for ReportErrand {
    fn drop(&mut self) {
        let error = Error::new(Status::Internal, "the till's thread has failed");
        self.0.end(Ended::without_answer(ReportOutcome::MayHaveRun, error));
    }
}

impl Drop for Errand {
    fn drop(&mut self) {
        if self.payment.settled().is_some() {
            return;
        }
        let failed = Error::new(Status::Internal, "the till's thread has failed");
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

/// The thread on which everything happens that may take time, all of reqwest's life included. It ends when the till is
/// dropped and the last payment settled.
pub(super) fn spawn(mut desk: Desk, mut log: TillLog, state: StateFile) -> Result<Sender<Work>> {
    let (sender, receiver) = mpsc::channel::<Work>();
    std::thread::Builder::new()
        .name("secupos-till".into())
        .spawn(move || {
            loop {
                // Between two payments a registration that is going on is asked about, and what is not proven.
                let pause = desk.asks_in().map_or(desk.reconciles_in(), |asks_in| asks_in.min(desk.reconciles_in()));
                let work = receiver.recv_timeout(desk.real(pause));
                if matches!(work, Err(RecvTimeoutError::Disconnected)) {
                    break;
                }
                // A fault in one payment must not cost the next one its till. The errand is dropped either way.
                let subject = match &work {
                    Ok(Work::RecoverAll(_)) => "start-up".to_owned(),
                    Ok(Work::Register(_)) => "registration".to_owned(),
                    Err(_) => "looking back".to_owned(),
                    Ok(Work::Payment(Errand { task, payment })) => log.payment_begins(payment.ticket(), task.name()),
                    Ok(Work::Report(ReportErrand(report))) => log.report_begins(report.kind()),
                };
                desk.speak_of(&subject);
                let done = catch_unwind(AssertUnwindSafe(|| match &work {
                    Ok(Work::RecoverAll(RecoverAllErrand(all))) => all.end(desk.recover_all(all)),
                    Ok(Work::Register(RegisterErrand(registration))) => desk.register(registration),
                    Ok(Work::Payment(Errand { task, payment })) => {
                        let ticket = payment.ticket();
                        let settled = match task {
                            Task::Pay(sale) => desk.pay(sale, payment),
                            Task::FindOut => desk.resume(ticket, desk.resolve_limit()),
                            Task::Reverse { confirmed_by, .. } => desk.reverse(ticket, confirmed_by.as_deref()),
                        };
                        // In this order: whoever hears of its end may take the next.
                        payment.settle(settled);
                        payment.settled().iter().for_each(|settled| log.payment_ends(&subject, settled));
                    }
                    Ok(Work::Report(ReportErrand(report))) => {
                        report.end(desk.run(report));
                        report.ended().iter().for_each(|ended| log.report_ends(&subject, ended));
                    }
                    Err(_) => {
                        desk.ask_about_registration();
                        desk.reconcile();
                    }
                }));
                if done.is_err() {
                    log.failed(&subject);
                    state.hold().distrust();
                }
            }
        })
        .map_err(|fault| Error::new(Status::Internal, format!("no thread for the till: {fault}")))?;
    Ok(sender)
}
