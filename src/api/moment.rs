//! Moments as the API writes them: `2021-02-25T08:47:25+01:00` (ISO 8601).

use crate::calendar::days;

const SECONDS_PER_DAY: i64 = 24 * 60 * 60;

/// A moment as Unix time in milliseconds. None without an offset: nobody knows whose clock that is.
pub fn read(text: &str) -> Option<i64> {
    let (date, time) = text.trim().split_once(['T', 't', ' '])?;
    let [year, month, day] = numbers(date, '-')?;
    let from = time.find(['Z', 'z', '+', '-'])?;
    let (time, offset) = time.split_at(from);
    let (time, fraction) = time.split_once(['.', ',']).unwrap_or((time, "0"));
    let [hour, minute, second] = numbers(time, ':')?;
    let is_moment = (1..=12).contains(&month) && (1..=31).contains(&day) && hour < 24 && minute < 60 && second <= 60;
    let seconds = days(year, month, day) * SECONDS_PER_DAY + (hour * 60 + minute) * 60 + second - seconds_of(offset)?;
    let thousandths = format!("{fraction:0<3}").get(..3).and_then(number)?;
    is_moment.then_some(seconds * 1000 + thousandths)
}

/// How far a clock is ahead of UTC: `Z`, `+01:00`, `+0100`, `+01`.
fn seconds_of(offset: &str) -> Option<i64> {
    let (sign, digits) = offset.split_at(1);
    if matches!(offset, "Z" | "z") {
        return Some(0);
    }
    let (hours, minutes) = digits.split_once(':').or(digits.split_at_checked(2))?;
    let minutes = if minutes.is_empty() { "00" } else { minutes };
    let is_offset = matches!(sign, "+" | "-") && (hours.len(), minutes.len()) == (2, 2);
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let ahead = (hours * 60 + minutes) * 60;
    (is_offset && hours < 24 && minutes < 60).then_some(if sign == "-" { -ahead } else { ahead })
}

fn numbers(text: &str, between: char) -> Option<[i64; 3]> {
    let numbers: Option<Vec<i64>> = text.split(between).map(number).collect();
    numbers?.try_into().ok()
}

/// Digits and nothing else, at most four.
fn number(text: &str) -> Option<i64> {
    ((1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[test]
    fn moments_are_read_with_their_offset() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2021-02-25T08:47:25+01:00", 1_614_239_245_000),
            ("2021-02-25T07:47:25Z", 1_614_239_245_000),
            ("2021-02-25 07:47:25+0000", 1_614_239_245_000),
            ("2021-02-25T02:17:25-05:30", 1_614_239_245_000),
            ("2021-02-25T08:47:25.5+01", 1_614_239_245_500),
            ("2021-02-25t07:47:25.123456z", 1_614_239_245_123),
            ("2000-02-29T23:59:60Z", 951_868_800_000),
            ("1969-12-31T23:59:59.999Z", -1),
            ("9999-12-31T23:59:59Z", 253_402_300_799_000),
        ] {
            assert_eq!(read(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_moment_is_none() {
        for text in [
            "",
            "now",
            "2021-02-25",
            "2021-02-25T08:47:25",
            "2021-02-25T08:47+01:00",
            "2021-13-01T00:00:00Z",
            "2021-00-01T00:00:00Z",
            "2021-01-32T00:00:00Z",
            "2021-01-01T24:00:00Z",
            "2021-01-01T00:60:00Z",
            "2021-01-01T00:00:00+24:00",
            "2021-01-01T00:00:00+1:0",
            "2021-01-01T00:00:00+01:00x",
            "2021-01-01T00:00:00+100",
            "2021-01-01T00:00:00Z1",
            "2021-01-01T00:00:00+",
            "2021-01-01T00:00:00.xZ",
            "+2021-01-01T00:00:00Z",
            "2021-01-01T00:00:00Zä",
            "2021-01-01T00:00:00+ä0",
            "99999999999999999999-01-01T00:00:00Z",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    /// Another library's calendar, a day after the other.
    #[test]
    fn every_day_of_three_centuries_is_the_next_one() {
        for day in 0..110_000 {
            let at = UNIX_EPOCH + Duration::from_secs(day * 24 * 60 * 60);
            let said = httpdate::fmt_http_date(at);
            let words: Vec<&str> = said.split(' ').collect();
            let month = 1 + "JanFebMarAprMayJunJulAugSepOctNovDec".find(words[2]).expect("a month") / 3;
            let text = format!("{}-{month:02}-{}T{}Z", words[3], words[1], words[4]);
            assert_eq!(read(&text), Some(i64::try_from(day).expect("a day") * SECONDS_PER_DAY * 1000), "{text}");
        }
    }
}
