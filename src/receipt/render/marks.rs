//! What is printed above and below a receipt, whose stored lines never change: the marks of a reprint and of a reversed
//! payment, and a line to sign on where the receipt must be signed and has none.

use crate::calendar::german_time;
use crate::error::Language;
use crate::receipt::copy::Receipt;
use crate::receipt::layout::MOST_COLUMNS;
use crate::receipt::line::Line;
use crate::receipt::render::options::Options;
use crate::receipt::signature::decision::Decision;

impl Receipt {
    pub(super) fn is_reversed(&self, options: &Options) -> bool {
        self.is_reversed || options.reversed
    }
}

/// The lines above and below. What a receipt says by itself in its first or last line is not said twice there.
pub(super) fn of(receipt: &Receipt, options: &Options) -> (Vec<Line>, Vec<Line>) {
    let german = options.language == Language::German;
    let duplicate = options.duplicate.map(|at| {
        let (mark, time) = (if german { "*** KOPIE ***" } else { "*** COPY ***" }, german_time(at));
        (mark, format!("{mark} {time}"))
    });
    let mark = if german { "*** STORNIERT ***" } else { "*** REVERSED ***" };
    let reversed = receipt.is_reversed(options).then(|| (mark, mark.to_owned()));
    let marks: Vec<_> = duplicate.into_iter().chain(reversed).collect();
    let missing = |said: Option<&Line>| {
        let said = said.and_then(Line::text).unwrap_or_default().trim();
        let missing = marks.iter().filter(|(mark, _)| !said.starts_with(mark));
        missing.map(|(_, words)| Line::mark(words)).collect::<Vec<_>>()
    };
    let printed = || receipt.lines().iter().filter(|line| line.texts().any(|text| !text.trim().is_empty()));
    let (mut above, mut below) = (missing(printed().next()), missing(printed().next_back()));
    below.reverse();
    if options.duplicate.is_some() && receipt.signature().decision == Decision::Required {
        above.push(Line::mark(if german { "Nicht noch einmal unterschreiben" } else { "Not to be signed again" }));
    }
    let is_first_print = options.duplicate.is_none() && !receipt.is_reversed(options);
    if is_first_print && receipt.lacks_place_to_sign() {
        below.push(Line::mark(if german { "Unterschrift des Kunden" } else { "Customer's signature" }));
        below.extend([Line::space(), Line::plain(&format!("X{}", "_".repeat(usize::from(MOST_COLUMNS))))]);
    }
    // An empty line keeps them apart from the receipt.
    if !above.is_empty() {
        above.push(Line::space());
    }
    if !below.is_empty() {
        below.insert(0, Line::space());
    }
    (above, below)
}
