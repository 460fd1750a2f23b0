//! The one call that renders a receipt. Every output except JSON is drawn from the same sheet: the receipt's lines, with the
//! marks of a reprint, laid out for the paper.
//!
//! - [`mod@options`]: how it is to be printed or shown; `sheet`: what is drawn; `marks`: a reprint says that it is one
//! - `text`, `escpos`, `html`, `pdf`: the rows, drawn; [`mod@json`]: everything in one object
//! - `paper`: the millimetres that so many columns take

mod escpos;
mod html;
pub mod json;
mod marks;
pub mod options;
mod paper;
mod pdf;
mod sheet;
mod text;

use std::borrow::Cow;

use crate::error::Result;
use crate::receipt::copy::Receipt;
use crate::receipt::line::Line;
use crate::receipt::render::options::{Format, Options};
use crate::receipt::render::sheet::Shown;

impl Receipt {
    /// The receipt in the format, and as the options say otherwise. A receipt without lines has nothing to print: it
    /// gives no bytes in every format except JSON.
    pub fn render(&self, options: &Options) -> Result<Vec<u8>> {
        let page = options.page()?;
        if options.format == Format::Json {
            return Ok(self.to_json_as(options).to_string().into_bytes());
        }
        if self.is_empty() {
            return Ok(Vec::new());
        }
        let shown = self.shown(options)?;
        let sheet = shown.laid_out(options.columns);
        Ok(match options.format {
            Format::EscPos => escpos::draw(&sheet, options, page),
            Format::Html => html::draw(&sheet, options, self.copy()).into_bytes(),
            Format::Pdf => pdf::draw(&sheet, options),
            Format::Text | Format::Json => page.encode(&text::draw(&sheet, options.columns)),
        })
    }

    /// How many characters of the receipt the output does not have, so that others stand in their place.
    pub fn replaced(&self, options: &Options) -> Result<usize> {
        Ok(self.shown(options)?.replaced)
    }

    /// The receipt as UTF-8 text of 16 to 96 columns; empty if it has no lines.
    pub fn to_text(&self, columns: u16) -> Result<String> {
        let mut options = Options::default();
        options.set_columns(columns)?;
        Ok(text::draw(&self.shown(&options)?.laid_out(columns), columns))
    }

    /// Every print of it says from now on that the payment was reversed.
    pub(crate) fn mark_reversed(&mut self) {
        self.is_reversed = true;
    }

    /// Its lines with the marks, in characters that the output has.
    fn shown(&self, options: &Options) -> Result<Shown<'_>> {
        let page = options.page()?;
        let mut replaced = 0;
        let has_all = |line: &Line| line.texts().all(|text| page.has_all(text));
        let body = match self.lines().iter().all(has_all) {
            true => Cow::Borrowed(self.lines()),
            false => {
                let mut shown = |text: &str| {
                    let (text, others) = page.transliterate(text);
                    replaced += others;
                    text
                };
                Cow::Owned(self.lines().iter().map(|line| line.with_texts(&mut shown)).collect())
            }
        };
        let (above, below) = marks::of(self, options);
        Ok(Shown { above, body, below, replaced })
    }
}
