//! What both sides hold, the caller and the till's thread: a payment, a report, a registration, each of which ends once, and
//! the state file.
//!
//! - [`mod@payment`], [`mod@report`], [`mod@registration`], `recovery`: what goes on
//! - [`mod@settled`]: what became of a payment; `telling`: how that is told
//! - `once`: a value that comes once, and for which others wait; [`mod@notice`]: how they are told that it has come;
//!   `current_phase`: how far something has come until then
//! - `state_file`: the journal, shared by the threads

pub(crate) mod current_phase;
pub mod notice;
pub(crate) mod once;
pub mod payment;
pub(crate) mod recovery;
pub mod registration;
pub mod report;
pub mod settled;
pub(crate) mod state_file;
pub(crate) mod telling;
