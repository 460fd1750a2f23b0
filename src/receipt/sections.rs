//! Where the receipts in an array begin, and where the head of each ends.
//!
//! The merchant's name and address stand in the head, and a merchant may be called anything: ELV, Maestro, Sign Here. So
//! what stands there decides nothing. It ends at the first fact: a date, a terminal's number, a name with a value.

use std::ops::Range;

use crate::receipt::fields::facts::Fact;
use crate::receipt::line::{Line, LineKind};

/// One receipt of an array, by its lines.
pub(super) struct Section {
    pub lines: Range<usize>,
    /// The first line below the head.
    pub head: usize,
    /// The first line below the merchant's name: behind the first empty line under words, at most where the head ends.
    pub name: usize,
}

/// A head has no more rows with words. Without this a receipt of nothing but text could be all head.
const MOST_HEAD_ROWS: usize = 10;

/// What each receipt has of its own. Sums do not tell: a report has one for each brand, with rules between them.
const OF_ITS_OWN: &[&str] = &["date", "time", "terminal_id", "receipt_no", "trace_no"];

/// The receipts of an array. A separator begins another one if there is such a fact on both sides of it; else it is a
/// headline or a rule inside one.
pub(super) fn sections(lines: &[Line], facts: &[Vec<Fact>]) -> Vec<Section> {
    let is_own = |line: usize| facts[line].iter().any(|fact| OF_ITS_OWN.contains(&fact.name));
    let separators = (0..lines.len()).filter(|&line| lines[line].kind() == LineKind::Separator);
    let mut sections = Vec::new();
    let (mut begin, mut begun, mut has_own) = (0, 0, false);
    for separator in separators.chain([lines.len()]) {
        // From one separator to the next.
        let has_more = (begun..separator).any(is_own);
        if has_own && has_more {
            sections.push(begin..begun);
            begin = begun;
        }
        has_own |= has_more;
        begun = separator;
    }
    sections.push(begin..lines.len());
    let is_fact = |line: usize| lines[line].kind() == LineKind::NameValue || !facts[line].is_empty();
    sections.into_iter().map(|range| section(range, lines, is_fact)).collect()
}

fn section(range: Range<usize>, lines: &[Line], is_fact: impl Fn(usize) -> bool) -> Section {
    let has_words = |line: &usize| lines[*line].texts().any(|text| text.chars().any(char::is_alphanumeric));
    let first = range.clone().find(|line| is_fact(*line));
    // Without a fact there is no telling where the head ends.
    let Some(first) = first else { return Section { head: range.start, name: range.start, lines: range } };
    let is_text = |line: &usize| lines[*line].kind() == LineKind::Text && has_words(line);
    let above = (range.start..first).filter(is_text).count();
    let head = if above > MOST_HEAD_ROWS { range.start } else { first };
    let named = (range.start..head).find(is_text).unwrap_or(head);
    let name = (named..head).find(|line| !has_words(line)).unwrap_or(head);
    Section { lines: range, head, name }
}
