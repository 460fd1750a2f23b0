//! Attempts, and how they end, for the tests of this room and of the journal.

use crate::money::Money;
use crate::payment::attempt::{Attempt, Copies, Finish};
use crate::payment::reversal_record::{Reversal, Stage};
use crate::payment::state::State;

pub(crate) fn money(minor: i64) -> Money {
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

/// An answer that is a last word, with both copies.
pub(crate) fn finish(state: State) -> Finish<'static> {
    Finish {
        state,
        at: 5,
        till: 6,
        said_by_start: false,
        fenced: false,
        reason: None,
        status_text: None,
        amount_charged: None,
        amount_unreadable: false,
        receipt_number: Some(3),
        terminal: Some("T"),
        copies: Copies { merchant: true, customer: true },
        brand: Some("girocard"),
        took: None,
        response: Some(b"{}"),
    }
}
