//! Where a label that is wider than the paper is broken: behind a hyphen or a stroke of its own, else between syllables.

use unicode_width::UnicodeWidthChar;

/// Letters before and behind a break, at least.
const LEAST_LETTERS: usize = 3;
/// Consonants that are never parted.
const TOGETHER: &[&str] = &["sch", "ch", "ck", "ph", "th", "qu"];
const LONGEST_TOGETHER: usize = 3;

/// How many bytes of a word stay in a row of so many columns, and whether a hyphen is put behind them; nothing where the
/// word has no place to be broken.
pub(super) fn broken(word: &str, columns: usize) -> Option<(usize, bool)> {
    let mut width = 0;
    let fits = |character: &(usize, char)| {
        width += character.1.width().unwrap_or_default();
        width <= columns
    };
    let fitting = word.char_indices().take_while(fits).count();
    // What follows says whether a syllable begins.
    let letters: Vec<(usize, char)> = word.char_indices().take(fitting + LONGEST_TOGETHER).collect();
    let own = letters[..fitting].iter().rev().find(|(_, character)| "-/".contains(*character)).map(|(at, _)| at + 1);
    if let Some(end) = own.filter(|end| *end < word.len()) {
        return Some((end, false));
    }
    // A column is left for the hyphen.
    let last = fitting.checked_sub(1)?;
    let is_place =
        |at: &usize| begins_syllable(&letters, *at) && word[letters[*at].0..].chars().nth(LEAST_LETTERS - 1).is_some();
    (LEAST_LETTERS..=last).rev().find(is_place).map(|at| (letters[at].0, true))
}

/// Whether the letter here begins a syllable: the last consonant before a vowel, with another vowel somewhere before it.
fn begins_syllable(letters: &[(usize, char)], at: usize) -> bool {
    let letter = |at: usize| letters.get(at).map(|(_, letter)| *letter).unwrap_or(' ');
    let together = TOGETHER
        .iter()
        .filter(|marks| marks.chars().enumerate().all(|(place, mark)| lower(letter(at + place)) == mark));
    let length = together.map(|marks| marks.len()).max().unwrap_or(1);
    let is_inside = (1..=2).any(|back| {
        let begin = at.checked_sub(back);
        begin.is_some_and(|begin| {
            TOGETHER.iter().any(|marks| {
                marks.len() > back
                    && marks.chars().enumerate().all(|(place, mark)| lower(letter(begin + place)) == mark)
            })
        })
    });
    let is_consonant = letter(at).is_alphabetic() && !is_vowel(letter(at));
    is_consonant
        && !is_inside
        && is_vowel(letter(at + length))
        && letters[..at].iter().any(|(_, letter)| is_vowel(*letter))
}

fn lower(letter: char) -> char {
    letter.to_lowercase().next().unwrap_or(letter)
}

fn is_vowel(letter: char) -> bool {
    "aeiouyäöü".contains(lower(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_break_at_hyphens_and_syllables() {
        for (word, columns, first) in [
            ("Genehmigungsnummer:", 16, "Genehmigungsnum-"),
            ("Genehmigungsnummer:", 15, "Genehmigungs-"),
            ("Autorisierungscode:", 16, "Autorisierungs-"),
            ("Genehmigungs-Nummer:", 16, "Genehmigungs-"),
            ("Karteninhabers/in):", 16, "Karteninhabers/"),
            ("Vertragsunternehmen", 16, "Vertragsunter-"),
            ("Wertschöpfungsanteil", 12, "Wertschöp-"),
            ("Donaudampfschifffahrt", 16, "Donaudampf-"),
        ] {
            let (end, hyphen) = broken(word, columns).expect(word);
            assert_eq!(format!("{}{}", &word[..end], if hyphen { "-" } else { "" }), first, "{word}");
        }
        for word in ["xxxxxxxxxxxxxxxxxxxxxxxx", "12345678901234567890", "日日日日日日日日日日", ""] {
            assert_eq!(broken(word, 16), None, "{word}");
        }
    }
}
