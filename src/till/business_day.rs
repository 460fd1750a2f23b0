//! A day of business: its date, and from when until when it lasts.

use crate::calendar::{days, last_sunday};
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
        if !exists || day < 1 || day > days(year, month + 1, 1) - days(year, month, 1) {
            return Err(fault());
        }
        Ok(Date { year, days: days(year, month, day) })
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
