//! Rows as plain text: a line feed after each row, nothing but spaces to place the words.

use unicode_width::UnicodeWidthStr;

use crate::receipt::layout::Row;
use crate::receipt::render::sheet::Sheet;

pub(super) fn draw(sheet: &Sheet, columns: u16) -> String {
    let mut text = String::new();
    for row in sheet.rows() {
        if let Row::Headline { text: words, .. } = row {
            push_spaces(&mut text, usize::from(columns).saturating_sub(words.width()) / 2);
        }
        push_row(&mut text, row, columns);
        text.push('\n');
    }
    text
}

/// The row's words where they stand; a headline's without the spaces that put it in the middle.
pub(super) fn push_row(text: &mut String, row: &Row, columns: u16) {
    match row {
        Row::Empty => {}
        Row::Rule => text.extend(std::iter::repeat_n('-', usize::from(columns))),
        Row::Headline { text: words, .. } => text.push_str(words),
        Row::Cells(cells) => {
            let mut at = 0;
            for cell in cells {
                push_spaces(text, cell.start.saturating_sub(at));
                text.push_str(&cell.text);
                at = cell.start + cell.text.width();
            }
        }
    }
}

pub(super) fn push_spaces(text: &mut String, count: usize) {
    text.extend(std::iter::repeat_n(' ', count));
}
