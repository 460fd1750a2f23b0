//! Bodies that say all they should, and are odd elsewhere: in bytes, or in fields that nobody needs.

use serde::{Deserialize, Serialize};

/// What is odd about the answers to start and to reads of one payment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quirk {
    /// They begin with a byte order mark.
    Bom,
    /// `cashier` holds a byte of Latin-1, which is no UTF-8.
    Latin1,
    /// `trans_id` is `NaN`.
    Nan,
    /// `tax_amount` is `1e400`.
    HugeNumber,
    /// `customer` is nested three hundred deep.
    Deep,
    /// The `Content-Type` does not name a character set.
    NoCharset,
    /// `status` comes twice, as `failed` at first: a deciding field that cannot be read.
    TwoStatuses,
}
