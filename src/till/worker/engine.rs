//! The engine at which the till's thread works: what it has, how it reads, and how a result is stored.
//!
//! `pay` takes payments, `resolve` ends doubts, `reconcile` asks again about what was before.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::api::answer::{Answer, Expected};
use crate::api::endpoints::Api;
use crate::api::secret::Secret;
use crate::api::transaction::{SmartTransaction, TransactionId};
use crate::api::transport::SecondLook;
use crate::error::{Error, Result, Status};
use crate::journal::{Journal, Moment, NewAttempt, Swap};
use crate::money::Money;
use crate::payment::attempt::{Attempt, Copies, Finish};
use crate::payment::grace;
use crate::payment::phase::Phase;
use crate::payment::reason::Reason;
use crate::payment::state::State;
use crate::payment::verdict::{self, ReadVerdict, RemoteStatus};
use crate::receipt::{Receipt, ReceiptCopy};
use crate::till::clock::{Clock, Stopwatch};
use crate::till::config::Timeouts;
use crate::till::handles::current_phase::CurrentPhase;
use crate::till::handles::payment::Ticket;
use crate::till::handles::settled::{Charged, Settled, minor_charged};
use crate::till::handles::state_file::{Key, StateFile};
use crate::till::handles::telling::Telling;
use crate::till::rules::Rules;
use crate::till::sale::Sale;
use crate::till::worker::registering::Registering;
use crate::till::worker::session::Session;

/// A read beside a start, or before the next payment, does not hold that up for longer.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);
/// The token must outlive the payment and its resolving by this much.
pub(super) const TOKEN_MARGIN: Duration = Duration::from_secs(60);
/// If more has passed since the durable row, the machine was asleep: whoever stood at the terminal may have gone.
pub(super) const STALE: Duration = Duration::from_secs(10);
/// Whoever opens a till has something to do with it first, and a process that lives for a second does nothing
/// else: so long after that it first asks about what is not proven.
const FIRST_ROUND_AFTER: Duration = Duration::from_secs(2);

/// A file that is doubted is gone through when it was left alone for so long.
const LEFT_ALONE: Duration = Duration::from_secs(1);

/// Why nothing was started.
pub(super) type Refusal = (Reason, Error);

/// All that a payment needs, owned by the till's worker thread.
pub(crate) struct Engine {
    pub(super) api: Api,
    pub(super) session: Session,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) state: StateFile,
    pub(super) rules: Rules,
    pub(super) timeouts: Timeouts,
    /// The aborts of this process, of which each attempt gets one: whether it was taken, and when that was answered.
    pub(super) aborts: BTreeMap<Key, (bool, Duration)>,
    /// When this process last asked about an attempt.
    pub(super) asked_at: BTreeMap<Key, Duration>,
    /// When it asks about everything again.
    pub(super) next_round: Duration,
    /// Whether the service's list has been compared with the journal since that was opened.
    pub(super) has_compared_list: bool,
    /// When it goes on going through a file that is doubted.
    next_part: Duration,
    /// How far what it is at work on has come; none where nobody looks.
    pub(super) phase: Option<Arc<CurrentPhase>>,
    /// The registration that is going on.
    pub(super) registering: Option<Registering>,
}

/// What a read has brought.
pub(super) struct Seen {
    pub(super) verdict: ReadVerdict,
    pub(super) answer: Answer,
    /// When it was begun.
    pub(super) read_at: Duration,
}

/// An attempt's end: what is stored of it.
pub(super) struct End<'a> {
    pub(super) state: State,
    pub(super) fenced: bool,
    pub(super) said_by_start: bool,
    pub(super) reason: Option<Reason>,
    pub(super) answer: Option<&'a Answer>,
    pub(super) took: Option<Duration>,
}

impl<'a> End<'a> {
    /// As the service says of an attempt that stood like this.
    pub(super) fn said(from: State, status: RemoteStatus, answer: &'a Answer) -> End<'a> {
        let (state, reason) = status.ends_as(from);
        End { state, reason, ..End::of(Some(answer)) }
    }

    /// Of which nothing is known but this answer.
    pub(super) fn of(answer: Option<&'a Answer>) -> End<'a> {
        End { state: State::Starting, fenced: false, said_by_start: false, reason: None, answer, took: None }
    }

    /// Not started, for this reason.
    pub(super) fn not_started(reason: Reason) -> End<'a> {
        End { state: State::NotStarted, reason: Some(reason), ..End::of(None) }
    }
}

/// The owned parts of what an answer says, and the answer.
pub(super) struct Stored {
    state: State,
    fenced: bool,
    said_by_start: bool,
    reason: Option<Reason>,
    word: Option<String>,
    charged: Charged,
    receipt_number: Option<i64>,
    terminal: Option<String>,
    copies: Copies,
    brand: Option<String>,
    took: Option<i64>,
    body: Option<Vec<u8>>,
}

impl Stored {
    pub(super) fn of(end: &End<'_>, money: Money) -> Stored {
        let transaction = end.answer.and_then(|answer| answer.transaction.as_deref());
        let paid = transaction.filter(|_| end.state == State::Approved);
        let receipts = transaction.map(receipts_of).unwrap_or_default();
        Stored {
            state: end.state,
            fenced: end.fenced,
            said_by_start: end.said_by_start,
            reason: end.reason,
            word: end.answer.and_then(Answer::word),
            charged: paid.map_or(Charged::Unsaid, |transaction| minor_charged(transaction, money)),
            receipt_number: transaction.and_then(|transaction| transaction.receipt_number),
            terminal: transaction.and_then(|transaction| transaction.device_destination.clone()),
            copies: Copies {
                merchant: receipts.iter().any(|receipt| receipt.copy() == ReceiptCopy::Merchant),
                customer: receipts.iter().any(|receipt| receipt.copy() == ReceiptCopy::Customer),
            },
            brand: receipts.iter().find_map(|receipt| receipt.field("brand")).map(|brand| brand.value.clone()),
            took: end.took.and_then(|took| i64::try_from(took.as_millis()).ok()),
            body: end.answer.and_then(|answer| answer.body.clone()),
        }
    }

    /// Stores how this attempt has ended.
    fn store(&self, journal: &mut Journal, reference: &str, number: i32, now: &Moment) -> Result<Swap> {
        let till = journal.till(now);
        journal.finish(reference, number, &self.as_finish(now, till), now)
    }

    pub(super) fn as_finish(&self, now: &Moment, till: i64) -> Finish<'_> {
        Finish {
            state: self.state,
            at: now.at,
            till,
            said_by_start: self.said_by_start,
            fenced: self.fenced,
            reason: self.reason,
            status_text: self.word.as_deref(),
            amount_charged: self.charged.minor(),
            amount_unreadable: self.charged == Charged::Unreadable,
            receipt_number: self.receipt_number,
            terminal: self.terminal.as_deref(),
            copies: self.copies,
            brand: self.brand.as_deref(),
            took: self.took,
            response: self.body.as_deref(),
        }
    }
}

/// The copies of the receipt that a transaction has and that can be read; the merchant's first.
fn receipts_of(transaction: &SmartTransaction) -> Vec<Receipt> {
    let read = |copy| Receipt::from_transaction(&transaction.body, copy).ok();
    let copies = [ReceiptCopy::Merchant, ReceiptCopy::Customer].into_iter().filter_map(read);
    copies.filter(|receipt| !receipt.is_empty()).collect()
}

impl Engine {
    pub(crate) fn new(
        api: Api,
        session: Session,
        clock: Arc<dyn Clock>,
        state: StateFile,
        rules: Rules,
        timeouts: Timeouts,
    ) -> Self {
        let next_round = clock.elapsed() + FIRST_ROUND_AFTER;
        Engine {
            api,
            session,
            clock,
            state,
            rules,
            timeouts,
            aborts: BTreeMap::new(),
            asked_at: BTreeMap::new(),
            next_round,
            next_part: next_round,
            has_compared_list: false,
            phase: None,
            registering: None,
        }
    }

    /// What the next requests are about, for the log.
    pub(crate) fn speak_of(&self, subject: &str) {
        self.api.speak_of(subject);
    }

    /// What it works on from now on, where somebody looks how far that has come.
    pub(crate) fn show_phase_in(&mut self, phase: Option<&Arc<CurrentPhase>>) {
        self.phase = phase.cloned();
    }

    pub(super) fn enter(&self, phase: Phase) {
        self.phase.iter().for_each(|shown| shown.enter(phase));
    }

    /// How long that is by the machine's own clock.
    pub(crate) fn real(&self, pause: Duration) -> Duration {
        self.clock.real(pause)
    }

    /// In how long it goes on going through a file that is doubted; none where none is.
    pub(crate) fn goes_through_in(&self) -> Option<Duration> {
        self.state.is_doubted().then(|| self.next_part.saturating_sub(self.clock.elapsed()))
    }

    /// Goes on with that until somebody wants the file.
    pub(crate) fn go_through(&mut self) {
        if self.goes_through_in() == Some(Duration::ZERO) {
            self.state.go_through();
            self.next_part = self.clock.elapsed() + LEFT_ALONE;
        }
    }

    /// For how long a doubt is looked into.
    pub(crate) fn resolve_limit(&self) -> Duration {
        self.timeouts.resolve
    }

    /// Till time now.
    pub(super) fn till(&self) -> Result<i64> {
        let mut held = self.state.hold();
        let now = held.now();
        Ok(held.journal()?.till(&now))
    }

    /// Till time when a read was begun: what it says was so then, however long its answer took.
    pub(super) fn till_when_read(&self, till: i64, read_at: Duration) -> i64 {
        let ago = self.clock.elapsed().saturating_sub(read_at);
        till.saturating_sub(grace::millis(ago))
    }

    /// Looks once more, when the connection stands, whether too much has passed since the durable row.
    pub(super) fn second_look(&self, watch: Stopwatch) -> SecondLook {
        let clock = self.clock.clone();
        SecondLook::new(move || watch.read(&*clock) <= STALE)
    }

    /// Somebody else logs in as this device. Where that cannot be stored, the payment that fails by it says so.
    pub(super) fn note_login_taken(&self) {
        let mut held = self.state.hold();
        let now = held.now();
        let _ = held.journal().and_then(|journal| journal.note_login_taken(&now));
    }

    /// Reads, and once more with a new token if the old one is not taken. Not while a start is running.
    pub(super) fn read(&mut self, token: &mut Secret, id: &TransactionId, money: Money, limit: Duration) -> Seen {
        let seen = self.read_once(token, id, money, limit);
        if seen.verdict != ReadVerdict::TokenRefused {
            return seen;
        }
        match self.session.renew(&self.api, &*self.clock) {
            Ok(renewed) => {
                *token = renewed;
                self.read_once(token, id, money, limit)
            }
            Err(error) => {
                let answer = Answer { error: Some(error), ..seen.answer };
                Seen { verdict: ReadVerdict::Nothing, answer, ..seen }
            }
        }
    }

    pub(super) fn read_once(&self, token: &Secret, id: &TransactionId, money: Money, limit: Duration) -> Seen {
        let read_at = self.clock.elapsed();
        let came = self.api.read(token, id, limit);
        let answer = Answer::read("reading the transaction", came, Expected::Ours(id, money));
        Seen { verdict: verdict::of_read(answer.came), answer, read_at }
    }

    /// Stores the last word that a read has brought, and tells it.
    pub(super) fn settle_read(
        &mut self,
        attempt: &Attempt,
        status: RemoteStatus,
        answer: &Answer,
        telling: Telling,
    ) -> Settled {
        self.finish_for(telling, attempt, &End::said(attempt.state, status, answer), None)
    }

    /// Stores how an attempt has ended, and tells it to whoever has asked.
    pub(super) fn finish(&mut self, attempt: &Attempt, end: &End<'_>, error: Option<Error>) -> Settled {
        self.finish_for(Telling::Call, attempt, end, error)
    }

    /// The same for whoever hears of it.
    pub(super) fn finish_for(
        &mut self,
        telling: Telling,
        attempt: &Attempt,
        end: &End<'_>,
        error: Option<Error>,
    ) -> Settled {
        let what = Stored::of(end, attempt.money);
        let mut held = self.state.hold();
        let now = held.now();
        let (reference, number) = (attempt.reference.clone(), attempt.attempt);
        let stored = held.journal().and_then(|journal| what.store(journal, &reference, number, &now));
        match stored.map(Swap::into_attempt) {
            Ok(stored) => held.tell(&stored, error, telling),
            Err(fault) => {
                // The row stays as it was, in doubt, and is read again when the file is opened. The result is told now.
                let till = held.journal().map_or(attempt.begun_till, |journal| journal.till(&now));
                let mut told = attempt.clone().finished(&what.as_finish(&now, till), None);
                if told.state == State::Approved {
                    told.reason = Some(Reason::JournalFailed.name().to_owned());
                }
                let settled = held.tell_unstored(&told, what.body.as_deref(), journal_failed(fault), telling);
                held.store_later(move |journal, now| what.store(journal, &reference, number, now).map(drop));
                settled
            }
        }
    }

    /// What the journal says of an attempt.
    pub(super) fn told(&self, attempt: &Attempt, error: Option<Error>) -> Settled {
        self.state.hold().tell(attempt, error, Telling::Call)
    }

    /// An attempt of which the journal can say nothing at the moment.
    pub(super) fn unreadable(&self, ticket: &Ticket, error: Error) -> Settled {
        let Ticket { reference, attempt, money, created_at, .. } = ticket;
        let reason = Some(Reason::JournalFailed.name().to_owned());
        let in_doubt = Attempt { reason, ..Attempt::new(reference, *attempt, *money, State::Starting, *created_at) };
        self.state.hold().tell_unstored(&in_doubt, None, error, Telling::Call)
    }

    /// Stores an attempt that ended before anything was sent to the terminal, and tells it.
    pub(super) fn not_started(
        &mut self,
        sale: &Sale,
        ticket: &Ticket,
        id: Option<&TransactionId>,
        reason: Reason,
        error: Error,
    ) -> Settled {
        let mut held = self.state.hold();
        let now = held.now();
        let new = new_attempt(sale, ticket, id);
        match held.journal().and_then(|journal| journal.refuse(&new, reason, &now)) {
            Ok(stored) => held.tell(&stored, Some(error), Telling::Call),
            // What cannot be stored is true all the same: nothing was sent.
            Err(_) => {
                let attempt = Attempt {
                    transaction_id: id.map(ToString::to_string),
                    reason: Some(reason.name().to_owned()),
                    finished_at: Some(now.at),
                    ..Attempt::new(new.reference, new.attempt, new.money, State::NotStarted, new.created_at)
                };
                let settled = held.tell_unstored(&attempt, None, error, Telling::Call);
                let (sale, ticket, id) = (sale.clone(), ticket.clone(), id.cloned());
                let what = Stored::of(&End::not_started(reason), ticket.money);
                held.store_later(move |journal, now| {
                    let (reference, number) = (&ticket.reference, ticket.attempt);
                    match journal.attempt(reference, number)? {
                        None => journal.refuse(&new_attempt(&sale, &ticket, id.as_ref()), reason, now).map(drop),
                        // Its row stands in the file, although writing that has failed.
                        Some(begun) if begun.in_doubt() && id_of(&begun) == id => {
                            what.store(journal, reference, number, now).map(drop)
                        }
                        // The sale has gone on since.
                        Some(_) => Ok(()),
                    }
                });
                settled
            }
        }
    }
}

pub(super) fn new_attempt<'a>(sale: &'a Sale, ticket: &'a Ticket, id: Option<&'a TransactionId>) -> NewAttempt<'a> {
    NewAttempt {
        reference: &ticket.reference,
        attempt: ticket.attempt,
        money: ticket.money,
        transaction_id: id.map(TransactionId::as_str),
        created_at: ticket.created_at,
        confirmed_by: sale.confirmed_by(),
    }
}

pub(super) fn id_of(attempt: &Attempt) -> Option<TransactionId> {
    attempt.transaction_id.as_deref().and_then(TransactionId::parse)
}

pub(super) fn journal_failed(fault: Error) -> Error {
    match fault.status() {
        Status::JournalFailed => fault,
        _ => Error::new(Status::JournalFailed, fault.message().to_owned()),
    }
}

/// Why nothing else may be sent to the terminal: it is held by this attempt.
pub(super) fn still_in_doubt(open: &Attempt) -> Error {
    Error::new(Status::Busy, format!("the payment {:?} is still in doubt", open.reference))
}
