//! The marks of reprints and reversed payments, card numbers, what options refuse, and what a job for a printer is made of.

use secupos::error::{Error, Language, Status};
use secupos::receipt::{CodePage, Cut, Decision, Format, Options, Receipt, ReceiptCopy};
use serde_json::{Value, json};

use crate::fixture;

/// 25 February 2021, 12:00 in Germany.
const NOON: i64 = 1_614_250_800_000;

fn text(receipt: &Receipt, options: &Options) -> String {
    String::from_utf8(receipt.render(options).expect("rendered")).expect("UTF-8")
}

fn parse(lines: &Value, copy: ReceiptCopy) -> Receipt {
    Receipt::parse(lines.to_string().as_bytes(), copy).expect("a receipt")
}

fn reprint() -> Options {
    let mut options = Options::default();
    options.set_duplicate(Some(NOON)).expect("a time");
    options
}

#[test]
fn a_reprint_says_so_with_the_time_in_its_first_and_last_line() {
    let receipt = fixture("payment-elv-ok", ReceiptCopy::Customer);
    let printed = text(&receipt, &reprint());
    let rows: Vec<_> = printed.lines().collect();
    let mark = "*** KOPIE *** 25.02.2021 12:00";
    assert_eq!((rows[0].trim(), rows[1]), (mark, ""));
    assert_eq!((rows[rows.len() - 2], rows[rows.len() - 1].trim()), ("", mark));
    assert_eq!(printed.matches("KOPIE").count(), 2);
    let between = rows[2..rows.len() - 2].join("\n") + "\n";
    assert_eq!(between, receipt.to_text(42).expect("text"), "the lines stay as they were");
}

#[test]
fn a_receipt_that_says_it_by_itself_is_not_marked_twice() {
    let line = |words: &str| json!({"type": "textline", "value": {"text": words, "decoration": ["align-center"]}});
    let own = json!([line("*** KOPIE ***"), line("VISA"), line("*** KOPIE ***")]);
    assert_eq!(text(&parse(&own, ReceiptCopy::Customer), &reprint()).matches("KOPIE").count(), 2);
    // A merchant of that name says nothing of the kind.
    let shop = json!([line("Kopie Meier"), line("VISA")]);
    assert_eq!(text(&parse(&shop, ReceiptCopy::Customer), &reprint()).matches("*** KOPIE ***").count(), 2);
}

#[test]
fn a_reversed_payment_says_so_inside_the_mark_of_its_reprint() {
    let mut options = reprint();
    options.set_reversed(true);
    let printed = text(&fixture("payment-elv-ok", ReceiptCopy::Customer), &options);
    let rows: Vec<_> = printed.lines().map(str::trim).collect();
    assert_eq!(rows[..2], ["*** KOPIE *** 25.02.2021 12:00", "*** STORNIERT ***"]);
    assert_eq!(rows[rows.len() - 2..], ["*** STORNIERT ***", "*** KOPIE *** 25.02.2021 12:00"]);
    options.set_language(Language::English);
    let printed = text(&fixture("payment-elv-ok", ReceiptCopy::Customer), &options);
    assert!(printed.contains("*** COPY ***") && printed.contains("*** REVERSED ***"), "{printed}");
    assert!(!printed.contains("KOPIE") && printed.contains("Karte akzeptiert"), "{printed}");
}

#[test]
fn a_reprinted_merchants_copy_does_not_ask_for_a_second_signature() {
    let receipt = fixture("payment-elv-ok", ReceiptCopy::Merchant);
    let signature = |options: &Options| {
        let mut options = options.clone();
        options.set_format(Format::Json);
        serde_json::from_str::<Value>(&text(&receipt, &options)).expect("JSON")["signature"].clone()
    };
    assert_eq!(signature(&Options::default())["decision"], "required");
    assert_eq!(signature(&reprint()), json!({"decision": "not_required", "line": null, "index": null}));
    assert!(text(&receipt, &reprint()).contains("Nicht noch einmal unterschreiben"));
    assert!(!text(&receipt, &Options::default()).contains("Nicht noch einmal"));
    assert_eq!(receipt.signature().decision, Decision::Required, "of the payment itself nothing changes");
    let mut reversed = Options::default();
    reversed.set_reversed(true);
    assert_eq!(signature(&reversed)["decision"], "not_required");
    let silent = parse(&json!([{"type": "textline", "value": {"text": "VISA"}}]), ReceiptCopy::Merchant);
    assert!(!text(&silent, &reprint()).contains("Nicht noch einmal"), "nobody signed it in the first place");
}

#[test]
fn a_slip_that_must_be_signed_and_has_no_place_for_it_gets_one() {
    let slips = crate::slips::read("terminal-slips");
    let printed = |name: &str, copy: ReceiptCopy, options: &Options| {
        let slip = slips.iter().find(|slip| slip["name"] == name).expect(name);
        text(&crate::slips::receipt(slip, copy), options)
    };
    let usual = Options::default();
    let merchant = printed("EuroELV under its product name, no line", ReceiptCopy::Merchant, &usual);
    let rows: Vec<_> = merchant.lines().map(str::trim).collect();
    assert_eq!(rows[rows.len() - 4..], ["", "Unterschrift des Kunden", "", &format!("X{}", "_".repeat(41))]);
    // Not the customer's copy, no second time, and not where the terminal has said where.
    for (name, copy, options) in [
        ("EuroELV under its product name, no line", ReceiptCopy::Customer, &usual),
        ("EuroELV under its product name, no line", ReceiptCopy::Merchant, &reprint()),
        ("elv, the mandate on the back", ReceiptCopy::Merchant, &usual),
        ("swiss registrazione, signature in italian", ReceiptCopy::Merchant, &usual),
        ("girocard with pin, advertising for direct debit below", ReceiptCopy::Merchant, &usual),
    ] {
        assert!(!printed(name, copy, options).contains("Unterschrift des Kunden"), "{name}");
    }
}

#[test]
fn the_customers_copy_shows_no_card_number_the_merchants_does() {
    let pair = |name: &str, value: &str| json!({"type": "name-value", "value": {"name": name, "value": value}});
    let lines = json!([
        pair("Kartennr.", "4111111111111111"),
        pair("Kundenkarte", "5555555555554444"),
        {"type": "textline", "value": {"text": "VISA 4111 1111 1111 1111 bis 12/22"}},
        {"type": "separator", "value": {"caption": "378282246310005"}},
    ]);
    for format in [Format::Text, Format::EscPos, Format::Html, Format::Pdf] {
        for columns in [16, 42, 96] {
            let shown = |copy: ReceiptCopy| {
                let mut options = Options::new(format);
                options.set_columns(columns).expect("columns");
                let bytes = parse(&lines, copy).render(&options).expect("rendered");
                String::from_utf8_lossy(&bytes).into_owned()
            };
            let customer = shown(ReceiptCopy::Customer);
            for hidden in ["4111111111111111", "4111 1111", "378282246310005"] {
                assert!(!customer.contains(hidden), "{format:?} {columns}: {customer}");
            }
            assert!(customer.contains("411111######1111") && customer.contains("5555555555554444"), "{customer}");
            assert!(shown(ReceiptCopy::Merchant).contains("4111111111111111"));
        }
    }
    let json = |copy| {
        let json = text(&parse(&lines, copy), &Options::new(Format::Json));
        serde_json::from_str::<Value>(&json).expect("JSON")
    };
    assert_eq!(json(ReceiptCopy::Merchant)["lines"], lines, "the merchant's copy keeps what it is");
    let customer = json(ReceiptCopy::Customer);
    assert_eq!(customer["lines"][0], pair("Kartennr.", "411111######1111"));
    assert_eq!(customer["lines"][1], lines[1]);
    assert_eq!(customer["lines"][2]["value"]["text"], "VISA 4111 11## #### 1111 bis 12/22");
    assert_eq!(customer["lines"][3]["value"]["caption"], "378282#####0005");
    assert_eq!(customer["fields"]["card"]["value"], "411111######1111");
    // What is printed nowhere, and what only looks otherwise, is hidden, too.
    let others = json!([
        {"type": "barcode", "value": {"pan": 4111111111111111_u64, "more": ["4111\u{200b}111111111111"]}},
        {"type": "textline", "value": {"text": "4111\u{ad}1111\u{200b}1111 1111"}},
    ]);
    let json = parse(&others, ReceiptCopy::Customer).to_json().to_string();
    assert!(json.matches("411111######1111").count() == 2 && !json.contains("41111111"), "{json}");
}

#[test]
fn the_loyalty_cards_number_is_printed_in_full() {
    assert!(fixture("loyalty-topup-ok", ReceiptCopy::Customer).to_text(32).expect("text").contains("9276004429942845"));
}

#[test]
fn options_refuse_what_cannot_be_and_name_the_argument() {
    let mut options = Options::new(Format::EscPos);
    let refused = |result: Result<(), Error>, argument: &str| {
        let error = result.expect_err("refused");
        assert_eq!(error.status(), Status::InvalidArgument);
        assert!(error.message().starts_with(argument), "{error}");
    };
    refused(options.set_columns(15), "columns is 15");
    refused(options.set_columns(97), "columns is 97");
    refused(options.set_code_page(CodePage::Utf8, Some(1)), "slot");
    refused(options.set_duplicate(Some(-1)), "duplicate is -1");
    refused(options.set_duplicate(Some(i64::MAX)), "duplicate");
    refused(options.set_prefix(&[0; 65_537]), "prefix has 65537 bytes");
    refused(options.set_suffix(&[0; 65_537]), "suffix");
    options.set_code_page(CodePage::Utf8, None).expect("for text");
    refused(fixture("payment-elv-ok", ReceiptCopy::Customer).render(&options).map(drop), "code_page");
}

#[test]
fn a_job_is_prefix_set_up_rows_feed_cut_and_suffix() {
    let receipt = parse(&json!([{"type": "textline", "value": {"text": "Käse 5 €"}}]), ReceiptCopy::Customer);
    let mut options = Options::new(Format::EscPos);
    let job = receipt.render(&options).expect("a job");
    assert_eq!(job, b"\x1b@\x1c.\x1bR\x00\x1bt\x10K\xe4se 5 \x80\n\x1bd\x04");
    options.set_prefix(b"<<").expect("a prefix");
    options.set_suffix(b">>").expect("a suffix");
    options.set_code_page(CodePage::Cp437, Some(7)).expect("a page");
    options.set_feed(0);
    for (cut, bytes) in [(Cut::None, &b""[..]), (Cut::Partial, b"\x1dVB\x00"), (Cut::Full, b"\x1dVA\x00")] {
        options.set_cut(cut);
        let job = receipt.render(&options).expect("a job");
        assert_eq!(job, [b"<<\x1b@\x1c.\x1bR\x00\x1bt\x07K\x84se 5 EUR\n\x1bd\x00", bytes, b">>"].concat());
    }
}
