//! Must the customer sign the merchant's copy? The API has no flag for it: the receipt says so, in words.
//!
//! Judged on the merchant's copy of an approved payment only. A payment that was not approved needs no signature; the
//! customer's copy and silence decide nothing.

use crate::receipt::{LineKind, Receipt, ReceiptCopy};

/// Whether the customer must sign.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Decision {
    /// The receipt does not say: a person must look.
    Unknown,
    /// It must be signed.
    Required,
    /// It need not be signed.
    NotRequired,
}

impl Decision {
    /// The name, as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Decision::Unknown => "unknown",
            Decision::Required => "required",
            Decision::NotRequired => "not_required",
        }
    }
}

/// The decision, and the line that decided. `Debug` does not show its text.
#[derive(Clone, PartialEq, Eq)]
pub struct Signature {
    /// Whether the customer must sign.
    pub decision: Decision,
    /// The line that decided, from 0.
    pub line: Option<usize>,
    /// Its text.
    pub text: Option<String>,
}

impl Signature {
    /// Nothing is known.
    pub fn unknown() -> Self {
        Signature { decision: Decision::Unknown, line: None, text: None }
    }
}

impl std::fmt::Debug for Signature {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signature {{ {:?}, line: {:?} }}", self.decision, self.line)
    }
}

/// Phrases that ask for a signature wherever they stand in a line (lower case, umlauts written out).
const ASKING: &[&str] = &[
    "unterschrift umseitig",
    "unterschrift karteninhaber",
    "unterschrift des karteninhaber",
    "bitte unterschreiben",
    "bitte beleg unterschreiben",
    "bitte den beleg unterschreiben",
    "cardholder signature",
    "sign here",
];

/// The marks of a direct debit, for which the signature is the mandate.
const DIRECT_DEBIT: &[&str] =
    &["ec-lastschrift", "sepa lastschrift", "sepa-lastschrift", "mandatsref", "glaeubiger-id", "ich ermaechtige"];

/// Words that mark a direct debit, but not in the merchant's name and address above the first name with a value: there
/// is a merchant called ELV.
const DIRECT_DEBIT_WORDS: &[&str] = &["elv", "olv"];

/// A line that consists of this word, with dots or a line to sign on, asks for a signature; unless a phrase below
/// says the contrary somewhere.
const BARE_WORD: &str = "unterschrift";

/// Phrases that say that no signature is needed.
const SPARING: &[&str] = &[
    "keine unterschrift",
    "unterschrift nicht erforderlich",
    "kein cvm",
    "no signature required",
    "pin ok",
    "verified by pin",
];

impl Receipt {
    /// Whether the customer must sign.
    pub fn signature(&self) -> Signature {
        if self.copy() != ReceiptCopy::Merchant {
            return Signature::unknown();
        }
        if !self.is_of_approved() {
            return Signature { decision: Decision::NotRequired, ..Signature::unknown() };
        }
        let lines = self.said();
        let split_pairs = lines.windows(2).map(|pair| Said {
            spoken: format!("{} {}", pair[0].spoken, pair[1].spoken),
            printed: format!("{} {}", pair[0].printed.trim(), pair[1].printed.trim()),
            ..pair[0]
        });
        let find = |test: Rule| {
            let in_line = lines.iter().find(|said| test(said)).cloned();
            in_line.or_else(|| split_pairs.clone().find(test))
        };
        let rules: [(Decision, Rule); 4] = [
            (Decision::Required, |said| asks(said) && !spares(said)),
            (Decision::Required, is_direct_debit),
            (Decision::NotRequired, spares),
            (Decision::Required, is_bare_word),
        ];
        let decided = |(decision, rule): (Decision, Rule)| {
            let said = find(rule)?;
            Some(Signature { decision, line: Some(said.line), text: Some(said.printed) })
        };
        rules.into_iter().find_map(decided).unwrap_or(Signature::unknown())
    }

    /// What each line with words says.
    fn said(&self) -> Vec<Said> {
        let mut in_head = true;
        let mut said = Vec::new();
        for (line, content) in self.lines().iter().enumerate() {
            in_head &= content.kind() != LineKind::NameValue;
            let words = [content.text(), content.name(), content.value()];
            let printed = words.into_iter().flatten().collect::<Vec<_>>().join(" ");
            let spoken = spoken(&printed);
            if !spoken.is_empty() {
                said.push(Said { line, in_head, spoken, printed });
            }
        }
        said
    }
}

/// What a line says, for comparing.
#[derive(Clone)]
struct Said {
    line: usize,
    /// Whether it stands above the first name with a value, where the merchant's name and address are.
    in_head: bool,
    spoken: String,
    printed: String,
}

/// Whether a line decides in one way.
type Rule = fn(&Said) -> bool;

fn asks(said: &Said) -> bool {
    ASKING.iter().any(|phrase| said.spoken.contains(phrase))
}

fn is_direct_debit(said: &Said) -> bool {
    let mut words = said.spoken.split(|character: char| !character.is_alphanumeric());
    DIRECT_DEBIT.iter().any(|phrase| said.spoken.contains(phrase))
        || (!said.in_head && words.any(|word| DIRECT_DEBIT_WORDS.contains(&word)))
}

fn spares(said: &Said) -> bool {
    SPARING.iter().any(|phrase| said.spoken.contains(phrase))
}

fn is_bare_word(said: &Said) -> bool {
    let rest = said.spoken.strip_prefix(BARE_WORD);
    rest.is_some_and(|rest| rest.chars().all(|character| ": _.-xX".contains(character)) || rest.starts_with(':'))
}

/// Lower case, umlauts written out, one space between words.
fn spoken(text: &str) -> String {
    let lower = text.to_lowercase();
    let lower = lower.replace('ä', "ae").replace('ö', "oe").replace('ü', "ue").replace('ß', "ss");
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn text(words: &str) -> Value {
        json!({"type": "textline", "value": {"text": words}})
    }

    fn of(lines: &[&str]) -> Signature {
        // A name with a value first, so that the lines stand below the merchant's address.
        let mut all = vec![json!({"type": "name-value", "value": {"name": "Datum", "value": "25.02.2021"}})];
        all.extend(lines.iter().map(|words| text(words)));
        Receipt::parse(Value::Array(all).to_string().as_bytes(), ReceiptCopy::Merchant).expect("a receipt").signature()
    }

    #[test]
    fn every_phrase_that_asks_is_heard() {
        for words in [
            "Unterschrift umseitig",
            "UNTERSCHRIFT  UMSEITIG",
            "Unterschrift",
            "Unterschrift:",
            "Unterschrift: ________",
            "Unterschrift ____________",
            "Unterschrift .............",
            "Unterschrift Karteninhaber",
            "Unterschrift des Karteninhabers",
            "Bitte unterschreiben",
            "Bitte Beleg unterschreiben",
            "Bitte den Beleg unterschreiben",
            "ec-Lastschrift",
            "SEPA Lastschrift",
            "SEPA-Lastschrift",
            "ELV",
            "Zahlung ELV",
            "OLV",
            "Mandatsref. 4711",
            "Gläubiger-ID: DE98ZZZ09999999999",
            "Glaeubiger-ID",
            "Ich ermächtige hiermit die Musterfirma",
            "ICH ERMAECHTIGE",
            "Cardholder Signature",
            "Sign here X",
        ] {
            let signature = of(&["Kartenzahlung", words]);
            assert_eq!(signature.decision, Decision::Required, "{words}");
            assert_eq!((signature.line, signature.text.as_deref()), (Some(2), Some(words)));
        }
    }

    #[test]
    fn every_phrase_that_spares_is_heard_and_wins_over_the_bare_word() {
        for words in [
            "keine Unterschrift",
            "Keine Unterschrift erforderlich",
            "Unterschrift nicht erforderlich",
            "KEIN CVM",
            "No signature required",
            "PIN OK",
            "Verified by PIN",
        ] {
            let signature = of(&["Unterschrift", words]);
            assert_eq!(signature.decision, Decision::NotRequired, "{words}");
            assert_eq!(signature.text.as_deref(), Some(words));
        }
    }

    #[test]
    fn the_line_that_asks_is_named_before_the_mark_of_a_direct_debit() {
        assert_eq!(of(&["ec-Lastschrift", "Unterschrift umseitig"]).text.as_deref(), Some("Unterschrift umseitig"));
    }

    #[test]
    fn a_direct_debit_is_signed_whatever_else_is_printed() {
        assert_eq!(of(&["ec-Lastschrift", "PIN OK"]).decision, Decision::Required);
    }

    #[test]
    fn a_phrase_split_over_two_lines_is_heard() {
        let signature = of(&["VISA", "Unterschrift", "umseitig"]);
        assert_eq!(signature.decision, Decision::Required);
        assert_eq!(signature.text.as_deref(), Some("Unterschrift umseitig"));
        assert_eq!(of(&["Unterschrift", "nicht erforderlich"]).decision, Decision::NotRequired);
    }

    #[test]
    fn words_that_only_look_like_it_decide_nothing() {
        for words in
            ["Gegenzeichnung", "Unterschrift GmbH", "Musterfirma Unterschriften", "Elvira Muster", "VISA", "PINOK"]
        {
            assert_eq!(of(&[words]), Signature::unknown(), "{words}");
        }
        let head = json!([text("ELV Elektronik AG"), text("VISA")]).to_string();
        let receipt = Receipt::parse(head.as_bytes(), ReceiptCopy::Merchant).expect("a receipt");
        assert_eq!(receipt.signature().decision, Decision::Unknown);
    }

    #[test]
    fn the_customers_copy_decides_nothing() {
        let lines = json!([text("Unterschrift umseitig")]).to_string();
        let receipt = Receipt::parse(lines.as_bytes(), ReceiptCopy::Customer).expect("a receipt");
        assert_eq!(receipt.signature(), Signature::unknown());
    }

    #[test]
    fn a_payment_that_was_not_approved_needs_no_signature() {
        for (status, expected) in
            [("ok", Decision::Required), ("failed", Decision::NotRequired), ("", Decision::NotRequired)]
        {
            let transaction = json!({"status": status, "receipt_merchant": [text("ec-Lastschrift")]});
            let receipt = Receipt::from_transaction(&transaction, ReceiptCopy::Merchant).expect("a receipt");
            assert_eq!(receipt.signature().decision, expected, "{status}");
        }
    }

    #[test]
    fn a_name_with_a_line_to_sign_on_asks() {
        let lines = r#"[{"type":"name-value","value":{"name":"Unterschrift:","value":"______"}}]"#;
        let receipt = Receipt::parse(lines.as_bytes(), ReceiptCopy::Merchant).expect("a receipt");
        assert_eq!(receipt.signature().decision, Decision::Required);
    }
}
