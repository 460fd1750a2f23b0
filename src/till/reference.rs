//! References: the till's own names for its sales, by which a payment is found again for ever. Two that look alike must be
//! one, or a sale is asked for under the second one and paid again; so a new one is composed text without anything that
//! nobody sees. Those that are stored already are found as they are.

use icu_normalizer::ComposingNormalizerBorrowed;
use icu_properties::CodePointSetData;
use icu_properties::props::{DefaultIgnorableCodePoint, EnumeratedProperty, GeneralCategory};

use crate::error::{Error, Result};

/// The longest reference, in bytes of UTF-8.
pub(crate) const LONGEST_REFERENCE: usize = 64;

/// Checks the reference of a new sale.
pub(super) fn check(reference: &str) -> Result<()> {
    let refuse = |fault: String| Err(Error::argument("reference", fault));
    if reference.trim().is_empty() {
        return refuse("is empty".into());
    }
    if reference.len() > LONGEST_REFERENCE {
        return refuse(format!("is {} bytes long; at most {LONGEST_REFERENCE} are allowed", reference.len()));
    }
    match first_fault(reference) {
        None => Ok(()),
        Some((at, character, fault)) => {
            refuse(format!("contains U+{:04X}, {fault}, as character {}", u32::from(character), at + 1))
        }
    }
}

/// The first character that a reference must not have, where it is, and why.
fn first_fault(reference: &str) -> Option<(usize, char, &'static str)> {
    let last = reference.chars().count() - 1;
    let by_itself = reference.chars().enumerate().find_map(|(at, character)| {
        let fault = match GeneralCategory::for_char(character) {
            GeneralCategory::NonspacingMark | GeneralCategory::SpacingMark | GeneralCategory::EnclosingMark => {
                "a combining mark"
            }
            GeneralCategory::Control => "a control character",
            GeneralCategory::Format => "a format character",
            GeneralCategory::LineSeparator | GeneralCategory::ParagraphSeparator => "a line break",
            GeneralCategory::Unassigned | GeneralCategory::PrivateUse | GeneralCategory::Surrogate => {
                "no assigned character"
            }
            _ if character.is_whitespace() && (at == 0 || at == last) => "a blank at an end",
            _ if character.is_whitespace() && character != ' ' => "a blank that looks like another",
            _ if is_invisible(character) => "a character that nobody sees",
            _ => return None,
        };
        Some((at, character, fault))
    });
    // Hangul has parts that are no marks and yet compose, and the sign of Ångström is another letter than Å.
    by_itself.or_else(|| {
        let (composed, rest) = ComposingNormalizerBorrowed::new_nfc().split_normalized(reference);
        Some((composed.chars().count(), rest.chars().next()?, "not in composed form (NFC)"))
    })
}

/// Fillers, which are letters by their category, and the braille pattern without dots.
fn is_invisible(character: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character) || character == '\u{2800}'
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Status;

    #[test]
    fn what_people_write_is_a_reference() {
        for reference in [
            "1",
            "2026-11-30/Kasse 2/000123",
            "Müller & Söhne, Größe: ÄÖÜß",
            "\u{e4}",
            "\u{c5}",
            "한국어",
            "日本語",
            "שלום",
            "👍🏽🍞",
            "€ 5 % <>\"'\\",
            &"x".repeat(64),
            &"ä".repeat(32),
        ] {
            assert_eq!(check(reference), Ok(()), "{reference:?}");
        }
    }

    #[test]
    fn what_looks_like_something_else_is_refused_by_its_name_and_place() {
        for (reference, fault) in [
            ("", "is empty"),
            ("   ", "is empty"),
            ("\u{a0}", "is empty"),
            (&"x".repeat(65), "is 65 bytes long; at most 64 are allowed"),
            (&"ä".repeat(33), "is 66 bytes long; at most 64 are allowed"),
            ("a\u{308}", "contains U+0308, a combining mark, as character 2"),
            ("\u{301}", "contains U+0301, a combining mark, as character 1"),
            ("\u{93f}", "contains U+093F, a combining mark, as character 1"),
            ("1\u{20e3}", "contains U+20E3, a combining mark, as character 2"),
            ("❤\u{fe0f}", "contains U+FE0F, a combining mark, as character 2"),
            (" r1", "contains U+0020, a blank at an end, as character 1"),
            ("r1 ", "contains U+0020, a blank at an end, as character 3"),
            ("r1\u{a0}", "contains U+00A0, a blank at an end, as character 3"),
            ("r1\u{3000}", "contains U+3000, a blank at an end, as character 3"),
            ("Tisch\u{a0}7", "contains U+00A0, a blank that looks like another, as character 6"),
            ("a\u{3000}b", "contains U+3000, a blank that looks like another, as character 2"),
            ("r1\u{3164}", "contains U+3164, a character that nobody sees, as character 3"),
            ("\u{115f}", "contains U+115F, a character that nobody sees, as character 1"),
            ("a\u{2800}", "contains U+2800, a character that nobody sees, as character 2"),
            ("r1\t", "contains U+0009, a control character, as character 3"),
            ("a\tb", "contains U+0009, a control character, as character 2"),
            ("a\nb", "contains U+000A, a control character, as character 2"),
            ("ä\u{85}b", "contains U+0085, a control character, as character 2"),
            ("a\0", "contains U+0000, a control character, as character 2"),
            ("a\u{200b}b", "contains U+200B, a format character, as character 2"),
            ("a\u{2060}b", "contains U+2060, a format character, as character 2"),
            ("a\u{ad}b", "contains U+00AD, a format character, as character 2"),
            ("\u{202e}1", "contains U+202E, a format character, as character 1"),
            ("\u{feff}r1", "contains U+FEFF, a format character, as character 1"),
            ("👨\u{200d}👩", "contains U+200D, a format character, as character 2"),
            ("a\u{e0041}", "contains U+E0041, a format character, as character 2"),
            ("a\u{2028}b", "contains U+2028, a line break, as character 2"),
            ("a\u{2029}b", "contains U+2029, a line break, as character 2"),
            ("a\u{e000}", "contains U+E000, no assigned character, as character 2"),
            ("a\u{378}", "contains U+0378, no assigned character, as character 2"),
            ("a\u{ffff}", "contains U+FFFF, no assigned character, as character 2"),
            ("1 \u{212b}", "contains U+212B, not in composed form (NFC), as character 3"),
            ("\u{2126}", "contains U+2126, not in composed form (NFC), as character 1"),
            ("x\u{1112}\u{1161}\u{11ab}", "contains U+1112, not in composed form (NFC), as character 2"),
            ("\u{f900}", "contains U+F900, not in composed form (NFC), as character 1"),
        ] {
            let error = check(reference).expect_err(reference);
            assert_eq!(error.status(), Status::InvalidArgument);
            assert_eq!(error.message(), format!("reference {fault}"), "{reference:?}");
        }
    }
}
