//! Shapes that servers and clients were seen to send, in `tests/fixtures/second-look`.

use secupos::receipt::{Receipt, ReceiptCopy};

use crate::fixture;

fn text(name: &str) -> String {
    fixture(&format!("second-look/{name}"), ReceiptCopy::Customer).to_text(32).expect("text")
}

#[test]
fn a_header_apart_from_the_body() {
    let text = text("receipt-with-header-and-body");
    let rows: Vec<_> = text.lines().map(str::trim).filter(|row| !row.is_empty()).collect();
    let expected = [
        "Musterbäckerei",
        "Kirchgasse 3",
        "STORNO",
        "Datum:                12.03.2024",
        "Storno EUR                  4,20",
        "Betrag storniert",
    ];
    assert_eq!(rows, expected);
}

#[test]
fn lines_that_are_plain_text() {
    assert_eq!(text("receipt-with-plain-text-lines"), "Musterbäckerei\nVielen Dank\n\n");
}

#[test]
fn three_separators_in_one_array() {
    let text = text("receipt-with-three-sections");
    for words in
        ["Kartenzahlung", "girocard", "4,20", "Bonuspunkte", "Neu", "12", "Gutschein", "10 % auf den nächsten Einkauf"]
    {
        assert!(text.contains(words), "{words}: {text}");
    }
    // Points are no amount of the payment.
    let receipt = fixture("second-look/receipt-with-three-sections", ReceiptCopy::Customer);
    assert_eq!(receipt.field("amount").map(|field| field.value).as_deref(), Some("4,20"));
}

#[test]
fn an_amount_in_swiss_francs() {
    let receipt = fixture("second-look/swiss-receipt", ReceiptCopy::Customer);
    let amount = &receipt.to_json()["fields"]["amount"];
    assert_eq!(
        (&amount["value"], &amount["minor_units"], &amount["currency"]),
        (&"12,50".into(), &1250.into(), &"CHF".into())
    );
}

#[test]
fn card_numbers_in_unusual_groups() {
    let receipt = fixture("second-look/card-number-groupings", ReceiptCopy::Customer);
    for shown in [receipt.to_text(42).expect("text"), receipt.to_json().to_string()] {
        let digits: String = shown.chars().filter(char::is_ascii_digit).collect();
        assert!(!digits.contains("4111111111111111"), "{shown}");
        assert!(shown.contains("A0000001211010"), "{shown}");
    }
    let lines = receipt.lines().iter().filter_map(|line| line.value());
    assert_eq!(
        lines.take(4).collect::<Vec<_>>(),
        ["411111 ######1111", "4111 11###### 1111", "4111/11##/####/1111", "4111·11##·####·1111"]
    );
}

#[test]
fn a_file_as_windows_programs_write_it() {
    let json = crate::fixture_json("second-look/swiss-receipt");
    let plain = Receipt::parse(&json, ReceiptCopy::Customer).expect("a receipt");
    let with_mark = [b"\xef\xbb\xbf", &json[..]].concat();
    let text = String::from_utf8(json).expect("UTF-8");
    let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [with_mark, [b"\xff\xfe", &units[..]].concat(), units] {
        assert!(Receipt::parse(&bytes, ReceiptCopy::Customer).expect("a receipt") == plain);
    }
}
