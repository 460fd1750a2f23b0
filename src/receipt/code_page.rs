//! Characters as receipt printers and old tills know them, and what stands for those that a page does not have. That
//! is settled before anything is measured: the Euro sign is one column wide, EUR is three.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;

/// A table of characters.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum CodePage {
    /// All characters there are.
    Utf8,
    /// Windows, Western Europe.
    Cp1252,
    /// DOS, Western Europe, with the Euro sign.
    Cp858,
    /// DOS, USA: umlauts, but no Euro sign.
    Cp437,
}

impl CodePage {
    /// All of them.
    pub const ALL: [CodePage; 4] = [CodePage::Utf8, CodePage::Cp1252, CodePage::Cp858, CodePage::Cp437];

    /// The name.
    pub fn name(self) -> &'static str {
        match self {
            CodePage::Utf8 => "utf8",
            CodePage::Cp1252 => "cp1252",
            CodePage::Cp858 => "cp858",
            CodePage::Cp437 => "cp437",
        }
    }

    /// The number that most printers give to it.
    pub(super) fn usual_slot(self) -> u8 {
        match self {
            CodePage::Utf8 | CodePage::Cp437 => 0,
            CodePage::Cp1252 => 16,
            CodePage::Cp858 => 19,
        }
    }

    /// The bytes of a text that has been transliterated to this page.
    pub(super) fn encode(self, text: &str) -> Vec<u8> {
        match self.upper_half() {
            None => text.as_bytes().to_vec(),
            Some(_) => text.chars().map(|character| self.byte(character).unwrap_or(b'?')).collect(),
        }
    }

    /// Whether a text is sure to be in the page's characters as it is.
    pub(super) fn has_all(self, text: &str) -> bool {
        self == CodePage::Utf8 || text.is_ascii()
    }

    /// The text in the page's characters, and how many of its own had to give way.
    pub(super) fn transliterate(self, text: &str) -> (String, usize) {
        if self.has_all(text) {
            return (text.to_owned(), 0);
        }
        let (mut shown, mut replaced) = (String::with_capacity(text.len()), 0);
        for grapheme in text.graphemes(true) {
            let grapheme = composed(grapheme);
            if grapheme.chars().all(|character| self.byte(character).is_some()) {
                shown.push_str(&grapheme);
                continue;
            }
            replaced += 1;
            let length = shown.len();
            for character in grapheme.chars() {
                match self.byte(character) {
                    Some(_) => shown.push(character),
                    // Whatever stands for it is ASCII, which is in every page.
                    None => shown.push_str(stand_in(character).unwrap_or_default()),
                }
            }
            if shown.len() == length {
                shown.push('?');
            }
        }
        (shown, replaced)
    }

    fn byte(self, character: char) -> Option<u8> {
        let upper_half = self.upper_half()?;
        if character.is_ascii() {
            return u8::try_from(character).ok();
        }
        // Nothing that a page has comes after this square; most of what it has not does.
        if character > '■' {
            return None;
        }
        // U+0081 and its like stand where the page has nothing.
        let place = upper_half.chars().position(|known| known == character && !known.is_control())?;
        u8::try_from(0x80 + place).ok()
    }

    /// The characters of the bytes from 0x80 on.
    fn upper_half(self) -> Option<&'static str> {
        match self {
            CodePage::Utf8 => None,
            CodePage::Cp1252 => Some(CP1252),
            CodePage::Cp858 => Some(CP858),
            CodePage::Cp437 => Some(CP437),
        }
    }
}

const CP1252: &str = "\
    €\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ\
    \u{a0}¡¢£¤¥¦§¨©ª«¬\u{ad}®¯°±²³´µ¶·¸¹º»¼½¾¿\
    ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞß\
    àáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ";

const CP858: &str = "\
    ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒ\
    áíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐\
    └┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈ€ÍÎÏ┘┌█▄¦Ì▀\
    ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";

const CP437: &str = "\
    ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒ\
    áíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
    └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀\
    αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

/// What stands for a character that a page does not have.
fn stand_in(character: char) -> Option<&'static str> {
    Some(match character {
        '€' => "EUR",
        '£' => "GBP",
        '¥' => "JPY",
        '₣' => "CHF",
        '„' | '“' | '”' | '‟' | '«' | '»' | '″' | '〝' | '〞' => "\"",
        '‚' | '‘' | '’' | '‛' | '‹' | '›' | '′' | 'ʼ' | '`' | '´' => "'",
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '﹣' | '－' => "-",
        '…' => "...",
        '•' | '·' | '∙' | '●' | '‣' | '×' => "*",
        '÷' | '⁄' | '∕' => "/",
        '\u{a0}' | '\u{2000}' | '\u{2001}' | '\u{2002}' | '\u{2003}' | '\u{2004}' | '\u{2005}' | '\u{2006}'
        | '\u{2007}' | '\u{2008}' | '\u{2009}' | '\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => " ",
        '©' => "(C)",
        '®' => "(R)",
        '™' => "(TM)",
        '№' => "No.",
        '‰' => "%o",
        '˜' | '∼' => "~",
        'ˆ' => "^",
        '¦' => "|",
        '¶' => "P",
        '§' => "Par.",
        '✕' | '✖' => "x",
        '✓' | '✔' => "ok",
        '⁰' => "0",
        '¹' => "1",
        '²' => "2",
        '³' => "3",
        '¼' => "1/4",
        '½' => "1/2",
        '¾' => "3/4",
        'º' | '°' => "o",
        'ª' => "a",
        'ẞ' => "SS",
        'Æ' => "AE",
        'æ' => "ae",
        'Œ' => "OE",
        'œ' => "oe",
        'Þ' => "TH",
        'þ' => "th",
        'Ĳ' => "IJ",
        'ĳ' => "ij",
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'µ' => "u",
        'À' | 'Á' | 'Â' | 'Ã' | 'Ä' | 'Å' | 'Ā' | 'Ă' | 'Ą' | 'Ǎ' => "A",
        'Ç' | 'Ć' | 'Ĉ' | 'Ċ' | 'Č' => "C",
        'Ð' | 'Ď' | 'Đ' => "D",
        'È' | 'É' | 'Ê' | 'Ë' | 'Ē' | 'Ĕ' | 'Ė' | 'Ę' | 'Ě' => "E",
        'Ĝ' | 'Ğ' | 'Ġ' | 'Ģ' => "G",
        'Ĥ' | 'Ħ' => "H",
        'Ì' | 'Í' | 'Î' | 'Ï' | 'Ĩ' | 'Ī' | 'Ĭ' | 'Į' | 'İ' => "I",
        'Ĵ' => "J",
        'Ķ' => "K",
        'Ĺ' | 'Ļ' | 'Ľ' | 'Ŀ' | 'Ł' => "L",
        'Ñ' | 'Ń' | 'Ņ' | 'Ň' | 'Ŋ' => "N",
        'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ö' | 'Ø' | 'Ō' | 'Ŏ' | 'Ő' => "O",
        'Ŕ' | 'Ŗ' | 'Ř' => "R",
        'Ś' | 'Ŝ' | 'Ş' | 'Š' | 'Ș' => "S",
        'Ţ' | 'Ť' | 'Ŧ' | 'Ț' => "T",
        'Ù' | 'Ú' | 'Û' | 'Ü' | 'Ũ' | 'Ū' | 'Ŭ' | 'Ů' | 'Ű' | 'Ų' => "U",
        'Ŵ' => "W",
        'Ý' | 'Ŷ' | 'Ÿ' => "Y",
        'Ź' | 'Ż' | 'Ž' => "Z",
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' | 'ǎ' => "a",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ð' | 'ď' | 'đ' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'ƒ' => "f",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ĥ' | 'ħ' => "h",
        'ì' | 'í' | 'î' | 'ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => "i",
        'ĵ' => "j",
        'ķ' | 'ĸ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' | 'ŉ' | 'ŋ' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => "o",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'ţ' | 'ť' | 'ŧ' | 'ț' => "t",
        'ù' | 'ú' | 'û' | 'ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => "u",
        'ŵ' => "w",
        'ý' | 'ÿ' | 'ŷ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => return None,
    })
}

/// A letter and the mark behind it as the one character that pages have.
fn composed(grapheme: &str) -> Cow<'_, str> {
    let mut characters = grapheme.chars();
    let (Some(letter), Some(mark)) = (characters.next(), characters.next()) else { return Cow::Borrowed(grapheme) };
    let Some((_, letters, composed)) = MARKED.iter().find(|(known, ..)| *known == mark) else {
        return Cow::Borrowed(grapheme);
    };
    let place = letters.chars().position(|known| known == letter);
    match place.and_then(|place| composed.chars().nth(place)) {
        Some(one) => Cow::Owned(std::iter::once(one).chain(characters).collect()),
        None => Cow::Borrowed(grapheme),
    }
}

const MARKED: &[(char, &str, &str)] = &[
    ('\u{300}', "AEIOUaeiou", "ÀÈÌÒÙàèìòù"),
    ('\u{301}', "AEIOUYaeiouy", "ÁÉÍÓÚÝáéíóúý"),
    ('\u{302}', "AEIOUaeiou", "ÂÊÎÔÛâêîôû"),
    ('\u{303}', "ANOano", "ÃÑÕãñõ"),
    ('\u{308}', "AEIOUaeiouy", "ÄËÏÖÜäëïöüÿ"),
    ('\u{30a}', "Aa", "Åå"),
    ('\u{30c}', "SZsz", "ŠŽšž"),
    ('\u{327}', "Cc", "Çç"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_its_character() {
        for page in [CodePage::Cp1252, CodePage::Cp858, CodePage::Cp437] {
            let characters: Vec<char> = page.upper_half().expect("a page").chars().collect();
            assert_eq!(characters.len(), 128, "{}", page.name());
            for (byte, character) in (0x80_u8..=0xff).zip(characters) {
                let expected = if character.is_control() { None } else { Some(byte) };
                assert_eq!(page.byte(character), expected, "{} {byte:x}", page.name());
            }
        }
    }

    #[test]
    fn what_a_page_has_stays_and_the_rest_is_written_otherwise() {
        for (text, cp1252, cp858, cp437) in [
            ("Käse ÄÖÜ äöü ß", None, None, None),
            ("5,00 €", None, None, Some(("5,00 EUR", 1))),
            ("§ 19 UStG", None, None, Some(("Par. 19 UStG", 1))),
            ("„Tagesmenü“ – gut", None, Some(("\"Tagesmenü\" - gut", 3)), Some(("\"Tagesmenü\" - gut", 3))),
            ("Łódź Šašo", Some(("Lódz Šašo", 2)), Some(("Lódz Saso", 4)), Some(("Lódz Saso", 4))),
            ("a…b", None, Some(("a...b", 1)), Some(("a...b", 1))),
            ("日本 👍🏽 ا", Some(("?? ? ?", 4)), Some(("?? ? ?", 4)), Some(("?? ? ?", 4))),
        ] {
            for (page, expected) in [(CodePage::Cp1252, cp1252), (CodePage::Cp858, cp858), (CodePage::Cp437, cp437)] {
                let (expected, count) = expected.unwrap_or((text, 0));
                assert_eq!(page.transliterate(text), (expected.to_owned(), count), "{}", page.name());
            }
            assert_eq!(CodePage::Utf8.transliterate(text), (text.to_owned(), 0));
        }
    }

    #[test]
    fn a_letter_and_its_mark_become_one_character() {
        assert_eq!(CodePage::Cp858.transliterate("Ka\u{308}se e\u{301}"), ("Käse é".to_owned(), 0));
        assert_eq!(CodePage::Cp858.transliterate("q\u{308}"), ("q".to_owned(), 1));
        assert_eq!(CodePage::Cp858.transliterate("\u{308}"), ("?".to_owned(), 1));
    }

    #[test]
    fn what_stands_for_a_character_is_in_every_page() {
        let stand_ins: Vec<_> = ('\u{80}'..=char::MAX).filter_map(stand_in).collect();
        assert!(stand_ins.len() > 250 && stand_ins.iter().all(|letters| letters.is_ascii() && !letters.is_empty()));
    }
}
