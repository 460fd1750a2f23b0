//! A receipt as it is printed: laid out, in characters that the output has.

use crate::receipt::layout::{Block, Row};

/// A receipt as it is printed: laid out, in characters that the output has.
pub(super) struct Sheet {
    /// The marks at the top.
    pub above: Vec<Block>,
    /// The receipt.
    pub body: Vec<Block>,
    /// The marks at the bottom.
    pub below: Vec<Block>,
    /// How many characters the output does not have; others stand in their place.
    pub replaced: usize,
}

impl Sheet {
    pub(super) fn rows(&self) -> impl Iterator<Item = &Row> {
        [&self.above, &self.body, &self.below].into_iter().flatten().flat_map(|block| &block.rows)
    }
}
