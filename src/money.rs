//! Money: an amount in minor units (cents) together with its currency. Never a float, never an amount alone.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Result};

/// The largest amount that secupos sends: 999 999.99 in a currency with two decimals. A card terminal shows no more.
/// A larger amount is far more often a mistaken unit (cents for thousandths) than a sale.
pub const MAX_AMOUNT: i64 = 99_999_999;

/// An ISO 4217 currency code: three capital letters.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The code, for example `EUR`.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// How many decimals the minor unit stands for. All currencies of ISO 4217, list one, have two, except these.
    pub(crate) fn decimals(self) -> usize {
        match self.code() {
            "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "VND" | "VUV"
            | "XAF" | "XOF" | "XPF" => 0,
            "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
            _ => 2,
        }
    }
}

impl FromStr for Currency {
    type Err = Error;

    fn from_str(code: &str) -> Result<Self> {
        match code.as_bytes() {
            &[a, b, c] if [a, b, c].iter().all(u8::is_ascii_uppercase) => Ok(Currency([a, b, c])),
            _ => Err(Error::argument("currency", "must be three capital letters of ISO 4217, such as EUR")),
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// An amount in minor units (cents for EUR) with its currency.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Money {
    /// Minor units.
    pub minor: i64,
    /// The currency they are units of.
    pub currency: Currency,
}

impl Money {
    /// What a customer can be asked to pay: from 1 to [`MAX_AMOUNT`] minor units.
    pub fn payable(minor: i64, currency: Currency) -> Result<Self> {
        match minor {
            i64::MIN..=0 => {
                Err(Error::argument("amount", format!("is {minor}; it must be at least 1 minor unit (cent)")))
            }
            1..=MAX_AMOUNT => Ok(Money { minor, currency }),
            _ => Err(Error::argument(
                "amount",
                format!("is {minor}; more than {MAX_AMOUNT} minor units (cents) is not taken: is the unit right?"),
            )),
        }
    }
}

impl Money {
    /// The amount alone, with the decimals of its currency: `0.01`.
    pub fn number(&self) -> String {
        let decimals = self.currency.decimals();
        let sign = if self.minor < 0 { "-" } else { "" };
        let digits = format!("{:0>width$}", self.minor.unsigned_abs(), width = decimals + 1);
        let (whole, fraction) = digits.split_at(digits.len() - decimals);
        let point = if decimals == 0 { "" } else { "." };
        format!("{sign}{whole}{point}{fraction}")
    }
}

/// As a person reads it in English: `0.01 EUR`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.number(), self.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(minor: i64, code: &str) -> Money {
        Money { minor, currency: code.parse().expect("a currency") }
    }

    #[test]
    fn is_written_with_the_decimals_of_its_currency() {
        assert_eq!(money(1, "EUR").to_string(), "0.01 EUR");
        assert_eq!(money(123_456, "EUR").to_string(), "1234.56 EUR");
        assert_eq!(money(-5, "CHF").to_string(), "-0.05 CHF");
        assert_eq!(money(500, "JPY").to_string(), "500 JPY");
        assert_eq!(money(1, "KWD").to_string(), "0.001 KWD");
    }

    #[test]
    fn refuses_amounts_that_nobody_can_pay_and_names_the_argument() {
        let eur = "EUR".parse().expect("a currency");
        for minor in [i64::MIN, -1, 0, MAX_AMOUNT + 1, i64::MAX] {
            let error = Money::payable(minor, eur).expect_err("refused");
            assert!(error.message().starts_with("amount "), "{error}");
            assert!(error.message().contains(&minor.to_string()), "{error}");
        }
        for minor in [1, MAX_AMOUNT] {
            assert_eq!(Money::payable(minor, eur).expect("payable").minor, minor);
        }
    }

    #[test]
    fn refuses_what_is_no_currency_code() {
        for code in ["", "EU", "EURO", "eur", "E1R", "€", "ÄÖÜ"] {
            assert!(code.parse::<Currency>().is_err(), "{code}");
        }
    }
}
