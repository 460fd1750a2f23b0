//! What may happen to an attempt. Each step is one event, which is durable when the call returns. It is stored only if the
//! attempt is still in the state in which it was found.

use crate::error::{Error, Result, Status};
use crate::journal::store::chain::{Event, Subject};
use crate::journal::store::journal::Journal;
use crate::journal::store::kind::Kind;
use crate::journal::store::till_time::Moment;
use crate::money::Money;
use crate::payment::admission::{self, Admission};
use crate::payment::attempt::{Attempt, Decision, Demand, Finish};
use crate::payment::changes::{Doubt, Finished};
use crate::payment::reason::Reason;
use crate::payment::state::State;
use crate::payment::transitions::Transition;
use crate::payment::trigger::Trigger;
use crate::payment::voice::{self, Told};

/// What an attempt begins with.
#[derive(Clone, Copy, Debug)]
pub struct NewAttempt<'a> {
    /// The till's number for the sale.
    pub reference: &'a str,
    /// Which try this is.
    pub attempt: i32,
    /// What the till asks for.
    pub money: Money,
    /// The server's id for it, if there is one.
    pub transaction_id: Option<&'a str>,
    /// When `pay` was called.
    pub created_at: i64,
    /// Who confirmed that it is no duplicate.
    pub confirmed_by: Option<&'a str>,
}

/// What is known when a start is about to be sent.
#[derive(Clone, Copy, Debug)]
pub struct Start<'a> {
    /// The server's clock in its last answer.
    pub server_date: Option<i64>,
    /// For how long it may still reach the terminal, in milliseconds of till time.
    pub grace: i64,
    /// Its `X-Action`.
    pub action: &'a str,
}

/// What became of a step that is made only from the state that was expected.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Swap {
    /// The step was made; this is the attempt after it.
    Made(Box<Attempt>),
    /// The attempt already stood somewhere else, as this shows; nothing was written.
    Lost(Box<Attempt>),
}

impl Swap {
    /// The attempt as it stands now.
    pub fn into_attempt(self) -> Attempt {
        match self {
            Swap::Made(attempt) | Swap::Lost(attempt) => *attempt,
        }
    }
}

impl Journal {
    /// Whether this attempt may begin, is known, or may not be made at all.
    pub fn admit(&self, reference: &str, attempt: i32, money: Money) -> Result<Option<Box<Attempt>>> {
        admitted(reference, attempt, admission::admit(&self.attempts(reference)?, attempt, money))
    }

    /// Stores that a start may be sent from here on, and keeps room for its result. Only when this has returned may the
    /// first byte of start be written.
    ///
    /// Where it fails the start must not be sent; if the attempt should stand in the file all the same, it is found in
    /// doubt at the next open, read, and settled as never started.
    pub fn begin_starting(&mut self, new: &NewAttempt<'_>, start: &Start<'_>, now: &Moment) -> Result<Attempt> {
        self.may_start()?;
        if let Some(id) = new.transaction_id
            && self.knows_transaction(id)?
        {
            let fault = format!("the transaction {id} was started before");
            return Err(Error::new(Status::Protocol, fault));
        }
        let attempt = Attempt {
            starting_at: Some(now.at),
            begun_till: self.till(now),
            server_date: start.server_date,
            grace: Some(start.grace),
            action: Some(start.action.to_owned()),
            ..self.begin(new, State::Starting)?
        };
        self.reserve_room()?;
        self.write(&Event { kind: Kind::Starting, now, subject: Subject::New(&attempt), response: None })?;
        Ok(attempt)
    }

    /// Stores an attempt that ended before it had a start, so that the next one may follow.
    pub fn refuse(&mut self, new: &NewAttempt<'_>, reason: Reason, now: &Moment) -> Result<Attempt> {
        self.may_start()?;
        let till = self.till(now);
        let attempt = Attempt {
            reason: Some(reason.name().to_owned()),
            begun_till: till,
            finished_at: Some(now.at),
            finished_till: Some(till),
            ..self.begin(new, State::NotStarted)?
        };
        self.write(&Event { kind: Kind::Refused, now, subject: Subject::New(&attempt), response: None })?;
        Ok(attempt)
    }

    /// Stores why an attempt is in doubt, for those who look at it later.
    pub fn note_doubt(&mut self, reference: &str, attempt: i32, doubt: &Doubt<'_>, now: &Moment) -> Result<Swap> {
        let found = self.known(reference, attempt)?;
        let noted = found.after_doubt(doubt);
        self.step(Kind::InDoubt, now, None, found, noted)
    }

    /// Stores a final result with the server's whole answer, or what contradicts one.
    pub fn finish(&mut self, reference: &str, attempt: i32, finish: &Finish<'_>, now: &Moment) -> Result<Swap> {
        let found = self.known(reference, attempt)?;
        let (kind, finished) = match found.after_finish(finish, self.number_of(finish.response)) {
            Some(Finished::Final(finished)) => (Kind::Finished, Some(finished)),
            Some(Finished::Contradicted(contradicted)) => (Kind::Contradicted, Some(contradicted)),
            None => (Kind::Finished, None),
        };
        self.step(kind, now, finish.response, found, finished)
    }

    /// Stores a later answer of the server that says more of what was paid.
    pub fn complete(&mut self, reference: &str, attempt: i32, finish: &Finish<'_>, now: &Moment) -> Result<Swap> {
        let found = self.known(reference, attempt)?;
        let completed = found.after_completion(finish, self.number_of(finish.response));
        self.step(Kind::Completed, now, finish.response, found, completed)
    }

    /// Stores that our abort may be sent from here on. Whether it may: a person may have called it paid meanwhile.
    pub fn note_abort(&mut self, reference: &str, attempt: i32, now: &Moment) -> Result<bool> {
        let found = self.known(reference, attempt)?;
        let (may, aborting) = (found.may_be_aborted(), found.after_abort());
        self.step(Kind::Aborting, now, None, found, aborting)?;
        Ok(may)
    }

    /// Stores that the server still says that it was not paid, so late that it is believed for good.
    pub fn prove(&mut self, reference: &str, attempt: i32, now: &Moment) -> Result<Swap> {
        let found = self.known(reference, attempt)?;
        let proven = found.after_proof();
        self.step(Kind::Proven, now, None, found, proven)
    }

    /// Stores what a person says of an attempt in doubt. Once; the server's word may still follow.
    pub fn decide(&mut self, reference: &str, attempt: i32, decision: &Decision, now: &Moment) -> Result<Swap> {
        let found = self.known(reference, attempt)?;
        let decision = Decision { decided_at: now.at, decided_till: self.till(now), ..decision.clone() };
        let decided = found.after_decision(decision);
        self.step(Kind::Decided, now, None, found, decided)
    }

    /// Stores that the till is asked to do something with money: what was said once is not said again.
    pub fn note_demands(&mut self, reference: &str, attempt: i32, demands: &[Demand], now: &Moment) -> Result<Swap> {
        let found = self.known(reference, attempt)?;
        let asked = found.after_demands(demands);
        self.step(Kind::Demanded, now, None, found, asked)
    }

    /// Stores what was told of an attempt, for the process that takes it over.
    pub fn note_told(&mut self, reference: &str, attempt: i32, told: Told, now: &Moment) -> Result<Swap> {
        let found = self.known(reference, attempt)?;
        let noted = (found.told != Some(told)).then(|| Attempt { told: Some(told), ..found.clone() });
        self.step(Kind::Told, now, None, found, noted)
    }

    /// Stores that the till has taken over what it was told of an attempt. Any number of times; the first time counts.
    /// Closes the reference.
    pub fn acknowledge(&mut self, reference: &str, attempt: i32, told: Told, now: &Moment) -> Result<Attempt> {
        let found = self.known(reference, attempt)?;
        if Transition::of(found.standing(), Trigger::Acknowledges) == Transition::Never {
            let fault = format!("reference {reference:?} attempt {attempt} is in doubt: it has no result");
            return Err(Error::new(Status::InvalidState, fault));
        }
        let acknowledged = voice::acknowledged(&found, told, now.at);
        let is_new = acknowledged != found;
        let step = self.step(Kind::Acknowledged, now, None, found, is_new.then_some(acknowledged))?;
        Ok(step.into_attempt())
    }

    fn begin(&self, new: &NewAttempt<'_>, state: State) -> Result<Attempt> {
        let admission = match admission::admit(&self.attempts(new.reference)?, new.attempt, new.money) {
            // What was never started forbids nothing and takes nothing, also of a sale that has been paid after all.
            Admission::Used(..) if state == State::NotStarted => Admission::Fresh,
            admission => admission,
        };
        if let Some(known) = admitted(new.reference, new.attempt, admission)? {
            let fault = format!("reference {:?} attempt {} is {}", new.reference, new.attempt, known.state.name());
            return Err(Error::new(Status::ReferenceConflict, fault));
        }
        Ok(Attempt {
            transaction_id: new.transaction_id.map(str::to_owned),
            confirmed_by: new.confirmed_by.map(str::to_owned),
            ..Attempt::new(new.reference, new.attempt, new.money, state, new.created_at)
        })
    }

    /// The attempt that is to make a step. A step that fails for want of it is as bad as one that cannot be written.
    pub(super) fn known(&mut self, reference: &str, attempt: i32) -> Result<Attempt> {
        let found = self.attempt(reference, attempt);
        if found.is_err() {
            self.fail();
        }
        let missing = || Error::new(Status::NotFound, format!("reference {reference:?} has no attempt {attempt}"));
        found?.ok_or_else(missing)
    }

    /// The number under which a response will be stored: that of the next event.
    fn number_of(&self, response: Option<&[u8]>) -> Option<i64> {
        response.map(|_| self.next_event())
    }

    /// Writes what came of a step, if anything did.
    pub(super) fn step(
        &mut self,
        kind: Kind,
        now: &Moment,
        response: Option<&[u8]>,
        from: Attempt,
        to: Option<Attempt>,
    ) -> Result<Swap> {
        let Some(to) = to else { return Ok(Swap::Lost(Box::new(from))) };
        self.write(&Event { kind, now, subject: Subject::From(from.state, &to), response })?;
        Ok(Swap::Made(Box::new(to)))
    }
}

/// The attempt that is known already, nothing where it may begin, or why it may not.
fn admitted(reference: &str, attempt: i32, admission: Admission) -> Result<Option<Box<Attempt>>> {
    let refuse = |status, fault: String| Err(Error::new(status, format!("reference {reference:?} {fault}")));
    match admission {
        Admission::Fresh => Ok(None),
        Admission::Known(known) => Ok(Some(known)),
        Admission::Closed(at) => {
            refuse(Status::ReferenceClosed, format!("was acknowledged at {at} (Unix milliseconds)"))
        }
        Admission::OtherMoney(money) => {
            refuse(Status::ReferenceConflict, format!("attempt {attempt} was over {money}"))
        }
        Admission::Used(used, standing) => {
            refuse(Status::ReferenceConflict, format!("has been used: attempt {used} is {}", standing.name()))
        }
        Admission::OutOfOrder(turn) => {
            refuse(Status::AttemptOutOfOrder, format!("is at attempt {turn}, not {attempt}"))
        }
    }
}
