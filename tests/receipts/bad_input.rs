//! Bad input: what comes out is bounded, or there is an error that says why.

use std::time::Instant;

use secupos::error::Status;
use secupos::receipt::{CodePage, Format, Options, Receipt, ReceiptCopy};
use serde_json::{Value, json};

/// All formats, and all code pages where there is a choice.
fn every_way(columns: u16) -> Vec<Options> {
    let mut ways = Vec::new();
    for format in Format::ALL {
        for page in CodePage::ALL {
            let mut options = Options::new(format);
            options.set_columns(columns).expect("columns");
            let chosen = page != CodePage::Utf8 && matches!(format, Format::Text | Format::EscPos);
            if chosen {
                options.set_code_page(page, None).expect("a page");
            }
            if chosen || page == CodePage::Utf8 {
                ways.push(options);
            }
        }
    }
    ways
}

/// Renders it in every way, and says how large the largest output is.
fn largest(json: &[u8], copy: ReceiptCopy, columns: u16) -> usize {
    let receipt = Receipt::parse(json, copy).expect("a receipt");
    every_way(columns).iter().map(|options| receipt.render(options).expect("rendered").len()).max().expect("a way")
}

fn line(text: &str) -> Value {
    json!({"type": "textline", "value": {"text": text, "decoration": []}})
}

#[test]
fn each_bad_text_is_printed_within_bounds() {
    let long = "x".repeat(10_000);
    for (what, text) in [
        ("escape sequences", "\u{1b}p\u{0}\u{19}\u{fa}\u{1b}[31m\u{9b}2J\u{7}"),
        ("a bidi override", "\u{202e}00,5 RUE\u{202c}\u{2066}x"),
        ("HTML", "</section><script>alert(1)</script><img src=x onerror=alert(1)>&lt;"),
        ("PDF", ") Tj ET endstream endobj \\"),
        ("a word of 10,000 characters", &long),
        ("right-to-left text", "שלום مرحبا 5,00"),
        ("CJK text", "日本語の領収書を発行します"),
        ("emoji", "👨‍👩‍👧‍👦🇩🇪👍🏽1\u{fe0f}\u{20e3}"),
        ("combining marks", &("e".to_owned() + &"\u{301}".repeat(500))),
        ("nothing", ""),
    ] {
        let pair = json!({"type": "name-value", "value": {"name": text, "value": text}});
        let caption = json!({"type": "separator", "value": {"caption": text}});
        let json = json!([line(text), pair, caption]).to_string();
        for copy in [ReceiptCopy::Customer, ReceiptCopy::Merchant] {
            for columns in [16, 96] {
                // On narrow paper a PDF says for a few words at a time where they stand.
                let size = largest(json.as_bytes(), copy, columns);
                assert!(size < 5_000 + 20 * json.len(), "{what}: {size} bytes from {}", json.len());
            }
        }
    }
}

#[test]
fn wrong_types_and_half_characters_are_taken_as_they_are_meant() {
    for (json, said) in [
        (r#"[{"type":"textline","value":{"text":12.5}}]"#, "12.5\n"),
        (r#"[{"type":"name-value","value":{"name":1,"value":true}}]"#, "1           true\n"),
        (r#"[{"type":"textline","value":{"text":"a\ud83db"}}]"#, "a\u{fffd}b\n"),
        (r#"[{"type":"textline","value":{"text":["a"]}}]"#, "\n"),
        (r#"[{"type":7,"value":"x"},null,[],"y"]"#, "x\n\n\ny\n"),
    ] {
        let receipt = Receipt::parse(json.as_bytes(), ReceiptCopy::Customer).expect(json);
        assert_eq!(receipt.to_text(16).expect("text"), said, "{json}");
        assert!(largest(json.as_bytes(), ReceiptCopy::Customer, 16) < 10_000);
    }
}

#[test]
fn a_receipt_without_lines_has_nothing_to_print() {
    for json in ["[]", "{}", r#"{"status":"failed","receipt":null}"#] {
        let receipt = Receipt::parse(json.as_bytes(), ReceiptCopy::Customer).expect(json);
        for mut options in every_way(42) {
            options.set_duplicate(Some(0)).expect("a time");
            options.set_prefix(b"\x1bp\x00\x19\xfa").expect("a prefix");
            let bytes = receipt.render(&options).expect("rendered");
            assert_eq!(bytes.is_empty(), !bytes.starts_with(b"{\"amount_matches\""), "{json} {bytes:?}");
        }
    }
}

#[test]
fn too_many_lines_and_too_long_words_are_errors_that_say_so() {
    let many = serde_json::to_vec(&vec![json!({}); 100_000]).expect("JSON");
    let long = serde_json::to_vec(&[line(&"x".repeat(10_001))]).expect("JSON");
    for (json, why) in
        [(many, "the receipt has 100000 lines; at most 10000 are taken"), (long, "more than 10000 characters")]
    {
        let error = Receipt::parse(&json, ReceiptCopy::Merchant).expect_err("refused");
        assert_eq!(error.status(), Status::ReceiptTooLarge);
        assert!(error.message().contains(why), "{error}");
    }
}

#[test]
fn a_large_receipt_is_rendered_in_every_format_within_bounds_and_time() {
    for json in [
        serde_json::to_vec(&vec![line("0123456789 abcdef"); 10_000]).expect("JSON"),
        serde_json::to_vec(&vec![line(&"日".repeat(9_000)); 10]).expect("JSON"),
        serde_json::to_vec(&vec![line(&"4 ".repeat(5_000)); 20]).expect("JSON"),
        serde_json::to_vec(&vec![line(&"4111111111111111 ".repeat(580)); 20]).expect("JSON"),
    ] {
        let begin = Instant::now();
        let size = largest(&json, ReceiptCopy::Customer, 16);
        assert!(size < 4_000_000, "{size} bytes from {}", json.len());
        // Unoptimised it takes some seconds; where each card number looked back at the whole line it took minutes.
        assert!(begin.elapsed().as_secs() < 60, "{:?} for {} bytes", begin.elapsed(), json.len());
    }
}
