//! What a receipt says of number, terminal, card and amount: a convenience, read from the labels that terminals print.
//! The transaction's own `status`, `basket_info` and `receipt_number` stay the authority.

use crate::receipt::spoken::spoken;
use crate::receipt::{LineKind, Receipt};

/// One thing that a receipt says.
#[derive(Clone, PartialEq, Eq)]
pub struct Field {
    /// What it is: one of the names in the table of labels.
    pub name: &'static str,
    /// As printed: zeros in front stay, masks stay.
    pub value: String,
    /// The line that says it, from 0.
    pub line: usize,
}

impl std::fmt::Debug for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Field {{ {} in line {} }}", self.name, self.line)
    }
}

/// The labels of names with values, as spoken and without spaces.
const LABELS: &[(&str, &[&str])] = &[
    ("date", &["datum"]),
    ("time", &["uhrzeit"]),
    ("receipt_no", &["belegnr", "bnr", "bonnr", "beleg"]),
    ("trace_no", &["tracenr", "tanr"]),
    ("terminal_id", &["terminalid", "tid"]),
    ("merchant_no", &["vunr", "vunummer"]),
    ("card", &["nr", "kartennr", "kartennummer", "pan"]),
    ("bank", &["blz", "kurzblz", "kontonr", "kto", "iban", "gid", "mid"]),
    ("approval", &["genehmigungsnr", "gennr", "autorisierungsnummer"]),
    ("aid", &["aid", "emvaid"]),
    ("amount", &["betrag", "betrageur", "summe", "summeeur", "stornoeur"]),
];

/// Text lines that name the brand, as spoken.
const BRANDS: &[&str] = &[
    "girocard",
    "ec lastschrift",
    "sepa lastschrift",
    "visa",
    "v pay",
    "mastercard",
    "debit mastercard",
    "maestro",
    "american express",
];

impl Receipt {
    /// All that is recognised, each name once, in the order of the lines.
    pub fn fields(&self) -> Vec<Field> {
        let head = self.head();
        let mut fields: Vec<Field> = Vec::new();
        for (line, content) in self.lines().iter().enumerate() {
            let found = match content.kind() {
                LineKind::NameValue => of_pair(content.name().unwrap_or_default(), content.value().unwrap_or_default()),
                LineKind::Text if line >= head => of_text(content.text().unwrap_or_default()),
                _ => Vec::new(),
            };
            for (name, value) in found {
                match fields.iter_mut().find(|field| field.name == name) {
                    None => fields.push(Field { name, value, line }),
                    // A bank account has several numbers; of everything else the first one counts.
                    Some(field) if name == "bank" => field.value += &format!(", {value}"),
                    Some(_) => {}
                }
            }
        }
        fields
    }

    /// What the receipt says of one thing.
    pub fn field(&self, name: &str) -> Option<Field> {
        self.fields().into_iter().find(|field| field.name == name)
    }
}

fn of_pair(label: &str, value: &str) -> Vec<(&'static str, String)> {
    let (label, value) = (label.trim(), value.trim());
    let said = spoken(label);
    if is_about_expiry(&said) && !value.is_empty() {
        return vec![("expiry", value.to_owned())];
    }
    let label_said = said.replace(' ', "");
    let Some((name, _)) = LABELS.iter().find(|(_, labels)| labels.contains(&label_said.as_str())) else {
        return Vec::new();
    };
    match (*name, value.split_once(' ')) {
        (_, None) if value.is_empty() => Vec::new(),
        ("date", Some((date, time))) => vec![("date", date.to_owned()), ("time", time.trim().to_owned())],
        ("bank", _) => vec![("bank", format!("{} {value}", label.trim_end_matches(':')))],
        (name, _) => vec![(name, value.to_owned())],
    }
}

fn of_text(text: &str) -> Vec<(&'static str, String)> {
    let (text, said) = (text.trim(), spoken(text));
    if BRANDS.contains(&said.as_str()) {
        return vec![("brand", text.to_owned())];
    }
    match text.rsplit_once(' ') {
        Some((words, expiry)) if is_about_expiry(&spoken(words)) => vec![("expiry", expiry.to_owned())],
        _ => Vec::new(),
    }
}

/// `Karte 1 gültig bis`, whose number varies.
fn is_about_expiry(said: &str) -> bool {
    said == "gueltig bis" || (said.starts_with("karte") && said.ends_with(" gueltig bis"))
}

/// An amount as printed in German, in minor units: `0,01`, `1.234,56`, `5,00 EUR`, `EUR 19,92`. `None` for what could
/// be read in two ways, such as `1.234`.
pub fn amount(printed: &str) -> Option<i64> {
    let number = printed.trim().trim_start_matches("EUR").trim_end_matches("EUR").trim();
    let (whole, cents) = number.split_once(',')?;
    let groups: Vec<&str> = whole.split('.').collect();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let grouped = groups.len() == 1 || (groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3));
    if cents.len() != 2 || !digits(cents) || !grouped || !groups.iter().all(|group| digits(group)) {
        return None;
    }
    format!("{}{cents}", groups.concat()).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::receipt::ReceiptCopy;
    use serde_json::{Value, json};

    fn receipt(lines: Vec<Value>) -> Receipt {
        Receipt::parse(Value::Array(lines).to_string().as_bytes(), ReceiptCopy::Merchant).expect("a receipt")
    }

    fn pair(name: &str, value: &str) -> Value {
        json!({"type": "name-value", "value": {"name": name, "value": value}})
    }

    #[test]
    fn each_label_is_recognised_in_any_case_and_punctuation() {
        for (label, name) in [
            ("Datum:", "date"),
            ("DATUM", "date"),
            ("Uhrzeit:", "time"),
            ("Beleg-Nr.", "receipt_no"),
            ("BelegNr", "receipt_no"),
            ("Beleg Nr. :", "receipt_no"),
            ("BNr.", "receipt_no"),
            ("Bon-Nr.", "receipt_no"),
            ("Beleg#", "receipt_no"),
            ("Trace-Nr.", "trace_no"),
            ("Ta-Nr.", "trace_no"),
            ("Terminal-ID", "terminal_id"),
            ("T-ID:", "terminal_id"),
            ("TID", "terminal_id"),
            ("VU-Nr.", "merchant_no"),
            ("VU-Nummer", "merchant_no"),
            ("vu nummer", "merchant_no"),
            ("Nr.", "card"),
            ("Kartennr.", "card"),
            ("Kartennummer: ", "card"),
            ("PAN", "card"),
            ("Gültig bis", "expiry"),
            ("Karte 1 gültig bis:", "expiry"),
            ("Genehmigungs-Nr.", "approval"),
            ("GEN.NR.", "approval"),
            ("Autorisierungsnummer", "approval"),
            ("AID", "aid"),
            ("EMV-AID", "aid"),
            ("Betrag EUR", "amount"),
            ("BETRAG: EUR", "amount"),
            ("SUMME", "amount"),
            ("Storno EUR", "amount"),
        ] {
            let field = receipt(vec![json!({"type": "space"}), pair(label, "0003")]).field(name).expect(label);
            assert_eq!((field.value.as_str(), field.line), ("0003", 1), "{label}");
        }
    }

    #[test]
    fn values_stay_as_printed() {
        let receipt = receipt(vec![
            pair("Datum:", "24.09.2020 14:40:58"),
            pair("Beleg-Nr.", "00/0502"),
            pair("BLZ", "51100"),
            pair("Konto-Nr.", "1060093836"),
            json!({"type": "textline", "value": {"text": "ec-Lastschrift"}}),
            json!({"type": "textline", "value": {"text": "Karte 1 gültig bis 12/22"}}),
            pair("Beleg-Nr.", "another"),
            pair("Unbekannt", "x"),
            pair("AID", ""),
        ]);
        let fields: Vec<_> = receipt.fields().into_iter().map(|field| (field.name, field.value)).collect();
        let expected = [
            ("date", "24.09.2020"),
            ("time", "14:40:58"),
            ("receipt_no", "00/0502"),
            ("bank", "BLZ 51100, Konto-Nr. 1060093836"),
            ("brand", "ec-Lastschrift"),
            ("expiry", "12/22"),
        ];
        assert_eq!(fields, expected.map(|(name, value)| (name, value.to_owned())));
    }

    #[test]
    fn every_number_of_the_bank_is_named() {
        for label in ["BLZ", "Kurz-BLZ", "Konto-Nr.", "Kto.", "IBAN:", "G-ID", "M-ID"] {
            let expected = format!("{} ###51", label.trim_end_matches(':'));
            assert_eq!(receipt(vec![pair(label, "###51")]).field("bank").expect(label).value, expected);
        }
    }

    #[test]
    fn every_brand_is_recognised_below_the_merchants_name_only() {
        let text = |words: &str| json!({"type": "textline", "value": {"text": words}});
        for brand in [
            "girocard",
            "ec-Lastschrift",
            "SEPA Lastschrift",
            "VISA",
            "V PAY",
            "Mastercard",
            "Debit Mastercard",
            "Maestro",
            "American Express",
        ] {
            let field = receipt(vec![text("Maestro"), pair("Datum", "25.02.2021"), text(brand)]).field("brand");
            let field = field.expect(brand);
            assert_eq!((field.value.as_str(), field.line), (brand, 2));
        }
        assert_eq!(receipt(vec![text("Maestro"), pair("Datum", "25.02.2021")]).field("brand"), None);
    }

    #[test]
    fn the_expiry_stands_behind_its_words() {
        for (words, expected) in [
            ("Karte 1 gültig bis 12/22", Some("12/22")),
            ("KARTE 2 GÜLTIG BIS: ##/##", Some("##/##")),
            ("karte gueltig bis 01/30", Some("01/30")),
            ("Gutschein gültig bis 12/22", None),
            ("Karte 1 gültig bis", None),
            ("Karte akzeptiert", None),
        ] {
            let lines = vec![pair("Datum", "x"), json!({"type": "textline", "value": {"text": words}})];
            let found = receipt(lines).field("expiry").map(|field| field.value);
            assert_eq!(found.as_deref(), expected, "{words}");
        }
    }

    #[test]
    fn amounts_are_read_as_germans_print_them() {
        for (printed, minor) in [
            ("0,01", Some(1)),
            ("1.234,56", Some(123_456)),
            ("1.234.567,00", Some(123_456_700)),
            ("5,00 EUR", Some(500)),
            ("EUR 19,92", Some(1992)),
            ("1.234", None),
            ("1,2", None),
            ("12.34,56", None),
            ("1234,567", None),
            (",50", None),
            ("-1,00", None),
            ("99999999999999999999,00", None),
            ("", None),
        ] {
            assert_eq!(amount(printed), minor, "{printed}");
        }
    }
}
