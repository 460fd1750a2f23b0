//! Step 6: the cardholder verification results of EMV (tag 9F34), as they stand in the further data: `…/1F0302/`. Three
//! bytes: the method, the condition under which it was chosen, and whether it succeeded.

use crate::receipt::signature::decision::Decision;
use crate::receipt::signature::finding::Finding;
use crate::receipt::signature::rows::Row;
use crate::receipt::signature::slip::Slip;

/// EMV book 4, annex A4: the methods. The highest bits say what would have come next, and do not matter.
const METHOD: u8 = 0x3f;
const SIGNED: &[u8] = &[0x1e, 0x03, 0x05];
const NOT_SIGNED: &[u8] = &[0x01, 0x02, 0x04, 0x1f];
/// The last condition that there is.
const LAST_CONDITION: u8 = 0x09;
const FAILED: u8 = 1;
const SUCCESSFUL: u8 = 2;

pub(super) fn take(slip: &Slip) -> Finding {
    let found = slip.rows.iter().filter(|row| !row.in_head).find_map(|row| Some((results(row)?, row)));
    match found {
        None => Finding::passed(None, "no row has them"),
        Some(([_, _, FAILED], row)) => Finding::passed(Some(row), "they say that the method failed"),
        Some(([method, ..], row)) if SIGNED.contains(&(method & METHOD)) => {
            Finding::decided(Decision::Required, row, "their method is a signature, perhaps with a PIN")
        }
        Some((_, row)) => Finding::decided(Decision::NotRequired, row, "their method is a PIN, or none"),
    }
}

/// The three bytes, where a row has them between strokes, or behind the tag's number.
fn results(row: &Row) -> Option<[u8; 3]> {
    let between = row.printed.split('/').collect::<Vec<_>>();
    let between = between.get(1..between.len() - 1).unwrap_or_default().iter().copied();
    let behind = row.printed.split_once("9F34").map(|(_, rest)| rest.trim_start_matches([':', '=', ' ', '(', ')']));
    let behind = behind
        .map(|rest| rest.strip_prefix("03").filter(|rest| rest.trim_start().len() >= 6).unwrap_or(rest).trim_start());
    let behind =
        behind.map(|rest| rest.split(|character: char| !character.is_ascii_hexdigit()).next().unwrap_or_default());
    between.chain(behind).find_map(bytes)
}

fn bytes(word: &str) -> Option<[u8; 3]> {
    if word.len() != 6 || !word.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let byte = |at: usize| u8::from_str_radix(&word[at..at + 2], 16).ok();
    let [method, condition, result] = [byte(0)?, byte(2)?, byte(4)?];
    let is_method = SIGNED.contains(&(method & METHOD)) || NOT_SIGNED.contains(&(method & METHOD));
    (is_method && condition <= LAST_CONDITION && result <= SUCCESSFUL).then_some([method, condition, result])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_bytes_are_results_if_each_is_one() {
        for (word, expected) in [
            ("1F0302", Some([0x1f, 3, 2])),
            ("020300", Some([2, 3, 0])),
            ("1E0300", Some([0x1e, 3, 0])),
            ("5E0300", Some([0x5e, 3, 0])),
            ("420302", Some([0x42, 3, 2])),
            ("3F0000", None),
            ("251126", None),
            ("1F0303", None),
            ("1F03", None),
            ("1F03zz", None),
        ] {
            assert_eq!(bytes(word), expected, "{word}");
        }
    }
}
