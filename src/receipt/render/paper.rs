//! The paper that so many columns are meant for, for outputs that measure in millimetres.

/// A kind of paper.
#[derive(Clone, Copy, PartialEq)]
pub(super) struct Paper {
    /// How wide it is.
    pub width_mm: f64,
    /// How much of that is printed on.
    pub printed_mm: f64,
}

impl Paper {
    /// Rolls of 58 and 80 mm, printed on 48 and 72 mm; and A4 for everything wider.
    pub(super) fn of(columns: u16) -> Paper {
        match columns {
            ..=34 => Paper { width_mm: 58.0, printed_mm: 48.0 },
            35..=48 => Paper { width_mm: 80.0, printed_mm: 72.0 },
            _ => Paper { width_mm: 210.0, printed_mm: 180.0 },
        }
    }

    /// The size of a type whose characters are 0.6 as wide as they are high, as in Courier and most of its kin.
    pub(super) fn type_size_mm(self, columns: u16) -> f64 {
        self.printed_mm / (f64::from(columns) * 0.6)
    }
}
