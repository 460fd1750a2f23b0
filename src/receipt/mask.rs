//! Card numbers on what the customer sees: the first six and the last four digits at most. The receipt itself keeps
//! them.

use std::ops::Range;

use crate::receipt::spoken::spoken;

/// So many digits a card's number has.
const LEAST_DIGITS: usize = 13;
const MOST_DIGITS: usize = 19;

/// What labels of cards that are no money have in them, as spoken and without spaces: their numbers stay.
const LOYALTY: &[&str] =
    &["kundenkarte", "bonuskarte", "treuekarte", "vorteilskarte", "mitgliedskarte", "loyalty", "membercard"];

/// Labels of numbers that are no card's and stay, too, whatever Luhn says: the mandate's is the customer's proof.
const OTHERS: &[&str] = &["vunr", "vunummer", "vpnr", "mid", "merchantid", "haendlernr", "haendlernummer"];
const MANDATES: &[&str] = &["mandat", "glaeubiger", "creditor"];
/// Behind one of these a card's number follows, whatever the line is called.
const CARDS: &[&str] = &["karte", "kartennr", "kartennummer", "pan", "card"];

/// The text with every card number in it hidden: 13 to 19 digits that pass Luhn's check, on their own or in groups of at
/// least four. What stands directly before the number in the same text is its label, too.
pub(super) fn masked(label: &str, text: &str) -> String {
    let stays = |before: &str| {
        let said = spoken(before);
        let is_cards = said.split(' ').any(|word| CARDS.contains(&word));
        keeps_digits(before) || (keeps_digits(label) && (said.is_empty() || !is_cards))
    };
    hide(text, |before| !stays(before))
}

/// Whether there are enough digits in a text for a card's number: most texts have not, and need not be looked at.
pub(super) fn may_hold_card_number(text: &str) -> bool {
    text.bytes().filter(u8::is_ascii_digit).count() >= LEAST_DIGITS
}

/// The text with every card number in it hidden, whatever stands before it.
pub fn without_card_numbers(text: &str) -> String {
    hide(text, |_| true)
}

/// The text, in which somebody who knows neither the customer nor the till has written, without card numbers and without
/// account numbers: nine digits or more, also behind the two letters of an IBAN, in one word or in words with one space
/// between them.
pub fn without_account_numbers(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut shown: Vec<char> = without_card_numbers(text).chars().collect();
    let mut at = 0;
    while at < characters.len() {
        let length = number_length(&characters[at..]);
        let digits: Vec<usize> = (at..at + length).filter(|&place| characters[place].is_ascii_digit()).collect();
        // A card's shows its first digits, too; in an IBAN what looks like a card's is none.
        let is_card = shown[at..at + length] != characters[at..at + length] && digits.first() == Some(&at);
        if digits.len() >= 9 && !is_card {
            digits[..digits.len() - 4].iter().for_each(|&place| shown[place] = '#');
        }
        // On to the next word.
        at += length;
        at += word_length(&characters[at..]);
        at += characters[at..].iter().take_while(|character| !character.is_alphanumeric()).count();
    }
    shown.into_iter().collect()
}

/// How long the number is that begins here: words of digits. The first word may begin with two letters.
fn number_length(characters: &[char]) -> usize {
    let is_number = |word: &[char]| !word.is_empty() && word.iter().all(char::is_ascii_digit);
    let first = &characters[..word_length(characters)];
    let letters = if first.len() > 2 && first[..2].iter().all(char::is_ascii_alphabetic) { 2 } else { 0 };
    if !is_number(&first[letters..]) {
        return 0;
    }
    let mut length = first.len();
    while characters.get(length) == Some(&' ') {
        let next = length + 1 + word_length(&characters[length + 1..]);
        if !is_number(&characters[length + 1..next]) {
            break;
        }
        length = next;
    }
    length
}

fn word_length(characters: &[char]) -> usize {
    characters.iter().take_while(|character| character.is_alphanumeric()).count()
}

fn hide(text: &str, is_secret_after: impl Fn(&str) -> bool) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    // The words that stood last before digits.
    let mut label = 0..0;
    let (mut at, mut behind) = (0, 0);
    while at < characters.len() {
        if !characters[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        if characters[behind..at].iter().any(|character| character.is_alphabetic()) {
            label = behind..at;
        }
        let groups = groups(&characters, at);
        // An application's identifier, `A0000001211010`, is no card's number.
        let is_application = characters[at] == '0' && at > 0 && characters[at - 1].is_ascii_alphabetic();
        // What stands behind a number may be digits, too: the longest that is one.
        let number = (1..=groups.len()).rev().find_map(|count| card(&characters, &groups[..count]));
        let Some(places) = number.filter(|_| !is_application) else {
            at = groups[0].end;
            behind = at;
            continue;
        };
        let before: String = characters[label].iter().collect();
        at = places[places.len() - 1] + 1;
        // What follows a card's number has a label of its own, or none.
        (label, behind) = (at..at, at);
        if is_secret_after(&before) {
            for &place in &places[6..places.len() - 4] {
                characters[place] = '#';
            }
        }
    }
    characters.into_iter().collect()
}

/// The runs of digits from here on, as long as one or two spaces or one mark is between them.
fn groups(characters: &[char], at: usize) -> Vec<Range<usize>> {
    let digits_from =
        |at: usize| at + characters[at..].iter().take_while(|character| character.is_ascii_digit()).count();
    let first = at..digits_from(at);
    let mut groups = vec![first];
    // No card has more than five groups.
    while groups.len() < 6 {
        let end = groups[groups.len() - 1].end;
        let spaces = characters[end..].iter().take_while(|character| character.is_whitespace()).count();
        let marks = usize::from(characters.get(end).is_some_and(|character| "-./·•–—_".contains(*character)));
        let next = end + if marks == 1 { 1 } else { spaces };
        if next == end || spaces > 2 || !characters.get(next).is_some_and(char::is_ascii_digit) {
            break;
        }
        groups.push(next..digits_from(next));
    }
    groups
}

/// Where the digits of a card number stand, if these groups are one. Only the last group may have fewer than four
/// digits.
fn card(characters: &[char], groups: &[Range<usize>]) -> Option<Vec<usize>> {
    let (_, others) = groups.split_last()?;
    let is_shown_so = others.iter().all(|group| group.len() >= 4);
    let places: Vec<usize> = groups.iter().cloned().flatten().collect();
    let is_card = is_shown_so
        && (LEAST_DIGITS..=MOST_DIGITS).contains(&places.len())
        && passes_luhn(places.iter().map(|&place| characters[place]));
    is_card.then_some(places)
}

fn passes_luhn(digits: impl DoubleEndedIterator<Item = char>) -> bool {
    let doubled = digits.rev().enumerate().map(|(place, digit)| {
        let digit = digit.to_digit(10).unwrap_or_default() << (place % 2);
        digit / 10 + digit % 10
    });
    doubled.sum::<u32>() % 10 == 0
}

fn keeps_digits(label: &str) -> bool {
    let said = spoken(label).replace(' ', "");
    let is_part = |words: &&str| said.contains(*words);
    LOYALTY.iter().any(is_part) || MANDATES.iter().any(is_part) || OTHERS.iter().any(|words| said.ends_with(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn card_numbers_show_six_and_four_digits_at_most() {
        for (text, shown) in [
            ("4111111111111111", "411111######1111"),
            ("Karte 4111111111111111.", "Karte 411111######1111."),
            ("4111 1111 1111 1111", "4111 11## #### 1111"),
            ("4111-1111-1111-1111 bis 12/22", "4111-11##-####-1111 bis 12/22"),
            ("4111 1111 1111 1111 12/27", "4111 11## #### 1111 12/27"),
            ("4111 1111 1111 1111 0003", "4111 11## #### 1111 0003"),
            ("4111-1111-1111-1111-12/27", "4111-11##-####-1111-12/27"),
            ("3782 822463 10005 12/27", "3782 82#### #0005 12/27"),
            ("4111  1111  1111  1111", "4111  11##  ####  1111"),
            ("4111\u{a0}1111\u{a0}1111\u{a0}1111", "4111\u{a0}11##\u{a0}####\u{a0}1111"),
            ("3782 822463 10005", "3782 82#### #0005"),
            ("378282246310005", "378282#####0005"),
            ("411111 1111111111", "411111 ######1111"),
            ("4111 11111111 1111", "4111 11###### 1111"),
            ("4111/1111/1111/1111", "4111/11##/####/1111"),
            ("4111·1111·1111·1111", "4111·11##·####·1111"),
            ("41111111 11111111", "411111## ####1111"),
            ("VU-Nr. 455600184 Karte 4111111111111111", "VU-Nr. 455600184 Karte 411111######1111"),
            ("Kundenkarte 5555555555554444 4111111111111111", "Kundenkarte 5555555555554444 411111######1111"),
            ("4222222222222", "422222###2222"),
            ("6304000000000000000", "630400#########0000"),
            ("4111111111111111 5555555555554444", "411111######1111 555555######4444"),
        ] {
            assert_eq!(masked("Kartennr.", text), shown, "{text}");
        }
    }

    #[test]
    fn other_numbers_stay() {
        for text in [
            // A digit is wrong; too short; too long; masked already; an IBAN; dates and amounts.
            "4111111111111112",
            "411111111117",
            "41111111111111111111",
            "############1111",
            "DE02120300000000202051",
            "25.02.2021 08:46:48",
            "1.234.567,89",
            "000011 0003 72015255",
            "41 11 11 11 11 11 11 11",
            "A0000001211010",
            "AID: A0000001211010",
            "",
        ] {
            assert_eq!(masked("Kartennr.", text), text);
        }
    }

    #[test]
    fn a_server_that_speaks_of_accounts_is_not_quoted() {
        for (text, shown) in [
            ("Konto 1060093836 gesperrt", "Konto ######3836 gesperrt"),
            ("IBAN DE02120300000000202051.", "IBAN DE################2051."),
            ("IBAN DE02 1203 0000 0000 2020 51 gesperrt", "IBAN DE## #### #### #### ##20 51 gesperrt"),
            ("Konto 106 009 3836, 7 Tage", "Konto ### ### 3836, 7 Tage"),
            ("Karte 4111 1111 1111 1111", "Karte 4111 11## #### 1111"),
            ("am 2026-11-23 14:10 in 5 von 10", "am 2026-11-23 14:10 in 5 von 10"),
            ("Kundenkarte 4111111111111111", "Kundenkarte 411111######1111"),
            ("Terminal 72015255, Code 2003", "Terminal 72015255, Code 2003"),
            ("f8e0173c15b92750819a91ac8d5cc878", "f8e0173c15b92750819a91ac8d5cc878"),
            ("STX_3HXQQBSVK2XWNAX7ESCZH9NZY3YZAZ", "STX_3HXQQBSVK2XWNAX7ESCZH9NZY3YZAZ"),
            ("", ""),
        ] {
            assert_eq!(without_account_numbers(text), shown);
        }
    }

    #[test]
    fn a_loyalty_card_is_no_secret_where_its_label_says_so() {
        for label in ["Kundenkarte", "KUNDENKARTEN-NR.:", "Bonus-Karte", "Loyalty card"] {
            assert_eq!(masked(label, "4111111111111111"), "4111111111111111", "{label}");
            let line = format!("{label} 4111111111111111");
            assert_eq!(masked("", &line), line);
        }
        assert_eq!(masked("Karte", "4111111111111111"), "411111######1111");
    }

    #[test]
    fn a_merchants_or_a_mandates_number_stays_by_its_label() {
        for label in ["M-ID", "VU-Nr.", "VU-Nummer:", "Mandatsreferenz", "Mandatsref.", "Gläubiger-ID", "MID"] {
            assert_eq!(masked(label, "5295239158672003"), "5295239158672003", "{label}");
            let line = format!("{label} 5295239158672003");
            assert_eq!(masked("", &line), line);
            // A card behind it is a card.
            assert_eq!(masked(label, "Karte 4111111111111111"), "Karte 411111######1111");
        }
        assert_eq!(masked("Limit", "4111111111111111"), "411111######1111");
    }
}
