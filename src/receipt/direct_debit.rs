//! The names of a direct debit. An online one is called as the network's operator calls it, so that no list of names is
//! complete: what counts is how the name ends, and that nothing else is in the row.

/// What such a name ends with, as spoken.
const ENDS: &[&str] = &["lastschrift", "lastschriftverfahren", "lastschrifteinzug", "lastschriftmandat", "elv", "olv"];

/// Such a name in other languages.
const NAMES: &[&str] = &["direct debit", "prelevement", "addebito diretto"];

/// What may stand beside it.
#[rustfmt::skip]
const BESIDE: &[&str] = &[
    "ec", "sepa", "elektronische", "elektronisches", "elektronischer", "zahlung", "kartenzahlung", "bezahlung",
    "karte", "per", "mit", "offline", "online", "kauf", "verkauf", "chip", "kontaktlos", "contactless", "genehmigt",
    "akzeptiert", "erfolgt", "ok", "unterschrift", "eur", "euro",
];

/// What makes a sentence of the row, or advertising. Any other word before the name is its operator's.
#[rustfmt::skip]
const NO_OPERATORS: &[&str] = &[
    "auch", "neu", "neue", "jetzt", "zu", "zur", "zum", "zahlen", "info", "infos", "informationen", "mehr", "ohne",
    "kein", "keine", "keinen", "nicht", "no", "statt", "oder", "und", "der", "die", "das", "den", "dem", "ihre",
    "ihrer", "eine", "einer", "durch", "von", "fuer", "bei", "nur", "hinweis", "hinweise", "rueckfragen", "anzahl",
    "summe", "als", "via", "www",
];

/// A direct debit's name, as a row has it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Name {
    /// Nobody else is called so.
    Unmistakable,
    /// A merchant may be called so.
    Short,
}

/// The name that a row, as spoken, is.
pub(super) fn name(said: &str) -> Option<Name> {
    let words: Vec<&str> = said.split(' ').take(6).collect();
    if words.len() > 5 {
        return None;
    }
    let is_named = |word: &&str| ENDS.iter().any(|end| word.ends_with(end)) && !word.starts_with("rueck");
    let (in_german, in_words) = (words.iter().any(is_named), NAMES.iter().find(|name| said.contains(*name)));
    let is_part =
        |word: &&str| is_named(word) || BESIDE.contains(word) || in_words.is_some_and(|name| name.contains(word));
    let foreign: Vec<&str> = words.iter().filter(|word| !is_part(word)).copied().collect();
    let is_operator = |word: &&str| word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    let fits = match foreign[..] {
        [] => true,
        // The operator stands before the name.
        [operator] => {
            words.len() == 2 && words[0] == operator && is_operator(&operator) && !NO_OPERATORS.contains(&operator)
        }
        _ => false,
    };
    let is_long = in_words.is_some() || words.iter().any(|word| word.contains("lastschrift"));
    match (in_german || in_words.is_some()) && fits {
        true if is_long && foreign.is_empty() => Some(Name::Unmistakable),
        true => Some(Name::Short),
        false => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_is_the_name_of_one() {
        for (said, expected) in [
            ("ec lastschrift", Some(Name::Unmistakable)),
            ("lastschrift", Some(Name::Unmistakable)),
            ("sepa lastschriftmandat", Some(Name::Unmistakable)),
            ("elektronisches lastschriftverfahren", Some(Name::Unmistakable)),
            ("sepa direct debit", Some(Name::Unmistakable)),
            ("prelevement sepa", Some(Name::Unmistakable)),
            ("easycash lastschrift", Some(Name::Short)),
            ("elv", Some(Name::Short)),
            ("euroelv", Some(Name::Short)),
            ("telecash olv", Some(Name::Short)),
            ("zahlung elv", Some(Name::Short)),
            ("kein elv", None),
            ("auch lastschrift", None),
            ("informationen zur sepa lastschrift", None),
            ("elv elektronik ag", None),
            ("ruecklastschrift", None),
            ("konto durch lastschrift", None),
            ("lastschrift nicht moeglich", None),
            ("www example com elv", None),
            ("elvira muster", None),
            ("", None),
        ] {
            assert_eq!(name(said), expected, "{said}");
        }
    }
}
