//! JSON as servers write it, made into JSON as it is meant to be. One byte of another code page, a `NaN` or something
//! nested without end, in a field that nobody needs, must not hide that a customer has paid.
//!
//! It makes up nothing that decides. A bad number becomes a text. What is nested too deep is left out. What was cut off
//! stays an error.
//!
//! - [`mod@document`]: JSON as it is meant to be, read where it lies

pub mod document;

use std::borrow::Cow;

use serde_json::Value;

use crate::lenient_json::document::{DEEPEST, Document, Node};

/// JSON as it was received, mended.
pub struct Json(String);

/// Reads what was received.
pub fn read(received: &[u8]) -> serde_json::Result<Value> {
    Json::received(received).value()
}

/// Reads what was received and hands it on. JSON as it is meant to be, which is nearly all, is read where it lies.
pub fn read_in_place<T>(received: &[u8], take: impl FnOnce(Node<'_>) -> T) -> serde_json::Result<T> {
    match std::str::from_utf8(received).ok().and_then(Document::read) {
        Some(document) => Ok(take(document.root())),
        None => read(received).map(|mended| within(&mended, take)),
    }
}

/// Hands on a value as if it had been read in place.
pub fn within<T>(value: &Value, take: impl FnOnce(Node<'_>) -> T) -> T {
    take(Document::of(value).root())
}

impl Json {
    /// Mends what was received.
    pub fn received(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(json) if Document::read(json).is_some() => Json(json.to_owned()),
            _ => Json(mended(&text(bytes))),
        }
    }

    /// All of it, as a value. Of a field that occurs twice, the last one.
    pub fn value(&self) -> serde_json::Result<Value> {
        serde_json::from_str(&self.0)
    }

    /// The first of these fields (`status`, or `sum` in `basket_info` as `basket_info.sum`) that occurs more than once, and not
    /// with the same value each time: then nobody knows which one is meant.
    pub fn contradiction<'f>(&self, fields: &[&'f str]) -> Option<&'f str> {
        // What cannot be read says nothing, twice or once.
        let document = Document::read(&self.0)?;
        fields.iter().copied().find(|field| {
            let values = every(document.root(), field);
            values.iter().any(|value| *value != values[0])
        })
    }
}

/// The values of a field, one for each time that it occurs.
fn every(node: Node<'_>, field: &str) -> Vec<Value> {
    match field.split_once('.') {
        Some((name, rest)) => node.named(name).flat_map(|inner| every(inner, rest)).collect(),
        None => node.named(field).map(Node::to_value).collect(),
    }
}

/// The characters of what was received: UTF-8, or UTF-16 where it says so at its beginning. A byte that is neither is that of
/// Windows, which is what most senders mean that do not know what they send.
fn text(bytes: &[u8]) -> Cow<'_, str> {
    let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        // An odd byte at the end is half a character: what was cut off must not look whole.
        let cut_off = if bytes.len() % 2 == 1 { "\u{fffd}" } else { "" };
        let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        Cow::Owned(String::from_utf16_lossy(&units) + cut_off)
    };
    match bytes {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest),
        // Without a mark, JSON's first two characters tell the order of the bytes.
        [b'[' | b'{', 0, ..] => utf16(bytes, u16::from_le_bytes),
        [0, b'[' | b'{', ..] => utf16(bytes, u16::from_be_bytes),
        _ => utf8(bytes),
    }
}

fn utf8(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(bytes.len() * 2);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|byte| windows_1252(*byte)));
    }
    Cow::Owned(text)
}

/// The character of a byte from 80 to FF. Five of them are none.
fn windows_1252(byte: u8) -> char {
    const FROM_80: &str = "€\u{fffd}‚ƒ„…†‡ˆ‰Š‹Œ\u{fffd}Ž\u{fffd}\u{fffd}‘’“”•–—˜™š›œ\u{fffd}žŸ";
    FROM_80.chars().nth(usize::from(byte.wrapping_sub(0x80))).unwrap_or(char::from(byte))
}

/// The same JSON without what serde_json would refuse all of it for.
fn mended(json: &str) -> String {
    let mut mended = String::with_capacity(json.len());
    let mut depth = 0_usize;
    for word in words(json) {
        if matches!(word, "[" | "{") {
            depth += 1;
            if depth == DEEPEST + 1 {
                mended.push_str("null");
            }
        }
        match word {
            _ if depth > DEEPEST => {}
            text if text.starts_with('"') => mend_text(text, &mut mended),
            number if is_no_number(number) => mended.extend(["\"", number, "\""]),
            _ => mended.push_str(word),
        }
        if matches!(word, "]" | "}") {
            depth = depth.saturating_sub(1);
        }
    }
    mended
}

/// What JSON consists of, one after the other: texts with their quotes, numbers and their like, and each other character
/// by itself.
fn words(json: &str) -> impl Iterator<Item = &str> {
    let mut rest = json;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let length = match first {
            '"' => length_of_text(rest),
            _ if is_of_number(first) => rest.find(|other| !is_of_number(other)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (word, after) = rest.split_at(length);
        rest = after;
        Some(word)
    })
}

/// Also of `true`, `NaN` and the like.
fn is_of_number(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '+' | '-' | '.')
}

/// `NaN`, `Infinity`, `1e400`: what programs write although JSON knows no such numbers. As a text it stays unreadable as a
/// number, and is not mistaken for nothing.
fn is_no_number(word: &str) -> bool {
    word.parse::<f64>().is_ok_and(|number| !number.is_finite())
}

/// With both its quotes, or up to the end where it was cut off.
fn length_of_text(json: &str) -> usize {
    let mut bytes = json.bytes().enumerate().skip(1);
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => return at + 1,
            b'\\' => drop(bytes.next()),
            _ => {}
        }
    }
    json.len()
}

/// Half a character written as `\ud83d` becomes U+FFFD, and a control character that is written as itself the escape that it
/// should have been.
fn mend_text(text: &str, mended: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find(|character| character == '\\' || character < ' ') {
        let (plain, from_here) = rest.split_at(at);
        mended.push_str(plain);
        let second = from_here.chars().nth(1).map_or(0, char::len_utf8);
        let (length, instead) = match (unit(from_here), from_here.get(6..).and_then(unit)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => (12, None),
            (Some(0xD800..=0xDFFF), _) => (6, Some("\\uFFFD".to_owned())),
            (Some(_), _) => (6, None),
            (None, _) if from_here.starts_with('\\') => (1 + second, None),
            (None, _) => (1, Some(format!("\\u{:04x}", from_here.as_bytes()[0]))),
        };
        let (written, after) = from_here.split_at(length);
        mended.push_str(instead.as_deref().unwrap_or(written));
        rest = after;
    }
    mended.push_str(rest);
}

/// What `\u....` at the beginning of this stands for.
fn unit(text: &str) -> Option<u16> {
    u16::from_str_radix(text.strip_prefix("\\u")?.get(..4)?, 16).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn nested(levels: usize) -> String {
        format!("{}1{}", "[".repeat(levels), "]".repeat(levels))
    }

    #[test]
    fn json_as_it_is_meant_to_be_is_left_as_it_is() {
        for json in [
            r#"{"a":[1,-2.5e3,true,false,null,"ä \" \\ \/ \u00e4 \ud83d\udc4d",{}],"b":{"c":[]}}"#,
            " [ ] ",
            "-0.0",
            "\"\"",
            &nested(DEEPEST),
        ] {
            assert_eq!(mended(json), json);
            assert_eq!(read(json.as_bytes()).expect(json), serde_json::from_str::<Value>(json).expect(json));
        }
    }

    #[test]
    fn bytes_of_other_code_pages_are_read() {
        assert_eq!(read(b"\xef\xbb\xbf[\"\xc3\xa4\"]").expect("a mark of UTF-8"), json!(["ä"]));
        assert_eq!(
            read(b"[\"\xc4 \xe4 \x80 \x81 \x9f \xc3\xa4 \xf0\x9f\"]").expect("bytes"),
            json!(["Ä ä € \u{fffd} Ÿ ä ðŸ"])
        );
        let utf16 = |unit: fn(u16) -> [u8; 2]| "\u{feff}[\"ä👍\"]".encode_utf16().flat_map(unit).collect::<Vec<_>>();
        for bytes in [utf16(u16::to_le_bytes), utf16(u16::to_be_bytes)] {
            assert_eq!(read(&bytes).expect("UTF-16"), json!(["ä👍"]));
            assert!((0..bytes.len()).all(|end| read(&bytes[..end]).is_err()));
        }
    }

    #[test]
    fn numbers_that_are_none_are_neither_read_as_numbers_nor_as_nothing() {
        for word in ["NaN", "-NaN", "Infinity", "-Infinity", "1e400", "-1e400", &"9".repeat(400)] {
            assert_eq!(
                read(format!(r#"{{"a":{word},"b":[{word}]}}"#).as_bytes()).expect(word),
                json!({"a": word, "b": [word]})
            );
        }
        for word in ["nil", "undefined", "01", "1.", "+1", "0x1", "secret"] {
            assert!(read(format!("[{word}]").as_bytes()).is_err(), "{word}");
        }
        assert_eq!(read(br#"["NaN 1e400"]"#).expect("a text"), json!(["NaN 1e400"]));
    }

    #[test]
    fn what_is_nested_without_end_is_left_out() {
        for levels in [DEEPEST, 300, 100_000] {
            let body = format!(r#"{{"a":{},"b":"]"}}"#, nested(levels));
            assert_eq!(read(body.as_bytes()).expect("read")["b"], "]", "{levels}");
            assert!(read(&body.as_bytes()[..body.len() - 1]).is_err(), "cut off, {levels}");
            assert!(read(body.replacen(']', "", 1).as_bytes()).is_err(), "a bracket less, {levels}");
            assert!(read(body.replace("1]", "1]]").as_bytes()).is_err(), "a bracket more, {levels}");
        }
        let within = format!(r#"{{"a":{},"b":1}}"#, "{\"[\":".repeat(300) + "\"}\\\"]\"" + &"}".repeat(300));
        assert_eq!(read(within.as_bytes()).expect("read")["b"], 1);
    }

    #[test]
    fn half_characters_and_bare_control_characters_are_mended() {
        for (json, expected) in [
            (r#""a\ud83db""#, "a\u{fffd}b"),
            (r#""a\udc4db""#, "a\u{fffd}b"),
            (r#""\ud83d\ud83d\udc4d""#, "\u{fffd}👍"),
            (r#""\ud83d\n""#, "\u{fffd}\n"),
            (r#""\ud83dä""#, "\u{fffd}ä"),
            (r#""\\ud83d""#, "\\ud83d"),
            (r#""\u00e4\n""#, "ä\n"),
            ("\"a\nb\0\t\u{1b}\"", "a\nb\0\t\u{1b}"),
        ] {
            assert_eq!(read(json.as_bytes()).expect(json), expected, "{json}");
        }
    }

    #[test]
    fn whatever_was_cut_off_is_an_error() {
        let body = r#"{"a":"\ud83d \\ ä","b":[1e400,NaN,{"c":[[]]}],"d":-1.5}"#;
        assert!(read(body.as_bytes()).is_ok());
        for end in 0..body.len() {
            assert!(read(&body.as_bytes()[..end]).is_err(), "{end}");
        }
        for body in ["", "<html>", "{}{}", "{]", "[1 2]", r#"["\x"]"#, r#"["\ä"]"#, r#"["\ud8"#, "\u{0}"] {
            assert!(read(body.as_bytes()).is_err(), "{body:?}");
        }
    }

    #[test]
    fn a_field_contradicts_itself_if_it_is_said_twice_and_differently() {
        for (json, field, expected) in [
            (r#"{"a":1,"a":1}"#, "a", false),
            (r#"{"a":1,"a":2}"#, "a", true),
            (r#"{"a":1,"a":"1"}"#, "a", true),
            (r#"{"a":1,"\u0061":2}"#, "a", true),
            (r#"{"a":1,"a":null}"#, "a", true),
            (r#"{"a":[{"b":1}],"a":[{"b":1}]}"#, "a", false),
            (r#"{"a":1,"a":2}"#, "b", false),
            (r#"{"b":{"a":1},"c":{"a":2}}"#, "a", false),
            (r#"{"a":{"b":1,"b":2}}"#, "a.b", true),
            (r#"{"a":{"b":1},"a":{"b":2}}"#, "a.b", true),
            (r#"{"a":{"b":1},"a":{"c":2}}"#, "a.b", false),
            (r#"{"a":7,"a":{"b":1}}"#, "a.b", false),
            (r#"{"a":NaN,"a":NaN}"#, "a", false),
            ("[1]", "a", false),
        ] {
            let json = Json::received(json.as_bytes());
            assert_eq!(json.contradiction(&[field]), expected.then_some(field), "{} {field}", json.0);
        }
    }
}
