//! Where an attempt stands on disk.

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

    /// Whether another attempt may follow: only where this one certainly took no money.
    pub fn may_be_tried_again(self) -> bool {
        matches!(self, State::Declined | State::NotStarted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_what_stands_on_disk() {
        for state in State::ALL {
            assert_eq!(serde_json::to_value(state).expect("json"), state.name());
        }
    }
}
