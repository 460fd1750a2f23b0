//! What the customer and the terminal do with a payment: scripted for the next payment, or chosen by its amount.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::model::quirks::Quirk;
use crate::model::refused::Refused;

/// How a payment goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scenario {
    /// A direct debit by card; the customer signs.
    Elv,
    /// The newer form of it, contactless, with a SEPA mandate.
    SepaElv,
    /// A girocard with PIN.
    Girocard,
    /// A debit card of a credit card brand, contactless, without PIN.
    Contactless,
    /// A credit card with signature.
    CreditCard,
    /// Refused by the card's issuer.
    Declined,
    /// Aborted at the terminal.
    Aborted,
    /// The customer did nothing until the terminal gave up.
    TimedOut,
    /// A girocard with PIN, and the connection breaks before the till hears of it.
    AnswerLost,
}

impl Scenario {
    /// The scenario of a payment without a script, by the last two digits of its amount in cents:
    ///
    /// | digits | scenario |
    /// | --- | --- |
    /// | 00, 01 | [`Elv`](Scenario::Elv) |
    /// | 03 | [`Contactless`](Scenario::Contactless) |
    /// | 04 | [`CreditCard`](Scenario::CreditCard) |
    /// | 05 | [`Declined`](Scenario::Declined) |
    /// | 06 | [`Aborted`](Scenario::Aborted) |
    /// | 07 | [`TimedOut`](Scenario::TimedOut) |
    /// | 08 | [`SepaElv`](Scenario::SepaElv) |
    /// | 09 | [`AnswerLost`](Scenario::AnswerLost) |
    /// | 10 | [`Declined`](Scenario::Declined), and when that amount is tried again [`Girocard`](Scenario::Girocard) |
    /// | 02 and all others | [`Girocard`](Scenario::Girocard) |
    pub fn of_amount(amount: i64, is_tried_again: bool) -> Scenario {
        match amount.rem_euclid(100) {
            0 | 1 => Scenario::Elv,
            3 => Scenario::Contactless,
            4 => Scenario::CreditCard,
            5 => Scenario::Declined,
            6 => Scenario::Aborted,
            7 => Scenario::TimedOut,
            8 => Scenario::SepaElv,
            9 => Scenario::AnswerLost,
            10 if !is_tried_again => Scenario::Declined,
            _ => Scenario::Girocard,
        }
    }

    /// Whether money moves.
    pub fn is_paid(self) -> bool {
        !matches!(self, Scenario::Declined | Scenario::Aborted | Scenario::TimedOut)
    }

    /// What the terminal counts it under when the day is closed.
    pub(crate) fn brand(self) -> &'static str {
        match self {
            Scenario::Elv => "ec-Lastschrift",
            Scenario::SepaElv => "SEPA Lastschrift",
            Scenario::Contactless => "Debit Mastercard",
            Scenario::CreditCard => "VISA",
            Scenario::Girocard | Scenario::AnswerLost => "girocard",
            Scenario::Declined | Scenario::Aborted | Scenario::TimedOut => "",
        }
    }

    /// Whether it is cleared only when the day is closed, and can be reversed until then.
    pub(crate) fn is_cleared_at_closing(self) -> bool {
        matches!(self, Scenario::Elv | Scenario::SepaElv | Scenario::Girocard | Scenario::AnswerLost)
    }

    /// Whether the customer signs the merchant's copy.
    pub fn is_signed(self) -> bool {
        matches!(self, Scenario::Elv | Scenario::SepaElv | Scenario::CreditCard)
    }
}

/// A script for one payment.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Script {
    /// How it goes; by its amount if this is absent.
    pub scenario: Option<Scenario>,
    /// How long the customer takes, in milliseconds; as set for all if this is absent.
    pub think_ms: Option<u64>,
    /// The status word of the result instead of `ok` or `failed`.
    pub status: Option<String>,
    /// The sum that is charged instead of the sum that was asked for: a tip, a part, nothing.
    pub charged: Option<i64>,
    /// What the answers say instead of the sum that was charged, for example `"12,50"` or `12.5`.
    pub charged_as: Option<Value>,
    /// Start is refused, although the terminal has the payment: it goes on as if nothing had been said, so the customer
    /// may pay before or after that.
    pub refused: Option<Refused>,
    /// What is odd about the answers to start and to reads.
    pub quirk: Option<Quirk>,
    /// So many milliseconds after it has failed, it is paid after all, and reads say `ok`.
    pub paid_after_ms: Option<u64>,
    /// Start waits until then, and says `ok`, while reads say that it has failed. Otherwise start says what was so first.
    pub start_answers_last: bool,
}

impl Script {
    /// A payment that goes like this.
    pub fn of(scenario: Scenario) -> Script {
        Script { scenario: Some(scenario), ..Script::default() }
    }

    /// The customer takes this long.
    #[must_use]
    pub fn thinking(self, think: Duration) -> Script {
        Script { think_ms: u64::try_from(think.as_millis()).ok(), ..self }
    }
}
