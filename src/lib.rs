//! secupos takes card payments on a secuconnect terminal: an outcome that a till can trust, and receipts it can print.
//!
//! The rooms, from the bottom up. Each may use those above it in this list, never those below:
//!
//! - [`mod@error`]: the one error type and the table of everything that can go wrong
//! - [`mod@money`]: minor units with their currency; `calendar`: days, and what German clocks show
//! - [`mod@lenient_json`]: JSON as servers write it
//! - [`mod@os`]: calls of the operating system; only it and `ffi` contain `unsafe`
//! - [`mod@receipt`]: a receipt's life, from the server's lines to rows on paper; no network, no files
//! - [`mod@log`]: what the library says about its work, for whoever has asked; `callback`: how somebody else's code is called
//! - [`mod@payment`]: every decision about money, as pure functions
//! - [`mod@api`]: the wire; knows nothing of tills
//! - [`mod@journal`]: the state file, which outlives a crash; knows nothing of the wire
//! - [`mod@till`]: the flow, which is the product
//! - [`mod@ffi`]: the C ABI

pub mod api;
mod calendar;
mod callback;
pub mod error;
pub mod ffi;
pub mod journal;
pub mod lenient_json;
pub mod log;
pub mod money;
pub mod os;
pub mod payment;
pub mod receipt;
pub mod till;
