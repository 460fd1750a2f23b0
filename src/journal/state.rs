//! Where an attempt stands, and the one table of where it may go from there.

use serde::{Deserialize, Serialize};

/// Where an attempt stands on disk.
///
/// There is no state before `Starting`: a transaction that was created and never started cannot have moved money, so it
/// costs no write of its own. What is in doubt stays `Starting` until the server has spoken.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Start may have been sent: in doubt until it is final.
    Starting,
    /// Money moved.
    Approved,
    /// No money moved.
    Declined,
    /// It was paid and has been reversed.
    Reversed,
    /// Provably never started.
    NotStarted,
}

impl State {
    /// All of them.
    pub const ALL: [State; 5] = [State::Starting, State::Approved, State::Declined, State::Reversed, State::NotStarted];

    /// The name, as on disk.
    pub fn name(self) -> &'static str {
        match self {
            State::Starting => "starting",
            State::Approved => "approved",
            State::Declined => "declined",
            State::Reversed => "reversed",
            State::NotStarted => "not_started",
        }
    }

    /// The table: whether the server's word may move an attempt from here to there. Everything else that the server
    /// says later contradicts what is stored and is kept as a conflict, beside it.
    pub fn may_become(self, next: State) -> bool {
        match self {
            State::Starting => next != State::Starting,
            State::Approved => next == State::Reversed,
            State::Declined | State::Reversed | State::NotStarted => false,
        }
    }

    /// Whether another attempt may follow: only where this one certainly took no money.
    pub fn may_be_tried_again(self) -> bool {
        matches!(self, State::Declined | State::NotStarted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_these_moves_are_made() {
        use State::*;
        let allowed = [
            (Starting, Approved),
            (Starting, Declined),
            (Starting, Reversed),
            (Starting, NotStarted),
            (Approved, Reversed),
        ];
        for from in State::ALL {
            for to in State::ALL {
                assert_eq!(from.may_become(to), allowed.contains(&(from, to)), "{from:?} to {to:?}");
            }
        }
    }

    #[test]
    fn the_name_is_what_stands_on_disk() {
        for state in State::ALL {
            assert_eq!(serde_json::to_value(state).expect("json"), state.name());
        }
    }
}
