//! Every decision about money, as pure functions: no I/O, no clock, no thread. `api`, `journal` and `till` ask here, and the
//! exhaustive search of the tests runs these same functions.
//!
//! - [`mod@attempt`]: the record that is stored, with [`mod@reversal_record`]; [`mod@state`]: where an attempt stands;
//!   [`mod@trigger`]: what can happen to it; [`mod@transitions`]: the one table of both
//! - [`mod@changes`]: what each thing that happens makes of the record
//! - [`mod@verdict`]: what an answer of the service means for the money
//! - [`mod@resolution`]: what to do in doubt; [`mod@reversal`]: the same when money goes back
//! - [`mod@grace`]: how long a start or a reversal may still reach the terminal
//! - [`mod@admission`]: may this sale start now; [`mod@reconciliation`]: what is asked about again, and in which order
//! - [`mod@voice`]: which attempt speaks for a sale, what is said once, and what acknowledging takes over
//! - [`mod@rollback`]: whether the state file has been brought back from an older day
//! - [`mod@reason`], [`mod@outcome`], [`mod@action`], [`mod@next_actions`], [`mod@cashier_text`]: how it is told;
//!   [`mod@phase`]: how far it has come before that

pub mod action;
pub mod admission;
pub mod attempt;
pub mod cashier_text;
pub mod changes;
pub mod grace;
pub mod next_actions;
pub mod outcome;
pub mod phase;
pub mod reason;
pub mod reconciliation;
pub mod resolution;
pub mod reversal;
pub mod reversal_record;
pub mod rollback;
#[cfg(test)]
pub(crate) mod samples;
pub mod state;
pub mod transitions;
pub mod trigger;
pub mod verdict;
pub mod voice;
