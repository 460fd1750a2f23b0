//! Receipt + columns → rows of styled cells. Every output is drawn from these rows, so all of them agree on the words
//! and on where they stand. Widths are display widths: a CJK character takes two columns, a combining mark none.

use std::borrow::Cow;
use std::fmt;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::error::{Error, Result};
use crate::receipt::hyphenation;
use crate::receipt::line::{Alignment, Line, LineKind};

/// The narrowest paper.
pub const LEAST_COLUMNS: u16 = 16;
/// The widest paper.
pub const MOST_COLUMNS: u16 = 96;

/// One row on paper. `Debug` does not show its texts.
#[derive(Clone, PartialEq, Eq)]
pub enum Row<'a> {
    /// Nothing.
    Empty,
    /// A horizontal line over all columns.
    Rule,
    /// A row of a headline, centred and bold.
    Headline {
        /// The words.
        text: Cow<'a, str>,
        /// Whether there is room for them at twice the size, where the output can do that.
        large: bool,
    },
    /// A text, and perhaps one beside it that does not overlap it, from left to right.
    Cells(Cell<'a>, Option<Cell<'a>>),
}

/// A text in a row. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Cell<'a> {
    /// The column it begins at, from 0.
    pub start: usize,
    /// The text, without spaces at its end.
    pub text: Cow<'a, str>,
    /// How many columns it takes.
    pub width: usize,
    /// Whether it is bold.
    pub bold: bool,
    /// What it is in its line.
    pub role: Role,
}

/// What a text is in its line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// All of it.
    Text,
    /// The name of a name with a value.
    Name,
    /// The value of a name with a value.
    Value,
}

impl<'a> Row<'a> {
    /// Its texts, from left to right; none of anything but cells.
    pub fn cells(&self) -> impl Iterator<Item = &Cell<'a>> {
        let (first, second) = match self {
            Row::Cells(first, second) => (Some(first), second.as_ref()),
            _ => (None, None),
        };
        first.into_iter().chain(second)
    }
}

impl fmt::Debug for Row<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Row::Empty => f.write_str("Empty"),
            Row::Rule => f.write_str("Rule"),
            Row::Headline { large, .. } => write!(f, "Headline {{ large: {large} }}"),
            Row::Cells(..) => write!(f, "Cells({:?})", self.cells().collect::<Vec<_>>()),
        }
    }
}

impl fmt::Debug for Cell<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cell {{ start: {}, bold: {} }}", self.start, self.bold)
    }
}

/// The rows of one line of the receipt.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Block<'a> {
    /// What the line is.
    pub kind: LineKind,
    /// Its rows; at least one.
    pub rows: Vec<Row<'a>>,
}

/// The number of columns, if there is paper so wide.
pub(super) fn checked(columns: i64) -> Result<u16> {
    match u16::try_from(columns) {
        Ok(columns) if (LEAST_COLUMNS..=MOST_COLUMNS).contains(&columns) => Ok(columns),
        _ => {
            let fault = format!("is {columns}; it must be from {LEAST_COLUMNS} to {MOST_COLUMNS}");
            Err(Error::argument("columns", fault))
        }
    }
}

/// Lays lines out, a block for each.
pub(super) fn blocks(lines: &[Line], columns: usize) -> Vec<Block<'_>> {
    let (mut blocks, mut follows) = (Vec::with_capacity(lines.len()), false);
    for line in lines {
        let rows = rows(line, columns, follows);
        follows = rows.last() != Some(&Row::Empty);
        blocks.push(Block { kind: line.kind(), rows });
    }
    blocks
}

/// The rows of a line, which may follow words directly above it.
fn rows(line: &Line, columns: usize, follows: bool) -> Vec<Row<'_>> {
    match (line.kind(), line.text()) {
        (LineKind::Separator, Some(caption)) => {
            let mut rows = if follows { vec![Row::Empty] } else { Vec::new() };
            let caption = caption.trim();
            let large = width(caption) <= columns / 2;
            wrap(caption, columns, Role::Text, |text| rows.push(Row::Headline { text, large }));
            rows.push(Row::Empty);
            rows
        }
        (LineKind::Separator, None) => vec![Row::Rule],
        (LineKind::Text | LineKind::Unknown, text) => {
            let words = Words { text: text.unwrap_or_default(), bold: line.is_important(), role: Role::Text };
            words.aligned(columns, line.alignment())
        }
        (LineKind::NameValue, _) => name_and_value(line, columns),
        (LineKind::Space, _) => vec![Row::Empty],
    }
}

/// Beside each other where both fit, else the name above and the value on rows of its own; a value is never cut.
fn name_and_value(line: &Line, columns: usize) -> Vec<Row<'_>> {
    let name = Words { text: line.name().unwrap_or_default().trim_end(), bold: false, role: Role::Name };
    let value = Words { text: line.value().unwrap_or_default().trim(), bold: line.is_important(), role: Role::Value };
    let (name_width, value_width) = (width(name.text), width(value.text));
    let gap = usize::from(name_width > 0 && value_width > 0);
    if name_width + gap + value_width > columns {
        let (mut above, below) = (name.aligned(columns, Alignment::Left), value.aligned(columns, line.alignment()));
        above.extend(below);
        above.retain(|row| *row != Row::Empty);
        return above;
    }
    let free = columns - name_width - gap;
    let beside = name_width + gap + indent(free, value_width, line.alignment());
    let cells = (name.cell(0, name_width), value.cell(beside, value_width));
    vec![match (name.text, value.text) {
        ("", "") => Row::Empty,
        ("", _) => Row::Cells(cells.1, None),
        (_, "") => Row::Cells(cells.0, None),
        _ => Row::Cells(cells.0, Some(cells.1)),
    }]
}

/// A text, and how it looks.
#[derive(Clone, Copy)]
struct Words<'a> {
    text: &'a str,
    bold: bool,
    role: Role,
}

impl<'a> Words<'a> {
    /// All of it on one row.
    fn cell(self, start: usize, width: usize) -> Cell<'a> {
        Cell { start, text: Cow::Borrowed(self.text), width, bold: self.bold, role: self.role }
    }

    /// Its rows where it stands alone.
    fn aligned(self, columns: usize, alignment: Alignment) -> Vec<Row<'a>> {
        // What stands at the left keeps the spaces it begins with; elsewhere they would push it off its place.
        let text = if alignment == Alignment::Left { self.text } else { self.text.trim_start() };
        let mut rows = Vec::with_capacity(1);
        wrap(text, columns, self.role, |text| {
            let width = width(&text);
            rows.push(match text.is_empty() {
                true => Row::Empty,
                false => {
                    let start = indent(columns, width, alignment);
                    Row::Cells(Cell { start, text, width, bold: self.bold, role: self.role }, None)
                }
            });
        });
        rows
    }
}

/// How many columns a text takes. Nearly all are of characters of one column each: those before the first combining one.
pub(super) fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    if text.chars().all(|character| character < '\u{300}') { text.chars().count() } else { text.width() }
}

fn indent(columns: usize, width: usize, alignment: Alignment) -> usize {
    let free = columns.saturating_sub(width);
    match alignment {
        Alignment::Left => 0,
        Alignment::Center => free / 2,
        Alignment::Right => free,
    }
}

/// A drawn line beside words is no shorter: room for a signature. Else it takes a row of its own.
const LEAST_BESIDE: usize = 12;

/// Breaks a text into rows between its words, and words that are longer than a row anywhere; those of a label where
/// syllables end. Drawn lines are shortened to the paper instead. At least one row.
fn wrap<'a>(text: &'a str, columns: usize, role: Role, mut push: impl FnMut(Cow<'a, str>)) {
    let text = text.trim_end();
    if width(text) <= columns {
        return push(Cow::Borrowed(text));
    }
    let mut rows = Vec::new();
    let mut row = String::new();
    // Carried along instead of measured again, so that a long text takes no longer than its length. A row is never
    // wider than the widths of its parts together.
    let mut taken = 0;
    for (number, (spaces, word)) in words(text).enumerate() {
        // Spaces at the beginning stay, as many as leave room for the first word.
        let room = columns.saturating_sub(width(word));
        let spaces = if number == 0 { &spaces[..spaces.len().min(room)] } else { spaces };
        let left = columns.saturating_sub(taken + spaces.len());
        let is_drawn = drawn_length(word) == word.len();
        let word = match is_drawn && width(word) > left && left >= LEAST_BESIDE {
            true => shortened(word, left),
            false if is_drawn => shortened(word, columns),
            false => word,
        };
        let wanted = spaces.len() + width(word);
        if taken + wanted <= columns {
            row.push_str(spaces);
            row.push_str(word);
            taken += wanted;
            continue;
        }
        if !row.is_empty() {
            rows.push(std::mem::take(&mut row));
            taken = 0;
        }
        let mut word = word;
        let is_label = role == Role::Name && width(word) > columns;
        while is_label && word.chars().nth(columns).is_some() {
            let Some((end, hyphen)) = hyphenation::broken(word, columns) else { break };
            rows.push(format!("{}{}", &word[..end], if hyphen { "-" } else { "" }));
            word = &word[end..];
        }
        for part in word.graphemes(true).flat_map(|grapheme| narrow(grapheme, columns)) {
            if taken + width(part) > columns {
                rows.push(std::mem::take(&mut row));
                taken = 0;
            }
            row.push_str(part);
            taken += width(part);
        }
    }
    rows.push(row);
    rows.iter().for_each(|row| push(Cow::Owned(row.trim_end().to_owned())));
}

/// The words of a text, each with the spaces before it. A drawn line is one, also behind a word without a space.
fn words(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let begin = rest.len() - rest.trim_start_matches(' ').len();
        let end = match drawn_length(&rest[begin..]) {
            0 => begin + word_length(&rest[begin..]),
            length => begin + length,
        };
        let (spaces, word) = (&rest[..begin], &rest[begin..end]);
        rest = &rest[end..];
        (end > 0).then_some((spaces, word))
    })
}

/// How many bytes a word has: up to a space, or to a line that is drawn behind it.
fn word_length(text: &str) -> usize {
    let mut before = None;
    for (at, character) in text.char_indices() {
        let begins_line = before != Some(character) && drawn_length(&text[at..]) > 0;
        if character == ' ' || (at > 0 && begins_line) {
            return at;
        }
        before = Some(character);
    }
    text.len()
}

/// With what lines are drawn, and how many marks make one.
const MARKS: &str = "_-=.";
const LEAST_MARKS: usize = 4;

/// How many bytes the line has that is drawn here, `____` or `_ _ _ _`; 0 if there is none.
fn drawn_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let Some(&mark) = bytes.first().filter(|byte| MARKS.as_bytes().contains(byte)) else { return 0 };
    let run = |step: usize| {
        (0..)
            .step_by(step)
            .take_while(|&at| bytes.get(at) == Some(&mark) && (step == 1 || at == 0 || bytes[at - 1] == b' '))
            .count()
    };
    match (run(1), run(2)) {
        (close, _) if close >= LEAST_MARKS => close,
        (1, wide) if wide >= LEAST_MARKS => 2 * wide - 1,
        _ => 0,
    }
}

/// A drawn line of so many columns at most.
fn shortened(line: &str, columns: usize) -> &str {
    // Its marks are ASCII.
    line[..line.len().min(columns)].trim_end()
}

/// A grapheme that is wider than the paper (there are such, with many spacing marks) by its characters.
fn narrow(grapheme: &str, columns: usize) -> Vec<&str> {
    match width(grapheme) > columns {
        false => vec![grapheme],
        true => grapheme.char_indices().map(|(at, c)| &grapheme[at..at + c.len_utf8()]).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::receipt::{Receipt, ReceiptCopy};

    fn text(value: serde_json::Value, columns: u16) -> Vec<String> {
        let json = serde_json::json!([value]).to_string();
        let receipt = Receipt::parse(json.as_bytes(), ReceiptCopy::Customer).expect("a receipt");
        receipt.to_text(columns).expect("text").lines().map(str::to_owned).collect()
    }

    fn pair(name: &str, value: &str) -> serde_json::Value {
        serde_json::json!({"type": "name-value", "value": {"name": name, "value": value}})
    }

    fn line(words: &str, decoration: &str) -> serde_json::Value {
        serde_json::json!({"type": "textline", "value": {"text": words, "decoration": [decoration]}})
    }

    #[test]
    fn a_name_stands_left_and_its_value_right() {
        assert_eq!(text(pair("Betrag EUR", "0,01"), 16), ["Betrag EUR  0,01"]);
        assert_eq!(text(pair("Betrag EUR ", "0,01"), 20), ["Betrag EUR      0,01"]);
        assert_eq!(text(pair("", "0,01"), 16), ["            0,01"]);
        assert_eq!(text(pair("Betrag", ""), 16), ["Betrag"]);
        assert_eq!(text(pair("", ""), 16), [""]);
    }

    #[test]
    fn what_does_not_fit_goes_below_and_is_never_cut() {
        assert_eq!(text(pair("Genehmigungs-Nr.", "123456"), 16), ["Genehmigungs-Nr.", "          123456"]);
        assert_eq!(text(pair("Name", "12345678901234567"), 16), ["Name", "1234567890123456", "               7"]);
        assert_eq!(
            text(pair("Ein langer Name ohne Ende", "1"), 16),
            ["Ein langer Name", "ohne Ende", "               1"]
        );
    }

    #[test]
    fn words_wrap_and_long_ones_break() {
        assert_eq!(text(line("eins zwei drei vier fünf", "x"), 16), ["eins zwei drei", "vier fünf"]);
        assert_eq!(text(line(&"x".repeat(35), "x"), 16), ["x".repeat(16), "x".repeat(16), "xxx".into()]);
        assert_eq!(text(line("kurz abcdefghijklmnopqrst", "x"), 16), ["kurz", "abcdefghijklmnop", "qrst"]);
        assert_eq!(text(line("abcdefghijklmnopqrst kurz", "x"), 16), ["abcdefghijklmnop", "qrst kurz"]);
        assert_eq!(text(line("   drei Leerzeichen davor", "x"), 16), ["   drei", "Leerzeichen", "davor"]);
        assert_eq!(text(line("für breites            Papier gesetzt", "x"), 16), ["für breites", "Papier gesetzt"]);
    }

    #[test]
    fn spaces_in_front_yield_to_the_first_word() {
        assert_eq!(text(line("             MUSTERFIRMA GmbH", "x"), 16), ["     MUSTERFIRMA", "GmbH"]);
        assert_eq!(text(line(&format!("{}x", " ".repeat(9_000)), "x"), 16), [format!("{}x", " ".repeat(15))]);
    }

    #[test]
    fn texts_stand_where_their_decoration_says() {
        assert_eq!(text(line("Test", "align-center"), 16), ["      Test"]);
        assert_eq!(text(line("Test", "align-right"), 16), ["            Test"]);
        assert_eq!(text(line("  Test", "x"), 16), ["  Test"]);
        assert_eq!(text(line("  Test", "align-right"), 16), ["            Test"]);
    }

    #[test]
    fn wide_and_combining_characters_are_counted_as_they_are_seen() {
        assert_eq!(text(pair("日本", "語"), 16), ["日本          語"]);
        assert_eq!(text(line(&"日".repeat(9), "x"), 16), ["日".repeat(8), "日".into()]);
        assert_eq!(text(line("e\u{301}", "align-right"), 16), [format!("{}e\u{301}", " ".repeat(15))]);
    }

    #[test]
    fn separators_are_headlines_or_rules() {
        let caption = |words: &str| serde_json::json!({"type": "separator", "value": {"caption": words}});
        assert_eq!(text(caption("Titel"), 16), ["     Titel", ""]);
        assert_eq!(text(caption("Kundenkarte Aufladung"), 32), ["     Kundenkarte Aufladung", ""]);
        assert_eq!(text(caption("Kundenkarte Aufladung"), 16), ["  Kundenkarte", "   Aufladung", ""]);
        assert_eq!(text(serde_json::json!({"type": "separator", "value": {}}), 16), ["-".repeat(16)]);
        let several = serde_json::json!([caption("A"), caption("B"), line("Text", "x"), caption("C")]).to_string();
        let receipt = Receipt::parse(several.as_bytes(), ReceiptCopy::Customer).expect("a receipt");
        let rows = receipt.to_text(16).expect("text");
        assert_eq!(rows, "       A\n\n       B\n\nText\n\n       C\n\n");
    }

    #[test]
    fn a_headline_is_large_where_it_fits_at_twice_the_size() {
        let json = br#"[{"type":"separator","value":{"caption":"Kartenzahlung"}}]"#;
        let receipt = Receipt::parse(json, ReceiptCopy::Customer).expect("a receipt");
        for (columns, large) in [(16, false), (25, false), (26, true), (42, true)] {
            let headline = Row::Headline { text: "Kartenzahlung".into(), large };
            assert_eq!(blocks(receipt.lines(), columns)[0].rows, [headline, Row::Empty], "{columns}");
        }
    }

    #[test]
    fn debug_shows_where_words_stand_and_none_of_them() {
        let receipt =
            Receipt::parse(serde_json::json!([pair("BLZ", "51100")]).to_string().as_bytes(), ReceiptCopy::Customer);
        let rows = format!("{:?}", blocks(receipt.expect("a receipt").lines(), 16));
        assert!(rows.contains("[Cell { start: 0, bold: false }, Cell { start: 11, bold: false }]"), "{rows}");
        assert!(!rows.contains("BLZ") && !rows.contains("51100"), "{rows}");
    }

    #[test]
    fn a_drawn_line_is_shortened_and_never_wrapped() {
        for (drawn, rows) in [
            ("------------------------", vec!["----------------"]),
            ("========================", vec!["================"]),
            ("_ _ _ _ _ _ _ _ _ _ _ _", vec!["_ _ _ _ _ _ _ _"]),
            ("........................", vec!["................"]),
            ("Kd: _____________________", vec!["Kd: ____________"]),
            ("Name: __________________", vec!["Name:", "________________"]),
            ("Kd:______________________", vec!["Kd:_____________"]),
            ("Unterschrift: __________", vec!["Unterschrift:", "__________"]),
            ("Unterschrift:______________________", vec!["Unterschrift:", "________________"]),
            ("X_________________________", vec!["X_______________"]),
            ("eins zwei drei vier ... fünf", vec!["eins zwei drei", "vier ... fünf"]),
        ] {
            assert_eq!(text(line(drawn, "x"), 16), rows, "{drawn}");
        }
        assert_eq!(text(pair("Unterschrift", &"_".repeat(40)), 16), ["Unterschrift", "________________"]);
    }

    #[test]
    fn a_label_that_does_not_fit_breaks_where_a_syllable_ends() {
        assert_eq!(text(pair("Autorisierungscode:", "367655"), 16), ["Autorisierungs-", "code:", "          367655"]);
        assert_eq!(text(pair("Karteninhabers/in:", "x"), 16), ["Karteninhabers/", "in:", "               x"]);
        assert_eq!(text(pair("123456789012345678", "x"), 16), ["1234567890123456", "78", "               x"]);
    }

    #[test]
    fn an_unknown_type_prints_its_text_if_it_has_one() {
        let unknown = |value: serde_json::Value| text(serde_json::json!({"type": "barcode", "value": value}), 16);
        assert_eq!(unknown("4711".into()), ["4711"]);
        assert_eq!(unknown(4711.into()), ["4711"]);
        assert_eq!(unknown(serde_json::json!({"name": "EAN", "value": "4711"})), ["EAN 4711"]);
        assert_eq!(unknown(serde_json::json!({"pattern": "checker"})), [""]);
        assert_eq!(text("bare".into(), 16), ["bare"]);
    }

    #[test]
    fn characters_without_a_width_take_no_longer_than_others() {
        // Measured again for each of them, this text would take minutes.
        let filler = "\u{3164}".repeat(9_900);
        let rows = text(line(&format!("{}{filler}", "x".repeat(17)), "x"), 16);
        assert_eq!(rows.concat().chars().filter(|character| *character == 'x').count(), 17);
    }

    #[test]
    fn columns_are_checked() {
        let receipt = Receipt::empty(ReceiptCopy::Customer);
        for columns in [0, 15, 97, u16::MAX] {
            let error = receipt.to_text(columns).expect_err("refused");
            assert!(error.message().starts_with(&format!("columns is {columns};")), "{error}");
        }
    }
}
