//! JSON read where it lies: its texts stay in what was received, and all of it takes one allocation. Much less work than a
//! `Value` for what is read once.
//!
//! Only JSON as it is meant to be is read so, which is nearly all. Whatever else there is, [`Document::read`] says nothing of
//! it, and it goes the long way.

use std::borrow::Cow;

use serde_json::{Map, Number, Value};

/// How deep arrays and objects may be within each other; what is deeper is left out. Real ones have six levels, and
/// serde_json reads 127.
pub(super) const DEEPEST: usize = 100;

/// A piece of JSON with all that is in it.
#[derive(Clone, Copy)]
pub struct Node<'d> {
    /// It, what is in it, and what comes after that. An object's names stand before their values. Nothing at all is null.
    pieces: &'d [Piece<'d>],
}

/// JSON that was read.
pub struct Document<'a> {
    pieces: Vec<Piece<'a>>,
}

/// A text, a number and the like; or the beginning of an array or an object.
#[derive(Clone, Copy)]
struct Piece<'a> {
    kind: Kind<'a>,
    /// Of a text without its quotes.
    text: &'a str,
    /// How many pieces it has, itself among them.
    length: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind<'a> {
    Null,
    False,
    True,
    /// A number as it is written.
    Number,
    /// A value's.
    Counted(&'a Number),
    /// A text as it is.
    Plain,
    /// A text with `\` in it.
    Escaped,
    Array,
    Object,
}

/// What a piece is.
#[derive(Clone, PartialEq, Debug)]
pub enum Content<'d> {
    /// `null`, and whatever is asked for and is not there.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number as it is written.
    Number(Cow<'d, str>),
    /// A text.
    Text(Cow<'d, str>),
    /// An array.
    Array,
    /// An object.
    Object,
}

impl<'a> Document<'a> {
    /// Reads JSON; none of what is not as it is meant to be.
    pub fn read(json: &'a str) -> Option<Document<'a>> {
        let mut reader = Reader { json, at: 0, pieces: Vec::with_capacity(json.len() / 6 + 1) };
        reader.value(0)?;
        reader.first().is_none().then_some(Document { pieces: reader.pieces })
    }

    /// The same of a value.
    pub fn of(value: &'a Value) -> Document<'a> {
        let mut pieces = Vec::new();
        push(value, &mut pieces);
        Document { pieces }
    }

    /// All of it.
    pub fn root(&self) -> Node<'_> {
        Node { pieces: &self.pieces }
    }
}

fn push<'a>(value: &'a Value, pieces: &mut Vec<Piece<'a>>) {
    let at = pieces.len();
    let (kind, text) = match value {
        Value::Null => (Kind::Null, ""),
        Value::Bool(false) => (Kind::False, ""),
        Value::Bool(true) => (Kind::True, ""),
        Value::Number(number) => (Kind::Counted(number), ""),
        Value::String(text) => (Kind::Plain, text.as_str()),
        Value::Array(_) => (Kind::Array, ""),
        Value::Object(_) => (Kind::Object, ""),
    };
    pieces.push(Piece { kind, text, length: 1 });
    match value {
        Value::Array(all) => all.iter().for_each(|value| push(value, pieces)),
        Value::Object(members) => members.iter().for_each(|(name, value)| {
            pieces.push(Piece { kind: Kind::Plain, text: name, length: 1 });
            push(value, pieces);
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    pieces[at].length = pieces.len() - at;
}

impl<'d> Node<'d> {
    /// What it is.
    pub fn content(self) -> Content<'d> {
        let Some(piece) = self.pieces.first() else { return Content::Null };
        match piece.kind {
            Kind::Null => Content::Null,
            Kind::False => Content::Bool(false),
            Kind::True => Content::Bool(true),
            Kind::Number => Content::Number(Cow::Borrowed(piece.text)),
            Kind::Counted(number) => Content::Number(Cow::Owned(number.to_string())),
            Kind::Plain | Kind::Escaped => Content::Text(piece.words()),
            Kind::Array => Content::Array,
            Kind::Object => Content::Object,
        }
    }

    /// The text, if it is one.
    pub fn text(self) -> Option<Cow<'d, str>> {
        self.pieces.first().filter(|piece| matches!(piece.kind, Kind::Plain | Kind::Escaped)).map(Piece::words)
    }

    /// The elements, if it is an array.
    pub fn elements(self) -> Option<impl Iterator<Item = Node<'d>> + Clone> {
        self.is(Kind::Array).then(|| self.within())
    }

    /// Whether it is an object.
    pub fn is_object(self) -> bool {
        self.is(Kind::Object)
    }

    /// Whether it is an object without members.
    pub fn is_empty_object(self) -> bool {
        self.is_object() && self.pieces[0].length == 1
    }

    /// The member of this name, and of several the last one; null of anything but an object, and where there is none.
    pub fn member(self, name: &str) -> Node<'d> {
        self.named(name).last().unwrap_or(Node { pieces: &[] })
    }

    /// All members of this name, in the order in which they came.
    pub fn named(self, name: &str) -> impl Iterator<Item = Node<'d>> {
        self.members().filter(move |(own, _)| own.is(name)).map(|(_, value)| value)
    }

    /// The same as a value.
    pub fn to_value(self) -> Value {
        match self.content() {
            Content::Null => Value::Null,
            Content::Bool(truth) => Value::Bool(truth),
            Content::Number(written) => serde_json::from_str::<Number>(&written).map_or(Value::Null, Value::Number),
            Content::Text(text) => Value::String(text.into_owned()),
            Content::Array => Value::Array(self.within().map(Node::to_value).collect()),
            Content::Object => {
                let members = self.members().map(|(name, value)| (name.words().into_owned(), value.to_value()));
                Value::Object(members.collect::<Map<_, _>>())
            }
        }
    }

    fn is(self, kind: Kind<'_>) -> bool {
        self.pieces.first().is_some_and(|piece| piece.kind == kind)
    }

    fn members(self) -> impl Iterator<Item = (&'d Piece<'d>, Node<'d>)> {
        let mut within = self.is_object().then(|| self.within()).into_iter().flatten();
        std::iter::from_fn(move || Some((within.next()?.pieces.first()?, within.next()?)))
    }

    fn within(self) -> impl Iterator<Item = Node<'d>> + Clone {
        let length = self.pieces.first().map_or(0, |piece| piece.length);
        let mut rest = self.pieces.get(1..length).unwrap_or_default();
        std::iter::from_fn(move || {
            let (here, after) = rest.split_at(rest.first()?.length);
            rest = after;
            Some(Node { pieces: here })
        })
    }
}

impl<'a> Piece<'a> {
    fn words(&self) -> Cow<'a, str> {
        match self.kind {
            Kind::Escaped => Cow::Owned(unescaped(self.text)),
            _ => Cow::Borrowed(self.text),
        }
    }

    fn is(&self, name: &str) -> bool {
        if self.kind == Kind::Escaped { unescaped(self.text) == name } else { self.text == name }
    }
}

/// A text as it is meant, which has been read before.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        plain.push_str(&rest[..at]);
        let (character, length) = escape(&rest.as_bytes()[at..]).unwrap_or(('\u{fffd}', 1));
        plain.push(character);
        rest = &rest[at + length..];
    }
    plain.push_str(rest);
    plain
}

/// The character that is written here as `\n` or `\u00e4`, and how many bytes that takes; none if it is none.
fn escape(bytes: &[u8]) -> Option<(char, usize)> {
    let unit = |at: usize| {
        let digits = bytes.get(at..at + 6).filter(|digits| digits.starts_with(b"\\u"))?;
        let digits = std::str::from_utf8(&digits[2..])
            .ok()
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        u32::from_str_radix(digits, 16).ok()
    };
    let simple = match bytes.get(1)? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => {
            let first = unit(0)?;
            if !(0xD800..0xDC00).contains(&first) {
                return char::from_u32(first).map(|character| (character, 6));
            }
            let second = unit(6).filter(|second| (0xDC00..0xE000).contains(second))?;
            return char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00)).map(|one| (one, 12));
        }
        _ => return None,
    };
    Some((simple, 2))
}

struct Reader<'a> {
    json: &'a str,
    at: usize,
    pieces: Vec<Piece<'a>>,
}

impl<'a> Reader<'a> {
    fn value(&mut self, depth: usize) -> Option<()> {
        match self.first()? {
            b'"' => self.words(),
            b'[' if depth < DEEPEST => self.array(depth),
            b'{' if depth < DEEPEST => self.object(depth),
            b'n' => self.word("null", Kind::Null),
            b't' => self.word("true", Kind::True),
            b'f' => self.word("false", Kind::False),
            b'-' | b'0'..=b'9' => self.number(),
            _ => None,
        }
    }

    fn array(&mut self, depth: usize) -> Option<()> {
        let begun = self.begin(Kind::Array);
        if self.first()? == b']' {
            return self.end(begun);
        }
        loop {
            self.value(depth + 1)?;
            match self.first()? {
                b',' => self.at += 1,
                b']' => return self.end(begun),
                _ => return None,
            }
        }
    }

    fn object(&mut self, depth: usize) -> Option<()> {
        let begun = self.begin(Kind::Object);
        if self.first()? == b'}' {
            return self.end(begun);
        }
        loop {
            (self.first()? == b'"').then_some(())?;
            self.words()?;
            (self.first()? == b':').then_some(())?;
            self.at += 1;
            self.value(depth + 1)?;
            match self.first()? {
                b',' => self.at += 1,
                b'}' => return self.end(begun),
                _ => return None,
            }
        }
    }

    /// A text, of which the quote is here.
    fn words(&mut self) -> Option<()> {
        let begin = self.at + 1;
        let bytes = self.json.as_bytes();
        let (mut at, mut kind) = (begin, Kind::Plain);
        loop {
            let plain = bytes[at..].iter().position(|byte| IS_SPECIAL[usize::from(*byte)])?;
            at += plain;
            match bytes[at] {
                b'"' => break,
                b'\\' => {
                    kind = Kind::Escaped;
                    at += escape(&bytes[at..])?.1;
                }
                _ => return None,
            }
        }
        self.at = at + 1;
        self.push(kind, &self.json[begin..at]);
        Some(())
    }

    fn number(&mut self) -> Option<()> {
        let begin = self.at;
        self.takes(b'-');
        match self.peek()? {
            b'0' => self.at += 1,
            b'1'..=b'9' => self.digits()?,
            _ => return None,
        }
        let digits = self.at - begin;
        let is_whole = !matches!(self.peek(), Some(b'.' | b'e' | b'E'));
        if self.takes(b'.') {
            self.digits()?;
        }
        if self.takes(b'e') || self.takes(b'E') {
            let _sign = self.takes(b'+') || self.takes(b'-');
            self.digits()?;
        }
        let text = &self.json[begin..self.at];
        // What is too large for a number is none, and goes the long way.
        if !is_whole || digits > 100 {
            text.parse::<f64>().ok().filter(|number| number.is_finite())?;
        }
        self.push(Kind::Number, text);
        Some(())
    }

    /// At least one.
    fn digits(&mut self) -> Option<()> {
        let count = self.json.as_bytes()[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        (count > 0).then_some(())
    }

    fn word(&mut self, word: &str, kind: Kind<'a>) -> Option<()> {
        self.json[self.at..].starts_with(word).then_some(())?;
        self.at += word.len();
        self.push(kind, "");
        Some(())
    }

    fn begin(&mut self, kind: Kind<'a>) -> usize {
        self.at += 1;
        self.push(kind, "");
        self.pieces.len() - 1
    }

    fn end(&mut self, begun: usize) -> Option<()> {
        self.at += 1;
        self.pieces[begun].length = self.pieces.len() - begun;
        Some(())
    }

    fn push(&mut self, kind: Kind<'a>, text: &'a str) {
        self.pieces.push(Piece { kind, text, length: 1 });
    }

    /// The next byte that is no blank; it is not taken yet.
    fn first(&mut self) -> Option<u8> {
        let rest = &self.json.as_bytes()[self.at..];
        let blanks = rest.iter().position(|byte| !matches!(byte, b' ' | b'\n' | b'\r' | b'\t'))?;
        self.at += blanks;
        Some(rest[blanks])
    }

    fn takes(&mut self, byte: u8) -> bool {
        let is_here = self.peek() == Some(byte);
        self.at += usize::from(is_here);
        is_here
    }

    fn peek(&self) -> Option<u8> {
        self.json.as_bytes().get(self.at).copied()
    }
}

/// The bytes at which a text may end or not go on as it is.
const IS_SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    let mut byte = 0;
    while byte < b' ' as usize {
        special[byte] = true;
        byte += 1;
    }
    special[b'"' as usize] = true;
    special[b'\\' as usize] = true;
    special
};

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: [&str; 10] = [
        r#"{"a":[1,-2,2.5,1e3,-0.0,true,false,null,"ä","\u00e4\n\"\\\/\b\f\r\t",{}],"b":{"c":[]},"a":7}"#,
        " [ ] ",
        "\"x\"",
        "18446744073709551615",
        "-1E-2",
        r#"{"b\u0061r":1,"\ud83d\udc4d":"\ud83d\udc4d"}"#,
        "[[],[[]],{}]",
        "\t\r\n0 ",
        "0.000000000000000000000000000000000000000000001",
        r#"{ "a" : { "b" : [ 1 , 2 ] } , "c" : "d" }"#,
    ];

    /// Whatever is read is what serde_json reads.
    fn agrees(json: &str) -> bool {
        let Some(document) = Document::read(json) else { return false };
        let value: Value = serde_json::from_str(json).unwrap_or_else(|fault| panic!("{json}: {fault}"));
        assert!(is_same(&document.root().to_value(), &value), "{json}");
        assert!(is_same(&Document::of(&value).root().to_value(), &value), "{json}");
        true
    }

    /// serde_json is not exact in the last of seventeen digits.
    fn is_same(one: &Value, other: &Value) -> bool {
        match (one, other) {
            (Value::Array(one), Value::Array(other)) => {
                one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
            }
            (Value::Object(one), Value::Object(other)) => {
                let same = |((name, one), (other_name, other))| name == other_name && is_same(one, other);
                one.len() == other.len() && one.iter().zip(other).all(same)
            }
            (Value::Number(one), Value::Number(other)) => {
                let (one, other) = (one.as_f64().unwrap_or_default(), other.as_f64().unwrap_or_default());
                (one - other).abs() <= one.abs() * 1e-15
            }
            _ => one == other,
        }
    }

    #[test]
    fn it_reads_what_serde_json_reads() {
        for json in GOOD {
            assert!(agrees(json), "{json}");
        }
        let nested = |levels| "[".repeat(levels) + &"]".repeat(levels);
        assert!(agrees(&nested(DEEPEST)) && !agrees(&nested(DEEPEST + 1)));
    }

    #[test]
    fn it_reads_nothing_that_serde_json_does_not() {
        for json in [
            "",
            " ",
            "{",
            "[1",
            "[1,]",
            "{,}",
            "{\"a\"}",
            "{\"a\":}",
            "{a:1}",
            "[1 2]",
            "01",
            "1.",
            ".5",
            "+1",
            "-",
            "1e",
            "1e400",
            "NaN",
            "nul",
            "truex",
            "\"a",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\ud83d\"",
            "\"\\udc4d\"",
            "\"\\ud83d\\u0041\"",
            "\"a\nb\"",
            "[]]",
            "{}{}",
            "\u{feff}[]",
            "\"\\u+123\"",
        ] {
            assert!(!agrees(json), "{json}");
        }
    }

    #[test]
    fn and_where_good_json_is_garbled_neither() {
        let mut word = 0x5EC0_9057_u64;
        let mut below = |limit: usize| {
            word ^= word << 13;
            word ^= word >> 7;
            word ^= word << 17;
            (word % limit as u64) as usize
        };
        let mut read = 0;
        for round in 0..20_000 {
            let mut json: Vec<char> = GOOD[round % GOOD.len()].chars().collect();
            for _ in 0..=below(3) {
                let (at, with) = (below(json.len()), "{}[]\",:\\u0eE+-.17ntf \n\u{1}ä".chars().nth(below(26)));
                match below(3) {
                    0 => json.insert(at, with.unwrap_or('x')),
                    1 => json[at] = with.unwrap_or('x'),
                    _ if json.len() > 1 => drop(json.remove(at)),
                    _ => {}
                }
            }
            read += u32::from(agrees(&json.into_iter().collect::<String>()));
        }
        assert!(read > 1_000, "{read}");
    }

    #[test]
    fn what_is_looked_for_is_found() {
        let document =
            Document::read(r#"{"plain":"here","b\u0061r":"\t","n":[1,{"x":2}],"plain":"there"}"#).expect("JSON");
        let root = document.root();
        assert_eq!(root.member("plain").text().as_deref(), Some("there"), "the last one counts");
        assert!(matches!(root.member("plain").text(), Some(Cow::Borrowed(_))));
        assert_eq!(root.member("bar").text().as_deref(), Some("\t"));
        assert_eq!(root.member("none").content(), Content::Null);
        assert_eq!(root.member("plain").member("x").content(), Content::Null);
        let elements: Vec<_> = root.member("n").elements().expect("an array").collect();
        assert_eq!((elements.len(), elements[0].content()), (2, Content::Number("1".into())));
        assert_eq!(elements[1].member("x").content(), Content::Number("2".into()));
        assert!(root.elements().is_none() && root.is_object() && !root.is_empty_object());
        assert!(Document::read("{}").expect("JSON").root().is_empty_object());
    }
}
