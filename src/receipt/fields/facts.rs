//! What one line says: labels with their values, in a pair or in a row of text, and values that are known by their shape.

use crate::receipt::fields::amount::{amount_length, currency, currency_in, minor_units, tokens};
use crate::receipt::line::{Line, LineKind};
use crate::receipt::spoken::{Word, words};

/// One thing that a line says.
pub(in crate::receipt) struct Fact {
    pub name: &'static str,
    pub value: String,
    /// How sure it is: of two facts of the same name the better one counts.
    pub rank: Rank,
}

/// How sure a fact is; the best is the least.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::receipt) enum Rank {
    /// Its label says so; of an amount, that it is the total.
    Labelled,
    /// An amount that may be a part.
    Part,
    /// An amount that goes back, if there is no other: a loyalty programme credits, too.
    Back,
    /// Only its shape says so.
    Shaped,
}

/// The labels, as spoken and without spaces.
const LABELS: &[(&str, &[&str])] = &[
    ("date", &["datum", "belegdatum", "kaufdatum", "date", "data"]),
    ("time", &["uhrzeit", "zeit", "time", "heure", "ora"]),
    (
        "receipt_no",
        &[
            "belegnr",
            "belegnummer",
            "belnr",
            "bnr",
            "bonnr",
            "bonnummer",
            "beleg",
            "receiptno",
            "receiptnr",
            "ticketno",
        ],
    ),
    ("trace_no", &["tracenr", "traceno", "tracenummer", "tanr", "tanummer", "trace", "stan"]),
    ("terminal_id", &["terminalid", "terminalnr", "terminalnummer", "terminal", "tid", "trmid", "termid", "terminale"]),
    (
        "merchant_no",
        &[
            "vunr",
            "vunummer",
            "vpnr",
            "haendlernr",
            "haendlernummer",
            "merchantid",
            "merchantno",
            "esercente",
            "merchant",
            "haendler",
        ],
    ),
    (
        "card",
        &[
            "nr",
            "kartennr",
            "kartennummer",
            "kartenr",
            "pan",
            "l",
            "cardno",
            "cardnumber",
            "karte",
            "card",
            "carta",
            "carte",
        ],
    ),
    ("expiry", &["gueltigbis", "ablaufdatum", "verfalldatum", "verfall", "expiry", "expirydate", "expdate", "exp"]),
    ("bank", &["blz", "kurzblz", "kontonr", "ktonr", "kto", "iban", "gid"]),
    (
        "approval",
        &[
            "genehmigungsnr",
            "genehmigungsnummer",
            "genehmigungscode",
            "genehmigt",
            "gennr",
            "autorisierungsnr",
            "autorisierungsnummer",
            "autorisierungscode",
            "autorisation",
            "autnr",
            "authnr",
            "authcode",
            "autcode",
            "authno",
            "approvalcode",
            "codaut",
            "noauto",
        ],
    ),
    ("aid", &["aid", "emvaid"]),
];

/// Labels that are everyday words, too. In a row of text they count only if nothing else is in it.
#[rustfmt::skip]
const EVERYDAY: &[&str] = &[
    "nr", "beleg", "terminal", "trace", "date", "data", "time", "zeit", "ora", "l", "karte", "card", "carta", "carte",
    "exp", "merchant", "haendler", "esercente",
];

/// Labels of amounts that may be a part of what was charged, without the currency.
const PARTS: &[&str] = &["", "betrag", "betragamount", "amount", "montant", "montantreel", "importo"];

/// Labels of amounts that go back.
const BACK: &[&str] = &["storno", "gutschrift", "refund", "remboursement", "rimborso"];

/// Labels of amounts that are all of it.
#[rustfmt::skip]
const TOTALS: &[&str] = &[
    "gesamt", "gesamtbetrag", "gesamtsumme", "summe", "total", "totaleft", "totalbetrag", "totale", "endbetrag",
    "zahlbetrag", "zuzahlen", "montanttotal", "grandtotal",
];

/// What a label says of the value behind it.
#[derive(Clone, Copy)]
pub(super) struct Label {
    name: &'static str,
    rank: Rank,
    is_everyday: bool,
}

/// No label has more words.
const MOST_LABEL_WORDS: usize = 4;
/// No row has more facts; what looks like it is something else.
const MOST_FACTS: usize = 4;

/// What a line says. A label without a value is given back: the value may stand in the next row.
pub(super) fn of_line(line: &Line) -> (Vec<Fact>, Option<Label>) {
    match line.kind() {
        LineKind::NameValue => of_pair(line.name().unwrap_or_default(), line.value().unwrap_or_default().trim()),
        LineKind::Text => of_text(line.text().unwrap_or_default()),
        _ => (Vec::new(), None),
    }
}

/// What a row says whose label stood in the row above.
pub(super) fn of_value(label: Label, line: &Line) -> Option<Fact> {
    let text = line.text().unwrap_or_default().trim();
    // The currency may be a label of its own: `EUR: 19,92`.
    let text = match currency_in(text.split([':', ' ']).next().unwrap_or_default()) {
        Some(_) if label.name == "amount" => {
            text.trim_start_matches(|c: char| c.is_alphabetic() || c.is_whitespace() || ":.€£$".contains(c))
        }
        _ => text,
    };
    let length = value_length(label, text)?;
    (length == text.len()).then(|| Fact { name: label.name, value: text.to_owned(), rank: label.rank })
}

fn of_pair(name: &str, value: &str) -> (Vec<Fact>, Option<Label>) {
    let said = words(name);
    let Some(label) = label(name, &said, said.len()) else { return (Vec::new(), None) };
    if value.is_empty() {
        return (Vec::new(), Some(label));
    }
    let has_digit = value.contains(|character: char| character.is_ascii_digit());
    let fact = |name, value: &str| Fact { name, value: value.to_owned(), rank: label.rank };
    let facts = match (label.name, value.split_once(' ')) {
        ("date", Some((date, time))) => vec![fact("date", date), fact("time", time.trim())],
        ("bank", _) => vec![fact("bank", &format!("{} {value}", name.trim().trim_end_matches(':')))],
        ("amount", _) if !could_be_amount(value) => Vec::new(),
        // A voucher's, with its day.
        ("expiry", _) if is_date(value) => Vec::new(),
        ("card", _) if label.is_everyday && card_length(value) != Some(value.len()) => Vec::new(),
        _ if label.is_everyday && !has_digit => Vec::new(),
        (name, _) => vec![fact(name, value)],
    };
    (facts, None)
}

fn of_text(text: &str) -> (Vec<Fact>, Option<Label>) {
    let text = text.trim();
    let said = words(text);
    let facts = date_and_time(text, &said);
    if !facts.is_empty() {
        return (facts, None);
    }
    let application = text.trim_matches(['(', ')']);
    if is_application(application) {
        return (vec![Fact { name: "aid", value: application.to_owned(), rank: Rank::Shaped }], None);
    }
    if is_card(text) {
        return (vec![Fact { name: "card", value: text.to_owned(), rank: Rank::Shaped }], None);
    }
    let (mut facts, mut at, mut all_everyday) = (Vec::new(), 0, true);
    while at < said.len() && facts.len() < MOST_FACTS {
        let most = MOST_LABEL_WORDS.min(said.len() - at);
        let found = (1..=most).rev().find_map(|count| Some((label(text, &said[at..], count)?, count)));
        let Some((label, count)) = found else { break };
        let begin = value_begins(text, said[at + count - 1].at.end);
        let Some(length) = value_length(label, &text[begin..]) else {
            let is_whole_row = at == 0 && count == said.len() && text[begin..].is_empty();
            return (facts, is_whole_row.then_some(label));
        };
        let printed = text[begin..begin + length].trim_end_matches([',', ';']);
        let value = match label.name {
            "bank" => format!("{} {printed}", text[said[at].at.start..begin].trim_end().trim_end_matches(':')),
            _ => printed.to_owned(),
        };
        facts.push(Fact { name: label.name, value, rank: label.rank });
        all_everyday &= label.is_everyday;
        at += said[at..].iter().take_while(|word| word.at.start < begin + length).count();
    }
    // `Beleg 2 Jahre aufbewahren`: words are left over behind an everyday label.
    if at < said.len() && all_everyday {
        facts.clear();
    }
    (facts, None)
}

/// Digits and perhaps a currency: not `12 Punkte`, because points have a sum, too.
fn could_be_amount(value: &str) -> bool {
    let is_part = |word: &Word| word.said.bytes().all(|byte| byte.is_ascii_digit());
    let said = words(value);
    let is_money = |word: &Word| is_part(word) || currency_in(&value[word.at.clone()]).is_some();
    said.iter().any(|word| word.said.contains(|character: char| character.is_ascii_digit()))
        && said.iter().all(is_money)
}

/// The label that the first so many words are.
fn label(text: &str, said: &[Word], count: usize) -> Option<Label> {
    let said = said.get(..count)?;
    let is_currency = |word: &&Word| currency(&text[word.at.clone()]).is_none();
    let joined: String = said.iter().map(|word| word.said.as_str()).collect();
    let is_everyday = EVERYDAY.contains(&joined.as_str());
    let labelled = |name| Some(Label { name, rank: Rank::Labelled, is_everyday });
    // The mandate's number and the merchant's differ by a hyphen only.
    if joined == "mid" {
        return labelled(if count == 1 { "merchant_no" } else { "bank" });
    }
    if is_about_expiry(said) {
        return labelled("expiry");
    }
    if let Some((name, _)) = LABELS.iter().find(|(_, labels)| labels.contains(&joined.as_str())) {
        return labelled(name);
    }
    let base: String = said.iter().filter(is_currency).map(|word| word.said.as_str()).collect();
    let rank = match base.as_str() {
        base if TOTALS.contains(&base) => Rank::Labelled,
        // A currency without a word is enough, nothing at all is not.
        base if PARTS.contains(&base) && (!joined.is_empty() || currency_in(text).is_some()) => Rank::Part,
        base if BACK.contains(&base) => Rank::Back,
        _ => return None,
    };
    Some(Label { name: "amount", rank, is_everyday: true })
}

/// `Karte 1 gültig bis`, whose number varies.
fn is_about_expiry(said: &[Word]) -> bool {
    let said: Vec<&str> = said.iter().map(|word| word.said.as_str()).collect();
    match said[..] {
        ["karte", "gueltig", "bis"] => true,
        ["karte", number, "gueltig", "bis"] => number.len() <= 2,
        _ => false,
    }
}

/// Where the value begins behind a label that ends here: behind its punctuation. A `#` may belong to the label, or to a
/// mask.
fn value_begins(text: &str, end: usize) -> usize {
    let rest = &text[end..];
    let rest = rest.trim_start_matches(|character: char| ".:°)".contains(character));
    let rest = match rest.strip_prefix('#') {
        Some(behind) if !behind.starts_with('#') => behind,
        _ => rest,
    };
    let rest = rest.trim_start().trim_start_matches([':', '=']).trim_start();
    text.len() - rest.len()
}

/// How many bytes of a text are a value of the label's shape that it begins with.
fn value_length(label: Label, text: &str) -> Option<usize> {
    let (_, first) = tokens(text).next()?;
    let word = |is_one: fn(&str) -> bool| is_one(first.trim_end_matches([',', ';'])).then_some(first.len());
    match label.name {
        "amount" => amount_length(text),
        "card" => card_length(text),
        "date" => word(is_date),
        "time" => word(is_time).map(|length| match text[length..].trim_start().strip_prefix("Uhr") {
            Some(rest) => text.len() - rest.len(),
            None => length,
        }),
        "expiry" => word(is_expiry),
        "approval" => word(is_approval),
        // An IBAN may stand in groups.
        "bank" => tokens(text).take_while(|(_, word)| is_account(word)).last().map(|(at, word)| at + word.len()),
        _ if label.is_everyday => word(|word| word.len() >= 4 && is_number(word)),
        _ => word(is_number),
    }
}

/// Digits, perhaps with letters, a slash or a hyphen between them: `0003`, `00/0502`, `VT000124`.
fn is_number(word: &str) -> bool {
    let is_part = |character: char| character.is_ascii_alphanumeric() || "/-.".contains(character);
    word.contains(|character: char| character.is_ascii_digit()) && word.chars().all(is_part)
}

/// Digits and capitals: `123AB679`, `JHEAQI`.
fn is_approval(word: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
    (2..=12).contains(&word.len()) && (word.bytes().all(is_part) || is_number(word))
}

/// Digits, or what hides them, perhaps with the letters of an IBAN.
fn is_account(word: &str) -> bool {
    let is_digit = |character: char| character.is_ascii_digit() || "#*".contains(character);
    word.contains(is_digit) && word.chars().all(|character| is_digit(character) || character.is_ascii_uppercase())
}

fn is_date(word: &str) -> bool {
    let parts: Vec<&str> = word.split(['.', '/', '-']).collect();
    let has =
        |part: &str, lengths: &[usize]| lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    match parts[..] {
        [day, month, year] if has(day, &[1, 2]) => has(month, &[1, 2]) && has(year, &[2, 4]),
        [year, month, day] => has(year, &[4]) && has(month, &[2]) && has(day, &[2]),
        _ => false,
    }
}

fn is_time(word: &str) -> bool {
    let parts: Vec<&str> = word.split([':', 'h']).collect();
    let is_part = |part: &&str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    let first = parts[0].len() <= 2 && !parts[0].is_empty() && parts[0].bytes().all(|byte| byte.is_ascii_digit());
    first && (2..=3).contains(&parts.len()) && parts[1..].iter().all(is_part)
}

/// `12/28`, `##/##`, `XX/XX`, `12/2028`.
fn is_expiry(word: &str) -> bool {
    let is_masked = |part: &str| part.chars().all(|character| character.is_ascii_digit() || "#*xX".contains(character));
    word.split_once('/').is_some_and(|(month, year)| {
        month.len() == 2 && matches!(year.len(), 2 | 4) && is_masked(month) && is_masked(year)
    })
}

/// Words that stand between a date and a time in a row of their own.
const BETWEEN: &[&str] =
    &["uhr", "um", "am", "den", "le", "a", "il", "alle", "ore", "at", "date", "datum", "heure", "time"];

/// A row that is a date, or a time, or both.
fn date_and_time(text: &str, said: &[Word]) -> Vec<Fact> {
    let is_more = |word: &Word| word.said.contains(|character: char| character.is_ascii_digit());
    if said.len() > 12 || said.iter().any(|word| !is_more(word) && !BETWEEN.contains(&word.said.as_str())) {
        return Vec::new();
    }
    let mut facts: Vec<Fact> = Vec::new();
    for (at, token) in tokens(text) {
        let word = token.trim_matches([',', ';', '(', ')', '*']);
        let name = match word {
            date if is_date(date) => "date",
            time if is_time(time) => "time",
            word if word.contains(|character: char| character.is_ascii_digit()) => return Vec::new(),
            _ => continue,
        };
        let value = match text[at + token.len()..].trim_start().starts_with("Uhr") && name == "time" {
            true => format!("{word} Uhr"),
            false => word.to_owned(),
        };
        facts.push(Fact { name, value, rank: Rank::Shaped });
    }
    facts
}

/// How many bytes of a text are a card's number that it begins with, masked or not, with the number of the card behind it.
fn card_length(text: &str) -> Option<usize> {
    let is_part = |(_, token): &(usize, &str)| {
        token.chars().all(|character| character.is_ascii_digit() || "#*xX•-".contains(character))
    };
    let (at, last) = tokens(text).take_while(is_part).last()?;
    let length = at + last.len();
    text[..length].contains(|character: char| character.is_ascii_digit()).then_some(length)
}

/// A row that is a masked card's number and nothing else.
fn is_card(text: &str) -> bool {
    let masks = text.chars().filter(|character| "#*xX•".contains(*character)).count();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    masks >= 6 && (3..=13).contains(&digits) && card_length(text) == Some(text.len())
}

/// A row that is an EMV application's identifier and nothing else: those of the card schemes begin with `A0`.
fn is_application(text: &str) -> bool {
    text.starts_with("A0") && (12..=32).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The amount in minor units and its currency, which its label, itself or the transaction names.
pub(super) fn money(
    line: &Line,
    value: &str,
    usual: Option<crate::money::Currency>,
) -> (Option<i64>, Option<crate::money::Currency>) {
    let printed = line.name().or(line.text()).unwrap_or_default();
    let currency = currency_in(value).or_else(|| currency_in(printed)).or(usual);
    (minor_units(value, currency.map_or(2, |currency| currency.decimals())), currency)
}
