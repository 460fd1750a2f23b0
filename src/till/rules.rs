//! The rules of the flow that the proof with real parts replaces, one at a time, to show that each is needed.

use crate::payment::resolution::{self, Situation, Step};

/// What the flow asks.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// What to do with an attempt in doubt.
    pub next_step: fn(&Situation) -> Step,
    /// Whether the token may be renewed while a start is running.
    pub may_renew_in_flight: fn() -> bool,
}

impl Default for Rules {
    fn default() -> Self {
        // A new token kills the former, and what becomes of a start whose token has died is not documented.
        Rules { next_step: resolution::next_step, may_renew_in_flight: || false }
    }
}
