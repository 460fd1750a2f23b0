//! Where an attempt may go: one table, standing by trigger, with no cell left out. `docs/payment-safety.md` shows it.

use crate::payment::state::Standing;
use crate::payment::trigger::Trigger;

/// What comes of a trigger.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Transition {
    /// It goes there.
    To(Standing),
    /// It stays where it is.
    Stay,
    /// It goes there, or stays there, and is in conflict from here on: a person has to see to it.
    Conflict(Standing),
    /// That cannot be: nothing is stored.
    Never,
}

impl Transition {
    /// What comes of `trigger` for an attempt that stands at `standing`.
    #[rustfmt::skip]
    pub fn of(standing: Standing, trigger: Trigger) -> Transition {
        use Standing::*;
        use Transition::*;
        let row = match standing {
            //                 start        never sent            paid                not paid            cancelled           nothing  abort took          decides: paid    not paid            acknowl. reverse        not reversed  decides: reversed    not reversed
            New             => [To(InDoubt), To(NotStarted),       Never,              Never,              Never,              Never,   Never,              Never,           Never,              Never,   Never,         Never,        Never,               Never],
            InDoubt         => [Never,       To(NotStarted),       To(Approved),       To(Declined),       To(Reversed),       Stay,    To(Fenced),         To(DecidedPaid), To(DecidedNotPaid), Never,   Never,         Never,        Never,               Never],
            DecidedPaid     => [Never,       Conflict(NotStarted), To(Approved),       Conflict(Declined), Conflict(Reversed), Stay,    Conflict(Fenced),   Never,           Never,              Stay,    Never,         Never,        Never,               Never],
            DecidedNotPaid  => [Never,       To(NotStarted),       Conflict(Approved), To(Declined),       To(Reversed),       Stay,    To(Fenced),         Never,           Never,              Stay,    Never,         Never,        Never,               Never],
            Approved        => [Never,       Conflict(Approved),   Stay,               Conflict(Approved), To(Reversed),       Stay,    Conflict(Approved), Never,           Never,              Stay,    To(Reversing), Never,        Never,               Never],
            // That it still says paid may only mean that it does not know yet.
            Reversing       => [Never,       Conflict(Reversing),  Stay,               Conflict(Reversing), To(Reversed),      Stay,    Conflict(Reversing), Never,          Never,              Never,   Stay,          To(Standing::NotReversed), To(DecidedReversed), To(Standing::NotReversed)],
            // That the service goes on saying `ok` contradicts nobody's "reversed".
            DecidedReversed => [Never,       Stay,                 Stay,               Stay,               To(Reversed),       Stay,    Stay,               Never,           Never,              Stay,    Never,         Never,        Never,               Never],
            Standing::NotReversed
                            => [Never,       Conflict(standing),   Stay,               Conflict(standing), Conflict(Reversed), Stay,    Conflict(standing), Never,           Never,              Stay,    To(Reversing), Never,        Never,               Never],
            // Two words for "no money" do not contradict each other.
            Declined | NotStarted | Fenced | Reversed
                            => [Never,       Stay,                 Conflict(standing), Stay,               Stay,               Stay,    Stay,               Never,           Never,              Stay,    Never,         Never,        Never,               Never],
        };
        row[trigger as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transitions() -> impl Iterator<Item = (Standing, Trigger, Transition)> {
        Standing::ALL
            .into_iter()
            .flat_map(|standing| Trigger::ALL.map(|trigger| (standing, trigger, Transition::of(standing, trigger))))
    }

    fn is_paid(standing: Standing) -> bool {
        matches!(
            standing,
            Standing::Approved
                | Standing::Reversing
                | Standing::DecidedReversed
                | Standing::NotReversed
                | Standing::DecidedPaid
        )
    }

    #[test]
    fn triggers_stand_in_the_order_of_the_columns() {
        for (column, trigger) in Trigger::ALL.into_iter().enumerate() {
            assert_eq!(trigger as usize, column);
        }
    }

    #[test]
    fn only_what_is_new_may_be_started() {
        for standing in Standing::ALL {
            let may = Transition::of(standing, Trigger::Start) != Transition::Never;
            assert_eq!(may, standing == Standing::New, "{standing:?}");
        }
    }

    #[test]
    fn what_was_paid_is_never_forgotten_in_silence() {
        for (standing, trigger, comes) in transitions() {
            let says_otherwise = trigger != Trigger::Cancelled;
            if let (true, true, Transition::To(next)) = (is_paid(standing), says_otherwise, comes) {
                assert!(is_paid(next), "{standing:?} {trigger:?}");
            }
            if trigger == Trigger::Paid && standing != Standing::New {
                let told = matches!(comes, Transition::To(Standing::Approved) | Transition::Conflict(_));
                let known = is_paid(standing) && standing != Standing::DecidedPaid;
                assert!(told || known, "{standing:?}");
            }
        }
    }

    #[test]
    fn nothing_final_changes_nothing() {
        for standing in Standing::ALL.into_iter().filter(|standing| *standing != Standing::New) {
            assert_eq!(Transition::of(standing, Trigger::NothingFinal), Transition::Stay, "{standing:?}");
        }
    }

    #[test]
    fn a_person_decides_only_what_is_in_doubt_and_the_till_takes_over_only_what_is_not() {
        let may = |standing, trigger| Transition::of(standing, trigger) != Transition::Never;
        for standing in Standing::ALL {
            let in_doubt = standing == Standing::InDoubt;
            let reversing = standing == Standing::Reversing;
            for trigger in [Trigger::DecidesPaid, Trigger::DecidesNotPaid] {
                assert_eq!(may(standing, trigger), in_doubt, "{standing:?}");
            }
            for trigger in [Trigger::DecidesReversed, Trigger::DecidesNotReversed] {
                assert_eq!(may(standing, trigger), reversing, "{standing:?}");
            }
            let has_no_result = in_doubt || reversing || standing == Standing::New;
            assert_eq!(may(standing, Trigger::Acknowledges), !has_no_result, "{standing:?}");
        }
    }

    #[test]
    fn only_what_the_service_calls_paid_is_reversed() {
        for standing in Standing::ALL {
            let may = Transition::of(standing, Trigger::Reverse) != Transition::Never;
            let stands = matches!(standing, Standing::Approved | Standing::Reversing | Standing::NotReversed);
            assert_eq!(may, stands, "{standing:?}");
            let ends = Transition::of(standing, Trigger::NotReversed) != Transition::Never;
            assert_eq!(ends, standing == Standing::Reversing, "{standing:?}");
        }
    }
}
