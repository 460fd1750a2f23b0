//! The brands of cards, and the rows that name one.

use crate::receipt::direct_debit;
use crate::receipt::spoken::{spoken, words};

/// A brand that the fields can give.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Brand {
    Girocard,
    DirectDebit,
    Visa,
    VPay,
    Mastercard,
    Maestro,
    AmericanExpress,
    DinersClub,
    Jcb,
}

/// What begins a brand's name, as spoken. Of names that begin alike the longer one is first.
const STEMS: &[(&str, Brand)] = &[
    ("girocard", Brand::Girocard),
    ("visa debit", Brand::Visa),
    ("visa credit", Brand::Visa),
    ("visa electron", Brand::Visa),
    ("visa", Brand::Visa),
    ("v pay", Brand::VPay),
    ("vpay", Brand::VPay),
    ("debit mastercard", Brand::Mastercard),
    ("mastercard debit", Brand::Mastercard),
    ("mastercard credit", Brand::Mastercard),
    ("mastercard", Brand::Mastercard),
    ("maestro dmc", Brand::Maestro),
    ("maestro", Brand::Maestro),
    ("american express", Brand::AmericanExpress),
    ("amex", Brand::AmericanExpress),
    ("diners club", Brand::DinersClub),
    ("diners", Brand::DinersClub),
    ("jcb", Brand::Jcb),
];

/// How the card was read may stand beside its brand.
const ENTRY: &[&str] =
    &["contactless", "kontaktlos", "chip", "sans", "contact", "senza", "contatto", "nfc", "karte", "card"];

/// A row of real slips has no more words behind a brand's name; a sentence has.
const MOST_WORDS_BEHIND: usize = 3;

/// The brand that a row names, as it is printed there.
pub(super) struct Named<'a> {
    pub printed: &'a str,
    /// Whether the row says nothing else.
    pub alone: bool,
}

impl Brand {
    /// The brand of a field's value.
    pub(crate) fn of(value: &str) -> Option<Brand> {
        let said = spoken(value);
        match direct_debit::name(&said).is_some() {
            true => Some(Brand::DirectDebit),
            false => STEMS.iter().find(|(stem, _)| begins(&said, stem)).map(|(_, brand)| *brand),
        }
    }
}

/// The brand that a row begins with.
pub(super) fn named(row: &str) -> Option<Named<'_>> {
    let row = row.trim();
    let words = words(row);
    let said = words.iter().map(|word| word.said.as_str()).collect::<Vec<_>>().join(" ");
    if direct_debit::name(&said).is_some() {
        return Some(Named { printed: row, alone: true });
    }
    let (stem, _) = STEMS.iter().find(|(stem, _)| begins(&said, stem))?;
    let (name, behind) = words.split_at(stem.split(' ').count());
    let alone = behind.is_empty();
    let is_row_of_its_own = behind.len() <= MOST_WORDS_BEHIND
        && behind.iter().all(|word| {
            ENTRY.contains(&word.said.as_str())
                || word.said.len() <= 2
                || word.said.contains(|c: char| c.is_ascii_digit() || c == 'x')
        });
    let printed = if alone { row } else { &row[name.first()?.at.start..name.last()?.at.end] };
    is_row_of_its_own.then_some(Named { printed, alone })
}

fn begins(said: &str, stem: &str) -> bool {
    said.strip_prefix(stem).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_names_a_brand_and_perhaps_how_the_card_was_read() {
        for (row, printed, brand) in [
            ("girocard", "girocard", Brand::Girocard),
            ("  Debit Mastercard", "Debit Mastercard", Brand::Mastercard),
            ("VISA contactless", "VISA", Brand::Visa),
            ("VISA DEBIT", "VISA DEBIT", Brand::Visa),
            ("V-PAY", "V-PAY", Brand::VPay),
            ("VPAY", "VPAY", Brand::VPay),
            ("Maestro/DMC AT", "Maestro/DMC", Brand::Maestro),
            ("AMEX", "AMEX", Brand::AmericanExpress),
            ("JCB", "JCB", Brand::Jcb),
            ("Diners Club", "Diners Club", Brand::DinersClub),
            ("VISA xxxx 1234", "VISA", Brand::Visa),
            ("EuroELV", "EuroELV", Brand::DirectDebit),
            ("LASTSCHRIFT", "LASTSCHRIFT", Brand::DirectDebit),
        ] {
            let named = named(row).expect(row);
            assert_eq!((named.printed, Brand::of(named.printed)), (printed, Some(brand)), "{row}");
        }
    }

    #[test]
    fn a_sentence_names_none() {
        for row in ["VISA und Mastercard willkommen", "Maestroni", "Zahlung mit VISA", "Visagistin Meier", ""] {
            assert!(named(row).is_none(), "{row}");
        }
    }
}
