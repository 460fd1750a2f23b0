//! Step 8: girocard with an approval number and none of all this. A silent girocard slip is the everyday case; a cashier who
//! is asked about each of them does not ask anybody any more.

use crate::receipt::fields::brand::Brand;
use crate::receipt::signature::decision::Decision;
use crate::receipt::signature::finding::Finding;
use crate::receipt::signature::slip::Slip;

pub(super) fn take(slip: &Slip) -> Finding {
    let brand = slip.field("brand").filter(|field| Brand::of(&field.value) == Some(Brand::Girocard));
    let row = brand.and_then(|field| slip.rows.iter().find(|row| row.line == field.line));
    match (row, slip.field("approval")) {
        (Some(row), Some(_)) => Finding::decided(Decision::NotRequired, row, "girocard, approved, and nothing asks"),
        (Some(row), None) => Finding::passed(Some(row), "girocard, but no approval number"),
        (None, _) => Finding::passed(None, "it is no girocard"),
    }
}
