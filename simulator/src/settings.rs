//! What can be set, for all payments: times, and what the server does where nobody has documented it.

use serde::{Deserialize, Serialize};

/// The settings of a simulator. Its JSON names are the same.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// How long the customer takes at the terminal.
    pub think_ms: u64,
    /// How long access tokens live.
    pub token_lifetime_s: u64,
    /// How long a person has to confirm a new device.
    pub registration_lifetime_s: u64,
    /// After so long a person confirms each new device; without it, only when told to.
    pub confirmed_after_ms: Option<u64>,
    /// How often a new device is told to ask whether it has been confirmed.
    pub poll_interval_s: u64,
    /// The status that a read says while the terminal is busy with the payment.
    pub status_while_running: String,
    /// A read answers 404 meanwhile.
    pub hidden_while_running: bool,
    /// For how long after the end of a payment reads go on as if it were still running.
    pub result_lag_ms: u64,
    /// For how long after the end of a payment its receipts are missing.
    pub receipts_lag_ms: u64,
    /// What a second start does.
    pub second_start: SecondStart,
    /// What an abort does while the terminal is busy with the payment.
    pub abort_while_running: AbortWhileRunning,
    /// What a reversal reverses.
    pub reversal_hits: ReversalHits,
    /// What start answers when its token has died meanwhile.
    pub token_killed_while_running: TokenKilled,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            think_ms: 0,
            token_lifetime_s: 1200,
            registration_lifetime_s: 1200,
            confirmed_after_ms: None,
            poll_interval_s: 5,
            status_while_running: "created".into(),
            hidden_while_running: false,
            result_lag_ms: 0,
            receipts_lag_ms: 0,
            second_start: SecondStart::Refused,
            abort_while_running: AbortWhileRunning::Refused,
            reversal_hits: ReversalHits::Named,
            token_killed_while_running: TokenKilled::Lives,
        }
    }
}

/// What a second start of the same payment does.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecondStart {
    /// It is refused with an API error.
    Refused,
    /// The customer pays once more.
    Charges,
    /// It answers the same as the first, when that is done.
    Same,
}

/// What an abort does while the terminal is busy with the payment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AbortWhileRunning {
    /// It is refused with an API error, as documented: only for what has not been started.
    Refused,
    /// It answers 200, and nothing else happens.
    WithoutEffect,
    /// The terminal stops, and no money moves.
    Stops,
    /// It answers that the payment is aborted, and the customer pays all the same.
    PaysAnyway,
}

/// What a reversal by receipt number reverses.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReversalHits {
    /// The payment with that number.
    Named,
    /// Another one that could be reversed, if there is one.
    Another,
}

/// What start answers when its token has died while it was running.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenKilled {
    /// The result, as if nothing were wrong.
    Lives,
    /// 403 with code 2003, after the customer has paid.
    RefusedAfterwards,
}
