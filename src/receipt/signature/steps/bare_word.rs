//! Step 7, second half: a row that is nothing but the word for the customer's signature, and perhaps where it goes.

use crate::receipt::signature::decision::Decision;
use crate::receipt::signature::finding::Finding;
use crate::receipt::signature::rows::Row;
use crate::receipt::signature::slip::Slip;
use crate::receipt::signature::words::Signing;

pub(super) fn take(slip: &Slip) -> Finding {
    // Of two rows that belong together both are named.
    let asks = |row: &&Row| row.signing == Some(Signing::Asks { plain: true });
    let alone = slip.body().find(asks);
    let whole = alone.and_then(|alone| {
        slip.joined.iter().filter(|row| !row.in_head).rfind(|row| row.line == alone.line && asks(row))
    });
    match whole.or(alone) {
        Some(row) => Finding::decided(Decision::Required, row, "the row says it, and nothing else"),
        None => match slip.body().find_map(|row| Some((row, row.signing?))) {
            Some((row, Signing::Spares)) => Finding::passed(Some(row), "the row denies it"),
            Some((row, Signing::Beside(why))) => Finding::passed(Some(row), why),
            Some((row, _)) => Finding::passed(Some(row), "the row says something else, too"),
            None => Finding::passed(None, "no row is one"),
        },
    }
}
