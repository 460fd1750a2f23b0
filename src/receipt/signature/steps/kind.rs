//! Step 1: a report, a reversal or a refund. It is one by its own words, or because it is known to be. Then no mark of a
//! direct debit counts: money goes back, or nowhere.

use crate::receipt::direct_debit;
use crate::receipt::signature::finding::Finding;
use crate::receipt::signature::rows::Row;
use crate::receipt::signature::slip::Slip;
use crate::receipt::signature::words::denies;

/// What such a receipt is called, as spoken.
#[rustfmt::skip]
const KINDS: &[&str] = &[
    "storno", "stornierung", "storniert", "stornobeleg", "rueckerstattung", "erstattung", "gutschrift", "reversal",
    "reversed", "refund", "refunded", "void", "voided", "cancellation", "annulation", "annule", "annulee",
    "remboursement", "credit", "annullamento", "annullato", "rimborso", "storni", "kassenschnitt", "kassenabschluss",
    "tagesabschluss", "abschluss", "diagnose", "umsatzbericht", "zwischenbericht", "cloture", "chiusura",
    "reconciliation", "settlement", "zwischensumme", "zwischenabschluss", "umsatz", "umsaetze", "bericht",
    "summenbeleg",
];

/// A card's holder gets these from a loyalty programme, too: they count only as what the amount is called, or above it.
const LOYALTY: &[&str] = &["gutschrift", "credit", "erstattung"];

/// What may stand beside it.
#[rustfmt::skip]
const BESIDE: &[&str] = &[
    "betrag", "zahlung", "kartenzahlung", "beleg", "transaktion", "transaction", "buchung", "der", "des", "of",
    "erfolgt", "erfolgreich", "ok", "wurde", "durchgefuehrt", "eur", "chf", "euro", "ec", "sepa",
];

pub(super) fn take(slip: &Slip) -> Finding {
    if slip.is_report {
        return Finding::passed(None, "it is a report: no mark of a direct debit counts");
    }
    match reversal(slip) {
        Some(row) => Finding::passed(Some(row), "money goes back, or it is a report: no mark of a direct debit counts"),
        None => Finding::passed(None, "no row says so: a payment"),
    }
}

/// Whether no mark of a direct debit counts.
pub(super) fn is_no_payment(slip: &Slip) -> bool {
    slip.is_report || reversal(slip).is_some()
}

fn reversal(slip: &Slip) -> Option<&Row> {
    let amount = slip.field("amount").map(|field| field.line);
    slip.rows.iter().filter(|row| !row.in_head).find(|row| {
        // Of a name with a value the name says it, and only where it is what the amount is called.
        let words = if row.name_words > 0 { &row.words[..row.name_words] } else { &row.words[..] };
        let is_amount = amount == Some(row.line);
        let is_early = amount.is_none_or(|amount| row.line <= amount);
        is_kind(words, is_early) && (row.name_words == 0 || is_amount)
    })
}

/// A row of more words is a sentence.
const MOST_WORDS: usize = 6;

fn is_kind(words: &[String], is_early: bool) -> bool {
    let counts = |word: &String| KINDS.contains(&word.as_str()) && (is_early || !LOYALTY.contains(&word.as_str()));
    let fits = |word: &String| counts(word) || BESIDE.contains(&word.as_str()) || direct_debit::name(word).is_some();
    let kinds = words.iter().filter(|word| counts(word)).count();
    kinds > 0 && words.len() <= MOST_WORDS && words.iter().all(fits) && !words.iter().any(|word| denies(word))
}
