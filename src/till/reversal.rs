//! Reversing a payment at the terminal: read it → durable row → cancelTrx, and reading again where that is in doubt.
//!
//! The terminal knows a payment only by a small number that it counts itself, so everything that could make that number
//! somebody else's is a reason not to send it.

use std::sync::Arc;
use std::time::Duration;

use crate::api::closing::{self, ReversalVerdict};
use crate::api::refusal;
use crate::api::secret::Secret;
use crate::api::transaction::{SmartTransaction, TransactionId};
use crate::api::verdict::{REFUSED_AT_ONCE, ReadVerdict, Standing};
use crate::error::{Error, Result, Status};
use crate::journal::{Attempt, Journal, Stage, State, Swap};
use crate::till::desk::{Desk, End, PATIENCE, id_of, key};
use crate::till::outcome::{Reason, Reversal};
use crate::till::pay::{STALE, TOKEN_MARGIN};
use crate::till::payment::{Payment, Ticket, check_process};
use crate::till::report::ReportOutcome;
use crate::till::resolve::{LAST_READ, pause};
use crate::till::sale::{LONGEST_TEXT, check_text};
use crate::till::settled::Settled;
use crate::till::worker::{Errand, Task};
use crate::till::{Till, busy, names, payment_of, unknown_reference};

/// A payment that is older, in milliseconds, is reversed only if a person confirms it: the terminal may have closed its
/// day by itself.
const OLD: i64 = 24 * 60 * 60 * 1000;

/// What is known of a reversal when it comes to reading.
struct InDoubt {
    error: Error,
    /// Whether it was refused, and if so, whether so soon that the terminal was never asked.
    refused_at_once: Option<bool>,
    reason: Option<Reason>,
}

impl Till {
    /// Begins to reverse a payment at the terminal and returns at once: what becomes of it is the payment's
    /// [`reversal`](Payment::reversal). An error means that nothing was sent.
    ///
    /// Joins one that is running, tells again of one that is done. Where one is in doubt, the service is asked first, and
    /// only if it says that the payment still stands is a second request sent. A payment older than 24 hours must be
    /// confirmed by somebody.
    pub fn reverse(&self, reference: &str, confirmed_by: Option<&str>) -> Result<Arc<Payment>> {
        if let Some(operator) = confirmed_by {
            check_text("operator", operator, LONGEST_TEXT)?;
        }
        check_process(self.process)?;
        let mut running = self.running();
        let same = payment_of(&running).filter(|running| names(running, reference, None));
        if let Some(same) = same.filter(|same| same.reversal() == Reversal::Pending) {
            return Ok(same.clone());
        }
        let mut held = self.state.hold();
        let journal = held.sound_journal()?;
        let attempts = journal.attempts(reference)?;
        let found = attempts.iter().rfind(|attempt| attempt.forbids_another()).or(attempts.last());
        let attempt = found.ok_or_else(|| unknown_reference(reference))?;
        if attempt.state == State::Reversed {
            return self.replay(journal, attempt);
        }
        if running.is_some() {
            return Err(busy());
        }
        check(journal, attempt, self.clock.now(), confirmed_by)?;
        let payment = Arc::new(Payment::to_be_reversed(attempt, self.grant()));
        let (from, confirmed_by) = (Box::new(attempt.clone()), confirmed_by.map(str::to_owned));
        drop(held);
        Ok(self.set_off(&mut running, Errand { task: Task::Reverse { from, confirmed_by }, payment }))
    }
}

/// Whether the journal allows that this payment is reversed, before anything is asked of the network.
pub(crate) fn check(journal: &Journal, attempt: &Attempt, now: i64, confirmed_by: Option<&str>) -> Result<()> {
    let reference = &attempt.reference;
    let refuse = |fault: String| Err(Error::new(Status::InvalidState, format!("the payment {reference:?} {fault}")));
    journal.may_start()?;
    if attempt.state != State::Approved {
        return refuse(format!("is {}: only what the service calls paid is reversed", attempt.standing().name()));
    }
    let Some(number) = attempt.receipt_number else { return refuse("has no receipt number".into()) };
    // By the order of the journal: a person can set the clock.
    let began = journal.started_by(attempt)?;
    let issued_no_more =
        |other: &Attempt| other.reference != *reference && other.receipt_number.is_some_and(|issued| issued <= number);
    for other in journal.find(i64::MIN, i64::MAX, None)?.into_iter().filter(issued_no_more) {
        if journal.started_by(&other)? > began {
            let issued = other.receipt_number.unwrap_or_default();
            let restarted = format!("the terminal counts anew: it has issued {issued} for {:?} since", other.reference);
            return refuse(format!("has the receipt number {number}, and {restarted}"));
        }
    }
    let may_have_run = |outcome: Option<&str>| outcome.is_none_or(ReportOutcome::may_have_closed);
    let closed = journal.ends_of_days()?.into_iter();
    if let Some(end) = closed.into_iter().find(|end| end.event > began && may_have_run(end.outcome.as_deref())) {
        let begun_at = end.begun_at;
        return refuse(format!(
            "was made before the end of day of {begun_at} (Unix milliseconds), which ran or may have"
        ));
    }
    let age = now.saturating_sub(attempt.starting_at.unwrap_or(attempt.created_at));
    if !(0..=OLD).contains(&age) && confirmed_by.is_none() {
        let fault = format!("the payment {reference:?} is older than 24 hours: an operator must confirm its reversal");
        return Err(Error::new(Status::ConfirmationRequired, fault));
    }
    Ok(())
}

impl Desk {
    /// Reverses a payment that has been checked.
    pub(crate) fn reverse(&mut self, ticket: &Ticket, confirmed_by: Option<&str>) -> Settled {
        let attempt = match self.stored(ticket) {
            Ok(attempt) => attempt,
            Err(error) => return self.unreadable(ticket, error),
        };
        match self.try_reversing(&attempt, confirmed_by) {
            Ok(settled) => settled,
            Err(error) => self.untouched(ticket, attempt, error),
        }
    }

    /// Finds out what became of a reversal that was begun earlier. Sends no cancelTrx.
    pub(super) fn resume_reversal(&mut self, token: Secret, attempt: &Attempt) -> Settled {
        let error = Error::new(Status::InvalidState, "the till ended while the reversal was running");
        let in_doubt = InDoubt { error, refused_at_once: None, reason: reason_of(attempt) };
        self.resolve_reversal(token, attempt, in_doubt)
    }

    /// Reads once what became of a reversal that was begun earlier.
    pub(super) fn look_at_reversal(&mut self, token: &mut Secret, attempt: &Attempt, id: &TransactionId) -> Settled {
        let seen = self.read(token, id, attempt.money, PATIENCE);
        match &seen.verdict {
            ReadVerdict::Final(Standing::Paid, _) if !self.reversal_holds_the_terminal(attempt) => {
                let error = Error::new(Status::InvalidState, "the service says that the payment stands");
                self.note(attempt, Stage::NotReversed, None, error)
            }
            ReadVerdict::Final(..) => self.settle_read(attempt, &seen, None),
            _ => self.told(attempt, None),
        }
    }

    /// A reversal in doubt may still reach the terminal, for as long as a start might.
    pub(super) fn reversal_holds_the_terminal(&self, attempt: &Attempt) -> bool {
        let since = self.reversing_since.get(&key(attempt)).copied().unwrap_or(self.opened_at);
        let length = self.timeouts.until_grace_is_over();
        attempt.is_reversing() && self.clock.elapsed().saturating_sub(since) < length
    }

    /// An error says that no request was sent.
    fn try_reversing(&mut self, attempt: &Attempt, confirmed_by: Option<&str>) -> Result<Settled> {
        let open = self.look_at_earlier(Some(&attempt.reference))?;
        if let Some(other) = open.iter().find(|open| key(open) != key(attempt)) {
            return Err(Error::new(Status::Busy, format!("the payment {:?} is still in doubt", other.reference)));
        }
        // Once more: what was in doubt may have its receipt number only now.
        check(self.state.hold().sound_journal()?, attempt, self.clock.now(), confirmed_by)?;
        let needed = self.timeouts.report + self.timeouts.resolve + TOKEN_MARGIN;
        let mut token = self.session.token(&self.api, &*self.clock, needed)?;
        let missing = || Error::new(Status::InvalidState, "the payment has no transaction or receipt number");
        let id = id_of(attempt).ok_or_else(missing)?;
        let number = attempt.receipt_number.ok_or_else(missing)?;
        let seen = self.read(&mut token, &id, attempt.money, self.timeouts.request);
        match &seen.verdict {
            ReadVerdict::Final(Standing::Paid, now) if now.receipt_number == Some(number) => {}
            ReadVerdict::Final(Standing::Paid, now) => {
                let says = now.receipt_number.map_or("none".into(), |number| number.to_string());
                let fault = format!("the payment's receipt number is {number}; the service says {says}");
                return Err(Error::new(Status::Protocol, fault));
            }
            ReadVerdict::Final(..) => return Ok(self.settle_read(attempt, &seen, None)),
            ReadVerdict::Created => {
                return Err(Error::new(Status::Protocol, "the service says that it was never paid"));
            }
            ReadVerdict::TokenRefused(error) => return Err(error.clone()),
            ReadVerdict::InDoubt(doubt) => return Err(doubt.error.clone()),
        }
        let (at, since) = (self.clock.now(), self.clock.elapsed());
        let (reference, which) = (&attempt.reference, attempt.attempt);
        let begun = self.state.hold().journal()?.begin_reversing(reference, which, at, confirmed_by)?;
        let attempt = match begun {
            Swap::Made(attempt) => *attempt,
            Swap::Lost(attempt) => return Ok(self.told(&attempt, None)),
        };
        self.reversing_since.insert(key(&attempt), since);
        let by_the_wall = u64::try_from(self.clock.now().saturating_sub(at)).unwrap_or(0);
        if self.clock.elapsed().saturating_sub(since).max(Duration::from_millis(by_the_wall)) > STALE {
            let fault = "the machine stood still just before the reversal, which was not sent";
            return Ok(self.not_sent(&attempt, Error::new(Status::InvalidState, fault)));
        }
        Ok(self.send_reversal(token, &attempt, &id, number))
    }

    /// The one request. The attempt's row must be durable.
    fn send_reversal(&mut self, token: Secret, attempt: &Attempt, id: &TransactionId, number: i64) -> Settled {
        let began = self.clock.elapsed();
        let came = self.api.reverse(&token, number);
        let took = self.clock.elapsed().saturating_sub(began);
        let answer = came.as_ref().ok().map(|response| response.body.clone());
        let is_token_refused = came.as_ref().is_ok_and(refusal::is_token_refused);
        let in_doubt = match closing::of_reversal(came, took, id, attempt.money) {
            ReversalVerdict::NeverSent(error) => return self.not_sent(attempt, error),
            ReversalVerdict::Reversed(transaction) => {
                return self.reversed(attempt, &transaction, answer.as_deref());
            }
            // It says nothing of an earlier request, which may be what the terminal is at work on.
            ReversalVerdict::Refused(error) if may_have_been_sent(attempt) => {
                InDoubt { error, refused_at_once: None, reason: None }
            }
            ReversalVerdict::Refused(error) => InDoubt {
                error,
                refused_at_once: Some(took <= REFUSED_AT_ONCE),
                reason: is_token_refused.then_some(Reason::LoginFailed),
            },
            ReversalVerdict::Another(other, transaction) => {
                let error = self.record_other(&other, &transaction, answer.as_deref());
                InDoubt { error, refused_at_once: Some(false), reason: Some(Reason::WrongPaymentReversed) }
            }
            ReversalVerdict::InDoubt(error) => InDoubt { error, refused_at_once: None, reason: None },
        };
        self.resolve_reversal(token, attempt, in_doubt)
    }

    /// Not one byte was sent. That does not undo an earlier request that may have been.
    fn not_sent(&mut self, attempt: &Attempt, error: Error) -> Settled {
        let stage = if may_have_been_sent(attempt) { Stage::Reversing } else { Stage::NotReversed };
        self.note(attempt, stage, None, error)
    }

    /// Reads until the payment is cancelled, or until the deadline. What was refused is believed as soon as a read says
    /// that the payment stands: at once, if the refusal came before the terminal can have been asked, else at the deadline.
    /// What nobody has answered is not reversed if a read says so after the time in which it could reach the terminal.
    fn resolve_reversal(&mut self, mut token: Secret, attempt: &Attempt, in_doubt: InDoubt) -> Settled {
        let InDoubt { error, refused_at_once, reason } = in_doubt;
        let Some(id) = id_of(attempt) else { return self.note(attempt, Stage::Reversing, reason, error) };
        let deadline = self.clock.elapsed() + self.timeouts.resolve;
        for turn in 0.. {
            let left = deadline.saturating_sub(self.clock.elapsed());
            let seen = self.read(&mut token, &id, attempt.money, left.max(LAST_READ));
            let left = deadline.saturating_sub(self.clock.elapsed());
            match (&seen.verdict, refused_at_once) {
                (ReadVerdict::Final(Standing::Paid, _), Some(true)) => {
                    return self.note(attempt, Stage::NotReversed, reason, error);
                }
                (ReadVerdict::Final(Standing::Paid, _), Some(false)) if left.is_zero() => {
                    return self.note(attempt, Stage::NotReversed, reason, error);
                }
                (ReadVerdict::Final(Standing::Cancelled | Standing::Reversed, _), _) => {
                    return self.settle_read(attempt, &seen, None);
                }
                (ReadVerdict::Final(Standing::Paid, _), None) if !self.reversal_holds_the_terminal(attempt) => {
                    return self.note(attempt, Stage::NotReversed, reason, error);
                }
                _ if left.is_zero() => break,
                _ => self.clock.sleep(pause(&attempt.reference, turn).min(left)),
            }
        }
        self.note(attempt, Stage::Reversing, reason, error)
    }

    fn reversed(&mut self, attempt: &Attempt, transaction: &SmartTransaction, answer: Option<&[u8]>) -> Settled {
        let (state, transaction) = (State::Reversed, Some(transaction));
        let end = End { state, fenced: false, reason: None, transaction, answer, took: None };
        self.finish(attempt, &end, None)
    }

    /// Another payment was reversed in this one's place: that is stored of that one.
    fn record_other(&mut self, id: &TransactionId, transaction: &SmartTransaction, answer: Option<&[u8]>) -> Error {
        let found = self.state.hold().journal().and_then(|journal| journal.find(i64::MIN, i64::MAX, None));
        let is_it = |attempt: &Attempt| attempt.transaction_id.as_deref() == Some(id.as_str());
        let other = found.unwrap_or_default().into_iter().find(is_it);
        let whose = match &other {
            Some(other) => {
                self.reversed(other, transaction, answer);
                format!("the payment {:?}", other.reference)
            }
            None => format!("the transaction {id}, which is not this till's,"),
        };
        Error::new(Status::Protocol, format!("{whose} was reversed instead"))
    }

    /// Stores what is known, and tells it. What cannot be stored stays in doubt.
    fn note(&mut self, attempt: &Attempt, stage: Stage, reason: Option<Reason>, error: Error) -> Settled {
        let for_now = || why_not(&error).filter(|_| stage == Stage::NotReversed);
        let (now, reason) = (self.clock.now(), reason.or(reason_of(attempt)).or_else(for_now).map(Reason::name));
        let (reference, which) = (&attempt.reference, attempt.attempt);
        let stored = self
            .state
            .hold()
            .journal()
            .and_then(|journal| journal.note_reversal(reference, which, now, stage, reason, Some(&error)));
        let attempt = stored.map_or(attempt.clone(), Swap::into_attempt);
        self.told(&attempt, Some(error))
    }

    /// Nothing was sent: the payment is as it was, and so is a reversal that was in doubt before.
    fn untouched(&mut self, ticket: &Ticket, attempt: Attempt, error: Error) -> Settled {
        let attempt = self.stored(ticket).unwrap_or(attempt);
        // Only what the journal forbids is forbidden for good: nobody else has refused anything.
        let why = why_not(&error).or((error.status() != Status::InvalidState).then_some(Reason::ServerFailed));
        let mut settled = self.told(&attempt, Some(error));
        if attempt.state == State::Approved && !attempt.is_reversing() {
            settled.call_reversal(Reversal::Refused, why);
        }
        settled
    }

    fn stored(&self, ticket: &Ticket) -> Result<Attempt> {
        let found = self.state.hold().journal()?.attempt(&ticket.reference, ticket.attempt)?;
        found.ok_or_else(|| Error::new(Status::NotFound, "the attempt is no longer in the journal"))
    }
}

/// A request before this one, of which nobody knows what became.
fn may_have_been_sent(attempt: &Attempt) -> bool {
    attempt.reversal.as_ref().is_some_and(|reversal| reversal.requests > 1 && reversal.was_in_doubt)
}

/// Why a reversal was not done, if it may be done when that has passed. Otherwise nobody need try again.
fn why_not(error: &Error) -> Option<Reason> {
    match error.status() {
        Status::Unreachable | Status::Tls | Status::Timeout | Status::Proxy => Some(Reason::NoConnection),
        Status::NotRegistered
        | Status::RegistrationDenied
        | Status::RegistrationExpired
        | Status::InvalidCredentials => Some(Reason::LoginFailed),
        Status::Busy => Some(Reason::TerminalBusy),
        Status::ServerFailed => Some(Reason::ServerFailed),
        Status::JournalFailed => Some(Reason::JournalFailed),
        _ => None,
    }
}

fn reason_of(attempt: &Attempt) -> Option<Reason> {
    attempt.reversal.as_ref()?.reason.as_deref().and_then(Reason::named)
}
