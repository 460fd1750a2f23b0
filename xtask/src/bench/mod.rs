//! `cargo xtask bench`, which is `make bench`: what secupos costs, side by side with what others cost in the same run. It writes
//! docs/performance.md.
//!
//! - `peers`: the others are installed, and all that is measured is built
//! - `receipts`, `payments`, `journals`, `sizes`: what is measured
//! - `figures`: many measurements of one thing; `page`: the table

use crate::process::Result;
use crate::requirements::{Consent, make_sure_of};
use crate::transcript::Transcript;

mod figures;
mod journals;
mod page;
mod payments;
mod peers;
mod receipts;
mod sizes;

/// `payments`: how many stand in the longer one of two journals that are compared.
pub fn run(payments: u64, consent: Consent) -> Result {
    make_sure_of(peers::NEEDS.iter().copied(), consent)?;
    let transcript = &mut Transcript::begin("bench", true)?;
    peers::build(transcript)?;
    let tables = [
        receipts::measure(transcript)?,
        payments::measure(transcript)?,
        journals::measure(transcript, payments)?,
        sizes::measure(transcript)?,
    ];
    page::write(transcript, &tables)
}
