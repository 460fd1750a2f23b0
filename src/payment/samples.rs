//! Attempts for the tests of this room.

use crate::money::Money;
use crate::payment::attempt::{Attempt, Copies};
use crate::payment::reversal_record::{Reversal, Stage};
use crate::payment::state::State;

pub(super) fn money(minor: i64) -> Money {
    Money { minor, currency: "EUR".parse().expect("a currency") }
}

/// Its start may have been sent, at till time 0.
pub(super) fn in_doubt() -> Attempt {
    Attempt {
        transaction_id: Some("STX_1".into()),
        starting_at: Some(0),
        grace: Some(370_000),
        ..Attempt::new("r1", 1, money(100), State::Starting, 0)
    }
}

/// Paid, with both copies.
pub(super) fn approved() -> Attempt {
    let copies = Copies { merchant: true, customer: true };
    Attempt { state: State::Approved, finished_till: Some(0), said_by_start: true, copies, ..in_doubt() }
}

/// Start itself has said that it failed.
pub(super) fn declined() -> Attempt {
    Attempt { state: State::Declined, finished_till: Some(0), said_by_start: true, ..in_doubt() }
}

/// Paid, and its reversal may have been sent.
pub(super) fn reversing() -> Attempt {
    let reversal = Reversal {
        stage: Stage::Reversing,
        begun_at: 0,
        begun_till: 0,
        grace: Some(370_000),
        action: None,
        was_sent: true,
        was_sent_before: false,
        refused: false,
        confirmed_by: None,
        reason: None,
        fault: None,
        decision: None,
    };
    Attempt { reversal: Some(reversal), ..approved() }
}
