//! Taking over what was told: by the payment that told it, or by its name.

use crate::error::{Error, Result, Status};
use crate::payment::voice::{self, Told};
use crate::till::handles::payment::{Payment, Ticket, check_process};
use crate::till::{Till, attempt_meant};

impl Till {
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
        check_process(self.process)?;
        self.refuse_running(reference, attempt)?;
        let mut held = self.state.hold();
        let now = held.now();
        let attempt = attempt_meant(&mut held, reference, attempt)?;
        // Who was told nothing has seen no contradiction.
        let told = told.or(held.told_of(&attempt)).unwrap_or(Told::of(&attempt, true));
        held.sound_journal()?.acknowledge(reference, attempt.attempt, told, &now).map(drop)
    }

    /// Says that the caller has passed on what this payment tells, what it asks for with money included; see
    /// [`Config::confirm_what_is_told`](crate::till::config::Config::confirm_what_is_told).
    pub fn confirm_told(&self, payment: &Payment) -> Result<()> {
        check_process(self.process)?;
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
}
