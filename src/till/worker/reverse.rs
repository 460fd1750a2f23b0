//! Reversing a payment at the terminal: read it → durable row → cancelTrx, and reading again where that is in doubt.
//!
//! The terminal knows a payment only by a small number that it counts itself, so everything that could make that number
//! somebody else's is a reason not to send it.

use std::time::Duration;

use crate::api::action::ActionId;
use crate::api::answer::{Answer, Expected};
use crate::api::secret::Secret;
use crate::api::transaction::TransactionId;
use crate::error::{Error, Result, Status};
use crate::journal::{Journal, Moment, Swap};
use crate::payment::attempt::Attempt;
use crate::payment::changes::{ReversalNote, Reversing};
use crate::payment::grace;
use crate::payment::outcome::ReversalOutcome;
use crate::payment::phase::Phase;
use crate::payment::reason::Reason;
use crate::payment::reversal::{Age, NotReversible, Situation, Step, may_reverse, next_step};
use crate::payment::state::State;
use crate::payment::verdict::{self, ReadVerdict, RemoteStatus, ReversalVerdict};
use crate::till::clock::Stopwatch;
use crate::till::handles::payment::Ticket;
use crate::till::handles::report::ReportOutcome;
use crate::till::handles::settled::Settled;
use crate::till::handles::telling::Telling;
use crate::till::worker::engine::{End, Engine, STALE, TOKEN_MARGIN, id_of, still_in_doubt};
use crate::till::worker::resolve::{LAST_READ, pause};

/// Whether the journal allows that this payment is reversed, before anything is asked of the network. `date`: the service's
/// clock, if it has just said what time it is.
pub(crate) fn check(
    journal: &Journal,
    attempt: &Attempt,
    now: &Moment,
    date: Option<i64>,
    confirmed_by: Option<&str>,
) -> Result<()> {
    journal.may_start()?;
    let since = journal.since(attempt, ReportOutcome::may_have_closed)?;
    let age = Age {
        till: journal.till(now).saturating_sub(attempt.begun_till),
        wall: now.at.saturating_sub(attempt.starting_at.unwrap_or(attempt.created_at)),
        server: date.zip(attempt.server_date).map(|(now, then)| now.saturating_sub(then)),
    };
    let reference = &attempt.reference;
    let refuse = |fault: String| Err(Error::new(Status::InvalidState, format!("the payment {reference:?} {fault}")));
    match may_reverse(attempt, &since, age, confirmed_by.is_some()) {
        Ok(()) => Ok(()),
        Err(NotReversible::NotPaid) => {
            refuse(format!("is {}: only what the service calls paid is reversed", attempt.standing().name()))
        }
        Err(NotReversible::NoNumber) => refuse("has no receipt number".into()),
        Err(NotReversible::NumberIssued(other, issued)) => {
            let number = attempt.receipt_number.unwrap_or_default();
            refuse(format!(
                "has the receipt number {number}, and the terminal counts anew: it has issued {issued} for {other:?} since"
            ))
        }
        Err(NotReversible::EndOfDay(at)) => {
            refuse(format!("was made before the end of day of {at} (Unix milliseconds), which ran or may have"))
        }
        Err(NotReversible::Rebound(at)) => {
            refuse(format!("was made before the till was bound anew at {at} (Unix milliseconds)"))
        }
        Err(NotReversible::NumberShared(other)) => {
            let number = attempt.receipt_number.unwrap_or_default();
            refuse(format!(
                "has the receipt number {number}, as has {other:?}: if a request before this one was carried out, another one would reverse that"
            ))
        }
        Err(NotReversible::OtherTerminal) => refuse("was taken by another terminal than the newest payment".into()),
        Err(NotReversible::RefundAskedFor) => {
            let fault = format!(
                "the money of the payment {reference:?} was to be given back in another way: an operator must confirm that it was not"
            );
            Err(Error::new(Status::ConfirmationRequired, fault))
        }
        Err(NotReversible::Unconfirmed) => {
            let fault =
                format!("the payment {reference:?} is older than 24 hours: an operator must confirm its reversal");
            Err(Error::new(Status::ConfirmationRequired, fault))
        }
    }
}

impl Engine {
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
    pub(super) fn resume_reversal(&mut self, token: Secret, attempt: &Attempt, limit: Duration) -> Settled {
        let error = Error::new(Status::InvalidState, "the till ended while the reversal was running");
        self.resolve_reversal(token, attempt, None, attempt_reason(attempt), error, limit)
    }

    /// An error says that no request was sent.
    fn try_reversing(&mut self, attempt: &Attempt, confirmed_by: Option<&str>) -> Result<Settled> {
        let needed = self.timeouts.report + self.timeouts.resolve + TOKEN_MARGIN;
        let mut token = self.session.token(&self.api, &*self.clock, needed)?;
        // Its own reversal, too: a second request beside the first would be carried out as well.
        if let Some(other) = self.look_at_holders(&mut token)? {
            return Err(still_in_doubt(&other));
        }
        let missing = || Error::new(Status::InvalidState, "the payment has no transaction or receipt number");
        let id = id_of(attempt).ok_or_else(missing)?;
        let number = attempt.receipt_number.ok_or_else(missing)?;
        let seen = self.read(&mut token, &id, attempt.money, self.timeouts.request);
        match seen.verdict {
            ReadVerdict::Says(RemoteStatus::Paid) => {
                let says = seen.answer.transaction.as_ref().and_then(|transaction| transaction.receipt_number);
                if says != Some(number) {
                    let says = says.map_or("none".into(), |number| number.to_string());
                    let fault = format!("the payment's receipt number is {number}; the service says {says}");
                    return Err(Error::new(Status::Protocol, fault));
                }
            }
            ReadVerdict::Says(status) if status.is_final() && attempt.is_word_believed(status, self.till()?) => {
                return Ok(self.settle_read(attempt, status, &seen.answer, Telling::Call));
            }
            ReadVerdict::Says(_) => {
                return Err(Error::new(Status::Protocol, "the service does not say that it was paid"));
            }
            ReadVerdict::Nothing | ReadVerdict::TokenRefused => return Err(seen.answer.why()),
        }
        let action = ActionId::draw();
        let mut held = self.state.hold();
        let now = held.now();
        // Once more: what was in doubt may have its receipt number only now.
        check(held.sound_journal()?, attempt, &now, seen.answer.date, confirmed_by)?;
        let watch = Stopwatch::start(&*self.clock);
        let grace = grace::millis(self.timeouts.until_reversal_is_over());
        let (at, till) = (now.at, held.journal()?.till(&now));
        let reversing = Reversing { at, till, grace, action: action.as_str(), confirmed_by };
        let (reference, which) = (&attempt.reference, attempt.attempt);
        let begun = held.journal()?.begin_reversing(reference, which, &reversing, &now)?;
        drop(held);
        let attempt = match begun {
            Swap::Made(attempt) => *attempt,
            Swap::Lost(attempt) => return Ok(self.told(&attempt, None)),
        };
        if watch.read(&*self.clock) > STALE {
            let fault = "the machine stood still just before the reversal, which was not sent";
            return Ok(self.note(&attempt, ReversalNote::NeverSent, None, Error::new(Status::InvalidState, fault)));
        }
        Ok(self.send_reversal(token, &action, &attempt, &id, number, watch))
    }

    /// The one request. The attempt's row must be durable; `watch` runs since then.
    fn send_reversal(
        &mut self,
        token: Secret,
        action: &ActionId,
        attempt: &Attempt,
        id: &TransactionId,
        number: i64,
        watch: Stopwatch,
    ) -> Settled {
        self.enter(Phase::WaitingForTerminal);
        let sent = Stopwatch::start(&*self.clock);
        let look = self.second_look(watch);
        let came = self.api.reverse(&token, action, number, look);
        let answer = Answer::read("cancelTrx", came, Expected::Ours(id, attempt.money));
        let is_first = attempt.reversal.as_ref().is_some_and(|reversal| !reversal.was_sent_before);
        let (first_was_refused, reason) = match verdict::of_reversal(answer.came, sent.read(&*self.clock)) {
            ReversalVerdict::NeverSent => return self.note(attempt, ReversalNote::NeverSent, None, answer.why()),
            ReversalVerdict::Reversed => {
                let end = End {
                    state: State::Reversed,
                    reason: None,
                    ..End::said(attempt.state, RemoteStatus::Reversed, &answer)
                };
                return self.finish(attempt, &end, None);
            }
            // It says nothing of an earlier request, which may be what the terminal is at work on.
            ReversalVerdict::Refused { at_once, of_token } => {
                (is_first && at_once, of_token.then_some(Reason::LoginFailed))
            }
            ReversalVerdict::Another => {
                self.enter(Phase::FindingOut);
                let error = self.record_other(&answer);
                let limit = self.timeouts.resolve;
                return self.resolve_reversal(token, attempt, None, Some(Reason::WrongPaymentReversed), error, limit);
            }
            ReversalVerdict::InDoubt => (false, None),
        };
        self.enter(Phase::FindingOut);
        let refused_at = first_was_refused.then(|| self.clock.elapsed());
        let (error, limit) = (answer.why(), self.timeouts.resolve);
        self.resolve_reversal(token, attempt, refused_at, reason, error, limit)
    }

    /// Reads until the payment is cancelled, or until the deadline: then it stays in doubt.
    fn resolve_reversal(
        &mut self,
        mut token: Secret,
        attempt: &Attempt,
        refused_at: Option<Duration>,
        reason: Option<Reason>,
        error: Error,
        limit: Duration,
    ) -> Settled {
        let Some(id) = id_of(attempt) else { return self.note(attempt, ReversalNote::InDoubt, reason, error) };
        let deadline = self.clock.elapsed() + limit;
        let (mut said, mut last, mut read_at) = (None, None, Duration::ZERO);
        for turn in 0.. {
            let left = deadline.saturating_sub(self.clock.elapsed());
            let pause = pause(&attempt.reference, turn);
            let first_was_refused = refused_at.map(|at| read_at.saturating_sub(at));
            match next_step(&Situation { said, first_was_refused, left, pause }) {
                Step::Read { after } => {
                    if !after.is_zero() {
                        self.clock.sleep(after);
                    }
                    let left = deadline.saturating_sub(self.clock.elapsed());
                    let seen = self.read(&mut token, &id, attempt.money, left.max(LAST_READ));
                    (said, read_at) = (Some(seen.verdict), seen.read_at);
                    last = Some(seen.answer);
                }
                Step::Conclude(status) => match &last {
                    Some(answer) => return self.settle_read(attempt, status, answer, Telling::Call),
                    None => break,
                },
                Step::Refused => return self.note(attempt, ReversalNote::Refused, reason, error),
                Step::GiveUp => break,
            }
        }
        self.note(attempt, ReversalNote::InDoubt, reason, error)
    }

    /// Another payment was reversed in this one's place: that is stored of that one.
    fn record_other(&mut self, answer: &Answer) -> Error {
        let id = answer.transaction.as_ref().and_then(|transaction| transaction.id.as_ref()).map(ToString::to_string);
        let id = id.unwrap_or_default();
        let found = self.state.hold().journal().and_then(|journal| journal.attempt_of_transaction(&id));
        let whose = match found.ok().flatten() {
            Some(other) => {
                let end = End { state: State::Reversed, ..End::said(State::Approved, RemoteStatus::Reversed, answer) };
                self.finish_for(Telling::Nobody, &other, &end, None);
                format!("the payment {:?}", other.reference)
            }
            None => format!("the transaction {id}, which is not this till's,"),
        };
        Error::new(Status::Protocol, format!("{whose} was reversed instead"))
    }

    /// Stores what is known, and tells it. What cannot be stored stays in doubt.
    fn note(&mut self, attempt: &Attempt, note: ReversalNote, reason: Option<Reason>, error: Error) -> Settled {
        let passing = || why_not(&error).filter(|_| matches!(note, ReversalNote::NeverSent));
        let reason = reason.or(attempt_reason(attempt)).or_else(passing);
        let mut held = self.state.hold();
        let now = held.now();
        let (reference, which) = (&attempt.reference, attempt.attempt);
        let noted = held
            .journal()
            .and_then(|journal| journal.note_reversal(reference, which, note, reason, Some(&error), &now));
        let attempt = noted.map_or(attempt.clone(), Swap::into_attempt);
        held.tell(&attempt, Some(error), Telling::Call)
    }

    /// Nothing was sent: the payment is as it was, and so is a reversal that was in doubt before.
    fn untouched(&mut self, ticket: &Ticket, attempt: Attempt, error: Error) -> Settled {
        let attempt = self.stored(ticket).unwrap_or(attempt);
        // Only what the journal forbids is forbidden for good: nobody else has refused anything.
        let why = why_not(&error).or((error.status() != Status::InvalidState).then_some(Reason::ServerFailed));
        let mut settled = self.told(&attempt, Some(error));
        if attempt.state == State::Approved && !attempt.is_reversing() {
            settled.call_reversal(ReversalOutcome::Refused, why);
        }
        settled
    }
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

fn attempt_reason(attempt: &Attempt) -> Option<Reason> {
    attempt.reversal.as_ref().and_then(|reversal| reversal.why())
}
