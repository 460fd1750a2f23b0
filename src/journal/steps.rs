//! What may happen to an attempt. Each step is one event, durable when the call returns, and moves the attempt only if
//! it still stands where it was found.

use serde_json::json;

use crate::error::{Error, Result, Status};
use crate::journal::attempt::{Attempt, Conflict, Decision};
use crate::journal::chain::{Event, Kind, Subject};
use crate::journal::moves::{Happening, Move, Place};
use crate::journal::state::State;
use crate::journal::{Journal, Standing, fault};
use crate::money::Money;

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
pub struct Start {
    /// Now.
    pub at: i64,
    /// The server's clock in its last answer.
    pub server_date: Option<i64>,
    /// From when on it may be fenced.
    pub grace_deadline: i64,
}

/// How an attempt became final, or what the server says of one that already is.
#[derive(Clone, Copy, Debug)]
pub struct Finish<'a> {
    /// Where it stands now; never [`State::Starting`].
    pub state: State,
    /// Now.
    pub at: i64,
    /// Whether this is the fence's verdict, and not the server's own final word.
    pub fenced: bool,
    /// Why.
    pub reason: Option<&'a str>,
    /// The server's own word.
    pub status_text: Option<&'a str>,
    /// What was charged, in minor units.
    pub amount_charged: Option<i64>,
    /// The terminal's number for it.
    pub receipt_number: Option<i64>,
    /// How long start took, in milliseconds.
    pub took: Option<i64>,
    /// The server's whole answer, as received.
    pub response: Option<&'a [u8]>,
}

impl Finish<'_> {
    /// What it is for the table of moves.
    fn happening(&self) -> Happening {
        match self.state {
            State::Starting => Happening::NothingFinal,
            State::Approved => Happening::Paid,
            State::Declined => Happening::NotPaid,
            State::Reversed => Happening::Cancelled,
            State::NotStarted if self.fenced => Happening::AbortTook,
            State::NotStarted => Happening::NeverSent,
        }
    }
}

/// What `pay` finds under its reference and attempt.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Admission {
    /// Nothing yet, and it is its turn: it may begin.
    Fresh,
    /// It has been begun: it is joined, continued or replayed.
    Known(Box<Attempt>),
}

/// What became of a step that moves an attempt only from where it was expected.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Swap {
    /// The step was made; this is the attempt after it.
    Made(Box<Attempt>),
    /// The attempt already stood somewhere else, as this shows; nothing was written.
    Lost(Box<Attempt>),
}

impl Swap {
    /// The attempt as it stands now.
    pub fn attempt(&self) -> &Attempt {
        match self {
            Swap::Made(attempt) | Swap::Lost(attempt) => attempt,
        }
    }

    /// The attempt as it stands now, taken out.
    pub fn into_attempt(self) -> Attempt {
        match self {
            Swap::Made(attempt) | Swap::Lost(attempt) => *attempt,
        }
    }
}

impl Journal {
    /// Whether this attempt may begin, is known, or may not be made at all.
    pub fn admit(&self, reference: &str, attempt: i32, money: Money) -> Result<Admission> {
        let refuse = |status, fault: String| Err(Error::new(status, format!("reference {reference:?} {fault}")));
        let before = self.attempts(reference)?;
        let last = before.last();
        if let Some(closed_at) = last.and_then(|last| last.acknowledged_at) {
            return refuse(Status::ReferenceClosed, format!("was acknowledged at {closed_at} (Unix milliseconds)"));
        }
        if let Some(known) = before.iter().find(|known| known.attempt == attempt) {
            if known.money != money {
                return refuse(Status::ReferenceConflict, format!("attempt {attempt} was over {}", known.money));
            }
            return Ok(Admission::Known(Box::new(known.clone())));
        }
        // Not only the last one: the truth about an earlier attempt may have come after it.
        if let Some(paid) = before.iter().find(|before| before.forbids_another()) {
            let fault = format!("has been used: attempt {} is {}", paid.attempt, paid.standing().name());
            return refuse(Status::ReferenceConflict, fault);
        }
        let turn = last.map_or(1, |last| last.attempt.saturating_add(1));
        if attempt != turn {
            return refuse(Status::AttemptOutOfOrder, format!("is at attempt {turn}, not {attempt}"));
        }
        Ok(Admission::Fresh)
    }

    /// Stores that a start may be sent from here on, and keeps room for its result. Only when this has returned may the
    /// first byte of start be written.
    ///
    /// Where it fails the start must not be sent; if the attempt should stand in the file all the same, it is found in
    /// doubt at the next open, read, and settled as never started.
    pub fn begin_starting(&mut self, new: &NewAttempt<'_>, start: &Start) -> Result<Attempt> {
        self.may_start()?;
        let attempt = Attempt {
            starting_at: Some(start.at),
            server_date: start.server_date,
            grace_deadline: Some(start.grace_deadline),
            starts: 1,
            ..self.begin(new, State::Starting)?
        };
        self.hold_room()?;
        self.write(&Event { kind: Kind::Starting, at: start.at, subject: Subject::New(&attempt), response: None })?;
        Ok(attempt)
    }

    /// Stores that a second start may be sent from here on. Only once, only while in doubt; the grace deadline stays.
    pub fn begin_starting_again(&mut self, reference: &str, attempt: i32, at: i64) -> Result<Swap> {
        self.may_start()?;
        let found = self.known(reference, attempt)?;
        if Move::of(found.place(), Happening::StartAgain) == Move::Never || found.starts != 1 {
            return Ok(Swap::Lost(Box::new(found)));
        }
        self.hold_room()?;
        self.step(Kind::StartingAgain, at, None, State::Starting, Attempt { starts: 2, ..found })
    }

    /// Stores an attempt that ended before it had a start, so that the next one may follow.
    pub fn refuse(&mut self, new: &NewAttempt<'_>, at: i64, reason: &str) -> Result<Attempt> {
        self.may_start()?;
        let attempt =
            Attempt { reason: Some(reason.to_owned()), finished_at: Some(at), ..self.begin(new, State::NotStarted)? };
        self.write(&Event { kind: Kind::Refused, at, subject: Subject::New(&attempt), response: None })?;
        Ok(attempt)
    }

    /// Stores why an attempt is in doubt, for those who look at it later.
    pub fn note_doubt(
        &mut self,
        reference: &str,
        attempt: i32,
        at: i64,
        reason: &str,
        word: Option<&str>,
    ) -> Result<Swap> {
        let found = self.known(reference, attempt)?;
        if found.state != State::Starting {
            return Ok(Swap::Lost(Box::new(found)));
        }
        let noted = Attempt { reason: Some(reason.to_owned()), status_text: word.map(str::to_owned), ..found };
        self.step(Kind::InDoubt, at, None, State::Starting, noted)
    }

    /// Stores a final result with the server's whole answer. Where it contradicts what a person has decided, or a result
    /// that is final already, the attempt is in conflict from here on; a final result itself stays as it is, and the
    /// first contradiction counts.
    pub fn finish(&mut self, reference: &str, attempt: i32, finish: &Finish<'_>) -> Result<Swap> {
        let found = self.known(reference, attempt)?;
        let (from, place) = (found.state, found.place());
        let contradiction = Conflict {
            state: finish.state,
            noticed_at: finish.at,
            response: self.number_of(finish.response),
            acknowledged_at: None,
        };
        let (kind, settled) = match Move::of(place, finish.happening()) {
            Move::To(_) => (Kind::Finished, found.finished(finish, contradiction.response)),
            Move::Conflict(next) if next != place => {
                let settled = found.finished(finish, contradiction.response);
                (Kind::Finished, Attempt { conflict: Some(contradiction), ..settled })
            }
            Move::Conflict(_) if found.conflict.is_none() => {
                (Kind::Contradicted, Attempt { conflict: Some(contradiction), ..found })
            }
            Move::Conflict(_) | Move::Stay | Move::Never => return Ok(Swap::Lost(Box::new(found))),
        };
        self.step(kind, finish.at, finish.response, from, settled)
    }

    /// Stores a later answer of the server that says more of what was paid: its receipts, the terminal's number. What was
    /// known stays as it is.
    pub fn complete(&mut self, reference: &str, attempt: i32, finish: &Finish<'_>) -> Result<Swap> {
        let found = self.known(reference, attempt)?;
        if found.place() != Place::Approved || found.conflict.is_some() || finish.happening() != Happening::Paid {
            return Ok(Swap::Lost(Box::new(found)));
        }
        let completed = Attempt {
            amount_charged: found.amount_charged.or(finish.amount_charged),
            receipt_number: found.receipt_number.or(finish.receipt_number),
            response: self.number_of(finish.response),
            ..found
        };
        self.step(Kind::Completed, finish.at, finish.response, State::Approved, completed)
    }

    /// Stores what a person says of an attempt in doubt. Once; the server's word may still follow.
    pub fn decide(&mut self, reference: &str, attempt: i32, decision: &Decision) -> Result<Swap> {
        let found = self.known(reference, attempt)?;
        let happening = if decision.paid { Happening::DecidesPaid } else { Happening::DecidesNotPaid };
        if Move::of(found.place(), happening) == Move::Never {
            return Ok(Swap::Lost(Box::new(found)));
        }
        let decided = Attempt { decision: Some(decision.clone()), ..found };
        self.step(Kind::Decided, decision.decided_at, None, State::Starting, decided)
    }

    /// Stores that the till has taken over the result of a reference, and those of its conflicts that it `knows` of: one
    /// that came to light behind its back is not taken over unseen. Returns the last attempt. Any number of times; the
    /// first time counts. Closes the reference.
    pub fn acknowledge(&mut self, reference: &str, at: i64, knows: impl Fn(&Attempt) -> bool) -> Result<Attempt> {
        let attempts = self.attempts(reference)?;
        let cannot = |attempt: &&Attempt| Move::of(attempt.place(), Happening::Acknowledges) == Move::Never;
        if let Some(doubtful) = attempts.iter().find(cannot) {
            let fault = format!("reference {reference:?} attempt {} is in doubt: it has no result", doubtful.attempt);
            return Err(Error::new(Status::InvalidState, fault));
        }
        let mut last = None;
        for found in attempts {
            let acknowledged = Attempt {
                acknowledged_at: found.acknowledged_at.or(Some(at)),
                conflict: match knows(&found) {
                    true => taken_over(found.conflict.clone(), at),
                    false => found.conflict.clone(),
                },
                ..found.clone()
            };
            if acknowledged != found {
                self.step(Kind::Acknowledged, at, None, found.state, acknowledged.clone())?;
            }
            last = Some(acknowledged);
        }
        last.ok_or_else(|| Error::new(Status::NotFound, format!("there is no payment with reference {reference:?}")))
    }

    /// Stores that an operator accepts that something may have been lost, and lets payments begin again. Does nothing
    /// where nothing was lost.
    pub fn accept_journal_loss(&mut self, operator: &str, at: i64) -> Result<()> {
        if !self.is_in_recovery() {
            return self.may_start();
        }
        let subject = Subject::File(json!({ "operator": operator }));
        self.write(&Event { kind: Kind::LossAccepted, at, subject, response: None })?;
        self.standing = Standing::Whole;
        Ok(())
    }

    fn begin(&self, new: &NewAttempt<'_>, state: State) -> Result<Attempt> {
        if let Admission::Known(known) = self.admit(new.reference, new.attempt, new.money)? {
            let fault = format!("reference {:?} attempt {} is {}", new.reference, new.attempt, known.state.name());
            return Err(Error::new(Status::ReferenceConflict, fault));
        }
        Ok(Attempt {
            transaction_id: new.transaction_id.map(str::to_owned),
            confirmed_by: new.confirmed_by.map(str::to_owned),
            ..Attempt::new(new.reference, new.attempt, new.money, state, new.created_at)
        })
    }

    pub(super) fn hold_room(&mut self) -> Result<()> {
        self.reserve.hold().map_err(fault::file("keeping room for the result beside", &self.path))
    }

    /// The attempt that is to make a step. A step that fails for want of it is as bad as one that cannot be written.
    pub(super) fn known(&mut self, reference: &str, attempt: i32) -> Result<Attempt> {
        let found = self.attempt(reference, attempt);
        if found.is_err() {
            self.standing = Standing::Failed;
        }
        let missing = || Error::new(Status::NotFound, format!("reference {reference:?} has no attempt {attempt}"));
        found?.ok_or_else(missing)
    }

    /// The number under which a response will be stored: that of the next event.
    fn number_of(&self, response: Option<&[u8]>) -> Option<i64> {
        response.map(|_| self.last.next())
    }

    pub(super) fn step(
        &mut self,
        kind: Kind,
        at: i64,
        response: Option<&[u8]>,
        from: State,
        to: Attempt,
    ) -> Result<Swap> {
        self.write(&Event { kind, at, subject: Subject::From(from, &to), response })?;
        Ok(Swap::Made(Box::new(to)))
    }
}

fn taken_over(conflict: Option<Conflict>, at: i64) -> Option<Conflict> {
    conflict.map(|conflict| Conflict { acknowledged_at: conflict.acknowledged_at.or(Some(at)), ..conflict })
}
