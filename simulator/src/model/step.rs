//! What happens, told at the moment at which it does.

use crate::model::endpoint::Endpoint;

/// Something that happened, told at the moment at which it did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// Unix time in microseconds, UTC.
    pub time_us: u64,
    /// The transaction's id; empty where the request names none.
    pub transaction: String,
    /// What happened.
    pub moment: Moment,
}

/// What can happen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Moment {
    /// A request came.
    Arrived(Endpoint),
    /// A fault strikes: the request was not worked on, or its answer is lost or another one.
    Spoilt(Endpoint),
    /// The whole answer has been handed to the connection.
    Answered(Endpoint),
    /// A transaction was created.
    Created,
    /// The customer is done, and money has moved.
    Paid,
    /// The customer is done, and no money has moved.
    NotPaid,
}
