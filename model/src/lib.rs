//! The exhaustive search: the functions of `payment/` that ship, against a small model of everything else.
#![forbid(unsafe_code)]
#![allow(missing_docs, reason = "a search, and no library: nobody outside calls it")]

mod cashier;
pub mod coverage;
mod doubt;
pub mod graphs;
pub mod invariants;
mod ledger;
mod reading;
mod record;
mod reversing;
pub mod search;
mod service;
pub mod switches;
mod telling;
mod terminal;
mod till;
pub mod world;
