//! `docs/receipts.md` shows what comes out, how large it is, and by which words a receipt says that it must be signed.

use std::fmt::Write;
use std::path::Path;

use secupos::receipt::signature::{PHRASES, Place};
use secupos::receipt::{Decision, Format, Options, Receipt, ReceiptCopy};
use serde_json::{Value, json};

use crate::{ROOT, fixture};

#[test]
fn the_page_shows_the_outputs_and_the_words_that_decide() {
    let file = format!("{ROOT}/docs/receipts.md");
    let page = std::fs::read_to_string(&file).expect("the page");
    let mut expected = page.clone();
    for (section, content) in [("outputs", outputs()), ("bytes", bytes()), ("phrases", phrases()), ("traps", traps())] {
        let (begin, end) = (format!("<!-- {section} -->\n"), format!("<!-- end of {section} -->"));
        let (before, rest) = expected.split_once(&begin).expect("the section begins");
        let (_, after) = rest.split_once(&end).expect("the section ends");
        expected = format!("{before}{begin}{content}{end}{after}");
    }
    if page != expected {
        let new = Path::new(env!("CARGO_TARGET_TMPDIR")).join("receipts.md");
        std::fs::write(&new, expected).expect("the new page is written");
        panic!("{file} is not what comes out. Look at it; if it is right: cp {} {file}", new.display());
    }
}

fn rendered(copy: ReceiptCopy, format: Format, columns: u16) -> Vec<u8> {
    let mut options = Options::new(format);
    options.set_columns(columns).expect("columns");
    fixture("payment-elv-ok", copy).render(&options).expect("rendered")
}

const COPIES: [ReceiptCopy; 2] = [ReceiptCopy::Customer, ReceiptCopy::Merchant];

fn outputs() -> String {
    let row = |show: &dyn Fn(ReceiptCopy) -> String| {
        let cells = COPIES.map(|copy| format!("<td valign=\"top\">\n{}</td>\n", show(copy)));
        format!("<tr>\n{}</tr>\n", cells.concat())
    };
    // In Markdown only a block that begins with <pre>, after an empty line, may have empty lines.
    let source = |text: &str| format!("\n<pre>\n{}</pre>\n", escaped(text));
    let utf8 = |copy, format| String::from_utf8(rendered(copy, format, 32)).expect("UTF-8");
    let picture = |copy: ReceiptCopy, format: &str| {
        let name = format!("pictures/receipt-{}-{format}.png", copy.name());
        assert!(Path::new(&format!("{ROOT}/docs/{name}")).exists(), "{name}");
        format!("<img src=\"{name}\" alt=\"the {}'s receipt as {format}\">\n", copy.name())
    };
    let folded = |what: &str, inside: String| format!("<details><summary>{what}</summary>\n{inside}</details>\n");
    let mut table = String::from("<table>\n<tr><th>customer</th><th>merchant</th></tr>\n");
    table += "<tr><td colspan=\"2\">Text</td></tr>\n";
    table += &row(&|copy| source(&utf8(copy, Format::Text)));
    table += "<tr><td colspan=\"2\">ESC/POS, with the commands in words and the text decoded</td></tr>\n";
    table += &row(&|copy| source(&readable(&rendered(copy, Format::EscPos, 32))));
    table += "<tr><td colspan=\"2\">HTML, as Chromium shows it</td></tr>\n";
    table += &row(&|copy| {
        let html = utf8(copy, Format::Html);
        let (_, content) = html.split_once("</style>\n").expect("a style");
        picture(copy, "html") + &folded("the source, after its style", source(content))
    });
    table += "<tr><td colspan=\"2\">PDF, as poppler shows it</td></tr>\n";
    table += &row(&|copy| picture(copy, "pdf"));
    table += "<tr><td colspan=\"2\">JSON, here with line ends and without its <code>lines</code></td></tr>\n";
    table += &row(&|copy| {
        let mut json: Value = serde_json::from_str(&utf8(copy, Format::Json)).expect("JSON");
        json["lines"] = Value::Array(Vec::new());
        source(&(serde_json::to_string_pretty(&json).expect("JSON") + "\n"))
    });
    table + "</table>\n"
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// A job for people: commands in angle brackets, the text in Unicode. CP1252 and Unicode agree on what this one has.
fn readable(job: &[u8]) -> String {
    let mut shown = String::new();
    let mut rest = job;
    while let Some((&byte, after)) = rest.split_first() {
        let (command, length) = match rest {
            [0x1b, b'@', ..] => ("ESC @".to_owned(), 2),
            [0x1c, b'.', ..] => ("FS .".to_owned(), 2),
            [0x1b, what, n, ..] => (format!("ESC {} {n}", char::from(*what)), 3),
            [0x1d, what, n, ..] => (format!("GS {} {n}", char::from(*what)), 3),
            _ => {
                shown.push(char::from(byte));
                rest = after;
                continue;
            }
        };
        let _ = write!(shown, "‹{command}›");
        rest = &rest[length..];
    }
    shown + "\n"
}

fn table(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let row = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let head: Vec<_> = head.iter().map(|&title| title.to_owned()).collect();
    let rows: Vec<_> = rows.into_iter().map(|cells| row(&cells)).collect();
    row(&head) + &row(&vec!["---".to_owned(); head.len()]) + &rows.concat()
}

fn bytes() -> String {
    let rows = COPIES.into_iter().flat_map(|copy| [32, 42, 48].map(|columns| (copy, columns)));
    let row = |(copy, columns): (ReceiptCopy, u16)| {
        let sizes = Format::ALL.map(|format| rendered(copy, format, columns).len().to_string());
        [vec![copy.name().to_owned(), columns.to_string()], sizes.to_vec()].concat()
    };
    table(&["copy", "columns", "text", "ESC/POS", "HTML", "PDF", "JSON"], rows.map(row))
}

const ASKING: &str = "every_phrase_that_asks_is_heard";
const SPARING: &str = "every_phrase_that_spares_is_heard_and_wins_over_the_bare_word";

fn phrases() -> String {
    let tests = Tests::read();
    let row = |phrase: &secupos::receipt::signature::Phrase| {
        let test = if phrase.says == Decision::Required { ASKING } else { SPARING };
        assert!(tests.body(test).contains(phrase.words), "{test} does not try {}", phrase.words);
        let place = match phrase.place {
            Place::Anywhere => "anywhere, also over two lines",
            Place::BelowHead => "a whole word below the head",
            Place::Alone => "alone in its line, or before a line to sign on",
        };
        let says = match phrase.direct_debit {
            true => "required: a direct debit",
            false => phrase.says.name(),
        };
        // What the page says of a phrase, the library does.
        let words = phrase.words.to_uppercase();
        let decided = decide(ReceiptCopy::Merchant, "ok", &["Kartenzahlung", &words]);
        assert_eq!(decided, phrase.says, "{words}");
        vec![phrase.words.to_owned(), place.to_owned(), says.to_owned(), format!("`{test}`")]
    };
    table(&["words", "where", "the signature is", "test"], PHRASES.iter().map(row))
}

/// What a receipt of such lines, below a line with the date, says.
fn decide(copy: ReceiptCopy, status: &str, lines: &[&str]) -> Decision {
    let text = |words: &&str| json!({"type": "textline", "value": {"text": words}});
    let mut all = vec![json!({"type": "name-value", "value": {"name": "Datum", "value": "25.02.2021"}})];
    all.extend(lines.iter().map(text));
    let transaction = json!({"status": status, "receipt": all, "receipt_merchant": all});
    Receipt::from_transaction(&transaction, copy).expect("a receipt").signature().decision
}

fn traps() -> String {
    use Decision::{NotRequired, Required, Unknown};
    use ReceiptCopy::{Customer, Merchant};
    let only_looks = "words_that_only_look_like_it_decide_nothing";
    let split = "a_phrase_split_over_two_lines_is_heard";
    type Trap = (&'static str, ReceiptCopy, &'static str, &'static [&'static str], Decision, &'static str);
    let traps: &[Trap] = &[
        ("another word that ends alike", Merchant, "ok", &["Gegenzeichnung"], Unknown, only_looks),
        ("a merchant's name", Merchant, "ok", &["Unterschrift GmbH"], Unknown, only_looks),
        ("a word that goes on", Merchant, "ok", &["Unterschriften"], Unknown, only_looks),
        ("a name that begins alike", Merchant, "ok", &["Elvira Muster"], Unknown, only_looks),
        ("letters in another word", Merchant, "ok", &["Design Hereford"], Unknown, only_looks),
        (
            "the words on the customer's copy",
            Customer,
            "ok",
            &["Unterschrift umseitig"],
            Unknown,
            "the_customers_copy_decides_nothing",
        ),
        (
            "a direct debit that was declined",
            Merchant,
            "failed",
            &["ec-Lastschrift"],
            NotRequired,
            "a_payment_that_was_not_approved_needs_no_signature",
        ),
        (
            "a status that is not final",
            Merchant,
            "created",
            &["ec-Lastschrift"],
            Unknown,
            "a_payment_that_was_not_approved_needs_no_signature",
        ),
        ("a credit card that says nothing", Merchant, "ok", &["VISA"], Unknown, only_looks),
        (
            "no, beside the bare word",
            Merchant,
            "ok",
            &["Unterschrift", "Keine Unterschrift erforderlich"],
            NotRequired,
            SPARING,
        ),
        (
            "a direct debit with a PIN",
            Merchant,
            "ok",
            &["ec-Lastschrift", "PIN OK"],
            Required,
            "a_direct_debit_is_signed_whatever_else_is_printed",
        ),
        ("a phrase over two lines", Merchant, "ok", &["Unterschrift", "umseitig"], Required, split),
        ("a no over two lines", Merchant, "ok", &["Unterschrift", "nicht erforderlich"], NotRequired, split),
    ];
    let tests = Tests::read();
    let row = |(what, copy, status, lines, decision, test): &Trap| {
        assert_eq!(decide(*copy, status, lines), *decision, "{what}");
        assert!(!tests.body(test).is_empty());
        let lines = lines.iter().map(|line| format!("`{line}`")).collect::<Vec<_>>().join(", ");
        [what, lines.as_str(), copy.name(), status, decision.name(), format!("`{test}`").as_str()]
            .map(str::to_owned)
            .to_vec()
    };
    table(&["trap", "lines", "copy", "status", "the signature is", "test"], traps.iter().map(row))
}

/// The tests in `src/receipt/signature.rs`.
struct Tests(String);

impl Tests {
    fn read() -> Tests {
        Tests(std::fs::read_to_string(format!("{ROOT}/src/receipt/signature.rs")).expect("the source"))
    }

    /// What a test says: its words alone, as receipts are compared.
    fn body(&self, name: &str) -> String {
        let (_, rest) = self.0.split_once(&format!("#[test]\n    fn {name}()")).expect(name);
        let body = rest.split("#[test]").next().unwrap_or_default().to_lowercase();
        let plain = body.replace('ä', "ae").replace('ö', "oe").replace('ü', "ue");
        plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    }
}
