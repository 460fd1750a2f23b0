//! The rows of a receipt as they are read: words, what is drawn, where they stand. Letters with spaces between them are
//! one word, and what is broken over rows is read as one row, too.

use std::ops::Range;

use crate::receipt::line::{Line, LineKind};
use crate::receipt::sections::Section;
use crate::receipt::signature::drawn::{Drawn, drawn};
use crate::receipt::signature::words::{Signing, signing};
use crate::receipt::spoken::{Word, words};

/// A row with words or a drawn line; or two or three rows, read as one.
pub(super) struct Row {
    /// The line, or the first one.
    pub line: usize,
    /// As printed.
    pub printed: String,
    /// As spoken. A stroke between words is read as "und".
    pub words: Vec<String>,
    /// How many of the words are the name of a name with a value.
    pub name_words: usize,
    pub kind: LineKind,
    /// Whether it stands where the merchant's name and address are.
    pub in_head: bool,
    pub drawn: Drawn,
    /// What it says of a signature.
    pub signing: Option<Signing>,
    /// Which of the receipt's rows it is, or the first one; and how many rows it was.
    pub at: usize,
    pub rows: usize,
}

/// Three rows of narrow paper hold what one of wide paper does.
const MOST_JOINED: usize = 3;
/// A row that goes on in the next one is a short one.
const MOST_WORDS_OF_JOINED: usize = 8;
/// So many single letters with a space between each are a word; fewer if nothing else is in the row.
const LEAST_LETTERS: usize = 4;
const LEAST_LETTERS_ALONE: usize = 3;

/// The rows of one receipt that say something.
pub(super) fn read(lines: &[Line], section: &Section) -> Vec<Row> {
    let row = |line: usize| {
        let content = &lines[line];
        let printed = printed(content);
        let name_words = content.name().map_or(0, |name| spoken_words(name).len());
        let (words, drawn) = (spoken_words(&printed), drawn(&printed));
        let in_head = line < section.head && content.kind() != LineKind::Separator;
        let signing = signing(&words);
        Row { line, printed, words, name_words, kind: content.kind(), in_head, drawn, signing, at: 0, rows: 1 }
    };
    let rows = section.lines.clone().map(row);
    let with_words = rows.filter(|row| !row.words.is_empty() || row.drawn != Drawn::Nothing);
    with_words.enumerate().map(|(at, row)| Row { at, ..row }).collect()
}

/// Whether a line alone says where to sign. One in which the word is not written as usual may say so, too.
pub(super) fn asks_by_itself(line: &Line) -> bool {
    let is_written =
        |text: &str| ["nterschr", "NTERSCHR", "ignature", "IGNATURE"].iter().any(|stem| text.contains(stem));
    if !line.texts().any(is_written) {
        return false;
    }
    signing(&spoken_words(&printed(line))).is_some_and(Signing::is_place)
}

/// All that stands in the row.
fn printed(line: &Line) -> String {
    line.texts().map(str::trim).collect::<Vec<_>>().join(" ")
}

/// Rows of text that follow each other directly, read as one: first two, then three.
pub(super) fn joined(rows: &[Row]) -> Vec<Row> {
    (2..=MOST_JOINED).flat_map(|count| rows.windows(count).filter_map(join)).collect()
}

fn join(rows: &[Row]) -> Option<Row> {
    let follows = |pair: &[Row]| pair[0].line + 1 == pair[1].line;
    let can_be = |row: &Row| {
        row.kind == LineKind::Text && row.drawn == Drawn::Nothing && row.words.len() <= MOST_WORDS_OF_JOINED
    };
    if !rows.windows(2).all(follows) || !rows.iter().all(can_be) {
        return None;
    }
    let mut printed = String::new();
    for row in rows {
        let next = row.printed.trim();
        let goes_on =
            printed.ends_with('-') && next.starts_with(|letter: char| letter.is_lowercase() || !is_lower(&printed));
        match goes_on {
            true => drop(printed.pop()),
            false if printed.is_empty() => {}
            false => printed.push(' '),
        }
        printed.push_str(next);
    }
    let in_head = rows.iter().any(|row| row.in_head);
    let words = spoken_words(&printed);
    let signing = signing(&words);
    let Row { line, kind, at, .. } = rows[0];
    let drawn = Drawn::Nothing;
    Some(Row { line, printed, words, name_words: 0, kind, in_head, drawn, signing, at, rows: rows.len() })
}

fn is_lower(printed: &str) -> bool {
    printed.chars().any(char::is_lowercase)
}

/// The words of a row, those of spaced letters put together, and "und" for a stroke between two.
fn spoken_words(printed: &str) -> Vec<String> {
    let words = words(printed);
    let mut spoken: Vec<String> = Vec::with_capacity(words.len());
    let mut at = 0;
    while at < words.len() {
        let is_behind_stroke = at > 0 && printed[words[at - 1].at.end..words[at].at.start].contains(['/', '&', '+']);
        if is_behind_stroke {
            spoken.push("und".to_owned());
        }
        let letters = spaced(printed, &words[at..]);
        let alone = at == 0 && letters == words.len() && letters >= LEAST_LETTERS_ALONE;
        let count = if alone || letters >= LEAST_LETTERS { letters } else { 1 };
        spoken.push(words[at..at + count].iter().map(|word| word.said.as_str()).collect());
        at += count;
    }
    spoken
}

/// How many words from the first on are single letters with one space or hyphen between each.
fn spaced(printed: &str, words: &[Word]) -> usize {
    let is_letter = |word: &Word| {
        let mut letters = printed[word.at.clone()].chars();
        letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none()
    };
    if !words.first().is_some_and(is_letter) {
        return 0;
    }
    let gap = |pair: &[Word]| -> Range<usize> { pair[0].at.end..pair[1].at.start };
    let follows = |pair: &&[Word]| matches!(&printed[gap(pair)], " " | "-" | "." | "_") && is_letter(&pair[1]);
    1 + words.windows(2).take_while(follows).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaced_letters_are_a_word() {
        for (printed, expected) in [
            ("U N T E R S C H R I F T", "unterschrift"),
            ("U N T E R S C H R I F T   K U N D E", "unterschrift kunde"),
            ("-H-Ä-N-D-L-E-R-B-E-L-E-G-", "haendlerbeleg"),
            ("E L V", "elv"),
            ("Unterschrift d. Karteninhabers", "unterschrift d karteninhabers"),
            ("A B GmbH", "a b gmbh"),
            ("Unterschrift/Signature", "unterschrift und signature"),
        ] {
            assert_eq!(spoken_words(printed).join(" "), expected, "{printed}");
        }
    }
}
