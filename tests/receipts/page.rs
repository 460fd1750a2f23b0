//! `docs/receipts.md` shows what comes out, how large it is, and how a receipt says that it must be signed.

use std::fmt::Write;
use std::path::Path;

use secupos::receipt::{Decision, Format, Options, Receipt, ReceiptCopy};
use serde_json::{Value, json};

use crate::{ROOT, fixture, slips};

#[test]
fn the_page_shows_the_outputs_and_the_words_that_decide() {
    let file = format!("{ROOT}/docs/receipts.md");
    let page = std::fs::read_to_string(&file).expect("the page");
    let mut expected = page.clone();
    for (section, content) in [
        ("outputs", outputs()),
        ("bytes", bytes()),
        ("rows that decide", rows()),
        ("traps", traps()),
        ("explained", explanations()),
    ] {
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

/// Rows that decide by themselves on a receipt that says nothing else, and the step that hears them.
const ROWS: &[(&str, &[&str])] = &[
    (
        "3 signature word beside a drawn line",
        &[
            "Unterschrift: ________",
            "Unterschrift ............",
            "Unterschrift/Signature: ____________",
            "Firma: ________",
            "X______________",
        ],
    ),
    (
        "4 direct debit or mandate",
        &[
            "ec-Lastschrift",
            "SEPA Lastschrift",
            "ELV",
            "OLV",
            "EuroELV",
            "easycash OLV",
            "SEPA Direct Debit",
            "Prélèvement SEPA",
            "Mandatsref. 4711",
            "Mandats-Ref 4711",
            "Gläubiger-ID: DE98ZZZ09999999999",
            "Hiermit ermächtige ich",
        ],
    ),
    (
        "5 signature word, denied",
        &[
            "Keine Unterschrift erforderlich",
            "Unterschrift nicht erforderlich",
            "Unterschrift: entfällt",
            "Ohne Unterschrift gültig",
            "No signature required",
            "Signature: none",
            "Aucune signature requise",
            "Signature n'est pas requise",
            "Firma non richiesta",
        ],
    ),
    ("6 EMV cardholder verification results", &["//1E0300//", "1//4700112/020300/", "9F34: 1F0302"]),
    (
        "7 PIN or CVM",
        &[
            "PIN OK",
            "PIN geprüft",
            "Mit PIN bestätigt",
            "Verified by PIN",
            "CVM: Online PIN",
            "Code PIN vérifié",
            "PIN VERIFICATO",
            "Kein CVM",
            "NO CVM REQUIRED",
        ],
    ),
    (
        "7 bare signature word",
        &[
            "Unterschrift",
            "Unterschrift umseitig",
            "Unterschrift Karteninhaber",
            "Unterschrift des Karteninhabers",
            "Unterschrift Kunde",
            "Unterschrift des Kunden",
            "Kundenunterschrift",
            "Unterschrift erforderlich",
            "Unterschrift nicht vergessen",
            "U N T E R S C H R I F T",
            "Bitte unterschreiben",
            "Bitte hier unterschreiben",
            "Bitte Beleg unterschreiben",
            "Bitte den Beleg unterschreiben",
            "Unterschriftsvergleich durchführen",
            "CVM: Unterschrift",
            "Signature",
            "Cardholder signature",
            "Sign here",
            "Signature du porteur",
            "Firma del titolare",
        ],
    ),
];

fn rows() -> String {
    let row = |(step, row): (&str, &&str)| {
        let found = explained(&["Kartenzahlung", row]);
        let steps = found["receipts"][0].as_array().expect("steps");
        let decided =
            steps.iter().find(|step| step["decided"] == true).unwrap_or_else(|| panic!("{row} decides nothing"));
        assert_eq!(step, format!("{} {}", decided["step"], decided["name"].as_str().expect("a name")), "{row}");
        assert_eq!(decided["line"], **row);
        vec![
            step.to_owned(),
            format!("`{row}`"),
            found["signature"]["decision"].as_str().expect("a decision").to_owned(),
        ]
    };
    let all = ROWS.iter().flat_map(|(step, rows)| rows.iter().map(move |row| (*step, row)));
    table(&["step", "row", "the signature is"], all.map(row))
}

/// A merchant's copy of such rows, below a line with the date.
fn receipt(status: &str, lines: &[&str], copy: ReceiptCopy) -> Receipt {
    let text = |words: &&str| json!({"type": "textline", "value": {"text": words}});
    let mut all = vec![json!({"type": "name-value", "value": {"name": "Datum", "value": "25.02.2021"}})];
    all.extend(lines.iter().map(text));
    let transaction = json!({"status": status, "receipt": all, "receipt_merchant": all});
    Receipt::from_transaction(&transaction, copy).expect("a receipt")
}

fn explained(lines: &[&str]) -> Value {
    receipt("ok", lines, ReceiptCopy::Merchant).explain().to_json()
}

fn traps() -> String {
    use Decision::{NotRequired, Required, Unknown};
    use ReceiptCopy::{Customer, Merchant};
    type Trap = (&'static str, ReceiptCopy, &'static str, &'static [&'static str], Decision);
    let traps: &[Trap] = &[
        ("another word that ends alike", Merchant, "ok", &["Gegenzeichnung"], Unknown),
        ("a merchant's name", Merchant, "ok", &["Unterschrift GmbH"], Unknown),
        ("a word that goes on", Merchant, "ok", &["Unterschriften"], Unknown),
        ("a name that begins alike", Merchant, "ok", &["Elvira Muster"], Unknown),
        ("letters in another word", Merchant, "ok", &["Design Hereford"], Unknown),
        ("the words on the customer's copy", Customer, "ok", &["Unterschrift umseitig"], Unknown),
        ("a direct debit that was declined", Merchant, "failed", &["ec-Lastschrift"], NotRequired),
        ("a status that is not final", Merchant, "created", &["ec-Lastschrift"], Unknown),
        ("a credit card that says nothing", Merchant, "ok", &["VISA"], Unknown),
        ("no, beside the bare word", Merchant, "ok", &["Unterschrift", "Keine Unterschrift erforderlich"], NotRequired),
        ("a direct debit with a PIN", Merchant, "ok", &["ec-Lastschrift", "PIN OK"], Required),
        ("a phrase over two lines", Merchant, "ok", &["Unterschrift", "umseitig"], Required),
        ("a no over two lines", Merchant, "ok", &["Unterschrift", "nicht erforderlich"], NotRequired),
        ("PIN and signature", Merchant, "ok", &["PIN OK", "________________", "Unterschrift"], Required),
        ("a word broken over two lines", Merchant, "ok", &["PIN OK", "Unter-", "schrift", "________"], Required),
        (
            "no, and a rule above it",
            Merchant,
            "ok",
            &["------------", "Unterschrift", "nicht erforderlich"],
            NotRequired,
        ),
        ("a no of something else", Merchant, "ok", &["Trinkgeld: keine", "Unterschrift: ________"], Required),
        ("a condition", Merchant, "ok", &["Bis 25 EUR keine Unterschrift", "Unterschrift: ________"], Required),
        ("a condition alone", Merchant, "ok", &["Bis 25 EUR Unterschrift nicht erforderlich"], Unknown),
        ("cards without a signature", Merchant, "ok", &["Karten ohne Unterschrift sind ungültig."], Unknown),
        ("a double no", Merchant, "ok", &["Ohne Unterschrift nicht gültig"], Unknown),
        ("no slip without", Merchant, "ok", &["Kein Beleg ohne Unterschrift"], Unknown),
        (
            "advertising for going without",
            Merchant,
            "ok",
            &["Unterschrift", "Zahlen ohne Unterschrift: kontaktlos!"],
            Required,
        ),
        ("advertising for direct debit", Merchant, "ok", &["Informationen zur SEPA-Lastschrift:"], Unknown),
        ("no direct debit", Merchant, "ok", &["kein ELV"], Unknown),
        ("a returned direct debit", Merchant, "ok", &["Rücklastschrift"], Unknown),
        ("a reversal of a direct debit", Merchant, "ok", &["STORNO", "ec-Lastschrift"], Unknown),
        ("a bonus is no refund", Merchant, "ok", &["ec-Lastschrift", "Gutschrift 12 Punkte"], Required),
        ("the cashier's signature", Merchant, "ok", &["Unterschrift Kassierer: ________"], Unknown),
        (
            "a fiscal device's signature",
            Merchant,
            "ok",
            &["TSE-Signatur:", "Signature counter: 4711", "--------"],
            Unknown,
        ),
        ("a company", Merchant, "ok", &["Firma Muster GmbH", "--------"], Unknown),
        ("a tip's line", Merchant, "ok", &["Trinkgeld: ________"], Unknown),
        ("a wrong PIN", Merchant, "ok", &["PIN falsch"], Unknown),
        ("without a PIN", Merchant, "ok", &["Zahlung ohne PIN"], Unknown),
        ("a method that failed", Merchant, "ok", &["//010301//"], Unknown),
    ];
    let row = |(what, copy, status, lines, decision): &Trap| {
        assert_eq!(receipt(status, lines, *copy).signature().decision, *decision, "{what}");
        let lines = lines.iter().map(|line| format!("`{line}`")).collect::<Vec<_>>().join(", ");
        [what, lines.as_str(), copy.name(), status, decision.name()].map(str::to_owned).to_vec()
    };
    table(&["trap", "lines", "copy", "status", "the signature is"], traps.iter().map(row))
}

/// Six slips of `tests/fixtures/slips/terminal-slips.json`, and why each is judged as it is.
const EXPLAINED: [&str; 6] = [
    "card complete, pin and signature both",
    "spared below a limit, then a line",
    "EuroELV under its product name, no line",
    "spares: Unterschrift des Karteninhabers nicht erforderlich",
    "visa, CVM results say signature",
    "girocard with pin, advertising for direct debit below",
];

fn explanations() -> String {
    let slips = slips::read("terminal-slips");
    let explained = EXPLAINED.map(|name| {
        let slip = slips.iter().find(|slip| slip["name"] == name).expect(name);
        let merchant = slips::receipt(slip, ReceiptCopy::Merchant);
        format!("**{name}**\n\n```text\n{}```\n\n", merchant.explain())
    });
    explained.concat().trim_end().to_owned() + "\n"
}
