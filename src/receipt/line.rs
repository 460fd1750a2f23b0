//! One line of a receipt, leniently read (reference, section 3.10). There are four types; an unknown one is kept as it
//! came, and its text is printed.

use serde_json::Value;

use crate::lenient_json::document::{Content, Node};
use crate::receipt::clean;
use crate::receipt::mask::{masked, may_hold_card_number};

/// What a line is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum LineKind {
    /// A type that is not known. Its text is printed, as far as it has one.
    Unknown,
    /// Begins a receipt or a section: a headline, or a rule where it has no caption.
    Separator,
    /// Text.
    Text,
    /// A name on the left and a value on the right.
    NameValue,
    /// An empty line.
    Space,
}

/// Where a text stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Alignment {
    /// At the left edge.
    Left,
    /// In the middle.
    Center,
    /// At the right edge.
    Right,
}

/// One line. Its texts are clean.
#[derive(Clone, PartialEq)]
pub struct Line {
    kind: LineKind,
    text: Option<String>,
    name: Option<String>,
    value: Option<String>,
    important: bool,
    alignment: Alignment,
}

impl Line {
    pub(super) fn read(raw: Node<'_>) -> Line {
        let kind = kind(&raw.member("type").text().unwrap_or_default());
        let content = raw.member("value");
        let words = |key: &str| Some(as_text(content.member(key)));
        // The one text of a line may also come without the object around it.
        let only = |key: &str| if content.is_object() { words(key) } else { Some(as_text(content)) };
        let (text, name, value) = match kind {
            LineKind::Separator => (only("caption").filter(|caption| !caption.trim().is_empty()), None, None),
            LineKind::Text => (only("text"), None, None),
            LineKind::NameValue => (None, words("name"), words("value")),
            LineKind::Unknown => (text_of_unknown(raw), None, None),
            LineKind::Space => (None, None, None),
        };
        let (decorable, usual) = match kind {
            LineKind::Separator => (false, Alignment::Center),
            LineKind::NameValue => (true, Alignment::Right),
            _ => (true, Alignment::Left),
        };
        let decorations =
            if decorable { Decorations::read(content.member("decoration")) } else { Decorations::default() };
        let alignment = match decorations {
            Decorations { center: true, .. } => Alignment::Center,
            Decorations { right: true, .. } => Alignment::Right,
            Decorations { left: true, .. } => Alignment::Left,
            _ => usual,
        };
        Line { kind, text, name, value, important: decorations.important, alignment }
    }

    /// Words of our own, in the middle.
    pub(super) fn mark(words: &str) -> Line {
        Line { important: true, alignment: Alignment::Center, ..Line::plain(words) }
    }

    /// A text of our own.
    pub(super) fn plain(words: &str) -> Line {
        Line { kind: LineKind::Text, text: Some(words.to_owned()), ..Line::space() }
    }

    /// An empty line of our own.
    pub(super) fn space() -> Line {
        let alignment = Alignment::Left;
        Line { kind: LineKind::Space, text: None, name: None, value: None, important: false, alignment }
    }

    /// Hides card numbers in all texts.
    pub(super) fn hide_card_numbers(&mut self) {
        let label = self.name.clone().unwrap_or_default();
        for text in [&mut self.text, &mut self.name, &mut self.value].into_iter().flatten() {
            if may_hold_card_number(text) {
                *text = masked(&label, text);
            }
        }
    }

    /// What the server sent for this line, without card numbers, also in texts that are not printed.
    pub(super) fn hide_card_numbers_in(&self, raw: &mut Value) {
        hide_in(raw, self.name().unwrap_or_default());
    }

    /// The same line with other texts.
    pub(super) fn with_texts(&self, change: &mut dyn FnMut(&str) -> String) -> Line {
        let mut changed = |text: &Option<String>| text.as_deref().map(&mut *change);
        let (text, name, value) = (changed(&self.text), changed(&self.name), changed(&self.value));
        Line { text, name, value, ..*self }
    }

    /// What it is.
    pub fn kind(&self) -> LineKind {
        self.kind
    }

    /// The text of a text line, the caption of a separator, or what a line of an unknown type says.
    pub fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// The name of a name with a value.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The value of a name with a value.
    pub fn value(&self) -> Option<&str> {
        self.value.as_deref()
    }

    /// All its texts, in the order in which they are printed.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        [self.text(), self.name(), self.value()].into_iter().flatten()
    }

    /// Whether it is emphasised; of a name with a value only the value is.
    pub fn is_important(&self) -> bool {
        self.important
    }

    /// Where the text stands, or the value of a name with a value.
    pub fn alignment(&self) -> Alignment {
        self.alignment
    }
}

/// The four types, in any spelling.
fn kind(word: &str) -> LineKind {
    match () {
        () if is_spelled(word, "textline") => LineKind::Text,
        () if is_spelled(word, "name-value") => LineKind::NameValue,
        () if is_spelled(word, "space") => LineKind::Space,
        () if is_spelled(word, "separator") => LineKind::Separator,
        () => LineKind::Unknown,
    }
}

/// Whether this is that word of the format: in any case, with `_` for `-`, with blanks around it.
fn is_spelled(word: &str, documented: &str) -> bool {
    let plain = |byte: u8| if byte == b'_' { b'-' } else { byte.to_ascii_lowercase() };
    word.trim().bytes().map(plain).eq(documented.bytes())
}

/// What is said of how a line stands.
#[derive(Clone, Copy, Default)]
struct Decorations {
    important: bool,
    left: bool,
    center: bool,
    right: bool,
}

impl Decorations {
    /// An array of words is documented; a single word and nothing at all are taken too.
    fn read(said: Node<'_>) -> Decorations {
        let mut decorations = Decorations::default();
        let one = said.text().into_iter();
        let all = said.elements().into_iter().flatten().filter_map(Node::text);
        one.chain(all).for_each(|word| decorations.add(&word));
        decorations
    }

    fn add(&mut self, word: &str) {
        match () {
            () if is_spelled(word, "important") => self.important = true,
            () if is_spelled(word, "align-left") => self.left = true,
            () if is_spelled(word, "align-center") => self.center = true,
            () if is_spelled(word, "align-right") => self.right = true,
            () => {}
        }
    }
}

/// What is to be read in a line of an unknown type: its value if that is a text, else the texts that the known types have.
fn text_of_unknown(raw: Node<'_>) -> Option<String> {
    let content = if raw.is_object() { raw.member("value") } else { raw };
    let said = match content.is_object() {
        true => ["text", "caption", "name", "value"].map(|key| as_text(content.member(key))).join(" "),
        false => as_text(content),
    };
    Some(said.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")).filter(|said| !said.is_empty())
}

fn hide_in(raw: &mut Value, label: &str) {
    match raw {
        Value::Array(all) => all.iter_mut().for_each(|one| hide_in(one, label)),
        Value::Object(members) => members.values_mut().for_each(|one| hide_in(one, label)),
        // What is not printed, between the digits for example, hides no number from this.
        Value::String(text) => {
            let shown = masked(label, text);
            let cleaned = clean(text);
            let printed = masked(label, &cleaned);
            match printed == cleaned {
                true => *text = shown,
                false => *text = printed,
            }
        }
        Value::Number(number) => {
            let digits = number.to_string();
            let shown = masked(label, &digits);
            if shown != digits {
                *raw = Value::String(shown);
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
}

/// Numbers are taken where texts are due.
fn as_text(node: Node<'_>) -> String {
    match node.content() {
        Content::Text(text) => clean(&text),
        Content::Number(number) => number.into_owned(),
        Content::Bool(truth) => truth.to_string(),
        Content::Null | Content::Array | Content::Object => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::lenient_json::within;

    fn read(raw: Value) -> Line {
        within(&raw, Line::read)
    }

    #[test]
    fn the_four_documented_types() {
        let separator = read(json!({"type": "separator", "value": {"caption": "Kartenzahlung"}}));
        assert_eq!((separator.kind(), separator.text()), (LineKind::Separator, Some("Kartenzahlung")));
        assert_eq!(separator.alignment(), Alignment::Center);
        let text = read(json!({"type": "textline", "value": {"text": "Test", "decoration": []}}));
        assert_eq!((text.kind(), text.text(), text.alignment()), (LineKind::Text, Some("Test"), Alignment::Left));
        assert!(!text.is_important());
        let pair = read(json!({"type": "name-value", "value": {"name": "BLZ", "value": "51100", "decoration": []}}));
        assert_eq!((pair.name(), pair.value(), pair.alignment()), (Some("BLZ"), Some("51100"), Alignment::Right));
        let space = read(json!({"type": "space"}));
        assert_eq!((space.kind(), space.text(), space.name()), (LineKind::Space, None, None));
    }

    #[test]
    fn decorations_in_any_order_case_and_spelling() {
        for (decoration, important, alignment) in [
            (json!(["align-center", "important"]), true, Alignment::Center),
            (json!(["important", "align-center"]), true, Alignment::Center),
            (json!(["align_right"]), false, Alignment::Right),
            (json!(["ALIGN-LEFT", "Important"]), true, Alignment::Left),
            (json!("important"), true, Alignment::Left),
            (json!(null), false, Alignment::Left),
            (json!({}), false, Alignment::Left),
            (json!([7, null, "blink", "important"]), true, Alignment::Left),
        ] {
            let line = read(json!({"type": "textline", "value": {"text": "x", "decoration": decoration}}));
            assert_eq!((line.is_important(), line.alignment()), (important, alignment), "{decoration}");
        }
        let line = read(json!({"type": "textline", "value": {"text": "x"}}));
        assert_eq!((line.is_important(), line.alignment()), (false, Alignment::Left));
        let pair =
            read(json!({"type": "name-value", "value": {"name": "a", "value": "b", "decoration": ["align-left"]}}));
        assert_eq!(pair.alignment(), Alignment::Left);
    }

    #[test]
    fn types_in_any_case_and_spelling() {
        for (word, kind) in [
            ("NAME-VALUE", LineKind::NameValue),
            ("name_value", LineKind::NameValue),
            ("TextLine", LineKind::Text),
            (" space ", LineKind::Space),
            ("Separator", LineKind::Separator),
            ("barcode", LineKind::Unknown),
            ("", LineKind::Unknown),
        ] {
            assert_eq!(read(json!({"type": word})).kind(), kind, "{word}");
        }
        for raw in [json!(null), json!(7), json!([]), json!({}), json!({"type": 7}), json!("space")] {
            assert_eq!(read(raw.clone()).kind(), LineKind::Unknown, "{raw}");
        }
    }

    #[test]
    fn a_separator_without_a_caption_is_a_rule() {
        for value in [json!({}), json!([]), json!(null), json!({"caption": null}), json!({"caption": " "})] {
            let line = read(json!({"type": "separator", "value": value}));
            assert_eq!((line.kind(), line.text()), (LineKind::Separator, None), "{value}");
        }
        assert_eq!(read(json!({"type": "separator"})).text(), None);
    }

    #[test]
    fn numbers_and_nothing_are_taken_where_texts_are_due() {
        let text = |value: Value| read(json!({"type": "textline", "value": value})).text().map(str::to_owned);
        assert_eq!(text(json!({"text": 12.5})).as_deref(), Some("12.5"));
        assert_eq!(text(json!({"text": null})).as_deref(), Some(""));
        assert_eq!(text(json!({})).as_deref(), Some(""));
        assert_eq!(text(json!("bare")).as_deref(), Some("bare"));
        assert_eq!(text(json!(12)).as_deref(), Some("12"));
        assert_eq!(text(json!([])).as_deref(), Some(""));
        let pair = read(json!({"type": "name-value", "value": {"name": 1, "value": 2}}));
        assert_eq!((pair.name(), pair.value()), (Some("1"), Some("2")));
        let nothing = read(json!({"type": "name-value"}));
        assert_eq!((nothing.name(), nothing.value()), (Some(""), Some("")));
        for value in [json!({"caption": 2021}), json!("2021"), json!(2021)] {
            assert_eq!(read(json!({"type": "separator", "value": value})).text(), Some("2021"), "{value}");
        }
    }

    #[test]
    fn texts_are_clean_and_leading_spaces_stay() {
        let line = read(json!({"type": "textline", "value": {"text": "  a\u{1b}b"}}));
        assert_eq!(line.text(), Some("  ab"));
    }
}
