//! What a receipt says of number, terminal, card and amount: a convenience, read from what terminals print. The
//! transaction's own `status`, `basket_info` and `receipt_number` stay the authority.
//!
//! - `facts`: what one line says, by the labels and by the shapes of values
//! - `amount`: amounts in the notations of several countries, and their currencies
//! - `brand`: the names of cards

pub(super) mod amount;
pub(crate) mod brand;
pub(super) mod facts;

use crate::money::Currency;
use crate::receipt::copy::Receipt;
use crate::receipt::fields::brand::{Named, named};
use crate::receipt::fields::facts::{Fact, Rank};
use crate::receipt::line::{Line, LineKind};
use crate::receipt::sections::sections;

pub use amount::amount;

/// One thing that a receipt says.
#[derive(Clone, PartialEq, Eq)]
pub struct Field {
    /// What it is: "date", "time", "receipt_no", "trace_no", "terminal_id", "merchant_no", "card", "expiry", "bank",
    /// "brand", "approval", "aid" or "amount".
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

/// Labels of a pair whose value is a brand, as spoken and without spaces.
const BRAND_LABELS: &[&str] =
    &["karte", "kartenart", "kartentyp", "brand", "card", "cardtype", "zahlart", "zahlungsart", "app"];

impl Receipt {
    /// All that is recognised, each name once, in the order of the lines.
    pub fn fields(&self) -> Vec<Field> {
        self.fields_of(&self.facts())
    }

    /// The same, of what each line says.
    pub(super) fn fields_of(&self, facts: &[Vec<Fact>]) -> Vec<Field> {
        let mut fields: Vec<Field> = Vec::new();
        for (line, fact) in
            facts.iter().enumerate().flat_map(|(line, facts)| facts.iter().map(move |fact| (line, fact)))
        {
            let new = || Field { name: fact.name, value: fact.value.clone(), line };
            match fields.iter_mut().find(|field| field.name == fact.name) {
                _ if fact.name == "amount" => {}
                None => fields.push(new()),
                // A bank account has several numbers; of everything else the first one counts.
                Some(field) if fact.name == "bank" => field.value += &format!(", {}", fact.value),
                Some(field) if fact.rank < self.rank_of(facts, field) => *field = new(),
                Some(_) => {}
            }
        }
        fields.extend(self.amount_field(facts));
        fields.extend(self.brand_field(facts));
        // A stable order: of one line, the facts stay as they are printed.
        fields.sort_by_key(|field| field.line);
        fields
    }

    /// What the receipt says of one thing.
    pub fn field(&self, name: &str) -> Option<Field> {
        self.fields().into_iter().find(|field| field.name == name)
    }

    /// The amount in minor units as far as it can be read, and its currency as far as it is named.
    pub fn printed_amount(&self, fields: &[Field]) -> (Option<i64>, Option<Currency>) {
        match fields.iter().find(|field| field.name == "amount") {
            Some(field) => facts::money(&self.lines()[field.line], &field.value, self.currency),
            None => (None, self.currency),
        }
    }

    /// What each line says, without brands.
    pub(super) fn facts(&self) -> Vec<Vec<Fact>> {
        let mut waiting = None;
        let says = |line: &Line| {
            let is_blank = line.texts().all(|text| text.trim().is_empty());
            if is_blank {
                return Vec::new();
            }
            if let Some(fact) = waiting.take().and_then(|label| facts::of_value(label, line)) {
                return vec![fact];
            }
            let (facts, label) = facts::of_line(line);
            waiting = label;
            facts
        };
        self.lines().iter().map(says).collect()
    }

    fn rank_of(&self, facts: &[Vec<Fact>], field: &Field) -> Rank {
        let same = facts[field.line].iter().find(|fact| fact.name == field.name);
        same.map_or(Rank::Shaped, |fact| fact.rank)
    }

    /// The last total, else the first amount; what is not in the transaction's currency only if there is nothing else, nor
    /// what cannot be read.
    fn amount_field(&self, facts: &[Vec<Fact>]) -> Option<Field> {
        let all = facts.iter().enumerate().flat_map(|(line, facts)| facts.iter().map(move |fact| (line, fact)));
        let better = |line: usize, fact: &Fact| {
            let (minor, currency) = facts::money(&self.lines()[line], &fact.value, self.currency);
            let is_other = self.currency.is_some() && currency != self.currency;
            (is_other, minor.is_none(), fact.rank)
        };
        let mut best: Option<((bool, bool, Rank), usize, &Fact)> = None;
        for (line, fact) in all.filter(|(_, fact)| fact.name == "amount") {
            let sure = better(line, fact);
            let is_total = fact.rank == Rank::Labelled;
            if best.as_ref().is_none_or(|(known, ..)| sure < *known || (sure == *known && is_total)) {
                best = Some((sure, line, fact));
            }
        }
        best.map(|(_, line, fact)| Field { name: "amount", value: fact.value.clone(), line })
    }

    /// A row that is only a brand, or else one that begins with a brand. Above the first fact it must stand below the
    /// merchant's name: a merchant may be called like a brand.
    fn brand_field(&self, facts: &[Vec<Fact>]) -> Option<Field> {
        let mut best: Option<((bool, bool), Field)> = None;
        for section in sections(self.lines(), facts) {
            for line in section.lines.clone() {
                let content = &self.lines()[line];
                let in_head = line < section.head;
                let text = match content.kind() {
                    LineKind::Text if !in_head || line >= section.name => content.text(),
                    LineKind::NameValue if is_brand_label(content) => content.value(),
                    _ => None,
                };
                let Some(Named { printed, alone }) = text.and_then(named) else { continue };
                let doubt = (in_head, !alone);
                if best.as_ref().is_none_or(|(known, _)| doubt < *known) {
                    best = Some((doubt, Field { name: "brand", value: printed.to_owned(), line }));
                }
            }
        }
        best.map(|(_, field)| field)
    }
}

fn is_brand_label(line: &Line) -> bool {
    let said = crate::receipt::spoken::spoken(line.name().unwrap_or_default()).replace(' ', "");
    BRAND_LABELS.contains(&said.as_str())
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
}
