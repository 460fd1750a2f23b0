//! The calendar, in days since 1970-01-01, and what German clocks show.

/// The days from 1970-01-01 to a date of the calendar that is in use since 1582; the thirteenth month is the next January.
/// A year is counted from March, so that its odd day is its last.
pub(crate) fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    year * 365 + leap_days + (month * 153 + 2) / 5 + day - 719_469
}

/// The days from 1970-01-01 to the last Sunday of a month with 31 days.
pub(crate) fn last_sunday(year: i64, month: i64) -> i64 {
    let last = days(year, month, 31);
    // 1970-01-01 was a Thursday.
    last - (last + 4).rem_euclid(7)
}

/// `25.02.2021 08:46` for Unix time in milliseconds, UTC, as clocks show it where the terminals stand: Central European Time,
/// an hour later from the last Sunday of March to the last of October, 01:00 UTC.
pub(crate) fn german_time(at: i64) -> String {
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
            (253_402_297_199_999, "31.12.9999 23:59"),
        ] {
            assert_eq!(german_time(at), shown, "{at}");
        }
    }

    #[test]
    fn a_german_clock_shows_summer_and_winter() {
        // As `TZ=Europe/Berlin date -d @… '+%d.%m.%Y %H:%M'` says.
        for (seconds, expected) in [
            (0, "01.01.1970 01:00"),
            (951_778_800, "29.02.2000 00:00"),
            (1_774_745_999, "29.03.2026 01:59"),
            (1_774_746_000, "29.03.2026 03:00"),
            (1_792_889_999, "25.10.2026 02:59"),
            (1_792_890_000, "25.10.2026 02:00"),
            (1_796_047_439, "30.11.2026 15:03"),
            (1_798_757_999, "31.12.2026 23:59"),
            (1_798_758_000, "01.01.2027 00:00"),
        ] {
            assert_eq!(german_time(seconds * 1000), expected, "{seconds}");
        }
    }
}
