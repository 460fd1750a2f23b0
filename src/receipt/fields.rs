//! What a receipt says of number, terminal, card and amount: a convenience, read from the labels that terminals print.
//! The transaction's own `status`, `basket_info` and `receipt_number` stay the authority.

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

/// The labels of names with values, in lower case without `:`, `.`, `#` and spaces.
const LABELS: &[(&str, &[&str])] = &[
    ("date", &["datum"]),
    ("time", &["uhrzeit"]),
    ("receipt_no", &["beleg-nr", "belegnr", "bnr", "bon-nr", "bonnr", "beleg"]),
    ("trace_no", &["trace-nr", "tracenr", "ta-nr", "tanr"]),
    ("terminal_id", &["terminal-id", "terminalid", "t-id", "tid"]),
    ("merchant_no", &["vu-nr", "vunr", "vu-nummer", "vunummer"]),
    ("card", &["nr", "kartennr", "karten-nr", "kartennummer", "pan"]),
    ("expiry", &["gültigbis"]),
    ("bank", &["blz", "kurz-blz", "konto-nr", "kontonr", "kto", "iban", "g-id", "m-id"]),
    ("approval", &["genehmigungs-nr", "gennr", "autorisierungsnummer"]),
    ("aid", &["aid", "emv-aid"]),
    ("amount", &["betrag", "betrageur", "summe", "summeeur", "stornoeur"]),
];

/// Text lines that name the brand.
const BRANDS: &[&str] = &[
    "girocard",
    "ec-lastschrift",
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
        let mut fields: Vec<Field> = Vec::new();
        for (line, content) in self.lines().iter().enumerate() {
            let found = match content.kind() {
                LineKind::NameValue => of_pair(content.name().unwrap_or_default(), content.value().unwrap_or_default()),
                LineKind::Text => of_text(content.text().unwrap_or_default()),
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
    let plain: String = label.to_lowercase().chars().filter(|c| !matches!(c, ':' | '.' | '#' | ' ')).collect();
    let Some((name, _)) = LABELS.iter().find(|(_, labels)| labels.contains(&plain.as_str())) else {
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
    let text = text.trim();
    if BRANDS.contains(&text.to_lowercase().as_str()) {
        return vec![("brand", text.to_owned())];
    }
    match text.to_lowercase().starts_with("karte").then(|| text.split_once("gültig bis")).flatten() {
        Some((_, expiry)) => vec![("expiry", expiry.trim().to_owned())],
        None => Vec::new(),
    }
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
            ("Uhrzeit:", "time"),
            ("Beleg-Nr.", "receipt_no"),
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
            ("Nr.", "card"),
            ("Kartennr.", "card"),
            ("Kartennummer: ", "card"),
            ("PAN", "card"),
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
