//! The eight steps in which it is decided whether the customer must sign, one after the other. The first two say what
//! counts at all; of the others the first that decides has decided.

mod bare_word;
mod cvm_results;
mod denied;
mod direct_debit;
mod drawn_line;
mod head;
mod kind;
mod pin;
mod silent_girocard;

use crate::receipt::signature::finding::Finding;
use crate::receipt::signature::slip::Slip;

/// One of the steps.
pub(in crate::receipt) struct Step {
    pub number: usize,
    pub name: &'static str,
    pub(super) take: fn(&Slip) -> Finding,
}

/// All of them, in their order. The seventh has two halves.
pub(super) const STEPS: [Step; 9] = [
    Step { number: 1, name: "report, reversal or refund", take: kind::take },
    Step { number: 2, name: "head of the receipt", take: head::take },
    Step { number: 3, name: "signature word beside a drawn line", take: drawn_line::take },
    Step { number: 4, name: "direct debit or mandate", take: direct_debit::take },
    Step { number: 5, name: "signature word, denied", take: denied::take },
    Step { number: 6, name: "EMV cardholder verification results", take: cvm_results::take },
    Step { number: 7, name: "PIN or CVM", take: pin::take },
    Step { number: 7, name: "bare signature word", take: bare_word::take },
    Step { number: 8, name: "silent girocard", take: silent_girocard::take },
];
