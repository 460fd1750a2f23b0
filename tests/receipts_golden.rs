//! Receipts as text, compared with files that people have read.

use std::path::PathBuf;

use secupos::receipt::{Decision, Receipt, ReceiptCopy};

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
fn an_end_of_day_receipt() {
    assert_golden("end-of-day", ReceiptCopy::Merchant, 32);
    assert_golden("end-of-day", ReceiptCopy::Merchant, 42);
}

#[test]
fn the_end_of_a_day_is_not_signed() {
    // It names the direct debit, between rules.
    assert_eq!(fixture("end-of-day", ReceiptCopy::Merchant).signature().decision, Decision::Unknown);
}

#[test]
fn a_diagnosis_receipt() {
    assert_golden("diagnosis", ReceiptCopy::Merchant, 32);
    assert_golden("diagnosis", ReceiptCopy::Merchant, 42);
}

#[test]
fn several_receipts_in_one_array() {
    assert_golden("several-receipts", ReceiptCopy::Customer, 32);
    assert_golden("several-receipts", ReceiptCopy::Customer, 42);
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
