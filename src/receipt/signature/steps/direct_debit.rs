//! Step 4: a direct debit, or the mandate for one. The customer's signature is the mandate: without it the bank gives no
//! address, and the merchant loses the claim.

use crate::receipt::direct_debit::{Name, name};
use crate::receipt::line::LineKind;
use crate::receipt::signature::decision::Decision;
use crate::receipt::signature::finding::Finding;
use crate::receipt::signature::rows::Row;
use crate::receipt::signature::slip::Slip;
use crate::receipt::signature::steps::kind;
use crate::receipt::signature::words::{Signing, denies};

/// A row with a label and a number has no more words; more are a sentence.
const MOST_WORDS_OF_LABEL: usize = 4;

pub(super) fn take(slip: &Slip) -> Finding {
    let Some((row, why)) = mark(slip) else {
        return Finding::passed(None, "no row is a direct debit's name or a mandate's label");
    };
    if kind::is_no_payment(slip) {
        return Finding::passed(Some(row), "no payment is debited");
    }
    // Where it also says where to sign, that is the row for the cashier.
    let asks = slip.body().find(|row| matches!(row.signing, Some(Signing::Asks { plain: true })));
    match asks {
        Some(row) => Finding::decided(Decision::Required, row, "a direct debit, and this row says where to sign"),
        None => Finding::decided(Decision::Required, row, why),
    }
}

fn mark(slip: &Slip) -> Option<(&Row, &'static str)> {
    let of_kind =
        |is_one: fn(&Row) -> bool, why| Some((slip.rows.iter().chain(&slip.joined).find(|row| is_one(row))?, why));
    of_kind(is_debit, "a row is a direct debit's name").or_else(|| of_kind(is_mandate, "a row is a mandate's"))
}

/// Whether a row is a direct debit's name; in the head only one that no merchant has.
fn is_debit(row: &Row) -> bool {
    // Two rows that are no name by themselves are a sentence.
    if row.rows > 1 {
        return false;
    }
    let said = |words: &[String]| name(&words.join(" "));
    let found = match row.kind {
        LineKind::NameValue => {
            let (label, value) = row.words.split_at(row.name_words);
            let is_denied = row.words.iter().any(|word| denies(word));
            // `Zahlart: ELV`, or `ELV: 19,92`; not `ELV: 3`, of which a report counts so many.
            let is_money = |word: &String| word == "eur" || word.bytes().all(|byte| byte.is_ascii_digit());
            let of_label = said(label).filter(|_| value.len() != 1 && value.iter().all(is_money));
            (!is_denied).then(|| said(value).or(of_label)).flatten()
        }
        _ => said(&row.words),
    };
    found.is_some_and(|name| name == Name::Unmistakable || !row.in_head)
}

/// Whether a row names the mandate or the creditor by a label with a number, or says that the customer gives one.
fn is_mandate(row: &Row) -> bool {
    if row.in_head || row.words.iter().any(|word| word == "www") {
        return false;
    }
    let words: Vec<&str> = row.words.iter().map(String::as_str).filter(|word| *word != "sepa").collect();
    let Some(first) = words.first() else { return false };
    // `Hiermit ermächtige ich`; not `Ermächtigen Sie uns`.
    if words.contains(&"ermaechtige") {
        return true;
    }
    let is_label = match *first {
        "glaeubiger" | "gl" | "creditor" => words.get(1).is_some_and(|word| word.starts_with("id") || *word == "nr"),
        word => {
            ["mandat", "glaeubigerid", "einzugsermaechtigung", "creditorid"].iter().any(|stem| word.starts_with(stem))
        }
    };
    let has_number = words[1..].iter().any(|word| word.contains(|character: char| character.is_ascii_digit()));
    let is_short = words.len() <= MOST_WORDS_OF_LABEL || row.kind == LineKind::NameValue;
    is_label
        && row.rows == 1
        && is_short
        && (has_number || words.len() < MOST_WORDS_OF_LABEL)
        && !words.iter().any(|word| denies(word))
}
