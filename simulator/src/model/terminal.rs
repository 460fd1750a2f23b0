//! A terminal: its counter, the queue before it, and what is done there.

use crate::model::endpoint::Endpoint;
use crate::model::node::Node;
use crate::model::queue::Queue;
use crate::model::request::Pending;

/// A terminal.
pub(crate) struct Terminal {
    next_receipt_number: i64,
    pub(crate) queue: Queue,
}

impl Default for Terminal {
    fn default() -> Self {
        // So that the first slip is numbered as the documentation's is.
        Terminal { next_receipt_number: FIRST, queue: Queue::default() }
    }
}

const FIRST: i64 = 3;

impl Terminal {
    /// Somebody has put the terminal back to its first state.
    pub(crate) fn restart_counter(&mut self) {
        self.next_receipt_number = FIRST;
    }

    /// The number of the next slip of a payment.
    pub(crate) fn next_receipt_number(&self) -> i64 {
        self.next_receipt_number
    }

    /// A payment has taken this number.
    pub(crate) fn counts_receipt(&mut self) {
        self.next_receipt_number += 1;
    }
}

/// Something that is done at a terminal, to its end, whether or not anybody waits for it.
#[derive(Clone)]
pub(crate) struct Visit {
    /// The terminal's id.
    pub(crate) terminal: String,
    /// Which node sent it there.
    pub(crate) node: Node,
    pub(crate) job: Job,
    /// Its turn has come.
    pub(crate) is_there: bool,
}

/// What is done there.
#[derive(Clone)]
pub(crate) enum Job {
    /// A customer pays the transaction with this id.
    Payment(String),
    /// What has this receipt number is given back.
    Reversal {
        number: String,
        /// It is told that this had been done before.
        as_done_before: bool,
        answer: Option<Pending>,
    },
    /// The day is closed, or the terminal diagnosed.
    Report { endpoint: Endpoint, device: Option<String>, answer: Pending },
}
