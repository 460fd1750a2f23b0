//! What became of a payment, and of its reversal, and who says so: the words, and what an attempt says in them.

use crate::payment::attempt::Attempt;
use crate::payment::reason::Reason;
use crate::payment::state::Standing;

/// What became of a payment.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(i32)]
pub enum Outcome {
    /// In doubt: money may have moved.
    Unknown = 0,
    /// Money moved.
    Approved = 1,
    /// No money moved: the payment was refused, aborted or timed out.
    Failed = 2,
    /// No money moved: the payment was provably never started.
    NotStarted = 3,
    /// It was paid and has been reversed.
    Reversed = 4,
    /// The payment is running.
    Pending = 5,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Outcome; 6] = [
        Outcome::Unknown,
        Outcome::Approved,
        Outcome::Failed,
        Outcome::NotStarted,
        Outcome::Reversed,
        Outcome::Pending,
    ];

    /// The name, as in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Outcome::Unknown => "unknown",
            Outcome::Approved => "approved",
            Outcome::Failed => "failed",
            Outcome::NotStarted => "not_started",
            Outcome::Reversed => "reversed",
            Outcome::Pending => "pending",
        }
    }
}

/// What became of a payment's reversal.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(i32)]
pub enum ReversalOutcome {
    /// In doubt: the payment may be reversed.
    Unknown = 0,
    /// Nobody has tried to reverse the payment.
    None = 1,
    /// The reversal is running.
    Pending = 2,
    /// The payment is reversed.
    Done = 3,
    /// The payment is not reversed: the service refused at once, nothing was sent, or a person says so.
    Refused = 4,
}

impl ReversalOutcome {
    /// All of them.
    pub const ALL: [ReversalOutcome; 5] = [
        ReversalOutcome::Unknown,
        ReversalOutcome::None,
        ReversalOutcome::Pending,
        ReversalOutcome::Done,
        ReversalOutcome::Refused,
    ];

    /// The name, as in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            ReversalOutcome::Unknown => "unknown",
            ReversalOutcome::None => "none",
            ReversalOutcome::Pending => "pending",
            ReversalOutcome::Done => "done",
            ReversalOutcome::Refused => "refused",
        }
    }
}

/// Who says what became of a payment.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(i32)]
pub enum DecidedBy {
    /// The service.
    Server = 0,
    /// A person at the till,.
    Operator = 1,
}

impl DecidedBy {
    /// The name, as in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            DecidedBy::Server => "server",
            DecidedBy::Operator => "operator",
        }
    }
}

/// A contradiction that nobody has taken over.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Contradiction {
    /// It was taken for not paid, and was paid.
    PaidAfterAll,
    /// It was taken for paid by the service itself, which now says that it was not.
    UnpaidAfterAll,
    /// A person took it for paid, and it was not.
    NotPaid,
    /// A person took its reversal for not done, and it was.
    ReversedAfterAll,
}

impl Attempt {
    /// What became of it.
    pub fn outcome(&self) -> Outcome {
        match self.standing() {
            Standing::Reversed | Standing::DecidedReversed => Outcome::Reversed,
            // Whatever was believed before: money moved.
            _ if self.is_paid_after_all() => Outcome::Approved,
            Standing::New | Standing::InDoubt => Outcome::Unknown,
            Standing::Approved | Standing::Reversing | Standing::NotReversed | Standing::DecidedPaid => {
                Outcome::Approved
            }
            Standing::Declined => Outcome::Failed,
            Standing::NotStarted | Standing::Fenced | Standing::DecidedNotPaid => Outcome::NotStarted,
        }
    }

    /// What became of its reversal.
    pub fn reversal_outcome(&self) -> ReversalOutcome {
        match (self.outcome(), self.standing()) {
            (Outcome::Reversed, _) => ReversalOutcome::Done,
            (Outcome::Approved, Standing::Reversing) => ReversalOutcome::Unknown,
            (Outcome::Approved, _) if self.reversal.is_some() => ReversalOutcome::Refused,
            _ => ReversalOutcome::None,
        }
    }

    /// The contradiction that nobody has taken over.
    pub fn contradiction(&self) -> Option<Contradiction> {
        let conflict = self.conflict.as_ref().filter(|conflict| conflict.acknowledged_at.is_none())?;
        Some(match () {
            () if conflict.of_reversal => Contradiction::ReversedAfterAll,
            () if self.is_paid_after_all() => Contradiction::PaidAfterAll,
            () if self.is_unpaid_after_all() => Contradiction::UnpaidAfterAll,
            () => Contradiction::NotPaid,
        })
    }

    /// Why it has this outcome. What was true while it was in doubt is kept, too, and is not told of what was paid.
    pub fn told_reason(&self) -> Option<Reason> {
        let noted = self.why();
        match self.outcome() {
            Outcome::Approved => {
                let of_reversal = self.reversal.as_ref().and_then(|reversal| reversal.why());
                of_reversal.or(noted.filter(|reason| *reason == Reason::JournalFailed))
            }
            Outcome::Reversed | Outcome::Pending => None,
            Outcome::Unknown => noted.or(Some(Reason::Interrupted)),
            Outcome::Failed | Outcome::NotStarted => noted,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payment::attempt::{Conflict, Decision};
    use crate::payment::reversal_record::{Reversal, Stage};
    use crate::payment::samples::{approved, declined, in_doubt, reversing};
    use crate::payment::state::State;

    fn contradicted(attempt: Attempt, state: State, of_reversal: bool) -> Attempt {
        let conflict = Conflict { state, noticed_at: 0, response: None, acknowledged_at: None, of_reversal };
        Attempt { conflict: Some(conflict), ..attempt }
    }

    fn decided(paid: bool) -> Attempt {
        let (operator, reason) = ("Anna".to_owned(), "seen".to_owned());
        let decision = Decision { paid, operator, reason, slip_number: None, decided_at: 0, decided_till: 0 };
        Attempt { decision: Some(decision), ..in_doubt() }
    }

    #[test]
    fn an_attempt_says_what_became_of_it_and_what_contradicts() {
        let reversed = || Attempt { state: State::Reversed, ..approved() };
        let fenced = Attempt { state: State::NotStarted, fenced: true, ..in_doubt() };
        let reversal = reversing().reversal.map(|reversal| Reversal { stage: Stage::NotReversed, ..reversal });
        let refused = Attempt { reversal, ..approved() };
        for (case, attempt, outcome, reversal, contradiction) in [
            ("in doubt", in_doubt(), Outcome::Unknown, ReversalOutcome::None, None),
            ("paid", approved(), Outcome::Approved, ReversalOutcome::None, None),
            ("failed", declined(), Outcome::Failed, ReversalOutcome::None, None),
            ("fenced", fenced, Outcome::NotStarted, ReversalOutcome::None, None),
            ("decided: paid", decided(true), Outcome::Approved, ReversalOutcome::None, None),
            ("decided: not paid", decided(false), Outcome::NotStarted, ReversalOutcome::None, None),
            ("reversing", reversing(), Outcome::Approved, ReversalOutcome::Unknown, None),
            ("reversed", reversed(), Outcome::Reversed, ReversalOutcome::Done, None),
            ("not reversed", refused, Outcome::Approved, ReversalOutcome::Refused, None),
            (
                "paid after all",
                contradicted(declined(), State::Approved, false),
                Outcome::Approved,
                ReversalOutcome::None,
                Some(Contradiction::PaidAfterAll),
            ),
            (
                "unpaid after all",
                contradicted(approved(), State::Declined, false),
                Outcome::Approved,
                ReversalOutcome::None,
                Some(Contradiction::UnpaidAfterAll),
            ),
            (
                "not paid",
                contradicted(declined(), State::Declined, false),
                Outcome::Failed,
                ReversalOutcome::None,
                Some(Contradiction::NotPaid),
            ),
            (
                "reversed after all",
                contradicted(reversed(), State::Reversed, true),
                Outcome::Reversed,
                ReversalOutcome::Done,
                Some(Contradiction::ReversedAfterAll),
            ),
        ] {
            let said = (attempt.outcome(), attempt.reversal_outcome(), attempt.contradiction());
            assert_eq!(said, (outcome, reversal, contradiction), "{case}");
        }
    }

    #[test]
    fn a_reason_of_the_time_of_doubt_is_not_told_of_what_was_paid() {
        let because = |attempt, reason: Reason| Attempt { reason: Some(reason.name().to_owned()), ..attempt };
        let lost = Reason::ConnectionLost;
        assert_eq!(because(in_doubt(), lost).told_reason(), Some(lost));
        assert_eq!(because(approved(), lost).told_reason(), None);
        let failed = Reason::JournalFailed;
        assert_eq!(because(approved(), failed).told_reason(), Some(failed));
        assert_eq!(in_doubt().told_reason(), Some(Reason::Interrupted));
    }
}
