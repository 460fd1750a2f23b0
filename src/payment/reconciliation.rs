//! What is not proven is asked about again: for how long, when a second word proves the first, and in which order before a
//! payment, which must not wait for all of it.

use crate::payment::attempt::Attempt;
use crate::payment::state::State;
use crate::payment::verdict::RemoteStatus;

/// For so long, in till time, the service is asked again about what it has not said its own final word on: 7 days.
pub const ASKED_FOR: i64 = 7 * 24 * 60 * 60 * 1000;
/// What failed is believed for good if the service still says so this long after: 15 minutes.
pub const PROVEN_AFTER: i64 = 15 * 60 * 1000;
/// For so long after it was paid no read contradicts that: 60 seconds, as long as a word is waited for that start did not say.
pub const PAID_OUTRANKS: i64 = 60 * 1000;
/// Of what has nothing to do with the sale that is about to be paid, no more than so many are asked about.
pub const OTHERS: usize = 5;

impl Attempt {
    /// Since when it is asked about, in till time: since its beginning, or that of its reversal.
    fn asked_about_since(&self) -> i64 {
        self.reversal.as_ref().map_or(self.begun_till, |reversal| reversal.begun_till)
    }

    /// Whether it is asked about now.
    pub fn is_asked_about(&self, now: i64) -> bool {
        self.is_unproven() && now.saturating_sub(self.asked_about_since()) < ASKED_FOR
    }

    /// Whether a last word is believed of an attempt that has its result. Reads lag behind start's own answer: for a while they
    /// may say "not paid" of what was paid.
    pub fn is_word_believed(&self, status: RemoteStatus, now: i64) -> bool {
        let is_young = self.finished_till.is_some_and(|finished| now.saturating_sub(finished) < PAID_OUTRANKS);
        !(self.state == State::Approved && status.is_negative() && is_young)
    }

    /// Whether what the service says now proves for good that it failed.
    pub fn is_proven_by(&self, status: RemoteStatus, now: i64) -> bool {
        let is_late = self.finished_till.is_some_and(|finished| now.saturating_sub(finished) >= PROVEN_AFTER);
        self.state == State::Declined && !self.proven && status.is_negative() && is_late
    }
}

/// What is asked about before a payment, in this order.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct BeforePayment {
    /// The unproven attempts of the same sale: all of them, and without an answer nothing is started.
    pub own: Vec<Attempt>,
    /// What holds the terminal: while it does, nothing is started.
    pub holders: Vec<Attempt>,
    /// Others, beside create and not for long: what was asked about longest ago first.
    pub others: Vec<Attempt>,
}

/// Sorts what is unproven. `asked_at`: when an attempt was last asked about; what never was comes first.
pub fn before_payment<T: Ord>(
    unproven: Vec<Attempt>,
    own: &str,
    now: i64,
    asked_at: impl Fn(&Attempt) -> Option<T>,
) -> BeforePayment {
    let mut plan = BeforePayment::default();
    for attempt in unproven.into_iter().filter(|attempt| attempt.is_asked_about(now)) {
        match () {
            () if attempt.reference == own && attempt.state != State::Approved => plan.own.push(attempt),
            () if attempt.holds_the_terminal(now) => plan.holders.push(attempt),
            () => plan.others.push(attempt),
        }
    }
    plan.others.sort_by_cached_key(|attempt| (asked_at(attempt), std::cmp::Reverse(attempt.begun_till)));
    plan.others.truncate(OTHERS);
    plan
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payment::attempt::{Conflict, Copies};
    use crate::payment::reversal_record::Reversal;
    use crate::payment::samples::{approved, declined, in_doubt, reversing};

    #[test]
    fn seven_days_a_quarter_of_an_hour_and_a_minute() {
        assert_eq!((ASKED_FOR, PROVEN_AFTER, PAID_OUTRANKS), (604_800_000, 900_000, 60_000));
    }

    #[test]
    fn days_are_counted_from_the_beginning_of_what_is_asked_about() {
        let later = Attempt { begun_till: 5_000, ..in_doubt() };
        assert!(later.is_asked_about(ASKED_FOR + 4_999) && !later.is_asked_about(ASKED_FOR + 5_000));
        let reversal = reversing().reversal.map(|reversal| Reversal { begun_till: 7_000, ..reversal });
        let going_back = Attempt { reversal, ..reversing() };
        assert!(going_back.is_asked_about(ASKED_FOR + 6_999) && !going_back.is_asked_about(ASKED_FOR + 7_000));
    }

    #[test]
    fn what_is_unproven_is_asked_about_for_seven_days_of_till_time() {
        for attempt in [in_doubt(), declined(), reversing()] {
            assert!(attempt.is_asked_about(ASKED_FOR - 1) && !attempt.is_asked_about(ASKED_FOR), "{attempt:?}");
        }
        assert!(!approved().is_asked_about(0) && !Attempt { proven: true, ..declined() }.is_asked_about(0));
        let contradicted = |attempt, state| Attempt {
            conflict: Some(Conflict {
                state,
                noticed_at: 0,
                response: None,
                acknowledged_at: None,
                of_reversal: false,
            }),
            ..attempt
        };
        let with_receipts = |attempt| Attempt { copies: approved().copies, ..attempt };
        let fenced = Attempt { state: State::NotStarted, fenced: true, ..in_doubt() };
        for (attempt, conflict, expected, case) in [
            (with_receipts(declined()), State::Approved, false, "that it was paid is the last word on a payment"),
            (reversing(), State::Declined, true, "and none on its reversal"),
            (declined(), State::Approved, true, "its receipts may come"),
            (fenced.clone(), State::Approved, true, "its receipts may come"),
            (with_receipts(fenced.clone()), State::Approved, false, "paid, with receipts"),
            (
                declined(),
                State::Declined,
                true,
                "a person calls it paid: that it was not may be said by a read that lags",
            ),
            (Attempt { proven: true, ..declined() }, State::Declined, false, "and a second one proves it"),
            (fenced, State::NotStarted, true, "a person calls it paid, and it was fenced"),
            (approved(), State::Declined, false, "it was paid, with receipts"),
            (Attempt { copies: Copies::default(), ..approved() }, State::Declined, true, "its receipts may come"),
        ] {
            assert_eq!(contradicted(attempt, conflict).is_asked_about(0), expected, "{case}");
        }
    }

    #[test]
    fn what_was_paid_is_not_contradicted_by_a_read_that_lags() {
        for (attempt, status, now, expected) in [
            (approved(), RemoteStatus::Failed, PAID_OUTRANKS - 1, false),
            (approved(), RemoteStatus::Failed, PAID_OUTRANKS, true),
            (approved(), RemoteStatus::Cancelled, 0, false),
            (approved(), RemoteStatus::Reversed, 0, true),
            (declined(), RemoteStatus::Paid, 0, true),
            (declined(), RemoteStatus::Failed, 0, true),
        ] {
            assert_eq!(attempt.is_word_believed(status, now), expected, "{status:?} {now}");
        }
    }

    #[test]
    fn what_failed_is_proven_by_the_same_word_much_later() {
        for (status, now, expected) in [
            (RemoteStatus::Failed, PROVEN_AFTER - 1, false),
            (RemoteStatus::Failed, PROVEN_AFTER, true),
            (RemoteStatus::Aborted, PROVEN_AFTER, true),
            (RemoteStatus::Created, PROVEN_AFTER, false),
            (RemoteStatus::Paid, PROVEN_AFTER, false),
        ] {
            assert_eq!(declined().is_proven_by(status, now), expected, "{status:?} {now}");
        }
        assert!(!in_doubt().is_proven_by(RemoteStatus::Failed, PROVEN_AFTER));
    }

    #[test]
    fn the_sales_own_attempts_come_first_and_none_is_left_out() {
        let named = |reference: &str, number, attempt: Attempt| Attempt {
            reference: reference.into(),
            attempt: number,
            ..attempt
        };
        let mut unproven: Vec<_> = (1..=7).map(|number| named("r1", number, declined())).collect();
        unproven.extend((1..=9).map(|number| named("r2", number, declined())));
        unproven.push(named("r3", 1, in_doubt()));
        unproven.push(named("r4", 1, reversing()));
        let plan = before_payment(unproven, "r1", 1_000, |attempt| (attempt.attempt != 4).then_some(-attempt.attempt));
        let numbers = |attempts: &[Attempt]| attempts.iter().map(|attempt| attempt.attempt).collect::<Vec<_>>();
        assert_eq!(numbers(&plan.own), [1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(plan.holders.len(), 2);
        assert_eq!(numbers(&plan.others), [4, 9, 8, 7, 6], "what was never asked about, then the longest ago");
    }
}
