//! Step 2: each receipt of the array by itself, and below its head. [`sections`](crate::receipt::sections) finds them; here
//! it is said what was found.

use crate::receipt::signature::finding::Finding;
use crate::receipt::signature::slip::Slip;

pub(super) fn take(slip: &Slip) -> Finding {
    match slip.rows.iter().rfind(|row| row.in_head) {
        Some(last) => Finding::passed(Some(last), "the head ends here; it decides nothing"),
        None => Finding::passed(None, "there is no head"),
    }
}
