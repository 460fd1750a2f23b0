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

use crate::receipt::sections::Section;
use crate::receipt::signature::Decision;
use crate::receipt::signature::drawn::Drawn;
use crate::receipt::signature::rows::{self, Row};
use crate::receipt::signature::words::Signing;
use crate::receipt::{Field, Receipt};

/// One receipt of an array, prepared.
pub(super) struct Slip {
    /// Its rows.
    pub rows: Vec<Row>,
    /// Two and three rows that follow each other, read as one.
    pub joined: Vec<Row>,
    /// What the array says of card, amount and the like, as far as it stands in this receipt.
    pub fields: Vec<Field>,
    /// Whether it is known to be a report, whatever it says.
    pub is_report: bool,
}

impl Slip {
    pub(super) fn read(receipt: &Receipt, section: &Section, fields: &[Field]) -> Self {
        let rows = rows::read(receipt.lines(), section);
        let joined = rows::joined(&rows);
        let fields = fields.iter().filter(|field| section.lines.contains(&field.line)).cloned().collect();
        Slip { rows, joined, fields, is_report: receipt.is_report }
    }

    /// Whether a row says where to sign, whoever it is.
    pub(super) fn has_place_to_sign(&self) -> bool {
        let is_place = |row: &Row| {
            row.drawn == Drawn::Cross || matches!(row.signing, Some(Signing::Asks { .. } | Signing::AsksOnALine))
        };
        self.rows.iter().chain(&self.joined).any(is_place)
    }

    fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The rows below the head; those that were joined come last.
    fn body(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().chain(&self.joined).filter(|row| !row.in_head)
    }
}

/// What a step has found.
pub(in crate::receipt) struct Finding {
    /// What it decides, if it does.
    pub decision: Option<Decision>,
    /// The line that decided, or that nearly did, from 0, and its text.
    pub row: Option<(usize, String)>,
    /// Why.
    pub why: &'static str,
}

impl Finding {
    fn decided(decision: Decision, row: &Row, why: &'static str) -> Finding {
        Finding { decision: Some(decision), ..Finding::passed(Some(row), why) }
    }

    fn passed(row: Option<&Row>, why: &'static str) -> Finding {
        Finding { decision: None, row: row.map(|row| (row.line, row.printed.clone())), why }
    }
}

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
