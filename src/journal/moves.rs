//! Where an attempt may go: one table, place by event, with no cell left out. `docs/payment-safety.md` shows it.

use crate::journal::attempt::{Attempt, Decision};
use crate::journal::state::State;

/// Where an attempt is: its state on disk, and what a person has said of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// Nothing is stored of it.
    New,
    /// Start may have been sent, and nobody knows more.
    InDoubt,
    /// In doubt for the server; a person says that it was paid.
    DecidedPaid,
    /// In doubt for the server; a person says that it was not paid.
    DecidedNotPaid,
    /// The server says that it was paid.
    Approved,
    /// The server says that it was paid; a reversal may have been sent since.
    Reversing,
    /// The server says that it was not paid.
    Declined,
    /// It was provably never sent.
    NotStarted,
    /// The server has taken our abort: it was never started, and never will be.
    Fenced,
    /// It was paid and has been reversed.
    Reversed,
}

/// What can happen to an attempt.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Happening {
    /// A start may be sent from here on.
    Start,
    /// A second start may be sent from here on; once.
    StartAgain,
    /// It turns out that nothing was sent.
    NeverSent,
    /// The server says `ok`.
    Paid,
    /// The server says `failed`, `aborted`, `timeout`, or `cancelled` before it was paid.
    NotPaid,
    /// The server says `cancelled`, and that it was paid before.
    Cancelled,
    /// The server says `created`, another word, or nothing that can be understood.
    NothingFinal,
    /// The server says that our abort has ended it.
    AbortTook,
    /// A person says that it was paid.
    DecidesPaid,
    /// A person says that it was not paid.
    DecidesNotPaid,
    /// The till takes over the result.
    Acknowledges,
    /// A reversal may be sent from here on; once more only where somebody asks for it.
    Reverse,
    /// A reversal was refused or never sent, or nobody knows.
    NotReversed,
}

/// What comes of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Move {
    /// It goes there.
    To(Place),
    /// It stays where it is.
    Stay,
    /// It goes there, or stays there, and is in conflict from here on: somebody has to refund or to collect.
    Conflict(Place),
    /// That cannot be: nothing is stored.
    Never,
}

impl Place {
    /// All of them: the table's rows.
    pub const ALL: [Place; 10] = [
        Place::New,
        Place::InDoubt,
        Place::DecidedPaid,
        Place::DecidedNotPaid,
        Place::Approved,
        Place::Reversing,
        Place::Declined,
        Place::NotStarted,
        Place::Fenced,
        Place::Reversed,
    ];

    /// The name, as the documentation shows it.
    pub fn name(self) -> &'static str {
        match self {
            Place::New => "new",
            Place::InDoubt => "in doubt",
            Place::DecidedPaid => "decided: paid",
            Place::DecidedNotPaid => "decided: not paid",
            Place::Approved => "approved",
            Place::Reversing => "reversing",
            Place::Declined => "declined",
            Place::NotStarted => "not started",
            Place::Fenced => "not started (fenced)",
            Place::Reversed => "reversed",
        }
    }
}

impl Happening {
    /// All of them: the table's columns.
    pub const ALL: [Happening; 13] = [
        Happening::Start,
        Happening::StartAgain,
        Happening::NeverSent,
        Happening::Paid,
        Happening::NotPaid,
        Happening::Cancelled,
        Happening::NothingFinal,
        Happening::AbortTook,
        Happening::DecidesPaid,
        Happening::DecidesNotPaid,
        Happening::Acknowledges,
        Happening::Reverse,
        Happening::NotReversed,
    ];

    /// The name, as the documentation shows it.
    pub fn name(self) -> &'static str {
        match self {
            Happening::Start => "start may be sent",
            Happening::StartAgain => "second start may be sent",
            Happening::NeverSent => "nothing was sent",
            Happening::Paid => "server: paid",
            Happening::NotPaid => "server: not paid",
            Happening::Cancelled => "server: cancelled after paid",
            Happening::NothingFinal => "server: nothing final",
            Happening::AbortTook => "our abort took effect",
            Happening::DecidesPaid => "person: paid",
            Happening::DecidesNotPaid => "person: not paid",
            Happening::Acknowledges => "till acknowledges",
            Happening::Reverse => "reversal may be sent",
            Happening::NotReversed => "reversal not done",
        }
    }
}

impl Move {
    /// What comes of `happening` for an attempt that is at `place`.
    pub fn of(place: Place, happening: Happening) -> Move {
        use Move::*;
        use Place::*;
        let row = match place {
            // start, again, never sent, paid, not paid, cancelled, nothing final, abort took, decides x 2, acknowledges,
            // reverse, not reversed
            New => [
                To(InDoubt),
                Never,
                To(NotStarted),
                Never,
                Never,
                Never,
                Never,
                Never,
                Never,
                Never,
                Never,
                Never,
                Never,
            ],
            InDoubt => [
                Never,
                Stay,
                To(NotStarted),
                To(Approved),
                To(Declined),
                To(Reversed),
                Stay,
                To(Fenced),
                To(DecidedPaid),
                To(DecidedNotPaid),
                Never,
                Never,
                Never,
            ],
            DecidedPaid => [
                Never,
                Never,
                Conflict(NotStarted),
                To(Approved),
                Conflict(Declined),
                Conflict(Reversed),
                Stay,
                Conflict(Fenced),
                Never,
                Never,
                Stay,
                Never,
                Never,
            ],
            DecidedNotPaid => [
                Never,
                Never,
                To(NotStarted),
                Conflict(Approved),
                To(Declined),
                To(Reversed),
                Stay,
                To(Fenced),
                Never,
                Never,
                Stay,
                Never,
                Never,
            ],
            Approved => [
                Never,
                Never,
                Conflict(Approved),
                Stay,
                Conflict(Approved),
                To(Reversed),
                Stay,
                Conflict(Approved),
                Never,
                Never,
                Stay,
                To(Reversing),
                Never,
            ],
            // That it still says paid may only mean that it does not know yet.
            Reversing => [
                Never,
                Never,
                Conflict(Reversing),
                Stay,
                Conflict(Reversing),
                To(Reversed),
                Stay,
                Conflict(Reversing),
                Never,
                Never,
                Never,
                Stay,
                To(Approved),
            ],
            // Two words for "no money" do not contradict each other.
            Declined | NotStarted | Fenced | Reversed => {
                [Never, Never, Stay, Conflict(place), Stay, Stay, Stay, Stay, Never, Never, Stay, Never, Never]
            }
        };
        row[happening as usize]
    }
}

impl Attempt {
    /// Where it is.
    pub fn place(&self) -> Place {
        match (self.state, &self.decision) {
            (State::Starting, None) => Place::InDoubt,
            (State::Starting, Some(Decision { paid: true, .. })) => Place::DecidedPaid,
            (State::Starting, Some(Decision { paid: false, .. })) => Place::DecidedNotPaid,
            (State::Approved, _) if self.is_reversing() => Place::Reversing,
            (State::Approved, _) => Place::Approved,
            (State::Declined, _) => Place::Declined,
            (State::NotStarted, _) if self.fenced => Place::Fenced,
            (State::NotStarted, _) => Place::NotStarted,
            (State::Reversed, _) => Place::Reversed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moves() -> impl Iterator<Item = (Place, Happening, Move)> {
        Place::ALL
            .into_iter()
            .flat_map(|place| Happening::ALL.map(|happening| (place, happening, Move::of(place, happening))))
    }

    fn is_paid(place: Place) -> bool {
        matches!(place, Place::Approved | Place::Reversing | Place::DecidedPaid)
    }

    #[test]
    fn happenings_stand_in_the_order_of_the_columns() {
        for (column, happening) in Happening::ALL.into_iter().enumerate() {
            assert_eq!(happening as usize, column);
        }
    }

    #[test]
    fn only_what_is_new_may_be_started_and_only_what_is_in_doubt_again() {
        for (place, happening, comes) in moves() {
            match happening {
                Happening::Start => assert_eq!(comes != Move::Never, place == Place::New, "{place:?}"),
                Happening::StartAgain => assert_eq!(comes != Move::Never, place == Place::InDoubt, "{place:?}"),
                _ => {}
            }
        }
    }

    #[test]
    fn what_was_paid_is_never_forgotten_in_silence() {
        for (place, happening, comes) in moves() {
            let says_otherwise = !matches!(happening, Happening::Cancelled);
            if let (true, true, Move::To(next)) = (is_paid(place), says_otherwise, comes) {
                assert!(is_paid(next), "{place:?} {happening:?}");
            }
            if happening == Happening::Paid && place != Place::New {
                let told = matches!(comes, Move::To(Place::Approved) | Move::Conflict(_));
                assert!(told || matches!(place, Place::Approved | Place::Reversing), "{place:?}");
            }
        }
    }

    #[test]
    fn nothing_final_changes_nothing() {
        for place in Place::ALL.into_iter().filter(|place| *place != Place::New) {
            assert_eq!(Move::of(place, Happening::NothingFinal), Move::Stay, "{place:?}");
        }
    }

    #[test]
    fn a_person_decides_only_what_is_in_doubt_and_the_till_takes_over_only_what_is_not() {
        for place in Place::ALL {
            let may_decide = Move::of(place, Happening::DecidesPaid) != Move::Never;
            let may_acknowledge = Move::of(place, Happening::Acknowledges) != Move::Never;
            assert_eq!(may_decide, place == Place::InDoubt, "{place:?}");
            assert_eq!(may_decide, Move::of(place, Happening::DecidesNotPaid) != Move::Never, "{place:?}");
            assert_eq!(may_acknowledge, !matches!(place, Place::New | Place::InDoubt | Place::Reversing), "{place:?}");
        }
    }

    #[test]
    fn only_what_the_server_calls_paid_is_reversed() {
        for place in Place::ALL {
            let may = Move::of(place, Happening::Reverse) != Move::Never;
            assert_eq!(may, matches!(place, Place::Approved | Place::Reversing), "{place:?}");
            let ends = Move::of(place, Happening::NotReversed) != Move::Never;
            assert_eq!(ends, place == Place::Reversing, "{place:?}");
        }
    }
}
