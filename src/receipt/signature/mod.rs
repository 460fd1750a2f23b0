//! Must the customer sign the merchant's copy? The API has no flag for it: the receipt says so.
//!
//! Judged on the merchant's copy of an approved payment only; a bare array of lines is taken to be of one. A payment
//! that was refused or cancelled needs no signature. Everything else decides nothing: the customer's copy, a status that
//! is not final, silence.
//!
//! It is decided by how a receipt is made, not by a list of phrases:
//!
//! - [`mod@decision`]: what comes of it; `finding`: what one step has found; `slip`: what the steps look at
//! - `rows`: the rows as they are read; `drawn`: the lines to sign on; `words`: the words about signing
//! - `steps`: the eight steps, in their order, a file for each

pub mod decision;
mod drawn;
pub(super) mod finding;
mod rows;
mod slip;
pub(super) mod steps;
mod words;

use crate::receipt::copy::{Receipt, ReceiptCopy};
use crate::receipt::sections::sections;
use crate::receipt::signature::decision::{Decision, Signature};
use crate::receipt::signature::finding::Finding;
use crate::receipt::signature::slip::Slip;
use crate::receipt::signature::steps::{STEPS, Step};

/// The statuses with which a payment has ended without money. Any other but `ok` may still become an approved one.
const NOT_PAID: &[&str] = &["failed", "aborted", "timeout", "cancelled", "canceled"];

/// What is known before a receipt is read, and why.
pub(super) fn known_before(receipt: &Receipt) -> Option<(Decision, &'static str)> {
    match receipt.status.as_deref() {
        _ if receipt.copy() != ReceiptCopy::Merchant => Some((Decision::Unknown, "only the merchant's copy says it")),
        None | Some("ok") => None,
        Some(status) if NOT_PAID.contains(&status) => Some((Decision::NotRequired, "nothing was paid")),
        Some(_) => Some((Decision::Unknown, "the payment has not ended")),
    }
}

impl Receipt {
    /// Whether the customer must sign. Of several receipts in the array each is judged by itself; one that must be signed is
    /// enough.
    pub fn signature(&self) -> Signature {
        self.judged().0
    }

    /// Whether it must be signed and no row says where: the terminal prints only the name of a direct debit.
    pub(super) fn lacks_place_to_sign(&self) -> bool {
        // Most of those that must be signed say where, in a row that is found without judging all of them.
        !self.lines().iter().any(rows::asks_by_itself) && self.judged().1
    }

    /// Both.
    fn judged(&self) -> (Signature, bool) {
        if let Some((decision, _)) = known_before(self) {
            return (Signature { decision, ..Signature::unknown() }, false);
        }
        let urgency = |signature: &Signature| match signature.decision {
            Decision::Unknown => 0,
            Decision::NotRequired => 1,
            Decision::Required => 2,
        };
        let slips: Vec<Slip> = self.slips().collect();
        let signatures = slips.iter().map(|slip| {
            let decided = findings(slip).find_map(|(_, finding)| finding.signature());
            decided.unwrap_or(Signature::unknown())
        });
        // Of two that are equally urgent the first.
        let signature = signatures
            .reduce(|one, other| if urgency(&other) > urgency(&one) { other } else { one })
            .unwrap_or(Signature::unknown());
        let lacks_place =
            signature.decision == Decision::Required && !slips.iter().any(|slip| slip.has_place_to_sign());
        (signature, lacks_place)
    }

    /// What the steps find in each receipt of the array.
    pub(super) fn findings(&self) -> Vec<Vec<(&'static Step, Finding)>> {
        self.slips().map(|slip| findings(&slip).collect()).collect()
    }

    /// The receipts of the array.
    fn slips(&self) -> impl Iterator<Item = Slip> {
        let facts = self.facts();
        let fields = self.fields_of(&facts);
        sections(self.lines(), &facts).into_iter().map(move |section| Slip::read(self, &section, &fields))
    }
}

/// Each step with what it finds, as far as it is asked for.
fn findings(slip: &Slip) -> impl Iterator<Item = (&'static Step, Finding)> {
    STEPS.iter().map(move |step| (step, (step.take)(slip)))
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
        let receipt =
            Receipt::parse(Value::Array(all).to_string().as_bytes(), ReceiptCopy::Merchant).expect("a receipt");
        let (signature, lacks_place) = receipt.judged();
        assert_eq!(receipt.lacks_place_to_sign(), lacks_place, "{lines:?}");
        signature
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
