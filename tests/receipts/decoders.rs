//! What programs that are not ours say of our bytes, so that our encoders are not their own judges. The step
//! `cargo xtask test --only decoders` installs them; where one is missing, these tests fail.

use std::path::PathBuf;
use std::process::Command;

use secupos::receipt::{CodePage, Cut, Format, Options, Receipt, ReceiptCopy};
use serde_json::{Value, json};

use crate::dice::Dice;
use crate::words::words;
use crate::{ROOT, fixture};

const INSTALL: &str = "if it is not installed: cargo xtask test --only decoders";

/// Runs a decoder; what it says must be all right, and is what it printed.
fn says(decoder: &mut Command) -> String {
    let output = decoder.output().unwrap_or_else(|fault| panic!("{decoder:?}: {fault}; {INSTALL}"));
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{decoder:?}: {out}{err} ({INSTALL})");
    out.into_owned()
}

/// A directory of this test's own.
fn directory(name: &str) -> PathBuf {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&directory).expect("a directory");
    directory
}

fn every_fixture() -> Vec<Receipt> {
    let copies = |name| [fixture(name, ReceiptCopy::Customer), fixture(name, ReceiptCopy::Merchant)];
    let names = ["payment-elv-ok", "loyalty-topup-ok", "every-line", "end-of-day", "diagnosis", "several-receipts"];
    let receipts: Vec<_> = names.into_iter().flat_map(copies).filter(|receipt| !receipt.is_empty()).collect();
    assert_eq!(receipts.len(), 11);
    receipts
}

/// A receipt as it is printed on a page.
struct Case {
    receipt: Receipt,
    options: Options,
    page: CodePage,
}

impl Case {
    fn render(&self, format: Format) -> Vec<u8> {
        let mut options = self.options.clone();
        options.set_format(format);
        options.set_code_page(self.page, None).expect("a page");
        self.receipt.render(&options).expect("rendered")
    }
}

/// What npos, python-escpos and iconv-lite make of the jobs. Each row must be the text's.
fn printed(cases: &[Case], name: &str) -> Vec<Value> {
    let installed = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).with_file_name("decoders");
    let directory = directory(name);
    let mut decoder = Command::new("node");
    decoder.env("NODE_PATH", installed.join("node_modules")).arg("--no-deprecation");
    decoder.arg(format!("{ROOT}/tests/decoders/escpos.js")).arg(installed.join("python/escpos/capabilities.json"));
    for (number, case) in cases.iter().enumerate() {
        for format in [Format::EscPos, Format::Text] {
            let file = directory.join(format!("{number}.{}", format.name()));
            std::fs::write(&file, case.render(format)).expect("written");
            decoder.arg(file);
        }
    }
    let told: Vec<Value> = serde_json::from_str(&says(&mut decoder)).expect("JSON");
    assert_eq!(told.len(), cases.len());
    for (told, case) in told.iter().zip(cases) {
        assert_eq!(told["error"], Value::Null, "{told}");
        assert_eq!(told["page"].as_str().map(str::to_lowercase).as_deref(), Some(case.page.name()));
        let text: Vec<_> = told["text"].as_str().expect("a text").split('\n').collect();
        let rows = told["rows"].as_array().expect("rows");
        assert_eq!(rows.len() + 1, text.len(), "the last line ends, too");
        for (row, line) in rows.iter().zip(&text) {
            let printed = row["text"].as_str().expect("a text");
            // What the printer puts in the middle has no spaces before it.
            let is_centred = row["centred"] == true;
            assert_eq!(printed, if is_centred { line.trim_matches(' ') } else { line });
        }
    }
    told
}

const PRINTED_PAGES: [CodePage; 3] = [CodePage::Cp1252, CodePage::Cp858, CodePage::Cp437];

#[test]
fn npos_knows_every_command_and_reads_the_text_in_three_code_pages() {
    let mut cases = Vec::new();
    let mut expected = Vec::new();
    for receipt in every_fixture() {
        for page in PRINTED_PAGES {
            for (columns, cut) in [(32, Cut::None), (42, Cut::Partial), (48, Cut::Full)] {
                let mut options = Options::default();
                options.set_columns(columns).expect("columns");
                options.set_cut(cut);
                cases.push(Case { receipt: receipt.clone(), options, page });
                expected.push((columns, cut));
            }
        }
    }
    for (told, (columns, cut)) in printed(&cases, "npos-fixtures").iter().zip(expected) {
        assert_eq!((told["feed"].as_i64(), told["cut"].as_str().unwrap_or("none")), (Some(4), cut.name()));
        for row in told["rows"].as_array().expect("rows") {
            let size = if row["large"] == true { 2 } else { 1 };
            let width = row["text"].as_str().expect("a text").chars().count() * size;
            assert!(i64::try_from(width).expect("a width") <= i64::from(columns), "{row}");
            // What is centred is a headline.
            assert!(row["centred"] == false || row["bold"] == true, "{row}");
        }
    }
}

#[test]
fn npos_knows_every_command_whatever_the_server_sends() {
    let mut dice = Dice(0x4905);
    let mut case = || Case { receipt: dice.receipt(), options: dice.options(Format::EscPos), page: dice.page() };
    let cases: Vec<_> = (0..150).map(|_| case()).collect();
    printed(&cases, "npos-dice");
}

#[test]
fn umlauts_and_the_euro_sign_are_right_on_three_code_pages() {
    let line = json!([{"type": "textline", "value": {"text": "ä ö ü ß Ä Ö Ü 5 €"}}]).to_string();
    let receipt = Receipt::parse(line.as_bytes(), ReceiptCopy::Customer).expect("a receipt");
    let cases = PRINTED_PAGES.map(|page| Case { receipt: receipt.clone(), options: Options::default(), page });
    for (told, euro) in printed(&cases, "npos-euro").iter().zip(["€", "€", "EUR"]) {
        assert_eq!(told["rows"][0]["text"], format!("ä ö ü ß Ä Ö Ü 5 {euro}"));
    }
}

/// The text of the same receipt, as far as CP1252 has its characters.
fn text(receipt: &Receipt, options: &Options) -> String {
    let mut options = options.clone();
    options.set_format(Format::Text);
    options.set_code_page(CodePage::Cp1252, None).expect("a page");
    let latin = |byte: u8| match byte {
        0x80..=0x9f => {
            "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ".chars().nth(usize::from(byte - 0x80))
        }
        _ => Some(char::from(byte)),
    };
    receipt.render(&options).expect("text").into_iter().filter_map(latin).collect()
}

/// The lines of all pages, as pdftotext finds them in the order of the file.
fn read_by_pdftotext(pdf: &[u8], name: &str) -> String {
    let file = directory("pdf").join(name);
    std::fs::write(&file, pdf).expect("written");
    let checked = says(Command::new("qpdf").arg("--check").arg(&file));
    assert!(checked.contains("No syntax or stream encoding errors found"), "{checked}");
    says(Command::new("pdftotext").args(["-raw", "-enc", "UTF-8"]).arg(&file).arg("-"))
}

#[test]
fn qpdf_finds_no_fault_and_pdftotext_gives_the_lines_back() {
    for (number, receipt) in every_fixture().iter().enumerate() {
        for columns in [32, 42, 96] {
            let mut options = Options::new(Format::Pdf);
            options.set_columns(columns).expect("columns");
            let found =
                read_by_pdftotext(&receipt.render(&options).expect("a PDF"), &format!("{number}-{columns}.pdf"));
            let lines = |text: &str| {
                let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
                lines.filter(|line| !line.is_empty()).collect::<Vec<_>>()
            };
            assert_eq!(lines(&found.replace('\u{c}', "")), lines(&text(receipt, &options)), "{number} at {columns}");
        }
    }
}

#[test]
fn a_long_receipt_takes_several_pages_and_loses_no_line() {
    let lines: Vec<_> =
        (0..500).map(|n| json!({"type": "name-value", "value": {"name": "Zeile", "value": n}})).collect();
    let json = serde_json::to_vec(&lines).expect("JSON");
    let receipt = Receipt::parse(&json, ReceiptCopy::Merchant).expect("a receipt");
    let pdf = receipt.render(&Options::new(Format::Pdf)).expect("a PDF");
    let found = read_by_pdftotext(&pdf, "long.pdf");
    assert_eq!(found.matches('\u{c}').count(), 6, "pages");
    assert_eq!(words(&found), (0..500).map(|n| format!("Zeile{n}")).collect::<String>());
}

#[test]
fn qpdf_finds_no_fault_whatever_the_server_sends() {
    let mut dice = Dice(0x94DF);
    for round in 0..25 {
        let (receipt, options) = (dice.receipt(), dice.options(Format::Pdf));
        let found = read_by_pdftotext(&receipt.render(&options).expect("a PDF"), &format!("dice-{round}.pdf"));
        assert_eq!(words(&found), words(&text(&receipt, &options)), "round {round}");
    }
}
