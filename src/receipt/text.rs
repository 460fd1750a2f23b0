//! Rows as plain text: UTF-8, a line feed after each row, nothing but spaces to place the words.

use unicode_width::UnicodeWidthStr;

use crate::error::Result;
use crate::receipt::Receipt;
use crate::receipt::layout::Row;

impl Receipt {
    /// The receipt as text of 16 to 96 columns; empty if it has no lines.
    pub fn to_text(&self, columns: u16) -> Result<String> {
        let width = usize::from(columns);
        let mut text = String::new();
        for row in self.rows(columns)? {
            match row {
                Row::Empty => {}
                Row::Rule => text.extend(std::iter::repeat_n('-', width)),
                Row::Headline { text: words, .. } => {
                    text.extend(std::iter::repeat_n(' ', width.saturating_sub(words.width()) / 2));
                    text.push_str(&words);
                }
                Row::Cells(cells) => {
                    let mut at = 0;
                    for cell in cells {
                        text.extend(std::iter::repeat_n(' ', cell.start.saturating_sub(at)));
                        text.push_str(&cell.text);
                        at = cell.start + cell.text.width();
                    }
                }
            }
            text.push('\n');
        }
        Ok(text)
    }
}
