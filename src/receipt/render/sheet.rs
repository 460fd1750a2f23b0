//! A receipt as it is printed: in characters that the output has, and then laid out.

use std::borrow::Cow;

use crate::receipt::layout::{self, Block, Row};
use crate::receipt::line::Line;

/// The lines that are printed, in characters that the output has.
pub(super) struct Shown<'a> {
    /// The marks at the top.
    pub above: Vec<Line>,
    /// The receipt.
    pub body: Cow<'a, [Line]>,
    /// The marks at the bottom.
    pub below: Vec<Line>,
    /// How many characters the output does not have; others stand in their place.
    pub replaced: usize,
}

impl Shown<'_> {
    pub(super) fn laid_out(&self, columns: u16) -> Sheet<'_> {
        let blocks = |lines| layout::blocks(lines, usize::from(columns));
        Sheet { above: blocks(&self.above), body: blocks(&self.body), below: blocks(&self.below) }
    }
}

/// The same, laid out.
pub(super) struct Sheet<'a> {
    /// The marks at the top.
    pub above: Vec<Block<'a>>,
    /// The receipt.
    pub body: Vec<Block<'a>>,
    /// The marks at the bottom.
    pub below: Vec<Block<'a>>,
}

impl<'a> Sheet<'a> {
    pub(super) fn rows(&self) -> impl Iterator<Item = &Row<'a>> {
        [&self.above, &self.body, &self.below].into_iter().flatten().flat_map(|block| &block.rows)
    }
}
