//! What an output says: its words alone, taken out of it by the plainest means, so that outputs can be compared.

use secupos::receipt::CodePage;

/// Everything but spaces; and but hyphens, with which rules are drawn.
pub fn words(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace() && *character != '-').collect()
}

/// What is between the tags, after the style.
pub fn of_html(html: &[u8]) -> String {
    let html = std::str::from_utf8(html).expect("UTF-8");
    let (_, content) = html.split_once("</style>").expect("a style");
    let mut text = String::new();
    for part in content.split('<') {
        let (tag, words) = part.split_once('>').unwrap_or(("", part));
        let name = tag.trim_start_matches('/').split(' ').next().unwrap_or_default();
        assert!(["", "section", "h2", "p", "dl", "dt", "dd", "div", "hr", "strong"].contains(&name), "<{tag}>");
        text.push_str(words);
    }
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
        .iter()
        .fold(text, |text, (escape, character)| text.replace(escape, character))
}

/// The bytes that are shown, in the order of the file.
pub fn of_pdf(pdf: &[u8]) -> Vec<u8> {
    let mut shown = Vec::new();
    for line in pdf.split(|byte| *byte == b'\n').filter(|line| line.ends_with(b") Tj")) {
        let begin = line.iter().position(|byte| *byte == b'(').expect("a string");
        let mut text = line[begin + 1..line.len() - 4].iter().copied();
        while let Some(byte) = text.next() {
            if byte != b'\\' {
                shown.push(byte);
                continue;
            }
            let next = text.next().expect("an escape");
            if next.is_ascii_digit() {
                let digits = [next, text.next().expect("a digit"), text.next().expect("a digit")];
                shown.push(digits.iter().fold(0, |value, digit| value * 8 + (digit - b'0')));
            } else {
                shown.push(next);
            }
        }
    }
    shown
}

/// The characters that are printed, after taking out the commands that a receipt needs.
pub fn of_escpos(job: &[u8]) -> Vec<u8> {
    let mut printed = Vec::new();
    let mut rest = job;
    while let Some((&byte, after)) = rest.split_first() {
        let length = match rest {
            [0x1b, b'@', ..] | [0x1c, b'.', ..] => 2,
            [0x1b, b'R' | b't' | b'a' | b'E' | b'd', _, ..] | [0x1d, b'!', _, ..] => 3,
            [0x1d, b'V', 65 | 66, 0, ..] => 4,
            _ => {
                assert!(byte == b'\n' || byte >= b' ' && byte != 0x7f, "a control byte: {byte:#x}");
                printed.push(byte);
                rest = after;
                continue;
            }
        };
        rest = &rest[length..];
    }
    printed
}

/// Everything but spaces and hyphens, in bytes of a code page. Its no-break space is one too.
pub fn of_bytes(bytes: &[u8], page: CodePage) -> Vec<u8> {
    let no_break = if page == CodePage::Cp1252 { 0xa0 } else { 0xff };
    bytes.iter().copied().filter(|byte| !b" \n-".contains(byte) && *byte != no_break).collect()
}
