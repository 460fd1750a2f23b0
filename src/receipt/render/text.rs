//! Rows as plain text: a line feed after each row, nothing but spaces to place the words.

use crate::receipt::layout::{MOST_COLUMNS, Row, width};
use crate::receipt::render::sheet::Sheet;

pub(super) fn draw(sheet: &Sheet<'_>, columns: u16) -> String {
    // As many bytes as a receipt of ASCII has at most, and some more.
    let mut text = String::with_capacity((usize::from(columns) + 4) * sheet.rows().count());
    for row in sheet.rows() {
        if let Row::Headline { text: words, .. } = row {
            push_spaces(&mut text, usize::from(columns).saturating_sub(width(words)) / 2);
        }
        push_row(&mut text, row, columns);
        text.push('\n');
    }
    text
}

/// The row's words where they stand; a headline's without the spaces that put it in the middle.
pub(super) fn push_row(text: &mut String, row: &Row<'_>, columns: u16) {
    match row {
        Row::Empty => {}
        Row::Rule => text.extend(std::iter::repeat_n('-', usize::from(columns))),
        Row::Headline { text: words, .. } => text.push_str(words),
        Row::Cells(..) => {
            let mut at = 0;
            for cell in row.cells() {
                push_spaces(text, cell.start.saturating_sub(at));
                text.push_str(&cell.text);
                at = cell.start + cell.width;
            }
        }
    }
}

pub(super) fn push_spaces(text: &mut String, count: usize) {
    const SPACES: &str = match std::str::from_utf8(&[b' '; MOST_COLUMNS as usize]) {
        Ok(spaces) => spaces,
        Err(_) => unreachable!(),
    };
    text.push_str(&SPACES[..count.min(SPACES.len())]);
}
