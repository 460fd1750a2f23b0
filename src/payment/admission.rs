//! May this sale start now? By what is known of the same sale, of sales over the same money, and of the terminal.

use crate::money::Money;
use crate::payment::attempt::Attempt;
use crate::payment::state::Standing;

/// An attempt at another sale over the same money asks for a confirmation while it is in doubt, for so long in till time:
/// 60 minutes.
pub const DUPLICATE_IN_DOUBT: i64 = 60 * 60 * 1000;
/// And for so long after it was taken for not paid without start's own word: 15 minutes.
pub const DUPLICATE_NEGATIVE: i64 = 15 * 60 * 1000;

/// What `pay` finds under its reference and attempt.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Admission {
    /// Nothing yet, and it is its turn: it may begin.
    Fresh,
    /// It has been begun: it is joined, continued or told again.
    Known(Box<Attempt>),
    /// The till has taken over the sale's result, at this time, and this attempt needs nothing.
    Closed(i64),
    /// This attempt was over another amount.
    OtherMoney(Money),
    /// This attempt of the sale forbids another one.
    Used(i32, Standing),
    /// It is this attempt's turn.
    OutOfOrder(i32),
}

/// Whether this attempt may begin, is known, or may not be made at all, by the earlier attempts at the same sale.
pub fn admit(before: &[Attempt], attempt: i32, money: Money) -> Admission {
    let known = before.iter().find(|known| known.attempt == attempt);
    let is_needy = known.is_some_and(|known| known.acknowledged_at.is_none() && known.is_unfinished());
    if let Some(closed_at) = before.iter().find_map(|known| known.acknowledged_at).filter(|_| !is_needy) {
        return Admission::Closed(closed_at);
    }
    if let Some(known) = known {
        return if known.money == money {
            Admission::Known(Box::new(known.clone()))
        } else {
            Admission::OtherMoney(known.money)
        };
    }
    // Not only the last one: the truth about an earlier attempt may have come after it.
    if let Some(used) = before.iter().find(|before| before.forbids_another()) {
        return Admission::Used(used.attempt, used.standing());
    }
    let turn = before.last().map_or(1, |last| last.attempt.saturating_add(1));
    if attempt == turn { Admission::Fresh } else { Admission::OutOfOrder(turn) }
}

impl Attempt {
    /// Until when, in till time, it asks for a confirmation because it may have been paid; none where it was not, or where
    /// everybody knows.
    fn is_doubtful_until(&self) -> Option<i64> {
        match self.standing() {
            Standing::InDoubt => Some(self.begun_till.saturating_add(DUPLICATE_IN_DOUBT)),
            Standing::DecidedNotPaid => {
                self.decision.as_ref().map(|decision| decision.decided_till.saturating_add(DUPLICATE_NEGATIVE))
            }
            Standing::Declined | Standing::Fenced if !self.said_by_start => {
                self.finished_till.map(|finished| finished.saturating_add(DUPLICATE_NEGATIVE))
            }
            _ => None,
        }
    }

    /// Whether it can be a possible duplicate at all: what is searched for, whatever the time.
    pub fn may_be_doubled(&self) -> bool {
        self.is_doubtful_until().is_some() || is_paid_unheard(self)
    }
}

/// Whether somebody who pays this sale now might pay a second time, because this attempt at another sale over the same money
/// may have been paid, or was, and nobody has heard of it. `now`: till time; `is_told`: the till was told of it as it stands.
/// What start itself called failed is no duplicate.
pub fn is_possible_duplicate(other: &Attempt, reference: &str, money: Money, now: i64, is_told: bool) -> bool {
    let is_recent = other.is_doubtful_until().is_some_and(|until| now < until);
    (is_recent || !is_told && is_paid_unheard(other)) && other.reference != reference && other.money == money
}

/// Whether a read has found out that it was paid, and the till has not taken that over: whoever stands there may not know it.
fn is_paid_unheard(attempt: &Attempt) -> bool {
    let by_reading = attempt.standing() == Standing::Approved && !attempt.said_by_start;
    by_reading && attempt.acknowledged_at.is_none() || attempt.is_paid_after_all() && attempt.has_open_conflict()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payment::attempt::{Conflict, Decision};
    use crate::payment::samples::{approved, declined, in_doubt, money};
    use crate::payment::state::State;

    #[test]
    fn an_hour_and_a_quarter_of_one() {
        assert_eq!((DUPLICATE_IN_DOUBT, DUPLICATE_NEGATIVE), (3_600_000, 900_000));
    }

    fn decided(paid: bool) -> Attempt {
        let (operator, reason) = ("Anna".to_owned(), "seen".to_owned());
        let decision = Decision { paid, operator, reason, slip_number: None, decided_at: 0, decided_till: 0 };
        Attempt { decision: Some(decision), ..in_doubt() }
    }

    fn fenced() -> Attempt {
        Attempt { state: State::NotStarted, fenced: true, finished_till: Some(0), ..in_doubt() }
    }

    #[test]
    fn attempts_come_one_after_the_other_and_never_after_money_may_have_moved() {
        let paid_after_all = Attempt {
            conflict: Some(Conflict {
                state: State::Approved,
                noticed_at: 0,
                response: None,
                acknowledged_at: Some(1),
                of_reversal: false,
            }),
            ..declined()
        };
        let known = |attempt: Attempt| Admission::Known(Box::new(attempt));
        let taken_over = Attempt { attempt: 2, acknowledged_at: Some(9), ..approved() };
        for (case, before, attempt, expected) in [
            ("nothing yet", vec![], 1, Admission::Fresh),
            ("too far", vec![], 2, Admission::OutOfOrder(1)),
            ("the same", vec![in_doubt()], 1, known(in_doubt())),
            ("after a failed one", vec![declined()], 2, Admission::Fresh),
            ("after a fenced one", vec![fenced()], 2, Admission::Fresh),
            ("after what a person calls not paid", vec![decided(false)], 2, Admission::Fresh),
            ("after what a person calls paid", vec![decided(true)], 2, Admission::Used(1, Standing::DecidedPaid)),
            ("after one in doubt", vec![in_doubt()], 2, Admission::Used(1, Standing::InDoubt)),
            ("after a paid one", vec![approved()], 2, Admission::Used(1, Standing::Approved)),
            ("after one paid after all", vec![paid_after_all], 2, Admission::Used(1, Standing::Declined)),
            ("out of order", vec![declined()], 3, Admission::OutOfOrder(2)),
            ("closed", vec![Attempt { acknowledged_at: Some(9), ..declined() }], 2, Admission::Closed(9)),
            ("closed, and nothing is known", vec![taken_over.clone(), declined()], 1, Admission::Closed(9)),
            ("closed by another attempt, and in doubt", vec![taken_over, in_doubt()], 1, known(in_doubt())),
        ] {
            assert_eq!(admit(&before, attempt, money(100)), expected, "{case}");
        }
        assert_eq!(admit(&[in_doubt()], 1, money(101)), Admission::OtherMoney(money(100)));
    }

    #[test]
    fn what_may_have_been_paid_besides_is_a_possible_duplicate_for_a_while() {
        let by_reading = Attempt { said_by_start: false, ..declined() };
        for (case, other, last) in [
            ("in doubt", in_doubt(), Some(DUPLICATE_IN_DOUBT)),
            ("a person says not paid", decided(false), Some(DUPLICATE_NEGATIVE)),
            ("fenced", fenced(), Some(DUPLICATE_NEGATIVE)),
            ("failed by reading", by_reading, Some(DUPLICATE_NEGATIVE)),
            ("failed by start's own word", declined(), None),
            ("a person says paid", decided(true), None),
            ("paid", approved(), None),
        ] {
            let asks = |now, reference, minor| is_possible_duplicate(&other, reference, money(minor), now, true);
            assert_eq!(asks(0, "r2", 100), last.is_some(), "{case}");
            assert_eq!(other.may_be_doubled(), last.is_some(), "{case}");
            if let Some(last) = last {
                assert!(asks(last - 1, "r2", 100) && !asks(last, "r2", 100), "{case}");
            }
            assert!(!asks(0, "r1", 100) && !asks(0, "r2", 101), "{case}");
        }
    }

    #[test]
    fn what_a_read_found_paid_is_a_possible_duplicate_until_the_till_has_taken_it_over() {
        let found = Attempt { said_by_start: false, ..approved() };
        let after_all = |acknowledged_at| {
            let of_reversal = false;
            let conflict =
                Conflict { state: State::Approved, noticed_at: 0, response: None, acknowledged_at, of_reversal };
            Attempt { conflict: Some(conflict), acknowledged_at, ..declined() }
        };
        for (case, other, expected) in [
            ("told by start itself", approved(), false),
            ("found out", found.clone(), true),
            ("found out, and taken over", Attempt { acknowledged_at: Some(1), ..found }, false),
            ("paid after all", after_all(None), true),
            ("paid after all, and taken over", after_all(Some(1)), false),
        ] {
            assert_eq!(is_possible_duplicate(&other, "r2", money(100), i64::MAX, false), expected, "{case}");
            assert_eq!(other.may_be_doubled(), expected, "{case}");
            assert!(!is_possible_duplicate(&other, "r2", money(100), i64::MAX, true), "{case}: it was told");
            assert!(!is_possible_duplicate(&other, "r1", money(100), 0, false), "{case}");
        }
    }
}
