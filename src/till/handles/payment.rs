//! A payment, as the till holds it: it changes once, from pending to its result, and whoever waits is told.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

use crate::api::oauth::Grant;
use crate::api::transaction::TransactionId;
use crate::calendar::german_time;
use crate::error::{Error, Language, Result, Status, words_of_the_service};
use crate::money::Money;
use crate::payment::action::Action;
use crate::payment::attempt::Attempt;
use crate::payment::cashier_text;
use crate::payment::outcome::Contradiction;
use crate::payment::outcome::{DecidedBy, Outcome, ReversalOutcome};
use crate::payment::phase::Phase;
use crate::payment::reason::Reason;
use crate::till::handles::current_phase::CurrentPhase;
use crate::till::handles::notice::Notice;
use crate::till::handles::once::Once;
use crate::till::handles::settled::{Settled, SettledLater};
use crate::till::sale::Sale;

/// What is known of a payment from the beginning.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ticket {
    /// The till's number for the sale.
    pub reference: String,
    /// Which try this is.
    pub attempt: i32,
    /// What the till asked for.
    pub money: Money,
    /// When `pay` was called: Unix time in milliseconds, UTC.
    pub created_at: i64,
    /// How the till logs in.
    pub grant: Grant,
}

impl Ticket {
    /// For a sale that is paid for now.
    pub(crate) fn new(sale: &Sale, created_at: i64, grant: Grant) -> Self {
        let reference = sale.reference().to_owned();
        Ticket { reference, attempt: sale.attempt(), money: sale.money(), created_at, grant }
    }

    /// For an attempt that was begun earlier.
    pub(crate) fn of(attempt: &Attempt, grant: Grant) -> Self {
        let Attempt { reference, attempt, money, created_at, .. } = attempt.clone();
        Ticket { reference, attempt, money, created_at, grant }
    }
}

/// From when on a person may decide what became of a payment whose start is still open.
const DECIDED_FROM: Duration = Duration::from_secs(60);

/// What an abort can do. The payment wins: one that is approved is reported as approved.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(i32)]
pub enum Abort {
    /// It will never be started.
    Abandoned = 1,
    /// It may have reached the terminal: only STOP there can stop it.
    AtTerminal = 2,
    /// It has its outcome already.
    TooLate = 3,
}

/// How far a payment has come.
#[derive(Clone, Debug)]
enum Progress {
    /// Nothing has been started, and nothing will be if it is abandoned now.
    Before,
    /// The till has abandoned it in time.
    Abandoned,
    /// Start may have been sent for this transaction.
    Started(Option<TransactionId>),
}

/// A payment. Shared between threads.
pub struct Payment {
    ticket: Ticket,
    /// The process that began it: what it waits for happens on a thread, and threads do not survive a fork.
    process: u32,
    replayed: bool,
    progress: Mutex<Progress>,
    /// When start became possible, by the till's own clock that nobody can set.
    start_since: OnceLock<Duration>,
    is_reversal: bool,
    phase: Arc<CurrentPhase>,
    settled: Once<SettledLater>,
}

impl Payment {
    /// One that is going to be taken.
    pub(crate) fn new(ticket: Ticket) -> Self {
        Payment::at(Progress::Before, ticket, false, Phase::LoggingIn)
    }

    /// One that was begun earlier and is to be found out about.
    pub(crate) fn resumed(attempt: &Attempt, grant: Grant) -> Self {
        let transaction = attempt.transaction_id.as_deref().and_then(TransactionId::parse);
        Payment::at(Progress::Started(transaction), Ticket::of(attempt, grant), true, Phase::FindingOut)
    }

    /// One that is going to be reversed.
    pub(crate) fn to_be_reversed(attempt: &Attempt, grant: Grant) -> Self {
        let phase = Arc::new(CurrentPhase::new(Phase::LoggingIn));
        Payment { is_reversal: true, phase, ..Payment::resumed(attempt, grant) }
    }

    /// One whose result is known from earlier.
    pub(crate) fn replayed_as(attempt: &Attempt, grant: Grant, settled: Settled) -> Self {
        let payment = Payment::resumed(attempt, grant);
        payment.settle(settled);
        payment
    }

    /// One of a list.
    pub(crate) fn listed_as(attempt: &Attempt, grant: Grant, settled: SettledLater) -> Self {
        let payment = Payment::resumed(attempt, grant);
        payment.settled.set(settled);
        payment
    }

    fn at(progress: Progress, ticket: Ticket, replayed: bool, phase: Phase) -> Self {
        Payment {
            ticket,
            process: std::process::id(),
            replayed,
            progress: Mutex::new(progress),
            start_since: OnceLock::new(),
            is_reversal: false,
            phase: Arc::new(CurrentPhase::new(phase)),
            settled: Once::new(),
        }
    }

    /// Says that start is about to be sent for this transaction, unless the till has abandoned the payment.
    pub(crate) fn may_start(&self, transaction: &TransactionId, now: Duration) -> bool {
        let progress = &mut *self.progress();
        match progress {
            Progress::Abandoned => false,
            Progress::Before | Progress::Started(_) => {
                *progress = Progress::Started(Some(transaction.clone()));
                let _ = self.start_since.set(now);
                true
            }
        }
    }

    /// Whether its start has run for so long that a person may decide what became of it.
    pub(crate) fn may_be_decided(&self, now: Duration) -> bool {
        self.start_since.get().is_some_and(|since| now.saturating_sub(*since) >= DECIDED_FROM)
    }

    /// Whether the till has abandoned it in time.
    pub(crate) fn is_abandoned(&self) -> bool {
        matches!(*self.progress(), Progress::Abandoned)
    }

    /// Whether start may have been sent, and for which transaction.
    pub(crate) fn started(&self) -> Option<Option<TransactionId>> {
        match &*self.progress() {
            Progress::Started(transaction) => Some(transaction.clone()),
            Progress::Before | Progress::Abandoned => None,
        }
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks that it be not taken. Waits for nothing and may be called from any thread; the outcome still comes.
    pub fn abort(&self) -> Result<Abort> {
        self.check_process()?;
        let progress = &mut *self.progress();
        if self.settled().is_some() {
            return Ok(Abort::TooLate);
        }
        match progress {
            Progress::Started(_) => Ok(Abort::AtTerminal),
            Progress::Before | Progress::Abandoned => {
                *progress = Progress::Abandoned;
                Ok(Abort::Abandoned)
            }
        }
    }

    /// Refuses to be used by a forked child, in which nobody would ever settle it.
    pub fn check_process(&self) -> Result<()> {
        check_process(self.process)
    }

    /// Sets the result, once; a later one is ignored.
    pub(crate) fn settle(&self, settled: Settled) {
        self.settled.set(settled.into());
    }

    /// Whether it was begun earlier, and this tells what became of it.
    pub fn replayed(&self) -> bool {
        self.replayed
    }

    /// What was known from the beginning.
    pub fn ticket(&self) -> &Ticket {
        &self.ticket
    }

    /// The result, once there is one.
    pub fn settled(&self) -> Option<&Settled> {
        self.settled.get()?.get()
    }

    /// What became of it so far.
    pub fn outcome(&self) -> Outcome {
        self.settled().map_or(Outcome::Pending, |settled| settled.outcome)
    }

    /// What became of its reversal so far.
    pub fn reversal(&self) -> ReversalOutcome {
        match self.settled() {
            Some(settled) => settled.reversal,
            None if self.is_reversal => ReversalOutcome::Pending,
            None => ReversalOutcome::None,
        }
    }

    /// How far it has come, or its reversal, while that is running.
    pub fn phase(&self) -> Phase {
        if self.settled().is_some() { Phase::None } else { self.phase.get() }
    }

    /// What the till's thread says that in.
    pub(crate) fn current_phase(&self) -> &Arc<CurrentPhase> {
        &self.phase
    }

    /// Waits for the result: for ever without a limit, not at all with a limit of zero. Leaving the wait stops nothing.
    pub fn wait(&self, limit: Option<Duration>) -> Outcome {
        self.settled.wait(limit);
        self.outcome()
    }

    /// What the cashier reads while it is running, when it has come so far.
    pub(crate) fn running_text(&self, phase: Phase, language: Language) -> &'static str {
        match self.is_reversal {
            true => cashier_text::running_reversal_text(phase, language),
            false => cashier_text::running_payment_text(phase, language),
        }
    }

    /// Gives the notice when there is a result, or at once if there is one.
    pub fn notify(&self, notice: Arc<Notice>) -> Result<()> {
        self.check_process()?;
        self.settled.notify(notice)
    }

    /// What the cashier reads, with the server's own words where it sent some.
    pub fn cashier_text(&self, language: Language) -> String {
        let Some(settled) = self.settled() else {
            return self.running_text(self.phase(), language).to_owned();
        };
        let (outcome, reason) = (settled.outcome, settled.reason);
        let asks = |action| settled.next_actions.contains(&action);
        let of_reversal = cashier_text::reversal_text(settled.reversal, reason, language);
        let mut text = match settled.decided_by {
            _ if of_reversal.is_some() => of_reversal.unwrap_or_default(),
            // It was taken for paid: nobody is to try again.
            _ if settled.contradiction() == Some(Contradiction::NotPaid) => cashier_text::not_paid_text(language),
            DecidedBy::Operator => cashier_text::decided_text(outcome, language),
            DecidedBy::Server => cashier_text::cashier_text(outcome, reason, settled.signature.decision, language),
        }
        .to_owned();
        if let Some(contradiction) = settled.contradiction() {
            let asks = asks(Action::Refund) || asks(Action::Collect);
            text += cashier_text::contradiction_text(contradiction, settled.is_surplus(), asks, language);
        }
        if settled.says_surplus() {
            text += cashier_text::surplus_text(asks(Action::Refund), language);
        }
        if let Some(charged) = settled.amount_charged.filter(|charged| *charged != self.ticket.money) {
            text += &match language {
                Language::German => format!(" Achtung: Gebucht wurden {charged} statt {}.", self.ticket.money),
                Language::English => format!(" Note: {charged} were charged instead of {}.", self.ticket.money),
            };
        }
        if let Some(due) = settled.amount_due {
            text += &match (asks(Action::CollectRest), language) {
                (true, Language::German) => format!(" Es fehlen noch {due}: bitte anders kassieren."),
                (true, Language::English) => format!(" {due} are still missing: please collect them in another way."),
                (false, Language::German) => {
                    format!(" Es fehlen noch {due}: bitte klären, ob das seither kassiert wurde.")
                }
                (false, Language::English) => {
                    format!(" {due} are still missing: please find out whether they were collected since.")
                }
            };
        }
        if let Some(at) = settled.asked_before_at.filter(|_| self.replayed) {
            text += &match language {
                Language::German => format!(" Darum wurde schon am {} gebeten.", german_time(at)),
                Language::English => format!(" This was asked for before, on {}.", german_time(at)),
            };
        }
        // What has just become of a reversal is no earlier result.
        if self.replayed && !self.is_reversal && outcome != Outcome::Unknown {
            let at = german_time(settled.completed_at);
            text += &match language {
                Language::German => format!(" (Ergebnis vom {at}.)"),
                Language::English => format!(" (Result of {at}.)"),
            };
        }
        if let Some(words) = settled.error.as_ref().and_then(|error| error.server().text.as_deref()) {
            text += &format!(" {}", words_of_the_service(words, language));
        }
        text
    }

    /// The payment as one JSON object, the same in every binding and on the command line. It holds the receipts: keep
    /// it as you keep those.
    pub fn to_json(&self) -> Value {
        let ticket = &self.ticket;
        let settled = self.settled();
        let number = |minor: Option<Money>| minor.map(|money| money.minor);
        json!({
            "reference": ticket.reference,
            "attempt": ticket.attempt,
            "outcome": self.outcome().name(),
            "reason": settled.and_then(|settled| settled.reason).map(Reason::name),
            "phase": self.phase().name(),
            "reversal": self.reversal().name(),
            "decided_by": settled.map(|settled| settled.decided_by.name()),
            "replayed": self.replayed,
            "conflict": settled.is_some_and(|settled| settled.conflict),
            "next_actions": settled.map_or(Vec::new(), |s| s.next_actions.iter().map(|action| action.name()).collect()),
            "amount": ticket.money.minor,
            "amount_charged": number(settled.and_then(|settled| settled.amount_charged)),
            "amount_due": number(settled.and_then(|settled| settled.amount_due)),
            "asked_before_at": settled.and_then(|settled| settled.asked_before_at),
            "currency": ticket.money.currency.code(),
            "transaction_id": settled.and_then(|settled| settled.transaction_id.as_ref()).map(TransactionId::as_str),
            "status_text": settled.and_then(|settled| settled.status_text.as_deref()),
            "receipt_number": settled.and_then(|settled| settled.receipt_number),
            "created_at": ticket.created_at,
            "completed_at": settled.map(|settled| settled.completed_at),
            "signature": settled.map(|settled| settled.signature.to_json()),
            "receipts_pruned": settled.is_some_and(|settled| settled.receipts_pruned),
            "merchant_receipt_due": settled.is_some_and(|settled| settled.merchant_receipt_due),
            "grant": ticket.grant.name(),
            "cashier_text": {
                "de": self.cashier_text(Language::German),
                "en": self.cashier_text(Language::English),
            },
            "error": settled.and_then(|settled| settled.error.as_ref()).map(Error::to_json),
            "receipts": settled.map(|settled| json!({
                "customer": settled.customer_receipt.to_json(),
                "merchant": settled.merchant_receipt.to_json(),
            })),
        })
    }
}

/// Whether this is still the process in which something was begun.
pub(crate) fn check_process(process: u32) -> Result<()> {
    match std::process::id() == process {
        true => Ok(()),
        false => Err(Error::new(Status::Forked, "it belongs to the process that this one was forked from")),
    }
}
