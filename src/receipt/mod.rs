//! A receipt's life: from the server's lines to rows on paper. Pure: no network, no files.
//!
//! - [`mod@copy`]: a receipt; [`mod@line`]: one line of it, leniently read; [`mod@parse`]: both from JSON
//! - [`mod@clean`]: texts from the server, made harmless; `mask`: card numbers on what the customer sees
//! - `sections`: the receipts in an array, and the head of each
//! - [`mod@fields`]: what the receipt says of number, terminal, card, amount
//! - [`mod@signature`]: must the customer sign? [`mod@explain`]: why it is judged as it is
//! - `spoken`: what a text says, for comparing; `direct_debit`: the names of one
//! - [`mod@layout`]: lines + columns → rows of styled cells; `hyphenation`: where a label breaks that is wider than the paper
//! - [`mod@render`]: every output, drawn from such rows; [`mod@code_page`]: characters as printers know them
//!
//! The customer's copy and the merchant's are two receipts; never derive one from the other.

pub mod clean;
pub mod code_page;
pub mod copy;
mod direct_debit;
pub mod explain;
pub mod fields;
mod hyphenation;
pub mod layout;
pub mod line;
mod mask;
pub mod parse;
pub mod render;
mod sections;
pub mod signature;
mod spoken;

pub use clean::clean;
pub use code_page::CodePage;
pub use copy::{Receipt, ReceiptCopy};
pub use explain::Explanation;
pub use fields::{Field, amount};
pub use layout::{LEAST_COLUMNS, MOST_COLUMNS};
pub use line::{Alignment, Line, LineKind};
pub use mask::{without_account_numbers, without_card_numbers};
pub use render::options::{Cut, Format, Options};
pub use signature::decision::{Decision, Signature};
