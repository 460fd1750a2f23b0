//! What the steps look at: one receipt of an array, prepared.

use crate::receipt::copy::Receipt;
use crate::receipt::fields::Field;
use crate::receipt::sections::Section;
use crate::receipt::signature::drawn::Drawn;
use crate::receipt::signature::rows::{self, Row};
use crate::receipt::signature::words::Signing;

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
        let is_place = |row: &Row| row.drawn == Drawn::Cross || row.signing.is_some_and(Signing::is_place);
        self.rows.iter().chain(&self.joined).any(is_place)
    }

    pub(super) fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The rows below the head; those that were joined come last.
    pub(super) fn body(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().chain(&self.joined).filter(|row| !row.in_head)
    }
}
