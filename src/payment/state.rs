//! Where an attempt stands: the five states on disk, and the finer standing that the table of transitions knows.

use serde::{Deserialize, Serialize};

/// Where an attempt stands on disk.
///
/// There is no state before `Starting`: a transaction that was created and never started cannot have moved money, so it
/// costs no write of its own. What is in doubt stays `Starting` until the service has spoken.
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

    /// Whether it says that no money moved.
    pub fn is_negative(self) -> bool {
        matches!(self, State::Declined | State::NotStarted)
    }
}

/// Where an attempt stands: its state on disk, and what a person has said of it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Standing {
    /// Nothing is stored of it.
    New,
    /// Start may have been sent, and nobody knows more.
    InDoubt,
    /// In doubt for the service; a person says that it was paid.
    DecidedPaid,
    /// In doubt for the service; a person says that it was not paid.
    DecidedNotPaid,
    /// The service says that it was paid.
    Approved,
    /// The service says that it was paid; a reversal may have been sent since.
    Reversing,
    /// The service says that it was paid; a person says that it has been reversed.
    DecidedReversed,
    /// The service says that it was paid; its reversal was refused, or a person says that it was not done.
    NotReversed,
    /// The service says that it was not paid.
    Declined,
    /// It was provably never sent.
    NotStarted,
    /// The service has taken our abort: it was never started, and never will be.
    Fenced,
    /// It was paid and has been reversed.
    Reversed,
}

impl Standing {
    /// All of them: the rows of the table.
    pub const ALL: [Standing; 12] = [
        Standing::New,
        Standing::InDoubt,
        Standing::DecidedPaid,
        Standing::DecidedNotPaid,
        Standing::Approved,
        Standing::Reversing,
        Standing::DecidedReversed,
        Standing::NotReversed,
        Standing::Declined,
        Standing::NotStarted,
        Standing::Fenced,
        Standing::Reversed,
    ];

    /// The name, as the documentation shows it.
    pub fn name(self) -> &'static str {
        match self {
            Standing::New => "new",
            Standing::InDoubt => "in doubt",
            Standing::DecidedPaid => "decided: paid",
            Standing::DecidedNotPaid => "decided: not paid",
            Standing::Approved => "approved",
            Standing::Reversing => "reversing",
            Standing::DecidedReversed => "decided: reversed",
            Standing::NotReversed => "approved, not reversed",
            Standing::Declined => "declined",
            Standing::NotStarted => "not started",
            Standing::Fenced => "not started (fenced)",
            Standing::Reversed => "reversed",
        }
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
