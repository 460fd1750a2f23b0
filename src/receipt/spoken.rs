//! What a text says, for comparing it with the phrases and labels that are known; never for printing.

/// The words alone, with one space between them: lower case, umlauts written out, no punctuation. So `EC-Lastschrift`,
/// `ec lastschrift` and `* ec-Lastschrift *` say the same, as do `gültig` and `GUELTIG`.
pub(super) fn spoken(text: &str) -> String {
    // An umlaut may also come as a letter with a diaeresis behind it.
    let plain = text.to_lowercase().replace('ä', "ae").replace('ö', "oe").replace('ü', "ue").replace('\u{308}', "e");
    let words = plain.replace('ß', "ss");
    let words = words.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_and_punctuation_make_no_difference() {
        for text in
            ["Gläubiger-ID:", "GLÄUBIGER ID", "glaeubiger-id", "  *Gla\u{308}ubiger\u{a0}-  ID.", "gläubiger_id"]
        {
            assert_eq!(spoken(text), "glaeubiger id", "{text}");
        }
        assert_eq!(spoken("Großer Löffel für 5,00"), "grosser loeffel fuer 5 00");
        assert_eq!(spoken(" ___ *** "), "");
    }
}
