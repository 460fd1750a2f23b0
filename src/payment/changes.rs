//! What each thing that happens makes of the stored attempt; the journal writes what comes of it, and nothing else. None means
//! that nothing is to be written: the attempt already stands elsewhere, or says the same.

use crate::payment::attempt::{Attempt, Conflict, Decision, Demand, Finish};
use crate::payment::reason::Reason;
use crate::payment::reversal_record::{Fault, Reversal, ReversalDecision, Stage};
use crate::payment::state::{Standing, State};
use crate::payment::transitions::Transition;
use crate::payment::trigger::Trigger;

/// What is known of an attempt in doubt.
#[derive(Clone, Copy, Debug)]
pub struct Doubt<'a> {
    /// Why it is in doubt.
    pub reason: Reason,
    /// The server's word.
    pub word: Option<&'a str>,
    /// Since when that has been read unchanged, in till time.
    pub word_since_till: Option<i64>,
    /// Start was refused at once.
    pub refused: bool,
}

/// A reversal that is about to be sent.
#[derive(Clone, Copy, Debug)]
pub struct Reversing<'a> {
    /// Now.
    pub at: i64,
    /// Now, in till time.
    pub till: i64,
    /// For how long it may still reach the terminal, in milliseconds of till time.
    pub grace: i64,
    /// Its `X-Action`.
    pub action: &'a str,
    /// Who confirmed it, where that was asked.
    pub confirmed_by: Option<&'a str>,
}

/// What is known of a reversal that was begun.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ReversalNote {
    /// It may have been sent, and nobody knows more.
    InDoubt,
    /// Not one byte of the last request was sent.
    NeverSent,
    /// The first request was refused at once, and the payment stands.
    Refused,
}

/// How an attempt changed that became final, or is contradicted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Finished {
    /// It became final.
    Final(Attempt),
    /// It was final, and the server says what contradicts that.
    Contradicted(Attempt),
}

impl Attempt {
    /// After the server's final word, told by the response of that event. Where it contradicts what a person has decided, or a
    /// result that is final already, the attempt is in conflict from here on; a final result itself stays as it is. The first
    /// contradiction counts, and that it was paid, where the first has said that it was not: so says a read that lags.
    pub fn after_finish(&self, finish: &Finish<'_>, response: Option<i64>) -> Option<Finished> {
        let standing = self.standing();
        let contradiction = Conflict {
            state: finish.state,
            noticed_at: finish.at,
            response,
            acknowledged_at: None,
            of_reversal: standing == Standing::NotReversed && finish.state == State::Reversed,
        };
        match Transition::of(standing, finish.trigger()) {
            Transition::To(_) => Some(Finished::Final(self.clone().finished(finish, response))),
            Transition::Conflict(next) if next != standing => {
                let finished = self.clone().finished(finish, response);
                Some(Finished::Final(Attempt { conflict: Some(contradiction), ..finished }))
            }
            Transition::Conflict(_) if self.is_new_contradiction(finish.state) => {
                // The contradicting answer is the one whose receipts are told, where it says that it was paid.
                let copies = if finish.state == State::Approved { finish.copies } else { self.copies };
                Some(Finished::Contradicted(Attempt {
                    conflict: Some(contradiction),
                    copies,
                    amount_charged: finish.amount_charged.or(self.amount_charged),
                    receipt_number: finish.receipt_number.or(self.receipt_number),
                    ..self.clone()
                }))
            }
            Transition::Conflict(_) | Transition::Stay | Transition::Never => None,
        }
    }

    fn is_new_contradiction(&self, state: State) -> bool {
        self.conflict.as_ref().is_none_or(|first| first.state.is_negative() && state == State::Approved)
    }

    /// After a later answer of the server that says more of what was paid: its receipts, the terminal's number. What was known
    /// stays as it is.
    pub fn after_completion(&self, finish: &Finish<'_>, response: Option<i64>) -> Option<Attempt> {
        let may = self.took_money() && finish.trigger() == Trigger::Paid;
        // Of what was paid after all, the contradicting answer is the one that is told.
        let of_conflict = self.is_paid_after_all();
        let conflict = self.conflict.clone().map(|conflict| match of_conflict {
            true => Conflict { response, ..conflict },
            false => conflict,
        });
        (may && finish.copies.has_more_than(self.copies)).then(|| Attempt {
            amount_charged: self.amount_charged.or(finish.amount_charged),
            amount_unreadable: self.amount_unreadable && finish.amount_unreadable,
            receipt_number: self.receipt_number.or(finish.receipt_number),
            terminal: self.terminal.clone().or(finish.terminal.map(str::to_owned)),
            copies: finish.copies,
            brand: self.brand.clone().or(finish.brand.map(str::to_owned)),
            response: if of_conflict { self.response } else { response },
            conflict,
            ..self.clone()
        })
    }

    /// With what is known of it while it is in doubt.
    pub fn after_doubt(&self, doubt: &Doubt<'_>) -> Option<Attempt> {
        let noted = Attempt {
            reason: Some(doubt.reason.name().to_owned()),
            status_text: doubt.word.map(str::to_owned),
            word_since_till: doubt.word_since_till,
            refused: self.refused || doubt.refused,
            ..self.clone()
        };
        (self.state == State::Starting && noted != *self).then_some(noted)
    }

    /// Whether our abort may be sent: never of what a person calls paid, and never of what has its end.
    pub fn may_be_aborted(&self) -> bool {
        matches!(self.standing(), Standing::InDoubt | Standing::DecidedNotPaid)
    }

    /// When our abort may be sent from here on.
    pub fn after_abort(&self) -> Option<Attempt> {
        (self.may_be_aborted() && !self.abort_sent).then(|| Attempt { abort_sent: true, ..self.clone() })
    }

    /// After the server has said the same of what failed, so late that it is believed for good.
    pub fn after_proof(&self) -> Option<Attempt> {
        (self.state == State::Declined && !self.proven).then(|| Attempt { proven: true, ..self.clone() })
    }

    /// After a person has said what became of it. Once.
    pub fn after_decision(&self, decision: Decision) -> Option<Attempt> {
        let trigger = if decision.paid { Trigger::DecidesPaid } else { Trigger::DecidesNotPaid };
        let may = Transition::of(self.standing(), trigger) != Transition::Never;
        may.then(|| Attempt { decision: Some(decision), ..self.clone() })
    }

    /// After the till was asked to do something with money.
    pub fn after_demands(&self, demands: &[Demand]) -> Option<Attempt> {
        let is_new = |demand: &&Demand| self.demanded(demand.action).is_none();
        let new: Vec<_> = demands.iter().filter(is_new).copied().collect();
        (!new.is_empty()).then(|| Attempt { demands: [self.demands.clone(), new].concat(), ..self.clone() })
    }

    /// When a reversal may be sent from here on.
    pub fn after_reversing(&self, reversing: &Reversing<'_>) -> Option<Attempt> {
        if Transition::of(self.standing(), Trigger::Reverse) == Transition::Never {
            return None;
        }
        let reversal = Reversal {
            stage: Stage::Reversing,
            begun_at: reversing.at,
            begun_till: reversing.till,
            grace: Some(reversing.grace),
            action: Some(reversing.action.to_owned()),
            was_sent: true,
            was_sent_before: self.reversal.as_ref().is_some_and(|before| before.was_sent),
            refused: false,
            confirmed_by: reversing.confirmed_by.map(str::to_owned),
            reason: None,
            fault: None,
            decision: None,
        };
        Some(Attempt { reversal: Some(reversal), ..self.clone() })
    }

    /// With what is known of a reversal that may have been sent. That it was done, [`Attempt::after_finish`] says.
    pub fn after_reversal_note(
        &self,
        note: ReversalNote,
        reason: Option<Reason>,
        fault: Option<Fault>,
    ) -> Option<Attempt> {
        let reversal = self.reversal.clone().filter(|_| self.is_reversing())?;
        let noted = match note {
            ReversalNote::InDoubt => reversal,
            // That does not undo an earlier request that may have been sent.
            ReversalNote::NeverSent if reversal.was_sent_before => reversal,
            ReversalNote::NeverSent => Reversal { stage: Stage::NotReversed, was_sent: false, ..reversal },
            ReversalNote::Refused => Reversal { stage: Stage::NotReversed, refused: true, ..reversal },
        };
        let reason = reason.map(|reason| reason.name().to_owned());
        let noted = Attempt { reversal: Some(Reversal { reason, fault, ..noted }), ..self.clone() };
        (noted != *self).then_some(noted)
    }

    /// After a person has said what became of its reversal. Once.
    pub fn after_reversal_decision(&self, decision: ReversalDecision) -> Option<Attempt> {
        let trigger = if decision.reversed { Trigger::DecidesReversed } else { Trigger::DecidesNotReversed };
        if Transition::of(self.standing(), trigger) == Transition::Never {
            return None;
        }
        // What was taken over as paid and has gone back has to be taken over again.
        let acknowledged_at = self.acknowledged_at.filter(|_| !decision.reversed);
        let reversal = Reversal { decision: Some(decision), ..self.reversal.clone()? };
        Some(Attempt { reversal: Some(reversal), acknowledged_at, ..self.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Error, Status};
    use crate::payment::action::Action;
    use crate::payment::attempt::Copies;
    use crate::payment::samples::{approved, declined, finish, in_doubt, reversing};

    const BOTH: Copies = Copies { merchant: true, customer: true };

    fn decision(paid: bool) -> Decision {
        let (operator, reason) = ("Anna".to_owned(), "seen".to_owned());
        Decision { paid, operator, reason, slip_number: None, decided_at: 0, decided_till: 0 }
    }

    fn reversal_decision(reversed: bool) -> ReversalDecision {
        let (operator, reason) = ("Anna".to_owned(), "seen".to_owned());
        ReversalDecision { reversed, operator, reason, decided_at: 0, decided_till: 0 }
    }

    fn final_one(finished: Option<Finished>) -> Attempt {
        match finished {
            Some(Finished::Final(attempt)) => attempt,
            other => panic!("{other:?}"),
        }
    }

    fn contradicted(finished: Option<Finished>) -> Attempt {
        match finished {
            Some(Finished::Contradicted(attempt)) => attempt,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_in_doubt_becomes_final_once() {
        let paid = final_one(in_doubt().after_finish(&finish(State::Approved), Some(9)));
        assert_eq!((paid.state, paid.conflict.is_none(), paid.response), (State::Approved, true, Some(9)));
        assert_eq!((paid.finished_at, paid.finished_till, paid.copies), (Some(5), Some(6), BOTH));
        assert_eq!((paid.receipt_number, paid.terminal.as_deref()), (Some(3), Some("T")));
        assert_eq!(paid.after_finish(&finish(State::Approved), Some(10)), None);
        let nothing = finish(State::Starting);
        assert_eq!(in_doubt().after_finish(&nothing, None), None);
    }

    #[test]
    fn a_contradiction_keeps_the_first_word_and_counts_once() {
        let after_all = contradicted(declined().after_finish(&finish(State::Approved), Some(9)));
        assert_eq!(after_all.state, State::Declined, "what was believed stays");
        assert!(after_all.is_paid_after_all() && after_all.has_open_conflict());
        assert_eq!((after_all.copies, after_all.receipt_number), (BOTH, Some(3)), "its receipts are told");
        let with_amount = Finish { amount_charged: Some(70), ..finish(State::Approved) };
        assert_eq!(contradicted(declined().after_finish(&with_amount, None)).amount_charged, Some(70));
        assert_eq!(after_all.conflict.as_ref().and_then(|conflict| conflict.response), Some(9));
        assert_eq!(after_all.after_finish(&finish(State::Approved), Some(10)), None);
        assert_eq!(after_all.after_finish(&finish(State::Declined), Some(10)), None, "that it was paid, it has said");

        let bare = Finish { copies: Copies::default(), ..finish(State::Declined) };
        let unpaid = contradicted(approved().after_finish(&bare, Some(9)));
        assert!(unpaid.is_unpaid_after_all() && unpaid.copies == BOTH, "its receipts are those of what was paid");

        let decided = in_doubt().after_decision(decision(true)).expect("decided");
        let not_paid = final_one(decided.after_finish(&finish(State::Declined), None));
        assert!(not_paid.state == State::Declined && not_paid.has_open_conflict());
        assert!(not_paid.conflict.as_ref().is_some_and(|conflict| !conflict.of_reversal));
        assert_eq!(not_paid.after_finish(&finish(State::Declined), Some(10)), None);
        let taken_over = Attempt {
            conflict: not_paid.conflict.map(|conflict| Conflict { acknowledged_at: Some(7), ..conflict }),
            state: not_paid.state,
            ..decided.clone()
        };
        let paid_after_all = contradicted(taken_over.after_finish(&finish(State::Approved), Some(10)));
        assert!(paid_after_all.is_paid_after_all() && paid_after_all.has_open_conflict(), "the read had lagged");
        let agreed = final_one(decided.after_finish(&finish(State::Approved), None));
        assert!(agreed.conflict.is_none());
        let given_back = final_one(decided.after_finish(&finish(State::Reversed), None));
        assert!(given_back.conflict.is_some_and(|conflict| !conflict.of_reversal), "nobody spoke of a reversal");
    }

    #[test]
    fn receipts_that_come_late_are_kept_and_nothing_else_is_changed() {
        let bare = Attempt { copies: Copies::default(), amount_unreadable: true, ..approved() };
        let more = Finish { amount_charged: Some(90), ..finish(State::Approved) };
        let complete = bare.after_completion(&more, Some(9)).expect("completed");
        assert_eq!((complete.copies, complete.response, complete.amount_charged), (BOTH, Some(9), Some(90)));
        assert!(!complete.amount_unreadable && complete.receipt_number == Some(3));
        assert_eq!((complete.terminal.as_deref(), complete.brand.as_deref()), (Some("T"), Some("girocard")));
        let other = Finish { brand: Some("VISA"), ..more };
        let named = Attempt { brand: Some("girocard".into()), ..bare.clone() }.after_completion(&other, Some(9));
        assert_eq!(named.expect("completed").brand.as_deref(), Some("girocard"), "what was known stays");
        assert_eq!(complete.after_completion(&more, Some(10)), None, "nothing more");
        assert_eq!(declined().after_completion(&more, Some(9)), None);
        let silent = Finish { copies: Copies::default(), response: None, ..finish(State::Approved) };
        let after_all = contradicted(declined().after_finish(&silent, Some(7)));
        let complete = after_all.after_completion(&more, Some(9)).expect("completed");
        let told = complete.conflict.as_ref().and_then(|conflict| conflict.response);
        assert_eq!((complete.copies, told, complete.response), (BOTH, Some(9), None), "its contradiction tells them");
        let unpaid =
            contradicted(bare.after_finish(&Finish { copies: Copies::default(), ..finish(State::Declined) }, Some(8)));
        let complete = unpaid.after_completion(&more, Some(9)).expect("completed");
        let contradicts = complete.conflict.as_ref().and_then(|conflict| conflict.response);
        assert_eq!((complete.response, contradicts), (Some(9), Some(8)), "what it was paid with tells them");
        assert_eq!(bare.after_completion(&finish(State::Declined), Some(9)), None);
    }

    #[test]
    fn what_is_known_of_a_doubt_is_kept_and_a_refusal_is_not_forgotten() {
        let doubt = Doubt { reason: Reason::StillOpen, word: Some("failed"), word_since_till: Some(7), refused: true };
        let noted = in_doubt().after_doubt(&doubt).expect("noted");
        assert_eq!((noted.why(), noted.status_text.as_deref()), (Some(Reason::StillOpen), Some("failed")));
        assert_eq!((noted.word_since_till, noted.refused), (Some(7), true));
        let later = Doubt { refused: false, ..doubt };
        assert_eq!(noted.after_doubt(&later), None, "nothing new");
        let other = noted.after_doubt(&Doubt { word: Some("created"), ..later }).expect("noted");
        assert!(other.refused);
        assert_eq!(approved().after_doubt(&doubt), None);
    }

    #[test]
    fn our_abort_is_noted_once_and_never_sent_of_what_a_person_calls_paid() {
        let noted = in_doubt().after_abort().expect("noted");
        assert!(noted.abort_sent && noted.may_be_aborted() && noted.after_abort().is_none());
        let not_paid = in_doubt().after_decision(decision(false)).expect("decided");
        assert!(not_paid.after_abort().is_some_and(|attempt| attempt.abort_sent));
        let paid = in_doubt().after_decision(decision(true)).expect("decided");
        for never in [paid, approved(), declined()] {
            assert!(!never.may_be_aborted() && never.after_abort().is_none(), "{never:?}");
        }
    }

    #[test]
    fn what_failed_is_proven_once() {
        assert!(declined().after_proof().is_some_and(|attempt| attempt.proven));
        assert_eq!(Attempt { proven: true, ..declined() }.after_proof(), None);
        assert_eq!(in_doubt().after_proof(), None);
    }

    #[test]
    fn a_person_decides_once_and_money_is_asked_for_once() {
        let decided = in_doubt().after_decision(decision(false)).expect("decided");
        assert_eq!(decided.standing(), Standing::DecidedNotPaid);
        assert_eq!(decided.after_decision(decision(true)), None);
        assert_eq!(approved().after_decision(decision(true)), None);
        let refund = Demand { action: Action::Refund, at: 1 };
        let asked = approved().after_demands(&[refund]).expect("asked");
        assert_eq!(asked.demands, [refund]);
        let collect = Demand { action: Action::Collect, at: 2 };
        let more = asked.after_demands(&[Demand { at: 3, ..refund }, collect]).expect("asked for more");
        assert_eq!(more.demands, [refund, collect]);
        assert_eq!(more.after_demands(&[refund, collect]), None);
    }

    #[test]
    fn a_reversal_remembers_whether_a_request_went_before_it() {
        let now = Reversing { at: 1, till: 2, grace: 3, action: "a", confirmed_by: Some("Anna") };
        let first = approved().after_reversing(&now).expect("begun");
        let of = |attempt: &Attempt| attempt.reversal.clone().expect("a reversal");
        assert!(of(&first).was_sent && !of(&first).was_sent_before && first.standing() == Standing::Reversing);
        let second = first.after_reversing(&now).expect("once more");
        assert!(of(&second).was_sent_before);
        let never = first.after_reversal_note(ReversalNote::NeverSent, None, None).expect("noted");
        assert!(!of(&never).was_sent && never.standing() == Standing::Approved);
        assert!(!of(&never.after_reversing(&now).expect("begun")).was_sent_before, "nothing went before it");
        let still = second.after_reversal_note(ReversalNote::NeverSent, Some(Reason::NoConnection), None);
        assert_eq!(still.expect("noted").standing(), Standing::Reversing, "the first may have been sent");
        let fault = Fault::of(&Error::new(Status::ServerRefused, "no"));
        let refused = first.after_reversal_note(ReversalNote::Refused, None, Some(fault.clone())).expect("noted");
        assert_eq!(of(&refused).fault, Some(fault));
        assert!(of(&refused).refused && of(&refused).was_sent && refused.standing() == Standing::NotReversed);
        assert_eq!(second.after_reversal_note(ReversalNote::InDoubt, None, None), None, "nothing new");
        assert_eq!(approved().after_reversal_note(ReversalNote::Refused, None, None), None);
        assert_eq!(declined().after_reversing(&now), None);
    }

    #[test]
    fn a_reversal_that_was_taken_for_not_done_and_was_done_is_a_contradiction_of_its_own() {
        let now = Reversing { at: 1, till: 2, grace: 3, action: "a", confirmed_by: None };
        let begun = approved().after_reversing(&now).expect("begun");
        let refused = begun.after_reversal_note(ReversalNote::Refused, None, None).expect("noted");
        let decided = reversing().after_reversal_decision(reversal_decision(false)).expect("decided");
        for not_done in [refused, decided] {
            let done = final_one(not_done.after_finish(&finish(State::Reversed), None));
            assert_eq!(done.state, State::Reversed);
            assert!(done.conflict.is_some_and(|conflict| conflict.of_reversal), "{not_done:?}");
        }
        let done = final_one(reversing().after_finish(&finish(State::Reversed), None));
        assert!(done.conflict.is_none());
        let taken_over = Attempt { acknowledged_at: Some(1), ..reversing() };
        let decided = taken_over.after_reversal_decision(reversal_decision(true)).expect("decided");
        assert_eq!(decided.standing(), Standing::DecidedReversed);
        assert!(decided.is_unfinished(), "what was taken over was paid");
        let stands = taken_over.after_reversal_decision(reversal_decision(false)).expect("decided");
        assert!(!stands.is_unfinished(), "that it is paid was taken over");
        assert_eq!(decided.after_finish(&finish(State::Approved), None), None, "that it says paid contradicts nobody");
        assert_eq!(decided.after_reversal_decision(reversal_decision(false)), None, "once");
    }
}
