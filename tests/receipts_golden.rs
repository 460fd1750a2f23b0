//! Receipts as text, compared with files that people have read; and what holds for every receipt at every width.

use std::path::PathBuf;

use secupos::receipt::{Receipt, ReceiptCopy};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The golden file, or what to do if the receipt has another text now.
fn assert_golden(fixture: &str, copy: ReceiptCopy, columns: u16) {
    let json = std::fs::read(format!("{ROOT}/tests/fixtures/{fixture}.json")).expect("a fixture");
    let text = Receipt::parse(&json, copy).expect("a receipt").to_text(columns).expect("text");
    let name = format!("{fixture}.{}.{columns}.txt", copy.name());
    let golden = PathBuf::from(format!("{ROOT}/tests/golden/receipts/{name}"));
    if std::fs::read_to_string(&golden).is_ok_and(|expected| expected == text) {
        return;
    }
    let new = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&new, &text).expect("the new text is written");
    panic!("not what {0} says. Look at it; if it is right: cp {1} {0}", golden.display(), new.display());
}

#[test]
fn the_documented_payment_at_three_widths() {
    for columns in [32, 42, 48] {
        assert_golden("payment-elv-ok", ReceiptCopy::Customer, columns);
        assert_golden("payment-elv-ok", ReceiptCopy::Merchant, columns);
    }
}

#[test]
fn the_documented_loyalty_receipt() {
    assert_golden("loyalty-topup-ok", ReceiptCopy::Customer, 32);
}

#[test]
fn a_reversal_leaves_the_receipts_as_they_were() {
    for copy in [ReceiptCopy::Customer, ReceiptCopy::Merchant] {
        let read = |name: &str| {
            let json = std::fs::read(format!("{ROOT}/tests/fixtures/{name}.json")).expect("a fixture");
            Receipt::parse(&json, copy).expect("a receipt").to_text(42).expect("text")
        };
        assert_eq!(read("payment-elv-ok"), read("payment-elv-cancelled"));
    }
}

#[test]
fn a_failed_payment_has_no_receipt() {
    let json = std::fs::read(format!("{ROOT}/tests/fixtures/payment-failed.json")).expect("a fixture");
    let receipt = Receipt::parse(&json, ReceiptCopy::Merchant).expect("a receipt");
    assert!(receipt.is_empty());
    assert_eq!(receipt.to_text(42).expect("text"), "");
}

#[test]
fn every_line_of_the_documented_payment_is_printed() {
    let json = std::fs::read(format!("{ROOT}/tests/fixtures/payment-elv-ok.json")).expect("a fixture");
    for (copy, count) in [(ReceiptCopy::Customer, 21), (ReceiptCopy::Merchant, 23)] {
        let receipt = Receipt::parse(&json, copy).expect("a receipt");
        assert_eq!(receipt.lines().len(), count);
        let text = receipt.to_text(32).expect("text");
        for line in receipt.lines() {
            for words in [line.text(), line.name(), line.value()].into_iter().flatten() {
                assert!(text.contains(words.trim()), "{words}");
            }
        }
    }
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides as u64).expect("fits")
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.roll(from.len())]
    }

    /// A text of words that make trouble.
    fn text(&mut self) -> String {
        const WORDS: &[&str] = &[
            "Betrag",
            "EUR",
            "0,01",
            "Händlerbeleg",
            "   ",
            "\u{1b}p0",
            "\u{0}",
            "\t",
            "\u{202e}gnp.exe",
            "日本語の領収書",
            "e\u{301}\u{302}\u{303}",
            "👨‍👩‍👧‍👦",
            "🇩🇪",
            "مرحبا",
            "שלום",
            "ﬁ",
            "\u{200b}",
            "<b>&amp;",
            "न्त्रि",
            "ก็็็็",
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ];
        (0..self.roll(6)).map(|_| self.pick(WORDS).to_owned() + [" ", "", "  "][self.roll(3)]).collect()
    }

    fn line(&mut self) -> serde_json::Value {
        let decoration = self.pick(&["important", "align-center", "align_right", "align-left", "none"]);
        let kind = self.pick(&["textline", "name-value", "separator", "space", "hologram"]);
        let (text, name, value) = (self.text(), self.text(), self.text());
        serde_json::json!({"type": kind, "value":
            {"caption": text, "text": text, "name": name, "value": value, "decoration": [decoration]}})
    }
}

#[test]
fn no_row_is_wider_than_the_paper_no_word_is_lost_and_nothing_commands_the_printer() {
    let mut dice = Dice(0x5EC0_9055);
    for round in 0..3000 {
        let lines: Vec<_> = (0..1 + dice.roll(4)).map(|_| dice.line()).collect();
        let json = serde_json::to_vec(&lines).expect("JSON");
        let receipt = Receipt::parse(&json, ReceiptCopy::Merchant).expect("a receipt");
        let columns = 16 + u16::try_from(dice.roll(81)).expect("fits");
        let text = receipt.to_text(columns).expect("text");
        for row in text.lines() {
            assert!(row.width() <= usize::from(columns), "round {round}: {} > {columns}: {row:?}", row.width());
            assert!(!row.ends_with(' '), "round {round}: {row:?}");
        }
        assert!(!text.chars().any(|c| c != '\n' && (c.is_control() || c == '\u{202e}')), "round {round}: {text:?}");
        // Rules are drawn with hyphens, which none of the words has.
        let words = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect::<String>();
        let all: String =
            receipt.lines().iter().flat_map(|line| [line.text(), line.name(), line.value()]).flatten().collect();
        assert_eq!(words(&text), words(&all), "round {round}");
    }
}

#[test]
fn parsing_never_panics_whatever_is_cut_or_changed() {
    let json = std::fs::read(format!("{ROOT}/tests/fixtures/payment-elv-ok.json")).expect("a fixture");
    let mut dice = Dice(0xBAD);
    let mut read = 0;
    for round in 0..4000 {
        let mut broken = json.clone();
        for _ in 0..1 + dice.roll(2) {
            let at = dice.roll(broken.len());
            match dice.roll(3) {
                0 => broken.truncate(at + 1),
                1 => broken[at] = b"0aZ \\\xff\"}"[dice.roll(8)],
                _ => drop(broken.splice(at..at, b"\"]},{[\\ud83d:0".iter().copied())),
            }
        }
        if let Ok(receipt) = Receipt::parse(&broken, ReceiptCopy::Merchant) {
            let text = receipt.to_text(32).expect("text");
            assert!(text.graphemes(true).count() < 1_000_000, "round {round}");
            receipt.to_json();
            read += 1;
        }
    }
    assert!(read > 100, "too few of the receipts could still be read for this to show anything: {read}");
}
