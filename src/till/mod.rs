//! The flow, which is the product: a till takes payments, one at a time, and forgets none. What is to be done about money,
//! `payment` says. The tree shows which code runs on which thread.
//!
//! The caller's side:
//! - here: paying, recovering, and the lists
//! - [`mod@open`]: a till is opened, or bound to another device; [`mod@config`]: how it is set up
//! - [`mod@sale`]: what it wants to be paid for; `reference`: the till's own name for it
//! - `acknowledge`, [`mod@decide`], `reverse`, `recover_all`, `run_report`, `register`: what else it is asked
//! - `status`: how it stands; [`mod@archive`]: what is stored is verified, exported and, in the end, removed;
//!   [`mod@business_day`]: what a day is
//!
//! Both sides:
//! - [`mod@handles`]: a payment, a report, a registration, the state file
//! - [`mod@clock`]: time, which a simulation may bend; [`mod@rules`]: what the proof replaces
//!
//! The one thread on which all happens that may take time:
//! - `worker`

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::api::oauth::Grant;
use crate::error::{Error, Result, Status};
use crate::journal::Journal;
use crate::payment::attempt::Attempt;
use crate::payment::voice;
use crate::till::clock::Clock;
use crate::till::handles::payment::{Payment, Ticket, check_process};
use crate::till::handles::recovery::Recovery;
use crate::till::handles::registration::Registration;
use crate::till::handles::report::{Report, ReportOutcome};
use crate::till::handles::state_file::{Held, StateFile};
use crate::till::handles::telling::Telling;
use crate::till::sale::Sale;
use crate::till::worker::job::{Job, PaymentJob, Task};

mod acknowledge;
pub mod archive;
pub mod business_day;
pub mod clock;
pub mod config;
pub mod decide;
pub mod handles;
pub mod open;
mod recover_all;
pub(crate) mod reference;
mod register;
mod reverse;
pub mod rules;
mod run_report;
pub mod sale;
mod status;
mod worker;

/// A till: one state file, one terminal, one payment at a time. May be used from any thread.
///
/// Dropping it neither waits nor stops anything: a running payment goes on, and whoever holds it learns its outcome. The
/// state file is free again at once, or when that is done.
pub struct Till {
    /// Whether the device code comes from the configuration: then the till is that device for good.
    is_configured: bool,
    /// Whether it logs in as a device; the thread says so as soon as it has been registered.
    is_device: Arc<AtomicBool>,
    /// The process that opened it: threads do not survive a fork.
    process: u32,
    clock: Arc<dyn Clock>,
    state: StateFile,
    running: Mutex<Option<Running>>,
    /// The last one in this process.
    registration: Mutex<Option<Arc<Registration>>>,
    jobs: Sender<Job>,
    /// Held while a day is exported.
    exporting: Mutex<()>,
}

/// What is running at the terminal, or about to.
#[derive(Clone)]
enum Running {
    Payment(Arc<Payment>),
    Report(Arc<Report>),
    Recovery(Arc<Recovery>),
}

impl Running {
    fn payment(&self) -> Option<&Arc<Payment>> {
        match self {
            Running::Payment(payment) => Some(payment),
            Running::Report(_) | Running::Recovery(_) => None,
        }
    }

    fn has_ended(&self) -> bool {
        match self {
            Running::Payment(payment) => payment.settled().is_some(),
            Running::Report(report) => report.outcome() != ReportOutcome::Pending,
            Running::Recovery(all) => all.has_ended(),
        }
    }
}

impl Drop for Till {
    fn drop(&mut self) {
        if check_process(self.process).is_err() {
            // In a forked child the file is the parent's: the child lets go of its copy, and may open it anew.
            if let Some(mut held) = self.state.try_hold() {
                held.abandon();
            }
        } else if self.running().is_none() {
            self.state.hold().close();
        }
    }
}

impl Till {
    /// How the till logs in.
    fn grant(&self) -> Grant {
        if self.is_device.load(Ordering::Acquire) { Grant::Device } else { Grant::ClientCredentials }
    }

    /// Takes the payment and waits until it has an outcome.
    pub fn pay(&self, sale: &Sale) -> Result<Arc<Payment>> {
        let payment = self.start_payment(sale)?;
        payment.wait(None);
        Ok(payment)
    }

    /// Begins to take the payment and returns at once. An error means that nothing was sent.
    ///
    /// Idempotent in reference and attempt, whatever has happened before: joins the one that is running, goes on with
    /// one that is in doubt, tells again what became of one that has an outcome.
    pub fn start_payment(&self, sale: &Sale) -> Result<Arc<Payment>> {
        sale.check_sum()?;
        check_process(self.process)?;
        let mut running = self.running();
        let is_running = running.is_some();
        if let Some(same) =
            payment_of(&running).filter(|running| names(running, sale.reference(), Some(sale.attempt())))
        {
            return match same.ticket().money == sale.money() {
                true => Ok(same.clone()),
                false => Err(other_amount(same.ticket())),
            };
        }
        let mut held = self.state.hold();
        let now = held.now();
        let journal = held.sound_journal()?;
        // A file that may have forgotten something is no judge of whose turn it is.
        let admitted = journal.admit(sale.reference(), sale.attempt(), sale.money());
        let admitted = admitted.map_err(|refusal| journal.may_start().err().unwrap_or(refusal));
        let job = match admitted? {
            Some(known) if !known.in_doubt() => return Ok(self.replay(&mut held, &known)),
            _ if is_running => return Err(busy()),
            Some(known) => {
                PaymentJob { task: Task::FindOut, payment: Arc::new(Payment::resumed(&known, self.grant())) }
            }
            None => {
                journal.may_start()?;
                let till = journal.till(&now);
                check_duplicate(&mut held, sale, till)?;
                let ticket = Ticket::new(sale, now.at, self.grant());
                PaymentJob { task: Task::Pay(sale.clone()), payment: Arc::new(Payment::new(ticket)) }
            }
        };
        drop(held);
        Ok(self.set_off(&mut running, job))
    }

    /// Finds out what became of an attempt to take the payment with this reference, and returns at once. Starts nothing. Of
    /// what is known it tells from the journal, unless it is asked about again. `attempt` may be left out where only one
    /// attempt at the sale needs something: then it tells that one, or else the one that took money, or the last.
    pub fn recover(&self, reference: &str, attempt: Option<i32>) -> Result<Arc<Payment>> {
        check_process(self.process)?;
        let mut running = self.running();
        if let Some(same) = payment_of(&running).filter(|running| names(running, reference, attempt)) {
            return Ok(same.clone());
        }
        let mut held = self.state.hold();
        let now = held.now();
        let attempt = attempt_meant(&mut held, reference, attempt)?;
        let asks = attempt.in_doubt() || attempt.is_asked_about(held.journal()?.till(&now));
        if !asks || running.is_some() && !attempt.in_doubt() {
            return Ok(self.replay(&mut held, &attempt));
        }
        if running.is_some() {
            return Err(busy());
        }
        let payment = Arc::new(Payment::resumed(&attempt, self.grant()));
        drop(held);
        Ok(self.set_off(&mut running, PaymentJob { task: Task::FindOut, payment }))
    }

    /// What the till has to do something about: payments in doubt, those that were approved or reversed and not yet
    /// acknowledged, and contradictions. Uses no network.
    pub fn unfinished(&self) -> Result<Vec<Arc<Payment>>> {
        self.list(|journal| journal.unfinished())
    }

    /// The payments begun from `from` on and before `to` (Unix milliseconds, UTC), with this receipt number if one is
    /// given. Uses no network.
    pub fn find_payments(&self, from: i64, to: i64, receipt_number: Option<i64>) -> Result<Vec<Arc<Payment>>> {
        self.list(|journal| journal.find(from, to, receipt_number))
    }

    fn set_off(&self, running: &mut Option<Running>, job: PaymentJob) -> Arc<Payment> {
        let payment = job.payment.clone();
        *running = Some(Running::Payment(payment.clone()));
        // Should the worker be gone, the job comes back, and dropping it settles the payment.
        let _ = self.jobs.send(Job::Payment(job));
        payment
    }

    /// What is running, if anything is.
    fn running(&self) -> MutexGuard<'_, Option<Running>> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.take_if(|running| running.has_ended());
        running
    }

    fn refuse_running(&self, reference: &str, attempt: Option<i32>) -> Result<()> {
        match payment_of(&self.running()).is_some_and(|running| names(running, reference, attempt)) {
            true => Err(Error::new(Status::InvalidState, format!("the payment {reference:?} is still running"))),
            false => Ok(()),
        }
    }

    fn list(&self, find: impl FnOnce(&Journal) -> Result<Vec<Attempt>>) -> Result<Vec<Arc<Payment>>> {
        check_process(self.process)?;
        let running = payment_of(&self.running()).cloned();
        let mut held = self.state.hold();
        let found = find(held.sound_journal()?)?;
        let list = found.iter().zip(held.tell_list(&found)).map(|(attempt, settled)| match &running {
            Some(running) if names(running, &attempt.reference, Some(attempt.attempt)) => running.clone(),
            _ => Arc::new(Payment::listed_as(attempt, self.grant(), settled)),
        });
        Ok(list.collect())
    }

    /// What became of an attempt, from the journal alone.
    fn replay(&self, held: &mut Held, attempt: &Attempt) -> Arc<Payment> {
        let settled = held.tell(attempt, None, Telling::Call);
        Arc::new(Payment::replayed_as(attempt, self.grant(), settled))
    }
}

/// The attempt that is meant, as it stands now: this one, or the one that speaks for the sale, unless two of them need
/// something.
fn attempt_meant(held: &mut Held, reference: &str, attempt: Option<i32>) -> Result<Attempt> {
    let attempts = held.sound_journal()?.attempts(reference)?;
    let found = match attempt {
        Some(number) => attempts.iter().find(|known| known.attempt == number),
        None => {
            if let Some([one, other]) = voice::ambiguity(&attempts) {
                let fault =
                    format!("attempts {one} and {other} of reference {reference:?} both need something: name one");
                return Err(Error::new(Status::InvalidState, fault));
            }
            voice::speaker(&attempts)
        }
    };
    let missing = || match attempt {
        Some(number) if !attempts.is_empty() => format!("reference {reference:?} has no attempt {number}"),
        _ => format!("there is no payment with reference {reference:?}"),
    };
    found.cloned().ok_or_else(|| Error::new(Status::NotFound, missing()))
}

fn check_duplicate(held: &mut Held, sale: &Sale, till: i64) -> Result<()> {
    if sale.confirmed_by().is_some() {
        return Ok(());
    }
    match held.possible_duplicate(sale.money(), sale.reference(), till)? {
        None => Ok(()),
        Some(Attempt { reference, money, .. }) => {
            let fault = format!("the payment {reference:?} over {money} is not settled yet: is this another sale?");
            Err(Error::new(Status::PossibleDuplicate, fault))
        }
    }
}

/// The running payment, if one is.
fn payment_of(running: &Option<Running>) -> Option<&Arc<Payment>> {
    running.as_ref().and_then(Running::payment)
}

/// Whether a payment has this reference, and this attempt if one is given.
fn names(payment: &Payment, reference: &str, attempt: Option<i32>) -> bool {
    let ticket = payment.ticket();
    ticket.reference == reference && attempt.is_none_or(|attempt| ticket.attempt == attempt)
}

fn busy() -> Error {
    Error::new(Status::Busy, "something else is still running at this till's terminal")
}

fn other_amount(ticket: &Ticket) -> Error {
    let Ticket { reference, attempt, money, .. } = ticket;
    Error::new(Status::ReferenceConflict, format!("reference {reference:?} attempt {attempt} is over {money}"))
}
