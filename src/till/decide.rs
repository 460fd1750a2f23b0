//! What a person says became of a payment or a reversal in doubt.

use std::sync::Arc;

use crate::error::{Error, Result, Status};
use crate::journal::Swap;
use crate::payment::attempt::{Attempt, Decision};
use crate::payment::reversal_record::ReversalDecision;
use crate::till::handles::payment::{Payment, check_process};
use crate::till::sale::{LONGEST_TEXT, check_text};
use crate::till::{Till, attempt_meant, names, payment_of};

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

impl Till {
    /// Stores what a person says of a payment in doubt. The service is still asked, and may contradict. Of one whose start
    /// has been open for a minute it may be said while that goes on. `attempt` may be left out where only one attempt at the
    /// sale needs something.
    pub fn decide(&self, reference: &str, attempt: Option<i32>, verdict: &Verdict) -> Result<Arc<Payment>> {
        check_text("operator", &verdict.operator, LONGEST_TEXT)?;
        check_text("reason", &verdict.reason, LONGEST_TEXT)?;
        if verdict.slip_number.is_some_and(|number| number < 1) {
            return Err(Error::argument("slip_number", "is not positive"));
        }
        check_process(self.process)?;
        let now = self.clock.elapsed();
        let is_open = payment_of(&self.running())
            .is_some_and(|running| names(running, reference, attempt) && running.may_be_decided(now));
        if !is_open {
            self.refuse_running(reference, attempt)?;
        }
        let mut held = self.state.hold();
        let now = held.now();
        let open = attempt_meant(&mut held, reference, attempt)?;
        let Verdict { paid, operator, reason, slip_number } = verdict.clone();
        let decision = Decision { paid, operator, reason, slip_number, decided_at: now.at, decided_till: 0 };
        match held.journal()?.decide(reference, open.attempt, &decision, &now)? {
            Swap::Made(decided) => Ok(self.replay(&mut held, &decided)),
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
        check_process(self.process)?;
        self.refuse_running(reference, attempt)?;
        let mut held = self.state.hold();
        let now = held.now();
        let open = attempt_meant(&mut held, reference, attempt)?;
        let ReversalVerdict { reversed, operator, reason } = verdict.clone();
        let decision = ReversalDecision { reversed, operator, reason, decided_at: now.at, decided_till: 0 };
        match held.journal()?.decide_reversal(reference, open.attempt, &decision, &now)? {
            Swap::Made(decided) => Ok(self.replay(&mut held, &decided)),
            Swap::Lost(_) => {
                let fault = format!("reference {reference:?} attempt {} has no reversal in doubt", open.attempt);
                Err(Error::new(Status::InvalidState, fault))
            }
        }
    }
}

fn not_in_doubt(attempt: &Attempt) -> Error {
    let Attempt { reference, attempt: number, .. } = attempt;
    let fault =
        format!("reference {reference:?} attempt {number} is not in doubt: it is {}", attempt.standing().name());
    Error::new(Status::InvalidState, fault)
}
