//! What a text says, for comparing it with the words and labels that are known; never for printing.

use std::ops::Range;

/// A word of a text: what it says, and the bytes where it is printed.
pub(super) struct Word {
    pub said: String,
    pub at: Range<usize>,
}

/// The words of a text: lower case, umlauts written out, accents dropped, no punctuation. So `EC-Lastschrift`,
/// `ec lastschrift` and `* ec-Lastschrift *` say the same, as do `gültig` and `GUELTIG`.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut begun = None;
    for (at, character) in text.char_indices() {
        // A mark behind a letter belongs to it.
        let is_part = character.is_alphanumeric() || (begun.is_some() && ('\u{300}'..='\u{36f}').contains(&character));
        match (begun, is_part) {
            (None, true) => begun = Some(at),
            (Some(begin), false) => {
                words.push(Word { said: said(&text[begin..at]), at: begin..at });
                begun = None;
            }
            _ => {}
        }
    }
    if let Some(begin) = begun {
        words.push(Word { said: said(&text[begin..]), at: begin..text.len() });
    }
    words
}

fn said(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let mut said = String::with_capacity(word.len() + 2);
    word.chars().flat_map(char::to_lowercase).for_each(|letter| push_plain(&mut said, letter));
    said
}

/// The words alone, with one space between them.
pub(super) fn spoken(text: &str) -> String {
    words(text).into_iter().map(|word| word.said).collect::<Vec<_>>().join(" ")
}

fn push_plain(said: &mut String, letter: char) {
    match letter {
        'ä' => said.push_str("ae"),
        'ö' => said.push_str("oe"),
        'ü' => said.push_str("ue"),
        'ß' => said.push_str("ss"),
        'à' | 'á' | 'â' => said.push('a'),
        'ç' => said.push('c'),
        'è' | 'é' | 'ê' | 'ë' => said.push('e'),
        'ì' | 'í' | 'î' | 'ï' => said.push('i'),
        'ò' | 'ó' | 'ô' => said.push('o'),
        'ù' | 'ú' | 'û' => said.push('u'),
        // An umlaut may also come as a letter with a diaeresis behind it; an accent in that place is dropped.
        '\u{308}' => said.push('e'),
        '\u{300}'..='\u{36f}' => {}
        _ => said.push(letter),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_and_punctuation_make_no_difference() {
        for text in
            ["Gläubiger-ID:", "GLÄUBIGER ID", "glaeubiger-id", "  *Gla\u{308}ubiger\u{a0}-  ID.", "gläubiger_id"]
        {
            assert_eq!(spoken(text), "glaeubiger id", "{text}");
        }
        assert_eq!(spoken("Großer Löffel für 5,00"), "grosser loeffel fuer 5 00");
        assert_eq!(spoken("Vérifié, PRÉLÈVEMENT; e\u{301}te\u{301}"), "verifie prelevement ete");
        assert_eq!(spoken(" ___ *** "), "");
    }

    #[test]
    fn a_word_knows_where_it_is_printed() {
        let text = "  Ka\u{308}se/Brot: 5";
        let printed: Vec<_> = words(text).into_iter().map(|word| text[word.at].to_owned()).collect();
        assert_eq!(printed, ["Ka\u{308}se", "Brot", "5"]);
    }
}
