//! Step 7, first half: words for a PIN that was right, or for no cardholder verification at all. A PIN alone says nothing:
//! it may have been wrong, forgotten or advertised.

use crate::receipt::signature::decision::Decision;
use crate::receipt::signature::finding::Finding;
use crate::receipt::signature::rows::Row;
use crate::receipt::signature::slip::Slip;
use crate::receipt::signature::words::{METHOD_STEMS, denies, is_conditional};

/// Words for it.
const PIN: &[&str] = &["pin", "geheimzahl", "confidentiel", "cdcvm"];
/// That it was right.
#[rustfmt::skip]
const RIGHT: &[&str] = &[
    "ok", "geprueft", "bestaetigt", "korrekt", "richtig", "eingegeben", "validiert", "akzeptiert", "validated",
    "confirmed", "correct", "entered", "used", "online", "offline", "valide", "saisi", "correcte", "corretto",
    "digitato", "inserito", "cvm", "cdcvm",
];
/// What may stand beside both.
#[rustfmt::skip]
const BESIDE: &[&str] = &[
    "mit", "by", "per", "durch", "with", "code", "codice", "de", "du", "zahlung", "kartenzahlung", "eingabe", "wurde",
    "ist", "was", "method", "methode", "verfahren", "cardholder", "karteninhaber", "required", "erforderlich",
    "device", "consumer", "kontaktlos", "contactless", "and", "und",
];

pub(super) fn take(slip: &Slip) -> Finding {
    if let Some(row) = slip.body().find(|row| is_right_pin(row)) {
        return Finding::decided(Decision::NotRequired, row, "the PIN was right");
    }
    if let Some(row) = slip.body().find(|row| is_no_cvm(row)) {
        return Finding::decided(Decision::NotRequired, row, "the cardholder was not to be verified");
    }
    let near = slip.body().find(|row| row.words.iter().any(|word| PIN.contains(&word.as_str())));
    Finding::passed(
        near,
        if near.is_some() { "it does not say that the PIN was right" } else { "no row speaks of a PIN" },
    )
}

fn has(row: &Row, list: &[&str]) -> bool {
    row.words.iter().any(|word| list.contains(&word.as_str()))
}

fn is_method(word: &str) -> bool {
    METHOD_STEMS.iter().any(|stem| word.starts_with(stem))
}

fn is_nothing_else(row: &Row, also: fn(&str) -> bool) -> bool {
    let fits = |word: &str| {
        let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
        PIN.contains(&word)
            || RIGHT.contains(&word)
            || BESIDE.contains(&word)
            || is_method(word)
            || is_number
            || also(word)
    };
    row.words.iter().all(|word| fits(word))
}

fn is_right_pin(row: &Row) -> bool {
    let is_denied = row.words.iter().any(|word| denies(word));
    let says_how = has(row, RIGHT) || row.words.iter().any(|word| is_method(word));
    has(row, PIN) && says_how && !is_denied && row.signing.is_none() && is_nothing_else(row, |_| false)
}

/// `Kein CVM`, `NO CVM REQUIRED`, `CVM: none`, `no verification`.
fn is_no_cvm(row: &Row) -> bool {
    let is_denied = row.words.iter().any(|word| denies(word));
    let is_verification = has(row, &["cvm", "verification", "verifikation", "verifizierung"]) && !has(row, PIN);
    is_verification && is_denied && row.signing.is_none() && !is_conditional(&row.words) && is_nothing_else(row, denies)
}
