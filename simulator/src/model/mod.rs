//! The service and its terminals, with a ledger of the money that moved: pure, and under a time that whoever runs it says.
//!
//! It opens no socket, reads no clock and waits for nothing. [`Model::ask`] works on a request, and replies at once or later.
//! [`Model::next_due`] says when something happens next, and [`Model::advance`] lets it happen. So the same service can be
//! run over HTTP by a real clock, and in a proof under virtual time.
//!
//! - `service`: what whoever runs it asks of it; `state`: all that is known; `agenda`: what is to come
//! - `request`, `endpoint`, `answer`: what is asked and answered
//! - `transactions`, `listing`, `basket`, `logins`, `actions`: the API
//! - `terminal`, `queue`, `visits`: the terminals; `payment`, `closing`: what is done there
//! - `history`: what was ever so of a transaction, and how much of that reads know; `ledger`: the money
//! - `settings`, `scenario`, `refused`, `quirks`: what can be set and scripted
//! - `receipts`: what a terminal prints; `ids`, `node`: ids, secrets, and times in answers
//! - `step`: what is told to those who watch

mod actions;
mod agenda;
pub mod answer;
mod basket;
mod closing;
pub mod endpoint;
mod history;
mod ids;
pub mod ledger;
mod listing;
pub mod logins;
pub mod node;
mod payment;
mod queue;
pub mod quirks;
pub mod receipts;
pub mod refused;
pub mod request;
pub mod scenario;
mod service;
pub mod settings;
mod state;
pub mod step;
mod terminal;
mod transactions;
mod visits;

pub use state::{Model, REMEMBERED};
