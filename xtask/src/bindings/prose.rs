//! How texts and names are written: folded at a width, and in the ways of the languages.

/// A space at which no line ends.
pub const FIRM: char = '\u{a0}';

/// The text in lines of at most so many characters.
pub fn folded(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.into_iter().map(|line| line.replace(FIRM, " ")).collect()
}

/// `head` and the list on one line if it fits, or else the list on lines of its own, further in: `Word(a, b)`.
pub fn list(indent: usize, head: &str, parts: &[String], end: &str, width: usize) -> String {
    let space = " ".repeat(indent);
    let line = format!("{space}{head}{}{end}", parts.join(", "));
    if line.chars().count() <= width {
        return line + "\n";
    }
    let mut lines = format!("{space}{head}\n");
    let inner = indent + 4;
    let last = parts.len() - 1;
    // A part stays whole.
    let firm = |(at, part): (usize, &String)| {
        let comma = if at == last { end } else { "," };
        part.replace(' ', &FIRM.to_string()) + comma
    };
    let text = parts.iter().enumerate().map(firm).collect::<Vec<_>>().join(" ");
    for line in folded(&text, width - inner) {
        lines += &format!("{}{line}\n", " ".repeat(inner));
    }
    lines
}

/// `NOT_STARTED` and `not_started` as `NotStarted`.
pub fn pascal(snake: &str) -> String {
    let capital = |part: &str| {
        let lower = part.to_lowercase();
        let mut letters = lower.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    };
    snake.split('_').map(capital).collect()
}

/// `timeout_ms` as `timeoutMs`.
pub fn camel(snake: &str) -> String {
    let pascal = pascal(snake);
    let mut letters = pascal.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
