//! Amounts as terminals print them, in minor units: `0,01`, `1.234,56`, `23.35`, `1'234.50`, `19,92 €`, `JPY 1,234`.

use crate::money::Currency;

/// ISO 4217, list one, without funds and metals.
const CODES: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF \
    CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG \
    HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD \
    MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF \
    SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS \
    VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG";

/// What stands for a currency besides its code.
const SYMBOLS: &[(&str, &str)] =
    &[("€", "EUR"), ("£", "GBP"), ("$", "USD"), ("¥", "JPY"), ("SFr", "CHF"), ("Fr", "CHF"), ("Euro", "EUR")];

/// The currency that a printed word names. A code counts in capitals only: `all` and `top` are words.
pub(super) fn currency(word: &str) -> Option<Currency> {
    let word = word.trim_matches(['.', ':', '(', ')']);
    let is_code = word.len() == 3 && CODES.split_ascii_whitespace().any(|code| code == word);
    let symbol = SYMBOLS.iter().find(|(symbol, _)| *symbol == word).map(|(_, code)| *code);
    symbol.or(is_code.then_some(word)).and_then(|code| code.parse().ok())
}

/// The first currency that a text names, beside its numbers or glued to them.
pub(super) fn currency_in(text: &str) -> Option<Currency> {
    let is_apart =
        |character: char| character.is_whitespace() || character.is_ascii_digit() || "/:*".contains(character);
    text.split(is_apart).find_map(currency)
}

/// An amount in minor units of a currency with two decimals. `None` for what could be read in two ways, such as `1.234`.
pub fn amount(printed: &str) -> Option<i64> {
    minor_units(printed, 2)
}

/// An amount in minor units, with so many digits behind the point. Only a currency and the stars that fill a row may
/// stand beside it.
pub(super) fn minor_units(printed: &str, decimals: usize) -> Option<i64> {
    let begin = printed.find(|character: char| character.is_ascii_digit())?;
    let end = printed.rfind(|character: char| character.is_ascii_digit())? + 1;
    let is_no_number = |beside: &str| {
        let word = beside.trim_matches(|character: char| character.is_whitespace() || "*:".contains(character));
        word.is_empty() || currency(word).is_some()
    };
    if !is_no_number(&printed[..begin]) || !is_no_number(&printed[end..]) {
        return None;
    }
    let number = &printed[begin..end];
    let (whole, point, fraction) = match number.rfind(['.', ',']) {
        Some(at) if decimals > 0 => (&number[..at], number[at..].chars().next(), &number[at + 1..]),
        _ if decimals > 0 => return None,
        _ => (number, None, ""),
    };
    // `1.234` of a currency with three decimals could be a thousand, too.
    let could_be_grouped = decimals == 3 && whole != "0" && whole.len() <= 3;
    if fraction.len() != decimals || could_be_grouped {
        return None;
    }
    let is_group_mark = |character: char| !character.is_ascii_digit();
    let mark = whole.chars().find(|character| is_group_mark(*character));
    let is_mark = |mark: char| Some(mark) != point && (mark.is_whitespace() || ".,'’".contains(mark));
    let groups: Vec<&str> = mark.map_or(vec![whole], |mark| whole.split(mark).collect());
    let grouped = groups.len() == 1 || (groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !mark.is_none_or(is_mark) || !grouped || groups.iter().any(|group| group.is_empty() || !digits(group)) {
        return None;
    }
    (digits(fraction)).then(|| format!("{}{fraction}", groups.concat()).parse().ok()).flatten()
}

/// How many bytes of a text are an amount that it begins with, its currency on either side with it.
pub(super) fn amount_length(text: &str) -> Option<usize> {
    let mut end = 0;
    let mut has_number = false;
    for (at, token) in tokens(text).take(3) {
        let has_digit = token.contains(|character: char| character.is_ascii_digit());
        let bare: String = token.chars().filter(|character| !"*".contains(*character)).collect();
        let is_number = has_digit && [2, 0, 3].iter().any(|&decimals| minor_units(&bare, decimals).is_some());
        match is_number || has_digit {
            true if !has_number && is_number => has_number = true,
            false if currency(token).is_some() || (!has_number && bare.is_empty()) => {}
            _ => break,
        }
        end = at + token.len();
    }
    has_number.then_some(end)
}

/// The words between spaces, and where each begins.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let begin = text.len() - text[rest..].trim_start().len();
        let end = text[begin..].find(char::is_whitespace).map_or(text.len(), |length| begin + length);
        rest = end;
        (begin < end).then(|| (begin, &text[begin..end]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_germans_print_them() {
        for (printed, minor) in [
            ("0,01", Some(1)),
            ("1.234,56", Some(123_456)),
            ("1.234.567,00", Some(123_456_700)),
            ("5,00 EUR", Some(500)),
            ("EUR 19,92", Some(1992)),
            ("1.234", None),
            ("1,2", None),
            ("12.34,56", None),
            ("1234,567", None),
            (",50", None),
            ("-1,00", None),
            ("99999999999999999999,00", None),
            ("", None),
        ] {
            assert_eq!(amount(printed), minor, "{printed}");
        }
    }

    #[test]
    fn and_as_others_do() {
        for (printed, decimals, minor) in [
            ("23.35", 2, Some(2335)),
            ("1'234.50", 2, Some(123_450)),
            ("1’234.50", 2, Some(123_450)),
            ("CHF 1'234.50", 2, Some(123_450)),
            ("1,234.50", 2, Some(123_450)),
            ("1 234,56", 2, Some(123_456)),
            ("1\u{202f}234,56 €", 2, Some(123_456)),
            ("19,92 €", 2, Some(1992)),
            ("€19.92", 2, Some(1992)),
            ("***19,92", 2, Some(1992)),
            ("1.234.50", 2, None),
            ("1,234,50", 2, None),
            ("1'23.50", 2, None),
            ("19,92 Punkte", 2, None),
            ("20", 2, None),
            ("1,234", 0, Some(1234)),
            ("1234", 0, Some(1234)),
            ("12,34", 0, None),
            ("0,345", 3, Some(345)),
            ("1.234,567", 3, Some(1_234_567)),
            ("1234.567", 3, Some(1_234_567)),
            ("1.234", 3, None),
        ] {
            assert_eq!(minor_units(printed, decimals), minor, "{printed}");
        }
    }

    #[test]
    fn a_currency_is_a_code_in_capitals_or_a_symbol() {
        for (text, code) in [
            ("Total-EFT CHF:", Some("CHF")),
            ("BETRAG: EUR", Some("EUR")),
            ("19,92€", Some("EUR")),
            ("CHF23.35", Some("CHF")),
            ("SFr. 23.35", Some("CHF")),
            ("Alles in allem top", None),
            ("ABC 19,92", None),
        ] {
            assert_eq!(currency_in(text).map(|currency| currency.to_string()).as_deref(), code, "{text}");
        }
    }

    #[test]
    fn an_amount_ends_where_other_words_begin() {
        for (text, amount) in [
            ("19,92", Some("19,92")),
            ("EUR       19,92", Some("EUR       19,92")),
            ("19,92 EUR bezahlt", Some("19,92 EUR")),
            ("1'234.50 CHF", Some("1'234.50 CHF")),
            ("ist bezahlt", None),
            ("25.02.2021", None),
            ("EUR", None),
        ] {
            assert_eq!(amount_length(text).map(|length| &text[..length]), amount, "{text}");
        }
    }
}
