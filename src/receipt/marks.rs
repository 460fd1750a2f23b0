//! What is printed above and below a receipt, whose stored lines never change: the marks of a reprint and of a reversed
//! payment, and a line to sign on where the receipt must be signed and has none.

use crate::error::Language;
use crate::receipt::render::Options;
use crate::receipt::{Decision, Line, MOST_COLUMNS, Receipt};

/// The last millisecond of the year 9999 on German clocks.
pub(super) const LATEST: i64 = 253_402_297_199_999;

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

/// `25.02.2021 08:46`, as clocks show it where the terminals stand: Central European Time, an hour later from the last
/// Sunday of March to the last of October, 01:00 UTC.
fn german_time(at: i64) -> String {
    let utc = at.div_euclid(60_000);
    let (year, ..) = date(utc.div_euclid(24 * 60));
    let change = |month: i64| (last_sunday(year, month) * 24 + 1) * 60;
    let summer = (change(3)..change(10)).contains(&utc);
    let local = utc + if summer { 120 } else { 60 };
    let (year, month, day) = date(local.div_euclid(24 * 60));
    let minute = local.rem_euclid(24 * 60);
    format!("{day:02}.{month:02}.{year:04} {:02}:{:02}", minute / 60, minute % 60)
}

/// Year, month and day from the days since 1970-01-01. Counted in eras of 400 years that begin on the 1st of March, so
/// that a leap day is the last of its year.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

/// The days from 1970-01-01 to the last Sunday of a month with 31 days, after February.
fn last_sunday(year: i64, month: i64) -> i64 {
    let shifted = month - 3;
    let days = year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let last = days + (153 * shifted + 2) / 5 + 30 - 719_468;
    // 1970-01-01 was a Thursday.
    last - (last + 4).rem_euclid(7)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_german_clocks() {
        for (at, shown) in [
            (0, "01.01.1970 01:00"),
            (1_614_239_208_000, "25.02.2021 08:46"),
            // The last minute of winter time and the first of summer time; and back.
            (1_616_893_199_000, "28.03.2021 01:59"),
            (1_616_893_200_000, "28.03.2021 03:00"),
            (1_635_641_999_000, "31.10.2021 02:59"),
            (1_635_642_000_000, "31.10.2021 02:00"),
            (1_709_164_800_000, "29.02.2024 01:00"),
            // The change on the 31st of March, and the turn of a year.
            (1_711_846_800_000, "31.03.2024 03:00"),
            (1_735_686_000_000, "01.01.2025 00:00"),
            (LATEST, "31.12.9999 23:59"),
        ] {
            assert_eq!(german_time(at), shown, "{at}");
        }
    }
}
