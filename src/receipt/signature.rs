//! Must the customer sign the merchant's copy? The API has no flag for it: the receipt says so, in words.
//!
//! Judged on the merchant's copy of an approved payment only; a bare array of lines is taken to be of one. A payment
//! that was refused or cancelled needs no signature. Everything else decides nothing: the customer's copy, a status that
//! is not final, silence.

use crate::receipt::spoken::spoken;
use crate::receipt::{Line, LineKind, Receipt, ReceiptCopy};

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

/// The statuses with which a payment has ended without money. Any other but `ok` may still become an approved one.
const NOT_PAID: &[&str] = &["failed", "aborted", "timeout", "cancelled", "canceled"];

/// Words that decide.
#[derive(Debug)]
pub struct Phrase {
    /// The words as spoken; the last one may go on, where a phrase is found anywhere.
    pub words: &'static str,
    /// Where they count.
    pub place: Place,
    /// What they say of the signature.
    pub says: Decision,
    /// Whether they mark a direct debit, for which the signature is the mandate.
    pub direct_debit: bool,
}

/// Where a phrase counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// Wherever it begins in a line, also where it goes on in the next one.
    Anywhere,
    /// As whole words, but not in the receipt's head: there is a merchant called ELV.
    BelowHead,
    /// As a line of its own, perhaps with a line to sign on.
    Alone,
}

const fn asks(words: &'static str) -> Phrase {
    Phrase { words, place: Place::Anywhere, says: Decision::Required, direct_debit: false }
}

const fn debit(words: &'static str, place: Place) -> Phrase {
    Phrase { words, place, says: Decision::Required, direct_debit: true }
}

const fn spares(words: &'static str) -> Phrase {
    Phrase { words, place: Place::Anywhere, says: Decision::NotRequired, direct_debit: false }
}

/// All of them.
pub const PHRASES: &[Phrase] = &[
    asks("unterschrift umseitig"),
    asks("unterschrift karteninhaber"),
    asks("unterschrift des karteninhaber"),
    asks("unterschrift kunde"),
    asks("unterschrift des kunden"),
    asks("bitte unterschreiben"),
    asks("bitte hier unterschreiben"),
    asks("bitte beleg unterschreiben"),
    asks("bitte den beleg unterschreiben"),
    asks("cardholder signature"),
    asks("sign here"),
    debit("ec lastschrift", Place::Anywhere),
    debit("sepa lastschrift", Place::Anywhere),
    debit("mandatsref", Place::Anywhere),
    debit("mandats ref", Place::Anywhere),
    debit("glaeubiger id", Place::Anywhere),
    debit("ich ermaechtige", Place::Anywhere),
    debit("elv", Place::BelowHead),
    debit("olv", Place::BelowHead),
    spares("keine unterschrift"),
    spares("unterschrift nicht erforderlich"),
    spares("kein cvm"),
    spares("no signature required"),
    spares("pin ok"),
    spares("verified by pin"),
    Phrase { place: Place::Alone, ..asks("unterschrift") },
    Phrase { place: Place::Alone, ..asks("signature") },
];

impl Receipt {
    /// Whether the customer must sign.
    pub fn signature(&self) -> Signature {
        if self.copy() != ReceiptCopy::Merchant {
            return Signature::unknown();
        }
        match self.status.as_deref() {
            None | Some("ok") => {}
            Some(status) if NOT_PAID.contains(&status) => {
                return Signature { decision: Decision::NotRequired, ..Signature::unknown() };
            }
            Some(_) => return Signature::unknown(),
        }
        let lines = self.said();
        let split_pairs = lines.windows(2).map(|pair| Said {
            over_two_lines: true,
            is_text: pair.iter().all(|said| said.is_text),
            spoken: format!("{} {}", pair[0].spoken, pair[1].spoken),
            printed: format!("{} {}", pair[0].printed.trim(), pair[1].printed.trim()),
            ..pair[0]
        });
        let find = |test: Rule| {
            let in_line = lines.iter().find(|said| test(said)).cloned();
            in_line.or_else(|| split_pairs.clone().find(test))
        };
        // A line that asks is named before the mark of a direct debit; a line that spares wins over the bare word.
        let rules: [(Decision, Rule); 4] = [
            (Decision::Required, |said| said.has_one(is_asking) && !said.spares()),
            (Decision::Required, |said| said.has_one(|phrase| phrase.direct_debit)),
            (Decision::NotRequired, Said::spares),
            (Decision::Required, |said| said.has_one(|phrase| phrase.place == Place::Alone)),
        ];
        let decided = |(decision, rule): (Decision, Rule)| {
            let said = find(rule)?;
            Some(Signature { decision, line: Some(said.line), text: Some(said.printed) })
        };
        rules.into_iter().find_map(decided).unwrap_or(Signature::unknown())
    }

    /// What each line with words says.
    fn said(&self) -> Vec<Said> {
        let head = self.head();
        let said = |(line, content): (usize, &Line)| {
            let printed = content.texts().collect::<Vec<_>>().join(" ");
            let is_text = content.kind() == LineKind::Text;
            Said { line, in_head: line < head, over_two_lines: false, is_text, spoken: spoken(&printed), printed }
        };
        self.lines().iter().enumerate().map(said).filter(|said| !said.spoken.is_empty()).collect()
    }
}

/// What a line says, for comparing.
#[derive(Clone)]
struct Said {
    line: usize,
    /// Whether it stands where the merchant's name and address are.
    in_head: bool,
    over_two_lines: bool,
    /// Whether it is nothing but text: no name with a value.
    is_text: bool,
    spoken: String,
    printed: String,
}

impl Said {
    /// Whether it has one of the phrases of a kind.
    fn has_one(&self, of_kind: fn(&Phrase) -> bool) -> bool {
        PHRASES.iter().filter(|phrase| of_kind(phrase)).any(|phrase| self.has(phrase))
    }

    /// Whether it says that nobody need sign. Over two lines only as a sentence of its own: two lines that have nothing to do
    /// with each other must not make a no, least of all before a line to sign on.
    fn spares(&self) -> bool {
        if !self.over_two_lines {
            return self.has_one(is_sparing);
        }
        let is_sentence = self.is_text && !self.printed.contains("__") && !self.printed.contains("..");
        is_sentence && PHRASES.iter().any(|phrase| is_sparing(phrase) && self.spoken == phrase.words)
    }

    fn has(&self, phrase: &Phrase) -> bool {
        let begins = |at: usize| at == 0 || self.spoken.as_bytes()[at - 1] == b' ';
        match phrase.place {
            Place::Anywhere => self.spoken.match_indices(phrase.words).any(|(at, _)| begins(at)),
            Place::BelowHead => !self.in_head && self.spoken.split(' ').any(|word| word == phrase.words),
            Place::Alone => self.spoken == phrase.words || self.is_signed_on(phrase.words),
        }
    }

    /// Whether a line to sign on follows the word, perhaps marked with an X, or with whose it is: `Unterschrift: Kunde`.
    fn is_signed_on(&self, word: &str) -> bool {
        let printed = self.printed.trim_start().to_lowercase();
        let rest = printed.strip_prefix(word).map(str::trim_start);
        rest.is_some_and(|rest| rest == "x" || rest.starts_with([':', '_', '.']))
    }
}

/// Whether a line decides in one way.
type Rule = fn(&Said) -> bool;

fn is_asking(phrase: &Phrase) -> bool {
    phrase.says == Decision::Required && phrase.place == Place::Anywhere && !phrase.direct_debit
}

fn is_sparing(phrase: &Phrase) -> bool {
    phrase.says == Decision::NotRequired
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
            "Unterschrift X",
            "Unterschrift: Kunde",
            "* Unterschrift *",
            "Unterschrift Karteninhaber",
            "Unterschrift des Karteninhabers",
            "Unterschrift Kunde",
            "Unterschrift des Kunden: ____",
            "Bitte hier unterschreiben",
            "Signature",
            "Signature: _______",
            "Bitte unterschreiben",
            "Bitte Beleg unterschreiben",
            "Bitte den Beleg unterschreiben",
            "* Unterschrift umseitig *",
            "Unterschrift\u{a0}umseitig",
            "ec-Lastschrift",
            "EC LASTSCHRIFT",
            "SEPA Lastschrift",
            "SEPA-Lastschrift",
            "SEPA-Lastschriftmandat",
            "ELV",
            "Zahlung ELV",
            "OLV",
            "Mandatsref. 4711",
            "Mandatsreferenz: 4711",
            "Mandats-Ref 4711",
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
            "Unterschrift: nicht erforderlich",
            "KEIN CVM",
            "*** Kein CVM ***",
            "No signature required",
            "PIN OK",
            "PIN-OK",
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
        for lines in [["Unterschrift des", "Karteninhabers"], ["Bitte Beleg", "unterschreiben"]] {
            assert_eq!(of(&lines).decision, Decision::Required, "{lines:?}");
        }
        // Two lines that have nothing to do with each other say no no.
        for lines in [
            &["Rabatte: keine", "Unterschrift", "_____"][..],
            &["keine", "Unterschrift: ________"],
            &["Trinkgeld: keine", "Unterschrift: ________"],
            &["Zahlung ohne PIN", "OK", "Unterschrift: ____"],
            &["Offline-PIN", "OK-Code 00", "Unterschrift ____"],
        ] {
            assert_eq!(of(lines).decision, Decision::Required, "{lines:?}");
        }
        for lines in [["Unterschrift", "nicht erforderlich"], ["Keine", "Unterschrift"], ["PIN", "OK"]] {
            assert_eq!(of(&lines).decision, Decision::NotRequired, "{lines:?}");
        }
    }

    #[test]
    fn words_that_only_look_like_it_decide_nothing() {
        for words in [
            "Gegenzeichnung",
            "Unterschrift GmbH",
            "Unterschriften",
            "Musterfirma Unterschriften",
            "Elvira Muster",
            "Design Hereford",
            "VISA",
            "PINOK",
        ] {
            assert_eq!(of(&[words]), Signature::unknown(), "{words}");
        }
        let pair = json!({"type": "name-value", "value": {"name": "Datum", "value": "25.02.2021"}});
        let lines = json!([text("ELV Elektronik AG"), pair, text("VISA")]).to_string();
        let receipt = Receipt::parse(lines.as_bytes(), ReceiptCopy::Merchant).expect("a receipt");
        assert_eq!(receipt.signature().decision, Decision::Unknown);
    }

    #[test]
    fn the_word_on_the_customers_copy_only_decides_nothing() {
        let transaction = json!({"status": "ok", "receipt": [text("Unterschrift umseitig")],
            "receipt_merchant": [text("VISA")]});
        let receipt = Receipt::from_transaction(&transaction, ReceiptCopy::Merchant).expect("a receipt");
        assert_eq!(receipt.signature(), Signature::unknown());
    }

    #[test]
    fn the_customers_copy_decides_nothing() {
        let lines = json!([text("Unterschrift umseitig")]).to_string();
        let receipt = Receipt::parse(lines.as_bytes(), ReceiptCopy::Customer).expect("a receipt");
        assert_eq!(receipt.signature(), Signature::unknown());
    }

    #[test]
    fn a_payment_that_was_not_approved_needs_no_signature() {
        for (status, expected) in [
            (json!("ok"), Decision::Required),
            (json!("failed"), Decision::NotRequired),
            (json!("aborted"), Decision::NotRequired),
            (json!("timeout"), Decision::NotRequired),
            (json!("cancelled"), Decision::NotRequired),
            (json!("canceled"), Decision::NotRequired),
            (json!("created"), Decision::Unknown),
            (json!("approved"), Decision::Unknown),
            (json!("a new word"), Decision::Unknown),
            (json!(null), Decision::Unknown),
        ] {
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
