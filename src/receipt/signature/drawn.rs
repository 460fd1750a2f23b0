//! Drawn lines: what a customer signs on, `________`, `_ _ _ _`, `........`, `--------`.

/// What is drawn in a row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Drawn {
    /// Nothing.
    Nothing,
    /// A line beside words: `Unterschrift: ________`.
    BesideWords,
    /// A line and nothing else, made for a pen.
    Line,
    /// Hyphens and nothing else: a line, or what keeps two parts of a receipt apart.
    Rule,
    /// A line that begins with an X: `X________`.
    Cross,
}

/// So many marks make a line. Fewer underscores than others do, since words have none.
const LEAST_MARKS: usize = 4;
const LEAST_UNDERSCORES: usize = 3;

/// What is drawn in a row.
pub(super) fn drawn(printed: &str) -> Drawn {
    let Some(mark) = longest_mark(printed) else { return Drawn::Nothing };
    let rest: String = printed.chars().filter(|character| character.is_alphanumeric()).take(2).collect();
    match (rest.as_str(), mark) {
        ("", '-') => Drawn::Rule,
        ("", _) => Drawn::Line,
        ("x" | "X", _) if printed.trim_start().starts_with(['x', 'X', '*', '(']) => Drawn::Cross,
        _ => Drawn::BesideWords,
    }
}

/// The mark that is repeated often enough to be a line, either without a space or with one between each.
fn longest_mark(printed: &str) -> Option<char> {
    let (mut run, mut count, mut gap, mut step, mut found) = (' ', 0, 0, None, None);
    for character in printed.chars() {
        let mark = plain(character);
        if mark == ' ' {
            gap += 1;
            continue;
        }
        if mark == run && gap <= 1 && step.is_none_or(|step| step == gap) {
            (count, step) = (count + weight(character), Some(gap));
        } else {
            (run, count, step) = (mark, weight(character), None);
        }
        gap = 0;
        let least = if run == '_' { LEAST_UNDERSCORES } else { LEAST_MARKS };
        if "_.-".contains(run) && count >= least && found != Some('_') {
            found = Some(run);
        }
    }
    found
}

fn plain(character: char) -> char {
    match character {
        '‗' | '＿' => '_',
        '…' | '․' | '·' => '.',
        '–' | '—' | '─' | '‐' | '‑' => '-',
        character if character.is_whitespace() => ' ',
        character => character,
    }
}

fn weight(character: char) -> usize {
    if character == '…' { 3 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_to_sign_on_and_what_looks_like_them() {
        for (printed, expected) in [
            ("________________________", Drawn::Line),
            ("_ _ _ _ _ _ _ _ _", Drawn::Line),
            ("  ........................", Drawn::Line),
            ("…………", Drawn::Line),
            ("----------------", Drawn::Rule),
            ("- - - - - -", Drawn::Rule),
            ("––––––––", Drawn::Rule),
            ("X_____________", Drawn::Cross),
            ("x ..........", Drawn::Cross),
            ("(X) ________", Drawn::Cross),
            ("Unterschrift: ________", Drawn::BesideWords),
            ("Unterschrift ............", Drawn::BesideWords),
            ("Unterschrift", Drawn::Nothing),
            ("===============", Drawn::Nothing),
            ("***************", Drawn::Nothing),
            ("XXXXXXXXXXXX8470", Drawn::Nothing),
            ("-H-Ä-N-D-L-E-R-", Drawn::Nothing),
            ("d. h. usw. ...", Drawn::Nothing),
            ("_", Drawn::Nothing),
            ("", Drawn::Nothing),
        ] {
            assert_eq!(drawn(printed), expected, "{printed}");
        }
    }
}
