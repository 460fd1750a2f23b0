//! Receipts in every format: what holds for all of them, what programs that are not ours say of them, and what becomes
//! of bad input. `receipts_golden` compares the text with files that people have read.

mod bad_input;
mod decoders;
mod dice;
mod every_receipt;
mod fuzz;
mod marks;
mod page;
mod second_look;
mod signing;
mod slips;
mod wordings;
mod words;

use secupos::receipt::{Receipt, ReceiptCopy};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn fixture_json(name: &str) -> Vec<u8> {
    std::fs::read(format!("{ROOT}/tests/fixtures/{name}.json")).expect("a fixture")
}

/// One copy from a fixture.
fn fixture(name: &str, copy: ReceiptCopy) -> Receipt {
    Receipt::parse(&fixture_json(name), copy).expect("a receipt")
}
