//! `secupos receipt`: prints a receipt from a file, without a till; or says why it is judged as it is.

use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use secupos::error::{Error, Language, Status};
use secupos::receipt::{CodePage, Cut, Format, Options, Receipt, ReceiptCopy};

use crate::waiting::write;

/// Print a receipt: text, printer bytes, HTML, PDF or JSON, on standard output.
///
/// Reads what pay --json has told, a whole Smart Transaction, or a bare array of lines. Nothing is sent anywhere: pipe ESC/POS to the printer.
#[derive(Args)]
pub struct PrintReceipt {
    /// The file with the JSON; - reads standard input
    file: PathBuf,
    /// Whose copy; with --explain the merchant's unless you say otherwise
    #[arg(long, default_value = "customer", default_value_if("explain", "true", "merchant"), value_parser = one_of([ReceiptCopy::Customer, ReceiptCopy::Merchant], ReceiptCopy::name))]
    copy: ReceiptCopy,
    /// What comes out
    #[arg(long, default_value = "text", value_parser = one_of(Format::ALL, Format::name))]
    format: Format,
    /// How many characters the paper is wide, 16 to 96: 32 on 58 mm, 42 or 48 on 80 mm
    #[arg(long, default_value_t = 42)]
    columns: u16,
    /// The characters of text and ESC/POS [default: utf8 for text, cp1252 for ESC/POS]
    #[arg(long, value_parser = one_of(CodePage::ALL, CodePage::name))]
    code_page: Option<CodePage>,
    /// The number of the code page in the printer [default: 16 for cp1252, 19 for cp858, 0 for cp437]
    #[arg(long, requires = "code_page")]
    slot: Option<u8>,
    /// How an ESC/POS job ends
    #[arg(long, default_value = "none", value_parser = one_of(Cut::ALL, Cut::name))]
    cut: Cut,
    /// How many empty lines an ESC/POS job ends with
    #[arg(long, default_value_t = 4)]
    feed: u8,
    /// Mark a reprint, with the time
    #[arg(long)]
    duplicate: bool,
    /// Mark the receipt of a payment that was reversed
    #[arg(long)]
    reversed: bool,
    /// Write the marks in English
    #[arg(long)]
    english: bool,
    /// Print no receipt but why it is judged as it is: each row with what was read from it, and each step of the question
    /// whether the customer must sign. The merchant's copy holds full account numbers
    #[arg(long, conflicts_with_all = ["format", "columns", "code_page", "cut", "feed", "duplicate", "reversed", "english"])]
    explain: bool,
    /// Explain as one JSON object for programs
    #[arg(long, requires = "explain")]
    json: bool,
}

/// A value by its name.
fn one_of<T: Copy + Send + Sync + 'static, const N: usize>(
    values: [T; N],
    name: fn(T) -> &'static str,
) -> impl TypedValueParser<Value = T> {
    let names = PossibleValuesParser::new(values.map(name));
    names.map(move |word| values.into_iter().find(|value| name(*value) == word).expect("one of these names"))
}

impl PrintReceipt {
    pub fn run(self) -> Result<ExitCode, Error> {
        let json = self
            .read()
            .map_err(|fault| Error::argument("FILE", format!("{} cannot be read: {fault}", self.file.display())))?;
        let (receipt, options) = (Receipt::parse(&json, self.copy)?, self.options()?);
        if receipt.is_empty() {
            write(&format!("there is no receipt for the {} in it\n", self.copy.name()));
        }
        let bytes = match self.explain {
            true if self.json => format!("{}\n", receipt.explain().to_json()).into_bytes(),
            true => receipt.explain().to_string().into_bytes(),
            false => self.rendered(&receipt, &options)?,
        };
        let mut out = std::io::stdout().lock();
        let written = out.write_all(&bytes).and_then(|()| out.flush());
        written.map_err(|fault| Error::new(Status::Internal, format!("the receipt cannot be written: {fault}")))?;
        Ok(ExitCode::SUCCESS)
    }

    /// The receipt as it goes to a printer or a file; what is written otherwise than it was sent is said.
    fn rendered(&self, receipt: &Receipt, options: &Options) -> Result<Vec<u8>, Error> {
        let mut bytes = receipt.render(options)?;
        if self.format == Format::Json {
            bytes.push(b'\n');
        }
        let replaced = receipt.replaced(options)?;
        if replaced > 0 {
            write(&format!("{replaced} characters are written otherwise: the code page does not have them\n"));
        }
        Ok(bytes)
    }

    /// What is larger than any receipt is read so far that the library sees that it is.
    fn read(&self) -> std::io::Result<Vec<u8>> {
        let mut json = Vec::new();
        let source: Box<dyn Read> = match self.file.as_os_str() == "-" {
            true => Box::new(std::io::stdin()),
            false => Box::new(std::fs::File::open(&self.file)?),
        };
        source.take(2 * 1024 * 1024).read_to_end(&mut json)?;
        Ok(json)
    }

    fn options(&self) -> Result<Options, Error> {
        let mut options = Options::new(self.format);
        options.set_columns(self.columns)?;
        if let Some(page) = self.code_page {
            options.set_code_page(page, self.slot)?;
        }
        options.set_cut(self.cut);
        options.set_feed(self.feed);
        if self.duplicate {
            let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
            options.set_duplicate(Some(i64::try_from(now).unwrap_or(i64::MAX)))?;
        }
        options.set_reversed(self.reversed);
        options.set_language(if self.english { Language::English } else { Language::German });
        Ok(options)
    }
}
