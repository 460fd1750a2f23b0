//! Money back: whether one may be asked for, and what to do when nobody knows whether it was done.
//!
//! The terminal knows a payment only by a small number that it counts itself, so everything that could make that number
//! somebody else's is a reason not to send it.

use std::time::Duration;

use crate::payment::action::Action;
use crate::payment::attempt::Attempt;
use crate::payment::state::Standing;
use crate::payment::verdict::{ReadVerdict, RemoteStatus};

/// A payment that is older is reversed only if a person confirms it: the terminal may have closed its day by itself.
pub const CONFIRMED_AFTER: i64 = 24 * 60 * 60 * 1000;

/// A read lags behind the truth; what is read so long after a refusal is believed.
pub const BELIEVED_AFTER: Duration = Duration::from_secs(12);

/// What the journal knows that could make the terminal's number somebody else's, all by the order of its events: a person can
/// set the clock.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Since {
    /// A payment begun later that was given the same or a lower number.
    pub number_issued: Option<(String, i64)>,
    /// An end of day begun later that ran or may have, by its time.
    pub end_of_day: Option<i64>,
    /// The till was bound to another service or device later, by its time.
    pub rebound: Option<i64>,
    /// Another payment that stands and was given the same number, whenever that was.
    pub number_shared: Option<String>,
    /// The newest payment was taken by another terminal.
    pub other_terminal: bool,
}

/// How old a payment is, by every clock that can say so, in milliseconds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Age {
    /// In till time.
    pub till: i64,
    /// By the till's own clock.
    pub wall: i64,
    /// By the service's, if it has said what time it is.
    pub server: Option<i64>,
}

impl Age {
    /// Whether any clock says that it is old, or makes no sense.
    fn is_old(self) -> bool {
        let says_old = |age: i64| !(0..=CONFIRMED_AFTER).contains(&age);
        says_old(self.till) || says_old(self.wall) || self.server.is_some_and(says_old)
    }
}

/// Why no reversal may be asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NotReversible {
    /// The service does not call it paid, or a person says that it has been reversed.
    NotPaid,
    /// The terminal has given it no number.
    NoNumber,
    /// The terminal counts anew: it has issued this number for this sale since.
    NumberIssued(String, i64),
    /// An end of day has run since, or may have; begun at this time.
    EndOfDay(i64),
    /// The till was bound anew at this time.
    Rebound(i64),
    /// A request may have been sent before, and would leave the number to this sale.
    NumberShared(String),
    /// Another terminal took the newest payment.
    OtherTerminal,
    /// It is older than 24 hours, or a clock makes no sense: a person must confirm it.
    Unconfirmed,
    /// The cashier was asked to give the money back in another way: a person must confirm that this has not been done.
    RefundAskedFor,
}

/// Whether a reversal of this payment may be asked for, before anything is asked of the network.
pub fn may_reverse(attempt: &Attempt, since: &Since, age: Age, is_confirmed: bool) -> Result<(), NotReversible> {
    let stands = matches!(attempt.standing(), Standing::Approved | Standing::Reversing | Standing::NotReversed);
    let was_sent = attempt.reversal.as_ref().is_some_and(|reversal| reversal.was_sent);
    match since {
        _ if !stands => Err(NotReversible::NotPaid),
        _ if attempt.receipt_number.is_none() => Err(NotReversible::NoNumber),
        Since { number_issued: Some((reference, number)), .. } => {
            Err(NotReversible::NumberIssued(reference.clone(), *number))
        }
        Since { end_of_day: Some(at), .. } => Err(NotReversible::EndOfDay(*at)),
        Since { rebound: Some(at), .. } => Err(NotReversible::Rebound(*at)),
        Since { number_shared: Some(other), .. } if was_sent => Err(NotReversible::NumberShared(other.clone())),
        Since { other_terminal: true, .. } => Err(NotReversible::OtherTerminal),
        _ if attempt.demanded(Action::Refund).is_some() && !is_confirmed => Err(NotReversible::RefundAskedFor),
        _ if age.is_old() && !is_confirmed => Err(NotReversible::Unconfirmed),
        _ => Ok(()),
    }
}

/// What is known of a reversal in doubt.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Situation {
    /// What the last read said; none before the first one.
    pub said: Option<ReadVerdict>,
    /// If this was the first request for the payment, and was refused at once with the service's own words: how long before the
    /// last read was begun.
    pub first_was_refused: Option<Duration>,
    /// How much time is left for finding out.
    pub left: Duration,
    /// How long to wait before the next read.
    pub pause: Duration,
}

/// What to do next.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Step {
    /// Wait, and read.
    Read {
        /// For how long to wait.
        after: Duration,
    },
    /// It has an end, as the service says.
    Conclude(RemoteStatus),
    /// It was refused, and the payment stands.
    Refused,
    /// Leave it in doubt: until the service says cancelled or a person decides.
    GiveUp,
}

/// What to do with a reversal in doubt. If the service says `ok`, that proves nothing, with one exception: the first
/// request was refused at once, and that is so long ago that a read no longer lags behind.
pub fn next_step(situation: &Situation) -> Step {
    let Situation { said, first_was_refused, left, pause } = *situation;
    match said {
        None => Step::Read { after: Duration::ZERO },
        Some(ReadVerdict::Says(status @ (RemoteStatus::Cancelled | RemoteStatus::Reversed))) => Step::Conclude(status),
        Some(ReadVerdict::Says(RemoteStatus::Paid)) if first_was_refused.is_some_and(|ago| ago >= BELIEVED_AFTER) => {
            Step::Refused
        }
        Some(_) if left.is_zero() => Step::GiveUp,
        Some(ReadVerdict::Says(RemoteStatus::Paid)) => {
            let rest = first_was_refused.map_or(pause, |ago| BELIEVED_AFTER.saturating_sub(ago));
            Step::Read { after: rest.min(left) }
        }
        Some(_) => Step::Read { after: pause.min(left) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payment::attempt::Demand;
    use crate::payment::reason::Reason;
    use crate::payment::reversal_record::Reversal;
    use crate::payment::samples::{approved, declined, in_doubt, reversing};

    const YOUNG: Age = Age { till: 0, wall: 0, server: None };

    fn numbered() -> Attempt {
        Attempt { receipt_number: Some(3), ..approved() }
    }

    #[test]
    fn only_a_payment_whose_number_is_still_its_own_is_reversed() {
        let since = Since::default;
        let number_issued = Some(("r2".to_owned(), 3));
        let shared = || Since { number_shared: Some("r0".to_owned()), ..since() };
        for (case, attempt, since, expected) in [
            ("paid", numbered(), since(), Ok(())),
            ("in doubt", in_doubt(), since(), Err(NotReversible::NotPaid)),
            ("failed", declined(), since(), Err(NotReversible::NotPaid)),
            ("no number", approved(), since(), Err(NotReversible::NoNumber)),
            (
                "its number is another's",
                numbered(),
                Since { number_issued, ..since() },
                Err(NotReversible::NumberIssued("r2".into(), 3)),
            ),
            ("closed", numbered(), Since { end_of_day: Some(7), ..since() }, Err(NotReversible::EndOfDay(7))),
            ("bound anew", numbered(), Since { rebound: Some(8), ..since() }, Err(NotReversible::Rebound(8))),
            (
                "another terminal",
                numbered(),
                Since { other_terminal: true, ..since() },
                Err(NotReversible::OtherTerminal),
            ),
            ("its number is an older one's, too", numbered(), shared(), Ok(())),
            (
                "once more, and its number is an older one's",
                Attempt { receipt_number: Some(3), ..reversing() },
                shared(),
                Err(NotReversible::NumberShared("r0".into())),
            ),
            ("in doubt itself", Attempt { receipt_number: Some(3), ..reversing() }, since(), Ok(())),
        ] {
            assert_eq!(may_reverse(&attempt, &since, YOUNG, false), expected, "{case}");
            assert_eq!(may_reverse(&attempt, &since, YOUNG, true), expected, "{case}");
        }
    }

    #[test]
    fn a_day_and_what_an_older_file_did_not_say() {
        assert_eq!(CONFIRMED_AFTER, 86_400_000);
        let mut old = serde_json::to_value(reversing().reversal).expect("json");
        let fields = old.as_object_mut().expect("an object");
        fields.retain(|name, _| !name.starts_with("was_sent"));
        fields.insert("reason".into(), "login_failed".into());
        let read: Reversal = serde_json::from_value(old).expect("a reversal");
        assert!(read.was_sent && read.was_sent_before, "then it may have been");
        assert_eq!(read.why(), Some(Reason::LoginFailed));
    }

    #[test]
    fn what_was_to_be_refunded_in_another_way_is_reversed_only_if_a_person_confirms_it() {
        let asked = Attempt { demands: vec![Demand { action: Action::Refund, at: 0 }], ..numbered() };
        let may = |is_confirmed| may_reverse(&asked, &Since::default(), YOUNG, is_confirmed);
        assert_eq!((may(false), may(true)), (Err(NotReversible::RefundAskedFor), Ok(())));
    }

    #[test]
    fn any_clock_may_say_that_it_is_old() {
        let day = CONFIRMED_AFTER;
        for (age, is_old) in [
            (Age { till: day, wall: day, server: Some(day) }, false),
            (Age { till: day + 1, ..YOUNG }, true),
            (Age { wall: day + 1, ..YOUNG }, true),
            (Age { wall: -1, ..YOUNG }, true),
            (Age { till: -1, ..YOUNG }, true),
            (Age { server: Some(day + 1), ..YOUNG }, true),
            (Age { server: Some(-1), ..YOUNG }, true),
        ] {
            let expected = if is_old { Err(NotReversible::Unconfirmed) } else { Ok(()) };
            assert_eq!(may_reverse(&numbered(), &Since::default(), age, false), expected, "{age:?}");
            assert_eq!(may_reverse(&numbered(), &Since::default(), age, true), Ok(()), "{age:?}");
        }
    }

    #[test]
    fn a_reversal_in_doubt_stays_so_until_the_service_says_cancelled() {
        let second = Duration::from_secs(1);
        let statuses = [
            RemoteStatus::Paid,
            RemoteStatus::Failed,
            RemoteStatus::Aborted,
            RemoteStatus::TimedOut,
            RemoteStatus::Cancelled,
            RemoteStatus::Deleted,
            RemoteStatus::Reversed,
            RemoteStatus::Created,
            RemoteStatus::Open,
        ];
        let words = statuses.map(ReadVerdict::Says).into_iter();
        for said in words.chain([ReadVerdict::Nothing, ReadVerdict::TokenRefused]) {
            for first_was_refused in [None, Some(BELIEVED_AFTER - second), Some(BELIEVED_AFTER)] {
                for left in [Duration::ZERO, second, 9 * second] {
                    let step = next_step(&Situation { said: Some(said), first_was_refused, left, pause: 2 * second });
                    let expected = match said {
                        ReadVerdict::Says(status @ (RemoteStatus::Cancelled | RemoteStatus::Reversed)) => {
                            Step::Conclude(status)
                        }
                        ReadVerdict::Says(RemoteStatus::Paid) if first_was_refused == Some(BELIEVED_AFTER) => {
                            Step::Refused
                        }
                        _ if left.is_zero() => Step::GiveUp,
                        ReadVerdict::Says(RemoteStatus::Paid) if first_was_refused.is_some() => {
                            Step::Read { after: second }
                        }
                        _ => Step::Read { after: left.min(2 * second) },
                    };
                    assert_eq!(step, expected, "{said:?} {first_was_refused:?} {left:?}");
                }
            }
        }
        let unread = Situation { said: None, first_was_refused: None, left: Duration::ZERO, pause: second };
        assert_eq!(next_step(&unread), Step::Read { after: Duration::ZERO });
    }
}
