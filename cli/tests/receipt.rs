//! `secupos receipt`, as a till's maker tries it first.

use std::io::Write;
use std::process::{Command, Output, Stdio};

const FIXTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/payment-elv-ok.json");

fn receipt(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_secupos")).arg("receipt").args(arguments).output().expect("it runs")
}

fn printed(arguments: &[&str]) -> Vec<u8> {
    let output = receipt(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// What it prints of a document on its standard input.
fn printed_of(document: &[u8], arguments: &[&str]) -> Vec<u8> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_secupos"))
        .args(["receipt", "-"])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it runs");
    child.stdin.take().expect("a pipe").write_all(document).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{arguments:?}: {}", output.status);
    output.stdout
}

#[test]
fn a_file_becomes_the_customers_copy_as_text_on_42_columns() {
    let golden = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/golden/receipts/payment-elv-ok.customer.42.txt");
    assert_eq!(printed(&[FIXTURE]), std::fs::read(golden).expect("the golden file"));
}

#[test]
fn standard_input_is_read_too_also_a_bare_array() {
    let lines = br#"[{"type":"name-value","value":{"name":"Summe","value":"1,00"}}]"#;
    assert_eq!(printed_of(lines, &["--columns", "16"]), b"Summe       1,00\n");
}

#[test]
fn what_it_told_as_json_is_read_again() {
    let told = printed(&[FIXTURE, "--copy", "merchant", "--format", "json"]);
    assert_eq!(printed_of(&told, &["--copy", "merchant"]), printed(&[FIXTURE, "--copy", "merchant"]));
}

#[test]
fn every_format_comes_out() {
    for (format, begin) in [
        ("text", &b"         Kartenzahlung\n"[..]),
        ("escpos", b"\x1b@\x1c.\x1bR\x00\x1bt\x10"),
        ("html", b"<section class=\"secupos-receipt"),
        ("pdf", b"%PDF-1.4\n"),
        ("json", b"{\"amount_matches\":true"),
    ] {
        let bytes = printed(&[FIXTURE, "--format", format, "--columns", "32"]);
        assert!(bytes.starts_with(begin), "{format}: {}", String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn json_says_which_line_asks_for_the_signature() {
    let json: serde_json::Value =
        serde_json::from_slice(&printed(&[FIXTURE, "--copy", "merchant", "--format", "json"])).expect("JSON");
    assert_eq!(json["signature"]["decision"], "required");
    assert_eq!(json["signature"]["line"], "Unterschrift umseitig");
    assert_eq!(json["lines"].as_array().map(Vec::len), Some(23));
    assert_eq!(json["fields"]["receipt_no"]["value"], "0003");
}

#[test]
fn the_code_page_the_cut_and_the_marks_are_chosen() {
    let job = printed(&[FIXTURE, "--format", "escpos", "--code-page", "cp858", "--cut", "full", "--feed", "2"]);
    assert!(job.starts_with(b"\x1b@\x1c.\x1bR\x00\x1bt\x13") && job.ends_with(b"\x1bd\x02\x1dVA\x00"));
    let marked = String::from_utf8(printed(&[FIXTURE, "--duplicate", "--reversed"])).expect("UTF-8");
    assert_eq!(marked.matches("*** KOPIE *** ").count(), 2);
    assert_eq!(marked.matches("*** STORNIERT ***").count(), 2);
    let english = String::from_utf8(printed(&[FIXTURE, "--duplicate", "--english"])).expect("UTF-8");
    assert_eq!(english.matches("*** COPY *** ").count(), 2);
}

#[test]
fn why_a_receipt_is_judged_as_it_is() {
    let told = String::from_utf8(printed(&["--explain", FIXTURE])).expect("UTF-8");
    for row in [
        "   2  MUSTERFIRMA GmbH          head",
        "   7  Beleg-Nr.  0003           receipt_no 0003",
        "  13  BLZ  51100                bank BLZ 51100, Konto-Nr. 1060093836",
        "   3 signature word beside a drawn line: no line is drawn beside the word (22: Unterschrift umseitig)",
        "=> 4 direct debit or mandate: required: a direct debit, and this row says where to sign (22: Unterschrift umseitig)",
        "   8 silent girocard: it is no girocard",
        "signature required",
    ] {
        assert!(told.lines().any(|line| line == row), "{row}\n{told}");
    }
    let json: serde_json::Value = serde_json::from_slice(&printed(&["--explain", "--json", FIXTURE])).expect("JSON");
    assert_eq!(json["signature"]["decision"], "required");
    let steps = json["receipts"][0].as_array().expect("steps");
    assert_eq!(steps.iter().filter(|step| step["decided"] == true).count(), 1);
    let rows = json["rows"].as_array().expect("rows");
    assert!(rows.iter().any(|row| row["index"] == 7 && row["fields"]["receipt_no"] == "0003"), "{rows:?}");
    // The customer's copy decides nothing.
    let customer = String::from_utf8(printed(&["--explain", FIXTURE, "--copy", "customer"])).expect("UTF-8");
    assert!(customer.ends_with("\nsignature unknown: only the merchant's copy says it\n"), "{customer}");
}

#[test]
fn what_cannot_be_fails_and_says_why() {
    for (arguments, why) in [
        (&["no-such-file.json"][..], "no-such-file.json cannot be read"),
        (&[FIXTURE, "--columns", "15"], "columns is 15; it must be from 16 to 96"),
        (&[FIXTURE, "--format", "escpos", "--code-page", "utf8"], "code_page is UTF-8"),
        (&[FIXTURE, "--slot", "3"], "--code-page"),
        (&[FIXTURE, "--json"], "--explain"),
        (&[FIXTURE, "--explain", "--columns", "32"], "--columns"),
        (&[FIXTURE, "--format", "docx"], "possible values: text, escpos, html, pdf, json"),
        (&["/dev/zero"], "the receipt has 2097152 bytes; at most 1048576 are read"),
        (&["/dev/null"], "the receipt is not JSON"),
    ] {
        let output = receipt(arguments);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(matches!(output.status.code(), Some(2 | 4)) && output.stdout.is_empty(), "{arguments:?}");
        assert!(told.contains(why), "{arguments:?}: {told}");
    }
}

#[test]
fn characters_that_are_written_otherwise_are_counted() {
    let several = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/several-receipts.json");
    let output = receipt(&[several, "--code-page", "cp437"]);
    // The umlauts are bytes of CP437, which are no UTF-8; EUR is three characters wide.
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(shown.contains("0,00 EUR statt\n2,80 EUR\n"), "{shown}");
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("2 characters are written otherwise"));
}
