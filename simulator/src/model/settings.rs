//! What can be set, for all payments: times, and what the server does where nobody has documented it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::model::endpoint::Endpoint;
use crate::model::refused::Refused;

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
    /// The status that a read says while the terminal is busy with the payment. It may be any word, `failed` too.
    pub status_while_running: String,
    /// A read answers 404 meanwhile.
    pub hidden_while_running: bool,
    /// For how long reads go on saying what was so before: after a start, the end of a payment, an abort, a reversal.
    pub result_lag_ms: u64,
    /// For how much longer they do so after a reversal; null: for ever.
    pub reversal_lag_ms: Option<u64>,
    /// For how long after the end of a payment its receipts are missing.
    pub receipts_lag_ms: u64,
    /// For how long after the end of a payment the merchant's copy lacks the lines to sign on.
    pub signature_lag_ms: u64,
    /// The HTTP status of a success, where it is not 200: `{"create": 201, "start": 202}`.
    pub success_status: BTreeMap<Endpoint, u16>,
    /// How fast the clocks of the nodes are, one node for each; they are asked in turn, `[0, 600000]`: every other answer
    /// tells `Date` and the times in it ten minutes too late. None: right.
    pub clock_skew_ms: Vec<i64>,
    /// How many minutes the offset is in which the times of bodies are written.
    pub utc_offset_min: i16,
    /// Answers have a `Date`.
    pub date_header: bool,
    /// Bodies are packed by gzip unless the request accepts `identity`.
    pub compresses: bool,
    /// Where answers name the device that a payment or a report comes from.
    pub device_source: DeviceSource,
    /// The terminal that the till is routed to. Each counts its receipts for itself, and takes back what it took.
    pub device_destination: String,
    /// What happens to those who come to a terminal that is busy.
    pub terminal_busy: TerminalBusy,
    /// The list of transactions is refused, with 403 and another code than a token's.
    pub list_refused: bool,
    /// For how long what has been created is missing from the list.
    pub list_lag_ms: u64,
    /// What a second start does.
    pub second_start: SecondStart,
    /// What an abort does while the terminal is busy with the payment.
    pub abort_while_running: AbortWhileRunning,
    /// If the customer pays although an abort was answered: so long after it, unless that would have been sooner.
    pub pays_after_abort_ms: Option<u64>,
    /// What an abort does before the payment has been started.
    pub abort_before_start: AbortBeforeStart,
    /// The status of what an abort has ended.
    pub aborted_word: String,
    /// What a reversal does, and what it answers.
    pub reversal: Reversal,
    /// What a reversal reverses.
    pub reversal_hits: ReversalHits,
    /// What start answers when its token has died meanwhile.
    pub token_killed_while_running: TokenKilled,
    /// A login of a device ends the former tokens of the same device, as documented.
    pub tokens_kill_each_other: bool,
    /// The HTTP status with which a token that is not alive is refused, with code 2003: 403 as documented, or 401.
    pub dead_token_status: u16,
    /// A call that is repeated under its `X-Action` is done once. Otherwise nobody looks at that header.
    pub honours_x_action: bool,
    /// For how long an `X-Action` is remembered after the first call.
    pub x_action_kept_ms: u64,
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
            reversal_lag_ms: Some(0),
            receipts_lag_ms: 0,
            signature_lag_ms: 0,
            success_status: BTreeMap::new(),
            clock_skew_ms: Vec::new(),
            utc_offset_min: 60,
            date_header: true,
            compresses: false,
            device_source: DeviceSource::Told,
            device_destination: "SDV_SIMULATED_TERMINAL".into(),
            terminal_busy: TerminalBusy::Together,
            list_refused: false,
            list_lag_ms: 0,
            second_start: SecondStart::Refused,
            abort_while_running: AbortWhileRunning::Refused,
            pays_after_abort_ms: None,
            abort_before_start: AbortBeforeStart::Accepted,
            aborted_word: "aborted".into(),
            reversal: Reversal::Done,
            reversal_hits: ReversalHits::Named,
            token_killed_while_running: TokenKilled::Lives,
            tokens_kill_each_other: true,
            dead_token_status: 403,
            honours_x_action: false,
            x_action_kept_ms: 180_000,
        }
    }
}

impl Settings {
    /// Names the device that something comes from.
    pub(crate) fn name_source(&self, body: &mut Value, device: Option<String>) {
        if let Some(id) = device.filter(|_| self.device_source != DeviceSource::NeverTold) {
            body["device_source"] = json!({"object": "smart.devices", "id": id});
        }
    }
}

/// Where answers name the device that a payment or a report comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceSource {
    /// In all of them.
    Told,
    /// Everywhere but in the list.
    NotListed,
    /// Nowhere, of what is created from now on.
    NeverTold,
}

/// What happens to those who come to a terminal that is busy.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TerminalBusy {
    /// They are served at the same time, as if there were a terminal for each.
    Together,
    /// They are refused with an API error.
    Refused,
    /// They are served one after the other, even if they have gone away by then.
    Queued,
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
    /// What reads say decides, not what is so: as long as they lag behind the start, the abort is accepted, and they say
    /// aborted until they come to know of the start. Then it is refused.
    FollowsStatus,
}

/// What an abort does before the payment has been started.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AbortBeforeStart {
    /// It is aborted, as documented, and cannot be started any more.
    Accepted,
    /// It is refused with an API error.
    Refused,
    /// It answers 200, and nothing else happens.
    WithoutEffect,
}

/// What a reversal does, and what it answers. In JSON the last two are `{"refused": {"after_ms": 0, "status": 400}}`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reversal {
    /// It is done, and answers so.
    Done,
    /// It is done, and answers that this had been done before.
    DoneBefore,
    /// It is refused, and nothing is done.
    Refused(Refused),
    /// It is refused, and the terminal does it all the same.
    RefusedYetDone(Refused),
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
    /// As any token that is not alive, after the customer has paid.
    RefusedAfterwards,
    /// The same, but at once, and reads call the payment failed as long as the terminal has it. Then the customer pays.
    CutOff,
}
