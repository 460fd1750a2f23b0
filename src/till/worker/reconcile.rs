//! Asking again about what is not proven: before a payment, when a till recovers, and while it is idle. What is asked about,
//! and in which order, is `payment::reconciliation`'s word.

use std::time::Duration;

use crate::api::secret::Secret;
use crate::api::transaction::{self, Sum, TransactionId, read_list};
use crate::error::{Error, Result, Status};
use crate::payment::attempt::Attempt;
use crate::payment::reason::Reason;
use crate::payment::reconciliation::before_payment;
use crate::payment::resolution::{Situation, Step, Word};
use crate::payment::rollback::{self, Found, Listed};
use crate::payment::state::State;
use crate::payment::verdict::{ReadVerdict, RemoteStatus};
use crate::till::handles::payment::Ticket;
use crate::till::handles::settled::Settled;
use crate::till::handles::telling::Telling;
use crate::till::worker::engine::{End, Engine, PATIENCE, Refusal, Seen, Stored, id_of};
use crate::till::worker::resolve::Doubt;

/// While it is idle, a till asks about everything again each time so much has passed.
const EVERY: Duration = Duration::from_secs(15 * 60);
/// How many of the newest transactions are compared with the journal.
const LISTED: u32 = 20;

impl Engine {
    /// Before a payment: what is unproven of the same sale, and what holds the terminal. Returns what else is asked about
    /// beside create.
    pub(super) fn look_back(
        &mut self,
        token: &mut Secret,
        ticket: &Ticket,
    ) -> std::result::Result<Vec<Attempt>, Refusal> {
        let failed = |error| (Reason::JournalFailed, error);
        let reference = &ticket.reference;
        let (unproven, till) = self.unproven().map_err(failed)?;
        let plan = before_payment(unproven, reference, till, |attempt| self.asked_at.get(&attempt.key()).copied());
        for own in &plan.own {
            if !self.ask_about(token, own) {
                let fault = format!("attempt {} of the same sale cannot be read", own.attempt);
                return Err((Reason::NoConnection, Error::new(Status::Unreachable, fault)));
            }
        }
        let own = self.state.hold().journal().and_then(|journal| journal.attempts(reference)).map_err(failed)?;
        if let Some(paid) = own.iter().find(|attempt| attempt.forbids_another()) {
            let fault = format!("attempt {} of reference {:?} has been paid after all", paid.attempt, paid.reference);
            return Err((Reason::AlreadyPaid, Error::new(Status::ReferenceConflict, fault)));
        }
        for holder in &plan.holders {
            self.ask_about(token, holder);
        }
        match self.what_holds_the_terminal().map_err(failed)? {
            Some(open) => {
                let fault = format!("the payment {:?} attempt {} is still in doubt", open.reference, open.attempt);
                Err((Reason::TerminalBusy, Error::new(Status::Busy, fault)))
            }
            None => Ok(plan.others),
        }
    }

    /// Before a reversal or a report: asks about what holds the terminal, and returns what still does.
    pub(super) fn look_at_holders(&mut self, token: &mut Secret) -> Result<Option<Attempt>> {
        let (unproven, till) = self.unproven()?;
        for holder in unproven.iter().filter(|attempt| attempt.holds_the_terminal(till)) {
            self.ask_about(token, holder);
        }
        self.what_holds_the_terminal()
    }

    /// What may still reach the terminal.
    fn what_holds_the_terminal(&mut self) -> Result<Option<Attempt>> {
        let (unproven, till) = self.unproven()?;
        Ok(unproven.into_iter().find(|attempt| attempt.holds_the_terminal(till)))
    }

    pub(super) fn unproven(&mut self) -> Result<(Vec<Attempt>, i64)> {
        let till = self.till()?;
        Ok((self.state.hold().journal()?.unproven()?, till))
    }

    /// Reads an attempt once more and takes in what the service says now. Whether it said anything.
    pub(super) fn ask_about(&mut self, token: &mut Secret, attempt: &Attempt) -> bool {
        let Some(id) = id_of(attempt) else { return true };
        self.asked_at.insert(attempt.key(), self.clock.elapsed());
        let seen = self.read(token, &id, attempt.money, PATIENCE);
        let says_something = matches!(seen.verdict, ReadVerdict::Says(_));
        if attempt.state == State::Starting {
            // As far as that goes without waiting: what is still in doubt may be ended by our abort.
            self.resolve(
                token.clone(),
                attempt.clone(),
                Doubt::of_before(),
                Duration::ZERO,
                Some(seen),
                Telling::Nobody,
            );
        } else {
            self.take_in(attempt, &seen);
        }
        says_something
    }

    /// Takes in what a read beside something else says of an attempt: only what is final, and what proves.
    pub(super) fn take_in(&mut self, attempt: &Attempt, seen: &Seen) {
        self.asked_at.insert(attempt.key(), self.clock.elapsed());
        let ReadVerdict::Says(status) = seen.verdict else { return };
        let read_till = self.till().ok().map(|till| self.till_when_read(till, seen.read_at));
        match attempt.state {
            // Its negative words are believed only after a while, which is `resolve`'s to see.
            State::Starting if matches!(status, RemoteStatus::Paid | RemoteStatus::Reversed) => {
                self.settle_read(attempt, status, &seen.answer, Telling::Nobody);
            }
            State::Starting => self.consider(attempt, seen),
            _ if status == RemoteStatus::Paid && attempt.took_money() => self.complete(attempt, seen),
            State::Declined if read_till.is_some_and(|till| attempt.is_proven_by(status, till)) => {
                let mut held = self.state.hold();
                let now = held.now();
                let _ = held.journal().and_then(|journal| journal.prove(&attempt.reference, attempt.attempt, &now));
            }
            State::Approved | State::Declined | State::NotStarted | State::Reversed
                if status.is_final() && read_till.is_some_and(|till| attempt.is_word_believed(status, till)) =>
            {
                self.settle_read(attempt, status, &seen.answer, Telling::Nobody);
            }
            State::Approved | State::Declined | State::NotStarted | State::Reversed => {}
        }
    }

    /// What a read beside something else makes of an attempt in doubt, or of which a person has decided: a word that has been
    /// read unchanged for long enough ends it. Sends nothing.
    fn consider(&mut self, attempt: &Attempt, seen: &Seen) {
        let Ok(till) = self.till() else { return };
        let word = Word::of(attempt).after(seen.answer.word(), till);
        let situation = Situation {
            said: Some(seen.verdict),
            unchanged: word.age(self.till_when_read(till, seen.read_at)),
            abort: self.abort_of(attempt, seen.read_at),
            ..Situation::of(attempt, false, till)
        };
        let doubt = Doubt::of_before();
        match (self.rules.next_step)(&situation) {
            Step::Conclude(conclusion) => {
                self.conclude(attempt, conclusion, Some(&seen.answer), &doubt, Telling::Nobody);
            }
            Step::Abort | Step::Read { .. } | Step::GiveUp => {
                self.give_up(attempt.clone(), &doubt, Some(&word), Telling::Nobody);
            }
        }
    }

    /// Keeps receipts that the service has only after it has said that it was paid.
    fn complete(&mut self, attempt: &Attempt, seen: &Seen) {
        let what = Stored::of(&End::said(attempt.state, RemoteStatus::Paid, &seen.answer), attempt.money);
        let mut held = self.state.hold();
        let now = held.now();
        let till = held.journal().map_or(attempt.begun_till, |journal| journal.till(&now));
        let finish = what.as_finish(&now, till);
        if finish.copies.has_more_than(attempt.copies) {
            let (reference, number) = (&attempt.reference, attempt.attempt);
            // What cannot be stored is asked for again.
            let _ = held.journal().and_then(|journal| journal.complete(reference, number, &finish, &now));
        }
    }

    /// Finds out what became of an attempt that was begun earlier, within `limit`. Sends neither create nor start nor
    /// cancelTrx.
    pub(crate) fn resume(&mut self, ticket: &Ticket, limit: Duration) -> Settled {
        let attempt = match self.stored(ticket) {
            Ok(attempt) => attempt,
            Err(error) => return self.unreadable(ticket, error),
        };
        let is_asked_about = self.till().is_ok_and(|till| attempt.is_asked_about(till)) || attempt.in_doubt();
        if !is_asked_about {
            return self.told(&attempt, None);
        }
        let mut token = match self.session.token(&self.api, &*self.clock, Duration::ZERO) {
            Ok(token) => token,
            Err(error) if attempt.in_doubt() => return self.give_up(attempt, &error.into(), None, Telling::Call),
            Err(_) => return self.told(&attempt, None),
        };
        match attempt.state {
            State::Starting => {
                let doubt =
                    Doubt::from(Error::new(Status::InvalidState, "the till ended while the payment was running"));
                self.resolve(token, attempt, doubt, limit, None, Telling::Call)
            }
            State::Approved if attempt.is_reversing() => self.resume_reversal(token, &attempt, limit),
            _ => {
                self.ask_about(&mut token, &attempt);
                match self.stored(ticket) {
                    Ok(attempt) => self.told(&attempt, None),
                    Err(error) => self.unreadable(ticket, error),
                }
            }
        }
    }

    pub(super) fn stored(&self, ticket: &Ticket) -> Result<Attempt> {
        let found = self.state.hold().journal()?.attempt(&ticket.reference, ticket.attempt)?;
        found.ok_or_else(|| Error::new(Status::NotFound, "the attempt is no longer in the journal"))
    }

    /// In how long the next round begins, or goes on.
    pub(crate) fn reconciles_in(&self) -> Duration {
        self.next_round.saturating_sub(self.clock.elapsed())
    }

    /// Asks about one attempt of those that are due; a payment goes before the next. When none is left, the round is over.
    pub(crate) fn reconcile(&mut self) {
        if !self.reconciles_in().is_zero() {
            return;
        }
        let now = self.clock.elapsed();
        let due = self.unproven().ok().and_then(|(unproven, till)| {
            let is_due = |attempt: &Attempt| {
                let asked_at = self.asked_at.get(&attempt.key());
                attempt.is_asked_about(till) && asked_at.is_none_or(|at| now.saturating_sub(*at) >= EVERY)
            };
            unproven.into_iter().rev().find(is_due)
        });
        let token = due.as_ref().map(|_| self.session.token(&self.api, &*self.clock, Duration::ZERO));
        match (due, token) {
            (Some(attempt), Some(Ok(mut token))) => {
                self.ask_about(&mut token, &attempt);
            }
            _ => self.next_round = self.clock.elapsed() + EVERY,
        }
    }

    /// At the first payment after the journal was opened: whether the service knows newer payments than it does.
    pub(super) fn compare_list(
        &mut self,
        token: &Secret,
        id: &TransactionId,
        device: Option<&str>,
    ) -> std::result::Result<Option<Newer>, Refusal> {
        if self.has_compared_list {
            return Ok(None);
        }
        self.api.be_patient_for(Some(self.clock.real(PATIENCE)));
        let came = self.api.newest(token, LISTED);
        self.api.be_patient_for(None);
        // Where the service does not let us list, it will not at the next payment either; anything else may pass.
        let is_refused = came.as_ref().is_ok_and(|response| (400..500).contains(&response.status));
        let read = came.ok().filter(|response| response.is_success()).map(|response| read_list(&response.body));
        let list: Vec<Listed> = read.and_then(Result::ok).unwrap_or_default().into_iter().map(listed).collect();
        let failed = |error| (Reason::JournalFailed, error);
        let mut held = self.state.hold();
        let now = held.now();
        let journal = held.journal().map_err(failed)?;
        let last_date = journal.last_server_date().map_err(failed)?;
        let mut known = Vec::new();
        for listed in &list {
            if journal.knows_transaction(&listed.id).map_err(failed)? {
                known.push(listed.id.clone());
            }
        }
        let found = rollback::look(&list, id.as_str(), device, last_date, |id| known.iter().any(|known| known == id));
        journal.note_list(found != Found::Unusable, &now).map_err(failed)?;
        self.has_compared_list = found == Found::Nothing || is_refused;
        let Found::Newer(newer) = found else { return Ok(None) };
        let seen = list.into_iter().map(|listed| listed.id).filter(|seen| seen != id.as_str()).collect();
        let fault = format!("the service knows the payment {newer}, which is newer than this file and not in it");
        Ok(Some(Newer { fault, seen }))
    }

    /// From here on nothing begins until somebody has accepted that.
    pub(super) fn enter_recovery(&self, newer: &Newer) {
        let mut held = self.state.hold();
        let now = held.now();
        // Where that cannot be stored, the next payment compares again.
        let _ = held.journal().and_then(|journal| journal.enter_recovery(&newer.fault, &newer.seen, &now));
    }
}

/// The service knows newer payments than the journal, which was brought back from an older day, together with its head.
pub(super) struct Newer {
    /// Of which payment that is known.
    pub(super) fault: String,
    /// All transactions that were seen.
    seen: Vec<String>,
}

/// A transaction of the service's list, as it bears on the question whether the journal is an old one.
fn listed(of: transaction::Listed) -> Listed {
    let status = of.transaction.remote_status();
    Listed {
        id: of.id.as_str().to_owned(),
        is_paid: matches!(status, RemoteStatus::Paid | RemoteStatus::Reversed),
        // A report of the terminal's is told in a transaction, too, but asks nobody for money.
        is_report: !matches!(of.transaction.sum, Sum::Of(1..)),
        device: of.transaction.device_source,
        created: of.created,
    }
}
