//! What holds for every receipt at every width: no row is wider than the paper, no word is lost, nothing from the server
//! commands a printer or a browser, and all formats say the same.

use secupos::receipt::{CodePage, Format, Options, Receipt, ReceiptCopy};
use unicode_width::UnicodeWidthStr;

use crate::dice::Dice;
use crate::words::{of_bytes, of_escpos, of_html, of_pdf, words};

fn rendered(receipt: &Receipt, options: &Options) -> Vec<u8> {
    receipt.render(options).expect("rendered")
}

fn utf8(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("UTF-8")
}

#[test]
fn no_row_is_wider_than_the_paper_no_word_is_lost_and_nothing_commands_the_printer() {
    let mut dice = Dice(0x5EC0_9055);
    for round in 0..3000 {
        let (receipt, columns) = (dice.receipt(), dice.columns());
        let text = receipt.to_text(columns).expect("text");
        for row in text.lines() {
            assert!(row.width() <= usize::from(columns), "round {round}: {} > {columns}: {row:?}", row.width());
            assert!(!row.ends_with(' '), "round {round}: {row:?}");
        }
        let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        assert!(!text.chars().any(|c| c != '\n' && (c.is_control() || turns(c))), "round {round}: {text:?}");
        let all: String =
            receipt.lines().iter().flat_map(|line| [line.text(), line.name(), line.value()]).flatten().collect();
        assert_eq!(words(&text), words(&all), "round {round}");
    }
}

#[test]
fn in_a_code_page_too_and_the_printers_bytes_say_the_same() {
    let mut dice = Dice(0xC0DE);
    for round in 0..1500 {
        let (receipt, page) = (dice.receipt(), dice.page());
        let mut options = dice.options(Format::Text);
        options.set_code_page(page, None).expect("a page");
        let text = rendered(&receipt, &options);
        let mut columns = 0;
        for row in text.strip_suffix(b"\n").unwrap_or_default().split(|byte| *byte == b'\n') {
            assert!(row.iter().all(|byte| *byte >= b' ' && *byte != 0x7f), "round {round}: {row:?}");
            columns = columns.max(row.len());
        }
        let mut wide = options.clone();
        wide.set_columns(96).expect("columns");
        let on_wide_paper = of_bytes(&rendered(&receipt, &wide), page);
        assert_eq!(of_bytes(&text, page), on_wide_paper, "round {round}: lost on narrow paper");
        options.set_format(Format::EscPos);
        let printed = of_escpos(&rendered(&receipt, &options));
        // A headline is put in the middle by the printer; everything else stands where it does in the text.
        assert_eq!(of_bytes(&printed, page), of_bytes(&text, page), "round {round}");
        assert_eq!(
            printed.iter().filter(|byte| **byte == b'\n').count(),
            text.iter().filter(|byte| **byte == b'\n').count()
        );
        assert!(printed.split(|byte| *byte == b'\n').all(|row| row.len() <= columns), "round {round}");
    }
}

#[test]
fn a_code_page_says_what_it_has_in_the_servers_own_characters() {
    let mut dice = Dice(0xFEED);
    let mut replaced = 0;
    for round in 0..500 {
        let receipt = dice.receipt();
        for page in [CodePage::Cp1252, CodePage::Cp858, CodePage::Cp437] {
            let mut options = Options::new(Format::Text);
            options.set_code_page(page, None).expect("a page");
            let count = receipt.replaced(&options).expect("a number");
            let plain = receipt.lines().iter().flat_map(|line| [line.text(), line.name(), line.value()]).flatten();
            assert!(count > 0 || plain.clone().all(|text| !text.contains(['日', 'ש', '👨'])), "round {round}");
            assert!(count == 0 || plain.clone().any(|text| !text.is_ascii()), "round {round}");
            replaced += count;
        }
        assert_eq!(receipt.replaced(&Options::default()).expect("a number"), 0);
    }
    assert!(replaced > 1000, "{replaced}");
}

#[test]
fn html_says_what_the_text_says_and_has_no_tag_from_the_server() {
    let mut dice = Dice(0x417);
    for round in 0..1500 {
        let receipt = dice.receipt();
        let mut options = dice.options(Format::Html);
        let html = rendered(&receipt, &options);
        options.set_format(Format::Text);
        let text = utf8(rendered(&receipt, &options));
        assert_eq!(words(&of_html(&html)), words(&text), "round {round}");
        let html = utf8(html);
        assert!(!html.chars().any(|character| character != '\n' && character.is_control()), "round {round}");
        // Every name has a value beside it, and nothing else is in a list of names and values.
        assert_eq!(html.matches("<dt>").count(), html.matches("</dt>").count());
        assert_eq!(html.matches("<div><dt>").count(), html.matches("</dd></div>").count(), "round {round}");
        assert_eq!(html.matches("<dt>").count(), html.matches("<dd>").count(), "round {round}");
    }
}

#[test]
fn html_between_its_tags_is_the_text_row_by_row() {
    let mut dice = Dice(0x7E47);
    for round in 0..1500 {
        let receipt = dice.receipt();
        let mut options = dice.options(Format::Html);
        let html = of_html(&rendered(&receipt, &options));
        options.set_format(Format::Text);
        let text = utf8(rendered(&receipt, &options));
        // Around a list there is a line end that no paper sees; empty rows are drawn by the style, as are rules.
        let rows = |text: &str| {
            let rows = text.lines().filter(|row| !row.trim().is_empty() && !row.trim().chars().all(|c| c == '-'));
            rows.map(str::to_owned).collect::<Vec<_>>()
        };
        for (shown, row) in rows(&html).iter().zip(rows(&text)) {
            // A headline is put in the middle by the style.
            assert!(*shown == row || shown.trim() == row.trim(), "round {round}: {shown:?} {row:?}");
        }
        assert_eq!(rows(&html).len(), rows(&text).len(), "round {round}");
    }
}

#[test]
fn pdf_says_what_the_text_says_and_keeps_to_its_own_syntax() {
    let mut dice = Dice(0x9DF);
    for round in 0..1500 {
        let receipt = dice.receipt();
        let mut options = dice.options(Format::Pdf);
        let pdf = rendered(&receipt, &options);
        options.set_format(Format::Text);
        let page = CodePage::Cp1252;
        options.set_code_page(page, None).expect("a page");
        assert_eq!(of_bytes(&of_pdf(&pdf), page), of_bytes(&rendered(&receipt, &options), page), "round {round}");
        // Its second line is there to look like no text; all the rest is ASCII.
        let after = pdf.strip_prefix(b"%PDF-1.4\n%\xe4\xf6\xfc\xdf\n").expect("a PDF");
        assert!(after.iter().all(|byte| *byte == b'\n' || (b' '..=b'~').contains(byte)), "round {round}");
    }
}

#[test]
fn json_keeps_every_line_as_the_server_sent_it() {
    let mut dice = Dice(0x150);
    for round in 0..500 {
        let lines = serde_json::Value::Array(dice.lines());
        let receipt = Receipt::parse(lines.to_string().as_bytes(), ReceiptCopy::Merchant).expect("a receipt");
        let json = rendered(&receipt, &Options::new(Format::Json));
        let json: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
        assert_eq!(json["lines"], lines, "round {round}");
    }
}
