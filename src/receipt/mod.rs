//! A receipt's life: from the server's lines to rows on paper. Pure: no network, no files.
//!
//! - [`mod@clean`]: texts from the server, made harmless
//! - [`mod@line`]: one line, leniently read
//! - [`mod@parse`]: a receipt from JSON
//! - [`mod@render`]: how it is to be printed or shown, and the one call that does it
//! - `mask`: card numbers on what the customer sees
//! - `sections`: the receipts in an array, and the head of each
//! - `marks`: a reprint says that it is one
//! - [`mod@code_page`]: characters as printers know them
//! - [`mod@layout`]: lines + columns → rows of styled cells, from which every output is drawn
//! - `hyphenation`: where a label breaks that is wider than the paper
//! - `paper`: the millimetres that so many columns take
//! - `text`, `escpos`, `html`, `pdf`: the rows, drawn
//! - [`mod@json`]: everything in one object
//! - `spoken`: what a text says, for comparing; `direct_debit`: the names of one
//! - [`mod@signature`]: must the customer sign?
//! - [`mod@explain`]: why it is judged as it is
//! - [`mod@fields`]: what the receipt says of number, terminal, card, amount
//!
//! The customer's copy and the merchant's are two receipts; never derive one from the other.

pub mod clean;
pub mod code_page;
mod direct_debit;
mod escpos;
pub mod explain;
pub mod fields;
mod html;
mod hyphenation;
pub mod json;
pub mod layout;
pub mod line;
mod marks;
mod mask;
mod paper;
pub mod parse;
mod pdf;
pub mod render;
mod sections;
pub mod signature;
mod spoken;
mod text;

use std::fmt;

use crate::money::Currency;

pub use clean::clean;
pub use code_page::CodePage;
pub use explain::Explanation;
pub use fields::{Field, amount};
pub use layout::{LEAST_COLUMNS, MOST_COLUMNS};
pub use line::{Alignment, Line, LineKind};
pub use mask::{without_account_numbers, without_card_numbers};
pub use render::{Cut, Format, Options};
pub use signature::{Decision, Signature};

/// Whose copy it is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ReceiptCopy {
    /// The customer's: account data masked.
    Customer,
    /// The merchant's: account data in the clear; must be kept, and signed if it says so.
    Merchant,
}

impl ReceiptCopy {
    /// The name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            ReceiptCopy::Customer => "customer",
            ReceiptCopy::Merchant => "merchant",
        }
    }

    /// The Smart Transaction's member that holds this copy.
    fn member(self) -> &'static str {
        match self {
            ReceiptCopy::Customer => "receipt",
            ReceiptCopy::Merchant => "receipt_merchant",
        }
    }
}

/// One copy of a receipt. `Debug` shows how long it is, never what it says.
#[derive(Clone, PartialEq)]
pub struct Receipt {
    copy: ReceiptCopy,
    lines: Vec<Line>,
    /// The transaction's status; `None` for a bare array of lines, which is taken to be of an approved payment.
    status: Option<String>,
    /// `basket_info.sum`, where the transaction is known.
    sum: Option<i64>,
    /// `basket_info.currency`, where the transaction is known.
    currency: Option<Currency>,
    /// It is the terminal's report, not a payment's receipt.
    is_report: bool,
    /// The payment has been reversed: every print says so.
    is_reversed: bool,
}

impl Receipt {
    /// A receipt without lines.
    pub fn empty(copy: ReceiptCopy) -> Self {
        Receipt {
            copy,
            lines: Vec::new(),
            status: None,
            sum: None,
            currency: None,
            is_report: false,
            is_reversed: false,
        }
    }

    /// Whose copy it is.
    pub fn copy(&self) -> ReceiptCopy {
        self.copy
    }

    /// The lines.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// It is the terminal's report: a direct debit in it is a sum, and nobody signs for it.
    pub(crate) fn mark_report(&mut self) {
        self.is_report = true;
    }

    /// Whether there are no lines.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

impl fmt::Debug for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Receipt {{ copy: {:?}, {} lines }}", self.copy, self.lines.len())
    }
}
