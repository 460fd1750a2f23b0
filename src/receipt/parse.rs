//! A receipt from JSON: a bare array of lines, one with its header apart, or one copy from a whole Smart Transaction;
//! or the JSON that secupos itself gave for a payment, a report or a receipt.

use serde_json::Value;

use crate::error::{Error, Result, Status};
use crate::lenient_json::document::{Content, Node};
use crate::lenient_json::{self, within};
use crate::money::Currency;
use crate::receipt::copy::{Raw, Receipt, ReceiptCopy};
use crate::receipt::line::Line;

/// The largest JSON that is read.
const LARGEST: usize = 1024 * 1024;
/// The most lines; real receipts have some twenty.
const MOST_LINES: usize = 10_000;
/// The longest text; what is cut off could be what counts, so that longer ones are refused.
const MOST_CHARACTERS: usize = 10_000;

impl Receipt {
    /// Reads a receipt.
    pub fn parse(json: &[u8], copy: ReceiptCopy) -> Result<Receipt> {
        read(json, |node| Ok(Receipt { raw: Raw::Received(json.into()), ..Receipt::from_node(node, copy)? }))
    }

    /// Takes one copy from a Smart Transaction. No receipt at all, null and an empty array are an empty receipt.
    pub fn from_transaction(transaction: &Value, copy: ReceiptCopy) -> Result<Receipt> {
        within(transaction, |node| {
            let lines = lines_of_transaction(node, copy)?;
            let receipt = Receipt::from_lines(&lines, copy)?.of_transaction(node);
            Ok(Receipt { raw: Raw::Lines(lines.into_iter().map(Node::to_value).collect()), ..receipt })
        })
    }

    fn from_node(node: Node<'_>, copy: ReceiptCopy) -> Result<Receipt> {
        let receipt = Receipt::from_lines(&lines(node, copy)?, copy)?;
        Ok(match form(node) {
            Form::Payment => {
                let currency = currency(node.member("currency"));
                let is_reversed = node.member("outcome").text().as_deref() == Some("reversed");
                let status = Some(node.member("status_text").text().unwrap_or_default().into_owned());
                Receipt { status, sum: integer(node.member("amount_charged")), currency, is_reversed, ..receipt }
            }
            Form::Report => Receipt { is_report: true, ..receipt },
            Form::Transaction => receipt.of_transaction(node),
            Form::Lines | Form::Receipt | Form::HeaderAndBody | Form::Other => receipt,
        })
    }

    /// The same, with what its transaction says beside it.
    fn of_transaction(self, transaction: Node<'_>) -> Receipt {
        let status = Some(transaction.member("status").text().unwrap_or_default().into_owned());
        let basket = transaction.member("basket_info");
        let currency = currency(basket.member("currency"));
        Receipt { status, sum: integer(basket.member("sum")), currency, ..self }
    }

    /// The lines as the server sent them; on the customer's copy without card numbers.
    pub(super) fn raw_lines(&self) -> Vec<Value> {
        let mut raw = match &self.raw {
            Raw::Lines(lines) => lines.clone(),
            Raw::Received(json) => {
                let copy = self.copy();
                let read = read(json, |node| Ok(lines(node, copy)?.into_iter().map(Node::to_value).collect()));
                // It has been read before.
                read.unwrap_or_default()
            }
        };
        if self.copy() == ReceiptCopy::Customer {
            raw.iter_mut().zip(self.lines()).for_each(|(raw, line)| line.hide_card_numbers_in(raw));
        }
        raw
    }

    fn from_lines(lines: &[Node<'_>], copy: ReceiptCopy) -> Result<Receipt> {
        if lines.len() > MOST_LINES {
            return Err(too_large(&format!("the receipt has {} lines; at most {MOST_LINES} are taken", lines.len())));
        }
        let mut lines: Vec<Line> = lines.iter().map(|line| Line::read(*line)).collect();
        if copy == ReceiptCopy::Customer {
            lines.iter_mut().for_each(Line::hide_card_numbers);
        }
        let is_long = |line: &Line| {
            line.texts().any(|text| text.len() > MOST_CHARACTERS && text.chars().nth(MOST_CHARACTERS).is_some())
        };
        match lines.iter().position(is_long) {
            None => Ok(Receipt { lines, ..Receipt::empty(copy) }),
            Some(line) => Err(too_large(&format!(
                "the receipt's line {line} (from 0) has a text of more than {MOST_CHARACTERS} characters"
            ))),
        }
    }
}

fn read<T>(json: &[u8], take: impl FnOnce(Node<'_>) -> Result<T>) -> Result<T> {
    if json.len() > LARGEST {
        return Err(too_large(&format!("the receipt has {} bytes; at most {LARGEST} are read", json.len())));
    }
    // serde_json names the fault and the place, and quotes nothing of what it reads into a node.
    let fault = |fault| malformed(&format!("is not JSON that can be read: {fault}"));
    lenient_json::read_in_place(json, take).map_err(fault)?
}

/// In which form a receipt can come.
enum Form {
    /// A bare array of lines.
    Lines,
    /// A payment, a report or a receipt as secupos tells it.
    Payment,
    Report,
    Receipt,
    /// The lines of a header and those of the body below it.
    HeaderAndBody,
    Transaction,
    Other,
}

fn form(node: Node<'_>) -> Form {
    match node {
        lines if lines.elements().is_some() => Form::Lines,
        payment if payment.member("receipts").is_object() => Form::Payment,
        report if report.member("receipt").member("lines").elements().is_some() => Form::Report,
        apart if apart.member("body").elements().is_some() => Form::HeaderAndBody,
        receipt if receipt.member("lines").elements().is_some() => Form::Receipt,
        transaction if transaction.is_object() => Form::Transaction,
        _ => Form::Other,
    }
}

/// The lines of a copy, wherever they stand.
fn lines<'n>(node: Node<'n>, copy: ReceiptCopy) -> Result<Vec<Node<'n>>> {
    let told = |receipt: Node<'n>| match receipt.member("lines").elements() {
        Some(lines) => Ok(lines.collect()),
        None => Err(malformed(&format!("of the {} has no lines", copy.name()))),
    };
    match form(node) {
        Form::Lines => Ok(node.elements().into_iter().flatten().collect()),
        Form::Payment => told(node.member("receipts").member(copy.name())),
        Form::Report => told(node.member("receipt")),
        Form::Receipt => told(node),
        Form::HeaderAndBody => Ok(header_and_body(node)),
        Form::Transaction => lines_of_transaction(node, copy),
        Form::Other => Err(malformed("is neither an array of lines nor a Smart Transaction")),
    }
}

fn lines_of_transaction<'n>(transaction: Node<'n>, copy: ReceiptCopy) -> Result<Vec<Node<'n>>> {
    match transaction.member(copy.member()) {
        nothing if nothing.content() == Content::Null => Ok(Vec::new()),
        // A loyalty answer has its header beside the customer's copy.
        bare if bare.elements().is_some() => {
            let header = transaction.member("receipt_header").elements().filter(|_| copy == ReceiptCopy::Customer);
            Ok(header.into_iter().flatten().chain(bare.elements().into_iter().flatten()).collect())
        }
        apart if apart.member("body").elements().is_some() => Ok(header_and_body(apart)),
        // A PHP backend writes an empty list as an empty object now and then.
        empty if empty.is_empty_object() => Ok(Vec::new()),
        _ => Err(malformed(&format!("is not an array of lines in \"{}\"", copy.member()))),
    }
}

fn header_and_body<'n>(apart: Node<'n>) -> Vec<Node<'n>> {
    ["header", "body"].into_iter().flat_map(|part| apart.member(part).elements().into_iter().flatten()).collect()
}

fn currency(node: Node<'_>) -> Option<Currency> {
    node.text().and_then(|code| code.parse().ok())
}

/// A whole number, which may also come as a text or with a fraction of nothing.
fn integer(node: Node<'_>) -> Option<i64> {
    match node.content() {
        Content::Number(number) => number.parse().ok().or_else(|| {
            // Every whole number up to 2^53 is one exactly.
            let whole = |float: &f64| float.fract() == 0.0 && float.abs() <= 9_007_199_254_740_992.0;
            number.parse::<f64>().ok().filter(whole).map(|float| float as i64)
        }),
        Content::Text(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// The same of a value.
pub(crate) fn integer_of(value: &Value) -> Option<i64> {
    within(value, integer)
}

fn too_large(fault: &str) -> Error {
    Error::new(Status::ReceiptTooLarge, fault)
}

fn malformed(fault: &str) -> Error {
    Error::new(Status::ReceiptMalformed, format!("the receipt {fault}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(json: &str) -> Result<usize> {
        Receipt::parse(json.as_bytes(), ReceiptCopy::Merchant).map(|receipt| receipt.lines().len())
    }

    #[test]
    fn an_array_of_lines_or_a_whole_transaction() {
        assert_eq!(lines(r#"[{"type":"space"},{"type":"space"}]"#), Ok(2));
        assert_eq!(lines(r#"{"receipt":[{"type":"space"}],"receipt_merchant":[]}"#), Ok(0));
        assert_eq!(lines(r#"{"receipt_merchant":[{"type":"space"}]}"#), Ok(1));
    }

    #[test]
    fn what_was_told_of_a_payment_a_report_or_a_receipt() {
        let receipt = r#"{"lines":[{"type":"space"},{"type":"space"}]}"#;
        assert_eq!(lines(receipt), Ok(2));
        assert_eq!(lines(&format!(r#"{{"report":"diagnosis","receipt":{receipt}}}"#)), Ok(2));
        let payment = |outcome: &str| {
            format!(
                r#"{{"outcome":"{outcome}","status_text":"ok","amount_charged":1,
                     "receipts":{{"customer":{{"lines":[]}},"merchant":{receipt}}}}}"#
            )
        };
        assert_eq!(lines(&payment("approved")), Ok(2));
        assert_eq!(lines(r#"{"outcome":"pending","receipts":null}"#), Ok(0));
        assert!(lines(r#"{"receipts":{}}"#).is_err());
        let reversed = Receipt::parse(payment("reversed").as_bytes(), ReceiptCopy::Merchant).expect("a receipt");
        assert!(reversed.to_text(42).expect("text").contains("*** STORNIERT ***"));
    }

    #[test]
    fn no_receipt_at_all_is_an_empty_one() {
        for json in ["[]", "{}", r#"{"receipt_merchant":null}"#, r#"{"receipt_merchant":{}}"#] {
            assert_eq!(lines(json), Ok(0), "{json}");
        }
    }

    #[test]
    fn what_is_no_receipt_is_an_error_that_says_where_and_quotes_nothing() {
        let deep = "[".repeat(10_000);
        for json in ["", "7", "\"secret\"", "[secret]", "{", r#"{"receipt_merchant":"secret"}"#, "\u{0}", &deep] {
            let error = lines(json).expect_err("refused");
            assert_eq!(error.status(), Status::ReceiptMalformed, "{json:.20}");
            assert!(!error.message().contains("secret"), "{error}");
        }
        assert_eq!(Receipt::parse(b"[\xff]", ReceiptCopy::Customer).expect_err("no text").status().number(), 70);
    }

    #[test]
    fn receipts_larger_than_any_receipt_are_refused() {
        let many = |count: usize| format!("[{}]", vec!["{}"; count].join(","));
        assert_eq!(lines(&many(MOST_LINES)), Ok(MOST_LINES));
        assert_eq!(lines(&many(MOST_LINES + 1)).expect_err("too many").status(), Status::ReceiptTooLarge);
        assert_eq!(lines(&many(100_000)).expect_err("too many").status(), Status::ReceiptTooLarge);
        assert_eq!(lines(&" ".repeat(LARGEST + 1)).expect_err("too large").status(), Status::ReceiptTooLarge);
    }

    #[test]
    fn a_text_longer_than_any_line_is_refused_by_its_place_and_not_quoted() {
        let line = |length: usize| {
            let text = format!("[{{}},{{\"type\":\"textline\",\"value\":{{\"text\":\"{}\"}}}}]", "ß".repeat(length));
            lines(&text)
        };
        assert_eq!(line(MOST_CHARACTERS), Ok(2));
        let error = line(MOST_CHARACTERS + 1).expect_err("too long");
        assert_eq!(error.status(), Status::ReceiptTooLarge);
        assert!(error.message().contains("line 1 (from 0)") && !error.message().contains('ß'), "{error}");
    }

    #[test]
    fn what_no_json_should_have_does_not_cost_the_receipt() {
        let deep = "[".repeat(10_000) + &"]".repeat(10_000);
        assert_eq!(lines(&format!(r#"[{{"type":"space"}},{deep}]"#)), Ok(2));
        assert_eq!(lines(&format!(r#"{{"x":{deep},"receipt_merchant":[{{"type":"space"}}]}}"#)), Ok(1));
        for (text, expected) in [(&b"\xdcbel"[..], "Übel"), (br"a\ud83db", "a\u{fffd}b"), (br"\u00e4\n", "ä ")] {
            let json = [br#"[{"type":"textline","value":{"text":""#, text, br#""}}]"#].concat();
            let receipt = Receipt::parse(&json, ReceiptCopy::Customer).expect("a receipt");
            assert_eq!(receipt.lines()[0].text(), Some(expected));
        }
    }

    #[test]
    fn a_header_apart_and_a_header_beside_the_receipt() {
        let (header, line) = (r#"{"type":"textline","value":"Kopf"}"#, r#"{"type":"textline","value":"Zeile"}"#);
        let texts = |json: &str, copy: ReceiptCopy| {
            let receipt = Receipt::parse(json.as_bytes(), copy).expect(json);
            receipt.lines().iter().map(|line| line.text().unwrap_or_default().to_owned()).collect::<Vec<_>>()
        };
        use ReceiptCopy::{Customer, Merchant};
        let apart = format!(r#"{{"header":[{header}],"body":[{line},{line}]}}"#);
        assert_eq!(texts(&apart, Customer), ["Kopf", "Zeile", "Zeile"]);
        assert_eq!(texts(&format!(r#"{{"body":[{line}]}}"#), Customer), ["Zeile"]);
        assert_eq!(texts(&format!(r#"{{"receipt_merchant":{apart}}}"#), Merchant), ["Kopf", "Zeile", "Zeile"]);
        let beside = format!(r#"{{"receipt_header":[{header}],"receipt":[{line}],"receipt_merchant":[{line}]}}"#);
        assert_eq!(
            (texts(&beside, Customer), texts(&beside, Merchant)),
            (vec!["Kopf".into(), "Zeile".into()], vec!["Zeile".into()])
        );
    }

    #[test]
    fn files_with_a_byte_order_mark_and_in_utf_16() {
        let json = r#"[{"type":"textline","value":{"text":"Käse 5 € 👍"}}]"#;
        let units = |unit: fn(u16) -> [u8; 2], mark: &[u8]| {
            [mark.to_vec(), json.encode_utf16().flat_map(unit).collect()].concat()
        };
        for bytes in [
            [b"\xef\xbb\xbf", json.as_bytes()].concat(),
            units(u16::to_le_bytes, b"\xff\xfe"),
            units(u16::to_be_bytes, b"\xfe\xff"),
            units(u16::to_le_bytes, b""),
            units(u16::to_be_bytes, b""),
        ] {
            let receipt = Receipt::parse(&bytes, ReceiptCopy::Customer).expect("a receipt");
            assert_eq!(receipt.lines()[0].text(), Some("Käse 5 € 👍"));
        }
        for bytes in [&b"\xff\xfe"[..], b"\xff\xfe[", b"[\0]\0\0", b"\xef\xbb\xbf"] {
            assert!(Receipt::parse(bytes, ReceiptCopy::Customer).is_err(), "{bytes:?}");
        }
    }
}
