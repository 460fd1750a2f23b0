//! A Smart Transaction: all that was ever so of it, and how much of that reads have come to know.

use std::time::Duration;

use serde_json::{Value, json};

use crate::model::receipts;
use crate::model::scenario::{Scenario, Script};
use crate::model::settings::Settings;

/// Where a payment is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Stage {
    Created,
    /// The terminal has it.
    Running,
    /// The terminal has it, although an abort was told that it is aborted.
    Defied,
    Ended,
    Aborted,
    /// It was paid, and the money has been given back.
    Reversed,
}

/// What is so since a moment, and so is what reads say sooner or later.
struct Known {
    since: Duration,
    stage: Stage,
    /// Without the receipts.
    body: Value,
    /// These as text: as values they would take ten times the room.
    receipts: [Option<String>; 2],
    /// Reads do not lag behind it.
    at_once: bool,
}

/// Where the receipts stand in the body.
const RECEIPTS: [&str; 2] = ["receipt", "receipt_merchant"];

impl Known {
    fn new(since: Duration, stage: Stage, mut body: Value) -> Known {
        let receipts = RECEIPTS.map(|copy| body.get_mut(copy).map(|lines| lines.take().to_string()));
        Known { since, stage, body, receipts, at_once: false }
    }

    /// With the receipts.
    fn whole(&self) -> Value {
        let mut body = self.body.clone();
        for (copy, lines) in RECEIPTS.into_iter().zip(&self.receipts) {
            if let Some(lines) = lines {
                body[copy] = serde_json::from_str(lines).expect("it was JSON");
            }
        }
        body
    }

    fn at_once(since: Duration, stage: Stage, body: Value) -> Known {
        Known { at_once: true, ..Known::new(since, stage, body) }
    }

    /// Reads have come to know of it.
    fn is_shown(&self, settings: &Settings, now: Duration) -> bool {
        let lag = if self.at_once { 0 } else { settings.result_lag_ms };
        let more = if self.stage == Stage::Reversed { settings.reversal_lag_ms } else { Some(0) };
        more.is_some_and(|more| now.saturating_sub(self.since) >= Duration::from_millis(lag.saturating_add(more)))
    }
}

/// A Smart Transaction.
pub(crate) struct Transaction {
    pub(crate) id: String,
    /// The till's reference.
    pub(crate) reference: String,
    /// All that was ever so. It begins with the creation; the last is the truth. Reads say the last one that is shown.
    history: Vec<Known>,
    pub(crate) script: Script,
    /// How it goes.
    pub(crate) scenario: Scenario,
    /// Reads call it failed as long as the terminal has it.
    pub(crate) is_cut_off: bool,
    /// When its receipts were printed.
    printed: Option<Duration>,
    /// The day in which it was paid has been closed.
    pub(crate) is_cleared: bool,
}

impl Transaction {
    pub(crate) fn new(now: Duration, created: Value, script: Script, scenario: Scenario) -> Transaction {
        Transaction {
            id: created["id"].as_str().unwrap_or_default().to_owned(),
            reference: created["merchantRef"].as_str().unwrap_or_default().to_owned(),
            history: vec![Known::new(now, Stage::Created, created)],
            script,
            scenario,
            is_cut_off: false,
            printed: None,
            is_cleared: false,
        }
    }

    /// As the till has created it.
    pub(crate) fn created(&self) -> &Value {
        &self.history[0].body
    }

    pub(crate) fn sum(&self) -> i64 {
        self.created()["basket_info"]["sum"].as_i64().unwrap_or_default()
    }

    /// When that was.
    pub(crate) fn since(&self) -> Duration {
        self.history[0].since
    }

    /// What the server really knows of it, whatever the settings make it say. Without the receipts.
    pub(crate) fn truth(&self) -> &Value {
        &self.last().body
    }

    /// The same with them.
    pub(crate) fn whole_truth(&self) -> Value {
        self.last().whole()
    }

    fn last(&self) -> &Known {
        &self.history[self.history.len() - 1]
    }

    /// Where it really is.
    pub(crate) fn stage(&self) -> Stage {
        self.last().stage
    }

    /// The terminal has it.
    pub(crate) fn is_running(&self) -> bool {
        matches!(self.stage(), Stage::Running | Stage::Defied)
    }

    /// The terminal has it from now on. What it was charged before, if it was, stays so.
    pub(crate) fn is_started(&mut self, now: Duration) {
        self.becomes(Known::new(now, Stage::Running, self.whole_truth()));
    }

    /// The terminal is done with it.
    pub(crate) fn has_ended(&mut self, now: Duration, result: Value) {
        self.printed = Some(now);
        self.becomes(Known::new(now, Stage::Ended, result));
    }

    /// Its money has been given back.
    pub(crate) fn is_reversed(&mut self, now: Duration, result: Value) {
        self.becomes(Known::new(now, Stage::Reversed, result));
    }

    /// It is over, and no money moves.
    pub(crate) fn is_aborted(&mut self, settings: &Settings, now: Duration) {
        self.becomes(Known::new(now, Stage::Aborted, self.aborted(settings)));
    }

    /// An abort is told that it is over, and so are reads. The customer does not care.
    pub(crate) fn is_defied(&mut self, settings: &Settings, now: Duration) {
        self.becomes(Known::at_once(now, Stage::Defied, self.aborted(settings)));
    }

    /// An abort has come to where reads come: they say so from now on, until they come to know what has happened since.
    pub(crate) fn seems_aborted(&mut self, settings: &Settings, now: Duration) {
        let seen = self.seen(settings, now);
        let aborted = Known::at_once(now, Stage::Aborted, self.aborted(settings));
        if seen + 1 == self.history.len() {
            self.becomes(aborted);
        } else {
            self.history.insert(seen + 1, aborted);
        }
    }

    /// As an abort answers it.
    pub(crate) fn aborted(&self, settings: &Settings) -> Value {
        with_status(self.created(), &settings.aborted_word)
    }

    fn becomes(&mut self, known: Known) {
        self.history.push(known);
    }

    /// Which part of its history reads have got to.
    fn seen(&self, settings: &Settings, now: Duration) -> usize {
        self.history.iter().rposition(|known| known.is_shown(settings, now)).unwrap_or(0)
    }

    /// Where it is as far as reads know.
    pub(crate) fn stage_seen(&self, settings: &Settings, now: Duration) -> Stage {
        self.history[self.seen(settings, now)].stage
    }

    /// What a read says of it; none where it is hidden.
    pub(crate) fn as_read(&self, settings: &Settings, now: Duration) -> Option<Value> {
        let seen = &self.history[self.seen(settings, now)];
        match seen.stage {
            Stage::Running if self.is_cut_off => Some(with_status(self.created(), "failed")),
            Stage::Running | Stage::Defied if settings.hidden_while_running => None,
            Stage::Running => Some(with_status(self.created(), &settings.status_while_running)),
            Stage::Ended | Stage::Reversed => Some(self.with_what_is_printed(seen.whole(), settings, now)),
            Stage::Created | Stage::Defied | Stage::Aborted => Some(seen.whole()),
        }
    }

    /// What start says of it in the end.
    pub(crate) fn as_ended(&self, settings: &Settings, now: Duration) -> Value {
        self.with_what_is_printed(self.whole_truth(), settings, now)
    }

    /// A result, with the receipts that have come by now.
    fn with_what_is_printed(&self, mut result: Value, settings: &Settings, now: Duration) -> Value {
        let lag = |ms| self.printed.is_some_and(|since| now.saturating_sub(since) < Duration::from_millis(ms));
        if lag(settings.receipts_lag_ms) {
            result["receipt"] = json!([]);
            result["receipt_merchant"] = json!([]);
        } else if lag(settings.signature_lag_ms)
            && let Some(lines) = result["receipt_merchant"].as_array_mut()
        {
            lines.truncate(lines.len().saturating_sub(receipts::signature(self.scenario).len()));
        }
        result
    }

    /// It was paid, or tried, at this terminal.
    pub(crate) fn was_at(&self, terminal: &str) -> bool {
        self.truth()["device_destination"]["id"] == terminal
    }

    /// It is paid, and the day has not been closed since.
    pub(crate) fn waits_for_closing(&self) -> bool {
        self.truth()["status"] == "ok" && !self.is_cleared
    }

    /// Only what waits to be cleared can be taken back at the terminal.
    pub(crate) fn may_be_reversed(&self) -> bool {
        self.waits_for_closing() && self.scenario.is_cleared_at_closing()
    }
}

/// The same with another status.
pub(crate) fn with_status(body: &Value, status: &str) -> Value {
    let mut body = body.clone();
    body["status"] = status.into();
    body
}
