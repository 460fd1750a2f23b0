//! The till's thread: it is given one job after the other.
//!
//! - `job`: what it is given to do
//! - `engine`: what it works with
//! - `pay`, `reverse`, `report`, `register`, `recover_all`: what it does
//! - `resolve`: how a doubt is ended; `reconcile`: what was before is asked about again
//! - `session`: the access token; `payment_log`: what the log says of all this

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::time::Duration;

use crate::error::{Error, Result, Status};
use crate::os::threads;
use crate::till::handles::state_file::StateFile;
use crate::till::worker::engine::Engine;
use crate::till::worker::job::{Job, PaymentJob, RecoveryJob, RegistrationJob, ReportJob, Task};
use crate::till::worker::payment_log::PaymentLog;

pub(crate) mod engine;
pub(crate) mod job;
mod pay;
pub(crate) mod payment_log;
mod reconcile;
mod recover_all;
mod register;
mod registering;
mod report;
mod resolve;
pub(crate) mod reverse;
pub(crate) mod session;

/// The thread on which everything happens that may take time, all of reqwest's life included. It ends when the till is
/// dropped and the last payment settled.
pub(crate) fn spawn(mut engine: Engine, mut log: PaymentLog, state: StateFile) -> Result<Sender<Job>> {
    let (sender, receiver) = mpsc::channel::<Job>();
    let work = move || {
        loop {
            // Between two payments a registration that is going on is asked about, and what is not proven; and a file is gone
            // through that is doubted.
            let others = [engine.asks_in(), engine.goes_through_in()].into_iter().flatten();
            let pause = others.fold(engine.reconciles_in(), Duration::min);
            let work = receiver.recv_timeout(engine.real(pause));
            if matches!(work, Err(RecvTimeoutError::Disconnected)) {
                break;
            }
            // A fault in one payment must not cost the next one its till. The job is dropped either way.
            let subject = match &work {
                Ok(Job::RecoverAll(_)) => "start-up".to_owned(),
                Ok(Job::Register(_)) => "registration".to_owned(),
                Err(_) => "looking back".to_owned(),
                Ok(Job::Payment(PaymentJob { task, payment })) => log.payment_begins(payment.ticket(), task.name()),
                Ok(Job::Report(ReportJob(report))) => log.report_begins(report.kind()),
            };
            engine.speak_of(&subject);
            engine.show_phase_in(match &work {
                Ok(Job::Payment(PaymentJob { payment, .. })) => Some(payment.current_phase()),
                Ok(Job::Report(ReportJob(report))) => Some(report.current_phase()),
                Ok(Job::RecoverAll(_) | Job::Register(_)) | Err(_) => None,
            });
            let done = catch_unwind(AssertUnwindSafe(|| match &work {
                Ok(Job::RecoverAll(RecoveryJob(all))) => all.end(engine.recover_all(all)),
                Ok(Job::Register(RegistrationJob(registration))) => engine.register(registration),
                Ok(Job::Payment(PaymentJob { task, payment })) => {
                    let ticket = payment.ticket();
                    let settled = match task {
                        Task::Pay(sale) => engine.pay(sale, payment),
                        Task::FindOut => engine.resume(ticket, engine.resolve_limit()),
                        Task::Reverse { confirmed_by, .. } => engine.reverse(ticket, confirmed_by.as_deref()),
                    };
                    // In this order: whoever hears of its end may take the next.
                    payment.settle(settled);
                    payment.settled().iter().for_each(|settled| log.payment_ends(&subject, settled));
                }
                Ok(Job::Report(ReportJob(report))) => {
                    report.end(engine.run(report));
                    report.ended().iter().for_each(|ended| log.report_ends(&subject, ended));
                }
                Err(_) => {
                    engine.ask_about_registration();
                    engine.reconcile();
                    engine.go_through();
                }
            }));
            if done.is_err() {
                log.failed(&subject);
                state.hold().distrust();
            }
        }
    };
    let fault = |fault| Error::new(Status::Internal, format!("no thread for the till: {fault}"));
    threads::start("secupos-till", work).map_err(fault)?;
    Ok(sender)
}
