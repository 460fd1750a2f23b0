//! Texts from the server, made harmless: an escape character in a merchant's name could open the cash drawer, and a
//! bidi override could make one amount look like another.

/// The text without control characters and without characters that change the direction of what follows. Tabs and line
/// breaks become spaces, so that words stay apart.
pub fn clean(text: &str) -> String {
    // Nearly all are harmless as they are: printable ASCII, and the letters of Western Europe, whose first byte is C3.
    let mut bytes = text.bytes();
    let is_plain = loop {
        match bytes.next() {
            None => break true,
            Some(b' '..=b'~') => {}
            Some(0xC3) => drop(bytes.next()),
            Some(_) => break false,
        }
    };
    if is_plain {
        return text.to_owned();
    }
    text.chars().filter_map(harmless).collect()
}

fn harmless(character: char) -> Option<char> {
    match character {
        '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}' => Some(' '),
        // Bidi marks, embeddings, overrides and isolates, also the deprecated ones.
        '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{206F}' => None,
        // What prints nothing: soft hyphen, zero-width space and joiners of words, byte order mark, interlinear
        // annotations, tags. Joiners inside an emoji stay.
        '\u{AD}' | '\u{180E}' | '\u{200B}' | '\u{2060}'..='\u{2065}' | '\u{FEFF}' => None,
        '\u{FFF0}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}' => None,
        _ if character.is_control() => None,
        _ => Some(character),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_command_a_printer_or_turn_a_line_around_is_gone() {
        assert_eq!(clean("a\u{1b}p\u{0}b"), "apb");
        assert_eq!(clean("a\tb\r\nc"), "a b  c");
        assert_eq!(clean("1\u{202e}00,5\u{202c}\u{2066}x\u{2069}\u{200f}"), "100,5x");
        assert_eq!(clean("\u{85}\u{9b}31m\u{7f}"), "31m");
        assert_eq!(clean("Unter\u{ad}schrift\u{200b}\u{2060}\u{feff}\u{e0041}"), "Unterschrift");
        assert_eq!(clean("Käse ß € „x“ 日本 👍🏽 e\u{301}"), "Käse ß € „x“ 日本 👍🏽 e\u{301}");
    }
}
