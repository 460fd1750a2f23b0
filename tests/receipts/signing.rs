//! What holds for the question who must sign, whatever else is printed: rows that have nothing to do with it never take a
//! signature away, nor does another brand, nor narrower paper; and beside a drawn line nobody is told that none is needed.

use std::time::Instant;

use secupos::receipt::{Decision, Receipt, ReceiptCopy};
use serde_json::{Value, json};

use crate::dice::Dice;
use crate::slips;

fn text(words: &str) -> Value {
    json!({"type": "textline", "value": {"text": words}})
}

fn pair(name: &str, value: &str) -> Value {
    json!({"type": "name-value", "value": {"name": name, "value": value}})
}

fn decision(lines: &[Value]) -> Decision {
    let transaction = json!({"status": "ok", "receipt_merchant": lines});
    Receipt::from_transaction(&transaction, ReceiptCopy::Merchant).expect("a receipt").signature().decision
}

/// The merchant's copies of all slips that must be signed.
fn to_be_signed() -> Vec<(String, Vec<Value>)> {
    let slips = slips::FILES.into_iter().flat_map(slips::read);
    let slips = slips.map(|slip| {
        let lines = slip["tx"]["receipt_merchant"].as_array().expect("lines").clone();
        (slip["name"].as_str().expect("a name").to_owned(), lines)
    });
    let all: Vec<_> = slips.filter(|(_, lines)| decision(lines) == Decision::Required).collect();
    assert!(all.len() >= 30, "{}", all.len());
    all
}

/// Addresses, advertising and loyalty programmes.
fn unrelated() -> Vec<Value> {
    let rows = [
        "Hauptstr. 5",
        "86150 Augsburg",
        "Tel. 0821 123456",
        "USt-IdNr. DE123456789",
        "www.example.com/elv",
        "Geöffnet Mo-Fr 9:00 bis 18:00 Uhr",
        "Inh. Maria Storno",
        "Es bediente Sie: Frau Nein",
        "Vielen Dank für Ihren Einkauf!",
        "Bitte Beleg aufbewahren",
        "Jetzt neu: bezahlen ohne Unterschrift!",
        "Kontaktlos bis 50 EUR ohne PIN und Unterschrift",
        "Zahlen Sie bequem ohne PIN",
        "Keine Angst vor Kartenzahlung",
        "Kein Bargeld? Kein Problem!",
        "PIN vergessen? Wir helfen.",
        "Geben Sie Ihre PIN nie weiter",
        "Girocard willkommen",
        "Karten ohne Unterschrift sind ungültig.",
        "Nicht vergessen: Sonntag offen",
        "Umtausch und Erstattung nur mit Beleg",
        "Storno nur am selben Tag möglich",
        "Kein Storno",
        "Aktion gültig bis 31.12.2026",
        "20 % Rabatt ab dem 2. Artikel",
        "Rabatte: keine",
        "Trinkgeld: keine",
        "Gutschrift 12 Punkte",
        "Gutschrift: 12 Punkte",
        "Ihre Bonuspunkte: 120",
        "Guthaben EUR 5,00",
        "Gutschein über 5 EUR",
        "OK",
        "Wir sagen nein zu Plastik",
        "------------------------",
        "========================",
    ];
    let pairs = [
        ("Bonuspunkte", "12"),
        ("Gutschrift", "12 Punkte"),
        ("Gutschrift EUR", "0,50"),
        ("Rabatte", "keine"),
        ("Summe", "120 Punkte"),
        ("Kundenkarte", "9276004429942845"),
        ("Coupon gültig bis", "31.12.2026"),
        ("Tel.", "0821 123456"),
    ];
    rows.into_iter()
        .map(text)
        .chain(pairs.map(|(name, value)| pair(name, value)))
        .chain([json!({"type": "space"})])
        .collect()
}

#[test]
fn unrelated_rows_anywhere_never_take_a_signature_away() {
    let rows = unrelated();
    let mut dice = Dice(0x51697);
    for (name, lines) in to_be_signed() {
        for at in 0..=lines.len() {
            for _ in 0..8 {
                let mut with_rows = lines.clone();
                with_rows.insert(at, rows[dice.roll(rows.len())].clone());
                // Between a word and its line there may be two of them.
                if dice.roll(2) == 0 {
                    with_rows.insert(dice.roll(with_rows.len() + 1), rows[dice.roll(rows.len())].clone());
                }
                assert_eq!(decision(&with_rows), Decision::Required, "{name}: {}", json!(with_rows));
            }
        }
    }
}

#[test]
fn another_brand_never_takes_a_signature_away() {
    const BRANDS: &[&str] = &[
        "girocard",
        "GIROCARD",
        "VISA",
        "Visa Debit",
        "V PAY",
        "VPAY",
        "Mastercard",
        "Debit Mastercard",
        "Maestro",
        "Maestro/DMC AT",
        "AMEX",
        "American Express",
        "JCB",
        "Diners Club",
        "Bancontact",
        "銀聯",
    ];
    let is_brand = |text: &str| BRANDS.iter().any(|brand| text.trim().eq_ignore_ascii_case(brand));
    for (name, lines) in to_be_signed() {
        for brand in BRANDS {
            let mut lines = lines.clone();
            for line in &mut lines {
                for key in ["text", "value"] {
                    if line["value"][key].as_str().is_some_and(is_brand) {
                        line["value"][key] = (*brand).into();
                    }
                }
            }
            assert_eq!(decision(&lines), Decision::Required, "{name} with {brand}");
        }
    }
}

#[test]
fn narrow_paper_and_capitals_never_take_a_signature_away() {
    for (name, lines) in to_be_signed() {
        let is_text = |line: &Value| line["type"] == "textline";
        let words = |line: &Value| line["value"]["text"].as_str().unwrap_or_default().to_owned();
        for columns in [16, 20, 24, 32] {
            let broken: Vec<Value> = lines
                .iter()
                .flat_map(|line| match is_text(line) {
                    true => wrapped(&words(line), columns).iter().map(|row| text(row)).collect(),
                    false => vec![line.clone()],
                })
                .collect();
            assert_eq!(decision(&broken), Decision::Required, "{name} on {columns} columns");
        }
        let large = |line: &Value| if is_text(line) { text(&words(line).to_uppercase()) } else { line.clone() };
        assert_eq!(decision(&lines.iter().map(large).collect::<Vec<_>>()), Decision::Required, "{name} in capitals");
    }
}

/// As a terminal breaks a text between its words.
fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut rows = vec![String::new()];
    for word in text.split(' ') {
        let row = rows.last_mut().expect("a row");
        match row.chars().count() + 1 + word.chars().count() > columns && !row.is_empty() {
            true => rows.push(word.to_owned()),
            false => *row = if row.is_empty() { word.to_owned() } else { format!("{row} {word}") },
        }
    }
    rows
}

#[test]
fn beside_a_drawn_line_nobody_is_told_that_none_is_needed() {
    const WORDS: &[&str] = &[
        "Unterschrift",
        "UNTERSCHRIFT",
        "Unterschrift:",
        "Unterschrift Karteninhaber",
        "Unterschrift des Karteninhabers:",
        "(Unterschrift des/der Karteninhabers/in)",
        "Kundenunterschrift",
        "Unterschrift/Signature",
        "U N T E R S C H R I F T",
        "Bitte hier unterschreiben",
        "Signature",
        "Cardholder signature",
        "SIGN HERE",
        "Please sign below",
        "Signature du titulaire",
        "Firma del titolare",
        "Firma cliente",
        "Mit meiner Unterschrift bestätige ich den Betrag",
    ];
    const LINES: &[&str] =
        &["________________", "_ _ _ _ _ _ _ _", "................", ". . . . . . . .", "----------------", "____"];
    const SPARING: &[&str] = &[
        "PIN OK",
        "Mit PIN bestätigt",
        "Verified by PIN",
        "Keine Unterschrift erforderlich",
        "Bis 50 EUR keine Unterschrift",
        "Kein CVM",
        "//1F0302//",
        "nicht erforderlich bei PIN",
        "keine",
    ];
    let mut dice = Dice(0xD2A3);
    let rows = unrelated();
    for round in 0..3000 {
        let (word, line, sparing) = (dice.pick(WORDS), dice.pick(LINES), dice.pick(SPARING));
        let is_sentence = word.starts_with("Mit meiner");
        let line = if is_sentence && line.starts_with('-') { "________" } else { line };
        let signing = match dice.roll(3) {
            0 => vec![text(&format!("{word} {line}"))],
            1 => vec![text(line), text(word)],
            _ => vec![text(word), text(line)],
        };
        let mut lines = vec![
            text("Gärtnerei Höß"),
            pair("Datum", "03.11.2026"),
            text("girocard"),
            pair("Genehmigungs-Nr.", "123456"),
            pair("Betrag EUR", "19,92"),
        ];
        let at = 2 + dice.roll(lines.len() - 1);
        let signing_rows = signing.len();
        lines.splice(at..at, signing);
        // What spares stands anywhere but between the word and its line. Hyphens alone part a receipt, too: there a no that
        // follows directly is the word's.
        let is_rule = line.starts_with('-');
        let place = if at == 2 { lines.len() } else { 2 };
        let place = if is_rule { place } else { dice.pick(&[place, at, at + signing_rows]) };
        lines.insert(place, text(sparing));
        lines.push(rows[dice.roll(rows.len())].clone());
        assert_eq!(decision(&lines), Decision::Required, "round {round}: {}", json!(lines));
    }
}

#[test]
fn a_hostile_receipt_is_judged_at_once() {
    for filling in [
        "Unterschrift ",
        "keine ",
        "nicht Unterschrift ",
        "Nr. ",
        "Nr. 1234 ",
        "EUR ",
        "EUR 1,00 ",
        "a ",
        "X ",
        "_",
        "_ ",
        "-._",
        "/1F0302",
        "/",
        "9F34",
        "1,",
        "Karte 1 gültig bis ",
        "Datum 01.01.2026 ",
        "4 ",
        "#",
        "SEPA-",
        "ermächtige ",
    ] {
        let long = filling.repeat(9_000 / filling.chars().count());
        for line in [text(&long), pair(&long, &long), text(filling)] {
            let count = 50_000 / line.to_string().len();
            let json = serde_json::to_vec(&vec![line; count]).expect("JSON");
            let receipt = Receipt::parse(&json, ReceiptCopy::Merchant).expect("a receipt");
            let begin = Instant::now();
            let _ = receipt.explain().to_string();
            // Unoptimised it takes well below a second; what looks back at the whole row, or all rows, takes many.
            assert!(begin.elapsed().as_secs() < 5, "{filling:?} {count} times: {:?}", begin.elapsed());
        }
    }
}
