//! Receipts as text, compared with files that people have read; and what holds for every receipt at every width.

use std::path::PathBuf;

use secupos::receipt::{Decision, Receipt, ReceiptCopy};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// One copy from a fixture.
fn fixture(name: &str, copy: ReceiptCopy) -> Receipt {
    let json = std::fs::read(format!("{ROOT}/tests/fixtures/{name}.json")).expect("a fixture");
    Receipt::parse(&json, copy).expect("a receipt")
}

/// The golden file, or what to do if the receipt has another text now.
fn assert_golden(name: &str, copy: ReceiptCopy, columns: u16) {
    let text = fixture(name, copy).to_text(columns).expect("text");
    let file = format!("{name}.{}.{columns}.txt", copy.name());
    let golden = PathBuf::from(format!("{ROOT}/tests/golden/receipts/{file}"));
    if std::fs::read_to_string(&golden).is_ok_and(|expected| expected == text) {
        return;
    }
    let new = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(file);
    std::fs::write(&new, &text).expect("the new text is written");
    panic!("not what {0} says. Look at it; if it is right: cp {1} {0}", golden.display(), new.display());
}

#[test]
fn the_documented_payment_at_32_columns() {
    assert_golden("payment-elv-ok", ReceiptCopy::Customer, 32);
    assert_golden("payment-elv-ok", ReceiptCopy::Merchant, 32);
}

#[test]
fn the_documented_payment_at_42_columns() {
    assert_golden("payment-elv-ok", ReceiptCopy::Customer, 42);
    assert_golden("payment-elv-ok", ReceiptCopy::Merchant, 42);
}

#[test]
fn the_documented_payment_at_48_columns() {
    assert_golden("payment-elv-ok", ReceiptCopy::Customer, 48);
    assert_golden("payment-elv-ok", ReceiptCopy::Merchant, 48);
}

#[test]
fn the_documented_loyalty_receipt() {
    assert_golden("loyalty-topup-ok", ReceiptCopy::Customer, 32);
}

#[test]
fn every_type_of_line_and_every_decoration_on_narrow_paper() {
    assert_golden("every-line", ReceiptCopy::Customer, 16);
}

#[test]
fn every_type_of_line_and_every_decoration_on_wide_paper() {
    assert_golden("every-line", ReceiptCopy::Customer, 42);
}

#[test]
fn a_reversal_leaves_the_receipts_as_they_were() {
    for copy in [ReceiptCopy::Customer, ReceiptCopy::Merchant] {
        let text = |name: &str| fixture(name, copy).to_text(42).expect("text");
        assert_eq!(text("payment-elv-ok"), text("payment-elv-cancelled"));
    }
}

#[test]
fn a_failed_payment_has_no_receipt() {
    let receipt = fixture("payment-failed", ReceiptCopy::Merchant);
    assert!(receipt.is_empty());
    assert_eq!(receipt.to_text(42).expect("text"), "");
}

#[test]
fn every_line_of_the_documented_payment_is_printed() {
    for (copy, count) in [(ReceiptCopy::Customer, 21), (ReceiptCopy::Merchant, 23)] {
        let receipt = fixture("payment-elv-ok", copy);
        assert_eq!(receipt.lines().len(), count);
        let text = receipt.to_text(32).expect("text");
        for line in receipt.lines() {
            for words in [line.text(), line.name(), line.value()].into_iter().flatten() {
                assert!(text.contains(words.trim()), "{words}");
            }
        }
    }
}

#[test]
fn the_documented_payment_must_be_signed_and_its_reversal_not() {
    let signature = fixture("payment-elv-ok", ReceiptCopy::Merchant).signature();
    assert_eq!(signature.decision, Decision::Required);
    assert_eq!((signature.line, signature.text.as_deref()), (Some(22), Some("Unterschrift umseitig")));
    assert_eq!(fixture("payment-elv-ok", ReceiptCopy::Customer).signature().decision, Decision::Unknown);
    assert_eq!(fixture("payment-elv-cancelled", ReceiptCopy::Merchant).signature().decision, Decision::NotRequired);
    assert_eq!(fixture("payment-failed", ReceiptCopy::Merchant).signature().decision, Decision::NotRequired);
}

#[test]
fn what_the_documented_payment_says() {
    let receipt = fixture("payment-elv-ok", ReceiptCopy::Merchant);
    let fields: Vec<_> = receipt.fields().into_iter().map(|field| (field.name, field.value, field.line)).collect();
    let expected = [
        ("date", "25.02.2021", 5),
        ("time", "08:46:48 Uhr", 6),
        ("receipt_no", "0003", 7),
        ("trace_no", "000011", 8),
        ("brand", "ec-Lastschrift", 11),
        ("bank", "BLZ 51100, Konto-Nr. 1060093836", 13),
        ("expiry", "12/22", 15),
        ("terminal_id", "72015255", 16),
        ("amount", "0,01", 18),
    ];
    assert_eq!(fields, expected.map(|(name, value, line)| (name, value.to_owned(), line)));
    assert_eq!(receipt.to_json()["amount_matches"], true);
}

#[test]
fn debug_shows_how_long_a_receipt_is_and_nothing_of_it() {
    let receipt = fixture("payment-elv-ok", ReceiptCopy::Merchant);
    assert_eq!(format!("{receipt:?}"), "Receipt { copy: Merchant, 23 lines }");
    assert_eq!(format!("{:?}", receipt.signature()), "Signature { Required, line: Some(22) }");
    assert_eq!(format!("{:?}", receipt.field("bank").expect("a field")), "Field { bank in line 13 }");
}

#[test]
fn a_hostile_receipt_is_laid_out_at_once() {
    // As large as is read, of what made a naive layout slow: each character asks anew whether the row is full.
    for filling in [" ", "\u{200b}", "\u{301}", "日", "a ", "\u{ad}", "👍🏽"] {
        let text = "x".repeat(20) + &filling.repeat(9_000 / filling.chars().count()) + "x";
        let line = serde_json::json!({"type": "name-value", "value": {"name": text, "value": text}});
        let count = 1_000_000 / line.to_string().len();
        let json = serde_json::to_vec(&vec![line; count]).expect("JSON");
        let receipt = Receipt::parse(&json, ReceiptCopy::Merchant).expect("a receipt");
        let begin = std::time::Instant::now();
        let length = receipt.to_text(16).expect("text").len();
        assert!(length < 4 * 1024 * 1024, "{filling:?}: {length} bytes");
        // Unoptimised it takes well below a second; the naive one took minutes.
        assert!(begin.elapsed().as_secs() < 10, "{filling:?}: {:?}", begin.elapsed());
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
            "\u{9b}31m",
            "\u{2067}5,00\u{2069}",
            "1\u{fe0f}\u{20e3}",
            "☎\u{fe0f}",
            "\u{fe0f}",
            "\u{200d}",
            "لا",
            "\u{3000}",
            "\u{a0}",
            "\u{ad}",
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
        let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        assert!(!text.chars().any(|c| c != '\n' && (c.is_control() || turns(c))), "round {round}: {text:?}");
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
