//! One copy of a receipt: whose it is, its lines, and what is known of the payment.

use std::fmt;

use serde_json::Value;

use crate::money::Currency;
use crate::receipt::line::Line;

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
    pub(super) fn member(self) -> &'static str {
        match self {
            ReceiptCopy::Customer => "receipt",
            ReceiptCopy::Merchant => "receipt_merchant",
        }
    }
}

/// What a receipt was read from: it is seldom asked for.
#[derive(Clone)]
pub(super) enum Raw {
    /// The lines themselves.
    Lines(Vec<Value>),
    /// All that was received.
    Received(Box<[u8]>),
}

/// One copy of a receipt. `Debug` shows how long it is, never what it says.
#[derive(Clone)]
pub struct Receipt {
    pub(super) copy: ReceiptCopy,
    pub(super) lines: Vec<Line>,
    /// What the lines were read from.
    pub(super) raw: Raw,
    /// The transaction's status; `None` for a bare array of lines, which is taken to be of an approved payment.
    pub(super) status: Option<String>,
    /// `basket_info.sum`, where the transaction is known.
    pub(super) sum: Option<i64>,
    /// `basket_info.currency`, where the transaction is known.
    pub(super) currency: Option<Currency>,
    /// It is the terminal's report, not a payment's receipt.
    pub(super) is_report: bool,
    /// The payment has been reversed: every print says so.
    pub(super) is_reversed: bool,
}

impl Receipt {
    /// A receipt without lines.
    pub fn empty(copy: ReceiptCopy) -> Self {
        Receipt {
            copy,
            lines: Vec::new(),
            raw: Raw::Lines(Vec::new()),
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

impl PartialEq for Receipt {
    fn eq(&self, other: &Receipt) -> bool {
        let known = |receipt: &Receipt| {
            let Receipt { copy, status, sum, currency, is_report, is_reversed, .. } = receipt;
            (*copy, status.clone(), *sum, *currency, *is_report, *is_reversed)
        };
        known(self) == known(other) && self.lines == other.lines && self.raw_lines() == other.raw_lines()
    }
}

impl fmt::Debug for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Receipt {{ copy: {:?}, {} lines }}", self.copy, self.lines.len())
    }
}
