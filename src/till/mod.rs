//! The flow, which is the product: a till takes payments, one at a time, and forgets none.
//!
//! - [`mod@config`]: how a till is set up
//! - [`mod@sale`]: what it wants to be paid for
//! - `pay`: how one payment goes
//! - `resolve`: how a doubt is ended; `look_back`: what was before is asked about again; `late_receipts`: what was paid, too
//! - `worker`: the thread on which they happen; `desk`: what these three work with
//! - [`mod@doubt`]: what to do with a payment of which nobody knows whether it was paid
//! - `grace`: until when a start that was sent may still reach the terminal
//! - `reversal`: a payment is taken back; [`mod@report`]: the terminal closes its day, or looks after itself
//! - [`mod@payment`]: what the till holds of it; [`mod@settled`]: what became of it
//! - [`mod@outcome`]: why, what next, and how to say it
//! - [`mod@archive`]: what is stored is verified, exported and, in the end, removed; [`mod@day`]: what a day is
//! - [`mod@registration`]: the till becomes a device of the service
//! - `told`: what the log says of all this
//! - `gate`: a value that comes once, and for which others wait
//! - `state_file`: the journal, shared by the threads
//! - `status`: how the till stands
//! - `session`: the access token
//! - [`mod@clock`]: time, which a simulation may bend

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::api::endpoints::Api;
use crate::api::http::{Http, Setup};
use crate::api::oauth::{Credentials, Grant};
use crate::api::secret::Secret;
use crate::api::transport::Transport;
use crate::error::{Error, Result, Status};
use crate::journal::{Admission, Attempt, Decision, Identity, Journal, Swap};
use crate::till::clock::{Clock, SystemClock};
use crate::till::config::Config;
use crate::till::desk::Desk;
use crate::till::doubt::Rules;
use crate::till::look_back::ASKED_FOR;
use crate::till::payment::{Payment, Ticket};
use crate::till::registration::Registration;
use crate::till::report::{Report, ReportOutcome};
use crate::till::sale::{LONGEST_TEXT, Sale, check_text};
use crate::till::session::Session;
use crate::till::settled::Settled;
use crate::till::state_file::StateFile;
use crate::till::told::Told;
use crate::till::worker::{Errand, Task, Work};

pub mod archive;
pub mod clock;
pub mod config;
pub mod day;
pub(crate) mod desk;
pub mod doubt;
pub(crate) mod gate;
pub(crate) mod grace;
mod late_receipts;
pub(crate) mod look_back;
pub mod outcome;
pub(crate) mod pay;
pub mod payment;
pub mod registration;
pub mod report;
pub(crate) mod resolve;
pub(crate) mod reversal;
pub mod sale;
pub(crate) mod session;
pub mod settled;
pub(crate) mod state_file;
mod status;
pub(crate) mod told;
mod worker;

/// After a payment in doubt over the same amount, another sale must be confirmed for so long: 15 minutes.
const DUPLICATE_WITHIN: i64 = 15 * 60 * 1000;

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
    /// The contradicted attempts that the caller has been given.
    told: Mutex<BTreeSet<(String, i32)>>,
    work: Sender<Work>,
}

/// What a till stands in: the network and time. The real ones, unless it is simulated.
pub struct Surroundings {
    /// Carries the requests.
    pub transport: Box<dyn Transport>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// What to do in doubt; the default, unless the proof replaces one of them.
    pub rules: Rules,
}

/// What a person says became of a payment in doubt.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verdict {
    /// Whether the customer has paid.
    pub paid: bool,
    /// Who says so.
    pub operator: String,
    /// Why: what the terminal shows, whether there is a slip.
    pub reason: String,
    /// The number on the slip, if there is one.
    pub slip_number: Option<i64>,
}

/// What is running at the terminal, or about to.
#[derive(Clone)]
enum Running {
    Payment(Arc<Payment>),
    Report(Arc<Report>),
}

impl Running {
    fn payment(&self) -> Option<&Arc<Payment>> {
        match self {
            Running::Payment(payment) => Some(payment),
            Running::Report(_) => None,
        }
    }

    fn has_ended(&self) -> bool {
        match self {
            Running::Payment(payment) => payment.settled().is_some(),
            Running::Report(report) => report.outcome() != ReportOutcome::Pending,
        }
    }
}

impl Drop for Till {
    fn drop(&mut self) {
        // In a forked child the file is the parent's.
        if payment::check_process(self.process).is_ok() && self.running().is_none() {
            self.state.hold().close();
        }
    }
}

impl Till {
    /// Opens a till and its state file. Waits for no network; what was left in doubt is asked about in the background.
    pub fn open(config: &Config) -> Result<Till> {
        let (base_url, ..) = config.complete()?;
        let http = Http::new(Setup {
            base_url,
            connect_timeout: config.timeouts.connect,
            extra_roots: config.extra_roots.clone(),
            proxy: config.proxy.clone(),
            user_agent_suffix: config.user_agent_suffix.clone(),
        })?;
        let (transport, clock) = (Box::new(http), Arc::new(SystemClock::new()));
        Till::open_in(config, Surroundings { transport, clock, rules: Rules::default() })
    }

    /// Opens a till somewhere else than in the real network and time.
    pub fn open_in(config: &Config, surroundings: Surroundings) -> Result<Till> {
        let (base_url, mut credentials, file) = config.complete()?;
        let Surroundings { transport, clock, rules } = surroundings;
        let timeouts = config.timeouts.clone();
        let identity = identity(base_url.as_str(), &credentials);
        let state = StateFile::open(file.path, identity, file.if_missing, clock.clone())?;
        let is_configured = credentials.device_code.is_some();
        if !is_configured {
            credentials.device_code = state.hold().journal()?.device_code()?.map(Secret::new);
        }
        let is_device = Arc::new(AtomicBool::new(credentials.device_code.is_some()));
        let api = Api::new(transport, config.log.clone(), timeouts.request, timeouts.payment, timeouts.report);
        let session = Session::new(credentials, is_device.clone(), state.clone());
        let told = Told::new(config.log.clone());
        told.opened(base_url.as_str(), session.credentials().grant().name());
        let desk = Desk::new(api, session, clock.clone(), state.clone(), rules, timeouts);
        let work = worker::spawn(desk, told, state.clone())?;
        let _ = work.send(Work::LookAgain);
        Ok(Till {
            is_configured,
            is_device,
            process: std::process::id(),
            clock,
            state,
            running: Mutex::default(),
            registration: Mutex::default(),
            told: Mutex::default(),
            work,
        })
    }

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
        payment::check_process(self.process)?;
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
        let journal = held.sound_journal()?;
        let errand = match journal.admit(sale.reference(), sale.attempt(), sale.money())? {
            Admission::Known(known) if !known.in_doubt() => return self.replay(journal, &known),
            _ if is_running => return Err(busy()),
            Admission::Known(known) => {
                Errand { task: Task::FindOut, payment: Arc::new(Payment::resumed(&known, self.grant())) }
            }
            Admission::Fresh => {
                journal.may_start()?;
                self.check_duplicate(journal, sale)?;
                let ticket = Ticket::new(sale, self.clock.now(), self.grant());
                Errand { task: Task::Pay(sale.clone()), payment: Arc::new(Payment::new(ticket)) }
            }
        };
        drop(held);
        Ok(self.set_off(&mut running, errand))
    }

    /// Finds out what became of the payment with this reference, and returns at once. Starts nothing. Of what is known it
    /// tells from the journal, unless receipts were missing.
    pub fn recover(&self, reference: &str) -> Result<Arc<Payment>> {
        payment::check_process(self.process)?;
        let mut running = self.running();
        if let Some(same) = payment_of(&running).filter(|running| names(running, reference, None)) {
            return Ok(same.clone());
        }
        let mut held = self.state.hold();
        let journal = held.sound_journal()?;
        let attempts = journal.attempts(reference)?;
        // The one that took money or may have speaks for the sale, else the last one.
        let found = attempts.iter().rfind(|attempt| attempt.forbids_another()).or(attempts.last());
        let attempt = found.ok_or_else(|| unknown_reference(reference))?;
        let is_recent = attempt.asked_about_from() >= self.clock.now().saturating_sub(ASKED_FOR);
        if !attempt.in_doubt() {
            let replayed = self.replay(journal, attempt)?;
            let lacks_receipts = replayed.settled().is_some_and(Settled::lacks_receipts);
            if running.is_some() || !(lacks_receipts || attempt.is_unproven() && is_recent) {
                return Ok(replayed);
            }
        }
        if running.is_some() {
            return Err(busy());
        }
        let payment = Arc::new(Payment::resumed(attempt, self.grant()));
        drop(held);
        Ok(self.set_off(&mut running, Errand { task: Task::FindOut, payment }))
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

    /// Says that the till has taken over the result of this reference. Closes the reference; may be repeated. A
    /// contradiction that this till has not been given yet stays among what is unfinished.
    pub fn acknowledge(&self, reference: &str) -> Result<()> {
        payment::check_process(self.process)?;
        self.refuse_running(reference)?;
        // A copy: whoever replays a payment takes the journal first, and then this.
        let told = self.told().clone();
        let knows = |attempt: &Attempt| told.contains(&(attempt.reference.clone(), attempt.attempt));
        self.state.hold().sound_journal()?.acknowledge(reference, self.clock.now(), knows).map(|_| ())
    }

    /// Stores what a person says of a payment in doubt. The service is still asked, and may contradict.
    pub fn decide(&self, reference: &str, verdict: &Verdict) -> Result<Arc<Payment>> {
        check_text("operator", &verdict.operator, LONGEST_TEXT)?;
        check_text("reason", &verdict.reason, LONGEST_TEXT)?;
        if verdict.slip_number.is_some_and(|number| number < 1) {
            return Err(Error::argument("slip_number", "is not positive"));
        }
        payment::check_process(self.process)?;
        self.refuse_running(reference)?;
        let mut held = self.state.hold();
        let journal = held.sound_journal()?;
        let attempts = journal.attempts(reference)?;
        let last = attempts.last().ok_or_else(|| unknown_reference(reference))?;
        let Some(open) = attempts.iter().find(|attempt| attempt.in_doubt()) else {
            let fault = format!("reference {reference:?} is not in doubt: it is {}", last.standing().name());
            return Err(Error::new(Status::InvalidState, fault));
        };
        let Verdict { paid, operator, reason, slip_number } = verdict.clone();
        let decision = Decision { paid, operator, reason, slip_number, decided_at: self.clock.now() };
        match journal.decide(reference, open.attempt, &decision)? {
            Swap::Made(decided) => self.replay(journal, &decided),
            Swap::Lost(_) => Err(Error::new(Status::InvalidState, format!("reference {reference:?} is not in doubt"))),
        }
    }

    /// Accepts that the state file was damaged or lost and that payments in it may be forgotten; until then none begins.
    pub fn accept_journal_loss(&self, operator: &str) -> Result<()> {
        check_text("operator", operator, LONGEST_TEXT)?;
        payment::check_process(self.process)?;
        self.state.hold().sound_journal()?.accept_journal_loss(operator, self.clock.now())
    }

    fn set_off(&self, running: &mut Option<Running>, errand: Errand) -> Arc<Payment> {
        let payment = errand.payment.clone();
        *running = Some(Running::Payment(payment.clone()));
        // Should the worker be gone, the errand comes back, and dropping it settles the payment.
        let _ = self.work.send(Work::Payment(errand));
        payment
    }

    /// What is running, if anything is.
    fn running(&self) -> MutexGuard<'_, Option<Running>> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(Running::Payment(payment)) = running.take_if(|running| running.has_ended()) {
            self.tell(&payment);
        }
        running
    }

    /// The caller holds this payment, and so knows if the service has contradicted it.
    fn tell(&self, payment: &Payment) {
        if payment.settled().is_some_and(|settled| settled.conflict) {
            let Ticket { reference, attempt, .. } = payment.ticket();
            self.told().insert((reference.clone(), *attempt));
        }
    }

    fn told(&self) -> MutexGuard<'_, BTreeSet<(String, i32)>> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn refuse_running(&self, reference: &str) -> Result<()> {
        match payment_of(&self.running()).is_some_and(|running| names(running, reference, None)) {
            true => Err(Error::new(Status::InvalidState, format!("the payment {reference:?} is still running"))),
            false => Ok(()),
        }
    }

    fn check_duplicate(&self, journal: &Journal, sale: &Sale) -> Result<()> {
        if sale.confirmed_by().is_some() {
            return Ok(());
        }
        let since = self.clock.now().saturating_sub(DUPLICATE_WITHIN);
        match journal.possible_duplicate(sale.money(), since, sale.reference())? {
            None => Ok(()),
            Some(open) => {
                let Attempt { reference, money, .. } = open;
                let fault = format!("the payment {reference:?} over {money} is not settled yet: is this another sale?");
                Err(Error::new(Status::PossibleDuplicate, fault))
            }
        }
    }

    fn list(&self, find: impl FnOnce(&Journal) -> Result<Vec<Attempt>>) -> Result<Vec<Arc<Payment>>> {
        payment::check_process(self.process)?;
        let running = payment_of(&self.running()).cloned();
        let mut held = self.state.hold();
        let journal = held.sound_journal()?;
        let found = find(journal)?;
        let tell = |attempt: &Attempt| match &running {
            Some(running) if names(running, &attempt.reference, Some(attempt.attempt)) => Ok(running.clone()),
            _ => self.replay(journal, attempt),
        };
        found.iter().map(tell).collect()
    }

    /// What became of an attempt, from the journal alone.
    fn replay(&self, journal: &Journal, attempt: &Attempt) -> Result<Arc<Payment>> {
        let answer = desk::stored_answer(journal, attempt)?;
        let settled = Settled::of(attempt, answer.as_deref(), None, self.clock.now());
        let payment = Arc::new(Payment::replayed_as(attempt, self.grant(), settled));
        self.tell(&payment);
        Ok(payment)
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

fn unknown_reference(reference: &str) -> Error {
    Error::new(Status::NotFound, format!("there is no payment with reference {reference:?}"))
}

fn other_amount(ticket: &Ticket) -> Error {
    let Ticket { reference, attempt, money, .. } = ticket;
    Error::new(Status::ReferenceConflict, format!("reference {reference:?} attempt {attempt} is over {money}"))
}

/// Whose the state file is.
fn identity(base_url: &str, credentials: &Credentials) -> Identity {
    match &credentials.device_code {
        Some(code) => Identity::of_device(base_url, &credentials.client_id, code.reveal()),
        None => Identity::of_client(base_url, &credentials.client_id),
    }
}
