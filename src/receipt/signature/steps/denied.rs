//! Step 5: a row that says that no signature is needed, and nothing else. A condition (`bis 25 EUR …`) and a sentence about
//! something else, cards without a signature for example, do not say it of this payment.

use crate::receipt::signature::decision::Decision;
use crate::receipt::signature::finding::Finding;
use crate::receipt::signature::slip::Slip;
use crate::receipt::signature::words::Signing;

pub(super) fn take(slip: &Slip) -> Finding {
    match slip.body().find(|row| row.signing == Some(Signing::Spares)) {
        Some(row) => Finding::decided(Decision::NotRequired, row, "the row says that it is not needed"),
        None => Finding::passed(None, "no row says that it is not needed"),
    }
}
