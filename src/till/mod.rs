//! The flow, which is the product: a till takes payments, one at a time, and forgets none. What is to be done about money,
//! `payment` says.
//!
//! - [`mod@config`]: how a till is set up
//! - [`mod@sale`]: what it wants to be paid for; `reference`: the till's own name for it
//! - `pay`: how one payment goes
//! - `resolve`: how a doubt is ended; `reconcile`: what was before is asked about again
//! - `worker`: the thread on which they happen; `desk`: what these three work with
//! - `recover_all`: what a till does when it starts
//! - `reversal`: a payment is taken back; [`mod@report`]: the terminal closes its day, or looks after itself
//! - [`mod@payment`]: what the till holds of it; [`mod@settled`]: what became of it; `telling`: how that is told
//! - [`mod@archive`]: what is stored is verified, exported and, in the end, removed; [`mod@day`]: what a day is
//! - [`mod@registration`]: the till becomes a device of the service
//! - `told`: what the log says of all this
//! - `gate`: a value that comes once, and for which others wait
//! - `state_file`: the journal, shared by the threads
//! - `status`: how the till stands
//! - `session`: the access token
//! - [`mod@clock`]: time, which a simulation may bend; [`mod@rules`]: what the proof replaces

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::api::endpoints::Api;
use crate::api::http::{Http, Setup};
use crate::api::oauth::{Credentials, Grant};
use crate::api::secret::Secret;
use crate::api::transport::Transport;
use crate::error::{Error, Result, Status};
use crate::journal::{Identity, Journal, Swap};
use crate::payment::attempt::{Attempt, Decision};
use crate::payment::reversal::ReversalDecision;
use crate::payment::voice::{self, Told};
use crate::till::clock::{Clock, SystemClock};
use crate::till::config::{Config, Environment};
use crate::till::desk::Desk;
use crate::till::payment::{Payment, Ticket};
use crate::till::recover_all::RecoveringAll;
use crate::till::registration::Registration;
use crate::till::report::{Report, ReportOutcome};
use crate::till::rules::Rules;
use crate::till::sale::{LONGEST_TEXT, Sale, check_text};
use crate::till::session::Session;
use crate::till::state_file::{Held, Key, Place, StateFile};
use crate::till::telling::Telling;
use crate::till::told::TillLog;
use crate::till::worker::{Errand, Task, Work};

pub mod archive;
pub mod clock;
pub mod config;
pub mod day;
pub(crate) mod desk;
pub(crate) mod gate;
pub(crate) mod pay;
pub mod payment;
pub(crate) mod reconcile;
mod recover_all;
pub(crate) mod reference;
pub mod registration;
pub mod report;
pub(crate) mod resolve;
pub(crate) mod reversal;
pub mod rules;
pub mod sale;
pub(crate) mod session;
pub mod settled;
pub(crate) mod state_file;
mod status;
pub(crate) mod telling;
pub(crate) mod told;
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

/// What a person says became of a reversal in doubt.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReversalVerdict {
    /// Whether the money has gone back.
    pub reversed: bool,
    /// Who says so.
    pub operator: String,
    /// Why.
    pub reason: String,
}

/// What is running at the terminal, or about to.
#[derive(Clone)]
enum Running {
    Payment(Arc<Payment>),
    Report(Arc<Report>),
    RecoveringAll(Arc<RecoveringAll>),
}

impl Running {
    fn payment(&self) -> Option<&Arc<Payment>> {
        match self {
            Running::Payment(payment) => Some(payment),
            Running::Report(_) | Running::RecoveringAll(_) => None,
        }
    }

    fn has_ended(&self) -> bool {
        match self {
            Running::Payment(payment) => payment.settled().is_some(),
            Running::Report(report) => report.outcome() != ReportOutcome::Pending,
            Running::RecoveringAll(all) => all.has_ended(),
        }
    }
}

impl Drop for Till {
    fn drop(&mut self) {
        if payment::check_process(self.process).is_err() {
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
        let place = place(config, base_url.as_str(), &credentials, file.path);
        let state = StateFile::open(place, file.if_missing, clock.clone(), config.stores_demands)?;
        let is_configured = credentials.device_code.is_some();
        if !is_configured {
            credentials.device_code = state.hold().journal()?.device_code()?.map(Secret::new);
        }
        let is_device = Arc::new(AtomicBool::new(credentials.device_code.is_some()));
        let api = Api::new(transport, config.log.clone(), timeouts.request, timeouts.payment, timeouts.report);
        let session = Session::new(credentials, is_device.clone(), state.clone());
        let log = TillLog::new(config.log.clone());
        log.opened(base_url.as_str(), session.credentials().grant().name());
        let desk = Desk::new(api, session, clock.clone(), state.clone(), rules, timeouts);
        let work = worker::spawn(desk, log, state.clone())?;
        Ok(Till {
            is_configured,
            is_device,
            process: std::process::id(),
            clock,
            state,
            running: Mutex::default(),
            registration: Mutex::default(),
            work,
        })
    }

    /// Binds the state file to the host, device and client of this configuration, because a person says that it is the same
    /// till: after the vendor has renamed a host, or the device code has changed. Kept with who says so and why. Refused while
    /// anything is in doubt or may still reach the terminal, and between the two environments. For reversals it counts as
    /// an end of day. The till must not be open.
    pub fn rebind(config: &Config, operator: &str, reason: &str) -> Result<()> {
        check_text("operator", operator, LONGEST_TEXT)?;
        check_text("reason", reason, LONGEST_TEXT)?;
        let (base_url, credentials, file) = config.complete()?;
        let place = place(config, base_url.as_str(), &credentials, file.path);
        let now = SystemClock::new().moment();
        Journal::rebind(&place.opening(crate::journal::IfMissing::Refuse), operator, reason, &now)
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
        let now = held.now();
        let told = held.told.clone();
        let journal = held.sound_journal()?;
        // A file that may have forgotten something is no judge of whose turn it is.
        let admitted = journal.admit(sale.reference(), sale.attempt(), sale.money());
        let admitted = admitted.map_err(|refusal| journal.may_start().err().unwrap_or(refusal));
        let errand = match admitted? {
            Some(known) if !known.in_doubt() => return Ok(self.replay(&mut held, &known, Telling::Call)),
            _ if is_running => return Err(busy()),
            Some(known) => Errand { task: Task::FindOut, payment: Arc::new(Payment::resumed(&known, self.grant())) },
            None => {
                journal.may_start()?;
                check_duplicate(journal, sale, journal.till(&now), &told)?;
                let ticket = Ticket::new(sale, now.at, self.grant());
                Errand { task: Task::Pay(sale.clone()), payment: Arc::new(Payment::new(ticket)) }
            }
        };
        drop(held);
        Ok(self.set_off(&mut running, errand))
    }

    /// Finds out what became of an attempt to take the payment with this reference, and returns at once. Starts nothing. Of
    /// what is known it tells from the journal, unless it is asked about again. `attempt` may be left out where only one
    /// attempt at the sale needs something: then it tells that one, or else the one that took money, or the last.
    pub fn recover(&self, reference: &str, attempt: Option<i32>) -> Result<Arc<Payment>> {
        payment::check_process(self.process)?;
        let mut running = self.running();
        if let Some(same) = payment_of(&running).filter(|running| names(running, reference, attempt)) {
            return Ok(same.clone());
        }
        let mut held = self.state.hold();
        let now = held.now();
        let journal = held.sound_journal()?;
        let attempts = journal.attempts(reference)?;
        let attempt = pick(&attempts, reference, attempt)?.clone();
        let asks = attempt.in_doubt() || attempt.is_asked_about(journal.till(&now));
        if !asks || running.is_some() && !attempt.in_doubt() {
            return Ok(self.replay(&mut held, &attempt, Telling::Call));
        }
        if running.is_some() {
            return Err(busy());
        }
        let payment = Arc::new(Payment::resumed(&attempt, self.grant()));
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

    /// Says that the till has taken over what this payment tells, and no more: a contradiction, or a copy of the receipt, that
    /// came later stays among what is unfinished. Closes the reference; may be repeated.
    pub fn acknowledge_payment(&self, payment: &Payment) -> Result<()> {
        let Some(settled) = payment.settled() else {
            return Err(Error::new(Status::InvalidState, "the payment is still running"));
        };
        self.take_over(&payment.ticket().reference, Some(payment.ticket().attempt), Some(settled.tells))
    }

    /// The same by reference and attempt: what this process was told of it last, or an earlier one that has said so
    /// ([`confirm_told`](Till::confirm_told)). `attempt` may be left out where only one
    /// attempt at the sale needs something.
    pub fn acknowledge(&self, reference: &str, attempt: Option<i32>) -> Result<()> {
        self.take_over(reference, attempt, None)
    }

    fn take_over(&self, reference: &str, attempt: Option<i32>, told: Option<Told>) -> Result<()> {
        payment::check_process(self.process)?;
        self.refuse_running(reference, attempt)?;
        let mut held = self.state.hold();
        let now = held.now();
        let attempts = held.sound_journal()?.attempts(reference)?;
        let attempt = pick(&attempts, reference, attempt)?.clone();
        // Who was told nothing has seen no contradiction.
        let told = told.or(held.told_of(&attempt)).unwrap_or(Told::of(&attempt, true));
        held.sound_journal()?.acknowledge(reference, attempt.attempt, told, &now).map(drop)
    }

    /// Says that the caller has passed on what this payment tells, what it asks for with money included; see
    /// [`Config::confirm_what_is_told`].
    pub fn confirm_told(&self, payment: &Payment) -> Result<()> {
        payment::check_process(self.process)?;
        let Some(settled) = payment.settled() else { return Ok(()) };
        let Ticket { reference, attempt, .. } = payment.ticket();
        let mut held = self.state.hold();
        let now = held.now();
        let journal = held.sound_journal()?;
        let Some(attempt) = journal.attempt(reference, *attempt)? else { return Ok(()) };
        let demands = voice::new_demands(&settled.next_actions, &attempt, now.at);
        held.store_demands(&attempt, &demands)?;
        // Of what needs nothing nobody takes anything over.
        if !attempt.is_unfinished() {
            return Ok(());
        }
        held.journal()?.note_told(&attempt.reference, attempt.attempt, settled.tells, &now).map(drop)
    }

    /// Stores what a person says of a payment in doubt. The service is still asked, and may contradict. Of one whose start
    /// has been open for a minute it may be said while that goes on. `attempt` may be left out where only one attempt at the
    /// sale needs something.
    pub fn decide(&self, reference: &str, attempt: Option<i32>, verdict: &Verdict) -> Result<Arc<Payment>> {
        check_text("operator", &verdict.operator, LONGEST_TEXT)?;
        check_text("reason", &verdict.reason, LONGEST_TEXT)?;
        if verdict.slip_number.is_some_and(|number| number < 1) {
            return Err(Error::argument("slip_number", "is not positive"));
        }
        payment::check_process(self.process)?;
        let now = self.clock.elapsed();
        let is_open = payment_of(&self.running())
            .is_some_and(|running| names(running, reference, attempt) && running.may_be_decided(now));
        if !is_open {
            self.refuse_running(reference, attempt)?;
        }
        let mut held = self.state.hold();
        let now = held.now();
        let journal = held.sound_journal()?;
        let attempts = journal.attempts(reference)?;
        let open = pick(&attempts, reference, attempt)?.clone();
        let Verdict { paid, operator, reason, slip_number } = verdict.clone();
        let decision = Decision { paid, operator, reason, slip_number, decided_at: now.at, decided_till: 0 };
        match journal.decide(reference, open.attempt, &decision, &now)? {
            Swap::Made(decided) => Ok(self.replay(&mut held, &decided, Telling::Call)),
            Swap::Lost(_) => Err(not_in_doubt(&open)),
        }
    }

    /// Stores what a person says of a reversal in doubt. The service is still asked, and may contradict.
    pub fn decide_reversal(
        &self,
        reference: &str,
        attempt: Option<i32>,
        verdict: &ReversalVerdict,
    ) -> Result<Arc<Payment>> {
        check_text("operator", &verdict.operator, LONGEST_TEXT)?;
        check_text("reason", &verdict.reason, LONGEST_TEXT)?;
        payment::check_process(self.process)?;
        self.refuse_running(reference, attempt)?;
        let mut held = self.state.hold();
        let now = held.now();
        let journal = held.sound_journal()?;
        let attempts = journal.attempts(reference)?;
        let open = pick(&attempts, reference, attempt)?.clone();
        let ReversalVerdict { reversed, operator, reason } = verdict.clone();
        let decision = ReversalDecision { reversed, operator, reason, decided_at: now.at, decided_till: 0 };
        match journal.decide_reversal(reference, open.attempt, &decision, &now)? {
            Swap::Made(decided) => Ok(self.replay(&mut held, &decided, Telling::Call)),
            Swap::Lost(_) => {
                let fault = format!("reference {reference:?} attempt {} has no reversal in doubt", open.attempt);
                Err(Error::new(Status::InvalidState, fault))
            }
        }
    }

    /// Accepts that the state file was damaged or lost and that payments in it may be forgotten; until then none begins.
    pub fn accept_journal_loss(&self, operator: &str) -> Result<()> {
        check_text("operator", operator, LONGEST_TEXT)?;
        payment::check_process(self.process)?;
        let mut held = self.state.hold();
        let now = held.now();
        held.sound_journal()?.accept_journal_loss(operator, &now)
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
        payment::check_process(self.process)?;
        let running = payment_of(&self.running()).cloned();
        let mut held = self.state.hold();
        let found = find(held.sound_journal()?)?;
        let mut list = Vec::with_capacity(found.len());
        for attempt in &found {
            list.push(match &running {
                Some(running) if names(running, &attempt.reference, Some(attempt.attempt)) => running.clone(),
                _ => self.replay(&mut held, attempt, Telling::List),
            });
        }
        Ok(list)
    }

    /// What became of an attempt, from the journal alone.
    fn replay(&self, held: &mut Held, attempt: &Attempt, telling: Telling) -> Arc<Payment> {
        let settled = held.tell(attempt, None, telling);
        Arc::new(Payment::replayed_as(attempt, self.grant(), settled))
    }
}

/// The attempt that is meant: this one, or the one that speaks for the sale, unless two of them need something.
fn pick<'a>(attempts: &'a [Attempt], reference: &str, attempt: Option<i32>) -> Result<&'a Attempt> {
    let Some(number) = attempt else {
        if let Some([one, other]) = voice::ambiguity(attempts) {
            let fault = format!("attempts {one} and {other} of reference {reference:?} both need something: name one");
            return Err(Error::new(Status::InvalidState, fault));
        }
        return voice::speaker(attempts).ok_or_else(|| unknown_reference(reference));
    };
    let found = attempts.iter().find(|known| known.attempt == number);
    let missing = || Error::new(Status::NotFound, format!("reference {reference:?} has no attempt {number}"));
    if attempts.is_empty() { Err(unknown_reference(reference)) } else { found.ok_or_else(missing) }
}

fn check_duplicate(journal: &Journal, sale: &Sale, till: i64, told: &BTreeMap<Key, Told>) -> Result<()> {
    if sale.confirmed_by().is_some() {
        return Ok(());
    }
    let is_told = |other: &Attempt| told.get(&other.key()).copied().or(other.told) == Some(Told::of(other, false));
    match journal.possible_duplicate(sale.money(), sale.reference(), till, is_told)? {
        None => Ok(()),
        Some(Attempt { reference, money, .. }) => {
            let fault = format!("the payment {reference:?} over {money} is not settled yet: is this another sale?");
            Err(Error::new(Status::PossibleDuplicate, fault))
        }
    }
}

fn not_in_doubt(attempt: &Attempt) -> Error {
    let Attempt { reference, attempt: number, .. } = attempt;
    let fault =
        format!("reference {reference:?} attempt {number} is not in doubt: it is {}", attempt.standing().name());
    Error::new(Status::InvalidState, fault)
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

/// Where the state file is, and whose.
fn place(config: &Config, base_url: &str, credentials: &Credentials, path: std::path::PathBuf) -> Place {
    let identity = match &credentials.device_code {
        Some(code) => Identity::of_device(base_url, &credentials.client_id, code.reveal()),
        None => Identity::of_client(base_url, &credentials.client_id),
    };
    let identity = match config.environment.map(Environment::name) {
        Some(name) => identity.in_environment(name),
        None => identity,
    };
    Place { path, head_file: config.head_file.clone(), identity }
}
