//! How a receipt is to be printed or shown.

use crate::error::{Error, Language, Result};
use crate::receipt::code_page::CodePage;
use crate::receipt::layout;

/// What comes out.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Format {
    /// Plain text, in UTF-8 or a code page.
    #[default]
    Text,
    /// Bytes for a receipt printer.
    EscPos,
    /// A section of HTML, in UTF-8.
    Html,
    /// A PDF file.
    Pdf,
    /// The lines, the fields and the signature as one JSON object.
    Json,
}

impl Format {
    /// All of them.
    pub const ALL: [Format; 5] = [Format::Text, Format::EscPos, Format::Html, Format::Pdf, Format::Json];

    /// The name.
    pub fn name(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::EscPos => "escpos",
            Format::Html => "html",
            Format::Pdf => "pdf",
            Format::Json => "json",
        }
    }
}

/// How an ESC/POS job ends.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Cut {
    /// Many printers have no cutter.
    #[default]
    None,
    /// The paper hangs on by a point.
    Partial,
    /// The paper is cut off.
    Full,
}

impl Cut {
    /// All of them.
    pub const ALL: [Cut; 3] = [Cut::None, Cut::Partial, Cut::Full];

    /// The name.
    pub fn name(self) -> &'static str {
        match self {
            Cut::None => "none",
            Cut::Partial => "partial",
            Cut::Full => "full",
        }
    }
}

/// The last millisecond of the year 9999 on German clocks.
const LATEST: i64 = 253_402_297_199_999;

/// The most bytes that a prefix or a suffix may have: room for a logo.
pub const MOST_RAW_BYTES: usize = 64 * 1024;

/// How a receipt is rendered. What a format has no use for is ignored by it.
#[derive(Clone, Debug)]
pub struct Options {
    pub(in crate::receipt) format: Format,
    pub(in crate::receipt) columns: u16,
    code_page: Option<CodePage>,
    slot: Option<u8>,
    pub(in crate::receipt) cut: Cut,
    pub(in crate::receipt) feed: u8,
    pub(in crate::receipt) duplicate: Option<i64>,
    pub(in crate::receipt) reversed: bool,
    pub(in crate::receipt) language: Language,
    pub(in crate::receipt) prefix: Vec<u8>,
    pub(in crate::receipt) suffix: Vec<u8>,
}

impl Default for Options {
    /// Text in UTF-8, 42 columns: 80 mm paper in the printers' own font.
    fn default() -> Self {
        Options {
            format: Format::Text,
            columns: 42,
            code_page: None,
            slot: None,
            cut: Cut::None,
            feed: 4,
            duplicate: None,
            reversed: false,
            language: Language::German,
            prefix: Vec::new(),
            suffix: Vec::new(),
        }
    }
}

impl Options {
    /// The defaults, for one format.
    pub fn new(format: Format) -> Self {
        Options { format, ..Options::default() }
    }

    /// What comes out; text unless it is said.
    pub fn set_format(&mut self, format: Format) {
        self.format = format;
    }

    /// How many characters the paper is wide, 16 to 96: 32 on 58 mm, 42 or 48 on 80 mm. 42 unless it is said.
    pub fn set_columns(&mut self, columns: impl Into<i64>) -> Result<()> {
        self.columns = layout::checked(columns.into())?;
        Ok(())
    }

    /// The characters that the printer knows, and for ESC/POS the number that its maker gave to their table; `None`
    /// takes the usual one. Unless it is said, text is UTF-8 and ESC/POS CP1252. HTML and JSON are always UTF-8, PDF is
    /// always CP1252.
    pub fn set_code_page(&mut self, page: CodePage, slot: Option<u8>) -> Result<()> {
        if page == CodePage::Utf8 && slot.is_some() {
            return Err(Error::argument("slot", "is given for UTF-8, which is in no printer's tables"));
        }
        (self.code_page, self.slot) = (Some(page), slot);
        Ok(())
    }

    /// How an ESC/POS job ends; no cut unless it is said.
    pub fn set_cut(&mut self, cut: Cut) {
        self.cut = cut;
    }

    /// How many empty lines an ESC/POS job puts out at its end, so that the last printed one is clear of the printer; 4
    /// unless it is said.
    pub fn set_feed(&mut self, lines: u8) {
        self.feed = lines;
    }

    /// Marks a reprint, with the time of it in Unix milliseconds; `None` is the first print. Print without this mark
    /// again if a first print failed: it has not been signed yet, and a duplicate does not ask for a signature.
    pub fn set_duplicate(&mut self, at: Option<i64>) -> Result<()> {
        if let Some(at) = at.filter(|at| !(0..=LATEST).contains(at)) {
            return Err(Error::argument(
                "duplicate",
                format!("is {at}; it must be Unix milliseconds before the year 10000"),
            ));
        }
        self.duplicate = at;
        Ok(())
    }

    /// Marks the receipt of a payment that was reversed.
    pub fn set_reversed(&mut self, reversed: bool) {
        self.reversed = reversed;
    }

    /// The language of the library's own words: the marks and an HTML section's name. The receipt's own stay as they
    /// are. German unless it is said.
    pub fn set_language(&mut self, language: Language) {
        self.language = language;
    }

    /// Bytes that are sent before an ESC/POS job, as they are.
    pub fn set_prefix(&mut self, bytes: &[u8]) -> Result<()> {
        self.prefix = raw("prefix", bytes)?;
        Ok(())
    }

    /// Bytes that are sent after an ESC/POS job, as they are.
    pub fn set_suffix(&mut self, bytes: &[u8]) -> Result<()> {
        self.suffix = raw("suffix", bytes)?;
        Ok(())
    }

    /// The characters that may be used.
    pub(in crate::receipt) fn page(&self) -> Result<CodePage> {
        match (self.format, self.code_page) {
            (Format::EscPos, Some(CodePage::Utf8)) => {
                Err(Error::argument("code_page", "is UTF-8, which receipt printers do not read; take one of theirs"))
            }
            (Format::EscPos, page) => Ok(page.unwrap_or(CodePage::Cp1252)),
            (Format::Text, page) => Ok(page.unwrap_or(CodePage::Utf8)),
            (Format::Pdf, _) => Ok(CodePage::Cp1252),
            (Format::Html | Format::Json, _) => Ok(CodePage::Utf8),
        }
    }

    /// The number of the printer's table for the page.
    pub(in crate::receipt) fn slot(&self, page: CodePage) -> u8 {
        self.slot.unwrap_or(page.usual_slot())
    }
}

fn raw(argument: &str, bytes: &[u8]) -> Result<Vec<u8>> {
    match bytes.len() > MOST_RAW_BYTES {
        true => {
            Err(Error::argument(argument, format!("has {} bytes; at most {MOST_RAW_BYTES} are taken", bytes.len())))
        }
        false => Ok(bytes.to_vec()),
    }
}
