//! Step 3: a word for the customer's signature beside a drawn line, in the same row, the one above or the one below. That is
//! where somebody signs, whatever else is printed: PIN and signature together is a legal EMV result.

use crate::receipt::line::LineKind;
use crate::receipt::signature::decision::Decision;
use crate::receipt::signature::drawn::Drawn;
use crate::receipt::signature::finding::Finding;
use crate::receipt::signature::rows::Row;
use crate::receipt::signature::slip::Slip;
use crate::receipt::signature::words::{Signing, goes_on_denying};

/// From a row that says nothing but "signature" to its line so many other rows with words may lie.
const MOST_BETWEEN: usize = 2;

pub(super) fn take(slip: &Slip) -> Finding {
    let mut near = Finding::passed(None, "no row has a word for a signature");
    for (at, row) in slip.rows.iter().enumerate() {
        let is_cross = row.drawn == Drawn::Cross || (row.words == ["x"] && is_line_nearby(slip, at, 0));
        if is_cross && !row.in_head {
            return Finding::decided(Decision::Required, row, "an X and a line");
        }
        let why = match row.signing {
            None => continue,
            Some(Signing::Spares) => "the word is denied in its own row",
            Some(Signing::Beside(why)) => why,
            Some(_) if is_denied_below(slip, at) && !is_line_nearby(slip, at, 0) && row.drawn == Drawn::Nothing => {
                "the word is denied in the row below"
            }
            Some(says) if row.in_head && !is_pen_line_in_head(slip, at, says) => "it stands in the head",
            Some(says) if has_line(slip, at, says) => {
                return Finding::decided(Decision::Required, row, "the word stands beside a line to sign on");
            }
            Some(_) => "no line is drawn beside the word",
        };
        if near.row.is_none() {
            near = Finding::passed(Some(row), why);
        }
    }
    // A word that is broken over rows: `Unter-`, `schrift`.
    let asks = Some(Signing::Asks { plain: true });
    let is_beside = |row: &&Row| row.signing == asks && !row.in_head && is_line_at(slip, row.at + row.rows);
    let broken = slip.joined.iter().find(is_beside);
    match broken {
        Some(row) => Finding::decided(Decision::Required, row, "the word stands beside a line to sign on"),
        None => near,
    }
}

/// Whether a line to sign on belongs to the row here.
fn has_line(slip: &Slip, at: usize, says: Signing) -> bool {
    let row = &slip.rows[at];
    if row.drawn == Drawn::BesideWords {
        return true;
    }
    let plain = says != Signing::Asks { plain: false };
    let beside = [at.checked_sub(1), Some(at + 1)].into_iter().flatten().filter_map(|at| slip.rows.get(at));
    // Hyphens also part a receipt: they are a line only for a row that says nothing else.
    let is_line =
        |row: &Row| row.drawn == Drawn::Line || (row.drawn == Drawn::Rule && plain && says != Signing::AsksOnALine);
    let mut near = beside.clone();
    near.any(is_line) || (plain && is_line_nearby(slip, at, MOST_BETWEEN))
}

/// Whether a line for a pen is drawn near, with so many rows between: advertising may have come between a word and its line.
/// A row that has a line for something else, a tip, is not meant.
fn is_line_nearby(slip: &Slip, at: usize, between: usize) -> bool {
    let above = slip.rows[..at].iter().rev().take(between + 1);
    let below = slip.rows[at + 1..].iter().take(between + 1);
    above.chain(below).any(|row| row.drawn == Drawn::Line)
}

fn is_line_at(slip: &Slip, at: usize) -> bool {
    slip.rows.get(at).is_some_and(|row| matches!(row.drawn, Drawn::Line | Drawn::Rule))
}

fn is_denied_below(slip: &Slip, at: usize) -> bool {
    slip.rows.get(at + 1).is_some_and(|below| below.line == slip.rows[at].line + 1 && goes_on_denying(&below.words))
}

/// A merchant may be called like it, and a rule may be drawn below the name. But the head of a receipt whose date comes last
/// has the line for the pen in it.
fn is_pen_line_in_head(slip: &Slip, at: usize, says: Signing) -> bool {
    let row = &slip.rows[at];
    let beside = [at.checked_sub(1), Some(at + 1)].into_iter().flatten().filter_map(|at| slip.rows.get(at));
    let is_pen_line = row.drawn == Drawn::BesideWords || beside.clone().any(|row| row.drawn == Drawn::Line);
    says == (Signing::Asks { plain: true }) && row.kind != LineKind::Separator && is_pen_line
}
