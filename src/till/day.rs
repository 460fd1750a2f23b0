//! A day of business: its date, and from when until when it lasts.

use crate::error::{Error, Result};

const HOUR: i64 = 60 * 60 * 1000;
const DAY: i64 = 24 * HOUR;

/// A day of business.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Day {
    date: String,
    from: i64,
    to: i64,
}

impl Day {
    /// A calendar day by German legal time, such as `2026-11-23`: from midnight to midnight, and so 23 or 25 hours long
    /// where summer time begins or ends.
    pub fn german(date: &str) -> Result<Day> {
        let day = Date::parse(date)?;
        let (from, to) =
            (day.utc_midnight() - day.german_offset(), day.next().utc_midnight() - day.next().german_offset());
        Ok(Day { date: date.to_owned(), from, to })
    }

    /// The day of this date where it begins and ends at other times: Unix times in milliseconds, UTC, the end excluded.
    pub fn between(date: &str, from: i64, to: i64) -> Result<Day> {
        let midnight = Date::parse(date)?.utc_midnight();
        // Wherever on Earth, and whatever hour a shop takes for the day's end.
        if from < midnight - DAY || from > midnight + DAY {
            return Err(Error::argument("from", format_args!("is {from}; that is not on {date}")));
        }
        if to <= from || to > from + 2 * DAY {
            return Err(Error::argument("to", format_args!("is {to}; a day cannot last from {from} until then")));
        }
        Ok(Day { date: date.to_owned(), from, to })
    }

    /// Its date, such as `2026-11-23`.
    pub fn date(&self) -> &str {
        &self.date
    }

    /// When it begins: Unix time in milliseconds, UTC.
    pub fn from(&self) -> i64 {
        self.from
    }

    /// When the next one begins.
    pub fn to(&self) -> i64 {
        self.to
    }
}

/// A moment as a person at a German till reads it, such as `30.11.2026 14:03`.
pub(crate) fn german_time(at: i64) -> String {
    let year_of = |at: i64| {
        let guess = 1970 + at.div_euclid(DAY).div_euclid(366);
        (guess..).find(|year| days_to(year + 1, 1) * DAY > at).unwrap_or(guess)
    };
    // Summer time begins and ends at one o'clock by UTC.
    let changes = |month| last_sunday(year_of(at), month) * DAY + HOUR;
    let is_summer = (changes(3)..changes(10)).contains(&at);
    let local = at.saturating_add(if is_summer { 2 * HOUR } else { HOUR });
    let (year, days) = (year_of(local), local.div_euclid(DAY));
    let month = (1..=12).rfind(|month| days_to(year, *month) <= days).unwrap_or(1);
    let day = days - days_to(year, month) + 1;
    let minutes = local.rem_euclid(DAY) / 60_000;
    format!("{day:02}.{month:02}.{year} {:02}:{:02}", minutes / 60, minutes % 60)
}

/// A date of the calendar, as days since 1970.
#[derive(Clone, Copy)]
struct Date {
    year: i64,
    days: i64,
}

impl Date {
    fn parse(text: &str) -> Result<Date> {
        let fault = || Error::argument("date", format_args!("is {text:?}; it must be a date such as 2026-11-23"));
        let is_shaped = text.len() == 10
            && text.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        let number = |part: Option<&str>| part.and_then(|digits| digits.parse::<i64>().ok());
        let parts = (number(text.get(..4)), number(text.get(5..7)), number(text.get(8..)));
        let (Some(year), Some(month), Some(day)) = parts else { return Err(fault()) };
        let exists = is_shaped && (1970..=9998).contains(&year) && (1..=12).contains(&month);
        if !exists || day < 1 || day > days_to(year, month + 1) - days_to(year, month) {
            return Err(fault());
        }
        Ok(Date { year, days: days_to(year, month) + day - 1 })
    }

    /// The year is not looked at again: the last of December is not in summer, nor is the day after it.
    fn next(self) -> Date {
        Date { days: self.days + 1, ..self }
    }

    fn utc_midnight(self) -> i64 {
        self.days * DAY
    }

    /// By how much German legal time is ahead at the midnight with which the day begins: summer time lasts from the
    /// night of the last Sunday in March to that of the last one in October, and changes after midnight.
    fn german_offset(self) -> i64 {
        let is_summer = self.days > last_sunday(self.year, 3) && self.days <= last_sunday(self.year, 10);
        if is_summer { 2 * HOUR } else { HOUR }
    }
}

/// The days from 1970 to the first of this month; the thirteenth is the next January.
fn days_to(year: i64, month: i64) -> i64 {
    let leap_days = |year: i64| year / 4 - year / 100 + year / 400;
    let before = (year - 1970) * 365 + leap_days(year - 1) - leap_days(1969);
    let is_leap = leap_days(year) > leap_days(year - 1);
    let lengths = [31, 28 + i64::from(is_leap), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    before + lengths.iter().take(usize::try_from(month - 1).unwrap_or(0)).sum::<i64>()
}

/// The last Sunday of a month of 31 days. The first of January 1970 was a Thursday.
fn last_sunday(year: i64, month: i64) -> i64 {
    let last = days_to(year, month) + 30;
    last - (last + 4) % 7
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_german_day_lasts_from_midnight_to_midnight() {
        // As `date -d 'TZ="Europe/Berlin" … 00:00' +%s` says.
        for (date, from, hours) in [
            ("1970-01-01", -3_600, 24),
            ("2000-02-29", 951_778_800, 24),
            ("2024-12-31", 1_735_599_600, 24),
            ("2026-03-28", 1_774_652_400, 24),
            ("2026-03-29", 1_774_738_800, 23),
            ("2026-03-30", 1_774_821_600, 24),
            ("2026-07-01", 1_782_856_800, 24),
            ("2026-10-24", 1_792_792_800, 24),
            ("2026-10-25", 1_792_879_200, 25),
            ("2026-10-26", 1_792_969_200, 24),
            ("2026-11-23", 1_795_388_400, 24),
        ] {
            let day = Day::german(date).expect(date);
            assert_eq!((day.from(), (day.to() - day.from()) / HOUR), (from * 1000, hours), "{date}");
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

    #[test]
    fn one_day_follows_on_the_other() {
        let mut end = None;
        for year in 1996..2100 {
            for month in 1..=12 {
                for day in 1..=31 {
                    let Ok(day) = Day::german(&format!("{year}-{month:02}-{day:02}")) else { continue };
                    assert!(end.is_none_or(|end| end == day.from()), "{day:?}");
                    end = Some(day.to());
                }
            }
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for wrong in [
            "",
            "2026",
            "2026-11-2",
            "2026-11-31",
            "2026-02-29",
            "2100-02-29",
            "2026-00-01",
            "2026-13-01",
            "2026-01-00",
            "2026/11/23",
            "23.11.2026",
            "+026-11-23",
            "2026-+1-23",
            "2026-11-23 ",
            "../../etc/x",
            "2026-1é-1",
            "1969-12-31",
        ] {
            assert!(Day::german(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn other_bounds_must_be_about_that_day() {
        let from = Day::german("2026-11-23").expect("a day").from();
        assert!(Day::between("2026-11-23", from + 5 * HOUR, from + 29 * HOUR).is_ok());
        for (from, to) in [(from, from), (from, from - 1), (from, from + 3 * DAY), (0, DAY), (i64::MAX, i64::MAX)] {
            assert!(Day::between("2026-11-23", from, to).is_err(), "{from} {to}");
        }
    }
}
